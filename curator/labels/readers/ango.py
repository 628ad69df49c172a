"""Ango Hub JSON: a list of assets, each with its task and the history of its stages.

Format: iMerit's SDK and export plugins (key names), and the pages of Ango Hub on annotation formats; no complete export
is public, so that what does not fit is refused. Coordinates are pixels.

Author, time and stage are those of the stage that left the label as it stands; where stages do not hold their labels,
those of the only stage without a review status. Each later stage with a review status is a review. Durations are of the
whole task and stay in ``kept``. ``tasks``, the older form of the same labels, is read only where there is no ``task``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    Visit,
    history,
    instant,
    label_id,
    listed,
    needed,
    no_label,
    number,
    size,
    stage,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_stream import rows

_TOOL = ("Ango Hub", "unknown")
_OUTCOMES = {"accepted": "accepted", "approved": "accepted", "rejected": "rejected"}


class Ango:
    """Reader of Ango Hub's JSON export."""

    name = "ango-hub"
    title = "Ango Hub JSON"
    lacks = (
        Lack("author", "Include the stage history when exporting.", partly=True),
        Lack("labeled-at", "Include the stage history when exporting.", partly=True),
        Lack("review", "Include the stage history when exporting.", partly=True),
        Lack("confidence", ""),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of an asset."""
        return path.is_file() and b'"asset"' in head and (b'"task"' in head or b'"tasks"' in head)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every asset."""
        yield from told(maker for at, (place, row) in enumerate(rows(path)) for maker in _asset(place, row, at + 1))


def _asset(place: str, raw: Any, at: int) -> Iterator[Maker]:
    if not isinstance(raw, dict) or "asset" not in raw or not ("task" in raw or "tasks" in raw):
        raise UsageError("IMP-001", format=Ango.title)
    asset = Fields(raw)
    meta = sub(asset.see("metadata"))
    name = asset.see("externalId")
    extent = size(meta.see("width"), meta.see("height"))
    sample = (
        Named("file", name, extent) if isinstance(name, str) and name else Named("id", str(asset.see("asset")), extent)
    )
    if isinstance(asset.see("task"), dict):
        tasks = [("task", asset.take("task"))]
        asset.take("tasks")
    else:
        asset.take("task")
        tasks = [
            (f"tasks[{index}]", one) for index, one in enumerate(asset.take("tasks") or []) if isinstance(one, dict)
        ]
    rest = {"asset": asset.rest("asset", "externalId", "metadata")}
    for index, (where, one) in enumerate(tasks):
        yield from _task(f"{place}.{where}", Fields(one), (at, index), sample, rest)


def _task(place: str, task: Fields, ids: tuple[Any, ...], sample: Named, rest: dict[str, Any]) -> Iterator[Maker]:
    stages = [sub(one) for one in task.take("stageHistory") or [] if isinstance(one, dict)]
    groups = [(key, task.take(key)) for key in ("tools", "objects", "classifications", "relations")]
    about = rest | {"task": task.rest()}
    for key, held in groups:
        for index, (where, one) in enumerate(listed(f"{place}.{key}", held)):
            if not isinstance(one, dict):
                yield where, no_label("IMP-035")
                continue
            own = one.get("objectId")
            made = label_id("ango", *ids, own if isinstance(own, str) and own else f"{key}-{index}")
            make = _answer if key == "classifications" else _relation if key == "relations" else _tool
            yield (
                where,
                lambda one=one, made=made, make=make, key=key: _item(  # type: ignore[misc]
                    one, made, make(one, made, ids, sample.size), sample, (stages, key), about
                ),
            )


def _item(
    raw: dict[str, Any],
    made: str,
    shape: tuple[shapes.Shape, Fields],
    sample: Named,
    past: tuple[list[Fields], str],
    about: dict[str, Any],
) -> Item:
    (kind, value), one = shape
    visit, reviews = _past(past[0], past[1], raw)
    part = None
    if kind != "track" and one.see("page") is not None:
        part = {"frames": [whole(one.take("page"))]}
        if part["frames"][0] < 1:
            raise ItemError("IMP-020")
    return Item(
        "",
        made,
        sample,
        kind,
        value,
        part=part,
        author=visit.by if visit else None,
        labeled_at=visit.at if visit else None,
        stage=visit.stage if visit else None,
        reviews=reviews,
        tool=_TOOL,
        kept=one.rest() | about,
    )


def _past(stages: list[Fields], key: str, raw: dict[str, Any]) -> tuple[Visit | None, tuple[Review, ...]]:
    visits = []
    for one in stages:
        status = one.see("reviewStatus")
        held = one.see(key) if key != "objects" else one.see("tools")
        same = [label for label in held if label == raw] if isinstance(held, list) else []
        visits.append(
            Visit(
                stage(one.see("stageId")),
                one.see("completedBy") if isinstance(one.see("completedBy"), str) else None,
                instant(one.see("completedAt")),
                same[0] if same else None,
                status is not None,
                _OUTCOMES.get(str(status).lower(), "unknown"),
            )
        )
    found = history(visits, raw)
    if found[0] is not None:
        return found
    if any(
        isinstance(one.see(name), list) and one.see(name) for one in stages for name in ("tools", "classifications")
    ):
        return None, ()
    made = [at for at, visit in enumerate(visits) if not visit.review]
    if len(made) != 1:
        return None, ()
    later = tuple(Review(one.by, one.at, one.outcome, one.stage) for one in visits[made[0] + 1 :] if one.review)
    return visits[made[0]], later


def _title(one: Fields) -> str:
    return needed(one.text("title"), "its class")


def _tool(raw: dict[str, Any], made: str, ids: tuple[Any, ...], extent: Size) -> tuple[shapes.Shape, Fields]:
    del made, ids
    one = Fields(raw)
    return _shape(one, _title(one), extent), one


def _shape(one: Fields, name: str, extent: Size) -> shapes.Shape:
    if (found := one.take("bounding-box")) is not None:
        where = Fields(found)
        return shapes.box(name, [number(where.see(key)) for key in ("x", "y", "width", "height")], extent)
    if (found := one.take("rotated-bounding-box")) is not None:
        return shapes.turned(name, shapes.points(found), extent)
    if (found := one.take("polygon")) is not None:
        deep = isinstance(found, list) and bool(found) and isinstance(found[0], list) and isinstance(found[0][0], list)
        return shapes.polygon(name, [shapes.points(ring) for ring in (found if deep else [found])], extent)
    if (found := one.take("polyline")) is not None:
        return shapes.line(name, shapes.points(found), extent)
    if (found := one.take("point")) is not None:
        return shapes.point(name, shapes.xy(found), extent)
    if (found := one.take("segmentation")) is not None:
        zones = [Fields(zone) for zone in Fields(found).see("zones")]
        rings = [ring for zone in zones for ring in [zone.see("region"), *(zone.see("holes") or [])]]
        return shapes.polygon(name, [shapes.points(ring) for ring in rings], extent)
    if (found := one.take("ner")) is not None or (found := one.take("entity")) is not None:
        raise ItemError("IMP-022", what="a span of a text")
    raise ItemError("IMP-022", what="a kind that this program does not know")


def _answer(raw: dict[str, Any], made: str, ids: tuple[Any, ...], extent: Size) -> tuple[shapes.Shape, Fields]:
    del made, ids, extent
    one = Fields(raw)
    question = _title(one)
    answer = one.take("answer")
    if isinstance(answer, list) and answer and all(isinstance(text, str) and text for text in answer):
        return ("classes", {"classes": sorted({f"{question}: {text}" for text in answer})}), one
    if isinstance(answer, int) and not isinstance(answer, bool):
        answer = str(answer)
    if not isinstance(answer, str) or not answer.strip():
        raise ItemError("IMP-023", what="its answer")
    return ("class", {"class": f"{question}: {answer}"}), one


def _relation(raw: dict[str, Any], made: str, ids: tuple[Any, ...], extent: Size) -> tuple[shapes.Shape, Fields]:
    del made, extent
    one = Fields(raw)
    source, target = one.take("from"), one.take("to")
    if not isinstance(source, str) or not isinstance(target, str):
        raise ItemError("IMP-023", what="the labels that it joins")
    kind = one.text("title") or needed(one.text("name"), "its class")
    ends = {"from": label_id("ango", *ids, source), "to": label_id("ango", *ids, target)}
    return ("relation", {"type": kind} | ends), one
