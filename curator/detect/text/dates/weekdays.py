# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""The day of the week behind a date, which goes where its date goes.

A weekday that stays beside a date that was moved tells the move modulo seven. Right behind the date, it is a part of
it: 3/14/2021 (Sun). With a time or words between, it is a finding of its own: 3/14/2021 08:30 Sunday.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Names of weekdays from Monday on, by language.
NAMES = (
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
)
_LOOSE = str.maketrans({"é": "[ée]", "á": "[áa]", "ì": "[ìi]", "ç": "[çc]"})
_LONG = "|".join(name.translate(_LOOSE) for name in sorted({name for names in NAMES for name in names}, reverse=True))
_SHORT = r"mon|tues?|wed|weds|thu(?:rs?)?|fri|sat|sun"
_GERMAN = r"Mo|Di|Mi|Do|Fr|Sa|So"
#: What may stand between a date and its weekday when both are read as one.
_BEHIND = re.compile(
    rf"(?:[ ]?[(\[][ ]?(?:{_LONG}|{_SHORT}|(?-i:{_GERMAN}))\.?[ ]?[)\]]"
    rf"|(?:[ ]?,|[ ]?[-–—:;/])?[ ]{{0,2}}(?:(?:{_LONG})(?![^\W_])|(?P<short>{_SHORT})\b))",
    re.IGNORECASE,
)
#: What goes on behind a short weekday outside of brackets, which a word or a name (sat up, Sun Yat-sen) does not have.
_ENDS = re.compile(r"[ ]?(?:[,;:)\]|]|$|\r?\n|\.(?:\s|$)|[-–—]\s)|[ ](?:at|@|\d{1,2}:\d\d|\d{1,2} ?[ap]\.?m|\d{4}(?:h|hrs?)?\b(?!%)|a\.?m\b|p\.?m\b|morning|afternoon|evening|night|noon|and|with|by|for|to|w/)")  # fmt: skip
#: A saturation: 3/14 sat 97%, Sats: 92.
_SATURATION = re.compile(r"[ ]?(?:[:=]|of|on|at|was|is|[<>~])?[ ]?\d{2,3}(?![\d:/-])", re.IGNORECASE)
#: A date that the weekday belongs to rather, behind it.
_DATE_BEHIND = re.compile(
    r"[.,]?[ ]{1,2}(?:the[ ])?(?:\d{1,2}(?:st|nd|rd|th)\b|\d{1,2}[-/.]\d|(?:19|20)\d\d[-/.]|\d{1,2}[ ]?(?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[ ]\d)",
    re.IGNORECASE,
)
#: A weekday with a time of day or words between it and its date.
_FURTHER = re.compile(
    rf"(?:,?[ ]?(?:at|@|-)?[ ]?\d{{1,2}}:?\d\d(?::\d\d)?(?:[ ]?[ap]\.?m\.?|[ ]?h(?:rs?|ours)?\.?)?[ ]?[,;]?[ ]?[(\[]?|,?[ ](?:[(][ ]?)?(?:which[ ]|that[ ]|it[ ])?(?:was|is|being|fell on|falls on|will be|=|i\.?e\.?)[ ](?:on[ ])?(?:an?[ ])?|,?[ ][(]?(?:on[ ])?an?[ ]|[ ]*\|[ ]*|[ ]*\t[ ]*|[ ]{{3,8}}|[ ]?=[ ]?|[ ]?\r?\n(?=\w+[ ]?(?:\r?\n|\Z)))"
    rf"[ ]?(?P<day>(?:{_LONG}|{_SHORT})(?![^\W_]))",
    re.IGNORECASE,
)


#: A weekday before a date, behind which no plain blank stands: Sunday (3/14), (Sun) 3/14, Sunday: 3/14.
_BEFORE = re.compile(
    rf"(?<![^\W_])(?P<day>(?:{_LONG}|{_SHORT}))(?![^\W_])(?:\.?[ ]?[(\[][ ]?|\.?[ ]?[)\]][ ]?|\.?[ ]?[-–—:/|=][ ]?|[ ]?\t[ ]?|,[ ]?|[ ](?:the|on|of|dated?)[ ])$",
    re.IGNORECASE,
)
#: The last letters of names of weekdays.
_LAST = frozenset("yYgGieIEsSoOaAdDnNtTuUrRìÌhHf")


def with_weekdays(text: str, found: Iterable[Finding]) -> list[Finding]:
    """Return findings, dates longer by the weekday behind them, and weekdays that stand a little further away.

    Parameters
    ----------
    text
        The text.
    found
        What was found in it, in any order.
    """
    listed = list(found)
    dates = [one for one in listed if one.category is Category.DATE and one.kind == "date"]
    if not dates:
        return listed
    begun = sorted(one.start for one in dates)
    covered: list[tuple[int, int]] = []
    grown: dict[int, int] = {}
    more: list[Finding] = []
    for one in dates:
        before = _before(text, one.start)
        if before:
            covered.append(before)
            more.append(Finding(*before, Category.DATE, "date", "date.weekday", 0.8))
        match = _BEHIND.match(text, one.end)
        if match:
            if not _begins(begun, one.end, match.end()) and _is_its(text, match, match["short"]):
                grown[one.end] = match.end()
                covered.append((one.end, match.end()))
        elif (match := _FURTHER.match(text, one.end)) and not _begins(begun, one.end, match.end("day")):
            day = match.span("day")
            if _is_its(text, match, match["day"] if len(match["day"]) < 6 else None):
                covered.append(day)
                more.append(Finding(*day, Category.DATE, "date", "date.weekday", 0.8))
    if not covered:
        return listed
    # A weekday in brackets may have been taken for a name.
    kept = [
        one
        for one in listed
        if one.category is Category.DATE or not any(low <= one.start and one.end <= high for low, high in covered)
    ]
    return [
        replace(one, end=grown[one.end]) if one.category is Category.DATE and one.end in grown else one for one in kept
    ] + more


def _begins(begun: list[int], start: int, end: int) -> bool:
    """Say whether a date begins in a range."""
    at = bisect_left(begun, start)
    return at < len(begun) and begun[at] < end


def _before(text: str, start: int) -> tuple[int, int] | None:
    """Return where the weekday before a date stands that is no part of it yet."""
    if start < 4:
        return None
    tail = text[max(0, start - 6) : start].rstrip(" ([)]:-–—/|=,\t.")
    if not tail or (len(tail) == start - max(0, start - 6)) or tail[-1] not in _LAST:
        return None
    match = _BEFORE.search(text, max(0, start - 24), start)
    if match is None or (match["day"].islower() and len(match["day"]) < 6):
        return None
    return match.span("day")


def _is_its(text: str, match: re.Match[str], short: str | None) -> bool:
    """Say whether a weekday behind a date is that date's: no next one's, no saturation, no verb, no name."""
    if match[0][-1] in ")]":
        return True
    if _DATE_BEHIND.match(text, match.end()):
        return False
    if short is None:
        return True
    if short.lower() == "sat" and _SATURATION.match(text, match.end()):
        return False
    return not short.islower() and _ENDS.match(text, match.end()) is not None
