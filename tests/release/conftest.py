"""A small project, made by hand: clean files, a journal, a ledger with three people, a guideline and labels."""

from __future__ import annotations

import hashlib
import struct
import sys
from dataclasses import dataclass, replace
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
from curator.provenance.kinds_answers import answer
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request
from curator.provenance.records import Draft, enrollment, guideline, label, pixel_acceptance
from curator.release import extras
from curator.release.build import build
from curator.release.inputs import Inputs
from curator.release.made import Further
from curator.scrub.policy import load_policy

sys.path.insert(0, str(Path(__file__).parent))

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
    rule: str = "1.0"

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
        body = label_body(number, person, value, self.guideline_digest(), self.rule)
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

    def sign(self, draft: Draft, person: str = "rev") -> None:
        """Sign a record as one of the people."""
        clock = FixedClock(MOMENT + timedelta(minutes=40))
        seed = self.vault.operator_key()
        sign_and_append(Ledger(self.project.ledger), [draft], self.people[person], clock, operator_seed=seed)

    def guideline_digest(self) -> str:
        return hashlib.sha256((self.project.guidelines / f"nodules-{self.rule}.txt").read_bytes()).hexdigest()


def label_body(number: int, person: str, value: Any, digest: str, rule: str = "1.0") -> dict[str, object]:
    return {
        "labelId": f"label-{number:03d}",
        "kind": "finding",
        "value": {"text": value} if isinstance(value, str) else value,
        "author": person,
        "role": "reader",
        "labeledAt": "2026-11-19T10:00:00Z",
        "labeledOffset": "+00:00",
        "meaning": "authorship",
        "guideline": {"id": "nodules", "version": rule, "sha256": digest},
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


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A package with everything in it, built once; tests that change it copy it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
        site, inputs = whole_site(tmp_path_factory.mktemp("whole"))
        made = build(inputs, site.vault, None)
        assert made.folder is not None
        return SimpleNamespace(folder=made.folder, site=site, inputs=inputs, key=site.key, planted=PLANTED)


def whole_site(folder: Path) -> tuple[Site, Inputs]:
    """Make a project with images, labels and answers, and what a package with everything in it is built of."""
    site = make_site(folder)
    add_delivery(site.project, 2, images())
    years = {"site": "site-1", "from": 2019, "to": 2023, "files": 6, "undated": 1}
    journal.put_document(site.project, 2, "acquired", {"format": 1, "sites": [years]})
    site.sign(answer("DM-04", "The database was made for this use.\nIt is kept by the radiology department.", fine))
    site.sign(answer("DM-26", "Nobody at the hospital knows of a way back.", fine))
    further = Further(extras.EXTRAS, extras.TAGS, extras.renderer(), fine)
    return site, replace(site.inputs(), further=further)


def whole_pair(folder: Path) -> tuple[Site, Path, Path]:
    """Build two versions with everything in them, and return the project and both packages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
        site, inputs = whole_site(folder)
        one, two = (build(replace(inputs, version=v), site.vault, None).folder for v in ("1.0.0", "1.0.1"))
    assert one is not None
    assert two is not None
    return site, one, two


#: Stands in headers of clean files: words that no document may show.
PLANTED = ("Brandywine", "Otilia", "Zephyrhills")


def fine(text: str) -> bool:
    """Pass texts in which nothing planted stands."""
    return not any(word.lower() in text.lower() for word in PLANTED)


def images() -> dict[str, bytes]:
    """Return DICOM files of three patients: what their headers say of person, maker and body."""
    people = (
        ("P3CC", b"F", b"067Y", b"White", b"SIEMENS", b"CHEST"),
        ("P4DD", b"M", b"034Y", b"", b"Otilia Brandywine Imaging", b"CHEST"),
        ("P5EE", b"M", b"090Y", b"Zephyrhills", b"GE MEDICAL SYSTEMS", b"BRANDYWINE"),
    )
    made = {}
    for patient, sex, age, ethnic, maker, part in people:
        for count in range(2):
            uid = f"2.25.{int(hashlib.sha256(f'{patient}{count}'.encode()).hexdigest()[:30], 16)}".encode()
            body = b"".join(
                _element(*one)
                for one in (
                    (8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.2"), (8, 0x18, b"UI", uid),
                    (8, 0x20, b"DA", b"20200101"), (8, 0x60, b"CS", b"CT"), (8, 0x70, b"LO", maker),
                    (0x10, 0x40, b"CS", sex),
                    (0x10, 0x1010, b"AS", age), (0x10, 0x1020, b"DS", b"1.71"), (0x10, 0x2160, b"SH", ethnic),
                    (0x18, 0x15, b"CS", part), (0x28, 0x10, b"US", b"\x08\0"), (0x28, 0x11, b"US", b"\x04\0"),
                )
            )  # fmt: skip
            syntax = _element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1")
            data = b"\0" * 128 + b"DICM" + syntax + body
            made[f"clean/{patient}/2.25.7/2.25.8/{uid.decode()}.dcm"] = data
    return made


def _element(group: int, number: int, vr: bytes, value: bytes) -> bytes:
    value += (b"\0" if vr == b"UI" else b" ") * (len(value) % 2)
    return struct.pack("<HH2sH", group, number, vr, len(value)) + value


@pytest.fixture
def kit() -> SimpleNamespace:
    """The helpers of this file, for tests that cannot import it."""
    return helpers()


def helpers() -> SimpleNamespace:
    """Return the helpers of this file."""
    import package_tampers

    return SimpleNamespace(
        add_delivery=add_delivery, clean_files=clean_files, tree=tree, tampers=package_tampers, make_site=make_site,
        enroll=enroll, fine=fine, moment=MOMENT,
    )  # fmt: skip


@pytest.fixture(scope="session")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two sites' final packages, and a sponsor's project that joined both; tests that change it copy it."""
    import sites_support

    with pytest.MonkeyPatch.context() as patch:
        sites_support.cheap(patch)
        return sites_support.make_joined(tmp_path_factory.mktemp("joined"), helpers())


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project with four samples, six labels by two readers."""
    monkeypatch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
    return make_site(tmp_path)


def make_site(
    tmp_path: Path, dataset: str = "trial", seed: str = "a", files: dict[str, bytes] | None = None, rule: str = "1.0"
) -> Site:
    """Make the project of :func:`site`."""
    clock = FixedClock(MOMENT)
    wishes = Wishes(tmp_path / "trial", dataset, "site-1", "Made-up Hospital", "safe-harbor", None)

    def begin(folder: Path, dataset: str, seed: bytes, when: FixedClock) -> None:
        create(folder, dataset=dataset, operator_seed=seed, clock=when)

    create_project(wishes, PASSPHRASE, clock, begin=begin)
    project = open_project(tmp_path / "trial")
    vault = Vault.open(project.vault, PASSPHRASE, purpose="test", clock=clock)
    add_delivery(project, 1, clean_files(seed) if files is None else files)
    ledger = Ledger(project.ledger)
    people = enroll(ledger, ["rev", "ann", "bob"], vault.operator_key())
    key = tmp_path / "operator.pem"
    key.write_bytes(public_pem(SeedSigner(vault.operator_key()).public))
    made = Site(project, vault, key, people)
    project.guidelines.mkdir()
    text = f"Mark every nodule, {rule}.\n".encode() if rule != "1.0" else b"Mark every nodule.\n"
    made.rule = rule
    (project.guidelines / f"nodules-{rule}.txt").write_bytes(text)
    drafts = [guideline("nodules", rule, f"nodules-{rule}.txt", hashlib.sha256(text).hexdigest(), len(text))]
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


@pytest.fixture(scope="session")
def helpers_of_release() -> SimpleNamespace:
    """The helpers of this file, for fixtures that live longer than a test."""
    return helpers()
