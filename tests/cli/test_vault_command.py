"""``curator vault``: back up, restore, rekey, recover; and what goes on when the vault is gone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import started

CURATOR = Path(sys.executable).with_name("curator")
MRN = "MR-7788123"
OTHER = "MR-4410097"
#: Commands that no page of the docs shows, and so starts as installed.
AS_INSTALLED = {("vault", "passphrase"), ("vault", "replace"), ("ledger", "operator")}
PLANTED = (MRN, "7788123", OTHER, "Quillfeather", "1958-02-17", "02/17/1958", "19580217")
WORDS = {
    "pass": "the vault's own phrase",
    "pass2": "another phrase for it",
    "key": "a key's own phrase",
    "ada.word": "what ada alone knows",
    "ben.word": "what ben alone knows",
    "cleo.word": "what cleo alone knows",
}


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Site:
    """A folder with a source, a project and passphrases; everything that was ever printed is searched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in WORDS.items():
            (folder / name).write_text(text + "\n")

    def run(self, *words: object, code: int = 0) -> Result:
        """Run a command and insist on its exit code."""
        how = started.installed if words[:2] in AS_INSTALLED else started.run
        done = how(words, text=True, cwd=self.folder)
        found = Result(done.returncode, done.stdout, done.stderr)
        said = found.out + found.err
        assert found.code == code, said
        assert "Traceback" not in said
        assert not [one for one in (*PLANTED, *WORDS.values()) if one in said]
        return found

    def vault(self, *words: object, code: int = 0, word: str | None = "pass") -> Result:
        opening = [] if word is None else ["--passphrase-file", word]
        return self.run("vault", *words, "--project", "trial", *opening, code=code)

    def key(self, *words: object, code: int = 0) -> Result:
        return self.run(*words, "--key-store", "keys", "--key-passphrase-file", "key", code=code)

    def source(self, name: str, rows: str) -> Path:
        place = self.folder / name
        place.mkdir()
        (place / "visits.csv").write_text("patient_id,name,dob,hemoglobin\n" + rows)
        return place

    def scrub(self, name: str, *, code: int = 0, word: str = "pass") -> Result:
        return self.run("scrub", name, "--project", "trial", "--passphrase-file", word, code=code)

    def clean(self) -> dict[str, str]:
        base = self.folder / "trial" / "clean"
        return {p.relative_to(base).as_posix(): p.read_text() for p in base.rglob("*.csv")}

    def pseudonyms(self) -> list[str]:
        return sorted({line.split(",")[0] for text in self.clean().values() for line in text.splitlines()[1:]})


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One scrubbed delivery, two people on the roster, a guideline."""
    site = Site(tmp_path_factory.mktemp("vault") / "site")
    site.source("first", f"{MRN},Ada Quillfeather,1958-02-17,13.7\n")
    site.run("init", "trial", "--dataset", "trial", "--site", "north", "--passphrase-file", "pass")
    site.scrub("first")
    for name, role in (("rita", "reviewer"), ("olga", "operator")):
        site.key("people", "add", name, "--name", f"Dr {name.title()}", "--role", role)
    site.key("people", "enroll", "olga.request.json", "--by", "rita", "--project", "trial")
    site.key("people", "enroll", "rita.request.json", "--by", "olga", "--project", "trial")
    (site.folder / "chest.txt").write_text("Mark every nodule.\n")
    site.key("guideline", "add", "chest.txt", "--version", "1", "--by", "rita", "--project", "trial")
    return site.folder


@pytest.fixture
def site(begun: Path, tmp_path: Path) -> Site:
    shutil.copytree(begun, tmp_path / "site")
    return Site(tmp_path / "site")


def labels(site: Site, number: int) -> Path:
    clean = next(iter((site.folder / "trial" / "clean").rglob("*.csv")))
    line = {
        "labelId": f"l-{number}",
        "sample": f"sha256:{hashlib.sha256(clean.read_bytes()).hexdigest()}",
        "kind": "finding",
        "value": {"text": "nodule"},
        "author": "rita",
        "labeledAt": "2026-01-04T10:15:00+02:00",
    }
    path = site.folder / f"labels-{number}.jsonl"
    path.write_text(json.dumps(line) + "\n")
    return path


def sign(site: Site, number: int) -> Result:
    tool = ["--guideline", "chest@1", "--tool", "viewer@2"]
    return site.key("sign", labels(site, number).name, "--as", "rita", *tool, "--project", "trial")


def test_a_backup_brings_back_a_lost_vault_with_its_pseudonyms(site: Site) -> None:
    """21 CFR 11.10(c): protection of records to enable their accurate and ready retrieval."""
    before = site.pseudonyms()
    made = site.vault("backup", "safe.cvb", "--json").json
    assert made["deliveries"] == 1
    assert not [one for one in (*PLANTED, *WORDS.values()) if one.encode() in (site.folder / "safe.cvb").read_bytes()]
    shutil.rmtree(site.folder / "trial.vault")
    proven = site.run(
        "vault", "restore", "safe.cvb", "--check", "--project", "trial", "--passphrase-file", "pass", "--json"
    )
    assert (proven.json["restored"], proven.json["lacking"], proven.json["compared"]) == (False, [], True)
    assert not (site.folder / "trial.vault").exists()
    done = site.vault("restore", "safe.cvb", "--to", "trial.vault", "--json").json
    assert (done["restored"], done["lacking"], done["operatorInForce"]) == (True, [], True)
    site.source("second", f"{MRN},Ada Quillfeather,1958-02-17,12.1\n{OTHER},Bo Quillfeather,1958-02-17,11.0\n")
    site.scrub("second")
    assert len(before) == 1
    assert set(before) < set(site.pseudonyms())
    assert "12.1" in "".join(site.clean().values())
    purposes = [one["purpose"] for one in site.vault("openings", "--json").json["openings"]]
    assert {"created", "backup", "restored"} <= set(purposes)


def test_an_older_backup_warns_and_scrub_refuses_to_go_on(site: Site) -> None:
    site.vault("backup", "old.cvb")
    site.source("second", f"{OTHER},Bo Quillfeather,1958-02-17,11.0\n")
    site.scrub("second")
    shutil.move(site.folder / "trial.vault", site.folder / "kept")
    done = site.vault("restore", "old.cvb", "--to", "trial.vault", code=3)
    assert "WARNING" in done.err
    assert "lacks 1 deliveries (2)" in done.err
    site.source("third", f"{MRN},Ada Quillfeather,1958-02-17,10.0\n")
    assert "VLT-047" in site.scrub("third", code=4).err
    shutil.rmtree(site.folder / "trial.vault")
    shutil.move(site.folder / "kept", site.folder / "trial.vault")
    site.scrub("third")


def test_a_backup_is_refused_where_it_would_be_lost_too(site: Site) -> None:
    assert "VLT-031" in site.vault("backup", "trial/safe.cvb", code=2).err
    assert "VLT-031" in site.vault("backup", "trial.vault/safe.cvb", code=2).err
    assert "VLT-002" in site.vault("backup", "safe.cvb", word="pass2", code=2).err
    assert not (site.folder / "safe.cvb").exists()
    site.vault("backup", "safe.cvb")
    assert "VLT-032" in site.vault("backup", "safe.cvb", code=2).err
    assert "VLT-033" in site.vault("restore", "safe.cvb", "--check", word="pass2", code=2).err
    assert "VLT-048" in site.vault("restore", "safe.cvb", code=2).err
    assert "VLT-005" in site.vault("restore", "safe.cvb", "--to", "trial/v", code=2).err
    data = (site.folder / "safe.cvb").read_bytes()
    (site.folder / "safe.cvb").write_bytes(data[:9000] + b"x" + data[9001:])
    refused = site.vault("restore", "safe.cvb", "--to", "w", "--json", code=4)
    assert refused.json["error"]["code"] == "VLT-034"
    assert not (site.folder / "w").exists()


def test_a_rekey_changes_no_pseudonym_and_no_operator(site: Site) -> None:
    before, clean = site.pseudonyms(), site.clean()
    head = site.run("ledger", "head", "--json", "--project", "trial").json["operatorKeyId"]
    site.vault("backup", "before.cvb")
    done = site.vault("rekey", "--new-passphrase-file", "pass2", "--json").json
    assert done["documents"] > 5
    assert "VLT-002" in site.vault("openings", code=2).err
    site.source("second", f"{MRN},Ada Quillfeather,1958-02-17,12.1\n")
    site.scrub("second", word="pass2")
    assert site.pseudonyms() == before
    assert {name: site.clean()[name] for name in clean} == clean
    site.run("ledger", "checkpoint", "--project", "trial", "--passphrase-file", "pass2")
    assert site.run("ledger", "head", "--json", "--project", "trial").json["operatorKeyId"] == head
    site.vault("restore", "before.cvb", "--check", code=3)


def test_a_rekey_killed_from_outside_is_done_or_not_done(site: Site) -> None:
    line = [str(CURATOR), "vault", "rekey", "--project", "trial", "--passphrase-file", "pass"]
    for number in range(1, 4):
        child = subprocess.Popen(line, cwd=site.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun = [site.folder / "trial.vault" / f"g{at:04d}" / "secrets.enc" for at in (number, number + 1)]
        while child.poll() is None and not any(path.exists() for path in begun):
            pass
        child.send_signal(signal.SIGKILL)
        child.wait()
        site.vault("openings")
    site.vault("rekey")
    site.source("second", f"{MRN},Ada Quillfeather,1958-02-17,12.1\n")
    site.scrub("second")
    assert len(site.pseudonyms()) == 1


def test_two_of_three_people_recover_a_lost_passphrase(site: Site) -> None:
    holders = [word for name in ("ada", "ben", "cleo") for word in ("--holder", name)]
    files = [word for name in ("ada", "ben", "cleo") for word in ("--holder-passphrase-file", f"{name}.word")]
    made = site.vault("recovery", "split", *holders, *files, "--threshold", 2, "--out", "shares", "--json").json
    assert made["holders"] == ["ada", "ben", "cleo"]
    assert sorted(os.listdir(site.folder / "shares")) == ["ada.share.json", "ben.share.json", "cleo.share.json"]
    status = site.vault("recovery", "status", "--json").json
    assert (status["proven"], status["split"]["threshold"]) == (True, 2)
    assert site.vault("recovery", "status", "--json", word=None).json["proven"] is False

    def restore(*names: str, code: int = 0) -> Result:
        given = [word for one in names for word in ("--share", f"shares/{one}.share.json")]
        given += [word for one in names for word in ("--share-passphrase-file", f"{one}.word")]
        line = ("recovery", "restore", *given, "--new-passphrase-file", "pass2")
        return site.vault(*line, word=None, code=code)

    assert restore("ada", code=2).err == restore("ada", "ada", code=2).err
    assert "VLT-038" in restore("cleo", code=2).err
    assert "by ben, cleo" in restore("ben", "cleo").out
    assert "VLT-002" in site.vault("openings", code=2).err
    entries = site.vault("openings", "--json", word="pass2").json["openings"]
    assert next(one for one in entries if one["purpose"] == "recovered")["by"] == ["ben", "cleo"]
    assert sum(one["purpose"] == "recovery-failed" for one in entries) == 3
    site.vault("rekey", word="pass2")
    assert "VLT-037" in restore("ada", "ben", code=2).err
    assert site.vault("recovery", "status", "--json", word=None).json["split"] is None


def test_paper_shares_open_a_backup_when_vault_and_passphrase_are_lost(site: Site) -> None:
    holders = [word for name in ("ada", "ben", "cleo") for word in ("--holder", name)]
    site.vault("recovery", "split", *holders, "--threshold", 2, "--paper", "--out", "paper")
    site.vault("backup", "safe.cvb")
    shutil.rmtree(site.folder / "trial.vault")
    shares = ["--share", "paper/ada.share.txt", "--share", "paper/cleo.share.txt"]
    one = ["--share", "paper/ada.share.txt"]
    assert "VLT-033" in site.vault("restore", "safe.cvb", "--to", "trial.vault", *one, word=None, code=2).err
    site.vault("restore", "safe.cvb", "--to", "trial.vault", *shares, word=None)
    site.vault("recovery", "restore", *shares, "--new-passphrase-file", "pass2", word=None)
    site.scrub("first", word="pass2")


def test_the_passphrase_command_tells_no_secret_and_keeps_everything(site: Site) -> None:
    clean = site.clean()
    assert site.vault("passphrase", "--new-passphrase-file", "pass2", "--json").json == {"changed": True}
    assert "VLT-002" in site.vault("openings", code=2).err
    site.scrub("first", word="pass2")
    assert site.clean() == clean


def test_a_lost_vault_costs_no_label_and_two_people_bring_in_a_new_operator(site: Site) -> None:
    """21 CFR 11.10(c), 11.300(c): labels outlive the vault; the lost key is replaced under rigorous controls."""
    sign(site, 1)
    site.run("release", "build", "1.0.0", "--draft", "--project", "trial", "--passphrase-file", "pass")
    old = site.run("ledger", "head", "--json", "--project", "trial").json
    (site.folder / "old.vkey").write_text(old["operatorVerifierKey"] + "\n")
    held = site.run("ledger", "checkpoint", "--out", "held", "--project", "trial", "--passphrase-file", "pass")
    assert held.out
    shutil.rmtree(site.folder / "trial.vault")

    # What goes on without a vault: verification, signing under interim checkpoints, packages that were built.
    site.run("ledger", "verify", "--against", "held", "--project", "trial")
    sign(site, 2)
    report = site.run("ledger", "verify", "--project", "trial", "--json").json
    assert report["counts"]["label"] == 2
    assert report["sealed"] == report["records"] > report["operatorSealed"]
    site.run("release", "verify", "trial/releases/v1.0.0", "--key", "old.vkey")

    # What does not: it says so, and what to do.
    for refused in (
        site.run("ledger", "checkpoint", "--project", "trial", "--passphrase-file", "pass", code=2),
        site.scrub("first", code=2),
    ):
        assert "VLT-001" in refused.err
        assert "curator vault restore" in refused.err
        assert "curator vault replace" in refused.err

    made = site.vault("replace", "--out", "operator.json", "--json", word="pass2").json
    assert made["newVault"] is True
    assert "VLT-046" in site.run("ledger", "checkpoint", "--project", "trial", "--passphrase-file", "pass2", code=2).err

    def accept(by: str, code: int = 0) -> Result:
        line = ("ledger", "operator", "operator.json", "--by", by, "--reason", "vault-lost", "--project", "trial")
        return site.key(*line, code=code)

    assert "a second person" in accept("rita").out
    assert "in force · signed by rita and olga" in accept("olga").out
    site.run("ledger", "checkpoint", "--project", "trial", "--passphrase-file", "pass2")
    for key in (["--operator-key", "old.vkey"], []):
        done = site.run("ledger", "verify", "--against", "held", *key, "--project", "trial", "--json").json
        assert done["operatorKeyId"] == made["keyId"] != old["operatorKeyId"]
        assert done["counts"]["label"] == 2
        assert done["operatorSealed"] == done["records"]
        assert any("signed by rita and olga" in line["text"] for line in done["lines"])
    sign(site, 3)
    site.run("release", "build", "1.1.0", "--draft", "--project", "trial", "--passphrase-file", "pass2")
    new = site.run("ledger", "head", "--json", "--project", "trial").json["operatorVerifierKey"]
    (site.folder / "new.vkey").write_text(new + "\n")
    site.run("release", "verify", "trial/releases/v1.1.0", "--key", "new.vkey")
    assert site.run("release", "verify", "trial/releases/v1.1.0", "--key", "old.vkey", code=4).err is not None
    site.run("release", "verify", "trial/releases/v1.0.0", "--key", "old.vkey")
    site.source("second", f"{MRN},Ada Quillfeather,1958-02-17,12.1\n")
    assert "VLT-045" in site.scrub("second", code=2, word="pass2").err


def test_a_vault_that_is_there_is_not_replaced(site: Site) -> None:
    assert "VLT-044" in site.vault("replace", "--out", "operator.json", code=2).err
    (site.folder / "trial.vault" / "vault.json").unlink()
    assert "VLT-049" in site.vault("replace", "--out", "operator.json", code=2).err
    assert (site.folder / "trial.vault" / "secrets.enc").exists()
    assert not (site.folder / "operator.json").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["backup"],
        ["restore"],
        ["rekey"],
        ["passphrase"],
        ["replace"],
        ["recovery", "split"],
        ["recovery", "status"],
        ["recovery", "restore"],
    ],
)
def test_every_command_has_help_with_examples(site: Site, words: list[str]) -> None:
    assert "Examples:" in site.run("vault", *words, "--help").out


def test_without_a_terminal_a_passphrase_is_not_asked_for(site: Site) -> None:
    for words in (
        ["backup", "b.cvb"],
        ["rekey"],
        ["replace", "--out", "o.json"],
        ["restore", "first/visits.csv", "--check"],
    ):
        if words[0] == "replace":
            shutil.rmtree(site.folder / "trial.vault")
        assert "CLI-010" in site.vault(*words, word=None, code=2).err
