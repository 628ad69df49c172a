"""RT structure sets: contours, images, reviews, hostile bytes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import SECRET, attack, coded, everything, fields, file_of

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused, Review
from curator.labels.readers.rtstruct import RTSTRUCT, Rtstruct

SQUARE = ["-51.0", "-51.00", "60", "-51.0", "-27.0", "60", "-27", "-27", "60", "1e1", "-51", "60"]


def _contour(data: list[str], image: str | None = "1.2.8.1", kind: str = "CLOSED_PLANAR", **more: Any) -> Any:
    made = fields(ContourGeometricType=kind, NumberOfContourPoints=len(data) // 3, ContourData=data, **more)
    if image is not None:
        made.ContourImageSequence = [
            fields(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2", ReferencedSOPInstanceUID=image)
        ]
    return made


def _set(*contours: Any, **more: Any) -> Any:
    made = fields(
        SpecificCharacterSet="ISO_IR 192",
        StructureSetLabel="plan",
        StructureSetDate="20260105",
        StructureSetTime="101112",
        TimezoneOffsetFromUTC="+0000",
        ApprovalStatus="APPROVED",
        ReviewDate="20260106",
        ReviewTime="080000",
        ReviewerName="Lee^Kim",
        OperatorsName="Rao^Asha",
        ReferencedFrameOfReferenceSequence=[
            fields(
                FrameOfReferenceUID="1.2.7",
                RTReferencedStudySequence=[fields(RTReferencedSeriesSequence=[fields(SeriesInstanceUID="1.2.8")])],
            )
        ],
        StructureSetROISequence=[
            fields(ROINumber=1, ReferencedFrameOfReferenceUID="1.2.7", ROIName="GTV", ROIGenerationAlgorithm="MANUAL"),
            fields(
                ROINumber=2, ReferencedFrameOfReferenceUID="1.2.7", ROIName="Lung", ROIGenerationAlgorithm="AUTOMATIC"
            ),
        ],
        ROIContourSequence=[
            fields(ReferencedROINumber=1, ROIDisplayColor=[255, 0, 0], ContourSequence=list(contours)),
            fields(ReferencedROINumber=2, ContourSequence=[_contour(["0", "0", "0"], kind="POINT")]),
        ],
        RTROIObservationsSequence=[
            fields(
                ObservationNumber=1,
                ReferencedROINumber=1,
                RTROIInterpretedType="GTV",
                ROIInterpreter="Silva^Ana",
                RTROIIdentificationCodeSequence=coded("86049000", "SCT", "Primary tumor"),
            )
        ],
    )
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def _read(path: Path, dataset: Any) -> list[Item | Refused]:
    path.write_bytes(file_of(dataset, RTSTRUCT))
    return everything(Rtstruct(), path)


def test_each_contour_is_one_label_in_patient_space_on_its_image(tmp_path: Path) -> None:
    one, two = _read(tmp_path / "a.dcm", _set(_contour(SQUARE)))
    assert one.kind == "points3d"
    assert one.value["class"] == "GTV"
    assert (one.value["space"], one.value["closed"]) == ("patient", True)
    assert [str(number) for number in one.value["points"][0]] == ["-51.0", "-51.00", "60"]
    assert one.value["points"][3] == [Decimal(10), Decimal(-51), Decimal(60)]
    assert (one.sample.by, one.sample.name) == ("uid", "1.2.8.1")
    assert (one.author, one.labeled_at, one.origin) == ("Silva^Ana", "2026-01-05T10:11:12Z", "human")
    assert one.reviews == (Review("Lee^Kim", "2026-01-06T08:00:00Z", "accepted"),)
    assert one.kept["observations"][0]["RTROIIdentificationCodeSequence"][0]["code"] == "86049000"
    assert one.kept["roi"]["ReferencedFrameOfReferenceUID"] == "1.2.7"
    assert one.kept["ROIDisplayColor"] == "255\\0\\0"
    assert (two.value["class"], two.value["closed"], two.origin, two.author) == ("Lung", False, "model", "Rao^Asha")


@pytest.mark.parametrize(
    ("status", "outcome"), [("REJECTED", "rejected"), ("REVIEWED?", "unknown"), ("UNAPPROVED", None), ("", None)]
)
def test_only_a_review_that_was_held_is_told(tmp_path: Path, status: str, outcome: str | None) -> None:
    item = _read(tmp_path / "a.dcm", _set(_contour(SQUARE), ApprovalStatus=status))[0]
    assert [review.outcome for review in item.reviews] == ([outcome] if outcome else [])


def test_a_contour_without_an_image_is_about_its_one_series(tmp_path: Path) -> None:
    item = _read(tmp_path / "a.dcm", _set(_contour(SQUARE, None)))[0]
    assert item.sample.name == "1.2.8"
    dataset = _set(_contour(SQUARE, None))
    study = dataset.ReferencedFrameOfReferenceSequence[0].RTReferencedStudySequence[0]
    study.RTReferencedSeriesSequence.append(fields(SeriesInstanceUID="1.2.88"))
    assert _read(tmp_path / "a.dcm", dataset)[0].code == "IMP-023"


@pytest.mark.parametrize(
    ("contour", "code"),
    [
        (_contour(SQUARE[:6]), "IMP-025"),
        (_contour(SQUARE[:3] * 4), "IMP-025"),
        (_contour(SQUARE[:3], kind="OPEN_PLANAR"), "IMP-021"),
        (_contour(SQUARE, kind="SPIRAL"), "IMP-022"),
        (_contour([]), "IMP-025"),
    ],
)
def test_broken_contours_are_refused_one_by_one(tmp_path: Path, contour: Any, code: str) -> None:
    found = _read(tmp_path / "a.dcm", _set(contour, _contour(SQUARE)))
    assert [getattr(item, "code", "item") for item in found] == [code, "item", "item"]


def test_points_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    wrong = _contour(SQUARE)
    wrong.NumberOfContourPoints = 5
    assert _read(tmp_path / "a.dcm", _set(wrong))[0].code == "IMP-020"
    assert _read(tmp_path / "a.dcm", _set(_contour(SQUARE[:-1])))[0].code == "IMP-020"


def test_regions_without_contours_and_contours_without_a_region_are_counted(tmp_path: Path) -> None:
    dataset = _set(_contour(SQUARE))
    dataset.ROIContourSequence[1].ReferencedROINumber = 9
    found = _read(tmp_path / "a.dcm", dataset)
    assert [getattr(item, "code", "item") for item in found] == ["item", "IMP-026", "IMP-021"]


def test_two_interpreters_leave_no_author(tmp_path: Path) -> None:
    dataset = _set(_contour(SQUARE))
    dataset.RTROIObservationsSequence.append(fields(ReferencedROINumber=1, ROIInterpreter="Other^One"))
    assert _read(tmp_path / "a.dcm", dataset)[0].code == "IMP-023"


def test_another_object_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(file_of(_set(_contour(SQUARE)), "1.2.840.10008.5.1.4.1.1.2"))
    with pytest.raises(UsageError, match="IMP-001"):
        everything(Rtstruct(), tmp_path / "a.dcm")


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    dataset = _set(_contour(SQUARE), StructureSetDescription=SECRET, ReviewerName="Quackenbush^Zebulon")
    dataset.StructureSetROISequence[0].ROIName = SECRET[:60]
    outcomes = attack(Rtstruct(), file_of(dataset, RTSTRUCT), tmp_path / "a.dcm", 300)
    assert outcomes["IMP-003"] > 50
