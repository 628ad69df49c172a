"""What a user meets when folders, key files and checkpoints are exchanged, and when a rule forbids a signature."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from people_site import Result, Site, label, make_site

SEALING = {"key": True, "vault": True}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = make_site(tmp_path_factory.mktemp("site"))
    site.sign(1, 2)
    return site


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    shutil.copytree(made.folder, tmp_path / "site")
    return Site(tmp_path / "site")


def refused(done: Result, code: str, exit_code: int = 2) -> None:
    assert (done.code, code in done.err, "hint: " in done.err) == (exit_code, True, True), done.err


def test_the_ledger_of_another_project_is_refused_whoever_reads_it(site: Site) -> None:
    """21 CFR 11.70: the records of another dataset do not pass as this project's."""
    settings = site.project / "curator.toml"
    text = settings.read_text()
    settings.write_text(text.replace('dataset = "', 'dataset = "other-'))
    done = site("ledger", "verify")
    assert (done.code, "first bad record: 0 · LED-115" in done.out, "PASS" in done.out) == (4, True, False)
    refused(site("ledger", "log"), "LED-115", 4)
    refused(site("label", "review", "ada-1", "--outcome", "accepted", "--by", "rita", key=True), "LED-115", 4)
    settings.write_text(text)
    assert site("ledger", "verify").code == 0


def test_a_project_whose_ledger_was_taken_away_is_broken_and_no_wrong_command(site: Site) -> None:
    shutil.rmtree(site.project / "ledger")
    for left in ("none", "empty"):
        done = site("ledger", "verify")
        assert (done.code, "LED-116" in done.out) == (4, True), (left, done.out, done.err)
        refused(site("ledger", "log"), "LED-116", 4)
        (site.project / "ledger").mkdir(exist_ok=True)
    refused(site("ledger", "verify", site.folder / "nowhere", project=False), "LED-001")


def test_a_file_in_place_of_a_ledger_is_no_ledger(site: Site) -> None:
    for words in (("verify",), ("head",), ("log",), ("history", "ada-1")):
        refused(site("ledger", *words, site.folder / "labels.jsonl", project=False), "LED-001")
    commits = site.project / "ledger" / "commits"
    shutil.rmtree(commits)
    commits.write_text("")
    done = site("ledger", "verify")
    assert (done.code, "LED-014" in done.out) == (4, True), done.out


def test_a_checkpoint_of_another_ledger_is_called_so_and_no_cut(site: Site) -> None:
    held = site.folder / "held"
    assert site("ledger", "checkpoint", "--out", held, vault=True).code == 0
    lines = held.read_text().split("\n")
    held.write_text("\n".join(["curator/other/0000000000000000", "9999", *lines[2:]]))
    done = site("ledger", "verify", "--against", held)
    assert (done.code, "LED-119" in done.err, "LED-014" in done.out) == (2, True, False), done.out
    # Of the same dataset, another beginning is another history: that is no wrong file.
    dataset = lines[0].split("/")[1]
    held.write_text("\n".join([f"curator/{dataset}/0000000000000000", "9999", *lines[2:]]))
    done = site("ledger", "verify", "--against", held)
    assert (done.code, "LED-015" in done.out, "LED-014" in done.out) == (4, True, False), done.out


def test_a_cut_that_takes_its_checkpoints_along_is_told_as_what_cannot_be_seen(site: Site) -> None:
    """21 CFR 11.10(e): the report never says more than was proven; whoever noted the number sees the cut."""
    before = site.records()
    ledger = site.project / "ledger"
    max((ledger / "commits").iterdir()).unlink()
    gone = [one for one in (ledger / "checkpoints").iterdir() if int(one.name.split("-")[0]) == before]
    assert gone
    for one in gone:
        one.unlink()
    done = site("ledger", "verify")
    assert done.code == 0
    assert "or of commits that were taken away" in done.out
    assert "newer records were cut off" in done.out
    assert f"{before:,} records" not in done.out


def test_a_newer_format_could_not_be_checked_and_is_not_called_broken(site: Site) -> None:
    path = min((site.project / "ledger" / "commits").iterdir())
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":99'))
    done = site("ledger", "verify")
    assert (done.code, done.out.startswith("COULD NOT CHECK"), "FAIL" in done.out) == (3, True, False), done.out
    assert "SYS-007" in done.out


def test_what_is_forbidden_before_the_key_is_opened_is_on_record_too(site: Site) -> None:
    """21 CFR 11.10(d), 11.300(d): a role that forbids, an own label, and a revoked key are events."""
    refused(site("label", "review", "ada-1", "--outcome", "accepted", "--by", "ada", key=True), "KEY-011")
    assert site.events() == ["signing-refused"]
    more = site.folder / "more.jsonl"
    more.write_text(json.dumps(label(3, "rita")) + "\n")
    stated = ("--as", "rita", "--guideline", "chest@1.0", "--tool", "viewer@2.1")
    assert site("sign", more, *stated, key=True).code == 0
    refused(site("label", "review", "rita-3", "--outcome", "accepted", "--by", "rita", key=True), "LED-067")
    assert site("label", "review", "rita-3", "--outcome", "accepted", "--by", "rita", "--dry-run").code == 2
    assert site.events() == ["signing-refused"] * 2
    done = site("people", "revoke", "ada", "--by", "rita", "--reason", "laptop lost", key=True)
    assert done.code == 0, done.err
    more.write_text(json.dumps(label(4, "ada")) + "\n")
    refused(site("sign", more, "--as", "ada", "--guideline", "chest@1.0", key=True), "KEY-010")
    assert site.events() == ["signing-refused"] * 3


def test_a_name_in_another_normal_form_is_told_as_such(site: Site) -> None:
    done = site("people", "add", "eve", "--name", "Jose\u0301 X", "--role", "reader", key=True, project=False)
    refused(done, "KEY-019")
    assert "normalization form C" in done.err


def test_a_label_that_lacks_its_reason_is_told_which_field_lacks(site: Site) -> None:
    more = site.folder / "more.jsonl"
    more.write_text(json.dumps(label(4, "ada", supersedes="ada-1")) + "\n")
    done = site("sign", more, "--as", "ada", "--guideline", "chest@1.0", "--tool", "viewer@2.1", "--dry-run")
    assert (done.code, "/ (lacks reason)" in done.err) == (2, True), done.err


def test_another_policy_is_put_on_record_once(site: Site) -> None:
    """21 CFR 11.10(k): which policy holds from when on is signed."""
    settings = site.project / "curator.toml"
    said = ("policy", "change", "--reason", "dates are needed", "--by", "rita")
    refused(site(*said, key=True), "LED-079")
    settings.write_text(settings.read_text().replace('"safe-harbor"', '"expert"'))
    shown = site(*said, "--dry-run")
    assert (shown.code, "would sign" in shown.out) == (0, True), shown.err
    assert site(*said, key=True).code == 0
    refused(site(*said, key=True), "LED-079")
    logged = site("ledger", "log", "--kind", "policy-changed").out
    assert "policies/expert · in place of safe-harbor · dates are needed" in logged
    assert site("ledger", "verify").code == 0
    refused(site("policy", "change", "--reason", "x", "--by", "ada", key=True), "KEY-011")
    assert site.events() == ["signing-refused"]
