"""New UIDs for old: ``2.25.`` and a 128-bit integer (PS3.5, B.2), by HMAC of a subkey of the project secret."""

from __future__ import annotations

from dataclasses import dataclass, field

from curator.core.hashing import keyed


@dataclass(frozen=True)
class UidCoder:
    """Maps UIDs, the same way at each call and on each machine with the same vault.

    Parameters
    ----------
    key
        32 secret bytes: the vault's subkey ``uid``.
    """

    key: bytes = field(repr=False)

    def __call__(self, old: str) -> str:
        """Return the UID that stands for an original one (padding is no part of it)."""
        digest = keyed(self.key, "uid", old.strip(" \x00").encode("utf-8"))
        return f"2.25.{int.from_bytes(digest[:16], 'big')}"
