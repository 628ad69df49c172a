"""A package of ours, verified first: its payload, and nothing of where it came from."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from curator.audit.model import JOURNAL, LEDGER, POLICY, SPLITS, TABLE
from curator.audit.project_subject import ASSIGNMENTS, read_splits
from curator.audit.subject import BLOCK, PAYLOADS, Base, Means
from curator.core.canonical import strict_loads
from curator.core.errors import CheckError, IntegrityError
from curator.project.config import ProjectConfig
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.dsse import parse_envelope
from curator.provenance.records import LABEL
from curator.provenance.state import Record, State
from curator.release import layout
from curator.release.tree import content_of, files, open_file
from curator.release.verify import PackageReport, verify_package

DATA = "data/"
_TABLES = frozenset({"csv", "parquet"})


class PackageSubject(Base):
    """A package.

    Parameters
    ----------
    folder
        The package.
    means
        What the audit works with; the vault of the project that it comes from, where its holder audits it.
    key
        The operator's raw public key, held elsewhere; or None.
    report
        What verifying it found, where that was done just now.

    Raises
    ------
    IntegrityError
        REL and LED codes: the package is broken, and nothing in it is worth an audit.
    """

    kind = "package"

    def __init__(
        self, folder: Path, means: Means, key: bytes | None = None, report: PackageReport | None = None
    ) -> None:
        super().__init__(means)
        self.folder = folder
        self.report: PackageReport = verify_package(folder, key=key) if report is None else report
        #: Whether the operator's key was held by who audits.
        self.tied = self.report.tied
        #: How many of its files were purged by signed order.
        self.purged = self.report.purged_files
        config = ProjectConfig(self.report.dataset, "", "", date.min, "", Path())
        self._inner = Project(folder / "data", config)
        self._records: list[Record] | None = None

    def has(self, what: str) -> bool:
        """Say whether the vault, the ledger ... is at hand."""
        if what in {LEDGER, POLICY}:
            return True
        if what == JOURNAL:
            return bool(self.deliveries())
        if what == SPLITS:
            return (self.folder / DATA / ASSIGNMENTS).is_file()
        if what == TABLE:
            return any(file.kind in _TABLES for file in self.clean())
        return self._has_vault(what)

    def _real(self) -> Iterator[tuple[str, Path]]:
        for path in files(self.folder, "data"):
            yield path.removeprefix(DATA), self.folder / path

    def _made(self) -> Iterator[tuple[str, bytes]]:
        lines: list[bytes] = []
        at = 0
        for raw in self._lines(layout.RECORDS):
            lines.append(parse_envelope(raw).payload + b"\n")
            if len(lines) == BLOCK:
                yield f"{PAYLOADS}{at:010d}.jsonl", b"".join(lines)
                at, lines = at + BLOCK, []
        if lines:
            yield f"{PAYLOADS}{at:010d}.jsonl", b"".join(lines)

    def _lines(self, name: str) -> Iterator[bytes]:
        handle = open_file(self.folder / name)
        if handle is None:
            raise IntegrityError("REL-020", name=name)
        with open(handle, "rb") as stream:
            for raw in stream:
                yield raw.removesuffix(b"\n")

    def samples(self) -> Iterator[Sample]:
        """Yield the samples that the package lists, sorted by path."""
        for raw in self._lines(layout.SAMPLES):
            one = strict_loads(raw)
            # What was purged by signed order is not lacking, as in a project.
            if DATA + one["path"] not in self.report.gone:
                yield Sample(one["path"], one["sha256"], one["uid"], one["content"], one["kind"])

    def records(self) -> Iterator[Record]:
        """Yield the records that the package holds whole, verified."""
        if self._records is None:
            self._records = list(self._replay())
        yield from self._records

    def _replay(self) -> Iterator[Record]:
        state = State(partial=True)
        envelopes = self._lines(layout.RECORDS)
        waiting = next(envelopes, None)
        for raw in self._lines(layout.LEAVES):
            leaf = bytes.fromhex(raw.decode("ascii"))
            if waiting is not None and _place(waiting) == state.size:
                yield state.take(waiting, leaf)
                waiting = next(envelopes, None)
            else:
                state.skip(leaf)
        if state.tree.root() != self.state().tree.root():
            raise IntegrityError("LED-013", size=state.size)

    def kinds(self) -> set[str]:
        """Return the kinds of its labels."""
        return {one.predicate["kind"] for one in self.records() if one.kind == LABEL}

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hashes of the ledger, in order."""
        for raw in self._lines(layout.LEAVES):
            yield bytes.fromhex(raw.decode("ascii"))

    def state(self) -> State:
        """Return what the records add up to; labels that were left out are passed over."""
        return self.report.contents.state

    @functools.cached_property
    def _policy(self) -> Any:
        from curator.release.rules import read_policy

        name = f"{layout.POLICY}{self.report.contents.manifest['policy']['sha256']}.json"
        data = content_of(self.folder / name, 16 << 20)
        if data is None:
            raise CheckError("AUD-007", what="scrub policy")
        return read_policy(data)

    def policy(self) -> Any:
        """Return the policy in the package."""
        return self._policy

    def splits(self) -> dict[str, Any]:
        """Return the split assignments."""
        return read_splits(self.folder / DATA / ASSIGNMENTS)

    def own_documents(self) -> Mapping[str, Mapping[str, str]]:
        """Return path to document information of the PDFs that a build puts into the submission's tree."""
        from curator.release.documents.table import DOCUMENTS
        from curator.release.extras import pdf_place

        report = self.report
        day = str(report.contents.manifest["date"]).replace("-", "")
        told = {
            **dict.fromkeys(("/Author", "/Creator", "/Producer"), "curator"),
            **dict.fromkeys(("/CreationDate", "/ModDate"), f"D:{day}000000+00'00'"),
            "/Subject": f"{report.dataset} {report.version}",
            "/Trapped": "/False",
        }
        places = ((pdf_place(number, one.TITLE), one.TITLE) for number, one in enumerate(DOCUMENTS, 1))
        return {place.removeprefix(DATA): {**told, "/Title": title} for place, title in places}

    def _own(self) -> Iterator[str]:
        # Every path was held against the signed manifest, and those below clean/ against the scrub journal.
        yield from (file.path for file in self.files())


def _place(envelope: bytes) -> int:
    place = strict_loads(parse_envelope(envelope).payload)["predicate"]["sequence"]
    assert isinstance(place, int)
    return place
