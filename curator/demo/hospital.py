"""A small made-up hospital: a source folder as an archive would export it, full of invented identifiers.

Images are the test files inside the installed pydicom package. Every patient is synthetic. The same seed makes the
same folder.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CheckError
from curator.demo.dicom import Place, even, places, plant
from curator.demo.people import PLACEHOLDER, Patient
from curator.demo.plants import Plant, Planter, tables
from curator.demo.records import Records, write_records

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

#: Places filled in each image, beside those of the patient and the study.
PLACES_EACH = 9
DECLARED = 3_000_000_000


@dataclass(frozen=True)
class Hospital:
    """What was made.

    Parameters
    ----------
    folder
        The source folder.
    plants
        Every planted identifier.
    files
        Number of files in the folder, an archive's members in its place.
    checked
        Folders, relative, whose series the reviewer declares free of burned-in text.
    records
        What was made besides DICOM files.
    pixels
        SHA-256 of the pixel data of images to the place of their patient, where no two patients share it.
    """

    folder: Path
    plants: tuple[Plant, ...]
    files: int
    checked: tuple[str, ...]
    records: Records
    pixels: dict[str, int]


def _test_files(pattern: str) -> list[Path]:
    import pydicom.data

    base = Path(str(pydicom.data.__file__)).parent / "test_files"
    found = sorted(path for path in base.glob(pattern) if path.is_file())
    if not found:
        raise CheckError("DEM-002")
    return found


def _patient(planter: Planter, row: dict[str, Any]) -> Patient:
    where = "(0010,0010) and other patient attributes"
    surname = planter.remember(row.get("surname") or planter.word(24), "name", where)
    given = planter.remember(planter.word(24), "name", where)
    match row["number"]:
        case "placeholder":
            number = PLACEHOLDER
        case "digits":
            number = planter.remember(f"00{planter.draw.randrange(10**8, 10**9)}", "number", where)
        case _:
            number = planter.remember(planter.number(), "number", where)
    born = planter.remember(row["born"], "date", "(0010,0030)")
    address = planter.value("address", "(0010,1040)")
    return Patient(
        surname, given, number, born, row["sex"], row.get("charset", "ISO_IR 6"), (("PatientAddress", address),)
    )


def _identify(ds: Dataset, who: Patient, study: dict[str, str], planter: Planter, number: int) -> None:
    from pydicom.uid import UID

    ds.SpecificCharacterSet = "" if who.charset == "ISO_IR 6" else who.charset
    ds.PatientName = f"{who.surname}^{who.given}"
    ds.PatientID = who.number
    ds.PatientBirthDate = who.born
    ds.PatientSex = who.sex
    age = int(study["date"][:4]) - int(who.born[:4])
    ds.PatientAge = f"{age:03d}Y"
    for keyword, value in who.extra:
        setattr(ds, keyword, value)
    ds.StudyInstanceUID, ds.SeriesInstanceUID = UID(study["uid"]), UID(study["series"])
    ds.SOPInstanceUID = UID(planter.remember(planter.uid(), "uid", "(0008,0018)"))
    ds.StudyID, ds.AccessionNumber = study["id"], study["accession"]
    ds.InstanceNumber = number
    for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(ds, keyword, study["date"])
    for keyword in ("StudyTime", "SeriesTime"):
        setattr(ds, keyword, study["time"])
    ds.AcquisitionTime = ds.ContentTime = planter.remember(planter.time(), "time", "(0008,0032)")
    ds.InstitutionName, ds.ReferringPhysicianName = study["institution"], study["physician"]


def _study(planter: Planter, date: str) -> dict[str, str]:
    return {
        "date": planter.remember(date, "date", "(0008,0020)"),
        "time": planter.remember(planter.time(), "time", "(0008,0030)"),
        "uid": planter.remember(planter.uid(), "uid", "(0020,000D)"),
        "id": planter.value("short", "(0020,0010)"),
        "accession": planter.value("short", "(0008,0050)"),
        "institution": planter.value("text", "(0008,0080)"),
        "physician": planter.value("name", "(0008,0090)"),
    }


def _scatter(ds: Dataset, who: Patient, planter: Planter, turn: int) -> None:
    """Fill the next few places of the table, so that all places are filled once the images have been gone through."""
    table = places()
    for step in range(PLACES_EACH):
        place: Place = table[(turn * PLACES_EACH + step) % len(table)]
        shown = place.path
        if place.kind == "known":
            plant(ds, place.path, place.vr, f"for {who.surname}" if who.surname.isascii() else f"for {who.given}")
        elif place.kind == "knowncode":
            if who.number != PLACEHOLDER:
                plant(ds, place.path, place.vr, who.number)
        elif place.kind == "knownid":
            if who.number.isdigit():
                plant(ds, place.path, place.vr, who.number)
        else:
            plant(ds, place.path, place.vr, planter.value(place.kind, shown))


def _meta(ds: Dataset, planter: Planter) -> None:
    from pydicom.uid import UID

    meta = ds.file_meta
    ds.preamble = planter.value("text", "preamble").encode().ljust(128, b"\0")[:128]
    meta.MediaStorageSOPInstanceUID = UID(str(ds.SOPInstanceUID))
    meta.SourceApplicationEntityTitle = planter.value("short", "(0002,0016)")
    meta.PrivateInformationCreatorUID = UID(planter.uid())
    meta.PrivateInformation = even(planter.value("text", "(0002,0102)").encode())


def _encoded(ds: Dataset, how: str) -> bytes:
    from pydicom.filewriter import dcmwrite
    from pydicom.uid import DeflatedExplicitVRLittleEndian

    if how == "deflated":
        ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    with io.BytesIO() as stream:
        dcmwrite(stream, ds, enforce_file_format=True)
        return stream.getvalue()


def _rename(ds: Dataset, uid: str) -> None:
    from pydicom.uid import UID

    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = UID(uid)


def _vary(ds: Dataset, number: int) -> None:
    """Make the pixels of repeated test files differ, where they are not compressed."""
    if "PixelData" in ds and not ds.file_meta.TransferSyntaxUID.is_encapsulated and ds["PixelData"].VR in ("OB", "OW"):
        pixels = bytearray(ds.PixelData)
        pixels[0] ^= number & 0xFF
        ds["PixelData"].value = bytes(pixels)


class _Builder:
    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.planter = Planter(seed)
        self.patients = [_patient(self.planter, row) for row in tables()["patients"]]
        self.studies: dict[tuple[int, str], dict[str, str]] = {}
        self.turn = 0
        self.checked: list[str] = []
        self.images: list[Path] = []
        self.pixels: dict[str, set[int]] = {}

    def put(self, path: str, data: bytes) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return target

    def series(self, number: int, row: dict[str, Any]) -> None:
        import pydicom

        who = self.patients[row["patient"]]
        key = (row["patient"], row["study"])
        if key not in self.studies:
            self.studies[key] = _study(self.planter, row["study"])
        study = {**self.studies[key], "series": self.planter.remember(self.planter.uid(), "uid", "(0020,000E)")}
        shelf = self.planter.value("short", "folder name")
        ward = f"{who.surname}_{who.given}_{who.number}/{row['study']} {row['modality']}/{number:02d}-{shelf}"
        bases = _test_files(row["base"])
        for count in range(max(len(bases), row.get("files", 1))):
            ds = pydicom.dcmread(bases[count % len(bases)])
            ds.remove_private_tags()
            _identify(ds, who, study, self.planter, count + 1)
            ds.Modality = row["modality"]
            if row["part"]:
                ds.BodyPartExamined = row["part"]
                if row["modality"] in ("CT", "MR"):
                    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL" if row["modality"] == "CT" else "OTHER"]
            _vary(ds, self.turn)
            _meta(ds, self.planter)
            _scatter(ds, who, self.planter, self.turn)
            if "PixelData" in ds:
                self.pixels.setdefault(hashlib.sha256(ds.PixelData).hexdigest(), set()).add(row["patient"])
            data = _encoded(ds, row.get("write", ""))
            if self.turn % 4 == 3 and "PixelData" in ds and not ds.file_meta.TransferSyntaxUID.is_deflated:
                data += even(self.planter.value("text", "bytes after the data set").encode())
            self.turn += 1
            self.images.append(self.put(f"{ward}/IM{count + 1:04d}-{who.surname}", data))
        if row.get("checked"):
            self.checked.append(ward)

    def oddities(self) -> None:
        """Add what real exports hold besides good images."""
        planter, who = self.planter, self.patients[0]
        good = self.images[0].read_bytes()
        self.put(f"again/{who.surname} copy.dcm", good)
        self.put(f"cut off/{planter.value('short', 'file name')}.dcm", self.images[-1].read_bytes()[:1900])
        self.put("conflict/one.dcm", self._conflict(0))
        self.put("conflict/two.dcm", self._conflict(1))
        self.put("declares too much.dcm", self._declares())
        self.put("DICOMDIR", self._directory())
        self.put("notes/handover.txt", planter.value("text", "a text file", "note").encode())
        self.put("notes/worklist.csv", self._worklist())
        self.put("notes/letter.pdf", b"%PDF-1.4\n% " + planter.value("text", "a PDF", "pdf").encode() + b"\n%%EOF\n")
        self.put("notes/empty.dcm", b"")

    @cache  # noqa: B019 - one UID for both files; the builder lives for one call
    def _conflicting_uid(self) -> str:
        return self.planter.remember(self.planter.uid(), "uid", "(0008,0018)")

    def _conflict(self, which: int) -> bytes:
        import pydicom

        ds = pydicom.dcmread(self.images[1])
        _rename(ds, self._conflicting_uid())
        _vary(ds, 200 + which)
        return _encoded(ds, "")

    def _declares(self) -> bytes:
        import pydicom

        ds = pydicom.dcmread(self.images[2], stop_before_pixels=True)
        _rename(ds, self.planter.remember(self.planter.uid(), "uid", "(0008,0018)"))
        huge = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, DECLARED)
        return _encoded(ds, "") + huge + bytes(100_000)

    def _directory(self) -> bytes:
        import pydicom

        ds = pydicom.dcmread(_test_files("dicomdirtests/DICOMDIR")[0])
        for record in ds.DirectoryRecordSequence:
            if "PatientName" in record:
                record.PatientName = self.planter.value("name", "DICOMDIR (0004,1220)/(0010,0010)")
                record.PatientID = self.planter.value("id", "DICOMDIR (0004,1220)/(0010,0020)")
        return _encoded(ds, "")

    def _worklist(self) -> bytes:
        lines = ["name,number,born"]
        lines += [f"{who.surname} {who.given},{who.number},{who.born}" for who in self.patients]
        return ("\n".join(lines) + "\n").encode("utf-8")


def build(folder: Path, seed: int) -> Hospital:
    """Make the hospital.

    Parameters
    ----------
    folder
        The source folder to make; must not exist.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    Hospital
        With the list of everything that was planted.

    Raises
    ------
    CheckError
        DEM-002 when pydicom's test files are not installed.
    """
    folder.mkdir(parents=True)
    builder = _Builder(folder, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, row in enumerate(tables()["series"], 1):
            builder.series(number, row)
        builder.oddities()
    count = sum(1 for path in folder.rglob("*") if path.is_file())
    records = write_records(builder.put, builder.planter, builder.patients)
    pixels = {digest: next(iter(whose)) for digest, whose in builder.pixels.items() if len(whose) == 1}
    plants, checked = tuple(builder.planter.plants), tuple(builder.checked)
    return Hospital(folder, plants, count + records.files, checked, records, pixels)
