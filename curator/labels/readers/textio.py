"""What the readers of text labels share: records of JSON files, rows of CSV files, spans, times, and their refusals.

A file is read record by record, so that memory does not grow with it. Nothing that was read goes into an error.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Concatenate, ParamSpec

from curator.core.canonical import strict_loads
from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Named, Refused, refused

#: Bytes of one record: a line, or an object of a JSON array.
MAX_RECORD = 1 << 26
#: Values of one record that does not stand on one line.
MAX_EVENTS = 1 << 22
#: Levels of JSON inside a record.
MAX_DEPTH = 32
MAX_NAME = 300
_BOM = b"\xef\xbb\xbf"
_HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = 253_402_300_799
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)

Told = Iterator[Item | Refused]
P = ParamSpec("P")


def attempt(make: Callable[Concatenate[str, P], Item], place: str, *args: P.args, **kwargs: P.kwargs) -> Item | Refused:
    """Return what ``make(place, ...)`` makes, or the refusal when it raises an ItemError."""
    try:
        return make(place, *args, **kwargs)
    except ItemError as error:
        return refused(place, error)


def records(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the records of a JSON file with their places, such as ``line 3`` or ``record 3``.

    Three forms are taken: JSON Lines, JSON values one after the other over any number of lines, and arrays of records.
    An array that begins with a text is a record itself (a pair of a text and its labels). Numbers with a fraction are
    Decimal.

    Raises
    ------
    UsageError
        IMP-002 when the file cannot be read; IMP-003 when it is no JSON to its end, repeats a key, holds NaN or
        Infinity, is nested deeper than :data:`MAX_DEPTH`, or is empty.
    """
    empty = True
    for record in _records(path):
        empty = False
        yield record
    if empty:
        raise UsageError("IMP-003", reason="it holds no record")


def _records(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        with path.open("rb") as stream:
            begin = len(_BOM) if stream.read(len(_BOM)) == _BOM else 0
            stream.seek(begin)
            by_line = _is_by_line(stream)
            stream.seek(begin)
            yield from _lines(stream) if by_line else _stream(stream)
    except OSError:
        raise UsageError("IMP-002") from None


def loads(data: bytes) -> Any:
    """Return the value of JSON in UTF-8, fractions as Decimal (IMP-003 as :func:`records`)."""
    if _HALF.search(data):
        raise _half()
    try:
        value = strict_loads(data, Decimal)
    except UsageError as error:
        raise UsageError("IMP-003", reason=str(error.facts["reason"])) from None
    except ArithmeticError:
        raise UsageError("IMP-003", reason="a number in it cannot be held") from None
    return value


class _Checked:
    """A stream that refuses the escape of half a character as it is read.

    Parsers do not agree on such an escape, and one puts a ``?`` in its place. The last 12 bytes wait for the next read,
    since what follows decides; 6 bytes before them are held for what stands before.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.held, self.before = stream, b"", 0

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes (IMP-003)."""
        data = self.stream.read(size)
        seen = self.held + data
        behind = len(seen) - 12 if data else len(seen)
        if any(self.before <= found.start() < behind for found in _HALF.finditer(seen)):
            raise _half()
        self.before = 6 if len(seen) > 18 else self.before
        self.held = seen[-18:]
        return data


def _half() -> UsageError:
    return UsageError("IMP-003", reason="a text holds half a character")


def _is_by_line(stream: BinaryIO) -> bool:
    """Say whether the first line with something in it is a record by itself."""
    line = b""
    while not line.strip():
        line = stream.readline(MAX_RECORD + 1)
        if not line or len(line) > MAX_RECORD:
            return False
    if re.match(rb'\s*\[\s*[^"\s]', line):
        return False  # an array of records, however long its line is
    try:
        value = loads(line)
    except UsageError:
        return False
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], str))


def _lines(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    number = 0
    while line := stream.readline(MAX_RECORD + 1):
        number += 1
        if len(line) > MAX_RECORD:
            raise UsageError("IMP-003", reason="a record is larger than 64 MiB")
        if line.strip():
            try:
                value = loads(line)
                _check_depth(value)
            except UsageError as error:
                raise UsageError("IMP-003", reason=f"{error.facts['reason']} (line {number})") from None
            yield f"line {number}", value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise UsageError("IMP-003", reason="it is nested too deep")


def _stream(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Yield records of values that run over lines, by a streaming parser."""
    import ijson

    number = 0
    try:
        for value in _built(ijson.basic_parse(_Checked(stream), multiple_values=True)):
            number += 1
            yield f"record {number}", value
    except (ijson.JSONError, ValueError, ArithmeticError):
        raise UsageError("IMP-003", reason="it is not valid JSON to its end") from None


class _Building:
    """One value that grows event by event."""

    def __init__(self) -> None:
        self.stack: list[tuple[Any, str | None]] = []
        self.key: str | None = None
        self.events = 0

    def take(self, event: str, value: Any) -> tuple[Any] | None:
        """Take an event; return the whole value in a tuple when it is complete."""
        self.events += 1
        if self.events > MAX_EVENTS:
            raise UsageError("IMP-003", reason="a record has more than 4 million values")
        if event == "map_key":
            if value in self.stack[-1][0]:
                raise UsageError("IMP-003", reason="a key stands twice in one object")
            self.key = value
            return None
        if event in {"start_map", "start_array"}:
            if len(self.stack) >= MAX_DEPTH:
                raise UsageError("IMP-003", reason="it is nested too deep")
            self.stack.append(({} if event == "start_map" else [], self.key))
            return None
        if event in {"end_map", "end_array"}:
            value, self.key = self.stack.pop()
        if not self.stack:
            return (value,)
        holder = self.stack[-1][0]
        if isinstance(holder, dict):
            holder[self.key] = value
        else:
            holder.append(value)
        return None


def _built(events: Iterator[tuple[str, Any]]) -> Iterator[Any]:
    building: _Building | None = None
    inside = False  # of an array of records
    for event, value in events:
        if building is None:
            if event == "start_array" and not inside:
                inside = True
                first = next(events, ("", None))
                if first[0] == "string":  # a pair of a text and its labels, not an array of records
                    inside = False
                    building = _Building()
                    building.take("start_array", None)
                event, value = first
            if event == "end_array" and inside:
                inside = False
                continue
        building = building or _Building()
        done = building.take(event, value)
        if done is not None:
            building = None
            yield done[0]
    if building is not None or inside:
        raise UsageError("IMP-003", reason="it ends too early")


def rows(path: Path, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file (RFC 4180, UTF-8) with the number of their first line, the header first.

    Raises
    ------
    UsageError
        IMP-002 when it cannot be read, IMP-003 when it is not UTF-8, its quotes do not close, or a cell is longer than
        128 KiB.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            line = 1
            for row in reader:
                if row:
                    yield line, row
                line = reader.line_num + 1
    except OSError:
        raise UsageError("IMP-002") from None
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="it is not UTF-8") from None
    except csv.Error:
        raise UsageError("IMP-003", reason="its quotes do not close, or a cell is too long") from None


def fields(header: list[str], row: list[str]) -> dict[str, str]:
    """Return the cells of a row by their names (IMP-023 when there are more or fewer than in the header)."""
    if len(header) != len(row):
        raise ItemError("IMP-023", what="the cells of its header")
    return dict(zip(header, row, strict=True))


def text(value: Any, what: str = "text") -> str:
    """Return a text that can be written as UTF-8 (IMP-023 otherwise)."""
    if not isinstance(value, str) or _SURROGATE.search(value):
        raise ItemError("IMP-023", what=what)
    return value


def class_name(value: Any, what: str = "class") -> str:
    """Return a class as the file names it: a text, or a whole number as its digits (IMP-023 otherwise)."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return str(value)
    name = text(value, what)
    if not name.strip() or len(name) > MAX_NAME:
        raise ItemError("IMP-023", what=what)
    return name


def whole(value: Any) -> int:
    """Return a whole number that is written as one, or with a fraction of zeros (IMP-020 otherwise)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and value.is_finite() and abs(value) < 10**15 and value == int(value):
        return int(value)
    raise ItemError("IMP-020")


def between(start: Any, end: Any, length: int) -> tuple[int, int]:
    """Return the offsets of a span in a text of so many code points (IMP-020, IMP-051)."""
    begin, behind = whole(start), whole(end)
    if not 0 <= begin < behind <= length:
        raise ItemError("IMP-051")
    return begin, behind


def span(kind: Any, start: Any, end: Any, within: str, repeated: Any = None) -> dict[str, Any]:
    """Return the value of a span.

    Parameters
    ----------
    kind
        Its type, as the file names it.
    start, end
        Code points from 0; the end is the first one behind.
    within
        The text.
    repeated
        The span's words, when the file repeats them.

    Raises
    ------
    ItemError
        IMP-020, IMP-023, or IMP-051 when it lies outside or the repeated words are others.
    """
    begin, behind = between(start, end, len(within))
    if repeated is not None and repeated != within[begin:behind]:
        raise ItemError("IMP-051")
    return {"type": class_name(kind, "type"), "start": begin, "end": behind}


def text_sample(place: str, content: Any) -> Named:
    """Return the sample that a text in the export is, by its place and its digest (IMP-023 when it is no text)."""
    return Named("text", place, sha256=hashlib.sha256(text(content).encode()).hexdigest())


def person(value: Any) -> str | None:
    """Return who, as the file says it: a text or a number; None when it says nothing."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return str(value)
    if isinstance(value, str) and value.strip() and len(value) <= MAX_NAME and not _SURROGATE.search(value):
        return value
    return None


def from_epoch(value: Any) -> str | None:
    """Return seconds since 1970 in UTC as RFC 3339, or None when they are none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if not 0 < value < _LAST_SECOND:
        return None
    seconds = int(value)
    micros = int((value - seconds) * 1_000_000)
    made = _EPOCH + timedelta(seconds=seconds, microseconds=micros)
    return made.isoformat(timespec="microseconds" if micros else "seconds").replace("+00:00", "Z")


def instant(value: Any) -> str | None:
    """Return a time that is RFC 3339 with a zone, as it is; None for anything else."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None
    return value


def kept(record: Mapping[str, Any], taken: frozenset[str] | set[str]) -> dict[str, Any]:
    """Return the fields of a record that became nothing else."""
    return {key: value for key, value in record.items() if key not in taken}


def listed(value: Any) -> list[Any]:
    """Return a list of labels as it is, nothing as no label, and anything else as one label (that will not be one)."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def head_json(head: bytes) -> str:
    """Return the begin of a file as text, for recognizing it: without byte order mark and white space."""
    return head.removeprefix(_BOM).decode("utf-8", "ignore").lstrip()


def first_record(head: bytes) -> Any:
    """Return the first record in the begin of a file, or None when it does not stand there whole."""
    begin = head_json(head)
    for text_ in (begin, begin[1:].lstrip() if begin[:1] == "[" else ""):
        try:
            value = json.JSONDecoder().raw_decode(text_)[0] if text_ else None
        except (ValueError, RecursionError):
            continue
        if isinstance(value, list) and value and not isinstance(value[0], str):
            return value[0]
        if value is not None:
            return value
    return None


def head_keys(head: bytes) -> set[str]:
    """Return the keys of JSON objects that stand in the begin of a file, at any depth."""
    return set(re.findall(r'"([A-Za-z_]{1,40})"\s*:', head_json(head)[: 1 << 15]))
