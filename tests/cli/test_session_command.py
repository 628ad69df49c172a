"""``session`` and keys on tokens: a passphrase, then a code a signing; endings, refusals, no secret."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started

from curator.provenance.verify import verify_ledger

SECRETS = {
    "pass": "the vault's passphrase",
    "ada": "ada's long passphrase",
    "rita": "rita's long passphrase",
    "code": "24-68-10",
}
PYDICOM = Path(pydicom.__file__).parent / "data" / "test_files"
SOFTHSM = next(
    (path for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so") if Path(path).is_file()),
    None,
)


class Site:
    """A project, two people's key stores and their passphrase files."""

    def __init__(self, folder: Path, runtime: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": runtime, "CURATOR_KEY_STORE": str(folder / "keys")}
        self.said = ""
        for name, secret in SECRETS.items():
            (folder / name).write_text(secret + "\n")

    def __call__(self, *words: object, code: int = 0) -> str:
        done = started.run(words, text=True, cwd=self.folder, env=self.environment)
        self.said += done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    def start(self, *more: object, code: int = 0) -> str:
        given = ("--key-passphrase-file", "ada", "--code-file", "code")
        return self("session", "start", "--as", "ada", *given, *more, code=code)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project and the keys of two people."""
    folder = tmp_path_factory.mktemp("made")
    site = Site(folder, "")
    site("init", "--project", "trial", "--passphrase-file", "pass")
    for name in ("ada", "rita"):
        site("people", "add", name, "--name", f"Dr {name}", "--role", "reader", "--key-passphrase-file", name)
    return folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Iterator[Site]:
    runtime = tempfile.mkdtemp(prefix="cu-")
    shutil.copytree(made, tmp_path / "site")
    site = Site(tmp_path / "site", runtime)
    yield site
    site("session", "stop")
    shutil.rmtree(runtime)
    for secret in SECRETS.values():
        for spelling in (secret, secret.encode().hex(), json.dumps(secret)[1:-1]):
            assert spelling not in site.said


def test_commands_that_sign_take_the_code_while_a_session_lasts(site: Site) -> None:
    """21 CFR 11.200(a)(1)(i): all components at the start, then one that only the person can give at each signing."""
    assert "ends after 15 min" in site.start()
    enroll = ("people", "enroll", "rita.request.json", "--project", "trial", "--by", "ada")
    assert "CLI-010" in site(*enroll, code=2), "a living session does not sign by itself"
    assert "KEY-069" in site(*enroll, "--key-passphrase-file", "rita", code=2)
    assert "half done" in site(*enroll, "--key-passphrase-file", "code")
    answer = ("people", "enroll", "ada.request.json", "--project", "trial", "--by", "rita")
    site(*answer, "--key-passphrase-file", "rita")
    shown = json.loads(site("session", "status", "--json"))["sessions"]
    assert [(one["person"], one["signed"]) for one in shown] == [("ada", 1)]
    guide = site.folder / "guide.txt"
    guide.write_text("how to read")
    added = ("guideline", "add", "guide.txt", "--version", "1.0", "--project", "trial", "--by", "ada")
    site(*added, "--key-passphrase-file", "code")
    guide.write_text("how to read otherwise")
    again = site(*added, "--key-passphrase-file", "ada", code=2)
    assert "GDL-001" in again, "the rules of the ledger hold in a session too"
    report = verify_ledger(site.folder / "trial" / "ledger").require()
    assert sorted(report.state.people) == ["ada", "rita"]
    assert len(json.loads(site("people", "events", "--json"))["events"]) == 1


def test_an_ended_session_asks_for_the_passphrase_and_says_why(site: Site) -> None:
    """21 CFR 11.200(a)(1)(ii): after the session, all components again."""
    site.start()
    for _ in range(3):
        enroll = ("people", "enroll", "rita.request.json", "--project", "trial", "--by", "ada", "--key-passphrase-file")
        site(*enroll, "rita", code=2)
    said = site(*enroll, "code", code=2)
    assert "KEY-062" in said
    assert "too often" in said
    assert "half done" in site(*enroll, "ada")
    assert "KEY-002" in site(*enroll, "code", code=2), "the ending is forgotten once the passphrase was given"


def test_a_session_is_listed_and_stopped(site: Site) -> None:
    assert site("session", "status").strip() == "no session"
    made = json.loads(site.start("--idle", "90s", "--limit", "2h", "--json"))
    assert (made["person"], made["algorithm"], made["code"], made["signed"]) == ("ada", "ed25519", True, 0)
    assert 7100 < made["secondsLeft"] <= 7200
    assert "KEY-065" in site.start(code=2)
    assert site("session", "status").startswith("ada ")
    assert json.loads(site("session", "stop", "--as", "ada", "--json")) == {"stopped": ["ada"]}
    assert "KEY-063" in site("session", "stop", "--as", "ada", code=2)
    assert json.loads(site("session", "status", "--json")) == {"sessions": []}


def test_a_session_that_may_not_be_is_refused(site: Site) -> None:
    for words, code in (
        (("--idle", "2h"), "KEY-066"),
        (("--limit", "48h"), "KEY-066"),
        (("--idle", "soon"), "CLI-"),
        (("--no-code",), "KEY-066"),
        (("--code-file", "ada"), "KEY-066"),
        (("--code-file", "nothing"), "CLI-011"),
        (("--as", "eve"), "KEY-001"),
        (("--key-passphrase-file", "rita"), "KEY-002"),
    ):
        assert code in site.start(*words, code=2)
    assert site("session", "status").strip() == "no session"


def test_where_a_key_is_kept_is_said_in_one_way(site: Site) -> None:
    add: tuple[Any, ...] = ("people", "add", "tom", "--name", "Tom", "--role", "reader", "--key-passphrase-file", "ada")
    for words in (
        ("--token-module", "/m.so"),
        ("--token-label", "ada"),
        ("--token-key", "00"),
        ("--service-key", "awskms:x"),
        ("--token-module", "/m.so", "--token-label", "x", "--token-key", "0g"),
        ("--token-module", "/m.so", "--token-label", "x", "--service-key", "awskms:x"),
    ):
        assert "KEY-061" in site(*add, *words, code=2)
    assert "KEY-053" in site(*add, "--token-module", "/nothing/m.so", "--token-label", "x", code=2)
    assert "KEY-017" in site(*add, "--service-key", "awskms:x", "--service-public-key", "code", code=2)
    assert not (site.folder / "keys" / "tom.key.json").exists()


@pytest.mark.skipif(SOFTHSM is None or not shutil.which("softhsm2-util"), reason="not run: SoftHSM is not installed")
@pytest.mark.skipif(find_spec("pkcs11") is None, reason="not run: python-pkcs11 is not installed (extra 'pkcs11')")
@pytest.mark.parametrize("algorithm", ["ed25519", "p256"])
def test_a_person_with_a_token_is_enrolled_and_signs(site: Site, algorithm: str) -> None:
    """21 CFR 11.200(a)(2): the key stays on the person's own token."""
    tokens = site.folder / "tokens"
    tokens.mkdir()
    (site.folder / "hsm.conf").write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    site.environment["SOFTHSM2_CONF"] = str(site.folder / "hsm.conf")
    line = ["softhsm2-util", "--init-token", "--free", "--label", "tom", "--so-pin", "98765432", "--pin", "135790"]
    subprocess.run(line, check=True, capture_output=True, env=site.environment)
    (site.folder / "pin").write_text("135790\n")
    (site.folder / "badpin").write_text("111111\n")
    add = ("people", "add", "tom", "--name", "Tom", "--role", "reader")
    add += ("--token-module", str(SOFTHSM), "--token-label", "tom")
    assert "KEY-051" in site(*add, "--algorithm", algorithm, "--key-passphrase-file", "badpin", code=2)
    site(*add, "--algorithm", algorithm, "--key-passphrase-file", "pin")
    enroll = ("people", "enroll", "--project", "trial")
    site(*enroll, "rita.request.json", "--by", "tom", "--key-passphrase-file", "pin")
    site(*enroll, "tom.request.json", "--by", "rita", "--key-passphrase-file", "rita")
    done = site("session", "start", "--as", "tom", "--key-passphrase-file", "pin", "--code-file", "code", "--json")
    assert json.loads(done)["algorithm"] == {"ed25519": "ed25519", "p256": "ecdsa-p256"}[algorithm]
    site(*enroll, "ada.request.json", "--by", "tom", "--key-passphrase-file", "code")
    report = verify_ledger(site.folder / "trial" / "ledger").require()
    assert sorted(report.state.people) == ["ada", "rita", "tom"]
    assert report.seals[-1].by == ("tom",)
    assert "135790" not in site.said


@pytest.mark.parametrize("command", ["pixels accept", "replace"])
def test_words_about_files_take_the_code_too_and_a_refused_one_is_on_record(site: Site, command: str) -> None:
    """21 CFR 11.10(d), 11.200(a)(1)(i): a reader may not say so, and the attempt is logged."""
    export = site.folder / "export"
    export.mkdir()
    made = pydicom.dcmread(PYDICOM / "CT_small.dcm")
    made.BodyPartExamined, made.ImageType = "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.save_as(export / "one.dcm")
    for person, by in (("rita", "ada"), ("ada", "rita")):
        path = f"{person}.request.json"
        site("people", "enroll", path, "--project", "trial", "--by", by, "--key-passphrase-file", by)
    site("scrub", "export", "--project", "trial", "--passphrase-file", "pass")
    made.BodyPartExamined = "ABDOMEN"
    made.save_as(export / "one.dcm")
    site.start()
    words = (*command.split(), "export", "--by", "ada", "--reason", "every frame viewed", "--project", "trial")
    before = json.loads(site("people", "events", "--json"))["events"]
    assert "CLI-010" in site(*words, "--passphrase-file", "pass", code=2), "a living session does not sign by itself"
    refused = site(*words, "--passphrase-file", "pass", "--key-passphrase-file", "code", code=2)
    assert "KEY-011" in refused
    after = json.loads(site("people", "events", "--json"))["events"]
    assert [one["event"] for one in after[len(before) :]] == ["signing-refused"]
