"""SuperAnnotate JSON: one file an item (vector, pixel, video), a folder of them, or the JSON lines of form projects.

Format: SuperAnnotate's SDK and its pages "Vector JSON", "Pixel JSON" and "Video JSON". Coordinates are pixels. A
``probability`` of 100 is the default and stays in ``kept``; another one is a percentage. Masks of pixel projects are
the colors of ``<image>___save.png`` beside ``<image>___pixel.json``. The end of a text's span is its last character
(page "Text Project"), and is included. Labels of videos stand at microseconds of a time line: each stretch in which an
instance is there is one label, a track or, of an event, a class; ``--frame-rate`` or the sample brings times to frames.
The free text about a document is a transcript by the item's annotator, and so is a long answer of a form.

Author and time are those of ``updatedBy``/``updatedAt``, else ``createdBy``/``createdAt``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
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
    no_label,
    number,
    size,
    stage,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_stream import readable, rows
from curator.labels.runs import joined, ones
from curator.labels.values import MAX_NAME

#: Files of a folder that are looked at to tell whose it is; reading it refuses it if a later one is of another form.
SEEN = 256
_ORIGINS = {"manual": "human", "prediction": "model", "preannotation": "imported"}
_OTHER = {
    "cuboid": "a cuboid drawn in an image",
    "comment": "a comment",
}
#: Of a time line, in microseconds: ten days.
_LONGEST = 864_000_000_000
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
        if isinstance(one, dict) and isinstance(one.get("meta"), dict) and isinstance(one.get("parameters"), list):
            yield from _stretches(where, one, (own, index), (sample, _seconds(about.see("duration")), rest))
            continue
        yield where, lambda one=one, index=index: _instance(one, sample, (own, index), rest, drawn)  # type: ignore[misc]
    words = document.see("freeText")
    if isinstance(words, str) and words.strip():
        yield f"{place}.freeText", lambda: _words(words, sample, (own, "text"), about, rest)
    for index, (where, one) in enumerate(listed(f"{place}.tags", document.see("tags"))):
        yield where, lambda one=one, index=index: _tag(one, sample, (own, "tag", index), rest)  # type: ignore[misc]


def _tag(raw: Any, sample: Named | None, ids: tuple[Any, ...], rest: dict[str, Any]) -> Item:
    if not isinstance(raw, str) or not raw.strip():
        raise ItemError("IMP-035")
    if sample is None:
        raise ItemError("IMP-023", what="the name of its file")
    return Item("", label_id("sa", *ids), sample, "class", {"class": raw}, tool=("SuperAnnotate", "unknown"), kept=rest)


def _words(words: str, sample: Named | None, ids: tuple[Any, ...], about: Fields, rest: dict[str, Any]) -> Item:
    """Return what was written of a whole document: by whom the item was annotated, of which no time is told."""
    if sample is None:
        raise ItemError("IMP-023", what="the name of its file")
    author = about.see("annotatorEmail")
    return Item(
        "",
        label_id("sa", *ids),
        sample,
        "transcript",
        {"text": words},
        author=author if isinstance(author, str) and author else None,
        stage=stage(about.see("status")),
        tool=("SuperAnnotate", "unknown"),
        kept=rest,
    )


def _person(raw: Any) -> str | None:
    return raw if isinstance(raw, str) and raw else sub(raw).text("email")


def _instance(
    raw: Any, sample: Named | None, ids: tuple[Any, ...], rest: dict[str, Any], drawn: Callable[[], Drawn]
) -> Item:
    one = Fields(raw)
    if isinstance(raw, dict) and set(raw) == {"meta"} and sub(raw["meta"]).text("type") == "tag":
        # A tag of a whole video has no stretch of its time line.
        one = Fields(raw["meta"])
    if one.see("meta") is not None or one.see("timeline") is not None:
        raise ItemError("IMP-022", what="a time line of another form than the export's")
    if sample is None:
        raise ItemError("IMP-023", what="the name of its file")
    kind = one.text("type")
    name = needed(one.text("className"), "its class")
    painted = one.take("parts") if kind is None else None
    shape = _shape(kind, one, name, sample.size) if painted is None else _mask(name, painted, *drawn())
    if shape[0] == "span":
        sample = replace(sample, units_told=False)
    return _made(one, sample, ids, rest, shape)


def _made(one: Fields, sample: Named, ids: tuple[Any, ...], rest: dict[str, Any], shape: shapes.Shape) -> Item:
    """Return a label with what its instance says of people, time, confidence and origin."""
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
        label_id("sa", ids[0], own, *ids[2:]) if isinstance(own, str) else label_id("sa", *ids),
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


def _seconds(value: Any) -> Decimal | None:
    """Return microseconds as seconds; None for what is no time."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value < _LONGEST:
        return None
    return Decimal(value) / 1_000_000


def _time(value: Any) -> Decimal:
    found = _seconds(value)
    if found is None:
        raise ItemError("IMP-023", what="a time")
    return found


_About = tuple[Named | None, Decimal | None, dict[str, Any]]


def _stretches(place: str, raw: dict[str, Any], ids: tuple[Any, ...], about: _About) -> Iterator[Maker]:
    """Yield a label for each stretch of the time line in which an instance is there."""
    for index, (where, stretch) in enumerate(listed(f"{place}.parameters", raw["parameters"])):
        yield where, lambda stretch=stretch, index=index: _stretch(raw["meta"], stretch, (*ids, index), about)  # type: ignore[misc]
    if not raw["parameters"]:
        yield place, no_label("IMP-023", what="its times")


def _stretch(raw: dict[str, Any], stretch: Any, ids: tuple[Any, ...], about: _About) -> Item:
    sample, duration, rest = about
    meta, part = Fields(raw), Fields(stretch)
    if sample is None:
        raise ItemError("IMP-023", what="the name of its file")
    kind = meta.text("type")
    if kind in _OTHER:
        raise ItemError("IMP-022", what=_OTHER[kind])
    name = needed(meta.text("className"), "its class")
    start, end = _time(part.see("start")), _time(part.see("end"))
    if end < start:
        raise ItemError("IMP-020")
    moments = part.see("timestamps")
    told = {"stretch": part.rest("timestamps"), "attributes": _attributes(moments)}
    rest = rest | {name_: value for name_, value in told.items() if value}
    if kind == "event":
        made = _made(meta, sample, ids, rest, ("class", {"class": name}))
        return replace(made, part={"seconds": [start, end]}, duration=duration)
    frames: list[dict[str, Any]] = []
    for moment in moments if isinstance(moments, list) else []:
        one = Fields(moment)
        at = _time(one.see("timestamp"))
        if not start <= at <= end:
            raise ItemError("IMP-020")
        shape, value = _shape(kind, one, name, sample.size)
        frames.append({"seconds": at, "kind": shape, "value": value, "interpolated": False})
    if not frames:
        raise ItemError("IMP-023", what="its times")
    if any(one["seconds"] > two["seconds"] for one, two in pairwise(frames)):
        raise ItemError("IMP-020")
    made = _made(meta, sample, ids, rest, ("track", {"class": name, "frames": frames}))
    return replace(made, value=made.value | {"track": made.label_id}, duration=duration)


def _attributes(moments: Any) -> list[dict[str, Any]]:
    """Return what a time line says of moments beside shapes."""
    held = [sub(one) for one in (moments if isinstance(moments, list) else [])]
    return [
        {"timestamp": one.see("timestamp"), "attributes": one.see("attributes")}
        for one in held
        if one.see("attributes")
    ]


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
    if kind == "entity":
        start, end = whole(one.take("start")), whole(one.take("end"))
        if end < start:
            raise ItemError("IMP-020")
        return "span", {"type": name, "start": start, "end": end + 1}
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
        several = sorted({f"{component}: {text}" for text in value})
        return Item("", made, sample, "classes", {"classes": several}, tool=("SuperAnnotate", "unknown"), kept=kept)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or value == "":
        raise ItemError("IMP-023", what="its value")
    named = f"{component}: {value}"
    if isinstance(value, str) and (len(named) > MAX_NAME or len(value.splitlines()) > 1):
        # An answer in free words is no class.
        return Item("", made, sample, "transcript", {"text": value}, tool=("SuperAnnotate", "unknown"), kept=kept)
    return Item("", made, sample, "class", {"class": named}, tool=("SuperAnnotate", "unknown"), kept=kept)
