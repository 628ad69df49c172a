"""Texts as the file encodes them: character sets, what fits a value representation, and what words they hold.

Decodes to compare, never to write: a text that stays keeps its own bytes. What cannot be decoded does not fit.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from curator.scrub.dicom.garbled import meant_as_utf8
from curator.scrub.dicom.rules import data_text

#: (python encodings, in pydicom's order) of the default repertoire.
Encodings = tuple[str, ...]

_ASCII = re.compile(rb"[\x20-\x7e]*\0*")
_ASCII_LINES = re.compile(rb"[\x20-\x7e\t\n\f\r]*\0*")
_CS = re.compile(rb"[A-Z0-9 _]{0,16}(?:\\[A-Z0-9 _]{0,16})*\0*")
_IS = re.compile(rb" *[+-]?[0-9]{1,12} *\0*")
_DS = re.compile(rb" *[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})? *\0*")
#: Decimals without blanks, as rows of points are written; shorter than any limit.
_PLAIN = rb"[+-]?[0-9]{1,12}(?:\.[0-9]{0,10}(?:[0-9]{0,7}|[eE][+-]?[0-9]{1,4}))?"
_PLAIN_NUMBERS = re.compile(_PLAIN + rb"(?:\\" + _PLAIN + rb")* ?")
_LINES = frozenset({"ST", "LT", "UT"})
_LONGEST = {
    "LO": 64,
    "SH": 64,
    "AE": 16,
    "PN": 64 * 3 + 2,
    "UC": 1024,
    "ST": 1024,
    "UR": 1024,
    "LT": 10240,
    "UT": 65536,
}
_LONGEST_DS = 32
#: Characters of a code that says nothing by itself; so many in a row may spell a word.
_SHORT_CODE, _LEAST_ROW = 2, 4
#: Controls, and what says nothing without a private agreement.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_CONTROL_LINES = re.compile("[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
#: GB 2312 by pydicom's name, and the escape sequence that pydicom 3.0 leaves in texts of it.
_CHINESE, _TO_CHINESE = "iso_ir_58", "\x1b$)A"
_DELIMITERS = {0x5C, 0x0D, 0x0A, 0x09, 0x0C, 0x5E, 0x3D}


@lru_cache(maxsize=256)
def character_set(value: bytes) -> tuple[bytes, Encodings] | None:
    """Read (0008,0005).

    Returns
    -------
    tuple or None
        The value in the standard's spelling and pydicom's encodings for it; None when a term is none of the standard's.
    """
    from pydicom.charset import convert_encodings, python_encoding

    if not value.isascii():
        return None
    if value.rstrip(b"\0 ") == b"ISO_IR 203":
        return b"ISO_IR 203", ("iso8859_15",)  # Latin alphabet No. 9, which pydicom does not know
    terms = []
    for term in value.decode("ascii").rstrip("\0").split("\\"):
        name = term.strip()
        if name not in python_encoding:
            found = re.fullmatch(r"ISO[ _-]?(2022[ _-]?)?IR[ _-]?(\d{1,3})", name, re.IGNORECASE)
            name = "" if found is None else f"ISO {'2022 IR' if found[1] else '_IR'} {found[2]}".replace(" _", "_")
            if not name or name not in python_encoding:
                return None
        terms.append(name)
    return "\\".join(terms).encode("ascii"), tuple(convert_encodings(terms))


DEFAULT: Encodings = ()


def decode(value: bytes, encodings: Encodings) -> str | None:
    """Decode a text value, padding left off, UTF-8 as UTF-8; None when the character set does not hold it."""
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii").rstrip("\0 ")
    if not encodings:
        return None
    meant = meant_as_utf8(value, encodings)
    if meant is not None:
        return meant.rstrip("\0 ")
    from pydicom.charset import decode_bytes

    from curator.formats.dicom.read import guarded

    try:
        with guarded():
            text = decode_bytes(value, list(encodings), _DELIMITERS)
            return (text.replace(_TO_CHINESE, "") if _CHINESE in encodings else text).rstrip("\0 ")
    except Exception:  # noqa: BLE001 - whatever keeps it from being decoded, it cannot be compared
        return None


def fitting_text(value: bytes, vr: str, encodings: Encodings) -> str | None:
    """Return a text value decoded, if it fits its VR (PS3.5 Table 6.2-1); None if it does not.

    Longer SH values (up to 64 characters) are let through, since much real equipment writes them.
    """
    if vr == "CS":
        return value.decode("ascii").rstrip("\0 ") if _CS.fullmatch(value) else None
    lines = vr in _LINES
    plain = (_ASCII_LINES if lines else _ASCII).fullmatch(value)
    if plain:
        text: str | None = value.decode("ascii").rstrip("\0 ")
    else:
        text = decode(value, encodings)
        if text is not None and (_CONTROL if lines else _CONTROL_LINES).search(text):
            text = None
    if text is None:
        return None
    most = _LONGEST.get(vr)
    if most is not None and len(text) > most:
        parts = [text] if lines else text.split("\\")  # in these a backslash parts no values (PS3.5 Table 6.2-1)
        if any(len(part.strip()) > most for part in parts):
            return None
    return text


def is_number(value: bytes, vr: str) -> bool:
    """Say whether each value of a DS or IS element is a number."""
    if _PLAIN_NUMBERS.fullmatch(value):
        return True
    for part in value.rstrip(b"\0").split(b"\\"):
        if not part.strip():
            continue
        if vr == "IS" and _IS.fullmatch(part):
            continue
        if len(part) > _LONGEST_DS or not _DS.fullmatch(part):
            return False
    return True


@cache
def standard_terms() -> frozenset[str]:
    """Return the CS terms that are no identifiers whoever is called so."""
    return frozenset(line for line in data_text("terms.txt").splitlines() if line and not line.startswith("#"))


@cache
def defined_terms() -> frozenset[str]:
    """Return the code strings that are terms: of images, and those that no other list knows."""
    lines = data_text("code_strings.txt").splitlines()
    return standard_terms() | {line for line in lines if line and not line.startswith("#")}


def is_defined_term(text: str) -> bool:
    """Say whether one value is a term that stands in a list."""
    return text in defined_terms()


def is_standard_term(text: str) -> bool:
    """Say whether a CS value holds terms of the standard, short codes and blanks alone, and spells no word."""
    terms = standard_terms()
    parts = [each.strip() for each in text.split("\\")]
    return all(len(part) <= _SHORT_CODE or part in terms for part in parts) and not spelled(parts)


def spelled(parts: list[str]) -> list[str]:
    """Return the short codes that stand in a row of four or more among several, put together: they may be one word."""
    if len(parts) < _LEAST_ROW:
        return []
    rows = " ".join(part if 0 < len(part) <= _SHORT_CODE else "=" for part in parts).split("=")
    return ["".join(row.split()) for row in rows if len(row.split()) >= _LEAST_ROW]
