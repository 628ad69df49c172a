"""What a ledger says of its labels, for audits, drift and scores: collected once while the ledger is verified.

Holds per label its id, leaf hash and the fields that groups are made of; no value but a class or a grade.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from curator.labels.origin import counts_as_human, settles
from curator.provenance import records
from curator.provenance.kinds_life import ACCEPTED
from curator.provenance.state import Record


@dataclass(slots=True)
class Signed:
    """One signed label as its record tells it.

    Parameters
    ----------
    label, leaf, place
        Id, leaf hash (hex), index of the record.
    sample, path
        New SOP Instance UID (with the part of the sample where one is named), and path under ``clean/``.
    author, stage, kind, value
        Who, at which stage, what kind, and its class or grade (empty for other kinds).
    guideline
        Id and version.
    labeled, signed
        RFC 3339, UTC.
    origin, shown, changed
        human, model, interpolated or imported; whether a proposal was shown, and whether it was changed; None where
        that is not stated.
    ended
        Index of the record that ended it (superseded, withdrawn, resolved); None while it stands.
    human
        False for a model's label and one that was filled in.
    lost
        Whether it was withdrawn, or the consent of its patient was.
    settled
        Whether it settles what others read: an adjudication, a consensus, or a label over another person's.
    asked
        The scale of a grade, the system of a code; empty for other kinds.
    over
        Whether it was signed in place of an earlier label.
    """

    label: str
    leaf: str
    place: int
    sample: str
    path: str
    author: str
    stage: str
    kind: str
    value: str
    guideline: tuple[str, str]
    labeled: str
    signed: str
    origin: str | None
    shown: bool | None
    changed: bool | None
    ended: int | None = None
    human: bool = True
    lost: bool = False
    settled: bool = False
    asked: str = ""
    over: bool = False

    @property
    def reading(self) -> bool:
        """True for what its author read; one that was superseded still was a reading."""
        return self.human and not self.lost and not self.settled


class Finding(NamedTuple):
    """What one auditor said of one label: index of the record, lot, who, verdict."""

    place: int
    lot: str
    by: str
    verdict: str


@dataclass
class Collected:
    """Collects, as the ``visit`` of :func:`curator.provenance.verify.verify_ledger`."""

    labels: dict[str, Signed] = field(default_factory=dict)
    #: Label to (index, accepted) of each review.
    reviews: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    adjudicated: set[str] = field(default_factory=set)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    #: Name of a lot to the record that closed it; name to every record of a verdict.
    lots: dict[str, Record] = field(default_factory=dict)
    verdicts: dict[str, list[Record]] = field(default_factory=dict)
    #: Guideline id to its versions in the order of their registration.
    guidelines: dict[str, list[str]] = field(default_factory=dict)
    #: Pseudonyms whose consent was withdrawn.
    _gone: set[str] = field(default_factory=set, repr=False)

    def visit(self, record: Record) -> None:
        """Take the next record."""
        said, kind = record.predicate, record.kind
        if kind == records.LABEL:
            self._label(record)
        elif kind == records.GUIDELINE:
            stated = said["guideline"]
            self.guidelines.setdefault(stated["id"], []).append(stated["version"])
        elif kind == records.AUDIT_LOT:
            self.lots[_name(record, "lots/")] = record
        elif kind == records.AUDIT_VERDICT:
            self.verdicts.setdefault(_name(record, "lots/"), []).append(record)
        elif kind == records.AUDIT_RESULT:
            for one in record.subject:
                made = Finding(record.index, said["lot"]["name"], said["signer"], one["annotations"]["verdict"])
                self.findings.setdefault(one["name"].removeprefix("labels/"), []).append(made)
        elif kind in {records.REVIEWED, records.APPROVED, records.ADJUDICATED, records.WITHDRAWN}:
            self._life(record)
        elif kind == records.CONSENT:
            self._gone |= {one["name"].removeprefix("patients/") for one in record.subject}
            for known in self.labels.values():
                known.lost = known.lost or known.path.split("/")[1] in self._gone

    def _label(self, record: Record) -> None:
        said, subject = record.predicate, record.subject[0]
        over = self.labels.get(said["supersedes"]["labelId"]) if "supersedes" in said else None
        if over is not None:
            self._end(over.label, record.index)
        shown = said.get("preLabel", {})
        where = said.get("location")
        part = "" if where is None else "#" + ",".join(map(str, where.get("frames", [where.get("slice")])))
        self.labels[said["labelId"]] = Signed(
            said["labelId"],
            record.leaf.hex(),
            record.index,
            subject["annotations"]["sopInstanceUid"] + part,
            subject["name"],
            said["author"],
            said["stage"],
            said["kind"],
            class_of(said["value"]),
            (said["guideline"]["id"], said["guideline"]["version"]),
            said["labeledAt"],
            said["signedAt"],
            said.get("origin"),
            shown.get("shown"),
            shown.get("changed"),
            human=counts_as_human(said),
            lost=subject["name"].split("/")[1] in self._gone,
            settled=settles(said) or (over is not None and over.author != said["author"]),
            asked=_asked(said["kind"], said["value"]),
            over=over is not None,
        )

    def _life(self, record: Record) -> None:
        names = [one["name"].removeprefix("labels/") for one in record.subject]
        if record.kind == records.REVIEWED:
            for name in names:
                accepted = record.predicate["outcome"] == ACCEPTED
                self.reviews.setdefault(name, []).append((record.index, accepted))
        elif record.kind == records.APPROVED:
            self.approved.update(names)
        else:
            kept = record.predicate.get("result", {}).get("labelId")
            if kept is not None:
                self.adjudicated.add(kept)
                if kept not in names and kept in self.labels:
                    self.labels[kept].settled = True
            for name in names:
                if name != kept:
                    self._end(name, record.index)
                if record.kind == records.WITHDRAWN and name in self.labels:
                    self.labels[name].lost = True

    def _end(self, name: str, index: int) -> None:
        known = self.labels.get(name)
        if known is not None and known.ended is None:
            known.ended = index

    def standing(self, at: int | None = None) -> Iterator[Signed]:
        """Yield the labels that stood when a record was made, or now."""
        for one in self.labels.values():
            if at is None:
                if one.ended is None:
                    yield one
            elif one.place < at and (one.ended is None or one.ended >= at):
                yield one


def _name(record: Record, prefix: str) -> str:
    return str(record.subject[0]["name"]).removeprefix(prefix)


def _asked(kind: str, value: Any) -> str:
    named = {"grade": "scale", "code": "system"}.get(kind)
    return str(value.get(named, "")) if named is not None and isinstance(value, dict) else ""


def class_of(value: Any) -> str:
    """Return the class, the classes or the grade that a label's value names; an empty text where it names none."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    for name in ("class", "type", "sentiment", "code", "text"):
        if isinstance(value.get(name), str):
            return str(value[name])
    if isinstance(value.get("classes"), list):
        return " + ".join(map(str, value["classes"]))
    grade = value.get("grade")
    if isinstance(grade, dict):
        grade = grade.get("$decimal")
    return "" if grade is None else str(grade)
