"""Other objects than images: what tells of a person goes, what marks and measures stays, and they still point right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import UID_dictionary
from scrub_support import CT, coder, made, read, shipped, stands_in, subject, write
from sr_support import (
    CLEANING,
    FRAME,
    GSPS,
    PDF,
    ROOT,
    RTDOSE,
    RTPLAN,
    RTSTRUCT,
    SEG,
    SR,
    STUDY,
    WAVEFORM,
    code,
    content,
    image,
    item,
    plain,
    policy_of,
)

from curator.core.errors import ItemError
from curator.scrub.dicom import Rewritten
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy import Policy

TOKEN = "QZPLANTED"
KNOWN = (("name", TOKEN),)
IMAGE_UID, SERIES_UID, SEG_UID = ROOT + "1", ROOT + "3", ROOT + "4"
TARGET = {"ReferencedSOPClassUID": CT, "ReferencedSOPInstanceUID": IMAGE_UID}


def cleaned(dataset: Dataset, rules: Policy | None = None, **changes: object) -> Rewritten:
    changes.setdefault("known", KNOWN)
    return rewrite(write(dataset), subject(**changes), rules or policy_of(*CLEANING), coder, accepted=True)


def picture() -> Dataset:
    return made(FrameOfReferenceUID=FRAME)


def segmentation() -> Dataset:
    dataset = made(SOPClassUID=SEG, SOPInstanceUID=SEG_UID, SeriesInstanceUID=SEG_UID + ".1", Modality="SEG")
    dataset.FrameOfReferenceUID = FRAME
    dataset.ContentLabel, dataset.ContentDescription, dataset.ContentCreatorName = "LUNG", "Lung mask", f"{TOKEN}^Ann"
    algorithm = item(AlgorithmName="Region grower", AlgorithmVersion="1.2")
    segment = item(
        SegmentNumber=1,
        SegmentLabel="Left lung",
        SegmentDescription="Left lung, lower lobe",
        SegmentAlgorithmType="AUTOMATIC",
        SegmentAlgorithmName="Region grower",
        TrackingID="Lesion 1",
        TrackingUID=ROOT + "90",
        SegmentedPropertyTypeCodeSequence=[code("39607008", "SCT", "Lung")],
        SegmentationAlgorithmIdentificationSequence=[algorithm],
    )
    other = item(SegmentNumber=2, SegmentLabel=TOKEN, SegmentDescription=f"drawn by {TOKEN}", TrackingID=TOKEN)
    dataset.SegmentSequence = [segment, other]
    dataset.ReferencedSeriesSequence = [item(SeriesInstanceUID=SERIES_UID, ReferencedInstanceSequence=[item(**TARGET)])]
    source = item(**TARGET, PurposeOfReferenceCodeSequence=[code("121322", "DCM", "Source image")])
    frame = item(
        DerivationImageSequence=[item(SourceImageSequence=[source])],
        SegmentIdentificationSequence=[item(ReferencedSegmentNumber=1)],
        PlanePositionSequence=[item(ImagePositionPatient=[1.0, 2.0, 3.0])],
    )
    dataset.PerFrameFunctionalGroupsSequence = [frame]
    return dataset


def measurement() -> Dataset:
    region = content(
        "SCOORD3D", ("111030", "DCM", "Image Region"), GraphicType="POINT", ReferencedFrameOfReferenceUID=FRAME
    )
    region.GraphicData = [1.0, 2.0, 3.0]
    segment = image(("121191", "DCM", "Referenced Segment"), SEG_UID, SEG)
    segment.ReferencedSOPSequence[0].ReferencedSegmentNumber = 1
    tracking = content("UIDREF", ("112040", "DCM", "Tracking Unique Identifier"), UID=ROOT + "90")
    evidence = [item(SeriesInstanceUID=SERIES_UID, ReferencedSOPSequence=[item(**TARGET)])]
    return plain(
        SR,
        "SR",
        "88",
        ValueType="CONTAINER",
        ConceptNameCodeSequence=[code("126000", "DCM", "Imaging Measurement Report")],
        CurrentRequestedProcedureEvidenceSequence=[item(StudyInstanceUID=STUDY, ReferencedSeriesSequence=evidence)],
        ContentSequence=[image(None, IMAGE_UID), segment, tracking, region],
    )


def presentation() -> Dataset:
    words = item(UnformattedTextValue="nodule", AnchorPoint=[1.0, 2.0], AnchorPointVisibility="Y")
    name = item(UnformattedTextValue=f"seen by {TOKEN}", AnchorPoint=[1.0, 2.0], AnchorPointVisibility="Y")
    circle = item(
        GraphicType="CIRCLE", GraphicData=[1.0, 1.0, 2.0, 2.0], GraphicAnnotationUnits="PIXEL", GraphicFilled="N"
    )
    annotation = item(
        GraphicLayer="LAYER1",
        TextObjectSequence=[words, name],
        GraphicObjectSequence=[circle],
        ReferencedImageSequence=[item(**TARGET)],
    )
    dataset = plain(
        GSPS,
        "PR",
        "11",
        ContentLabel="MARKS",
        ContentDescription=f"Marks of {TOKEN}",
        ContentCreatorName=TOKEN,
        PresentationCreationDate="20200310",
        GraphicAnnotationSequence=[annotation],
        GraphicLayerSequence=[item(GraphicLayer="LAYER1", GraphicLayerOrder=1, GraphicLayerDescription=TOKEN)],
        ReferencedSeriesSequence=[item(SeriesInstanceUID=SERIES_UID, ReferencedImageSequence=[item(**TARGET)])],
    )
    dataset.add_new(0x60000022, "LO", TOKEN)
    dataset.add_new(0x60003000, "OW", b"\1\0")
    return dataset


def structures() -> Dataset:
    contour = item(
        ContourImageSequence=[item(**TARGET)],
        ContourGeometricType="POINT",
        NumberOfContourPoints=1,
        ContourData=[1.5, 2.5, 3.5],
    )
    series = item(SeriesInstanceUID=SERIES_UID, ContourImageSequence=[item(**TARGET)])
    study = item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1",
        ReferencedSOPInstanceUID=STUDY,
        RTReferencedSeriesSequence=[series],
    )
    return plain(
        RTSTRUCT,
        "RTSTRUCT",
        "48",
        StructureSetLabel="Thorax",
        StructureSetName=TOKEN,
        StructureSetDate="20200310",
        ReferencedFrameOfReferenceSequence=[item(FrameOfReferenceUID=FRAME, RTReferencedStudySequence=[study])],
        StructureSetROISequence=[
            item(
                ROINumber=1,
                ROIName="Heart",
                ROIDescription="whole",
                ReferencedFrameOfReferenceUID=FRAME,
                ROIGenerationAlgorithm="MANUAL",
            ),
            item(ROINumber=2, ROIName=f"GTV {TOKEN}", ROIDescription=TOKEN, ReferencedFrameOfReferenceUID=FRAME),
        ],
        ROIContourSequence=[item(ReferencedROINumber=1, ROIDisplayColor=[255, 0, 0], ContourSequence=[contour])],
        RTROIObservationsSequence=[
            item(ObservationNumber=1, ReferencedROINumber=1, RTROIInterpretedType="ORGAN", ROIInterpreter=TOKEN)
        ],
        ApprovalStatus="APPROVED",
        ReviewerName=TOKEN,
        ReviewDate="20200310",
    )


STUDY_OBJECTS = (segmentation, measurement, presentation, structures)


def uids_in(dataset: Dataset) -> Iterator[tuple[str, str]]:
    for element in dataset.iterall():
        if element.VR == "UI":
            for value in element.value if element.VM > 1 else [element.value]:
                if value and value not in UID_dictionary:
                    yield element.keyword, str(value)


def test_references_across_a_study_point_at_the_objects_that_were_written() -> None:
    results = {make: cleaned(make()) for make in (picture, *STUDY_OBJECTS)}
    written = {result.uid for result in results.values()}
    series = {result.series_uid for result in results.values()}
    studies = {result.study_uid for result in results.values()}
    assert studies == {coder(STUDY)}
    shared = {coder(FRAME), coder(ROOT + "90")}
    for make in STUDY_OBJECTS:
        before, clean = list(uids_in(make())), list(uids_in(read(results[make].data)))
        names = {keyword for keyword, _ in before}
        assert "ReferencedSOPInstanceUID" in names
        assert sorted(clean) == sorted((keyword, coder(value)) for keyword, value in before), make.__name__
        for keyword, value in clean:
            assert value in written | series | studies | shared, (make.__name__, keyword)
    picture_uids = dict(uids_in(read(results[picture].data)))
    assert picture_uids["FrameOfReferenceUID"] == coder(FRAME)


def test_the_same_study_scrubbed_elsewhere_points_alike() -> None:
    for make in STUDY_OBJECTS:
        assert cleaned(make()) == cleaned(make())


def test_retained_uids_point_at_the_originals_everywhere() -> None:
    policy = policy_of(*CLEANING, "retain_uids")
    for make in STUDY_OBJECTS:
        before = [
            pair for pair in uids_in(make()) if pair[0] in {"ReferencedSOPInstanceUID", "FrameOfReferenceUID", "UID"}
        ]
        clean = list(uids_in(read(cleaned(make(), policy).data)))
        assert before
        assert set(before) <= set(clean), make.__name__


@pytest.mark.parametrize("make", STUDY_OBJECTS)
@pytest.mark.parametrize("options", [(), ("clean_graphics",), ("clean_structured_content",), CLEANING])
def test_no_planted_name_is_left_in_any_object(make: type[Dataset], options: tuple[str, ...]) -> None:
    dataset = make()
    if make is not measurement:
        assert stands_in(TOKEN, write(dataset))
    assert not stands_in(TOKEN, cleaned(dataset, policy_of(*options)).data)


def test_a_segmentation_keeps_its_segments_and_says_nothing_of_people() -> None:
    clean = read(cleaned(segmentation()).data)
    first, second = clean.SegmentSequence
    assert (first.SegmentLabel, first.SegmentDescription, first.TrackingID) == (
        "Left lung",
        "Left lung, lower lobe",
        "Lesion 1",
    )
    assert (
        first.SegmentationAlgorithmIdentificationSequence[0].AlgorithmName
        == first.SegmentAlgorithmName
        == "Region grower"
    )
    assert first.SegmentedPropertyTypeCodeSequence[0].CodeMeaning == "Lung"
    assert (second.SegmentNumber, second.SegmentLabel) == (2, "REMOVED")
    assert clean.ContentDescription == "Lung mask"
    assert clean.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0].ImagePositionPatient == [1, 2, 3]


def test_a_presentation_state_keeps_its_marks_under_the_graphics_option_alone() -> None:
    assert "TextObjectSequence" not in str(read(cleaned(presentation(), policy_of()).data))
    graphics = read(cleaned(presentation(), policy_of("clean_graphics")).data).GraphicAnnotationSequence[0]
    assert [each.UnformattedTextValue for each in graphics.TextObjectSequence] == ["REMOVED", "REMOVED"]
    clean = read(cleaned(presentation()).data)
    annotation = clean.GraphicAnnotationSequence[0]
    assert annotation.TextObjectSequence[0].UnformattedTextValue == "nodule"
    assert annotation.GraphicObjectSequence[0].GraphicData == [1, 1, 2, 2]
    assert annotation.GraphicLayer == clean.GraphicLayerSequence[0].GraphicLayer == "LAYER1"
    assert clean.PresentationCreationDate == "20200327"
    assert not [element for element in clean if element.tag.group == 0x6000]


def test_a_layer_named_after_a_person_is_renamed_alike_wherever_it_stands() -> None:
    dataset = presentation()
    dataset.GraphicAnnotationSequence[0].GraphicLayer = dataset.GraphicLayerSequence[0].GraphicLayer = TOKEN
    clean = read(cleaned(dataset).data)
    assert clean.GraphicAnnotationSequence[0].GraphicLayer == clean.GraphicLayerSequence[0].GraphicLayer == "REMOVED"


def test_a_structure_set_keeps_its_regions_and_contours() -> None:
    clean = read(cleaned(structures()).data)
    assert clean.StructureSetLabel == "Thorax"
    assert "StructureSetName" not in clean
    assert (clean.StructureSetROISequence[0].ROIName, clean.StructureSetROISequence[0].ROIDescription) == (
        "Heart",
        "whole",
    )
    assert TOKEN not in clean.StructureSetROISequence[1].ROIName
    assert clean.ROIContourSequence[0].ContourSequence[0].ContourData == [1.5, 2.5, 3.5]
    assert clean.RTROIObservationsSequence[0].RTROIInterpretedType == "ORGAN"
    assert (clean.StructureSetDate, clean.ReviewDate, clean.ApprovalStatus) == ("20200327", "20200327", "APPROVED")
    assert not clean.ReviewerName
    assert read(cleaned(structures(), policy_of()).data).StructureSetROISequence[0].ROIName == ""


def test_a_treatment_plan_keeps_its_beams_and_names_no_machine() -> None:
    beam = item(
        BeamNumber=1,
        BeamName="AP",
        BeamDescription="anterior",
        TreatmentMachineName=TOKEN,
        DeviceSerialNumber=TOKEN,
        InstitutionName=TOKEN,
        BeamType="STATIC",
        ControlPointSequence=[item(ControlPointIndex=0, NominalBeamEnergy=6, GantryAngle=0)],
    )
    dataset = plain(
        RTPLAN,
        "RTPLAN",
        "49",
        RTPlanLabel="Lung",
        RTPlanName=TOKEN,
        RTPlanDate="20200310",
        PrescriptionDescription="60 Gy in 30",
        OperatorsName=TOKEN,
        BeamSequence=[beam],
        ReferencedStructureSetSequence=[item(ReferencedSOPClassUID=RTSTRUCT, ReferencedSOPInstanceUID=ROOT + "48")],
    )
    result = cleaned(dataset).data
    assert not stands_in(TOKEN, result)
    clean = read(result)
    assert (clean.RTPlanLabel, clean.PrescriptionDescription, clean.RTPlanDate) == ("Lung", "60 Gy in 30", "20200327")
    assert (clean.BeamSequence[0].BeamName, clean.BeamSequence[0].BeamDescription) == ("AP", "anterior")
    assert clean.BeamSequence[0].ControlPointSequence[0].NominalBeamEnergy == 6
    assert not clean.BeamSequence[0].TreatmentMachineName
    assert str(clean.ReferencedStructureSetSequence[0].ReferencedSOPInstanceUID) == coder(ROOT + "48")
    machine = read(cleaned(dataset, policy_of(*CLEANING, "retain_device_identity"), known=()).data)
    assert machine.BeamSequence[0].TreatmentMachineName == TOKEN


def test_a_dose_grid_keeps_its_histograms() -> None:
    dataset = made(SOPClassUID=RTDOSE, SOPInstanceUID=ROOT + "50", Modality="RTDOSE", DoseComment=TOKEN, DoseUnits="GY")
    dataset.DVHSequence = [item(DVHType="CUMULATIVE", DVHData=[0.1, 5.0], DoseUnits="GY")]
    dataset.ReferencedRTPlanSequence = [item(ReferencedSOPClassUID=RTPLAN, ReferencedSOPInstanceUID=ROOT + "49")]
    result = cleaned(dataset).data
    assert not stands_in(TOKEN, result)
    clean = read(result)
    assert clean.DVHSequence[0].DVHData == [0.1, 5.0]
    assert str(clean.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID) == coder(ROOT + "49")


@pytest.mark.parametrize(
    ("mime", "said"),
    [("application/pdf", "application/pdf"), ("text/XML", "text/XML"), ("model/stl", "model/stl"), (TOKEN, "REMOVED")],
)
def test_the_header_of_an_encapsulated_document_keeps_its_kind(mime: str, said: str) -> None:
    dataset = plain(
        PDF,
        "DOC",
        "60",
        DocumentTitle=f"Letter about {TOKEN}",
        MIMETypeOfEncapsulatedDocument=mime,
        HL7InstanceIdentifier=f"1.2.3^{TOKEN}",
        ConceptNameCodeSequence=[code("11528-7", "LN", "Radiology Report")],
        SourceInstanceSequence=[item(**TARGET)],
    )
    dataset.add_new(0x00420011, "OB", b"%PDF-1.7 read and found clean ")
    result = cleaned(dataset).data
    assert not stands_in(TOKEN, result)
    clean = read(result)
    assert clean.MIMETypeOfEncapsulatedDocument == said
    assert clean.HL7InstanceIdentifier == "REMOVED"
    assert clean.ConceptNameCodeSequence[0].CodeMeaning == "Radiology Report"
    assert str(clean.SourceInstanceSequence[0].ReferencedSOPInstanceUID) == coder(IMAGE_UID)


def test_a_waveform_keeps_its_channels_and_samples() -> None:
    channel = item(
        ChannelLabel="Lead II", ChannelSourceSequence=[code("2:2", "MDC", "Lead II")], ChannelSensitivity="1.25"
    )
    group = item(MultiplexGroupLabel=TOKEN, ChannelDefinitionSequence=[channel], NumberOfWaveformChannels=1)
    group.add_new(0x54001010, "OW", b"\1\0\2\0")
    clean = read(cleaned(plain(WAVEFORM, "ECG", "91", WaveformSequence=[group])).data)
    kept = clean.WaveformSequence[0]
    assert (kept.ChannelDefinitionSequence[0].ChannelLabel, kept.WaveformData) == ("Lead II", b"\1\0\2\0")
    assert kept.ChannelDefinitionSequence[0].ChannelSourceSequence[0].CodeMeaning == "Lead II"


def test_a_slide_keeps_what_it_shows_and_loses_its_numbers() -> None:
    specimen = item(SpecimenIdentifier=TOKEN, SpecimenUID=ROOT + "60", SpecimenShortDescription="H&E section")
    dataset = made(
        ContainerIdentifier=TOKEN,
        IssuerOfTheContainerIdentifierSequence=[item(LocalNamespaceEntityID=TOKEN)],
        ContainerTypeCodeSequence=[code("433466003", "SCT", "Microscope slide")],
        SpecimenDescriptionSequence=[specimen],
        OpticalPathSequence=[item(OpticalPathIdentifier="1", OpticalPathDescription="Brightfield")],
        BarcodeValue=TOKEN,
        LabelText=TOKEN,
    )
    result = cleaned(dataset).data
    assert not stands_in(TOKEN, result)
    clean = read(result)
    assert clean.SpecimenDescriptionSequence[0].SpecimenShortDescription == "H&E section"
    assert clean.OpticalPathSequence[0].OpticalPathDescription == "Brightfield"
    assert clean.ContainerTypeCodeSequence[0].CodeMeaning == "Microscope slide"
    assert str(clean.SpecimenDescriptionSequence[0].SpecimenUID) == coder(ROOT + "60")


def _rewritten(data: bytes, rules: Policy) -> Rewritten | None:
    try:
        return rewrite(data, subject(), rules, coder, accepted=True)
    except ItemError:
        return None


def test_every_shipped_file_passes_with_all_texts_cleaned_and_keeps_more_than_without() -> None:
    kept = {"SR": [0, 0], "RTSTRUCT": [0, 0], "RTPLAN": [0, 0]}
    count = 0
    for path in shipped():
        data = path.read_bytes()
        plain_result, rich = _rewritten(data, policy_of()), _rewritten(data, policy_of(*CLEANING))
        assert (plain_result is None) == (rich is None), path.name
        if plain_result is None or rich is None:
            continue
        count += 1
        less, more = read(plain_result.data), read(rich.data)
        counts = [sum(1 for _ in dataset.iterall()) for dataset in (less, more)]
        if (modality := str(less.get("Modality"))) in kept:
            assert counts[1] >= counts[0], path.name
            kept[modality] = [before + now for before, now in zip(kept[modality], counts, strict=True)]
    assert count >= 170
    assert all(more > less > 0 for less, more in kept.values()), kept
