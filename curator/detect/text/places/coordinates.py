# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Latitude and longitude as two decimals: a place that is exact to some meters.

Both must be exact enough and in range. Three numbers in a row, the pair among them no greater than one, are a vector of
unit length and no place, unless a word, a letter or a mark of a quarter says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_DECIMAL = r"[-+]?\d{1,3}\.\d{4,17}(?!\d)"
_COORDINATES = re.compile(
    rf"(?P<cue>\b(?i:lat(?:itude)?)[.:= ]{{1,3}})?(?<![\d.])(?P<first>{_DECIMAL})(?P<mark>°?[NSEW]?)[ ]?[,;/ ][ ]?(?P<other>(?i:lon(?:g(?:itude)?)?)[.:= ]{{1,3}})?(?P<second>{_DECIMAL})(?P<end>°?[NSEW]?)"
)
#: The same with fewer decimals, behind a word for it: GPS 40.75, -82.51.
_ROUGH = re.compile(
    r"\b(?:(?:GPS|gps)(?: [Cc]oord(?:inate)?s?)?|[Ll]at(?:itude)?/[Ll]on\w*)(?: (?:at|is|are))?[:= ]{1,3}(?P<pair>[-+]?\d{1,2}\.\d{1,3}°?[NS]?[ ]?[,/ ][ ]?[-+]?\d{1,3}\.\d{1,3}(?!\d)°?[EW]?)"
)
_ROUGH_MARKS = ("GPS", "gps", "at/", "tude/")
_CUE = re.compile(
    r"\b(?:lat|latitude|lon|lng|longitude|gps|geo\w*|coord\w*|locations?|located|lives|home|address)\b[^\n]{0,24}$",
    re.IGNORECASE,
)
#: A number before or behind the pair, apart by what separates numbers of a row.
_NUMBER_BEFORE = re.compile(r"\d[eE\d.+-]*[ \t,;]{1,4}$")
_NUMBER_BEHIND = re.compile(r"[ \t,;]{1,4}[-+]?\.?\d")


def coordinates(text: str) -> Iterator[Finding]:
    """Yield pairs of decimals that are a place."""
    for match in _COORDINATES.finditer(text):
        low, high = sorted(abs(float(match[part])) for part in ("first", "second"))
        if low > 90 or high > 180:
            continue
        start, end = match.span()
        named = (
            match["cue"]
            or match["other"]
            or "°" in match[0]
            or any(mark.isalpha() for mark in match["mark"] + match["end"])
        )
        if not named and high <= 1 and _in_row(text, start, end) and not _CUE.search(text, max(0, start - 48), start):
            continue
        yield Finding(start, end, Category.GEOGRAPHY, "coordinates", "place.coordinates", 0.9)
    yield from rough(text)


def rough(text: str) -> Iterator[Finding]:
    """Yield pairs of few decimals behind a word for them.

    Parameters
    ----------
    text
        The text.
    """
    for match in _ROUGH.finditer(text) if any(mark in text for mark in _ROUGH_MARKS) else ():
        yield Finding(*match.span("pair"), Category.GEOGRAPHY, "coordinates", "place.coordinates", 0.8)


def _in_row(text: str, start: int, end: int) -> bool:
    """Say whether the pair is part of a row of three and more numbers."""
    return (
        _NUMBER_BEFORE.search(text, max(0, start - 24), start) is not None
        or _NUMBER_BEHIND.match(text, end) is not None
    )
