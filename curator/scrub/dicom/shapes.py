"""Whether a value has the shape that its place asks for: a text, a number, a sample, and no words among numbers.

Pure functions of a value, remembered for short ones, since the files of a series repeat each other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from curator.scrub.dicom.garbled import without_garble
from curator.scrub.dicom.rules import plain, supplement
from curator.scrub.dicom.text import Encodings, fitting_text, is_defined_term, is_number, is_standard_term

#: What stands for one of several code strings.
GONE = "REMOVED"
#: Characters of a code that says nothing.
_LETTERS_OF_A_CODE = 2
#: Bytes of one sample of the widest waveform.
_ONE_SAMPLE = 8
#: Words where whole numbers belong: three numbers or more whose every byte is a letter, a digit or a separator.
_WHOLE_VRS = frozenset({"AT", "SL", "SS", "SV", "UL", "US", "UV"})
_WORDS = re.compile(rb"[A-Za-z0-9 ^.=_-]{6,}\0?")
_LEAST_TEXT = 8
#: Timezone Offset From UTC, and what it holds.
_TIMEZONE, _OFFSET = 0x00080201, re.compile(r"[+-](?:0\d|1[0-4])[0-5]\d")
#: Bytes of a value that are looked at to tell a text from numbers.
_LONGEST_TEXT = 4096
#: Share of printable bytes from which on bytes are a text, in hundredths; real lookup tables stay below 88.
_PRINTABLE = 90
_NOT_PRINTABLE = bytes(mark for mark in range(256) if not (0x20 <= mark < 0x7F or mark >= 0xA0))
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-@^")
_ALPHA = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Bytes of a floating-point number, bits of its fraction, and the bias of its exponent (IEEE 754).
_FLOATS = {"OF": (4, 23, 127), "OD": (8, 52, 1023)}
#: Powers of two between which measures and coordinates lie.
_SMALLEST, _LARGEST = -20, 20
_EIGHT = re.compile(rb"[0-9]{8}")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
#: Longest value that is remembered, and how many of them.
_SHORT, _MOST_REMEMBERED = 256, 4096


class Fit(NamedTuple):
    """How a text fits its place.

    ``value`` holds its bytes as they stay, None when it does not fit; ``text`` what is to be compared, empty for
    nothing; ``parted`` says that some of several values went, or are written in capitals now.
    """

    value: bytes | None
    text: str
    parted: bool


def fitted(tag: int, vr: str, value: bytes, encodings: Encodings) -> Fit:
    """Say how a text that is kept as a whole fits its VR and, where its terms are listed, their list."""
    return (_fit if len(value) <= _SHORT else _fit.__wrapped__)(tag, vr, value, encodings)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _fit(tag: int, vr: str, value: bytes, encodings: Encodings) -> Fit:
    fitting, parted = fitting_text(value, vr, encodings), False
    if fitting is None and vr == "CS":
        capitals = _in_capitals(value)
        value, parted = capitals, capitals != value
        fitting = fitting_text(value, vr, encodings)
    if fitting is None and vr == "CS" and b"\\" in value:
        # Of several values only those that do not fit go, so that the others keep their places.
        gone = GONE.encode("ascii")
        parts = value.rstrip(b"\0 ").split(b"\\")
        value = b"\\".join(part if fitting_text(part, vr, encodings) is not None else gone for part in parts)
        fitting, parted = fitting_text(value, vr, encodings), True
    if fitting is not None and vr != "CS" and without_garble(fitting, encodings) != fitting:
        return Fit(None, "", parted)
    closed = supplement().closed.get(tag)
    if tag == _TIMEZONE and fitting and not _OFFSET.fullmatch(fitting.strip()):
        return Fit(None, "", parted)
    if fitting is None or (closed is not None and fitting and plain(fitting) not in closed):
        return Fit(None, "", parted)
    return Fit(value, "" if vr == "CS" and is_standard_term(fitting) else fitting, parted)


def _in_capitals(value: bytes) -> bytes:
    """Return a CS value whose terms are written in capitals where somebody wrote small letters; what is none stays.

    A letter or two say nothing by themselves, as in a value that was written in capitals.
    """
    if not value.isascii():
        return value
    parts = value.decode("ascii").rstrip("\0 ").split("\\")
    made = [
        part.upper() if len(part) <= _LETTERS_OF_A_CODE or is_defined_term(part.upper().strip()) else part
        for part in parts
    ]
    return "\\".join(made).encode("ascii") if made != parts else value


def fits_number(value: bytes, vr: str) -> bool:
    """Say whether each value of a DS or IS element is a number."""
    return _fits_number(value, vr) if len(value) <= _SHORT else is_number(value, vr)


_fits_number = lru_cache(maxsize=_MOST_REMEMBERED)(is_number)


def is_day(value: bytes) -> bool:
    """Say whether one of the numbers of a DS or IS value is a day, written as eight figures."""
    # Most values have no eight figures in a row.
    return _EIGHT.search(value) is not None and any(
        _DAY.fullmatch(part.strip(" \0")) for part in value.decode("latin-1").split("\\")
    )


def is_sample(value: bytes) -> bool:
    """Say whether bytes are one sample of a waveform, and no word."""
    return len(value) <= _ONE_SAMPLE and not re.fullmatch(rb"[ -~]{3,}\0?", value)


def is_words(value: bytes, vr: str) -> bool:
    """Say whether words stand where whole numbers belong."""
    return vr in _WHOLE_VRS and _WORDS.fullmatch(value) is not None


def is_text(value: bytes) -> bool:
    """Say whether bytes where samples or tables belong are a text, of 8 or 16 bits a character, padding left off."""
    text = value[:_LONGEST_TEXT].strip(b"\0 ")
    if len(text) < _LEAST_TEXT:
        return False
    if text[1::2].count(0) == len(text) // 2 or text[::2].count(0) == (len(text) + 1) // 2:
        text = text.replace(b"\0", b"")
    letters = len(text.translate(None, _NOT_PRINTABLE))
    words = sum(mark in _LETTERS for mark in text)
    return 100 * letters >= _PRINTABLE * len(text) and 2 * words >= len(text) and len(set(text)) > 3


def are_numbers(value: bytes, vr: str, order: Literal["little", "big"]) -> bool:
    """Say whether bytes with a printable look are floating-point numbers all the same.

    They are when some are no ASCII, less than half are letters, and no number is far from 1: in a text every fourth
    letter, or every eighth, would have to be one of a few capitals.
    """
    if vr not in _FLOATS or value.isascii() or 2 * len(value.translate(None, _ALPHA)) <= len(value):
        return False
    size, fraction, bias = _FLOATS[vr]
    numbers = (int.from_bytes(value[at : at + size], order) for at in range(0, len(value), size))
    powers = ((number >> fraction & (2 * bias + 1)) - bias for number in numbers)
    return all(_SMALLEST <= power <= _LARGEST or power == -bias for power in powers)
