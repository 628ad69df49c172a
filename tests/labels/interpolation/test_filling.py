"""Which signed labels are filled in between, what the lines say, and what is refused rather than guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from signed_world import COLUMNS, ROWS, World, runs_of, slice_of

from curator.core.errors import ItemError
from curator.core.schema import violation
from curator.labels.interpolation.filling import Filling
from curator.labels.interpolation.shapes import between
from curator.labels.interpolation.stacks import Stacks
from curator.labels.origin import counts_as_human, human_frames
from curator.labels.reading import read
from curator.labels.signed import Signed
from curator.labels.values import check_value
from curator.labels.writers.protocol import Clean

ALL = ROWS * COLUMNS


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for number in (1, 2, 3, 4, 6):  # the sixth lies two gaps above the fourth
        made.image(f"s{number}", slice_of(number))
    return made


def fill(world: World, labels: list[Signed], **how: Any) -> tuple[list[dict[str, Any]], Filling]:
    clean = Clean(world.root)
    filling = Filling(clean, Stacks(clean, world.samples.values()), **how)
    ordered = sorted(labels, key=lambda one: (one.path, one.index))
    data = b"".join(filling.lines(ordered))
    made = [raw.fields for raw in read(data, "jsonl")]
    for line in made:
        assert line is not None
        assert violation("label-input", line) is None
        assert line["origin"] == "interpolated"
        assert not counts_as_human(line)
        check_value(line["kind"], line["value"])
        assert violation("label-value", {"kind": line["kind"], "value": json.loads(json.dumps(line["value"]))}) is None
    assert len(filling.filled.ends) + sum(count for _, count in filling.filled.reasons()) == len(labels)
    return made, filling  # type: ignore[return-value]


def codes(filling: Filling) -> dict[str, int]:
    return {error.code: count for error, count in filling.filled.reasons()}


def box(*numbers: Any, name: str = "nodule") -> dict[str, Any]:
    return {"class": name, "box": list(numbers)}


def test_boxes_run_linearly_by_the_slices_own_places(world: World) -> None:
    one = world.label("s1", "box", box(0, 0, 2, 2))
    two = world.label("s4", "box", box(3, 6, 5, 2), labeledAt="2026-03-05T00:00:00Z")
    made, filling = fill(world, [one, two])
    assert [line["sample"] for line in made] == [world.samples[name].path for name in ("s2", "s3")]
    assert [line["value"]["box"] for line in made] == [[1, 2, 3, 2], [2, 4, 4, 2]]
    assert [line["value"]["between"] for line in made] == [[one.leaf, two.leaf]] * 2
    assert {(line["author"], line["labeledAt"], line["guideline"], line["stage"]) for line in made} == {
        ("ada", "2026-03-05T00:00:00Z", "chest@1.0", "read")
    }
    assert codes(filling) == {}
    again, _ = fill(world, [one, two])
    assert again == made


def test_a_missing_slice_counts_as_a_place(world: World) -> None:
    made, _ = fill(
        world,
        [
            world.label("s3", "point", {"class": "a", "point": [0, 0]}),
            world.label("s6", "point", {"class": "a", "point": [3, 6]}),
        ],
    )
    assert [line["value"]["point"] for line in made] == [[1, 2]]


def test_masks_are_filled_in_between_neighbors_only(world: World) -> None:
    block = {
        "class": "a",
        "size": [ROWS, COLUMNS],
        "runs": runs_of([r * COLUMNS + c for r in (4, 5, 6) for c in (4, 5, 6)], ALL),
    }
    labels = [world.label(name, "mask", block) for name in ("s1", "s3", "s6")]
    made, filling = fill(world, labels)
    assert [(line["sample"], line["value"]["runs"]) for line in made] == [
        (world.samples["s2"].path, block["runs"]),
        (world.samples["s4"].path, block["runs"]),
    ]
    assert made[1]["value"]["between"] == [labels[1].leaf, labels[2].leaf]
    assert codes(filling) == {}


def test_readers_stages_guidelines_and_classes_are_never_mixed(world: World) -> None:
    other = {"id": "chest", "version": "2.0", "sha256": "0" * 64}
    labels = [
        world.label("s1", "box", box(0, 0, 2, 2)),
        world.label("s4", "box", box(0, 0, 2, 2), author="ben"),
        world.label("s4", "box", box(0, 0, 2, 2), stage="review"),
        world.label("s4", "box", box(0, 0, 2, 2), guideline=other),
        world.label("s4", "box", box(0, 0, 2, 2, name="cyst")),
        world.label("s4", "point", {"class": "nodule", "point": [1, 1]}),
    ]
    made, filling = fill(world, labels)
    assert made == []
    assert codes(filling) == {"INT-001": 6}


def test_named_labels_of_other_classes_or_kinds_are_refused(world: World) -> None:
    one, two = world.label("s1", "box", box(0, 0, 2, 2)), world.label("s3", "box", box(0, 0, 2, 2, name="cyst"))
    assert codes(fill(world, [one, two], together=True)[1]) == {"INT-006": 2}
    point = world.label("s3", "point", {"class": "nodule", "point": [1, 1]})
    assert codes(fill(world, [one, point], together=True)[1]) == {"INT-006": 2}


def test_two_labels_on_one_slice_are_not_told_apart_by_guessing(world: World) -> None:
    labels = [
        world.label("s1", "box", box(0, 0, 2, 2)),
        world.label("s1", "box", box(5, 5, 2, 2)),
        world.label("s3", "box", box(0, 0, 2, 2)),
    ]
    made, filling = fill(world, labels)
    assert made == []
    assert codes(filling) == {"INT-010": 2, "INT-001": 1}
    made, filling = fill(world, [labels[0], labels[2]], together=True)
    assert len(made) == 1


def test_neighbors_and_ends_too_far_apart_are_counted(world: World) -> None:
    labels = [world.label("s1", "box", box(0, 0, 2, 2)), world.label("s2", "box", box(0, 0, 2, 2))]
    assert codes(fill(world, labels)[1]) == {"INT-013": 2}
    far = [labels[0], world.label("s4", "box", box(0, 0, 2, 2))]
    assert codes(fill(world, far, most=1)[1]) == {"INT-012": 2}


def test_slices_without_a_place_of_their_own_are_no_stack(tmp_path: Path) -> None:
    world = World(tmp_path)
    for number in (1, 2, 3):
        world.image(f"s{number}", slice_of(number, ImagePositionPatient=[0, 0, 7]))
    labels = [world.label("s1", "box", box(0, 0, 2, 2)), world.label("s3", "box", box(0, 0, 2, 2))]
    assert codes(fill(world, labels)[1]) == {"INT-011": 2}


def video(world: World, frames: int = 9) -> None:
    made = slice_of(1, NumberOfFrames=frames, PixelData=bytes(2 * frames * ROWS * COLUMNS))
    world.image("video", made)


def test_frames_of_one_image_are_a_stack(tmp_path: Path) -> None:
    world = World(tmp_path)
    video(world)
    labels = [
        world.label("video", "polygon", {"class": "a", "rings": [[0, 0, 4, 0, 4, 4]]}, location={"frames": [2]}),
        world.label("video", "polygon", {"class": "a", "rings": [[2, 0, 6, 0, 6, 4]]}, location={"frames": [4]}),
    ]
    made, _ = fill(world, labels)
    assert [(line["location"], line["value"]["rings"]) for line in made] == [({"frames": [3]}, [[1, 0, 5, 0, 5, 4]])]
    whole = world.label("video", "polygon", {"class": "a", "rings": [[2, 0, 6, 0, 6, 4]]})
    assert "INT-011" in codes(fill(world, [*labels, whole])[1])


def test_a_track_is_filled_in_between_its_key_frames(tmp_path: Path) -> None:
    world = World(tmp_path)
    video(world)
    keys = [(1, [0, 0, 2, 2], False), (2, [9, 9, 1, 1], True), (4, [3, 6, 5, 2], False), (5, [3, 6, 5, 2], False)]
    frames = [{"frame": at, "kind": "box", "value": box(*numbers), "interpolated": told} for at, numbers, told in keys]
    label = world.label("video", "track", {"class": "nodule", "track": "t1", "frames": frames})
    (line,), _ = fill(world, [label])
    assert line["value"]["between"] == [label.leaf]
    assert [(one["frame"], one["value"]["box"], one["interpolated"]) for one in line["value"]["frames"]] == [
        (2, [1, 2, 3, 2], True),
        (3, [2, 4, 4, 2], True),
    ]
    assert human_frames(line["value"]["frames"]) == []
    alone = world.label("video", "track", {"class": "nodule", "track": "t1", "frames": frames[:2]})
    assert codes(fill(world, [alone])[1]) == {"INT-001": 1}


def test_the_gaps_of_a_volumes_mask_are_filled_in(tmp_path: Path) -> None:
    world = World(tmp_path)
    video(world, frames=5)
    runs = runs_of([r * COLUMNS + c for r in (4, 5, 6) for c in (4, 5, 6)], ALL)
    value = {"class": "a", "size": [COLUMNS, ROWS, 5], "voxels": 18, "slices": {"1": runs, "4": runs}}
    label = world.label("video", "volume-mask", value)
    (line,), _ = fill(world, [label])
    assert line["value"]["slices"] == {"2": runs, "3": runs}
    assert line["value"]["voxels"] == 18
    full = world.label("video", "volume-mask", {**value, "slices": {"1": runs, "2": runs}})
    assert codes(fill(world, [full])[1]) == {"INT-013": 1}


def test_kinds_that_do_not_run_linearly_are_refused(world: World) -> None:
    labels = [world.label("s1", "class", {"class": "a"}), world.label("s3", "finding", "text")]
    assert codes(fill(world, labels)[1]) == {"INT-003": 2}


@pytest.mark.parametrize(
    ("kind", "first", "second", "code"),
    [
        (
            "polygon",
            {"class": "a", "rings": [[0, 0, 4, 0, 4, 4]]},
            {"class": "a", "rings": [[0, 0, 4, 0, 4, 4, 0, 4]]},
            "INT-007",
        ),
        (
            "polygon",
            {"class": "a", "rings": [[0, 0, 4, 0, 4, 4, 0, 4]]},
            {"class": "a", "rings": [[4, 4, 0, 4, 0, 0, 4, 0]]},
            "INT-007",
        ),
        ("box", {"class": "a", "box": [0, 0, 1, 1], "rotation": 10}, {"class": "a", "box": [0, 0, 1, 1]}, "INT-007"),
        ("box", {"class": "a", "box": [0, 0, 1, 1]}, {"class": "b", "box": [0, 0, 1, 1]}, "INT-006"),
        ("ellipse", {"class": "a"}, {"class": "a"}, "INT-003"),
    ],
)
def test_shapes_that_do_not_become_each_other_are_refused(kind: str, first: Any, second: Any, code: str) -> None:
    with pytest.raises(ItemError) as caught:
        between(kind, first, second, Fraction(1, 2))
    assert caught.value.code == code


def test_numbers_are_exact_to_a_millionth() -> None:
    made = between(
        "point", {"class": "a", "point": [0, 1]}, {"class": "a", "point": [1, Decimal("1.5")]}, Fraction(1, 3)
    )
    assert made["point"] == [Decimal("0.333333"), Decimal("1.166667")]


@pytest.mark.parametrize(
    ("record", "human"),
    [
        ({"origin": "human"}, True),
        ({}, True),
        ({"origin": "imported"}, True),
        ({"origin": "model"}, False),
        ({"origin": "interpolated"}, False),
        ({"kind": "track", "value": {"frames": [{"interpolated": True}]}}, False),
        ({"kind": "track", "value": {"frames": [{"interpolated": True}, {"interpolated": False}]}}, True),
    ],
)
def test_what_no_person_made_is_nobodys_reading(record: dict[str, Any], human: bool) -> None:
    assert counts_as_human(record) is human
