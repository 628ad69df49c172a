"""A DICOM object looked at once for all checks that ask about its header, its structure and what lies in its values.

Names attributes by tag only. Values never leave: counts, tags and risks do.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit.privacy.signatures import SIGNATURES
from curator.formats.dicom.encoding import PIXEL_TAGS
from curator.formats.dicom.structure import Node

if TYPE_CHECKING:
    from curator.audit.model import File
    from curator.formats.dicom.ranged import Ranged

_LOADED = 64 << 20
_ICON = 0x00880200
#: Elements whose UIDs name no object: classes, syntaxes, coding schemes, the writing program.
_CLASSES = frozenset({0x00020002, 0x00020010, 0x00020012, 0x00080016, 0x00081150, 0x0008010C, 0x00080118, 0x0008002A})
_OLD_AGE = re.compile(rb"(\d{3})([DWMY])")
_MOST_YEARS = 89
_DAYS = {b"D": 365.25, b"W": 52.18, b"M": 12.0, b"Y": 1.0}
#: The most that is written where an age over 89 stood.
_CAPPED = b"090Y"


@dataclass
class ObjectProbe:
    """Looks at DICOM objects.

    Parameters
    ----------
    known
        Private attributes that may stay: (creator without case and space, group, low byte of the element).
    digest
        Of ``known``.
    """

    known: frozenset[tuple[str, int, int]]
    digest: str
    name: str = "privacy-object"
    version: int = 2

    def wants(self, file: File) -> bool:
        """DICOM only."""
        return file.kind in {"dicom", "dicomdir"} or file.path.lower().endswith((".dcm", ".dicom"))

    def parameters(self) -> Mapping[str, Any]:
        """Return which private attributes are known."""
        return {"private": self.digest}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Look at one object. Raises ItemError when it cannot be followed to its end or its header cannot be read."""
        from curator.formats.dicom.ranged import file_range
        from curator.formats.dicom.walk import parse

        data: bytes | Ranged
        if file.size > _LOADED and isinstance(stream, io.BufferedReader):
            data = file_range(stream.fileno(), file.size)
        else:
            data = stream.read()
        structure, nodes = parse(data)
        found = _Found()
        preamble = bytes(structure.buffer[:128]) if structure.has_preamble else b""
        _walk(nodes, found, self.known, structure.explicit)
        return {
            "private": dict(sorted(found.private.items())),
            "uids": dict(sorted(found.uids.items())),
            "dates": dict(sorted(found.dates.items())),
            "ages": dict(sorted(found.ages.items())),
            "thumbnails": dict(sorted(found.thumbnails.items())),
            "embedded": dict(sorted(found.embedded.items())),
            "risks": _risks(data if isinstance(data, bytes) else bytes(data), structure.has_pixels),
            "pixels": structure.has_pixels,
            "trailing": structure.trailing,
            "padding": structure.padding,
            "preamble": any(preamble),
        }


class _Found:
    def __init__(self) -> None:
        self.private: Counter[str] = Counter()
        self.uids: Counter[str] = Counter()
        self.dates: Counter[str] = Counter()
        self.ages: Counter[str] = Counter()
        self.thumbnails: Counter[str] = Counter()
        self.embedded: Counter[str] = Counter()


def tag_text(tag: int) -> str:
    """Return a tag as (gggg,eeee); of a private one the block is xx."""
    group, element = tag >> 16, tag & 0xFFFF
    return f"({group:04X},xx{element & 0xFF:02X})" if group & 1 and element > 0xFF else f"({group:04X},{element:04X})"


def _walk(nodes: list[Node], found: _Found, known: frozenset[tuple[str, int, int]], explicit: bool) -> None:
    creators: dict[tuple[int, int], str] = {}
    for node in nodes:
        tag = node.tag
        if tag >> 16 & 1:
            _private(node, creators, found, known)
        if tag == _ICON:
            found.thumbnails["an icon image sequence"] += 1
        if node.items is not None:
            for item in node.items:
                _walk(item, found, known, explicit)
            continue
        if tag in PIXEL_TAGS or node.fragments:
            _fragments(node, found)
            continue
        value = bytes(node.value) if len(node.value) < 1 << 20 else bytes(node.value[: 1 << 20])
        vr = vr_of(node)
        if vr == "UI" and tag not in _CLASSES:
            _uids(tag, value, found)
        elif vr in {"DA", "DT"}:
            _dates(tag, vr, value, found)
        elif vr == "AS":
            _ages(tag, value, found)
        elif vr in {"OB", "OW", "UN", "OF", "OD", "OL", "OV"}:
            for magic, what in SIGNATURES:
                if value.startswith(magic):
                    found.embedded[f"{what} in {tag_text(tag)}"] += 1
        if tag == 0x00420011 and value:
            found.embedded["an encapsulated document"] += 1


def vr_of(node: Node) -> str:
    """Return the VR of an element; where none is written, or UN, that of the dictionary: a writer may call any UN."""
    return node.vr if node.vr not in {None, "", "UN"} else dictionary_vr(node.tag)


@cache
def dictionary_vr(tag: int) -> str:
    """Return the VR that the data dictionary gives a tag (PS3.6), UN for one that it does not know."""
    from pydicom.datadict import dictionary_VR

    try:
        return dictionary_VR(tag)
    except KeyError:
        return "UN"


def _private(
    node: Node, creators: dict[tuple[int, int], str], found: _Found, known: frozenset[tuple[str, int, int]]
) -> None:
    from curator.scrub.policy.private_rows import creator_key

    group, element = node.tag >> 16, node.tag & 0xFFFF
    if 0x10 <= element <= 0xFF:
        creators[group, element] = creator_key(bytes(node.value).decode("latin-1")) if node.items is None else ""
        if not any(one[:2] == (creators[group, element], group) for one in known):
            found.private[f"a creator that no table lists in ({group:04X})"] += 1
        return
    creator = creators.get((group, element >> 8), "")
    if (creator, group, element & 0xFF) not in known:
        found.private[tag_text(node.tag)] += 1


def _uids(tag: int, value: bytes, found: _Found) -> None:
    from curator.scrub.dicom.forms import is_registered_uid

    for part in value.decode("latin-1").split("\\"):
        uid = part.strip("\0 ")
        if uid and not uid.startswith("2.25.") and not is_registered_uid(uid):
            found.uids[tag_text(tag)] += 1


def _dates(tag: int, vr: str, value: bytes, found: _Found) -> None:
    for part in value.replace(b"\0", b" ").split(b"\\"):
        text = part.strip()
        day = text[:8] if vr == "DA" or len(text) >= 8 else text
        # A year, or the first of January that stands for it; a time behind it counts from the study's first.
        if len(text) > 4 and not (day[4:8] == b"0101" and (vr == "DA" or not text[8:].strip(b"0123456789."))):
            found.dates[tag_text(tag)] += 1


def _ages(tag: int, value: bytes, found: _Found) -> None:
    for part in value.replace(b"\0", b" ").split(b"\\"):
        text = part.strip()
        match = _OLD_AGE.fullmatch(text)
        if text and (match is None or (text != _CAPPED and int(match[1]) / _DAYS[match[2]] > _MOST_YEARS + 1)):
            found.ages[tag_text(tag)] += 1


def _fragments(node: Node, found: _Found) -> None:
    """Look for thumbnails inside the compressed images of the pixels: an image in an application segment."""
    if not node.fragments:
        return
    from curator.audit.privacy.jpeg import thumbnails

    for what, count in thumbnails(bytes(node.value)).items():
        found.thumbnails[what] += count


def _risks(data: bytes, has_pixels: bool) -> list[str]:
    from curator.detect.pixel_risk import header_of, risks
    from curator.formats.dicom.read import read_dataset

    dataset, _ = read_dataset(data, stop_before_pixels=True)
    return sorted(str(one) for one in risks(header_of(dataset, has_pixels=has_pixels)))


def object_probe(policy: Any) -> ObjectProbe:
    """Return the probe for data under a policy; with None, the tables of the standard decide on private attributes."""
    from hashlib import sha256

    from curator.scrub.dicom.private_table import csa_table, philips_table, standard_table

    rows = []
    if policy is None or policy.applies("retain_safe_private"):
        rows = [row for one in (standard_table(), csa_table(), philips_table()) for row in one.rows()]
    rows += list(policy.private) if policy is not None else []
    known = frozenset(row.step for row in rows if row.keep and row.group & 1)
    return ObjectProbe(known, sha256(repr(sorted(known)).encode()).hexdigest())


def objects(found: Mapping[str, Any], name: str) -> Iterator[tuple[str, int]]:
    """Yield (what, how often) of one of the maps that :meth:`ObjectProbe.look` returns."""
    yield from ((str(what), int(count)) for what, count in found[name].items())


def policy_of(subject: Any) -> Any:
    """Return the scrub policy of the data, or None where it is not at hand."""
    return subject.policy() if subject.has("policy") else None
