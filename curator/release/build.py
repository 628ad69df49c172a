"""Building a package: check everything, freeze the inputs, write a bag beside its place, sign it, give it its name.

A package is there whole or not at all. A build may be killed at any instant and run again, and ends in the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from curator import __version__
from curator.core.errors import CheckError, GateError, IntegrityError, UsageError
from curator.labels.whole import file_of
from curator.project import journal
from curator.project.lock import held
from curator.project.paths import Project, inside
from curator.project.vault import Vault
from curator.provenance.keys import SeedSigner
from curator.provenance.state import Record, State
from curator.provenance.verify import verify_ledger
from curator.release import freeze
from curator.release.audited import passed
from curator.release.inputs import Built, Inputs
from curator.release.lists import SampleSet, leaves, value_file
from curator.release.made import check_answered
from curator.release.placing import already, placed, refuse_other
from curator.release.sources import LabelIndex
from curator.release.tree import digest_of, shown
from curator.release.versions_plan import freeze_now, source_of
from curator.release.writing import PackageWriter, check_clean, check_sample, check_value, marks_of, replay
from curator.scrub.delivery.choose import complete
from curator.scrub.delivery.state import shelves
from curator.scrub.policy.since import Since, since


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
        REL-006 when there is nothing to release; REL-074 when the program's rules changed since; VLT-046 when the
        vault's operator key is not the one in force.
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
        then = None if doc is None else doc["policy"]
        changed = since(then, inputs.policy)
        if then is not None and changed is Since.RULES:
            raise UsageError("REL-074", name=inputs.policy.name, then=then["program"], now=__version__)
        if doc is None or changed is Since.POLICY:
            raise IntegrityError("REL-011")
        if len(journal.round_log(inputs.project, delivery, 0).numbers()) < doc["shards"]:
            raise CheckError("REL-013", delivery=delivery)
    if not inputs.samples:
        raise UsageError("REL-006")
    return state


def _check_finished(project: Project, vault: Vault) -> None:
    """Refuse a delivery whose later rounds are not all done; only the vault knows how many shards they have."""
    for shelf in shelves(vault):
        if shelf.get("frozen") is not None and not complete(project, shelf):
            raise CheckError("REL-013", delivery=shelf.number)


def dry_run(inputs: Inputs) -> Built:
    """Check everything that a build checks and count what it would hold; write nothing."""
    if inputs.project.config.no_vault:
        from curator.release.sites.build import dry_run_joined

        return dry_run_joined(inputs)
    inputs = replace(inputs)  # what the journal tells is asked anew
    final = check(inputs)
    source = source_of(inputs, final, inputs.base)
    held_samples, total = SampleSet(), 0
    for sample in source.samples:
        found = digest_of(source.file(sample))
        check_sample(sample, found)
        total += found[1] if found else 0
        held_samples.add(sample)
        inputs.advance(1)
    if inputs.base is None:
        check_clean(inputs)
    if not inputs.draft:
        passed(final, source.samples)
        check_answered(final, inputs.policy)
    labels = 0
    values: set[str] = set()

    def take(state: State, envelope: bytes) -> None:
        nonlocal labels
        record = state.take(envelope)
        if held_samples.holds(record) and leaves(inputs.project.config.release_labels, marks_of(final, record)):
            labels += 1
            values.update({value_file(record) or ""} - {""})

    state = replay(inputs.project, None, take)
    for digest in sorted(values):
        check_value(digest, digest_of(file_of(inputs.project.root, digest)))
    for guideline in state.guidelines.values():
        found = digest_of(inputs.project.guidelines / guideline.name)
        if found is None or found[0] != guideline.sha256:
            raise IntegrityError("REL-012", name=shown(guideline.name))
    return Built(None, len(held_samples), total, labels, state.size, draft=inputs.draft)


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
    if project.config.no_vault:
        from curator.release.sites.build import build_joined

        return build_joined(inputs, vault, target)
    operator = SeedSigner(vault.operator_key())
    with held(project, "release"), held(project, "scrub"):
        inputs = replace(inputs)  # the journal is read once, under the lock
        index = LabelIndex()
        frozen = freeze.load(project, inputs.version, draft=inputs.draft)
        if frozen is not None and (own := frozen.deliveries) < set(journal.deliveries(project)):
            inputs = replace(inputs, deliveries=own)
        state = check(inputs, operator.public, index.visit if frozen is None else None)
        _check_finished(project, vault)
        if left := len(journal.stale(project)):
            raise GateError("REL-035", count=left)
        rebuilt = frozen is not None
        if frozen is None:
            refuse_other(inputs, target, operator, state.dataset)
            now = freeze_now(inputs, operator, state, index)
            if not inputs.draft:
                check_answered(state, inputs.policy)
            frozen = freeze.put(project, now)
        if frozen.policy != inputs.policy.digest:
            raise IntegrityError("REL-007", what="the policy")
        if frozen.renderer not in {"", inputs.further.renderer}:
            raise UsageError("SUB-016", known=frozen.renderer)
        if target.exists() or target.is_symlink():
            return already(inputs, target, operator, frozen)
        with placed(project, target, frozen) as (temp, store):
            built = PackageWriter(inputs, frozen, operator, temp, state, store).run()
    linked, copied = (store.linked, store.copied) if store is not None else (0, 0)
    return Built(target, *built, rebuilt=rebuilt, draft=frozen.draft, linked=linked, copied=copied)
