"""Worklists: what one person is asked to do at one stage, out to that person and back as a label file.

A worklist of a stage that shows nothing holds no word of anybody else's: no value, no number of readers, no order that
would tell. Its rows stand in an order of their own, drawn from the row's id. An id binds a row to dataset, stage,
person and sample, so that a row that comes back to the wrong place is known.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import CuratorError, ItemError, UsageError
from curator.labels.checks import Guard, check, plain
from curator.labels.consensus.opinions import Unit, location_of
from curator.labels.consensus.stages import Board, Case
from curator.labels.consensus.workflow import ADJUDICATE, APPROVE, LABEL, REVIEW, Stage
from curator.labels.reading import Raw, read
from curator.labels.values import settled, written
from curator.provenance import status
from curator.provenance.state import State

#: What a row of the CSV says; what stands behind ``fill`` is empty, for the person.
TOLD = ("item", "stage", "reader", "sample", "path", "part", "question", "labelId", "guideline", "opinions")
FILLED = ("kind", "value", "valueJson", "confidence", "confidenceScale", "labeledAt", "outcome")
OUTCOMES = ("accepted", "rejected")
_LETTERS = "bcdfghjklmnpqrst"
#: Kinds of which a sample has one value a reader.
_ONE = frozenset({"class", "classes", "grade", "sentiment"})


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
    return "item-" + _letters(digest)


def _letters(digest: str) -> str:
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
        told = [row.item, made.stage.name, made.reader, row.sample, row.path, row.part, row.question, row.label]
        kind = row.question.partition(" ")[0] if made.stage.act == ADJUDICATE else ""
        guideline = "" if made.guideline is None else made.guideline[0]
        rows.writerow([*told, guideline, opinions, kind, *([""] * (len(FILLED) - 1))])
    return stream.getvalue().encode()


@dataclass
class Imported:
    """What a filled worklist comes to: rows = filled + open + refused by code.

    Parameters
    ----------
    rows, left_open
        Rows read, and rows that nothing was filled in.
    issues
        (row from 2, code) of every refused row.
    lines
        Lines of the label file.
    judged
        Outcome of :data:`OUTCOMES` to label ids, for stages of review and approval.
    """

    rows: int = 0
    left_open: int = 0
    issues: list[tuple[int, CuratorError]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list, repr=False)
    judged: dict[str, list[str]] = field(default_factory=dict)

    @property
    def filled(self) -> int:
        """How many rows came to something."""
        return len(self.lines) + sum(map(len, self.judged.values()))

    def require(self) -> Imported:
        """Return this if no row was refused and something was filled in (CON-025, CON-026)."""
        if self.issues:
            raise UsageError("CON-025", count=len(self.issues), total=self.rows)
        if not self.filled:
            raise UsageError("CON-026", count=self.rows)
        return self


@dataclass(frozen=True)
class Back:
    """What a filled worklist is held against.

    Parameters
    ----------
    dataset, stage, reader
        Where it has to belong.
    samples
        UID to path of every sample of the project.
    labeled_at
        RFC 3339 for rows that do not say when; None when each has to.
    now
        The present moment, aware.
    guard
        Refuses texts that may hold an identifier.
    """

    dataset: str
    stage: Stage
    reader: str
    samples: Mapping[str, str]
    labeled_at: str | None
    now: datetime
    guard: Guard


def bring_back(data: bytes, back: Back, known: Callable[[str], bool]) -> Imported:
    """Read a filled worklist.

    Parameters
    ----------
    data
        The CSV file.
    back
        What it is held against.
    known
        Says whether a label id stands in the ledger.

    Returns
    -------
    Imported
        With one issue for each refused row: CON-020 unknown, CON-021 twice, CON-022 of another worklist, CON-023 filled
        in part, CON-024 not a label that could be signed.
    """
    made = Imported()
    seen: set[tuple[str, ...]] = set()
    for raw in _rows_of(data):
        made.rows += 1
        try:
            fields = _checked(raw, back)
            filled = {name: fields[name] for name in FILLED if name in fields}
            if back.stage.act in {REVIEW, APPROVE}:
                _take_judged(made, fields, filled, seen, known)
            elif not filled or filled.keys() == {"kind"}:
                made.left_open += 1
            else:
                line, key = _line(raw.line, fields, filled, back)
                if key in seen:
                    raise ItemError("CON-021")
                seen.add(key)
                made.lines.append(line)
        except CuratorError as error:
            made.issues.append((raw.line, error))
    return made


def _rows_of(data: bytes) -> Iterable[Raw]:
    # The value's JSON is read with the other cells as texts: a worklist has more columns than a label file.
    yield from read(data, "csv")


def _checked(raw: Raw, back: Back) -> dict[str, Any]:
    if raw.error is not None or raw.fields is None:
        raise ItemError("CON-023")
    fields = raw.fields
    told = {name: fields.get(name, "") for name in TOLD}
    if any(not isinstance(one, str) for one in told.values()) or fields.keys() - {*TOLD, *FILLED}:
        raise ItemError("CON-023")
    if told["sample"] not in back.samples:
        raise ItemError("CON-020")
    what = [told["sample"]]
    if back.stage.act == ADJUDICATE:
        what += [told["part"], told["question"]]
    elif back.stage.act in {REVIEW, APPROVE}:
        what.append(told["labelId"])
    whose = (told["stage"], told["reader"]) == (back.stage.name, back.reader)
    if not whose or told["item"] != item_of(back.dataset, back.stage.name, back.reader, *what):
        raise ItemError("CON-022")
    if told["path"] != back.samples[told["sample"]]:
        raise ItemError("CON-022")
    return fields


def _take_judged(
    made: Imported,
    fields: Mapping[str, Any],
    filled: Mapping[str, Any],
    seen: set[tuple[str, ...]],
    known: Callable[[str], bool],
) -> None:
    if not filled:
        made.left_open += 1
        return
    if filled.keys() != {"outcome"} or filled["outcome"] not in OUTCOMES:
        raise ItemError("CON-023")
    if not known(fields["labelId"]):
        raise ItemError("CON-020")
    if (fields["item"],) in seen:
        raise ItemError("CON-021")
    seen.add((fields["item"],))
    made.judged.setdefault(filled["outcome"], []).append(fields["labelId"])


def _line(number: int, fields: Mapping[str, Any], filled: dict[str, Any], back: Back) -> tuple[str, tuple[str, ...]]:
    """Return the line of a label, and what must not stand twice."""
    moment = filled.get("labeledAt", back.labeled_at)
    if "kind" not in filled or "value" not in fields or moment is None or "outcome" in filled:
        raise ItemError("CON-023")
    kind = filled["kind"]
    value = _value(kind, fields["value"])
    made: dict[str, Any] = {
        "sample": fields["sample"],
        "kind": kind,
        "value": value,
        "author": back.reader,
        "labeledAt": moment,
        "stage": back.stage.name,
        "origin": "human",
    }
    made |= {name: filled[name] for name in ("confidence", "confidenceScale") if name in filled}
    if fields.get("guideline"):
        made["guideline"] = fields["guideline"]
    location = location_of(fields["part"]) if fields.get("part") else None
    if location is not None:
        made["location"] = location
    if back.stage.act == ADJUDICATE:
        made["informationShown"] = ["other-reads"]
    said = {"item": fields["item"], "kind": kind, "value": plain(value)}
    made["labelId"] = "worklist-" + _letters(hashlib.sha256(canonical_bytes(said)).hexdigest())
    try:
        check(number, made, now=back.now, guard=back.guard)
    except CuratorError as error:
        raise ItemError("CON-024", inner=error.code) from None
    key = (fields["item"], kind) if kind in _ONE or back.stage.act == ADJUDICATE else (made["labelId"],)
    return written(settled(made)), key


def _value(kind: str, value: Any) -> Any:
    """Return a typed value: a class' bare name becomes the form of its kind."""
    if isinstance(value, str) and kind in {"class", "sentiment"}:
        return {kind: value}
    if isinstance(value, str) and kind == "classes":
        return {"classes": sorted({one.strip() for one in value.split(";") if one.strip()})}
    return value


def import_document(made: Imported, back: Back, written_to: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what an import came to; its counts close."""
    return {
        "stage": back.stage.name,
        "reader": back.reader,
        "rows": made.rows,
        "filled": made.filled,
        "open": made.left_open,
        "refused": len(made.issues),
        "issues": [
            {"line": line, "code": error.code, "sentence": error.sentence} for line, error in made.issues[:1000]
        ],
        "byCode": dict(sorted(Counter(error.code for _, error in made.issues).items())),
        "files": list(written_to),
    }
