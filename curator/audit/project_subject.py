"""A project as it would leave: clean files, label values, guidelines, journal, splits, policy, contents of records."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.audit.model import JOURNAL, LEDGER, POLICY, SPLITS, TABLE, VAULT
from curator.audit.replay import Replayed
from curator.audit.subject import BLOCK, PAYLOADS, Base, Means
from curator.core.canonical import strict_loads
from curator.core.errors import CheckError, CuratorError
from curator.project import journal
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.ledger import Ledger
from curator.provenance.records import LABEL
from curator.provenance.state import Record, State
from curator.release.excluded import Excluded, excluded_of
from curator.release.lists import value_file
from curator.release.splits_patients import patient_of
from curator.release.tree import content_of, files

#: Folders of which every file leaves, or may.
FOLDERS = ("clean", "guidelines", "labels/values", "splits")
ASSIGNMENTS = "splits/assignments.json"
MOST = 256 << 20
_TABLES = frozenset({"csv", "parquet"})


class ProjectSubject(Base):
    """A project.

    Parameters
    ----------
    project
        The project.
    means
        What the audit works with; an open vault must be the project's own.
    """

    kind = "project"

    def __init__(self, project: Project, means: Means) -> None:
        super().__init__(means)
        self.project = self.origin = self._project = self._inner = project
        self._replayed: Replayed | None = None

    def has(self, what: str) -> bool:
        """Say whether the vault, the ledger ... is at hand."""
        if what == VAULT:
            return self.vault is not None
        if what == LEDGER:
            return Ledger(self._project.ledger).exists()
        if what == JOURNAL:
            return bool(journal.deliveries(self._project))
        if what == POLICY:
            return True
        if what == SPLITS:
            return (self._project.root / ASSIGNMENTS).is_file()
        return what == TABLE and any(file.kind in _TABLES for file in self.clean())

    def _real(self) -> Iterator[tuple[str, Path]]:
        root = self._project.root
        for name in FOLDERS:
            if (root / name).exists() or (root / name).is_symlink():
                for path in files(root, name):
                    if path not in self._staying:
                        yield path, root / path
        for delivery in journal.deliveries(self._project):
            for path in files(root, f"journal/scrub/{delivery:04d}"):
                if not path.rsplit("/", 1)[-1].startswith("."):
                    yield path, root / path

    def _made(self) -> Iterator[tuple[str, bytes]]:
        from curator.release.rules import policy_bytes

        policy = self.policy()
        yield f"policy/{policy.digest}.json", policy_bytes(policy)
        if self.has(LEDGER):
            yield from self._payloads(0)

    def _make(self, path: str) -> bytes:
        if not path.startswith(PAYLOADS):
            return super()._make(path)
        start = int(path.removeprefix(PAYLOADS).split(".", maxsplit=1)[0])
        return next(data for _, data in self._payloads(start))

    def _payloads(self, start: int) -> Iterator[tuple[str, bytes]]:
        """Yield the contents of the records as lines, so many a file; what was shown once stays as the ledger grows."""
        from curator.provenance.dsse import parse_envelope

        lines: list[bytes] = []
        at = start
        for entry in Ledger(self._project.ledger).entries(start):
            # Of a record that was purged only the leaf hash is here.
            lines.append(parse_envelope(entry.envelope).payload + b"\n" if entry.envelope else b"\n")
            if len(lines) == BLOCK:
                yield f"{PAYLOADS}{at:010d}.jsonl", b"".join(lines)
                at, lines = at + BLOCK, []
        if lines:
            yield f"{PAYLOADS}{at:010d}.jsonl", b"".join(lines)

    def samples(self) -> Iterator[Sample]:
        """Yield the samples that the journal names, sorted by path, but those that were withdrawn or recalled."""
        yield from self._excluded.kept(journal.samples(self._project))

    @functools.cached_property
    def _excluded(self) -> Excluded:
        if not self.has(LEDGER):
            return Excluded(frozenset(), frozenset())
        return excluded_of(self._project, self.state())

    def _leaves(self, record: Record) -> bool:
        """Say whether a record is no label of a sample that was withdrawn or recalled."""
        if record.kind != LABEL:
            return True
        about, gone = record.subject[0], self._excluded
        if patient_of(about["name"]) in gone.patients or about["name"] in self._broken:
            return False
        return about["digest"]["sha256"] not in gone.recalled

    @functools.cached_property
    def _broken(self) -> frozenset[str]:
        """Folders of series of which an image was recalled: labels of the whole leave no more."""
        gone = self._excluded
        if not gone.recalled:
            return frozenset()
        samples = journal.samples(self._project)
        return frozenset(one.path.rpartition("/")[0] + "/" for one in samples if one.sha256 in gone.recalled)

    @functools.cached_property
    def _staying(self) -> frozenset[str]:
        """Paths of files that do not leave: of what was withdrawn or recalled, and values of labels of it alone."""
        gone = self._excluded
        if not gone.patients and not gone.recalled:
            return frozenset()
        values: dict[bool, set[str]] = {True: set(), False: set()}
        for record in self._replay().records():
            value = value_file(record) if record.kind == LABEL else None
            if value is not None:
                values[self._leaves(record)].add(f"labels/values/{value}.json")
        samples = {one.path for one in journal.samples(self._project) if gone.holds(one)}
        return frozenset(samples | (values[False] - values[True]))

    def _replay(self) -> Replayed:
        if self._replayed is None:
            if not self.has(LEDGER):
                raise CheckError("AUD-007", what="ledger")
            operator = None if self.vault is None else _operator(self.vault.operator_key())
            self._replayed = Replayed(self._project.ledger, operator)
        return self._replayed

    def records(self) -> Iterator[Record]:
        """Yield the ledger's records, verified, but labels of what was withdrawn or recalled."""
        yield from filter(self._leaves, self._replay().records())

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hashes of the ledger, in order."""
        for chunk in Ledger(self._project.ledger).chunks():
            yield from chunk.leaves

    def state(self) -> State:
        """Return what the records add up to."""
        return self._replay().state

    @functools.cached_property
    def _policy(self) -> Any:
        from curator.scrub.policy import load_policy

        return load_policy(self._project.config.policy, base=self._project.root)

    def policy(self) -> Any:
        """Return the project's policy."""
        return self._policy

    def splits(self) -> dict[str, Any]:
        """Return the split assignments."""
        return read_splits(self._project.root / ASSIGNMENTS)

    def _own(self) -> Iterator[str]:
        yield from (file.path for file in self.files() if not file.path.startswith("clean/"))
        yield from (sample.path for sample in self.samples())


def _operator(seed: bytes) -> bytes:
    from curator.provenance.keys import SeedSigner

    return SeedSigner(seed).public


def read_splits(path: Path) -> dict[str, Any]:
    """Read the split assignments.

    Raises
    ------
    CheckError
        AUD-007 when there are none that can be read.
    """
    data = content_of(path, MOST)
    if data is None:
        raise CheckError("AUD-007", what="table of splits")
    try:
        made = strict_loads(data)
    except CuratorError:
        raise CheckError("AUD-007", what="table of splits that can be read") from None
    if not isinstance(made, dict):
        raise CheckError("AUD-007", what="table of splits that can be read")
    return made
