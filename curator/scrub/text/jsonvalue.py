"""JSON in and out, strictly: what two parsers might read differently is refused, numbers stay as they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from curator.core.errors import ItemError
from curator.scrub.text.moves import Carried

#: Levels of nesting that are followed.
MOST_DEPTH = 64
#: Characters of a line of JSON Lines, and of a file that is one JSON value.
MOST_LINE = 64 << 20
MOST_FILE = 128 << 20
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")


class Number(str):
    """A number as its digits are written."""

    __slots__ = ()


def load(text: str) -> Any:
    """Read one JSON value; numbers become :class:`Number`.

    Raises
    ------
    ItemError
        JSN-001 for bad JSON, JSN-002 for a repeated key, JSN-003 for NaN or Infinity, JSN-004 for a lone surrogate,
        JSN-005 for deep nesting.
    """
    try:
        value = json.loads(
            text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=Number, parse_float=Number
        )
    except RecursionError:
        raise ItemError("JSN-005", limit=MOST_DEPTH) from None
    except ValueError:
        raise ItemError("JSN-001") from None
    _check(value, 0, surrogates=_ESCAPED.search(text) is not None or _SURROGATE.search(text) is not None)
    return value


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(items)
    if len(made) != len(items):
        raise ItemError("JSN-002")
    return made


def _constant(_name: str) -> Any:
    raise ItemError("JSN-003")


def _check(value: Any, depth: int, *, surrogates: bool) -> None:
    if depth > MOST_DEPTH:
        raise ItemError("JSN-005", limit=MOST_DEPTH)
    if isinstance(value, dict):
        for key, inner in value.items():
            if surrogates and _SURROGATE.search(key):
                raise ItemError("JSN-004")
            _check(inner, depth + 1, surrogates=surrogates)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1, surrogates=surrogates)
    elif surrogates and isinstance(value, str) and _SURROGATE.search(value):
        raise ItemError("JSN-004")


def dump(value: Any) -> str:
    """Write a JSON value on one line."""
    return dump_marked(value)[0]


def dump_marked(value: Any) -> tuple[str, list[tuple[int, Carried]]]:
    """Write a JSON value on one line.

    Returns
    -------
    tuple
        The line, and where in it the content of each string with a map begins, in code points.
    """
    out: list[str] = []
    marks: list[tuple[int, Carried]] = []
    _write(value, out, marks)
    return "".join(out), located(out, marks)


def located(out: list[str], marks: list[tuple[int, Carried]]) -> list[tuple[int, Carried]]:
    """Return marks by their place in a line for marks by the number of the part of it that is the string."""
    if not marks:
        return []
    ends = list(accumulate(map(len, out), initial=0))
    return [(ends[number] + 1, text) for number, text in marks]


def _write(value: Any, out: list[str], marks: list[tuple[int, Carried]]) -> None:
    if isinstance(value, Number):
        out.append(value)
    elif isinstance(value, dict):
        mark = "{"
        for key, inner in value.items():
            out += (mark, json.dumps(key, ensure_ascii=False), ": ")
            _write(inner, out, marks)
            mark = ", "
        out.append("}" if value else "{}")
    elif isinstance(value, list):
        mark = "["
        for inner in value:
            out.append(mark)
            _write(inner, out, marks)
            mark = ", "
        out.append("]" if value else "[]")
    else:
        if isinstance(value, Carried):
            marks.append((len(out), value))
        out.append(json.dumps(value, ensure_ascii=False, allow_nan=False))


def lines(pieces: Iterator[str], most: int = MOST_LINE) -> Iterator[str]:
    """Yield the lines of a text that comes in pieces, without blank ones.

    Raises
    ------
    ItemError
        JSN-006 for a longer line.
    """
    parts: list[str] = []
    size = 0
    for piece in pieces:
        first, *others = piece.split("\n")
        parts.append(first)
        size += len(first)
        for other in others:
            if size > most:
                raise ItemError("JSN-006", limit=most >> 20)
            line = "".join(parts).strip("\ufeff \t\r")
            if line:
                yield line
            parts, size = [other], len(other)
        if size > most:
            raise ItemError("JSN-006", limit=most >> 20)
    line = "".join(parts).strip("\ufeff \t\r")
    if line:
        yield line


def integer(value: Any) -> int | None:
    """Return a whole number that is written as one, None for anything else."""
    if isinstance(value, Number) and re.fullmatch(r"\d{1,12}", value):
        return int(value)
    return None
