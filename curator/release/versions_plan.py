"""Freezing a version: what goes in, of which version it is the next, what differs and why, and what lets it leave.

Everything that a later build of the same version needs is put down once, before the first byte of a package is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curator import __version__
from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.core.schema import validate
from curator.core.spill import Rows
from curator.project import journal
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.keys import Signer
from curator.provenance.ledger import Ledger, origin_of
from curator.provenance.note import Checkpoint
from curator.provenance.state import State
from curator.release import freeze, layout, splits_store
from curator.release.audited import passed
from curator.release.carried import anchors_of
from curator.release.diff import Diff, Lists, compare, read_lists
from curator.release.diff_reasons import SCHEMA, Reasons, changelog, lacking
from curator.release.excluded import Excluded, excluded_of
from curator.release.freeze import Frozen
from curator.release.lists import SampleSet, sample_line
from curator.release.sources import LabelIndex, Source, package_source, project_source
from curator.release.splits import Splits
from curator.release.splits_patients import patient_of
from curator.release.versions import Parent, check_level, parent_of

if TYPE_CHECKING:
    from curator.release.inputs import Inputs

#: Stands in a draft's changelog where nobody has given a reason yet.
NOT_YET = "no reason was given: draft"


@dataclass(frozen=True)
class Plan:
    """What a version would be: its samples, the version before, and what differs from it."""

    source: Source
    parent: Parent | None
    diff: Diff | None
    signed: dict[str, str]
    splits: bytes | None


def source_of(inputs: Inputs, state: State, base: str | None) -> Source:
    """Return the samples of a version that is made now, by the content that it takes over again (None for its own)."""
    project = inputs.project
    excluded = excluded_of(project, state)
    if base is None:
        return project_source(project, inputs.samples, excluded)
    old = freeze.load(project, base)
    if old is None:
        raise UsageError("REL-060")
    source = package_source(project.releases / f"v{base}", excluded)
    if freeze.digest_of_samples(source.samples) != (old.samples, old.samples_digest):
        raise IntegrityError("REL-054", version=base, name=layout.SAMPLES)
    return source


def plan(inputs: Inputs, operator: bytes, state: State, index: LabelIndex) -> Plan:
    """Find the version before and compare (errors as :func:`curator.release.versions.parent_of`)."""
    project = inputs.project
    source = source_of(inputs, state, inputs.base)
    splits = splits_bytes(project, source.samples)
    parent = parent_of(project, inputs.version, operator, inputs.parent)
    if parent is None:
        return Plan(source, None, None, {}, splits)
    held = SampleSet()
    for sample in source.samples:
        held.add(sample)
    now = Lists(
        inputs.version,
        _rows(map(sample_line, source.samples)),
        _rows(index.lines(held, state, project.config.release_labels, _upto(inputs))),
        {
            "policy": {"sha256": inputs.policy.digest},
            "guidelines": [{"id": one.id, "version": one.version} for one in state.guidelines.values()],
        },
        splits=strict_loads(splits) if splits else {},
    )
    diff = compare(read_lists(parent.folder), now)
    return Plan(source, parent, diff, _signed(excluded_of(project, state), diff, state, project), splits)


def _rows(lines: Iterable[bytes]) -> Rows[bytes]:
    """Lay the lines of a list aside, as they are read from a package's."""
    return Rows(line.rstrip(b"\n") for line in lines)


def _upto(inputs: Inputs) -> int | None:
    """Return from which record on labels stay out: for a rollback from the old version's ledger's end on."""
    if inputs.base is None:
        return None
    old = freeze.load(inputs.project, inputs.base)
    if old is None:
        raise UsageError("REL-060")
    return old.size if old.upto is None else min(old.upto, old.size)


def _signed(excluded: Excluded, diff: Diff, state: State, project: Project) -> dict[str, str]:
    """Return the cases that signed records took out, with the leaf hash of the record."""
    if not diff.cases:
        return {}
    ledger, made = Ledger(project.ledger), {}
    recalled = {
        patient_of(one.path) or "shared": state.facts.recalled[one.sha256]
        for one in journal.samples(project)
        if one.sha256 in excluded.recalled
    }
    for case in diff.cases:
        place = state.facts.withdrawn.get(case.case, recalled.get(case.case))
        only_gone = set(case.samples) <= {"removed"}
        if place is not None and only_gone:
            made[case.case] = ledger.entry(place).leaf.hex()
    return made


def splits_bytes(project: Project, samples: Iterable[Sample], digest: str | None = None) -> bytes | None:
    """Return the splits' document for the cases of a package; None where no splits were made.

    Parameters
    ----------
    project, samples
        Which.
    digest
        SHA-256 (hex) that it must have: then an earlier row of the splits may be the one.

    Raises
    ------
    IntegrityError
        REL-007 when no row gives that digest.
    """
    cases = {patient_of(sample.path) for sample in samples}
    rows = [splits_store.load(project)] if digest is None else [*reversed(splits_store.history(project))]
    for splits in rows:
        made = None if splits is None else canonical_bytes(_within(splits, cases))
        if made is not None and digest in {None, hashlib.sha256(made).hexdigest()}:
            return made
    if digest is not None:
        raise IntegrityError("REL-007", what="its splits")
    return None


def _within(splits: Splits, cases: set[str | None]) -> dict[str, Any]:
    document = splits.document()
    for name in ("assignments", "strata", "left"):
        document[name] = {case: value for case, value in document[name].items() if case in cases}
    return document


def freeze_now(inputs: Inputs, operator: Signer, state: State, index: LabelIndex) -> Frozen:
    """Return what a version is frozen as.

    Raises
    ------
    UsageError
        REL-006 without a sample, REL-051, REL-052 for its number, REL-060 for a rollback to what was never frozen.
    GateError
        REL-055 when a difference has no reason, REL-057 when no audit lets it leave, REL-059.
    IntegrityError
        REL-053, REL-054 for the version before; SPL-003, SPL-015.
    """
    project = inputs.project
    made = plan(inputs, operator.public, state, index)
    samples = made.source.samples
    if not samples:
        raise UsageError("REL-006")
    audit = layout.NO_AUDIT if inputs.draft else passed(state, samples).document()
    changes = None
    if made.parent is not None and made.diff is not None:
        check_level(made.parent.version, inputs.version, made.diff.level)
        document = changelog(made.diff, made.parent, inputs.version, reasons_for(inputs, made), made.signed)
        validate(SCHEMA, document)
        changes = freeze.put_changelog(project, canonical_bytes(document))
    base = None if inputs.base is None else freeze.load(project, inputs.base)
    count, digest = freeze.digest_of_samples(samples)
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
        journal=tuple(freeze.journal_files(project)) if base is None else base.journal,
        size=state.size,
        checkpoint=note.decode(),
        draft=inputs.draft,
        audit=audit,
        parent=None if made.parent is None else made.parent.document(),
        changelog=changes,
        labels=project.config.release_labels,
        upto=_upto(inputs),
        splits=None if made.splits is None else hashlib.sha256(made.splits).hexdigest(),
        sealed=tuple(sorted((name, one.sha256) for name, one in state.facts.splits.items())),
        anchors=tuple(anchors_of(project.ledger, state.size)),
        base=inputs.base,
        renderer=inputs.further.renderer,
    )


def reasons_for(inputs: Inputs, made: Plan) -> Reasons:
    """Return the reasons given; a draft's lacking ones are filled with a word that says so."""
    if not inputs.draft or made.diff is None:
        return inputs.reasons
    left = {one.key: NOT_YET for one in lacking(made.diff, inputs.reasons, made.signed)}
    return Reasons(inputs.reasons.cases, {**left, **inputs.reasons.groups})
