"""Building a package: check everything, freeze the inputs, write a bag beside its place, sign it, give it its name.

A package is there whole or not at all. A build may be killed at any instant and run again, and ends in the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.canonical import canonical_bytes
from curator.core.clock import Clock
from curator.core.errors import CheckError, GateError, IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated
from curator.core.schema import validate
from curator.labels.whole import file_of
from curator.project import journal
from curator.project.journal import Sample
from curator.project.lock import held
from curator.project.paths import Project, inside
from curator.project.vault import Vault
from curator.provenance.keys import SeedSigner, Signer, key_id, public_pem
from curator.provenance.ledger import Ledger, origin_of
from curator.provenance.note import parse_checkpoint, parse_note, vkey
from curator.provenance.records import LABEL
from curator.provenance.state import Record, State
from curator.provenance.status import word
from curator.provenance.verify import verify_ledger
from curator.release import freeze, layout
from curator.release.audited import passed
from curator.release.bag import BagWriter, sync_tree
from curator.release.diff_reasons import Reasons
from curator.release.freeze import Frozen
from curator.release.lists import SampleSet, label_line, leaves, sample_line, value_file
from curator.release.made import Further, check_answered
from curator.release.roster import Roster, counts_of
from curator.release.rules import claim_of, policy_bytes
from curator.release.sources import LabelIndex
from curator.release.splits_seal import list_file
from curator.release.statement import signed_statement
from curator.release.store import Store
from curator.release.summary import Summary
from curator.release.tree import digest_of, files, safe_path, shown
from curator.release.versions_plan import freeze_now, source_of, splits_bytes
from curator.scrub.delivery.choose import complete
from curator.scrub.delivery.state import shelves
from curator.scrub.policy import Policy

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Inputs:
    """What a build is given.

    Parameters
    ----------
    project
        The project.
    version
        A checked version number.
    policy
        The project's policy.
    clock
        Gives the date of a first build.
    advance
        Called with the number of samples done.
    draft
        True for a package that no audit lets leave, and which says so.
    parent
        Where the package of the version before stands, if it is not under ``releases/``.
    reasons
        Why things differ from the version before.
    base
        A version whose content this one takes over again (a rollback).
    further
        What makes documents, the submission's tree and descriptions; nothing by default.
    """

    project: Project
    version: str
    policy: Policy
    clock: Clock
    advance: Advance
    draft: bool = True
    parent: Path | None = None
    reasons: Reasons = field(default_factory=Reasons)
    base: str | None = None
    further: Further = field(default_factory=Further)


@dataclass(frozen=True)
class Built:
    """What a build made, or would make.

    Parameters
    ----------
    folder
        The package; None for a dry run.
    samples, sample_bytes, labels, records
        How many samples, bytes of them, labels released, and records in the ledger.
    rebuilt
        True if the version had been frozen before.
    already
        True if the package stood there already, whole.
    draft
        True if no audit let it leave.
    linked, copied
        How many files share their bytes with the store, and how many do not since the file system has no links.
    """

    folder: Path | None
    samples: int
    sample_bytes: int
    labels: int
    records: int
    rebuilt: bool = False
    already: bool = False
    draft: bool = True
    linked: int = 0
    copied: int = 0


def place_of(project: Project, version: str, output: Path | None) -> Path:
    """Return where a package goes.

    Raises
    ------
    UsageError
        REL-008 for an output folder inside the project, its vault, or around them.
    """
    if output is None:
        return project.releases / f"v{version}"
    place = output.parent.resolve() / output.name
    if inside(place, project.releases) and place != project.releases:
        return place
    for own in (project.root, project.vault):
        if inside(place, own) or inside(own, place):
            raise UsageError("REL-008")
    return place


def _check_clean(project: Project) -> None:
    """Refuse files under clean/ that the journal does not know."""
    known = {sample.path for sample in journal.samples(project)}
    strangers = sum(f"clean/{path}" not in known for path in files(project.clean)) if project.clean.is_dir() else 0
    if strangers:
        raise IntegrityError("REL-005", count=strangers)


def _replay(
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


def check(inputs: Inputs, operator: bytes | None = None, visit: Callable[[Record], None] | None = None) -> State:
    """Check what a release stands on, and return the sum of the ledger's records.

    Parameters
    ----------
    inputs
        What of, and with what.
    operator
        The operator's raw public key, where the vault is open.
    visit
        Called with each record.

    Raises
    ------
    IntegrityError
        LED codes for a broken ledger; REL-011 when scrub used another policy.
    UsageError
        REL-006 when there is nothing to release; VLT-046 when the vault's operator key is not the one in force.
    CheckError
        REL-013 when a scrub is not finished.
    GateError
        REL-035 when clean files hold what a later delivery told of their persons.
    """
    state = verify_ledger(inputs.project.ledger, operator_key=operator, visit=visit).require().state
    if operator is not None and state.operator != operator:
        raise UsageError("VLT-046")
    for delivery in journal.deliveries(inputs.project):
        doc = journal.document(inputs.project, delivery, "delivery")
        if doc is None or doc["policy"]["digest"] != inputs.policy.digest:
            raise IntegrityError("REL-011")
        if len(journal.round_log(inputs.project, delivery, 0).numbers()) < doc["shards"]:
            raise CheckError("REL-013", delivery=delivery)
    if next(iter(journal.samples(inputs.project)), None) is None:
        raise UsageError("REL-006")
    return state


def _check_finished(project: Project, vault: Vault) -> None:
    """Refuse a delivery whose later rounds are not all done; only the vault knows how many shards they have."""
    for shelf in shelves(vault):
        if shelf.get("frozen") is not None and not complete(project, shelf):
            raise CheckError("REL-013", delivery=shelf.number)


def dry_run(inputs: Inputs) -> Built:
    """Check everything that a build checks and count what it would hold; write nothing."""
    final = check(inputs)
    source = source_of(inputs.project, final, inputs.base)
    held_samples, total = SampleSet(), 0
    for sample in source.samples:
        found = digest_of(source.file(sample))
        _check_sample(sample, found)
        total += found[1] if found else 0
        held_samples.add(sample)
        inputs.advance(1)
    if inputs.base is None:
        _check_clean(inputs.project)
    if not inputs.draft:
        passed(final, source.samples)
        check_answered(final)
    labels = 0
    values: set[str] = set()

    def take(state: State, envelope: bytes) -> None:
        nonlocal labels
        record = state.take(envelope)
        if held_samples.holds(record) and leaves(inputs.project.config.release_labels, _marks(final, record)):
            labels += 1
            values.update({value_file(record) or ""} - {""})

    state = _replay(inputs.project, None, take)
    for digest in sorted(values):
        _check_value(digest, digest_of(file_of(inputs.project.root, digest)))
    for guideline in state.guidelines.values():
        found = digest_of(inputs.project.guidelines / guideline.name)
        if found is None or found[0] != guideline.sha256:
            raise IntegrityError("REL-012", name=shown(guideline.name))
    return Built(None, len(held_samples), total, labels, state.size, draft=inputs.draft)


def _marks(final: State, record: Record) -> int:
    """Return what became of a label in the end."""
    known = final.labels.get(record.predicate["labelId"])
    return known.status if known is not None else 0


def _check_value(digest: str, found: tuple[str, int] | None) -> None:
    if found is None or found[0] != digest:
        raise IntegrityError("REL-036", name=digest[:12])


def _check_sample(sample: Sample, found: tuple[str, int] | None) -> None:
    if found is None:
        raise IntegrityError("REL-004", name=shown(sample.path))
    if found[0] != sample.sha256:
        raise IntegrityError("REL-003", name=shown(sample.path))


def build(inputs: Inputs, vault: Vault, output: Path | None = None) -> Built:
    """Build a package, or finish one.

    Parameters
    ----------
    inputs
        What of, and with what.
    vault
        Opened; gives the operator's key.
    output
        Another place than ``releases/v<version>``.

    Returns
    -------
    Built

    Raises
    ------
    IntegrityError
        REL-003, REL-004, REL-005 when clean/ is not what the journal says; REL-007 when what was frozen changed;
        REL-009 when an earlier build of this version differs; LED codes for a broken ledger.
    CheckError
        REL-013 when a scrub is not finished.
    GateError
        REL-035 when clean files hold what a later delivery told of their persons.
    UsageError
        REL-002 when something else stands at the output; REL-006; REL-008.
    """
    project = inputs.project
    target = place_of(project, inputs.version, output)
    operator = SeedSigner(vault.operator_key())
    with held(project, "release"), held(project, "scrub"):
        index = LabelIndex()
        frozen = freeze.load(project, inputs.version, draft=inputs.draft)
        state = check(inputs, operator.public, index.visit if frozen is None else None)
        _check_finished(project, vault)
        if left := len(journal.stale(project)):
            raise GateError("REL-035", count=left)
        rebuilt = frozen is not None
        if frozen is None:
            now = freeze_now(inputs, operator, state, index)
            if not inputs.draft:
                check_answered(state)
            frozen = freeze.put(project, now)
        if frozen.policy != inputs.policy.digest:
            raise IntegrityError("REL-007", what="the policy")
        if frozen.renderer not in {"", inputs.further.renderer}:
            raise UsageError("SUB-016", known=frozen.renderer)
        if target.exists() or target.is_symlink():
            return _already(inputs, target, operator, frozen)
        make_folder(target.parent)
        store = Store(project.releases) if target.parent == project.releases.resolve() else None
        mark = hashlib.sha256(os.fsencode(f"{frozen.dataset}/{target.name}")).hexdigest()
        temp = target.parent / f"{TEMP_PREFIX}{mark[:16]}"
        shutil.rmtree(temp, ignore_errors=True)
        with translated():
            temp.mkdir()
        try:
            built = _Build(inputs, frozen, operator, temp, state, store).run()
            with translated():
                os.rename(temp, target)
                sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(temp, ignore_errors=True)
            raise
    linked, copied = (store.linked, store.copied) if store is not None else (0, 0)
    return Built(target, *built, rebuilt=rebuilt, draft=frozen.draft, linked=linked, copied=copied)


def _already(inputs: Inputs, target: Path, operator: Signer, frozen: Frozen) -> Built:
    """Accept a package that stands there already if it is this very release, whole."""
    from curator.release.verify import verify_package

    if not (target / layout.SIGNATURE).is_file():
        raise UsageError("REL-002")
    report = verify_package(target, key=operator.public)
    if (report.dataset, report.version) != (frozen.dataset, frozen.version):
        raise UsageError("REL-002")
    if report.said.predicate["draft"] != frozen.draft:
        raise UsageError("REL-058", version=frozen.version)
    freeze.statement(inputs.project, frozen.name, (target / layout.SIGNATURE).read_bytes())
    return Built(
        target,
        report.samples,
        report.sample_bytes,
        report.labels,
        report.records,
        rebuilt=True,
        already=True,
        draft=frozen.draft,
    )


class _Build:
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
        try:
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
            self._sign(self.bag.close(self._info(), lambda _: further.tag_files(made)))
        except BaseException:
            self.bag.abandon()
            raise
        sync_tree(self.folder)
        if self.store is not None:
            self.store.sync()
        return len(self.samples), self.sample_bytes, self.labels, self.state.size

    def _samples(self) -> None:
        if self.store is not None:
            self.store.sweep()
        source = source_of(self.project, self.now, self.frozen.base)
        digest = hashlib.sha256()
        with self.bag.stream(layout.SAMPLES) as write:
            for sample in source.samples:
                place = f"data/{sample.path}"
                made = self.bag.copy(place, source.file(sample), ordered=True, expected=sample.sha256)
                _check_sample(sample, made)
                self.sample_bytes += made[1] if made else 0
                line = sample_line(sample)
                write(line)
                digest.update(line)
                self.samples.add(sample)
                self.summary.sample(sample)
                self.inputs.advance(1)
        if digest.hexdigest() != self.frozen.samples_digest:
            raise IntegrityError("REL-007", what="the list of samples")
        self._splits(source.samples)
        if self.frozen.base is None:
            _check_clean(self.project)

    def _splits(self, samples: tuple[Sample, ...]) -> None:
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

        return _replay(self.project, self.frozen.size, take)

    def _released(self, record: Record, final: State) -> bool:
        early = self.frozen.upto is None or record.index < self.frozen.upto
        return early and self.samples.holds(record) and leaves(self.frozen.labels, _marks(final, record))

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
                    label(label_line(made, word(_marks(final, made))))
                    self.summary.label(made)
                    self.labels += 1
                    values.update({value_file(made) or ""} - {""})
                if released or made.kind != LABEL:
                    record(envelope + b"\n")

            self.state = _replay(self.project, self.frozen.size, take, lambda gone: leaf(gone.hex().encode() + b"\n"))
        for digest in sorted(values):
            _check_value(digest, bag.copy(f"{layout.VALUES}{digest}.json", file_of(self.project.root, digest)))
        state = self.state
        said = parse_checkpoint(parse_note(self.frozen.checkpoint.encode()))
        if (said.origin, said.root) != (origin_of(state.dataset, state.first), state.tree.root()):
            raise IntegrityError("REL-007", what="the ledger")
        bag.add(layout.CHECKPOINT, self.frozen.checkpoint.encode())
        bag.add(layout.OPERATOR_PEM, public_pem(state.operator))
        bag.add(layout.OPERATOR_VKEY, f"{vkey(said.origin, state.operator)}\n".encode())
        for name, public in self.roster.files(state):
            bag.add(f"{layout.KEYS}{name}", public_pem(public))
        for name, digest in self.frozen.anchors:
            made = bag.copy(f"data/ledger/{name}", self.project.ledger / name, expected=digest)
            if made is None or made[0] != digest:
                raise IntegrityError("REL-007", what="an outside anchor of the ledger")

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
            "dataset": frozen.dataset,
            "version": frozen.version,
            "date": frozen.date,
            "organization": frozen.organization,
            "program": frozen.program,
            "audit": frozen.audit,
            "draft": frozen.draft,
            "parent": frozen.parent,
            "changelog": frozen.changelog,
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
            "ledger": {
                "origin": origin_of(state.dataset, state.first),
                "size": state.size,
                "root": state.tree.root().hex(),
                "operatorKeyId": key_id(state.operator),
                "checkpoint": frozen.checkpoint,
            },
        }
        validate("release-manifest", document)
        bag.add(layout.MANIFEST, (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())

    def _info(self) -> list[tuple[str, str]]:
        frozen = self.frozen
        organization = [("Source-Organization", frozen.organization)] if frozen.organization else []
        return [
            *organization,
            ("External-Identifier", layout.external_identifier(frozen.dataset, frozen.version)),
            ("Bagging-Date", frozen.date),
            ("Bag-Software-Agent", frozen.program),
        ]

    def _sign(self, tag_manifest: str) -> None:
        frozen = self.frozen
        predicate = {
            "dataset": frozen.dataset,
            "version": frozen.version,
            "date": frozen.date,
            "program": frozen.program,
            "audit": frozen.audit,
            "draft": frozen.draft,
            "parent": frozen.parent,
            "meaning": "responsibility",
            "ledger": {"size": self.state.size, "root": self.state.tree.root().hex()},
        }
        envelope = signed_statement(tag_manifest, predicate, self.operator)
        freeze.statement(self.project, frozen.name, envelope)
        with translated():
            (self.folder / layout.SIGNATURE).parent.mkdir()
            (self.folder / layout.SIGNATURE).write_bytes(envelope)
