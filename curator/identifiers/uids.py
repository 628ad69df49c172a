"""New UIDs for old: ``2.25.`` and a 128-bit integer (PS3.5, B.2), by HMAC of a subkey of the project secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from curator.core.hashing import keyed

#: 2.25 and a number are three; those are made, and long.
_LEAST_PARTS = 3
_LEAST_UID = 16
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)+")


def is_uid(text: str) -> bool:
    """Say whether a text is formed as a UID (PS3.5 section 9.1)."""
    return len(text) <= 64 and _UID.fullmatch(text) is not None


def is_sound_uid(text: str) -> bool:
    """Say whether a text keeps the rules for UIDs and is no date with points: a root of 0 to 2, and long enough."""
    parts = text.split(".")
    whole = all(part == "0" or not part.startswith("0") for part in parts)
    sound = is_uid(text) and whole and parts[0] in {"0", "1", "2"}
    return sound and (len(parts) > _LEAST_PARTS or len(text) >= _LEAST_UID)


@dataclass(frozen=True)
class UidCoder:
    """Maps UIDs, the same way at each call and on each machine with the same vault.

    Parameters
    ----------
    key
        32 secret bytes: the vault's subkey ``uid``.
    given
        Original UIDs to new ones that the user gave.
    retain
        Whether the policy keeps original UIDs (PS3.15 E.3.9): then only what is no UID is mapped.
    """

    key: bytes = field(repr=False)
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    retain: bool = False

    def __call__(self, old: str) -> str:
        """Return the UID that stands for an original one (padding is no part of it)."""
        old = old.strip(" \x00")
        if old in self.given:
            return self.given[old]
        if self.retain and is_sound_uid(old):
            return old
        return _made(self.key, old)


@lru_cache(maxsize=8192)  # the objects of a series share most of their UIDs
def _made(key: bytes, old: str) -> str:
    digest = keyed(key, "uid", old.encode("utf-8"))
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"
