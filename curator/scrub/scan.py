"""What is here, and where do identifiers stand: the answer to ``scan``. Counts and attribute paths, never a value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError, UsageError
from curator.core.types import Shard
from curator.intake.read import HEAD_BYTES, LOADED_MOST, MOST_BYTES, opened_source
from curator.intake.shards import cut
from curator.intake.walk import expanded, source_folder
from curator.scrub.delivery.harvest_pass import Entry, record_fields
from curator.scrub.policy import load_policy
from curator.scrub.route import MEDIA, route
from curator.scrub.treatment import Treatment

if TYPE_CHECKING:
    from curator.engine.protocol import Engine
    from curator.scrub.delivery.run import Watch

#: A scan keeps nothing and dates nothing: the day at which ages are judged is of no effect.
_NO_DAY = "20000101"
_COUNTERS = ("kinds", "modalities", "transfer_syntaxes", "sop_classes", "codes", "identifiers")


@dataclass
class ScanReport:
    """Counts over a source folder.

    Attributes
    ----------
    found
        Entries that are no folders.
    size
        Their bytes.
    kinds, modalities, transfer_syntaxes, sop_classes
        Name to number of files.
    codes
        Reason code to number of files that cannot be read whole or taken.
    identifiers
        (attribute path, category letter) to number of files in which an identifier stands there.
    """

    found: int = 0
    size: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    modalities: Counter[str] = field(default_factory=Counter)
    transfer_syntaxes: Counter[str] = field(default_factory=Counter)
    sop_classes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    identifiers: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, receipt: dict[str, Any]) -> None:
        """Add what a worker counted."""
        self.found += receipt["found"]
        self.size += receipt["size"]
        for name in _COUNTERS:
            getattr(self, name).update(receipt[name])


@dataclass(frozen=True)
class ScanTask:
    """The engine's task of a scan.

    Parameters
    ----------
    source
        The source folder.
    treatment
        For media that find whose a text is.
    most
        The largest file in bytes that is read.
    """

    source: Path
    treatment: Treatment
    most: int = MOST_BYTES

    def open(self) -> None:
        """Load what the items need."""
        from curator.scrub.dicom.warm import warm

        warm()

    def item(self, item: Entry) -> dict[str, Any]:
        """Look at one file."""
        from curator.scrub.dicom.harvest import harvest
        from curator.scrub.dicom.source import at_hand

        row: dict[str, Any] = {"size": item.size, "kind": "unknown", "code": item.code, "dicom": None, "where": []}
        if item.code is not None:
            return row
        if not item.size:
            return {**row, "kind": "empty"}
        try:
            with opened_source(
                self.source, item.relative, size=item.size, modified=item.modified, most=max(self.most, item.size)
            ) as stream:
                row["kind"] = route(stream.read(HEAD_BYTES), item.size, item.relative, stream)
                stream.seek(0)
                if row["kind"] != "dicom" and row["kind"] not in MEDIA:
                    return row
                limit = self.most if row["kind"] == "dicom" else min(self.most, LOADED_MOST)
                if item.size > limit:
                    raise ItemError("SRC-013", limit=limit >> 20)
                if row["kind"] == "dicom":
                    found = harvest(at_hand(stream, item.size))
                    row["where"] = list(found.where)
                    row["dicom"] = {
                        "modality": found.modality,
                        "transfer_syntax": found.transfer_syntax,
                        "sop_class": found.sop_class,
                    }
                else:
                    told = record_fields(MEDIA[row["kind"]], stream, item.size, self.treatment)
                    row["where"] = [(f"{row['kind']}: {place}", category) for place, category in told["where"]]
        except ItemError as error:
            row["code"] = error.code
        return row

    def failed(self, item: Entry, code: str) -> dict[str, Any]:
        """Return the row of a file that no worker survives."""
        return {"size": item.size, "kind": "unknown", "code": code, "dicom": None, "where": []}

    def store(self, shard: Shard, rows: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002 - the door\'s shape
        """Count a shard's rows; nothing is written."""
        from curator.formats.dicom.tables import modality_name, sop_class_name, transfer_syntax_name

        counts: dict[str, Any] = {name: Counter() for name in _COUNTERS}
        for row in rows:
            counts["kinds"][row["kind"]] += 1
            if row["code"] is not None:
                counts["codes"][row["code"]] += 1
            dicom = row["dicom"]
            if dicom is not None:
                # Names from tables only: what stands in a header may be anything.
                counts["modalities"][modality_name(dicom["modality"])] += 1
                counts["transfer_syntaxes"][transfer_syntax_name(dicom["transfer_syntax"])] += 1
                counts["sop_classes"][sop_class_name(dicom["sop_class"])] += 1
            counts["identifiers"].update({(path, str(category)) for path, category in row["where"]})
        return {"found": len(rows), "size": sum(row["size"] for row in rows), **counts}


def scan(source: Path, *, engine: Engine, watch: Watch, most: int = MOST_BYTES) -> ScanReport:
    """Count what a source folder holds. Writes nothing.

    Raises
    ------
    UsageError
        SRC-001 when it is no readable folder, SRC-002 when it is empty.
    """
    real = source_folder(source)
    entries = [Entry(found.relative, found.size, found.modified, found.code) for found in expanded(real)]
    if not entries:
        raise UsageError("SRC-002")
    report = ScanReport()
    with watch(len(entries), "scanning") as progress:
        engine.run(
            ScanTask(real, Treatment(load_policy("safe-harbor"), bytes(32), bytes(32), _NO_DAY), most),
            cut(entries, (entry.size for entry in entries)),
            commit=lambda _shard, receipt: report.add(receipt),
            advance=progress.advance,
            largest=min(max(entry.size for entry in entries), most),
            within=progress.within,
        )
    return report
