"""LabelMe: every type of shape, flags of images, masks of a part, and what is broken."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.labelme import LabelMe
from curator.labels.readers.table import recognized


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*lines: str) -> str:
    flat = b"".join(b"\0" + bytes(map(int, line)) for line in lines)
    head = struct.pack(">IIBBBBB", len(lines[0]), len(lines), 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(flat)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def shape(kind: str | None, *points: tuple[float, float], **more: Any) -> dict[str, Any]:
    made = {"label": "nodule", "points": [list(point) for point in points], "group_id": None, "flags": {}, **more}
    return made | ({} if kind is None else {"shape_type": kind})


def read(path: Path, *found: Any, **top: Any) -> list[Item | Refused]:
    file = path / "scan.json"
    head = {"version": "5.7.0", "flags": {}, "shapes": list(found), "imagePath": "..\\images\\scan.png"}
    file.write_text(json.dumps({**head, "imageData": "AAAA", "imageHeight": 40, "imageWidth": 60, **top}))
    assert recognized(file) == ["labelme"]
    return list(LabelMe().read(file))


def test_every_type_of_shape_becomes_its_kind(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        shape("rectangle", (30.5, 20), (10, 5.25), group_id=3),
        shape(None, (1, 1), (9, 1), (9, 9)),
        shape("circle", (20, 20), (23, 24)),
        shape("line", (1, 1), (2, 2)),
        shape("linestrip", (1, 1), (2, 2), (3, 1)),
        shape("point", (7, 8)),
        shape("oriented_rectangle", (10, 10), (20, 12), (19, 17), (9, 15), direction=0.2),
        shape("rectangle", (1, 1), (5, 1), (5, 4), (1, 4), score=0.75),
        shape("mask", (3, 2), (5, 3), mask=png("010", "111")),
    )
    assert all(isinstance(one, Item) for one in found), found
    assert [one.kind for one in found] == [
        "box", "polygon", "ellipse", "polyline", "polyline", "point", "polygon", "box", "mask",
    ]  # fmt: skip
    box, polygon, circle, *_, proposed, mask = found
    assert box.value == {"class": "nodule", "box": [10, Decimal("5.25"), Decimal("20.5"), Decimal("14.75")]}
    assert (box.sample.by, box.sample.name, box.sample.size) == ("file", "images/scan.png", (60, 40))
    assert box.kept == {"group_id": 3}
    assert polygon.value["rings"] == [[1, 1, 9, 1, 9, 9]]
    assert circle.value["radii"] == [5, 5]
    assert (proposed.origin, proposed.confidence, box.origin) == ("model", Decimal("0.75"), "unknown")
    assert mask.value == {"class": "nodule", "size": [40, 60], "runs": [2 * 60 + 4, 1, 58, 3, 37 * 60 - 6 + 0]}
    assert sum(mask.value["runs"]) == 60 * 40


def test_flags_that_are_set_are_classes_of_the_image(tmp_path: Path) -> None:
    (one,) = read(tmp_path, flags={"effusion": True, "normal": False, "device": True})
    assert (one.kind, one.value) == ("classes", {"classes": ["device", "effusion"]})
    assert one.kept == {"flags": {"effusion": True, "normal": False, "device": True}}
    assert read(tmp_path, flags={"effusion": False}) == []
    (refused,) = read(tmp_path, flags={"effusion": "Smith"})
    assert (refused.place, refused.code) == ("flags", "IMP-035")


def test_what_is_no_label_is_refused_by_itself(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        shape("rectangle", (1, 1), (70, 5)),
        shape("polygon", (0, 0), (9, 9), (9, 0), (0, 9)),
        shape("circle", (1, 1)),
        shape("spline", (1, 1), (2, 2)),
        shape("point", (1, 1), label=" "),
        shape("mask", (3, 2), (5, 3), mask=png("01", "11")),
        shape("mask", (58, 2), (60, 3), mask=png("010", "111")),
        shape("mask", (3, 2), (5, 3), mask="Smith"),
        shape("rectangle", (1, 1), (5, 1), (5, 4), (2, 4)),
        {"label": "nodule"},
        "Smith",
    )
    assert [one.code for one in found] == [
        "IMP-021", "IMP-025", "IMP-035", "IMP-022", "IMP-023", "IMP-024", "IMP-021", "IMP-032", "IMP-035", "IMP-020",
        "IMP-035",
    ]  # fmt: skip
    assert "Smith" not in repr(found)


@pytest.mark.parametrize(("text", "code"), [("[]", "IMP-001"), ('{"shapes": [', "IMP-003"), ('{"a": 1}', "IMP-001")])
def test_a_file_that_is_broken_or_another_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(UsageError) as caught:
        list(LabelMe().read(tmp_path / "a.json"))
    assert caught.value.code == code
