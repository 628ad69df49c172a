"""Dataloop: shapes, snapshots of videos, models, status as review."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.labels.item import Item, Refused
from curator.labels.readers.table import reader


def read(folder: Path, document: Any) -> list[Item | Refused]:
    path = folder / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return list(reader("dataloop").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


def label(kind: str, coordinates: Any, **more: Any) -> dict[str, Any]:
    system = more.pop("system", {})
    return {"type": kind, "label": "c", "coordinates": coordinates, "metadata": {"system": system}} | more


def document(*labels: dict[str, Any]) -> dict[str, Any]:
    numbered = [one | {"id": f"a{at}"} for at, one in enumerate(labels)]
    return {"filename": "/f/a.png", "datasetId": "d", "annotations": numbered}


CORNERS = [{"x": 1, "y": 2}, {"x": 4, "y": 6}]
RING = [{"x": 0, "y": 0}, {"x": 9, "y": 0}, {"x": 9, "y": 9}]


def test_every_kind_that_is_read_keeps_its_numbers(tmp_path: Path) -> None:
    found = items(
        read(
            tmp_path,
            document(
                label("box", CORNERS),
                label("segment", [RING]),
                label("polyline", [RING]),
                label("point", {"x": 1.50, "y": 2}),
                label("ellipse", {"center": {"x": 5, "y": 5}, "rx": 2, "ry": 1, "angle": 45}),
                label("class", None),
                label("text_mark", {"start": 3, "end": 9}),
                label("subtitle", {"text": "words"}),
            ),
        )
    )
    assert [one.kind for one in found] == [
        "box", "polygon", "polyline", "point", "ellipse", "class", "span", "transcript",
    ]  # fmt: skip
    assert found[0].value["box"] == [Decimal(n) for n in (1, 2, 3, 4)]
    assert str(found[3].value["point"][0]) == "1.5"
    assert found[0].sample.name == "f/a.png"


def test_snapshots_are_key_frames_counted_from_one(tmp_path: Path) -> None:
    later = {"frame": 5, "label": "c", "data": [{"x": 2, "y": 2}, {"x": 4, "y": 6}]}
    (one,) = items(
        read(tmp_path, document(label("box", CORNERS, system={"frame": 2, "endFrame": 9, "snapshots_": [later]})))
    )
    assert [at["frame"] for at in one.value["frames"]] == [3, 6]
    assert [at["value"]["box"][0] for at in one.value["frames"]] == [Decimal(1), Decimal(2)]


def test_a_model_is_a_model_and_the_status_is_a_review(tmp_path: Path) -> None:
    model = label("box", CORNERS, system={"status": "issue"})
    model["metadata"]["user"] = {"model": {"name": "m", "confidence": 0.25}}
    person = label("box", CORNERS, source="ui", creator="a@x.example", createdAt="2022-01-05T19:26:23.252Z")
    one, two = items(read(tmp_path, document(model, person)))
    assert (one.origin, one.confidence) == ("model", Decimal("0.25"))
    assert [(r.by, r.outcome) for r in one.reviews] == [(None, "rejected")]
    assert (two.origin, two.author, two.labeled_at) == ("human", "a@x.example", "2022-01-05T19:26:23.252Z")


def test_broken_pictures_cuboids_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    found = read(
        tmp_path, document(label("binary", "iVBOR"), label("cube", RING), label("new", RING), label("box", RING))
    )
    assert codes(found) == ["IMP-032", "IMP-022", "IMP-022", "IMP-035"]


def rgba(alpha: list[list[int]]) -> str:
    """Return a picture in base64, its alpha given by rows."""
    height, width = len(alpha), len(alpha[0])
    flat = b"".join(b"\0" + b"".join(bytes([9, 9, 9, one]) for one in row) for row in alpha)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(flat)),
        (b"IEND", b""),
    )
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return "data:image/png;base64," + base64.b64encode(data).decode()


def test_a_mask_is_where_its_picture_is_opaque(tmp_path: Path) -> None:
    drawn = rgba([[0, 255, 128], [127, 0, 200]])
    plain, inside = label("binary", drawn), label("binary", {"data": drawn})
    found = read(tmp_path, document(plain, inside, label("binary", rgba([[0, 0]])), label("binary", drawn[:60])))
    assert codes(found) == ["in", "in", "IMP-021", "IMP-032"]
    assert found[0].value == found[1].value == {"class": "c", "size": [2, 3], "runs": [1, 2, 2, 1]}  # type: ignore[union-attr]


def test_a_cube_of_a_point_cloud_comes_in_where_its_frame_is_stated(tmp_path: Path) -> None:
    def axes(x: float, y: float, z: float) -> dict[str, float]:
        return {"x": x, "y": y, "z": z}

    where = {"position": axes(1, 2, 3), "scale": axes(2, 2, 4), "rotation": axes(0, 0, 0)}
    told, tilted = label("cube_3d", where), label("cube_3d", where | {"rotation": axes(0.1, 0, 0)})
    moving = label("cube_3d", where, system={"snapshots_": [{"frame": 1}]})
    for one in (told, tilted, moving):
        one["metadata"] = one.get("metadata", {}) | {"user": {"coordinateSystem": "LPS", "unit": "mm"}}
    found = read(tmp_path, document(told, label("cube_3d", where), tilted, moving))
    assert codes(found) == ["in", "IMP-080", "IMP-022", "IMP-022"]
    (one,) = (item for item in found if isinstance(item, Item))
    assert (one.kind, one.value["space"], one.value["box"]) == ("box3d", "patient", [0, 1, 1, 2, 2, 4])
