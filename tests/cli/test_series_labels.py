"""Labels of a series of single slices: from a NIfTI mask and a series UID to signed records and a verified package."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pydicom
import pytest
from import_site import DATA, MRN, NAME, UID, Site, begin, one

SERIES, STUDY = UID.format(number=501), UID.format(number=502)
#: Where slices lie along z, in the order of their names: not the order of the stack.
HEIGHTS = (12.5, 10.0, 7.5)
ROWS = COLUMNS = 16


def slice_of(folder: Path, number: int, height: float) -> None:
    made = pydicom.dcmread(DATA / "CT_small.dcm")
    made.PatientName, made.PatientID = f"{NAME}^Zebediah", MRN
    made.BodyPartExamined, made.ImageType = "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = UID.format(number=510 + number)
    made.SeriesInstanceUID, made.StudyInstanceUID = SERIES, STUDY
    made.ImagePositionPatient, made.ImageOrientationPatient = [-8, 4, height], [1, 0, 0, 0, 1, 0]
    made.PixelSpacing, made.Rows, made.Columns = [0.5, 0.5], ROWS, COLUMNS
    made.PixelData = made.PixelData[: 2 * ROWS * COLUMNS]
    made.save_as(folder / f"slice{number}.dcm")


def nifti(path: Path, marked: set[tuple[int, int, int]], *, z: float = 7.5, coded: int = 1) -> Path:
    """Write a mask with i towards the left, j towards the front: RAS, as converters of DICOM write it."""
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, COLUMNS, ROWS, 3, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, 2, 8)
    struct.pack_into("<8f", head, 76, 1, 0.5, 0.5, 2.5, 0, 0, 0, 0)
    struct.pack_into("<f", head, 108, 352)
    struct.pack_into("<2h", head, 252, 0, coded)
    # i runs along -x of LPS from the last column on, j along -y from the last row on.
    left, front = -(-8 + 0.5 * (COLUMNS - 1)), -(4 + 0.5 * (ROWS - 1))
    struct.pack_into("<12f", head, 280, 0.5, 0, 0, left, 0, 0.5, 0, front, 0, 0, 2.5, z)
    head[344:348] = b"n+1\0"
    voxels = bytearray(COLUMNS * ROWS * 3)
    for i, j, k in marked:
        voxels[i + COLUMNS * j + COLUMNS * ROWS * k] = 1
    path.write_bytes(gzip.compress(bytes(head) + bytes(voxels), mtime=0))
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = begin(tmp_path_factory.mktemp("series"))
    folder = site.folder / "hospital" / "ct"
    folder.mkdir()
    for number, height in enumerate(HEIGHTS):
        slice_of(folder, number, height)
    assert site("scrub", "hospital", vault=True).code == 5
    return site


def table(site: Site, name: str, sample: str) -> tuple[str, ...]:
    (site.folder / "derived.csv").write_text(f"derived,sample\n{name},{sample}\n")
    return ("--derived", "derived.csv")


MORE = ("--keys", "original", "--annotator-map", "people.csv", "--author", "ada", "--confidence", "none")
TIME = ("--labeled-at", "2026-01-05T10:00:00Z")


@pytest.fixture(scope="module")
def attested(site: Site) -> dict[str, Any]:
    """A mask of the series that was imported and attested; the line that was signed."""
    # Voxel (1, 2, 0) of the mask is column 14, row 13 of the lowest slice, which is the last file.
    mask = nifti(site.folder / "mask.nii.gz", {(1, 2, 0), (2, 2, 0), (0, 0, 2)})
    done = site.imported(mask.name, *MORE, *TIME, *table(site, mask.name, SERIES), "--out", "mask.jsonl")
    assert done.code == 0, done.out
    (line,) = site.lines("labels/mask.jsonl")
    signed = site("sign", "trial/labels/mask.jsonl", "--as", "rita", "--attest", "--json", key=True, vault=True)
    assert signed.code == 0, signed.out + signed.err
    return dict(line)


def test_a_mask_comes_to_the_right_slices_of_its_series_and_into_a_package(
    site: Site, attested: dict[str, Any]
) -> None:
    line = attested
    folder = site.project / line["sample"]
    assert line["sample"].endswith("/")
    assert folder.name == pydicom.dcmread(next(folder.glob("*.dcm"))).SeriesInstanceUID
    value = line["value"]
    assert value["size"] == [COLUMNS, ROWS, 3]
    at = 13 * COLUMNS + 13
    assert value["slices"] == {"1": [at, 2, 256 - at - 2], "3": [255, 1]}
    # The digest is one that anybody can make with sha256sum alone.
    said = subprocess.run(
        ["sh", "-c", "LC_ALL=C sha256sum *.dcm | sha256sum"], cwd=folder, capture_output=True, text=True, check=True
    )
    package = site.folder / "package"
    built = site("release", "build", "1.0.0", "--draft", "--output", package, "--json", vault=True)
    assert (built.code, built.json.get("labels")) == (0, 1), built.out + built.err
    listed = json.loads((package / "data/labels.jsonl").read_text())
    assert (listed["sample"], listed["sha256"]) == (line["sample"], said.stdout.split()[0])
    (site.folder / "op.pem").write_bytes((package / "data/ledger/operator.pem").read_bytes())
    assert site("release", "verify", package, "--key", "op.pem", project=False).code == 0
    site.search()


def test_a_series_uid_names_all_its_slices_and_a_study_of_two_series_names_none(site: Site) -> None:
    site.export(one(1, "class", {"class": "nodule"}, sample=SERIES), name="one.jsonl")
    done = site.imported("one.jsonl", *MORE, "--out", "one.jsonl")
    assert done.code == 0, done.out
    (line,) = site.lines("labels/one.jsonl")
    assert line["sample"].endswith("/")
    site.export(one(2, "class", {"class": "nodule"}, sample=STUDY), name="study.jsonl")
    refused = site.imported("study.jsonl", *MORE)
    assert [one["code"] for one in refused.json["reasons"]] == ["IMP-056"]


@pytest.mark.parametrize(
    ("how", "code"), [({"z": 8.0}, "IMP-071"), ({"coded": 0}, None)], ids=["between the slices", "nowhere"]
)
def test_a_mask_that_lies_elsewhere_is_refused(site: Site, how: dict[str, float], code: str | None) -> None:
    mask = nifti(site.folder / "other.nii.gz", {(1, 2, 0)}, **how)  # type: ignore[arg-type]
    done = site.imported(mask.name, *MORE, *TIME, *table(site, mask.name, SERIES), "--dry-run")
    # Without a place in its header the table's word stands: the voxels are the same, slice by slice.
    assert [one["code"] for one in done.json["reasons"]] == ([] if code is None else [code])


def test_a_changed_slice_is_another_sample(site: Site, tmp_path: Path) -> None:
    shutil.copytree(site.folder, tmp_path / "site")
    other = Site(tmp_path / "site")
    other.export(one(3, "class", {"class": "nodule"}, sample=SERIES), name="one.jsonl")
    done = other.imported("one.jsonl", *MORE, "--out", "three.jsonl")
    folder = other.project / other.lines("labels/three.jsonl")[0]["sample"]
    assert done.code == 0
    sliced = sorted(folder.glob("*.dcm"))[1]
    assert len(hashlib.sha256(sliced.read_bytes()).hexdigest()) == 64
    sliced.write_bytes(sliced.read_bytes() + b"\0\0")
    signed = other("sign", "trial/labels/three.jsonl", "--as", "rita", "--attest", key=True, vault=True)
    assert (signed.code, "LBL-018" in signed.err) == (4, True)


@pytest.fixture(scope="module")
def read(site: Site, attested: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Two readers' classes and masks of the volume; the second one's mask is a column farther."""
    shutil.copytree(site.folder, tmp_path_factory.mktemp("read") / "site")
    other = Site(tmp_path_factory.getbasetemp() / "read0" / "site")
    folder = next(path for path in (other.project / "clean").rglob("*") if len(list(path.glob("*.dcm"))) == 3)
    name = folder.relative_to(other.project).as_posix() + "/"
    assert name == attested["sample"]
    for shift, who in enumerate(("ada", "ben")):
        runs = [17 + shift, 2, 237 - shift]
        mask = {"class": "lung", "size": [16, 16, 3], "voxels": 4, "slices": {"1": runs, "3": runs}}
        fields = {"sample": name, "author": who, "labeledAt": "2026-01-05T10:00:00Z", "origin": "human"}
        told = [
            {"labelId": f"{who}-1", "kind": "class", "value": {"class": "sick"}, **fields},
            {"labelId": f"{who}-2", "kind": "volume-mask", "value": mask, **fields},
        ]
        path = other.export(*told, name=f"{who}.jsonl")
        done = other("sign", path.name, "--as", who, "--guideline", "chest@1.0", "--confirm", 2, key=True)
        assert done.code == 0, done.err
    return other


def test_a_series_stands_on_the_list_of_samples_once_it_is_labeled(read: Site) -> None:
    told = read("labels", "status", "--json").json
    assert (told["begun"], told["leftOut"]) == (1, {"origin": 1})
    (name,) = read("labels", "status", "--in", "review", "--json").json["samples"]
    assert name.endswith("/")
    line = ("--stage", "review", "--reader", "rita", "--out", "review.csv", "--by", "rita")
    assert read("labels", "worklist", "export", *line, key=True).code == 0
    rows = (read.folder / "review.csv").read_text()
    assert rows.count(name) == 4
    (read.folder / "review.csv").write_text(rows.replace(",\n", ",accepted\n"))
    back = read("labels", "worklist", "import", "review.csv", *line[:4], "--dry-run", "--json")
    assert (back.code, back.json["filled"]) == (0, 4), back.err


def test_masks_of_a_series_are_compared_in_millimeters(read: Site) -> None:
    told = read("labels", "agreement", "--kind", "volume-mask", "--json").json
    assert told["without_spacing"] == 0
    lung = next(one["measures"] for one in told["overall"]["classes"] if one["class"] == "lung")
    # Two pixels of two coincide in one, and the ends are a column of 0.5 mm apart.
    assert lung["dice"]["value"] == pytest.approx(0.5)
    assert lung["hd95"]["value"] == pytest.approx(0.5)


@pytest.mark.parametrize("form", ["nifti", "csv", "dicom-seg"])
def test_labels_of_a_series_come_back_as_they_were_signed(read: Site, form: str) -> None:
    done = read("labels", "export", form, "--format", form, "--reader", "ben", "--json")
    assert (done.json["written"], done.code) == ((2, 0) if form == "csv" else (1, 5)), done.out
    if form == "csv":
        again = read("sign", "csv/labels.csv", "--as", "ben", "--dry-run")
        assert "0 to sign · 2 already signed" in again.err
        return
    if form == "dicom-seg":
        pytest.importorskip("highdicom")
        options: tuple[object, ...] = ("--format", "dicom-seg-volume", "--keys", "clean", "--confidence", "none")
        folder = next((read.folder / form).glob("seg-*.dcm")).relative_to(read.folder)
    else:
        options = ("--derived", "nifti/derived.csv", "--author", "ben", "--confidence", "none", *TIME)
        folder = Path(form)
    back = read.imported(folder, *options, "--dry-run")
    assert [(one["code"], one["count"]) for one in back.json["reasons"]] == [("EXP-013", 1)]


@pytest.mark.parametrize("form", ["coco", "label-studio", "dicom-sr"])
def test_forms_of_single_images_say_that_a_series_is_none(read: Site, form: str) -> None:
    done = read("labels", "export", f"out-{form}", "--format", form, "--json")
    assert (done.code, done.json["written"]) == (5, 0)
    assert {one["code"] for one in done.json["reasons"]} <= {"EXP-003", "EXP-004"}


def test_slices_of_a_series_are_filled_in(read: Site) -> None:
    done = read("labels", "interpolate", "--kind", "volume-mask", "--reader", "ben", "--out", "between.jsonl", "--json")
    assert (done.code, done.json["made"]) == (0, 1), done.out
    (line,) = read.lines("labels/between.jsonl")
    assert (line["origin"], line["value"]["slices"]) == ("interpolated", {"2": [18, 2, 236]})


def test_a_series_can_be_labeled_next(read: Site) -> None:
    (name,) = read("labels", "status", "--in", "review", "--json").json["samples"]
    (read.folder / "next.csv").write_text(f"sample,a,b\n{name},0.5,0.5\n")
    assert read("labels", "next", "next.csv").code == 3  # NXT-009: it has labels
    assert [one["sample"] for one in read("labels", "next", "next.csv", "--again", "--json").json["worklist"]] == [name]


@pytest.mark.parametrize("said", [NAME, f"{NAME.lower()} mass", "Zebediah"])
def test_with_the_vault_open_a_patients_name_is_signed_as_no_class(read: Site, said: str) -> None:
    (name,) = read("labels", "status", "--in", "review", "--json").json["samples"]
    fields = {"sample": name, "author": "ada", "labeledAt": "2026-01-06T10:00:00Z", "kind": "class"}
    read.export({"labelId": "ada-9", "value": {"class": said}, **fields}, name="named.jsonl")
    line = ("sign", "named.jsonl", "--as", "ada", "--guideline", "chest@1.0", "--dry-run")
    done = read(*line, vault=True)
    assert (done.code, "LBL-017" in done.err) == (2, True), done.err
    read.export({"labelId": "ada-9", "value": {"class": "sick"}, **fields}, name="named.jsonl")
    assert read(*line, vault=True).code == 0


def segmented(path: Path, frames: list[tuple[int, float, set[tuple[int, int]]]], **more: object) -> Path:
    """Write a SEG whose frames name no image: segment, height along z, (column, row) of what is marked."""
    made = pydicom.Dataset()
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.66.4"
    made.SOPInstanceUID, made.Modality = UID.format(number=900), "SEG"
    made.PatientName, made.PatientID = f"{NAME}^Zebediah", MRN
    made.SeriesInstanceUID, made.StudyInstanceUID = UID.format(number=901), STUDY
    made.Rows, made.Columns, made.NumberOfFrames = ROWS, COLUMNS, len(frames)
    made.SamplesPerPixel, made.BitsAllocated, made.BitsStored, made.HighBit = 1, 1, 1, 0
    made.PhotometricInterpretation, made.PixelRepresentation = "MONOCHROME2", 0
    made.SegmentationType = "BINARY"
    made.ContentDate, made.ContentTime, made.TimezoneOffsetFromUTC = "20260105", "101112", "+0000"
    named = pydicom.Dataset()
    named.SeriesInstanceUID = SERIES
    made.ReferencedSeriesSequence = [named]
    made.SegmentSequence = []
    for number, label in enumerate(("lung", "nodule"), 1):
        one_ = pydicom.Dataset()
        one_.SegmentNumber, one_.SegmentLabel, one_.SegmentAlgorithmType = number, label, "MANUAL"
        made.SegmentSequence.append(one_)
    shared = pydicom.Dataset()
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [pydicom.Dataset()], [pydicom.Dataset()]
    shared.PixelMeasuresSequence[0].PixelSpacing = [0.5, 0.5]
    shared.PlaneOrientationSequence[0].ImageOrientationPatient = more.get("turn", [1, 0, 0, 0, 1, 0])
    made.SharedFunctionalGroupsSequence = [shared]
    made.PerFrameFunctionalGroupsSequence = []
    bits = []
    for number, height, marked in frames:
        frame = pydicom.Dataset()
        frame.SegmentIdentificationSequence, frame.PlanePositionSequence = [pydicom.Dataset()], [pydicom.Dataset()]
        frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber = number
        frame.PlanePositionSequence[0].ImagePositionPatient = [*more.get("corner", [-8, 4]), height]  # type: ignore[misc]
        made.PerFrameFunctionalGroupsSequence.append(frame)
        bits += [int((at % COLUMNS, at // COLUMNS) in marked) for at in range(ROWS * COLUMNS)]
    made.PixelData = bytes(sum(bit << at for at, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits), 8))
    made["PixelData"].VR = "OB"
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.save_as(path, enforce_file_format=True)
    return path


def test_each_segment_of_a_seg_comes_to_the_slices_where_its_frames_lie(site: Site) -> None:
    # Frames in no order and with a gap; heights 7.5, 10 and 12.5 are slices 1, 2 and 3.
    frames = [(2, 12.5, {(3, 4), (4, 4)}), (1, 7.5, {(0, 0)}), (1, 10.0, {(15, 15)}), (2, 7.5, {(5, 5)})]
    seg = segmented(site.folder / "seg.dcm", frames)
    done = site.imported(seg.name, *MORE, "--out", "seg.jsonl")
    assert (done.code, done.json["read"], done.json["in"]) == (0, 2, 2), done.out + done.err
    lung, nodule = sorted(site.lines("labels/seg.jsonl"), key=lambda line: line["value"]["class"])
    assert lung["sample"] == nodule["sample"]
    assert lung["sample"].endswith("/")
    assert (lung["kind"], lung["value"]["size"], lung["value"]["voxels"]) == ("volume-mask", [COLUMNS, ROWS, 3], 2)
    assert lung["value"]["slices"] == {"1": [0, 1, 255], "2": [255, 1]}
    assert nodule["value"]["slices"] == {"1": [85, 1, 170], "3": [67, 2, 187]}
    signed = site(
        "sign", "trial/labels/seg.jsonl", "--as", "rita", "--attest", "--confirm", 2, "--json", key=True, vault=True
    )
    assert signed.code == 0, signed.out + signed.err
    site.search()


def test_a_seg_turned_around_in_its_plane_marks_the_same_voxels(site: Site) -> None:
    # From the last column and row on: (0, 0) of the frame is (15, 15) of the slice.
    corner = [-8 + 0.5 * (COLUMNS - 1), 4 + 0.5 * (ROWS - 1)]
    seg = segmented(site.folder / "turned.dcm", [(1, 10.0, {(0, 0), (1, 2)})], turn=[-1, 0, 0, 0, -1, 0], corner=corner)
    done = site.imported(seg.name, *MORE, "--dry-run")
    assert done.json["reasons"] == [
        {**done.json["reasons"][0], "code": "IMP-021", "count": 1}
    ]  # the second segment is empty; the first one comes in
    assert done.json["in"] == 1
    done = site.imported(seg.name, *MORE, "--out", "turned.jsonl")
    (line,) = site.lines("labels/turned.jsonl")
    assert line["value"]["slices"] == {"2": [13 * COLUMNS + 14, 1, 32, 1]}


@pytest.mark.parametrize("height", [8.75, 20.0])
def test_a_seg_between_or_beside_the_slices_is_refused(site: Site, height: float) -> None:
    seg = segmented(site.folder / "off.dcm", [(1, 10.0, {(0, 0)}), (1, height, {(0, 0)}), (2, 10.0, {(1, 1)})])
    done = site.imported(seg.name, *MORE, "--dry-run")
    assert (done.json["in"], [one["code"] for one in done.json["reasons"]]) == (1, ["IMP-071"])


def test_contours_that_name_only_the_series_are_labels_of_it(site: Site) -> None:
    made = pydicom.Dataset()
    made.SOPClassUID, made.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.481.3", UID.format(number=910)
    made.PatientName, made.PatientID, made.Modality = f"{NAME}^Zebediah", MRN, "RTSTRUCT"
    made.StructureSetDate, made.StructureSetTime, made.TimezoneOffsetFromUTC = "20260105", "101112", "+0000"
    space = str(pydicom.dcmread(DATA / "CT_small.dcm").FrameOfReferenceUID)

    def item(**values: object) -> pydicom.Dataset:
        one_ = pydicom.Dataset()
        for name, value in values.items():
            setattr(one_, name, value)
        return one_

    series = item(RTReferencedSeriesSequence=[item(SeriesInstanceUID=SERIES)])
    made.ReferencedFrameOfReferenceSequence = [item(FrameOfReferenceUID=space, RTReferencedStudySequence=[series])]
    made.StructureSetROISequence = [
        item(ROINumber=1, ROIName="lung", ReferencedFrameOfReferenceUID=space, ROIGenerationAlgorithm="MANUAL")
    ]
    contour = item(ContourGeometricType="CLOSED_PLANAR", NumberOfContourPoints=3)
    contour.ContourData = [-8, 4, 10, -6, 4, 10, -6, 6, 10]
    made.ROIContourSequence = [item(ReferencedROINumber=1, ContourSequence=[contour])]
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.save_as(site.folder / "rt.dcm", enforce_file_format=True)
    done = site.imported("rt.dcm", *MORE, "--out", "rt.jsonl")
    assert done.code == 0, done.out + done.err
    (line,) = site.lines("labels/rt.jsonl")
    assert (line["kind"], line["sample"].endswith("/"), line["value"]["space"]) == ("points3d", True, "patient")
    signed = site("sign", "trial/labels/rt.jsonl", "--as", "rita", "--attest", "--json", key=True, vault=True)
    assert signed.code == 0, signed.out + signed.err
    site.search()
