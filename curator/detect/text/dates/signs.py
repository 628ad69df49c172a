"""Dates in the signs of East Asia, and with a month in Roman numerals: 3月14日, 10.III.2017."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_ASIAN = re.compile(
    r"(?:[12]\d{3}\s?[年년]\s?|(?:令和|平成|昭和)\s?\d{1,2}\s?年\s?)?(?<!\d)\d{1,2}\s?[月월]\s?\d{1,2}\s?[日号號일]?|[12]\d{3}\s?[年년]\s?\d{1,2}\s?[月월]"
)
#: A month in Roman numerals, as in 10.III.2017 or 10/III/2017.
_ROMAN = re.compile(r"([./])(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})\1(?:(?:19|20)\d\d|\d\d)(?![\w-]|\.\w)")
#: The same with spaces: 19 XI 2019.
_ROMAN_SPACED = re.compile(
    r"(?<![\w./-])(?:0?[1-9]|[12]\d|3[01]) (?:I{1,3}|IV|VI{0,3}|IX|XI{0,2}) (?:19|20)\d\d(?![\w/-]|\.\d)"
)
#: What stands in the midst of one: a search that begins with a blank is several times as fast.
_ROMAN_MIDST = re.compile(r" [IVX]{1,4} (?:19|20)\d\d")
#: A day of birth as it is dictated: date of birth : 4 , 17 , 1953.
_COMMAS = re.compile(r"\d{1,2}(?<!\d\d\d)[ ]?,[ ]?\d{1,2}[ ]?,[ ]?(?:19|20)\d\d(?!\d)")
_BORN = re.compile(r"\b(?:birth(?: ?date)?|d\.?o\.?b\.?|born(?: on)?)[ ]?[:,]?[ ]{0,2}$", re.IGNORECASE)
_ROMAN_DAY = re.compile(r"(?<![\w.])(?:0?[1-9]|[12]\d|3[01])$")


def signs(text: str) -> Iterator[Finding]:
    """Yield such dates.

    Parameters
    ----------
    text
        The text; it has digits.
    """
    if ".I" in text or ".V" in text or ".X" in text or "/I" in text or "/V" in text or "/X" in text:
        for match in _ROMAN.finditer(text):
            day = _ROMAN_DAY.search(text, max(0, match.start() - 3), match.start())
            if day:
                yield _finding(day.start(), match.end(), "date", "date.roman", 0.9)
    if (" I" in text or " V" in text or " X" in text) and _ROMAN_MIDST.search(text):
        for match in _ROMAN_SPACED.finditer(text):
            yield _finding(match.start(), match.end(), "date", "date.roman", 0.8)
    if "birth" in text or "Birth" in text or "dob" in text or "DOB" in text or "orn" in text:
        for match in _COMMAS.finditer(text):
            if _BORN.search(text, max(0, match.start() - 20), match.start()):
                yield _finding(match.start(), match.end(), "date", "date.birth-dictated", 0.9)
    if "月" in text or "월" in text:
        for match in _ASIAN.finditer(text):
            yield _finding(match.start(), match.end(), "date", "date.asian", 0.95)


def _finding(start: int, end: int, kind: str, rule: str, confidence: float) -> Finding:
    return Finding(start, end, Category.DATE, kind, rule, confidence)
