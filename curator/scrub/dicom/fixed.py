"""Values that a recipe writes, the same for everybody: whether a text fits an attribute, and its bytes."""

from __future__ import annotations

import re
import struct

from curator.identifiers.categories import Category
from curator.identifiers.uids import is_uid
from curator.scrub.dicom.dates import age_years, read_date, read_moment, read_time
from curator.scrub.dicom.forms import has_form, tells
from curator.scrub.dicom.rules import plain, supplement
from curator.scrub.dicom.text import DEFAULT, fitting_text, is_number

_WHOLE = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
_REAL = {"FL": "f", "FD": "d"}
_TEXTS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
#: Numbers that a person, a plan or an office gave somebody. What numbers a trial or a machine is none.
_NUMBERS = frozenset(
    {Category.RECORD_NUMBER, Category.HEALTH_PLAN, Category.ACCOUNT, Category.LICENSE, Category.VEHICLE}
    | {Category.SSN, Category.PHONE, Category.FAX}
)
#: A ZIP code alone; noughts or nines alone are no place's.
_ZIP = re.compile(r"(?!0{5}|9{5})\d{5}(?:-\d{4})?")
_READERS = {"DA": read_date, "TM": read_time, "DT": read_moment, "AS": age_years}


def fixed_value(text: str, vr: str, *, little: bool) -> bytes | None:
    """Return the bytes of a text as a value of a VR; None when it does not fit.

    Parameters
    ----------
    text
        ASCII; several values are joined by a backslash, as in a file (PS3.5 section 6.4).
    vr
        The value representation; sequences and byte arrays take no text.
    little
        The byte order of numbers.
    """
    if not text.isascii() or not text.isprintable() or not text.strip():
        return None
    value = text.encode("ascii")
    if vr in _WHOLE or vr in _REAL:
        return _numbers(text, vr, "<" if little else ">")
    if vr in _TEXTS:
        return value if fitting_text(value, vr, DEFAULT) is not None else None
    if vr in {"DS", "IS"}:
        return value if is_number(value, vr) else None
    if vr == "UI":
        return value if is_uid(text) else None
    read = _READERS.get(vr)
    return value if read is not None and read(text) is not None else None


def unfit(tag: int, text: str, vr: str) -> str:
    """Say why an attribute cannot become a text, empty when it can: by its VR, its closed list, or the text's form."""
    if fixed_value(text, vr, little=True) is None:
        return f"the text does not fit the value representation {vr}"
    closed = supplement().closed.get(tag)
    if closed is not None and plain(text) not in closed:
        return "the attribute takes none but the terms of the standard"
    if vr != "UI" and (has_form(text) if vr in _READERS else tells(text, ages=True, dates=True)):
        return "the text has the form of an identifier"
    if vr in _TEXTS and _names_somebody(text):
        return "the text has the form of an identifier"
    return ""


def _names_somebody(text: str) -> bool:
    """Say whether a text holds a number behind a label that tells whose it is, a ZIP code or a street."""
    from curator.detect.text import detectors, find_all

    if _ZIP.fullmatch(text.strip()):
        return True
    found = find_all(text, detectors(weighed=False))
    return any(one.category in _NUMBERS or one.kind in {"zip", "street"} for one in found)


def _numbers(text: str, vr: str, order: str) -> bytes | None:
    try:
        if vr in _WHOLE:
            return b"".join(struct.pack(order + _WHOLE[vr], int(part)) for part in text.split("\\"))
        return b"".join(struct.pack(order + _REAL[vr], float(part)) for part in text.split("\\"))
    except (ValueError, struct.error, OverflowError):
        return None
