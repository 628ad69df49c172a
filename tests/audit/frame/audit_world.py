"""A small sound project for the audit: DICOM files, a journal, a ledger with people, a guideline, labels by two."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from curator.audit.project_subject import ProjectSubject
from curator.audit.subject import Means
from curator.core.clock import FixedClock
from curator.project import journal
from curator.project.create import Wishes, create_project
from curator.project.paths import Project, open_project
from curator.project.vault import Vault
from curator.provenance import kinds_people
from curator.provenance.append import PersonKey, sign_and_append
from curator.provenance.keys import SeedSigner, decode64
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request
from curator.provenance.records import Draft, enrollment, guideline, label
from curator.scrub.policy import load_policy
from curator.scrub.policy.since import stated

MOMENT = datetime(2024, 5, 6, 9, 14, tzinfo=UTC)
PASSPHRASE = b"a passphrase for tests"
SCRYPT = {"n": 1 << 10, "r": 8, "p": 1}
PATIENTS = ("PAAAAAAAAAAAAAAAA", "PBBBBBBBBBBBBBBBB", "PCCCCCCCCCCCCCCCC")
ROLES = {
    "rev": ("reviewer", "operator"),
    "jud": ("adjudicator",),
    "ann": ("reader",),
    "bob": ("reader",),
}
CT = "1.2.840.10008.5.1.4.1.1.2"
SR = "1.2.840.10008.5.1.4.1.1.88.22"


def anything_goes(_: str) -> bool:
    return True


def uid_of(text: str) -> str:
    return f"2.25.{int(hashlib.sha256(text.encode()).hexdigest()[:30], 16)}"


def dicom(patient: str, name: str, *, sop_class: str = CT, refers: Iterable[str] = (), **extra: Any) -> bytes:
    """The bytes of a small DICOM file whose instance UID follows from its name; it may refer to others by name."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = sop_class
    data.file_meta.MediaStorageSOPInstanceUID = uid_of(name)
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = sop_class, uid_of(name)
    data.StudyInstanceUID, data.SeriesInstanceUID = uid_of(f"{patient} study"), uid_of(f"{patient} {sop_class}")
    data.PatientID = data.PatientName = patient
    data.Modality = "CT" if sop_class == CT else "SR"
    wanted = []
    for one in refers:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CT, uid_of(one)
        wanted.append(item)
    if wanted:
        data.ReferencedImageSequence = wanted
    for key, value in extra.items():
        setattr(data, key, value)
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def sound_files() -> dict[str, bytes]:
    made = {}
    for patient in PATIENTS:
        for number in range(2):
            made[f"clean/{patient}/S1/R1/I{number}.dcm"] = dicom(patient, f"{patient} {number}")
    first = PATIENTS[0]
    made[f"clean/{first}/S1/R2/SR1.dcm"] = dicom(first, f"{first} sr", sop_class=SR, refers=[f"{first} 0"])
    made[f"clean/{first}/note.txt"] = b"No nodule was seen in this study.\n"
    return made


def row_of(path: str, data: bytes) -> dict[str, Any]:
    uid = uid_of(path)
    if path.endswith(".dcm"):
        import pydicom

        uid = str(pydicom.dcmread(io.BytesIO(data)).SOPInstanceUID)
    return {
        "source": hashlib.sha256(b"source" + path.encode()).hexdigest()[:32],
        "content_key": hashlib.sha256(b"key" + data).hexdigest(),
        "kind": "dicom" if path.endswith(".dcm") else "text",
        "outcome": "scrubbed",
        "path": path,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "uid": uid,
        "content": hashlib.sha256(b"content" + data).hexdigest(),
        "risk": "none",
        "method_codes": ["113100"],
        "actions": [{"path": "(0010,0010)", "action": "replaced", "count": 1}],
    }


def put_delivery(
    project: Project,
    number: int,
    contents: Mapping[str, bytes],
    *,
    policy: Mapping[str, Any] | None = None,
    **changed: Any,
) -> None:
    """Write clean files and the journal of one delivery as a scrub does; ``changed`` spoils each row."""
    rows = []
    for path, data in sorted(contents.items()):
        target = project.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        rows.append({**row_of(path, data), **changed})
    rows.append({"source": "f" * 64, "kind": "text", "outcome": "quarantined", "code": "SRC-009"})
    log = journal.round_log(project, number, 0)
    assert log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))
    about = {
        "format": 1,
        "delivery": number,
        "shards": 1,
        "policy": stated(load_policy("safe-harbor")) | (policy or {}),
    }
    journal.put_document(project, number, "delivery", about)


def person_key(name: str) -> PersonKey:
    return PersonKey(name, SeedSigner(hashlib.sha256(name.encode()).digest()))


@dataclass
class World:
    """A project and what a test may do to it."""

    project: Project
    vault: Vault
    at: timedelta = field(default_factory=lambda: timedelta(hours=1))

    @property
    def root(self) -> Path:
        return self.project.root

    def subject(self, *, vault: bool = False, **means: Any) -> ProjectSubject:
        settings = means.pop("settings", self.project.config.audit)
        return ProjectSubject(self.project, Means(settings, self.vault if vault else None, **means))

    def sign(self, person: str, *drafts: Draft) -> list[Any]:
        self.at += timedelta(minutes=1)
        clock = FixedClock(MOMENT + self.at)
        return sign_and_append(
            Ledger(self.project.ledger),
            list(drafts),
            person_key(person),
            clock,
            operator_seed=self.vault.operator_key(),
        )

    def samples(self) -> list[journal.Sample]:
        return list(journal.samples(self.project))

    def draft(self, name: str, person: str, sample: journal.Sample, value: Any, **more: Any) -> Draft:
        subject = {"path": sample.path, "sha256": sample.sha256, "content": sample.content, "uid": sample.uid}
        subject.update(more.pop("subject", {}))
        return label(subject, label_body(name, person, value, self, **more))

    def label(self, name: str, person: str, sample: journal.Sample, value: Any, **more: Any) -> Any:
        return self.sign(more.pop("signer", person), self.draft(name, person, sample, value, **more))[0]

    def train(self, person: str, until: str, by: str = "rev") -> None:
        self.sign(by, kinds_people.training(person, "course", until, "a" * 64, anything_goes))

    def configure(self, text: str) -> None:
        path = self.root / "curator.toml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        self.project = open_project(self.root)


def guideline_digest(world: World) -> str:
    return hashlib.sha256((world.project.guidelines / "nodules-1.0.txt").read_bytes()).hexdigest()


def label_body(name: str, person: str, value: Any, world: World, **more: Any) -> dict[str, Any]:
    return {
        "labelId": name,
        "kind": "finding",
        "value": {"class": value} if isinstance(value, str) else value,
        "author": person,
        "role": "reader",
        "labeledAt": "2024-05-03T10:00:00Z",
        "labeledOffset": "+00:00",
        "meaning": "authorship",
        "guideline": {"id": "nodules", "version": "1.0", "sha256": guideline_digest(world)},
        "stage": "read",
        **more,
    }


@dataclass
class Template:
    """The sound project as first made, to be copied."""

    root: Path

    @classmethod
    def make(cls, folder: Path) -> Template:
        with mock.patch("curator.project.header.SCRYPT", SCRYPT):
            cls._fill(folder)
        return cls(folder)

    @staticmethod
    def _fill(folder: Path) -> None:
        clock = FixedClock(MOMENT)
        wishes = Wishes(folder / "trial", "trial", "site-1", "Made-up Hospital", "safe-harbor", None)

        def begin(place: Path, dataset: str, seed: bytes, when: FixedClock) -> None:
            create(place, dataset=dataset, operator_seed=seed, clock=when)

        create_project(wishes, PASSPHRASE, clock, begin=begin)
        project = open_project(folder / "trial")
        vault = Vault.open(project.vault, PASSPHRASE, purpose="test", clock=clock)
        put_delivery(project, 1, sound_files())
        enroll(Ledger(project.ledger), vault.operator_key())
        project.guidelines.mkdir()
        text = b"Mark every nodule.\n"
        (project.guidelines / "nodules-1.0.txt").write_bytes(text)
        world = World(project, vault, timedelta(0))
        world.sign("rev", guideline("nodules", "1.0", "nodules-1.0.txt", hashlib.sha256(text).hexdigest(), len(text)))
        for name in ("ann", "bob"):
            world.train(name, "2025-05-06")
        images = [one for one in world.samples() if "/R1/" in one.path]
        said = {"blinded": True, "independent": True}
        for name in ("ann", "bob"):
            given = [
                world.draft(f"{name}-{at}", name, one, "nodule" if at % 2 else "none", **said)
                for at, one in enumerate(images)
            ]
            world.sign(name, *given)
        vault.close()

    def copy(self, folder: Path) -> World:
        for name in ("trial", "trial.vault"):
            shutil.copytree(self.root / name, folder / name)
        project = open_project(folder / "trial")
        return World(project, Vault.open(project.vault, PASSPHRASE, purpose="test", clock=FixedClock(MOMENT)))


def enroll(ledger: Ledger, seed: bytes) -> None:
    clock = FixedClock(MOMENT)
    names = list(ROLES)
    for name, by in ((names[0], names[1]), (names[1], names[0]), *((name, names[0]) for name in names[2:])):
        made = make_request(
            person_key(name).signer,
            name=name,
            printed_name=f"Made Up {name.title()}",
            roles=ROLES[name],
            specialty="radiology",
            years=9,
            clock=clock,
        )
        bootstrap = person_key(by).signer.public if name in names[:2] else None
        draft = enrollment(made["request"], decode64(made["proof"]), bootstrap)
        sign_and_append(ledger, [draft], person_key(by), clock, operator_seed=seed)


def leaf_of(world: World, name: str) -> str:
    """The leaf hash of a label by its id."""
    found = [r for r in world.subject().records() if r.predicate.get("labelId") == name]
    return found[-1].leaf.hex()
