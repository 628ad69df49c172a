"""CVAT XML 1.1, for images and for video (docs.cvat.ai, "XML annotation format").

CVAT's pixels are those of the label model. Frames count from 0 in the file and from 1 here. ``rotation`` turns
clockwise around the center. A ``points`` shape of several points becomes keypoints named by their number from 1. A
track is one label: frames where it is ``outside`` are left out of its value and kept, ``keyframe="0"`` is
interpolated. Attributes, ``occluded``, ``z_order``, ``group_id`` and ``source`` are kept; ``source`` also says the
origin: ``manual`` and ``semi-auto`` a person, ``auto`` a model, ``file`` imported. Owner and assignee are of the
task, not of a shape, so that no label gets an author from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_box, check_line, check_points, check_ring, number
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers.parts import pixels, text
from curator.labels.runs import mask_size, placed
from curator.labels.xmlstream import elements, fields_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OWN = "CVAT's exports never say who drew a shape; name the person on import, or import job by job"
_ORIGINS = {"manual": "human", "semi-auto": "human", "auto": "model", "file": "imported"}
_SHAPES = frozenset(("box", "polygon", "polyline", "points", "ellipse", "cuboid", "skeleton", "mask"))
_WHOLE = re.compile(r"\d{1,10}", re.ASCII)
_PLACES = frozenset(
    ("label", "points", "xtl", "ytl", "xbr", "ybr", "cx", "cy", "rx", "ry", "rotation", "rle", "left", "top")
    + ("width", "height", "frame", "outside", "keyframe")
)
_HEAD = re.compile(rb"<annotations[\s>].*?<(meta|image|track)[\s>/]", re.DOTALL)
_Size = tuple[int, int] | None


class Cvat:
    """Reader of an ``annotations.xml``, or of the folder that an export unpacks to."""

    name = "cvat"
    title = "CVAT XML 1.1 (images and video)"
    lacks = (
        Lack("author", _OWN),
        Lack("labeled-at", "CVAT's exports have times of the task only"),
        Lack("guideline", ""),
        Lack("confidence", "CVAT's exports have no field for it"),
        Lack("review", "CVAT does not export the issues of a review"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file begins as CVAT's XML does, or a folder holds such an ``annotations.xml``."""
        if head:
            return path.suffix.lower() == ".xml" and bool(_HEAD.search(head))
        file = path / "annotations.xml"
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return bool(_HEAD.search(opened.read(1 << 16)))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield every shape and tag of the images, and every track, in the file's order."""
        file = path / "annotations.xml" if path.is_dir() else path
        videos: dict[str, Named] = {}
        images = tracks = 0

        def wanted(names: tuple[str, ...]) -> bool:
            return names in (("meta",), ("image",), ("track",), ("version",))

        for element in elements(file, "annotations", wanted, "CVAT XML"):
            if element.tag == "version" and not (element.text or "").strip().startswith("1."):
                raise UsageError("IMP-001", format="CVAT XML 1")
            if element.tag == "meta":
                videos = _videos(element)
            elif element.tag == "image":
                yield from _image(element, images)
                images += 1
            elif element.tag == "track":
                yield _track(element, tracks, videos)
                tracks += 1


def _videos(meta: Element) -> dict[str, Named]:
    """The video of each task by the task's id; under the empty id the only one."""
    made = {}
    tasks = list(meta.iter("task")) or list(meta.iter("job"))
    for task in tasks:
        key = (task.findtext("id") or "").strip()
        extent = task.find("original_size")
        size = pixels(extent.findtext("width"), extent.findtext("height")) if extent is not None else None
        source = (task.findtext("source") or (meta.findtext("source") if len(tasks) == 1 else "") or "").strip()
        made[key] = Named("file", source, size) if source else Named("id", key or "task", size)
    if len(made) == 1:
        made[""] = next(iter(made.values()))
    return made


def _image(image: Element, order: int) -> Iterator[Item | Refused]:
    name = image.get("name") or ""
    size = pixels(image.get("width"), image.get("height"))
    sample = Named("file", name, size) if name.strip() else Named("id", image.get("id") or str(order), size)
    above = {f"image-{key}": value for key, value in image.items() if key not in ("name", "width", "height")}
    for at, shape in enumerate(image):
        place = f"image[{order}].shape[{at}]"
        try:
            label = text(shape.get("label"), "its class")
            kind, value = ("class", {}) if shape.tag == "tag" else _shape(shape, size)
            yield Item(
                place=place,
                label_id=f"cvat-{order + 1}-{at + 1}",
                sample=sample,
                kind=kind,
                value={"class": label} | value,
                origin=_ORIGINS.get(shape.get("source") or "", "unknown"),
                kept=above | _kept(shape),
            )
        except ItemError as error:
            yield refused(place, error)


def _kept(shape: Element) -> dict[str, Any]:
    """Return what a shape says besides its class and place: its attributes, and those of a skeleton's points."""
    made: dict[str, Any] = {key: value for key, value in shape.items() if key not in _PLACES}
    attributes = [
        {"name": one.get("name") or "", "value": (one.text or "").strip()} for one in shape.findall("attribute")
    ]
    if attributes:
        made["attributes"] = attributes
    if shape.tag == "skeleton":
        made["points"] = [{"label": point.get("label") or ""} | _kept(point) for point in shape.findall("points")]
    return made


def _shape(shape: Element, size: _Size) -> tuple[str, dict[str, Any]]:
    """Return kind and value, without the class, of one shape."""
    kind = str(shape.tag)
    if kind == "box":
        left, top, right, bottom = (number(shape.get(key)) for key in ("xtl", "ytl", "xbr", "ybr"))
        return "box", {"box": [left, top, right - left, bottom - top]} | _turned(
            shape, [left, top, right - left, bottom - top], size
        )
    if kind == "ellipse":
        x, y, across, down = (number(shape.get(key)) for key in ("cx", "cy", "rx", "ry"))
        turn = _turned(shape, [x - across, y - down, 2 * across, 2 * down], size)
        return "ellipse", {"center": [x, y], "radii": [across, down]} | turn
    if kind == "mask":
        return "mask", _mask(shape, size)
    if kind == "skeleton":
        return "keypoints", {"points": [_joint(point, size) for point in _joints(shape)]}
    if kind == "cuboid":
        raise ItemError("IMP-022", what="a cuboid drawn on an image")
    if kind not in _SHAPES:
        raise ItemError("IMP-022", what="a shape of another kind")
    flat = _pairs(shape.get("points"))
    if kind == "polygon":
        check_ring(flat, size)
        return kind, {"rings": [flat]}
    if kind == "polyline":
        check_line(flat, size)
        return kind, {"line": flat}
    check_points(flat, size)
    if len(flat) == 2:
        return "point", {"point": flat}
    named = zip(flat[0::2], flat[1::2], strict=True)
    return "keypoints", {
        "points": [{"name": str(at + 1), "x": x, "y": y, "visibility": 2} for at, (x, y) in enumerate(named)]
    }


def _turned(shape: Element, box: list[Decimal], size: _Size) -> dict[str, Any]:
    """Check a box that may be turned around its center: then only the center must lie in the image."""
    turn = number(shape.get("rotation", "0"))
    check_box(box, None if turn else size)
    if not turn:
        return {}
    check_points([box[0] + box[2] / 2, box[1] + box[3] / 2], size)
    return {"rotation": turn}


def _pairs(value: str | None) -> list[Decimal]:
    """Return ``x,y;x,y`` as a flat list."""
    flat = []
    for pair in (value or "").split(";"):
        both = pair.split(",")
        if len(both) != 2:
            raise ItemError("IMP-020")
        flat += [number(both[0]), number(both[1])]
    return flat


def _flag(element: Element, key: str, default: str | None = None) -> bool:
    value = element.get(key, default)
    if value not in ("0", "1"):
        raise ItemError("IMP-023", what=f'whether it is "{key}"')
    return value == "1"


def _joints(shape: Element) -> list[Element]:
    points = shape.findall("points")
    names = [point.get("label") for point in points]
    if not points or len(set(names)) != len(names):
        raise ItemError("IMP-023", what="the names of its keypoints")
    return points


def _joint(point: Element, size: _Size, name: str | None = None) -> dict[str, Any]:
    """Return one point of a skeleton: absent when outside, hidden when occluded."""
    flat = _pairs(point.get("points"))
    if len(flat) != 2:
        raise ItemError("IMP-020")
    visibility = 0 if _flag(point, "outside") else 1 if _flag(point, "occluded", "0") else 2
    check_points(flat, size if visibility else None)
    label = text(point.get("label") if name is None else name, "the names of its keypoints")
    return {"name": label, "x": flat[0], "y": flat[1], "visibility": visibility}


def _mask(shape: Element, size: _Size) -> dict[str, Any]:
    """Return a mask in its whole image; the file has the runs of its box, by rows, zeros first."""
    if size is None:
        raise ItemError("IMP-023", what="the image's size")
    fields = [shape.get(key) or "" for key in ("left", "top", "width", "height")]
    runs = [run.strip() for run in (shape.get("rle") or "").split(",")]
    if not all(_WHOLE.fullmatch(value) for value in [*fields, *runs]):
        raise ItemError("IMP-024")
    left, top, width, height = map(int, fields)
    rows, columns = mask_size(size[1], size[0])
    return {"size": [rows, columns], "runs": placed(list(map(int, runs)), (left, top, width, height), rows, columns)}


def _frame(shape: Element) -> int:
    value = shape.get("frame") or ""
    if not _WHOLE.fullmatch(value):
        raise ItemError("IMP-023", what="its frame")
    return int(value) + 1


def _track(track: Element, order: int, videos: dict[str, Named]) -> Item | Refused:
    try:
        label = text(track.get("label"), "its class")
        sample = videos.get(track.get("task_id") or "")
        if sample is None:
            raise ItemError("IMP-026", what="video")
        shapes = [shape for shape in track if shape.tag not in ("track", "attribute")]
        inner = _inner(track) if any(shape.tag == "skeleton" for shape in shapes) else {}
        frames, kept, last = [], [], 0
        for shape in shapes:
            at = _frame(shape)
            if at <= last:
                raise ItemError("IMP-023", what="frames in their order")
            last = at
            key, outside = _flag(shape, "keyframe"), _flag(shape, "outside", "0")
            more = dict(shape.items()) if outside else {}
            kept.append(more | {"frame": at, "keyframe": key, "outside": outside} | _kept(shape))
            if outside:
                continue
            if shape.tag == "skeleton" and inner:
                kind, value = "keypoints", {"points": _skeleton(inner, at, sample.size)}
            else:
                kind, value = _shape(shape, sample.size)
            frames.append({"frame": at, "kind": kind, "value": {"class": label} | value, "interpolated": not key})
        if not frames:
            raise ItemError("IMP-021")
    except ItemError as error:
        return refused(f"track[{order}]", error)
    above: dict[str, Any] = {f"track-{key}": value for key, value in track.items() if key != "label"}
    if inner:
        above["tracks"] = [
            {"label": one.get("label") or "", "frames": [dict(point.items()) | _kept(point) for point in one]}
            for one in track.findall("track")
        ]
    own = fields_of(track).get("attribute")
    return Item(
        place=f"track[{order}]",
        label_id=f"cvat-track-{order + 1}",
        sample=sample,
        kind="track",
        value={"class": label, "track": f"cvat-track-{order + 1}", "frames": frames},
        origin=_ORIGINS.get(track.get("source") or "", "unknown"),
        kept=above | {"frames": kept} | ({"attribute": own} if own else {}),
    )


def _inner(track: Element) -> dict[str, dict[int, Element]]:
    """The points of a skeleton's own tracks, by name and frame."""
    made: dict[str, dict[int, Element]] = {}
    for one in track.findall("track"):
        name = text(one.get("label"), "the names of its keypoints")
        points = one.findall("points")
        if name in made or len(points) != len([part for part in one if part.tag != "attribute"]):
            raise ItemError("IMP-023", what="the names of its keypoints")
        made[name] = {_frame(point): point for point in points}
        if len(made[name]) != len(points):
            raise ItemError("IMP-023", what="frames in their order")
    return made


def _skeleton(inner: dict[str, dict[int, Element]], at: int, size: _Size) -> list[dict[str, Any]]:
    """Return the points of a skeleton in a frame; one that went outside before stays absent."""
    made = []
    for name, frames in inner.items():
        if at in frames:
            made.append(_joint(frames[at], size, name))
            continue
        before = max((frame for frame in frames if frame < at), default=None)
        if before is not None and not _flag(frames[before], "outside"):
            raise ItemError("IMP-023", what="a point of its skeleton")
        made.append({"name": name, "x": Decimal(0), "y": Decimal(0), "visibility": 0})
    return made
