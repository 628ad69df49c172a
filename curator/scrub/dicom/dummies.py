"""Dummy values: valid for their VR, the same for everybody, and plainly no one's."""

from __future__ import annotations

from curator.scrub.dicom.encode import unit_of
from curator.scrub.dicom.tree import Node

TEXT = "REMOVED"
#: A real calendar day (00010101 is none that readers accept).
DATE = "19000101"
NAME = "ANONYMOUS"

_VALUES = {
    "AE": TEXT, "CS": TEXT, "LO": TEXT, "LT": TEXT, "SH": TEXT, "ST": TEXT, "UC": TEXT, "UT": TEXT,
    "PN": NAME, "DA": DATE, "TM": "000000", "DT": "1900", "AS": "000Y", "DS": "0", "IS": "0", "UR": "urn:removed",
}  # fmt: skip
#: (tag, VR, value) of a code item that says nothing; the scheme designator is a private one (PS3.16, 8.2).
_CODE = ((0x00080100, "SH", TEXT), (0x00080102, "SH", "99CURATOR"), (0x00080104, "LO", TEXT))


def dummy_value(vr: str) -> bytes:
    """Return a value of a VR other than SQ: never empty, without padding."""
    text = _VALUES.get(vr)
    return text.encode("ascii") if text is not None else bytes(max(2, unit_of(vr) if vr != "AT" else 4))


def dummy_node(tag: int, vr: str, *, code: bool) -> Node:
    """Return a dummy element; a sequence gets one code item that says nothing (``code``) or no item."""
    if vr != "SQ":
        return Node(tag, vr, dummy_value(vr))
    items = [[Node(inner, kind, text.encode("ascii")) for inner, kind, text in _CODE]] if code else []
    return Node(tag, "SQ", items=items)
