"""Sample files, a subject, a UID mapping, and a byte search that shares no code with the scrubber."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from functools import cache
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from curator.core.errors import ItemError
from curator.scrub.dicom import Rewritten, Subject
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy import Policy, load_policy

DATA = Path(pydicom.__file__).parent / "data"
PREAMBLE = 128
CT = "1.2.840.10008.5.1.4.1.1.2"


def shipped() -> list[Path]:
    """Every file below pydicom's data folder that is no program."""
    skip = {".py", ".pyc", ".json", ".zip", ".npy", ".txt"}
    return sorted(p for p in DATA.rglob("*") if p.is_file() and p.suffix not in skip)


def file_named(name: str) -> bytes:
    """The bytes of the one shipped file of that name."""
    return next(path for path in shipped() if path.name == name).read_bytes()


def coder(old: str) -> str:
    """Map a UID."""
    return f"2.25.{int.from_bytes(hashlib.sha256(old.encode()).digest()[:16], 'big')}"


def subject(**changes: object) -> Subject:
    """A person of whom nothing is known."""
    fields = {
        "patient": "PABCDEFGHIJKLMNOP",
        "over_89": False,
        "shift_days": 17,
        "first_time": None,
        "known": (),
        "project_date": "20260101",
        "fallback_uid": "2.25.1",
    }
    return Subject(**{**fields, **changes})  # type: ignore[arg-type]


@cache
def policy(name: str = "safe-harbor") -> Policy:
    """A bundled policy."""
    return load_policy(name)


def scrub(data: bytes, *, name: str = "safe-harbor", accepted: bool = True, **changes: object) -> Rewritten:
    """Rewrite a file for a subject."""
    return rewrite(data, subject(**changes), policy(name), coder, accepted=accepted)


@cache
def scrubbed_corpus(name: str = "safe-harbor") -> tuple[tuple[Path, bytes, Rewritten], ...]:
    """Every shipped file that can be scrubbed, with its source and its result."""
    found = []
    for path in shipped():
        data = path.read_bytes()
        try:
            found.append((path, data, scrub(data, name=name)))
        except ItemError:
            continue
    return tuple(found)


def read(data: bytes) -> Dataset:
    """Read a file with pydicom, as strictly as a written file deserves."""
    return pydicom.dcmread(io.BytesIO(data))


def write(dataset: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """Write a data set with pydicom as a file."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", CT)
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID") or "1.2.3"
    meta.TransferSyntaxUID = syntax
    dataset.file_meta = meta
    # raw elements are written as they are, not read and judged
    encoding = meta.TransferSyntaxUID
    dataset.set_original_encoding(encoding.is_implicit_VR, encoding.is_little_endian, dataset._character_set)
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def made(**values: object) -> Dataset:
    """A small CT image of the chest, without pixel risk, with identity attributes."""
    dataset = Dataset()
    dataset.SOPClassUID = CT
    dataset.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    dataset.StudyInstanceUID = "1.2.826.0.1.3680043.8.498.2"
    dataset.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.3"
    dataset.PatientName = "Doe^Jane"
    dataset.PatientID = "MRN-123456"
    dataset.Modality = "CT"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.BodyPartExamined = "CHEST"
    dataset.Rows = dataset.Columns = 2
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 0
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.add_new(0x7FE00010, "OW", b"\1\0\2\0\3\0\4\0")
    for key, value in values.items():
        setattr(dataset, key, value)
    return dataset


def inflated(data: bytes) -> bytes:
    """The file, and behind it what a deflated data set of it holds."""
    at = PREAMBLE + 4
    length = struct.unpack_from("<L", data, at + 8)[0]
    try:
        return data + zlib.decompress(data[at + 12 + length :], -15)
    except zlib.error:
        return data


def stands_in(token: str, data: bytes) -> bool:
    """Say whether a text stands in bytes, in any usual encoding."""
    whole = inflated(data)
    return any(token.encode(code, "ignore") in whole for code in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"))
