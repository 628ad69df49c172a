"""Building a package: check everything, freeze the inputs, write a bag beside its place, sign it, give it its name.

A package is there whole or not at all. A build may be killed at any instant and run again, and ends in the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from curator import __version__
from curator.core.clock import Clock, utc_text
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
from curator.provenance.note import Checkpoint, parse_checkpoint, parse_note, vkey
from curator.provenance.records import LABEL
from curator.provenance.state import State
from curator.provenance.verify import verify_ledger
from curator.release import freeze, layout
from curator.release.bag import BagWriter, sync_tree
from curator.release.facts import Facts
from curator.release.freeze import Frozen
from curator.release.lists import SampleSet, label_line, sample_line, value_file
from curator.release.roster import Roster, counts_of
from curator.release.rules import claim_of, policy_bytes
from curator.release.statement import signed_statement
from curator.release.tree import digest_of, files, safe_path, shown
from curator.scrub.delivery.choose import complete
from curator.scrub.delivery.state import shelves
from curator.scrub.policy import Policy

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Made:
    """What has been written of a package when its further files are made from it: nothing else may go into them.

    Parameters
    ----------
    folder
        The package so far, without the files that are made from it.
    state
        The sum of its records.
    renderer
        What makes its PDFs, by name and version; empty for a package without PDFs.
    guard
        Says of a text whether it may be shown.
    """

    folder: Path
    state: State
    renderer: str
    guard: Callable[[str], bool]

    @cached_property
    def facts(self) -> Facts:
        """What the package says of itself, read once."""
        return Facts(self.folder, self.state, self.guard)


#: Gives (path, bytes) of further files of a package: of its payload, and tag files beside it.
Extra = Callable[[Made], Iterable[tuple[str, bytes]]]


def nothing_shown(_: str) -> bool:
    """Say of no text that it may be shown."""
    return False


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
    extras, tags
        What makes further payload files and tag files.
    draft
        A package that says on every page, and in its manifest, that it is a draft.
    renderer
        What makes PDFs here, by name and version; empty where nothing does.
    guard
        Says of a text of the data whether documents may show it.
    """

    project: Project
    version: str
    policy: Policy
    clock: Clock
    advance: Advance
    extras: tuple[Extra, ...] = ()
    tags: tuple[Extra, ...] = ()
    draft: bool = True
    renderer: str = ""
    guard: Callable[[str], bool] = nothing_shown


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
    """

    folder: Path | None
    samples: int
    sample_bytes: int
    labels: int
    records: int
    rebuilt: bool = False
    already: bool = False


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


def _check_clean(project: Project, count: int) -> None:
    """Refuse files under clean/ that the journal does not know, given that all that it knows are there."""
    there = sum(1 for _ in files(project.clean)) if project.clean.is_dir() else 0
    if there > count:
        raise IntegrityError("REL-005", count=there - count)


def _replay(project: Project, size: int | None, take: Callable[[State, bytes], None]) -> State:
    """Replay the first records of a ledger (all for None), handing each to a function that takes it."""
    state = State()
    for entry in Ledger(project.ledger).entries():
        if state.size == size:
            break
        take(state, entry.envelope)
    if size is not None and state.size != size:
        raise IntegrityError("REL-007", what="the ledger, which is shorter,")
    return state


def check(inputs: Inputs, operator: bytes | None = None) -> State:
    """Check what a release stands on, and return the sum of the ledger's records.

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
    state = verify_ledger(inputs.project.ledger, operator_key=operator).require().state
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
    _check_answered(inputs, check(inputs))
    held_samples, total = SampleSet(), 0
    for sample in journal.samples(inputs.project):
        found = digest_of(inputs.project.root / sample.path)
        _check_sample(sample, found)
        total += found[1] if found else 0
        held_samples.add(sample)
        inputs.advance(1)
    _check_clean(inputs.project, len(held_samples))
    labels = 0
    values: set[str] = set()

    def take(state: State, envelope: bytes) -> None:
        nonlocal labels
        record = state.take(envelope)
        if held_samples.holds(record):
            labels += 1
            values.update({value_file(record) or ""} - {""})

    state = _replay(inputs.project, None, take)
    for digest in sorted(values):
        _check_value(digest, digest_of(file_of(inputs.project.root, digest)))
    for guideline in state.guidelines.values():
        found = digest_of(inputs.project.guidelines / guideline.name)
        if found is None or found[0] != guideline.sha256:
            raise IntegrityError("REL-012", name=shown(guideline.name))
    return Built(None, len(held_samples), total, labels, state.size)


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
        state = check(inputs, operator.public)
        _check_finished(project, vault)
        if left := len(journal.stale(project)):
            raise GateError("REL-035", count=left)
        frozen = freeze.load(project, inputs.version)
        rebuilt = frozen is not None
        if frozen is None:
            _check_answered(inputs, state)
            frozen = freeze.put(project, _freeze(inputs, operator, state))
        if frozen.policy != inputs.policy.digest:
            raise IntegrityError("REL-007", what="the policy")
        if frozen.draft and not inputs.draft:
            raise UsageError("SUB-017")
        if frozen.renderer not in {"", inputs.renderer}:
            raise UsageError("SUB-016", known=frozen.renderer)
        if target.exists() or target.is_symlink():
            return _already(inputs, target, operator, frozen)
        make_folder(target.parent)
        mark = hashlib.sha256(os.fsencode(f"{frozen.dataset}/{target.name}")).hexdigest()
        temp = target.parent / f"{TEMP_PREFIX}{mark[:16]}"
        shutil.rmtree(temp, ignore_errors=True)
        with translated():
            temp.mkdir()
        try:
            built = _Build(inputs, frozen, operator, temp).run()
            with translated():
                os.rename(temp, target)
                sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(temp, ignore_errors=True)
            raise
    return Built(target, *built, rebuilt=rebuilt)


def _check_answered(inputs: Inputs, state: State) -> None:
    """Refuse a release, unless it is a draft, while a text is lacking that a person has to give."""
    from curator.release.requirements.table import unanswered

    left = () if inputs.draft else unanswered(state.facts.answers)
    if left:
        raise GateError("SUB-011", count=len(left), listed=", ".join(one.id for one in left))


def _freeze(inputs: Inputs, operator: Signer, state: State) -> Frozen:
    project = inputs.project
    count, digest = freeze.digest_of_samples(journal.samples(project))
    origin = origin_of(state.dataset, state.first)
    # It stays in the ledger too, so that each record it covers can be proven by it.
    said = Checkpoint(origin, state.size, state.tree.root())
    note = Ledger(project.ledger).put_checkpoint(said, [(origin, operator)])
    return Frozen(
        version=inputs.version,
        dataset=state.dataset,
        organization=" ".join(project.config.organization.split()),
        date=utc_text(inputs.clock.now())[:10],
        program=f"curator {__version__}",
        policy=inputs.policy.digest,
        samples=count,
        samples_digest=digest,
        journal=tuple(freeze.journal_files(project)),
        size=state.size,
        checkpoint=note.decode(),
        draft=inputs.draft,
        renderer=inputs.renderer,
    )


def _already(inputs: Inputs, target: Path, operator: Signer, frozen: Frozen) -> Built:
    """Accept a package that stands there already if it is this very release, whole."""
    from curator.release.verify import verify_package

    if not (target / layout.SIGNATURE).is_file():
        raise UsageError("REL-002")
    report = verify_package(target, key=operator.public)
    if (report.dataset, report.version) != (frozen.dataset, frozen.version):
        raise UsageError("REL-002")
    freeze.statement(inputs.project, frozen.version, (target / layout.SIGNATURE).read_bytes())
    return Built(target, report.samples, report.sample_bytes, report.labels, report.records, rebuilt=True, already=True)


class _Build:
    """One build into an empty folder."""

    def __init__(self, inputs: Inputs, frozen: Frozen, operator: Signer, folder: Path) -> None:
        self.inputs = inputs
        self.project = inputs.project
        self.frozen = frozen
        self.operator = operator
        self.folder = folder
        self.bag = BagWriter(folder)
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
            policy = policy_bytes(self.inputs.policy)
            self.bag.add(f"{layout.POLICY}{self.frozen.policy}.json", policy)
            self._manifest(guidelines)
            made = Made(self.folder, self.state, self.frozen.renderer, self.inputs.guard)
            for extra in self.inputs.extras:
                for path, data in extra(made):
                    self.bag.add(path, data)
            tags = self.inputs.tags
            self._sign(self.bag.close(self._info(), lambda _: (one for tag in tags for one in tag(made))))
        except BaseException:
            self.bag.abandon()
            raise
        sync_tree(self.folder)
        return len(self.samples), self.sample_bytes, self.labels, self.state.size

    def _samples(self) -> None:
        digest = hashlib.sha256()
        with self.bag.stream(layout.SAMPLES) as write:
            for sample in journal.samples(self.project):
                made = self.bag.copy(f"data/{sample.path}", self.project.root / sample.path, ordered=True)
                _check_sample(sample, made)
                self.sample_bytes += made[1] if made else 0
                line = sample_line(sample)
                write(line)
                digest.update(line)
                self.samples.add(sample)
                self.inputs.advance(1)
        if digest.hexdigest() != self.frozen.samples_digest:
            raise IntegrityError("REL-007", what="the list of samples")
        _check_clean(self.project, len(self.samples))

    def _ledger(self) -> None:
        bag = self.bag
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
                released = self.samples.holds(made)
                if released:
                    label(label_line(made))
                    self.labels += 1
                    values.update({value_file(made) or ""} - {""})
                if released or made.kind != LABEL:
                    record(envelope + b"\n")

            self.state = _replay(self.project, self.frozen.size, take)
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
            "audit": layout.NO_AUDIT,
            "draft": frozen.draft,
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
            "audit": layout.NO_AUDIT,
            "meaning": "responsibility",
            "ledger": {"size": self.state.size, "root": self.state.tree.root().hex()},
        }
        envelope = signed_statement(tag_manifest, predicate, self.operator)
        freeze.statement(self.project, frozen.version, envelope)
        with translated():
            (self.folder / layout.SIGNATURE).parent.mkdir()
            (self.folder / layout.SIGNATURE).write_bytes(envelope)
