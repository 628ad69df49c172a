"""Whether the bytes of an ICC profile hold nothing but a profile of a known maker (ICC.1:2022, clause 7).

An ICC profile has room for free text and for bytes between its tags, so it is kept only when every byte is accounted
for. It must never pass a profile that it could not read whole.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache

from curator.scrub.dicom.rules import data_text

_HEADER, _ENTRY, _MOST_TAGS = 128, 12, 100
_LARGEST = 4 << 20
_RESERVED = slice(100, 128)


@cache
def _known() -> tuple[re.Pattern[str], frozenset[bytes]]:
    raw = tomllib.loads(data_text("icc.toml"))
    texts = re.compile("|".join(f"(?:{text})" for text in raw["texts"]), re.IGNORECASE)
    return texts, frozenset(kind.encode() for kind in raw["numeric"])


@lru_cache(maxsize=64)
def is_clean_profile(data: bytes) -> bool:
    """Say whether a profile is well formed, without gaps that hold bytes, and with known texts only."""
    if not _HEADER + 4 <= len(data) <= _LARGEST or data[36:40] != b"acsp" or any(data[_RESERVED]):
        return False
    size = int.from_bytes(data[:4], "big")
    count = int.from_bytes(data[_HEADER : _HEADER + 4], "big")
    start = _HEADER + 4 + count * _ENTRY
    if not start <= size <= len(data) or any(data[size:]) or len(data) - size > 3 or not 0 < count <= _MOST_TAGS:
        return False
    spans = []
    for at in range(_HEADER + 4, start, _ENTRY):
        begin, length = int.from_bytes(data[at + 4 : at + 8], "big"), int.from_bytes(data[at + 8 : at + 12], "big")
        if begin < start or length < 8 or begin + length > size or not _is_clean_tag(data[begin : begin + length]):
            return False
        spans.append((begin, begin + length))
    covered = start
    for begin, end in sorted(spans):
        if begin > covered and any(data[covered:begin]):
            return False
        covered = max(covered, end)
    return not any(data[covered:size])


def _is_clean_tag(data: bytes) -> bool:
    texts, numeric = _known()
    kind = data[:4]
    if kind in numeric:
        return True
    found = _TEXTS_OF[kind](data) if kind in _TEXTS_OF else None
    return found is not None and all(texts.fullmatch(text) for text in found if text)


def _plain(data: bytes) -> str | None:
    """Return ASCII text up to its end; None when bytes stand behind it, or it is not ASCII."""
    text, _, rest = data.partition(b"\0")
    return text.decode("ascii") if text.isascii() and not any(rest) else None


def _of_text(data: bytes) -> list[str] | None:
    text = _plain(data[8:])
    return None if text is None else [text]


def _of_description(data: bytes) -> list[str] | None:
    """Read textDescriptionType (ICC.1:2001-04, 6.5.17): ASCII, Unicode and ScriptCode text."""
    end = 12 + int.from_bytes(data[8:12], "big")
    wide = end + 8
    wide_end = wide + 2 * int.from_bytes(data[end + 4 : wide], "big")
    if wide_end > len(data):
        return None
    plain, script = _plain(data[12:end]), _plain(data[wide_end + 3 : wide_end + 70])
    if plain is None or script is None or any(data[wide_end + 70 :]):
        return None
    return [plain, data[wide:wide_end].decode("utf-16-be", "replace").rstrip("\0"), script]


def _of_localized(data: bytes) -> list[str] | None:
    """Read multiLocalizedUnicodeType (ICC.1:2022, 10.15); None when its records do not cover it."""
    count, size = int.from_bytes(data[8:12], "big"), int.from_bytes(data[12:16], "big")
    if size != _ENTRY or not 0 < count <= _MOST_TAGS or 16 + count * _ENTRY > len(data):
        return None
    found, covered = [], 16 + count * _ENTRY
    spans = []
    for at in range(16, covered, _ENTRY):
        length, begin = int.from_bytes(data[at + 4 : at + 8], "big"), int.from_bytes(data[at + 8 : at + 12], "big")
        if not re.fullmatch(rb"[a-z]{2}[A-Z\0]{2}", data[at : at + 4]) or begin + length > len(data) or begin < covered:
            return None
        spans.append((begin, begin + length))
        found.append(data[begin : begin + length].decode("utf-16-be", "replace").rstrip("\0"))
    for begin, end in sorted(spans):
        if begin > covered and any(data[covered:begin]):
            return None
        covered = max(covered, end)
    return None if any(data[covered:]) else found


_TEXTS_OF = {b"text": _of_text, b"desc": _of_description, b"mluc": _of_localized}
