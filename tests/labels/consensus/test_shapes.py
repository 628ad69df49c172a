"""Consensus on shapes, polygons, tracks, relations, measurements and codes: what wins, and what is left for people."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from opinion_maker import opinion

from curator.labels.agreement import planar
from curator.labels.agreement.drawn import filled, points
from curator.labels.consensus import areas
from curator.labels.consensus.deciding import MAX_MEMBERS, Decision, Options, decide
from curator.labels.consensus.finds import groups, plain
from curator.labels.consensus.ids import consensus_id, settings_of
from curator.labels.consensus.opinions import Opinion, units_of
from curator.labels.consensus.qualify import Terms, measure
from curator.labels.consensus.questions import Question, question_of
from curator.labels.consensus.severity import Scale, ranked
from curator.labels.geometry import check_ring
from curator.labels.reading import Digits
from curator.labels.values import check_value, settled

pytest.importorskip("scipy")
READERS = ("ada", "ben", "cyn")


def digits(value: Any) -> Any:
    """Return a value as a label file has it: fractions as digits."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else Digits(repr(round(value, 6)))
    if isinstance(value, dict):
        return {name: digits(inner) for name, inner in value.items()}
    return [digits(inner) for inner in value] if isinstance(value, list | tuple) else value


def said(reader: str, kind: str, value: Any, **more: Any) -> Opinion:
    body = digits(value if kind in {"measurement", "code", "span", "relation"} else {"class": "lesion", **value})
    check_value(kind, body)
    return opinion(reader, kind, body, **more)


def decided(*opinions: Opinion, **how: Any) -> Decision:
    (made,) = decide(units_of(opinions), Options(**how))
    for one in made.found:
        check_value(made.unit.question.kind, settled(one.value))
        assert len(one.members) > 1
    taken = [one.signed.label_id for found in made.found for one in found.members]
    assert len(taken) == len(set(taken))
    if made.found:
        assert sorted(taken) == sorted(one.signed.label_id for one in made.unit.opinions)
    return made


#: Three readers who draw one thing nearly alike, of each kind of which a mean is taken; and what comes out.
NEAR: dict[str, tuple[Sequence[Any], Any]] = {
    "point": ([{"point": [10, 10]}, {"point": [12, 10]}, {"point": [11, 13]}], {"point": [11, 11]}),
    "ellipse": (
        [
            {"center": [50, 50], "radii": [20, 10], "rotation": 10},
            {"center": [50, 53], "radii": [10, 20], "rotation": -80},  # the same described the other way
            {"center": [50, 50], "radii": [20, 10], "rotation": 190},
        ],
        {"center": [50, 51], "radii": [20, 10], "rotation": 10},
    ),
    "box": (
        [
            {"box": [0, 0, 20, 10], "rotation": 2},
            {"box": [5, -5, 10, 20], "rotation": 92},
            {"box": [0, 1.5, 20, 10], "rotation": 2},
        ],
        {"box": [0, 0.5, 20, 10], "rotation": 2},
    ),
    "box3d": (
        [{"space": "voxel", "box": [0, 0, z, 10, 10, 10]} for z in (0, 1, 2)],
        {"space": "voxel", "box": [0, 0, 1, 10, 10, 10]},
    ),
    "box3d turned": (
        [
            {"space": "patient", "box": [0, 0, 0, 20, 10, 8], "rotation": 2},
            {"space": "patient", "box": [5, -5, 0.5, 10, 20, 8], "rotation": 92},
            {"space": "patient", "box": [0, 1.5, 1, 20, 10, 8], "rotation": 182},
        ],
        {"space": "patient", "box": [0, 0.5, 0.5, 20, 10, 8], "rotation": 2},
    ),
    "points3d": (
        [{"space": "patient", "points": [[-10, y, 40]]} for y in (1.5, 0, 3)],
        {"space": "patient", "points": [[-10, 1.5, 40]]},
    ),
    "points3d line": (
        [
            {"space": "voxel", "points": [[0, 0, 0], [30, 0, 8]], "closed": False},
            {"space": "voxel", "points": [[30, 3, 8], [0, 3, 2]], "closed": False},  # drawn from its other end
            {"space": "voxel", "points": [[0, 0, 1], [30, 3, 8]], "closed": False},
        ],
        {"space": "voxel", "points": [[0, 1, 1], [30, 2, 8]]},
    ),
    "keypoints": (
        [
            {
                "points": [
                    {"name": "apex", "x": 10 + at, "y": 10, "visibility": 2},
                    {"name": "base", "x": 50, "y": 90, "visibility": 1},
                    {"name": "rim", "x": 5, "y": 5, "visibility": 2 if at == 1 else 0},
                ]
            }
            for at in (0, 1, 2)
        ],
        {
            "points": [
                {"name": "apex", "x": 11, "y": 10, "visibility": 2},
                {"name": "base", "x": 50, "y": 90, "visibility": 1},
                {"name": "rim", "x": 0, "y": 0, "visibility": 0},
            ]
        },
    ),
    "polyline": (
        [{"line": [0, 0, 100, 0]}, {"line": [100, 3, 0, 3]}, {"line": [0, 6, 100, 6]}],
        {"line": [0, 3, 100, 3]},
    ),
}


@pytest.mark.parametrize("name", NEAR)
def test_shapes_that_lie_near_become_their_mean(name: str) -> None:
    (drawn, wanted), kind = NEAR[name], name.split()[0]
    opinions = [said(reader, kind, value) for reader, value in zip(READERS, drawn, strict=True)]
    made = decided(*opinions)
    assert (made.outcome, made.method) == ("decided", "shape-fusion")
    (found,) = made.found
    for key, value in wanted.items():
        got = plain(settled(found.value))[key]
        if key == "rotation":
            assert (got - value) % 180 == pytest.approx(0, abs=1e-6)
        elif isinstance(value, str) or kind == "keypoints":
            assert got == value
        elif kind == "points3d":
            assert sorted(got) == value  # a line may run either way
        elif kind == "polyline":
            assert sorted([got[:2], got[2:]]) == [value[:2], value[2:]]  # it may run either way
        else:
            assert got == pytest.approx(value)


@pytest.mark.parametrize("name", NEAR)
def test_the_order_of_the_labels_decides_nothing(name: str) -> None:
    opinions = [said(reader, name.split()[0], value) for reader, value in zip(READERS, NEAR[name][0], strict=True)]
    first = decided(*opinions)
    for order in range(4):
        random.Random(order).shuffle(opinions)
        again = decided(*opinions)
        assert [one.value for one in again.found] == [one.value for one in first.found]


@pytest.mark.parametrize("name", NEAR)
def test_what_half_of_the_readers_drew_is_left_for_people_and_what_few_drew_is_outvoted(name: str) -> None:
    value, kind = NEAR[name][0][0], name.split()[0]
    opinions = [said("ada", kind, value), opinion("ben", "class", {"class": "x"})]
    made = {one.unit.question.kind: one for one in decide(units_of(opinions), Options())}[kind]
    assert (made.outcome, made.told["undecided"]) == ("equivocal", 1)
    opinions += [opinion("cyn", "class", {"class": "x"})]
    made = {one.unit.question.kind: one for one in decide(units_of(opinions), Options())}[kind]
    assert (made.outcome, made.told["outvoted"]) == ("absent", 1)


def in_space(reader: str, *points_: Sequence[float], space: str = "patient", **more: Any) -> Opinion:
    return said(reader, "points3d", {"space": space, "points": [list(one) for one in points_], **more})


def test_points_in_space_that_lie_apart_stay_apart() -> None:
    near, far = (10, 10, 10), (10, 10, 31)
    made = decided(in_space("ada", near), in_space("ben", far), in_space("cyn", (10, 10, 12)))
    assert (made.outcome, [plain(settled(one.value))["points"] for one in made.found]) == ("decided", [[[10, 10, 11]]])
    assert made.told["outvoted"] == 1
    # As far as was asked for, but along all three axes.
    assert decided(in_space("ada", near), in_space("ben", (16, 16, 16))).outcome == "equivocal"
    assert decided(in_space("ada", near), in_space("ben", (16, 16, 16)), within=10.5).outcome == "decided"


def test_points_in_space_that_cannot_be_laid_over_each_other_are_refused() -> None:
    for other in (
        in_space("ben", (1, 2, 3), space="voxel"),
        in_space("ben", (1, 2, 3), (4, 5, 6)),
        in_space("ben", *[(at, 2, 3) for at in range(300)]),
    ):
        made = decided(in_space("ada", (1, 2, 3)), in_space("cyn", (1, 2, 3)), other)
        assert (made.outcome, made.why) == ("refused", "form")
    many = [[at, 2, 3] for at in range(300)]
    assert decided(in_space("ada", *many), in_space("ben", *many)).why == "form"
    block = {"space": "voxel", "box": [0, 0, 0, 4, 4, 4]}
    mixed = [said("ada", "box3d", block), said("ben", "box3d", {**block, "space": "patient"})]
    assert (decided(*mixed).outcome, decided(*mixed).why) == ("refused", "form")


def test_a_closed_contour_in_space_asks_no_question() -> None:
    value = {"class": "lesion", "space": "patient", "points": [[0, 0, 0], [1, 0, 0], [0, 1, 0]]}
    assert question_of("points3d", {**value, "closed": True}) is None
    assert question_of("points3d", {**value, "closed": False}) == Question("points3d", "shape", "lesion")


def test_disagreement_on_points_in_space_grows_with_their_distance() -> None:
    ranks = {
        apart: ranked(units_of([in_space("ada", (0, 0, 0)), in_space("ben", (0, 0, apart))]), Scale())[0].greatest
        for apart in (0, 5, 10, 40)
    }
    assert ranks == {0: 0.0, 5: pytest.approx(0.25), 10: pytest.approx(0.5), 40: 1.0}


def test_a_weighted_confident_reader_draws_the_mean() -> None:
    opinions = [
        said("ada", "point", {"point": [0, 0]}, confidence=0.75),
        said("ben", "point", {"point": [4, 0]}, confidence=0.25),
    ]
    (found,) = decided(*opinions).found
    assert found.value["point"] == [1, 0]
    (found,) = decided(*opinions, weights={"ada": 1.0, "ben": 9.0}, method="weighted").found
    assert float(found.value["point"][0]) == pytest.approx(4 * 2.25 / 3)


def test_a_mean_that_is_not_what_its_members_drew_is_left_for_people() -> None:
    # The same circle from two beginnings: followed along their lengths, their mean is its center.
    ways = [[(50 + 45 * math.cos(a), 50 + 45 * math.sin(a)) for a in np.linspace(b, b + 6.2, 40)] for b in (0, math.pi)]
    lines = [{"line": [float(one) for place in way for one in place]} for way in ways]
    assert decided(said("ada", "polyline", lines[0]), said("ben", "polyline", lines[1])).outcome == "equivocal"
    assert decided(said("ada", "polyline", lines[0]), said("ben", "polyline", lines[0])).outcome == "decided"


def test_a_find_takes_one_label_of_a_reader_and_the_most_alike_first() -> None:
    alike = np.eye(4)
    alike[0, 2] = alike[2, 0] = 0.9
    alike[1, 2] = alike[2, 1] = 0.8
    alike[1, 3] = alike[3, 1] = 0.4
    assert groups(["ada", "ada", "ben", "ben"], alike, 0.5) == [[0, 2], [1], [3]]
    # A chain is no group: the ends are not alike.
    chain = np.eye(3)
    chain[0, 1] = chain[1, 0] = chain[1, 2] = chain[2, 1] = 0.6
    assert groups(list(READERS), chain, 0.5) == [[0, 1], [2]]


def test_many_finds_of_one_class_are_decided_and_each_names_its_own_members() -> None:
    opinions = [
        said(reader, "point", {"point": [30 * at, shift]})
        for at in range(60)
        for reader, shift in (("ada", 0), ("ben", 2))
    ]
    made = decided(*opinions)
    assert (made.outcome, len(made.found)) == ("decided", 60)
    assert max(len(one.members) for one in made.found) == 2
    # One find for all that was outvoted would name too many.
    lone = [said("ada", "point", {"point": [30 * at, 500]}) for at in range(MAX_MEMBERS)]
    few = [said(reader, "point", {"point": [0, 0]}) for reader in READERS]
    over = decide(units_of([*few, *lone]), Options())[0]
    assert (over.outcome, over.why) == ("refused", "too-many-labels")


def ring(x: float, y: float, radius: float, corners: int = 60, wobble: float = 0, seed: int = 0) -> list[float]:
    rng = random.Random(seed)
    made = []
    for at in range(corners):
        reach = radius + rng.uniform(-wobble, wobble)
        made += [x + reach * math.cos(2 * math.pi * at / corners), y + reach * math.sin(2 * math.pi * at / corners)]
    return made


def inside(rings: Sequence[Sequence[Any]], size: int = 800, scale: int = 4) -> Any:
    return filled([points([float(one) for one in r], 2) * scale for r in rings], (size, size))


@pytest.mark.parametrize("method", ["pixel-vote", "staple"])
def test_polygons_come_to_what_most_readers_drew_inside(method: str) -> None:
    opinions = [
        said(reader, "polygon", {"rings": [ring(100 + shift, 100, 40)]})
        for reader, shift in zip(READERS, (-4, 0, 4), strict=True)
    ]
    made = decided(*opinions, mask_method=method)
    (found,) = made.found
    assert (made.outcome, made.method, made.told["cellsAPixelSide"]) == ("decided", method, 4)
    won = inside(found.value["rings"])
    each = [inside(one.value["rings"]) for one in opinions]
    if method == "pixel-vote":
        assert (won == (np.sum(each, axis=0) >= 2)).all()
    else:
        assert 2 * (won & each[1]).sum() / (won.sum() + each[1].sum()) > 0.95
    for corners in found.value["rings"]:
        check_ring([Decimal(one) for one in corners], None)


def test_polygons_with_holes_and_parts_keep_them() -> None:
    rings = [[10.0, 10, 50, 10, 50, 50, 10, 50], [20.0, 20, 40, 20, 40, 40, 20, 40], [60.0, 10, 70, 10, 70, 20, 60, 20]]
    made = decided(said("ada", "polygon", {"rings": rings}), said("ben", "polygon", {"rings": rings}))
    (found,) = made.found
    assert sorted(map(len, found.value["rings"])) == [8, 8, 8]
    assert (inside(found.value["rings"], 400) == inside(rings, 400)).all()


def test_neighbors_stay_two_polygons() -> None:
    opinions = [
        said(reader, "polygon", {"rings": [ring(x + shift, 50, 10)]})
        for reader, shift in (("ada", 0), ("ben", 1))
        for x in (50, 71)
    ]
    assert len(decided(*opinions).found) == 2


def test_polygons_that_hardly_fit_are_left_for_people() -> None:
    opinions = [said(r, "polygon", {"rings": [ring(x, 50, 10)]}) for r, x in (("ada", 50), ("ben", 55))]
    assert decided(*opinions).outcome == "equivocal"  # below the overlap of one find
    assert decided(*opinions, iou=0.3, least_dice=0.95).outcome == "equivocal"
    assert decided(*opinions, iou=0.3).outcome == "decided"


def test_a_polygon_too_large_for_the_raster_is_refused() -> None:
    wide = {"rings": [[0.0, 0, 9000, 0, 9000, 9000]]}
    made = decided(said("ada", "polygon", wide), said("ben", "polygon", wide))
    assert (made.outcome, made.why) == ("refused", "sizes")
    assert areas.scale_of([{"rings": [[0, 0, 1800, 0, 1800, 1800]]}]) == 2


def track(frames: dict[int, tuple[float, ...]], **more: Any) -> dict[str, Any]:
    return {
        "track": "t",
        "frames": [
            {"frame": at, "kind": "box", "value": {"class": "lesion", "box": list(box), **more}, "interpolated": False}
            for at, box in frames.items()
        ],
    }


def test_tracks_become_one_with_the_boxes_of_most_readers() -> None:
    drawn = [
        track({1: (0, 0, 10, 10), 11: (100, 0, 10, 10)}),
        track({1: (2, 0, 10, 10), 6: (52, 0, 10, 10), 11: (102, 0, 10, 10)}),
        track({1: (1, 0, 10, 10), 11: (101, 0, 10, 10), 15: (141, 0, 10, 10)}),
    ]
    made = decided(*(said(reader, "track", value) for reader, value in zip(READERS, drawn, strict=True)))
    assert (made.outcome, made.method) == ("decided", "track-fusion")
    frames = {one["frame"]: one for one in made.found[0].value["frames"]}
    assert {at: one["value"]["box"][0] for at, one in frames.items()} == {1: 1, 6: 51, 11: 101}
    assert {one["interpolated"] for one in frames.values()} == {False}


def test_tracks_of_other_things_stay_apart_and_other_shapes_are_refused() -> None:
    two = [track({1: (0, y, 10, 10), 5: (0, y, 10, 10)}) for y in (0, 50)]
    made = decided(*(said(reader, "track", value) for reader in ("ada", "ben") for value in two))
    assert len(made.found) == 2
    assert {one.value["track"] for one in made.found} == {"consensus-1", "consensus-2"}
    turned = track({1: (0, 0, 10, 10)}, rotation=5)
    made = decided(said("ada", "track", turned), said("ben", "track", turned))
    assert (made.outcome, made.why) == ("refused", "form")


def amount(reader: str, value: float, what: str = "diameter", unit: str = "mm") -> Opinion:
    return said(reader, "measurement", {"what": what, "amount": value, "unit": unit})


def test_the_median_stands_for_measurements_that_lie_close() -> None:
    made = decided(amount("ada", 10), amount("ben", 10.5), amount("cyn", 10.2))
    assert (made.outcome, made.method) == ("decided", "median")
    assert made.found[0].value == {"what": "diameter", "unit": "mm", "amount": Decimal("10.2")}
    assert decided(amount("ada", 10), amount("ben", 10.5)).found[0].value["amount"] == Decimal("10.25")
    assert decided(amount("ada", 10), amount("ben", 12)).outcome == "equivocal"
    assert decided(amount("ada", 10), amount("ben", 12), spread=0.2).outcome == "decided"
    heavy = {"ada": 5.0, "ben": 1.0, "cyn": 1.0}
    weighed = decided(amount("ada", 10), amount("ben", 10.5), amount("cyn", 10.2), weights=heavy, method="weighted")
    assert weighed.found[0].value["amount"] == 10


def test_measurements_of_other_things_or_units_are_other_questions() -> None:
    opinions = [amount("ada", 10), amount("ben", 1, unit="cm")]
    assert [one.why for one in decide(units_of(opinions), Options())] == ["one-opinion"] * 2
    twice = [amount("ada", 10), amount("ada", 10.1), amount("ben", 10)]
    for method in ("majority", "dawid-skene"):
        assert decide(units_of(twice), Options(method))[0].why == "reader-twice"


def code(reader: str, *codes: str, sample: int = 0) -> list[Opinion]:
    return [said(reader, "code", {"system": "SCT", "code": one}, sample=sample) for one in codes]


def test_codes_of_a_sample_are_voted_on_each_by_itself() -> None:
    opinions = [*code("ada", "22298006", "73211009"), *code("ben", "22298006"), *code("cyn", "22298006", "38341003")]
    made = decided(*opinions)
    assert [one.value["code"] for one in made.found] == ["22298006"]
    assert made.told["votes"] == {"22298006": 3, "38341003": 1, "73211009": 1}
    both = decided(*code("ada", "22298006", "73211009"), *code("ben", "22298006", "73211009"))
    assert len(both.found) == 2
    split = decided(*code("ada", "22298006", "73211009"), *code("ben", "22298006"))
    assert split.outcome == "equivocal"
    model = decide(units_of(opinions), Options("dawid-skene"))[0]
    assert (model.outcome, model.method) == ("decided", "majority")


def noted(reader: str, drug: tuple[int, int], dose: tuple[int, int], *, joined: bool = True) -> list[Opinion]:
    spans = [
        said(reader, "span", {"type": kind, "start": a, "end": b}) for kind, (a, b) in (("drug", drug), ("dose", dose))
    ]
    if not joined:
        return spans
    ids = [one.signed.label_id for one in spans]
    made = said(reader, "relation", {"type": "dose of", "from": ids[1], "to": ids[0]})
    return [*spans, replace(made, ends=(spans[1].value, spans[0].value))]


def test_relations_join_the_spans_that_the_readers_agree_on() -> None:
    opinions = [
        *noted("ada", (0, 8), (9, 12)),
        *noted("ben", (1, 8), (9, 12)),
        *noted("cyn", (0, 8), (9, 12), joined=False),
    ]
    by_kind = {one.unit.question.text: one for one in decide(units_of(opinions), Options())}
    made = by_kind["relation dose of"]
    assert (made.outcome, made.method) == ("decided", "relation-vote")
    ids = {
        name: consensus_id(by_kind[name], 0, by_kind[name].found[0], settings_of(Options()))
        for name in ("span drug", "span dose")
    }
    assert made.found[0].value == {"type": "dose of", "from": ids["span dose"], "to": ids["span drug"]}
    assert [one.reader for one in made.found[0].members] == ["ada", "ben"]


def test_a_relation_without_a_decided_span_is_left_for_people() -> None:
    open_ = [*noted("ada", (0, 8), (9, 12)), *noted("ben", (20, 28), (9, 12))]
    made = next(one for one in decide(units_of(open_), Options()) if one.unit.question.kind == "relation")
    assert made.outcome == "equivocal"
    alone = [
        one for reader in ("ada", "ben") for one in noted(reader, (0, 8), (9, 12)) if one.question.kind == "relation"
    ]
    made = decide(units_of(alone), Options())[0]
    assert (made.outcome, made.why) == ("refused", "ends")
    lone = [
        *noted("ada", (0, 8), (9, 12)),
        *(one for r in ("ben", "cyn") for one in noted(r, (0, 8), (9, 12), joined=False)),
    ]
    made = next(one for one in decide(units_of(lone), Options()) if one.unit.question.kind == "relation")
    assert made.outcome == "absent"


def test_known_shapes_are_recovered_from_readers_who_scatter() -> None:
    """Five readers with a known error: the consensus lies nearer to the truth than the readers do."""
    rng = np.random.default_rng(21)
    errors: dict[str, list[tuple[float, float]]] = {"point": [], "ellipse": [], "polygon": []}
    for sample in range(6):
        x, y = rng.uniform(60, 140, 2).tolist()
        turn = float(rng.uniform(-90, 90))
        true = {"class": "lesion", "center": [x, y], "radii": [30.0, 18.0], "rotation": turn}
        opinions = []
        for reader in range(5):
            off = rng.normal(0, 2, 2).tolist()
            opinions.append(said(f"r{reader}", "point", {"point": [x + off[0], y + off[1]]}, sample=sample))
            drawn = {
                "center": [x + off[0], y + off[1]],
                "radii": [30 + float(rng.normal(0, 1.5)), 18 + float(rng.normal(0, 1.5))],
                "rotation": turn + float(rng.normal(0, 4)),
            }
            opinions.append(said(f"r{reader}", "ellipse", drawn, sample=sample))
            outline = planar.outline(drawn)[::6]
            opinions.append(said(f"r{reader}", "polygon", {"rings": [outline.reshape(-1).tolist()]}, sample=sample))
        for made in decide(units_of(opinions), Options()):
            assert made.outcome == "decided"
            value = plain(settled(made.found[0].value))
            kind = made.unit.question.kind
            each = [plain(one.value) for one in made.unit.opinions]
            if kind == "point":
                apart = [math.dist(one["point"], (x, y)) for one in (value, *each)]
            elif kind == "ellipse":
                apart = [1 - float(planar.iou_matrix([one], [true])[0, 0]) for one in (value, *each)]
            else:
                known = inside([planar.outline(true).reshape(-1).tolist()], 400, 2)
                drawn_ = [inside(one["rings"], 400, 2) for one in (value, *each)]
                apart = [1 - (one & known).sum() / (one | known).sum() for one in drawn_]
            errors[kind].append((apart[0], sum(apart[1:]) / 5))
    for kind, found in errors.items():
        consensus, readers = np.mean(found, axis=0)
        # The mean of five has 1 / sqrt 5 = 0.45 of the scatter of one; a vote on cells is a median, and has more.
        assert consensus < (0.7 if kind == "polygon" else 0.55) * readers, kind


def test_the_queue_ranks_every_kind_by_how_far_readers_are_apart() -> None:
    far = {
        "point": ({"point": [0, 0]}, {"point": [5, 0]}, 1 - 0.75),
        "ellipse": ({"center": [9, 9], "radii": [4, 4]}, {"center": [9, 9], "radii": [4, 2]}, 0.5),
        "polyline": ({"line": [0, 0, 9, 0]}, {"line": [0, 40, 9, 40]}, 1),
        "polygon": ({"rings": [[0.0, 0, 8, 0, 8, 8, 0, 8]]}, {"rings": [[4.0, 0, 12, 0, 12, 8, 4, 8]]}, 0.5),
        "track": (track({1: (0, 0, 9, 9)}), track({1: (0, 0, 9, 9), 2: (0, 0, 9, 9)}), 1 - 2 / 3),
        "measurement": (
            {"what": "diameter", "amount": 8, "unit": "mm"},
            {"what": "diameter", "amount": 10, "unit": "mm"},
            0.2,
        ),
    }
    for kind, (one, two, wanted) in far.items():
        (made,) = ranked(units_of([said("ada", kind, one), said("ben", kind, two)]), Scale())
        assert made.severity == pytest.approx(wanted, abs=1e-3), kind
    codes = ranked(units_of([*code("ada", "22298006", "73211009"), *code("ben", "22298006")]), Scale())
    assert codes[0].severity == pytest.approx(0.5)
    relations = [one for r, at in (("ada", 0), ("ben", 1)) for one in noted(r, (at, 8), (9, 12))]
    (made,) = [one for one in ranked(units_of(relations), Scale()) if one.unit.question.kind == "relation"]
    assert made.severity == 0


def test_a_reader_is_held_against_a_reference_of_shapes() -> None:
    own = [said("ada", "point", {"point": [0, 0]}), said("ada", "point", {"point": [90, 90]}), amount("ada", 3)]
    true = [said("gold", "point", {"point": [3, 0]}), said("gold", "point", {"point": [50, 50]}), amount("gold", 4)]
    (family,) = measure(own, true, Terms()).families
    figures = family.classes["lesion"]
    assert (figures["sensitivity"].value, figures["precision"].value) == (0.5, 0.5)
    polygon = [[said(r, "polygon", {"rings": [ring(x, 50, 10)]})] for r, x in (("ada", 50), ("gold", 50))]
    (family,) = measure(polygon[0], polygon[1], Terms()).families
    assert family.classes["lesion"]["dice"].value == 1


def test_many_finds_far_from_each_other_are_not_compared_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from curator.labels.consensus import drawing

    compared = []

    def counted(*words: Any) -> float:
        compared.append(1)
        return real(*words)

    real = drawing.likeness
    monkeypatch.setattr(drawing, "likeness", counted)
    opinions = [
        said(reader, "ellipse", {"center": [60 * (at % 20), 60 * (at // 20)], "radii": [9, 6]})
        for at in range(40)
        for reader in ("ada", "ben")
    ]
    made = decided(*opinions)
    assert len(made.found) == 40
    assert len(compared) <= 3 * 40  # each pair, and each member with the mean
