"""Pascal VOC: one XML file an image, or a folder of them (VOC2012 development kit, "Annotation format").

Corners count pixels from 1, and both ends are covered: ``xmin`` 1 and ``xmax`` 10 are the first ten pixels. So a box
becomes ``[xmin - 1, ymin - 1, xmax - xmin + 1, ymax - ymin + 1]``. Some tools write other corners under this name; the
format has nothing that would tell. ``pose``, ``truncated``, ``difficult``, ``occluded`` and ``actions`` are kept. Each
``part`` of an object (head, hand, foot) is a label of its own. Image sets beside annotations are not read: they repeat
objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_box, number
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers.parts import pixels, text
from curator.labels.xmlstream import elements, fields_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OWN = "Pascal VOC has no place for it: export in the tool's own format"
_ROOT = re.compile(rb"<annotation[\s>]")
_SHAPES = {"polygon": "a polygon in Pascal VOC", "robndbox": "a turned box in Pascal VOC"}


class Voc:
    """Reader of one XML file, or of all below a folder, in the order of their names."""

    name = "voc"
    title = "Pascal VOC XML"
    lacks = (
        Lack("author", _OWN),
        Lack("labeled-at", _OWN),
        Lack("guideline", ""),
        Lack("confidence", _OWN),
        Lack("review", _OWN),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file begins as VOC does, or a folder's first XML file."""
        if head:
            return path.suffix.lower() == ".xml" and bool(_ROOT.search(head))
        for file in _files(path)[:1]:
            with file.open("rb") as opened:
                return bool(_ROOT.search(opened.read(1 << 16)))
        return False

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the objects of every file and their parts; all of a folder's files must be whole."""
        files = _files(path) if path.is_dir() else [path]
        if not files:
            raise UsageError("IMP-001", format="Pascal VOC")
        for order, file in enumerate(files):
            yield from _file(file, order, f"file {order + 1} " if path.is_dir() else "")


def _files(folder: Path) -> list[Path]:
    """The XML files of a folder's ``Annotations``, or of the folder itself and below."""
    if not folder.is_dir():
        return []
    inner = folder / "Annotations"
    return sorted(file for file in (inner if inner.is_dir() else folder).rglob("*") if file.suffix.lower() == ".xml")


def _file(path: Path, order: int, before: str) -> Iterator[Item | Refused]:
    # Objects may stand before the size; one image's objects fit into memory.
    top: dict[str, Any] = {}
    objects = []
    for element in elements(path, "annotation", lambda names: len(names) == 1, "Pascal VOC"):
        if element.tag == "object":
            objects.append(element)
        elif element.tag in ("filename", "size"):
            if element.tag in top:
                raise UsageError("IMP-003", reason="a file states its name or size twice")
            top[str(element.tag)] = fields_of(element) if len(element) else (element.text or "").strip()
    size = top.get("size")
    sample = Named(
        "file",
        top.get("filename") or path.stem,
        pixels(size.get("width"), size.get("height")) if isinstance(size, dict) else None,
    )
    for number_, element in enumerate(objects):
        place, label_id = f"{before}object[{number_}]", f"voc-{order + 1}-{number_ + 1}"
        yield _label(element, place, label_id, sample)
        for piece, part in enumerate(element.findall("part")):
            yield _label(part, f"{place}.part[{piece}]", f"{label_id}-part-{piece + 1}", sample, of=label_id)


def _label(element: Element, place: str, label_id: str, sample: Named, of: str | None = None) -> Item | Refused:
    fields = fields_of(element)
    try:
        for shape, what in _SHAPES.items():
            if shape in fields:
                raise ItemError("IMP-022", what=what)
        name = text(fields.get("name"), "its class")
        corners = fields.get("bndbox")
        if not isinstance(corners, dict):
            raise ItemError("IMP-023", what="its box")
        xmin, ymin, xmax, ymax = (number(corners.get(key)) for key in ("xmin", "ymin", "xmax", "ymax"))
        if xmax < xmin or ymax < ymin:
            raise ItemError("IMP-021")
        box = [xmin - 1, ymin - 1, xmax - xmin + 1, ymax - ymin + 1]
        check_box(box, sample.size)
    except ItemError as error:
        return refused(place, error)
    kept = {key: value for key, value in fields.items() if key not in ("name", "bndbox", "part")}
    more = {key: value for key, value in corners.items() if key not in ("xmin", "ymin", "xmax", "ymax")}
    if more:
        kept["bndbox"] = more
    if of is not None:
        kept["part-of"] = of
    return Item(place, label_id, sample, "box", {"class": name, "box": box}, kept=kept)
