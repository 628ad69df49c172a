"""``curator audit`` from the command line: outcomes, exit codes, waivers, attestations, and nothing said of anybody."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from audit_world import PASSPHRASE, PATIENTS, World, person_key
from test_subjects import build_package

from curator.audit import catalog
from curator.audit.answers import judged
from curator.audit.catalog import Listed
from curator.audit.model import VAULT, Answer, Finding, Severity, Subject
from curator.cli.main import run
from curator.core.canonical import canonical_bytes
from curator.core.schema import validate
from curator.project.payload import payload_digest
from curator.provenance.keys import SeedSigner, encode64, public_pem
from curator.provenance.keystore import key_path, seal
from curator.provenance.verify import verify_ledger
from curator.release.made import Further

KEY_WORD = b"a passphrase of a key"
SOON = (date.today() + timedelta(days=30)).isoformat()
#: Checks of the frame alone: those of other rooms come and go.
ONLY = ("--only", "integrity", "--only", "labels")


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class KnownWords:
    """Stands for the search that only the vault can make: looks for one word in the notes."""

    id = "privacy/made-up-words"
    title = "No note holds the made-up word"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(a)"
    needs = (VAULT,)

    def run(self, subject: Subject) -> Answer:
        assert subject.secret() is not None
        bad = []
        for file in subject.files():
            if file.kind == "text" and file.path.startswith("clean/"):
                with subject.open(file) as stream:
                    count = stream.read().count(b"Zyx")
                bad += [Finding(file.path, "holds the word", count)] * bool(count)
        return judged(bad, "the word is nowhere", "the word is in {total} files")


@pytest.fixture
def curator(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run a command in this process; options of keys and passphrases are filled in by ``key`` and ``vault``."""
    world.vault.close()
    monkeypatch.setattr("curator.provenance.sealing.WORK", {"n": 1 << 10, "r": 8, "p": 1})
    (tmp_path / "pass").write_bytes(PASSPHRASE)
    (tmp_path / "key").write_bytes(KEY_WORD)
    (tmp_path / "keys").mkdir(mode=0o700)
    listed = tuple(one for one in catalog.own() if one.check.id.startswith(("integrity/", "labels/")))
    monkeypatch.setattr("curator.audit.catalog.own", lambda: (Listed(KnownWords()), *listed))

    def say(*words: object, key: str = "", vault: bool = False) -> Said:
        line = ["audit", *map(str, words)]
        if key:
            put_key(tmp_path / "keys", key)
            line += ["--by", key, "--key-store", str(tmp_path / "keys"), "--key-passphrase-file", str(tmp_path / "key")]
        if vault:
            line += ["--passphrase-file", str(tmp_path / "pass")]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(line)
        assert "Traceback" not in out.getvalue() + err.getvalue()
        return Said(code, out.getvalue(), err.getvalue())

    return say


def put_key(store: Path, name: str) -> None:
    if key_path(store, name).exists():
        return
    signer = person_key(name).signer
    head = {"format": 1, "id": name, "publicKey": encode64(signer.public)}
    seed = hashlib.sha256(name.encode()).digest()
    key_path(store, name).write_bytes(canonical_bytes(seal(head, seed, KEY_WORD)))
    key_path(store, name).chmod(0o600)


def spoil(world: World, text: bytes = b"Zyx was here") -> None:
    """Put a word into a note, and tell the journal so, as a scrub that missed it would."""
    from audit_world import put_delivery

    put_delivery(world.project, 2, {f"clean/{PATIENTS[2]}/late.txt": text})


def test_a_sound_project_passes_with_its_vault_and_not_without(world: World, curator: Callable[..., Said]) -> None:
    without = curator("run", world.root)
    assert without.code == 3
    assert "????  privacy/made-up-words  needs the vault" in without.out
    assert "AUD-017" in without.err
    whole = curator("run", world.root, vault=True)
    assert whole.code == 0, whole.out + whole.err
    assert "audit    PASS ·" in whole.out
    assert whole.err == ""


def test_a_failed_check_closes_the_gate_and_names_no_word_of_the_data(
    world: World, curator: Callable[..., Said]
) -> None:
    spoil(world)
    said = curator("run", world.root, vault=True)
    assert said.code == 1
    assert "FAIL  privacy/made-up-words  the word is in 1 files" in said.out
    assert f"clean/{PATIENTS[2]}/late.txt: holds the word" in said.out
    assert "Zyx" not in said.out + said.err
    assert "AUD-010" in said.err


def test_the_document_follows_its_schema_and_is_the_same_twice(world: World, curator: Callable[..., Said]) -> None:
    first = curator("run", world.root, "--json", vault=True)
    again = curator("run", world.root, "--json", vault=True)
    assert first.code == again.code == 0
    one, two = first.json, again.json
    validate("audit-report", one)
    assert one.pop("run").keys() == two.pop("run").keys()
    assert one == two
    data = json.dumps(one, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    (kept,) = (world.root / "audit").iterdir()
    assert kept.name == f"{hashlib.sha256(data).hexdigest()}.json"
    assert kept.read_bytes() == data


def test_a_second_audit_says_what_it_looked_at_anew(world: World, curator: Callable[..., Said]) -> None:
    first = curator("run", world.root, "--json", vault=True).json["run"]
    assert (first["anew"], first["kept"]) == (7, 0)
    second = curator("run", world.root, vault=True)
    assert "looked   0 files anew · 7 as known from before" in second.out
    third = curator("run", world.root, "--no-cache", "--json", vault=True).json["run"]
    assert (third["anew"], third["kept"]) == (7, 0)


def test_a_dry_run_writes_no_report(world: World, curator: Callable[..., Said]) -> None:
    said = curator("run", world.root, "--dry-run", vault=True)
    assert said.code == 0
    assert "none was written" in said.out
    assert "audit/" not in said.out
    assert not (world.root / "audit").exists()


def test_a_signed_report_holds_for_these_files_and_this_ledger(world: World, curator: Callable[..., Said]) -> None:
    said = curator("run", world.root, "--json", vault=True, key="rev")
    assert said.code == 0, said.err
    state = verify_ledger(world.project.ledger).require().state
    (audited,) = state.facts.audits
    assert (audited.outcome, audited.place, audited.signer) == ("PASS", state.size - 1, "rev")
    assert (world.root / "audit" / f"{audited.report}.json").is_file()
    clean = [(one.path, one.sha256) for one in world.samples()]
    assert audited.payload == payload_digest(clean)
    assert audited.place > state.facts.last_label
    world.label("later", "ann", world.samples()[0], "none", kind="side")
    assert state.facts.audits[-1].place < verify_ledger(world.project.ledger).require().state.facts.last_label


@pytest.mark.parametrize("more", [("--only", "labels"), ("--dry-run",)])
def test_a_part_of_an_audit_is_not_signed(world: World, curator: Callable[..., Said], more: tuple[str, ...]) -> None:
    said = curator("run", world.root, *more, key="rev")
    assert said.code == 2
    assert "AUD-018" in said.err
    assert not verify_ledger(world.project.ledger).require().state.facts.audits


def test_a_reader_may_not_sign_a_report(world: World, curator: Callable[..., Said]) -> None:
    said = curator("run", world.root, key="ann")
    assert said.code == 2
    assert "KEY-011" in said.err


def test_a_switched_off_check_keeps_the_gate_closed_until_it_is_waived(
    world: World, curator: Callable[..., Said]
) -> None:
    world.configure('\n[audit]\ndisabled = ["labels/drift"]\n')
    off = curator("run", world.root, vault=True)
    assert off.code == 3
    assert "????  labels/drift  switched off" in off.out
    waived = curator(
        "waive", "labels/drift", "--reason", "few labels", "--until", SOON, "--project", world.root, key="rev"
    )
    assert waived.code == 0, waived.err
    after = curator("run", world.root, "--json", vault=True)
    assert after.code == 0
    assert after.json["gate"]["waived"] == ["labels/drift"]
    (waiver,) = after.json["waivers"]
    assert (waiver["reason"], waiver["printedName"], waiver["until"]) == ("few labels", "Made Up Rev", SOON)
    assert "waiver   labels/drift until" in curator("run", world.root, vault=True).out


def test_a_waiver_that_is_past_its_day_counts_no_more(
    world: World, curator: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(world)
    line = ("waive", "privacy/made-up-words", "--reason", "it is no name", "--until", SOON, "--project", world.root)
    assert curator(*line, key="rev").code == 0
    assert curator("run", world.root, vault=True).code == 0
    monkeypatch.setattr("curator.audit.gate.Waiver.holds", lambda one, today: date.fromisoformat(one.until) < today)
    expired = curator("run", world.root, "--json", vault=True)
    assert expired.code == 1
    assert expired.json["gate"]["expired"] == ["privacy/made-up-words"]
    assert "waiver   privacy/made-up-words past its last day, " in curator("run", world.root, vault=True).out


@pytest.mark.parametrize(
    ("until", "code"),
    [("2020-01-01", "AUD-023"), ((date.today() + timedelta(days=400)).isoformat(), "AUD-023")],
    ids=["past", "too long"],
)
def test_a_waiver_has_a_day_that_is_near(world: World, curator: Callable[..., Said], until: str, code: str) -> None:
    line = ("waive", "labels/drift", "--reason", "few", "--until", until, "--project", world.root)
    said = curator(*line, key="rev")
    assert said.code == 2
    assert code in said.err


def test_a_waiver_holds_no_identifier_and_is_of_a_check_that_is_there(
    world: World, curator: Callable[..., Said]
) -> None:
    named = ("--until", SOON, "--project", world.root)
    said = curator("waive", "labels/drift", "--reason", "patient John Smith, MRN 12345678", *named, key="rev")
    assert said.code == 2
    assert "LED-070" in said.err
    assert "Smith" not in said.out + said.err
    assert "AUD-001" in curator("waive", "labels/none", "--reason", "few", *named, key="rev").err
    assert curator("waive", "labels", "--reason", "few", *named, key="rev").code == 2
    dry = curator("waive", "labels/drift", "--reason", "few", *named, "--dry-run", key="rev")
    assert dry.code == 0
    assert "would waive" in dry.out
    assert not verify_ledger(world.project.ledger).require().state.facts.waivers


def test_an_outsider_sees_what_the_holder_of_the_vault_attested(
    world: World, curator: Callable[..., Said], tmp_path: Path
) -> None:
    file = tmp_path / "attested.dsse.json"
    done = curator("attest", world.root, "-o", file, key="rev", vault=True)
    assert done.code == 0, done.err
    package, pem = released(world, tmp_path)
    alone = curator("run", package, "--key", pem)
    assert alone.code == 3
    assert "needs the vault" in alone.out
    with_word = curator("run", package, "--key", pem, "--attestation", file, "--json")
    assert with_word.code == 0, with_word.out
    (one,) = [check for check in with_word.json["checks"] if check["id"] == "privacy/made-up-words"]
    assert (one["outcome"], one["attested"]["signer"]) == ("ATTESTED", "rev")
    assert one["attested"]["printedName"] == "Made Up Rev"
    assert "attested by Made Up Rev (rev)" in one["summary"]
    untied = curator("run", package, "--attestation", file)
    assert untied.code == 3
    assert "agrees with itself" in untied.out


def test_an_attestation_counts_for_its_own_bytes_alone(
    world: World, curator: Callable[..., Said], tmp_path: Path
) -> None:
    file = tmp_path / "attested.dsse.json"
    assert curator("attest", world.root, "-o", file, key="rev", vault=True).code == 0
    spoil(world)
    later = curator("run", world.root, "--attestation", file)
    assert later.code == 4
    assert "AUD-016" in later.err


def test_an_attestation_does_not_cover_what_was_signed_after_it(
    world: World, curator: Callable[..., Said], tmp_path: Path
) -> None:
    file = tmp_path / "attested.dsse.json"
    assert curator("attest", world.root, "-o", file, key="rev", vault=True).code == 0
    world.train("jud", "2025-05-06")
    assert curator("run", world.root, "--attestation", file).code == 0
    world.label("later", "ann", world.samples()[0], {"text": "Zyx"}, kind="side")
    later = curator("run", world.root, "--attestation", file)
    assert later.code == 4
    assert "signed after it" in later.err


def test_an_attested_failure_stays_one(world: World, curator: Callable[..., Said], tmp_path: Path) -> None:
    spoil(world)
    file = tmp_path / "attested.dsse.json"
    assert curator("attest", world.root, "-o", file, key="rev", vault=True).code == 1
    said = curator("run", world.root, "--attestation", file)
    assert said.code == 1
    assert "FAIL  privacy/made-up-words" in said.out


def test_a_forged_or_foreign_attestation_is_refused(world: World, curator: Callable[..., Said], tmp_path: Path) -> None:
    file = tmp_path / "attested.dsse.json"
    assert curator("attest", world.root, "-o", file, key="rev", vault=True).code == 0
    data = json.loads(file.read_bytes())
    data["signatures"][0]["sig"] = encode64(bytes(64))
    file.write_bytes(canonical_bytes(data))
    forged = curator("run", world.root, "--attestation", file)
    assert (forged.code, "AUD-016" in forged.err) == (4, True)
    file.write_bytes(b"{}")
    assert "AUD-015" in curator("run", world.root, "--attestation", file).err
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.txt").write_bytes(b"text")
    assert "AUD-019" in curator("run", tmp_path / "plain", "--attestation", file).err


def test_a_reader_and_a_revoked_person_may_not_attest(
    world: World, curator: Callable[..., Said], tmp_path: Path
) -> None:
    from curator.provenance.records import revocation

    file = tmp_path / "attested.dsse.json"
    assert "KEY-011" in curator("attest", world.root, "-o", file, key="ann", vault=True).err
    assert not file.exists()
    assert curator("attest", world.root, "-o", file, key="jud", vault=True).code == 0
    world.sign("rev", revocation("jud", person_key("jud").signer.public, "left"))
    said = curator("run", world.root, "--attestation", file)
    assert said.code == 4
    assert "revoked" in said.err


def test_the_vault_of_another_project_is_refused(world: World, curator: Callable[..., Said], tmp_path: Path) -> None:
    from audit_world import Template

    other = Template.make(tmp_path / "other")
    package, pem = released(world, tmp_path)
    said = curator("run", package, "--key", pem, "--vault-of", other.root / "trial", vault=True)
    assert said.code == 2
    assert "AUD-013" in said.err
    own = curator("run", package, "--key", pem, "--vault-of", world.root, vault=True)
    assert own.code == 0, own.out


def test_a_broken_package_is_not_audited(world: World, curator: Callable[..., Said], tmp_path: Path) -> None:
    package, pem = released(world, tmp_path)
    (package / "data" / "clean" / PATIENTS[0] / "note.txt").write_bytes(b"other")
    assert curator("run", package, "--key", pem).code == 4


def test_a_folder_of_strange_names_is_audited_and_none_is_said(curator: Callable[..., Said], tmp_path: Path) -> None:
    folder = tmp_path / "in" / "DOE^JANE"
    folder.mkdir(parents=True)
    (folder / "DOE_JANE_12345678.txt").write_bytes(b"Zyx and Jane Doe")
    said = curator("run", tmp_path / "in", "--json")
    assert said.code == 3
    for word in ("DOE", "JANE", "Jane", "12345678", "Zyx"):
        assert word not in said.out + said.err
    assert said.json["subject"]["kind"] == "folder"
    assert said.json["subject"]["files"] == 1


def test_list_names_every_check_with_what_it_needs(curator: Callable[..., Said]) -> None:
    listed = curator("list", "--json").json
    assert {"id", "title", "severity", "clause", "needs", "origin"} == set(listed[0])
    assert listed[0]["needs"] == ["vault"]
    text = curator("list").out
    for one in listed:
        assert one["id"] in text
        assert one["clause"] in text


def test_diff_says_what_changed(world: World, curator: Callable[..., Said], tmp_path: Path) -> None:
    before, after = tmp_path / "one.json", tmp_path / "two.json"
    before.write_text(curator("run", world.root, "--json", vault=True).out)
    spoil(world)
    after.write_text(curator("run", world.root, "--json", vault=True).out)
    said = curator("diff", before, after)
    assert said.code == 0
    assert "gate     PASS -> FAIL" in said.out
    assert "privacy/made-up-words  PASS -> FAIL" in said.out
    assert f"+ clean/{PATIENTS[2]}/late.txt: holds the word" in said.out
    assert "samples: 8 -> 9" in said.out
    made = curator("diff", before, after, "--json").json
    assert made["same_data"] is False
    same = curator("diff", before, before)
    assert "no check says anything else" in same.out
    (tmp_path / "no.json").write_text("[]")
    assert "AUD-011" in curator("diff", before, tmp_path / "no.json").err
    kept = next((world.root / "audit").iterdir())
    kept.write_bytes(kept.read_bytes().replace(b"PASS", b"FAIL", 1))
    assert curator("diff", before, kept).code == 4


CUSTOM = """
from curator.audit.model import Answer, Finding, Outcome

class Wide:
    name, version = "wide", 1
    def wants(self, file): return file.kind == "text"
    def parameters(self): return {}
    def look(self, file, stream): return {"size": len(stream.read())}

class check:
    id, title, severity, clause, needs = "ours/size", "No note is long", "major", "our rule 7", ()
    def run(self, subject):
        long = [one for one in subject.looked(Wide()) if one.found["size"] > subject.threshold(self.id, "most", 1000)]
        found = tuple(Finding(one.file.path, "is long") for one in long)
        return Answer(Outcome.FAIL if found else Outcome.PASS, f"{len(found)} long notes", findings=found)
"""


def test_a_check_of_the_users_own_runs_from_its_file(
    world: World, curator: Callable[..., Said], tmp_path: Path
) -> None:
    file = tmp_path / "our_check.py"
    file.write_text(CUSTOM)
    good = curator("run", world.root, "--check", file, "--json", vault=True)
    assert good.code == 0, good.err
    (one,) = [check for check in good.json["checks"] if check["id"] == "ours/size"]
    assert one["origin"] == f"file sha256:{hashlib.sha256(CUSTOM.encode()).hexdigest()}"
    world.configure('\n[audit."ours/size"]\nmost = 3\n')
    assert curator("run", world.root, "--check", file, vault=True).code == 1
    file.write_text(CUSTOM.replace("ours/size", "integrity/ledger"))
    assert "AUD-008" in curator("run", world.root, "--check", file).err
    file.write_text("raise ValueError('Jane Doe')")
    broken = curator("run", world.root, "--check", file)
    assert "AUD-008" in broken.err
    assert "Jane" not in broken.err
    file.write_text(CUSTOM.replace("found = tuple", "raise ValueError(self.title)\n        found = tuple"))
    raising = curator("run", world.root, "--check", file, vault=True)
    assert raising.code == 3
    assert "ours/size  stopped at" in raising.out
    assert "No note is long" not in raising.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('\n[audit]\ndisabled = ["labels/dirft"]\n', "'disabled' names a check"),
        ('\n[audit."labels/dirft"]\nmost = 1\n', "a table of thresholds names a check"),
        ('\n[audit]\ndisabled = "labels/drift"\n', "see /audit/disabled"),
    ],
)
def test_settings_that_are_none_are_refused(world: World, curator: Callable[..., Said], text: str, words: str) -> None:
    path = world.root / "curator.toml"
    path.write_text(path.read_text() + text)
    said = curator("run", world.root)
    assert said.code == 2
    assert words in said.err


@pytest.mark.parametrize("line", ['most = "a lot"', "moat = 0.05", "most = 10"])
def test_a_threshold_that_cannot_be_is_refused_before_anything_is_looked_at(
    line: str, world: World, curator: Callable[..., Said]
) -> None:
    world.configure(f'\n[audit."labels/drift"]\n{line}\n')
    said = curator("run", world.root, vault=True)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("AUD-002")


def test_the_page_and_the_pdf_show_outcome_evidence_and_waivers(
    world: World, curator: Callable[..., Said], tmp_path: Path
) -> None:
    spoil(world)
    line = ("waive", "privacy/made-up-words", "--reason", "it is no name", "--until", SOON, "--project", world.root)
    assert curator(*line, key="rev").code == 0
    html, pdf = tmp_path / "audit.html", tmp_path / "audit.pdf"
    assert curator("run", world.root, "--html", html, "--pdf", pdf, vault=True).code == 0
    page = html.read_text(encoding="utf-8")
    assert "PASS, 1 check waived" in page
    assert "open by signed waivers alone" in page
    assert "nothing that was checked stands against release" not in page
    for text in ("privacy/made-up-words", "it is no name", SOON, "Made Up Rev", f"clean/{PATIENTS[2]}/late.txt"):
        assert text in page
    assert "Zyx" not in page
    assert pdf.read_bytes().startswith(b"%PDF-")


def released(world: World, tmp_path: Path, **more: Any) -> tuple[Path, Path]:
    tmp_path.mkdir(exist_ok=True)
    package = build_package(world, tmp_path / "out", **more)
    pem = tmp_path / "operator.pem"
    pem.write_bytes(public_pem(SeedSigner(world.vault.operator_key()).public))
    return package, pem


def test_the_report_of_a_folder_is_bound_to_every_file_of_it(curator: Callable[..., Said], tmp_path: Path) -> None:
    folder = tmp_path / "delivered"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "two.txt").write_text("No nodule.\n")
    (folder / "one.txt").write_text("No nodule.\n")
    digest = hashlib.sha256(b"No nodule.\n").hexdigest()
    wanted = hashlib.sha256(f"{digest}  b/two.txt\n{digest}  one.txt\n".encode()).hexdigest()
    said = curator("run", folder, "--only", "integrity", "--json")
    assert said.json["subject"]["payload"] == wanted
    told = curator("run", folder, "--only", "integrity/manifest").out
    assert "1 checks were asked for: this is no whole audit" in told
    assert "next: curator release" not in told


def test_a_package_alone_shows_what_its_own_signed_report_attests_and_no_longer_once_a_label_came(
    world: World, curator: Callable[..., Said], tmp_path: Path
) -> None:
    assert curator("run", world.root, key="rev", vault=True).code == 0
    # What makes documents packs the report, too.
    further = Further((lambda _: iter(()),))
    package, pem = released(world, tmp_path, further=further)
    said = curator("run", package, "--key", pem, "--json")
    assert said.code == 0, said.out + said.err
    (one,) = [check for check in said.json["checks"] if check["id"] == "privacy/made-up-words"]
    assert (one["outcome"], one["attested"]["signer"]) == ("ATTESTED", "rev")
    assert "attested by Made Up Rev (rev) at " in one["summary"]
    # Whatever was signed after the report was not searched.
    world.label("late", "ann", next(iter(world.samples())), "nodule")
    later, _ = released(world, tmp_path / "later", further=further, version="1.0.1")
    assert "needs the vault" in curator("run", later, "--key", pem).out
