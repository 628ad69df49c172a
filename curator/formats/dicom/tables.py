"""The UIDs and tags of PS3.6 that the program needs by heart: transfer syntaxes, SOP classes, tags of sequences.

Read from data files, without pydicom. What a table does not name is unknown, and unknown is never passed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

#: What a name is when no table has it.
UNKNOWN = "unknown"


class SopKind(StrEnum):
    """What the instances of a SOP class are."""

    IMAGE = "image"
    DOCUMENT = "document"  # reports, encapsulated documents, audio: prose or speech
    DIRECTORY = "directory"  # lists many patients' instances; never copied
    OTHER = "other"  # plans, presentation states, registrations, waveforms, raw data ...
    SERVICE = "service"  # never stored in a file


@dataclass(frozen=True)
class TransferSyntax:
    """A registered transfer syntax (PS3.6 Table A-1, PS3.5 Annex A).

    Parameters
    ----------
    uid, keyword
        As registered.
    explicit, little, deflated, encapsulated
        How the data set, and its pixel data, are encoded.
    carried
        True if files of this transfer syntax can be carried. Otherwise their pixels are elsewhere, or they hold no
        data set.
    """

    uid: str
    keyword: str
    explicit: bool
    little: bool
    deflated: bool
    encapsulated: bool
    carried: bool


@dataclass(frozen=True)
class SopClass:
    """A registered SOP class (PS3.6 Table A-1)."""

    uid: str
    keyword: str
    kind: SopKind


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files("curator.formats.dicom").joinpath("data", name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


@cache
def transfer_syntaxes() -> dict[str, TransferSyntax]:
    """Return every registered transfer syntax by UID."""
    table = {}
    for uid, keyword, _, encoding, carried in _rows("transfer_syntaxes.tsv"):
        vr, order, form = encoding.split()
        table[uid] = TransferSyntax(
            uid,
            keyword,
            explicit=vr == "explicit",
            little=order == "little",
            deflated=form == "deflated",
            encapsulated=form == "encapsulated",
            carried=carried == "yes",
        )
    return table


@cache
def sop_classes() -> dict[str, SopClass]:
    """Return every registered SOP class by UID."""
    return {uid: SopClass(uid, keyword, SopKind(kind)) for uid, keyword, _, kind in _rows("sop_classes.tsv")}


def sop_kind(uid: str) -> SopKind | None:
    """Return what the instances of a SOP class are, or None for a UID that is not registered as one."""
    known = sop_classes().get(uid)
    return known.kind if known else None


#: Structured reports and key object selections (PS3.4 B.5): arcs of the root of storage classes.
_REPORTS = ("1.2.840.10008.5.1.4.1.1.88.", "1.2.840.10008.5.1.4.1.1.79.1")


def is_report(uid: str) -> bool:
    """Say whether objects of a SOP class have the series module of structured reports or key object selections."""
    return uid.startswith(_REPORTS[0]) or uid == _REPORTS[1]


@cache
def sequence_tags() -> frozenset[int]:
    """Return the tags whose value representation is SQ (PS3.6 Table 6-1)."""
    return frozenset(int(tag, 16) for (tag,) in _rows("sequence_tags.tsv"))


@cache
def modalities() -> frozenset[str]:
    """Return the defined terms of Modality (PS3.3 section C.7.3.1.1.1), retired ones included."""
    return frozenset(term for term, _ in _rows("modalities.tsv"))


def transfer_syntax_name(uid: str) -> str:
    """Return the keyword of a transfer syntax, ``unknown`` for a UID that is not registered: safe to print."""
    known = transfer_syntaxes().get(uid)
    return known.keyword if known else UNKNOWN


def sop_class_name(uid: str) -> str:
    """Return the keyword of a SOP class, ``unknown`` for a UID that is not registered: safe to print."""
    known = sop_classes().get(uid)
    return known.keyword if known else UNKNOWN


def modality_name(value: str) -> str:
    """Return a modality that PS3.3 defines, ``unknown`` for anything else a header holds: safe to print."""
    return value if value in modalities() else UNKNOWN
