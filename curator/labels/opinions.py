"""The readings that stand in a ledger: what each reader said of each sample, and which labels are no reading.

A label of a model, or one filled in between others, is nobody's reading; it is left out and counted, and so is what was
withdrawn, corrected by its own author, or comes from an adjudication. A label that another person superseded stays a
reading: consensus does not undo an opinion. Reads only a ledger that was verified whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CheckError
from curator.labels.checks import DECIMAL_KEY
from curator.labels.origin import NOBODYS, counts_as_human, settles
from curator.labels.reading import Digits
from curator.labels.values import known_form
from curator.labels.whole import read_whole
from curator.provenance import records, roles
from curator.provenance.log import Log
from curator.provenance.state import LABEL_MARK

if TYPE_CHECKING:
    from curator.provenance.state import Record

#: Why labels are left out, in the order in which they are looked for.
REASONS = {
    "model": "made by a model",
    "interpolated": "filled in between others",
    "consent": "of a patient whose consent was withdrawn",
    "withdrawn": "withdrawn",
    "corrected": "superseded by their own author",
    "adjudication": "of an adjudication or consensus, or superseding another person's label",
    "loose-ends": "relations of which an end is no reading",
    "other-form": "of a form that is not compared",
}
_MOST_VALUES = 2_000_000
#: Kinds that no relation joins.
_NO_ENDS = frozenset({"mask", "volume-mask", "track", "relation"})


@dataclass(frozen=True)
class Opinion:
    """One label that is a reading.

    Parameters
    ----------
    leaf
        Leaf hash of its record, hex.
    sample, sha256, content, path
        New SOP Instance UID, digests of the file that was labeled and of its content, path under clean/.
    part
        What part of the sample, as canonical text; empty for all of it.
    kind, value
        As :data:`curator.labels.item.KINDS` has them; numbers are int or float. A relation has the values of the
        labels that it joins in place of their ids.
    author, at
        Who, and when as claimed (RFC 3339, UTC).
    guideline
        Id and version, as ``chest@1.0``.
    stage, tool
        As signed; an empty text for no tool.
    confidence
        As signed, with its scale; None when not stated.
    attested
        Signed by somebody who imported it, not by its author.
    label_id
        Id of the label.
    """

    leaf: str
    sample: str
    sha256: str
    content: str
    path: str
    part: str
    kind: str
    value: Any = field(repr=False)
    author: str
    at: str
    guideline: str
    stage: str
    tool: str
    confidence: tuple[float, str] | None
    attested: bool
    label_id: str = ""


@dataclass
class Opinions:
    """All readings of a ledger.

    Parameters
    ----------
    log
        The verified ledger.
    used
        In the order of the ledger.
    labels
        Labels looked at, of the kinds that were asked for.
    left_out
        Reason of :data:`REASONS` to number of labels.
    unstated
        Readings whose origin is not stated; they are counted as a person's.
    read
        (author, sample) of readings of any kind: who looked at what, also where nothing was drawn.
    """

    log: Log
    used: list[Opinion] = field(default_factory=list)
    labels: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unstated: int = 0
    read: set[tuple[str, str]] = field(default_factory=set)

    def of(self, *kinds: str) -> list[Opinion]:
        """Return the readings of some kinds."""
        return [one for one in self.used if one.kind in kinds]

    def document(self) -> dict[str, Any]:
        """Return what was counted, as reports have it."""
        return {
            "records": self.log.report.size,
            "root": self.log.report.root.hex(),
            "labels": self.labels,
            "used": len(self.used),
            "left_out": {reason: self.left_out[reason] for reason in REASONS},
            "origin_not_stated": self.unstated,
        }


def opinions(root: Path, log: Log, kinds: frozenset[str] | None = None, *, values: bool = True) -> Opinions:
    """Collect the readings of a ledger.

    Parameters
    ----------
    root
        The project's root, for values that stand in files.
    log
        The ledger, verified.
    kinds
        Kinds of labels to count; all when None.
    values
        Read the values of those kinds too.

    Raises
    ------
    UsageError
        LBL-043 when a value that stands in a file is lacking or was changed.
    CheckError
        LRP-002 for more readings than fit into memory.
    """
    ends = _ends(log)
    found = Opinions(log)
    #: Whose label of which sample each id is, with its value: what relations join.
    joined: dict[str, tuple[str, str, Any]] = {}
    relations = values and (kinds is None or "relation" in kinds)
    for record in _labels(log):
        said = record.predicate
        reason = _left_out(record, ends)
        counted = kinds is None or said["kind"] in kinds
        if reason is None:
            found.read.add((said["author"], record.subject[0]["annotations"]["sopInstanceUid"]))
        if counted:
            found.labels += 1
            if reason is not None:
                found.left_out[reason] += 1
        if reason is not None or not (counted or (relations and said["kind"] not in _NO_ENDS)):
            continue
        value = said["value"]
        whole = read_whole(root, value) if values else None
        value = _digits(value if whole is None else whole)
        if values and not known_form(said["kind"], value):
            found.left_out["other-form"] += counted
            continue
        one = _opinion(record, _plain(value) if values else None)
        if relations and one.kind != "relation":
            joined[one.label_id] = (one.author, one.sample, one.value)
        if counted:
            found.unstated += "origin" not in said
            found.used.append(one)
        if max(len(found.used), len(joined)) > _MOST_VALUES:
            raise CheckError("LRP-002", most=_MOST_VALUES)
    if relations:
        _join(found, joined)
    return found


def _join(found: Opinions, joined: dict[str, tuple[str, str, Any]]) -> None:
    """Put the values of the joined labels into relations; one with an end that is no reading of its author is none."""
    kept = []
    for one in found.used:
        if one.kind != "relation":
            kept.append(one)
            continue
        values = []
        for end in ("from", "to"):
            author, sample, value = joined.get(one.value[end], ("", "", None))
            if (author, sample) == (one.author, one.sample):
                values.append(value)
        if len(values) < 2:
            found.left_out["loose-ends"] += 1
            continue
        kept.append(replace(one, value={"type": one.value["type"], "from": values[0], "to": values[1]}))
    found.used = kept


def _labels(log: Log) -> Iterator[Record]:
    for row in log.rows():
        if row.record.kind == records.LABEL and LABEL_MARK in row.envelope.payload:
            yield row.record


@dataclass
class _Ends:
    """What became of labels.

    Label id to its author, and to who superseded it; ids of withdrawn labels and of results of adjudications; patients
    whose consent was withdrawn, from whatever day on, since a report is a new use.
    """

    authors: dict[str, str] = field(default_factory=dict)
    superseded: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    results: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


def _ends(log: Log) -> _Ends:
    made = _Ends()
    for row in log.rows():
        said, kind = row.record.predicate, row.record.kind
        if kind == records.LABEL:
            made.authors[said["labelId"]] = said["author"]
            if "supersedes" in said:
                made.superseded[said["supersedes"]["labelId"]] = said["author"]
        elif kind == records.WITHDRAWN:
            made.withdrawn |= {one["name"].removeprefix("labels/") for one in row.record.subject}
        elif kind == records.CONSENT:
            made.gone |= {one["name"].removeprefix("patients/") for one in row.record.subject}
        elif kind == records.ADJUDICATED:
            # A result that is one of those resolved is a reader's opinion that was followed; another one is new.
            made.results |= {said["result"]["labelId"]} - {
                one["name"].removeprefix("labels/") for one in row.record.subject
            }
    return made


def _left_out(record: Record, ends: _Ends) -> str | None:
    said = record.predicate
    name, author = said["labelId"], said["author"]
    if record.subject[0]["name"].split("/")[1] in ends.gone:
        return "consent"
    if not counts_as_human(said):
        return str(said["origin"]) if said.get("origin") in NOBODYS else "interpolated"
    if name in ends.withdrawn:
        return "withdrawn"
    if ends.superseded.get(name) == author:
        return "corrected"
    earlier = (said.get("supersedes") or {}).get("labelId")
    over_another = earlier is not None and ends.authors.get(earlier) != author
    return "adjudication" if settles(said) or name in ends.results or over_another else None


def _opinion(record: Record, value: Any) -> Opinion:
    said, subject = record.predicate, record.subject[0]
    guideline, tool = said["guideline"], said.get("tool")
    stated = said.get("confidence")
    location = said.get("location")
    return Opinion(
        leaf=record.leaf.hex(),
        sample=subject["annotations"]["sopInstanceUid"],
        sha256=subject["digest"]["sha256"],
        content=subject["digest"]["contentSha256"],
        path=subject["name"],
        part="" if not location else json.dumps(location, sort_keys=True),
        kind=said["kind"],
        value=value,
        author=said["author"],
        at=said["labeledAt"],
        guideline=f"{guideline['id']}@{guideline['version']}",
        stage=said["stage"],
        tool="" if tool is None else f"{tool['name']} {tool['version']}",
        confidence=None if stated is None else (float(stated), said.get("confidenceScale", "probability-0-1")),
        attested=said["meaning"] == roles.ATTESTATION,
        label_id=said["labelId"],
    )


def _digits(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {DECIMAL_KEY}:
            return Digits(value[DECIMAL_KEY])
        return {name: _digits(inner) for name, inner in value.items()}
    return [_digits(inner) for inner in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """Return a checked value with its fractions as floats."""
    if isinstance(value, Digits):
        return float(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
