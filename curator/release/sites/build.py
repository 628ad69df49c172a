"""Building a package of joined sites: verify each site's package again, freeze, carry all of them whole, sign.

A package is there whole or not at all. A build may be killed at any instant and run again, and ends in the same bytes;
a version whose sites were replaced since is not built again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from curator.core.errors import IntegrityError, UsageError
from curator.core.schema import validate
from curator.project.lock import held
from curator.project.vault import Vault
from curator.provenance.keys import SeedSigner, Signer
from curator.provenance.state import State
from curator.provenance.verify import verify_ledger
from curator.release import freeze, layout
from curator.release.audited import passed
from curator.release.bag import BagWriter
from curator.release.closing import add_ledger, bag_info, heading, ledger_entry, sign
from curator.release.ecopy import checked_pdf
from curator.release.extras import pdf_place
from curator.release.flush import sync_tree
from curator.release.freeze import Frozen
from curator.release.inputs import Built, Inputs
from curator.release.made import check_answered
from curator.release.placing import already, placed, refuse_other
from curator.release.roster import Roster
from curator.release.sites.assigned import ENDING as LIST
from curator.release.sites.assigned import project_drawn
from curator.release.sites.contents import SCHEMA, format_of, joined_counts, splits_entry
from curator.release.sites.cross import check_apart
from curator.release.sites.document import SLUG, TITLE, joined_document
from curator.release.sites.held import ENDING, open_sites
from curator.release.sites.lists import Lists, lists_of, site_entries
from curator.release.sites.opened import OpenedSite
from curator.release.sites.plan import freeze_joined
from curator.release.sites.readme import readme
from curator.release.sites.standing import joined_standings, signed_report
from curator.release.splits_seal import list_bytes, sealed_list
from curator.release.store import Store
from curator.release.tree import files
from curator.release.writing import replay
from curator.report.html import html_page


def _opened(
    inputs: Inputs, operator: bytes | None, frozen: Frozen | None = None
) -> tuple[State, list[OpenedSite], Lists]:
    """Verify the sponsor's ledger and every site's package; make the lists of all, as of a version that is frozen."""
    if inputs.base is not None:
        raise UsageError("SIT-029")
    project = inputs.project
    state = verify_ledger(project.ledger, operator_key=operator).require().state
    if operator is not None and state.operator != operator:
        raise UsageError("VLT-046")
    if frozen is not None:
        now = {name: one.tag for name, one in state.facts.joined.items()}
        state = replay(project, frozen.size, _take)
        if {name: one.tag for name, one in state.facts.joined.items()} != now:
            raise IntegrityError("REL-007", what="the list of joined sites")
    sites = open_sites(project, state, inputs.advance)
    check_apart(sites)
    drawn = project_drawn(project, state, pending=frozen is not None)
    return state, sites, lists_of(sites, drawn, state.facts.splits)


def _take(state: State, envelope: bytes) -> None:
    state.take(envelope)


def dry_run_joined(inputs: Inputs) -> Built:
    """Check everything that a build checks and count what it would hold; write nothing."""
    state, _, lists = _opened(inputs, None)
    if not inputs.draft:
        passed(state, lists.samples)
        check_answered(state)
    counts = (len(lists.samples), lists.sample_bytes, lists.label_count, state.size)
    return Built(None, *counts, draft=inputs.draft, policy=lists.policy)


def build_joined(inputs: Inputs, vault: Vault, target: Path) -> Built:
    """Build a package of joined sites, or finish one.

    Parameters
    ----------
    inputs
        What of, and with what.
    vault
        Opened; gives the operator's key.
    target
        Where the package goes.

    Raises
    ------
    CuratorError
        SIT codes where sites cannot be joined (any more); REL codes as :func:`curator.release.build.build`.
    """
    project = inputs.project
    operator = SeedSigner(vault.operator_key())
    with held(project, "release"), held(project, "sites"):
        frozen = freeze.load(project, inputs.version, draft=inputs.draft)
        state, sites, lists = _opened(inputs, operator.public, frozen)
        rebuilt = frozen is not None
        if frozen is None:
            refuse_other(inputs, target, operator, state.dataset)
            now = freeze_joined(inputs, operator, state, lists)
            if not inputs.draft:
                check_answered(state)
            frozen = freeze.put(project, now)
        if frozen.renderer not in {"", inputs.further.renderer}:
            raise UsageError("SUB-016", known=frozen.renderer)
        if target.exists() or target.is_symlink():
            return replace(already(inputs, target, operator, frozen), policy=lists.policy)
        with placed(project, target, frozen) as (temp, store):
            JoinedWriter(inputs, frozen, operator, temp, sites, lists, store).run()
    linked, copied = (store.linked, store.copied) if store is not None else (0, 0)
    counts = (len(lists.samples), lists.sample_bytes, lists.label_count, frozen.size)
    made = Built(target, *counts, rebuilt=rebuilt, draft=frozen.draft, linked=linked, copied=copied)
    return replace(made, policy=lists.policy)


class JoinedWriter:
    """One build of a joined package into an empty folder."""

    def __init__(
        self,
        inputs: Inputs,
        frozen: Frozen,
        operator: Signer,
        folder: Path,
        sites: Sequence[OpenedSite],
        lists: Lists,
        store: Store | None,
    ) -> None:
        self.inputs = inputs
        self.project = inputs.project
        self.frozen = frozen
        self.operator = operator
        self.folder = folder
        self.sites = sites
        self.lists = lists
        self.store = store
        self.bag = BagWriter(folder, store)
        self.roster = Roster()
        self.state = State()

    def run(self) -> None:
        """Write everything."""
        try:
            self._sites()
            self._lists()
            self._ledger()
            self._documents()
            self._manifest()
            self._report()
            tag = self.bag.close(bag_info(self.frozen), lambda _: [(layout.README, readme(self.document))])
            sign(self.project, self.folder, self.frozen, self.state, tag, self.operator)
        except BaseException:
            self.bag.abandon()
            raise
        sync_tree(self.folder)
        if self.store is not None:
            self.store.sync()

    def _sites(self) -> None:
        if self.store is not None:
            self.store.sweep()
        for one in self.sites:
            for path in files(one.folder):
                if self.bag.copy(f"{layout.SITES}{one.site}/{path}", one.folder / path) is None:
                    raise IntegrityError("SIT-010", site=one.site, why="a file of it is gone")
                self.inputs.advance(1)
            for data in one.attestations:
                self.bag.add(f"{layout.WORDS}{one.site}/{hashlib.sha256(data).hexdigest()}{ENDING}", data)

    def _lists(self) -> None:
        if hashlib.sha256(self.lists.sample_lines).hexdigest() != self.frozen.samples_digest:
            raise IntegrityError("REL-007", what="the list of samples")
        self.bag.add(layout.SAMPLES, self.lists.sample_lines)
        self.bag.add(layout.LABELS, self.lists.labels)
        table = self.lists.splits_bytes
        if (None if table is None else hashlib.sha256(table).hexdigest()) != self.frozen.splits:
            raise IntegrityError("REL-007", what="its splits")
        if table is not None:
            self.bag.add(layout.SPLITS, table)
        if self.lists.assigned is not None:
            self.bag.add(layout.ASSIGNED, self.lists.assigned)
        for name, data in self.lists.assigned_lists.items():
            self.bag.add(f"{layout.ASSIGNED_LISTS}{name}{LIST}", data)

    def _ledger(self) -> None:
        bag = self.bag
        with bag.stream(layout.LEAVES) as leaf, bag.stream(layout.RECORDS) as record:

            def take(state: State, envelope: bytes) -> None:
                made = state.take(envelope)
                self.roster.see(made)
                leaf(made.leaf.hex().encode() + b"\n")
                record(envelope + b"\n")

            self.state = state = replay(self.project, self.frozen.size, take)
        if {name: one.tag for name, one in state.facts.joined.items()} != {one.site: one.tag for one in self.sites}:
            raise IntegrityError("REL-007", what="the list of joined sites")
        for name in sorted(state.facts.splits):
            bag.add(f"{layout.SEALED}{name}.txt", list_bytes(sealed_list(self.project, name, state.facts.splits)))
        add_ledger(bag, self.project, self.frozen, state, self.roster)

    def _documents(self) -> None:
        if self.frozen.changelog is not None:
            self.bag.add(layout.CHANGELOG, freeze.changelog(self.project, self.frozen.changelog))
        if self.frozen.draft:
            return
        name = f"{self.frozen.audit['report']}.json"
        copied = self.bag.copy(f"{layout.AUDIT}{name}", self.project.root / "audit" / name)
        if copied is None or copied[0] != self.frozen.audit["report"]:
            raise IntegrityError("SUB-013")

    def _manifest(self) -> None:
        frozen, bag, state = self.frozen, self.bag, self.state

        def listed(path: str, count: int) -> dict[str, object]:
            return {"path": path, "sha256": bag.digest(path), "count": count}

        self.document = {
            "format": format_of(state),
            **heading(frozen),
            "splits": splits_entry(frozen.splits, state),
            "policy": self.lists.policy,
            "counts": joined_counts(state, self.lists),
            "samples": listed(layout.SAMPLES, len(self.lists.samples)),
            "labels": listed(layout.LABELS, self.lists.label_count),
            "guidelines": self.lists.guidelines,
            "sites": site_entries(self.sites),
            "ledger": ledger_entry(frozen, state),
        }
        validate(SCHEMA, self.document)
        text = json.dumps(self.document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        bag.add(layout.MANIFEST, text.encode())

    def _report(self) -> None:
        """Write the document of the joined sites, as a page and as a PDF of a submission's volume."""
        further = self.inputs.further
        if not further.payload:
            return
        report = None if self.frozen.draft else signed_report(self.state, self.project.root / "audit")
        standings = joined_standings(self.sites, self.state, further.guard, self.lists.splits, report)
        source = f"manifest.json sha256:{self.bag.digest(layout.MANIFEST)}"
        made = joined_document(self.document, source, self.sites, self.lists.splits, self.state, standings)
        self.bag.add(f"{layout.DOCUMENTS}{SLUG}.html", html_page(made))
        if self.frozen.renderer:
            from curator.report.pdf import pdf_bytes

            self.bag.add(pdf_place(1, TITLE), checked_pdf(pdf_bytes(made), TITLE))
