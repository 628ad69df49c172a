"""A folder of clean files, and signed labels about them, without a ledger: what writers are given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from curator.labels.checks import plain
from curator.labels.item import Item
from curator.labels.signed import Signed
from curator.labels.values import settled
from curator.labels.writers.protocol import Clean, Told, Writer
from curator.labels.writers.table import writer
from curator.project.journal import Sample

ROWS, COLUMNS, SLICES = 12, 16, 4
TEXT = "Mild cough \U0001f637 for two weeks.\nNo fever.\n"


def slice_of(number: int, *, rows: int = ROWS, columns: int = COLUMNS, gap: float = 2.5, **more: Any) -> Dataset:
    """Return a CT slice of a clean series; slice ``number`` lies ``number * gap`` mm up, tilted by nothing."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = CTImageStorage
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = f"2.25.100{number}"
    made.StudyInstanceUID, made.SeriesInstanceUID, made.FrameOfReferenceUID = "2.25.7", "2.25.8", "2.25.9"
    made.PatientName = made.PatientID = "case-1"
    made.PatientBirthDate = made.PatientSex = made.StudyDate = made.StudyTime = made.StudyID = ""
    made.AccessionNumber = made.ReferringPhysicianName = ""
    made.Modality, made.SeriesNumber, made.InstanceNumber = "CT", 1, number
    made.Manufacturer = ""
    made.PositionReferenceIndicator = ""
    made.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.ImageOrientationPatient, made.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [-10, -20, 30 + number * gap]
    made.PixelSpacing, made.SliceThickness = [0.5, 0.75], gap
    made.Rows, made.Columns, made.SamplesPerPixel = rows, columns, 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 12, 11, 0
    made.PixelData = np.zeros((rows, columns), np.uint16).tobytes()
    for name, value in more.items():
        setattr(made, name, value)
    return made


def enhanced(frames: int = SLICES, gap: float = 2.0) -> Dataset:
    """Return an image of several frames with functional groups; frames lie against the normal."""
    made = slice_of(1, NumberOfFrames=frames, PixelData=bytes(2 * frames * ROWS * COLUMNS))
    for name in ("ImageOrientationPatient", "ImagePositionPatient", "PixelSpacing", "SliceThickness"):
        delattr(made, name)
    shared, measures, orientation = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.5, 0.75], gap
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = Sequence([measures]), Sequence([orientation])
    made.SharedFunctionalGroupsSequence = Sequence([shared])
    groups = []
    for number in range(frames):
        frame, position = Dataset(), Dataset()
        position.ImagePositionPatient = [-10, -20, 30 - number * gap]
        frame.PlanePositionSequence = Sequence([position])
        groups.append(frame)
    made.PerFrameFunctionalGroupsSequence = Sequence(groups)
    return made


class World:
    """Samples by a short name, and labels about them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.samples: dict[str, Sample] = {}
        self.count = 0

    def image(self, name: str, made: Dataset) -> Sample:
        path = self.root / f"clean/p/s/r/{name}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        pydicom.dcmwrite(path, made, enforce_file_format=True)
        return self.add(name, path, str(made.SOPInstanceUID), "dicom")

    def text(self, name: str, text: str = TEXT) -> Sample:
        path = self.root / f"clean/texts/{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return self.add(name, path, f"2.25.5{len(self.samples)}", "text")

    def add(self, name: str, path: Path, uid: str, kind: str) -> Sample:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.samples[name] = Sample(path.relative_to(self.root).as_posix(), digest, uid, digest, kind)
        return self.samples[name]

    def label(self, sample: str, kind: str, value: Any, **more: Any) -> Signed:
        """Return a label as it stands in a ledger."""
        self.count += 1
        one = self.samples[sample]
        said = {
            "labelId": f"label-{self.count}",
            "kind": kind,
            "value": plain(settled(value)),
            "author": "ada",
            "labeledAt": "2026-03-04T10:11:12Z",
            "labeledOffset": "+00:00",
            "stage": "read",
            "guideline": {"id": "chest", "version": "1.0", "sha256": "0" * 64},
            **more,
        }
        leaf = hashlib.sha256(f"{self.count} {json.dumps(said, sort_keys=True)}".encode()).hexdigest()
        return Signed(self.count, leaf, said, one.path, one.sha256, one.uid, one)


def wrote(world: World, form: str | Writer, labels: Iterable[Signed], **clean: Any) -> tuple[Told, dict[str, bytes]]:
    """Write labels twice, and return the files, which must be the same both times."""
    made: list[dict[str, bytes]] = []
    ordered = sorted(labels, key=lambda one: (one.path, one.index))
    for _ in range(2):
        files: dict[str, bytes] = {}
        told = Told(files.__setitem__)
        (writer(form) if isinstance(form, str) else form).write(ordered, Clean(world.root, **clean), told)
        made.append(files)
    assert made[0] == made[1]
    assert len(told.written) + len(told.refused) == len(ordered)
    assert set(told.written.values()) <= set(files)
    return told, files


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def equal(one: Any, two: Any) -> bool:
    """Compare values with int and Decimal alike."""
    return bool(one == two)


def items(found: Iterable[Any]) -> list[Item]:
    made = list(found)
    assert all(isinstance(one, Item) for one in made), made
    return made


def numbers(least: int, most: int, places: int = 3) -> st.SearchStrategy[Decimal]:
    return st.integers(least * 10**places, most * 10**places).map(lambda n: Decimal(n).scaleb(-places))


NAMES = st.sampled_from(["nodule", "mass", "größer", "lung cyst"])


@st.composite
def boxes(draw: Any, turned: bool = False) -> dict[str, Any]:
    x, y = draw(numbers(0, COLUMNS - 2)), draw(numbers(0, ROWS - 2))
    value = {"class": draw(NAMES), "box": [x, y, draw(numbers(1, 2)), draw(numbers(1, 2))]}
    if turned and draw(st.booleans()):
        value["rotation"] = draw(st.integers(1, 359))
    return value


@st.composite
def polygons(draw: Any) -> dict[str, Any]:
    """One convex ring: corners of an axis-parallel octagon that may lose some of them."""
    x, y = draw(numbers(4, COLUMNS - 4)), draw(numbers(4, ROWS - 4))
    around = [(3, 1), (1, 3), (-1, 3), (-3, 1), (-3, -1), (-1, -3), (1, -3), (3, -1)]
    kept = draw(st.lists(st.sampled_from(range(8)), min_size=3, max_size=8, unique=True))
    flat = [part for at in sorted(kept) for part in (x + around[at][0], y + around[at][1])]
    return {"class": draw(NAMES), "rings": [flat]}


@st.composite
def masks(draw: Any, rows: int = ROWS, columns: int = COLUMNS) -> dict[str, Any]:
    ones = draw(st.sets(st.integers(0, rows * columns - 1), min_size=1, max_size=30))
    return {"class": draw(NAMES), "size": [rows, columns], "runs": runs_of(ones, rows * columns)}


def runs_of(ones: Iterable[int], total: int) -> list[int]:
    from curator.labels.runs import joined

    return joined([(at, at + 1) for at in sorted(ones)], total)


@st.composite
def points(draw: Any) -> dict[str, Any]:
    return {"class": draw(NAMES), "point": [draw(numbers(0, COLUMNS)), draw(numbers(0, ROWS))]}
