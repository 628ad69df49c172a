"""The samples on which readers differ most, as pictures with each reader's outline where there is one to draw."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from curator.labels.opinions import Opinion
from curator.labels.report.material import Difference
from curator.labels.report.outlines import rings_of
from curator.labels.report.pictures import Pictures, Shown
from curator.report.model import Outline, Picture

_DRAWN = frozenset({"box", "ellipse", "polygon", "polyline", "point", "keypoints", "mask", "volume-mask"})
#: Kinds that no picture is shown of: texts, and what lies in space or time beside one plane.
_NO_PICTURE = frozenset({"span", "relation", "box3d", "points3d", "track"})


def pictured(one: Difference, pictures: Pictures, number: int) -> Picture | None:
    """Return the picture of a difference, None when there is none to show; why is counted by ``pictures``."""
    some = (*one.said[0], *one.said[1])[0]
    if one.kind in _NO_PICTURE:
        return None
    plane = plane_of(one)
    shown = pictures.of(some, plane)
    if shown is None:
        return None
    outlines = []
    if one.kind in _DRAWN:
        for reader, said in zip(one.readers, one.said, strict=True):
            rings = rings_of(one.kind, [o.value for o in said], plane)
            if rings is None:
                pictures.without("of outlines too ragged to be drawn")
                return None
            outlines.append(Outline(f"{reader}{'' if said else ': nothing drawn'}", _scaled(rings, shown)))
    heard = [f"{who}: {told(said)}." for who, said in zip(one.readers, one.said, strict=True)]
    where = f" \u00b7 plane {plane}" if plane != 1 or one.kind == "volume-mask" else ""
    return Picture(
        f"Difference {number}: {titled(one)}{where}",
        " ".join([f"Sample {one.sample}.", *heard]),
        shown.png,
        shown.width,
        shown.height,
        tuple(outlines),
    )


def titled(one: Difference) -> str:
    """Return a difference in a few words."""
    label = f" {one.label}" if one.label else ""
    return f"{one.kind}{label}, {one.readers[0]} and {one.readers[1]}, score {one.score:.3f}"


def told(said: Sequence[Opinion]) -> str:
    """Return what a reader said, without coordinates and without any text of the sample."""
    if not said:
        return "nothing"
    one = said[0]
    value = one.value
    if one.kind in _DRAWN | _NO_PICTURE:
        return f"{len(said)} {'marked' if one.kind in {'span', 'relation'} else 'drawn'}"
    if one.kind in {"classes", "code"}:
        return ", ".join(value["classes"]) or "no class"
    if one.kind == "measurement":
        return f"{value['what']} {value['amount']:g} {value['unit']}"
    name = {"grade": "grade", "sentiment": "sentiment"}.get(one.kind, "class")
    found = value[name]
    return f"{found:g}" if isinstance(found, int | float) else str(found)


def plane_of(one: Difference) -> int:
    """Return the frame or slice to show, from 1: the labeled one, or of volumes the one that differs most."""
    if one.kind == "volume-mask":
        return _most_apart(one)
    if not one.part:
        return 1
    part: dict[str, Any] = json.loads(one.part)
    return int(part["slice"]) if "slice" in part else int(part["frames"][0])


def _most_apart(one: Difference) -> int:
    covered: list[dict[int, int]] = []
    for said in one.said:
        areas: dict[int, int] = {}
        for o in said:
            for key, runs in o.value["slices"].items():
                areas[int(key)] = areas.get(int(key), 0) + sum(runs[1::2])
        covered.append(areas)
    slices = sorted({*covered[0], *covered[1]})
    return max(slices, key=lambda at: (abs(covered[0].get(at, 0) - covered[1].get(at, 0)), -at), default=1)


def _scaled(
    rings: Sequence[Sequence[tuple[float, float]]], shown: Shown
) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(tuple((x / shown.step, y / shown.step) for x, y in ring) for ring in rings)
