"""Toloka TSV: assignments, a row each answer of a performer to a task.

Format: toloka-kit (``GetAssignmentsTsvParameters``) and the page "Downloading results". Its times are UTC. Columns are
``INPUT:``, ``OUTPUT:``, ``GOLDEN:``, ``HINT:``, ``ASSIGNMENT:``. One output column is the class itself; of several,
each is the class ``column: answer``. A row whose ``GOLDEN:`` columns are filled is a control task: its labels have the
stage ``golden``. Other rows have the status of the assignment as their stage. Areas on pictures are fractions of a
size that the file does not state, and are refused.

The sample is the text of the ``INPUT:`` column where there is one, or of the first of the usual names among several.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers.vendor_fields import Maker, instant, label_id, no_label, stage, told
from curator.labels.readers.vendor_stream import readable

_SAMPLES = ("image", "image_url", "img", "file", "filename", "path", "url", "video", "audio", "text", "id")
_LONGEST = 1 << 24


class Toloka:
    """Reader of Toloka's assignments."""

    name = "toloka"
    title = "Toloka assignments (TSV)"
    lacks = (
        Lack("confidence", "Aggregate in Toloka and bring the result in by a mapping; assignments carry none."),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the header has Toloka's columns."""
        first = head.split(b"\n", 1)[0]
        return path.is_file() and b"INPUT:" in first and b"ASSIGNMENT:" in first and b"\t" in first

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label for each filled output column of each row."""
        yield from told(_rows(path))


def _rows(path: Path) -> Iterator[Maker]:
    csv.field_size_limit(_LONGEST)
    try:
        with readable(), path.open(encoding="utf-8-sig", newline="") as stream:
            lines = csv.reader(stream, delimiter="\t", strict=True)
            header = next(lines, [])
            if "ASSIGNMENT:assignment_id" not in header or len(set(header)) != len(header):
                raise UsageError("IMP-001", format=Toloka.title)
            outputs = [column for column in header if column.startswith("OUTPUT:")]
            if not outputs:
                raise UsageError("IMP-001", format=Toloka.title)
            for at, cells in enumerate(lines, start=2):
                if not any(cells):
                    continue
                if len(cells) != len(header):
                    yield f"row {at}", no_label("IMP-035")
                    continue
                row = dict(zip(header, cells, strict=True))
                filled = [column for column in outputs if row[column].strip()]
                for column in filled:
                    yield (
                        f"row {at}, output {outputs.index(column) + 1}",
                        lambda row=row, column=column, at=at: _label(row, column, outputs, at),  # type: ignore[misc]
                    )
                if not filled:
                    yield f"row {at}", no_label("IMP-023", what="its answer")
    except csv.Error:
        raise UsageError("IMP-003", reason="a row is not whole") from None


def _label(row: dict[str, str], column: str, outputs: list[str], at: int) -> Item:
    answer = row[column].strip()
    if answer[:1] in "[{":
        raise ItemError("IMP-036" if '"shape"' in answer else "IMP-035")
    inputs = {key.removeprefix("INPUT:"): value for key, value in row.items() if key.startswith("INPUT:")}
    known = [name for name in _SAMPLES if inputs.get(name)]
    name = next(iter(inputs.values())) if len(inputs) == 1 else inputs[known[0]] if known else ""
    if not name:
        raise ItemError("IMP-023", what="the name of its sample")
    golden = any(value.strip() for key, value in row.items() if key.startswith("GOLDEN:"))
    status = row.get("ASSIGNMENT:status", "")
    question = column.removeprefix("OUTPUT:")
    submitted = _utc(row.get("ASSIGNMENT:submitted"))
    used = {column, "ASSIGNMENT:worker_id", "ASSIGNMENT:link"} | ({"ASSIGNMENT:submitted"} if submitted else set())
    return Item(
        "",
        label_id("toloka", row["ASSIGNMENT:assignment_id"] or f"row:{at}", row.get("ASSIGNMENT:task_id") or at,
                 outputs.index(column) + 1),
        Named("text" if name == inputs.get("text") else "file", name),
        "class",
        {"class": answer if len(outputs) == 1 else f"{question}: {answer}"},
        author=row.get("ASSIGNMENT:worker_id") or None,
        labeled_at=submitted,
        stage="golden" if golden else stage(status),
        reviews=_reviews(row, status),
        origin="human",
        tool=("Toloka", "unknown"),
        kept={key: value for key, value in row.items() if value and key not in used},
    )  # fmt: skip


def _utc(value: Any) -> str | None:
    return instant(f"{value}Z") if isinstance(value, str) and value else None


def _reviews(row: dict[str, str], status: str) -> tuple[Review, ...]:
    accepted, rejected = _utc(row.get("ASSIGNMENT:accepted")), _utc(row.get("ASSIGNMENT:rejected"))
    if status.upper() in {"APPROVED", "ACCEPTED"}:
        return (Review(None, accepted, "accepted"),)
    if status.upper() == "REJECTED":
        return (Review(None, rejected, "rejected"),)
    return ()
