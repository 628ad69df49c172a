"""Planting a value at a place of a DICOM data set: nested, of defined or undefined length, private, UN, raw bytes.

Writes what real scanners and archives write, wrong encodings included. Never used to clean anything.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_STEP = re.compile(r"(?P<tag>[0-9A-F]{8})(?P<un>UN)?(?P<end>[=~])?")
_TEXT = ("LO", "SH", "ST", "LT", "UT", "UC", "PN", "CS", "AE", "DA", "TM", "DT", "DS", "IS", "UR", "AS")
PRIVATE_CREATOR = "MADE-UP VENDOR"
ITEM, ITEM_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0"
UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True)
class Place:
    """A line of ``data/places.tsv``: path, value representation, kind of value."""

    path: str
    vr: str
    kind: str


@cache
def places() -> tuple[Place, ...]:
    """Return every place that the demo knows."""
    text = resources.files("curator.demo").joinpath("data/places.tsv").read_text(encoding="utf-8")
    return tuple(Place(*line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


def even(data: bytes, pad: bytes = b" ") -> bytes:
    """Pad bytes to an even length, as DICOM PS3.5, section 6.2, wants."""
    return data + pad[: len(data) % 2]


def _implicit(tag: int, data: bytes) -> bytes:
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(data)) + data


def _items(tag: int, data: bytes, *, undefined: bool) -> bytes:
    element = _implicit(tag, data)
    if undefined:
        return ITEM + struct.pack("<I", UNDEFINED) + element + ITEM_END + b"\0\0\0\0"
    return ITEM + struct.pack("<I", len(element)) + element


def plant(ds: Dataset, path: str, vr: str, value: str) -> None:
    """Put a value at a place, making the sequences on the way.

    Parameters
    ----------
    ds
        The data set to change.
    path
        As ``data/places.tsv`` describes.
    vr
        The value representation of the innermost element.
    value
        ASCII text.
    """
    from pydicom import config
    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence
    from pydicom.tag import Tag

    at = ds
    steps = [match for part in path.split("/") if (match := _STEP.fullmatch(part))]
    for place, step in enumerate(steps):
        tag = Tag(int(step["tag"], 16))
        if tag.group & 1:
            at.add_new((tag.group << 16) | tag.element >> 8, "LO", PRIVATE_CREATOR)
        if step["un"]:
            inner = int(steps[place + 1]["tag"], 16)
            raw = _items(inner, even(value.encode("ascii")), undefined=step["end"] == "~")
            length = UNDEFINED if step["end"] == "~" else len(raw)
            at[tag] = RawDataElement(tag, "UN", length, raw, 0, False, True)
            return
        if not step["end"]:
            break
        if tag in at and at[tag].VR != "SQ":
            del at[tag]
        if tag not in at:
            at.add_new(tag, "SQ", Sequence([]))
        item = Dataset()
        item.is_undefined_length_sequence_item = step["end"] == "~"
        at[tag].value.append(item)
        at[tag].is_undefined_length = step["end"] == "~"
        at = item
    if vr in _TEXT:
        data = even(value.encode("ascii"))
        at[tag] = RawDataElement(tag, vr, len(data), data, 0, False, True)
    elif vr == "UI":
        at[tag] = DataElement(tag, vr, value, validation_mode=config.IGNORE)
    else:
        at[tag] = DataElement(tag, vr, even(value.encode("ascii"), b"\0"), validation_mode=config.IGNORE)
