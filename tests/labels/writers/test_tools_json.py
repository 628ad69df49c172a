"""COCO, Label Studio and the project's own table: what is written reads back as the same value, or is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from signed_world import (
    COLUMNS,
    NAMES,
    ROWS,
    TEXT,
    World,
    boxes,
    items,
    masks,
    numbers,
    points,
    polygons,
    put,
    runs_of,
    slice_of,
    wrote,
)

from curator.labels.readers.coco import Coco
from curator.labels.readers.label_studio import LabelStudio
from curator.labels.reading import read
from curator.labels.signed import Signed, numbered
from curator.labels.writers.coco import by_columns, compressed

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.image("a", slice_of(1))
    made.image("b", slice_of(2))
    made.text("note")
    return made


def back(world: World, form: str, labels: list[Signed]) -> list[Any]:
    told, files = wrote(world, form, labels)
    assert not told.refused, [error.sentence for error in told.refused.values()]
    put(world.root / "out", files)
    if form == "coco":
        return items(Coco().read(world.root / "out/annotations.json"))
    return items(LabelStudio().read(world.root / "out/tasks.json"))


@st.composite
def keypoints(draw: Any) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from("abcde"), min_size=1, max_size=4, unique=True))
    marks = [
        {
            "name": name,
            "x": draw(numbers(1, COLUMNS)),
            "y": draw(numbers(1, ROWS)),
            "visibility": draw(st.integers(1, 2)),
        }
        for name in names
    ]
    return {"class": draw(NAMES), "points": marks}


IN_COCO = st.one_of(
    *(
        st.tuples(st.just(kind), made)
        for kind, made in (
            ("box", boxes()),
            ("polygon", polygons()),
            ("mask", masks()),
            ("keypoints", keypoints()),
            ("class", st.fixed_dictionaries({"class": NAMES})),
        )
    )
)


@FEW
@given(st.lists(IN_COCO, min_size=1, max_size=5))
def test_every_kind_that_coco_has_reads_back_as_it_was_signed(world: World, drawn: list[Any]) -> None:
    labels = [world.label("ab"[number % 2], kind, value) for number, (kind, value) in enumerate(drawn)]
    found = back(world, "coco", labels)
    ordered = sorted(labels, key=lambda one: (one.path, one.index))
    assert [(one.kind, one.value) for one in found] == [
        (label.kind, numbered(drawn[labels.index(label)][1])) for label in ordered
    ]
    assert [one.kept["curator"]["leaf"] for one in found] == [label.leaf for label in ordered]
    assert [one.sample.name for one in found] == [label.path for label in ordered]
    assert {one.kept["curator"]["reader"] for one in found} == {"ada"}


@FEW
@given(masks(5, 7))
def test_coco_runs_are_those_of_its_definition(value: dict[str, Any]) -> None:
    flat = np.repeat(np.arange(len(value["runs"])) % 2, value["runs"]).reshape(5, 7)
    runs, last = [], 0
    for pixel in flat.T.reshape(-1):  # by columns, zeros first (cocodataset.org, "Data format")
        if pixel != last:
            runs.append(0)
            last = pixel
        runs = runs or [0]
        runs[-1] += 1
    if flat[0, 0]:
        runs = [0, *runs[1:]] if runs[0] == 0 else [0, *runs]
    assert by_columns(value["runs"], 5, 7) == runs


def test_compressed_runs_are_those_of_the_coco_api() -> None:
    # By rleToString of maskApi.c: 5 bits a mark, from the fourth count on the difference to the one two before.
    assert compressed([8, 3, 69]) == "83U2"
    assert compressed([1, 1, 9, 1, 9, 1, 58]) == "119000a1"


def test_area_and_box_of_coco_are_those_of_the_shape(world: World) -> None:
    mask = {
        "class": "a",
        "size": [ROWS, COLUMNS],
        "runs": runs_of([COLUMNS + 2, COLUMNS + 3, 3 * COLUMNS + 2], ROWS * COLUMNS),
    }
    square = {"class": "a", "rings": [[1, 1, 4, 1, 4, 3, 1, 3], [6, 6, 8, 6, 8, Decimal("7.5")]]}
    _, files = wrote(world, "coco", [world.label("a", "mask", mask), world.label("a", "polygon", square)])
    one, two = json.loads(files["annotations.json"])["annotations"]
    assert (one["area"], one["bbox"]) == (3, [2, 1, 2, 3])
    assert (two["area"], two["bbox"]) == (7.5, [1, 1, 7, 6.5])


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("box", {"class": "a", "box": [1, 1, 2, 2], "rotation": 30}, "EXP-006"),
        ("polygon", {"class": "a", "rings": [[0, 0, 9, 0, 9, 9, 0, 9], [2, 2, 4, 2, 4, 4]]}, "EXP-006"),
        ("mask", {"class": "a", "size": [ROWS, COLUMNS], "runs": [ROWS * COLUMNS]}, "EXP-006"),
        ("keypoints", {"class": "a", "points": [{"name": "a", "x": 0, "y": 0, "visibility": 0}]}, "EXP-006"),
        ("point", {"class": "a", "point": [1, 1]}, "EXP-003"),
        ("finding", {"any": "thing"}, "EXP-003"),
    ],
)
def test_what_coco_would_read_as_another_shape_is_refused(world: World, kind: str, value: Any, code: str) -> None:
    told, files = wrote(world, "coco", [world.label("a", kind, value)])
    assert [error.code for error in told.refused.values()] == [code]
    assert files == {}


def test_a_text_and_a_frame_have_no_place_in_coco(world: World) -> None:
    world.image("many", slice_of(5, NumberOfFrames=2, PixelData=bytes(4 * ROWS * COLUMNS)))
    box = {"class": "a", "box": [1, 1, 2, 2]}
    told, _ = wrote(
        world,
        "coco",
        [world.label("note", "class", {"class": "a"}), world.label("many", "box", box, location={"frames": [2]})],
    )
    assert {error.code for error in told.refused.values()} == {"EXP-004"}


@st.composite
def ellipses(draw: Any) -> dict[str, Any]:
    turn = draw(st.integers(0, 179))
    return {
        "class": draw(NAMES),
        "center": [draw(numbers(3, COLUMNS - 3)), draw(numbers(3, ROWS - 3))],
        "radii": [draw(numbers(1, 2)), draw(numbers(1, 2))],
        **({"rotation": turn} if turn else {}),
    }


@st.composite
def lines(draw: Any) -> dict[str, Any]:
    x = sorted(draw(st.sets(st.integers(0, COLUMNS), min_size=2, max_size=5)))
    return {"class": draw(NAMES), "line": [part for one in x for part in (one, draw(numbers(0, ROWS)))]}


@st.composite
def tracks(draw: Any) -> dict[str, Any]:
    frames = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=4)))
    name = draw(NAMES)
    made = [{**draw(boxes(turned=True)), "class": name} for _ in frames]
    kept = [
        {"frame": at, "kind": "box", "value": one, "interpolated": False} for at, one in zip(frames, made, strict=True)
    ]
    return {"class": name, "track": "t1", "frames": kept}


IN_STUDIO = st.one_of(
    *(
        st.tuples(st.just(kind), made)
        for kind, made in (
            ("box", boxes(turned=True)),
            ("polygon", polygons()),
            ("polyline", lines()),
            ("point", points()),
            ("ellipse", ellipses()),
            ("mask", masks()),
            ("class", st.fixed_dictionaries({"class": NAMES})),
            ("classes", st.sets(NAMES, min_size=2).map(lambda names: {"classes": sorted(names)})),
            ("grade", st.integers(0, 9).map(lambda grade: {"scale": "bi-rads", "grade": grade})),
            ("transcript", st.just({"text": "clear lungs", "start": 1, "end": Decimal("2.5")})),
        )
    )
)


@FEW
@given(st.lists(IN_STUDIO, min_size=1, max_size=5))
def test_every_kind_that_label_studio_has_reads_back_as_it_was_signed(world: World, drawn: list[Any]) -> None:
    labels = [world.label("a", kind, value) for kind, value in drawn]
    found = back(world, "label-studio", labels)
    assert [(one.kind, one.value) for one in found] == drawn
    for one, label in zip(found, labels, strict=True):
        assert one.kept["result"]["meta"]["text"] == [f"curator:{label.leaf}"]
        assert (one.author, one.labeled_at, one.origin) == ("ada", "2026-03-04T10:11:12Z", "human")


@FEW
@given(tracks())
def test_a_track_of_boxes_reads_back(tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]) -> None:
    world = World(tmp_path_factory.mktemp("track"))
    world.image("video", slice_of(1, NumberOfFrames=9, PixelData=bytes(18 * ROWS * COLUMNS)))
    (found,) = back(world, "label-studio", [world.label("video", "track", value)])
    assert {**found.value, "track": "t1"} == value


def test_spans_and_relations_of_a_text_read_back_in_code_points(world: World) -> None:
    first = world.label("note", "span", {"type": "symptom", "start": 5, "end": 10})
    second = world.label("note", "span", {"type": "time", "start": TEXT.index("two"), "end": TEXT.index("weeks")})
    link = world.label("note", "relation", {"type": "lasts", "from": first.label_id, "to": second.label_id})
    found = back(world, "label-studio", [first, second, link])
    assert [one.value for one in found[:2]] == [numbered(first.said["value"]), numbered(second.said["value"])]
    assert found[2].value == {"type": "lasts", "from": found[0].label_id, "to": found[1].label_id}
    assert found[0].sample.sha256 is not None


def test_a_relation_whose_ends_are_not_written_is_refused(world: World) -> None:
    first = world.label("note", "span", {"type": "symptom", "start": 5, "end": 10})
    link = world.label("note", "relation", {"type": "lasts", "from": first.label_id, "to": "elsewhere"})
    told, _ = wrote(world, "label-studio", [first, link])
    assert [error.code for error in told.refused.values()] == ["EXP-006"]


def test_finer_numbers_than_a_form_keeps_are_counted(world: World) -> None:
    fine = {"class": "a", "point": [Decimal("1.23456789"), 2]}
    told, _ = wrote(world, "label-studio", [world.label("a", "point", fine), world.label("a", "class", {"class": "a"})])
    assert told.rounded == 1


def test_a_changed_clean_file_stops_everything(world: World) -> None:
    from curator.core.errors import IntegrityError

    label = world.label("a", "box", {"class": "a", "box": [1, 1, 2, 2]})
    with (world.root / label.path).open("ab") as stream:
        stream.write(b"more")
    for form in ("coco", "label-studio", "nifti", "dicom-seg", "dicom-sr"):
        other = world.label("a", "mask", {"class": "a", "size": [ROWS, COLUMNS], "runs": [0, 1, ROWS * COLUMNS - 1]})
        point = world.label("a", "point", {"class": "a", "point": [1, 1]})
        wanted = {"dicom-sr": point, "nifti": other, "dicom-seg": other}.get(form, label)
        with pytest.raises(IntegrityError) as caught:
            wrote(world, form, [wanted])
        assert caught.value.code == "LBL-018"


def test_the_own_table_reads_back_every_field(world: World) -> None:
    more = {
        "confidence": "0.8",
        "confidenceScale": "probability-0-1",
        "tool": {"name": "Label Studio", "version": "1.8"},
        "origin": "human",
        "blinded": True,
        "informationShown": [],
        "preLabel": {"shown": True, "changed": False},
        "location": {"frames": [1]},
        "labeledOffset": "+02:00",
    }
    label = world.label("a", "box", {"class": 'größer, "x"', "box": [1, 2, Decimal("3.250"), 4]}, **more)
    own = world.label("note", "finding", {"any": ["thing", 1]})
    _, files = wrote(world, "csv", [label, own])
    found = [raw.fields for raw in read(files["labels.csv"], "csv")]
    assert found[0] == {
        "labelId": label.label_id,
        "sample": label.path,
        "kind": "box",
        "value": {"class": 'größer, "x"', "box": [1, 2, "3.250", 4]},
        "author": "ada",
        "labeledAt": "2026-03-04T12:11:12+02:00",
        "guideline": "chest@1.0",
        "stage": "read",
        "tool": "Label Studio@1.8",
        **{name: more[name] for name in ("confidence", "confidenceScale", "origin", "blinded", "informationShown")},
        "preLabel": more["preLabel"],
        "location": more["location"],
    }
    assert found[1] is not None
    assert found[1]["value"] == {"any": ["thing", 1]}
