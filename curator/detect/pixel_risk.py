"""Which risk lies in the pixels of an instance, judged by its header alone: none, burned-in text, or a face.

The one function that scrub and audit share. Choices stand in ``data/pixel_risk.toml`` (docs/adr/0010-pixel-risk.md).
It must answer ``none`` only for what the table names: a header that is silent, odd or contradicts itself is a risk. It
cannot see a header that lies consistently; a signed look at the pixels can.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


class Risk(StrEnum):
    """What may be wrong with the pixels."""

    NONE = "none"
    TEXT = "text"
    FACE = "face"


@dataclass(frozen=True)
class Header:
    """What the judgment needs of a header, as plain strings; "" where the header is silent.

    Parameters
    ----------
    sop_class
        SOP Class UID (0008,0016).
    modality
        (0008,0060).
    image_type
        Values of (0008,0008).
    burned_in
        Burned In Annotation (0028,0301).
    visual_features
        Recognizable Visual Features (0028,0302).
    body_part
        Body Part Examined (0018,0015).
    regions
        Codes of Anatomic Region Sequence (0008,2218) of the instance and of its frames, each ``scheme:value``.
    photometric
        Photometric Interpretation (0028,0004).
    conversion
        Conversion Type (0008,0064), which only captures have.
    embedded_overlay
        An overlay lies in the unused bits of the pixels, by (60xx,0102) Overlay Bit Position (retired): drawn text that
        no rule for attributes removes.
    has_pixels
        The instance holds pixel data.
    """

    sop_class: str = ""
    modality: str = ""
    image_type: tuple[str, ...] = ()
    burned_in: str = ""
    visual_features: str = ""
    body_part: str = ""
    regions: tuple[str, ...] = ()
    photometric: str = ""
    conversion: str = ""
    embedded_overlay: bool = False
    has_pixels: bool = True


@dataclass(frozen=True)
class _Group:
    modalities: frozenset[str]
    absent: Risk
    no: Risk
    original_primary: bool
    monochrome: bool
    face: bool


@dataclass(frozen=True)
class _Table:
    groups: Mapping[str, _Group]
    screen_words: tuple[str, ...]
    face_modalities: frozenset[str]
    surfaces: frozenset[str]
    free_parts: frozenset[str]
    free_regions: frozenset[str]


@cache
def _table() -> _Table:
    text = resources.files("curator.detect").joinpath("data", "pixel_risk.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    groups = {}
    for row in raw["group"]:
        group = _Group(
            frozenset(row["modalities"]),
            Risk(row["absent"]),
            Risk(row["no"]),
            row["original_primary"],
            row["monochrome"],
            row["face"],
        )
        groups.update(dict.fromkeys(row["sop_classes"], group))
    free = raw["face_free"]
    regions = {f"SCT:{row['sct']}" for row in free["regions"]}
    regions |= {f"{scheme}:{row['srt']}" for row in free["regions"] if "srt" in row for scheme in free["srt_schemes"]}
    return _Table(
        groups,
        tuple(raw["screen_words"]),
        frozenset(raw["face_modalities"]),
        frozenset(raw["surfaces"]),
        frozenset(free["body_parts"]),
        frozenset(regions),
    )


def _plain(value: str) -> str:
    return "".join(mark for mark in value.upper() if mark.isalnum())


def _may_hold_text(header: Header, group: _Group | None, table: _Table) -> bool:
    if group is None or not {header.modality, "*"} & group.modalities:
        return True
    burned = header.burned_in.strip().upper()
    risk = {"": group.absent, "NO": group.no}.get(burned, Risk.TEXT)
    words = [_plain(value) for value in header.image_type]
    return (
        risk is Risk.TEXT
        or bool(header.conversion.strip())
        or header.embedded_overlay
        or any(mark in word for word in words for mark in table.screen_words)
        or (group.original_primary and words[:2] != ["ORIGINAL", "PRIMARY"])
        or (group.monochrome and header.photometric.strip() not in {"MONOCHROME1", "MONOCHROME2"})
    )


def _is_face_free(header: Header, table: _Table) -> bool:
    part = _plain(header.body_part)
    if part and part not in table.free_parts:
        return False
    return bool(part or header.regions) and all(region in table.free_regions for region in header.regions)


def risks(header: Header) -> frozenset[Risk]:
    """Return every risk that a header does not rule out: TEXT, FACE, both, or an empty set.

    A signed check of the pixels must cover each of them.
    """
    table = _table()
    if not header.has_pixels:
        return frozenset({Risk.FACE} if header.sop_class in table.surfaces else ())
    group = table.groups.get(header.sop_class)
    found = set()
    if _may_hold_text(header, group, table):
        found.add(Risk.TEXT)
    shows = header.modality in table.face_modalities or (group is not None and group.face)
    said = header.visual_features.strip().upper() not in {"", "NO"}
    if said or (shows and not _is_face_free(header, table)):
        found.add(Risk.FACE)
    return frozenset(found)


def pixel_risk(header: Header) -> Risk:
    """Return the risk of an instance's pixels: TEXT before FACE before NONE."""
    found = risks(header)
    return Risk.TEXT if Risk.TEXT in found else Risk.FACE if found else Risk.NONE


def _texts(value: Any) -> tuple[str, ...]:
    from pydicom.sequence import Sequence

    if value is None:
        return ()
    if isinstance(value, Sequence):
        return ("?",)  # no text, and not absent
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    return tuple(str(each).strip() for each in value) if isinstance(value, Iterable) else (str(value),)


def _regions(dataset: Dataset) -> Iterable[str]:
    for item in dataset.get("AnatomicRegionSequence") or ():
        scheme = _text(item, "CodingSchemeDesignator")
        code = _text(item, "CodeValue") or _text(item, "LongCodeValue") or _text(item, "URNCodeValue")
        yield f"{scheme}:{code}"


def _text(dataset: Dataset, keyword: str | int) -> str:
    element = dataset.get(keyword)
    return "\\".join(_texts(element.value if isinstance(keyword, int) and element is not None else element))


def header_of(dataset: Dataset, *, has_pixels: bool | None = None) -> Header:
    """Take from a pydicom data set what the judgment needs.

    Parameters
    ----------
    dataset
        The data set, with or without its pixel data.
    has_pixels
        Whether the instance holds pixel data, as the structure walk found. By default: the data set holds an element
        of pixel data, or (0028,0010) Rows, which only images have.

    Raises
    ------
    ItemError
        DCM-020 when a value cannot be decoded.
    """
    from curator.formats.dicom.encoding import PIXEL_TAGS
    from curator.formats.dicom.read import guarded

    with guarded():
        regions = list(_regions(dataset))
        for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
            for frame in dataset.get(keyword) or ():
                for anatomy in frame.get("FrameAnatomySequence") or ():
                    regions.extend(_regions(anatomy))
        if has_pixels is None:
            has_pixels = "Rows" in dataset or any(tag in dataset for tag in PIXEL_TAGS)
        return Header(
            sop_class=_text(dataset, "SOPClassUID"),
            modality=_text(dataset, "Modality"),
            image_type=_texts(dataset.get("ImageType")),
            burned_in=_text(dataset, "BurnedInAnnotation"),
            visual_features=_text(dataset, "RecognizableVisualFeatures"),
            body_part=_text(dataset, "BodyPartExamined"),
            regions=tuple(dict.fromkeys(regions)),
            photometric=_text(dataset, "PhotometricInterpretation"),
            conversion=_text(dataset, "ConversionType"),
            embedded_overlay=any(
                _text(dataset, group << 16 | 0x0102) not in {"", "0"} for group in range(0x6000, 0x6100, 2)
            ),
            has_pixels=has_pixels,
        )
