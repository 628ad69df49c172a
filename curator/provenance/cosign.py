"""Cosignatures of witnesses: c2sp.org/tlog-cosignature, ``cosignature/v1`` with Ed25519.

A cosignature says: at this time, this was the largest consistent tree of this log that the witness had seen. It is one
more line under a checkpoint. Which witness is to be believed is the caller's affair.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from curator.core.errors import IntegrityError, UsageError
from curator.provenance.keys import KEY_BYTES, SIGNATURE_BYTES, Signer, decode64, encode64, verify
from curator.provenance.note import DASH, ID_BYTES, Note

TYPE = b"\x04"
_STAMPED = struct.Struct(f">Q{SIGNATURE_BYTES}s")
BYTES = _STAMPED.size
#: The last second that a record's time can hold.
_LATEST = 253_402_300_799
#: A URL without its scheme, as c2sp.org/tlog-cosignature advises; narrower than a note allows.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")


@dataclass(frozen=True)
class Cosignature:
    """A cosignature that verified: the witness's name, its raw key, the time, the 72 bytes."""

    name: str
    public: bytes
    at: datetime
    raw: bytes


def key_hash(name: str, public: bytes) -> bytes:
    """Return the 4-byte key ID of a witness's key under its name."""
    return hashlib.sha256(name.encode() + b"\n" + TYPE + public).digest()[:ID_BYTES]


def vkey(name: str, public: bytes) -> str:
    """Write a witness's verifier key: ``<name>+<key ID in hex>+<base64 of 0x04 and the key>``."""
    return f"{name}+{key_hash(name, public).hex()}+{encode64(TYPE + public)}"


def check_name(name: str) -> str:
    """Return a name that a witness may have (UsageError LED-049)."""
    if not NAME.fullmatch(name):
        raise UsageError("LED-049", reason="a witness's name is a URL without its scheme, such as witness.example/w1")
    return name


def parse_vkeys(data: bytes) -> list[tuple[str, bytes]]:
    """Read verifier keys of witnesses, one a line.

    Raises
    ------
    UsageError
        LED-123 for a line that is none, or none at all.
    """
    found = []
    try:
        for line in data.decode("ascii").split():
            name, stated, body = line.split("+", 2)
            raw = decode64(body)
            if raw[:1] != TYPE or len(raw) != KEY_BYTES + 1 or key_hash(name, raw[1:]).hex() != stated:
                raise ValueError
            found.append((name, raw[1:]))
    except ValueError:
        found = []
    if not found:
        raise UsageError("LED-123")
    return found


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosign(text: str, name: str, signer: Signer, at: datetime) -> str:
    """Sign a checkpoint's text as a witness.

    Parameters
    ----------
    text
        The text under the note's signatures, with its last newline.
    name
        The witness's name.
    signer
        The witness's key.
    at
        When.

    Returns
    -------
    str
        The signature line, with its newline.

    Raises
    ------
    UsageError
        LED-049 for a name or a key that a witness may not have.
    """
    if len(signer.public) != KEY_BYTES:
        raise UsageError("LED-049", reason="a witness signs with an Ed25519 key")
    second = int(at.timestamp())
    raw = _STAMPED.pack(second, signer.sign(_message(text, second)))
    return f"{DASH}{check_name(name)} {encode64(key_hash(name, signer.public) + raw)}\n"


def check(text: str, name: str, public: bytes, raw: bytes) -> Cosignature:
    """Check one cosignature's 72 bytes over a checkpoint's text.

    Raises
    ------
    IntegrityError
        LED-047 when it does not match.
    """
    if len(raw) != BYTES:
        raise IntegrityError("LED-047", reason="it has another length than c2sp.org/tlog-cosignature says")
    second, signature = _STAMPED.unpack(raw)
    if second > _LATEST or not verify(public, signature, _message(text, second)):
        raise IntegrityError("LED-047", reason="it does not match the checkpoint")
    return Cosignature(name, public, datetime.fromtimestamp(second, UTC), raw)


def cosignatures(note: Note, keys: Iterable[tuple[str, bytes]]) -> list[Cosignature]:
    """Return the cosignatures of known witnesses under a checkpoint; those of others are passed over.

    Parameters
    ----------
    note
        The parsed checkpoint.
    keys
        Pairs of name and raw public key.

    Raises
    ------
    IntegrityError
        LED-047 when one of a known witness is wrong.
    """
    known = {(name, key_hash(name, public)): public for name, public in keys}
    found = []
    for entry in note.signatures:
        public = known.get((entry.name, entry.key_hash))
        if public is not None:
            found.append(check(note.text, entry.name, public, entry.signature))
    return found
