"""Reads JSON and JSON lines piece by piece, so that an export of gigabytes never stands in memory whole.

Numbers with a fraction come as :class:`decimal.Decimal`, digit for digit. A key that stands twice in one object, NaN,
Infinity, bad UTF-8, an early end and nesting beyond :data:`MAX_DEPTH` break off the reading: no two parsers shall read
one export in two ways. Nothing of what stands in the file goes into an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError

MAX_DEPTH = 64
#: A pattern of keys on the way down to a value, ``*`` for any position in an array.
Pattern = tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """One value that was asked for.

    Parameters
    ----------
    pattern
        Which of the asked patterns it is; ``()`` for a whole value of the file, given when it ends.
    at
        Position in the file (from 1) and in every array on the way, from 0.
    value
        The value. In a whole value, the arrays that were given out piece by piece are empty.
    """

    pattern: Pattern
    at: tuple[int, ...]
    value: Any


@contextmanager
def readable() -> Iterator[None]:
    """Turn what opening and reading a file may raise into IMP-002, and bad UTF-8 into IMP-003."""
    try:
        yield
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="it is not UTF-8") from None
    except OSError:
        raise UsageError("IMP-002") from None


class _Level:
    """A container that is being filled."""

    def __init__(self, pattern: Pattern, at: tuple[int, ...], value: Any) -> None:
        self.pattern = pattern
        self.at = at
        self.value = value
        self.key = ""
        self.count = 0


def pieces(path: Path, wanted: frozenset[Pattern] = frozenset()) -> Iterator[Piece]:
    """Yield the values of a JSON or JSON lines file that match a pattern, and each whole value at its end.

    Parameters
    ----------
    path
        The file: one value, or any number of values behind one another.
    wanted
        Patterns that end with ``*``: elements of arrays that are to come out one by one.

    Raises
    ------
    UsageError
        IMP-002 when it cannot be read, IMP-003 for broken JSON.
    """
    import ijson

    try:
        with readable(), path.open("rb") as stream:
            if stream.read(3) != b"\xef\xbb\xbf":
                stream.seek(0)
            yield from _built(ijson.basic_parse(stream, multiple_values=True), wanted)
    except (ijson.JSONError, ValueError, ArithmeticError):
        raise UsageError("IMP-003", reason="it is not valid JSON, or ends too early") from None


def _built(events: Any, wanted: frozenset[Pattern]) -> Iterator[Piece]:
    stack: list[_Level] = []
    number = 0
    for event, value in events:
        if event == "map_key":
            top = stack[-1]
            if value in top.value:
                raise UsageError("IMP-003", reason="a key stands twice in one object")
            top.key = value
            top.value[value] = None
            continue
        if event in {"end_map", "end_array"}:
            level = stack.pop()
            pattern, at, done = level.pattern, level.at, level.value
        else:
            pattern, at = _place(stack, number)
            if event in {"start_map", "start_array"}:
                if len(stack) >= MAX_DEPTH:
                    raise UsageError("IMP-003", reason="it is nested too deep")
                stack.append(_Level(pattern, at, {} if event == "start_map" else []))
                continue
            done = value
        if pattern in wanted:
            yield Piece(pattern, at, done)
            stack[-1].count += 1
        elif not stack:
            number += 1
            yield Piece((), (number,), done)
        elif isinstance(stack[-1].value, dict):
            stack[-1].value[stack[-1].key] = done
        else:
            stack[-1].value.append(done)
            stack[-1].count += 1
    if stack:
        raise UsageError("IMP-003", reason="it ends too early")


def _place(stack: list[_Level], number: int) -> tuple[Pattern, tuple[int, ...]]:
    if not stack:
        return (), (number + 1,)
    top = stack[-1]
    if isinstance(top.value, dict):
        return (*top.pattern, top.key), top.at
    return (*top.pattern, "*"), (*top.at, top.count)


def rows(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the records of an export that is a list, one object, or JSON lines, each with its place.

    The place is ``[3]`` for the fourth element of the list and ``line 4`` for the fourth value of JSON lines.
    """
    for piece in pieces(path, frozenset({("*",)})):
        if piece.pattern:
            yield f"[{piece.at[-1]}]", piece.value
        elif piece.value != []:
            yield f"line {piece.at[0]}", piece.value
