"""Writing a text in a data set's own Specific Character Set, with its code extensions (PS3.5 section 6.1.2).

What comes out is decoded again before it is handed out: bytes that a reader would read as another text never leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.scrub.dicom.text import DEFAULT, Encodings, decode

#: Where the first character set has to be active again (PS3.5 section 6.1.2.5.3), whatever the VR.
_DELIMITERS = re.compile(r"([\\\r\n\t\f^=])")
_ONE_VALUE = frozenset({"ST", "LT", "UT", "UR"})
_ALONE = frozenset({"UTF8", "GB18030", "GBK"})
_TO_ASCII, _TO_ROMAN = b"\x1b(B", b"\x1b(J"
_KANJI, _MORE_KANJI = b"\x1b$B", b"\x1b$(D"
_HALF_KANA = range(0xFF61, 0xFFA0)
#: Multi-byte sets in G0: the way they begin, by pydicom's name. Python's codecs know more sets than the standard lists.
_IN_G0 = {"iso2022_jp": _KANJI, "iso2022_jp_2": _MORE_KANJI}
#: Sets in G1 by pydicom's name: escape sequence (PS3.3 Tables C.12-3 and C.12-4), Python codec.
_IN_G1 = {
    "shift_jis": (b"\x1b)I", "shift_jis"),
    "latin_1": (b"\x1b-A", "latin_1"),
    "iso8859_15": (b"\x1b-b", "iso8859_15"),
    "iso8859_2": (b"\x1b-B", "iso8859_2"),
    "iso8859_3": (b"\x1b-C", "iso8859_3"),
    "iso8859_4": (b"\x1b-D", "iso8859_4"),
    "iso_ir_126": (b"\x1b-F", "iso8859_7"),
    "iso_ir_127": (b"\x1b-G", "iso8859_6"),
    "iso_ir_138": (b"\x1b-H", "iso8859_8"),
    "iso_ir_144": (b"\x1b-L", "iso8859_5"),
    "iso_ir_148": (b"\x1b-M", "iso8859_9"),
    "iso_ir_166": (b"\x1b-T", "tis_620"),
    "euc_kr": (b"\x1b$)C", "euc_kr"),
    "iso_ir_58": (b"\x1b$)A", "gb2312"),
}


def encode_text(text: str, terms: tuple[str, ...], vr: str, was: bytes) -> bytes | None:
    """Encode a text value.

    Parameters
    ----------
    text
        The value, several ones parted by a backslash where the VR has several; without padding.
    terms
        The data set's encodings as :func:`curator.scrub.dicom.text.character_set` returns them, or defined terms of
        PS3.3 section C.12.1.1.2. None at all: the default repertoire.
    vr
        The value representation.
    was
        The bytes that stood there; they stay when they say the same.

    Returns
    -------
    bytes or None
        Without padding; None when the character set does not hold the text, or a reader would not get it back.
    """
    encodings = _encodings(terms)
    if encodings is None or "\x1b" in text:
        return None
    if was and decode(was, encodings) == text:
        return was
    if text.isascii():
        return text.encode("ascii")
    if not encodings:
        return None
    made = _alone(text, encodings[0]) if len(encodings) == 1 else _extended(text, encodings)
    if made is None or decode(made + b" ", encodings) != text.rstrip("\0 "):
        return None
    if vr not in _ONE_VALUE and made.count(b"\\") != text.count("\\"):
        return None  # a part of a character would be read as the mark between values
    return made


def _encodings(terms: tuple[str, ...]) -> Encodings | None:
    from pydicom.charset import convert_encodings, python_encoding

    if not terms or terms in {("",), ("ISO_IR 6",), ("iso8859",)}:
        return DEFAULT
    names = {*python_encoding.values(), *_IN_G1}
    if all(term in names for term in terms):
        return terms
    if not all(term in python_encoding for term in terms):
        return None
    return tuple(convert_encodings(list(terms)))


def _alone(text: str, encoding: str) -> bytes | None:
    """Encode in one set without code extensions."""
    try:
        if encoding in _ALONE:
            return text.encode(encoding)
        if encoding == "iso8859" or encoding not in _IN_G1:
            return None
        made = [_single(mark, encoding) for mark in text]
    except UnicodeError:
        return None
    return None if None in made else b"".join(one for one in made if one is not None)


def _single(mark: str, encoding: str) -> bytes | None:
    """Return a character in G0 as ASCII or in G1 of a set; None when the set lacks it."""
    if mark.isascii():
        return mark.encode("ascii")
    if encoding == "shift_jis" and ord(mark) not in _HALF_KANA:
        return None
    try:
        made = mark.encode(_IN_G1[encoding][1])
    except UnicodeError:
        return None
    return made if all(byte > 0x7F for byte in made) else None


def _wide(mark: str, encoding: str) -> bytes | None:
    """Return a character of a multi-byte set in G0 without escape sequences; None when the set lacks it."""
    try:
        made = mark.encode(encoding)
    except UnicodeError:
        return None
    begin = _IN_G0[encoding]
    return made[len(begin) :].removesuffix(_TO_ASCII) if made.startswith(begin) and made.endswith(_TO_ASCII) else None


def _extended(text: str, encodings: Encodings) -> bytes | None:
    """Encode with code extensions: each part between delimiters begins and ends in the first set."""
    made: list[bytes] = []
    for part in _DELIMITERS.split(text):
        if part.isascii():
            made.append(part.encode("ascii"))
            continue
        pieces = list(_part(part, encodings))
        if None in pieces:
            return None
        made += [piece for piece in pieces if piece is not None]
    return b"".join(made)


def _part(text: str, encodings: Encodings) -> Iterator[bytes | None]:
    """Yield a part's bytes with the escape sequences that lead from set to set; None for what no set has."""
    first = encodings[0]
    home = _TO_ROMAN if first == "shift_jis" else _TO_ASCII
    in_g0, in_g1 = "", first if first in _IN_G1 else ""
    for mark in text:
        if mark.isascii():
            if in_g0:
                yield home
                in_g0 = ""
                in_g1 = first if first in _IN_G1 else ""  # readers take this escape sequence for all that follows
            yield mark.encode("ascii")
            continue
        # What is active comes first, then the order of the character set's values.
        for encoding in dict.fromkeys([one for one in (in_g0, in_g1) if one] + list(encodings)):
            if encoding in _IN_G0:
                wide = _wide(mark, encoding)
                if wide is None:
                    continue
                if in_g0 != encoding:
                    yield _IN_G0[encoding]
                    in_g0 = encoding
                yield wide
                break
            single = _single(mark, encoding) if encoding in _IN_G1 else None
            if single is None:
                continue
            if in_g0:
                yield home
                in_g0 = ""
                if encoding == in_g1 and encoding != first:
                    yield _IN_G1[encoding][0]  # readers take the last escape sequence for all that follows
            if in_g1 != encoding:
                yield _IN_G1[encoding][0]
                in_g1 = encoding
            yield single
            break
        else:
            yield None
            return
    if in_g0:
        yield home
    if in_g1 != first and first in _IN_G1:
        yield _IN_G1[first][0]
