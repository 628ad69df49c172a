# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Two numbers with a slash that are points of a most, in a text or a sentence that gives others so: 6/10 where 4/10 stands, 6/20 behind 12/40."""

from __future__ import annotations

import re

from curator.detect.text.words.lasting import day_told

_VALUE = re.compile(r"(\d{1,2})/(\d{1,2})")
_TENTHS = re.compile(r"(?<![\d/.-])(?:10|\d)/10(?![\d/]|-\d)")
_MANY = 2
#: Points of a most that is no day, and less than it, in the sentence before; nothing that is no sentence's.
_POINTS = re.compile(r"(?<![\d/.])(\d{1,3})/(3[2-9]|[4-9]\d|1\d\d)(?![\d/])(?:(?!\. |\n)[^\n]){0,60}$")
#: Bottles of a culture, in the words before.
_CULTURES = re.compile(
    r"\b(?:[Bb](?:lood)? ?[Cc]x|BCx|[Bb]lood cultures?|bottles|grew|cultures?)\b(?:(?!\. )[^\n]){0,70}$"
)
_BOTTLES = ("4", "2")
#: What is given in tenths, in the words before: pain typical of her crises, 8/10.
_PAIN = re.compile(
    r"\b(?:pain|ache|headache|cramping|soreness|discomfort)\b(?:(?!\. )[^\n\d;]){0,40},[ ]$", re.IGNORECASE
)
_TEN = 10
#: The most that a day and a month may be, and the least that is a year of the last century behind a month.
_DAYS, _MONTHS, _YEARS = 31, 12, 60


def points(text: str, start: int, end: int) -> bool:
    """Say whether two numbers are points of a most.

    Parameters
    ----------
    text, start, end
        Where they stand.
    """
    value = _VALUE.fullmatch(text, start, end)
    if value is None or day_told(text, start):
        return False
    first, most = int(value[1]), int(value[2])
    if first > most:
        return False
    if most == 10 and len({match[0] for match in _TENTHS.finditer(text, max(0, start - 4000), end + 4000)}) >= _MANY:
        return True
    if most == _TEN and _PAIN.search(text, max(0, start - 60), start):
        return True
    if value[2] in _BOTTLES and _CULTURES.search(text, max(0, start - 90), start):
        return True
    before = _POINTS.search(text, max(0, start - 80), start)
    if before is None or most > _DAYS:
        return False
    given, of = int(before[1]), int(before[2])
    return given <= of and (given > _MONTHS or of < _YEARS)
