"""Values out of a JSON file of any length, one at a time, with every number digit for digit.

It refuses what two parsers might read differently: a key that stands twice in one object, NaN, nesting without end. The
file's text never enters an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from curator.core.errors import UsageError

DEPTH = 64
DIGITS = 1000
_LONG = re.compile(rb"\d{%d}" % DIGITS)
_FORMS = {"start_map": "object", "start_array": "array"}
#: A place in the file: keys of objects, and None for the elements of an array.
Place = tuple[str | None, ...]


def values(path: Path, wanted: Callable[[Place, str], bool]) -> Iterator[tuple[Place, Any]]:
    """Yield the values at wanted places, whole, in the file's order; everything else is checked and passed over.

    Parameters
    ----------
    path
        A JSON file in UTF-8, with or without a byte order mark.
    wanted
        Asked with the place of each value that does not lie within a wanted one, and with its form (``object``,
        ``array``, ``value``): ``("images", None)`` is an element of the array under the key ``images``, ``()`` the
        whole file.

    Yields
    ------
    tuple
        The place and the value: dict, list, str, bool, None, int, or Decimal for a number with fraction or exponent.

    Raises
    ------
    UsageError
        IMP-002 when the file cannot be read, IMP-003 when it is not JSON as above to its end.
    """
    place: list[str | None] = []
    keys: list[set[str] | None] = []  # of the open objects; None for an open array
    building: list[Any] = []
    base = 0  # how many containers were open where the value being built began
    for event, value in _events(path):
        if event == "number" and building and isinstance(building[-1], list):
            building[-1].append(value)  # of an export there are millions of these
            continue
        if event == "map_key":
            names = keys[-1]
            if names is None or value in names:
                raise UsageError("IMP-003", reason="a key stands twice in one object")
            names.add(value)
            place[-1] = value
            continue
        if event in ("end_map", "end_array"):
            keys.pop()
            place.pop()
            if building:
                made = building.pop()
                if not building and len(keys) == base:
                    yield tuple(place), made
            continue
        opened = event in ("start_map", "start_array")
        made = value if not opened else {} if event == "start_map" else []
        if building:
            holder = building[-1]
            if isinstance(holder, dict):
                holder[place[-1]] = made
            else:
                holder.append(made)
            if opened:
                building.append(made)
        elif wanted(tuple(place), _FORMS.get(event, "value")):
            if opened:
                base = len(keys)
                building.append(made)
            else:
                yield tuple(place), made
        if opened:
            if len(keys) >= DEPTH:
                raise UsageError("IMP-003", reason="it is nested too deep")
            keys.append(set() if event == "start_map" else None)
            place.append(None)


class _Guarded:
    """A file that stops before a number so long that Python refuses it: ijson's C code does not survive that."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        if _LONG.search(self._tail + data):
            raise UsageError("IMP-003", reason="a number has too many digits")
        self._tail = (self._tail + data)[-DIGITS:]
        return data


def _events(path: Path) -> Iterator[tuple[str, Any]]:
    import ijson

    try:
        with path.open("rb") as file:
            if file.read(3) != b"\xef\xbb\xbf":
                file.seek(0)
            yield from ijson.basic_parse(_Guarded(file))
    except OSError:
        raise UsageError("IMP-002") from None
    except (ijson.JSONError, ArithmeticError, ValueError):
        raise UsageError("IMP-003", reason="it is not valid JSON in UTF-8, or ends too early") from None
