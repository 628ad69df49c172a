"""Label files of the project's own form: whose work a label is stays with it, and crossed polygons stay out."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import ItemError
from curator.labels.item import Item, Refused
from curator.labels.readers.curator import CuratorReader
from curator.labels.values import settled


def read(folder: Path, **more: Any) -> Item | Refused:
    fields = {"labelId": "l-1", "sample": "a.dcm", "kind": "class", "value": {"class": "nodule"}, **more}
    path = folder / "labels.jsonl"
    path.write_text(json.dumps(fields) + "\n")
    (made,) = CuratorReader().read(path)
    return made


@pytest.mark.parametrize("origin", ["human", "model", "interpolated", "imported"])
def test_whose_work_a_label_is_stays_with_it(tmp_path: Path, origin: str) -> None:
    made = read(tmp_path, origin=origin)
    assert isinstance(made, Item)
    assert made.origin == origin


def test_a_label_that_does_not_say_stays_unknown(tmp_path: Path) -> None:
    made = read(tmp_path)
    assert isinstance(made, Item)
    assert made.origin == "unknown"


@pytest.mark.parametrize("origin", ["robot", "", None, 7, ["model"], "Model"])
def test_an_origin_of_another_word_is_refused(tmp_path: Path, origin: Any) -> None:
    made = read(tmp_path, origin=origin)
    assert isinstance(made, Refused)
    assert made.code == "IMP-061"


def test_a_consensus_does_not_come_in_as_a_reading(tmp_path: Path) -> None:
    made = read(tmp_path, consensus={"members": [], "method": "majority"})
    assert isinstance(made, Refused)
    assert made.code == "IMP-022"


CROSSED = {"class": "n", "rings": [[0, 0, 10, 10, 10, 0, 0, 10]]}
FRAMES = [{"frame": 1, "kind": "polygon", "value": CROSSED, "interpolated": False}]


@pytest.mark.parametrize(
    ("kind", "value"), [("polygon", CROSSED), ("track", {"class": "n", "track": "t", "frames": FRAMES})]
)
def test_a_polygon_that_crosses_itself_is_refused(tmp_path: Path, kind: str, value: Any) -> None:
    made = read(tmp_path, kind=kind, value=value)
    assert isinstance(made, Refused)
    assert made.code == "IMP-025"


def test_a_polygon_that_does_not_comes_in(tmp_path: Path) -> None:
    assert isinstance(read(tmp_path, kind="polygon", value={"class": "n", "rings": [[0, 0, 10, 0, 10, 10]]}), Item)


@pytest.mark.parametrize("text", ["1e999999", "-1e5000", "1e-999999", "NaN", "Infinity", "1" * 200])
def test_a_number_of_endless_digits_is_refused_before_it_is_written_out(text: str) -> None:
    with pytest.raises(ItemError, match="IMP-020"):
        settled({"box": [Decimal(text)]})
    assert settled([Decimal("1e3"), Decimal("0.250"), Decimal("0e2")]) == [1000, "0.250", 0]
