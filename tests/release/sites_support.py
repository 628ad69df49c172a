"""Made-up sites with final packages, made in a moment, and a sponsor without a vault who joins them by the library."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from curator.audit.report import report_bytes
from curator.core.clock import FixedClock
from curator.core.files import make_folder
from curator.project.create import Wishes, create_project
from curator.project.journal import samples
from curator.project.paths import Project, open_project
from curator.project.vault import Vault
from curator.provenance.append import sign_and_append
from curator.provenance.keys import PersonKey, SeedSigner
from curator.provenance.kinds_gate import audit_report
from curator.provenance.ledger import Ledger, create
from curator.provenance.verify import verify_ledger
from curator.release.audited import payload_of
from curator.release.build import build
from curator.release.excluded import excluded_of
from curator.release.inputs import Inputs
from curator.release.made import Further
from curator.release.sites import join
from curator.release.sites.join import Asked, Planned
from curator.scrub.policy import load_policy

PASSPHRASE = b"a passphrase for tests"
CLOSED = "privacy/known-identifiers"


def check(name: str, outcome: str = "PASS", needs: tuple[str, ...] = ("vault",)) -> dict[str, Any]:
    """Return a check as a report states it."""
    return {
        "id": name, "title": "t", "severity": "blocker", "clause": "c", "needs": list(needs), "origin": "",
        "outcome": outcome, "summary": "0 known identifiers", "code": "", "figures": {}, "findings": [], "total": 0,
        "tables": {}, "waiver": None, "attested": None,
    }  # fmt: skip


def report(payload: str, checks: list[dict[str, Any]], **more: Any) -> bytes:
    """Return the bytes of an audit report that passed."""
    subject = {
        "kind": "project", "at_hand": ["vault"], "dataset": None, "files": 4, "bytes": 4, "payload": payload,
        "ledger": None, "policy": None,
    }  # fmt: skip
    gate = {"outcome": "PASS", "failed": [], "unsure": [], "waived": [], "expired": []}
    made = {
        "format": 1, "program": "p", "subject": subject, "complete": True, "settings": {}, "gate": gate,
        "counts": {"PASS": len(checks)}, "checks": checks, "waivers": [],
    }  # fmt: skip
    return report_bytes({**made, **more})


def state_of(project: Project) -> Any:
    return verify_ledger(project.ledger).require().state


def audited(site: Any, minutes: int, checks: list[dict[str, Any]] | None = None, **more: Any) -> None:
    """Sign a report that passed over what the project holds; its closed loop was run with the vault."""
    state = state_of(site.project)
    payload = payload_of(excluded_of(site.project, state).kept(samples(site.project)))
    data = report(payload, [check(CLOSED)] if checks is None else checks, **more)
    digest = hashlib.sha256(data).hexdigest()
    make_folder(site.project.root / "audit")
    (site.project.root / "audit" / f"{digest}.json").write_bytes(data)
    ledger = (state.size, state.tree.root().hex())
    signed(site, [audit_report(digest, "PASS", payload, ledger, {"PASS": 1}, [], "p")], minutes)


def signed(site: Any, drafts: list[Any], minutes: int, person: str = "rev") -> None:
    clock = FixedClock(site.moment + timedelta(minutes=minutes))
    seed = site.vault.operator_key()
    sign_and_append(Ledger(site.project.ledger), drafts, site.people[person], clock, operator_seed=seed)


def final(site: Any, version: str, **more: Any) -> Path:
    """Build a final version that carries its audit report and no other document."""
    further = Further(payload=(lambda _: (),), guard=site.fine)
    inputs = replace(site.inputs(version), draft=False, further=further, **more)
    made = build(inputs, site.vault)
    assert made.folder is not None
    return made.folder


def cheap(patch: Any) -> None:
    """Spare what the tests of joining are not about: a slow passphrase, and the texts that a person has to give."""
    patch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
    for place in ("curator.release.build", "curator.release.sites.build"):
        patch.setattr(f"{place}.check_answered", lambda *_: None)


def make_hospital(folder: Path, name: str, kit: SimpleNamespace, **how: Any) -> Any:
    """Make a site's project; its patients have the same pseudonyms, people and label ids as any other site's here."""
    folder.mkdir(parents=True)
    site = kit.make_site(folder, f"{name}-trial", name, **how)
    site.moment, site.fine, site.name = kit.moment, kit.fine, name
    return site


@dataclass
class Sponsor:
    """A project without a vault."""

    project: Project
    vault: Vault
    people: dict[str, PersonKey]
    moment: Any
    fine: Any

    @property
    def key(self) -> bytes:
        return bytes(SeedSigner(self.vault.operator_key()).public)

    def inputs(self, version: str = "1.0.0", **more: Any) -> Inputs:
        made = Inputs(self.project, version, load_policy("safe-harbor"), FixedClock(self.moment), lambda _: None)
        return replace(made, **more)

    def plan(self, asked: Asked) -> Planned:
        join.check_asked(self.project, asked)
        return join.plan(self.project, state_of(self.project), asked, asked.package, self.fine)

    def join(self, asked: Asked, minutes: int = 60) -> Planned:
        join.check_asked(self.project, asked)
        copied = join.take_copy(self.project, asked)
        planned = join.plan(self.project, state_of(self.project), asked, copied, self.fine)
        join.put(self.project, planned, copied)
        if planned.draft is not None:
            signed(self, [planned.draft], minutes)
        join.sweep(self.project, state_of(self.project))
        return planned

    def audited(self, minutes: int = 80) -> None:
        """Sign a report over all joined sites that passed."""
        from curator.release.sites.held import open_sites
        from curator.release.sites.lists import lists_of

        state = state_of(self.project)
        payload = lists_of(open_sites(self.project, state)).payload
        data = report(payload, [check(CLOSED, "ATTESTED")])
        digest = hashlib.sha256(data).hexdigest()
        make_folder(self.project.root / "audit")
        (self.project.root / "audit" / f"{digest}.json").write_bytes(data)
        made = audit_report(digest, "PASS", payload, (state.size, state.tree.root().hex()), {"ATTESTED": 1}, [], "p")
        signed(self, [made], minutes)

    def build(self, version: str = "1.0.0", **more: Any) -> Path:
        made = build(self.inputs(version, **{"draft": False, **more}), self.vault)
        assert made.folder is not None
        return made.folder


def make_sponsor(folder: Path, kit: SimpleNamespace) -> Sponsor:
    clock = FixedClock(kit.moment)

    def begin(ledger: Path, dataset: str, seed: bytes, when: Any) -> None:
        create(ledger, dataset=dataset, operator_seed=seed, clock=when)

    wishes = Wishes(folder / "pivotal", "pivotal", "site-1", "Made-up Sponsor", "safe-harbor", None, no_vault=True)
    create_project(wishes, PASSPHRASE, clock, begin=begin)
    project = open_project(folder / "pivotal")
    vault = Vault.open(project.vault, PASSPHRASE, purpose="test", clock=clock)
    people = kit.enroll(Ledger(project.ledger), ["rev", "ann"], vault.operator_key())
    return Sponsor(project, vault, people, kit.moment, kit.fine)


def operator_of(site: Any) -> bytes:
    return bytes(SeedSigner(site.vault.operator_key()).public)


def asked(one: Any, package: Path, **more: Any) -> Asked:
    """Return what is asked of a join, with the right key."""
    return replace(Asked(one.name, package, operator_of(one)), **more)


@dataclass
class World:
    """Two sites, each with a final package, and the sponsor who joined both."""

    folder: Path
    sites: dict[str, Any]
    packages: dict[str, Path]
    sponsor: Sponsor
    built: Path

    def keys(self) -> dict[str, bytes]:
        return {name: operator_of(site) for name, site in self.sites.items()}

    def copy(self, folder: Path) -> World:
        """Return a copy of everything that a test may change."""
        kit = SimpleNamespace(moment=self.sponsor.moment)
        for name in ("north", "south", "sponsor"):
            shutil.copytree(self.folder / name, folder / name)

        def moved(one: Any, root: Path) -> Any:
            project = open_project(root)
            vault = Vault.open(project.vault, PASSPHRASE, purpose="test", clock=FixedClock(kit.moment))
            made = replace(one, project=project, vault=vault)
            for extra in ("moment", "fine", "name"):
                if hasattr(one, extra) and not hasattr(made, extra):
                    setattr(made, extra, getattr(one, extra))
            return made

        sites = {name: moved(site, folder / name / "trial") for name, site in self.sites.items()}
        sponsor = moved(self.sponsor, folder / "sponsor" / "pivotal")
        packages = {name: folder / path.relative_to(self.folder) for name, path in self.packages.items()}
        return World(folder, sites, packages, sponsor, folder / self.built.relative_to(self.folder))


def make_joined(folder: Path, kit: SimpleNamespace) -> World:
    sites, packages = {}, {}
    for name in ("north", "south"):
        sites[name] = make_hospital(folder / name, name, kit)
        audited(sites[name], 70)
        packages[name] = final(sites[name], "1.0.0")
    (folder / "sponsor").mkdir()
    sponsor = make_sponsor(folder / "sponsor", kit)
    sponsor.join(asked(sites["north"], packages["north"]))
    sponsor.join(asked(sites["south"], packages["south"], split="test"), 61)
    sponsor.audited()
    return World(folder, sites, packages, sponsor, sponsor.build())


def manifest(package: Path) -> Any:
    return json.loads((package / "data" / "manifest.json").read_bytes())
