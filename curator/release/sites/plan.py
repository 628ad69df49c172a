"""Freezing a version of a joined dataset: which packages of which sites, what differs from the version before, and why.

The reason for what a site's new package changed is the signed record that joined it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from curator import __version__
from curator.core.canonical import canonical_bytes
from curator.core.clock import utc_text
from curator.core.schema import validate
from curator.provenance.facts import Departed, Joined
from curator.provenance.keys import Signer
from curator.provenance.ledger import Ledger, origin_of
from curator.provenance.note import Checkpoint
from curator.provenance.records import MAX_REASON
from curator.provenance.state import State
from curator.release import diff, freeze, layout
from curator.release.audited import passed
from curator.release.carried import anchors_of
from curator.release.diff import Diff, compare, read_lists
from curator.release.diff_reasons import GUIDELINES, POLICY, SCHEMA, SPLITS, Reasons, changelog
from curator.release.freeze import Frozen
from curator.release.sites.lists import Lists
from curator.release.sites.names import apart
from curator.release.splits_patients import SHARED
from curator.release.versions import Parent, check_level, parent_of

if TYPE_CHECKING:
    from curator.release.inputs import Inputs


def difference(parent: Parent, version: str, lists: Lists) -> Diff:
    """Return what differs from the version before."""
    now = diff.Lists(
        version,
        lists.sample_lines,
        lists.labels,
        {"policy": lists.policy, "guidelines": lists.guidelines},
        splits=lists.splits or {},
    )
    return compare(read_lists(parent.folder), now)


def reasons_of(state: State, since: int, found: Diff, given: Reasons) -> tuple[Reasons, dict[str, str]]:
    """Return reasons for what differs, out of the records about sites and splits since the version before.

    Parameters
    ----------
    state
        The sponsor's ledger.
    since
        Size of the ledger at the version before.
    found
        What differs.
    given
        Reasons that were given besides; these come first.

    Returns
    -------
    tuple
        The reasons, and cases to the leaf hash of the record that changed them: a site joined, or left.
    """
    acts: dict[str, Joined | Departed] = {**state.facts.joined, **state.facts.departed}
    fresh = {name: one for name, one in acts.items() if one.place >= since}
    drawn = [one for one in state.facts.assigned if one.place >= since]
    if not fresh and not drawn:
        return given, {}
    told = {name: _told(one) for name, one in fresh.items()}
    if drawn:
        told[""] = "; ".join(f"splits over all sites, signed in record {one.place}" for one in drawn)
    keys = [f"{case.change} cases" for case in found.cases] + [group.name for group in found.labels]
    others = ((POLICY, found.policy), (SPLITS, found.splits), (GUIDELINES, found.guidelines))
    keys += [name for name, differs in others if differs]
    if not fresh:
        keys = [name for name in keys if name == SPLITS]  # nothing but splits is told by a record of splits
    owners = {case.case: apart(case.case)[0] for case in found.cases if case.case != SHARED}
    signed = {case: fresh[site].leaf for case, site in owners.items() if site in fresh}
    cases = {case: told[owners[case]] for case in signed}
    groups = dict.fromkeys(keys, "; ".join(told.values())[:MAX_REASON])
    return Reasons({**cases, **given.cases}, {**groups, **given.groups}), signed


def _told(one: Joined | Departed) -> str:
    """Return the reason that a record gives for what it changed."""
    if isinstance(one, Departed):
        return f"site {one.joined.site} {one.joined.version} left: {one.said['reason']}"[:MAX_REASON]
    told = f"site {one.site} {one.version} joined" + (f": {one.said['reason']}" if "reason" in one.said else "")
    return told[:MAX_REASON]


def plan_joined(inputs: Inputs) -> tuple[Parent | None, Diff | None, Reasons]:
    """Return the version before, what differs from it, and the reasons that records and the user give; writes nothing.

    Raises
    ------
    CuratorError
        As :func:`curator.release.sites.build.build_joined`.
    """
    from curator.provenance.verify import verify_ledger
    from curator.release.sites.assigned import project_drawn
    from curator.release.sites.cross import check_apart
    from curator.release.sites.held import open_sites
    from curator.release.sites.lists import lists_of

    state = verify_ledger(inputs.project.ledger).require().state
    sites = open_sites(inputs.project, state, inputs.advance)
    check_apart(sites)
    parent = parent_of(inputs.project, inputs.version, state.operator, inputs.parent)
    if parent is None:
        return None, None, inputs.reasons
    lists = lists_of(sites, project_drawn(inputs.project, state), state.facts.splits)
    found = difference(parent, inputs.version, lists)
    old = freeze.load(inputs.project, parent.version)
    reasons, _ = reasons_of(state, old.size if old is not None else 0, found, inputs.reasons)
    return parent, found, reasons


def freeze_joined(inputs: Inputs, operator: Signer, state: State, lists: Lists) -> Frozen:
    """Return what a version is frozen as (errors as :func:`curator.release.versions_plan.freeze_now`)."""
    project = inputs.project
    audit = layout.NO_AUDIT if inputs.draft else passed(state, lists.samples).document()
    parent = parent_of(project, inputs.version, operator.public, inputs.parent)
    changes = None
    if parent is not None:
        found = difference(parent, inputs.version, lists)
        check_level(parent.version, inputs.version, found.level)
        old = freeze.load(project, parent.version)
        reasons, signed = reasons_of(state, old.size if old is not None else 0, found, inputs.reasons)
        document = changelog(found, parent, inputs.version, reasons, signed)
        validate(SCHEMA, document)
        changes = freeze.put_changelog(project, canonical_bytes(document))
    origin = origin_of(state.dataset, state.first)
    said = Checkpoint(origin, state.size, state.tree.root())
    note = Ledger(project.ledger).put_checkpoint(said, [(origin, operator)])
    table = lists.splits_bytes
    return Frozen(
        version=inputs.version,
        dataset=state.dataset,
        organization=" ".join(project.config.organization.split()),
        date=utc_text(inputs.clock.now())[:10],
        program=f"curator {__version__}",
        policy=lists.policy["sha256"],
        samples=len(lists.samples),
        samples_digest=hashlib.sha256(lists.sample_lines).hexdigest(),
        journal=(),
        size=state.size,
        checkpoint=note.decode(),
        draft=inputs.draft,
        audit=audit,
        parent=None if parent is None else parent.document(),
        changelog=changes,
        splits=None if table is None else hashlib.sha256(table).hexdigest(),
        sealed=tuple(sorted((name, one.sha256) for name, one in state.facts.splits.items())),
        anchors=tuple(anchors_of(project.ledger, state.size)),
        renderer=inputs.further.renderer,
    )
