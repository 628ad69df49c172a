# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Streets that are numbers themselves: 1234 S 5600 W, W239 N3490 Pewaukee Rd, 3300 NE 16th, US-61; and General Delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.places.streets import CAP, place, unit_after
from curator.detect.text.words.spots import Spots
from curator.identifiers.findings import Finding

#: Houses in grids of streets by number: 1234 S 5600 W, W239 N3490 Pewaukee Rd, 3300 NE 16th, 500 S. Washington.
_QUARTERS = "(?:[NSEW]|[NS][EW]|North|South|East|West)"
_GRID = re.compile(
    rf"(?<![\w/.:-])(?:\d{{2,5}}[ ]{_QUARTERS}\.?[ ]\d{{2,5}}[ ]{_QUARTERS}\b|[NSEW]\d{{3,5}}[ ](?:[NSEW]\d{{3,5}}[ ])?(?:(?:County|Co\.?|State)[ ](?:Road|Rd|Hwy|Highway|Trunk)[ ][A-Z\d]{{1,3}}\b|(?:{CAP}[ ]){{1,3}}(?:Road|Rd|Drive|Dr|Lane|Ln|Ave|Avenue|Street|St|Court|Ct|Circle|Trail|Way)\b)"
    rf"|\d{{3,5}}[ ](?:[NS][EW]|[NSEW])\.?[ ]\d{{1,3}}(?:st|nd|rd|th)\b(?:[ ](?:St|Ave|Street|Avenue|Pl|Place|Ct)\b\.?)?|\d{{3,5}}[ ]{_QUARTERS}\.?[ ]\d{{1,2}}[ ]Mile(?:[ ](?:Road|Rd))?\b|\d{{3,5}}[ ](?:[NS][EW]|[NSEW])\.?[ ][A-Z][a-z]{{3,}}(?=[,.;)\n]|$|[ ](?:in|and|apt|Apt|#|with|near|by)\b))"
)
#: A street that is a number, behind a word of place: off 13th Avenue; where it may end, and what stands before it.
_ORDINAL_WAY = re.compile(
    r"(?:st|nd|rd|th) (?:St|Street|Ave|Avenue|Road|Rd|Blvd|Pl|Place|Ct|Way|Dr|st|street|ave|avenue|rd|blvd|pl)\b(?: [NSEW]{1,2}\b)?"
)
_ORDINAL_LEAD = re.compile(
    r"(?:\b(?:on|off|at|near|to|along|by|from|down|via|past|block of|corner of|and)|[,;(&]) ((?:[NSEWnsew]\.? |[Ee]ast |[Ww]est |[Nn]orth |[Ss]outh )?)$"
)
#: A country road by its number, a quarter before: on N 4220 Rd; crosses and mains of Indian towns: 2nd Main, 4th Cross.
_QUARTERED_ROAD = re.compile(
    r"(?<![\w/.-])[NSEW]\.? \d{2,5}(?:th|st|nd|rd)? (?:Rd|Road|St|Street|Ave|Avenue|Ln|Dr|Hwy)\b"
)
_CROSSES = re.compile(
    r"(?:[Dd]oor No\.? ?\d[\w/-]{0,8}, )?\d{1,2}(?:st|nd|rd|th) (?:Main|Cross|Block|Stage|Phase)(?:(?: Road)?,? \d{1,2}(?:st|nd|rd|th) (?:Main|Cross|Block|Stage|Phase))*(?: Road)?\b"
)
_NUMBERED = re.compile(r"\b(?:US|SR)-\d{1,4}[A-Z]?\b(?:[ ]?[NSEW]\b)?")


def grids(text: str, found: Spots) -> Iterator[Finding]:
    """Yield streets in grids, roads by number, and general delivery.

    Parameters
    ----------
    text, found
        The text and its words; it has digits.
    """
    for match in _grids(text, found.numbers):
        unit = unit_after(text, match.end())
        yield place(match.start(), unit.end() if unit else match.end(), "street", "place.grid", 0.75)
    yield from _numbered_ways(text, found.numbers)
    if " Main" in text or " Cross" in text or " Stage" in text:
        for match in _CROSSES.finditer(text):
            if "Stage" not in match[0] or "," in match[0]:
                yield place(match.start(), match.end(), "street", "place.ordinal", 0.6)
    if "US-" in text or "SR-" in text:
        for match in _NUMBERED.finditer(text):
            yield place(match.start(), match.end(), "street", "place.road", 0.7)
    if "General Delivery" in text:
        at = text.index("General Delivery")
        yield place(at, at + len("General Delivery"), "street", "place.box", 0.7)


_BLOCKS = frozenset([" bl", "-bl", " Bl", " BL"])
#: Houses by their block: 2200 blk S Pulaski.
_BLOCK = re.compile(
    rf"\d{{2,5}}[ -](?:[Bb]loc?k|[Bb]lk|BLK|BLOCK)\.?(?: of)? (?:(?:[NSEW]|North|South|East|West)\.? )?(?:\d{{1,3}}(?:st|nd|rd|th)|{CAP})(?:[ ](?:{CAP}|Street|St|Ave|Rd))?"
)
_ORDINALS = frozenset(["st ", "nd ", "rd ", "th "])
_ROADS = frozenset([" R", " S", " A", " L", " D", " H"])


def _numbered_ways(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield houses by their block, streets that are a number behind a word of place, and country roads by number."""
    for start, end in runs:
        if text[end : end + 3] in _BLOCKS and end - start > 1:
            block = _BLOCK.match(text, start)
            if block:
                yield place(start, block.end(), "street", "place.block", 0.75)
        elif end - start < 4 and text[end : end + 3] in _ORDINALS:
            way = _ORDINAL_WAY.match(text, end)
            lead = _ORDINAL_LEAD.search(text, max(0, start - 16), start) if way else None
            if way and lead:
                yield place(lead.start(1), way.end(), "street", "place.ordinal", 0.75)
        elif start > 1 and text[start - 1] == " " and text[end : end + 2] in _ROADS:
            road = _QUARTERED_ROAD.match(text, start - 2 - (text[start - 2] == "."))
            if road and road.end() > end:
                yield place(road.start(), road.end(), "street", "place.road", 0.7)


def _grids(text: str, runs: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield houses in grids of streets; where one may begin is looked at before the pattern is tried."""
    done = 0
    for start, end in runs:
        if start < done:
            continue
        if end - start > 2 and start and text[start - 1] in "NSEW":
            match = _GRID.match(text, start - 1)
        elif end - start > 1 and text[end : end + 2] in _QUARTERED:
            match = _GRID.match(text, start)
        else:
            continue
        if match:
            done = match.end()
            yield match


_QUARTERED = frozenset([" N", " S", " E", " W"])
