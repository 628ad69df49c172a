"""COCO JSON: instances, keypoints, panoptic masks, and files of results (cocodataset.org, "Data format").

COCO counts pixels from the outer corner of the first pixel, as the label model does, so that coordinates stay digit for
digit. ``bbox`` is used when there is no segmentation, for it is then the label; else it is kept. Keypoints beside a
shape are a second label of the annotation. Captions are refused. An annotation without a shape is a class of the image.
Where an annotation has a ``score`` of 0 to 1 it is the confidence; an annotation of a file of results is a model's.
COCO says neither who nor when: ``info.date_created`` is of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_apart, check_box, check_points, check_ring, number, numbers
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.jsonstream import Place, values
from curator.labels.png import segments
from curator.labels.readers.parts import PROBABILITY, pixels, probability, record, text, without
from curator.labels.runs import by_rows, coco_counts, mask_size, whole_numbers
from curator.labels.seen import Seen

_OWN = "COCO has no place for it: export in the tool's own format"
_HEAD = re.compile(rb'"(images|categories)"\s*:\s*\[|"annotations"\s*:\s*\[\s*\{[^}]*"image_id"')
_RESULT = re.compile(rb'^\s*\[\s*\{[^}]*"image_id"\s*:')


class Coco:
    """Reader of COCO files; a panoptic file's masks lie in the folder of the file's name beside it."""

    name = "coco"
    title = "COCO JSON (instances, keypoints, panoptic, results)"
    lacks = (
        Lack("author", _OWN),
        Lack("labeled-at", _OWN),
        Lack("guideline", ""),
        Lack("confidence", "files of results have it, as score", partly=True),
        Lack("review", _OWN),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file looks like COCO: its arrays, or results that name images."""
        if path.suffix.lower() != ".json":
            return False
        head = head.removeprefix(b"\xef\xbb\xbf")
        if head.lstrip()[:1] == b"[":
            return bool(_RESULT.search(head)) and b'"category_id"' in head
        return bool(_HEAD.search(head))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield every label, in two passes over the file: images and categories first."""
        tables = _Tables(path)
        with Seen() as seen:
            for at, (_, value) in enumerate(values(path, lambda place, _: place == tables.labels)):
                for made in _annotation(value, at, tables):
                    if isinstance(made, Item) and not seen.first(made.label_id):
                        yield Refused(made.place, "IMP-027", label_id=made.label_id)
                    else:
                        yield made


class _Tables:
    """Images and categories of a file, and where its labels stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.images: dict[int | str, Named] = {}
        self.categories: dict[int | str, dict[str, Any]] = {}
        self.labels: Place = ("annotations", None)
        found: set[Place] = set()

        def wanted(place: Place, form: str) -> bool:
            if len(place) < 2 and form == "array":
                found.add(place)
            if place in ((), ("annotations",), ("images",), ("categories",)) and form == "value":
                raise UsageError("IMP-001", format="COCO")
            if place in (("annotations",), ("images",), ("categories",)) and form == "object":
                raise UsageError("IMP-001", format="COCO")
            return place in (("images", None), ("categories", None))

        for place, value in values(path, wanted):
            self._note(place[0] == "images", value)
        self.results = () in found
        if self.results:
            self.labels = (None,)
        elif ("annotations",) not in found:
            raise UsageError("IMP-001", format="COCO")

    def _note(self, image: bool, value: Any) -> None:
        made = value if isinstance(value, dict) else {}
        key = _key(made.get("id"))
        if key is None:
            return  # labels that would need it are refused
        table: dict[int | str, Any] = self.images if image else self.categories
        if key in table:
            raise UsageError("IMP-003", reason="two images or two categories have one id")
        if image:
            name = made.get("file_name")
            named = isinstance(name, str) and bool(name.strip())
            size = pixels(made.get("width"), made.get("height"))
            table[key] = Named("file", str(name), size) if named else Named("id", str(key), size)
        else:
            table[key] = made

    def image(self, fields: dict[str, Any]) -> Named:
        key = _key(fields.get("image_id"))
        if key is None:
            raise ItemError("IMP-023", what="its image")
        if self.results:
            return Named("id", str(key))
        if key not in self.images:
            raise ItemError("IMP-026", what="image")
        return self.images[key]

    def category(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The category of a label; in a file of results, which has none, the number is the name."""
        key = _key(fields.get("category_id"))
        if key is None:
            raise ItemError("IMP-023", what="its class")
        if self.results:
            return {"name": str(key)}
        if key not in self.categories:
            raise ItemError("IMP-026", what="class")
        return self.categories[key]


def _key(value: Any) -> int | str | None:
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def _annotation(value: Any, at: int, tables: _Tables) -> Iterator[Item | Refused]:
    """Yield the labels of one annotation, at least one."""
    place = f"annotations[{at}]"
    if isinstance(value, dict) and "segments_info" in value:
        yield from _panoptic(value, at, tables)
        return
    for form in _forms(value):
        try:
            yield _item(record(value), form, place, at, tables)
        except ItemError as error:
            yield refused(place, error)


def _forms(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["class"]
    made = []
    if value.get("segmentation") not in (None, []):
        made.append("segmentation")
    elif value.get("bbox") not in (None, []):
        made.append("box")
    points = value.get("keypoints")
    # COCO writes zeros for people whose keypoints nobody marked.
    if points not in (None, []) and not (isinstance(points, list) and all(mark == 0 for mark in points)):
        made.append("keypoints")
    if not made:
        made.append("caption" if "caption" in value else "class")
    return made


def _item(fields: dict[str, Any], form: str, place: str, at: int, tables: _Tables) -> Item:
    if form == "caption":
        raise ItemError("IMP-022", what="a caption")
    sample = tables.image(fields)
    category = tables.category(fields)
    used = {"id", "image_id", "segmentation", "keypoints", *(["bbox"] if "box" in _forms(fields) else [])}
    kind = "class"
    value: dict[str, Any] = {"class": text(category.get("name"), "its class")}
    if form == "segmentation":
        kind, shape = _segmentation(fields["segmentation"], sample.size)
        value |= shape
    elif form == "box":
        kind, value["box"] = "box", numbers(fields["bbox"], 4)
        turn = _turn(fields)
        if turn:
            # The box is the one before the turn, so only its middle has to lie in the image.
            value["rotation"] = turn
            x, y, wide, high = value["box"]
            check_points([x + wide / 2, y + high / 2], sample.size)
            check_box((x, y, wide, high), None)
        else:
            check_box(value["box"], sample.size)
    elif form == "keypoints":
        kind = "keypoints"
        value["points"] = _keypoints(fields["keypoints"], category.get("keypoints"), sample.size)
    confidence = probability(fields.get("score"))
    if confidence is not None:
        used.add("score")
    key = fields.get("id")
    own = type(key) is int and 0 <= key < 1 << 64
    return Item(
        place=place,
        label_id=(f"coco-{key}" if own else f"coco-at-{at + 1}") + ("-keypoints" if form == "keypoints" else ""),
        sample=sample,
        kind=kind,
        value=value,
        confidence=confidence,
        confidence_scale=None if confidence is None else PROBABILITY,
        origin="model" if tables.results else "unknown",
        kept=_kept(fields, used, category) | ({} if own or key is None else {"id": key}),
    )


def _turn(fields: dict[str, Any]) -> Decimal:
    """Return the degrees clockwise by which CVAT's exports turn a box around its middle; 0 for none."""
    attributes = fields.get("attributes")
    found = attributes.get("rotation") if isinstance(attributes, dict) else None
    try:
        return Decimal(0) if found is None else number(found) % 360
    except ItemError:
        return Decimal(0)  # an attribute of the user's own that is no angle


def _kept(fields: dict[str, Any], used: set[str], category: dict[str, Any]) -> dict[str, Any]:
    above = {"supercategory": category["supercategory"]} if category.get("supercategory") else {}
    return above | without(fields, used)


def _segmentation(value: Any, size: tuple[int, int] | None) -> tuple[str, dict[str, Any]]:
    """Return kind and value of a list of rings, or of run lengths by columns, plain or compressed."""
    if isinstance(value, dict):
        extent = value.get("size")
        if not isinstance(extent, list) or len(extent) != 2:
            raise ItemError("IMP-024")
        rows, columns = mask_size(*extent)
        if size is not None and size != (columns, rows):
            raise ItemError("IMP-024")
        counts = value.get("counts")
        runs = coco_counts(counts) if isinstance(counts, str) else whole_numbers(counts)
        return "mask", {"size": [rows, columns], "runs": by_rows(runs, rows, columns)}
    if not isinstance(value, list):
        raise ItemError("IMP-020")
    rings = [numbers(ring) for ring in value]
    for ring in rings:
        check_ring(ring, size)
    if len(rings) > 1:
        check_apart(rings)
    return "polygon", {"rings": rings}


def _keypoints(value: Any, names: Any, size: tuple[int, int] | None) -> list[dict[str, Any]]:
    """Return keypoints by name; without names in the file, by their number from 1."""
    flat = numbers(value)
    if len(flat) % 3:
        raise ItemError("IMP-020")
    count = len(flat) // 3
    if names is None or names == []:
        names = [str(at + 1) for at in range(count)]
    if not isinstance(names, list) or len(names) != count or not all(isinstance(name, str) for name in names):
        raise ItemError("IMP-023", what="the names of its keypoints")
    if len(set(names)) != count:
        raise ItemError("IMP-023", what="names of its keypoints that differ")
    points = []
    for name, x, y, flag in zip(names, flat[0::3], flat[1::3], flat[2::3], strict=True):
        if flag not in (0, 1, 2):
            raise ItemError("IMP-020")
        if flag:
            check_points([x, y], size)
        points.append({"name": name, "x": x, "y": y, "visibility": int(flag)})
    return points


def _panoptic(fields: dict[str, Any], at: int, tables: _Tables) -> Iterator[Item | Refused]:
    """Yield one label for each segment of an image, and a refusal for each color of its mask that has no segment."""
    place = f"annotations[{at}]"
    listed = fields["segments_info"]
    if not isinstance(listed, list):
        yield Refused(place, "IMP-023", {"what": "its segments"})
        return
    try:
        sample = tables.image(fields)
        size, masks = segments(_mask_file(tables.path, fields.get("file_name")), sample.size)
    except ItemError as error:
        for number_ in range(len(listed) or 1):
            yield refused(f"{place}.segments_info[{number_}]" if listed else place, error)
        return
    for number_, segment in enumerate(listed):
        spot = f"{place}.segments_info[{number_}]"
        try:
            named = (spot, f"coco-at-{at + 1}-{number_ + 1}")
            yield _segment(record(segment), fields, named, sample, (size, masks), tables)
        except ItemError as error:
            yield refused(spot, error)
    known = {segment.get("id") for segment in listed if isinstance(segment, dict) and type(segment.get("id")) is int}
    for order, _ in enumerate(sorted(set(masks) - known)):
        yield Refused(f"{place}.mask[{order}]", "IMP-026", {"what": "segment"})


def _segment(
    segment: dict[str, Any],
    fields: dict[str, Any],
    named: tuple[str, str],
    sample: Named,
    drawn: tuple[tuple[int, int], dict[int, list[int]]],
    tables: _Tables,
) -> Item:
    category = tables.category(segment)
    key = segment.get("id")
    if type(key) is not int:
        raise ItemError("IMP-023", what="its id")
    (columns, rows), masks = drawn
    if key not in masks:
        raise ItemError("IMP-021")
    image = fields.get("image_id")
    whole = type(image) is int and 0 <= image < 1 << 64
    value = {"class": text(category.get("name"), "its class"), "size": [rows, columns], "runs": masks[key]}
    return Item(
        place=named[0],
        label_id=f"coco-{image}-{key}" if whole else named[1],
        sample=sample,
        kind="mask",
        value=value,
        origin="model" if tables.results else "unknown",
        kept=_kept(segment, {"id"}, category) | {"id": key} | without(fields, {"segments_info", "image_id"}),
    )


def _mask_file(path: Path, name: Any) -> Path:
    """Return where a panoptic mask lies: below the folder with the file's own name, or beside the file."""
    given = PurePosixPath(text(name, "its mask file"))
    if given.is_absolute() or ".." in given.parts or "\0" in str(name) or "\\" in str(name) or ":" in str(name):
        raise ItemError("IMP-026", what="mask file")
    root = path.parent.resolve()
    for folder in (path.parent / path.stem, path.parent):
        try:
            made = (folder / given).resolve()
            if made.is_relative_to(root) and made.is_file():
                return made
        except (OSError, RuntimeError):
            continue
    raise ItemError("IMP-026", what="mask file")
