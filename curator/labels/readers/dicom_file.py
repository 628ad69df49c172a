"""What the readers of DICOM objects share: opening one, and taking texts, codes, numbers, people and times out of it.

A long file is walked in ranges, so that its pixels never stand in memory as a whole. Values are read inside
:func:`curator.formats.dicom.read.guarded` and nothing that pydicom says of them comes out.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.formats.dicom import ranged
from curator.formats.dicom.encoding import PIXEL_DATA
from curator.formats.dicom.ranged import Ranged, file_range
from curator.formats.dicom.read import guarded, read_dataset
from curator.formats.dicom.structure import Node, Structure
from curator.formats.dicom.walk import parse
from curator.formats.volume.model import digits

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_CLASS = re.compile(rb"\x02\0\x02\0UI(..)", re.DOTALL)
_DATE = re.compile(r"(\d{4})\.?(\d\d)\.?(\d\d)")
_TIME = re.compile(r"(\d\d):?(\d\d):?(\d\d)(\.\d{1,6})?")
_OFFSET = re.compile(r"[+-]\d{4}")
_DATETIME = re.compile(r"(\d{8})(\d{6}(?:\.\d{1,6})?)([+-]\d{4})?")


def sop_class(head: bytes) -> str:
    """Return the SOP Class UID of the file meta information (PS3.10 section 7.1), "" when there is none."""
    found = _CLASS.search(head, 132, 4096) if head[128:132] == b"DICM" else None
    if found is None:
        return ""
    length = struct.unpack("<H", found[1])[0]
    return head[found.end() : found.end() + min(length, 64)].strip(b"\0 ").decode("latin-1")


@dataclass(frozen=True)
class Object:
    """A DICOM object without its pixels: the data set, the walk of the file, and the pixel data as they stand."""

    dataset: Dataset
    structure: Structure
    pixels: Node | None


@contextmanager
def opened_object(path: Path, classes: frozenset[str], title: str) -> Iterator[Object]:
    """Open an object of one of some SOP classes; its pixels can be read as long as it is open.

    Raises
    ------
    UsageError
        IMP-001 for another class, IMP-002 when the file cannot be read, IMP-003 when it cannot be followed whole.
    """
    try:
        file = path.open("rb")
    except OSError:
        raise UsageError("IMP-002") from None
    with file:
        try:
            found = _open(file)
            with guarded():
                uid = str(found.dataset.get("SOPClassUID", ""))
        except OSError:
            raise UsageError("IMP-002") from None
        except CuratorError as error:
            raise UsageError("IMP-003", reason=f"it cannot be read as DICOM, {error.code}") from None
        if uid not in classes:
            raise UsageError("IMP-001", format=title)
        yield found


def _open(file: Any) -> Object:
    size = os.fstat(file.fileno()).st_size
    data: bytes | Ranged = file_range(file.fileno(), size) if size > ranged.LOADED_MOST else file.read()
    structure, nodes = parse(data)
    pixels = next((node for node in nodes if node.tag == PIXEL_DATA), None)
    if structure.deflated:
        return Object(read_dataset(bytes(data), stop_before_pixels=True)[0], structure, pixels)
    # What stands before the pixels is a whole data set of its own.
    head = bytes(data[: pixels.at]) if pixels is not None else bytes(data)
    return Object(read_dataset(head)[0], structure, pixels)


def sequence(dataset: Dataset | None, keyword: str) -> list[Dataset]:
    """Return a sequence's items, none when it is absent."""
    from pydicom.sequence import Sequence

    found = None if dataset is None else dataset.get(keyword)
    return list(found) if isinstance(found, Sequence) else []


def only(dataset: Dataset | None, keyword: str) -> Dataset | None:
    """Return a sequence's first item."""
    return next(iter(sequence(dataset, keyword)), None)


def text(dataset: Dataset | None, keyword: str) -> str:
    """Return a value as text, several joined by backslashes as DICOM writes them; "" when absent or empty."""
    from pydicom.multival import MultiValue
    from pydicom.sequence import Sequence

    found = None if dataset is None else dataset.get(keyword)
    if found is None or isinstance(found, bytes | Sequence):
        return ""
    return "\\".join(map(str, found)) if isinstance(found, MultiValue | list) else str(found).strip("\0 ")


def whole(dataset: Dataset | None, keyword: str) -> int | None:
    """Return a whole number, or None."""
    found = text(dataset, keyword)
    return int(found) if re.fullmatch(r"[+-]?[0-9]{1,12}", found) else None


def frames(dataset: Dataset | str) -> list[int]:
    """Return Referenced Frame Number of an item, or out of its text; none when it is absent.

    Raises
    ------
    ItemError
        IMP-023 when one is not a number from 1 on: the label must not become one of the whole image.
    """
    said = dataset if isinstance(dataset, str) else text(dataset, "ReferencedFrameNumber")
    words = said.split("\\") if said else []
    if not all(re.fullmatch(r"[0-9]{1,9}", word) and int(word) for word in words):
        raise ItemError("IMP-023", what="frames counted from 1")
    return sorted({int(word) for word in words})


def decimals(dataset: Dataset | None, keyword: str) -> list[Decimal]:
    """Return numbers digit for digit; those of binary value representations as the shortest that read back alike.

    Raises
    ------
    ItemError
        IMP-020 when one is not finite or not a number.
    """
    from pydicom.multival import MultiValue

    if dataset is None or keyword not in dataset:
        return []
    element = dataset[keyword]
    found, binary = element.value, element.VR in ("FL", "FD")
    if found is None or found == "":
        return []
    made = []
    for number in found if isinstance(found, MultiValue | list) else [found]:
        try:
            value = digits(number, element.VR == "FL") if binary else Decimal(str(number).strip())
        except InvalidOperation:
            raise ItemError("IMP-020") from None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise ItemError("IMP-020")
        made.append(value)
    return made


def code(dataset: Dataset | None, keyword: str) -> dict[str, str] | None:
    """Return the first code of a sequence (PS3.3 section 8.8): ``system``, ``code``, ``meaning``; None when absent."""
    item = only(dataset, keyword)
    if item is None:
        return None
    value = text(item, "CodeValue") or text(item, "LongCodeValue") or text(item, "URNCodeValue")
    made = {"system": text(item, "CodingSchemeDesignator"), "code": value, "meaning": text(item, "CodeMeaning")}
    return {key: word for key, word in made.items() if word} or None


def codes(dataset: Dataset | None, keyword: str) -> list[dict[str, str]]:
    """Return every code of a sequence."""
    from pydicom.dataset import Dataset as New

    found = []
    for item in sequence(dataset, keyword):
        holder = New()
        setattr(holder, keyword, [item])
        one = code(holder, keyword)
        if one:
            found.append(one)
    return found


def person(dataset: Dataset | None, keyword: str) -> str | None:
    """Return a person's name as written, None when empty or a placeholder."""
    found = text(dataset, keyword).strip("^= ")
    return None if found.lower() in {"", "unknown", "unknown^unknown", "anonymous", "none"} else found


def creator(dataset: Dataset | None) -> str | None:
    """Return who made an object: Content Creator's Name (0070,0084), else Operators' Name (0008,1070) of its series.

    Several operators come out as one text, which no table of people knows: none of them is taken for the author.
    """
    return person(dataset, "ContentCreatorName") or person(dataset, "OperatorsName")


def moment(dataset: Dataset | None, date: str, time: str, zone: str) -> str | None:
    """Return a moment of a date, a time and the object's Timezone Offset From UTC as RFC 3339, None without one."""
    day, clock = _DATE.fullmatch(text(dataset, date)), _TIME.fullmatch(text(dataset, time))
    if day is None or clock is None or not _OFFSET.fullmatch(zone):
        return None
    return _stamp(day, clock, zone)


def stamped(value: str, zone: str) -> str | None:
    """Return a DT value (PS3.5 section 6.2) as RFC 3339; ``zone`` counts where it has none of its own."""
    found = _DATETIME.fullmatch(value)
    if found is None or not _OFFSET.fullmatch(found[3] or zone):
        return None
    day, clock = _DATE.fullmatch(found[1]), _TIME.fullmatch(found[2])
    return _stamp(day, clock, found[3] or zone) if day is not None and clock is not None else None


def _stamp(day: re.Match[str], clock: re.Match[str], zone: str) -> str | None:
    hours, minutes = int(zone[1:3]), int(zone[3:])
    if hours > 14 or minutes > 59:
        return None
    shift = timezone(timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1))
    try:
        year, month, date, hour, minute, second = map(int, (*day.groups(), *clock.groups()[:3]))
        made = datetime(year, month, date, hour, minute, second, tzinfo=shift)
    except ValueError:
        return None
    return f"{made:%Y-%m-%dT%H:%M:%S}{clock[4] or ''}{'Z' if not shift.utcoffset(None) else zone[:3] + ':' + zone[3:]}"


def tool_of(dataset: Dataset) -> tuple[str, str] | None:
    """Return the equipment that made the object, and its software versions."""
    name = " ".join(word for word in (text(dataset, "Manufacturer"), text(dataset, "ManufacturerModelName")) if word)
    return (name, text(dataset, "SoftwareVersions")) if name else None


#: Segment Algorithm Type (PS3.3 Table C.8.20-4), ROI Generation Algorithm (Table C.8-41): whose opinion. One that was
#: made by a program and a person together is neither's alone.
ORIGIN = {"MANUAL": "human", "AUTOMATIC": "model"}
