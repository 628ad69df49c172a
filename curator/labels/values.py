"""What the value of each kind of :data:`curator.labels.item.KINDS` may hold, and the forms in which it is written.

A value of another form is refused, an unknown key too: what nobody checks would be signed unseen. The places that an
error names are words of this module. ``schemas/label-value.schema.json`` says the same to others. Whether a label lies
within its image is asked in :mod:`curator.labels.fitting`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NoReturn

from curator.core.errors import ItemError
from curator.labels.codings import sound_snomed
from curator.labels.reading import Digits

Check = Callable[[Any, str], None]

#: Largest amount of a coordinate; the largest slides have some 500,000 columns.
MAX_COORDINATE = 10_000_000
#: Of a recording: ten days.
MAX_SECONDS = 864_000
MAX_TEXT = 10_000
MAX_NAME = 500
#: Digits of a number, before and behind the point.
MAX_DIGITS = 40
_TURN = 360
_PLAIN = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)
#: Digits of a number below :data:`MAX_COORDINATE`.
_SMALL = re.compile(r"-?[0-9]{1,7}\.[0-9]{1,20}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,99}")
_SLICE = re.compile(r"[1-9][0-9]{0,6}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: Kinds that a frame of a track may hold.
IN_FRAMES = ("class", "box", "polygon", "polyline", "point", "ellipse", "keypoints", "mask")


def _bad(place: str) -> NoReturn:
    raise ItemError("IMP-061", what=place)


def number(value: Any, place: str = "number") -> Decimal:
    """Return a whole number, a :class:`~decimal.Decimal` or digits as a decimal (IMP-020 for anything else)."""
    kind = type(value)
    if kind is int and -MAX_COORDINATE <= value <= MAX_COORDINATE:
        return Decimal(value)
    if kind is Digits and len(value) < MAX_DIGITS and _PLAIN.fullmatch(value):
        return Decimal(value)  # of an export there are millions of these
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Digits):
        raise ItemError("IMP-020")
    try:
        made = Decimal(value)
    except ArithmeticError:
        raise ItemError("IMP-020") from None
    if not made.is_finite():
        raise ItemError("IMP-020")
    exponent = int(made.as_tuple().exponent)
    if abs(made.adjusted()) > MAX_DIGITS or exponent < -MAX_DIGITS:
        _bad(place)
    return made


def _number(value: Any, place: str) -> None:
    number(value, place)


def _coordinate(value: Any, place: str) -> None:
    if type(value) is Digits and _SMALL.fullmatch(value):
        return  # of an export there are millions of these
    if abs(number(value, place)) > MAX_COORDINATE:
        raise ItemError("IMP-021")


def _extent(value: Any, place: str) -> None:
    _coordinate(value, place)
    if number(value, place) <= 0:
        raise ItemError("IMP-021")


def _seconds(value: Any, place: str) -> None:
    if not 0 <= number(value, place) <= MAX_SECONDS:
        _bad(place)


def _rotation(value: Any, place: str) -> None:
    if abs(number(value, place)) > _TURN:
        _bad(place)


#: The largest whole number of JSON that every program reads alike.
_MOST = 2**53 - 1


def _whole(least: int, most: int = _MOST) -> Check:
    def check(value: Any, place: str) -> None:
        if type(value) is not int or not least <= value <= most:
            _bad(place)

    return check


def _text(most: int) -> Check:
    def check(value: Any, place: str) -> None:
        if type(value) is not str or not value.strip() or len(value) > most:
            _bad(place)

    return check


def _token(value: Any, place: str) -> None:
    if type(value) is not str or not _TOKEN.fullmatch(value):
        _bad(place)


def _truth(value: Any, place: str) -> None:
    if type(value) is not bool:
        _bad(place)


def _one_of(*words: str) -> Check:
    def check(value: Any, place: str) -> None:
        if value not in words or type(value) is not str:
            _bad(place)

    return check


def _list(each: Check, least: int = 1, *, most: int | None = None, steps: int = 1) -> Check:
    def check(value: Any, place: str) -> None:
        if not isinstance(value, list) or len(value) < least or len(value) % steps:
            _bad(place)
        if most is not None and len(value) > most:
            _bad(place)
        for one in value:
            each(one, place)

    return check


def _object(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}

    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict) or not required.keys() <= value.keys() or not value.keys() <= known.keys():
            _bad(place)
        for name, inner in value.items():
            known[name](inner, name)

    return check


def _fixed(*each: Check) -> Check:
    def check(value: Any, place: str) -> None:
        if not isinstance(value, list) or len(value) != len(each):
            _bad(place)
        for one, inner in zip(each, value, strict=True):
            one(inner, place)

    return check


_NAME = {"class": _text(MAX_NAME)}
_XY = _fixed(_coordinate, _coordinate)
_XYZ = _fixed(_coordinate, _coordinate, _coordinate)
_SPACE = _one_of("voxel", "patient")
_FAR = 1_000_000_000


def _runs(value: Any, place: str) -> None:
    """Check run lengths, of which a mask may have millions, as a list of whole numbers from 0 on."""
    if not isinstance(value, list) or not 0 < len(value) <= _FAR or set(map(type, value)) != {int}:
        _bad(place)
    if min(value) < 0 or max(value) > _MOST:
        _bad(place)


_SIDE = _whole(1, 1_000_000)


def _check_runs(runs: list[int], area: int) -> int:
    """Return how many pixels a mask covers (IMP-024 when its runs do not add up to the area)."""
    if sum(runs) != area:
        raise ItemError("IMP-024")
    return sum(runs[1::2])


def _leaf(value: Any, place: str) -> None:
    if type(value) is not str or not _SHA256.fullmatch(value):
        _bad(place)


#: Leaf hashes (hex) of the records that a value was filled in between; kinds that are never filled in have none.
_BETWEEN = {"between": _list(_leaf, 1, most=2)}


def _mask(value: Any, place: str) -> None:
    _object({**_NAME, "size": _fixed(_SIDE, _SIDE), "runs": _runs}, _BETWEEN)(value, place)
    _check_runs(value["runs"], value["size"][0] * value["size"][1])


def _volume(value: Any, place: str) -> None:
    def slices(inner: Any, name: str) -> None:
        if not isinstance(inner, dict):
            _bad(name)
        for key, runs in inner.items():
            if type(key) is not str or not _SLICE.fullmatch(key):
                _bad(name)
            _runs(runs, name)

    _object({**_NAME, "size": _fixed(_SIDE, _SIDE, _SIDE), "voxels": _whole(0), "slices": slices}, _BETWEEN)(
        value, place
    )
    columns, rows, count = value["size"]
    if any(int(key) > count for key in value["slices"]):
        raise ItemError("IMP-024")
    if sum(_check_runs(runs, rows * columns) for runs in value["slices"].values()) != value["voxels"]:
        raise ItemError("IMP-024")


def _track(value: Any, place: str) -> None:
    frame = _object(
        {
            "frame": _whole(1, 1_000_000),
            "kind": _one_of(*IN_FRAMES),
            "value": lambda _value, _place: None,
            "interpolated": _truth,
        }
    )
    _object({**_NAME, "track": _token, "frames": _list(frame)}, _BETWEEN)(value, place)
    for one in value["frames"]:
        _KINDS[one["kind"]](one["value"], "frames")
    numbers = [one["frame"] for one in value["frames"]]
    if numbers != sorted(set(numbers)):
        _bad("frames")


def _span(value: Any, place: str) -> None:
    offset = _whole(0, _FAR)
    if isinstance(value, dict) and "pieces" in value:
        _object({"type": _text(MAX_NAME), "pieces": _list(_fixed(offset, offset))})(value, place)
        pieces = value["pieces"]
    else:
        _object({"type": _text(MAX_NAME), "start": offset, "end": offset})(value, place)
        pieces = [[value["start"], value["end"]]]
    if any(start >= end for start, end in pieces):
        raise ItemError("IMP-021")


def _transcript(value: Any, place: str) -> None:
    _object({"text": _text(MAX_TEXT)}, {"start": _seconds, "end": _seconds})(value, place)
    if "start" in value and "end" in value and number(value["start"]) > number(value["end"]):
        _bad("end")


def _box3d(value: Any, place: str) -> None:
    forms = {**_NAME, "space": _SPACE, "box": _list(_coordinate, 6, most=6)}
    _object(forms, {"plane": _token, "rotation": _rotation})(value, place)
    if any(number(one) < 0 for one in value["box"][3:]):
        raise ItemError("IMP-021")


_RING = _list(_coordinate, 6, steps=2)
_KINDS: dict[str, Check] = {
    "class": _object(_NAME),
    "classes": _object({"classes": _list(_text(MAX_NAME), 0)}),
    "grade": _object({"scale": _token, "grade": _number}),
    "sentiment": _object({"sentiment": _text(MAX_NAME)}),
    "box": _object(
        {**_NAME, "box": _fixed(_coordinate, _coordinate, _extent, _extent)}, {"rotation": _rotation, **_BETWEEN}
    ),
    "polygon": _object({**_NAME, "rings": _list(_RING)}, _BETWEEN),
    "polyline": _object({**_NAME, "line": _list(_coordinate, 4, steps=2)}),
    "point": _object({**_NAME, "point": _XY}, _BETWEEN),
    "ellipse": _object({**_NAME, "center": _XY, "radii": _fixed(_extent, _extent)}, {"rotation": _rotation}),
    "keypoints": _object(
        {
            **_NAME,
            "points": _list(
                _object({"name": _text(MAX_NAME), "x": _coordinate, "y": _coordinate, "visibility": _whole(0, 2)})
            ),
        }
    ),
    "mask": _mask,
    "volume-mask": _volume,
    "box3d": _box3d,
    "points3d": _object({**_NAME, "space": _SPACE, "points": _list(_XYZ)}, {"closed": _truth}),
    "track": _track,
    "span": _span,
    "relation": _object({"type": _text(MAX_NAME), "from": _token, "to": _token}),
    "transcript": _transcript,
    "measurement": _object({"what": _text(MAX_NAME), "amount": _number, "unit": _text(64)}, {"points": _list(_XY)}),
    "code": _object({"system": _token, "code": _token}, {"meaning": _text(MAX_NAME)}),
}


_WHOLE = _object(
    {"whole": _object({"sha256": _leaf, "bytes": _whole(1)})},
    {"class": _text(MAX_NAME)},
)


def check_value(kind: str, value: Any) -> None:
    """Check a value of one kind.

    Parameters
    ----------
    kind
        Of :data:`curator.labels.item.KINDS`.
    value
        With numbers as int, :class:`~decimal.Decimal` or :class:`~curator.labels.reading.Digits`; never float. Or
        ``{"whole": {"sha256", "bytes"}, "class"?}`` for a value that stands in a file of its own.

    Raises
    ------
    ItemError
        IMP-020 for a number that is none, IMP-021 for what has no extent, IMP-024 for a mask that does not add up,
        IMP-061 for any other form, with the name of the key.
    """
    check = _KINDS.get(kind)
    if check is None:
        raise ItemError("IMP-061", what="kind")
    if isinstance(value, dict) and "whole" in value:
        _WHOLE(value, kind)
    else:
        check(value, kind)


def known_form(kind: str, value: Any) -> bool:
    """Say whether a value is one of the kinds here and of its form."""
    if kind not in _KINDS:
        return False
    try:
        check_value(kind, value)
    except ItemError:
        return False
    return True


#: Keys whose texts or numbers a person chose; what stands behind the others is geometry, bounded above.
FREE = frozenset(
    {
        "class",
        "classes",
        "sentiment",
        "type",
        "what",
        "unit",
        "system",
        "code",
        "meaning",
        "name",
        "text",
        "scale",
        "track",
        "grade",
        "amount",
        "plane",
        "from",
        "to",
    }
)


def free_values(value: Any) -> Iterator[tuple[str, str | int]]:
    """Yield (key, value) of every text and number of a checked value that is not bounded by its geometry.

    Parameters
    ----------
    value
        Of a form that :func:`check_value` takes.
    """
    if not isinstance(value, dict):
        return
    coded = value.get("system") == "SCT" and sound_snomed(str(value.get("code")))
    for key, inner in value.items():
        if key == "code" and coded:
            continue  # its check digit says that it is no number of somebody's
        if key in FREE:
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, Decimal):
                    yield key, format(one, "f")
                elif isinstance(one, str | int) and not isinstance(one, bool):
                    yield key, one
        elif key in {"points", "frames"} and isinstance(inner, list):
            for one in inner:
                yield from free_values(one)
        elif key == "value":
            yield from free_values(inner)


#: Of lists with these types alone, such as the millions of run lengths of a mask, nothing is looked at one by one.
_NUMBERS = {int, Digits}
#: Digits of a number before or after its point; no coordinate and no measurement has more.
_DIGITS = 80


def settled(value: Any) -> Any:
    """Bring numbers into the two forms of a label file: whole ones as int, others as their digits.

    A decimal without a fraction becomes an int; others keep every digit, without an exponent. ``classes`` are sorted.

    Raises
    ------
    ItemError
        IMP-020 for a number that is none, or whose digits would be endless.
    """
    if isinstance(value, Decimal):
        return _in_digits(value)
    if isinstance(value, dict):
        made = {key: settled(inner) for key, inner in value.items()}
        if isinstance(made.get("classes"), list):
            made["classes"] = sorted(set(made["classes"]))
        return made
    if isinstance(value, list | tuple):
        kinds = set(map(type, value))
        if kinds == {Decimal}:
            return [_in_digits(inner) for inner in value]
        return list(value) if kinds <= _NUMBERS else [settled(inner) for inner in value]
    return value


def _in_digits(value: Decimal) -> int | Digits:
    if not value.is_finite() or abs(value.adjusted()) > _DIGITS:
        raise ItemError("IMP-020")
    digits = str(value)
    if "E" in digits:
        digits = format(value, "f")
    if len(digits) > _DIGITS and len(value.as_tuple().digits) > _DIGITS:
        raise ItemError("IMP-020")
    return Digits(digits) if "." in digits else int(digits)


def written(value: Any) -> str:
    """Write a settled value as JSON text: keys sorted, no spaces, fractions digit for digit."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        inner = (f"{json.dumps(key)}:{written(one)}" for key, one in sorted(value.items()))
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(str if set(map(type, value)) <= _NUMBERS else written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
