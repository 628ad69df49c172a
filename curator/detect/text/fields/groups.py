# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Values in groups parted by blanks, as in "W0437 21 118842 00", "ME 19-0447" and "QQ 12 34 56 C"."""

from __future__ import annotations

import re

#: The first group; capitals alone stand before one that has digits.
_FIRST = re.compile(r"[A-Z0-9*•](?:[A-Z0-9*•]|[-/.](?=[A-Z0-9*•])){0,15}(?![a-z])")
_NEXT = re.compile(r"[ ]{1,2}(?:-[ ])?([A-Z0-9*](?:[A-Z0-9*]|[-](?=[A-Z0-9*])){0,15})(?![A-Za-z0-9:%/]|\.\d|-[A-Za-z])")
_LETTER = re.compile(r"[ ][A-Z](?![\w'’:/%-]|\.\w)")
#: A check digit and a person's place on a card, or the place alone: 2428 77813 2 / 1; a last group that ends in a letter.
_PLACE = re.compile(r"(?:[ ]\d)?[ ]?/[ ]?\d{1,2}(?![\w/]|\.\d)|[ ]\d{1,4}[A-Z](?![\w'’:/%-]|\.\w)")
_ENDS = re.compile(r"[ ]{0,1}(?:[.,;:)\]|\n\t\"]|$|[ ]{2})")
_IBAN = re.compile(r"[A-Z]{2}\d\d(?: [A-Z0-9]{2,11}(?![A-Za-z0-9])){2,8}")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d$")
_DECIMAL = re.compile(r"\d{1,3}\.\d{1,2}$")
_MOST = 9
#: Words of a note in capitals that no code begins with.
_NO_PREFIX = frozenset(
    [
        "AND", "THE", "FOR", "WITH", "NOT", "PO", "IV", "IM", "SQ", "BID", "TID", "QID", "QD", "PRN", "PT", "IN", "ON", "OF", "TO", "BY", "AT", "AGE", "DOB", "DATE", "SEX", "MRN", "BP", "HR", "RR", "ADM", "DOS", "DX",
        "ICD", "CPT", "IS", "NO", "YO", "F", "M", "AM", "PM", "EXP", "REF", "LOT", "SN", "QTY", "X", "GRP", "PH", "FAX", "TEL", "ZIP", "BOX", "ROOM", "BED", "RM", "TIME", "EXT", "ID", "NPI", "DEA", "SSN", "ACCT", "POL", "PLAN",
        "CELL", "HOME", "WORK", "FIN", "CSN", "AUTH", "TYPE", "ATT", "ALL",
    ]
)  # fmt: skip


def groups(text: str, start: int, stops: re.Pattern[str]) -> int:
    """Return where groups parted by blanks end, the place itself when there are none.

    Parameters
    ----------
    text, start
        Where to look.
    stops
        What must not stand behind a group: a unit, or an age.
    """
    iban = _IBAN.match(text, start)
    if iban and sum(mark.isdecimal() for mark in iban[0]) > 9:
        return iban.end()
    first = _FIRST.match(text, start)
    if first is None:
        return start
    word, end = first[0], first.end()
    digits = sum(mark.isdecimal() for mark in word)
    if _DECIMAL.match(word) or (not digits and (len(word) > 6 or word in _NO_PREFIX)):
        return start
    whole = digits > 4 and len(word) > 5
    size, parts = len(word), 1
    while parts < _MOST:
        match = _NEXT.match(text, end)
        if match is None:
            break
        word = match[1]
        figures = sum(mark.isdecimal() for mark in word)
        if not figures:
            if parts == 1 and not digits and len(word) < 6 and word not in _NO_PREFIX:
                end, parts, size = match.end(), 2, size + len(word)
                continue
            break
        if stops.match(text, match.end()) or not _goes_on(text, word, match.end(), digits, whole=whole):
            break
        digits += figures
        size += len(word)
        end, parts, whole = match.end(), parts + 1, whole or (digits > 7 and len(word) > 5)
    if parts < 2 or size < 6 or digits < 4:
        return start
    letter = _LETTER.match(text, end) or _PLACE.match(text, end)
    return letter.end() if letter and digits > 5 else end


def _goes_on(text: str, word: str, end: int, digits: int, *, whole: bool) -> bool:
    """Say whether a group belongs to the value before it."""
    if digits >= 4 and (_YEAR.match(word) and digits > 4):
        return False
    if not word.replace("-", "").isdecimal():
        return digits < 5 and len(word) > 2 and not word.isalpha()
    if len(word) == 1:
        return digits > 5 and (_ENDS.match(text, end) is not None or _NEXT.match(text, end) is not None)
    if not whole:
        return True
    if word[0] == "0":
        return len(word) < 4 or not _TIME.match(word)
    if len(word) > 3:
        return not _TIME.match(word) and not _YEAR.match(word)
    return _ENDS.match(text, end) is not None and not text.startswith("/", end)
