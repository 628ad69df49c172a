"""Keys that scrypt derived in this process, kept: the work factors stay what they are, the work is done once.

The tests open the same vault and the same keys with the same passphrase hundreds of times, at 0.3 s each.
"""

from __future__ import annotations

import hashlib
from typing import Any

_scrypt = hashlib.scrypt
keys: dict[str, bytes] = {}


def remembered(password: bytes, **how: Any) -> bytes:
    """Derive a key, or return it when the same passphrase, salt and work factors gave it before."""
    name = hashlib.sha256(repr((bytes(password), sorted(how.items()))).encode()).hexdigest()
    if name not in keys:
        keys[name] = _scrypt(password, **how)
    return keys[name]


def remember() -> None:
    """Let every derivation of this process be remembered."""
    hashlib.scrypt = remembered  # type: ignore[assignment]
