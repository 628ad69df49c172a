"""Ed25519 keys (RFC 8032): sign, verify, name them, read and write the public half.

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

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64
#: SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, section 4).
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
#: Stands for the ledger's operator in the first record, so no person may have it.
RESERVED = "operator"
_PEM_HEAD = "-----BEGIN PUBLIC KEY-----"
_PEM_FOOT = "-----END PUBLIC KEY-----"


class Signer(Protocol):
    """Anything that signs with one Ed25519 key."""

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the signature over data."""
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
def _loaded(public: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(public)


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Say whether a signature over data was made with the private half of a raw public key."""
    from cryptography.exceptions import InvalidSignature

    try:
        _loaded(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4096)
def key_id(public: bytes) -> str:
    """Name a key: SHA-256, in hex, of its DER SubjectPublicKeyInfo.

    ``openssl pkey -pubin -in KEY.pem -outform DER | sha256sum`` prints the same.
    """
    return hashlib.sha256(SPKI_PREFIX + public).hexdigest()


def public_pem(public: bytes) -> bytes:
    """Write a raw public key as PEM SubjectPublicKeyInfo (RFC 7468, section 13)."""
    body = base64.b64encode(SPKI_PREFIX + public).decode()
    return f"{_PEM_HEAD}\n{body}\n{_PEM_FOOT}\n".encode()


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
    """Read a raw public key from PEM, a C2SP verifier key (``name+hash+base64``), 64 hex digits or base64.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    UsageError
        KEY-017 when it is none of these, or not an Ed25519 key.
    """
    try:
        text = data.decode("ascii").strip()
        raw = _parse(text)
        _loaded(raw)
    except ValueError:
        raise UsageError("KEY-017") from None
    return raw


def _parse(text: str) -> bytes:
    if text.startswith(_PEM_HEAD) and text.endswith(_PEM_FOOT):
        body = decode64("".join(text[len(_PEM_HEAD) : -len(_PEM_FOOT)].split()))
        if not body.startswith(SPKI_PREFIX):
            raise ValueError("not an Ed25519 key")
        raw = body[len(SPKI_PREFIX) :]
    elif text.count("+") >= 2 and len(text.split("+", 2)[1]) == 8 and text.split("+", 2)[0]:
        from curator.provenance.note import parse_vkey

        raw = parse_vkey(text)[1]
    elif len(text) == 2 * KEY_BYTES:
        raw = bytes.fromhex(text)
    else:
        raw = decode64(text)
    if len(raw) != KEY_BYTES:
        raise ValueError("not 32 bytes")
    return raw
