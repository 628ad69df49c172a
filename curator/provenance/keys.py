"""Keys: sign, verify, name them, read and write the public half.

Ed25519 (RFC 8032) for keys in files, and ECDSA on P-256 for tokens and key services that know nothing else; the length
of a raw public key tells which (:mod:`curator.provenance.curves`).

Holds private keys in memory only; files of private keys are :mod:`curator.provenance.keystore`'s affair.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from curator.core.errors import UsageError
from curator.provenance.curves import (
    KEY_BYTES,
    P256,
    POINT_BYTES,
    SIGNATURE_BYTES,
    SPKI_PREFIX,
    algorithm_of,
    check_public,
    from_spki,
    is_settled,
    spki,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

__all__ = [
    "KEY_BYTES",
    "SIGNATURE_BYTES",
    "SPKI_PREFIX",
    "PersonKey",
    "SeedSigner",
    "Signer",
    "algorithm_of",
    "check_id",
    "decode64",
    "encode64",
    "key_id",
    "parse_public",
    "public_pem",
    "require_fit",
    "verify",
]

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
#: Stands for the ledger's operator in the first record, so no person may have it.
RESERVED = "operator"
_PEM_HEAD = "-----BEGIN PUBLIC KEY-----"
_PEM_FOOT = "-----END PUBLIC KEY-----"


class Signer(Protocol):
    """Anything that signs with one key."""

    @property
    def public(self) -> bytes:
        """The raw public key: 32 bytes for Ed25519, the 65 bytes of the uncompressed point for P-256."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data: 64 bytes for Ed25519, for P-256 DER with s in the lower half."""
        ...


@dataclass(frozen=True)
class PersonKey:
    """A person's opened key: an id and a signer."""

    person: str
    signer: Signer


def check_id(name: str) -> None:
    """Refuse an id of a person that cannot stand in records and file names.

    Raises
    ------
    UsageError
        KEY-015.
    """
    if not _ID.fullmatch(name) or name == RESERVED:
        raise UsageError("KEY-015")


class SeedSigner:
    """A signer over a seed held in memory.

    Parameters
    ----------
    seed
        The 32-byte private key of RFC 8032.
    """

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key().public_bytes_raw()

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the signature over data."""
        return self._key.sign(data)

    def __repr__(self) -> str:
        return f"SeedSigner({key_id(self._public)[:12]})"


@lru_cache(maxsize=4096)
def _ed25519(public: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    check_public(public)
    return Ed25519PublicKey.from_public_bytes(public)


@lru_cache(maxsize=4096)
def _p256(public: bytes) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Say whether a signature over data was made with the private half of a raw public key.

    False too for a public key that is unfit (:func:`curator.provenance.curves.check_public`) and for an ECDSA signature
    in another than its one spelling.
    """
    from cryptography.exceptions import InvalidSignature

    try:
        if len(public) == POINT_BYTES:
            return _verify_p256(public, signature, data)
        if len(signature) != SIGNATURE_BYTES:
            return False
        _ed25519(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _verify_p256(public: bytes, signature: bytes, data: bytes) -> bool:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    if not is_settled(signature):
        return False
    _p256(public).verify(signature, data, ECDSA(SHA256()))
    return True


@lru_cache(maxsize=4096)
def key_id(public: bytes) -> str:
    """Name a key: SHA-256, in hex, of its DER SubjectPublicKeyInfo.

    ``openssl pkey -pubin -in KEY.pem -outform DER | sha256sum`` prints the same.
    """
    return hashlib.sha256(spki(public)).hexdigest()


def public_pem(public: bytes) -> bytes:
    """Write a raw public key as PEM SubjectPublicKeyInfo (RFC 7468, section 13), 64 characters a line."""
    body = base64.b64encode(spki(public)).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"{_PEM_HEAD}\n{lines}\n{_PEM_FOOT}\n".encode()


def decode64(text: str) -> bytes:
    """Decode standard base64 and refuse any but the one canonical spelling.

    Raises
    ------
    ValueError
        For other characters, missing padding or stray bits.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def encode64(data: bytes) -> str:
    """Encode bytes as standard base64 with padding."""
    return base64.b64encode(data).decode()


def parse_public(data: bytes) -> bytes:
    """Read a raw public key from PEM, a C2SP verifier key (``name+hash+base64``), hex or base64.

    Returns
    -------
    bytes
        32 bytes (Ed25519) or 65 bytes (P-256).

    Raises
    ------
    UsageError
        KEY-017 when it is none of these, KEY-050 for a key that is unfit.
    """
    try:
        raw = _parse(data.decode("ascii").strip())
    except ValueError:
        raise UsageError("KEY-017") from None
    require_fit(raw)
    return raw


def require_fit(public: bytes) -> None:
    """Refuse a raw public key that may not be used (:func:`curator.provenance.curves.check_public`).

    Raises
    ------
    UsageError
        KEY-050.
    """
    try:
        (_p256 if algorithm_of(public) == P256 else _ed25519)(public)
    except ValueError:
        raise UsageError("KEY-050") from None


def _parse(text: str) -> bytes:
    if text.startswith(_PEM_HEAD) and text.endswith(_PEM_FOOT):
        return from_spki(decode64("".join(text[len(_PEM_HEAD) : -len(_PEM_FOOT)].split())))
    if text.count("+") >= 2 and len(text.split("+", 2)[1]) == 8 and text.split("+", 2)[0]:
        from curator.provenance.note import parse_vkey

        return parse_vkey(text)[1]
    raw = bytes.fromhex(text) if len(text) in {2 * KEY_BYTES, 2 * POINT_BYTES} else decode64(text)
    algorithm_of(raw)
    return raw
