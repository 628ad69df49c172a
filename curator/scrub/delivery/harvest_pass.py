"""Pass 1, in the workers: sniff each file, and take from it what pass 2 has to know about all of them.

Rows hold identifiers and go into the vault only.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from curator.core import strides
from curator.core.errors import CuratorError, ItemError
from curator.core.types import Shard
from curator.formats.dicom import ranged
from curator.formats.dicom.ranged import Ranged
from curator.intake.read import HEAD_BYTES, LOADED_MOST, is_member, opened_handle, opened_source, read_on
from curator.intake.sniff import Kind, sniff
from curator.scrub.delivery import met
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.state import Shelf, path_text
from curator.scrub.dicom.source import at_hand, loaded
from curator.scrub.route import CODE_OF_KIND, MEDIA, medium_of, route

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

Found = TypeVar("Found")
#: What a row carries to where it is stored, and no further.
MET = "met"


@dataclass(frozen=True)
class Entry:
    """One line of the inventory, as a worker gets it."""

    relative: bytes
    size: int
    modified: int
    code: str | None


def look(source: Path, entry: Entry, keys: SourceKeys, most: int, treatment: Treatment) -> dict[str, Any]:
    """Sniff one file and harvest it.

    Returns
    -------
    dict
        ``kind``, ``code`` (None when it may be scrubbed), ``content_key``, and ``dicom`` or ``record`` (the harvest's
        fields).
    """
    row = unread(entry.code)
    if entry.code is not None:
        return row
    if not entry.size:
        return {**row, "kind": "empty", "code": CODE_OF_KIND["empty"]}
    most_read = max(most, entry.size)
    try:
        if is_member(entry.relative):
            with opened_source(
                source, entry.relative, size=entry.size, modified=entry.modified, most=most_read
            ) as stream:
                _look_into(stream, entry, keys, most, treatment, row)
            return row
        with opened_handle(source, entry.relative, size=entry.size, modified=entry.modified, most=most_read) as handle:
            head = read_on(handle, HEAD_BYTES)
            if sniff(head, entry.size) is Kind.DICOM and entry.size <= min(most, ranged.LOADED_MOST):
                row["kind"] = str(Kind.DICOM)
                # Reading the head once more is cheaper than joining a rest of megabytes to it.
                data = loaded(handle, entry.size, head) if entry.size <= len(head) else _anew(handle, entry.size)
                _look_at_object(data, keys, row)
            else:
                os.lseek(handle, 0, os.SEEK_SET)
                with os.fdopen(handle, "rb", closefd=False) as stream:
                    _look_into(stream, entry, keys, most, treatment, row)
    except ItemError as error:
        row["code"] = error.code
    return row


def _anew(handle: int, size: int) -> bytes:
    """Return all bytes of an open file of which the first ones have been read."""
    os.lseek(handle, 0, os.SEEK_SET)
    return loaded(handle, size)


def _look_into(
    stream: BinaryIO, entry: Entry, keys: SourceKeys, most: int, treatment: Treatment, row: dict[str, Any]
) -> None:
    """Fill in the row of a file of any kind."""
    kind = route(stream.read(HEAD_BYTES), entry.size, entry.relative, stream)
    stream.seek(0)
    row["kind"] = kind
    if kind in CODE_OF_KIND:
        row["code"] = CODE_OF_KIND[kind]
    elif kind != "dicom" and kind not in MEDIA:
        row["code"] = "SRC-009"
    elif entry.size > (limit := most if kind == "dicom" else min(most, LOADED_MOST)):
        raise ItemError("SRC-013", limit=limit >> 20)
    elif kind == "dicom":
        _look_at_object(at_hand(stream, entry.size), keys, row)
    else:
        row["content_key"] = keys.content_of(stream)
        row["record"] = record_fields(MEDIA[kind], stream, entry.size, treatment)


def _look_at_object(data: bytes | Ranged, keys: SourceKeys, row: dict[str, Any]) -> None:
    """Fill in the row of a DICOM object."""
    from curator.scrub.dicom.harvest import harvest  # heavy, and of no use to the parent

    row["content_key"] = keys.content_id(data)
    row["dicom"] = fields_of(harvest(data))


def unread(code: str | None) -> dict[str, Any]:
    """Return the fields of a file that nothing is known of."""
    return {"kind": "unknown", "code": code, "content_key": None, "dicom": None, "record": None}


def record_fields(medium: str, stream: BinaryIO, size: int, treatment: Treatment) -> dict[str, Any]:
    """Harvest a file that is no DICOM object and return what the freeze needs, as plain values.

    Raises
    ------
    ItemError
        As the medium says; SRC-014 when it fails in a way that it did not foresee.
    """
    from curator.scrub.dicom.harvest import is_placeholder

    door = medium_of(medium)
    with strides.over(size):
        found = guarded(lambda: door.harvest(stream, size, treatment))
    return {
        "medium": medium,
        "suffix": found.suffix,
        "mentions": list(found.mentions),
        "where": [list(pair) for pair in found.where],
        "people": [
            {
                "ids": [list(one) for one in person.ids if not is_placeholder(one[2])],
                "known": [[category, value] for category, value in person.known if not is_placeholder(value)],
                "birth_dates": list(person.birth_dates),
                "last_date": person.last_date,
                "over_89": person.over_89,
            }
            for person in found.people
        ],
    }


def guarded(action: Callable[[], Found]) -> Found:
    """Run a medium on hostile bytes; what it raises unforeseen becomes SRC-014, since its text may quote the file.

    Raises
    ------
    ItemError
        What the medium says, SRC-005 for a device that fails, SRC-014 for the rest.
    """
    code = "SRC-014"
    try:
        return action()
    except (CuratorError, MemoryError):
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        code = "SRC-005" if error.errno == errno.EIO else code
    except Exception:  # noqa: BLE001 - a parser may raise anything
        code = "SRC-014"
    raise ItemError(code)


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
        "zero": list(found.zero) if found.zero is not None else None,
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
    treatment
        The policy, for media that find whose a text is.
    """

    source: Path
    keys: SourceKeys
    shelf: Shelf
    most: int
    treatment: Treatment

    def open(self) -> None:
        """Load what the items need."""
        import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401 - each worker would read it anew

        from curator.scrub.dicom.warm import warm

        warm()

    def item(self, item: Entry) -> dict[str, Any]:
        """Look at one file."""
        noted = self.treatment.met
        aside = met.Aside(self.shelf, self.keys.source_id(self.shelf.number, item.relative))
        noted.clear(keeps=met.counts(self.treatment), aside=aside)
        try:
            row = self._row(item, look(self.source, item, self.keys, self.most, self.treatment))
            return {**row, MET: [noted.document(), aside.parts]}
        finally:
            noted.clear()

    def failed(self, item: Entry, code: str) -> dict[str, Any]:
        """Return the row of a file that no worker survives."""
        return self._row(item, unread(code))

    def _row(self, item: Entry, found: dict[str, Any]) -> dict[str, Any]:
        return {
            "relative": path_text(item.relative),
            "size": item.size,
            "modified": item.modified,
            "source": self.keys.source_id(self.shelf.number, item.relative),
            **found,
        }

    def store(self, shard: Shard, rows: list[dict[str, Any]]) -> None:
        """Seal a shard's rows in the vault, and apart from them what was found in their texts."""
        met.keep(self.shelf, shard.number, {row["source"]: row.pop(MET, None) for row in rows}, self.treatment)
        self.shelf.put(f"harvest/{shard.number:08d}", rows)
