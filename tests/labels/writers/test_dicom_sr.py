"""DICOM SR: regions, measurements and codes read back as they were signed, each with its record."""

from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from signed_world import COLUMNS, NAMES, ROWS, World, items, numbers, points, polygons, put, slice_of, wrote

from curator.core.errors import UsageError
from curator.labels.readers.dicom_sr import DicomSr
from curator.labels.returned import leaf_of
from curator.labels.signed import Signed

pytest.importorskip("highdicom")
FEW = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.image("a", slice_of(1))
    made.image("b", slice_of(2))
    return made


def back(world: World, files: dict[str, bytes]) -> list[Any]:
    put(world.root / "out", files)
    return [one for name in sorted(files) for one in items(DicomSr().read(world.root / "out" / name))]


@st.composite
def measurements(draw: Any) -> dict[str, Any]:
    made = {
        "what": draw(NAMES),
        "amount": draw(numbers(-5, 500)),
        "unit": draw(st.sampled_from(["mm", "mm2", "[hnsf'U]"])),
    }
    if draw(st.booleans()):
        made["points"] = [[draw(numbers(0, COLUMNS, 2)), draw(numbers(0, ROWS, 2))] for _ in range(2)]
    return made


@st.composite
def lines(draw: Any) -> dict[str, Any]:
    x = sorted(draw(st.sets(st.integers(0, COLUMNS), min_size=2, max_size=5)))
    return {"class": draw(NAMES), "line": [part for one in x for part in (one, draw(numbers(0, ROWS)))]}


@st.composite
def ellipses(draw: Any) -> dict[str, Any]:
    across = draw(st.integers(2, 3))
    return {
        "class": draw(NAMES),
        "center": [draw(st.integers(4, 9)), draw(st.integers(4, 8))],
        "radii": [across, draw(st.integers(1, 2))],
    }


DRAWN = st.one_of(
    *(
        st.tuples(st.just(kind), made)
        for kind, made in (
            ("point", points()),
            ("polyline", lines()),
            ("polygon", polygons()),
            ("ellipse", ellipses()),
            ("measurement", measurements()),
            ("code", st.just({"system": "SCT", "code": "39607008", "meaning": "Lung structure"})),
        )
    )
)


@FEW
@given(st.lists(DRAWN, min_size=1, max_size=4))
def test_every_kind_of_a_report_reads_back_with_its_record(world: World, drawn: list[Any]) -> None:
    labels = [world.label("ab"[at % 2], kind, value, origin="human") for at, (kind, value) in enumerate(drawn)]
    told, files = wrote(world, "dicom-sr", labels)
    assert not told.refused, [error.sentence for error in told.refused.values()]
    assert len(files) == 1
    found = {leaf_of(one): one for one in back(world, files)}
    assert set(found) == {label.leaf for label in labels}
    for label, (kind, value) in zip(labels, drawn, strict=True):
        one = found[label.leaf]
        assert (one.kind, one.value) == (kind, value)
        assert (one.sample.name, one.author, one.origin) == (label.uid, "ada", "human")
        assert one.labeled_at == "2026-03-04T10:11:12Z"


@pytest.mark.parametrize("origin", ["human", "model", "unknown"])
def test_whose_opinion_it_is_comes_back(world: World, origin: str) -> None:
    more = {} if origin == "unknown" else {"origin": origin}
    label = world.label("a", "point", {"class": "a", "point": [1, 2]}, **more)
    (found,) = back(world, wrote(world, "dicom-sr", [label])[1])
    assert found.origin == origin


def test_an_interpolated_label_never_comes_back_as_a_persons(world: World) -> None:
    label = world.label("a", "point", {"class": "a", "point": [1, 2]}, origin="interpolated")
    (found,) = back(world, wrote(world, "dicom-sr", [label])[1])
    assert found.origin != "human"


def test_the_report_follows_the_template_and_has_the_records_dates(world: World) -> None:
    import highdicom

    label = world.label("a", "polygon", {"class": "nodule", "rings": [[1, 1, 5, 1, 5, 5]]})
    _, files = wrote(world, "dicom-sr", [label])
    (data,) = files.values()
    made = pydicom.dcmread(io.BytesIO(data))
    assert (made.StudyInstanceUID, made.PatientID, made.ContentDate) == ("2.25.7", "case-1", "20260304")
    assert made.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    report = highdicom.sr.srread(io.BytesIO(data)).content
    (group,) = report.get_planar_roi_measurement_groups()
    assert group.tracking_identifier == f"curator:{label.leaf}"
    assert group.finding_type.meaning == "nodule"
    assert group.roi.value.tolist() == [[1, 1], [5, 1], [5, 5], [1, 1]]


def test_numbers_that_32_bits_do_not_keep_are_counted(world: World) -> None:
    label = world.label("a", "point", {"class": "a", "point": [Decimal("1.23456789012"), 2]})
    told, _ = wrote(world, "dicom-sr", [label])
    assert told.rounded == 1


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("class", {"class": "a"}, "EXP-003"),
        ("box", {"class": "a", "box": [1, 1, 2, 2]}, "EXP-003"),
        ("polygon", {"class": "a", "rings": [[0, 0, 9, 0, 9, 9], [2, 1, 4, 1, 4, 2]]}, "EXP-006"),
        ("polyline", {"class": "a", "line": [0, 0, 9, 0, 9, 9, 0, 0]}, "EXP-006"),
        ("measurement", {"what": "a", "amount": Decimal("1.12345678901234567"), "unit": "mm"}, "EXP-006"),
        ("code", {"system": "SCT", "code": "39607008"}, "EXP-006"),
        ("point", {"class": "x" * 65, "point": [1, 1]}, "EXP-006"),
    ],
)
def test_what_a_report_has_no_place_for_is_refused(world: World, kind: str, value: Any, code: str) -> None:
    label: Signed = world.label("a", kind, value)
    told, files = wrote(world, "dicom-sr", [label])
    assert [error.code for error in told.refused.values()] == [code]
    assert files == {}


@pytest.mark.parametrize("form", ["dicom-sr", "dicom-seg"])
def test_without_highdicom_it_says_what_to_install(world: World, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    for part in ("sr", "seg"):
        monkeypatch.setitem(sys.modules, f"highdicom.{part}", None)
    with pytest.raises(UsageError) as caught:
        wrote(world, form, [world.label("a", "point", {"class": "a", "point": [1, 1]})])
    assert caught.value.code == "EXP-008"
