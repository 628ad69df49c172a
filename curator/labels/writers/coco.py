"""COCO JSON (cocodataset.org, "Data format"): instances and keypoints, one file for all.

An image is the name of its clean file. Masks are compressed run lengths by columns, as the COCO API writes them; a
polygon's rings lie apart, for COCO fills them all. ``curator`` in an annotation names the record that it was written
from. It must never write a shape that COCO would read as another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

from curator.core.errors import CuratorError, ItemError
from curator.labels.geometry import check_apart, check_ring
from curator.labels.signed import Signed
from curator.labels.values import settled, written
from curator.labels.writers.protocol import Clean, Told, check_kind, only, origin_note

FILE = "annotations.json"
_Category = tuple[str, tuple[str, ...]]


class Coco:
    """Writer of COCO files."""

    name = "coco"
    title = "COCO JSON: boxes, polygons, masks, keypoints, classes of an image"
    kinds = ("box", "polygon", "mask", "keypoints", "class")

    def write(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write ``annotations.json``."""
        images: dict[str, dict[str, Any]] = {}
        made: list[tuple[Signed, _Category, dict[str, Any]]] = []
        for label in labels:
            try:
                check_kind(label, self)
                facts = clean.flat(label)
                only(label)
                category, fields = _annotation(label, label.value(clean.root))
            except CuratorError as error:
                told.refuse(label, error)
                continue
            if label.path not in images:
                images[label.path] = {
                    "id": len(images) + 1,
                    "file_name": label.path,
                    "width": facts.columns,
                    "height": facts.rows,
                }
            made.append((label, category, fields))
            told.wrote(label, FILE)
        if not made:
            return
        categories = {one: number for number, one in enumerate(sorted({one for _, one, _ in made}), 1)}
        document = {
            "info": {"description": "signed labels, written by curator"},
            "images": list(images.values()),
            "categories": [
                {"id": number, "name": name, **({"keypoints": list(points), "skeleton": []} if points else {})}
                for (name, points), number in categories.items()
            ],
            "annotations": [
                {
                    "id": number,
                    "image_id": images[label.path]["id"],
                    "category_id": categories[category],
                    **fields,
                    "curator": origin_note(label),
                }
                for number, (label, category, fields) in enumerate(made, 1)
            ],
        }
        told.put(FILE, (written(settled(document)) + "\n").encode("utf-8"))


def _annotation(label: Signed, value: dict[str, Any]) -> tuple[_Category, dict[str, Any]]:
    """Return category and fields of one annotation."""
    fields: dict[str, Any] = {}
    points: tuple[str, ...] = ()
    if label.kind == "box":
        if value.get("rotation"):
            raise ItemError("EXP-006", what="a turned box")
        fields = {"bbox": value["box"], "area": _plain(value["box"][2] * value["box"][3]), "iscrowd": 0}
    elif label.kind == "polygon":
        fields = _polygon(value["rings"])
    elif label.kind == "mask":
        fields = _mask(value)
    elif label.kind == "keypoints":
        points, fields = _keypoints(value["points"])
    if label.said.get("confidenceScale") == "probability-0-1":
        fields["score"] = Decimal(label.said["confidence"])
    return (value["class"], points), fields


def _plain(number: Decimal | int) -> Decimal | int:
    """Return a computed number without digits that say nothing."""
    made = Decimal(number)
    return int(made) if made == made.to_integral_value() else made.normalize()


def _polygon(rings: list[list[Any]]) -> dict[str, Any]:
    try:
        for ring in rings:
            check_ring([Decimal(one) for one in ring], None)
        if len(rings) > 1:
            check_apart([[Decimal(one) for one in ring] for ring in rings])
    except ItemError:
        raise ItemError("EXP-006", what="a polygon with holes or crossing rings") from None
    xs = [one for ring in rings for one in ring[0::2]]
    ys = [one for ring in rings for one in ring[1::2]]
    with localcontext() as context:
        context.prec = 60
        area = _plain(sum((_area(ring) for ring in rings), Decimal(0)))
    box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
    return {"segmentation": rings, "bbox": box, "area": area, "iscrowd": 0}


def _area(ring: list[Any]) -> Decimal:
    corners = [(Decimal(x), Decimal(y)) for x, y in zip(ring[0::2], ring[1::2], strict=True)]
    twice = sum((x * b - a * y for (x, y), (a, b) in pairwise([*corners, corners[0]])), Decimal(0))
    return abs(twice) / 2


def _mask(value: dict[str, Any]) -> dict[str, Any]:
    rows, columns = value["size"]
    runs = by_columns(value["runs"], rows, columns)
    if len(runs) < 2:
        raise ItemError("EXP-006", what="a mask without a pixel")
    at, area = 0, 0
    left, right, top, bottom = columns, -1, rows, -1
    for number, run in enumerate(runs):
        if number % 2:
            first, last = divmod(at, rows), divmod(at + run - 1, rows)
            left, right = min(left, first[0]), max(right, last[0])
            whole = last[0] > first[0]
            top, bottom = min(top, 0 if whole else first[1]), max(bottom, rows - 1 if whole else last[1])
            area += run
        at += run
    box = [left, top, right - left + 1, bottom - top + 1]
    return {
        "segmentation": {"size": [rows, columns], "counts": compressed(runs)},
        "bbox": box,
        "area": area,
        "iscrowd": 0,
    }


def by_columns(runs: Sequence[int], rows: int, columns: int) -> list[int]:
    """Turn run lengths by rows, zeros first, into run lengths by columns: what :func:`runs.by_rows` undoes."""
    from curator.labels.runs import by_rows, check_runs

    if sum(runs[1::2]) == 0:
        return [rows * columns]
    # The rows of a transposed image are the columns of this one.
    return by_rows(check_runs(list(runs), rows, columns), columns, rows)


def compressed(runs: Iterable[int]) -> str:
    """Encode run lengths as the COCO API does (``rleToString`` of maskApi.c); :func:`runs.coco_counts` reads it."""
    counts = list(runs)
    marks: list[str] = []
    for number, count in enumerate(counts):
        value = count - counts[number - 2] if number > 2 else count
        more = True
        while more:
            group = value & 0x1F
            value >>= 5
            more = value != (-1 if group & 0x10 else 0)
            marks.append(chr((group | 0x20 if more else group) + 48))
    return "".join(marks)


def _keypoints(points: list[dict[str, Any]]) -> tuple[tuple[str, ...], dict[str, Any]]:
    names = tuple(one["name"] for one in points)
    if len(set(names)) != len(names):
        raise ItemError("EXP-006", what="keypoints of one name")
    flat = [number for one in points for number in (one["x"], one["y"], one["visibility"])]
    if not any(flat):
        raise ItemError("EXP-006", what="keypoints that are all absent")
    return names, {"keypoints": flat, "num_keypoints": sum(one["visibility"] > 0 for one in points), "iscrowd": 0}
