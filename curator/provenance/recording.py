"""Record what became of people's training, policies, splits, patients and releases, and read it back.

Each function verifies the ledger whole, adds one record as one person, and seals. Errors are those of the draft in
:mod:`curator.provenance.kinds_people` or :mod:`curator.provenance.kinds_data`, and of
:func:`curator.provenance.append.sign_and_append`; when one is raised, nothing was added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curator.core.clock import Clock
from curator.provenance import kinds_data, kinds_people
from curator.provenance.append import sign_and_append
from curator.provenance.facts import Split
from curator.provenance.keys import PersonKey
from curator.provenance.ledger import Ledger
from curator.provenance.records import Draft
from curator.provenance.state import Record
from curator.provenance.typed import Guard, nobody
from curator.provenance.verify import verify_ledger


@dataclass(frozen=True)
class Recorder:
    """Adds records as one person.

    Parameters
    ----------
    ledger
        The ledger's folder.
    key
        Whose signature it is.
    clock
        For the records' times.
    guard
        Refuses texts that may hold an identifier.
    operator_seed
        The operator's private key, so that the operator signs the checkpoint too; or None.
    known
        Says of a pseudonym of another form than the program's whether this project gave it out.
    """

    ledger: Path
    key: PersonKey
    clock: Clock
    guard: Guard
    operator_seed: bytes | None = None
    known: Guard = nobody

    def _add(self, draft: Draft) -> Record:
        ledger = Ledger(self.ledger)
        return sign_and_append(ledger, [draft], self.key, self.clock, operator_seed=self.operator_seed)[0]

    def record_training(self, person: str, course: str, until: str, evidence: str) -> Record:
        """Record a training (:func:`curator.provenance.kinds_people.training`)."""
        return self._add(kinds_people.training(person, course, until, evidence, self.guard))

    def record_policy_change(self, old: tuple[str, str], new: tuple[str, str], reason: str) -> Record:
        """Record another scrub policy (:func:`curator.provenance.kinds_data.policy_change`)."""
        return self._add(kinds_data.policy_change(old, new, reason, self.guard))

    def record_access(
        self, accessor: str, purpose: str, *, samples: Iterable[str] = (), split: tuple[str, str] | None = None
    ) -> Record:
        """Record an access to samples or a split (:func:`curator.provenance.kinds_data.access`)."""
        return self._add(kinds_data.access(accessor, purpose, self.guard, samples=samples, split=split))

    def record_split(self, name: str, samples: Iterable[str], reason: str) -> Record:
        """Seal a split (:func:`curator.provenance.kinds_data.split_seal`)."""
        return self._add(kinds_data.split_seal(name, samples, reason, self.guard))

    def record_patients(self, action: str, pseudonyms: Iterable[str], kept: str, reason: str) -> Record:
        """Record that pseudonyms belong together, or do not (:func:`curator.provenance.kinds_data.patients_link`)."""
        return self._add(kinds_data.patients_link(action, pseudonyms, kept, reason, self.guard, self.known))

    def record_consent_withdrawal(self, patient: str, effective: str, code: str) -> Record:
        """Record a withdrawn consent (:func:`curator.provenance.kinds_data.consent_withdrawal`)."""
        return self._add(kinds_data.consent_withdrawal(patient, effective, code, self.known))

    def record_recall(self, version: str, samples: Iterable[str], reason: str) -> Record:
        """Record a recall (:func:`curator.provenance.kinds_data.recall`)."""
        return self._add(kinds_data.recall(version, samples, reason, self.guard))


def withdrawn_patients(ledger: Path) -> dict[str, int]:
    """Return the pseudonyms whose consent was withdrawn, each with its record's index, from a verified ledger."""
    return dict(verify_ledger(ledger).require().state.facts.withdrawn)


def sealed_splits(ledger: Path) -> dict[str, Split]:
    """Return the sealed splits by name, from a verified ledger."""
    return dict(verify_ledger(ledger).require().state.facts.splits)


def recalls(ledger: Path) -> tuple[tuple[str, int], ...]:
    """Return version and record's index of every recall, in order, from a verified ledger."""
    return verify_ledger(ledger).require().state.facts.recalls
