"""Values that a recipe writes, the same for everybody: whether a text fits an attribute, and its bytes.

A text that may be somebody's is none that a recipe can write: the claim rests on that. It is judged by the same rules
that take identifiers out of the texts of files.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from typing import TYPE_CHECKING

from curator.detect.text.lists.lexicon import lexicon
from curator.identifiers.categories import Category
from curator.identifiers.spelling import fold, word_list
from curator.identifiers.uids import is_uid
from curator.scrub.dicom.dates import OLDEST, age_years, read_date, read_moment, read_time
from curator.scrub.dicom.forms import has_form, tells
from curator.scrub.dicom.rules import plain, row_of, supplement
from curator.scrub.dicom.text import DEFAULT, fitting_text, is_number

if TYPE_CHECKING:
    from curator.scrub.dicom.descriptors import Descriptors

_WHOLE = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
_REAL = {"FL": "f", "FD": "d"}
_TEXTS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
#: Texts in which a backslash parts no values (PS3.5 Table 6.2-1).
_ONE_VALUE = frozenset({"LT", "ST", "UR", "UT"})
#: Characters of one value (PS3.5 Table 6.2-1). Real files go beyond some of them; what is written anew does not.
_LONGEST = {"AE": 16, "CS": 16, "DS": 16, "IS": 12, "LO": 64, "LT": 10240, "PN": 64, "SH": 16, "ST": 1024, "UI": 64}
#: Numbers that a person, a plan or an office gave somebody. What numbers a trial or a machine is none.
_NUMBERS = frozenset(
    {Category.RECORD_NUMBER, Category.HEALTH_PLAN, Category.ACCOUNT, Category.LICENSE, Category.VEHICLE}
    | {Category.SSN, Category.PHONE, Category.FAX}
)
#: A ZIP code alone; noughts or nines alone are no place's.
_ZIP = re.compile(r"(?!0{5}|9{5})\d{5}(?:-\d{4})?")
_READERS = {"DA": read_date, "TM": read_time, "DT": read_moment, "AS": age_years}
_BIRTH_DATE = 0x00100030
#: How a count of values is written in PS3.6: 2, 1-3, 1-n, 3-3n.
_COUNT = re.compile(r"(\d+)(?:-(?:(\d+)|(\d*)n))?")
#: A word with figures in it: what codes of trials and devices look like.
_CODE = re.compile(r"[^\s\\^=,;:/()]*\d[^\s\\^=,;:/()]*")
#: Components of a UID are numbers without a zero before them, the first one 0 to 2 (PS3.5 section 9.1).
_SOUND = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+")
#: What a trial is called: its sponsor, protocol, coordinating center and ethics committee are no patient's institution.
_TRIAL = frozenset({0x00120010, 0x00120020, 0x00120021, 0x00120060, 0x00120081})
_IDENTIFIER = "the text has the form of an identifier"
_NAME = ": a person, a place, an institution or somebody's number may be called so"
#: What may stand for a person's name: what somebody does, besides words that nobody is called by.
_ROLES = frozenset(
    {"annotator", "clinician", "doctor", "nurse", "observer", "operator", "patient", "physician", "radiographer"}
    | {"radiologist", "rater", "reader", "researcher", "reviewer", "staff", "subject", "technician", "technologist"}
)


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
        return value if all(map(is_uid, text.split("\\"))) else None
    read = _READERS.get(vr)
    return value if read is not None and all(read(part) is not None for part in text.split("\\")) else None


def unfit(tag: int, text: str, vr: str) -> str:
    """Say why an attribute cannot become a text, empty when it can.

    It has to fit its VR (PS3.5 Table 6.2-1), the number of values and the closed list of its attribute, and must not
    have the form of an identifier: no full date, no age over 89, no name of a person, a place or an institution.
    """
    if not text.isascii():
        return "the text has characters beyond ASCII, and it is written into files of every character set"
    parts = [text] if vr in _ONE_VALUE else text.split("\\")
    most = _LONGEST.get(vr)
    if most is not None and any(len(part.strip()) > most for part in parts):
        return f"the text is longer than the {most:,} characters that the value representation {vr} takes"
    if fixed_value(text, vr, little=True) is None:
        return f"the text does not fit the value representation {vr}"
    if vr == "UI" and not all(map(_SOUND.fullmatch, parts)):
        return "it is no valid UID"
    if not _may_have(tag, len(parts)):
        return "the attribute does not take so many values"
    rules = supplement()
    closed = rules.closed.get(tag) or rules.enumerated.get(tag)
    if closed is not None and any(plain(part) not in closed for part in parts):
        return "the attribute takes none but the terms of the standard"
    if vr in _READERS:
        return _untimely(tag, parts, vr)
    if vr != "UI" and tells(text, ages=True, dates=True):
        return _IDENTIFIER
    return f"{_IDENTIFIER}{_NAME}" if vr in _TEXTS and _names_somebody(tag, text, vr) else ""


def _may_have(tag: int, count: int) -> bool:
    """Say whether an attribute takes so many values (PS3.6, column VM); what it does not list takes any number."""
    from pydicom import datadict

    entry = datadict.__dict__["DicomDictionary"].get(tag)
    found = _COUNT.fullmatch(entry[1]) if entry is not None else None
    if found is None:
        return True
    least, last, step = int(found[1]), found[2], found[3]
    if last is not None:
        return least <= count <= int(last)
    return count == least if step is None else count >= least and not count % int(step or 1)


def _untimely(tag: int, parts: list[str], vr: str) -> str:
    """Say why dates, times or ages are none that a recipe may write."""
    if tag == _BIRTH_DATE:
        return "a birth date of everybody is nobody's; BLANK empties it"
    if any(map(has_form, parts)):
        return _IDENTIFIER
    if vr == "AS" and any((age_years(part) or 0) > OLDEST for part in parts):
        return "it is an age over 89"
    dates = [read_date(part) for part in parts] if vr == "DA" else []
    days = [f"{one:%m%d}" for one in dates if one is not None]
    if vr == "DT":
        days = [moment[0][4:] for moment in map(read_moment, parts) if moment is not None]
    if any(day not in {"", "0101"} for day in days):
        return "it is a full date; the first of January stands for a year, and JITTER moves dates"
    return ""


def _names_somebody(tag: int, text: str, vr: str) -> bool:
    """Say whether a text names a person, a place or an institution, or holds a number of somebody's.

    Words that nothing knows may stand in most attributes: many a trial and a device is called so. Where an institution
    or a person is named they may be its name.
    """
    from curator.detect.text import detectors, find_all

    if _ZIP.fullmatch(text.strip()):
        return True
    if vr == "PN":
        return not _nobodys(text)
    row = row_of(tag)
    strict = row is not None and row.options.get("institution") == "K"
    technical = tag in _TRIAL or tag in supplement().technical
    words = _CODE.sub(" ", text)
    if _cleaner().clean(words, vr=vr, strangers=not strict, technical=technical).split() != words.split():
        return True
    found = find_all(text, detectors(weighed=False))
    return any(one.category in _NUMBERS or one.kind in {"zip", "street"} for one in found)


def _nobodys(text: str) -> bool:
    """Say whether a text can stand for a person's name and be nobody's: roles, placeholders, words that are no names.

    One component alone: what has a family name and a given name is somebody.
    """
    words = [fold(word) for word in re.findall(r"[^\W_]+", text)]
    told = [word for word in words if len(word) > 1 and not word.isdecimal()]
    if not told or set(text) & set("^=\\"):
        return fold(text) in word_list("placeholders")
    return all(word in _ROLES or word in word_list("placeholders") or _is_word(word) for word in told)


def _is_word(word: str) -> bool:
    lists = lexicon()
    known = word in lists.words or word in lists.imaging or word in lists.medical
    return known and word not in lists.given and word not in lists.surnames


@cache
def _cleaner() -> Descriptors:
    """Return what takes identifiers out of texts under the strictest policy, whatever policy the recipe lies on."""
    from curator.scrub.dicom.descriptors import descriptors_of
    from curator.scrub.policy.load import load_policy

    return descriptors_of((), load_policy("safe-harbor"))


def _numbers(text: str, vr: str, order: str) -> bytes | None:
    try:
        if vr in _WHOLE:
            return b"".join(struct.pack(order + _WHOLE[vr], int(part)) for part in text.split("\\"))
        return b"".join(struct.pack(order + _REAL[vr], float(part)) for part in text.split("\\"))
    except (ValueError, struct.error, OverflowError):
        return None
