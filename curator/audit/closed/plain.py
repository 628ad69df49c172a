"""Texts and bytes made plain: accents and look-alike letters folded, separators kept, ready to be narrowed to letters.

Plain bytes are ASCII but for letters of other alphabets, which are UTF-8. Whatever is no letter or digit is a
separator, so that a reader of a place still sees where words begin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

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
        runs = [run for run in _RUN.findall(data) if not run.isascii()]
        if runs:
            yield plain_text("\0".join(run.decode("utf-8", "replace") for run in runs))


def chunks(plain: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield plain bytes in chunks that overlap, each with the place of its first byte."""
    if len(plain) <= CHUNK + OVERLAP:
        yield 0, plain
        return
    for at in range(0, max(1, len(plain) - OVERLAP), CHUNK):
        yield at, plain[at : at + CHUNK + OVERLAP]
