"""The labels of a subject as checks need them: each with its record, and whether it still stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from curator.audit.listed import Marks
from curator.audit.model import Subject
from curator.labels.origin import counts_as_human
from curator.provenance import records, status
from curator.provenance.state import Record

#: A longer text is no name of a class.
LONGEST = 64
_CLASS = re.compile(r"[^\W\d_][\w .,+()/:-]*")
_TELLS = re.compile(r"\d{4}|\d[-/.]\d")


def class_name(text: str, number: int) -> str:
    """Return a class as a report may show it: its name, or a number where it might be more than a name."""
    return text if _CLASS.fullmatch(text) and not _TELLS.search(text) else f"class {number}"


def record_at(index: int) -> str:
    """Return how a finding names a record."""
    return f"record {index}"


@dataclass(frozen=True, slots=True)
class Labeled:
    """A label.

    Parameters
    ----------
    record
        Its record.
    marks
        What became of it, of :mod:`curator.provenance.status`.
    """

    record: Record
    marks: int

    @property
    def said(self) -> dict[str, Any]:
        """What the record says."""
        return self.record.predicate

    @property
    def stands(self) -> bool:
        """True unless it was withdrawn, superseded, resolved or rejected."""
        return not self.marks & (status.ENDED | status.REJECTED)

    @property
    def uid(self) -> str:
        """The sample's new SOP Instance UID."""
        return str(self.record.subject[0]["annotations"]["sopInstanceUid"])

    @property
    def where(self) -> str:
        """How a finding names it: by its record, since its id may be of anybody's making."""
        return record_at(self.record.index)

    @property
    def klass(self) -> str | None:
        """The class that it gives, None for a label of another form."""
        value = self.said["value"]
        found = value.get("class") if isinstance(value, dict) else value
        return found if isinstance(found, str) and 0 < len(found) <= LONGEST else None

    @property
    def unit(self) -> str:
        """What was read: sample, kind, stage apart from it, part of the sample."""
        part = self.said.get("location", {})
        return f"{self.uid} {self.said['kind']} {part.get('frames', '')} {part.get('slice', '')}"


def labels(subject: Subject) -> Iterator[Labeled]:
    """Yield every label that the subject holds, in the order of signing."""
    state = subject.state()
    for record in subject.records():
        if record.kind == records.LABEL:
            known = state.labels.get(record.predicate["labelId"])
            # The newest record under an id is the one whose marks are known; ids are never used twice.
            yield Labeled(record, known.status if known is not None else 0)


def standing(subject: Subject) -> Iterator[Labeled]:
    """Yield the labels that stand."""
    return (one for one in labels(subject) if one.stands)


def readings(subject: Subject) -> Iterator[Labeled]:
    """Yield every class that a person gave and did not take back, also where an adjudication chose another one."""
    gone = status.WITHDRAWN | status.SUPERSEDED
    for one in labels(subject):
        if one.klass is not None and not one.marks & gone and counts_as_human(one.said):
            yield one


def indices(some: Iterable[Labeled]) -> Marks:
    """Return where the records of labels stand in the ledger, a bit each."""
    made = Marks()
    for one in some:
        made.add(one.record.index)
    return made
