"""Reference ranges of laboratory results (HL7 v2.5.1, 7.4.2.7): ``12-16``, ``3.5 - 5.1``, ``<5``, ``>=90``.

At their own place such texts are no dates, though they look like days and months.
"""

from __future__ import annotations

import re

_LIMIT = r"[+-]?\d{1,4}(?:\.\d{1,4})?"
_RANGE = re.compile(rf"\s*(?:({_LIMIT})\s*-\s*({_LIMIT})|(?:[<>]=?)\s*{_LIMIT})\s*", re.ASCII)
#: The second half of a month with its year.
_YEAR = re.compile(r"(?:19|20)\d\d")


def is_reference_range(text: str) -> bool:
    """Say whether a text is a range of numbers and nothing else; a month with its year is none."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return False
    low, high = found[1], found[2]
    return low is None or not (_YEAR.fullmatch(high) and low.isdigit() and int(low) <= 12)
