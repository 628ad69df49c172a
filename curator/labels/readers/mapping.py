"""The mapping file: a TOML file that says which column or JSON pointer of a customer's export holds what of a label.

Its schema is ``schemas/label-mapping.schema.json``. A mapping is checked whole before the export is opened. What it
says of a cell is held against every cell: a time that does not have the stated form is refused, never guessed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from curator.core.errors import ItemError, UsageError
from curator.core.schema import violation
from curator.labels.readers.vendor_fields import instant

LARGEST = 1 << 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KNOWN_PLACE = re.compile(r"/[a-z_0-9/]* \([A-Za-z, _]+\)", re.ASCII)
#: Formats of the current day, week or locale tell no time.
_DIRECTIVES = set("YmdHMSfzbBypIjeT%")


@dataclass(frozen=True)
class Mapping:
    """A mapping that was read.

    Parameters
    ----------
    raw
        The tables of the file, as its schema has them.
    zone
        Of times that name none; None when they name it.
    """

    raw: dict[str, Any]
    zone: tzinfo | None

    @property
    def kind(self) -> str:
        """Of the export: ``csv``, ``tsv``, ``jsonl`` or ``parquet``."""
        return str(self.raw["file"]["kind"])

    @property
    def columns(self) -> set[str]:
        """Every column that the mapping names."""
        return set(_named(self.raw, "column"))


def _named(value: Any, key: str) -> list[str]:
    if isinstance(value, list):
        return [name for one in value for name in _named(one, key)]
    if not isinstance(value, dict):
        return []
    found = [value[key]] if isinstance(value.get(key), str) else []
    return found + [name for inner, one in value.items() if inner != "synonyms" for name in _named(one, key)]


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping.

    Raises
    ------
    UsageError
        IMP-037 when it cannot be read or used; the reason holds no value of the file.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UsageError("IMP-037", reason="it is too large")
        raw = tomllib.loads(data.decode("utf-8"))
    except OSError:
        raise UsageError("IMP-037", reason="it cannot be read") from None
    except (ValueError, RecursionError):
        raise UsageError("IMP-037", reason="it is not TOML in UTF-8") from None
    place = violation("label-mapping", raw)
    if place is not None:
        known = _KNOWN_PLACE.fullmatch(place)
        raise UsageError("IMP-037", reason=f"it breaks its schema at {place}" if known else "it breaks its schema")
    kind = raw["file"]["kind"]
    if (kind == "jsonl") == bool(_named(raw, "column")) and (_named(raw, "column") or _named(raw, "pointer")):
        reason = "JSON lines are mapped by pointers" if kind == "jsonl" else "tables are mapped by columns"
        raise UsageError("IMP-037", reason=reason)
    if kind != "jsonl" and _named(raw, "pointer"):
        raise UsageError("IMP-037", reason="tables are mapped by columns")
    if "delimiter" in raw["file"] and kind != "csv":
        raise UsageError("IMP-037", reason="only csv has a delimiter")
    for label in raw["label"]:
        _check_label(label)
    return Mapping(raw, _zone(raw.get("time")))


def _check_label(label: dict[str, Any]) -> None:
    if label.get("closed") and not label.get("synonyms"):
        raise UsageError("IMP-037", reason="a closed label has no synonyms")
    if label["kind"] == "classes" and label["class"].get("value") is not None:
        raise UsageError("IMP-037", reason="classes cannot be one value for all")
    wanted = {"box": (1, 4), "box3d": (1, 6), "point": (1, 2), "polygon": (1,)}.get(label["kind"])
    if wanted and len(label["numbers"]) not in wanted:
        reason = "a box takes one or four numbers, in space one or six; a point one or two, a polygon one"
        raise UsageError("IMP-037", reason=reason)
    if {"space", "rotation"} & label.keys() and label["kind"] != "box3d":
        raise UsageError("IMP-037", reason="only a box in space has a space and a rotation")
    if label["kind"] == "box3d" and label["convention"] == "rows-first-corners":
        raise UsageError("IMP-037", reason="a box in space has its columns first")
    if label["kind"] == "box3d" and label.get("inclusive") and label["space"] != "voxel":
        raise UsageError("IMP-037", reason="only voxels have a last one")
    if label["kind"] in {"box", "box3d"} and "corners" in label["convention"] and "inclusive" not in label:
        raise UsageError("IMP-037", reason="a box by corners must say whether its last pixel is included")


def _zone(time: dict[str, Any] | None) -> tzinfo | None:
    if time is None:
        return None
    form, zone = time["form"], time.get("zone")
    told = form in {"rfc3339", "epoch-seconds", "epoch-milliseconds"} or "%z" in form
    if form not in {"rfc3339", "epoch-seconds", "epoch-milliseconds"}:
        marks = set(re.findall(r"%(.)", form))
        day = {"Y", "j"} <= marks or ({"d"} <= marks and marks & {"m", "b", "B"} and marks & {"Y", "y"})
        if not marks <= _DIRECTIVES or not day or not marks & {"H", "I"} or ("I" in marks) != ("p" in marks):
            raise UsageError("IMP-037", reason="the form of times must hold the day with its year, and the hour")
    if told == (zone is not None):
        raise UsageError("IMP-037", reason="times need a zone when they name none, and none when they do")
    if zone is None:
        return None
    if zone == "UTC":
        return UTC
    if zone[0] in "+-":
        shift = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        if shift >= timedelta(hours=15) or int(zone[4:6]) > 59:
            raise UsageError("IMP-037", reason="there is no such zone")
        return timezone(-shift if zone[0] == "-" else shift)
    try:
        return ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        raise UsageError("IMP-037", reason="there is no such zone on this machine") from None


def time_of(mapping: Mapping, value: Any) -> str:
    """Return a cell's time as RFC 3339.

    Raises
    ------
    ItemError
        IMP-038 when it does not have the stated form, or when the change of clocks leaves two times or none.
    """
    form = mapping.raw["time"]["form"]
    if isinstance(value, datetime) and form != "rfc3339":
        return _zoned(value, mapping.zone) if value.tzinfo is None else value.isoformat()
    if isinstance(value, datetime):
        value = value.isoformat()
    if form == "rfc3339":
        made = instant(value)
        if made is None:
            raise ItemError("IMP-038", what="a time with its zone")
        return made
    text = str(value).strip()
    try:
        if form.startswith("epoch"):
            if not re.fullmatch(r"-?\d{1,14}(\.\d{1,9})?", text, re.ASCII):
                raise ItemError("IMP-038", what="a count since 1970")
            micro = Decimal(text) * (1_000_000 if form == "epoch-seconds" else 1000)
            return (_EPOCH + timedelta(microseconds=int(micro))).isoformat().replace("+00:00", "Z")
        found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is laid over it below
    except (ValueError, OverflowError):
        raise ItemError("IMP-038", what="a time of the stated form") from None
    return found.isoformat() if found.tzinfo is not None else _zoned(found, mapping.zone)


def _zoned(found: datetime, zone: tzinfo | None) -> str:
    if zone is None:
        raise ItemError("IMP-038", what="a time with its zone")
    early, late = found.replace(tzinfo=zone, fold=0), found.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        raise ItemError("IMP-038", what="a time that stands once on the clock")
    made = early.isoformat()
    if re.search(r"[+-]\d\d:\d\d:\d\d", made):
        raise ItemError("IMP-038", what="a time of this or the last century")
    return made.replace("+00:00", "Z") if zone is UTC else made
