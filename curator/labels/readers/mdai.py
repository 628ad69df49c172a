"""MD.ai JSON: a project with its label groups and, by dataset, its annotations.

Format: MD.ai's page "Data formats: JSON" (docs.md.ai/data/json) and its client (``mdai/utils``). Coordinates are
pixels, x and y of a box are its upper left corner. MD.ai does not say what ``frameNumber`` counts from: a file in which
one is 0 counts from 0; in any other, labels of a frame are refused.

People are pseudonyms of MD.ai. Author and time are those of ``updatedById``/``updatedAt``, else
``createdById``/``createdAt``. Reviews of which only the count stands in the file have neither person nor time.
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
    edited,
    instant,
    label_id,
    needed,
    no_label,
    number,
    size,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_stream import pieces

_ANNOTATIONS = ("datasets", "*", "annotations", "*")
_LABELS = ("labelGroups", "*", "labels", "*")
_GROUPS = ("labelGroups", "*")
_MOST_COUNTED = 100


class MdAi:
    """Reader of MD.ai's JSON export."""

    name = "mdai"
    title = "MD.ai JSON"
    lacks = (
        Lack("confidence", ""),
        Lack("guideline", "None: the descriptions of labels and label groups are as near as the export comes."),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of a project."""
        return path.is_file() and b'"labelGroups"' in head and (b'"datasets"' in head or b'"annotationMode"' in head)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield every annotation of every dataset; a first pass gathers the label groups."""
        names: dict[str, dict[str, Any]] = {}
        whole_file = None
        zero = False
        ungrouped: list[dict[str, Any]] = []  # labels of the group at hand, which is told behind them
        for piece in pieces(path, frozenset({_LABELS, _GROUPS, _ANNOTATIONS})):
            if piece.pattern == _LABELS and isinstance(piece.value, dict):
                names[str(piece.value.get("id"))] = dict(piece.value)
                ungrouped.append(names[str(piece.value.get("id"))])
            elif piece.pattern == _GROUPS:
                group = sub(piece.value).rest("labels", "color")
                for label in ungrouped if group else ():
                    label["labelGroup"] = group
                ungrouped = []
            elif piece.pattern == _ANNOTATIONS:
                zero = zero or sub(piece.value).see("frameNumber") == 0
            elif not piece.pattern:
                if whole_file is not None:
                    raise UsageError("IMP-001", format=self.title)
                whole_file = piece.value
        if not isinstance(whole_file, dict) or "labelGroups" not in whole_file or "datasets" not in whole_file:
            raise UsageError("IMP-001", format=self.title)
        yield from told(_annotations(path, names, zero))


def _annotations(path: Path, names: dict[str, dict[str, Any]], zero: bool) -> Iterator[Maker]:
    wanted = frozenset({_ANNOTATIONS})
    for piece in pieces(path, wanted):
        if piece.pattern:
            dataset, index = piece.at[1:]
            place = f"datasets[{dataset}].annotations[{index}]"
            yield place, lambda piece=piece: _label(piece.value, piece.at[1:], names, zero)  # type: ignore[misc]
        else:
            datasets = sub(piece.value).see("datasets")
            for dataset, held in enumerate(datasets if isinstance(datasets, list) else []):
                if sub(held).see("annotations") not in (None, []):
                    yield f"datasets[{dataset}].annotations", no_label("IMP-035")


def _label(raw: Any, at: tuple[int, ...], names: dict[str, dict[str, Any]], zero: bool) -> Item:
    one = Fields(raw)
    known = names.get(str(one.see("labelId")))
    if known is None:
        raise ItemError("IMP-026", what="label")
    name = needed(Fields(known).text("name"), "its class")
    extent = size(one.take("width"), one.take("height"))
    uids = [one.text(key) for key in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")]
    uid = next((uid for uid in uids if uid), None)
    for key, other in zip(("SeriesInstanceUID", "StudyInstanceUID"), uids[1:], strict=True):
        if other and other != uid:
            one.keep(key, other)
    sample = Named("uid", needed(uid, "its UID"), extent)
    shape = _shape(name, known.get("annotationMode"), one.take("data"), extent)
    part = None
    if (frame := one.take("frameNumber")) is not None:
        if not zero:
            raise ItemError("IMP-022", what="a frame in a file that does not show what frames are counted from")
        part = {"frames": [whole(frame) + 1]}
    author, labeled_at = edited(one, ("createdById", "updatedById"), ("createdAt", "updatedAt"))
    own = one.word("id")
    return Item(
        "",
        label_id("mdai", own) if own else label_id("mdai", *at),
        sample,
        shape[0],
        shape[1],
        part=part,
        author=author,
        labeled_at=labeled_at,
        reviews=tuple(_reviews(one)),
        origin=_origin(one),
        tool=("MD.ai", "unknown"),
        kept=one.rest() | {"label": {key: value for key, value in known.items() if value and key != "color"}},
    )


def _origin(one: Fields) -> str:
    if one.see("isInterpolated") is True:
        return "interpolated"
    if one.see("modelId") not in (None, ""):
        return "model"
    return "imported" if one.see("isImported") is True else "human"


def _reviews(one: Fields) -> Iterator[Review]:
    found = one.see("reviews")
    if isinstance(found, list) and found:
        for raw in found:
            fields = sub(raw)
            by = fields.text("createdById") or fields.text("reviewedById")
            vote = fields.see("isPositive")
            outcome = ("accepted" if vote else "rejected") if isinstance(vote, bool) else "unknown"
            yield Review(by, instant(fields.see("createdAt")), outcome)
        return
    for key, outcome in (("reviewsPositiveCount", "accepted"), ("reviewsNegativeCount", "rejected")):
        count = one.see(key)
        if isinstance(count, int) and not isinstance(count, bool):
            for _ in range(min(count, _MOST_COUNTED)):
                yield Review(None, None, outcome)


def _shape(name: str, mode: Any, data: Any, extent: Size) -> shapes.Shape:
    if data is None:
        if mode is not None:
            raise ItemError("IMP-023", what="its shape")
        return "class", {"class": name}
    found = Fields(data)
    if mode == "bbox":
        return shapes.box(name, [number(found.see(key)) for key in ("x", "y", "width", "height")], extent)
    if mode in {"polygon", "freeform"}:
        return shapes.polygon(name, [shapes.points(found.see("vertices"))], extent)
    if mode == "line":
        return shapes.line(name, shapes.points(found.see("vertices")), extent)
    if mode == "location":
        return shapes.point(name, (number(found.see("x")), number(found.see("y"))), extent)
    if mode == "mask":
        rings = [*(found.see("foreground") or []), *(found.see("background") or [])]
        return shapes.polygon(name, [shapes.points(ring) for ring in rings], extent)
    raise ItemError("IMP-022", what="a kind that this program does not know")
