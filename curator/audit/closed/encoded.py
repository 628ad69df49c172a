"""Parts of a text that are base64: found, decoded, and the short ones put side by side to be searched at once.

Short parts are digests for the most part, a dozen a record: searched one by one each costs as much as a page of text.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from curator.audit.closed.plain import plain_bytes

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}(?:\r?\n[A-Za-z0-9+/_-]{16,}={0,2})*")
#: Stands between parts. No value spans it: its marks are more than a value's letters may stand apart, and NULs, which
#: are in no text in UTF-8, keep what is read so apart too.
_BETWEEN = b"\0;;;;;\0"
#: Bytes that are put side by side.
_MOST = 1 << 18


def decoded_parts(text: str) -> Iterator[bytes]:
    """Yield the bytes of each part of a text that is base64 of either alphabet."""
    for match in _BASE64.finditer(text):
        data = _decoded(match[0])
        if data is not None:
            yield data


def _decoded(text: str) -> bytes | None:
    joined = "".join(text.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(
            joined[: len(joined) // 4 * 4] if len(joined) % 4 == 1 else joined + "=" * (-len(joined) % 4)
        )
    except (binascii.Error, ValueError):
        return None


class Together:
    """Short parts that wait to be searched at once."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        """Take one part."""
        self._held.append(data)
        self._size += len(data) + len(_BETWEEN)

    @property
    def full(self) -> bool:
        """Whether so many wait that they should be read."""
        return self._size >= _MOST

    def read(self) -> Iterator[tuple[bytes, int]]:
        """Yield all that waits as plain bytes, with how many of them stand between parts; then nothing waits."""
        between = len(_BETWEEN) * max(0, len(self._held) - 1)
        data = _BETWEEN.join(self._held)
        self._held, self._size = [], 0
        # The first reading has every byte as one letter; what is read as UTF-8 has no mark between parts.
        for number, plain in enumerate(plain_bytes(data) if data else ()):
            yield plain, 0 if number else between
