# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Ages over 89 that short imaging texts write in a way of their own: F/94, M94, 90+ yo, 1128 months, centenarian.

A letter and a number are an age with the sex only where both stand alone: a kernel, a code of a diagnosis or a part of
one is none. Must take linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: The sex and an age over 89, parted by a stroke or glued.
_SEXED = re.compile(
    r"(?<![\w/.,+-])(?:[MFmf] ?/ ?(?:9\d|10\d)|(?:9\d|10\d) ?/ ?[MFmf]|[MF](?:9\d|10\d)|(?:[Mm]ale|[Ff]emale|MALE|FEMALE),? (?:9\d|10\d))"
    r"(?![\w/%+]|[.,-]\w| ?(?:mm|cm|ml|kg|cc|kv|ma|mg|lbs?)(?![a-z]))"
)
_OPEN = re.compile(
    r"(?<![\d.])(?:9\d|1[0-3]\d) ?\+ ?(?:y(?:ea)?rs?|yo|y\.o\.?|y/o|y)(?:[ -]?olds?)?(?![a-z])|(?<![a-z])age[ds]?[ :=]{0,2}(?:9\d|1[0-3]\d) ?\+",
    re.IGNORECASE,
)
#: Ninety years and more in months, weeks and days; no scan and no therapy takes so long.
_COUNTED = re.compile(
    r"(?<![\d.,])(?:(?:10[89]\d|1[1-5]\d\d) ?(?:months?|mos?|m/o)|(?:4[7-9]\d\d|[56]\d{3}) ?(?:weeks?|wks?)|(?:3[3-9]|4\d)\d{3} ?days?)(?:[ -]?olds?)?(?![a-z])",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<![a-z])(?:super[ -]?)?(?:nonagen|centen|supercenten)arian(?:s|'s)?(?![a-z])", re.IGNORECASE)
#: The decade, and the year of life that runs: in her 90s, im 92. Lebensjahr.
_DECADE = re.compile(
    r"(?<![a-z])(?:his|her|their) (?:early |mid(?:dle)?[- ]|late )?(?:90'?s|nineties)(?![a-z])|(?<![\d.])(?:9[1-9]|10\d|11\d)\. ?lebensjahr(?:e?s)?(?![a-z])",
    re.IGNORECASE,
)
#: The sex before the age with a blank between them, at an end of the text or before a comma.
_PARTED = re.compile(r"(?:^|(?<=[ ,;(]))[MF] (?:9[1-9]|10[0-9])(?=$|[,;)])")
_OLD = re.compile(r"9\d|10\d|1[0-3]\d")
_LONG = re.compile(r"\d{4}")


def more_age_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of ages over 89 in a text."""
    if _OLD.search(text):
        for form in (_SEXED, _OPEN, _DECADE, _PARTED):
            yield from (match.span() for match in form.finditer(text))
    if _LONG.search(text):
        yield from (match.span() for match in _COUNTED.finditer(text))
    low = text.lower()
    if "nineties" in low:
        yield from (match.span() for match in _DECADE.finditer(text))
    if "narian" in low:
        yield from (match.span() for match in _WORDS.finditer(text))
