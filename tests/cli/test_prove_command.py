"""``ledger prove | check-proof | consistency | check-consistency | export --tiles`` as a user calls them."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curator.cli.main import run
from curator.core.clock import FixedClock
from curator.provenance import records
from curator.provenance.append import sign_and_append
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner, public_pem
from curator.provenance.ledger import create
from curator.provenance.note import vkey
from curator.provenance.people import make_request

CLOCK = FixedClock(datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
GUIDE = {"id": "chest", "version": "1.0", "sha256": "a" * 64}
SEED = b"o" * 32


def key(name: str) -> PersonKey:
    return PersonKey(name, SeedSigner(name.encode().ljust(32, b".")))


def label(number: int) -> records.Draft:
    sample = {"path": f"clean/p/s/r/{number}.dcm", "sha256": f"{number:064x}", "content": "b" * 64, "uid": "2.25.1"}
    body = {
        "labelId": f"nodule-{number}",
        "kind": "finding",
        "value": {"text": "nodule"},
        "author": "ada",
        "role": "reader",
        "labeledAt": "2026-05-01T08:00:00Z",
        "labeledOffset": "+02:00",
        "meaning": "authorship",
        "guideline": GUIDE,
        "stage": "read",
    }
    return records.label(sample, body)


class Site:
    """A ledger of two people and labels, a held checkpoint, keys in files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ledger = create(folder / "ledger", dataset="trial", operator_seed=SEED, clock=CLOCK)
        for name, by in (("rita", "ada"), ("ada", "rita")):
            roles = ("reviewer",) if name == "rita" else ("reader",)
            asked = make_request(
                key(name).signer, name=name, printed_name=name, roles=roles, specialty=None, years=None, clock=CLOCK
            )
            enroll(ledger, asked, key(by), CLOCK)
        guide = records.guideline("chest", "1.0", "chest.txt", "a" * 64, 5)
        sign_and_append(ledger, [guide], key("rita"), CLOCK)
        self.ledger = ledger
        self.sign(0, 5, operator=True)
        (folder / "held").write_bytes(ledger.latest_checkpoint() or b"")
        self.sign(5, 9, operator=True)
        self.sign(9, 10, operator=False)
        (folder / "operator.pem").write_bytes(public_pem(SeedSigner(SEED).public))
        (folder / "ada.pem").write_bytes(public_pem(key("ada").signer.public))
        (folder / "rita.pem").write_bytes(public_pem(key("rita").signer.public))

    def sign(self, first: int, end: int, *, operator: bool) -> None:
        drafts = [label(number) for number in range(first, end)]
        sign_and_append(self.ledger, drafts, key("ada"), CLOCK, operator_seed=SEED if operator else None)

    def __call__(self, *words: object, at_ledger: bool = True) -> SimpleNamespace:
        line = ["ledger", *map(str, words), *(["--ledger", "ledger"] if at_ledger else [])]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(self.folder):
            code = run(line)
        assert "Traceback" not in out.getvalue() + err.getvalue()
        return SimpleNamespace(code=code, out=out.getvalue(), err=err.getvalue())

    def check(self, *words: object) -> SimpleNamespace:
        return self(*words, at_ledger=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("site"))


CHECK = ("check-proof", "one.tlog-proof", "--envelope", "one.dsse.json", "--operator-key")


def test_a_label_is_proven_and_checked_without_the_ledger(site: Site) -> None:
    """21 CFR 11.10(a): an altered record is discerned; 11.10(b): a copy for inspection that proves itself."""
    done = site("prove", "nodule-3", "--out", "one.tlog-proof")
    assert (done.code, "record 7 of 13" in done.out) == (0, True), done.err
    size = (site.folder / "one.tlog-proof").stat().st_size + (site.folder / "one.dsse.json").stat().st_size
    assert f"together {size:,}" in done.out
    assert size <= 4096
    checked = site.check(*CHECK, "operator.pem")
    assert (checked.code, checked.out.count("PASS"), checked.out.count("NOTE")) == (0, 1, 2)
    assert "nodule-3 · ada · 2026-05-04T12:00:00Z · authorship" in checked.out
    assert "was not checked: give --signer-key" in checked.out
    signed = site.check(*CHECK, "operator.pem", "--signer-key", "ada.pem")
    assert (signed.code, signed.out.count("PASS")) == (0, 2)
    document = json.loads(site.check(*CHECK, "operator.pem", "--signer-key", "ada.pem", "--json").out)
    assert (document["ok"], document["signatureChecked"], document["index"]) == (True, True, 7)


def test_the_installed_command_proves_as_well(site: Site) -> None:
    line = [str(Path(sys.executable).with_name("curator")), "ledger", "prove", "--record", "0", "--ledger", "ledger"]
    done = subprocess.run(line, cwd=site.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (site.folder / "zero.tlog-proof").write_text(done.stdout)
    envelope = json.loads(site("prove", "--record", "0", "--json").out)["envelope"]
    (site.folder / "zero.dsse.json").write_text(envelope)
    words = ("check-proof", "zero.tlog-proof", "--envelope", "zero.dsse.json", "--operator-key", "operator.pem")
    assert "record 0 (beginning)" in site.check(*words).out


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda site: ("one.dsse.json", lambda data: data.replace(b'"payload":"ey', b'"payload":"eY')), "LED-051"),
        (lambda site: ("one.tlog-proof", lambda data: data.replace(b"index 7", b"index 6")), "LED-051"),
        (lambda site: ("one.tlog-proof", lambda data: data.replace(b"\n13\n", b"\n12\n")), "LED-006"),
        (lambda site: ("one.tlog-proof", lambda data: data[:200]), "LED-050"),
        (lambda site: ("operator.pem", lambda data: (site.folder / "ada.pem").read_bytes()), "LED-012"),
    ],
)
def test_what_was_changed_ends_with_exit_4(site: Site, change: Any, code: str) -> None:
    site("prove", "nodule-3", "--out", "one.tlog-proof")
    name, edit = change(site)
    path = site.folder / name
    before = path.read_bytes()
    path.write_bytes(edit(before))
    try:
        done = site.check(*CHECK, "operator.pem")
        assert (done.code, done.out, code in done.err) == (4, "", True), done.err
    finally:
        path.write_bytes(before)


def test_a_record_signed_by_another_person_than_the_key_given_is_refused(site: Site) -> None:
    site("prove", "nodule-3", "--out", "one.tlog-proof")
    done = site.check(*CHECK, "operator.pem", "--signer-key", "rita.pem")
    assert (done.code, "LED-012" in done.err) == (4, True)


def test_every_record_under_the_checkpoint_is_proven_in_one_call(site: Site) -> None:
    done = site("prove", "--all", "all", "--json")
    document = json.loads(done.out)
    assert (done.code, document["records"], document["overLimit"]) == (0, 13, 0)
    again = site("prove", "--all", "all")
    assert "1 records stand behind" in again.err
    assert "13 records proven" in again.out


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("prove",), 2, "LED-058"),
        (("prove", "nodule-3", "--record", "1"), 2, "LED-058"),
        (("prove", "--all", "x", "--out", "y"), 2, "LED-058"),
        (("prove", "PLUMBERRY"), 2, "LED-019"),
        (("prove", "PLUMBERRY\udcff\x00"), 2, "LED-019"),
        (("prove", ""), 2, "LED-019"),
        (("prove", "--record", "99"), 2, "LED-019"),
        (("prove", "nodule-9"), 3, "LED-053"),
        (("prove", "nodule-3", "--checkpoint", "nothing"), 2, "LED-059"),
        (("prove", "nodule-7", "--checkpoint", "held"), 3, "LED-053"),
        (("prove", "nodule-3", "--operator-key", "ada.pem"), 4, "LED-016"),
        (("consistency", "nothing"), 2, "LED-059"),
    ],
)
def test_what_cannot_be_proven_is_a_code_and_repeats_nothing(
    site: Site, words: tuple[str, ...], exit_code: int, code: str
) -> None:
    done = site(*words)
    assert (done.code, done.out, code in done.err) == (exit_code, "", True), done.err
    assert "PLUMBERRY" not in done.err
    assert "hint: " in done.err


def test_consistency_is_proven_and_checked_without_the_ledger(site: Site) -> None:
    """21 CFR 11.10(e): changes do not obscure what was recorded before; shown between two dates."""
    done = site("consistency", "held", "--out", "since")
    assert (done.code, "13 records extend the first 9 without rewriting them: 4 added" in done.out) == (0, True)
    words = ("check-consistency", "since", "--old", "held", "--operator-key")
    good = site.check(*words, "operator.pem")
    assert (good.code, good.out.startswith("PASS  13 records extend the first 9")) == (0, True)
    assert json.loads(site.check(*words, "operator.pem", "--json").out)["new"] == 13
    assert site.check(*words, "ada.pem").code == 4
    text = (site.folder / "since").read_text()
    (site.folder / "forged").write_text(text.replace("old 9", "old 8"))
    forged = site.check("check-consistency", "forged", "--old", "held", "--operator-key", "operator.pem")
    assert (forged.code, forged.out, "LED-052" in forged.err) == (4, "", True)
    printed = site("consistency", "held", "held")
    assert printed.out.startswith("old 9\n\ncurator/trial/")
    (site.folder / "newest").write_bytes(site.ledger.latest_checkpoint() or b"")
    assert json.loads(site("consistency", "held", "--json").out)["added"] == 4


def test_a_log_of_tiles_is_written_and_added_to(site: Site) -> None:
    words = ("export", "ledger", "--tiles", "log")
    done = site.check(*words, "--json")
    document = json.loads(done.out)
    assert (done.code, document["records"], document["behind"], document["kept"]) == (0, 13, 1, 0)
    assert document["operatorVerifierKey"] == vkey(document["origin"], SeedSigner(SEED).public)
    again = site.check(*words)
    assert "13 records written as 3 files of a tiled log, 2 of them stood there" in again.out
    assert "1 records stand behind" in again.err
    (site.folder / "log/tile/entries/000.p/13").write_bytes(b"x")
    changed = site.check(*words)
    assert (changed.code, changed.out, "LED-057" in changed.err) == (4, "", True)
    for wrong in (("export", "ledger"), ("export", "ledger", "--tiles", "a", "--dsse", "b")):
        assert "LED-058" in site.check(*wrong).err
    assert not (site.folder / "a").exists()


def test_nothing_is_proven_from_a_ledger_whose_records_were_exchanged(site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path)
    part = next((other.folder / "ledger/parts").iterdir())
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    done = other("prove", "nodule-3", "--out", "one.tlog-proof")
    assert (done.code, "LED-003" in done.err) == (4, True)
    assert not (other.folder / "one.tlog-proof").exists()
