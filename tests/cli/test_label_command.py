"""``curator label`` and what ``curator sign`` shows and refuses, by the commands that people run."""

from __future__ import annotations

import itertools
import json
import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from test_ledger_commands import CURATOR, SIGN, Site, add_samples, label

from curator.cli.guard import text_guard

PEOPLE = {"ada": "reader", "ben": "reader", "rita": "reviewer", "zoe": "adjudicator"}
SIGNED = ("signed as Dr Rita (rita) at ", "(local offset ")
#: Identifiers that must not get in, and must stand in no output.
PLANTED = (
    "Seen by Dr. Quillfeather on the ward",
    "discussed with Mary Jones",
    "MRN 48291047",
    "call 555-867-5309",
    "zebediah@example.org",
    "born 1950-03-04",
)
SPELLINGS = (
    "quillfeather",
    "jane",
    "doe@",
    "_doe",
    "mary",
    "jones",
    "48291047",
    "5558675309",
    "867-5309",
    "867",
    "zebediah",
    "1950",
    "03-04",
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project with people of four roles, a guideline, and three labels of one sample and one of another."""
    site = Site(tmp_path_factory.mktemp("site"))
    (site.folder / "pass").write_text("the vault's passphrase\n")
    (site.folder / "key").write_text("a key's passphrase\n")
    assert site("init", vault=True).code == 0
    add_samples(site.project)
    for name, role in PEOPLE.items():
        words = ("people", "add", name, "--name", f"Dr {name.title()}", "--role", role)
        assert site(*words, key=True, project=False).code == 0
    for name, by in (("rita", "ada"), ("ada", "rita"), ("ben", "rita"), ("zoe", "rita")):
        assert site("people", "enroll", f"{name}.request.json", "--by", by, key=True).code == 0
    (site.folder / "chest.txt").write_text("how to read a chest\n")
    assert site("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita", key=True).code == 0
    for name, numbers in (("ada", (0, 1)), ("ben", (0,)), ("rita", (0,))):
        path = site.labels([label(number, name) for number in numbers])
        line = ("sign", path, "--as", name, "--guideline", "chest@1.0", "--confirm", len(numbers))
        assert site(*line, key=True).code == 0
    return site


@pytest.fixture
def site(begun: Site, tmp_path: Path) -> Site:
    shutil.copytree(begun.folder, tmp_path / "site")
    return Site(tmp_path / "site")


def states(site: Site) -> dict[str, int]:
    return {name: count for name, count in site("label", "status", "--json").json["states"].items() if count}


def test_labels_are_reviewed_adjudicated_approved_and_withdrawn(site: Site) -> None:
    """21 CFR 11.50(b): every human readable form names the signer, the time and the meaning."""
    words = ("label", "review", "ada-0", "ben-0", "--by", "rita", "--outcome", "accepted", "--confirm", 2)
    done = site.installed(*words, key=True, vault=True)
    assert done.code == 0, done.err
    assert all(one in done.out for one in SIGNED)
    assert "review, accepted" in done.out
    assert "Dr Ada (ada) · Dr Ben (ben)" in done.err
    words = ("label", "adjudicate", "ada-0", "ben-0", "--result", "ada-0", "--by", "zoe", "--reason", "clearer box")
    assert site(*words, key=True).code == 0
    done = site("label", "approve", "ada-0", "--by", "rita", "--json", key=True)
    assert done.code == 0, done.err
    assert (done.json["meaning"], done.json["signer"]["printedName"]) == ("approval", "Dr Rita")
    assert done.json["signedAt"].endswith("Z")
    done = site("label", "withdraw", "ada-1", "--by", "ada", "--reason", "wrong series", key=True)
    assert done.code == 0, done.err
    assert states(site) == {"approved": 1, "resolved": 1, "withdrawn": 1, "signed": 1}
    told = site("label", "status", "ada-0", "ada-1").out
    for one in ("Dr Ada (ada)", "Dr Rita (rita)", "Dr Zoe (zoe)", "clearer box", "wrong series", "local offset"):
        assert one in told
    for one in ("authorship", "review", "responsibility", "approval", "outcome accepted"):
        assert one in told
    (document,) = site("label", "status", "ada-0", "--json").json["labels"]
    assert [one["meaning"] for one in document["history"]] == ["authorship", "review", "responsibility", "approval"]
    assert site("label", "status", "--in", "withdrawn").out.split() == ["ada-1"]
    assert "wrong series" in site("ledger", "show", "--index", 13).out
    assert site.verified()["counts"]["label withdrawn"] == 1


def test_a_superseded_label_says_by_which(site: Site) -> None:
    later = label(4, labelId="ada-later", supersedes="ada-0", reason="second look")
    assert site("sign", site.labels([later]), *SIGN, key=True).code == 0
    told = site("label", "status", "ada-0").out
    assert "ada-0 · superseded" in told
    assert "superseded · Dr Ada (ada)" in told
    assert "by ada-later · " in told
    assert "second look" in told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("LED-067", ("approve", "ada-0", "--by", "rita")),
        ("LED-067", ("review", "ada-0", "rita-0", "--by", "rita", "--outcome", "accepted", "--confirm", "2")),
        ("KEY-011", ("review", "ben-0", "--by", "ada", "--outcome", "accepted")),
        ("KEY-011", ("adjudicate", "ada-0", "ben-0", "--result", "ada-0", "--by", "rita", "--reason", "x")),
        ("LED-069", ("adjudicate", "ada-0", "--result", "ada-0", "--by", "zoe", "--reason", "x")),
        ("LED-024", ("review", "ada-0", "--by", "rita", "--outcome", "rejected")),
        ("LBL-033", ("review", "ada-0", "ben-0", "--by", "rita", "--outcome", "accepted")),
        ("LBL-033", ("review", "ada-0", "ben-0", "--by", "rita", "--outcome", "accepted", "--confirm", "3")),
        ("LBL-033", ("review", "ada-0", "--by", "rita", "--outcome", "accepted", "--confirm", "2")),
        ("KEY-001", ("approve", "ada-0", "--by", "eve")),
        ("LED-068", ("approve", "--file", "nothing.txt", "--by", "rita")),
        ("LBL-042", ("approve", "--by", "rita")),
        ("LED-060", ("approve", "QUILLFEATHER-7", "ada-0", "--by", "rita")),
        ("LED-060", ("status", "QUILLFEATHER-7")),
        ("LED-060", ("adjudicate", "ada-0", "ben-0", "--result", "QUILLFEATHER-7", "--by", "zoe", "--reason", "x")),
        ("LBL-042", ("status", "ada-0", "--in", "signed")),
        ("CLI-003", ("withdraw", "ada-0", "--by", "ada")),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_what_is_refused_has_a_code_a_hint_and_no_unknown_id(
    site: Site, code: str, words: tuple[str, ...], form: tuple[str, ...]
) -> None:
    if "QUILLFEATHER-7" in words and words[0] == "adjudicate":
        reviewed = ("label", "review", "ada-0", "ben-0", "--by", "rita", "--outcome", "accepted", "--confirm", "2")
        assert site(*reviewed, key=True).code == 0
    before = site.verified()["records"]
    done = site("label", *words, *form, key=words[0] != "status")
    assert (done.code, done.err.splitlines()[-2].split()[0]) == (2, code), done.err
    assert done.err.splitlines()[-1].startswith("hint: ")
    assert "quillfeather" not in (done.out + done.err).lower()
    if form:
        assert done.json["error"]["code"] == code
    assert site.verified()["records"] == before


def test_labels_that_are_not_ready_are_listed_by_their_ids(site: Site) -> None:
    done = site("label", "approve", "ada-0", "ben-0", "--by", "rita", "--confirm", 2, key=True)
    assert [one.split()[:2] for one in done.err.splitlines()[:2]] == [["ada-0:", "LED-065"], ["ben-0:", "LED-065"]]
    found = site("label", "approve", "ada-0", "ben-0", "--by", "rita", "--json", key=True).json
    assert [(one["labelId"], one["code"]) for one in found["issues"]] == [("ada-0", "LED-065"), ("ben-0", "LED-065")]


def test_a_file_of_ids_names_labels_and_a_dry_run_signs_nothing(site: Site) -> None:
    listed = site("label", "status", "--in", "signed").out
    (site.folder / "ids.txt").write_text("\ufeff" + listed.replace("rita-0\n", "") + "\n")
    words = ("label", "review", "--file", "ids.txt", "--by", "rita", "--outcome", "accepted")
    before = site.verified()["records"]
    done = site(*words, "--dry-run")
    assert (done.code, "would sign as Dr Rita (rita)" in done.out) == (0, True), done.err
    assert site.verified()["records"] == before
    assert site(*words, "--confirm", 3, key=True).code == 0
    assert site.verified()["records"] == before + 1
    (site.folder / "ids.txt").write_bytes(b"\xff\xfe")
    assert "LED-068" in site(*words, key=True).err
    two = ("label", "adjudicate", "ada-0", "ada-1", "--result", "ada-0", "--by", "zoe", "--reason", "x", "--dry-run")
    assert "LED-066" in site(*two).err


# -- what is shown before signing -------------------------------------------------------------------------------------


def test_what_will_be_signed_is_shown_before_the_passphrase_is_asked_for(site: Site) -> None:
    """21 CFR 11.50(a): name, time and meaning stand with what is signed."""
    path = site.labels([label(n, "ada", labelId=f"new-{n}") for n in range(3)])
    done = site("sign", path, *SIGN, "--confirm", 3, "--key-store", site.folder / "keys")
    # No passphrase is given, so signing stops there; all was shown by then.
    assert (done.code, "CLI-010" in done.err) == (2, True)
    for one in ("Dr Ada (ada)", "authorship 3", "finding 3", "chest@1.0 (", "2020-05-04T08:15:00Z to", "sha256 "):
        assert one in done.err
    report = site("sign", path, *SIGN, "--dry-run", "--json").json
    assert f"sha256 {report['batch']['sha256']}" in done.err
    signed = site("sign", path, *SIGN, "--confirm", 3, "--json", key=True).json
    assert signed["batch"] == report["batch"]
    record = site("ledger", "show", "--label", "new-1", "--json").json
    assert record["predicate"]["batch"] == {"count": 3, "sha256": report["batch"]["sha256"]}


@pytest.mark.parametrize(
    ("confirm", "code"), [((), 2), (("--confirm", 2), 2), (("--confirm", 4), 2), (("--confirm", 3), 0)]
)
def test_more_than_one_label_is_signed_only_when_their_number_is_confirmed(
    site: Site, confirm: tuple[object, ...], code: int
) -> None:
    path = site.labels([label(n, "ada", labelId=f"new-{n}") for n in range(3)])
    done = site("sign", path, *SIGN, *confirm, key=True)
    assert (done.code, "LBL-033 3 labels" in done.err) == (code, code == 2)
    assert site.verified()["counts"]["label"] == (4 if code else 7)
    if not code:
        again = site("sign", path, *SIGN, key=True)
        assert (again.code, "already signed 3" in again.out) == (0, True)
        more = site.labels([label(n, "ada", labelId=f"new-{n}") for n in range(5)])
        assert site("sign", more, *SIGN, "--confirm", 5, key=True).code == 0


def test_a_terminal_asks_for_the_number(site: Site) -> None:
    path = site.labels([label(n, "ada", labelId=f"new-{n}") for n in range(3)])
    for typed, code in (("2", 2), ("3", 0)):
        main, child = pty.openpty()
        line = site.line("sign", path, *SIGN, key=True)
        process = subprocess.Popen(line, stdin=child, stdout=subprocess.PIPE, stderr=child, cwd=site.folder)
        os.close(child)
        said = b""
        end = time.monotonic() + 60
        while b"to sign 3 labels" not in said and time.monotonic() < end:
            if select.select([main], [], [], 1)[0]:
                said += os.read(main, 65_536)
        assert b"sha256 " in said
        os.write(main, typed.encode() + b"\n")
        try:
            while os.read(main, 65_536):
                pass
        except OSError:
            pass  # the other end is closed
        process.communicate(timeout=60)
        os.close(main)
        assert process.returncode == code
    assert site.verified()["counts"]["label"] == 7


def test_options_state_what_the_file_does_not(site: Site) -> None:
    words = ("--not-blinded", "--independent", "--truth-basis", "consensus", "--information", "report")
    words += ("--information", "history", "--prelabel", "--prelabel-origin", "model-7")
    words += ("--confidence-scale", "likert-1-5")
    path = site.labels([label(0, labelId="new-0", confidence=4), label(1, labelId="new-1", blinded=True)])
    assert site("sign", path, *SIGN, *words, "--confirm", 2, key=True).code == 0
    one, two = (site("ledger", "show", "--label", f"new-{n}", "--json").json["predicate"] for n in range(2))
    assert (one["blinded"], two["blinded"], one["independent"]) == (False, True, True)
    assert (one["confidenceScale"], "confidenceScale" in two) == ("likert-1-5", False)
    assert one["informationShown"] == ["history", "report"]
    assert one["preLabel"] == {"shown": True, "origin": "model-7"}
    assert one["truthBasis"] == "consensus"
    bad = site("sign", path, *SIGN, "--prelabel-origin", "x", key=True)
    assert (bad.code, "LBL-041" in bad.err) == (2, True)


# -- the guard --------------------------------------------------------------------------------------------------------


def hidden(done: Any) -> bool:
    return not any(one in (done.out + done.err).lower() for one in SPELLINGS)


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_identifier_in_a_value_or_a_reason_is_refused_and_not_repeated(
    site: Site, planted: str, form: tuple[str, ...]
) -> None:
    lines = [
        label(0, labelId="new-0", value={"text": planted}),
        label(0, labelId="new-1", value=["nodule", {"deep": [planted]}]),
        label(0, labelId="new-2", supersedes="ada-0", reason=planted),
        label(0, labelId="new-3", value="nodule"),
    ]
    done = site("sign", site.labels(lines), *SIGN, "--confirm", 4, *form, key=True)
    told = done.json["issues"] if form else []
    codes = [one["code"] for one in told] or [one.split()[2] for one in done.err.splitlines() if "line " in one]
    assert (done.code, codes[:3]) == (2, ["LBL-017"] * 3)
    assert len(codes) == 3
    assert hidden(done)
    for words in (("withdraw", "ada-0", "--by", "ada"), ("review", "ada-0", "--by", "rita", "--outcome", "rejected")):
        done = site("label", *words, "--reason", planted, *form, key=True)
        assert (done.code, "LBL-017" in done.err) == (2, True)
        assert hidden(done)
    assert site.verified()["counts"]["label"] == 4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("labelId", "jane_doe"),
        ("labelId", "Jane-Doe-3"),
        ("labelId", "mrn-48291047"),
        ("labelId", "48291047"),
        ("labelId", "555-867-5309"),
        ("labelId", "read-1950-03-04"),
        ("kind", "jane_doe"),
        ("stage", "jane_doe"),
        ("tool", "Jane Doe@1"),
        ("preLabel", {"shown": True, "origin": "jane_doe"}),
        ("informationShown", ["jane-doe"]),
        ("value", {"mrn": 48291047}),
        ("value", {"age": 93}),
        ("value", {"patientName": "Quillfeather"}),
        ("value", {"jane_doe": "nodule"}),
        ("value", ["Jane", "Doe"]),
        ("value", {"phone": "555 867 5309"}),
    ],
)
def test_an_identifier_in_any_field_that_people_write_is_refused(site: Site, field: str, value: Any) -> None:
    done = site("sign", site.labels([label(0, **{"labelId": "new-0", field: value})]), *SIGN, key=True)
    assert (done.code, "line 1: LBL-017" in done.err) == (2, True), done.err
    assert hidden(done)
    assert site.verified()["counts"]["label"] == 4


def test_what_labels_usually_say_passes_the_guard(site: Site) -> None:
    values: list[Any] = [
        {"text": "RUL spiculated nodule, 8 mm", "grade": "BI-RADS 4", "box": [10, 20, 1.5, 40]},
        {"volume": 1234567, "laterality": "left", "finding": "Hodgkin lymphoma"},
        ["T2 hyperintense", "Gleason 3+4", "T3N1M0"],
        {"segmentation": "2.25.1", "text": "follow Fleischner 2017"},
    ]
    ids = ["reader-a-000123", "nodule-17", "case12:nodule3", "mammo_L_CC_2"]
    lines = [label(0, labelId=one, value=value) for one, value in zip(ids, values, strict=True)]
    done = site("sign", site.labels(lines), *SIGN, "--confirm", 4, key=True)
    assert done.code == 0, done.err
    assert site("ledger", "show", "--label", "nodule-17", "--json").json["predicate"]["value"] == values[1]


def test_the_guard_is_asked_for_any_mix_of_separators() -> None:
    fine = text_guard()
    for one, two in itertools.product("-_.:", repeat=2):
        assert not fine(f"mrn{one}48291047{two}x"), (one, two)
        assert fine(f"nodule{one}17{two}left")
    assert json.dumps([fine("nodule"), fine("Jane Doe")]) == "[true, false]"


def test_the_commands_are_installed_and_explain_themselves() -> None:
    for words in (
        ("label",),
        *((("label", name)) for name in ("review", "approve", "adjudicate", "withdraw", "status")),
    ):
        done = subprocess.run([CURATOR, *words, "--help"], capture_output=True, text=True, check=False)
        assert (done.returncode, "Usage: curator label" in done.stdout) == (0, True)
        assert len(words) == 1 or "Examples:" in done.stdout
