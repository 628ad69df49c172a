"""``ledger timestamp`` and ``ledger witness``: two sites, files carried between them, and the report."""

from __future__ import annotations

import importlib.util
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import started
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def _tsa() -> ModuleType:
    path = Path(__file__).parents[1] / "provenance" / "tsa_world.py"
    spec = importlib.util.spec_from_file_location("tsa_world", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


NOW = datetime.now(UTC).replace(microsecond=0)
TSA = _tsa().Tsa(begin=NOW - timedelta(days=30), end=NOW + timedelta(days=30))
OTHER = _tsa().Tsa(begin=NOW - timedelta(days=30), end=NOW + timedelta(days=30))


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: object, code: int = 0, key: bool = False) -> str:
        line = [*words, *(["--key-store", "keys", "--key-passphrase-file", "key"] if key else [])]
        done = started.run(line, text=True, cwd=self.folder)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout + done.stderr

    def json(self, *words: object, code: int = 0, key: bool = False) -> Any:
        said = self(*words, "--json", code=code, key=key)
        return json.loads(said[said.index("{") : said.rindex("}") + 1])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project with two people, and a witness's key."""
    site = Site(tmp_path_factory.mktemp("site"))
    (site.folder / "pass").write_text("the vault's passphrase\n")
    (site.folder / "key").write_text("a key's passphrase\n")
    (site.folder / "roots.pem").write_bytes(TSA.pem)
    (site.folder / "others.pem").write_bytes(OTHER.pem)
    machine = Ed25519PrivateKey.generate()
    (site.folder / "w1.pem").write_bytes(machine.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    site("init", "trial", "--passphrase-file", "pass")
    for name, role in (("ada", "reader"), ("rita", "reviewer")):
        site("people", "add", name, "--name", f"Dr {name.title()}", "--role", role, key=True)
    site("people", "enroll", "rita.request.json", "--by", "ada", "--project", "trial", key=True)
    site("people", "enroll", "ada.request.json", "--by", "rita", "--project", "trial", key=True)
    site("ledger", "checkpoint", "--project", "trial", "--passphrase-file", "pass")
    head = site.json("ledger", "head", "--project", "trial")
    (site.folder / "operator.vkey").write_text(head["operatorVerifierKey"])
    return site


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    shutil.copytree(made.folder, tmp_path / "site")
    return Site(tmp_path / "site")


TRIAL = ("--project", "trial")


def test_a_request_is_carried_out_and_the_response_in_and_the_report_says_since_when(site: Site) -> None:
    """21 CFR 11.10(e): computer-generated time-stamps by somebody outside, from a machine without a network."""
    site("ledger", "timestamp", "--request-out", "q.tsq", *TRIAL)
    query = (site.folder / "q.tsq").read_bytes()
    (site.folder / "r.tsr").write_bytes(TSA.answer(query, NOW))
    said = site("ledger", "timestamp", "--response-in", "r.tsr", "--by", "ada", *TRIAL, key=True)
    assert "COULD NOT CHECK the time-stamper's certificate" in said
    assert "record 3 names it" in said
    unjudged = site("ledger", "verify", *TRIAL)
    assert "NOTE  COULD NOT CHECK the time-stamper's certificate of 1 time-stamps" in unjudged
    assert "no checkpoint held elsewhere was given: a holder of all keys could have rewritten 4 records" in unjudged
    good = site("ledger", "verify", "--tsa-ca", "roots.pem", *TRIAL)
    assert f"since the last outside time-stamp ({NOW:%Y-%m-%d %H:%M} UTC, 3 records, today) a holder" in good
    assert "could have rewritten 1 records unseen" in good
    assert "PASS  1 time-stamps lead to the given roots" in good
    report = site.json("ledger", "verify", "--tsa-ca", "roots.pem", *TRIAL)
    assert (report["ok"], report["outside"]["newest"], report["outside"]["open"]) == (
        True,
        {"kind": "time-stamp", "size": 3},
        1,
    )
    other = site.json("ledger", "verify", "--tsa-ca", "others.pem", *TRIAL, code=3)
    assert (other["ok"], other["error"]["code"]) == (False, "LED-042")


def test_a_named_time_stamp_that_is_gone_is_not_checked_where_anchors_are_asked_for(site: Site) -> None:
    site("ledger", "timestamp", "--request-out", "q.tsq", *TRIAL)
    (site.folder / "r.tsr").write_bytes(TSA.answer((site.folder / "q.tsq").read_bytes(), NOW))
    site("ledger", "timestamp", "--response-in", "r.tsr", "--by", "ada", *TRIAL, key=True)
    (stamp,) = (site.folder / "trial" / "ledger").rglob("*.tsr")
    stamp.unlink()
    for asked, code in ((("--tsa-ca", "roots.pem"), 3), ((), 0)):
        said = site("ledger", "verify", *asked, *TRIAL, code=code)
        assert "COULD NOT CHECK 1 anchors that records name: their files are not here" in said


def test_a_bad_response_is_not_taken_in_and_an_altered_one_is_found(site: Site) -> None:
    site("ledger", "timestamp", "--request-out", "q.tsq", *TRIAL)
    query = (site.folder / "q.tsq").read_bytes()
    responses = {
        "refused": (TSA.answer(query, status=2), 3),
        "other": (OTHER.answer(query, NOW), 3),
        "replayed": (TSA.answer(query, NOW, nonce=1), 4),
        "expired": (TSA.answer(query, NOW + timedelta(days=31)), 4),
        "text": (b"<html>QUILLFEATHER</html>", 2),
        "cut": (TSA.answer(query, NOW)[:-1], 4),
    }
    for name, (data, code) in responses.items():
        (site.folder / name).write_bytes(data)
        said = site("ledger", "timestamp", "--response-in", name, "--tsa-ca", "roots.pem", *TRIAL, code=code)
        assert ("LED-121" if code == 2 else "LED-04") in said
        assert "QUILLFEATHER" not in said
    assert not list((site.folder / "trial" / "ledger" / "timestamps").glob("*.tsr"))
    (site.folder / "good").write_bytes(TSA.answer(query, NOW))
    site("ledger", "timestamp", "--response-in", "good", "--request", "q.tsq", "--tsa-ca", "roots.pem", *TRIAL)
    (path,) = (site.folder / "trial" / "ledger" / "timestamps").glob("*.tsr")
    path.write_bytes(path.read_bytes()[:-1])
    assert "FAIL  LED-040" in site("ledger", "verify", *TRIAL, code=4)


def test_a_machine_and_a_person_cosign_and_the_ledger_takes_it(site: Site) -> None:
    """21 CFR 11.10(e): a witness outside confirms that the audit trail only grew."""
    site("ledger", "witness", "request", "--out", "ask", *TRIAL)
    machine = ("--key", "w1.pem", "--name", "witness.example/w1")
    first = ("ledger", "witness", "cosign", "ask", "--seen", "trial.seen", "--out", "cosigned", *machine)
    assert "LED-049" in site(*first, code=2)
    key = site.json(*first, "--operator-key", "operator.vkey")["witnessKey"]
    (site.folder / "w1.vkey").write_text(key)
    person = ("--by", "rita", "--seen", "rita.seen", "--operator-key", "operator.vkey", "--out", "both")
    site("ledger", "witness", "cosign", "cosigned", *person, key=True)
    said = site("ledger", "witness", "add", "both", "--by", "ada", "--witness-key", "w1.vkey", *TRIAL, key=True)
    assert "record 3 names 2 cosignatures" in said
    said = site("ledger", "verify", "--witness-key", "w1.vkey", "--against", "both", *TRIAL)
    assert "PASS  1 cosignatures by the given witnesses" in said
    assert "since the last cosignature of a witness" in said
    assert "could have rewritten 1 records unseen" in said
    shown = site("ledger", "show", "--index", "3", *TRIAL)
    assert "checkpoint witnessed" in shown
    assert "witness.example/w1" in shown
    # A second round, from the size that the witness remembers.
    site("ledger", "checkpoint", "--passphrase-file", "pass", *TRIAL)
    site("ledger", "witness", "request", "--old", "3", "--out", "ask", *TRIAL)
    site(*first)
    site("ledger", "witness", "request", "--old", "2", "--out", "ask", *TRIAL)
    assert json.loads((site.folder / "trial.seen").read_text())["size"] == 4


def test_a_file_that_is_no_checkpoint_is_a_wrong_file_for_both_sides_of_a_witness(site: Site) -> None:
    (site.folder / "other").write_text("pseudonym,split\n")
    machine = ("--key", "w1.pem", "--name", "witness.example/w1", "--seen", "s", "--out", "o")
    asked = ("ledger", "witness", "cosign", "other", *machine, "--operator-key", "operator.vkey")
    assert "LED-117" in site(*asked, code=2)
    assert "LED-117" in site("ledger", "witness", "add", "other", "--by", "ada", *TRIAL, code=2, key=True)
    assert not (site.folder / "s").exists()


def test_a_name_that_may_be_a_persons_does_not_come_into_the_ledger(site: Site) -> None:
    site("ledger", "witness", "request", "--out", "ask", *TRIAL)
    words = ("--key", "w1.pem", "--name", "jane.doe", "--seen", "s", "--operator-key", "operator.vkey", "--out", "o")
    key = site.json("ledger", "witness", "cosign", "ask", *words)["witnessKey"]
    (site.folder / "w1.vkey").write_text(key)
    said = site("ledger", "witness", "add", "o", "--by", "ada", "--witness-key", "w1.vkey", *TRIAL, code=2, key=True)
    assert "LED-049" in said
    assert "doe" not in said
    assert site.json("ledger", "verify", *TRIAL)["records"] == 3


@pytest.mark.parametrize(
    "words",
    [
        ("timestamp",),
        ("timestamp", "--tsa", "http://127.0.0.1:1/", "--request-out", "x"),
        ("timestamp", "--request-out", "x", "--by", "ada"),
        ("timestamp", "--tsa", "file:///etc/passwd"),
        ("timestamp", "--request-out", "x", "--tsa-policy", "QUILLFEATHER"),
        ("timestamp", "--request-out", "x", "--tsa-ca", "operator.vkey"),
        ("timestamp", "--response-in", "nowhere"),
        ("verify", "--tsa-ca", "nowhere"),
        ("verify", "--witness-key", "operator.vkey"),
    ],
)
def test_unusable_options_are_refused_by_a_code(site: Site, words: tuple[str, ...]) -> None:
    said = site("ledger", *words, *TRIAL, code=2)
    assert "LED-04" in said or "LED-12" in said
    assert "QUILLFEATHER" not in said
    assert not (site.folder / "x").exists()


def test_without_a_network_the_time_stamper_is_said_to_be_out_of_reach(site: Site) -> None:
    assert "LED-043" in site("ledger", "timestamp", "--tsa", "http://127.0.0.1:1/", *TRIAL, code=3)
    assert not (site.folder / "trial" / "ledger" / "timestamps").exists()
