"""A P-256 key in memory, for tests: the product keeps such keys on tokens and in key services only."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from curator.provenance.curves import P256_ORDER, settled


class P256Signer:
    """Signs with a key derived from a name."""

    def __init__(self, name: str) -> None:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") % P256_ORDER
        self.key = ec.derive_private_key(number, ec.SECP256R1())

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def raw(self, data: bytes) -> bytes:
        """Sign without settling the spelling."""
        return self.key.sign(data, ec.ECDSA(SHA256()))

    def sign(self, data: bytes) -> bytes:
        return settled(self.raw(data))
