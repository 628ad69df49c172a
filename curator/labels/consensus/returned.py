"""Filled worklists: back from a person as a label file, or as lists of reviewed labels.

Every row is filled, open, or refused with a code; a row that does not belong here is never guessed into place.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import CuratorError, ItemError, UsageError
from curator.labels.checks import Guard, check, plain
from curator.labels.consensus.opinions import location_of
from curator.labels.consensus.workflow import ADJUDICATE, APPROVE, REVIEW, Stage
from curator.labels.consensus.worklist import FILLED, TOLD, item_of, letters
from curator.labels.reading import Raw, read
from curator.labels.values import settled, written

OUTCOMES = ("accepted", "rejected")
#: Kinds of which a sample has one value a reader.
_ONE = frozenset({"class", "classes", "grade", "sentiment"})


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
    for raw in read(data, "csv"):
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
    said: dict[str, Any] = {"item": fields["item"], "kind": kind}
    if kind not in _ONE:
        # Of the others a sample may have several; of these a second answer must meet the first one's id.
        said["value"] = plain(value)
    made["labelId"] = "worklist-" + letters(hashlib.sha256(canonical_bytes(said)).hexdigest())
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
