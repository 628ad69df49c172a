"""Worklists: what one person is asked to do at one stage; :mod:`curator.labels.consensus.returned` reads them back.

A worklist of a stage that shows nothing holds no word of anybody else's: no value, no number of readers, no order that
would tell. Its rows stand in an order of their own, drawn from the row's id. An id binds a row to dataset, stage,
person and sample, so that a row that comes back to the wrong place is known.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.labels.checks import plain
from curator.labels.consensus.opinions import Unit
from curator.labels.consensus.stages import Board, Case
from curator.labels.consensus.workflow import ADJUDICATE, APPROVE, LABEL, REVIEW, Stage
from curator.labels.values import settled, written
from curator.provenance import status
from curator.provenance.state import State

#: What a row of the CSV says; what stands behind ``fill`` is empty, for the person.
TOLD = ("item", "stage", "reader", "sample", "path", "part", "question", "labelId", "guideline", "opinions")
FILLED = ("kind", "value", "valueJson", "confidence", "confidenceScale", "labeledAt", "outcome")
#: What a cell of a spreadsheet holds.
_LONGEST_CELL = 32_000
_LETTERS = "bcdfghjklmnpqrst"


@dataclass(frozen=True)
class Row:
    """One thing to do: a sample (and part and question, or label, where the stage names them)."""

    item: str
    sample: str
    path: str
    part: str = ""
    question: str = ""
    label: str = ""
    opinions: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Worklist:
    """What one person is asked to do at one stage.

    Parameters
    ----------
    dataset, stage, reader
        Whose it is.
    guideline
        ``id@version`` and file name of the guideline to follow; None when none is registered.
    shows
        Whether it shows other people's labels.
    rows
        In the order of their ids.
    digests
        SHA-256 of the samples' files, sorted.
    """

    dataset: str
    stage: Stage
    reader: str
    guideline: tuple[str, str] | None
    shows: bool
    rows: tuple[Row, ...] = field(repr=False)
    digests: tuple[str, ...] = field(default=(), repr=False)


def item_of(dataset: str, stage: str, reader: str, *what: str) -> str:
    """Return the id of a row: a digest of what it is about and for whom."""
    digest = hashlib.sha256(canonical_bytes(["worklist-item", dataset, stage, reader, *what])).hexdigest()
    return "item-" + letters(digest)


def letters(digest: str) -> str:
    """Return the start of a digest in letters that make no word."""
    return "".join(_LETTERS[int(mark, 16)] for mark in digest[:24])


def worklist(board: Board, state: State, stage_name: str, reader: str, *, limit: int | None = None) -> Worklist:
    """Return what a person is asked to do.

    Parameters
    ----------
    board
        Where every sample stands.
    state
        Of the verified ledger.
    stage_name
        Of the workflow.
    reader
        Id of an enrolled person.
    limit
        So many samples at most; all when None.

    Raises
    ------
    UsageError
        CON-030 for an unknown stage, KEY-009 and KEY-010 for the person, CON-032 when none of the person's roles fits.
    """
    stage = board.workflow.stage(stage_name)
    person = state.enrolled(reader)
    if not set(person.roles) & set(stage.roles):
        raise UsageError("CON-032", roles=", ".join(stage.roles))
    rows: dict[str, list[Row]] = {}
    for uid, case in board.cases.items():
        if board.at[uid] == stage.name:
            found = _rows(board, state.dataset, case, stage, reader)
            if found:
                rows[uid] = found
    chosen = sorted(rows, key=lambda uid: rows[uid][0].item)[: len(rows) if limit is None else limit]
    listed = sorted((row for uid in chosen for row in rows[uid]), key=lambda row: row.item)
    newest = max(state.guidelines.values(), key=lambda one: one.index, default=None)
    return Worklist(
        state.dataset,
        stage,
        reader,
        None if newest is None else (f"{newest.id}@{newest.version}", newest.name),
        stage.shows or stage.act in {REVIEW, APPROVE},
        tuple(listed),
        tuple(sorted(board.cases[uid].sample.sha256 for uid in chosen)),
    )


def _rows(board: Board, dataset: str, case: Case, stage: Stage, reader: str) -> list[Row]:
    sample = case.sample
    if stage.act == LABEL:
        if reader in case.authors():
            return []
        return [Row(item_of(dataset, stage.name, reader, sample.uid), sample.uid, sample.path)]
    if stage.act == ADJUDICATE:
        if reader in case.authors():
            return []
        return [
            Row(
                item_of(dataset, stage.name, reader, sample.uid, unit.part, unit.question.text),
                sample.uid,
                sample.path,
                unit.part,
                unit.question.text,
                opinions=_opinions(unit) if stage.shows else (),
            )
            for unit in board.differs(board.units(case))
        ]
    return _judged(dataset, case, stage, reader)


def _judged(dataset: str, case: Case, stage: Stage, reader: str) -> list[Row]:
    """Return the labels that wait for somebody else's review or approval."""
    by_id = {one.signed.label_id: one for one in case.opinions}
    made = []
    for one in case.labels:
        waits = not one.marks & (status.REVIEWED | status.REJECTED | status.APPROVED)
        if stage.act == APPROVE:
            waits = bool(one.marks & status.REVIEWED) and not one.marks & status.APPROVED
        if one.signed.author == reader or not one.stands or not waits:
            continue
        name, opinion = one.signed.label_id, by_id.get(one.signed.label_id)
        value = () if opinion is None else ({"kind": opinion.question.kind, "value": opinion.value},)
        item = item_of(dataset, stage.name, reader, case.sample.uid, name)
        question = "" if opinion is None else opinion.question.text
        made.append(Row(item, case.sample.uid, case.sample.path, one.signed.part, question, name, value))
    return made


def _opinions(unit: Unit) -> tuple[Mapping[str, Any], ...]:
    """Return what was said, in the order of the values: neither who said it nor an id that would tell."""
    told = [
        {"value": one.value} | ({} if one.confidence is None else {"confidence": f"{one.confidence:.3f}"})
        for one in unit.opinions
    ]
    return tuple(sorted(told, key=lambda one: written(settled(one["value"]))))


def document(made: Worklist) -> dict[str, Any]:
    """Return a worklist as schemas/worklist.schema.json has it."""
    return {
        "format": 1,
        "dataset": made.dataset,
        "stage": made.stage.name,
        "act": made.stage.act,
        "reader": made.reader,
        "guideline": None if made.guideline is None else made.guideline[0],
        "guidelineFile": None if made.guideline is None else made.guideline[1],
        "showsLabels": made.shows,
        "samples": len(made.digests),
        "items": [
            {
                "item": row.item,
                "sample": row.sample,
                "path": row.path,
                "part": row.part,
                "question": row.question,
                **({"labelId": row.label} if row.label else {}),
                **({"opinions": [plain(settled(one)) for one in row.opinions]} if made.shows else {}),
            }
            for row in made.rows
        ],
    }


def as_csv(made: Worklist) -> bytes:
    """Return a worklist as CSV, with empty cells to fill."""
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow([*TOLD, *FILLED])
    for row in made.rows:
        opinions = written(settled(list(row.opinions))) if made.shows and row.opinions else ""
        if len(opinions) > _LONGEST_CELL:
            opinions = "see the JSON file"
        told = [row.item, made.stage.name, made.reader, row.sample, row.path, row.part, row.question, row.label]
        kind = row.question.partition(" ")[0] if made.stage.act == ADJUDICATE else ""
        guideline = "" if made.guideline is None else made.guideline[0]
        rows.writerow([*told, guideline, opinions, kind, *([""] * (len(FILLED) - 1))])
    return stream.getvalue().encode()
