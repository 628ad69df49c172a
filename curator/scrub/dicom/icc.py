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
_RESERVED = slice(100, 128)
_RUN = re.compile(rb"[\x20-\x7e]{3,}")
_UNKNOWN_BYTES = re.compile(rb"[\x80-\xff]")


@cache
def _known() -> tuple[re.Pattern[str], frozenset[bytes], frozenset[bytes]]:
    raw = tomllib.loads(data_text("icc.toml"))
    # A run may begin with one or two printable bytes of a count that stands before the text.
    texts = re.compile("(?:.{0,2})(?:" + "|".join(f"(?:{text})" for text in raw["texts"]) + ")", re.IGNORECASE)
    return texts, frozenset(kind.encode() for kind in raw["numeric"]), frozenset(kind.encode() for kind in raw["text"])


@lru_cache(maxsize=64)
def is_clean_profile(data: bytes) -> bool:
    """Say whether a profile is well formed, without gaps that hold bytes, and with known texts only."""
    if len(data) < _HEADER + 4 or data[36:40] != b"acsp" or any(data[_RESERVED]):
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
    texts, numeric, text = _known()
    kind = data[:4]
    if kind in numeric:
        return True
    if kind not in text or _UNKNOWN_BYTES.search(data):
        return False
    return all(texts.fullmatch(run.decode("ascii")) for run in _RUN.findall(data.replace(b"\0", b"")))
