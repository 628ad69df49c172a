"""Siemens CSA headers: a new one is written that holds listed numbers and words only.

Such a header ((0029,xx10) and (0029,xx20) of SIEMENS CSA HEADER) is a table of named elements in a format of its own.
It holds UIDs, dates, serial numbers, the whole protocol with the data of the patient, and, behind the end of a text,
whatever the memory of the scanner held. None of its bytes is copied: what ``data/csa_elements.toml`` lists is read,
held against its form and bounds, and written again; counts, checks and paddings are made. The layout is the one that
SPM and nibabel document.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from struct import Struct, unpack_from

from curator.scrub.dicom.rules import data_text

MAGIC = b"SV10"
_MADE = MAGIC + bytes((4, 3, 2, 1))
#: Name, values by the format, VR, syngo data type, items, check.
_HEAD = Struct("<64si4s3i")
_ITEM = Struct("<4i")
_NOTHING = bytes(4)
_COUNT = Struct("<2I")
_CHECK, _CHECK_EMPTY = 77, 205
_MOST_ELEMENTS = 1000
_MOST_ITEMS = 4096
_LONGEST = 32
_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_]{0,62}")
_WHOLE = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,9})")
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,17})?(?:[eE][+-]?[0-9]{1,2})?")
_WHOLE_VRS = frozenset({"IS", "SL", "SS", "UL", "US"})


@dataclass(frozen=True)
class CsaRule:
    """What an element may hold.

    Parameters
    ----------
    vr, syngo
        Its VR and its data type in the software's own numbering, as they are written.
    values
        How many values it has; 0 for 1 to ``most``.
    low, high
        Bounds of each value.
    form
        Regular expression of each value, instead of bounds; empty for numbers.
    most
        Most values of an element of any number.
    """

    vr: str
    syngo: int
    values: int
    low: float = 0
    high: float = 0
    form: str = ""
    most: int = 1000


@dataclass(frozen=True)
class CsaElement:
    """An element as read: its name and its values as text, up to the first NUL, without blanks around it."""

    name: str
    values: tuple[str, ...] = field(repr=False)


@cache
def csa_rules() -> Mapping[str, CsaRule]:
    """Return the elements that may be written, by name."""
    raw = tomllib.loads(data_text("csa_elements.toml"))
    most = raw["limits"]["most"]
    found = {
        name: CsaRule(vr, syngo, values, low=low, high=high, most=most)
        for name, (vr, syngo, values, low, high) in raw["numbers"].items()
    }
    for name, (vr, syngo, values, form) in raw["words"].items():
        found[name] = CsaRule(vr, syngo, values, form=form, most=most)
    return found


#: A header of a series is that of each of its images; so many are remembered.
_MOST_HEADERS = 4


def rewrite_csa(value: bytes, allow: Mapping[str, CsaRule] | None = None) -> bytes | None:
    """Write a CSA header anew.

    Parameters
    ----------
    value
        The value of the attribute: a header of either version, CSA1 or CSA2 (``SV10``).
    allow
        Elements that are written, by name; the data file's by default.

    Returns
    -------
    bytes or None
        A CSA2 header, little endian, of even length, with its elements in the order of the source. None when the value
        is no header that can be read whole, or nothing of it may be written.
    """
    return _rewritten_again(value) if allow is None else _rewritten(value, allow)


def _rewritten(value: bytes, rules: Mapping[str, CsaRule]) -> bytes | None:
    elements = parse_csa(value)
    if elements is None:
        return None
    pieces = []
    for element in elements:
        rule = rules.get(element.name)
        if rule is not None and element.values and _fits(element.values, rule):
            pieces.append(_element(element, rule))
    if not pieces:
        return None
    return b"".join([_MADE, _COUNT.pack(len(pieces), _CHECK), *pieces])


@lru_cache(maxsize=_MOST_HEADERS)
def _rewritten_again(value: bytes) -> bytes | None:
    return _rewritten(value, csa_rules())


def parse_csa(value: bytes) -> tuple[CsaElement, ...] | None:
    """Read a CSA header.

    Returns
    -------
    tuple or None
        Its elements; None when a count or a length leads out of the value or beyond a bound, when a name is none or
        stands twice, or when anything but zeros follows the elements.
    """
    second = value[:4] == MAGIC
    at = 8 if second else 0
    if len(value) < at + _COUNT.size:
        return None
    count, _ = _COUNT.unpack_from(value, at)
    at += _COUNT.size
    if not 0 < count <= _MOST_ELEMENTS:
        return None
    found: dict[str, CsaElement] = {}
    extra = 0
    for index in range(count):
        if at + _HEAD.size > len(value):
            return None
        raw, values, _, _, items, _ = _HEAD.unpack_from(value, at)
        at += _HEAD.size
        name = raw.partition(b"\0")[0]
        if not _NAME.fullmatch(name) or not 0 <= items <= _MOST_ITEMS or not 0 <= values <= _MOST_ITEMS:
            return None
        if not index:
            extra = items
        read = _items(value, at, items, values or items, None if second else extra)
        if read is None or name.decode("ascii") in found:
            return None
        at, texts = read
        found[name.decode("ascii")] = CsaElement(name.decode("ascii"), texts)
    return tuple(found.values()) if not value[at:].strip(b"\0") else None


def _items(value: bytes, at: int, count: int, wanted: int, extra: int | None) -> tuple[int, tuple[str, ...]] | None:
    """Read the items of an element.

    Parameters
    ----------
    wanted
        How many of them are values; the others have to be empty.
    extra
        For CSA1: what the lengths say more than they are, the number of items of the header's first element.

    Returns
    -------
    tuple or None
        Where the next element begins, and the values up to the first empty one.
    """
    texts: list[str] = []
    ended, tried = False, extra is not None
    for index in range(count):
        if not tried and value[at + 4 : at + 8] == _NOTHING:  # what follows an empty item is mostly empty, all of it
            tried, rest = True, count - index
            if at + rest * _ITEM.size <= len(value) and not any(unpack_from(f"<{4 * rest}i", value, at)[1::4]):
                return at + rest * _ITEM.size, tuple(texts)
        if at + _ITEM.size > len(value):
            return None
        numbers = _ITEM.unpack_from(value, at)
        at += _ITEM.size
        length = numbers[1] if extra is None else numbers[0] - extra
        if not 0 <= length <= len(value) - at:
            if extra is not None and index >= wanted:
                return at, tuple(texts)  # CSA1 pads its items with lengths that are none
            return None
        text = value[at : at + length].partition(b"\0")[0].strip(b" ").decode("latin-1")
        at = min(at + length + -length % 4, len(value))
        ended = ended or not text
        if index >= wanted and text:
            return None
        if not ended:
            texts.append(text)
        elif text:
            return None  # a value behind an empty one: nobody can say which it is
    return at, tuple(texts)


def _fits(values: tuple[str, ...], rule: CsaRule) -> bool:
    """Say whether the values of an element are what its rule says."""
    if len(values) != rule.values if rule.values else len(values) > rule.most:
        return False
    if rule.form:
        return all(re.fullmatch(rule.form, value) for value in values)
    form = _WHOLE if rule.vr in _WHOLE_VRS else _DECIMAL
    for value in values:
        if len(value) > _LONGEST or not form.fullmatch(value):
            return False
        number = float(value)
        if not math.isfinite(number) or not rule.low <= number <= rule.high:
            return False
    return True


def _element(element: CsaElement, rule: CsaRule) -> bytes:
    """Write an element."""
    pieces = [
        _HEAD.pack(
            element.name.encode("ascii"),
            rule.values,
            rule.vr.encode("ascii"),
            rule.syngo,
            len(element.values),
            _CHECK if element.values else _CHECK_EMPTY,
        )
    ]
    for value in element.values:
        data = value.encode("ascii") + b"\0"
        pieces.append(_ITEM.pack(len(data), len(data), _CHECK, len(data)))
        pieces.append(data + bytes(-len(data) % 4))
    return b"".join(pieces)
