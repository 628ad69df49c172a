"""The values of a recipe's ``%values`` groups: read from an object, to be searched for in every text that is kept."""

from __future__ import annotations

from collections.abc import Iterator

from curator.scrub.dicom.decide import STRING_VRS, effective_vr
from curator.scrub.dicom.text import DEFAULT, Encodings, character_set, decode
from curator.scrub.dicom.tree import Node

_CHARACTER_SET = 0x00080005


def values_of(
    nodes: list[Node], searched: tuple[tuple[int, str, int], ...], encodings: Encodings = DEFAULT
) -> Iterator[tuple[str, str]]:
    """Yield (category, value) of each value of the attributes that are searched for, at every depth.

    Parameters
    ----------
    nodes
        The source's elements.
    searched
        (tag, separator, least length); an empty separator takes each value whole.
    encodings
        The character set of the data set around.
    """
    for node in nodes:
        if node.tag == _CHARACTER_SET and node.items is None:
            found = character_set(bytes(node.value))
            encodings = found[1] if found is not None else DEFAULT
    for node in nodes:
        for item in node.items or ():
            yield from values_of(item, searched, encodings)
        rules = [(by, least) for tag, by, least in searched if tag == node.tag]
        readable = node.items is None and effective_vr(node.tag, node.vr)[0] in STRING_VRS
        if not rules or not readable or node.fragments:
            continue
        value = bytes(node.value)
        text = decode(value, encodings)
        text = value.decode("utf-8", "replace") if text is None else text
        for by, least in rules:
            parts = text.split(by) if by else text.split("\\")
            yield from (("other", part.strip("\0 ")) for part in parts if len(part.strip("\0 ")) >= max(least, 1))
