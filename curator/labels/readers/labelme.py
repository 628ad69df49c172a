"""LabelMe JSON: one file an image, as labelme 3 to 6 writes it, and X-AnyLabeling after it.

Format: labelme's ``_label_file.py`` and ``_utils/shape.py``. Coordinates are pixels from the image's outer corner. A
circle has its center and a point on it; a mask is a PNG of the part of the image between two corners, whose pixels are
both covered where they are whole numbers. A shape without a type is a polygon. Flags of the image that are set are one
label of kind ``classes``; an image all of whose flags are off has none. The image that the file may hold is not read.

The file names no person and no time. X-AnyLabeling gives a score to shapes that a model proposed: those are the
model's.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size, derived
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.png import painted
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import Fields, Maker, confidence, label_id, listed, needed, size, told
from curator.labels.readers.vendor_stream import rows
from curator.labels.runs import placed

_OWN = "the format has no place for it"
_KEYS = re.compile(rb'"(shape_type|imagePath|imageData|imageHeight|line_color|lineColor|group_id)"\s*:')
_UP = re.compile(r"^(?:[A-Za-z]:)?(?:\.{0,2}/)+")
Points = list[tuple[Decimal, Decimal]]


class LabelMe:
    """Reader of one image's file."""

    name = "labelme"
    title = "LabelMe JSON (labelme, X-AnyLabeling)"
    lacks = (
        Lack("author", f"{_OWN}; name the person on import, and import person by person"),
        Lack("labeled-at", _OWN),
        Lack("guideline", ""),
        Lack("confidence", "X-AnyLabeling's shapes that a model proposed have it, as score", partly=True),
        Lack("review", _OWN),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of an image's file."""
        return path.is_file() and b'"shapes"' in head and bool(_KEYS.search(head))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the flags of the image, then its shapes."""
        found = [row for _, row in rows(path)]
        if len(found) != 1 or not isinstance(found[0], dict) or "shapes" not in found[0]:
            raise UsageError("IMP-001", format=self.title)
        yield from told(_image(found[0], path))


def _image(raw: dict[str, Any], path: Path) -> Iterator[Maker]:
    document = Fields(raw)
    extent = size(document.see("imageWidth"), document.see("imageHeight"))
    stated = document.text("imagePath")
    name = _UP.sub("", stated.replace("\\", "/")) if stated is not None else path.stem
    sample = Named("file", name, extent)
    flags = raw.get("flags")
    if flags not in (None, {}) and (not isinstance(flags, dict) or any(flags.values())):
        yield "flags", lambda: _flags(flags, sample)
    for index, (where, one) in enumerate(listed("shapes", document.see("shapes"))):
        yield where, lambda one=one, index=index: _shape(one, index, sample)  # type: ignore[misc]


def _flags(flags: Any, sample: Named) -> Item:
    if not isinstance(flags, dict) or not all(isinstance(one, bool) for one in flags.values()):
        raise ItemError("IMP-035")
    names = sorted(name for name, is_set in flags.items() if is_set)
    if any(not name.strip() for name in names):
        raise ItemError("IMP-023", what="its class")
    made = label_id("labelme", sample.name, "flags")
    return Item("", made, sample, "classes", {"classes": names}, tool=("labelme", "unknown"), kept={"flags": flags})


def _shape(raw: Any, index: int, sample: Named) -> Item:
    one = Fields(raw)
    name = needed(one.text("label"), "its class")
    kind = one.text("shape_type") or "polygon"
    shape = _drawn(kind, name, shapes.points(one.take("points")), one, sample.size)
    sure = confidence(one.see("score"))
    return Item(
        "",
        label_id("labelme", sample.name, index),
        sample,
        shape[0],
        shape[1],
        confidence=sure,
        confidence_scale=None if sure is None else "probability-0-1",
        origin="unknown" if sure is None else "model",
        tool=("labelme", "unknown"),
        kept=one.rest("mask"),
    )


def _drawn(kind: str, name: str, found: Points, one: Fields, extent: Size) -> shapes.Shape:
    if kind in {"polygon", "rotation", "oriented_rectangle"}:
        return shapes.polygon(name, [found], extent)
    if kind in {"line", "linestrip"}:
        return shapes.line(name, found, extent)
    if kind == "point" and len(found) == 1:
        return shapes.point(name, found[0], extent)
    if kind == "rectangle" and len(found) == 4:
        return _corners(name, found, extent)
    if kind in {"rectangle", "circle", "mask"} and len(found) == 2:
        (x1, y1), (x2, y2) = found
        if kind == "rectangle":
            return shapes.corners(name, x1, y1, x2, y2, extent)
        if kind == "mask":
            return _mask(name, found, one.see("mask"), extent)
        with localcontext() as context:
            context.prec = 60
            radius = derived(((x1 - x2) ** 2 + (y1 - y2) ** 2).sqrt())
        return shapes.ellipse(name, found[0], (radius, radius), None, extent)
    if kind in {"point", "rectangle", "circle", "mask"}:
        raise ItemError("IMP-035")
    raise ItemError("IMP-022", what="a kind that this program does not know")


def _corners(name: str, found: Points, extent: Size) -> shapes.Shape:
    """Return a box that X-AnyLabeling gives by all four corners (IMP-035 when they are none of a box)."""
    across, down = sorted({x for x, _ in found}), sorted({y for _, y in found})
    if len(across) != 2 or len(down) != 2 or len(set(found)) != 4:
        raise ItemError("IMP-035")
    return shapes.corners(name, across[0], down[0], across[1], down[1], extent)


def _mask(name: str, found: Points, data: Any, extent: Size) -> shapes.Shape:
    """Return the mask of a part of the image (IMP-032 for no PNG, IMP-024 for one of another size than the part)."""
    if extent is None:
        raise ItemError("IMP-036")
    if extent[0] * extent[1] > shapes.MOST_PIXELS:
        raise ItemError("IMP-024")
    try:
        picture = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except ValueError:
        raise ItemError("IMP-032") from None
    (x1, y1), (x2, y2) = ((round(x), round(y)) for x, y in found)
    exact = all(value == round(value) for point in found for value in point)
    (wide, high), runs = painted(picture, (x2 - x1 + 1, y2 - y1 + 1) if exact else None)
    return shapes.mask(name, placed(runs, (x1, y1, wide, high), extent[1], extent[0]), extent)
