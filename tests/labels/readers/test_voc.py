"""Pascal VOC: corners from 1, parts, and files that are broken or not VOC at all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from curator.core.errors import CuratorError, UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.table import recognized
from curator.labels.readers.voc import Voc

FILE = """<annotation><folder>VOC</folder><filename>scan.png</filename>
<size><width>20</width><height>10</height><depth>3</depth></size><segmented>0</segmented>
<object><name>person</name><pose>Left</pose><truncated>1</truncated><difficult>0</difficult>
<bndbox><xmin>1</xmin><ymin>2.50</ymin><xmax>20</xmax><ymax>10</ymax></bndbox>
<part><name>head</name><bndbox><xmin>4</xmin><ymin>5</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></part>
<actions><running>1</running></actions></object>
<object><name>dog</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>30</xmax><ymax>6</ymax></bndbox></object>
<object><name> </name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>9</xmax><ymax>6</ymax></bndbox></object>
<object><name>dog</name><bndbox><xmin>9</xmin><ymin>5</ymin><xmax>7</xmax><ymax>6</ymax></bndbox></object>
<object><name>dog</name></object>
<object><name>dog</name><polygon><x1>1</x1></polygon></object>
<object><name>dog</name><bndbox><xmin>Smith</xmin><ymin>5</ymin><xmax>7</xmax><ymax>6</ymax></bndbox></object>
</annotation>"""


def read(path: Path, text: str = FILE) -> list[Item | Refused]:
    path.write_text(text, encoding="utf-8")
    return list(Voc().read(path))


def test_corners_from_one_become_the_covered_area(tmp_path: Path) -> None:
    person, head, *others = read(tmp_path / "a.xml")
    assert person.value == {"class": "person", "box": [Decimal(0), Decimal("1.50"), Decimal(20), Decimal("8.50")]}
    assert str(person.value["box"][1]) == "1.50"
    assert (person.sample.by, person.sample.name, person.sample.size) == ("file", "scan.png", (20, 10))
    assert person.kept == {"pose": "Left", "truncated": "1", "difficult": "0", "actions": {"running": "1"}}
    assert person.label_id == "voc-1-1"
    assert head.value == {"class": "head", "box": [3, 4, 1, 1]}
    assert head.label_id == "voc-1-1-part-1"
    assert head.kept == {"part-of": "voc-1-1"}
    codes = [other.code for other in others]
    assert codes == ["IMP-021", "IMP-023", "IMP-021", "IMP-023", "IMP-022", "IMP-020"]
    assert [other.place for other in others] == [f"object[{at}]" for at in range(1, 7)]
    assert "Smith" not in repr(others)


def test_a_folder_is_read_by_names_and_a_size_may_stand_last(tmp_path: Path) -> None:
    folder = tmp_path / "Annotations"
    folder.mkdir()
    one = "<annotation><object><name>x</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>2</ymax></bndbox>"
    (folder / "b.xml").write_text(one + "</object><size><width>3</width><height>3</height></size></annotation>")
    (folder / "a.xml").write_text(one + "</object></annotation>")
    first, second = Voc().read(tmp_path)
    assert (first.sample.name, first.sample.size, first.label_id) == ("a", None, "voc-1-1")
    assert (second.code, second.place) == ("IMP-021", "file 2 object[0]")
    assert recognized(tmp_path) == ["voc"]
    assert recognized(folder / "a.xml") == ["voc"]


def test_every_truncation_is_a_broken_export(tmp_path: Path) -> None:
    for at in range(0, len(FILE) - 1, 7):
        with pytest.raises(UsageError) as caught:
            read(tmp_path / "a.xml", FILE[:at])
        assert caught.value.code == "IMP-003"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<annotations/>", "IMP-001"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><annotation>&b;</annotation>", "IMP-003"),
        ("<annotation>" + "<a>" * 100 + "</a>" * 100 + "</annotation>", "IMP-003"),
        ("<?xml version='1.0' encoding='nonsense'?><annotation/>", "IMP-003"),
    ],
)
def test_what_is_not_voc_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(CuratorError) as caught:
        read(tmp_path / "a.xml", text)
    assert caught.value.code == code


def test_an_empty_folder_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="IMP-001"):
        list(Voc().read(tmp_path))
    with pytest.raises(UsageError, match="IMP-002"):
        list(Voc().read(tmp_path / "none.xml"))
