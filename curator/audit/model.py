"""What a check of the audit is, what it is given, and what it answers.

A check is one file in :mod:`curator.audit.checks` with one object that keeps the :class:`Check` protocol. Work on
single files goes into a :class:`Probe`, whose findings are kept by the file's digest, so that a second audit looks only
at what changed. A check never guesses: what it could not look at whole is :data:`Outcome.COULD_NOT_CHECK`. No value of
the data may stand in an answer: counts, the program's own words, paths below clean/ and leaf hashes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from curator.project.journal import Sample
    from curator.project.paths import Project
    from curator.provenance.state import Record, State


class Outcome(StrEnum):
    """What a check answers."""

    PASS = "PASS"  # noqa: S105 - an outcome
    FAIL = "FAIL"
    COULD_NOT_CHECK = "COULD_NOT_CHECK"
    #: Was run by the holder of the vault over these very bytes, and signed.
    ATTESTED = "ATTESTED"
    #: There is nothing that the check is about, such as splits where none were made; never counts as passed.
    NOT_APPLICABLE = "NOT_APPLICABLE"
    #: Switched off in the project's settings; keeps the gate from passing. Given by the runner alone.
    NOT_RUN = "NOT_RUN"


class Severity(StrEnum):
    """What a failed check means for the gate: ``blocker`` and ``major`` close it, ``minor`` is reported."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"


#: What a check may need besides the files: without it, it cannot be run, and an attestation may stand in its place.
VAULT, LEDGER, JOURNAL, POLICY, SPLITS, TABLE = "vault", "ledger", "journal", "policy", "splits", "table"


@dataclass(frozen=True, slots=True)
class File:
    """One file of what leaves.

    Parameters
    ----------
    path
        Relative to the project's root or the package's payload, POSIX, such as ``clean/...``.
    size
        Bytes.
    sha256
        Hex, computed from the bytes by this audit.
    kind
        By content: ``dicom``, ``nifti``, ``text``, ``csv``, ``json``, ``pdf``, ``parquet``, ``png`` ... or ``unknown``.
    """

    path: str
    size: int
    sha256: str
    kind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of evidence: where (a path, a leaf hash, a pseudonym), what in the program's own words, how often."""

    where: str
    what: str
    count: int = 1


@dataclass(frozen=True)
class Answer:
    """What a check found.

    Parameters
    ----------
    outcome
        Of :class:`Outcome`.
    summary
        One sentence with the numbers that decide.
    figures
        Numbers by name, for the report and for thresholds; intervals as ``[low, high]``.
    findings
        The first ones, at most :data:`SHOWN`; ``total`` counts all.
    total
        How many findings there are.
    tables
        Tables for the report: name to rows of equal keys, such as a distribution by split.
    """

    outcome: Outcome
    summary: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    total: int = 0
    tables: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)


#: Findings that stand in a report, check by check; all are counted.
SHOWN = 200


class Probe(Protocol):
    """Work on one file at a time; run in worker processes, so it is picklable and keeps nothing between files.

    What :meth:`look` returns is JSON, kept under (name, version, parameters, the file's digest): it depends on the
    bytes alone, never on the path. It holds no value that could name a person: a probe that needs the known
    identifiers returns counts only, and names them in ``parameters`` by a keyed digest.

    A probe may have a method ``prepare()``, called once in each worker before its first file: heavy imports, tables.
    """

    name: str
    version: int

    def wants(self, file: File) -> bool:
        """Say whether this file is looked at."""
        ...

    def parameters(self) -> Mapping[str, Any]:
        """Return what the result depends on besides the bytes (digests, thresholds), as JSON."""
        ...

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Look at one file. Raises CuratorError or OSError when it could not be looked at whole."""
        ...


@dataclass(frozen=True, slots=True)
class Looked:
    """What a probe saw of one file: ``found``, or ``code`` when the file could not be looked at whole."""

    file: File
    found: dict[str, Any] | None
    code: str = ""


class Subject(Protocol):
    """What is audited, and all that a check may ask about it."""

    #: ``project``, ``package`` or ``folder``.
    kind: str
    #: The project's settings ``[audit.<check id>]`` and ``[audit]``, or defaults.
    settings: Mapping[str, Any]
    project: Project | None
    #: The project whose vault is open, if one is.
    origin: Project | None

    def has(self, what: str) -> bool:
        """Say whether :data:`VAULT`, :data:`LEDGER` ... is at hand."""
        ...

    def files(self) -> Iterator[File]:
        """Yield everything that leaves, sorted by path."""
        ...

    def open(self, file: File) -> BinaryIO:
        """Open one file; no link is followed."""
        ...

    def samples(self) -> Iterator[Sample]:
        """Yield the samples as the journal (or a package's list) names them."""
        ...

    def looked(self, probe: Probe) -> Iterator[Looked]:
        """Run a probe over the files it wants, or take what is kept of it; sorted by path."""
        ...

    def remembered(self, name: str, version: int, digest: str) -> dict[str, Any] | None:
        """Return what :meth:`remember` kept, or None."""
        ...

    def remember(self, name: str, version: int, digest: str, found: dict[str, Any]) -> None:
        """Keep for the next audit what was found in many files at once; ``digest`` is of all that it rests on."""
        ...

    def records(self) -> Iterator[Record]:
        """Yield the ledger's records, verified."""
        ...

    def state(self) -> State:
        """Return what the records add up to."""
        ...

    def secret(self) -> Any:
        """Return the open vault (:class:`curator.project.vault.Vault`); asked only where :data:`VAULT` is at hand."""
        ...

    def threshold(self, check: str, name: str, default: Any) -> Any:
        """Return ``[audit."<check>"] name`` of curator.toml, or the default.

        Raises UsageError (AUD-002) when the settings name a value of another type than the default's.
        """
        ...

    def rows(self, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the journal's rows as :func:`curator.project.journal.all_rows` does; needs :data:`JOURNAL`."""
        ...

    def own_documents(self) -> Mapping[str, Mapping[str, str]]:
        """Return path to document information of the PDFs that the program itself puts into a package."""
        ...

    def deliveries(self) -> list[int]:
        """Return the numbers of the deliveries that were scrubbed; needs :data:`JOURNAL`."""
        ...

    def delivery(self, number: int) -> dict[str, Any] | None:
        """Return the document of a delivery, or None; needs :data:`JOURNAL`."""
        ...

    def policy(self) -> Any:
        """Return the scrub policy of the data (:class:`curator.scrub.policy.Policy`); needs :data:`POLICY`."""
        ...

    def splits(self) -> dict[str, Any]:
        """Return the document ``splits/assignments.json``; needs :data:`SPLITS`."""
        ...


class Check(Protocol):
    """One check.

    Attributes
    ----------
    id
        Stable, such as ``privacy/known-identifiers``; never given to another check.
    title
        A short sentence of what holds when it passes.
    severity
        Of :class:`Severity`.
    clause
        What it serves, such as ``45 CFR 164.514(b)(2)(i)``.
    needs
        What has to be at hand, of :data:`VAULT` and the others.
    """

    id: str
    title: str
    severity: Severity
    clause: str
    needs: tuple[str, ...]

    def run(self, subject: Subject) -> Answer:
        """Check. Raises CuratorError when it cannot (the runner makes that COULD_NOT_CHECK with the code)."""
        ...
