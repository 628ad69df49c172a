"""The content tree of a structured report: items with their places, concepts and values (PS3.3 C.17.3, C.18).

Nothing here knows a template; :mod:`curator.labels.readers.dicom_sr` does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_line, check_points, check_ring, derived
from curator.labels.readers import dicom_file as dicom

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MOST_DEPTH, MOST_ITEMS = 32, 1_000_000


@dataclass
class Content:
    """One content item.

    ``place`` is its position, such as ``1.4.2`` (PS3.3 C.17.3.2.5); ``concept`` its concept name's code; ``value`` the
    text, code, UID, name or date that stands in it.
    """

    place: str
    kind: str
    relation: str
    concept: dict[str, str]
    value: Any
    dataset: Dataset = field(repr=False)
    children: list[Content] = field(default_factory=list, repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """Scheme and code of the concept name."""
        return self.concept.get("system", ""), self.concept.get("code", "")

    def told(self) -> dict[str, Any]:
        """Return what it says, for ``kept``."""
        made: dict[str, Any] = {"concept": self.concept, "value": self.value}
        if self.children:
            made["content"] = [child.told() for child in self.children]
        return made

    def all(self) -> Iterator[Content]:
        """Yield it and all that hangs below."""
        yield self
        for child in self.children:
            yield from child.all()


_VALUES = {
    "TEXT": "TextValue",
    "PNAME": "PersonName",
    "UIDREF": "UID",
    "DATETIME": "DateTime",
    "DATE": "Date",
    "TIME": "Time",
}


def tree(dataset: Dataset) -> Content:
    """Return the tree of a report (IMP-003 when it is too deep or too large)."""
    room = [MOST_ITEMS]
    return _content(dataset, "1", room, 0)


def _content(dataset: Dataset, place: str, room: list[int], depth: int) -> Content:
    room[0] -= 1
    if depth > MOST_DEPTH or room[0] < 0:
        raise UsageError("IMP-003", reason="its content is nested too deep or has too many items")
    kind = dicom.text(dataset, "ValueType")
    made = Content(
        place=place,
        kind=kind,
        relation=dicom.text(dataset, "RelationshipType"),
        concept=dicom.code(dataset, "ConceptNameCodeSequence") or {},
        value=_value(dataset, kind),
        dataset=dataset,
    )
    for at, child in enumerate(dicom.sequence(dataset, "ContentSequence"), 1):
        made.children.append(_content(child, f"{place}.{at}", room, depth + 1))
    return made


def _value(dataset: Dataset, kind: str) -> Any:
    if kind == "CODE":
        return dicom.code(dataset, "ConceptCodeSequence")
    if kind == "NUM":
        measured = dicom.only(dataset, "MeasuredValueSequence")
        return {
            "amount": dicom.text(measured, "NumericValue"),
            "unit": dicom.code(measured, "MeasurementUnitsCodeSequence"),
            "qualifier": dicom.code(dataset, "NumericValueQualifierCodeSequence"),
        }
    if kind in ("IMAGE", "COMPOSITE"):
        return [
            {word: found for word in ("ReferencedSOPClassUID", "ReferencedSOPInstanceUID", "ReferencedFrameNumber",
                                      "ReferencedSegmentNumber") if (found := dicom.text(one, word))}
            for one in dicom.sequence(dataset, "ReferencedSOPSequence")
        ]  # fmt: skip
    if kind in ("SCOORD", "SCOORD3D"):
        return dicom.text(dataset, "GraphicType")
    return dicom.text(dataset, _VALUES[kind]) if kind in _VALUES else ""


def flat_points(item: Content) -> list[list[Decimal]]:
    """Return the points of an SCOORD or SCOORD3D, each of two or three numbers (IMP-020 when they do not divide)."""
    size = 2 if item.kind == "SCOORD" else 3
    numbers = dicom.decimals(item.dataset, "GraphicData")
    if not numbers or len(numbers) % size:
        raise ItemError("IMP-020")
    return [numbers[at : at + size] for at in range(0, len(numbers), size)]


def is_area(item: Content) -> bool:
    """Say whether an SCOORD encloses an area."""
    if item.value in ("CIRCLE", "ELLIPSE"):
        return True
    points = flat_points(item) if item.value == "POLYLINE" else []
    return len(points) > 3 and points[0] == points[-1]


def shape(item: Content, name: str) -> tuple[str, dict[str, Any]]:
    """Return kind and value of the label that an SCOORD or SCOORD3D draws.

    Two-dimensional points count from the outer corner of the first pixel (PS3.3 C.18.6.1.1), as labels do. Circles and
    ellipses are given by points on their edge (C.18.6.1.2): center, radii and angle are computed, to six places.

    Raises
    ------
    ItemError
        IMP-020, IMP-021, IMP-025 for broken shapes, IMP-022 for ellipses in space and unknown graphics.
    """
    points = flat_points(item)
    if item.kind == "SCOORD3D":
        return _in_space(item, points, name)
    flat = [number for point in points for number in point]
    check_points(flat, None)
    if item.value == "POINT":
        if len(points) != 1:
            raise ItemError("IMP-020")
        return "point", {"class": name, "point": points[0]}
    if item.value == "MULTIPOINT":
        marks = [{"name": str(at), "x": x, "y": y, "visibility": 2} for at, (x, y) in enumerate(points, 1)]
        return "keypoints", {"class": name, "points": marks}
    if item.value == "POLYLINE":
        if is_area(item):
            check_ring(flat[:-2], None)
            return "polygon", {"class": name, "rings": [flat[:-2]]}
        check_line(flat, None)
        return "polyline", {"class": name, "line": flat}
    if item.value in ("CIRCLE", "ELLIPSE"):
        return "ellipse", {"class": name, **_ellipse(item.value, points)}
    raise ItemError("IMP-022", what="an unknown graphic")


def _ellipse(kind: str, points: list[list[Decimal]]) -> dict[str, Any]:
    if len(points) != (2 if kind == "CIRCLE" else 4):
        raise ItemError("IMP-020")
    if kind == "CIRCLE":
        (x, y), edge = points
        radius = derived(_distance((x, y), (edge[0], edge[1])))
        if not radius:
            raise ItemError("IMP-021")
        return {"center": [x, y], "radii": [radius, radius]}
    return ellipse_of(points)


def ellipse_of(points: list[list[Decimal]]) -> dict[str, Any]:
    """Return center, radii and angle of the ellipse of which the ends of both axes are given (IMP-021 when flat)."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    radii = [derived(_distance((ax, ay), (bx, by)) / 2), derived(_distance((cx, cy), (dx, dy)) / 2)]
    if not all(radii):
        raise ItemError("IMP-021")
    made: dict[str, Any] = {"center": [derived((ax + bx) / 2), derived((ay + by) / 2)], "radii": radii}
    # y points down, so a growing angle turns clockwise.
    angle = Decimal(repr(math.degrees(math.atan2(float(by - ay), float(bx - ax)))))
    turned = derived(angle % 180)
    if turned:
        made["rotation"] = turned + 180 if turned < 0 else turned
    return made


def _distance(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> Decimal:
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2).sqrt()


def _in_space(item: Content, points: list[list[Decimal]], name: str) -> tuple[str, dict[str, Any]]:
    least = {"POINT": 1, "MULTIPOINT": 1, "POLYLINE": 2, "POLYGON": 3}.get(item.value)
    if least is None:
        raise ItemError("IMP-022", what="an ellipse, an ellipsoid or an unknown graphic in space")
    if item.value == "POINT" and len(points) != 1:
        raise ItemError("IMP-020")
    closed = item.value == "POLYGON"
    if closed and len(points) > 1 and points[0] == points[-1]:
        points = points[:-1]
    if len({tuple(point) for point in points}) < least:
        raise ItemError("IMP-025") if closed else ItemError("IMP-021")
    return "points3d", {"class": name, "space": "patient", "points": points, "closed": closed}
