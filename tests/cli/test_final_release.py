"""The final way by the commands that people run: from a folder to three versions, audited, handed out and purged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from people_site import Result, Site

NAMES = ("Quillfeather", "Brandywine", "Otilia", "Zephyrine", "Marchbanks", "Ravenscroft")
#: Long enough that no UID or digest holds one of them by chance.
NUMBERS = tuple(f"MR-88120{n}5537" for n in range(len(NAMES)))
#: Two of the made-up notes are equal: whether their patients come into one split is the draw's.
EQUAL_NOTES = "splits/duplicates"
LACKING = ("integrity/training", "labels/qualified", "labels/agreement")
REASONS = '[groups]\n"removed class rule@1.0" = "consent was withdrawn"\n'


class Way:
    """The site, and what each step of the way said."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.said: dict[str, Result] = {}

    @property
    def releases(self) -> Path:
        return self.site.project / "releases"

    def go(self, step: str, *words: object, code: int = 0, **how: bool) -> Result:
        done = self.site(*words, **how)
        assert done.code == code, (step, done.code, done.out, done.err)
        self.said[step] = done
        return done

    def audit(self, step: str, *more: object, code: int = 0) -> Result:
        words = ("audit", "run", self.site.project, "--vault", "--by", "rita", "--workers", "1", "--json", *more)
        return self.go(step, *words, code=code, key=True, vault=True, project=False)

    def verify(self, step: str, folder: Path, *more: object, code: int = 0) -> Result:
        return self.go(step, "release", "verify", folder, "--json", *more, code=code, project=False)

    def samples(self, word: str = "") -> list[str]:
        """Return the clean files in which a word stands."""
        files = sorted(one for one in (self.site.project / "clean").rglob("*") if one.is_file())
        return [one.relative_to(self.site.project).as_posix() for one in files if word in one.read_text()]


def begin(way: Way) -> None:
    """Make a project of scrubbed notes (some the same to the byte), with people, labels, splits and a seal."""
    folder = way.site.folder
    (folder / "pass").write_text("the vault's passphrase\n")
    (folder / "key").write_text("a key's passphrase\n")
    (folder / "rule.txt").write_text("Say whether the note is normal.\n")
    (folder / "why.toml").write_text(REASONS)
    (folder / "export").mkdir()
    for place, (name, number) in enumerate(zip(NAMES, NUMBERS, strict=True)):
        text = f"Patient: Case {name}  MRN: {number}\nBP 132/78, hemoglobin 13.{min(place, 4)}.\n"
        (folder / "export" / f"{name}.txt").write_text(text)
    way.go("init", "init", "--site", "north", vault=True)
    way.go("scrub", "scrub", folder / "export", "--workers", "1", "--json", vault=True)
    for name in ("ada", "rita"):
        roles = ("--role", "reader", "--role", "reviewer")
        way.go("add", "people", "add", name, "--name", f"Dr {name.title()}", *roles, key=True, project=False)
    way.go("enroll", "people", "enroll", "rita.request.json", "--by", "ada", key=True)
    way.go("enroll", "people", "enroll", "ada.request.json", "--by", "rita", key=True)
    way.go("guideline", "guideline", "add", "rule.txt", "--version", "1.0", "--by", "rita", key=True)
    lines = [
        {
            "labelId": f"read-{n}", "sample": sample, "kind": "class", "value": {"class": "normal"},
            "author": "ada", "labeledAt": "2026-05-04T10:15:00Z",
        }
        for n, sample in enumerate(way.samples())
    ]  # fmt: skip
    (folder / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    how = ("--as", "ada", "--guideline", "rule@1.0", "--confirm", len(NAMES))
    way.go("sign", "sign", "labels.jsonl", *how, key=True)
    way.go("split", "release", "split", "--fractions", "train=50,test=50", vault=True)
    way.go("seal", "release", "seal", "test", "--by", "rita", "--reason", "held back for the test", key=True)


def first_version(way: Way) -> None:
    """Release 1.0.0: what is refused before, what it takes, what an outsider sees."""
    build = ("release", "build", "1.0.0", "--json")
    way.go("no audit", *build, code=1, vault=True)
    way.audit("audit refused", code=1)
    way.go("failed audit", *build, code=1, vault=True)
    failed = way.said["audit refused"].json["gate"]["failed"]
    for check in [*LACKING, *(one for one in failed if one == EQUAL_NOTES)]:
        why = ("--reason", "known, and on paper", "--until", way.until)
        way.go("waive", "audit", "waive", check, *why, "--by", "rita", "--json", key=True)
    way.audit("audit")
    way.go("no texts", *build, code=1, vault=True)
    answer(way)
    way.go("build", *build, vault=True)
    head = way.go("head", "ledger", "head", "--json")
    way.key.write_text(head.json["operatorVerifierKey"] + "\n")
    shutil.copytree(way.releases / "v1.0.0", way.outside)
    way.verify("verify", way.outside, "--key", way.key)
    way.verify("untied", way.outside, code=3)


def answer(way: Way) -> None:
    from curator.release.requirements.table import answerable

    texts = way.site.folder / "texts"
    texts.mkdir()
    for item in answerable():
        if item.needs_text:
            (texts / f"{item.id}.txt").write_text("Nothing is to be said of made-up data.\n")
    words = ("release", "requirements", "answer", "--folder", texts, "--by", "rita", "--json")
    (texts / "DM-01.txt").write_text(f"As {NAMES[0]} said.\nMRN: {NUMBERS[1]}, born 1970-02-03\n")
    way.go("texts refused", *words, code=2, key=True)
    (texts / "DM-01.txt").write_text("By a protocol that the site keeps.\n")
    (texts / "other.txt").write_text("x")
    way.go("texts named otherwise", *words, code=2, key=True)
    (texts / "other.txt").unlink()
    way.go("texts looked at", *words, "--dry-run", key=True)
    way.go("texts", *words, key=True)
    way.go("texts again", *words, key=True)
    way.go("texts checked", "release", "requirements", "--check", "--json")


def outsider(way: Way) -> None:
    """Audit the package by its own signed report; then with the word of its holder, over project and over package."""
    audit = ("audit", "run", way.outside, "--key", way.key, "--workers", "1", "--json")
    way.go("outsider", *audit, project=False)
    attest = ("audit", "attest", "--workers", "1", "--by", "rita", "--json")
    holder = (way.outside, "--key", way.key, "--vault-of", way.site.project)
    for tag, where in (("project", (way.site.project,)), ("package", holder)):
        file = way.site.folder / f"{tag}.dsse.json"
        way.go(f"attest {tag}", *attest, *where, "-o", file, key=True, vault=True, project=False)
        way.go(f"outsider with {tag}", *audit, "--attestation", file, project=False)


def later_versions(way: Way) -> None:
    """Withdraw, recall and purge, each followed by a version."""
    (gone,), (bad,) = way.samples("13.0"), way.samples("13.1")
    way.go("sent", "release", "sent", "1.0.0", "--to", "Sponsor Inc", "--by", "rita", "--json", key=True)
    words = ("release", "withdraw", gone.split("/")[1], "--effective", "2026-05-20", "--by", "rita", "--json")
    way.go("withdraw", *words, key=True)
    way.go("old audit", "release", "build", "2.0.0", "--reasons", "why.toml", code=1, vault=True)
    way.audit("audit 2")
    way.go("no reason", "release", "plan", "2.0.0", "--json", code=1)
    way.go("too small", "release", "build", "1.1.0", "--reasons", "why.toml", code=2, vault=True)
    way.go("build 2", "release", "build", "2.0.0", "--reasons", "why.toml", "--json", vault=True)
    way.verify("verify 2", way.releases / "v2.0.0", "--key", way.key, "--extends", way.outside)
    way.go("diff", "release", "diff", "1.0.0", "2.0.0", "--json")
    recall = ("release", "recall", bad, "--reason", "a name was found", "--by", "rita", "--json")
    way.go("recall", *recall, key=True)
    purge = ("release", "purge", "--recalled", "--reason", "a name was found", "--by", "rita", "--json")
    way.go("purge", *purge, key=True, vault=True)
    for version in ("1.0.0", "2.0.0"):
        way.verify(f"purged {version}", way.releases / f"v{version}", "--key", way.key)
    way.verify("still outside", way.outside, "--key", way.key)
    audit = ("audit", "run", way.releases / "v1.0.0", "--key", way.key, "--workers", "1", "--json")
    way.go("outsider, purged", *audit, code=3, project=False)
    way.audit("audit 3")
    way.go("build 3", "release", "build", "3.0.0", "--reasons", "why.toml", "--json", vault=True)
    way.verify("verify 3", way.releases / "v3.0.0", "--key", way.key, "--extends", way.releases / "v2.0.0")
    way.go("diff to purged", "release", "diff", "2.0.0", "3.0.0", "--json")
    way.go("list", "release", "list", "--json")
    way.go("ledger", "ledger", "verify", "--json")


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Go the whole way once."""
    pytest.importorskip("reportlab")
    from datetime import UTC, datetime, timedelta

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
        made = Way(tmp_path_factory.mktemp("final"))
        made.outside, made.key = made.site.folder / "outside", made.site.folder / "operator.vkey"
        made.until = (datetime.now(UTC) + timedelta(days=200)).date().isoformat()
        begin(made)
        first_version(made)
        outsider(made)
        later_versions(made)
        yield made


def code_of(done: Result) -> str:
    return str(done.json["error"]["code"])


def outcome_of(done: Result, check: str) -> str:
    return next(str(one["outcome"]) for one in done.json["checks"] if one["id"] == check)


def waived_of(way: Way) -> list[str]:
    waived: list[str] = way.said["audit"].json["gate"]["waived"]
    return waived


def test_nothing_leaves_before_a_signed_audit_passed_and_each_text_is_given(way: Way) -> None:
    assert code_of(way.said["no audit"]) == "REL-057"
    assert code_of(way.said["failed audit"]) == "REL-057"
    assert "--by" in way.said["no audit"].json["error"]["hint"]
    failed = way.said["audit refused"].json["gate"]["failed"]
    assert failed in ([*LACKING[:2]], [*LACKING[:2], EQUAL_NOTES])
    assert way.said["audit"].json["gate"]["outcome"] == "PASS"
    assert sorted(waived_of(way)) == sorted({*LACKING, *failed})
    assert code_of(way.said["no texts"]) == "SUB-011"
    assert way.said["build"].json["audit"] == "passed"
    assert way.said["build"].json["draft"] is False


def test_texts_of_a_folder_are_signed_together_or_not_at_all(way: Way) -> None:
    refused = way.said["texts refused"]
    assert code_of(refused) == "SUB-022"
    assert "DM-01" in refused.json["error"]["sentence"]
    assert code_of(way.said["texts named otherwise"]) == "SUB-021"
    assert {one["record"] for one in way.said["texts looked at"].json["answers"]} == {None}
    signed = way.said["texts"].json
    assert (len(signed["answers"]), signed["already"]) == (54, 0)
    again = way.said["texts again"].json
    assert (again["answers"], again["already"]) == ([], 54)
    assert "waiting for text" not in {one["state"] for one in way.said["texts checked"].json["requirements"]}


def test_an_outsider_sees_what_the_holder_of_the_vault_attested(way: Way) -> None:
    known = "privacy/known-identifiers"
    alone = way.said["outsider"].json
    assert alone["gate"]["unsure"] == []
    assert outcome_of(way.said["outsider"], known) == "ATTESTED"
    assert outcome_of(way.said["outsider"], "privacy/pdf-metadata") == "PASS"
    for tag in ("project", "package"):
        assert set(way.said[f"attest {tag}"].json["checks"].values()) == {"PASS"}
        seen = way.said[f"outsider with {tag}"]
        assert outcome_of(seen, known) == "ATTESTED"
        assert seen.json["gate"]["outcome"] == "PASS"
    assert way.said["untied"].json["verified"] is False
    assert way.said["verify"].json["verified"] is True


def test_a_withdrawn_patient_leaves_no_more_and_recipients_are_named(way: Way) -> None:
    assert "Sponsor Inc" in way.said["withdraw"].out
    assert "REL-057" in way.said["old audit"].err
    assert "REL-055" in way.said["no reason"].err
    assert "REL-052" in way.said["too small"].err
    assert way.said["diff"].json["level"] == "major"
    assert way.said["diff"].json["figures"]["cases"] == {"cases": [6, 5]}
    assert way.said["verify 2"].json["extends"]["version"] == "1.0.0"
    assert way.said["verify 2"].json["samples"] == 5


def test_after_a_purge_all_that_is_left_verifies_and_no_figure_is_made_up(way: Way) -> None:
    for version in ("1.0.0", "2.0.0"):
        found = way.said[f"purged {version}"].json
        assert found["verified"] is True
        assert found["purged"]["files"] > 1
    assert way.said["still outside"].json["purged"] == {"files": 0, "records": 0}
    assert way.said["diff to purged"].json["figures"] == {}
    assert way.said["diff to purged"].json["withoutFigures"] == ["2.0.0"]
    assert way.said["diff to purged"].json["samples"]["removed"] == 1
    left = way.said["outsider, purged"]
    assert outcome_of(left, "integrity/clean-files") == "PASS"
    assert "purged by signed order" in next(
        one["summary"] for one in left.json["checks"] if one["id"] == "integrity/manifest"
    )
    assert way.said["verify 3"].json["samples"] == 4
    states = {one["version"]: one["state"] for one in way.said["list"].json["versions"]}
    assert states["3.0.0"] == ["released"]
    assert "purged in part" in states["2.0.0"]
    assert way.said["ledger"].json["ok"] is True


def test_no_identifier_stands_in_a_package_or_in_what_was_said(way: Way) -> None:
    said = "\n".join(one.out + one.err for one in way.said.values())
    places = [way.outside, way.releases, way.site.project]
    data = [one.read_bytes() for place in places for one in place.rglob("*") if one.is_file()]
    names = [str(one) for place in places for one in place.rglob("*")]
    for word in (*NAMES, *NUMBERS, *(number[3:] for number in NUMBERS)):
        for form in (word, word.lower(), word.upper()):
            assert form not in said
            assert not any(form.encode() in one for one in data)
            assert not any(form in one for one in names)
    assert any(b"hemoglobin 13.2" in one for one in data)
