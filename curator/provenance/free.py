"""Read a label's free value by the shape of one that was read before, without a parser.

A shape is a regular expression made of a value: its keys, in their order and once each, and for each leaf every
canonical text of its type. So what it takes is canonical JSON in plain ASCII; what it does not take is no error yet.
"""

from __future__ import annotations

import json
import re
from typing import Any

#: Shapes that are kept, the one met last in front; each costs a failed match where another one is meant.
_MOST = 16
#: Characters of an expression, and levels of a value, from which on no shape is made.
_LONGEST, _DEEPEST = 4000, 8
#: Different shapes among the items of one list.
_MIXED = 4
_TEXT = r'"[^"\\\x00-\x1f]*+"'
_INTEGER = "(?:0|-?[1-9][0-9]{0,14}+)"
_TRUTH = "(?:true|false)"


class NoShapeError(Exception):
    """A value of which no shape is made."""


def pattern_of(value: Any, depth: int = 0) -> str:
    """Return the expression for the canonical texts of all values that are built like this one.

    Parameters
    ----------
    value
        What canonical JSON can hold.
    depth
        Levels above it.

    Raises
    ------
    NoShapeError
        For a value that is too deep, or too mixed, or has a key that JSON escapes.
    """
    if depth > _DEEPEST:
        raise NoShapeError
    if value is None:
        return "null"
    if isinstance(value, bool):
        return _TRUTH
    if isinstance(value, int):
        return _INTEGER
    if isinstance(value, str):
        return _TEXT
    if isinstance(value, dict):
        parts = []
        for key in sorted(value):
            if not key.isascii() or json.dumps(key) != f'"{key}"':
                raise NoShapeError
            parts.append(f'"{re.escape(key)}":{pattern_of(value[key], depth + 1)}')
        return rf"\{{{','.join(parts)}\}}"
    if not isinstance(value, list):
        raise NoShapeError
    kinds: list[str] = []
    for item in value:
        made = pattern_of(item, depth + 1)
        if made not in kinds:
            kinds.append(made)
            if len(kinds) > _MIXED:
                raise NoShapeError
    if not kinds:
        return r"\[\]"
    one = kinds[0] if len(kinds) == 1 else f"(?:{'|'.join(kinds)})"
    return rf"\[{one}(?:,{one})*+\]"


class Shapes:
    """The shapes of free values that were met."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: list[re.Pattern[str]] = []
        self._tried: set[str] = set()

    def learn(self, value: Any) -> None:
        """Keep the shape of a value that canonical JSON can hold."""
        if len(self._known) >= _MOST:
            return
        try:
            pattern = pattern_of(value)
        except NoShapeError:
            return
        if len(pattern) <= _LONGEST and pattern not in self._tried:
            self._tried.add(pattern)
            self._known.insert(0, re.compile(pattern))

    def fits(self, text: str) -> bool:
        """Say whether a text of ASCII characters is the canonical JSON of a value with a known shape."""
        for at, one in enumerate(self._known):
            if one.fullmatch(text) is not None:
                if at:
                    self._known.insert(0, self._known.pop(at))
                return True
        return False
