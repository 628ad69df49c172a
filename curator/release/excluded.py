"""Which samples leave no more: of patients whose consent was withdrawn, and those that were recalled.

Read from signed records alone, by the builder and by whoever verifies a package, so that both leave out the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from curator.core.errors import CheckError
from curator.project import journal
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.state import State
from curator.release.splits_patients import patient_of


@dataclass(frozen=True)
class Excluded:
    """What leaves no more.

    Parameters
    ----------
    patients
        Pseudonyms whose consent was withdrawn.
    recalled
        SHA-256 (hex) of recalled files.
    project
        Where :meth:`gone` looks; None in a package.
    """

    patients: frozenset[str]
    recalled: frozenset[str]
    project: Project | None = None

    def holds(self, sample: Sample) -> bool:
        """Say whether a sample may leave no more."""
        return self.names(sample.path, sample.sha256)

    def names(self, path: str, sha256: str) -> bool:
        """Say so of a file by its path, from ``clean/`` on, and its SHA-256 (hex)."""
        return sha256 in self.recalled or patient_of(path) in self.patients

    def kept(self, samples: Iterable[Sample]) -> Iterable[Sample]:
        """Return the samples that may leave: the very ones given, where nothing is excluded."""
        if not self.patients and not self.recalled:
            return samples
        return (sample for sample in samples if not self.holds(sample))

    def gone(self, digests: Iterable[str]) -> set[str]:
        """Return those of some digests that may leave no more, or whose file was replaced by a corrected one."""
        assert self.project is not None
        here = {sample.sha256 for sample in self.kept(journal.samples(self.project))}
        return set(digests) - here


def excluded_of(project: Project | None, state: State) -> Excluded:
    """Return what the records of a ledger exclude.

    Raises
    ------
    CheckError
        REL-050 when a recall does not list its files, so that nobody can tell which they are.
    """
    facts = state.facts
    if facts.unlisted:
        raise CheckError("REL-050", count=facts.unlisted)
    return Excluded(frozenset(facts.withdrawn), frozenset(facts.recalled), project)
