"""RedBrick AI JSON: a list of tasks with their series.

Format: RedBrick's SDK (``redbrick/types/task.py``). 2D coordinates are fractions of width and height, so a series must
state its ``dimensions``; a label without them is refused (older exports have none). *Trap:* for mammography and
tomosynthesis RedBrick counts x from the right edge. The export does not say of what modality an image is: a series
whose metadata says MG or DBT is refused, and images of these kinds must not come in by this reader otherwise. Frames
and slices are counted from 0; voxels (i, j, k) are whole, so a point lies at its voxel's center.

``createdBy`` and ``createdAt`` are of the upload, not of the label: they stay in ``kept``. Author and time are of the
last edit of the task, not of the single label. ``keyFrame`` false is interpolated. A consensus task holds one list of
labels for each reader; the ``superTruth`` has the stage ``consensus``.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    label_id,
    listed,
    needed,
    number,
    share,
    size,
    stage,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_stream import rows

_TOOL = ("RedBrick AI", "unknown")
_FLAT = ("boundingBoxes", "polygons", "polylines", "ellipses", "landmarks")
_DEEP = ("cuboids", "landmarks3d", "measurements")
_HALF = Decimal("0.5")
_MIRRORED = {"MG", "DBT"}


class RedBrick:
    """Reader of RedBrick AI's JSON export."""

    name = "redbrick"
    title = "RedBrick AI JSON"
    lacks = (
        Lack("author", "None for single labels: updatedBy of the task is taken, createdBy is the uploader."),
        Lack("confidence", ""),
        Lack("review", "None: currentStageName and status are of the whole task."),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of a task."""
        return path.is_file() and b'"taskId"' in head and b'"series"' in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every task."""
        yield from told(maker for at, (place, row) in enumerate(rows(path)) for maker in _top(place, row, at + 1))


def _top(place: str, raw: Any, at: int) -> Iterator[Maker]:
    if not isinstance(raw, dict) or "taskId" not in raw:
        raise UsageError("IMP-001", format=RedBrick.title)
    yield from _task(place, raw, (at,), None)


def _task(place: str, raw: Any, ids: tuple[Any, ...], step: str | None) -> Iterator[Maker]:
    task = sub(raw)
    series = task.take("series")
    readers, truth = task.take("consensusTasks"), task.take("superTruth")
    whole_task = [(key, task.take(key)) for key in ("classification", "datapointClassification")]
    told_of = {
        "author": task.text("updatedBy") or task.text("updatedByUserId"),
        "labeled_at": task.time("updatedAt"),
        "stage": step or stage(task.see("currentStageName")),
    }
    rest = {"task": task.rest("metaData")}
    name = task.see("name")
    for index, (where, one) in enumerate(listed(f"{place}.series", series)):
        yield from _series(where, sub(one), (*ids, index), (name, told_of, rest))
    study = Named("id", name) if isinstance(name, str) and name else None
    for key, one in whole_task:
        if sub(one).see("attributes"):
            yield from _attributes(f"{place}.{key}", one, (*ids, key), study, (name, told_of, rest))
    for index, (where, one) in enumerate(listed(f"{place}.consensusTasks", readers)):
        yield from _task(where, one, (*ids, "reader", index), step)
    if isinstance(truth, dict):
        yield from _task(f"{place}.superTruth", truth, (*ids, "truth"), "consensus")


def _series(
    place: str, series: Fields, ids: tuple[Any, ...], about: tuple[Any, dict[str, Any], Any]
) -> Iterator[Maker]:
    given = series.see("items")
    files = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    names = [name for name in files if isinstance(name, str) and name]
    extent = series.see("dimensions")
    known = size(extent[0], extent[1]) if isinstance(extent, list) and len(extent) >= 2 else None
    modality = sub(series.see("metaData")).see("modality")
    mirrored = isinstance(modality, str) and modality.upper() in _MIRRORED
    for key in (*_FLAT, *_DEEP):
        make = _flat if key in _FLAT else _deep
        for index, (where, one) in enumerate(listed(f"{place}.{key}", series.see(key))):
            yield (
                where,
                lambda one=one, index=index, key=key, make=make: make(  # type: ignore[misc]
                    key, Fields(one), label_id("redbrick", *ids, key, index), (names, known, mirrored), about
                ),
            )
    study = Named("file", names[0]) if names else None
    for index, (where, one) in enumerate(listed(f"{place}.classifications", series.see("classifications"))):
        yield from _attributes(where, one, (*ids, "class", index), study, about)
    for index, (where, one) in enumerate(
        listed(f"{place}.instanceClassifications", series.see("instanceClassifications"))
    ):
        frame = sub(one).see("fileIndex")
        held = {"attributes": sub(one).see("values")} | sub(one).rest("values")
        yield from _attributes(where, held, (*ids, "instance", index), study, about, frame)
    for index, (where, _) in enumerate(listed(f"{place}.segmentMap", _entries(series.see("segmentMap")))):
        del index
        yield where, _segment


def _entries(value: Any) -> Any:
    return list(value.values()) if isinstance(value, dict) else value


def _segment() -> Item:
    raise ItemError("IMP-022", what="a segmentation in a NIfTI file")


def _category(one: Fields) -> str:
    found = one.take("category")
    if isinstance(found, list) and found and all(isinstance(part, str) and part for part in found):
        return "/".join(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return needed(found if isinstance(found, str) and found else None, "its class")


def _where(one: Fields, names: list[str]) -> tuple[str, int | None, bool]:
    """Return the file that a label lies on, its frame from 1, and whether it was interpolated."""
    video = sub(one.see("video"))
    item, frame = video.see("seriesItemIndex"), video.see("frameIndex")
    if not names:
        raise ItemError("IMP-023", what="the name of its file")
    if len(names) > 1 and item is not None:
        if whole(item) >= len(names):
            raise ItemError("IMP-026", what="file")
        own = video.see("seriesFrameIndex")
        return names[whole(item)], None if own is None else whole(own) + 1, video.see("keyFrame") is False
    if len(names) > 1:
        raise ItemError("IMP-023", what="the file of its series")
    return names[0], None if frame is None else whole(frame) + 1, video.see("keyFrame") is False


def _flat(
    key: str,
    one: Fields,
    made: str,
    images: tuple[list[str], tuple[int, int] | None, bool],
    about: tuple[Any, dict[str, Any], Any],
) -> Item:
    names, extent, mirrored = images
    if mirrored:
        raise ItemError("IMP-022", what="a shape whose origin is the right edge (mammography)")
    name = _category(one)
    file, frame, filled = _where(one, names)
    wide, high = extent or (None, None)

    def at(value: Any) -> tuple[Decimal, Decimal]:
        point = Fields(value)
        return share(point.see("xNorm"), wide), share(point.see("yNorm"), high)

    if key == "boundingBoxes":
        corner = at(one.take("pointTopLeft"))
        found = [*corner, share(one.take("wNorm"), wide), share(one.take("hNorm"), high)]
        shape = shapes.box(name, found, extent)
    elif key == "ellipses":
        # The SDK says that both radii are shares of the width.
        radii = share(one.take("xRadiusNorm"), wide), share(one.take("yRadiusNorm"), wide)
        shape = shapes.ellipse(
            name, at(one.take("pointCenter")), radii, shapes.radians(one.take("rotationRad")), extent
        )
    elif key == "landmarks":
        shape = shapes.point(name, at(one.take("point")), extent)
    else:
        points = [at(point) for point in one.take("points")]
        make_polygon = key == "polygons"
        shape = shapes.polygon(name, [points], extent) if make_polygon else shapes.line(name, points, extent)
    _, told_of, rest = about
    return Item(
        "",
        made,
        Named("file", file, extent),
        shape[0],
        shape[1],
        part=None if frame is None else {"frames": [frame]},
        origin="interpolated" if filled else "unknown",
        tool=_TOOL,
        kept=one.rest() | rest,
        **told_of,
    )


def _voxel(value: Any) -> list[Decimal]:
    point = Fields(value)
    return [number(point.see(key)) for key in ("i", "j", "k")]


def _deep(
    key: str,
    one: Fields,
    made: str,
    images: tuple[list[str], tuple[int, int] | None, bool],
    about: tuple[Any, dict[str, Any], Any],
) -> Item:
    names = images[0]
    if not names:
        raise ItemError("IMP-023", what="the name of its file")
    name = _category(one)
    kind: str
    value: dict[str, Any]
    if key == "landmarks3d":
        center = [axis + _HALF for axis in _voxel(one.take("point"))]
        kind, value = "points3d", {"class": name, "space": "voxel", "points": [center]}
    elif key == "cuboids":
        first, second = _voxel(one.take("point1")), _voxel(one.take("point2"))
        low = [min(pair) for pair in zip(first, second, strict=True)]
        extent = [abs(a - b) for a, b in zip(first, second, strict=True)]
        if min(extent) <= 0 or min(low) < 0:
            raise ItemError("IMP-021")
        kind, value = "box3d", {"class": name, "space": "voxel", "box": [*low, *extent]}
    else:
        what = one.text("type")
        unit = {"length": "mm", "angle": "deg"}.get(what or "")
        if unit is None or what is None:
            raise ItemError("IMP-022", what="a kind that this program does not know")
        amount = one.take(what)
        if amount is None:
            raise ItemError("IMP-023", what="the measured amount")
        kind, value = "measurement", {"what": f"{name}: {what}", "amount": number(amount), "unit": unit}
    _, told_of, rest = about
    files = {"items": names[:1]} if len(names) > 1 else {}
    return Item("", made, Named("file", names[0]), kind, value, tool=_TOOL, kept=one.rest() | rest | files, **told_of)


def _attributes(
    place: str,
    raw: Any,
    ids: tuple[Any, ...],
    sample: Named | None,
    about: tuple[Any, dict[str, Any], Any],
    frame: Any = None,
) -> Iterator[Maker]:
    """Yield one label for each attribute of a classification."""
    held = sub(raw)
    for index, (question, answer) in enumerate(sub(held.see("attributes")).rest().items()):
        yield (
            f"{place}.attributes[{index}]",
            lambda question=question, answer=answer, index=index: _attribute(  # type: ignore[misc]
                question, answer, label_id("redbrick", *ids, index), sample, (about, held.rest("attributes"), frame)
            ),
        )


def _attribute(
    question: str, answer: Any, made: str, sample: Named | None, about: tuple[tuple[Any, dict[str, Any], Any], Any, Any]
) -> Item:
    (_, told_of, rest), own, frame = about
    if sample is None:
        raise ItemError("IMP-023", what="the name of its file")
    part = None if frame is None else {"frames": [whole(frame) + 1]}
    if isinstance(answer, bool):
        answer = "true" if answer else "false"
    kind, value = "class", {"class": f"{question}: {answer}"}
    if isinstance(answer, list) and all(isinstance(text, str) and text for text in answer):
        kind, value = "classes", {"classes": sorted({f"{question}: {text}" for text in answer})}  # type: ignore[dict-item]
    elif not isinstance(answer, str):
        raise ItemError("IMP-023", what="its answer")
    return Item("", made, sample, kind, value, part=part, tool=_TOOL, kept=own | rest, **told_of)
