"""Encryption of small secrets at rest under a passphrase: scrypt (RFC 7914) and AES-256-GCM (NIST SP 800-38D).

The work is at least n = 2**17, r = 8, p = 1 (128 MiB); docs/adr/0032-keys-at-rest.md says why. A document with less
work is never opened, and neither is one with a work that would stop the machine.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.provenance.keys import decode64, encode64

WORK = {"n": 1 << 17, "r": 8, "p": 1}
CEILING = {"n": 1 << 20, "r": 16, "p": 4}


def _derive(passphrase: bytes, salt: bytes, work: dict[str, int]) -> bytes:
    return hashlib.scrypt(
        passphrase, salt=salt, n=work["n"], r=work["r"], p=work["p"], maxmem=256 * work["n"] * work["r"], dklen=32
    )


def seal(head: dict[str, Any], secret: bytes, passphrase: bytes) -> dict[str, Any]:
    """Encrypt a secret and return the whole document: the head, ``kdf``, ``cipher`` and ``sealed``.

    Parameters
    ----------
    head
        What stands in the clear; it is authenticated with the secret.
    secret
        What is encrypted.
    passphrase
        Checked by the caller.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    whole: dict[str, Any] = {
        **head,
        "kdf": {"name": "scrypt", "salt": encode64(salt), **WORK},
        "cipher": {"name": "aes-256-gcm", "nonce": encode64(nonce)},
    }
    sealed = AESGCM(_derive(passphrase, salt, WORK)).encrypt(nonce, secret, canonical_bytes(whole))
    return {**whole, "sealed": encode64(sealed)}


def opening_key(document: dict[str, Any], passphrase: bytes) -> tuple[bytes, bytes]:
    """Return the 32-byte key and the 12-byte nonce that open a sealed document.

    Raises
    ------
    ValueError, KeyError, TypeError
        For a malformed document, or one with too little or too much work.
    """
    kdf, cipher = document["kdf"], document["cipher"]
    work = {name: kdf[name] for name in WORK}
    salt, nonce = decode64(kdf["salt"]), decode64(cipher["nonce"])
    bounded = all(type(work[name]) is int and WORK[name] <= work[name] <= CEILING[name] for name in WORK)
    named = (kdf["name"], cipher["name"]) == ("scrypt", "aes-256-gcm")
    if not bounded or not named or len(salt) < 16 or len(nonce) != 12:
        raise ValueError("not as strong as this program writes it")
    return _derive(passphrase, salt, work), nonce
