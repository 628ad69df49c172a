"""SuperAnnotate JSON: one file an item (vector, pixel, video), a folder of them, or the JSON lines of form projects.

Format: SuperAnnotate's SDK and its pages "Vector JSON", "Pixel JSON" and "Video JSON". Coordinates are pixels. A
``probability`` of 100 is the default and stays in ``kept``; another one is a percentage. Masks of pixel projects are
the colors of ``<image>___save.png`` beside ``<image>___pixel.json``. Labels of videos stand on a time line without
frames, spans of texts do not say whether their end is included: both are refused, not guessed.

Author and time are those of ``updatedBy``/``updatedAt``, else ``createdBy``/``createdAt``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.png import segments
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    instant,
    label_id,
    listed,
    needed,
    number,
    size,
    stage,
    sub,
    told,
)
from curator.labels.readers.vendor_stream import readable, rows
from curator.labels.runs import joined, ones

#: Files of a folder that are looked at to tell whose it is; reading it refuses it if a later one is of another form.
SEEN = 256
_ORIGINS = {"manual": "human", "prediction": "model", "preannotation": "imported"}
_OTHER = {
    "cuboid": "a cuboid drawn in an image",
    "event": "an event on a video's time line",
    "entity": "a span of a text",
    "comment": "a comment",
}
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
#: The size of a picture of masks, and color (red + 256 green + 65536 blue) to run lengths by rows, zeros first.
Drawn = tuple[tuple[int, int], dict[int, list[int]]]


class SuperAnnotate:
    """Reader of SuperAnnotate's exports."""

    name = "superannotate"
    title = "SuperAnnotate JSON and JSON lines"
    lacks = (
        Lack("confidence", "None: the export holds 100 for every label that people made."),
        Lack("review", "None for single labels: metadata.status and qaEmail are of the whole item."),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of an item's file; of a folder, whether each of its files has."""
        if head:
            form = b'"metadata"' in head and b'"data"' in head and b'"component_' in head
            return (b'"metadata"' in head and b'"instances"' in head) or form
        if not path.is_dir():
            return False
        with readable():
            files = _files(path)
            return bool(files) and all(self.recognizes(file, _head(file)) for file in files[:SEEN])

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of a file, or of every file of a folder but ``classes/``."""
        if not path.is_dir():
            yield from told(_file(path, "", 1))
            return
        with readable():
            files = _files(path)
        if not files:
            raise UsageError("IMP-001", format=self.title)
        yield from told(maker for at, file in enumerate(files) for maker in _file(file, f"file {at + 1}, ", at + 1))


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(1 << 16)


def _files(path: Path) -> list[Path]:
    return [
        file
        for file in sorted(path.rglob("*.json*"))
        if file.suffix in {".json", ".jsonl"} and "classes" not in file.parts
    ]


def _file(path: Path, before: str, number_: int) -> Iterator[Maker]:
    for index, (place, raw) in enumerate(rows(path)):
        own = f"{number_}:{index + 1}"
        if not isinstance(raw, dict) or not isinstance(raw.get("metadata"), dict):
            raise UsageError("IMP-001", format=SuperAnnotate.title)
        if "instances" in raw:
            yield from _item_file(f"{before}{place}", Fields(raw), own, path)
        elif isinstance(raw.get("data"), dict):
            yield from _form(f"{before}{place}", Fields(raw), own)
        else:
            raise UsageError("IMP-001", format=SuperAnnotate.title)


def _item_file(place: str, document: Fields, own: str, path: Path) -> Iterator[Maker]:
    about = Fields(document.see("metadata"))
    name = about.text("name") or document.text("name")
    sample = None if name is None else Named("file", name, size(about.see("width"), about.see("height")))
    rest = {"metadata": about.rest("url", "width", "height", "duration", "pinned")}

    @cache
    def drawn() -> Drawn:
        picture = path.name.removesuffix(".json").removesuffix("___pixel") + "___save.png"
        return segments(path.with_name(picture), None if sample is None else sample.size)

    for index, (where, one) in enumerate(listed(f"{place}.instances", document.see("instances"))):
        yield where, lambda one=one, index=index: _instance(one, sample, (own, index), rest, drawn)  # type: ignore[misc]
    for index, (where, one) in enumerate(listed(f"{place}.tags", document.see("tags"))):
        yield where, lambda one=one, index=index: _tag(one, sample, (own, "tag", index), rest)  # type: ignore[misc]


def _tag(raw: Any, sample: Named | None, ids: tuple[Any, ...], rest: dict[str, Any]) -> Item:
    if not isinstance(raw, str) or not raw.strip():
        raise ItemError("IMP-035")
    if sample is None:
        raise ItemError("IMP-023", what="the name of its file")
    return Item("", label_id("sa", *ids), sample, "class", {"class": raw}, tool=("SuperAnnotate", "unknown"), kept=rest)


def _person(raw: Any) -> str | None:
    return raw if isinstance(raw, str) and raw else sub(raw).text("email")


def _instance(
    raw: Any, sample: Named | None, ids: tuple[Any, ...], rest: dict[str, Any], drawn: Callable[[], Drawn]
) -> Item:
    one = Fields(raw)
    if one.see("meta") is not None or one.see("timeline") is not None:
        raise ItemError("IMP-022", what="a label on a video's time line, which names no frames")
    if sample is None:
        raise ItemError("IMP-023", what="the name of its file")
    kind = one.text("type")
    name = needed(one.text("className"), "its class")
    painted = one.take("parts") if kind is None else None
    shape = _shape(kind, one, name, sample.size) if painted is None else _mask(name, painted, *drawn())
    changed, at = _person(one.see("updatedBy")), instant(one.see("updatedAt"))
    if changed and at:
        one.take("updatedBy"), one.take("updatedAt")
    else:
        changed, at = _person(one.take("createdBy")), one.time("createdAt")
    sure, scale = _sure(one)
    made = one.word("creationType")
    about = sub(rest["metadata"])
    checker = about.see("qaEmail")
    own = one.see("id")
    return Item(
        "",
        label_id("sa", ids[0], own) if isinstance(own, str) else label_id("sa", *ids),
        sample,
        shape[0],
        shape[1],
        author=changed,
        labeled_at=at,
        stage=stage(about.see("status")),
        reviews=(Review(checker, None, "unknown"),) if isinstance(checker, str) and checker else (),
        confidence=sure,
        confidence_scale=scale,
        origin=_ORIGINS.get((made or "").lower(), "unknown"),
        tool=("SuperAnnotate", "unknown"),
        kept=one.rest("points", "id") | ({"creationType": made} if made else {}) | rest,
    )


def _sure(one: Fields) -> tuple[Decimal | None, str | None]:
    found = one.see("probability")
    if isinstance(found, bool) or not isinstance(found, int | Decimal) or not 0 <= found < 100:
        return None, None
    return Decimal(one.take("probability")), "percent-0-100"


def _shape(kind: str | None, one: Fields, name: str, extent: Size) -> shapes.Shape:
    if kind == "tag":
        return "class", {"class": name}
    if kind == "bbox":
        found = Fields(one.see("points"))
        return shapes.corners(name, found.see("x1"), found.see("y1"), found.see("x2"), found.see("y2"), extent)
    if kind == "rbbox":
        found = Fields(one.see("points"))
        return shapes.turned(
            name, [(number(found.see(f"x{i}")), number(found.see(f"y{i}"))) for i in range(1, 5)], extent
        )
    if kind == "polygon":
        rings = [shapes.paired(one.see("points")), *(shapes.paired(ring) for ring in one.take("exclude") or [])]
        return shapes.polygon(name, rings, extent)
    if kind == "polyline":
        return shapes.line(name, shapes.paired(one.see("points")), extent)
    if kind == "point":
        return shapes.point(name, (number(one.take("x")), number(one.take("y"))), extent)
    if kind == "ellipse":
        center = number(one.take("cx")), number(one.take("cy"))
        radii = number(one.take("rx")), number(one.take("ry"))
        return shapes.ellipse(name, center, radii, shapes.angle(one.take("angle")), extent)
    if kind == "template":
        points = [Fields(point) for point in one.see("points")]
        named = [(str(p.see("id")), (number(p.see("x")), number(p.see("y"))), 2) for p in points]
        return shapes.keypoints(name, named, extent)
    raise ItemError("IMP-022", what=_OTHER.get(kind or "", "a kind that this program does not know"))


def _mask(name: str, parts: Any, size: tuple[int, int], masks: dict[int, list[int]]) -> shapes.Shape:
    """Return the pixels of all colors of a label (IMP-020 for what is no color, IMP-026 for one that is not there)."""
    found: set[int] = set()
    for part in parts if isinstance(parts, list) else [None]:
        color = sub(part).text("color") or ""
        if not _COLOR.fullmatch(color):
            raise ItemError("IMP-020")
        found.add(int.from_bytes(bytes.fromhex(color[1:]), "little"))
    if not found or not found <= masks.keys():
        raise ItemError("IMP-026", what="color of the mask")
    stretches = sorted(stretch for color in found for stretch in ones(masks[color]))
    return shapes.mask(name, joined(stretches, size[0] * size[1]), size)


def _form(place: str, document: Fields, own: str) -> Iterator[Maker]:
    about = Fields(document.see("metadata"))
    name = about.text("name")
    rest = {"metadata": about.rest()}
    for index, (component, raw) in enumerate(Fields(document.see("data")).rest().items()):
        yield (
            f"{place}.data[{index}]",
            lambda component=component, raw=raw, index=index: _component(component, raw, name, rest, (own, index)),  # type: ignore[misc]
        )


def _component(component: str, raw: Any, name: str | None, rest: dict[str, Any], ids: tuple[Any, ...]) -> Item:
    one = Fields(raw)
    value = one.take("value")
    sample = Named("id", needed(name, "the name of its item"))
    made = label_id("sa", *ids)
    kept = one.rest() | rest | {"component": component}
    if isinstance(value, list) and value and all(isinstance(text, str) and text for text in value):
        named = sorted({f"{component}: {text}" for text in value})
        return Item("", made, sample, "classes", {"classes": named}, tool=("SuperAnnotate", "unknown"), kept=kept)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or value == "":
        raise ItemError("IMP-023", what="its value")
    shown = {"class": f"{component}: {value}"}
    return Item("", made, sample, "class", shown, tool=("SuperAnnotate", "unknown"), kept=kept)
