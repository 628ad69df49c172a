"""VGG Image Annotator (VIA) 3: projects of images.

Format: VIA 3's ``CodeDoc.md``. ``metadata`` has one object a label: the view, and by it the file; the shape's number
and its coordinates in ``xy``, pixels from the outer corner; and what each attribute was given in ``av``, an option by
its number. An extreme rectangle is the box around its four points. Labels at times of a recording are refused: the
file does not say how long the recording is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Refused
from curator.labels.jsonstream import Place, values
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import Fields, Maker, label_id, number, told
from curator.labels.readers.via_regions import LACKS, TOOL, Answer, answers, asked, class_of, sample_of, whole_image

_PARTS = ("attribute", "file", "view")
_CHECKBOX = 2


class Via3:
    """Reader of VIA 3's projects."""

    name = "via3"
    title = "VGG Image Annotator 3 (VIA): project of images"
    lacks = LACKS

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of a project."""
        keys = (b'"project"', b'"pid"', b'"attribute"', b'"config"', b'"file"')
        return path.is_file() and all(key in head for key in keys)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield every label; a first pass gathers files and attributes."""
        parts = {
            place[0]: value
            for place, value in values(path, lambda place, form: form == "object" and place in {(x,) for x in _PARTS})
        }
        if set(parts) != set(_PARTS):
            raise UsageError("IMP-001", format=self.title)
        project = _Project(parts)
        drawn, whole = set[str](), set[str]()
        for _, value in values(path, _label):
            try:
                (drawn if value.get("xy") else whole).update(asked([project.given(value)]))
            except ItemError:
                continue
        project.drawn, project.whole = frozenset(drawn), frozenset(whole)
        yield from told(_labels(path, project))


def _label(place: Place, form: str) -> bool:
    return form == "object" and len(place) == 2 and place[0] == "metadata"


class _Project:
    """What labels refer to: attributes with their options, files by view."""

    def __init__(self, parts: dict[Any, Any]) -> None:
        self._attributes, self._files, self._views = (parts[name] for name in _PARTS)
        self.drawn: frozenset[str] = frozenset()
        self.whole: frozenset[str] = frozenset()

    def given(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Return what a label was given: name of the attribute to a text or the options ticked (IMP-026, IMP-035)."""
        made: dict[str, Any] = {}
        found = raw.get("av") or {}
        if not isinstance(found, dict):
            raise ItemError("IMP-035")
        for number_, value in found.items():
            about = self._attributes.get(number_)
            if not isinstance(about, dict) or not isinstance(about.get("aname"), str):
                raise ItemError("IMP-026", what="attribute")
            options = about.get("options") or {}
            if not isinstance(value, str) or not isinstance(options, dict) or about["aname"] in made:
                raise ItemError("IMP-035")
            if options and value.strip():
                chosen = value.split(",") if about.get("type") == _CHECKBOX else [value]
                if any(one not in options for one in chosen):
                    raise ItemError("IMP-026", what="option of an attribute")
                named = [options[one] for one in chosen]
                value = dict.fromkeys(named, True) if about.get("type") == _CHECKBOX else named[0]
            made[about["aname"]] = value
        return made

    def file(self, raw: dict[str, Any]) -> Any:
        """Return the name of the one file that a label's view shows (IMP-026, IMP-022 for a view of several)."""
        view = self._views.get(str(raw.get("vid")))
        shown = view.get("fid_list") if isinstance(view, dict) else None
        if not isinstance(shown, list) or not shown:
            raise ItemError("IMP-026", what="view")
        if len(shown) > 1:
            raise ItemError("IMP-022", what="a label of several files side by side")
        about = self._files.get(str(shown[0]))
        if not isinstance(about, dict):
            raise ItemError("IMP-026", what="file")
        return about.get("fname") or about.get("src")


def _labels(path: Path, project: _Project) -> Iterator[Maker]:
    for count, (place, raw) in enumerate(values(path, _label)):
        where = f"metadata[{count}]"
        if not isinstance(raw.get("xy"), list) or raw["xy"]:
            yield where, lambda raw=raw, own=place[1]: _region(raw, own, project)  # type: ignore[misc]
            continue
        try:
            given: dict[str, Answer | None] = dict(answers(project.given(raw))) or {"": None}
        except ItemError as error:
            code, facts = error.code, dict(error.facts)
            yield where, lambda code=code, facts=facts: _raise(code, facts)  # type: ignore[misc]
            continue
        for attribute, answer in given.items():
            yield where, lambda raw=raw, own=place[1], one=(attribute, answer): _said(raw, own, one, project)  # type: ignore[misc]


def _raise(code: str, facts: dict[str, Any]) -> Item:
    raise ItemError(code, **facts)


def _untimed(raw: dict[str, Any]) -> None:
    if raw.get("z"):
        raise ItemError("IMP-022", what="a label at a time of a recording whose length the file does not tell")


def _said(raw: dict[str, Any], own: Any, one: tuple[str, Answer | None], project: _Project) -> Item:
    _untimed(raw)
    attribute, answer = one
    if answer is None:
        raise ItemError("IMP-023", what="its class")
    shape = whole_image(attribute, answer, len(project.whole) > 1)
    return _item(raw, (own, attribute), shape, {"attribute": attribute}, project)


def _region(raw: dict[str, Any], own: Any, project: _Project) -> Item:
    _untimed(raw)
    given = answers(project.given(raw))
    attribute, name = class_of(given, project.drawn)
    shape = _shape(name, raw.get("xy"))
    return _item(raw, (own,), shape, {"class_attribute": attribute, "attributes": given}, project)


def _item(
    raw: dict[str, Any], own: tuple[Any, ...], shape: shapes.Shape, kept: dict[str, Any], project: _Project
) -> Item:
    rest = Fields(raw).rest("vid", "z", "xy", "av", "flg")
    made = label_id("via3", *own)
    return Item("", made, sample_of(project.file(raw)), shape[0], shape[1], tool=TOOL, kept=kept | rest)


def _shape(name: str, xy: Any) -> shapes.Shape:
    if not isinstance(xy, list) or len(xy) < 3:
        raise ItemError("IMP-020")
    kind, rest = xy[0], [number(one) for one in xy[1:]]
    if kind == 1 and len(rest) == 2:
        return shapes.point(name, (rest[0], rest[1]), None)
    if kind == 2 and len(rest) == 4:
        return shapes.box(name, rest, None)
    if kind == 3 and len(rest) == 3:
        return shapes.ellipse(name, (rest[0], rest[1]), (rest[2], rest[2]), None, None)
    if kind == 4 and len(rest) == 4:
        return shapes.ellipse(name, (rest[0], rest[1]), rest[2:], None, None)
    if kind in {5, 6} and len(rest) % 2 == 0:
        return shapes.line(name, shapes.paired(rest), None)
    if kind == 7:
        return shapes.polygon(name, [shapes.paired(rest)], None)
    if kind == 8 and len(rest) == 8:
        return shapes.corners(name, min(rest[::2]), min(rest[1::2]), max(rest[::2]), max(rest[1::2]), None)
    if kind == 9:
        raise ItemError("IMP-022", what="a circle through points of its edge")
    raise ItemError("IMP-035")
