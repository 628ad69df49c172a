# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""License plates and registrations of boats and aircraft: behind a label, or near the word of a vehicle."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon

_PLATE = re.compile(r"(?:[A-Z]{2}[ -](?=[A-Z0-9]{5}))?[A-Z0-9ÄÖÜ]{1,8}(?:[ -·]?[A-Z0-9]{1,7}){0,3}(?![a-z])")
_PLATE_LOWER = re.compile(r"(?=[a-z]{0,4}-?\d|\d{1,4}[a-z])[a-z0-9]{2,8}(?:[ -][a-z0-9]{2,5})?\b")
#: What a plate looks like that no label tells: capitals and digits in one or two groups, five marks at least.
_NEAR = re.compile(
    r"(?<![\w./#-])(?:(?=[A-Z]{1,3}[0-9]{3,4}(?![A-Z0-9])|[0-9]{1,4}[A-Z]{1,4}[0-9]{0,4}|[A-Z]{1,3}[0-9]{1,4}[A-Z])[A-Z0-9]{5,8}|[A-Z]{2,4}[ -][0-9]{2,4}(?:[ -][A-Z]{1,3})?|[0-9]{2,4}[ -][A-Z]{2,4}"
    r"|[A-Z]{1,2}[0-9]{1,3}[ -](?:[A-Z]{3}|[0-9]{3})|[0-9]?[A-Z]{2,3}[ -]?[A-Z][0-9]{2,3}|[A-Z0-9]{3}[ -](?=[A-Z]{0,2}[0-9])[A-Z0-9]{3}|[A-Z]{2} [0-9]{4} [A-Z]{2}|[A-Z]{2}[ ]?[0-9]{2}[ ]?[A-Z]{1,3}[ ]?[0-9]{3,4}|[0-9][A-Z]{2,3} [A-Z]?[0-9]{2,4})(?![\w/]|-\w|\.\d)"
)
#: How far behind the word of a vehicle its plate may stand.
_REACH = 48
_NO_PLATE = re.compile(
    r"(?:MD|RN|BP|HR|RR|PO|IV|AM|PM|ED|OR|ER|GCS|MVA|MVC|ICU|CT|MRI|XR|EMS|SUV|VIN|DOB|AGE|ISS|PGY|FAST|MPH|KM|YO|LT|RT|WBC|HGB|PLT|MG|ML|CM|MM|LB|LBS|ETT|NPO|PRN|BID|TID|ON|AT|IN|OF|NO|TO)[ -]?\d|\d{1,4}[ -]?(?:MPH|KPH|KM|MI|YO|MG|ML|CM|MM|LBS?|HRS?|MIN|AM|PM|FT|DAYS?|YRS?|CC|HP|MD|RN|IN)(?![A-Z0-9])",
)

Span = tuple[int, int]


def near(text: str, at: int) -> list[Span]:
    """Return the plate that stands shortly behind the word of a vehicle, in the same sentence and line."""
    stop = text.find("\n", at, at + _REACH)
    stop = min(len(text), at + _REACH) if stop < 0 else stop
    period = text.find(". ", at, stop)
    stop = period if period > 0 else stop
    for _ in range(3):
        match = _NEAR.search(text, at, stop)
        if match is None:
            return []
        head = match[0].rstrip("0123456789").rstrip(" -")
        worded = (
            head.isalpha() and len(head) > 1 and (head.lower() in lexicon().medical or head.lower() in lexicon().words)
        )
        if len(match[0]) > 4 and not worded and not _NO_PLATE.match(match[0]):
            return [match.span()]
        at = match.start() + 2
    return []


def plate(text: str, at: int, *, strong: bool, weak: bool, sure: bool) -> list[Span]:
    """Return the plate that begins at a place.

    Parameters
    ----------
    text, at
        Where to look.
    strong, weak
        How surely the label tells of a plate.
    sure
        Whether a number word or a colon stands between.
    """
    match = _PLATE.match(text, at)
    if match is None and strong:
        match = _PLATE_LOWER.match(text, at)
    if match is None:
        return []
    start, end = match.span()
    value = text[start:end]
    while (
        " " in value
        and (not any(mark.isdecimal() for mark in value.rpartition(" ")[2]))
        and len(value.replace(" ", "")) > 8
    ):
        value = value.rpartition(" ")[0]
    bare = value.replace(" ", "").replace("-", "")
    if not 2 <= len(bare) <= 10:
        return []
    if bare.isalpha():
        return [(start, start + len(value))] if strong and (4 if sure else 5) <= len(bare) <= 8 else []
    if weak and (bare.isdecimal() or len(bare) < 5) and not (sure and len(bare) > 3):
        return []
    if bare.isdecimal() and (len(bare) < 3 or _MEASURE.match(text, start + len(value))):
        return []
    return [(start, start + len(value))]


_MEASURE = re.compile(
    r"[ \t]?-?[ \t]?(?:mg|g|kg|lbs?|ml|cc|l|cm|mm|in|ft|units?|%|years?|yrs?|y/?o|days?|hours?|hrs?|h|weeks?|months?|minutes?|mins?|times|x|holes?|screws?)(?![^\W_])",
    re.IGNORECASE,
)
