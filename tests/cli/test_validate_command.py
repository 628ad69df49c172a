"""``curator validate`` as installed: the whole qualification, the signed protocol, bad input, Ctrl-C."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from curator.cli.main import run

CURATOR = Path(sys.executable).with_name("curator")
PHRASE = "a passphrase that must not be seen"
KEYS = ("--key-store", "keys", "--key-passphrase-file", "pass")
FEW = ("--only", "IQ-10", "--only", "OQ-11.70-1")


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        assert "Traceback" not in out + err
        assert PHRASE not in out + err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Desk:
    """A folder with a passphrase, a key store and a project in which a reviewer is enrolled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def installed(self, *words: object) -> Result:
        line = [str(CURATOR), *map(str, words)]
        done = subprocess.run(line, capture_output=True, text=True, cwd=self.folder, timeout=110, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def __call__(self, *words: object) -> Result:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(self.folder):
            code = run(list(map(str, words)))
        return Result(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    (desk.folder / "pass").write_text(PHRASE + "\n")
    assert desk("init", "trial", "--passphrase-file", "pass").code == 0
    for name, role in (("rita", "reviewer"), ("ada", "reader")):
        assert desk("people", "add", name, "--name", f"Dr {name.title()}", "--role", role, *KEYS).code == 0
    for name, by in (("rita", "ada"), ("ada", "rita")):
        assert desk("people", "enroll", f"{name}.request.json", "--by", by, "--project", "trial", *KEYS).code == 0
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.folder, tmp_path / "desk")
    return Desk(tmp_path / "desk")


@pytest.mark.timeout(180)
def test_the_whole_qualification_runs_and_only_the_checkout_could_not_be_checked(desk: Desk) -> None:
    """21 CFR 11.10(a): the installed program qualifies its own installation and operation."""
    before = sorted(os.listdir(desk.folder))
    keys = sorted(path.name for path in (desk.folder / "keys").rglob("*"))
    done = desk.installed("validate", "--json")
    document = done.json
    left = [one["id"] for one in document["checks"] if one["result"] != "PASS"]
    assert left in ([], ["IQ-02"]), [one["evidence"] for one in document["checks"] if one["id"] in left]
    assert (done.code, "VAL-011" in done.err) == ((3, True) if left else (0, False))
    assert (document["complete"], document["signature"], len(document["checks"]) > 60) == (True, None, True)
    assert "nothing was written or signed" in done.err
    assert sorted(os.listdir(desk.folder)) == before
    assert sorted(path.name for path in (desk.folder / "keys").rglob("*")) == keys


def test_a_protocol_is_signed_verified_and_refused_when_altered(desk: Desk) -> None:
    """21 CFR 11.70: a protocol that was altered after it was signed is refused with exit 4."""
    signing = ("--out", "protocol", "--by", "rita", "--project", "trial", *KEYS)
    done = desk.installed("validate", *FEW, *signing)
    assert done.code == 0, done.err
    assert done.out.count("PASS") == 2
    assert "partial" in done.out
    page = (desk.folder / "protocol" / "protocol.html").read_text()
    assert all(text in page for text in ("Dr Rita", "responsibility", "local offset", "partial"))
    good = desk.installed("validate", "--check", "protocol", "--project", "trial")
    assert (good.code, "Dr Rita (rita)" in good.out, "NOTE" in good.out) == (0, True, False)
    alone = desk("validate", "--check", "protocol", "--json")
    assert (alone.code, alone.json["keyHeldElsewhere"], alone.json["signature"]["printedName"]) == (0, False, "Dr Rita")
    held = desk("validate", "--check", "protocol", "--key", "protocol/signer.pem")
    assert (held.code, "NOTE" in held.out) == (0, False)
    path = desk.folder / "protocol" / "protocol.html"
    path.write_text(page.replace("PASS", "FAIL", 1))
    bad = desk.installed("validate", "--check", "protocol")
    assert (bad.code, "VAL-020" in bad.err, bad.out) == (4, True, "")


def test_a_protocol_by_somebody_who_is_not_enrolled_is_refused_against_the_project(desk: Desk) -> None:
    """21 CFR 11.100(a): a protocol's signature is compared with the person's enrollment."""
    other = ("--key-store", "others", "--key-passphrase-file", "pass")
    assert desk("people", "add", "rita", "--name", "Dr Rita", "--role", "reviewer", "--out", "o", *other).code == 0
    refused = desk("validate", *FEW, "--out", "p", "--by", "rita", "--project", "trial", *other)
    assert (refused.code, "KEY-016" in refused.err, (desk.folder / "p").exists()) == (2, True, False)
    forged = desk("validate", *FEW, "--out", "p", "--by", "rita", "--name", "Dr Rita", *other)
    assert forged.code == 0
    assert desk("validate", "--check", "p").code == 0
    seen = desk("validate", "--check", "p", "--project", "trial")
    assert (seen.code, "VAL-021" in seen.err) == (4, True)


def test_a_revoked_key_signs_no_protocol_and_an_earlier_one_says_that_it_was_revoked(desk: Desk) -> None:
    """21 CFR 11.300(c): a revoked key signs no protocol."""
    signing = ("--by", "rita", "--project", "trial", *KEYS)
    assert desk("validate", *FEW, "--out", "p", *signing).code == 0
    reason = ("--reason", "laptop lost", "--by", "ada", "--project", "trial", *KEYS)
    assert desk("people", "revoke", "rita", *reason).code == 0
    refused = desk("validate", *FEW, "--out", "q", *signing)
    assert (refused.code, "KEY-010" in refused.err, (desk.folder / "q").exists()) == (2, True, False)
    checked = desk("validate", "--check", "p", "--project", "trial")
    assert (checked.code, "revoked" in checked.out) == (0, True)


def test_an_unsigned_protocol_says_so_and_cannot_be_verified(desk: Desk) -> None:
    done = desk("validate", *FEW, "--out", "p", "--unsigned")
    assert (done.code, "NOT SIGNED" in done.err) == (0, True)
    assert "This protocol is not signed." in (desk.folder / "p" / "protocol.html").read_text()
    checked = desk("validate", "--check", "p")
    assert (checked.code, "VAL-012" in checked.err) == (3, True)


def test_a_check_that_fails_is_in_the_protocol_and_ends_in_exit_1(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", lambda *_: None)
    done = desk("validate", "--only", "IQ-14", "--out", "p", "--unsigned")
    assert (done.code, "VAL-010 1 of 1" in done.err, "expected: a second holder" in done.out) == (1, True, True)
    assert json.loads((desk.folder / "p" / "protocol.json").read_bytes())["result"] == "FAIL"


def test_the_checks_are_listed_with_their_clauses(desk: Desk) -> None:
    done = desk.installed("validate", "--list", "--only", "OQ-11.70")
    assert (done.code, len(done.out.splitlines()), done.out.count("21 CFR 11.70")) == (0, 4, 4)
    assert len(desk("validate", "--list", "--json").json["checks"]) > 60


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("VAL-001", ("--only", "QUILLFEATHER")),
        ("VAL-002", ("--out", "p")),
        ("VAL-002", ("--out", "p", "--by", "rita", "--name", "Dr Rita", "--unsigned")),
        ("VAL-003", ("--by", "rita")),
        ("VAL-003", ("--name", "Dr QUILLFEATHER")),
        ("VAL-003", ("--unsigned",)),
        ("VAL-003", ("--project", "trial")),
        ("VAL-003", ("--key", "pass")),
        ("VAL-003", ("--check", "p", "--only", "IQ-01")),
        ("VAL-003", ("--check", "p", "--out", "q")),
        ("VAL-003", ("--list", "--out", "q", "--unsigned")),
        ("VAL-004", ("--out", "keys", "--unsigned")),
        ("VAL-004", ("--out", "no/p", "--unsigned")),
        ("VAL-005", ("--check", "keys")),
        ("VAL-006", ("--out", "p", "--by", "rita")),
        ("VAL-006", ("--out", "p", "--by", "rita", "--name", " ")),
        ("VAL-006", ("--out", "p", "--by", "rita", "--name", "Dr QUILLFEATHER", "--project", "trial")),
        ("KEY-009", ("--out", "p", "--by", "eve", "--project", "trial")),
        ("KEY-001", ("--out", "p", "--by", "eve", "--name", "Eve")),
        ("SYS-002", ("--only", "IQ-10", "--scratch", "QUILLFEATHER")),
    ],
)
def test_bad_input_is_a_code_a_sentence_and_a_hint_and_nothing_is_written(
    desk: Desk, code: str, words: tuple[str, ...]
) -> None:
    done = desk("validate", *words, *KEYS)
    assert (done.code, done.err.splitlines()[-2].split()[0]) == (3 if code == "SYS-002" else 2, code), done.err
    assert "QUILLFEATHER" not in done.out + done.err
    assert not (desk.folder / "p").exists()
    assert not [name for name in os.listdir(desk.folder) if name.startswith(".")]


def test_a_wrong_passphrase_is_refused_before_any_check_is_run_and_is_on_record(desk: Desk) -> None:
    (desk.folder / "wrong").write_text("another passphrase\n")
    keys = ("--key-store", "keys", "--key-passphrase-file", "wrong")
    done = desk("validate", "--out", "p", "--by", "rita", "--project", "trial", *keys)
    assert (done.code, "KEY-002" in done.err, done.out) == (2, True, "")
    assert "rita" in desk("people", "events", "--key-store", "keys").out


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_no_scratch_folder_and_no_protocol(desk: Desk, how: signal.Signals) -> None:
    line = [str(CURATOR), "validate", "--out", "p", "--unsigned"]
    process = subprocess.Popen(line, cwd=desk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while process.poll() is None and not any(n.startswith(".curator-validate-") for n in os.listdir(desk.folder)):
        pass
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert not (desk.folder / "p").exists()
    assert not [name for name in os.listdir(desk.folder) if name.startswith(".")]
