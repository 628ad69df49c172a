"""VGG Image Annotator (VIA) 1 and 2: projects, annotations as JSON, annotations as CSV.

Format: VIA's ``CodeDoc.md`` and the exports of ``via.js``. Coordinates are pixels from the image's outer corner. JSON
names every image under a key of its own, in a project under ``_via_img_metadata``; ``regions`` is a list, in VIA 1 an
object. A row of CSV is one region, or an image without any. What an image as a whole was given is one label for each
attribute. An ellipse's ``theta`` counts clockwise, in radians. The file tells sizes in bytes, none in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Named, Refused
from curator.labels.jsonstream import Place, values
from curator.labels.readers import textio as t
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import Fields, Maker, label_id, no_label, number, told
from curator.labels.readers.via_regions import LACKS, TOOL, answers, asked, class_of, sample_of, whole_image

_IMAGES = "_via_img_metadata"
_COLUMNS = ["filename", "file_size", "file_attributes", "region_count", "region_id"]
_COLUMNS += ["region_shape_attributes", "region_attributes"]
#: An image: place, name of its file, attributes of the whole, and its regions: place, shape, attributes.
_Image = tuple[str, Any, Any, list[tuple[str, Any, Any]]]


class Via:
    """Reader of VIA 2's files, and of VIA 1's."""

    name = "via"
    title = "VGG Image Annotator 1 and 2 (VIA): project, JSON, CSV"
    lacks = LACKS

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has VIA's keys or columns."""
        if not path.is_file():
            return False
        if b'"shape_attributes"' in head or b'"_via_img_metadata"' in head:
            return True
        return t.head_json(head).lstrip("#").split("\n", 1)[0].strip().split(",") == _COLUMNS

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield what was said of each image, then its regions; a first pass gathers the attributes."""
        whole, drawn = _Asked(), _Asked()
        found = False
        for _, _, about, regions in _images(path):
            found = True
            whole.see(about)
            for _, _, attributes in regions:
                drawn.see(attributes)
        if not found and not _is_project(path):
            raise UsageError("IMP-001", format=self.title)
        yield from told(_labels(path, whole.names, drawn.names))


class _Asked:
    """Names of attributes that something was given to."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()

    def see(self, attributes: Any) -> None:
        self.names |= asked([attributes])


def _is_project(path: Path) -> bool:
    """Say whether a file without images is one of VIA all the same."""
    with path.open("rb") as stream:
        return Via().recognizes(path, stream.read(1 << 16))


def _images(path: Path) -> Iterator[_Image]:
    with path.open("rb") as stream:
        begin = stream.read(4).removeprefix(b"\xef\xbb\xbf")
    yield from _rows(path) if not begin.lstrip().startswith(b"{") else _objects(path)


def _objects(path: Path) -> Iterator[_Image]:
    def wanted(place: Place, form: str) -> bool:
        inner = len(place) == 2 and place[0] == _IMAGES
        outer = len(place) == 1 and isinstance(place[0], str) and not place[0].startswith("_via")
        return form == "object" and (inner or outer)

    for count, (_, image) in enumerate(values(path, wanted)):
        if "filename" not in image:
            raise UsageError("IMP-001", format=Via.title)
        regions = image.get("regions")
        listed = list(regions.values()) if isinstance(regions, dict) else regions
        place = f"image[{count}]"
        made = []
        if listed is not None and not isinstance(listed, list):
            made.append((f"{place}.regions", None, None))
        for index, one in enumerate(listed if isinstance(listed, list) else []):
            region = one if isinstance(one, dict) else {}
            made.append((f"{place}.regions[{index}]", region.get("shape_attributes"), region.get("region_attributes")))
        yield place, image["filename"], image.get("file_attributes") or {}, made


def _rows(path: Path) -> Iterator[_Image]:
    lines = t.rows(path)
    header = next(lines, (0, []))[1]
    if not header or [header[0].lstrip("#"), *header[1:]] != _COLUMNS:
        raise UsageError("IMP-001", format=Via.title)
    seen: set[tuple[str, str]] = set()
    for line, row in lines:
        place = f"row {line}"
        if len(row) != len(_COLUMNS):
            raise UsageError("IMP-003", reason="a row has more or fewer cells than the header")
        name, size, about, _, _, shape, attributes = row
        again = (name, size) in seen
        seen.add((name, size))
        drawn = t.loads(shape.encode()) if shape.strip() else {}
        region = [(place, drawn, t.loads(attributes.encode() or b"{}"))] if drawn != {} else []
        yield place, name, {} if again else t.loads(about.encode() or b"{}"), region


def _labels(path: Path, whole: frozenset[str], drawn: frozenset[str]) -> Iterator[Maker]:
    for place, name, about, regions in _images(path):
        try:
            given = answers(about)
        except ItemError as error:
            yield f"{place}.file_attributes", no_label(error.code)
            given = {}
        for attribute, answer in given.items():
            where = f"{place}.file_attributes[{list(about).index(attribute)}]"
            shape = whole_image(attribute, answer, len(whole) > 1)
            yield (
                where,
                lambda name=name, attribute=attribute, shape=shape, place=place: _item(  # type: ignore[misc]
                    sample_of(name), (place, attribute), shape, {"file_attribute": attribute}
                ),
            )
        for index, (where, shape, attributes) in enumerate(regions):
            yield (
                where,
                lambda name=name, at=(place, index), shape=shape, attributes=attributes: _region(  # type: ignore[misc]
                    sample_of(name), at, shape, attributes, drawn
                ),
            )


def _region(sample: Named, at: tuple[Any, ...], shape: Any, attributes: Any, names: frozenset[str]) -> Item:
    given = answers({} if attributes is None else attributes)
    attribute, name = class_of(given, names)
    made = _shape(name, Fields(shape))
    return _item(sample, at, made, {"class_attribute": attribute, "region_attributes": given})


def _item(sample: Named, at: tuple[Any, ...], shape: shapes.Shape, kept: dict[str, Any]) -> Item:
    return Item("", label_id("via", sample.name, *at), sample, shape[0], shape[1], tool=TOOL, kept=kept)


def _shape(name: str, drawn: Fields) -> shapes.Shape:
    kind = drawn.text("name")
    if kind == "rect":
        return shapes.box(name, [number(drawn.see(key)) for key in ("x", "y", "width", "height")], None)
    if kind in {"polygon", "polyline"}:
        across, down = drawn.see("all_points_x"), drawn.see("all_points_y")
        if not isinstance(across, list) or not isinstance(down, list) or len(across) != len(down):
            raise ItemError("IMP-020")
        found = [(number(x), number(y)) for x, y in zip(across, down, strict=True)]
        return shapes.polygon(name, [found], None) if kind == "polygon" else shapes.line(name, found, None)
    if kind in {"point", "circle", "ellipse"}:
        center = number(drawn.see("cx")), number(drawn.see("cy"))
        if kind == "point":
            return shapes.point(name, center, None)
        keys = ("r", "r") if kind == "circle" else ("rx", "ry")
        turn = shapes.radians(drawn.see("theta")) if kind == "ellipse" else None
        return shapes.ellipse(name, center, [number(drawn.see(key)) for key in keys], turn, None)
    raise ItemError("IMP-022", what="a shape that this program does not know")
