"""Packages of sites joined into a sponsor's project: what is carried, what is refused, what a later version does."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sites_support as support

from curator.core.errors import CuratorError
from curator.project.journal import Sample
from curator.provenance.keys import SeedSigner
from curator.release.sites import join
from curator.release.sites.cross import check_apart
from curator.release.sites.held import open_sites, package_folder
from curator.release.sites.names import apart, joint, joint_path
from curator.release.verify import report_lines, verify_package
from curator.release.withdraw import recalls


def code(call: Any) -> str:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.hint
    return str(caught.value.code)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    support.cheap(monkeypatch)


@pytest.fixture
def world(joined: Any, tmp_path: Path) -> Any:
    """A copy of everything that a test may change."""
    return joined.copy(tmp_path)


def lines(package: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (package / "data" / name).read_text().splitlines()]


def test_two_sites_are_joined_and_their_package_verifies_with_each_sites_key(joined: Any) -> None:
    report = verify_package(joined.built, key=joined.sponsor.key, site_keys=joined.keys())
    assert [one.site for one in report.contents.sites or ()] == ["north", "south"]
    assert (report.samples, report.labels, report.tied) == (8, 12, True)
    assert report.site_keys == {"north", "south"}
    told = "\n".join(report_lines(report))
    assert "the key that you hold" in told
    assert "by Made Up Rev (rev) at" in told
    assert "sponsor's word" not in told
    assert "keys of north, south are the sponsor's word" in "\n".join(
        report_lines(verify_package(joined.built, key=joined.sponsor.key))
    )


def test_a_sites_evidence_is_carried_byte_for_byte(joined: Any, kit: SimpleNamespace) -> None:
    for name, package in joined.packages.items():
        carried = joined.built / "data" / "sites" / name
        assert kit.tree(carried) == kit.tree(package)
        assert verify_package(carried, key=joined.keys()[name]).tied


def test_the_same_names_at_two_sites_are_never_one(joined: Any) -> None:
    samples, labels = lines(joined.built, "samples.jsonl"), lines(joined.built, "labels.jsonl")
    patients = {one["path"].split("/")[1] for one in samples}
    assert patients == {"north_P1AA", "north_P2BB", "south_P1AA", "south_P2BB"}
    assert len({one["labelId"] for one in labels}) == 12
    assert {one["author"] for one in labels} == {"north_ann", "north_bob", "south_ann", "south_bob"}
    assert {one["sample"] for one in labels} <= {one["path"] for one in samples}
    assert apart(joint("north-2", "P_1")) == ("north-2", "P_1")
    assert joint_path("north", "clean/shared/tabular/a.csv") == "clean/shared/north/tabular/a.csv"
    assert joint_path("north", "clean/P1/S/R/I.dcm") == "clean/north_P1/S/R/I.dcm"


def test_the_sponsors_record_names_the_package_the_key_the_verdict_and_who_attests(joined: Any) -> None:
    state = support.state_of(joined.sponsor.project)
    said = state.facts.joined["south"].said
    report = verify_package(joined.packages["south"], key=joined.keys()["south"])
    assert said["package"]["tagManifest"] == report.said.tag_manifest
    assert state.facts.joined["south"].key == joined.keys()["south"]
    assert said["audit"] == report.contents.manifest["audit"]
    word, looked = said["attested"]
    assert (looked["check"], looked["signer"], looked["source"][:7]) == ("privacy/pixel-risk", "rev", "record:")
    assert (word["check"], word["outcome"], word["signer"]) == (support.CLOSED, "PASS", "rev")
    assert (word["printedName"], word["at"][:10]) == ("Made Up Rev", "2026-11-20")
    assert said["signer"] == "rev"
    assert said["split"] == "test"


def test_a_site_held_out_is_in_its_split_whole_and_others_are_in_none(joined: Any) -> None:
    table = json.loads((joined.built / "data/splits/assignments.json").read_bytes())
    assert table["assignments"] == {"south_P1AA": "test", "south_P2BB": "test"}
    assert table["strata"]["south_P1AA"] == {"site": "south"}


def test_building_again_gives_the_same_bytes_and_a_place_elsewhere_too(world: Any, kit: SimpleNamespace) -> None:
    before = kit.tree(world.built)
    shutil.rmtree(world.built)
    assert kit.tree(world.sponsor.build()) == before


def test_a_package_of_another_operators_key_is_refused_never_taken_on_its_own_word(world: Any) -> None:
    asked = support.asked(world.sites["north"], world.packages["north"], key=world.keys()["south"])
    assert code(lambda: world.sponsor.plan(asked)) == "REL-031"


def test_a_draft_is_refused(world: Any) -> None:
    site = world.sites["north"]
    draft = site.build("1.1.0")
    assert code(lambda: world.sponsor.plan(support.asked(site, draft, reason="more"))) == "SIT-003"


def test_a_pre_release_is_refused(world: Any) -> None:
    site = world.sites["north"]
    support.audited(site, 75)
    package = support.final(site, "2.0.0-rc.1")
    assert code(lambda: world.sponsor.plan(support.asked(site, package, reason="more"))) == "SIT-012"


def test_a_package_of_a_joined_dataset_is_no_sites(world: Any, tmp_path: Path, kit: SimpleNamespace) -> None:
    (tmp_path / "other").mkdir()
    other = support.make_sponsor(tmp_path / "other", kit)
    asked = join.Asked("all", world.built, world.sponsor.key)
    assert code(lambda: other.plan(asked)) == "SIT-012"


def test_only_a_project_without_a_vault_joins_and_it_scrubs_nothing(world: Any) -> None:
    asked = support.asked(world.sites["south"], world.packages["south"])
    assert code(lambda: join.check_asked(world.sites["north"].project, asked)) == "SIT-011"
    assert code(world.sponsor.project.need_patients) == "SIT-001"
    assert code(lambda: join.check_asked(world.sponsor.project, replace(asked, site="North_1"))) == "SIT-002"


def words(package: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None) -> Any:
    """Return what is attested of a package, as if its signed report held these bytes."""
    from curator.release.sites.words import SitePayload, words_of

    state = verify_package(package).contents.state
    said = {**support.manifest(package)["audit"], "report": hashlib.sha256(data or b"").hexdigest()}
    monkeypatch.setattr("curator.release.sites.words.content_of", lambda *_: data)
    return words_of(SitePayload(package, state, said), ())


OPEN = support.check(support.CLOSED)
SHUT = {"outcome": "FAIL", "failed": ["a/b"], "unsure": [], "waived": [], "expired": []}


@pytest.mark.parametrize(
    ("checks", "more", "wanted"),
    [
        ([support.check("privacy/dates", needs=())], {}, "SIT-005"),
        ([support.check(support.CLOSED, "COULD_NOT_CHECK")], {}, "SIT-005"),
        ([support.check(support.CLOSED, "NOT_RUN")], {}, "SIT-005"),
        ([support.check(support.CLOSED, "NOT_APPLICABLE")], {}, "SIT-005"),
        ([support.check(support.CLOSED, "ATTESTED")], {}, "SIT-005"),
        ([support.check(support.CLOSED, "FAIL")], {}, "SIT-005"),
        ([{**OPEN, "origin": "a file of the site's"}], {}, "SIT-005"),
        ([OPEN, support.check("privacy/other", "COULD_NOT_CHECK")], {}, "SIT-005"),
        ([OPEN], {"complete": False}, "SIT-004"),
        ([OPEN], {"gate": SHUT}, "SIT-004"),
        ([OPEN], {"counts": {"PASS": 0}}, "SIT-004"),
        ([OPEN], {}, "payload"),
    ],
)
def test_a_package_whose_closed_loop_nobody_attests_is_refused(
    joined: Any, monkeypatch: pytest.MonkeyPatch, checks: Any, more: Any, wanted: str
) -> None:
    package = joined.packages["north"]
    payload = "0" * 64 if wanted == "payload" else support.manifest(package)["audit"]["payload"]
    data = support.report(payload, checks, **more)
    wanted = "SIT-004" if wanted == "payload" else wanted
    assert code(lambda: words(package, monkeypatch, data)) == wanted


def test_a_report_that_passed_names_who_signed_it_and_an_attested_one_who_attested(
    joined: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = joined.packages["north"]
    payload = support.manifest(package)["audit"]["payload"]
    by = {"signer": "ann", "printedName": "\x1b[2J Zephyrhills", "at": "2026-11-01T00:00:00Z", "outcome": "PASS"}
    told = {**support.check(support.CLOSED, "ATTESTED"), "attested": by}
    canaries = support.check("privacy/canaries", needs=("ledger",))
    own, planted, looked = words(package, monkeypatch, support.report(payload, [OPEN, canaries]))
    assert (planted.check, planted.outcome, planted.signer) == ("privacy/canaries", "PASS", "rev")
    assert looked.summary == "looked at the pixels of 1 objects"
    assert (own.outcome, own.signer, own.printed_name) == ("PASS", "rev", "Made Up Rev")
    given, _ = words(package, monkeypatch, support.report(payload, [told]))
    assert (given.outcome, given.signer, given.at) == ("PASS", "ann", "2026-11-01T00:00:00Z")
    assert given.printed_name == "Made Up Ann"
    claimed = support.report(payload, [{**told, "attested": {**by, "signer": "nobody"}}])
    assert code(lambda: words(package, monkeypatch, claimed)) == "SIT-005"
    assert code(lambda: words(package, monkeypatch, None)) == "SIT-004"


def attestation(site: Any, payload: str, outcome: str = "PASS", at: int = 0, size: int = 0) -> bytes:
    """Sign a word as who has the site's vault does."""
    from curator.provenance.dsse import sign_envelope
    from curator.provenance.ledger import origin_of
    from curator.release.attested import TYPE

    state = support.state_of(site.project)
    said = {
        "format": 1, "dataset": state.dataset, "origin": origin_of(state.dataset, state.first), "payload": payload,
        "ledger": {"size": state.size - size, "root": state.tree.root().hex()},
        "checks": [{"id": support.CLOSED, "outcome": outcome, "summary": "0 known identifiers", "figures": {}}],
        "signer": "rev", "signedAt": f"2026-11-20T12:00:{at:02d}Z", "program": "p", "meaning": "responsibility",
    }  # fmt: skip
    data = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return bytes(sign_envelope(data, [site.people["rev"].signer], TYPE))


def test_an_attestation_stands_in_for_the_report_and_is_carried(
    tmp_path: Path, kit: SimpleNamespace, world: Any
) -> None:
    site = support.make_hospital(tmp_path / "east", "east", kit)
    support.audited(site, 70, [support.check(support.CLOSED, "COULD_NOT_CHECK")])
    package = support.final(site, "1.0.0")
    payload = support.manifest(package)["audit"]["payload"]
    asked = support.asked(site, package)
    assert code(lambda: world.sponsor.plan(asked)) == "SIT-005"
    for bad, wanted in (
        (attestation(site, "0" * 64), "AUD-016"),
        (attestation(site, payload, size=1), "AUD-016"),
        (attestation(world.sites["north"], payload), "AUD-016"),
        (attestation(site, payload, "FAIL"), "SIT-005"),
        (attestation(site, payload, "COULD_NOT_CHECK"), "SIT-005"),
        (b"{}", "AUD-015"),
    ):
        assert code(lambda given=bad: world.sponsor.plan(replace(asked, attestations=(given,)))) == wanted
    good = attestation(site, payload)
    assert (
        code(lambda: world.sponsor.plan(replace(asked, attestations=(good, attestation(site, payload, "FAIL", 1)))))
        == "SIT-005"
    )
    world.sponsor.join(replace(asked, attestations=(good,)), 90)
    world.sponsor.audited(95)
    built = world.sponsor.build("2.0.0")
    name = f"data/attestations/east/{hashlib.sha256(good).hexdigest()}.dsse.json"
    assert (built / name).read_bytes() == good
    assert verify_package(built, key=world.sponsor.key).tied
    said = support.state_of(world.sponsor.project).facts.joined["east"].said["attested"]
    assert said[0]["source"] == f"attestation:{hashlib.sha256(good).hexdigest()}"


def test_a_sample_that_two_sites_have_is_refused(tmp_path: Path, kit: SimpleNamespace, world: Any) -> None:
    site = support.make_hospital(tmp_path / "twin", "north", kit)
    support.audited(site, 70)
    site.name = "twin"
    package = support.final(site, "1.0.0")
    assert code(lambda: world.sponsor.plan(support.asked(site, package))) == "SIT-006"


def test_a_site_is_never_joined_twice_under_two_ids(world: Any) -> None:
    asked = support.asked(world.sites["north"], world.packages["north"], site="again")
    assert code(lambda: world.sponsor.plan(asked)) == "SIT-017"


def fake(site: str, uid: str, **more: Any) -> Any:
    """Return a site with one sample, as far as sites are held against each other."""
    digest = hashlib.sha256(site.encode()).hexdigest()
    sample = Sample(more.get("path", "clean/P1/2.25.1/2.25.2/I.dcm"), digest, uid, more.get("content", digest), "dicom")
    guidelines = [{"id": "mass", "version": "1.0", "sha256": more.get("text", "a" * 64)}]
    manifest = {"ledger": {"origin": f"curator/{site}"}, "guidelines": guidelines}
    return SimpleNamespace(site=site, manifest=manifest, samples=lambda: iter([sample]))


def test_uids_of_objects_studies_and_series_are_of_one_site(kit: SimpleNamespace) -> None:
    one = fake("north", "2.25.9")
    apart_ = "clean/P1/2.25.3/2.25.4/I.dcm"
    assert check_apart([one, fake("south", "2.25.8", path=apart_)]).contents == 0
    for other in (
        fake("south", "2.25.9", path=apart_),
        fake("south", "2.25.8", path="clean/P1/2.25.1/2.25.4/I.dcm"),
        fake("south", "2.25.8", path="clean/P1/2.25.3/2.25.2/I.dcm"),
    ):
        assert code(lambda two=other: check_apart([one, two])) == "SIT-007"


def test_equal_contents_in_other_files_are_counted() -> None:
    two = fake("south", "2.25.8", path="clean/P1/2.25.3/2.25.4/I.dcm", content="b" * 64)
    three = fake("west", "2.25.7", path="clean/P1/2.25.5/2.25.6/I.dcm", content="b" * 64)
    assert check_apart([fake("north", "2.25.9"), two, three]).contents == 1


def test_one_guidelines_name_for_two_texts_is_refused() -> None:
    two = fake("south", "2.25.8", path="clean/P1/2.25.3/2.25.4/I.dcm", text="b" * 64)
    assert code(lambda: check_apart([fake("north", "2.25.9"), two])) == "SIT-008"


def test_a_pseudonym_that_gets_too_long_behind_the_sites_id_is_refused() -> None:
    assert code(lambda: check_apart([fake("north", "2.25.9", path=f"clean/{'P' * 60}/S/R/I.dcm")])) == "SIT-014"


def test_a_manifest_of_a_newer_format_is_called_newer(world: Any, kit: SimpleNamespace) -> None:
    site = world.sites["north"]
    package = kit.tampers.copy_of(world.packages["north"], world.folder / "newer")
    said = support.manifest(package)
    kit.tampers.put(package / "data/manifest.json", json.dumps({**said, "format": 99}).encode())
    signer = SeedSigner(site.vault.operator_key())
    kit.tampers.sealed(package, signer.public, signer)
    assert code(lambda: world.sponsor.plan(support.asked(site, package))) == "SYS-007"


def second_version(world: Any, *, reason: str | None = "a patient was recalled") -> Any:
    """Recall a sample at the site, build its next version, and return what is asked of a join of it."""
    site = world.sites["north"]
    gone = next(one for one in site.samples() if "P1AA" in one.path)
    support.signed(site, recalls(site.project, [gone.sha256], "a name was found", site.fine), 75)
    support.audited(site, 76)
    from curator.release.diff_reasons import Reasons

    why = Reasons(groups={"removed finding nodules@1.0": "recalled"})
    package = support.final(site, "2.0.0", reasons=why)
    return support.asked(site, package, reason=reason), gone


def test_a_later_version_replaces_the_earlier_one_with_the_difference_said(world: Any) -> None:
    asked, gone = second_version(world)
    assert code(lambda: world.sponsor.plan(replace(asked, reason=None))) == "SIT-013"
    assert code(lambda: world.sponsor.plan(replace(asked, split="test"))) == "SIT-015"
    assert code(lambda: world.sponsor.plan(replace(asked, reason="Brandywine"))) == "LED-070"
    planned = world.sponsor.join(asked, 90)
    assert join.counts_of(planned.diff)["samples"] == {"added": 0, "removed": 1, "changed": 0}
    assert planned.gone[1] == {gone.sha256}
    assert planned.taken_back == 1
    joined = support.state_of(world.sponsor.project).facts.joined["north"]
    assert joined.said["changes"]["samples"]["removed"] == 1
    assert joined.said["replaces"]["version"] == "1.0.0"
    # What was taken back is in the project no more, and the earlier package cannot come back.
    held = world.sponsor.project.sites / "north"
    assert [path.name for path in held.iterdir()] == [joined.tag]
    assert not any(path.read_bytes() == b"" or gone.sha256 in path.name for path in held.rglob("I*.dcm"))
    old = support.asked(world.sites["north"], world.packages["north"], reason="back")
    assert code(lambda: world.sponsor.plan(old)) == "SIT-009"
    # The signed audit was over what was joined before.
    assert code(lambda: world.sponsor.build("2.0.0")) == "REL-057"
    world.sponsor.audited(95)
    assert code(lambda: world.sponsor.build("1.1.0")) == "REL-052"
    built = world.sponsor.build("2.0.0")
    assert gone.sha256 not in (built / "data/samples.jsonl").read_text()
    assert verify_package(built, key=world.sponsor.key, site_keys=world.keys()).samples == 7
    change = json.loads((built / "data/version/changelog.json").read_bytes())
    assert (change["level"], change["parent"]["version"]) == ("major", "1.0.0")
    (case,) = change["cases"]
    assert (case["case"], case["change"], case["record"]) == ("north_P1AA", "changed", joined.leaf)
    assert "a patient was recalled" in change["labels"][0]["reason"]


def test_a_ledger_that_forgot_records_does_not_follow(world: Any, tmp_path: Path, kit: SimpleNamespace) -> None:
    """A site that begins its ledger anew is another ledger, whatever version it calls itself."""
    site = support.make_hospital(tmp_path / "anew", "north", kit)
    support.audited(site, 70)
    package = support.final(site, "3.0.0")
    found = code(lambda: world.sponsor.plan(support.asked(site, package, reason="more")))
    assert found in {"SIT-019", "LED-054", "LED-015"}


def test_the_same_package_again_signs_nothing_and_mends_what_was_damaged(world: Any) -> None:
    size = support.state_of(world.sponsor.project).size
    joined = support.state_of(world.sponsor.project).facts.joined["south"]
    place = package_folder(world.sponsor.project, "south", joined.tag)
    (place / "data/samples.jsonl").write_bytes(b"")
    assert code(lambda: open_sites(world.sponsor.project, support.state_of(world.sponsor.project))) == "SIT-010"
    asked = support.asked(world.sites["south"], world.packages["south"], split="test")
    assert code(lambda: world.sponsor.plan(replace(asked, split="train"))) == "SIT-015"
    assert world.sponsor.join(asked).already
    assert support.state_of(world.sponsor.project).size == size
    assert len(open_sites(world.sponsor.project, support.state_of(world.sponsor.project))) == 2


def test_a_join_that_was_killed_leaves_no_site_and_can_be_run_again(
    tmp_path: Path, kit: SimpleNamespace, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = support.make_hospital(tmp_path / "east", "east", kit)
    support.audited(site, 70)
    asked = support.asked(site, support.final(site, "1.0.0"))
    room = "curator.release.sites.join"
    steps = [
        f"{room}.open_file",
        f"{room}.open_package",
        f"{room}.sync_tree",
        f"{room}.sync_folder",
        "sites_support.signed",
    ]
    for step in (*steps, f"{room}.sweep"):
        with monkeypatch.context() as patch:
            patch.setattr(step, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                world.sponsor.join(asked, 90)
        state = support.state_of(world.sponsor.project)
        # The last step comes behind the record: then the site is joined.
        there = ["east", "north", "south"] if step not in steps else ["north", "south"]
        assert [one.site for one in open_sites(world.sponsor.project, state)] == there, step
    assert world.sponsor.join(asked, 90).already
    assert sorted(path.name for path in world.sponsor.project.sites.iterdir()) == ["east", "north", "south"]
    for site in world.sponsor.project.sites.iterdir():
        assert len(list(site.iterdir())) == 1


def test_a_link_in_a_package_is_refused_and_nothing_of_it_stays(world: Any, tmp_path: Path) -> None:
    package = tmp_path / "linked"
    shutil.copytree(world.packages["south"], package)
    (package / "data" / "0-link").symlink_to("/etc")
    asked = support.asked(world.sites["south"], package, split="test")
    assert code(lambda: world.sponsor.join(asked)) == "REL-026"
    inside = world.sponsor.project.root / "inside"
    shutil.copytree(world.packages["south"], inside)
    assert code(lambda: world.sponsor.join(replace(asked, package=inside))) == "REL-008"


def test_a_project_with_no_site_yet_has_nothing_to_build(
    tmp_path: Path, kit: SimpleNamespace, monkeypatch: Any
) -> None:
    sponsor = support.make_sponsor(tmp_path, kit)
    assert code(lambda: sponsor.build(draft=True)) == "SIT-020"


def test_a_purged_package_is_refused(world: Any) -> None:
    from curator.provenance.kinds_release import purge
    from curator.release.purge import purge_package

    site = world.sites["north"]
    gone = site.samples()[0]
    support.signed(site, [purge([gone.sha256], [], "a name was found", site.fine)], 75)
    leaf = support.state_of(site.project).previous.hex()
    signer = SeedSigner(site.vault.operator_key())
    purge_package(world.packages["north"], {gone.sha256}, set(), [leaf], signer)
    assert verify_package(world.packages["north"], key=signer.public).purged_files == 2
    asked = support.asked(site, world.packages["north"])
    assert code(lambda: world.sponsor.plan(asked)) == "SIT-012"
