"""Asking the pixel-risk table about an object, from its encoded elements."""

from __future__ import annotations

from collections.abc import Iterator

from curator.detect.pixel_risk import Header, pixel_risk
from curator.scrub.dicom.tree import Node, Tree

_REGION, _FRAME_ANATOMY = 0x00082218, 0x00209071
_FUNCTIONAL_GROUPS = (0x52009229, 0x52009230)
#: Overlay Bit Position of each overlay group.
_BIT_POSITIONS = frozenset(group << 16 | 0x0102 for group in range(0x6000, 0x6100, 2))
_SCHEME, _CODES = 0x00080102, (0x00080100, 0x00080119, 0x00080120)


def header_of_nodes(tree: Tree, top: dict[int, Node], sop_class: str) -> Header:
    """Take from a tree what the judgment of the pixel risk needs.

    Parameters
    ----------
    tree, top
        The data set, and the elements of its own level by tag.
    sop_class
        SOP Class UID of the object.
    """
    regions = list(_regions(top))
    image_type = _text(top.get(0x00080008))
    for groups in _FUNCTIONAL_GROUPS:
        for frame in _items(top.get(groups)):
            for anatomy in _items(frame.get(_FRAME_ANATOMY)):
                regions.extend(_regions(anatomy))
    return Header(
        sop_class=sop_class,
        modality=_text(top.get(0x00080060)),
        image_type=tuple(part.strip() for part in image_type.split("\\")) if image_type else (),
        burned_in=_text(top.get(0x00280301)),
        visual_features=_text(top.get(0x00280302)),
        body_part=_text(top.get(0x00180015)),
        regions=tuple(dict.fromkeys(regions)),
        photometric=_text(top.get(0x00280004)),
        conversion=_text(top.get(0x00080064)),
        embedded_overlay=not _BIT_POSITIONS.isdisjoint(top)
        and any(_has_number(top[tag]) for tag in _BIT_POSITIONS & top.keys()),
        has_pixels=tree.structure.has_pixels,
    )


def risk_of(tree: Tree, top: dict[int, Node], sop_class: str) -> str:
    """Return the pixel risk of an object: ``none``, ``text`` or ``face``."""
    return str(pixel_risk(header_of_nodes(tree, top, sop_class)))


def _items(node: Node | None) -> Iterator[dict[int, Node]]:
    for item in (node.items if node is not None else None) or ():
        yield {inner.tag: inner for inner in item}


def _regions(top: dict[int, Node]) -> Iterator[str]:
    for item in _items(top.get(_REGION)):
        code = next((text for tag in _CODES if (text := _text(item.get(tag)))), "")
        yield f"{_text(item.get(_SCHEME))}:{code}"


def _text(node: Node | None) -> str:
    """Return a text as it stands; a sequence, and bytes that are not ASCII, become ``?``, which no table names."""
    if node is None:
        return ""
    if node.items is not None or node.fragments:
        return "?"
    return bytes(node.value).decode("ascii", "replace").replace("\ufffd", "?").strip("\0 ")


def _has_number(node: Node) -> bool:
    return node.items is not None or any(bytes(node.value))
