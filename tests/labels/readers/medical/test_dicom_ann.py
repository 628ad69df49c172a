"""Bulk annotations of slides: graphics, lists of beginnings, measurements, hostile bytes."""

from __future__ import annotations

import struct
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import SECRET, attack, coded, everything, fields, file_of

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.dicom_ann import ANN, DicomAnn


def _group(graphic: str, *annotations: list[float], name: str = "nucleus", double: bool = False) -> Any:
    flat = [number for one in annotations for number in one]
    made = fields(
        AnnotationGroupNumber=1,
        AnnotationGroupUID="1.2.11",
        AnnotationGroupLabel=name,
        AnnotationGroupGenerationType="AUTOMATIC",
        AnnotationPropertyTypeCodeSequence=coded("84640000", "SCT", "Nucleus"),
        NumberOfAnnotations=len(annotations),
        GraphicType=graphic,
    )
    if double:
        made.DoublePointCoordinatesData = struct.pack(f"<{len(flat)}d", *flat)
    else:
        made.PointCoordinatesData = struct.pack(f"<{len(flat)}f", *flat)
    starts, at = [], 1
    for one in annotations:
        starts.append(at)
        at += len(one)
    made.LongPrimitivePointIndexList = struct.pack(f"<{len(starts)}I", *starts)
    return made


def _measured(made: Any, values: list[float], indexes: list[int] | None = None, unit: str = "UCUM") -> Any:
    told = fields(FloatingPointValues=struct.pack(f"<{len(values)}f", *values))
    if indexes is not None:
        told.AnnotationIndexList = struct.pack(f"<{len(indexes)}I", *indexes)
    made.MeasurementsSequence = [
        fields(
            ConceptNameCodeSequence=coded("42798000", "SCT", "Area"),
            MeasurementUnitsCodeSequence=coded("um2", unit, "um2"),
            MeasurementValuesSequence=[told],
        )
    ]
    return made


def _ann(*groups: Any, **more: Any) -> Any:
    made = fields(
        SpecificCharacterSet="ISO_IR 192",
        StudyInstanceUID="1.2.5",
        ContentDate="20260105",
        ContentTime="101112",
        TimezoneOffsetFromUTC="+0000",
        ContentCreatorName="Rao^Asha",
        AnnotationCoordinateType="2D",
        PixelOriginInterpretation="VOLUME",
        ReferencedImageSequence=[fields(ReferencedSOPInstanceUID="1.2.8.1")],
        AnnotationGroupSequence=list(groups),
    )
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def _read(path: Path, dataset: Any) -> list[Item | Refused]:
    path.write_bytes(file_of(dataset, ANN))
    return everything(DicomAnn(), path)


@pytest.mark.parametrize("double", [False, True])
def test_each_annotation_is_one_label_on_the_slide(tmp_path: Path, double: bool) -> None:
    one, two = _read(
        tmp_path / "a.dcm", _ann(_group("POLYGON", [0.1, 0, 9, 0, 9, 9], [1, 1, 5, 1, 5, 5, 1, 5], double=double))
    )
    assert one.value == {"class": "nucleus", "rings": [[Decimal(word) for word in ("0.1", "0", "9", "0", "9", "9")]]}
    assert len(two.value["rings"][0]) == 8
    assert (one.label_id, one.sample.by, one.sample.name) == ("ann-1-1", "uid", "1.2.8.1")
    assert (one.author, one.labeled_at, one.origin) == ("Rao^Asha", "2026-01-05T10:11:12Z", "model")
    assert one.kept["group"]["AnnotationPropertyTypeCodeSequence"][0]["code"] == "84640000"


def test_every_graphic_is_the_shape_that_it_draws(tmp_path: Path) -> None:
    found = _read(
        tmp_path / "a.dcm",
        _ann(
            _group("POINT", [1, 2], [3, 4]),
            _group("POLYLINE", [1, 2, 3, 4, 5, 7]),
            _group("RECTANGLE", [0, 0, 4, 0, 4, 2, 0, 2]),
            _group("ELLIPSE", [0, 5, 10, 5, 5, 3, 5, 7]),
        ),
    )
    assert [item.kind for item in found] == ["point", "point", "polyline", "polygon", "ellipse"]
    assert found[4].value["radii"] == [Decimal(5), Decimal(2)]


def test_measured_values_are_labels_that_name_their_annotation(tmp_path: Path) -> None:
    group = _measured(_group("POINT", [1, 2], [3, 4], [5, 6]), [10.5, 20], [3, 1])
    found = _read(tmp_path / "a.dcm", _ann(group))
    assert [item.kind for item in found] == ["point"] * 3 + ["measurement"] * 2
    assert found[3].value == {"what": "Area", "amount": Decimal("10.5"), "unit": "um2"}
    assert [item.kept["annotation"] for item in found[3:]] == ["ann-1-3", "ann-1-1"]
    wrong = _measured(_group("POINT", [1, 2]), [float("nan")])
    assert [getattr(item, "code", "item") for item in _read(tmp_path / "a.dcm", _ann(wrong))] == ["item", "IMP-020"]
    wrong = _measured(_group("POINT", [1, 2]), [1], unit="99T")
    assert [getattr(item, "code", "item") for item in _read(tmp_path / "a.dcm", _ann(wrong))] == ["item", "IMP-043"]


@pytest.mark.parametrize(
    "more",
    [
        {"AnnotationCoordinateType": "3D"},
        {"PixelOriginInterpretation": "FRAME"},
        {"ReferencedImageSequence": []},
    ],
)
def test_what_does_not_count_one_slides_pixels_is_refused(tmp_path: Path, more: dict[str, Any]) -> None:
    assert [item.code for item in _read(tmp_path / "a.dcm", _ann(_group("POINT", [1, 2], [3, 4]), **more))] == [
        "IMP-023",
        "IMP-023",
    ]


def test_broken_outlines_are_refused_one_by_one(tmp_path: Path) -> None:
    group = _group("POLYGON", [0, 0, 9, 9, 9, 0, 0, 9], [0, 0, 1, 1], [0, 0, 9, 0, 9, 9], [float("inf"), 0, 9, 0, 9, 9])
    found = _read(tmp_path / "a.dcm", _ann(group))
    assert [getattr(item, "code", "item") for item in found] == ["IMP-025", "IMP-025", "item", "IMP-020"]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("NumberOfAnnotations", 3),
        ("PointCoordinatesData", bytes(8)),
        ("LongPrimitivePointIndexList", struct.pack("<2I", 1, 99)),
        ("LongPrimitivePointIndexList", struct.pack("<2I", 3, 1)),
    ],
)
def test_lists_that_do_not_fit_refuse_the_object(tmp_path: Path, keyword: str, value: object) -> None:
    group = _group("POLYGON", [0, 0, 9, 0, 9, 9], [0, 0, 9, 0, 9, 9])
    setattr(group, keyword, value)
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.dcm", _ann(group))


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    group = _measured(_group("POLYGON", [0, 0, 9, 0, 9, 9], [0, 0, 9, 0, 9, 9], name=SECRET[:60]), [1, 2])
    outcomes = attack(DicomAnn(), file_of(_ann(group, ContentDescription=SECRET), ANN), tmp_path / "a.dcm", 300)
    assert outcomes["IMP-003"] > 50
