"""Accesses to the splits that a performance is measured on, as the ledger's records tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curator.audit.cases import patient_of, seen
from curator.audit.model import JOURNAL, Subject
from curator.core.errors import UsageError
from curator.provenance.records import ACCESS
from curator.provenance.state import Record

#: Names of the splits that have to be sealed, where the settings name none.
TESTS = ("test",)


@dataclass(frozen=True)
class Access:
    """One recorded access to a split: its record, the split, and whether it is what somebody says of elsewhere."""

    record: Record
    split: str
    asserted: bool


def test_splits(subject: Subject, check: str) -> list[str]:
    """Return the names of the splits that are to be sealed: the setting ``tests``.

    Raises
    ------
    UsageError
        AUD-002 when the settings name a split that there is none of: it would be asked for in vain.
    """
    names = [str(one) for one in subject.threshold(check, "tests", list(TESTS))]
    if "tests" in subject.settings.get(check, {}):
        splits = seen(subject).splits
        there = {*(splits.of.values() if splits is not None else ()), *subject.state().facts.splits}
        if not set(names) <= there:
            raise UsageError("AUD-002", reason="'tests' names a split that does not exist")
    return names


def accesses(subject: Subject) -> Iterator[Access]:
    """Yield accesses, one a split: those that name a split, and those that name samples of a split's patients."""
    splits = seen(subject).splits
    owners: dict[str, str] = {}
    if splits is not None and (subject.has(JOURNAL) or subject.kind == "package"):
        for sample in subject.samples():
            name = patient_of(sample.path, {}, subject.kind)
            if name is not None and name in splits.of:
                owners[sample.sha256] = splits.of[name]
    for record in subject.records():
        if record.kind != ACCESS:
            continue
        named = {str(one["name"]).removeprefix("splits/") for one in record.subject if "name" in one}
        named |= {owners[one["digest"]["sha256"]] for one in record.subject if one["digest"]["sha256"] in owners}
        for split in sorted(named):
            yield Access(record, split, bool(record.predicate.get("asserted", False)))
