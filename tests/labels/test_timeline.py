"""Labels at times of a recording: the frames they come to, and what does not fit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from curator.core.errors import ItemError
from curator.labels.fitting import Facts, read_facts
from curator.labels.item import Item, Named
from curator.labels.timeline import framed, timed
from curator.labels.values import check_value, settled

D = Decimal
TEN = Facts(columns=100, rows=80, frames=65, rate=D(10))


def track(*moments: str, duration: str | None = "6.5") -> Item:
    frames = [
        {"seconds": D(at), "kind": "box", "value": {"class": "a", "box": [x, 0, 5, 5]}, "interpolated": False}
        for x, at in enumerate(moments)
    ]
    value: dict[str, Any] = {"class": "a", "track": "t", "frames": frames}
    long = None if duration is None else D(duration)
    return Item("p", "i", Named("file", "a"), "track", value, duration=long)


def event(first: str, last: str) -> Item:
    return Item("p", "i", Named("file", "a"), "class", {"class": "a"}, part={"seconds": [D(first), D(last)]})


def numbers(item: Item) -> list[int]:
    check_value("track", settled(item.value))
    return [one["frame"] for one in item.value["frames"]]


@pytest.mark.parametrize(
    ("at", "frame"),
    [
        ("0", 1),
        ("0.000001", 1),
        ("0.1", 1),
        ("0.100001", 2),
        ("0.900001", 10),
        ("5.400001", 55),
        ("6.5", 65),
        ("6.6", 65),
    ],
)
def test_a_time_lies_on_the_frame_that_is_shown_then(at: str, frame: int) -> None:
    item = track(at)
    assert timed(item)
    found = framed(item, TEN, None)
    assert numbers(found) == [frame]
    assert not timed(found)


def test_of_two_shapes_on_one_frame_the_first_stands() -> None:
    found = framed(track("0", "0.05", "0.25"), TEN, None)
    assert numbers(found) == [1, 3]
    assert [one["value"]["box"][0] for one in found.value["frames"]] == [0, 2]


def test_an_event_is_a_class_of_its_frames() -> None:
    item = event("0.100001", "0.4")
    assert timed(item)
    assert framed(item, TEN, None).part == {"frames": [2, 3, 4]}
    long = framed(event("0", "25.6"), Facts(columns=9, rows=9, frames=300, rate=D(10)), None)
    assert long.part == {"frames": list(range(1, 257))}


def test_the_user_says_the_rate_before_the_sample() -> None:
    assert numbers(framed(track("1", duration="1.3"), TEN, D(50))) == [50]
    assert numbers(framed(track("1", duration=None), TEN, D("29.97"))) == [30]


@pytest.mark.parametrize(
    ("item", "facts", "rate", "code"),
    [
        (track("0"), Facts(columns=9, rows=9, frames=65), None, "IMP-075"),
        (track("0"), Facts(length=90), D(10), "IMP-066"),
        (track("0", duration="7"), TEN, None, "IMP-076"),
        (track("0"), TEN, D(30), "IMP-076"),
        (track("6.7"), TEN, None, "IMP-076"),
        (track("-0.5"), TEN, None, "IMP-076"),
        (event("0", "9"), TEN, None, "IMP-076"),
        (event("0", "25.7"), Facts(columns=9, rows=9, frames=300, rate=D(10)), None, "IMP-022"),
    ],
)
def test_what_does_not_fit_is_refused(item: Item, facts: Facts, rate: Decimal | None, code: str) -> None:
    with pytest.raises(ItemError, match=code):
        framed(item, facts, rate)


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        ({"FrameTime": "40"}, D(25)),
        ({"FrameTime": "40", "CineRate": "30"}, D(25)),
        ({"CineRate": "30"}, D(30)),
        ({"FrameTime": "0"}, None),
        ({"NumberOfFrames": 1, "FrameTime": "40"}, None),
        ({}, None),
    ],
)
def test_a_sample_states_its_rate(tmp_path: Path, said: dict[str, Any], rate: Decimal | None) -> None:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.3.1"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = "2.25.1"
    made.Rows, made.Columns, made.NumberOfFrames = 8, 8, 12
    for name, value in said.items():
        setattr(made, name, value)
    pydicom.dcmwrite(tmp_path / "a.dcm", made, enforce_file_format=True)
    assert read_facts(tmp_path / "a.dcm", "dicom").rate == rate
