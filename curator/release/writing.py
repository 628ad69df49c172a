"""Writing a package from what was frozen: samples, ledger, guidelines, journal, documents, manifest, signature.

Everything comes from the frozen version alone, so a second build gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from curator.core.canonical import canonical_bytes
from curator.core.errors import GateError, IntegrityError
from curator.core.schema import validate
from curator.labels.whole import file_of
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.keys import Signer
from curator.provenance.ledger import Ledger
from curator.provenance.records import LABEL
from curator.provenance.state import Record, State
from curator.provenance.status import word
from curator.release import freeze, layout
from curator.release.bag import BagWriter
from curator.release.closing import add_ledger, bag_info, heading, ledger_entry, sign
from curator.release.flush import writing_in
from curator.release.freeze import Frozen
from curator.release.inputs import Inputs
from curator.release.lists import SampleSet, label_line, leaves, sample_line, value_file
from curator.release.roster import Roster, counts_of
from curator.release.rules import claim_of, policy_bytes
from curator.release.splits_seal import list_file
from curator.release.store import Store
from curator.release.strangers import Strangers
from curator.release.summary import Summary
from curator.release.tree import safe_path, shown
from curator.release.versions_plan import source_of, splits_bytes

#: Lines of samples that are written together.
_LINES = 256


def check_clean(inputs: Inputs) -> None:
    """Refuse files under clean/ that the journal does not know."""
    strangers = Strangers(inputs.project.root)
    for sample in inputs.samples:
        strangers.see(sample.path)
    strangers.refuse()


def replay(
    project: Project,
    size: int | None,
    take: Callable[[State, bytes], None],
    lost: Callable[[bytes], None] = lambda _: None,
) -> State:
    """Replay the first records of a ledger (all for None), handing each to a function that takes it.

    Of a record that was purged, ``lost`` gets the leaf hash.
    """
    state = State()
    for entry in Ledger(project.ledger).entries():
        if state.size == size:
            break
        if entry.purged:
            state.pass_over(entry.leaf)
            lost(entry.leaf)
        else:
            take(state, entry.envelope)
    if size is not None and state.size != size:
        raise IntegrityError("REL-007", what="the ledger, which is shorter,")
    return state


def marks_of(final: State, record: Record) -> int:
    """Return what became of a label in the end."""
    known = final.labels.get(record.predicate["labelId"])
    return known.status if known is not None else 0


def check_value(digest: str, found: tuple[str, int] | None) -> None:
    """Refuse a value of a label whose file is not there or not what was signed (REL-036)."""
    if found is None or found[0] != digest:
        raise IntegrityError("REL-036", name=digest[:12])


def check_sample(sample: Sample, found: tuple[str, int] | None) -> None:
    """Refuse a sample whose file is not there or not as it was scrubbed (REL-004, REL-003)."""
    if found is None:
        raise IntegrityError("REL-004", name=shown(sample.path))
    if found[0] != sample.sha256:
        raise IntegrityError("REL-003", name=shown(sample.path))


class PackageWriter:
    """One build into an empty folder."""

    def __init__(
        self, inputs: Inputs, frozen: Frozen, operator: Signer, folder: Path, now: State, store: Store | None
    ) -> None:
        self.inputs = inputs
        self.project = inputs.project
        self.frozen = frozen
        self.operator = operator
        self.folder = folder
        #: The ledger's present sum: what may leave no more is asked of it, also for a version that was frozen before.
        self.now = now
        self.store = store
        self.bag = BagWriter(folder, store)
        self.summary = Summary()
        self.samples = SampleSet()
        self.sample_bytes = 0
        self.labels = 0
        self.state = State()
        self.roster = Roster()

    def run(self) -> tuple[int, int, int, int]:
        """Write everything; return samples, their bytes, labels, records."""
        with writing_in(self.folder) as disk:
            try:
                self._write()
            except BaseException:
                self.bag.abandon()
                raise
            disk.sync(self.folder, self.bag.payload_files)
        if self.store is not None:
            self.store.sync()
        return len(self.samples), self.sample_bytes, self.labels, self.state.size

    def _write(self) -> None:
        self._samples()
        self._ledger()
        guidelines = self._guidelines()
        self._journal()
        self._documents()
        policy = policy_bytes(self.inputs.policy)
        self.bag.add(f"{layout.POLICY}{self.frozen.policy}.json", policy)
        self._audit()
        self._manifest(guidelines)
        further = self.inputs.further
        made = further.made(self.folder, self.state, self.frozen.renderer)
        for path, data in further.payload_files(made):
            self.bag.add(path, data)
        tag = self.bag.close(bag_info(self.frozen), lambda _: further.tag_files(made))
        sign(self.project, self.folder, self.frozen, self.state, tag, self.operator)

    def _samples(self) -> None:
        if self.store is not None:
            self.store.sweep()
        source = source_of(self.inputs, self.now, self.frozen.base)
        # Where all that the journal knows leaves, what it does not know is found on the way.
        whole = self.inputs.deliveries is None and source.samples is self.inputs.samples
        strangers = Strangers(self.project.root) if whole else None
        lines: list[bytes] = []
        with self.bag.stream(layout.SAMPLES) as write:
            for sample in source.samples:
                path, sha256 = sample.path, sample.sha256
                made = self.bag.copy(f"data/{path}", source.file(sample), ordered=True, expected=sha256)
                if made is None or made[0] != sha256:
                    check_sample(sample, made)
                    raise AssertionError
                self.sample_bytes += made[1]
                lines.append(sample_line(sample))
                if len(lines) == _LINES:
                    write(b"".join(lines))
                    lines.clear()
                self.samples.add(sample)
                self.summary.sample(sample)
                if strangers is not None:
                    strangers.see(path)
                self.inputs.advance(1)
            write(b"".join(lines))
        if self.bag.digest(layout.SAMPLES) != self.frozen.samples_digest:
            lacking = self.frozen.samples - len(self.samples)
            if lacking > 0 and source.samples is not self.inputs.samples:
                raise GateError("REL-059", count=lacking)
            raise IntegrityError("REL-007", what="the list of samples")
        self._splits(source.samples)
        if strangers is not None:
            strangers.refuse()
        elif self.frozen.base is None:
            check_clean(replace(self.inputs, deliveries=None))

    def _splits(self, samples: Iterable[Sample]) -> None:
        if self.frozen.splits is not None:
            made = splits_bytes(self.project, samples, self.frozen.splits)
            self.bag.add(layout.SPLITS, made or b"")
        for name, digest in self.frozen.sealed:
            copied = self.bag.copy(f"{layout.SEALED}{name}.txt", list_file(self.project, name), expected=digest)
            if copied is None or copied[0] != digest:
                raise IntegrityError("SPL-015")

    def _final(self) -> State:
        """Return the ledger's sum over the records that were frozen: what became of each label."""
        if self.now.size == self.frozen.size:
            return self.now

        def take(state: State, envelope: bytes) -> None:
            state.take(envelope)

        return replay(self.project, self.frozen.size, take)

    def _released(self, record: Record, final: State) -> bool:
        early = self.frozen.upto is None or record.index < self.frozen.upto
        return early and self.samples.holds(record) and leaves(self.frozen.labels, marks_of(final, record))

    def _ledger(self) -> None:
        bag, final = self.bag, self._final()
        values: set[str] = set()
        with (
            bag.stream(layout.LEAVES) as leaf,
            bag.stream(layout.RECORDS) as record,
            bag.stream(layout.LABELS) as label,
        ):

            def take(state: State, envelope: bytes) -> None:
                made = state.take(envelope)
                self.roster.see(made)
                leaf(made.leaf.hex().encode() + b"\n")
                released = self._released(made, final)
                if released:
                    label(label_line(made, word(marks_of(final, made))))
                    self.summary.label(made)
                    self.labels += 1
                    values.update({value_file(made) or ""} - {""})
                if released or made.kind != LABEL:
                    record(envelope + b"\n")

            self.state = replay(self.project, self.frozen.size, take, lambda gone: leaf(gone.hex().encode() + b"\n"))
        for digest in sorted(values):
            check_value(digest, bag.copy(f"{layout.VALUES}{digest}.json", file_of(self.project.root, digest)))
        add_ledger(bag, self.project, self.frozen, self.state, self.roster)

    def _guidelines(self) -> list[dict[str, str]]:
        made = []
        for key in sorted(self.state.guidelines):
            guideline = self.state.guidelines[key]
            path = f"{layout.GUIDELINES}{guideline.name}"
            copied = self.bag.copy(path, self.project.guidelines / guideline.name) if safe_path(path) else None
            if copied is None or copied[0] != guideline.sha256:
                raise IntegrityError("REL-012", name=shown(guideline.name))
            made.append({"id": guideline.id, "version": guideline.version, "sha256": guideline.sha256, "path": path})
        return made

    def _journal(self) -> None:
        parts = freeze.journal_parts(self.project, self.frozen)
        for name in sorted([*(name for name, _ in self.frozen.journal), *parts]):
            made = self.bag.copy(f"{layout.JOURNAL}{name}", self.project.journal / name)
            wanted = dict(self.frozen.journal).get(name) if not name.endswith(".parquet") else Path(name).stem
            if made is None or made[0] != wanted:
                raise IntegrityError("REL-007", what="the scrub journal")

    def _documents(self) -> None:
        self.bag.add(layout.SUMMARY, canonical_bytes(self.summary.document(self.state)))
        if self.frozen.changelog is not None:
            self.bag.add(layout.CHANGELOG, freeze.changelog(self.project, self.frozen.changelog))

    def _audit(self) -> None:
        """Pack the audit report that a record was signed for, if it stands in the project."""
        said = self.state.facts.audits[-1:]
        if self.inputs.further.payload and said:
            name = f"{said[0].report}.json"
            copied = self.bag.copy(f"{layout.AUDIT}{name}", self.project.root / "audit" / name)
            if copied is not None and copied[0] != said[0].report:
                raise IntegrityError("SUB-013")

    def _manifest(self, guidelines: list[dict[str, str]]) -> None:
        frozen, bag, state = self.frozen, self.bag, self.state

        def listed(path: str, count: int) -> dict[str, object]:
            return {"path": path, "sha256": bag.digest(path), "count": count}

        document = {
            "format": layout.FORMAT,
            **heading(frozen),
            "base": frozen.base,
            "labelsRule": {"rule": frozen.labels, "upto": frozen.upto},
            "splits": None
            if frozen.splits is None and not frozen.sealed
            else {"sha256": frozen.splits, "sealed": dict(frozen.sealed)},
            "policy": claim_of(self.inputs.policy),
            "counts": counts_of(state, len(self.samples), self.sample_bytes, self.labels),
            "samples": listed(layout.SAMPLES, len(self.samples)),
            "labels": listed(layout.LABELS, self.labels),
            "guidelines": guidelines,
            "ledger": ledger_entry(frozen, state),
        }
        validate("release-manifest", document)
        bag.add(layout.MANIFEST, (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())
