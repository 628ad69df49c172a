"""Customer formats by a mapping: the worked example of the documentation, forms of time, boxes, all kinds of files."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.mapped import Mapped
from curator.labels.readers.table import reader, recognized

PAGE = Path(__file__).parents[3] / "docs/how-to/import-labels-by-mapping.md"
HEAD = 'format = 1\n[file]\nkind = "csv"\n[sample]\nby = "file"\nname = { column = "s" }\n'
CLASS = '[[label]]\nkind = "class"\nclass = { column = "c" }\n'
NAME = "Zyxwane Qorvath"


def made(folder: Path, data: str | bytes, mapping: str, suffix: str = "csv") -> list[Item | Refused]:
    path = folder / f"a.{suffix}"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (folder / f"a.{suffix}.mapping.toml").write_text(mapping, encoding="utf-8")
    return list(Mapped().read(path))


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


def item(found: list[Item | Refused]) -> Item:
    (only,) = found
    assert isinstance(only, Item), only
    return only


def test_the_worked_example_of_the_page_comes_in_as_the_page_says(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```(csv|toml)\n(.*?)```", text, re.DOTALL))
    path = tmp_path / "reads.csv"
    path.write_text(blocks["csv"], encoding="utf-8")
    (tmp_path / "reads.csv.mapping.toml").write_text(blocks["toml"], encoding="utf-8")
    assert recognized(path) == ["mapped"]
    found = list(reader("mapped").read(path))
    assert codes(found) == ["in"] * 5
    box, grade, second = (one for one in found[:3] if isinstance(one, Item))
    assert (box.kind, grade.kind) == ("box", "grade")
    assert box.value == {"class": "carcinoma", "box": [Decimal(100), Decimal(120), Decimal(80), Decimal(80)]}
    assert grade.value == {"scale": "bi-rads", "grade": 4}
    assert box.labeled_at == "2025-11-03T14:05:00+01:00"
    assert (box.author, box.stage, box.origin) == ("reader-a@vendor.example", "read", "human")
    assert (box.confidence, box.confidence_scale) == (Decimal(80), "percent-0-100")
    assert [review.outcome for review in (*box.reviews, *second.reviews)] == ["accepted", "rejected"]
    assert box.sample.size == (512, 512)
    assert box.tool == ("Vendor Studio", "3.2")
    assert box.kept["remark"] == "margin unclear"
    assert len({one.label_id for one in found if isinstance(one, Item)}) == 5


@pytest.mark.parametrize(
    "vendor", ["Unitlab", "Sama", "Shaip", "CloudFactory", "Anolytics", "Huizhong Tianzhi", "Frekil"]
)
def test_the_page_names_the_vendors_without_a_public_format(vendor: str) -> None:
    assert vendor in " ".join(PAGE.read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("form", "zone", "cell", "expected"),
    [
        ("rfc3339", "", "2025-01-02T03:04:05Z", "2025-01-02T03:04:05Z"),
        ("rfc3339", "", "2025-01-02T03:04:05", None),
        ("epoch-seconds", "", "1700000000", "2023-11-14T22:13:20Z"),
        ("epoch-milliseconds", "", "1700000000123", "2023-11-14T22:13:20.123000Z"),
        ("epoch-seconds", "", "soon", None),
        ("%d.%m.%Y %H:%M", "+05:30", "02.01.2025 03:04", "2025-01-02T03:04:00+05:30"),
        ("%d.%m.%Y %H:%M", "UTC", "02.01.2025 03:04", "2025-01-02T03:04:00Z"),
        ("%d.%m.%Y %H:%M", "UTC", "2025-01-02 03:04", None),
        ("%Y-%m-%dT%H:%M:%S%z", "", "2025-01-02T03:04:05+0100", "2025-01-02T03:04:05+01:00"),
        ("%d.%m.%Y %H:%M", "Europe/Berlin", "26.10.2025 02:30", None),
        ("%d.%m.%Y %H:%M", "Europe/Berlin", "30.03.2025 02:30", None),
        ("%d.%m.%Y %H:%M", "Europe/Berlin", "30.03.2025 03:30", "2025-03-30T03:30:00+02:00"),
    ],
)
def test_a_time_has_the_stated_form_and_one_place_on_the_clock(
    form: str, zone: str, cell: str, expected: str | None, tmp_path: Path
) -> None:
    zoned = f', zone = "{zone}"' if zone else ""
    mapping = f'time = {{ column = "t", form = "{form}"{zoned} }}\n{HEAD}{CLASS}'
    found = made(tmp_path, f"s,c,t\na.png,x,{cell}\n", mapping)
    if expected is None:
        assert codes(found) == ["IMP-038"]
    else:
        assert item(found).labeled_at == expected


@pytest.mark.parametrize(
    ("convention", "more", "cells", "expected"),
    [
        ("corner-size", 'unit = "pixel"', "10,20,30,40", "10 20 30 40"),
        ("corners", 'unit = "pixel"\ninclusive = false', "10,20,40,60", "10 20 30 40"),
        ("corners", 'unit = "pixel"\ninclusive = true', "10,20,39,59", "10 20 30 40"),
        ("rows-first-corners", 'unit = "pixel"\ninclusive = false', "20,10,60,40", "10 20 30 40"),
        ("rows-first-corners", 'unit = "percent"\ninclusive = false', "20,5,60,20", "10 20 30 40"),
        ("center-size", 'unit = "fraction"', "0.125,0.4,0.15,0.4", "10 20 30 40"),
        ("corner-size", 'unit = "percent"', "5,20,15,40", "10 20 30 40"),
        ("corners", 'unit = "pixel"\ninclusive = false', "40,60,10,20", None),
    ],
)
def test_a_box_is_read_by_its_convention(
    convention: str, more: str, cells: str, expected: str | None, tmp_path: Path
) -> None:
    numbers = ", ".join(f'{{ column = "n{at}" }}' for at in range(4))
    mapping = (
        f'{HEAD}width = {{ value = 200 }}\nheight = {{ value = 100 }}\n[[label]]\nkind = "box"\n'
        f'class = {{ value = "m" }}\nnumbers = [{numbers}]\nconvention = "{convention}"\n{more}\n'
    )
    found = made(tmp_path, f"s,n0,n1,n2,n3\na.png,{cells}\n", mapping)
    if expected is None:
        assert codes(found) == ["IMP-021"]
    else:
        assert item(found).value["box"] == [Decimal(part) for part in expected.split()]


def test_fractions_without_a_size_and_classes_that_are_not_known_are_refused(tmp_path: Path) -> None:
    box = '[[label]]\nkind = "point"\nclass = { column = "c" }\nnumbers = [{ column = "p" }]\nunit = "fraction"\n'
    assert codes(made(tmp_path, "s,c,p\na.png,x,0.1 0.2\n", HEAD + box)) == ["IMP-036"]
    closed = CLASS + 'closed = true\n[label.synonyms]\nca = "cancer"\n'
    found = made(tmp_path, f"s,c\na.png,ca\na.png,{NAME}\n", HEAD + closed)
    assert codes(found) == ["in", "IMP-038"]
    assert NAME not in repr(found[1])


def test_json_lines_are_mapped_by_pointers_digit_for_digit(tmp_path: Path) -> None:
    mapping = """
format = 1
author = { pointer = "/who/mail" }
[file]
kind = "jsonl"
[sample]
by = "uid"
name = { pointer = "/img/a~1b" }
[[label]]
kind = "polygon"
class = { pointer = "/classes/0" }
numbers = [{ pointer = "/shape" }]
unit = "pixel"
[[label]]
kind = "classes"
class = { pointer = "/classes" }
[[label]]
kind = "measurement"
class = { value = "long axis" }
amount = { pointer = "/mm" }
measured_in = "mm"
"""
    line: dict[str, Any] = {
        "who": {"mail": "a@b.example"},
        "img": {"a/b": "1.2.3"},
        "shape": [[1, 2], [30, 2], [30, 40]],
        "classes": ["y", "x"],
        "extra": {"deep": NAME},
    }
    data = json.dumps(line)[:-1] + ', "mm": 12.340}\n[]\n{"img": {}}\n'
    found = made(tmp_path, data, mapping, "jsonl")
    assert codes(found) == ["in", "in", "in", "IMP-035", "IMP-023"]
    polygon, classes, amount = (one for one in found[:3] if isinstance(one, Item))
    assert polygon.value["rings"] == [[Decimal(n) for n in (1, 2, 30, 2, 30, 40)]]
    assert classes.value == {"classes": ["x", "y"]}
    assert str(amount.value["amount"]) == "12.340"
    assert amount.author == "a@b.example"
    assert amount.sample.by == "uid"
    assert amount.sample.name == "1.2.3"
    assert polygon.kept == {"extra": {"deep": NAME}, "mm": Decimal("12.340")}


def test_parquet_comes_in_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"s": ["a.png", "b.png"], "c": ["x", None], "v": [0.1, 0.2]}), path)
    mapping = HEAD.replace('"csv"', '"parquet"') + CLASS
    data = path.read_bytes()
    found = made(tmp_path, data, mapping, "parquet")
    assert codes(found) == ["in", "IMP-023"]
    assert isinstance(found[0], Item)
    assert found[0].kept == {"v": Decimal("0.1")}
    with pytest.raises(UsageError) as error:
        made(tmp_path, data[: len(data) // 2], mapping, "parquet")
    assert error.value.code == "IMP-003"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("s,c\na.png\n", "IMP-035"),
        ("s,c\n,x\n", "IMP-023"),
        ("s,c,c\na,b,c\n", None),
        ("s,d\na,b\n", None),
        ('s,c\n"a,b\n', None),
        (b"s,c\n\xff,b\n", None),
    ],
)
def test_a_broken_table_is_refused_by_row_or_whole(data: str | bytes, code: str | None, tmp_path: Path) -> None:
    if code is not None:
        assert codes(made(tmp_path, data, HEAD + CLASS)) == [code]
        return
    with pytest.raises(UsageError) as error:
        made(tmp_path, data, HEAD + CLASS)
    assert error.value.code in {"IMP-003", "IMP-037"}


@pytest.mark.parametrize(
    "mapping",
    [
        "",
        "format = 2",
        "format = ",
        HEAD,
        HEAD + CLASS + f'"{NAME}" = 1\n',
        HEAD + '[[label]]\nkind = "box"\nclass = { value = "x" }\n',
        HEAD + CLASS.replace("column", "pointer").replace('"c"', '"/c"'),
        HEAD.replace("csv", "jsonl") + CLASS,
        HEAD + CLASS + "closed = true\n",
        'time = { column = "t", form = "%H:%M", zone = "UTC" }\n' + HEAD + CLASS,
        'time = { column = "t", form = "%d.%m.%Y %H:%M" }\n' + HEAD + CLASS,
        'time = { column = "t", form = "rfc3339", zone = "UTC" }\n' + HEAD + CLASS,
        'time = { column = "t", form = "%d.%m.%Y %H:%M", zone = "Nowhere/Else" }\n' + HEAD + CLASS,
        HEAD + '[[label]]\nkind = "box"\nclass = { value = "x" }\nunit = "pixel"\nconvention = "corners"\n'
        'numbers = [{ column = "c" }]\n',
    ],
)
def test_a_mapping_that_cannot_be_used_stops_before_the_export_is_read(mapping: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        made(tmp_path, "not,even\nread\n", mapping)
    assert error.value.code == "IMP-037"
    assert NAME not in str(error.value)


def test_an_id_is_taken_as_it_is_or_refused_and_a_doubled_one_is_refused(tmp_path: Path) -> None:
    label = CLASS + 'id = { column = "i" }\n'
    found = made(tmp_path, f"s,c,i\na.png,x,17\na.png,x,17\na.png,x,{NAME}\n", HEAD + label)
    assert codes(found) == ["in", "IMP-027", "IMP-038"]
    assert isinstance(found[0], Item)
    assert found[0].label_id == "mapped-17"
    assert NAME not in repr(found[2])


SPACE = HEAD + '[[label]]\nkind = "box3d"\nclass = { value = "x" }\n'
SIX = "numbers = [" + ", ".join(f'{{ column = "{axis}" }}' for axis in "xyzabc") + "]\n"


@pytest.mark.parametrize(
    ("said", "cells", "expected"),
    [
        ('convention = "corner-size"\nspace = "patient-lps"', "-1,2,3,4,5,6", "patient -1 2 3 4 5 6"),
        ('convention = "corner-size"\nspace = "patient-ras"', "-1,2,3,4,5,6", "patient -3 -7 3 4 5 6"),
        ('convention = "center-size"\nspace = "patient-lps"', "0,0,0,4,5,6", "patient -2 -2.5 -3 4 5 6"),
        ('convention = "corners"\ninclusive = true\nspace = "voxel"', "1,2,3,4,5,6", "voxel 1 2 3 4 4 4"),
        ('convention = "corners"\ninclusive = false\nspace = "voxel"', "4,5,6,1,2,3", "IMP-021"),
        ('convention = "corner-size"\nspace = "voxel"', "1,2,3,4,5,", "IMP-023"),
    ],
)
def test_boxes_in_space_come_in_by_their_stated_space(tmp_path: Path, said: str, cells: str, expected: str) -> None:
    (found,) = made(tmp_path, f"s,x,y,z,a,b,c\nv.dcm,{cells}\n", SPACE + SIX + said + "\n")
    if isinstance(found, Refused):
        assert found.code == expected
        return
    assert found.kind == "box3d"
    assert " ".join([found.value["space"], *(f"{one:f}" for one in found.value["box"])]) == expected
    assert "rotation" not in found.value


@pytest.mark.parametrize(
    ("unit", "cell", "expected"),
    [
        ("degrees", "30", "30"),
        ("radians", "0.5235987756", "30.000000"),
        ("degrees", "0", None),
        ("degrees", "", "IMP-023"),
    ],
)
def test_boxes_in_space_may_be_turned(tmp_path: Path, unit: str, cell: str, expected: str | None) -> None:
    mapping = SPACE + SIX + f'convention = "center-size"\nspace = "patient-ras"\nrotation_unit = "{unit}"\n'
    mapping += 'rotation = { column = "t" }\n'
    (found,) = made(tmp_path, f"s,x,y,z,a,b,c,t\nv.dcm,1,2,3,4,5,6,{cell}\n", mapping)
    if isinstance(found, Refused):
        assert found.code == expected
        return
    turn = found.value.get("rotation")
    assert turn == (None if expected is None else Decimal(expected))
    assert found.value["box"] == [Decimal(one) for one in ("-3", "-4.5", "0", "4", "5", "6")]


def test_a_box_in_space_of_json_has_three_axes(tmp_path: Path) -> None:
    mapping = SPACE.replace('"csv"', '"jsonl"').replace('column = "s"', 'pointer = "/s"')
    mapping += 'numbers = [{ pointer = "/at" }]\nconvention = "center-size"\nspace = "voxel"\n'
    row = {"s": "v", "at": [{"x": 5, "y": 6, "z": 7}, {"x": 2, "y": 4, "z": 6}]}
    found = item(made(tmp_path, json.dumps(row) + "\n", mapping, "jsonl"))
    assert found.value == {"class": "x", "space": "voxel", "box": [Decimal(one) for one in (4, 4, 4, 2, 4, 6)]}


@pytest.mark.parametrize(
    "said",
    [
        'convention = "corner-size"',
        'convention = "corner-size"\nspace = "world"',
        'convention = "corners"\nspace = "voxel"',
        'convention = "corners"\ninclusive = true\nspace = "patient-lps"',
        'convention = "rows-first-corners"\ninclusive = true\nspace = "voxel"',
        'convention = "corner-size"\nspace = "voxel"\nrotation = { column = "t" }',
    ],
)
def test_a_box_in_space_that_leaves_something_open_is_no_mapping(tmp_path: Path, said: str) -> None:
    with pytest.raises(UsageError, match="IMP-037"):
        made(tmp_path, "s,x,y,z,a,b,c,t\n", SPACE + SIX + said + "\n")
    with pytest.raises(UsageError, match="IMP-037"):
        made(tmp_path, "s,c\n", HEAD + CLASS + 'space = "voxel"\n')
