"""Texts and bytes made plain: accents and look-alike letters folded, separators kept, ready to be narrowed to letters.

Plain bytes are ASCII but for letters of other alphabets, which are UTF-8. Whatever is no letter or digit is a
separator, so that a reader of a place still sees where words begin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from curator.audit.closed.engine import has_numpy
from curator.identifiers.spelling import fold, visible

_LETTERS = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(range(0x80, 0x100))
#: 1 for each byte that is part of a word.
KEPT = bytes(1 if at in _LETTERS else 0 for at in range(256))
_DROPPED = bytes(at for at in range(256) if at not in _LETTERS)
_LOWER = bytes(at + 32 if 0x41 <= at <= 0x5A else at for at in range(256))
_HIGH = re.compile(r"[^\x00-\x7f]+")
#: A run of text in UTF-8 that is long enough to be sought.
_RUN = re.compile(
    rb"(?:[\t\r\n\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){6,}+"
)
_LEAST_UNITS = 6
#: What a byte is in UTF-8: no part of text, a character of one byte, the first of several, one of the next.
_IS_TEXT, _LEADS, _FOLLOWS = 1, 2, 3
_KINDS = bytes(
    _IS_TEXT if at in {9, 10, 13} or 0x20 <= at <= 0x7E else
    _FOLLOWS if 0x80 <= at <= 0xBF else
    _LEADS if 0xC2 <= at <= 0xF4 else 0
    for at in range(256)
)  # fmt: skip
#: Bytes of text that are searched at once, and those of the chunk before that are searched with them again.
CHUNK, OVERLAP = 1 << 20, 1 << 10
#: Of a chunk that is not the first, places before this one were judged with the chunk before.
LEAD = 1 << 8


def _as_latin() -> bytes:
    """Return each byte as the letter that Windows-1252 shows, without its accent; other high bytes are separators."""
    made = bytearray(range(256))
    for at in range(0x80, 0x100):
        folded = fold(bytes([at]).decode("cp1252", "replace"))
        made[at] = ord(folded) if len(folded) == 1 and folded.isascii() else 0
    return bytes(made)


_LATIN = _as_latin()


def narrowed(plain: bytes) -> bytes:
    """Return the letters and digits of plain bytes, in lower case."""
    return plain.translate(_LOWER, _DROPPED)


def plain_text(text: str) -> bytes:
    """Return a text with its words folded where they are not ASCII."""
    if text.isascii():
        return text.encode("ascii")
    return _HIGH.sub(_folded_run, text).encode("utf-8", "replace")


def _folded_run(match: re.Match[str]) -> str:
    start, end, text = match.start(), match.end(), match.string
    beside = (start > 0 and text[start - 1].isalpha()) or text[end : end + 1].isalpha()
    return _fold_run(match[0], beside)


@lru_cache(maxsize=1 << 16)
def _fold_run(run: str, beside: bool) -> str:
    """Fold letters beyond ASCII; beside an ASCII letter those that look like Latin ones are Latin."""
    out = []
    for piece in re.split(r"(\W+)", visible(run)):
        if not piece:
            continue
        if piece[0].isalnum():
            out.append(fold("a" + piece)[1:] if beside else fold(piece))
        else:
            # A mark that combines with the letter before it separates nothing.
            kept = [mark for mark in piece if not unicodedata.combining(mark)]
            out.append("-" * len(kept[:1]) if kept else "")
    return "".join(out)


def plain_bytes(data: bytes, *, wide: bool = True) -> Iterator[bytes]:
    """Yield what bytes of an unknown kind are as text: as one byte a letter, and as UTF-8 where they hold any.

    Two bytes a letter (UTF-16) need no reading of their own: the NULs between ASCII letters are separators.

    Parameters
    ----------
    data
        The bytes.
    wide
        Also read UTF-8.
    """
    if data.isascii():
        yield data
        return
    yield data.translate(_LATIN)
    if wide:
        runs = [run for piece in _utf8_pieces(data) for run in _RUN.findall(piece) if not run.isascii()]
        if runs:
            yield plain_text("\0".join(run.decode("utf-8", "replace") for run in runs))


def _utf8_pieces(data: bytes) -> Iterator[bytes]:
    """Yield pieces of which every long run of text in UTF-8 that is not ASCII is wholly inside of one.

    Among noise an expression would begin anew at every byte; arrays find the few places where it may succeed.
    """
    if not has_numpy():
        yield data
        return
    import numpy as np

    kinds = np.frombuffer(b"\0" + data.translate(_KINDS) + b"\0", dtype=np.uint8)
    high, leads = kinds == _FOLLOWS, kinds == _LEADS
    # Text, or a byte that leads and one that follows it, or one that follows another or one that leads.
    kept = kinds == _IS_TEXT
    kept[:-1] |= leads[:-1] & high[1:]
    kept[1:] |= high[1:] & (leads[:-1] | high[:-1])
    edges = np.flatnonzero(kept[1:] != kept[:-1])
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts > _LEAST_UNITS
    starts, ends = starts[long], ends[long]
    wide = np.concatenate((np.zeros(1, dtype=np.int32), np.cumsum(leads[1:-1], dtype=np.int32)))
    some = wide[ends] > wide[starts]
    for start, end in zip(starts[some].tolist(), ends[some].tolist(), strict=True):
        yield data[start:end]


def chunks(plain: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield plain bytes in chunks that overlap, each with the place of its first byte."""
    if len(plain) <= CHUNK + OVERLAP:
        yield 0, plain
        return
    for at in range(0, max(1, len(plain) - OVERLAP), CHUNK):
        yield at, plain[at : at + CHUNK + OVERLAP]
