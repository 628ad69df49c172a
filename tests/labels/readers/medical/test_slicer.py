"""3D Slicer's markups: coordinate systems, types, measurements, point lists of old, hostile bytes."""

from __future__ import annotations

import itertools
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import SECRET, attack, everything, mistyped

from curator.core.errors import UsageError
from curator.labels.agreement import planar
from curator.labels.item import Item, Refused
from curator.labels.readers.slicer import Slicer

SCHEMA = "https://raw.githubusercontent.com/slicer/slicer/master/Resources/Schema/markups-schema-v1.0.3.json#"


def _points(*places: list[float], **more: Any) -> list[dict[str, Any]]:
    return [{"id": str(at), "label": f"P-{at}", "position": place, **more} for at, place in enumerate(places, 1)]


def _markup(kind: str, *places: list[float], **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": "mark", "coordinateSystem": "LPS", "controlPoints": _points(*places), **more}


def _bytes(*markups: Any) -> bytes:
    return json.dumps({"@schema": SCHEMA, "markups": list(markups)}).encode()


def _read(path: Path, data: bytes) -> list[Item | Refused]:
    path.write_bytes(data)
    return everything(Slicer(), path)


def test_each_point_of_a_list_is_a_label_digit_for_digit(tmp_path: Path) -> None:
    data = _bytes(_markup("Fiducial", [1.5, 2, 3], [4, 5, 6])).replace(b"1.5", b"1.500000000000000000001")
    one, two = _read(tmp_path / "a.mrk.json", data)
    assert one.value == {
        "class": "P-1",
        "space": "patient",
        "points": [[Decimal("1.500000000000000000001"), Decimal(2), Decimal(3)]],
    }
    assert (one.place, one.label_id) == ("markups[0].controlPoints[0]", "slicer-1-1")
    assert two.kept["controlPoint"]["id"] == "2"
    assert (one.sample.by, one.sample.name) == ("file", "a.mrk.json")


def test_ras_becomes_lps_and_micrometres_millimetres(tmp_path: Path) -> None:
    markup = _markup("Line", [1, -2, 3], [0, 5, 6], coordinateSystem="RAS", coordinateUnits="um")
    (line,) = _read(tmp_path / "a.mrk.json", _bytes(markup))
    assert line.value["points"] == [
        [Decimal("-0.001"), Decimal("0.002"), Decimal("0.003")],
        [Decimal(0), Decimal("-0.005"), Decimal("0.006")],
    ]
    assert "-0" not in {str(number) for point in line.value["points"] for number in point}


@pytest.mark.parametrize(
    ("kind", "count", "closed"),
    [("Line", 2, False), ("Angle", 3, False), ("Curve", 4, False), ("ClosedCurve", 4, True)],
)
def test_lines_and_curves_are_one_label(tmp_path: Path, kind: str, count: int, closed: bool) -> None:
    places = [[float(at), at * at, 7] for at in range(count)]
    (found,) = _read(tmp_path / "a.mrk.json", _bytes(_markup(kind, *places)))
    assert (found.value["class"], found.value["closed"], len(found.value["points"])) == ("mark", closed, count)


def test_an_upright_box_is_a_box_and_a_tilted_one_its_corners(tmp_path: Path) -> None:
    straight = _markup("ROI", [1, 2, 3], size=[10, 20, 30], orientation=[0, -1, 0, -1, 0, 0, 0, 0, 1])
    turned = {**straight, "orientation": [0.6, -0.8, 0, 0.8, 0.6, 0, 0, 0, 1], "center": [0, 0, 0]}
    tilted = {**straight, "orientation": [1, 0, 0, 0, 0.6, -0.8, 0, 0.8, 0.6], "center": [0, 0, 0]}
    sheared = {**turned, "orientation": [0.6, -0.8, 0, 0.8, 0.7, 0, 0, 0, 1]}
    box, around, corners, odd = _read(tmp_path / "a.mrk.json", _bytes(straight, turned, tilted, sheared))
    assert (box.kind, box.value["box"]) == ("box3d", [Decimal(number) for number in (-9, -3, -12, 20, 10, 30)])
    assert "rotation" not in box.value
    # The side of 10 runs along (0.6, 0.8), the one of 20 along (-0.8, 0.6): 53.13 degrees, or a quarter less.
    assert around.value["box"] == [Decimal(number) for number in (-10, -5, -15, 20, 10, 30)]
    assert around.value["rotation"] == Decimal("-36.869898")
    assert {one.kind for one in (corners, odd)} == {"points3d"}
    assert len(corners.value["points"]) == len(odd.value["points"]) == 8
    assert corners.value["points"][0] == [Decimal(-5), Decimal(6), Decimal(-17)]


@pytest.mark.parametrize("degrees", [-179, -90.5, -45, -44.9, 0.001, 30, 45, 46, 89.9, 120, 180])
@pytest.mark.parametrize("tall", [0, 1, 2])
def test_an_upright_box_has_the_corners_that_the_file_implies(tmp_path: Path, degrees: float, tall: int) -> None:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    columns = [[cos, sin, 0], [sin, -cos, 0]]  # mirrored, as a box may be
    columns.insert(tall, [0, 0, -1])
    matrix = [columns[axis][row] for row in range(3) for axis in range(3)]
    size, center = [10, 20, 30], [5, -7, 11]
    (found,) = _read(tmp_path / "a.mrk.json", _bytes(_markup("ROI", center, size=size, orientation=matrix)))
    assert found.kind == "box3d"
    assert abs(found.value.get("rotation", 0)) <= 45
    z, deep = float(found.value["box"][2]), float(found.value["box"][5])
    flat = planar.outline(planar.floor(found.value)).tolist()
    made = [[a, b, c] for a, b in flat for c in (z, z + deep)]
    wanted = [
        [center[k] + sum(signs[at] * size[at] / 2 * columns[at][k] for at in range(3)) for k in range(3)]
        for signs in itertools.product((-1, 1), repeat=3)
    ]
    for corner in wanted:
        assert min(math.dist(corner, one) for one in made) < 1e-5


def test_the_corners_of_a_box_in_ras_are_the_same_box(tmp_path: Path) -> None:
    lps = _markup("ROI", [1, 2, 3], size=[10, 20, 30], orientation=[0.6, -0.8, 0, 0.8, 0.6, 0, 0, 0, 1])
    ras = _markup("ROI", [-1, -2, 3], size=[10, 20, 30], orientation=[-0.6, 0.8, 0, -0.8, -0.6, 0, 0, 0, 1],
                  coordinateSystem="RAS")  # fmt: skip
    one, two = _read(tmp_path / "a.mrk.json", _bytes(lps, ras))
    assert one.value == two.value


def test_a_plane_is_its_corners(tmp_path: Path) -> None:
    markup = _markup("Plane", [0, 0, 0], center=[1, 1, 5], size=[4, 2, 0], orientation=[1, 0, 0, 0, 1, 0, 0, 0, 1])
    three = _markup("Plane", [0, 0, 0], [1, 0, 0], [0, 1, 0])
    bare = _markup("Plane", [0, 0, 0], normal=[0, 0, 1])
    plane, own, refused = _read(tmp_path / "a.mrk.json", _bytes(markup, three, bare))
    assert plane.value["points"] == [
        [Decimal(x), Decimal(y), Decimal(5)] for x, y in ((-1, 0), (3, 0), (3, 2), (-1, 2))
    ]
    assert len(own.value["points"]) == 3
    assert refused.code == "IMP-023"


def test_stored_measurements_are_labels(tmp_path: Path) -> None:
    measured = [
        {"name": "length", "enabled": True, "value": 12.5, "units": "mm"},
        {"name": "area", "enabled": False, "value": 1, "units": "mm2"},
        {"name": "mean", "enabled": True, "value": 3},
    ]
    line, length, refused = _read(
        tmp_path / "a.mrk.json", _bytes(_markup("Line", [0, 0, 0], [1, 0, 0], measurements=measured))
    )
    assert line.kind == "points3d"
    assert length.value == {"what": "length", "amount": Decimal("12.5"), "unit": "mm"}
    assert refused.code == "IMP-043"


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        (_markup("Line", [0, 0, 0]), "IMP-023"),
        (_markup("Angle", [0, 0, 0], [1, 1, 1]), "IMP-023"),
        (_markup("Spline", [0, 0, 0]), "IMP-022"),
        (_markup("Line", [0, 0, 0], [1, 0, 0], coordinateSystem="IJK"), "IMP-022"),
        (_markup("Line", [0, 0, 0], [1, 0, 0], coordinateUnits="inch"), "IMP-022"),
        (_markup("Line", [0, 0, 0], [1, 0]), "IMP-020"),
        (_markup("ROI", [0, 0, 0], size=[1, 0, 1]), "IMP-021"),
        (_markup("ROI", [0, 0, 0], size=[1, 1, 1], roiType="Sphere"), "IMP-022"),
        (_markup("Line", [0, 0, 0], [1, 0, 0], name=""), "IMP-023"),
        ({**_markup("Line"), "controlPoints": 7}, "IMP-023"),
        (17, "IMP-023"),
        ({}, "IMP-023"),
        ({"type": "Fiducial", "controlPoints": [{"positionStatus": "undefined", "label": "x"}]}, "IMP-020"),
        ({"type": "Fiducial", "controlPoints": [None]}, "IMP-023"),
    ],
)
def test_broken_markups_are_refused_one_by_one(tmp_path: Path, markup: Any, code: str) -> None:
    found = _read(tmp_path / "a.mrk.json", _bytes(markup, _markup("Line", [0, 0, 0], [1, 0, 0])))
    assert [getattr(item, "code", "item") for item in found] == [code, "item"]


def test_point_lists_of_both_older_versions_are_read(tmp_path: Path) -> None:
    new = (
        "# Markups fiducial file version = 4.10\n# CoordinateSystem = 0\n"
        "# columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID\n"
        'vtk_0,1.5,2,3,0,0,0,1,1,1,0,"F, 1",,vtkVolume1\nvtk_1,x,2,3,0,0,0,1,1,1,0,F-2,,\nvtk_2,1,2\n'
    )
    one, two, three = _read(tmp_path / "a.fcsv", new.encode())
    assert one.value == {"class": "F, 1", "space": "patient", "points": [[Decimal("-1.5"), Decimal(-2), Decimal(3)]]}
    assert [two.code, three.code] == ["IMP-020", "IMP-023"]
    (lps,) = _read(tmp_path / "a.fcsv", new.replace("= 0", "= LPS").split("vtk_1")[0].encode())
    assert lps.value["points"] == [[Decimal("1.5"), Decimal(2), Decimal(3)]]
    whole = new.split("vtk_1")[0].rstrip("\n")
    assert len(_read(tmp_path / "a.fcsv", whole.encode())) == 1
    with pytest.raises(UsageError, match="ends within a row"):
        _read(tmp_path / "a.fcsv", whole.rpartition(",")[0].encode())
    old = "# Fiducial List file /x\n# numPoints = 1\n# columns = label,x,y,z,sel,vis\nA,1,2,3,1,1\n"
    (first,) = _read(tmp_path / "a.fcsv", old.encode())
    assert first.value["points"] == [[Decimal(-1), Decimal(-2), Decimal(3)]]
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.fcsv", old.replace("= 1", "= 2").encode())


def test_the_reader_knows_its_files() -> None:
    assert Slicer().recognizes(Path("a.mrk.json"), _bytes())
    assert Slicer().recognizes(Path("a.fcsv"), b"# Markups fiducial file version = 4.10\n")
    assert not Slicer().recognizes(Path("a.json"), b'{"markups": []}')


def test_wrong_types_anywhere_give_only_codes_and_lose_no_markup(tmp_path: Path) -> None:
    document = {
        "@schema": SCHEMA,
        "markups": [
            _markup("Line", [1, 2, 3], [4, 5, 6], measurements=[{"name": "length", "value": 2, "units": "mm"}]),
            _markup("ROI", [1, 2, 3], size=[10, 20, 30], orientation=[1, 0, 0, 0, 1, 0, 0, 0, 1], center=[0, 0, 0]),
            _markup("Plane", [1, 2, 3], size=[10, 20], orientation=[1, 0, 0, 0, 1, 0, 0, 0, 1], center=[0, 0, 0]),
        ],
    }
    path = tmp_path / "a.mrk.json"
    path.write_text(json.dumps(document))
    assert len(everything(Slicer(), path)) == 4
    for wrong in mistyped(document):
        path.write_text(json.dumps(wrong))
        error = None
        try:
            found = everything(Slicer(), path)
        except UsageError as raised:
            error, found = raised.code, []
        assert error in (None, "IMP-001", "IMP-003")
        if error is None:
            places = {item.place.split(".")[0] for item in found}
            markups = wrong["markups"]
            whole = [at for at, one in enumerate(markups) if not isinstance(one, dict) or one.get("type") != "Fiducial"]
            assert {f"markups[{at}]" for at in whole} <= places


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    data = _bytes(
        _markup("Fiducial", [1, 2, 3], [4, 5, 6], name=SECRET),
        _markup("ROI", [1, 2, 3], size=[10, 20, 30], description=SECRET),
    )
    outcomes = attack(Slicer(), data, tmp_path / "a.mrk.json", 400)
    assert outcomes["IMP-003"] > 50
