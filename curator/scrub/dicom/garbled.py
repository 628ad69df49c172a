"""Texts written in another character set than the file says: what they were meant as, and what nobody can read.

A name in bytes of GB 2312, EUC-KR or KOI8-R that are read as Latin letters is no word of any list, and readers with the
right set still see it. It must never take a word that a language writes so.
"""

from __future__ import annotations

import re

#: Sets in which three letters in a row that are not ASCII belong to no language.
_WESTERN = frozenset({"latin_1", "iso8859", "iso8859_15"})
#: Sets of which all letters may stand in a row.
_WIDE = frozenset({"GB18030", "GBK"})
_UTF8 = "UTF8"
#: Where the UTF-8 of scripts begins that take three bytes a character.
_THREE_BYTES = 0x800
_TOKEN = re.compile(r"[^\s!-/:-@\[-`{-~]+")
_RUN = re.compile("[\u00a1-\u017f]{2,}")
#: Signs that stand right before and behind letters.
_BESIDE = "°ªº²³µ·«»"
_LEAST_WESTERN, _LEAST = 3, 5


def meant_as_utf8(value: bytes, encodings: tuple[str, ...]) -> str | None:
    """Return a text that is UTF-8 although the file says otherwise; None where it is not.

    Parameters
    ----------
    value
        Not plain ASCII.
    encodings
        What the file says, in pydicom's names.
    """
    if encodings[0] == _UTF8 or b"\x1b" in value:
        return None
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    # In two bytes a character, what is valid UTF-8 may be chance.
    return None if encodings[0] in _WIDE and max(map(ord, text)) < _THREE_BYTES else text


def without_garble(text: str, encodings: tuple[str, ...]) -> str:
    """Return a text without words that are read as Latin ones and are none; the same object when there are none."""
    if text.isascii() or not _RUN.search(text):
        return text
    western = bool(encodings) and encodings[0] in _WESTERN
    made = _TOKEN.sub(lambda found: "" if _is_garbled(found[0], western) else found[0], text)
    return text if made == text else re.sub(r" {2,}", " ", made).strip(" ")


def _is_garbled(token: str, western: bool) -> bool:
    for found in _RUN.finditer(token):
        run = found[0].strip(_BESIDE)
        if len(run) > 1 and not run.isalpha():
            return True
        if len(run) >= (_LEAST_WESTERN if western else _LEAST):
            return True
    return False
