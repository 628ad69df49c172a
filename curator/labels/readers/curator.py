"""The project's own label files, JSON Lines by schemas/label-input.schema.json: one label a line.

For labels that a site wrote into this form and that still name their samples as the hospital does.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_ring, numbers
from curator.labels.item import KINDS, Item, Lack, Named, Refused, Review, refused
from curator.labels.readers.protocol import Reader

_MAX_LINE = 64 << 20
_NEEDED = ("labelId", "sample", "kind", "value")
_STATED = (
    "preLabel",
    "blinded",
    "independent",
    "informationShown",
    "truthBasis",
    "guideline",
)
_TEXTS = ("labelId", "sample", "kind", "author", "labeledAt", "stage", "confidenceScale", "guideline", "tool")
_KNOWN = frozenset({*_NEEDED, *_TEXTS, *_STATED, "confidence", "location", "origin", "toolReviews"})
#: What ``origin`` may be (schemas/label-input.schema.json).
_ORIGINS = frozenset({"human", "model", "interpolated", "imported"})


class CuratorReader(Reader):
    """Reads label files of this project's own form."""

    name = "curator"
    title = "curator label file, JSON Lines"
    lacks: tuple[Lack, ...] = ()

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the first line is a JSON object with the keys that every label has."""
        line = head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
        if path.suffix.lower() not in {".jsonl", ".ndjson"} or not line.startswith(b"{"):
            return False
        return all(f'"{name}"'.encode() in line for name in _NEEDED)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield a label for each line that is not blank (IMP-002, IMP-003)."""
        try:
            stream = path.open("rb")
        except OSError:
            raise UsageError("IMP-002") from None
        with stream:
            for number, line in enumerate(_lines(stream), 1):
                text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if not text.strip():
                    continue
                place = f"line {number}"
                try:
                    fields = strict_loads(text, Decimal)
                except UsageError:
                    raise UsageError("IMP-003", reason="a line is no JSON") from None
                try:
                    yield _item(place, fields)
                except ItemError as error:
                    yield refused(place, error)


def _lines(stream: Any) -> Iterator[bytes]:
    try:
        while line := stream.readline(_MAX_LINE + 1):
            if len(line) > _MAX_LINE:
                raise UsageError("IMP-003", reason="a line is too long")
            yield line
    except OSError:
        raise UsageError("IMP-002") from None


def _item(place: str, fields: Any) -> Item:
    if not isinstance(fields, dict):
        raise ItemError("IMP-023", what="its fields")
    for name in _NEEDED:
        if fields.get(name) is None:
            raise ItemError("IMP-023", what=name)
    if any(not isinstance(fields.get(name, ""), str) for name in _TEXTS):
        raise ItemError("IMP-061", what="a text")
    if fields.keys() & {"supersedes", "reason"}:
        raise ItemError("IMP-022", what="a label in place of another")
    if "consensus" in fields:
        raise ItemError("IMP-022", what="a label that was made of others")
    origin = fields.get("origin", "unknown")
    if "origin" in fields and (not isinstance(origin, str) or origin not in _ORIGINS):
        raise ItemError("IMP-061", what="origin")
    if fields["kind"] not in KINDS:
        raise ItemError("IMP-022", what="a kind of its own")
    _check_rings(fields["kind"], fields["value"])
    sample = fields["sample"]
    tool, _, version = fields.get("tool", "").rpartition("@")
    return Item(
        place=place,
        label_id=fields["labelId"],
        sample=Named("uid" if sample.replace(".", "").isdigit() and "." in sample else "file", sample),
        kind=fields["kind"],
        value=fields["value"] if isinstance(fields["value"], dict) else {},
        part=fields.get("location"),
        author=fields.get("author"),
        labeled_at=fields.get("labeledAt"),
        stage=fields.get("stage"),
        confidence=_decimal(fields.get("confidence")),
        confidence_scale=fields.get("confidenceScale"),
        reviews=_reviews(fields.get("toolReviews")),
        origin=origin,
        tool=(tool, version) if tool and version else None,
        stated={name: fields[name] for name in _STATED if name in fields},
        kept={name: value for name, value in fields.items() if name not in _KNOWN},
    )


def _reviews(raw: Any) -> tuple[Review, ...]:
    made = []
    for one in [] if raw is None else raw if isinstance(raw, list) else [None]:
        if not isinstance(one, dict) or not all(isinstance(value, str) for value in one.values()):
            raise ItemError("IMP-061", what="toolReviews")
        made.append(Review(one.get("reviewer"), one.get("at"), one.get("outcome", "unknown"), one.get("stage")))
    return tuple(made)


def _check_rings(kind: str, value: Any) -> None:
    """Refuse polygons that cross themselves (IMP-025), in the frames of a track too."""
    if not isinstance(value, dict):
        return
    if kind == "track":
        for one in value["frames"] if isinstance(value.get("frames"), list) else ():
            if isinstance(one, dict):
                _check_rings(str(one.get("kind")), one.get("value"))
    elif kind == "polygon":
        for ring in value["rings"] if isinstance(value.get("rings"), list) else ():
            check_ring(numbers(ring), None)


def _decimal(given: Any) -> Decimal | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise ItemError("IMP-061", what="confidence")
    try:
        return Decimal(given)
    except InvalidOperation:
        raise ItemError("IMP-061", what="confidence") from None
