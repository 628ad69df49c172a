"""A large JSON document of the vault read piece by piece: it never stands in memory as objects, all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_ENDS = {"{": "}", "[": "]"}
_scan = json.JSONDecoder().raw_decode


def pieces(text: str, names: Collection[str]) -> Iterator[tuple[str, str, Any]]:
    """Yield (name, key, value) of each entry of some members of an object; what is in an array has an empty key.

    Parameters
    ----------
    text
        The document, an object.
    names
        Members that are arrays or objects and are read; they have to be there. All others are passed over.

    Raises
    ------
    ValueError
        Where the text is no such document.
    """
    cursor, left = _Cursor(text), {*names}
    for name in cursor.entries():
        if name not in names:
            cursor.value()
            continue
        left.discard(name)
        for key in cursor.entries():
            yield name, key, cursor.value()
    if left or cursor.peek():
        raise ValueError


class _Cursor:
    """A place in a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def peek(self) -> str:
        """Return the next mark, empty at the end."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def mark(self, wanted: str) -> str:
        """Pass over one of some marks, and return it."""
        found = self.peek()
        if not found or found not in wanted:
            raise ValueError
        self._at += 1
        return found

    def value(self) -> Any:
        """Read a value."""
        self.peek()
        found, self._at = _scan(self._text, self._at)
        return found

    def entries(self) -> Iterator[str]:
        """Yield the key of each entry; whoever asks reads its value before the next."""
        end = _ENDS[self.mark("{[")]
        if self.peek() == end:
            self.mark(end)
            return
        while True:
            key = ""
            if end == "}":
                key = self.value()
                if not isinstance(key, str):
                    raise ValueError
                self.mark(":")
            yield key
            if self.mark("," + end) == end:
                return
