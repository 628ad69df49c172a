"""Withdrawal and recall: what leaves no more, which released versions hold it, and who has those.

A withdrawal is a signed record for each pseudonym of the patient. Files about many patients that hold one of these
pseudonyms, or of which that cannot be told, are recalled with it. The next version leaves out both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import IntegrityError, UsageError
from curator.core.files import translated
from curator.project import journal
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.kinds_data import MAX_SAMPLES, consent_withdrawal, recall
from curator.provenance.records import Draft
from curator.provenance.state import State
from curator.provenance.typed import Guard
from curator.release import layout
from curator.release.splits import Link
from curator.release.splits_patients import SHARED, patient_of
from curator.release.tree import content_of
from curator.release.versions import released

#: Kinds whose bytes are plain UTF-8, so that a pseudonym in them can be searched.
PLAIN = frozenset({"text", "csv", "json", "ndjson", "fhir", "hl7", "cda"})
UNRELEASED = "unreleased"
_MOST = 1 << 32


@dataclass(frozen=True)
class Affected:
    """A released version: whether it holds what is concerned (None where its package is not here), and recipients."""

    version: str
    holds: bool | None
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal comes to.

    Parameters
    ----------
    patients
        All pseudonyms of the patient that are not withdrawn yet.
    samples
        Samples of these patients.
    shared
        Files about many patients that go with them.
    drafts
        The records to sign.
    """

    patients: tuple[str, ...]
    samples: int
    shared: tuple[Sample, ...]
    drafts: tuple[Draft, ...]


def whole_person(pseudonyms: Iterable[str], links: Sequence[Link]) -> set[str]:
    """Return all pseudonyms of the persons behind some, by signed records."""
    found = set(pseudonyms)
    for link in links:
        if found.intersection(link.pseudonyms):
            found.update(link.pseudonyms)
    return found


def pseudonyms_of(project: Project) -> set[str]:
    """Return the pseudonyms of all patients who have samples of their own."""
    return {name for one in journal.samples(project) if (name := patient_of(one.path)) is not None}


def withdrawal(
    project: Project,
    state: State,
    links: Sequence[Link],
    pseudonyms: Iterable[str],
    effective: str,
    code: str,
    guard: Guard,
) -> Withdrawal:
    """Draft the withdrawal of a patient.

    Parameters
    ----------
    project, state, links
        The project, the sum of its ledger, the pseudonyms that records join.
    pseudonyms
        Of the patient.
    effective
        The day from which the site uses the data no more.
    code
        Reason code of :data:`curator.provenance.kinds_data.REASON_CODES`.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        REL-063 for a pseudonym that this project has not, REL-064 when all is withdrawn already.
    """
    samples = list(journal.samples(project))
    known = {patient_of(one.path) for one in samples} - {None}
    person = whole_person(pseudonyms, links)
    if not person & known:
        raise UsageError("REL-063")
    left = sorted(person & known - state.facts.withdrawn.keys())
    if not left:
        raise UsageError("REL-064")
    about = [one for one in samples if one.path.startswith(f"clean/{SHARED}/")]
    shared = tuple(
        one
        for one in about
        if one.sha256 not in state.facts.recalled and holds_any(project.root / one.path, one.kind, person)
    )

    def given_out(name: str) -> bool:
        return name in known

    drafts = [consent_withdrawal(name, effective, code, given_out) for name in left]
    drafts += recalls(project, (one.sha256 for one in shared), "holds rows of a patient who withdrew", guard)
    own = sum(patient_of(one.path) in person for one in samples)
    return Withdrawal(tuple(left), own, shared, tuple(drafts))


def holds_any(path: Path, kind: str, names: Iterable[str]) -> bool:
    """Say whether a file may hold one of some pseudonyms; yes where that cannot be told."""
    if kind not in PLAIN or not path.is_file():
        return True
    with translated():
        data = path.read_bytes()
    try:
        text = data.decode("utf-8").casefold()
    except UnicodeDecodeError:
        return True
    return "\0" in text or any(name.casefold() in text for name in names)


def recalls(
    project: Project, digests: Iterable[str], reason: str, guard: Guard, version: str | None = None
) -> list[Draft]:
    """Draft recalls of some files, each listing all of its own.

    Parameters
    ----------
    project
        The project.
    digests
        SHA-256 of the files.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    version
        The version in which they were found; None for the newest one.
    """
    wanted = sorted(set(digests))
    named = version if version is not None else next(iter(reversed(released(project))), UNRELEASED)
    return [recall(named, wanted[at : at + MAX_SAMPLES], reason, guard) for at in range(0, len(wanted), MAX_SAMPLES)]


def recalled_samples(project: Project, state: State, wanted: Iterable[str]) -> list[Sample]:
    """Return the samples that a user names by path, digest, UID or pseudonym, without those that are recalled.

    Raises
    ------
    UsageError
        REL-065 when one of them is not of this project, REL-064 when all are recalled already.
    """
    by_name: dict[str, list[Sample]] = {}
    for one in journal.samples(project):
        for name in {one.path, one.sha256, f"sha256:{one.sha256}", one.uid, patient_of(one.path) or one.path}:
            by_name.setdefault(name, []).append(one)
    names = sorted(set(wanted))
    lacking = sum(name not in by_name for name in names)
    if lacking or not names:
        raise UsageError("REL-065", count=lacking)
    found = {one.sha256: one for name in names for one in by_name[name] if one.sha256 not in state.facts.recalled}
    if not found:
        raise UsageError("REL-064")
    return sorted(found.values(), key=lambda one: one.path)


def affected(
    project: Project, sent: Mapping[str, Sequence[str]], patients: Iterable[str], digests: Iterable[str]
) -> list[Affected]:
    """Return every released version with whether it holds some patients or files, and who has it.

    Raises
    ------
    IntegrityError
        REL-020 for a package without its list of samples.
    """
    marks = [f'"path":"clean/{name}/'.encode() for name in patients]
    marks += [f'"sha256":"{digest}"'.encode() for digest in digests]
    made = []
    for version in released(project):
        package = project.releases / f"v{version}"
        holds = None
        if (package / layout.SIGNATURE).is_file():
            data = content_of(package / layout.SAMPLES, _MOST)
            if data is None:
                raise IntegrityError("REL-020", name=layout.SAMPLES)
            holds = any(mark in data for mark in marks)
        made.append(Affected(version, holds, tuple(sent.get(version, ()))))
    return made
