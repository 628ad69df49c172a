"""A small project, made by hand: clean files, a journal, a ledger with three people, a guideline and labels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from curator.core.clock import FixedClock
from curator.project import journal
from curator.project.create import Wishes, create_project
from curator.project.paths import Project, open_project
from curator.project.vault import Vault
from curator.provenance.append import PersonKey, sign_and_append
from curator.provenance.keys import SeedSigner, decode64, public_pem
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request
from curator.provenance.records import enrollment, guideline, label, pixel_acceptance
from curator.release.build import Inputs, build
from curator.scrub.policy import load_policy

MOMENT = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
PASSPHRASE = b"a passphrase for tests"
PATIENTS = ("P1AA", "P2BB")


@dataclass
class Site:
    """A project with its opened vault, and what a test may do to it."""

    project: Project
    vault: Vault
    key: Path
    people: dict[str, PersonKey]

    def inputs(self, version: str = "1.0.0", *, days: int = 0) -> Inputs:
        clock = FixedClock(MOMENT + timedelta(days=days))
        return Inputs(self.project, version, load_policy("safe-harbor"), clock, lambda _: None)

    def build(self, version: str = "1.0.0", output: Path | None = None, *, days: int = 0) -> Path:
        made = build(self.inputs(version, days=days), self.vault, output)
        assert made.folder is not None
        return made.folder

    def samples(self) -> list[journal.Sample]:
        return list(journal.samples(self.project))

    def label(self, number: int, person: str, sample: journal.Sample, value: Any) -> None:
        body = label_body(number, person, value, self.guideline_digest())
        draft = label(
            {"path": sample.path, "sha256": sample.sha256, "content": sample.content, "uid": sample.uid}, body
        )
        sign_and_append(
            Ledger(self.project.ledger),
            [draft],
            self.people[person],
            FixedClock(MOMENT + timedelta(minutes=number)),
            operator_seed=self.vault.operator_key(),
        )

    def guideline_digest(self) -> str:
        return hashlib.sha256((self.project.guidelines / "nodules-1.0.txt").read_bytes()).hexdigest()


def label_body(number: int, person: str, value: Any, digest: str) -> dict[str, object]:
    return {
        "labelId": f"label-{number:03d}",
        "kind": "finding",
        "value": {"text": value} if isinstance(value, str) else value,
        "author": person,
        "role": "reader",
        "labeledAt": "2026-11-19T10:00:00Z",
        "labeledOffset": "+00:00",
        "meaning": "authorship",
        "guideline": {"id": "nodules", "version": "1.0", "sha256": digest},
        "stage": "read",
    }


def add_delivery(project: Project, number: int, contents: dict[str, bytes]) -> None:
    """Write clean files and the journal of one delivery, as a scrub does."""
    rows = []
    for path, data in sorted(contents.items()):
        target = project.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        rows.append(
            {
                "source": hashlib.sha256(b"source" + data).hexdigest(),
                "content_key": hashlib.sha256(b"key" + data).hexdigest(),
                "kind": "dicom",
                "outcome": "scrubbed",
                "path": path,
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
                "uid": f"2.25.{int(hashlib.sha256(data).hexdigest()[:30], 16)}",
                "content": hashlib.sha256(b"content" + data).hexdigest(),
                "risk": "none",
                "method_codes": ["113100"],
                "actions": [{"path": "(0010,0010)", "action": "replaced", "count": 1}],
            }
        )
    rows.append({"source": "f" * 64, "kind": "text", "outcome": "quarantined", "code": "SRC-009"})
    log = journal.round_log(project, number, 0)
    assert log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))
    digest = load_policy("safe-harbor").digest
    about = {"format": 1, "delivery": number, "shards": 1, "policy": {"name": "safe-harbor", "digest": digest}}
    journal.put_document(project, number, "delivery", about)


def clean_files(seed: str) -> dict[str, bytes]:
    return {
        f"clean/{patient}/S{seed}/R1/I{count}.dcm": f"{seed} {patient} {count} ".encode() * 50
        for patient in PATIENTS
        for count in range(2)
    }


def enroll(ledger: Ledger, names: list[str], seed: bytes) -> dict[str, PersonKey]:
    clock = FixedClock(MOMENT)
    people = {}
    for name in names:
        signer = SeedSigner(hashlib.sha256(name.encode()).digest())
        people[name] = PersonKey(name, signer)
    for name, by in ((names[0], names[1]), (names[1], names[0]), *((name, names[0]) for name in names[2:])):
        made = make_request(
            people[name].signer,
            name=name,
            printed_name=f"Made Up {name.title()}",
            roles=["reader", "reviewer"],
            specialty=None,
            years=None,
            clock=clock,
        )
        bootstrap = people[by].signer.public if name in names[:2] else None
        draft = enrollment(made["request"], decode64(made["proof"]), bootstrap)
        sign_and_append(ledger, [draft], people[by], clock, operator_seed=seed)
    return people


@pytest.fixture
def kit() -> SimpleNamespace:
    """The helpers of this file, for tests that cannot import it."""
    return SimpleNamespace(add_delivery=add_delivery, clean_files=clean_files, tree=tree)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project with four samples, six labels by two readers."""
    monkeypatch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
    clock = FixedClock(MOMENT)
    wishes = Wishes(tmp_path / "trial", "trial", "site-1", "Made-up Hospital", "safe-harbor", None)

    def begin(folder: Path, dataset: str, seed: bytes, when: FixedClock) -> None:
        create(folder, dataset=dataset, operator_seed=seed, clock=when)

    create_project(wishes, PASSPHRASE, clock, begin=begin)
    project = open_project(tmp_path / "trial")
    vault = Vault.open(project.vault, PASSPHRASE, purpose="test", clock=clock)
    add_delivery(project, 1, clean_files("a"))
    ledger = Ledger(project.ledger)
    people = enroll(ledger, ["rev", "ann", "bob"], vault.operator_key())
    key = tmp_path / "operator.pem"
    key.write_bytes(public_pem(SeedSigner(vault.operator_key()).public))
    made = Site(project, vault, key, people)
    project.guidelines.mkdir()
    text = b"Mark every nodule.\n"
    (project.guidelines / "nodules-1.0.txt").write_bytes(text)
    drafts = [guideline("nodules", "1.0", "nodules-1.0.txt", hashlib.sha256(text).hexdigest(), len(text))]
    drafts.append(pixel_acceptance(["a" * 64], "looked at"))
    for draft in drafts:
        sign_and_append(ledger, [draft], people["rev"], clock, operator_seed=vault.operator_key())
    samples = made.samples()
    for number, (person, sample) in enumerate([(p, s) for p in ("ann", "bob") for s in samples[:3]]):
        made.label(number, person, sample, "nodule" if (number + len(person)) % 2 else "none")
    return made


def tree(folder: Path) -> dict[str, str]:
    """Return every file of a folder with its digest."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
