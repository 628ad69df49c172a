"""Objects that point at each other, delivered at different times: what the second delivery names is in the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
import started
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, UID_dictionary

ROOT = "1.2.826.0.1.3680043.8.498."
STUDY, FRAME, TRACKED = ROOT + "2", ROOT + "77", ROOT + "90"
STORAGE = "1.2.840.10008.5.1.4.1.1."
CT, SEG, SR, GSPS, RTSTRUCT = (STORAGE + end for end in ("2", "66.4", "88.34", "11.1", "481.3"))
#: Instance and series of each object.
PLACES = {kind: (f"{ROOT}{number}", f"{ROOT}{number}.1") for kind, number in zip("ABCDEF", range(10, 16), strict=True)}
PLANTED = ("QUILLFEATHER", "MRN-55417", ROOT)
REFERENCES = {"ReferencedSOPInstanceUID", "ReferencedFrameOfReferenceUID", "FrameOfReferenceUID", "SeriesInstanceUID"}


def item(**values: object) -> Dataset:
    made = Dataset()
    for keyword, value in values.items():
        items = isinstance(value, list) and all(isinstance(each, Dataset) for each in value)
        setattr(made, keyword, Sequence(value) if items else value)
    return made


def code(value: str, meaning: str) -> Dataset:
    return item(CodeValue=value, CodingSchemeDesignator="DCM", CodeMeaning=meaning)


def target(place: str, sop_class: str = CT, **values: object) -> Dataset:
    return item(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=PLACES[place][0], **values)


def written(folder: Path, place: str, sop_class: str, modality: str, **values: object) -> None:
    """Write an object of the study into a folder."""
    made = item(
        SOPClassUID=sop_class,
        SOPInstanceUID=PLACES[place][0],
        StudyInstanceUID=STUDY,
        SeriesInstanceUID=PLACES[place][1],
        Modality=modality,
        PatientName="QUILLFEATHER^ZEBEDIAH",
        PatientID="MRN-55417",
        PatientBirthDate="19510405",
        StudyDate="20200310",
        StudyTime="101500",
        **values,
    )
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = sop_class
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    folder.mkdir(exist_ok=True)
    made.save_as(folder / f"{place}.dcm", enforce_file_format=True)


def image(folder: Path, place: str) -> None:
    written(
        folder, place, CT, "CT", ImageType=["ORIGINAL", "PRIMARY", "AXIAL"], BodyPartExamined="CHEST",
        FrameOfReferenceUID=FRAME, Rows=2, Columns=2, BitsAllocated=16, BitsStored=16, HighBit=15,
        PixelRepresentation=0, SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2",
        PixelData=b"\1\0\2\0\3\0\4" + place.encode(),
    )  # fmt: skip


def segmentation(folder: Path) -> None:
    series = item(SeriesInstanceUID=PLACES["A"][1], ReferencedInstanceSequence=[target("A")])
    source = item(SourceImageSequence=[target("A", PurposeOfReferenceCodeSequence=[code("121322", "Source image")])])
    frame = item(DerivationImageSequence=[source], SegmentIdentificationSequence=[item(ReferencedSegmentNumber=1)])
    written(
        folder, "C", SEG, "SEG", ImageType=["DERIVED", "PRIMARY"], FrameOfReferenceUID=FRAME, ContentLabel="LUNG",
        SegmentSequence=[item(SegmentNumber=1, SegmentLabel="Left lung", TrackingID="Lesion 1", TrackingUID=TRACKED)],
        ReferencedSeriesSequence=[series], PerFrameFunctionalGroupsSequence=[frame], Rows=8, Columns=1,
        NumberOfFrames=2, BitsAllocated=1, BitsStored=1, HighBit=0, PixelRepresentation=0, SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2", PixelData=b"\x55\xaa",
    )  # fmt: skip


def report(folder: Path) -> None:
    evidence = [
        item(SeriesInstanceUID=PLACES["A"][1], ReferencedSOPSequence=[target("A")]),
        item(SeriesInstanceUID=PLACES["C"][1], ReferencedSOPSequence=[target("C", SEG)]),
    ]
    region = item(
        RelationshipType="CONTAINS", ValueType="SCOORD3D", GraphicType="POINT", ReferencedFrameOfReferenceUID=FRAME,
        ConceptNameCodeSequence=[code("111030", "Image Region")],
    )  # fmt: skip
    region.GraphicData = [1.0, 2.0, 3.0]
    content = [
        item(RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=[target("A")]),
        item(
            RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=[target("C", SEG)],
            ConceptNameCodeSequence=[code("121191", "Referenced Segment")],
        ),
        item(
            RelationshipType="CONTAINS", ValueType="UIDREF", UID=TRACKED,
            ConceptNameCodeSequence=[code("112040", "Tracking Unique Identifier")],
        ),
        region,
    ]  # fmt: skip
    written(
        folder, "D", SR, "SR", ValueType="CONTAINER", ContinuityOfContent="SEPARATE", CompletionFlag="COMPLETE",
        VerificationFlag="UNVERIFIED", ConceptNameCodeSequence=[code("126000", "Imaging Measurement Report")],
        CurrentRequestedProcedureEvidenceSequence=[item(StudyInstanceUID=STUDY, ReferencedSeriesSequence=evidence)],
        ContentSequence=content, ReferencedPerformedProcedureStepSequence=[],
    )  # fmt: skip


def presentation(folder: Path) -> None:
    mark = item(UnformattedTextValue="nodule", AnchorPoint=[1.0, 2.0], AnchorPointVisibility="Y")
    annotation = item(GraphicLayer="LAYER1", TextObjectSequence=[mark], ReferencedImageSequence=[target("A")])
    written(
        folder, "E", GSPS, "PR", ContentLabel="MARKS", PresentationCreationDate="20200310",
        GraphicAnnotationSequence=[annotation],
        ReferencedSeriesSequence=[item(SeriesInstanceUID=PLACES["A"][1], ReferencedImageSequence=[target("A")])],
    )  # fmt: skip


def structures(folder: Path) -> None:
    series = item(SeriesInstanceUID=PLACES["A"][1], ContourImageSequence=[target("A"), target("B")])
    study = item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1", ReferencedSOPInstanceUID=STUDY,
        RTReferencedSeriesSequence=[series],
    )  # fmt: skip
    contour = item(
        ContourImageSequence=[target("A")], ContourGeometricType="POINT", NumberOfContourPoints=1,
        ContourData=[1.5, 2.5, 3.5],
    )  # fmt: skip
    written(
        folder, "F", RTSTRUCT, "RTSTRUCT", StructureSetLabel="Thorax", FrameOfReferenceUID=FRAME,
        ReferencedFrameOfReferenceSequence=[item(FrameOfReferenceUID=FRAME, RTReferencedStudySequence=[study])],
        StructureSetROISequence=[item(ROINumber=1, ROIName="Heart", ReferencedFrameOfReferenceUID=FRAME)],
        ROIContourSequence=[item(ReferencedROINumber=1, ContourSequence=[contour])],
    )  # fmt: skip


class World:
    """A project, and two folders that are delivered one after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "pass").write_text("correct horse battery\n")
        self.run("init", "trial", "--passphrase-file", "pass")
        image(root / "first", "A")
        segmentation(root / "first")
        image(root / "second", "B")
        for make in (presentation, structures):
            make(root / "second")

    def run(self, *words: str, code: int = 0) -> None:
        done = started.run(words, cwd=self.root)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == code, said
        assert not any(word in said for word in PLANTED)

    def deliver(self, *, reports: bool) -> None:
        """Scrub both folders; a report needs somebody who has looked at it."""
        common = ("--project", "trial", "--passphrase-file", "pass")
        keys = ("--key-store", "keys", "--key-passphrase-file", "pass")
        self.run("scrub", "first", *common)
        if not reports:
            self.run("scrub", "second", *common)
            return
        report(self.root / "second")
        for one in ("op", "rev"):
            self.run("people", "add", one, "--name", "X Y", "--role", "operator", "--role", "reviewer", *keys)
        for one, by in (("op", "rev"), ("rev", "op")):
            self.run("people", "enroll", f"{one}.request.json", "--by", by, "--project", "trial", *keys)
        self.run("pixels", "accept", "second", "--by", "rev", "--reason", "all seen", *keys, *common)
        self.run("scrub", "second", *common)

    def objects(self) -> dict[str, Dataset]:
        found = {}
        for path in sorted((self.root / "trial" / "clean").rglob("*.dcm")):
            assert not any(word.encode() in path.read_bytes() or word in str(path) for word in PLANTED)
            made = pydicom.dcmread(path)
            key = made.SOPClassUID + ("" if made.SOPClassUID != CT else chr(made.PixelData[-1]))
            found[key] = made
        return found


def uids_in(made: Dataset) -> Iterator[tuple[str, str]]:
    for element in made.iterall():
        if element.VR == "UI":
            for value in element.value if element.VM > 1 else [element.value]:
                if value and value not in UID_dictionary:
                    yield element.keyword, str(value)


@pytest.mark.parametrize("given", [False, True], ids=["new", "imported"])
def test_what_a_later_delivery_names_is_what_the_first_one_brought(tmp_path: Path, given: bool) -> None:
    world = World(tmp_path)
    table = {STUDY: "2.25.4711", FRAME: "2.25.4712", PLACES["A"][0]: "2.25.4713", PLACES["C"][1]: "2.25.4714"}
    if given:
        (tmp_path / "u.csv").write_text("id_old,id_new\n" + "".join(f"{old},{new}\n" for old, new in table.items()))
        world.run("crosswalk", "import", "--uids", "u.csv", "--project", "trial", "--passphrase-file", "pass")
    world.deliver(reports=given)
    objects = world.objects()
    later = [GSPS, RTSTRUCT, *([SR] if given else [])]
    assert set(objects) == {CT + "A", CT + "B", SEG, *later}

    first, second = (objects[CT + "A"], objects[SEG]), [objects[key] for key in later]
    frame, study = first[0].FrameOfReferenceUID, first[0].StudyInstanceUID
    here = {made.SOPInstanceUID for made in objects.values()} | {made.SeriesInstanceUID for made in objects.values()}
    tracked = objects[SEG].SegmentSequence[0].TrackingUID
    for made in objects.values():
        assert made.StudyInstanceUID == study
        for keyword, uid in uids_in(made):
            assert uid in here | {study, frame, tracked}, keyword
    assert {made.FrameOfReferenceUID for made in objects.values() if "FrameOfReferenceUID" in made} == {frame}
    for made in second:
        named = {uid for keyword, uid in uids_in(made) if keyword in REFERENCES}
        assert first[0].SOPInstanceUID in named
        assert first[0].SeriesInstanceUID in named
    assert objects[RTSTRUCT].ReferencedFrameOfReferenceSequence[0].FrameOfReferenceUID == frame
    if given:
        report_uids = {uid for _, uid in uids_in(objects[SR])}
        assert {frame, tracked, objects[SEG].SOPInstanceUID, objects[SEG].SeriesInstanceUID} <= report_uids
        assert "ReferencedPerformedProcedureStepSequence" in objects[SR]
        assert (study, frame, first[0].SOPInstanceUID) == ("2.25.4711", "2.25.4712", "2.25.4713")
        assert objects[SEG].SeriesInstanceUID == "2.25.4714"
    else:
        assert not {study, frame, *here} & set(table.values())
