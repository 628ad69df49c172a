"""Structured reports: TID 1500 groups, OHIF's nesting, plain containers, observers, hostile bytes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import SECRET, attack, coded, everything, fields, file_of

from curator.labels.item import Item, Refused, Review
from curator.labels.readers.dicom_sr import DicomSr

CLASS = "1.2.840.10008.5.1.4.1.1.88.34"
CT = "1.2.840.10008.5.1.4.1.1.2"


def _content(kind: str, relation: str, name: tuple[str, str, str] | None, *children: Any, **values: Any) -> Any:
    made = fields(ValueType=kind, RelationshipType=relation, **values)
    if name is not None:
        made.ConceptNameCodeSequence = coded(*name)
    if children:
        made.ContentSequence = list(children)
    return made


def _image(uid: str = "1.2.8.1", frame: int | None = None, purpose: tuple[str, str, str] | None = None) -> Any:
    reference = fields(ReferencedSOPClassUID=CT, ReferencedSOPInstanceUID=uid)
    if frame is not None:
        reference.ReferencedFrameNumber = frame
    return _content("IMAGE", "SELECTED FROM", purpose, ReferencedSOPSequence=[reference])


def _scoord(graphic: str, data: list[float], *children: Any, relation: str = "CONTAINS") -> Any:
    made = _content("SCOORD", relation, ("111030", "DCM", "Image Region"), *children)
    made.GraphicType, made.GraphicData = graphic, data
    return made


def _num(meaning: str, amount: str, unit: tuple[str, str, str], *children: Any) -> Any:
    made = _content("NUM", "CONTAINS", ("1", "99T", meaning), *children)
    made.MeasuredValueSequence = [fields(NumericValue=amount, MeasurementUnitsCodeSequence=coded(*unit))]
    return made


def _code(concept: tuple[str, str, str], value: tuple[str, str, str], relation: str = "CONTAINS") -> Any:
    return _content("CODE", relation, concept, ConceptCodeSequence=coded(*value))


MM = ("mm", "UCUM", "millimeter")
FINDING = _code(("121071", "DCM", "Finding"), ("39607008", "SCT", "Lung structure"))
TRACKING = _content("TEXT", "HAS OBS CONTEXT", ("112039", "DCM", "Tracking Identifier"), TextValue="lesion 1")
PERSON = [
    _code(("121005", "DCM", "Observer Type"), ("121006", "DCM", "Person"), "HAS OBS CONTEXT"),
    _content("PNAME", "HAS OBS CONTEXT", ("121008", "DCM", "Person Observer Name"), PersonName="Rao^Asha"),
]
DEVICE = [
    _code(("121005", "DCM", "Observer Type"), ("121007", "DCM", "Device"), "HAS OBS CONTEXT"),
    _content("UIDREF", "HAS OBS CONTEXT", ("121012", "DCM", "Device Observer UID"), UID="1.2.99"),
]


def _group(*children: Any) -> Any:
    return _content("CONTAINER", "CONTAINS", ("125007", "DCM", "Measurement Group"), *children)


def _report(*groups: Any, observers: list[Any] = PERSON, **more: Any) -> Any:
    measurements = _content("CONTAINER", "CONTAINS", ("126010", "DCM", "Imaging Measurements"), *groups)
    made = _content("CONTAINER", "", ("126000", "DCM", "Imaging Measurement Report"), *observers, measurements)
    del made.RelationshipType
    for keyword, value in {
        "SpecificCharacterSet": "ISO_IR 192",
        "StudyInstanceUID": "1.2.5",
        "SeriesInstanceUID": "1.2.6",
        "ContentDate": "20260105",
        "ContentTime": "101112",
        "TimezoneOffsetFromUTC": "-0500",
        "CompletionFlag": "COMPLETE",
        "VerificationFlag": "UNVERIFIED",
        **more,
    }.items():
        setattr(made, keyword, value)
    return made


def _evidence(*series: tuple[str, list[str]]) -> Any:
    return [
        fields(
            StudyInstanceUID="1.2.5",
            ReferencedSeriesSequence=[
                fields(
                    SeriesInstanceUID=uid,
                    ReferencedSOPSequence=[
                        fields(ReferencedSOPClassUID=CT, ReferencedSOPInstanceUID=image) for image in images
                    ],
                )
                for uid, images in series
            ],
        )
    ]


def _read(path: Path, dataset: Any) -> list[Item | Refused]:
    path.write_bytes(file_of(dataset, CLASS))
    return everything(DicomSr(), path)


def test_a_planar_region_and_its_measurement_are_two_labels(tmp_path: Path) -> None:
    region = _scoord("POLYLINE", [10.5, 20.25, 30.1, 20.25, 30.1, 40, 10.5, 20.25], _image(frame=3))
    found = _read(tmp_path / "a.dcm", _report(_group(TRACKING, FINDING, region, _num("Long axis", "12.50", MM))))
    area, length = found
    assert area.kind == "polygon"
    assert area.value == {
        "class": "Lung structure",
        "rings": [[Decimal(word) for word in ("10.5", "20.25", "30.1", "20.25", "30.1", "40")]],
    }
    assert (area.sample.by, area.sample.name, area.part) == ("uid", "1.2.8.1", {"frames": [3]})
    assert (area.author, area.labeled_at, area.origin) == ("Rao^Asha", "2026-01-05T10:11:12-05:00", "human")
    assert area.place == "content 1.3.1.3"
    assert area.label_id == "sr-1.3.1.3"
    assert length.kind == "measurement"
    assert length.value == {"what": "Long axis", "amount": Decimal("12.50"), "unit": "mm"}
    assert str(length.value["amount"]) == "12.50"
    assert {"concept": {"system": "DCM", "code": "112039", "meaning": "Tracking Identifier"}, "value": "lesion 1"} in (
        area.kept["group"]
    )


def test_a_line_below_its_measurement_gives_the_measurement_its_points(tmp_path: Path) -> None:
    line = _scoord("POLYLINE", [1, 2, 30, 40], _image("1.2.8.2"), relation="INFERRED FROM")
    found = _read(tmp_path / "a.dcm", _report(_group(FINDING, _num("Length", "47.8", MM, line))))
    assert [item.kind for item in found] == ["measurement"]
    assert found[0].value["points"] == [[Decimal(1), Decimal(2)], [Decimal(30), Decimal(40)]]
    assert found[0].sample.name == "1.2.8.2"


def test_an_area_below_its_measurement_is_a_label_of_its_own(tmp_path: Path) -> None:
    ellipse = _scoord("ELLIPSE", [10, 20, 30, 20, 20, 15, 20, 25], _image("1.2.8.2"), relation="INFERRED FROM")
    found = _read(tmp_path / "a.dcm", _report(_group(FINDING, _num("Area", "157", ("mm2", "UCUM", "mm2"), ellipse))))
    assert [item.kind for item in found] == ["measurement", "ellipse"]
    assert "points" not in found[0].value
    assert found[1].value == {
        "class": "Lung structure",
        "center": [Decimal(20), Decimal(20)],
        "radii": [Decimal(10), Decimal(5)],
    }
    assert found[1].sample.name == "1.2.8.2"


@pytest.mark.parametrize(
    ("graphic", "data", "kind", "value"),
    [
        ("POINT", [1.5, 2.5], "point", {"point": [Decimal("1.5"), Decimal("2.5")]}),
        ("POLYLINE", [1, 2, 3, 5], "polyline", {"line": [Decimal(1), Decimal(2), Decimal(3), Decimal(5)]}),
        ("CIRCLE", [10, 10, 13, 14], "ellipse", {"center": [Decimal(10)] * 2, "radii": [Decimal(5)] * 2}),
        (
            "ELLIPSE",
            [20, 10, 20, 30, 15, 20, 25, 20],
            "ellipse",
            {"center": [Decimal(20)] * 2, "radii": [Decimal(10), Decimal(5)], "rotation": Decimal(90)},
        ),
    ],
)
def test_each_graphic_is_the_shape_that_it_draws(
    tmp_path: Path, graphic: str, data: list[float], kind: str, value: dict[str, Any]
) -> None:
    (found,) = _read(tmp_path / "a.dcm", _report(_group(FINDING, _scoord(graphic, data, _image()))))
    assert (found.kind, found.value) == (kind, {"class": "Lung structure", **value})


def test_several_points_are_numbered_marks(tmp_path: Path) -> None:
    (found,) = _read(tmp_path / "a.dcm", _report(_group(FINDING, _scoord("MULTIPOINT", [1, 2, 3, 4], _image()))))
    assert found.value["points"][1] == {"name": "2", "x": Decimal(3), "y": Decimal(4), "visibility": 2}


@pytest.mark.parametrize(
    ("graphic", "data", "code"),
    [
        ("POLYLINE", [0, 0, 10, 10, 10, 0, 0, 10, 0, 0], "IMP-025"),
        ("POLYLINE", [1, 1, 1, 1], "IMP-021"),
        ("POLYLINE", [1, 2, 3], "IMP-020"),
        ("POINT", [1, 2, 3, 4], "IMP-020"),
        ("CIRCLE", [1, 2, 1, 2], "IMP-021"),
        ("POINT", [float("nan"), 2.0], "IMP-020"),
        ("STAR", [1, 2], "IMP-022"),
    ],
)
def test_broken_graphics_are_refused_one_by_one(tmp_path: Path, graphic: str, data: list[float], code: str) -> None:
    groups = _group(FINDING, _scoord(graphic, data, _image()), _num("Length", "1", MM))
    found = _read(
        tmp_path / "a.dcm", _report(groups, CurrentRequestedProcedureEvidenceSequence=_evidence(("1", ["2"])))
    )
    assert [getattr(item, "code", "item") for item in found] == [code, "item"]


def test_regions_in_space_keep_their_points_and_their_series(tmp_path: Path) -> None:
    region = _content("SCOORD3D", "CONTAINS", ("111030", "DCM", "Image Region"), ReferencedFrameOfReferenceUID="1.2.7")
    region.GraphicType, region.GraphicData = "POLYGON", [0, 0, 5, 10, 0, 5, 10, 10, 5, 0, 0, 5]
    series = _content("UIDREF", "CONTAINS", ("121232", "DCM", "Source series for segmentation"), UID="1.2.8")
    (found,) = _read(tmp_path / "a.dcm", _report(_group(FINDING, region, series)))
    assert (found.kind, found.value["space"], found.value["closed"], len(found.value["points"])) == (
        "points3d",
        "patient",
        True,
        3,
    )
    assert (found.sample.by, found.sample.name) == ("uid", "1.2.8")
    region.GraphicType, region.GraphicData = "ELLIPSE", [0.0] * 12
    assert _read(tmp_path / "a.dcm", _report(_group(FINDING, region, series)))[0].code == "IMP-022"


def test_evaluations_are_codes_and_answers(tmp_path: Path) -> None:
    group = _group(
        FINDING,
        _image(purpose=("121324", "DCM", "Source image")),
        _code(("121402", "DCM", "Normality"), ("17621005", "SCT", "Normal")),
        _content("TEXT", "CONTAINS", ("1", "99T", "Density"), TextValue="moderate"),
        _content("TEXT", "CONTAINS", ("121106", "DCM", "Comment"), TextValue=SECRET),
    )
    code, answer = _read(tmp_path / "a.dcm", _report(group))
    assert (code.kind, code.value) == ("code", {"system": "SCT", "code": "17621005", "meaning": "Normal"})
    assert code.kept["item"]["concept"]["meaning"] == "Normality"
    assert (answer.kind, answer.value) == ("class", {"class": "Density: moderate"})
    assert {item.sample.name for item in (code, answer)} == {"1.2.8.1"}
    assert SECRET in str(answer.kept)


def test_a_group_that_only_has_a_finding_is_that_finding(tmp_path: Path) -> None:
    evidence = _evidence(("1.2.8", ["1.2.8.1", "1.2.8.2"]))
    report = _report(_group(TRACKING, FINDING), PertinentOtherEvidenceSequence=evidence)
    (found,) = _read(tmp_path / "a.dcm", report)
    assert (found.kind, found.value["code"], found.sample.name) == ("code", "39607008", "1.2.8")


@pytest.mark.parametrize(
    ("evidence", "name"),
    [
        (_evidence(("1.2.8", ["1.2.8.1"])), "1.2.8.1"),
        (_evidence(("1.2.8", ["1.2.8.1", "1.2.8.2"])), "1.2.8"),
        (_evidence(("1.2.8", ["1.2.8.1"]), ("1.2.88", ["1.2.88.1"])), "1.2.5"),
        ([], "1.2.5"),
    ],
)
def test_a_label_without_an_image_is_about_what_the_report_is_about(tmp_path: Path, evidence: Any, name: str) -> None:
    report = _report(_group(FINDING, _num("Length", "1", MM)), CurrentRequestedProcedureEvidenceSequence=evidence)
    assert _read(tmp_path / "a.dcm", report)[0].sample.name == name


@pytest.mark.parametrize(
    ("observers", "origin", "author"),
    [(PERSON, "human", "Rao^Asha"), (DEVICE, "model", None), (PERSON + DEVICE, "unknown", "Rao^Asha"),
     ([], "unknown", None)],
)  # fmt: skip
def test_observers_say_whose_opinion_it_is(
    tmp_path: Path, observers: list[Any], origin: str, author: str | None
) -> None:
    (found,) = _read(tmp_path / "a.dcm", _report(_group(FINDING, _num("Length", "1", MM)), observers=observers))
    assert (found.origin, found.author) == (origin, author)


def test_an_algorithm_is_a_model_and_a_placeholder_is_no_author(tmp_path: Path) -> None:
    algorithm = _content("TEXT", "HAS CONCEPT MOD", ("111001", "DCM", "Algorithm Name"), TextValue="net")
    version = _content("TEXT", "HAS CONCEPT MOD", ("111003", "DCM", "Algorithm Version"), TextValue="7")
    nobody = _content(
        "PNAME", "HAS OBS CONTEXT", ("121008", "DCM", "Person Observer Name"), PersonName="unknown^unknown"
    )
    report = _report(_group(FINDING, algorithm, version, _num("Length", "1", MM)), observers=[nobody])
    (found,) = _read(tmp_path / "a.dcm", report)
    assert (found.origin, found.tool, found.author) == ("model", ("net", "7"), None)


def test_a_verified_report_carries_its_review(tmp_path: Path) -> None:
    observer = fields(VerifyingObserverName="Lee^Kim", VerificationDateTime="20260106080000+0100")
    report = _report(
        _group(FINDING, _num("Length", "1", MM)), VerificationFlag="VERIFIED", VerifyingObserverSequence=[observer]
    )
    (found,) = _read(tmp_path / "a.dcm", report)
    assert found.reviews == (Review("Lee^Kim", "2026-01-06T08:00:00+01:00", "accepted"),)


def test_a_broken_frame_number_does_not_make_it_a_label_of_the_whole_image(tmp_path: Path) -> None:
    image = _image()
    image.ReferencedSOPSequence[0].ReferencedFrameNumber = [3, 0]
    found = _read(tmp_path / "a.dcm", _report(_group(FINDING, _scoord("POINT", [1, 2], image))))
    assert [item.code for item in found] == ["IMP-023"]


def test_measurements_without_a_ucum_unit_or_a_value_are_refused(tmp_path: Path) -> None:
    empty = _num("Length", "1", MM)
    empty.MeasuredValueSequence = []
    group = _group(FINDING, _num("Length", "1", ("px", "99T", "pixels")), empty)
    assert [item.code for item in _read(tmp_path / "a.dcm", _report(group))] == ["IMP-043", "IMP-023"]


def test_the_image_library_is_no_label(tmp_path: Path) -> None:
    library = _content("CONTAINER", "CONTAINS", ("111028", "DCM", "Image Library"), _num("Spacing", "1", MM))
    assert _read(tmp_path / "a.dcm", _report(library)) == []


def test_a_report_without_the_template_is_read_container_by_container(tmp_path: Path) -> None:
    text = fields(ValueType="TEXT", ConceptNameCodeSequence=coded("1", "99X", "Quality"), TextValue="bad")
    (found,) = _read(tmp_path / "a.dcm", _report(_content("CONTAINER", "CONTAINS", None, text)))
    assert found.value == {"class": "Quality: bad"}


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    region = _scoord("POLYLINE", [10.5, 20.25, 30.1, 20.25, 30.1, 40, 10.5, 20.25], _image(frame=3))
    comment = _content("TEXT", "CONTAINS", ("1", "99T", "Remark"), TextValue=SECRET)
    data = file_of(_report(_group(TRACKING, FINDING, region, comment, _num("Axis", "12.50", MM))), CLASS)
    outcomes = attack(DicomSr(), data, tmp_path / "a.dcm", 400)
    assert outcomes["IMP-003"] > 50
