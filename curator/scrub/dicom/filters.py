"""A recipe's filters asked of one object: whether they hold it back. They can only hold back, never let through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from curator.scrub.dicom.decide import BINARY_VRS, NUMBER_VRS, STRING_VRS, effective_vr
from curator.scrub.dicom.text import DEFAULT, character_set, decode
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.layer import Check, Label

_CHARACTER_SET = 0x00080005


def holds_back(labels: tuple[Label, ...], top: dict[int, Node]) -> bool:
    """Say whether the first filter that an object matches holds it back.

    Parameters
    ----------
    labels
        In the order in which they are asked.
    top
        The elements at the top of the object.
    """
    if not labels:
        return False
    texts = _Texts(top)
    first = next((label for label in labels if _matches(label, texts)), None)
    return first is not None and not first.passes


class _Texts:
    """The values of an object as texts."""

    def __init__(self, top: dict[int, Node]) -> None:
        self.top = top
        charset = top.get(_CHARACTER_SET)
        found = character_set(bytes(charset.value)) if charset is not None and charset.items is None else None
        self.encodings = found[1] if found is not None else DEFAULT

    def vr(self, tag: int) -> str:
        """Return the VR of an attribute."""
        node = self.top.get(tag)
        return effective_vr(tag, node.vr if node is not None else None)[0]

    def values(self, tag: int) -> list[str]:
        """Return the values of a string attribute, and all of them joined as they stand; empty without any."""
        node = self.top.get(tag)
        if node is None or node.items is not None or node.fragments or self.vr(tag) not in STRING_VRS:
            return []
        value = bytes(node.value)
        text = decode(value, self.encodings)
        text = (value.decode("utf-8", "replace") if text is None else text).strip("\0 ")
        parts = [part.strip() for part in text.split("\\")]
        return [*parts, text] if len(parts) > 1 else [text]

    def empty(self, tag: int) -> bool:
        """Say whether an attribute is there without a value."""
        node = self.top.get(tag)
        return node is not None and not node.items and not bytes(node.value).strip(b"\0 ")


def _matches(label: Label, texts: _Texts) -> bool:
    return _joined(
        (operator, _joined((one.operator, _holds(one, texts)) for one in tests)) for operator, tests in label.lines
    )


def _joined(flags: Iterable[tuple[str, bool]]) -> bool:
    """Join flags from the first to the last; the first one's operator joins it to nothing."""
    found: bool | None = None
    for operator, flag in flags:
        found = flag if found is None else (found or flag) if operator == "or" else (found and flag)
    return bool(found)


def _holds(test: Check, texts: _Texts) -> bool:
    if test.action == "empty":
        return texts.empty(test.tag)
    if test.action in {"missing", "present"}:
        # An empty number counts as missing: it has no value that could be read.
        numeric = texts.vr(test.tag) in NUMBER_VRS | BINARY_VRS
        gone = test.tag not in texts.top or (numeric and texts.empty(test.tag))
        return gone is (test.action == "missing")
    values = texts.values(test.tag)
    if test.action in {"contains", "notcontains"}:
        expression = expression_of(test.text)
        return any(expression.search(value) for value in values) is (test.action == "contains")
    return any(value.casefold() == test.text.strip().casefold() for value in values) is (test.action == "equals")


@lru_cache(maxsize=1024)
def expression_of(text: str) -> re.Pattern[str]:
    """Return what a ``contains`` looks for: a regular expression, whatever the case."""
    return re.compile(text.strip(), re.IGNORECASE)
