"""Versions: numbers by rules, a parent, reasons for what differs, bytes stored once, a way back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curator.core.canonical import canonical_bytes
from curator.core.clock import FixedClock
from curator.core.errors import GateError, IntegrityError, UsageError
from curator.core.spill import Rows
from curator.provenance.append import sign_and_append
from curator.provenance.kinds_answers import answer
from curator.provenance.kinds_data import consent_withdrawal, recall
from curator.provenance.kinds_gate import audit_report
from curator.provenance.kinds_life import Named, approved, reviewed, withdrawn
from curator.provenance.ledger import Ledger
from curator.provenance.records import Draft
from curator.provenance.verify import verify_ledger
from curator.release import layout
from curator.release.audited import payload_of
from curator.release.build import build
from curator.release.diff import Lines, Lists, compare, read_lists, side_by_side
from curator.release.diff_reasons import Reasons, read_reasons
from curator.release.excluded import excluded_of
from curator.release.listing import Sent, listed
from curator.release.requirements.legal import STATEMENTS
from curator.release.requirements.table import unanswered
from curator.release.verify import report_lines, verify_package
from curator.release.versions import check_level, next_version

WHY = {
    "added cases": "second delivery", "changed cases": "second delivery", "removed cases": "taken out",
    "added finding nodules@1.0": "second reading", "now withdrawn finding nodules@1.0": "drawn on the wrong series",
    "now approved finding nodules@1.0": "approved by the reviewer", "now reviewed finding nodules@1.0": "reviewed",
    "removed finding nodules@1.0": "of samples that were taken out",
}  # fmt: skip


class Releases:
    """A project whose audits pass."""

    def __init__(self, site: Any) -> None:
        self.site, self.days = site, 1
        self.sign(
            *(answer(one.id, "Nothing to say of made-up data.", bool) for one in (*unanswered({}), STATEMENTS[None]))
        )

    def sign(self, *drafts: Draft, by: str = "rev") -> Any:
        self.days += 1
        clock = FixedClock(site_moment(self.site) + timedelta(days=self.days))
        ledger = Ledger(self.site.project.ledger)
        return sign_and_append(
            ledger, drafts, self.site.people[by], clock, operator_seed=self.site.vault.operator_key()
        )

    def state(self) -> Any:
        return verify_ledger(self.site.project.ledger).require().state

    def audit(self, outcome: str = "PASS") -> None:
        state = self.state()
        samples = list(excluded_of(self.site.project, state).kept(self.site.samples()))
        root = state.tree.root().hex()
        self.sign(audit_report("a" * 64, outcome, payload_of(samples), (state.size, root), {outcome: 1}, (), "curator"))

    def inputs(self, version: str, **more: Any) -> Any:
        return replace(self.site.inputs(version, days=self.days), draft=False, **more)

    def build(self, version: str, groups: dict[str, str] | None = None, **more: Any) -> Path:
        self.audit()
        made = build(self.inputs(version, reasons=Reasons({}, groups or {}), **more), self.site.vault)
        assert made.folder is not None
        verify_package(made.folder, key=made_key(self.site))
        return made.folder

    def named(self, *labels: str) -> list[Named]:
        known = [self.state().labels.get(label) for label in labels]
        ledger = Ledger(self.site.project.ledger)
        return [Named(n, ledger.entry(k.place).leaf.hex()) for n, k in zip(labels, known, strict=True)]


def site_moment(site: Any) -> Any:
    return site.inputs().clock.now()


def made_key(site: Any) -> bytes:
    from curator.provenance.keys import SeedSigner

    return bytes(SeedSigner(site.vault.operator_key()).public)


@pytest.fixture
def releases(site: Any) -> Releases:
    return Releases(site)


def test_without_a_signed_audit_that_passed_over_these_very_files_nothing_leaves(
    releases: Releases, kit: SimpleNamespace
) -> None:
    site = releases.site

    def refused(why: str) -> None:
        with pytest.raises(GateError, match="REL-057") as caught:
            build(releases.inputs("1.0.0"), site.vault)
        assert why in str(caught.value)
        assert not (site.project.releases / "v1.0.0").exists()

    refused("there is none")
    releases.audit("FAIL")
    refused("did not pass")
    releases.audit()
    kit.add_delivery(site.project, 2, kit.clean_files("b"))
    refused("other files")
    releases.audit()
    site.label(70, "ann", site.samples()[0], "late")
    refused("labels were signed")
    releases.audit()
    folder = build(releases.inputs("1.0.0"), site.vault).folder
    assert folder is not None
    report = verify_package(folder, key=made_key(site))
    assert report.said.predicate["draft"] is False
    assert any("passed over just these files" in line for line in report_lines(report))


def test_a_draft_says_so_and_takes_no_number_away(releases: Releases) -> None:
    site = releases.site
    draft = site.build("1.0.0")
    assert any("DRAFT" in line for line in report_lines(verify_package(draft)))
    releases.audit()
    with pytest.raises(UsageError, match="REL-058"):
        build(releases.inputs("1.0.0"), site.vault)
    names = {path.name for path in (site.project.journal / "releases").glob("*.json")}
    assert names == {"1.0.0.draft.json", "1.0.0.draft.dsse.json"}
    draft.rename(draft.with_name("v1.0.0-draft"))
    assert releases.build("1.0.0").name == "v1.0.0"


def test_the_number_must_say_what_changed_and_each_change_needs_a_reason(
    releases: Releases, kit: SimpleNamespace
) -> None:
    site = releases.site
    releases.build("1.0.0")
    kit.add_delivery(site.project, 2, {p.replace("P1AA", "P3CC"): d for p, d in kit.clean_files("b").items()})
    releases.audit()
    for version in ("0.9.0", "1.0.0-rc.1", "1.0.1"):
        with pytest.raises(UsageError, match=r"REL-05[12]"):
            build(releases.inputs(version, reasons=Reasons({}, WHY)), site.vault)
    with pytest.raises(GateError, match="REL-055") as caught:
        build(releases.inputs("1.1.0"), site.vault)
    assert "changed cases" in str(caught.value)
    assert not (site.project.releases / "v1.1.0").exists()
    folder = releases.build("1.1.0", WHY)
    changelog = __import__("json").loads((folder / layout.CHANGELOG).read_bytes())
    assert changelog["level"] == "minor"
    assert {one["case"]: one["change"] for one in changelog["cases"]} == {"P2BB": "changed", "P3CC": "added"}
    assert all(one["reason"] == "second delivery" for one in changelog["cases"])
    assert changelog["parent"]["version"] == "1.0.0"
    releases.build("1.1.1")  # documents only


def test_a_label_that_stands_no_more_asks_for_a_major_step(releases: Releases) -> None:
    releases.build("1.0.0")
    releases.sign(reviewed(releases.named("label-000"), "accepted", None, bool))
    releases.sign(approved(releases.named("label-000")))
    folder = releases.build("1.1.0", WHY)
    lines = (folder / layout.LABELS).read_text()
    assert lines.count('"state":"approved"') == 1
    assert lines.count('"state":"signed"') == 5
    releases.sign(withdrawn(releases.named("label-000"), "drawn on the wrong series", bool))
    releases.audit()
    with pytest.raises(UsageError, match="REL-052"):
        build(releases.inputs("1.2.0", reasons=Reasons({}, WHY)), releases.site.vault)
    folder = releases.build("2.0.0", WHY)
    assert (folder / layout.LABELS).read_text().count('"state":"withdrawn"') == 1


@pytest.mark.parametrize(("rule", "left"), [("all", 6), ("standing", 5), ("approved", 1)])
def test_the_rule_of_the_project_says_which_labels_leave(releases: Releases, rule: str, left: int) -> None:
    site = releases.site
    releases.sign(reviewed(releases.named("label-000"), "accepted", None, bool))
    releases.sign(approved(releases.named("label-000")))
    releases.sign(withdrawn(releases.named("label-001"), "drawn on the wrong series", bool))
    site.project = replace(site.project, config=replace(site.project.config, release_labels=rule))
    folder = releases.build("1.0.0")
    assert len((folder / layout.LABELS).read_text().splitlines()) == left
    assert verify_package(folder).labels == left


def test_a_parent_that_is_missing_or_altered_stops_the_next_version(
    releases: Releases, kit: SimpleNamespace, tmp_path: Path
) -> None:
    site = releases.site
    first = releases.build("1.0.0")
    releases.audit()
    first.rename(tmp_path / "away")
    with pytest.raises(IntegrityError, match="REL-053"):
        build(releases.inputs("1.0.1"), site.vault)
    assert not (site.project.releases / "v1.0.1").exists()
    folder = build(releases.inputs("1.0.1", parent=tmp_path / "away"), site.vault).folder
    assert folder is not None
    for name in (layout.LABELS, layout.SAMPLES, layout.SUMMARY, "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        path = folder / name
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data + b"\n")
        with pytest.raises(IntegrityError, match="REL-054"):
            build(releases.inputs("1.0.2"), site.vault)
        path.write_bytes(data)
    (folder / layout.SUMMARY).unlink()
    with pytest.raises(IntegrityError, match="REL-053"):
        build(releases.inputs("1.0.2"), site.vault)


def test_unchanged_bytes_are_stored_once_and_a_changed_store_is_mended_and_found(
    releases: Releases, kit: SimpleNamespace
) -> None:
    site = releases.site
    one = releases.build("1.0.0")
    two = releases.build("1.0.1")
    sample = f"data/{site.samples()[0].path}"
    assert (one / sample).stat().st_ino == (two / sample).stat().st_ino
    assert (one / sample).stat().st_ino != (site.project.root / site.samples()[0].path).stat().st_ino
    before = kit.tree(one)
    stored = one / sample
    os.chmod(stored, 0o644)
    with stored.open("r+b") as stream:
        stream.write(b"X")
    three = releases.build("1.0.2")  # verified whole: the changed bytes did not get in
    assert (three / sample).read_bytes() == (site.project.root / site.samples()[0].path).read_bytes()
    assert kit.tree(one) != before
    with pytest.raises(IntegrityError, match="REL-021"):
        verify_package(one)


def test_a_file_system_without_links_gets_copies_and_the_build_says_so(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    link = os.link

    def no_link(*given: Any, **more: Any) -> None:
        if more:
            raise OSError(errno.EXDEV, "no")
        link(*given)

    releases.audit()
    monkeypatch.setattr(os, "link", no_link)
    made = build(releases.inputs("1.0.0"), releases.site.vault)
    assert made.linked == 0
    assert made.copied > 4
    assert made.folder is not None
    verify_package(made.folder)


def test_what_is_withdrawn_or_recalled_leaves_no_more_and_the_changelog_names_the_record(releases: Releases) -> None:
    site = releases.site
    old = releases.build("1.0.0")
    (consent,) = releases.sign(consent_withdrawal("P1AA", "2026-11-20", "other", lambda _: True))
    kept = [one for one in site.samples() if "/P2BB/" in one.path]
    (one,) = releases.sign(recall("1.0.0", [kept[0].sha256], "burned-in text was found", bool))
    with pytest.raises(GateError, match="REL-059"):
        releases.build("2.0.0", WHY, base="1.0.0")
    new = releases.build("2.0.0", WHY)
    assert verify_package(new).samples == 1
    text = b"".join(path.read_bytes() for path in new.rglob("*.jsonl") if path.name != "records.jsonl")
    assert b"P1AA" not in text
    assert not (new / "data" / "clean" / "P1AA").exists()
    changelog = __import__("json").loads((new / layout.CHANGELOG).read_bytes())
    assert changelog["level"] == "major"
    assert {case["case"]: case["record"] for case in changelog["cases"]} == {
        "P1AA": consent.leaf.hex(), "P2BB": one.leaf.hex(),
    }  # fmt: skip
    states = {row.version: row.state for row in listed(site.project, releases.state(), Sent())}
    assert "withdrawn in part" in states["1.0.0"]
    assert states["2.0.0"] == ("released",)
    assert compare(read_lists(old), read_lists(new)).samples == {"added": 0, "removed": 3, "changed": 0}
    # Nobody can build the old version again, since its content may leave no more.
    __import__("shutil").rmtree(old)
    with pytest.raises(GateError, match="REL-059"):
        build(releases.inputs("1.0.0"), site.vault)


def test_a_rollback_is_a_new_version_with_the_old_samples_and_labels(releases: Releases, kit: SimpleNamespace) -> None:
    site = releases.site
    old = releases.build("1.0.0")
    kit.add_delivery(site.project, 2, kit.clean_files("b"))
    site.label(80, "ann", site.samples()[4], "new")
    releases.build("1.1.0", {**WHY, "added cases": "b"})
    releases.sign(audit_of(releases, old))
    made = build(releases.inputs("2.0.0", base="1.0.0", reasons=Reasons({}, WHY)), site.vault).folder
    assert made is not None
    verify_package(made, key=made_key(site))
    one, two = read_lists(old), read_lists(made)
    for name in (layout.SAMPLES, layout.LABELS):
        assert (old / name).read_bytes() == (made / name).read_bytes()
    assert two.manifest["parent"]["version"] == "1.1.0"
    assert side_by_side(one.summary, two.summary) == {}
    with pytest.raises(UsageError, match="REL-060"):
        build(releases.inputs("3.0.0", base="7.7.7"), site.vault)


def audit_of(releases: Releases, package: Path) -> Draft:
    """An audit report over the files of an earlier package."""
    from curator.release.excluded import Excluded
    from curator.release.sources import package_source

    state = releases.state()
    payload = payload_of(package_source(package, Excluded(frozenset(), frozenset())).samples)
    return audit_report("b" * 64, "PASS", payload, (state.size, state.tree.root().hex()), {"PASS": 1}, (), "curator")


def test_steps_and_next_versions() -> None:
    assert [next_version("1.2.3", step) for step in ("major", "minor", "patch")] == ["2.0.0", "1.3.0", "1.2.4"]
    check_level("1.2.3", "2.0.0", "patch")
    with pytest.raises(UsageError, match="REL-052"):
        check_level("1.2.3", "1.3.0", "major")


@pytest.mark.parametrize(
    "text",
    [
        "[cases\n",
        "[other]\na='b'\n",
        "groups = 1\n",
        "[groups]\na = 1\n",
        "[groups]\na = 'Erika'\n",
        "[groups]\na=''\n",
    ],
)
def test_odd_reasons_are_refused_and_nothing_of_them_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(UsageError, match="REL-056") as caught:
        read_reasons(tmp_path / "r.toml", lambda one: "Erika" not in one)
    assert "Erika" not in str(caught.value) + caught.value.hint


def test_lists_may_be_bytes_files_or_rows_and_compare_alike(tmp_path: Path) -> None:
    def sample(name: str, digest: str) -> bytes:
        return canonical_bytes({"kind": "dicom", "path": f"clean/{name}", "sha256": digest})

    def label(name: str, state: str) -> bytes:
        return canonical_bytes({"guideline": "g@1", "kind": "class", "labelId": name, "state": state})

    manifest = {"policy": {"sha256": "0"}, "guidelines": []}
    old = [sample("P1/a", "1"), sample("P1/b", "1"), sample("P2/a", "1")], [label("x", "signed"), b'{"purged":true}']
    new = (
        [sample("P1/a", "1"), sample("P1/b", "2"), sample("P3/a", "1")],
        [label("x", "withdrawn"), label("y", "signed")],
    )
    found = []
    for way in ("bytes", "file", "rows"):
        sides = []
        for version, lists in (("1.0.0", old), ("2.0.0", new)):
            made: list[Lines] = []
            for number, lines in enumerate(lists):
                data, path = b"".join(line + b"\n" for line in lines), tmp_path / f"{way}-{version}-{number}"
                path.write_bytes(data)
                made.append({"bytes": data, "file": path, "rows": Rows(lines)}[way])
            sides.append(Lists(version, made[0], made[1], manifest))
        found.append(compare(*sides))
    assert found[0] == found[1] == found[2]
    assert [(one.case, one.change) for one in found[0].cases] == [("P1", "changed"), ("P2", "removed"), ("P3", "added")]
    assert [one.change for one in found[0].labels] == ["added", "now withdrawn"]
