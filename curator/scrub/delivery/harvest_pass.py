"""Pass 1, in the workers: sniff each file, and take from its header what pass 2 has to know about all of them.

Rows hold identifiers and go into the vault only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError
from curator.core.types import Shard
from curator.intake.read import read_head, read_source
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.state import Shelf, path_text

#: Kinds that sniffing tells apart and that are held back under a code of their own.
CODE_OF_KIND = {"dicomdir": "SRC-010", "empty": "SRC-008"}


@dataclass(frozen=True)
class Entry:
    """One line of the inventory, as a worker gets it."""

    relative: bytes
    size: int
    modified: int
    code: str | None


def look(source: Path, entry: Entry, keys: SourceKeys, most: int) -> dict[str, Any]:
    """Sniff one file and harvest it if it is DICOM.

    Returns
    -------
    dict
        ``kind``, ``code`` (None when it may be scrubbed), ``content_key`` and ``dicom`` (the harvest's fields).
    """
    from curator.intake.sniff import sniff
    from curator.scrub.dicom.harvest import harvest

    row: dict[str, Any] = {"kind": "unknown", "code": entry.code, "content_key": None, "dicom": None}
    if entry.code is not None:
        return row
    try:
        kind = str(sniff(read_head(source, entry.relative), entry.size))
        row["kind"] = kind
        if kind in CODE_OF_KIND:
            row["code"] = CODE_OF_KIND[kind]
        elif kind != "dicom":
            row["code"] = "SRC-009"
        else:
            data = read_source(source, entry.relative, size=entry.size, modified=entry.modified, most=most)
            row["content_key"] = keys.content_id(data)
            row["dicom"] = fields_of(harvest(data))
    except ItemError as error:
        row["code"] = error.code
    return row


def fields_of(found: Any) -> dict[str, Any]:
    """Return the fields of a harvest that the freeze needs, as plain values."""
    return {
        "patient_id": found.patient_id,
        "issuer": found.issuer,
        "placeholder": found.placeholder,
        "sop_instance_uid": found.sop_instance_uid,
        "study_uid": found.study_uid,
        "series_uid": found.series_uid,
        "first": list(found.first) if found.first is not None else None,
        "last_date": found.last_date,
        "birth_dates": list(found.birth_dates),
        "over_89": found.over_89,
        "known": [list(pair) for pair in found.known],
    }


@dataclass(frozen=True)
class HarvestTask:
    """The engine's task of pass 1.

    Parameters
    ----------
    source
        The source folder.
    keys
        Subkeys that name sources.
    shelf
        Where the rows are sealed.
    most
        The largest file in bytes that is read.
    """

    source: Path
    keys: SourceKeys
    shelf: Shelf
    most: int

    def open(self) -> None:
        """Load what the items need."""
        import pydicom  # noqa: F401

    def item(self, item: Entry) -> dict[str, Any]:
        """Look at one file."""
        return self._row(item, look(self.source, item, self.keys, self.most))

    def failed(self, item: Entry, code: str) -> dict[str, Any]:
        """Return the row of a file that no worker survives."""
        return self._row(item, {"kind": "unknown", "code": code, "content_key": None, "dicom": None})

    def _row(self, item: Entry, found: dict[str, Any]) -> dict[str, Any]:
        return {
            "relative": path_text(item.relative),
            "size": item.size,
            "modified": item.modified,
            "source": self.keys.source_id(self.shelf.number, item.relative),
            **found,
        }

    def store(self, shard: Shard, rows: list[dict[str, Any]]) -> None:
        """Seal a shard's rows in the vault."""
        self.shelf.put(f"harvest/{shard.number:08d}", rows)
