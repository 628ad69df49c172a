"""A made-up project of any number of small files, written in seconds: what a scrub of a hospital would have left.

Of each person five small CT images, a structured report on one of them, a note and a table; a journal, a vault that
knows everybody, a ledger with two readers' labels, a guideline, and splits. Every thousandth person or so has something
that an audit has to find. Nobody named here exists.
"""

from __future__ import annotations

import hashlib
import io
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from curator.core.clock import FixedClock
from curator.identifiers.persons import pseudonym
from curator.project import journal
from curator.project.create import Wishes, create_project
from curator.project.paths import Project, open_project
from curator.project.vault import Vault
from curator.provenance import kinds_people, records
from curator.provenance.append import BATCH, Appender, sign_and_append
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request
from curator.scrub.delivery.state import packed
from curator.scrub.policy import load_policy

WORD = b"a passphrase for the bench"
CLOCK = FixedClock(datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
CT, SR = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.88.22"
#: Files of a person, images among them, and files of one part of the journal.
EACH, IMAGES, PART = 8, 5, 4096
#: Rows and columns of an image.
SIDE = 32
_NAMES = ("ka", "ri", "mo", "ten", "bel", "su", "dor", "vin", "hal", "pre", "nok", "zim", "tal", "ure", "wex", "gon")
_NOTE = (
    "The lungs are clear on both sides.", "A nodule of {} mm is seen in the left lower lobe.", "No pleural effusion.",
    "The heart is of normal size.", "No enlarged lymph nodes.", "Compared with the study before, nothing has changed.",
    "There is mild emphysema in the upper lobes.", "The liver is unremarkable as far as it is shown.",
    "Degenerative changes of the spine, grade {}.", "Follow-up in {} months is recommended.",
)  # fmt: skip


def _hex(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()


def uid(*parts: object) -> str:
    """Return a UID of the program's root, always of 43 characters."""
    return f"2.25.{10**37 + int(_hex(*parts)[:30], 16)}"


def _template(sop_class: str) -> bytes:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = sop_class
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = "1" * 43
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.StudyInstanceUID, data.SeriesInstanceUID = "2" * 43, "3" * 43
    data.PatientID = data.PatientName = "P" + "X" * 16
    data.PatientSex, data.PatientAge = "F", "099Y"
    data.PatientIdentityRemoved, data.DeidentificationMethod = "YES", "curator"
    if sop_class == SR:
        data.Modality = "SR"
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CT, "4" * 43
        data.ContentSequence = [Dataset()]
        data.ContentSequence[0].ReferencedSOPSequence = [item]
    else:
        data.Modality, data.Manufacturer, data.BurnedInAnnotation = "CT", "Made-up", "NO"
        data.FrameOfReferenceUID, data.InstanceNumber = "2" * 43, "77"
        data.ImageOrientationPatient, data.ImagePositionPatient = [1, 0, 0, 0, 1, 0], ["0", "0", "8888"]
        data.PixelSpacing, data.SliceThickness = [1, 1], 3
        data.Rows = data.Columns = SIDE
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
        data.PixelData = b"\0" * (2 * SIDE * SIDE)
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


@dataclass(frozen=True)
class Someone:
    """A person: number, key in the vault's tables, pseudonym, and what the vault knows."""

    number: int
    key: str
    name: str
    known: list[list[str]]


def _someone(vault: Vault, number: int) -> Someone:
    draw = random.Random(number)

    def word(count: int) -> str:
        return "".join(draw.choice(_NAMES) for _ in range(count)).title()

    family, given = word(3), word(2)
    born = f"{draw.randint(1940, 2005)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    known = [
        ["name", f"{family}^{given}"],
        ["id", f"MR{10**8 + number * 7919 % 10**8}"],
        ["accession", f"AC{10**7 + number * 104729 % 10**7}"],
        ["birth_date", born],
        ["phone", f"+1 {draw.randint(200, 999)} 555 {draw.randint(0, 9999):04d}"],
        ["address", f"{draw.randint(1, 999)} {word(2)} Road"],
    ]
    return Someone(number, _hex("person", number)[:32], pseudonym(vault.person_key(number)), known)


def _sketch(templates: dict[str, bytes], one: Someone, texture: Any) -> Iterator[tuple[str, bytes, str]]:
    """Yield path, bytes and UID of each file of a person."""
    draw = random.Random(one.number)
    base, study = f"clean/{one.name}", uid("study", one.number)
    age = f"{draw.randint(20, 88):03d}Y".encode()
    sex = draw.choice("FM").encode()
    odd = one.number % 997
    for at in range(EACH):
        own = uid("object", one.number, at)
        if at <= IMAGES:
            sop_class = SR if at == IMAGES else CT
            series = uid("series", one.number, sop_class)
            # Short marks first: a UID may hold them.
            data = templates[sop_class].replace(b"8888", b"%4d" % (3 * at)).replace(b"77", b"%2d" % (at + 1))
            data = data.replace(b"099Y", age).replace(b"CS\2\0F ", b"CS\2\0" + sex + b" ")
            data = data.replace(b"1" * 43, own.encode()).replace(b"2" * 43, study.encode())
            data = data.replace(b"3" * 43, series.encode()).replace(b"P" + b"X" * 16, one.name.encode())
            if sop_class == SR:
                wanted = uid("object", one.number if odd != 3 else -one.number, 0)
                data = data.replace(b"4" * 43, wanted.encode())
            else:
                # Of one person in a thousand, all images are those of the person before.
                pixels = texture(one.number - (odd == 5), at)
                data = data[: -len(pixels)] + pixels
            yield f"{base}/{study}/{series}/{own}.dcm", data, own
        elif at == IMAGES + 1:
            lines = [draw.choice(_NOTE).format(draw.randint(3, 30)) for _ in range(12)]
            if odd == 7:
                lines.append(f"Seen together with {one.known[0][1].partition('^')[0]}, number {one.known[1][1]}.")
            yield f"{base}/{study}/{own}.txt", "\n".join(lines).encode() + b"\n", own
        else:
            rows = [f"{at},{draw.uniform(1, 9):.2f},{draw.randint(40, 180)}" for at in range(12)]
            yield f"{base}/{study}/{own}.csv", "\n".join(["visit,creatinine,pulse", *rows]).encode() + b"\n", own


def _textures() -> Any:
    """Return what gives the pixels of an image: smooth, and of no two images alike."""
    grid = np.linspace(0, 1, SIDE, dtype=np.float32)

    def made(number: int, at: int) -> bytes:
        draw = np.random.default_rng((abs(number), at))
        found = np.zeros((SIDE, SIDE), np.float32)
        for _ in range(6):
            x, y, width = draw.random(3)
            bell = (
                np.exp(-((grid - x) ** 2) / (0.01 + width / 20))[None]
                * np.exp(-((grid - y) ** 2) / (0.01 + width / 20))[:, None]
            )
            found += bell * draw.uniform(200, 900)
        found += draw.normal(0, 12, (SIDE, SIDE))
        return np.clip(found, 0, 4095).astype("<u2").tobytes()

    return made


def _row(path: str, data: bytes, own: str) -> dict[str, Any]:
    kind = {".dcm": "dicom", ".txt": "text", ".csv": "csv"}[path[-4:]]
    return {
        "source": _hex("source", path)[:32], "content_key": _hex("key", path), "kind": kind, "outcome": "scrubbed",
        "path": path, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "uid": own,
        "content": _hex("content", path), "risk": "none", "method_codes": ["113100"],
        "actions": [{"path": "(0010,0010)", "action": "replaced", "count": 1}],
    }  # fmt: skip


def deliver(project: Project, vault: Vault, number: int, persons: range) -> None:
    """Write clean files, journal, and what the vault keeps of a delivery about some persons."""
    templates = {one: _template(one) for one in (CT, SR)}
    texture = _textures()
    log = journal.round_log(project, number, 0)
    rows: list[dict[str, Any]] = []
    plan: list[dict[str, Any]] = []
    shard = 0
    told: dict[str, Any] = {"persons": [], "known": {}, "over_89": [], "aliases": {}, "first_times": {}}

    def settle() -> None:
        nonlocal shard
        table = pa.Table.from_pylist(rows, schema=journal.row_schema())
        log.commit(shard, [log.write_part(table)], rows=len(rows))
        vault.put(f"deliveries/{number:04d}/plan/{shard:08d}", packed(plan))
        rows.clear()
        plan.clear()
        shard += 1

    for person in persons:
        one = _someone(vault, person)
        told["persons"].append([one.key, person, "id", "site-1", one.known[1][1]])
        told["known"][one.key] = one.known
        for path, data, own in _sketch(templates, one, texture):
            target = project.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            rows.append(_row(path, data, own))
            plan.append(
                {"do": "scrub", "source": rows[-1]["source"], "person": one.key, "nodes": {}, "medium": None}
                | {"old": [f"1.2.840.99999.{10**15 + int(_hex('old', own)[:12], 16)}"]}
            )
        if len(rows) >= PART:
            settle()
    if rows:
        settle()
    vault.put(f"deliveries/{number:04d}/people", packed(told))
    vault.put(f"deliveries/{number:04d}/about", packed({"retain_uids": False}))
    vault.put(f"deliveries/{number:04d}/frozen", packed({"shards": list(range(shard))}))
    policy = load_policy(project.config.policy, base=project.root)
    about: dict[str, Any] = {"format": 1, "delivery": number, "shards": shard}
    about["policy"] = {"name": policy.name, "digest": policy.digest}
    journal.put_document(project, number, "delivery", about)


def person_key(name: str) -> PersonKey:
    """Return the key of one of the made-up people."""
    return PersonKey(name, SeedSigner(hashlib.sha256(name.encode()).digest()))


def _people(project: Project) -> str:
    """Enroll two readers, train them, register a guideline; return its digest."""
    ledger = Ledger(project.ledger)
    for name, by in (("rita", "ada"), ("ada", "rita"), ("bob", "rita")):
        asked = make_request(
            person_key(name).signer, name=name, printed_name=f"Made Up {name.title()}", specialty="radiology",
            roles=["reader", "reviewer", "operator"] if name == "rita" else ["reader"], years=9, clock=CLOCK,
        )  # fmt: skip
        enroll(ledger, asked, person_key(by), CLOCK)
    text = b"Mark every nodule.\n"
    digest = hashlib.sha256(text).hexdigest()
    project.guidelines.mkdir(exist_ok=True)
    (project.guidelines / "nodules-1.0.txt").write_bytes(text)
    drafts = [records.guideline("nodules", "1.0", "nodules-1.0.txt", digest, len(text))]
    drafts += [kinds_people.training(one, "course", "2027-05-01", "a" * 64, lambda _: True) for one in ("ada", "bob")]
    sign_and_append(ledger, drafts, person_key("rita"), CLOCK)
    return digest


def _labels(project: Project, digest: str) -> int:
    """Let one reader label every image and the other every fourth; return how many labels there are."""
    ledger = Ledger(project.ledger)
    count = 0
    appender = Appender(ledger, CLOCK)
    waiting: dict[str, list[records.Draft]] = {"ada": [], "bob": []}

    def settle(name: str, least: int) -> None:
        if len(waiting[name]) >= least:
            appender.append(waiting[name], person_key(name))
            waiting[name] = []

    for at, row in enumerate(journal.all_rows(project, ["path", "sha256", "content", "uid", "kind"])):
        if row["kind"] != "dicom" or at % EACH >= IMAGES:
            continue
        sample = {"path": row["path"], "sha256": row["sha256"], "content": row["content"], "uid": row["uid"]}
        truth = int(row["sha256"][:4], 16) % 3 == 0
        for name in ("ada", "bob") if at % 4 == 0 else ("ada",):
            said = truth != (name == "bob" and int(row["sha256"][4:8], 16) % 40 == 0)
            body = {
                "labelId": f"{name}-{at}", "kind": "finding", "value": {"class": "nodule" if said else "none"},
                "author": name, "role": "reader", "labeledAt": "2026-05-01T08:00:00Z", "labeledOffset": "+00:00",
                "meaning": "authorship", "guideline": {"id": "nodules", "version": "1.0", "sha256": digest},
                "stage": "read", "blinded": True, "independent": True,
            }  # fmt: skip
            waiting[name].append(records.label(sample, body))
            count += 1
            settle(name, BATCH)
    for name in waiting:
        settle(name, 1)
        appender.seal(person_key(name))
    return count


def curator(*words: str | Path, wanted: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    line = [sys.executable, "-c", "import sys; from curator.cli.main import main; sys.exit(main())", *map(str, words)]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    if done.returncode not in wanted:
        raise SystemExit(f"curator {words[0]} {words[1]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done


def make(folder: Path, files: int) -> Path:
    """Make a project of about so many files in a folder, which gets a file with its passphrase too; return its root."""
    folder.mkdir(parents=True)
    root, word = folder / "trial", folder / "word"
    word.write_bytes(WORD + b"\n")
    wishes = Wishes(root, "trial", "site-1", "Made-up Hospital", "safe-harbor", None)

    def begin(place: Path, dataset: str, seed: bytes, when: Any) -> None:
        create(place, dataset=dataset, operator_seed=seed, clock=when)

    create_project(wishes, WORD, CLOCK, begin=begin)
    project = open_project(root)
    vault = Vault.open(project.vault, WORD, purpose="bench", clock=CLOCK)
    deliver(project, vault, 1, range(1, files // EACH + 1))
    vault.close()
    _labels(project, _people(project))
    curator("release", "split", "--project", root, "--fractions", "train=80,test=20", "--passphrase-file", word)
    return root


def more(folder: Path, files: int) -> None:
    """Deliver one more person to a project that was made of so many files."""
    project = open_project(folder / "trial")
    vault = Vault.open(project.vault, WORD, purpose="bench", clock=CLOCK)
    deliver(project, vault, 2, range(files // EACH + 1, files // EACH + 2))
    vault.close()


if __name__ == "__main__":
    (more if "--more" in sys.argv else make)(Path(sys.argv[1]), int(sys.argv[2]))
