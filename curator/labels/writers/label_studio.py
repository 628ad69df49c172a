"""Label Studio JSON (labelstud.io, "Label Studio JSON format"): one task a sample, one annotation a reader and moment.

Coordinates are percent of the image with so many digits that a millionth of a pixel survives. A turned rectangle turns
around its upper left corner there. Texts stand in the task, for spans are shown in them; their offsets count UTF-16
units, as the editor does. ``meta`` of a result names the record that it was written from. It must never hold a person's
name: readers are ids.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from curator.core.errors import CuratorError, ItemError
from curator.labels.fitting import MAX_TEXT_FILE, Facts
from curator.labels.returned import MARK
from curator.labels.signed import Signed
from curator.labels.values import settled, written
from curator.labels.writers.brush import packed
from curator.labels.writers.protocol import PLACES, Clean, Told, check_kind, only, origin_note
from curator.project.series import Series

FILE = "tasks.json"
#: Decimal places of a percentage: an image of a million pixels keeps a millionth of one.
_SHARES = Decimal("1e-20")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_TYPES = {
    "box": "rectanglelabels",
    "polygon": "polygonlabels",
    "polyline": "polygonlabels",
    "point": "keypointlabels",
    "ellipse": "ellipselabels",
    "mask": "brushlabels",
    "track": "videorectangle",
    "span": "labels",
}
_TEXTS = ("span", "relation")
_Key = tuple[str, str, str]


class LabelStudio:
    """Writer of Label Studio's tasks."""

    name = "label-studio"
    title = "Label Studio JSON: shapes, masks, classes, grades, texts, spans and their relations, tracks of boxes"
    kinds = (*_TYPES, "class", "classes", "grade", "transcript", "relation")

    def write(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write ``tasks.json``."""
        results: dict[_Key, list[dict[str, Any]]] = {}
        data: dict[str, dict[str, Any]] = {}
        regions: dict[str, tuple[_Key, str]] = {}
        relations: list[Signed] = []
        for label in labels:
            if label.kind == "relation":
                relations.append(label)
                continue
            key = (label.path, label.author, label.labeled_at)
            try:
                check_kind(label, self)
                result = _result(label, clean, told)
                if label.path not in data:
                    data[label.path] = _data(label, clean)
            except CuratorError as error:
                told.refuse(label, error)
                continue
            results.setdefault(key, []).append(result)
            regions[label.label_id] = (key, result["id"])
            told.wrote(label, FILE)
        for label in relations:
            try:
                key, result = _relation(label, regions, clean)
            except CuratorError as error:
                told.refuse(label, error)
                continue
            results[key].append(result)
            told.wrote(label, FILE)
        if results:
            told.put(FILE, (written(settled(_tasks(results, data))) + "\n").encode("utf-8"))


def _tasks(results: dict[_Key, list[dict[str, Any]]], data: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    tasks: dict[str, dict[str, Any]] = {}
    for number, key in enumerate(sorted(results), 1):
        path, author, labeled_at = key
        task = tasks.setdefault(path, {"id": len(tasks) + 1, "data": data[path], "annotations": []})
        task["annotations"].append(
            {
                "id": number,
                "completed_by": {"email": author},
                "created_at": labeled_at,
                "was_cancelled": False,
                "result": results[key],
            }
        )
    return list(tasks.values())


def _data(label: Signed, clean: Clean) -> dict[str, Any]:
    """Return what a task shows: the name of an image, or a text itself."""
    facts = clean.facts(label)
    if isinstance(label.sample, Series):
        raise ItemError("EXP-004", what="an image in one file")
    return {"image": label.path} if facts.length is None else {"text": _text(label, clean)}


def _text(label: Signed, clean: Clean) -> str:
    path = clean.file(label)
    if path.stat().st_size > MAX_TEXT_FILE:
        raise ItemError("EXP-004", what="a text of at most 256 MiB")
    return path.read_bytes().decode("utf-8")


def _result(label: Signed, clean: Clean, told: Told) -> dict[str, Any]:
    """Return one result; its id is the start of the leaf hash."""
    value = label.value(clean.root)
    kind = label.kind
    facts = clean.facts(label)
    made: dict[str, Any] = {
        "id": label.leaf[:32],
        "from_name": "label",
        "to_name": "text" if facts.length is not None else "image",
        "origin": "prediction" if label.origin == "model" else "manual",
        "meta": {"text": [MARK + label.leaf], "curator": origin_note(label)},
    }
    if kind == "span":
        return {**made, **_span(label, value, clean)}
    if kind in ("class", "classes", "grade", "transcript"):
        only_whole(label, facts)
        return {**made, **_words(kind, value)}
    facts = clean.image(label) if kind == "track" else clean.flat(label)
    only(label)
    size = {"original_width": facts.columns, "original_height": facts.rows, "image_rotation": 0}
    with localcontext() as context:
        context.prec = 60
        drawn = _shape(kind, value, facts)
    if _fine(value):
        told.rounded += 1
    if kind != "track":
        drawn[_TYPES[kind]] = [value["class"]]
    return {**made, **size, "type": _TYPES[kind], "value": drawn}


def only_whole(label: Signed, facts: Facts) -> None:
    """Refuse a word about a part of a sample (EXP-006); the one frame of an image is all of it."""
    if label.part is not None and facts.frames != 1:
        raise ItemError("EXP-006", what="a part of the sample")
    only(label)


def _fine(value: Any) -> bool:
    """Say whether a value has a number with more than six decimal places."""
    if isinstance(value, Decimal):
        return value != value.quantize(PLACES)
    if isinstance(value, dict):
        return any(_fine(inner) for inner in value.values())
    return isinstance(value, list) and any(_fine(inner) for inner in value)


def _share(number: Any, whole: int) -> Decimal:
    made = (Decimal(number) * 100 / whole).quantize(_SHARES).normalize()
    return made.quantize(Decimal(1)) if int(made.as_tuple().exponent) > 0 else made


def _shape(kind: str, value: dict[str, Any], facts: Facts) -> dict[str, Any]:
    wide, high = facts.columns, facts.rows
    if kind == "box":
        return _box(value, wide, high)
    if kind == "polygon":
        if len(value["rings"]) != 1:
            raise ItemError("EXP-006", what="a polygon of several rings")
        return {"points": _points(value["rings"][0], wide, high), "closed": True}
    if kind == "polyline":
        return {"points": _points(value["line"], wide, high), "closed": False}
    if kind == "point":
        x, y = value["point"]
        return {"x": _share(x, wide), "y": _share(y, high), "width": Decimal("0.5")}
    if kind == "ellipse":
        (x, y), (across, down) = value["center"], value["radii"]
        return {
            "x": _share(x, wide),
            "y": _share(y, high),
            "radiusX": _share(across, wide),
            "radiusY": _share(down, high),
            "rotation": value.get("rotation", 0),
        }
    if kind == "mask":
        if not sum(value["runs"][1::2]):
            raise ItemError("EXP-006", what="a mask without a pixel")
        return {"format": "rle", "rle": list(packed(value["runs"]))}
    return _track(value, wide, high)


def _points(flat: list[Any], wide: int, high: int) -> list[list[Decimal]]:
    return [[_share(x, wide), _share(y, high)] for x, y in zip(flat[0::2], flat[1::2], strict=True)]


def _box(value: dict[str, Any], wide: int, high: int) -> dict[str, Any]:
    """Return a rectangle; a turned one by the corner that the editor turns it around."""
    x, y, width, height = map(Decimal, value["box"])
    turn = Decimal(value.get("rotation", 0))
    if turn:
        sine, cosine = _turn(turn)
        x += (width - (width * cosine - height * sine)) / 2
        y += (height - (width * sine + height * cosine)) / 2
    return {
        "x": _share(x, wide),
        "y": _share(y, high),
        "width": _share(width, wide),
        "height": _share(height, high),
        "rotation": turn,
    }


def _turn(degrees: Decimal) -> tuple[Decimal, Decimal]:
    """Sine and cosine, exact for quarter turns."""
    quarter, rest = divmod(degrees % 360, 90)
    if not rest:
        sine, cosine = ((0, 1), (1, 0), (0, -1), (-1, 0))[int(quarter) % 4]
        return Decimal(sine), Decimal(cosine)
    angle = math.radians(float(degrees))
    return Decimal(math.sin(angle)), Decimal(math.cos(angle))


def _track(value: dict[str, Any], wide: int, high: int) -> dict[str, Any]:
    if any(one["kind"] != "box" or one["value"]["class"] != value["class"] for one in value["frames"]):
        raise ItemError("EXP-006", what="a track of other shapes than boxes of one class")
    if any(one["interpolated"] for one in value["frames"]):
        raise ItemError("EXP-006", what="a track with frames that were filled in")
    frames = [{"frame": one["frame"], "enabled": True, **_box(one["value"], wide, high)} for one in value["frames"]]
    return {"sequence": frames, "labels": [value["class"]]}


def _words(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    if kind == "grade":
        if type(value["grade"]) is not int or not _TOKEN.fullmatch(value["scale"]):
            raise ItemError("EXP-006", what="a grade that is no whole number, or a scale with other marks")
        return {"type": "rating", "from_name": value["scale"], "value": {"rating": value["grade"]}}
    if kind == "transcript":
        if ("start" in value) != ("end" in value):
            raise ItemError("EXP-006", what="a text with one end in time")
        timed = {"start": value["start"], "end": value["end"], "channel": 0} if "start" in value else {}
        return {"type": "textarea", "value": {"text": [value["text"]], **timed}}
    names = [value["class"]] if kind == "class" else value["classes"]
    if kind == "classes" and len(names) < 2:
        raise ItemError("EXP-006", what="a set of fewer than two classes")
    return {"type": "choices", "value": {"choices": names}}


def _span(label: Signed, value: dict[str, Any], clean: Clean) -> dict[str, Any]:
    if clean.facts(label).length is None:
        raise ItemError("EXP-004", what="a text")
    if "pieces" in value:
        raise ItemError("EXP-006", what="a span in pieces")
    only(label)
    text = _text(label, clean)
    start, end = (len(text[: value[name]].encode("utf-16-le")) // 2 for name in ("start", "end"))
    quote = text[value["start"] : value["end"]]
    return {
        "type": "labels",
        "value": {"start": start, "end": end, "text": quote, "labels": [value["type"]]},
    }


def _relation(label: Signed, regions: dict[str, tuple[_Key, str]], clean: Clean) -> tuple[_Key, dict[str, Any]]:
    value = label.value(clean.root)
    first, second = regions.get(value["from"]), regions.get(value["to"])
    if first is None or second is None or first[0] != second[0]:
        raise ItemError("EXP-006", what="a relation of labels that do not stand in one annotation")
    return first[0], {
        "type": "relation",
        "from_id": first[1],
        "to_id": second[1],
        "direction": "right",
        "labels": [value["type"]],
        "meta": {"text": [MARK + label.leaf], "curator": origin_note(label)},
    }
