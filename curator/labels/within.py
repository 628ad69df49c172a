"""Texts that stand as strings in a clean file of JSON: which of them a label means, and where it lies in the file.

A label's places count code points of the whole file, whose strings are written with JSON's escapes (RFC 8259, section
7); what an annotator saw was the string that they stand for. It must never put a text into an error.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left

from curator.core.errors import ItemError

#: Endings of clean files whose strings may be texts by themselves.
SUFFIXES = (".json", ".jsonl", ".ndjson")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ESCAPE = re.compile(r'\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|"', re.DOTALL)


def digests(text: str) -> frozenset[str]:
    """Return the digests by which an export may know a text: as it is, and without the line breaks at its end."""
    return frozenset(hashlib.sha256(one.encode("utf-8")).hexdigest() for one in (text, text.rstrip("\r\n")))


def strings(text: str) -> dict[str, list[int]]:
    """Return where the strings of a file of JSON begin that are texts of several words.

    Parameters
    ----------
    text
        The file.

    Returns
    -------
    dict
        SHA-256 (hex) of each string in UTF-8, as it is and without the line breaks at its end, to the code points
        behind the quotes that begin one.
    """
    found: dict[str, list[int]] = {}
    for match in _STRING.finditer(text):
        literal = match[0]
        if " " not in literal:
            continue
        try:
            value = json.loads(literal)
            for digest in digests(value):
                found.setdefault(digest, []).append(match.start() + 1)
        except ValueError:  # no string of JSON, or half a character: nobody's text
            continue
    return found


def in_file(text: str, at: int, ranges: list[list[int]]) -> list[list[int]]:
    """Return ranges of a string as ranges of the file that it stands in.

    Parameters
    ----------
    text
        The file.
    at
        Where the string begins, behind its quote.
    ranges
        (start, end) in the string, code points.

    Raises
    ------
    ItemError
        IMP-066 when no string stands there, IMP-021 for a range that does not lie in it.
    """
    if not 0 < at <= len(text) or text[at - 1] != '"':
        raise ItemError("IMP-066")
    # Where each escape stands in the string, and by how much the file is longer behind it; first, nothing yet.
    places, longer, end = [-1], [0], None
    for match in _ESCAPE.finditer(text, at):
        if match[0] == '"':
            end = match.start()
            break
        places.append(match.start() - at - longer[-1])
        longer.append(longer[-1] + len(match[0]) - 1)
    if end is None:
        raise ItemError("IMP-066")

    def place(old: int) -> int:
        if not 0 <= old <= end - at - longer[-1]:
            raise ItemError("IMP-021")
        return at + old + longer[bisect_left(places, old) - 1]

    return [[place(low), place(high)] for low, high in ranges]
