"""Supervisely: figures of images, tags, tracks of videos, slices of volumes, whose work a label is."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.supervisely import Supervisely
from curator.labels.readers.table import recognized

#: The bitmap of the format's own page: three by three pixels, the middle one and its right neighbor are not set.
BITMAP = (
    "eJzrDPBz5+WS4mJgYOD19HAJAtLMIMwIInOeqf8BUmwBPiGuQPr///9Lb86/C2QxlgT5BTM4PLuRBuTwebo4hlTMSa44cOHAB6DqY0yORgq8YkAZBk9X"
    "P5d1TglNANAFGzA="
)
WHO = {"labelerLogin": "alexxx", "createdAt": "2020-08-22T09:32:48.010Z", "updatedAt": "2020-08-23T09:33:08.926Z"}


def figure(kind: str, *points: Any, holes: Any = (), **more: Any) -> dict[str, Any]:
    drawn = {"points": {"exterior": list(points), "interior": list(holes)}} if points else {}
    return {"classTitle": "nodule", "geometryType": kind, "description": "", "tags": [], **drawn, **more}


def read(path: Path, **document: Any) -> list[Item | Refused]:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"description": "", "tags": [], "size": {"height": 40, "width": 60}, "objects": []}
    path.write_text(json.dumps({**head, **document}))
    assert recognized(path) == ["supervisely"]
    return list(Supervisely().read(path))


def test_every_figure_becomes_its_kind(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text(
        json.dumps(
            {"classes": [{"title": "nodule", "geometry_config": {"nodes": {"a1": {"label": "apex"}, "b2": {}}}}]}
        )
    )
    square = [[10, 10], [20, 10], [20, 20], [10, 20]]
    found = read(
        tmp_path / "set" / "ann" / "scan.png.json",
        objects=[
            figure("rectangle", [9, 8], [4, 2], id=7, **WHO),
            figure("rectangle", [4.5, 2], [9, 8]),
            figure("rectangle", [4, 2], [60, 8]),
            figure("polygon", *square, holes=[[[12, 12], [14, 12], [14, 14]]]),
            figure(
                "multipolygon", parts=[{"exterior": square, "interior": []}, {"exterior": [[1, 1], [3, 1], [3, 3]]}]
            ),
            figure("line", [1, 1], [2.5, 2]),
            figure("point", [1, 1]),
            figure("bitmap", bitmap={"data": BITMAP, "origin": [3, 2]}),
            figure("graph", nodes={"a1": {"loc": [1, 2]}, "b2": {"loc": [3, 4], "disabled": True}}),
        ],
    )
    assert all(isinstance(one, Item) for one in found), found
    half = Decimal("0.5")
    box, exact, edge, polygon, parts, line, point, mask, graph = found
    assert box.value == {"class": "nodule", "box": [4, 2, 6, 7]}
    assert exact.value["box"] == [Decimal("4.5"), 2, Decimal("4.5"), 6]
    assert edge.value["box"] == [4, 2, 56, 6]
    assert polygon.value["rings"][1] == [12 + half, 12 + half, 14 + half, 12 + half, 14 + half, 14 + half]
    assert len(parts.value["rings"]) == 2
    assert line.value["line"] == [1, 1, Decimal("2.5"), 2]
    assert point.value["point"] == [1 + half, 1 + half]
    assert mask.value == {"class": "nodule", "size": [40, 60], "runs": [123, 3, 57, 1, 59, 3, 2154]}
    assert [(one["name"], one["visibility"]) for one in graph.value["points"]] == [("apex", 2), ("b2", 1)]
    assert (box.sample.name, box.sample.size, box.label_id) == ("scan.png", (60, 40), "sly-7")
    assert (box.author, box.labeled_at) == ("alexxx", WHO["createdAt"])
    assert box.kept == {"updatedAt": WHO["updatedAt"]}


def test_tags_and_whose_work_it_is(tmp_path: Path) -> None:
    found = read(
        tmp_path / "scan.png.json",
        tags=[{"name": "normal", "value": None, "id": 3, **WHO}, {"name": "side", "value": "left"}],
        objects=[
            figure("point", [1, 1], nnCreated=True, nnUpdated=True),
            figure("point", [1, 1], nnCreated=True, nnUpdated=False, tags=[{"name": "sure", "value": 0.9}]),
            figure("point", [1, 1], nnCreated=False, nnUpdated=False),
            figure("point", [1, 1]),
        ],
    )
    assert [one.value for one in found[:2]] == [{"class": "normal"}, {"class": "side: left"}]
    assert [one.origin for one in found[2:]] == ["model", "human", "human", "unknown"]
    assert found[3].stated == {"preLabel": {"shown": True, "changed": True, "origin": "model"}}
    assert found[3].kept["tags"] == [{"name": "sure", "value": Decimal("0.9")}]


def test_a_video_has_one_track_an_object(tmp_path: Path) -> None:
    def drawn(key: str, at: int, **more: Any) -> dict[str, Any]:
        points = {"points": {"exterior": [[at, 1], [at + 4, 5]], "interior": []}}
        return {"key": f"f{at}", "objectKey": key, "geometryType": "rectangle", "geometry": points, **WHO, **more}

    found = read(
        tmp_path / "clip.mp4.json",
        objects=[{"key": "o1", "classTitle": "catheter", "tags": []}, {"key": "o2", "classTitle": "stent", "tags": []}],
        frames=[
            {"index": 0, "figures": [drawn("o1", 1)]},
            {"index": 4, "figures": [drawn("o1", 2, nnCreated=True, nnUpdated=True), drawn("o9", 3)]},
        ],
        framesCount=9,
        tags=[{"name": "motion", "value": None, "frameRange": [2, 4]}],
    )
    tag, unknown, track, empty = found
    assert (tag.value, tag.part) == ({"class": "motion"}, {"frames": [3, 4, 5]})
    assert (unknown.code, empty.code) == ("IMP-026", "IMP-023")
    assert track.kind == "track"
    assert [(one["frame"], one["interpolated"], one["value"]["box"]) for one in track.value["frames"]] == [
        (1, False, [1, 1, 5, 5]), (5, True, [2, 1, 5, 5]),
    ]  # fmt: skip
    assert (track.author, track.labeled_at) == ("alexxx", WHO["createdAt"])


def test_axial_slices_of_a_volume_come_in_and_others_are_refused(tmp_path: Path) -> None:
    box = {"points": {"exterior": [[1, 1], [4, 5]], "interior": []}}
    one = {"key": "f", "objectKey": "o1", "geometryType": "rectangle", "geometry": box, **WHO}
    found = read(
        tmp_path / "CT.nrrd.json",
        size=None,
        volumeMeta={"dimensionsIJK": {"x": 60, "y": 40, "z": 9}},
        objects=[{"key": "o1", "classTitle": "lesion", "tags": []}],
        planes=[
            {"name": "axial", "slices": [{"index": 5, "figures": [one, {**one, "objectKey": "o2", "key": "g"}]}]},
            {"name": "coronal", "slices": [{"index": 5, "figures": [one]}]},
        ],
        spatialFigures=[{"key": "m", "objectKey": "o1", "geometryType": "mask_3d"}],
    )
    assert (found[0].kind, found[0].part, found[0].sample.size) == ("box", {"slice": 6}, (60, 40))
    assert [one.code for one in found[1:]] == ["IMP-026", "IMP-022", "IMP-022"]


def test_what_is_no_label_is_refused_by_itself(tmp_path: Path) -> None:
    found = read(
        tmp_path / "scan.png.json",
        objects=[
            figure("rectangle", [1, 1], [90, 9]),
            figure("bitmap", bitmap={"data": BITMAP, "origin": [58, 2]}),
            figure("bitmap", bitmap={"data": "Smith", "origin": [1, 2]}),
            figure("cuboid", [1, 1]),
            figure("polygon", [1, 1], [9, 9], [9, 1], [1, 9]),
            figure("graph", nodes=[]),
            {"geometryType": "point"},
            "Smith",
        ],
        tags=[{"value": "x"}, {"name": "a", "value": [1]}],
    )
    codes = [
        "IMP-023",
        "IMP-035",
        "IMP-021",
        "IMP-021",
        "IMP-032",
        "IMP-022",
        "IMP-025",
        "IMP-020",
        "IMP-023",
        "IMP-035",
    ]
    assert [one.code for one in found] == codes
    assert "Smith" not in repr(found)


@pytest.mark.parametrize(("text", "code"), [("[]", "IMP-001"), ('{"objects": [', "IMP-003"), ('{"a": 1}', "IMP-001")])
def test_a_file_that_is_broken_or_another_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(UsageError) as caught:
        list(Supervisely().read(tmp_path / "a.json"))
    assert caught.value.code == code
