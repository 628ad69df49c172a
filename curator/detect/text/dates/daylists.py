# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Days that have their month from a date beside them, which stay behind when that goes.

Before it where the day comes first: 12.-15.03.2021, 12., 13. und 15.03.2021, 12, 13 and 15 March, du 12 au 15/03/2021. Behind it where
it comes last: March 12, 15, 18 and 22, 2021, 2021-03-12 to 15, 3/12-15/2021. Days of one month are told in their order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from curator.detect.text.fields.values import unit_behind
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_NTH = r"(?:st|nd|rd|th)"
#: A date that begins with its day and has the month behind it.
_DOTTED = re.compile(rf"(?P<day>{_DAY})\. ?\d{{1,2}}\. ?\d")
_SLASHED = re.compile(rf"(?P<day>{_DAY})[-/]\d{{1,2}}[-/]\d")
_NAMED = re.compile(rf"(?P<day>{_DAY})(?:\.|{_NTH}|er)?(?![./]?\d)")
#: Two days of one date: 13 and 15 March.
_SEVERAL = re.compile(rf"{_DAY}\D{{1,12}}{_DAY}\D")
#: The day before the first of a date: with a mark of its own, or with a word or a line that leads to the next.
_BACK = re.compile(
    rf"(?<![\w.:/%$€£#+-])(?P<day>{_DAY})(?P<mark>\.|{_NTH})?"
    rf"(?:(?P<line>[ ]?[-–—][ ]?|[ ]?[/&][ ]?)|,?[ ](?P<word>bis(?: zum)?|und|u\.|oder|to(?: the)?|and(?: the)?|or|til?l|through|al|au|et|y|e|tot|en)[ ]|(?P<comma>,[ ]))$"
)
#: Words of French and Spanish spans, which alone lead to a day of a date with slashes.
_SPANS = frozenset({"al", "au"})
_AHEAD = re.compile(
    rf"(?:,[ ]|,?[ ](?:and|or)[ ](?:the[ ])?|[ ]?&[ ]?|[ ]?[-–][ ]?)(?P<day>{_DAY})(?P<mark>{_NTH})?(?![\w%/]|[.:]\d|-\d)"
)
_YEAR = re.compile(r",? (?:of )?(?:19|20)\d\d(?![\w/]|\.\d|-\d)")
_MONTH_FIRST = re.compile(
    rf"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}\.? (?P<day>{_DAY}){_NTH}?(?:(?:, | and | & |-|–)(?P<next>{_DAY}){_NTH}?)?",
    re.IGNORECASE,
)
_OVER = re.compile(r"[ ]?(?:[.;:)]|,[ ][a-zA-Z]|\r?\n|$)")
_ISO = re.compile(r"(?:19|20)\d\d-\d\d-(?P<day>\d\d)")
_ISO_AHEAD = re.compile(r"(?:[ ]?[/–][ ]?|[ ](?:to|-|and|&|bis)[ ])(?P<day>\d\d)(?![\w%/-]|[.:,]\d)")
_SHORT = re.compile(rf"\d{{1,2}}/(?P<day>{_DAY})")
_SHORT_AHEAD = re.compile(rf"[ ]?[-–][ ]?(?P<day>{_DAY})/(?:(?:19|20)\d\d|\d\d)(?![\w/]|\.\d)")


def with_days(text: str, found: Iterable[Finding]) -> list[Finding]:
    """Return findings, and the days that share the month of a date among them.

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
    begun = sorted(one.start for one in listed)
    longer: dict[int, int] = {}
    more: list[Finding] = []
    for one in dates:
        more.extend(_before(text, one))
        end = _behind(text, one)
        if end > one.end and bisect_left(begun, one.end) == bisect_left(begun, end):
            longer[one.start] = end
        more.extend(_after(text, one))
    if not more and not longer:
        return listed
    grown = [
        replace(one, end=max(one.end, longer[one.start]))
        if one.category is Category.DATE and one.start in longer
        else one
        for one in listed
    ]
    return grown + more


def _before(text: str, date: Finding) -> list[Finding]:
    """Return the days before a date that begins with its day."""
    start = date.start
    named = date.rule == "date.day-month"
    match = (_NAMED if named else _DOTTED).match(text, start, date.end)
    slashed = None if match else _SLASHED.match(text, start, date.end)
    match = match or slashed
    if match is None:
        return []
    found: list[Finding] = []
    later = int(match["day"])
    led = named and _SEVERAL.match(text, start, date.end) is not None
    while day := _BACK.search(text, max(0, start - 20), start):
        number = int(day["day"])
        word = (day["word"] or "").partition(" ")[0]
        if number >= later or (slashed and word not in _SPANS) or (day["comma"] and not (day["mark"] or led)):
            break
        if day["line"] and not named and not day["mark"]:
            break
        found.append(_found(*day.span("day")))
        start, later, led, slashed = day.start(), number, True, None
    return found


def _behind(text: str, date: Finding) -> int:
    """Return where a list of days ends that a date with its month first begins, the date's own end without one."""
    match = _MONTH_FIRST.match(text, date.start, date.end) if date.rule == "date.month-name" else None
    if match is None:
        return date.end
    if match.end() < date.end:  # a year is told already
        return date.end
    last, at, over = int(match["next"] or match["day"]), date.end, date.end
    while (ahead := _AHEAD.match(text, at)) and int(ahead["day"]) > last and not unit_behind(text, ahead.end()):
        last, at = int(ahead["day"]), ahead.end()
        told = _YEAR.match(text, at)
        if told:
            return told.end()
        joint = text[ahead.start() : ahead.start("day")]
        if ahead["mark"] or ((joint.strip(", ") or match["next"]) and _OVER.match(text, at)):
            over = at
    return over


def _after(text: str, date: Finding) -> list[Finding]:
    """Return the day behind a date in numbers whose last part is its day."""
    for form, ahead in ((_ISO, _ISO_AHEAD), (_SHORT, _SHORT_AHEAD)):
        match = form.fullmatch(text, date.start, date.end)
        day = ahead.match(text, date.end) if match else None
        if match and day and int(match["day"]) < int(day["day"]) <= 31 and not unit_behind(text, day.end()):
            return [_found(*day.span("day"))]
    return []


def _found(start: int, end: int) -> Finding:
    return Finding(start, end, Category.DATE, "date", "date.day-list", 0.8)
