"""The project's own label table (CSV as ``curator sign`` takes it): every kind, one row a label, nothing lost.

A row has the label's id, so that a row which comes back unchanged is known to be signed already; the table of records
beside it gives the leaf hashes. A value that stands in a file of its own is copied with it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from curator.core.errors import CuratorError, ItemError
from curator.labels.item import KINDS
from curator.labels.reading import NOTHING, VALUE_JSON
from curator.labels.signed import Signed
from curator.labels.values import written
from curator.labels.whole import digest_of_file, file_of, read_whole, signed_value
from curator.labels.writers.protocol import Clean, Told

FILE = "labels.csv"
COLUMNS = (
    *("labelId", "sample", "kind", VALUE_JSON, "author", "labeledAt", "confidence", "confidenceScale", "guideline"),
    *("tool", "stage", "supersedes", "reason", "truthBasis", "origin", "blinded", "independent", "informationShown"),
    *("frames", "slice", "preLabelShown", "preLabelChanged", "preLabelOrigin", "toolReviews"),
)
#: A cell that is longer is not read by ``curator sign``.
MAX_CELL = 1 << 17


class CsvTable:
    """Writer of label tables."""

    name = "csv"
    title = "CSV as curator sign takes it: every kind"
    kinds = KINDS

    def write(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write ``labels.csv``, and the files of large values below ``values``."""
        stream = io.StringIO(newline="")
        table = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        table.writeheader()
        copied: set[str] = set()
        for label in labels:
            try:
                row = _row(label, clean)
            except CuratorError as error:
                told.refuse(label, error)
                continue
            digest = digest_of_file(label.said["value"])
            if digest is not None and digest not in copied:
                copied.add(digest)
                told.put(f"values/{digest}.json", file_of(clean.root, digest).read_bytes())
            table.writerow(row)
            told.wrote(label, FILE)
        told.put(FILE, stream.getvalue().encode("utf-8"))


def _row(label: Signed, clean: Clean) -> dict[str, str]:
    said = label.said
    if label.sample is None:
        raise ItemError("EXP-005")
    read_whole(clean.root, said["value"])  # a value that is not there as signed is refused
    value = said["value"] if digest_of_file(said["value"]) else signed_value(clean.root, said["value"])
    cell = written(value)
    if len(cell) > MAX_CELL:
        raise ItemError("EXP-006", what="a value longer than a cell")
    made = {
        "labelId": label.label_id,
        "sample": label.path,
        "kind": label.kind,
        VALUE_JSON: cell,
        "author": label.author,
        "labeledAt": _local(said),
        "guideline": label.guideline,
        "stage": said["stage"],
    }
    for name in ("confidence", "confidenceScale", "truthBasis", "origin"):
        if name in said:
            made[name] = said[name]
    if "tool" in said:
        made["tool"] = f"{said['tool']['name']}@{said['tool']['version']}"
    if "supersedes" in said:
        made |= {"supersedes": said["supersedes"]["labelId"], "reason": said["supersedes"]["reason"]}
    for name in ("blinded", "independent"):
        if name in said:
            made[name] = _truth(said[name])
    if "informationShown" in said:
        made["informationShown"] = ";".join(said["informationShown"]) or NOTHING
    if "toolReviews" in said:
        made["toolReviews"] = written(said["toolReviews"])
    return {**made, **_part(label.part or {}), **_proposed(said.get("preLabel", {}))}


def _local(said: Mapping[str, Any]) -> str:
    """Return when a label was made, in the offset that it stated."""
    from datetime import datetime, timedelta, timezone

    moment = datetime.fromisoformat(said["labeledAt"])
    offset = said.get("labeledOffset", "+00:00")
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6])) * (-1 if offset[0] == "-" else 1)
    return moment.astimezone(timezone(shift)).isoformat(timespec="seconds")


def _part(part: Mapping[str, Any]) -> dict[str, str]:
    if "frames" in part:
        return {"frames": ";".join(map(str, part["frames"]))}
    return {"slice": str(part["slice"])} if "slice" in part else {}


def _proposed(said: Mapping[str, Any]) -> dict[str, str]:
    columns = {"shown": "preLabelShown", "changed": "preLabelChanged", "origin": "preLabelOrigin"}
    return {columns[name]: value if name == "origin" else _truth(value) for name, value in said.items()}


def _truth(value: bool) -> str:
    return "true" if value else "false"
