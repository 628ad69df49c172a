"""Every kind of label that is compared, from a signed ledger to the report and its schema."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from ledger_world import World

from curator.core.errors import CheckError, UsageError
from curator.core.schema import violation
from curator.labels.agreement.finds import KINDS, Rules
from curator.labels.agreement.groups import Groups
from curator.labels.agreement.rated import rated
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.scales import Scales
from curator.labels.agreement.shapes import compared, shape_report
from curator.labels.opinions import Opinions, opinions
from curator.labels.report.agreed import headline
from curator.labels.report.gallery import told
from curator.labels.report.material import material
from curator.labels.report.outlines import rings_of
from curator.provenance.ledger import Ledger
from curator.provenance.log import Log

pytest.importorskip("scipy")
FRAME = {"frame": 1, "kind": "box", "interpolated": False}
#: Of each kind what ada drew, what ben drew near it, and the first figure that they come to.
DRAWN: dict[str, tuple[Any, Any, str, float]] = {
    "ellipse": ({"center": [20, 20], "radii": [4, 4]}, {"center": [20, 20], "radii": [4, 2]}, "mean_iou", 0.5),
    "box3d": (
        {"space": "voxel", "box": [0, 0, 0, 4, 4, 4]},
        {"space": "voxel", "box": [0, 0, 0, 4, 4, 3]},
        "mean_iou",
        0.75,
    ),
    "point": ({"point": [5, 5]}, {"point": [8, 9]}, "distance", 5),
    "points3d": (
        {"space": "patient", "points": [[1, 2, 3]]},
        {"space": "patient", "points": [[1, 2, 5]]},
        "distance_mm",
        2,
    ),
    "polyline": ({"line": [0, 0, 30, 0]}, {"line": [0, 2, 30, 2]}, "distance_mm", 4),
    "track": (
        {"track": "a", "frames": [{**FRAME, "value": {"class": "x", "box": [0, 0, 10, 10]}}]},
        {"track": "b", "frames": [{**FRAME, "value": {"class": "x", "box": [0, 0, 10, 10]}}]},
        "hota",
        1,
    ),
    "box": ({"box": [5, 5, 10, 10], "rotation": 90}, {"box": [5, 5, 10, 10]}, "mean_iou", 1),
}


def classed(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"class": "x", **value} if kind != "relation" else value


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("kinds") / "ledger").people().guide()
    drafts: dict[str, list[Any]] = {"ada": [], "ben": []}

    def put(who: str, number: int, kind: str, value: Any, **more: Any) -> None:
        name = f"{who}-{len(drafts[who])}"
        drafts[who].append(made.label(number, who, kind=kind, value=value, **{"labelId": name, **more}))

    for kind, (one, two, _, _) in DRAWN.items():
        put("ada", 1, kind, classed(kind, one))
        put("ben", 1, kind, classed(kind, two))
    for who, ends in (("ada", (0, 5)), ("ben", (1, 5))):
        put(who, 2, "span", {"type": "drug", "start": ends[0], "end": ends[1]}, labelId=f"{who}-drug")
        put(who, 2, "span", {"type": "dose", "start": 6, "end": 9}, labelId=f"{who}-dose")
        put(who, 2, "relation", {"type": "of", "from": f"{who}-dose", "to": f"{who}-drug"})
    put("ada", 2, "relation", {"type": "of", "from": "ben-dose", "to": "ada-drug"})  # another's label is no end of hers
    for number, codes in enumerate((("22298006", "73211009"), ("22298006",), ("38341003",)), 3):
        for code in codes:
            put("ada", number, "code", {"system": "SCT", "code": code})
        put("ben", number, "code", {"system": "SCT", "code": codes[0]})
    for number, amount in enumerate((10, 20, 30), 3):
        for what, unit in (("diameter", "mm"), ("angle", "deg")):
            put("ada", number, "measurement", {"what": what, "amount": amount, "unit": unit})
            put("ben", number, "measurement", {"what": what, "amount": amount + number, "unit": unit})
    for who, own in drafts.items():
        made.sign(*own, by=who)
    return made


def collected(world: World, *kinds: str) -> Opinions:
    return opinions(world.folder.parent, Log.of(Ledger(world.folder)), frozenset(kinds) or None)


def reported(world: World, kind: str) -> Any:
    found = collected(world, kind)
    made = compared(
        kind, found.used, found.read, rules=Rules(), groups=Groups(), spacing=lambda _: (None, 2.0, 2.0)
    )  # fmt: skip
    document = shape_report(made, Sampling(0)) | {"kind": kind, "source": found.document()}
    assert violation("agreement-report", document) is None
    return document


@pytest.mark.parametrize("kind", DRAWN)
def test_each_kind_of_find_is_compared_and_reported(world: World, kind: str) -> None:
    document = reported(world, kind)
    _, _, measure, wanted = DRAWN[kind]
    assert document["overall"]["measures"][measure]["value"] == pytest.approx(wanted, abs=1e-3)
    assert set(document["overall"]["measures"]) <= {*document["definitions"], "map"}
    assert document["not_compared"] == {}


def test_relations_are_compared_by_the_spans_that_they_join(world: World) -> None:
    document = reported(world, "relation")
    made = document["overall"]["measures"]
    assert (made["exact_f1"]["value"], made["overlap_f1"]["value"]) == (0, 1)
    assert document["source"]["left_out"]["loose-ends"] == 1
    assert document["source"]["labels"] == document["source"]["used"] + 1 == 3


def test_several_codes_of_a_sample_are_a_set(world: World) -> None:
    found = collected(world, "code")
    document, _ = rated(found.used, "code", Groups(), sampling=Sampling(0))
    made = document["overall"]["measures"]
    assert made["jaccard"]["value"] == pytest.approx((1 / 2 + 1 + 1) / 3)
    assert made["masi"]["value"] == pytest.approx((1 / 3 + 1 + 1) / 3)
    assert made["percent_agreement"]["value"] == pytest.approx(8 / 9)  # of three codes in three samples
    assert [level["level"] for level in document["groups"][0]["levels"]] == [
        "SCT 22298006",
        "SCT 38341003",
        "SCT 73211009",
    ]
    assert violation("agreement-report", document | {"kind": "code"}) is None


def test_one_code_of_each_reader_is_a_class(world: World) -> None:
    found = collected(world, "code")
    plain = {"22298006": "I21", "73211009": "E10", "38341003": "I10"}
    icd = [
        replace(one, value={"system": "ICD10", "code": plain[one.value["code"]]})
        for one in found.used
        if one.value["code"] != "73211009"
    ]
    document, questions = rated(icd, "code", Groups(), sampling=Sampling(0))
    assert set(questions[""].value.names) == {"I21", "I10"}
    assert document["overall"]["measures"]["percent_agreement"]["value"] == 1
    assert document["overall"]["measures"]["jaccard"]["value"] == 1
    assert document["groups"] == []
    assert violation("agreement-report", document | {"kind": "code"}) is None


def test_measurements_are_reported_each_by_itself_with_limits(world: World) -> None:
    found = collected(world, "measurement")
    document, _ = rated(found.used, "measurement", Groups(), sampling=Sampling(0))
    assert document["overall"]["measures"] == {}
    assert document["overall"]["units"] == 6
    (group,) = document["groups"]
    assert (group["by"], [one["level"] for one in group["levels"]]) == ("measure", ["angle deg", "diameter mm"])
    assert "ICC(2,1)" in group["levels"][1]["measures"]
    first, second = document["limits_of_agreement"]
    assert (first["what"], second["what"], second["readers"]) == ("angle", "diameter", ["ada", "ben"])
    assert (second["bias"]["value"], second["deviation"]["value"]) == (-4, 1)
    assert violation("agreement-report", document | {"kind": "measurement"}) is None


def test_grades_of_two_scales_are_never_put_together(world: World) -> None:
    grades = [
        replace(one, kind="grade", value={"scale": {"angle": "kl", "diameter": "birads"}[one.value["what"]],
                                          "grade": int(one.value["amount"]) % 7})
        for one in collected(world, "measurement").used
    ]  # fmt: skip
    scales = Scales(own_scale={"kl": "nominal"})
    document, questions = rated(grades, "grade", Groups(("guideline",)), scales=scales, sampling=Sampling(0))
    assert document["overall"]["measures"] == {}
    levels = {one["level"]: one for one in document["groups"][0]["levels"]}
    assert document["groups"][0]["by"] == "scale"
    assert (levels["kl"]["scale"], levels["birads"]["scale"]) == ("nominal", "ordinal")
    for name, one in levels.items():
        alone = [grade for grade in grades if grade.value["scale"] == name]
        single, _ = rated(alone, "grade", Groups(), scales=Scales(one["scale"]), sampling=Sampling(0))
        assert single["overall"]["measures"] == one["measures"]
        assert questions[name].units == 3
    assert violation("agreement-report", document | {"kind": "grade"}) is None
    with pytest.raises(UsageError, match="AGR-039"):
        rated(grades, "grade", Groups(), scales=Scales(own_scale={"tnm": "nominal"}), sampling=Sampling(0))


def test_classes_that_answer_questions_are_compared_question_by_question(world: World) -> None:
    first = [one for one in collected(world, "measurement").used if one.value["what"] == "angle"]
    said = {"ada": ("view: AP", "birads: 4"), "ben": ("birads: 4", "view: lateral")}
    used = [
        replace(one, kind="class", value={"class": name}, leaf=f"{one.leaf}{at}")
        for one in first for at, name in enumerate(said[one.author])
    ]  # fmt: skip
    document, questions = rated(used, "class", Groups(), sampling=Sampling(0))
    assert (list(questions), document["groups"][0]["by"]) == (["birads", "view"], "question")
    shares = {one["level"]: one["measures"]["percent_agreement"]["value"] for one in document["groups"][0]["levels"]}
    assert shares == {"birads": 1, "view": 0}
    # Of two answers at one time that say no question, nobody knows which to compare with which.
    bare = [replace(one, value={"class": one.value["class"].partition(": ")[2]}) for one in used]
    with pytest.raises(CheckError, match="AGR-041"):
        rated(bare, "class", Groups(), sampling=Sampling(0))
    # One answer each: a colon in the name of a class is then a part of its name.
    single, _ = rated(used[::2], "class", Groups(), sampling=Sampling(0))
    assert single["groups"] == []
    assert set(single["classes"]) == {"birads: 4", "view: AP"}


def test_every_kind_goes_into_the_label_report(world: World) -> None:
    found = collected(world)
    made = {one.kind: one for one in material(found, sampling=Sampling(0), rules=Rules(), spacing=lambda _: None)}
    assert {"code", "measurement", "relation", *DRAWN} <= set(made)
    for kind in (*DRAWN, "relation", "code"):
        assert made[kind].agreement is not None, kind
        for one in made[kind].differences:
            assert 0 <= one.score < 1
            assert told(one.said[0])
    assert [one.score for one in made["ellipse"].differences] == [pytest.approx(0.5, abs=1e-3)]


def test_outlines_of_lines_points_and_turned_shapes() -> None:
    assert rings_of("polyline", [{"line": [0, 0, 1, 0, 1, 1]}]) == (((0, 0), (1, 0), (1, 1), (1, 0)),)
    assert rings_of("point", [{"point": [3, 4]}]) == (((3, 4),),)
    (ring,) = rings_of("box", [{"box": [0, 0, 4, 2], "rotation": 90}]) or ()
    assert {(round(x, 9), round(y, 9)) for x, y in ring} == {(1, -1), (3, -1), (3, 3), (1, 3)}
    (round_,) = rings_of("ellipse", [{"center": [5, 5], "radii": [2, 1]}]) or ()
    assert max(x for x, _ in round_) == pytest.approx(7, abs=1e-3)


def test_every_kind_of_find_has_its_sums_measures_and_definitions() -> None:
    from curator.labels.agreement.finds import SUMS
    from curator.labels.agreement.meanings import definitions
    from curator.labels.agreement.pooled import MEASURES
    from curator.labels.measures import NAMES

    assert set(KINDS) == set(SUMS) == set(MEASURES)
    for kind in KINDS:
        assert set(MEASURES[kind]) <= set(definitions(kind, Rules()))
        assert set(MEASURES[kind]) <= set(NAMES)


def test_the_first_measure_fits_the_scale_and_each_question_has_its_own() -> None:
    def kind(document: Any) -> Any:
        return SimpleNamespace(agreement=document, code="AGR-012")

    def measures(**values: float) -> dict[str, Any]:
        return {name.replace("_1_", "(2,1)"): {"value": one, "low": None, "high": None} for name, one in values.items()}

    ratings = {"gwet_ac1": 0.1, "gwet_ac2": 0.8, "ICC_1_": 0.7}
    for scale, name in (("nominal", "Gwet's AC1"), ("ordinal", "Gwet's AC2"), ("ratio", "ICC(2,1)")):
        assert headline(kind({"scale": scale, "overall": {"measures": measures(**ratings)}}))[0] == name
    levels = [{"level": name, "scale": "nominal", "measures": measures(gwet_ac1=0.5)} for name in "abcd"]
    several = {"scale": None, "overall": {"measures": {}}, "groups": [{"by": "question", "levels": levels}]}
    name, value = headline(kind(several))
    assert (name, value.count("Gwet's AC1 0.500"), "and 1 more" in value) == ("each question by itself", 3, True)
    assert headline(kind(None)) == ("none", "AGR-012")
