"""Label files: JSON Lines and CSV into raw fields, line by line. Hostile bytes end in an error with a code.

Both forms have the same names (schemas/label-input.schema.json). A CSV cell is text, and an empty one is absent; a
column ``valueJson`` holds JSON in place of ``value``. What is more than a text has columns of its own: ``blinded`` and
``independent`` (true or false), ``informationShown`` (names with semicolons between), ``frames`` (numbers with
semicolons) or ``slice``, ``preLabelShown``, ``preLabelChanged``, ``preLabelOrigin``, ``toolReviews`` (a list in JSON).
No error repeats anything that was read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, UsageError
from curator.core.files import translated

MAX_LINE = 1 << 20
MAX_FILE = 1 << 30
MAX_CELL = 1 << 17
VALUE_JSON = "valueJson"
#: Says in a cell or an option that nothing was shown, which is more than saying nothing.
NOTHING = "none"
_DIGITS = 7
_BOM = b"\xef\xbb\xbf"


class Digits(str):
    """A number with a fraction or exponent, digit for digit as it was written."""

    __slots__ = ()


@dataclass(frozen=True)
class Raw:
    """One line: its number from 1 and its fields, or the error that it could not be read with."""

    line: int
    fields: dict[str, Any] | None
    error: CuratorError | None = None


def check_file(path: Path) -> None:
    """Refuse a file that cannot be a label file, before anybody is asked for a passphrase.

    Raises
    ------
    UsageError
        LBL-002.
    """
    reader_of(path)
    if not path.is_file() or path.stat().st_size > MAX_FILE:
        raise UsageError("LBL-002")


def load(path: Path) -> bytes:
    """Read a label file whole, so that what is checked is what is signed.

    Raises
    ------
    UsageError
        LBL-002 when it cannot be read or is larger than 1 GiB.
    """
    try:
        check_file(path)
        with translated():
            return path.read_bytes()
    except (OSError, CuratorError):
        raise UsageError("LBL-002") from None


def reader_of(path: Path) -> str:
    """Return the form of a label file by its ending: ``jsonl`` or ``csv`` (LBL-002 for others)."""
    ending = path.suffix.lower()
    if ending in {".jsonl", ".ndjson"}:
        return "jsonl"
    if ending == ".csv":
        return "csv"
    raise UsageError("LBL-002")


def read(data: bytes, form: str) -> Iterator[Raw]:
    """Yield the lines of a label file that :func:`load` read, in order."""
    data = data.removeprefix(_BOM)
    yield from _jsonl(data) if form == "jsonl" else _csv(data)


def _bad(line: int, reason: str) -> Raw:
    return Raw(line, None, UsageError("LBL-003", reason=reason))


def _json(text: bytes | str) -> Any:
    return strict_loads(text, Digits)


def _jsonl(data: bytes) -> Iterator[Raw]:
    stream = io.BytesIO(data)
    for number, line in enumerate(iter(stream.readline, b""), 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            yield _bad(number, "it is longer than 1 MiB")
            continue
        try:
            fields = _json(line)
        except UsageError as error:
            yield _bad(number, error.facts["reason"])
            continue
        yield Raw(number, fields) if isinstance(fields, dict) else _bad(number, "it is no JSON object")


def _csv(data: bytes) -> Iterator[Raw]:
    stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="strict", newline="")
    csv.field_size_limit(MAX_CELL)  # one setting for the whole process, so each reader sets its own
    rows = csv.reader(stream, strict=True)
    header: list[str] | None = None
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except UnicodeDecodeError:
            yield _bad(line, "it is not UTF-8")
            return
        except csv.Error:
            yield _bad(line, "its quotes do not close, or a cell is too long")
            return
        if row is None:
            return
        if header is None:
            header = [name.strip() for name in row]
            if len(set(header)) != len(header) or not all(header):
                yield _bad(line, "the header repeats a name or lacks one")
                return
        elif row:
            yield _row(line, header, row)


def _row(line: int, header: list[str], row: list[str]) -> Raw:
    if len(row) != len(header):
        return _bad(line, "it has more or fewer cells than the header")
    fields: dict[str, Any] = {name: cell for name, cell in zip(header, row, strict=True) if cell}
    if VALUE_JSON in fields:
        if "value" in fields:
            return _bad(line, "it has both value and valueJson")
        try:
            fields["value"] = _json(fields.pop(VALUE_JSON))
        except UsageError as error:
            return _bad(line, error.facts["reason"])
    try:
        return Raw(line, _nested(fields))
    except ValueError:
        return _bad(line, "a cell is not true, false, a number or a list as its column wants")


_TRUTH = {"true": True, "false": False}
_PRE_LABEL = {"preLabelShown": "shown", "preLabelChanged": "changed", "preLabelOrigin": "origin"}


def _truth(cell: str) -> bool:
    if cell.lower() not in _TRUTH:
        raise ValueError
    return _TRUTH[cell.lower()]


def _number(cell: str) -> int:
    if not cell.isascii() or not cell.isdecimal() or len(cell) > _DIGITS:
        raise ValueError
    return int(cell)


def _nested(fields: dict[str, Any]) -> dict[str, Any]:
    """Bring the cells of columns that hold more than a text into the form of JSON Lines (ValueError)."""
    made: dict[str, Any] = {}
    for name, cell in fields.items():
        if name in {"blinded", "independent"}:
            made[name] = _truth(cell)
        elif name == "informationShown":
            made[name] = [] if cell == NOTHING else [one.strip() for one in cell.split(";")]
        elif name in {"frames", "slice"}:
            place = [_number(one.strip()) for one in cell.split(";")] if name == "frames" else _number(cell)
            made.setdefault("location", {})[name] = place
        elif name in _PRE_LABEL:
            made.setdefault("preLabel", {})[_PRE_LABEL[name]] = cell if name == "preLabelOrigin" else _truth(cell)
        elif name == "toolReviews":
            try:
                made[name] = _json(cell)
            except UsageError:
                raise ValueError from None
        elif name in {"location", "preLabel"}:
            raise ValueError
        else:
            made[name] = cell
    return made
