"""What belongs to a number on either side of it: letters that touch it, a person's place on a card, a second group.

A finding that ends within a word would leave the rest of an identifier to stand: 019-35181 of 019-35181A.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NUMBERS = frozenset(
    [
        Category.PHONE,
        Category.FAX,
        Category.OTHER,
        Category.RECORD_NUMBER,
        Category.DEVICE,
        Category.ACCOUNT,
        Category.HEALTH_PLAN,
        Category.LICENSE,
    ]
)
#: Capitals that touch a number's end or its beginning, and end or begin there.
_BEHIND = re.compile(r"[A-Z]{1,2}(?![^\W_])")
_BEFORE = re.compile(r"(?<![^\W_])[A-Z]{1,4}-?$")
#: The place of a person on a card that several share: 2428 77813 2 / 1, U0769172 01.
_PLACE = re.compile(r"[ ]?/[ ]?\d{1,2}(?![\w/]|\.\d)")
_SUFFIX = re.compile(r"[ ]0\d(?![\w:/%-]|\.\d)")
_LETTERED = re.compile(r"[A-Z]{1,3}\d{6,10}$")


def whole(text: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings with what belongs to each on either side.

    Parameters
    ----------
    text
        The text.
    found
        Numbers and codes in it; others are handed on as they are.
    """
    for finding in found:
        start, end = finding.start, finding.end
        if finding.category not in _NUMBERS or finding.kind == "url":
            yield finding
            continue
        if text[end - 1].isdecimal():
            after = text[end : end + 1]
            if after.isupper():
                match = _BEHIND.match(text, end)
            elif after in {" ", "/"} and finding.category is Category.HEALTH_PLAN:
                match = _PLACE.match(text, end) or _SUFFIX.match(text, end)
            elif after == " " and finding.category is Category.OTHER and _LETTERED.match(text[start:end]):
                match = _SUFFIX.match(text, end)
            else:
                match = None
            end = match.end() if match else end
        if start and text[start].isdecimal() and (text[start - 1].isupper() or text[start - 1] == "-"):
            head = _BEFORE.search(text, max(0, start - 6), start)
            start = head.start() if head else start
        yield (
            finding
            if (start, end) == (finding.start, finding.end)
            else replace(finding, start=start, end=end, confidence=max(0.0, finding.confidence - 0.05))
        )
