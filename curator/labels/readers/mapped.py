"""Customer formats (CSV, TSV, JSON lines, Parquet) by a mapping file.

For deliveries in a form that was agreed upon, and for vendors whose own format is not public. The mapping stands
beside the export under the same name with ``.mapping.toml`` behind it (``labels.csv.mapping.toml``), or is given to
the class.

Each label of the mapping is one label of each row, unless every cell that it takes its value from is empty: then the
row does not have it. A row that has none of the labels is refused. Cells that the mapping does not name are kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers.mapped_values import value_of
from curator.labels.readers.mapping import Mapping, load_mapping, time_of
from curator.labels.readers.vendor_fields import Maker, label_id, no_label, stage, told, whole
from curator.labels.readers.vendor_stream import readable

SUFFIX = ".mapping.toml"
#: Longest line of JSON lines and longest cell, in characters.
LONGEST = 1 << 26
_ID = re.compile(r"[A-Za-z0-9._:-]{1,60}", re.ASCII)


class Mapped:
    """Reader of customer formats.

    Parameters
    ----------
    mapping
        The mapping file; by default the one beside the export.
    """

    name = "mapped"
    title = "Customer format by a mapping (CSV, TSV, JSON lines, Parquet)"
    lacks = (Lack("guideline", "Name it when importing; what else is lacking is what the mapping does not name."),)

    def __init__(self, mapping: Path | None = None) -> None:
        self._mapping = mapping

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a mapping stands beside the file."""
        return bool(head) and path.with_name(path.name + SUFFIX).is_file()

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every row; IMP-037 when the mapping cannot be used."""
        mapping = load_mapping(self._mapping or path.with_name(path.name + SUFFIX))
        yield from told(maker for place, row in _rows(path, mapping) for maker in _labels(place, row, mapping))


class _Row:
    """One row: finds what a source of the mapping names, and remembers which cells were used."""

    def __init__(self, cells: Any, mapping: Mapping) -> None:
        self.cells = cells
        self._missing = {"", *mapping.raw["file"].get("missing", [])}
        self.used: set[str] = set()

    def get(self, source: dict[str, Any] | None) -> Any:
        """Return what a source names, None for a missing cell."""
        if source is None:
            return None
        if "value" in source:
            return source["value"]
        if "column" in source:
            self.used.add(source["column"])
            found = self.cells.get(source["column"])
        else:
            self.used.add(source["pointer"].split("/")[1].replace("~1", "/").replace("~0", "~"))
            found = _pointed(self.cells, source["pointer"])
        if isinstance(found, str) and found.strip() in self._missing:
            return None
        return found

    def rest(self) -> dict[str, Any]:
        """Return the cells that were not used."""
        return {
            key: _kept(value) for key, value in self.cells.items() if key not in self.used and value not in (None, "")
        }


def _kept(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [_kept(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _kept(one) for key, one in value.items()}
    return value if isinstance(value, str | int | Decimal | None) else str(value)


def _pointed(cells: Any, pointer: str) -> Any:
    found = cells
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isascii() and key.isdigit() and len(key) < 10 and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found


def _labels(place: str, cells: Any, mapping: Mapping) -> Iterator[Maker]:
    if cells is None:
        yield place, no_label("IMP-035")
        return
    there = []
    for index, label in enumerate(mapping.raw["label"]):
        probe = _Row(cells, mapping)
        sources = _sources(label)
        if not sources or any(probe.get(source) is not None for source in sources):
            there.append((index, label))
    for index, label in there:
        yield (
            f"{place}, label {index + 1}",
            lambda index=index, label=label: _label(cells, mapping, label, (place, index)),  # type: ignore[misc]
        )
    if not there:
        yield place, no_label("IMP-023", what="every value that the mapping names")


def _sources(label: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sources of a label's value that are not the same for all rows."""
    found = [label.get(key) for key in ("class", "grade", "start", "end", "amount")] + label.get("numbers", [])
    return [source for source in found if source is not None and "value" not in source]


def _label(cells: Any, mapping: Mapping, label: dict[str, Any], at: tuple[str, int]) -> Item:
    row = _Row(cells, mapping)
    raw = mapping.raw
    name = row.get(raw["sample"]["name"])
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str):
        raise ItemError("IMP-023", what="the name of its sample")
    extent = _size(row, raw["sample"])
    kind, value = value_of(label, row.get, extent)
    confidence, scale = _confidence(row, raw.get("confidence"))
    author = row.get(raw.get("author"))
    time = raw.get("time")
    when = row.get({key: time[key] for key in ("column", "pointer") if key in time}) if time else None
    own = row.get(label.get("id"))
    many = len(raw["label"]) > 1
    tool = raw.get("tool")
    seconds = row.get(raw.get("seconds"))
    position = at[0].replace(" ", ":")
    if own is not None and not _ID.fullmatch(str(own)):
        raise ItemError("IMP-038", what="an id of letters, digits and . _ : -")
    made = label_id("mapped", own if own is not None else position, *((at[1] + 1,) if many else ()))
    return Item(
        "",
        made,
        Named(raw["sample"]["by"], name, extent),
        kind,
        value,
        part=_part(row, raw["sample"]),
        author=None if author is None else str(author),
        labeled_at=None if when is None else time_of(mapping, when),
        stage=_stage(row.get(raw.get("stage"))),
        reviews=_reviews(row, raw.get("review")),
        confidence=confidence,
        confidence_scale=scale,
        origin=raw.get("origin", "unknown"),
        tool=None if tool is None else (tool["name"], tool["version"]),
        seconds=None if seconds is None else _decimal(seconds, "seconds"),
        kept=row.rest(),
    )


def _decimal(value: Any, what: str) -> Decimal:
    from curator.labels.geometry import number

    try:
        made = number(value)
    except ItemError:
        raise ItemError("IMP-038", what=what) from None
    if made < 0:
        raise ItemError("IMP-038", what=what)
    return made


def _size(row: _Row, sample: dict[str, Any]) -> tuple[int, int] | None:
    if "width" not in sample:
        return None
    wide, high = row.get(sample["width"]), row.get(sample["height"])
    if wide is None and high is None:
        return None
    made = whole(wide), whole(high)
    if min(made) < 1:
        raise ItemError("IMP-038", what="a width and a height")
    return made


def _part(row: _Row, sample: dict[str, Any]) -> dict[str, Any] | None:
    frame = row.get(sample.get("frame"))
    if frame is None:
        return None
    made = whole(frame) + 1 - sample["frames_from"]
    if made < 1:
        raise ItemError("IMP-038", what="a frame")
    return {"frames": [made]}


def _stage(value: Any) -> str | None:
    if value is None:
        return None
    made = stage(value)
    if made is None:
        raise ItemError("IMP-038", what="the name of a stage")
    return made


def _confidence(row: _Row, told_of: dict[str, Any] | None) -> tuple[Decimal | None, str | None]:
    if told_of is None:
        return None, None
    found = row.get({key: told_of[key] for key in ("column", "pointer") if key in told_of})
    if found is None:
        return None, None
    made = _decimal(found, "a confidence within its scale")
    least, most = (int(end) for end in told_of["scale"].split("-")[1:])
    if not least <= made <= most:
        raise ItemError("IMP-038", what="a confidence within its scale")
    return made, str(told_of["scale"])


def _reviews(row: _Row, told_of: dict[str, Any] | None) -> tuple[Review, ...]:
    if told_of is None:
        return ()
    outcome, by = row.get(told_of["outcome"]), row.get(told_of.get("by"))
    if outcome is None:
        return ()
    word = str(outcome).strip()
    said = "accepted" if word in told_of["accepted"] else "rejected" if word in told_of["rejected"] else "unknown"
    return (Review(None if by is None else str(by), None, said),)


def _rows(path: Path, mapping: Mapping) -> Iterator[tuple[str, Any]]:
    if mapping.kind == "parquet":
        return _parquet(path, mapping)
    return _lines(path) if mapping.kind == "jsonl" else _table(path, mapping)


def _table(path: Path, mapping: Mapping) -> Iterator[tuple[str, Any]]:
    told_of = mapping.raw["file"]
    delimiter = "\t" if mapping.kind == "tsv" else told_of.get("delimiter", ",")
    encoding = told_of.get("encoding", "utf-8")
    csv.field_size_limit(LONGEST)
    try:
        with readable(), path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as stream:
            lines = csv.reader(stream, delimiter=delimiter, strict=True)
            header = next(lines, [])
            if len(set(header)) != len(header):
                raise UsageError("IMP-003", reason="a column's name stands twice")
            if not mapping.columns <= set(header):
                raise UsageError("IMP-037", reason="it names a column that the export does not have")
            for at, cells in enumerate(lines, start=2):
                if cells:
                    yield f"row {at}", dict(zip(header, cells, strict=True)) if len(cells) == len(header) else None
    except csv.Error:
        raise UsageError("IMP-003", reason="a row is not whole") from None
    except UnicodeError:
        raise UsageError("IMP-003", reason="it is not in the encoding that the mapping names") from None


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    with readable(), path.open("rb") as stream:
        at = 0
        while line := stream.readline(LONGEST):
            at += 1
            if len(line) >= LONGEST:
                raise UsageError("IMP-003", reason="a line is too long")
            text = line.removeprefix(b"\xef\xbb\xbf") if at == 1 else line
            if not text.strip():
                continue
            try:
                found = strict_loads(text, Decimal)
            except UsageError:
                raise UsageError("IMP-003", reason="a line is not valid JSON") from None
            yield f"line {at}", found if isinstance(found, dict) else None


def _parquet(path: Path, mapping: Mapping) -> Iterator[tuple[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with readable(), pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            if len(set(names)) != len(names):
                raise UsageError("IMP-003", reason="a column's name stands twice")
            if not mapping.columns <= set(names):
                raise UsageError("IMP-037", reason="it names a column that the export does not have")
            at = 0
            for batch in file.iter_batches(batch_size=1024):
                for cells in batch.to_pylist():
                    at += 1
                    yield f"row {at}", {key: _digits(value) for key, value in cells.items()}
    except pa.ArrowException:
        raise UsageError("IMP-003", reason="it is not Parquet, or ends too early") from None


def _digits(value: Any) -> Any:
    """Return binary fractions as the shortest decimal that names them; Parquet has no digits of its own for them."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [_digits(one) for one in value]
    if isinstance(value, dict):
        return {key: _digits(one) for key, one in value.items()}
    return value
