"""Values that stay as they are, whoever the object is about: short numbers and terms of the standard.

A pure function of attribute, VR and value, remembered, since objects repeat each other. It says yes only where
:meth:`curator.scrub.dicom.values.Values.keep` lets the value stay without a note for every person whose identifiers are
usual (:attr:`curator.scrub.dicom.matcher.Matcher.usual`); a no says nothing. It must never see who the person is.
"""

from __future__ import annotations

from array import array
from functools import lru_cache

from curator.scrub.dicom.decide import BINARY_VRS, NUMBER_VRS
from curator.scrub.dicom.encode import unit_of
from curator.scrub.dicom.matcher import TYPECODES
from curator.scrub.dicom.readings import LEAST_LONG, STRONG, printable, read_number
from curator.scrub.dicom.rules import supplement
from curator.scrub.dicom.shapes import fits_number, fitted, is_day, is_sample, is_words
from curator.scrub.dicom.text import DEFAULT

#: Longest value that is asked for, and how many answers are remembered.
MOST_PLAIN, _MOST_REMEMBERED = 64, 8192
#: Bytes up to which a value that is no text holds no identifier.
_SMALL = 3


@lru_cache(maxsize=_MOST_REMEMBERED)
def is_plain(tag: int, vr: str, value: bytes) -> bool:
    """Say whether a value that a rule keeps stays as it is for everybody.

    Parameters
    ----------
    tag, vr
        The attribute, and the value representation that it is read by.
    value
        Its bytes, in little endian.
    """
    if vr in NUMBER_VRS:
        return fits_number(value, vr) and not is_day(value) and _is_short_number(value)
    if vr == "CS":
        return fitted(tag, vr, value, DEFAULT) == (value, "", False)
    return vr in BINARY_VRS and vr != "AT" and _is_small_binary(tag, vr, value)


def _is_short_number(value: bytes) -> bool:
    """Say whether a number of a DS or IS element has too few figures for a record number or a day."""
    read = read_number(value)
    return not (read.long or read.dates) and all(len(figures) < STRONG for figures in read.numbers | read.days)


def _is_small_binary(tag: int, vr: str, value: bytes) -> bool:
    """Say whether bytes are numbers that are too small for a record number or a day, and look like no text."""
    if len(value) % unit_of(vr) or is_words(value, vr) or (tag in supplement().single and not is_sample(value)):
        return False
    if len(value) <= _SMALL:
        return True
    text = value.strip(b"\0")
    if printable(value) or (text and text.isascii() and text.decode("ascii").isprintable()):
        return False
    code = TYPECODES.get(vr)
    return code is None or all(not number >= LEAST_LONG for number in array(code, value))
