"""Scale: Nucleus annotations and predictions, and the tasks of Scale's labeling.

Format: Scale's SDK (``nucleus/annotation.py``, ``prediction.py``; ``items_and_annotations()``) and its page "Image &
Video Reference" for the response of a task. Coordinates are pixels; those of cuboids are the user's own, and taken
where metadata says that they are the patient's (:mod:`curator.labels.readers.vendor_space`). A Nucleus annotation names
neither person nor time; predictions carry a confidence and are a model's. The time of a task is when it was completed.

Label ids come from positions: Nucleus makes its own ids from file names and classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    bare,
    confidence,
    instant,
    label_id,
    listed,
    needed,
    number,
    size,
    stage,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_space import cuboid
from curator.labels.readers.vendor_stream import rows

_TOOL = ("Scale", "unknown")
_OTHER = {
    "segmentation": "a mask that stands behind an address",
}


class Nucleus:
    """Reader of Scale's exports."""

    name = "scale"
    title = "Scale Nucleus annotations and Scale tasks (JSON, JSON lines)"
    lacks = (
        Lack("author", "None: Scale does not say who labeled."),
        Lack("labeled-at", "Export the tasks (completed_at), not the Nucleus annotations.", partly=True),
        Lack("confidence", "Export predictions; annotations carry none.", partly=True),
        Lack("review", ""),
        Lack("guideline", "A task names its instruction; it stays with the import."),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of a Nucleus annotation or of a Scale task."""
        if not path.is_file():
            return False
        return (b'"reference_id"' in head and (b'"annotations"' in head or b'"geometry"' in head)) or (
            b'"task_id"' in head and b'"response"' in head and b'"params"' in head
        )

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every item, annotation or task."""
        yield from told(maker for at, (place, row) in enumerate(rows(path)) for maker in _row(place, row, at + 1))


def _row(place: str, raw: Any, at: int) -> Iterator[Maker]:
    if not isinstance(raw, dict):
        raise UsageError("IMP-001", format=Nucleus.title)
    if "task_id" in raw and "response" in raw:
        yield from _task(place, Fields(raw), at)
    elif isinstance(raw.get("item"), dict) and isinstance(raw.get("annotations"), dict):
        item = Fields(raw["item"])
        for kind, held in raw["annotations"].items():
            for where, one in listed(f"{place}.{kind if kind in _KINDS else 'annotations'}", held):
                ids = (at, kind if kind in _KINDS else "other", where.rpartition("[")[2].rstrip("]"))
                yield where, lambda one=one, ids=ids: _annotation(one, ids, item)  # type: ignore[misc]
    elif "reference_id" in raw:
        yield place, lambda: _annotation(raw, (at,), Fields({}))
    else:
        raise UsageError("IMP-001", format=Nucleus.title)


_KINDS = ("box", "polygon", "line", "keypoints", "category", "multicategory", "cuboid", "segmentation")


def _annotation(raw: Any, ids: tuple[Any, ...], item: Fields) -> Item:
    one = Fields(raw)
    name = one.text("reference_id") or item.see("reference_id")
    if not isinstance(name, str) or not name:
        raise ItemError("IMP-023", what="the name of its item")
    meta = sub(item.see("metadata"))
    extent = size(meta.see("width"), meta.see("height"))
    kind = one.text("type")
    sure = confidence(one.see("confidence"))
    told_of = (one.see("metadata"), item.see("metadata"))
    shape = _shape(kind, one, one.take("geometry"), extent, told_of)
    return Item(
        "",
        label_id("scale", *ids),
        Named("file", name, extent),
        shape[0],
        shape[1],
        confidence=sure,
        confidence_scale=None if sure is None else "probability-0-1",
        origin="unknown" if sure is None else "model",
        tool=_TOOL,
        kept=one.rest(),
    )


def _shape(kind: str | None, one: Fields, geometry: Any, extent: Size, told_of: tuple[Any, ...]) -> shapes.Shape:
    if kind == "multicategory":
        found = one.take("labels")
        if not isinstance(found, list) or not found or not all(isinstance(text, str) and text for text in found):
            raise ItemError("IMP-023", what="its classes")
        return "classes", {"classes": sorted(set(found))}
    if kind is None and (one.see("mask_url") is not None or one.see("annotations") is not None):
        kind = "segmentation"
    if kind in _OTHER:
        raise ItemError("IMP-022", what=_OTHER[kind])
    name = needed(one.text("label"), "its class")
    if kind == "category":
        return "class", {"class": name}
    where = Fields(geometry)
    if kind == "box":
        return shapes.box(name, [number(where.see(key)) for key in ("x", "y", "width", "height")], extent)
    if kind == "cuboid":
        return cuboid(name, where.see("position"), where.see("dimensions"), where.see("yaw"), told_of)
    if kind == "polygon":
        return shapes.polygon(name, [shapes.points(where.see("vertices"))], extent)
    if kind == "line":
        return shapes.line(name, shapes.points(where.see("vertices")), extent)
    if kind == "keypoints":
        names = where.see("names")
        points = []
        for raw in where.see("keypoints"):
            point = Fields(raw)
            text = names[whole(point.see("label"))] if isinstance(names, list) else str(point.see("label"))
            visible = point.see("visible")
            points.append((str(text), shapes.xy(raw), 2 if visible is True or visible is None else 1))
        return shapes.keypoints(name, points, extent)
    raise ItemError("IMP-022", what="a kind that this program does not know")


def _task(place: str, task: Fields, at: int) -> Iterator[Maker]:
    params, response = sub(task.take("params")), sub(task.take("response"))
    url = bare(params.see("attachment"))
    sample = Named("file", url) if isinstance(url, str) and url else Named("id", str(task.see("task_id")))
    told_of = {"labeled_at": instant(task.see("completed_at")), "stage": stage(task.see("status"))}
    rest = {"task": task.rest("callback_url", "attachment"), "instruction": params.see("instruction")}
    for where, one in listed(f"{place}.response.annotations", response.take("annotations")):
        ids = (at, where.rpartition("[")[2].rstrip("]"))
        yield where, lambda one=one, ids=ids: _answered(one, ids, sample, params, told_of, rest)  # type: ignore[misc]
    for index, (question, answer) in enumerate(sub(response.take("global_attributes")).rest().items()):
        yield (
            f"{place}.response.global_attributes[{index}]",
            lambda question=question, answer=answer, index=index: _attribute(  # type: ignore[misc]
                question, answer, (at, "global", index), sample, told_of, rest
            ),
        )


def _answered(
    raw: Any, ids: tuple[Any, ...], sample: Named, params: Fields, told_of: dict[str, Any], rest: dict[str, Any]
) -> Item:
    one = Fields(raw)
    kind = one.text("type") or ("box" if one.see("left") is not None else None)
    name = needed(one.text("label"), "its class")
    if kind == "box":
        found = [number(one.take(key)) for key in ("left", "top", "width", "height")]
        shape = shapes.box(name, found, None)
    elif kind in {"polygon", "line"}:
        points = shapes.points(one.take("vertices"))
        shape = shapes.polygon(name, [points], None) if kind == "polygon" else shapes.line(name, points, None)
    elif kind == "cuboid":
        told = (one.see("attributes"), one.see("metadata"), params.see("metadata"))
        shape = cuboid(name, one.take("position"), one.take("dimensions"), one.take("yaw"), told)
    elif kind == "point":
        shape = shapes.point(name, (number(one.take("x")), number(one.take("y"))), None)
    else:
        raise ItemError("IMP-022", what=_OTHER.get(kind or "", "a kind that this program does not know"))
    return Item("", label_id("scale", *ids), sample, shape[0], shape[1], tool=_TOOL, kept=one.rest() | rest, **told_of)


def _attribute(
    question: str, answer: Any, ids: tuple[Any, ...], sample: Named, told_of: dict[str, Any], rest: dict[str, Any]
) -> Item:
    given = answer if isinstance(answer, list) else [answer]
    if not given or not all(isinstance(text, str) and text for text in given):
        raise ItemError("IMP-023", what="its answer")
    named = sorted({f"{question}: {text}" for text in given})
    many = isinstance(answer, list)
    value: dict[str, Any] = {"classes": named} if many else {"class": named[0]}
    made = label_id("scale", *ids)
    return Item("", made, sample, "classes" if many else "class", value, tool=_TOOL, kept=rest, **told_of)
