# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Dates that are written in numbers, and what only looks like one: scores, ratios, vital signs, doses, versions.

Safe Harbor lets the year stay (164.514(b)(2)(i)(C)): a year alone is no finding. Dates with a month's name are in
``months.py``, ages in ``ages.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.dates.ages import ages
from curator.detect.text.dates.calendar import days
from curator.detect.text.dates.measured import measured
from curator.detect.text.dates.monthday import (
    MONTH_DAY,
    NO_SCORE,
    ON,
    SCORE_AFTER,
    SCORE_BEFORE,
    as_others,
    finding,
    is_month_day,
    month_of_year,
    no_date_before,
    real,
)
from curator.detect.text.dates.ordinals import ordinals
from curator.detect.text.dates.signs import signs
from curator.detect.text.fields.months import around, with_weekday
from curator.detect.text.fields.values import unit_behind
from curator.detect.text.numbers.spoken import spoken
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.leads import words_back
from curator.detect.text.words.spots import Spots
from curator.identifiers.findings import Finding

__all__ = ["ages", "numeric_dates", "worded_dates"]

#: Where a date in numbers may begin; the test of what stands before comes second, so that the search skips to digits.
_CANDIDATE = re.compile(
    r"[0-9](?<![\w.][0-9])(?=[0-9]?(?:[-/][0-9]|\.(?:[0-9]\d?\.|(?<=0[0-9]\.)[12][0-9])| [-/.] ?[0-9]|[-/.] [0-9]| [0-9]{2} [12][0-9])|[0-9]{3}(?:[-/. ][0-9]|\. [0-9])|[0-9]{7})"
)
#: A whole date that a word runs into: discharged1/22/93.
_RUN_INTO = re.compile(r"[0-9](?<=[a-z][a-z][a-z][0-9])[0-9]?/[0-9]{1,2}/(?:(?:19|20)[0-9]{2}|[0-9]{2})(?![\w/-]|\.\d)")
#: A month and a year of the last century in two figures, and the words behind which it is one: since 11/94, in 9/93.
_MONTH_OF_YEAR = re.compile(
    r"(?:0?[1-9]|1[0-2])/(?:(?P<old>3[2-9]|4\d|5[013-9])|[6-9]\d)(?![\w/%]|\.\d|-\d|[ ]\([\d.]+ ?%|[ ](?:patients|cases|cells|fields|eyes|of|samples|subjects|specimens|lymph|nodes|cores|dilution|mixture|strength|with|without|in|OD|OS|OU)\b)"
)
_IN_MONTH = Before(
    r"\b(?:in|since|until|till|early|late|mid|circa|thru|through|during|until to|(?:mri|ct|cabg|echo|mammogram|pap|surgery|dx|diagnosed|done|placed|started|on|from|by|before|after|around|about|last|dated|approximately))[ :-]{1,2}$"
)
_IN_OLD_MONTH = Before(r"\b(?:in|since|until|till|circa|dated)[ ]$")
#: How far somebody sees, which Europe writes so: VA 6/36.
_SEES = re.compile(
    r"\b(?:va|bcva|ucva|snellen|visions?|visual|acuit\w+|sees|pinhole|ph|read(?:s|ing)?|scor\w+)\b[^\n.;,]{0,40}$",
    re.IGNORECASE,
)
#: What parts the figures of a date.
_PARTS = frozenset("-/. ")
_YMD = re.compile(
    r"(?:1[89]|20)\d\d(?:(?P<sep>[-/.]) ?(?:0?[1-9]|1[0-2])(?P=sep) ?(?:0?[1-9]|[12]\d|3[01])| (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01]))(?=[T_]|(?![\w]|\.\d|-\d))"
)
_CLOCK = re.compile(r"T\d\d(?::?\d\d(?::?\d\d(?:[.,]\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?(?!\d)")
_YEAR_MONTH = re.compile(r"(?:19|20)\d\d[-/](0[1-9]|1[0-2])(?![\w/-]|\.\d)")
_YEAR_FIRST = re.compile(
    r"(?P<y>1[89]\d\d|20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<clock>[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?=T|(?![\w]|[-.]\d))"
)
_YEAR_LAST = re.compile(
    r"(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]))(?:19[2-9]\d|20[0-3]\d)(?![\w]|[-.]\d)"
)
_NUMERIC = re.compile(
    r"(\d{1,2})( ?[-/.] ?)(\d{1,2})\2(?:((?:1[89]|20)\d\d)|['’]?(\d\d))(?!\d)(?!/\d)(?!\.\d)(?!\s?%)(?!-\d{1,2}(?![\d/-]))(?!-\d{3})(?![^\W\d_])"
)
#: A date in single figures with dots, where others have them too.
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.\d\d(?![\w%]|\.\d)")
_NUMERIC_T = re.compile(r"\d{1,2}/\d{1,2}/(?:19|20)\d\dT")
_SPACED = re.compile(r"(\d\d) (\d\d) ((?:19|20)\d\d)(?![\w])")
_MONTH_YEAR = re.compile(
    r"(?:0?[1-9]|1[0-2])(?:[/-]|(?<=0\d)\.) ?(?:19|20)\d\d(?![\w/]|\.\d|-(?!(?:0?[1-9]|1[0-2])/(?:19|20)\d\d))"
)
#: A span of months by their years: 6/68-11/69.
_MONTH_SPAN = re.compile(
    r"(?:0?[1-9]|1[0-2])/(?:3[2-9]|[4-9]\d) ?[-–] ?(?:0?[1-9]|1[0-2])/(?:3[2-9]|[4-9]\d)(?![\w/%]|[ ]?mm|\.\d)"
)
_JOINED = re.compile(
    r"\s?(?:->|=>|→|-|–|—|to|thru|through|and|&|,|/|;|until|bis|al?|au)\s?(?:and\s)?(?:the\s)?$", re.IGNORECASE
)


def numeric_dates(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield dates that are written in numbers.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end; none means no date.
    """
    if not runs:
        return
    last, begun, dots = -100, "", 0
    days: dict[str, int] = {}
    doubtful: list[int] = []
    for start, end in runs:
        size = end - start
        # A day, a month or a year with a mark behind it, or eight figures in a row.
        if size < 8 and (size == 3 or size > 4 or text[end : end + 1] not in _PARTS):
            continue
        if not _CANDIDATE.match(text, start) and not (
            text[end : end + 1] == "/" and text[start - 1 : start].islower() and _RUN_INTO.match(text, start)
        ):
            continue
        found = _one(text, start, text[start : start + 8], last)
        if found is None and begun and start - last < 64 and "\n" not in text[last:start]:
            found = _like_last(text, start, begun)
        if found is None:
            doubtful.append(start)
        if found:
            if found.rule == "date.month-day":
                mark = text[found.start + 1] if text[found.start + 1] in "/-." else text[found.start + 2]
                days[mark] = days.get(mark, 0) + 1
            if found.rule == "date.numeric" and "." in {text[found.end - 3], text[found.end - 5]}:
                dots += 1
            last = found.end
            begun = text[found.start : found.end] if found.rule == "date.month-day" else ""
            begin = with_weekday(text, start) if found.kind == "date" else start
            yield found if begin == start else finding(begin, found.end, found.kind, found.rule, found.confidence)
    for start in doubtful if days or dots else ():
        alike = as_others(text, start, days) if days else None
        if alike is None and dots and (match := _DOTTED.match(text, start)) and real(match[1], match[2]):
            alike = finding(start, match.end(), "date", "date.as-others", 0.6)
        if alike:
            yield alike
    yield from signs(text)


def _like_last(text: str, start: int, begun: str) -> Finding | None:
    """Return a day of the month in which the day before it in the same line lies: 8/9; saw PCP 8/12, ED 8/15."""
    match, before = MONTH_DAY.match(text, start), re.match(r"(\d{1,2})([/-])(\d{1,2})$", begun)
    if match is None or before is None or match[2] != "/" or before[2] != "/" or match[1] != before[1]:
        return None
    if not int(before[3]) < int(match[3]) < 32 or int(match[1]) > 12 or unit_behind(text, match.end()):
        return None
    score = None if text[match.end() : match.end() + 1] in NO_SCORE else SCORE_AFTER.match(text, match.end())
    if score or SCORE_BEFORE.holds(text, max(0, start - 48), start):
        return None
    if measured(text, start, match.end(), int(match[3]), words_back(text, start)):
        return None
    return finding(start, match.end(), "date", "date.month-day", 0.6)


def _one(text: str, start: int, seen: str, last: int) -> Finding | None:
    before = text[start - 1] if start else " "
    follows = last >= 0 and start - last < 8 and _JOINED.fullmatch(text, last, start) is not None
    if before in "/\\#$€£" and not follows:
        return None
    if before in "-–" and start > 1 and text[start - 2].isalnum() and not follows:
        if _MONTH_BACK.search(text, max(0, start - 20), start) is None:
            return None
        follows = True
    if before == "+" and start > 1:
        return None
    if len(seen) == 8 and seen.isdecimal():
        return _compact(text, start)
    if seen[:4].isdecimal() and len(seen) > 4:
        return _year_first(text, start)
    return _small(text, start, follows=follows)


#: A date with the name of its month before a hyphen, from which a span of days goes on in numbers: 20 Mar 2020-9/18/20.
_MONTH_BACK = re.compile(
    r"(?:(?:\b\d{1,2}[ -]?)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?(?:[ -,]{1,2}\d{2,4})?|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}(?:,? \d{4})?)[ ]?[-–]$",
    re.IGNORECASE,
)


#: What tells numbers of series and images: Se/Im: 4/72, 6/28
_OF_IMAGES = re.compile(
    r"\bser?(?:ies)?\.?[ ]?[/-][ ]?(?:im(?:age|g)?|sl(?:ice)?)s?\.?[ ]?[:#]?[ ]?(?:\d{1,4}/\d{1,4}(?:[,;]| and| &)[ ]?){0,6}$",
    re.IGNORECASE,
)


def _compact(text: str, start: int) -> Finding | None:
    match = _YEAR_FIRST.match(text, start)
    if match:
        clock = _CLOCK.match(text, match.end())
        return finding(start, clock.end() if clock else match.end(), "date", "date.compact", 0.8)
    match = _YEAR_LAST.match(text, start)
    return finding(start, match.end(), "date", "date.compact", 0.6) if match else None


def _year_first(text: str, start: int) -> Finding | None:
    match = _YMD.match(text, start)
    if match:
        clock = _CLOCK.match(text, match.end())
        return finding(start, clock.end() if clock else match.end(), "date", "date.iso", 0.97)
    match = _YEAR_MONTH.match(text, start)
    if match and (
        match[1][0] == "0"
        or int(text[start + 2 : start + 4]) > int(match[1])
        or ON.holds(text, max(0, start - 24), start)
    ):
        return finding(start, match.end(), "month", "date.year-month", 0.85)
    return None


#: The first day of a span whose last one has the year: from 14.11. to 27.11.2022.
_SPAN_OF_DAYS = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(?=[ ]?(?:to|bis|until|till|through|and|und|-|–|/)[ ]?\d{1,2}\.\d{1,2}\.(?:(?:19|20)\d\d|\d\d)(?!\w|\.\d))"
)


def _small(text: str, start: int, *, follows: bool) -> Finding | None:
    if (
        text[start + 1 : start + 3].find(".") >= 0
        and (match := _SPAN_OF_DAYS.match(text, start))
        and real(match[1], match[2])
    ):
        return finding(start, match.end() - 1, "date", "date.dotted-span", 0.85)
    match = _NUMERIC.match(text, start) or (
        _NUMERIC_STAMP.match(text, start) if "T" in text[start + 8 : start + 11] else None
    )
    if match:
        if real(match[1], match[3]) and _is_full(text, match, follows=follows):
            clock = _CLOCK.match(text, match.end())
            return finding(start, clock.end() if clock else match.end(), "date", "date.numeric", 0.95)
        return None
    match = _SPACED.match(text, start) if text.startswith(" ", start + 2) else None
    if match and real(match[1], match[2]):
        return finding(start, match.end(), "date", "date.spaced", 0.8)
    match = _MONTH_YEAR.match(text, start)
    if match and not unit_behind(text, match.end()):
        return finding(start, match.end(), "month", "date.month-year", 0.9)
    match = _MONTH_SPAN.match(text, start)
    if match:
        return finding(start, match.end(), "month", "date.month-span", 0.7)
    match = _MONTH_OF_YEAR.match(text, start)
    if match and not match["old"] and _alone(text, start, match):
        return finding(start, match.end(), "month", "date.month-of-year", 0.6)
    if (
        match
        and (_IN_OLD_MONTH if match["old"] else _IN_MONTH).holds(text, max(0, start - 16), start)
        and not unit_behind(text, match.end())
        and not _SEES.search(text, max(0, start - 72), start)
    ):
        return finding(start, match.end(), "month", "date.month-of-year", 0.8)
    match = MONTH_DAY.match(text, start)
    if match and _OF_IMAGES.search(text, max(0, start - 60), start):
        return None
    if match and real(match[1], match[3]) and (follows or is_month_day(text, match)):
        end = match.end() + (match[2] == ".")
        return finding(start, end - (match[2] == "."), "date", "date.month-day", 0.75)
    return month_of_year(text, start)


#: Second numbers of doses and dilutions more than of years: Caduet 10/80, 1/64; and what ends a month of a year.
_DOSED = frozenset([64, 75, 80, 90])
_ENDS = re.compile(
    r"[ ]?(?:[.:)](?!\d)|[,;]|$|\n|\()|[ ](?:HCT|CT|MRI|MRA|EEG|EKG|ECG|EMG|CXR|[Ee]cho|[Bb]iopsy|[Ss]urgery|with|by|showed|revealed|was|and|for|at|he|she)\b"
)
_RATES = re.compile(
    r"\b(?:hr|rr|p|r|t|bp|pulse|sats?|spo2|o2|fev1?|fvc|i/?o|h[&/]h|pap?|pressures?)\b[^.;\n]{0,24}$", re.IGNORECASE
)


def _alone(text: str, start: int, match: re.Match[str]) -> bool:
    """Say whether two numbers are a month of the last century with no word before that says so: gallbladder 7/82."""
    if int(match[0].partition("/")[2]) in _DOSED or not _ENDS.match(text, match.end()):
        return False
    words = words_back(text, start)
    return not (
        text[start - 1 : start] not in {" ", "(", ","}
        or SCORE_BEFORE.holds(text, max(0, start - 48), start)
        or _RATES.search(text, max(0, start - 40), start)
        or _SEES.search(text, max(0, start - 72), start)
        or measured(text, start, match.end(), 0, words)
        or _OF_IMAGES.search(text, max(0, start - 60), start)
        or no_date_before(text, start, words)
    )


_NUMERIC_STAMP = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d)()(?=T\d\d)")


def _is_full(text: str, match: re.Match[str], *, follows: bool) -> bool:
    """Say whether three numbers are a date: with a full year nearly always, else by their marks."""
    if no_date_before(text, match.start(), words_back(text, match.start(), 12)) and text[match.start() - 1] != "~":
        return False
    if match[4] or follows:
        return True
    mark = match[2]
    if "/" in mark:
        return True
    told = ON.holds(text, max(0, match.start() - 24), match.start())
    if "." in mark:
        long = len(match[1]) == 2 and (len(match[3]) == 2 or int(match[1]) > 12)
        return told or (mark == "." and long)
    if unit_behind(text, match.end()):
        return False
    return mark == "-" or told


_MONTH_WORD = re.compile(r"[^\W\d_]{3,9}")


def worded_dates(text: str, found: Spots) -> Iterator[Finding]:
    """Yield dates around the English name of a month, and holidays.

    Parameters
    ----------
    text
        The text.
    found
        Where names of months stand, and whether there is a word of a holiday.
    """
    for at in found.months:
        word = _MONTH_WORD.match(text, at)
        if word:
            yield from around(text, at, word.end())
    yield from days(text, found)
    yield from ordinals(text, found)
    yield from spoken(text, found)
