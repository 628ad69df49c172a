"""What the two DICOM writers share: highdicom on demand, UIDs and times that come from records, and codes of classes.

Nothing here tells the time or draws a number: UIDs are made of leaf hashes (2.25 and a number, PS3.5 B.2), dates are
those of the labels. highdicom's own messages never come out, for they may repeat what stands in an image.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import warnings
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.labels.codings import sound_snomed
from curator.labels.ontology import Ontology

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_Made = TypeVar("_Made")
#: UUID (RFC 9562) of this program's names; version 5 UUIDs are made below it.
NAMESPACE = uuid.UUID("6b1a1c7e-5f1b-5e0c-9d53-0b8f3b8a4a51")
MANUFACTURER, MODEL = "curator", "curator labels export"
#: Scheme of classes that no ontology gives a code; a private one begins with 99 (PS3.3 section 8.2).
SCHEME = "99CURATOR"
#: Ontology systems to coding scheme designators (PS3.16 section 8).
_SCHEMES = {"SCT": "SCT", "SNOMED": "SCT", "SNOMEDCT": "SCT", "RADLEX": "RADLEX", "LN": "LN", "LOINC": "LN",
            "DCM": "DCM", "ICD-10": "I10", "UCUM": "UCUM"}  # fmt: skip
_MEANING, _VALUE = 64, 16


def highdicom(part: str = "") -> Any:
    """Import highdicom or a part of it, such as ``seg`` (EXP-008 when it is not installed)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return import_module(f"highdicom.{part}" if part else "highdicom")
    except ImportError:
        raise UsageError("EXP-008") from None


def uid(*words: str) -> str:
    """Return a UID that the same words always give."""
    return f"2.25.{uuid.uuid5(NAMESPACE, '/'.join(words)).int}"


def by_rules(build: Callable[[], _Made]) -> _Made:
    """Build with highdicom; whatever it says becomes EXP-014, without its words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = build()
            _let_go(made)
            return made
    except CuratorError:
        raise
    except Exception:  # noqa: BLE001 - its messages may hold values of the image
        raise ItemError("EXP-014") from None


def _let_go(made: object) -> None:
    """Close the look-up of frames in memory that highdicom 0.28 makes with an image and leaves open."""
    close = getattr(getattr(made, "_db_con", None), "close", None)
    if close is not None:
        close()


def line(text: str, what: str) -> str:
    """Return a text that fits into a Long String (PS3.5 section 6.2), EXP-006 otherwise."""
    if not len(text.strip()) > 0 or len(text) > _MEANING or "\\" in text or not text.isprintable():
        raise ItemError("EXP-006", what=what)
    return text


def coded(name: str, ontology: Ontology | None) -> Any:
    """Return the code of a class: the ontology's first one that DICOM can name, else one of the private scheme.

    Raises
    ------
    ItemError
        EXP-006 for a name that does not fit into a code's meaning.
    """
    concept = highdicom("sr").CodedConcept
    meaning = line(name, "a class with a name of more than 64 characters, or with a backslash")
    if ontology is not None:
        try:
            codes = ontology.class_of(name).codes
        except ItemError:
            codes = ()
        for system, code in codes:
            scheme = _SCHEMES.get(system.upper())
            if scheme is not None and len(code) <= _VALUE and (scheme != "SCT" or sound_snomed(code)):
                return concept(code, scheme, meaning)
    return concept(hashlib.sha256(name.encode()).hexdigest()[:_VALUE].upper(), SCHEME, meaning)


def dated(made: Dataset, moments: Iterable[str]) -> Dataset:
    """Set every date of an object to the newest of some moments (RFC 3339 in UTC), and say that it is UTC."""
    newest = max(moments)
    day, time = newest[:10].replace("-", ""), newest[11:19].replace(":", "")
    for name in ("ContentDate", "InstanceCreationDate", "SeriesDate"):
        setattr(made, name, day)
    for name in ("ContentTime", "InstanceCreationTime", "SeriesTime"):
        setattr(made, name, time)
    made.TimezoneOffsetFromUTC = "+0000"
    for item in made.get("ContributingEquipmentSequence") or ():
        # The library enters itself with the present moment; what the images brought stays.
        if "highdicom" in str(item.get("ManufacturerModelName", "")).lower():
            item.ContributionDateTime = day + time
    return made


def settle(made: Dataset, seed: str, keep: frozenset[str]) -> None:
    """Give every UID that was drawn at random one that comes from a seed.

    Parameters
    ----------
    made
        An object as highdicom built it.
    seed
        What the UIDs are made of.
    keep
        UIDs that stand: those of the images, and those that were given.
    """
    renamed: dict[str, str] = {}

    def visit(_: Dataset, element: Any) -> None:
        if element.VR != "UI" or element.keyword.endswith("SOPClassUID") or element.keyword == "TransferSyntaxUID":
            return
        old = element.value
        if not isinstance(old, str) or old in keep:
            return
        renamed.setdefault(old, uid(seed, "other", str(len(renamed))))
        element.value = renamed[old]

    made.walk(visit)


def uids_of(headers: Iterable[Dataset]) -> frozenset[str]:
    """Return every UID that stands in some headers."""
    found: set[str] = set()

    def visit(_: Dataset, element: Any) -> None:
        if element.VR == "UI":
            found.update(map(str, element.value if element.VM > 1 else [element.value]))

    for header in headers:
        header.walk(visit)
    return frozenset(found)


def data_of(made: Dataset) -> bytes:
    """Return an object as a file's bytes (PS3.10), in UTF-8."""
    import pydicom

    made.SpecificCharacterSet = "ISO_IR 192"
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, made, enforce_file_format=True)
    return stream.getvalue()
