"""napari's tables: order of axes, half pixels, shapes, hostile bytes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from builders import SECRET, attack, everything

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.napari import Napari

SHAPES = "index,shape-type,vertex-index,axis-0,axis-1\n"


def _read(path: Path, text: str) -> list[Item | Refused]:
    path.write_bytes(text.encode())
    return everything(Napari(), path)


def _shape(kind: str, *corners: tuple[str, ...], index: int = 0) -> str:
    return "".join(f"{index},{kind},{at},{','.join(corner)}\n" for at, corner in enumerate(corners))


def test_rows_become_y_and_columns_x_from_the_corner_of_the_pixel(tmp_path: Path) -> None:
    (point,) = _read(tmp_path / "nodule.csv", "index,axis-0,axis-1,score\n0.0,10.25,20.0,0.9\n")
    assert point.value == {"class": "nodule", "point": [Decimal("20.5"), Decimal("10.75")]}
    assert point.kept == {"index": "0.0", "score": "0.9"}
    assert (point.label_id, point.sample.name) == ("napari-0", "nodule.csv")


def test_three_axes_are_slice_row_and_column(tmp_path: Path) -> None:
    (point,) = _read(tmp_path / "a.csv", "index,axis-0,axis-1,axis-2,label\n0,5,10,20,cyst\n")
    assert point.value == {
        "class": "cyst",
        "space": "voxel",
        "points": [[Decimal("20.5"), Decimal("10.5"), Decimal("5.5")]],
    }


def test_each_shape_is_one_label(tmp_path: Path) -> None:
    text = (
        SHAPES
        + _shape("rectangle", ("60", "50"), ("60", "80"), ("90", "80"), ("90", "50"))
        + _shape("polygon", ("10", "20"), ("10", "50"), ("40", "50"), index=1)
        + _shape("path", ("1", "2"), ("3", "4"), ("5", "7"), index=2)
        + _shape("ellipse", ("0", "0"), ("0", "10"), ("4", "10"), ("4", "0"), index=3)
        + _shape("rectangle", ("0", "5"), ("5", "10"), ("10", "5"), ("5", "0"), index=4)
        + _shape("ellipse", ("0", "3"), ("3", "0"), ("5", "2"), ("2", "5"), index=5)
    )
    found = _read(tmp_path / "a.csv", text)
    assert [(item.kind, item.label_id) for item in found] == [
        ("box", "napari-0"),
        ("polygon", "napari-1"),
        ("polyline", "napari-2"),
        ("ellipse", "napari-3"),
        ("polygon", "napari-4"),
        ("ellipse", "napari-5"),
    ]
    assert found[0].value["box"] == [Decimal("50.5"), Decimal("60.5"), Decimal(30), Decimal(30)]
    assert found[1].value["rings"] == [[Decimal(word) for word in ("20.5", "10.5", "50.5", "10.5", "50.5", "40.5")]]
    assert found[2].value["line"][:2] == [Decimal("2.5"), Decimal("1.5")]
    assert found[3].value == {
        "class": "a",
        "center": [Decimal("5.5"), Decimal("2.5")],
        "radii": [Decimal(5), Decimal(2)],
    }
    turned = found[5].value
    assert turned["center"] == [Decimal(3), Decimal(3)]
    assert turned["rotation"] == Decimal(135)
    assert turned["radii"] == [Decimal("2.12132"), Decimal("1.414214")]


def test_a_shape_within_one_slice_is_drawn_on_it(tmp_path: Path) -> None:
    head = "index,shape-type,vertex-index,axis-0,axis-1,axis-2\n"
    text = (
        head
        + _shape("polygon", ("4", "10", "20"), ("4", "10", "50"), ("4", "40", "50"))
        + _shape("polygon", ("4", "10", "20"), ("5", "10", "50"), ("4", "40", "50"), index=1)
        + _shape("rectangle", ("4", "0", "0"), ("5", "0", "9"), ("5", "9", "9"), ("4", "9", "0"), index=2)
    )
    flat, space, refused = _read(tmp_path / "a.csv", text)
    assert (flat.kind, flat.part) == ("polygon", {"slice": 5})
    assert (space.kind, space.value["space"], space.value["points"][1]) == (
        "points3d",
        "voxel",
        [Decimal("50.5"), Decimal("10.5"), Decimal("5.5")],
    )
    assert refused.code == "IMP-022"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (_shape("polygon", ("0", "0"), ("9", "9")), "IMP-025"),
        (_shape("polygon", ("0", "0"), ("9", "9"), ("0", "9"), ("9", "0")), "IMP-025"),
        (_shape("rectangle", ("0", "0"), ("0", "9"), ("9", "9")), "IMP-023"),
        (_shape("star", ("0", "0"), ("0", "9"), ("9", "9")), "IMP-022"),
        (_shape("path", ("0", "nan"), ("0", "9")), "IMP-020"),
        (_shape("path", ("-2", "0"), ("0", "9")), "IMP-021"),
        ("0,path,0,1,1\n0,path,2,1,5\n", "IMP-023"),
        ("0,path,0,1,1\n0,line,1,1,5\n", "IMP-023"),
        ("x,path,0,1,1\nx,path,1,5,5\n", "IMP-020"),
    ],
)
def test_broken_shapes_are_refused_one_by_one(tmp_path: Path, rows: str, code: str) -> None:
    good = _shape("path", ("1", "1"), ("2", "2"), index=7)
    found = _read(tmp_path / "a.csv", SHAPES + rows + good)
    assert [getattr(item, "code", "item") for item in found] == [code, "item"]


def test_an_index_that_comes_back_is_refused(tmp_path: Path) -> None:
    text = "index,axis-0,axis-1\n0,1,1\n1,2,2\n0,3,3\n"
    assert [getattr(item, "code", "item") for item in _read(tmp_path / "a.csv", text)] == ["item", "item", "IMP-027"]


def test_other_tables_are_not_taken(tmp_path: Path) -> None:
    assert Napari().recognizes(Path("a.csv"), b"index,axis-0,axis-1\n")
    assert Napari().recognizes(Path("a.csv"), SHAPES.encode())
    assert not Napari().recognizes(Path("a.csv"), b"image,x,y\n")
    with pytest.raises(UsageError, match="IMP-001"):
        _read(tmp_path / "a.csv", "image,x,y\n1,2,3\n")
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.csv", 'index,axis-0,axis-1\n0,1,"2\n')


def test_half_a_shape_is_never_a_whole_one(tmp_path: Path) -> None:
    corners = (("0", "0"), ("0", "9"), ("9", "9"), ("9", "0"))
    text = SHAPES + _shape("polygon", *corners)
    assert len(_read(tmp_path / "a.csv", text)) == 1
    for broken in (text.replace("0,polygon,3,9,0\n", "0,polygon,3\n"), text[:-1], text.replace("3,9,0\n", "3,9,0\n\n")):
        with pytest.raises(UsageError, match="IMP-003"):
            _read(tmp_path / "a.csv", broken)
    (short,) = _read(tmp_path / "a.csv", "index,axis-0,axis-1\n0,1\n")
    assert short.code == "IMP-020"


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    rows = "".join(f"{at},{at}.5,{at}.25,{SECRET}\n" for at in range(20))
    outcomes = attack(Napari(), f"index,axis-0,axis-1,remark\n{rows}".encode(), tmp_path / "a.csv", 400)
    assert outcomes["read"] > 50
