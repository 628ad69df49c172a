"""Labels that were written to another tool and come back: which signed record each one was written from.

An export marks every annotation with the leaf hash of its record. A label that comes back was shown to whoever has it
now, so it is never a blind reading: it says that it was a pre-label, and whether it was changed. One that its own
author did not change is signed already; one that its author changed takes the old one's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item
from curator.labels.reading import Digits
from curator.labels.whole import signed_value
from curator.provenance.dsse import parse_envelope
from curator.provenance.ledger import Ledger
from curator.provenance.records import LABEL

#: Stands before the leaf hash wherever a form has only a text for it.
MARK = "curator:"
#: Hex digits of a leaf hash that fit behind the mark into 64 characters.
SHORT = 56
REASON = "changed in another tool after it was exported"
_MARKED = re.compile(rf"{MARK}([0-9a-f]{{{SHORT},64}})")
_LEAF = re.compile(r"[0-9a-f]{64}")
#: How far a number may be off: what binary numbers of 32 bits do, a thousandth of a pixel in large images.
_NEAR, _SHARE = Decimal("0.00001"), Decimal("0.000001")


def marked(leaf: str) -> str:
    """Return the mark of a record for a text of at most 64 characters."""
    return MARK + leaf[:SHORT]


def leaf_of(item: Item) -> str | None:
    """Return the leaf hash (hex, or its start) of the record that a label was written from, None when it has no mark.

    Raises
    ------
    ItemError
        EXP-012 when it is made of several records, so that it is none of them.
    """
    found = sorted(set(_leaves(item.kept)))
    if len(found) > 1:
        raise ItemError("EXP-012")
    return found[0] if found else None


def _leaves(kept: dict[str, Any]) -> Iterator[str]:
    named = kept.get("named")
    for holder in (kept, named if isinstance(named, dict) else {}):
        notes = holder.get("curator")
        for one in notes if isinstance(notes, list) else [notes]:
            leaf = one.get("leaf") if isinstance(one, dict) else None
            if isinstance(leaf, str) and _LEAF.fullmatch(leaf):
                yield leaf
    result = kept.get("result")
    meta = result.get("meta") if isinstance(result, dict) else None
    texts = meta.get("text") if isinstance(meta, dict) else None
    listed = list(texts) if isinstance(texts, list) else [texts]
    frames = kept.get("FrameLabel")
    listed += frames if isinstance(frames, list) else [frames]
    group = kept.get("group")
    for told in group if isinstance(group, list) else []:
        if isinstance(told, dict) and isinstance(told.get("concept"), dict) and told["concept"].get("code") == "112039":
            listed.append(told.get("value"))
    for text in listed:
        if isinstance(text, str) and (match := _MARKED.fullmatch(text.strip())) is not None:
            yield match[1]


class Records:
    """The signed labels of a ledger by leaf hash; it is gone through when the first one is asked for.

    Parameters
    ----------
    ledger
        Verified by whoever asks.
    root
        The project's root, for large values.
    """

    def __init__(self, ledger: Ledger, root: Path) -> None:
        self._ledger, self._root = ledger, root
        self._places: dict[bytes, int] | None = None

    def find(self, leaf: str) -> dict[str, Any]:
        """Return the statement of a label's record (EXP-011 when there is none)."""
        size = SHORT // 2
        if self._places is None:
            self._places = {entry.leaf[:size]: entry.index for entry in self._ledger.entries()}
        place = self._places.get(bytes.fromhex(leaf)[:size])
        entry = None if place is None else self._ledger.entry(place)
        if entry is None or not entry.leaf.hex().startswith(leaf):
            raise ItemError("EXP-011")
        document: dict[str, Any] = strict_loads(parse_envelope(entry.envelope).payload)
        if document.get("predicateType") != LABEL:
            raise ItemError("EXP-011")
        return document

    def settle(self, fields: dict[str, Any], uid: str, leaf: str) -> bool:
        """Say in a label's fields what came of it since it was signed.

        Parameters
        ----------
        fields
            Of a line of a label file; ``preLabel`` is set, and ``supersedes`` where its own author changed it.
        uid
            New SOP Instance UID of its sample.
        leaf
            As :func:`leaf_of` returned it.

        Returns
        -------
        bool
            Whether it was changed.

        Raises
        ------
        ItemError
            EXP-011 to EXP-013, EXP-018.
        """
        document = self.find(leaf)
        said = document["predicate"]
        if document["subject"][0]["annotations"]["sopInstanceUid"] != uid or not _alike(said["kind"], fields["kind"]):
            raise ItemError("EXP-012")
        try:
            before = signed_value(self._root, said["value"])
        except UsageError:
            raise ItemError("EXP-018") from None
        changed = not same_value(said, before, fields)
        if said["author"] == fields["author"]:
            if not changed:
                raise ItemError("EXP-013")
            fields["supersedes"], fields["reason"] = said["labelId"], REASON
        fields["preLabel"] = {"shown": True, "changed": changed}
        return changed


def _alike(before: str, now: str) -> bool:
    """Say whether a kind may come back as another: a volume's mask comes back slice by slice, a slice's as a volume."""
    return before == now or {before, now} == {"mask", "volume-mask"}


def same_value(said: dict[str, Any], before: Any, fields: dict[str, Any]) -> bool:
    """Say whether a label has the value that was signed, numbers to what a form may round off.

    Parameters
    ----------
    said
        The record's predicate.
    before
        Its value as a label file has it.
    fields
        The label that came back.
    """
    one, two = _form(said["kind"], before), _form(fields["kind"], fields["value"])
    if said["kind"] != fields["kind"]:
        return _slice(one, said.get("location"), two, fields.get("location"))
    if said["kind"] != "volume-mask" and _frame(said.get("location")) != _frame(fields.get("location")):
        return False
    return _near(one, two)


def _frame(part: dict[str, Any] | None) -> Any:
    """Return a part so that the only frame of an image and all of it are one."""
    found = (part or {}).get("frames") or [(part or {}).get("slice", 1)]
    return list(found)


def _slice(one: Any, part: dict[str, Any] | None, two: Any, other: dict[str, Any] | None) -> bool:
    """Compare one slice of a volume with a mask, whichever of the two came back."""
    volume, mask, at = (one, two, other) if "slices" in one else (two, one, part)
    where = _frame(at)
    (columns, rows, _), (high, wide) = volume["size"], mask["size"]
    alone = "slices" in one or set(volume["slices"]) == {str(where[0])}
    return (
        alone
        and (columns, rows) == (wide, high)
        and len(where) == 1
        and volume["slices"].get(str(where[0])) == mask["runs"]
        and volume["class"] == mask["class"]
    )


def _form(kind: str, value: Any) -> Any:
    """Return a value without what an import renames, and an ellipse by its longer axis."""
    if not isinstance(value, dict):
        return value
    value = {name: inner for name, inner in value.items() if name != "between"}
    if kind == "track":
        return {name: inner for name, inner in value.items() if name != "track"}
    if kind == "relation":
        return {"type": value.get("type")}
    if kind != "ellipse" or "whole" in value:
        return value
    across, down = (Decimal(one) for one in value["radii"])
    turn = Decimal(value.get("rotation", 0))
    if across < down:
        across, down, turn = down, across, turn + 90
    return {**value, "radii": [across, down], "rotation": Decimal(0) if across == down else turn % 180}


def _near(one: Any, two: Any) -> bool:
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_near(one[name], two[name]) for name in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(_near(a, b) for a, b in zip(one, two, strict=True))
    if _number(one) and _number(two):
        a, b = Decimal(one), Decimal(two)
        return abs(a - b) <= _NEAR + _SHARE * abs(a)
    return bool(one == two)


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal | Digits) and not isinstance(value, bool)
