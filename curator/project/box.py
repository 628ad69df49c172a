"""Authenticated encryption of named documents: what every file of the vault is sealed with."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from curator.core.errors import IntegrityError
from curator.core.hashing import framed

MAGIC = b"CVB1"
NONCE_BYTES = 12


@dataclass(frozen=True)
class Box:
    """AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the document's name is authenticated with it.

    Parameters
    ----------
    key
        32 secret bytes. Never shown by ``repr``.
    """

    key: bytes = field(repr=False)

    def seal(self, name: str, data: bytes) -> bytes:
        """Encrypt a document under its name."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(NONCE_BYTES)
        return MAGIC + nonce + AESGCM(self.key).encrypt(nonce, data, framed("vault-file", name.encode()))

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Decrypt a document and prove its name and bytes.

        Raises
        ------
        IntegrityError
            VLT-003 when it was changed, cut, or sealed under another name or key.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        start = len(MAGIC)
        if not sealed.startswith(MAGIC) or len(sealed) < start + NONCE_BYTES + 16:
            raise IntegrityError("VLT-003", name=name)
        nonce = sealed[start : start + NONCE_BYTES]
        try:
            return AESGCM(self.key).decrypt(nonce, sealed[start + NONCE_BYTES :], framed("vault-file", name.encode()))
        except InvalidTag:
            raise IntegrityError("VLT-003", name=name) from None
