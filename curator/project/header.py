"""``vault.json``: how a passphrase opens the master key, and which folder of the vault holds the documents.

The master key is wrapped with AES-256-GCM by a key from scrypt (RFC 7914). The name of the documents' folder is
authenticated with it: a header cannot be bent to point at the documents of an earlier master key.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.project.box import Box

NAME = "vault.json"
#: 1: the documents stand beside the header. 2: they stand in the folder that ``store`` names (after a rekey).
FORMATS = (1, 2)
#: scrypt work factor: 128 MiB of memory, some 0.3 s. OWASP's floor for scrypt is n = 2**17, r = 8, p = 1 (2024).
SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}
SCRYPT_CEILING = {"n": 1 << 22, "r": 32, "p": 16}
LEAST_PASSPHRASE = 8
MAX_BYTES = 1 << 14
STORE = re.compile(r"g[0-9]{4}")


def passphrase_key(passphrase: bytes, salt: bytes, work: dict[str, int]) -> bytes:
    """Derive 32 bytes from a passphrase with scrypt (RFC 7914)."""
    return hashlib.scrypt(
        passphrase, salt=salt, n=work["n"], r=work["r"], p=work["p"], maxmem=256 * work["n"] * work["r"], dklen=32
    )


def check_passphrase(passphrase: bytes) -> None:
    """Refuse a passphrase that is too short for a new vault.

    Raises
    ------
    UsageError
        VLT-006.
    """
    length = len(passphrase.decode("utf-8", "replace"))
    if length < LEAST_PASSPHRASE:
        raise UsageError("VLT-006", length=length, least=LEAST_PASSPHRASE)


def new_kdf() -> tuple[dict[str, Any], bytes]:
    """Return fresh scrypt parameters as a document holds them, and their salt."""
    salt = os.urandom(16)
    return {"name": "scrypt", "salt": base64.b64encode(salt).decode(), **SCRYPT}, salt


def derived(passphrase: bytes, kdf: dict[str, Any], least: dict[str, int] | None = None) -> bytes:
    """Derive the key that a document's scrypt parameters ask for.

    Parameters
    ----------
    passphrase
        The secret.
    kdf
        ``name``, ``salt``, ``n``, ``r``, ``p``.
    least
        A floor for the work factor; 1 without it.

    Raises
    ------
    ValueError, KeyError, TypeError, MemoryError
        For parameters that are malformed, too weak or large enough to stop the machine.
    """
    work = {name: int(kdf[name]) for name in SCRYPT}
    floor = least or dict.fromkeys(SCRYPT, 1)
    if kdf["name"] != "scrypt" or any(not floor[name] <= work[name] <= SCRYPT_CEILING[name] for name in work):
        raise ValueError
    return passphrase_key(passphrase, base64.b64decode(kdf["salt"]), work)


def _bound_name(store: str) -> str:
    return f"{NAME}/{store}" if store else NAME


def header_bytes(master: bytes, passphrase: bytes, store: str) -> bytes:
    """Return a header that opens a master key with a passphrase.

    Parameters
    ----------
    master
        32 secret bytes.
    passphrase
        The vault's.
    store
        Name of the folder of the documents; ``""`` where they stand beside the header.
    """
    kdf, salt = new_kdf()
    wrapped = Box(passphrase_key(passphrase, salt, SCRYPT)).seal(_bound_name(store), master)
    doc = {"format": 2 if store else 1, "kdf": kdf, "wrapped": base64.b64encode(wrapped).decode()}
    return canonical_bytes({**doc, "store": store} if store else doc)


def open_header(raw: bytes, passphrase: bytes) -> tuple[bytes, str] | None:
    """Open a header.

    Returns
    -------
    tuple or None
        Master key and name of the documents' folder; None when the passphrase does not open it.

    Raises
    ------
    UsageError
        SYS-007 for a newer format.
    IntegrityError
        VLT-003 when it is damaged.
    """
    try:
        doc: dict[str, Any] = strict_loads(raw)
        if doc["format"] > FORMATS[-1]:
            raise UsageError("SYS-007", found=doc["format"], known=FORMATS[-1])
        store = doc.get("store", "")
        if store and not STORE.fullmatch(store):
            raise ValueError
        wrapped = base64.b64decode(doc["wrapped"])
        key = derived(passphrase, doc["kdf"])
    except UsageError as error:
        if error.code == "SYS-007":
            raise
        raise IntegrityError("VLT-003", name=NAME) from None
    except (ValueError, KeyError, TypeError, AttributeError, MemoryError):
        raise IntegrityError("VLT-003", name=NAME) from None
    try:
        return Box(key).unseal(_bound_name(store), wrapped), store
    except IntegrityError:
        return None


def stated_store(raw: bytes) -> str:
    """Return the documents' folder that a header names, not proven; ``""`` when it names none or is damaged."""
    try:
        store = strict_loads(raw).get("store", "")
    except (UsageError, AttributeError):
        return ""
    return store if isinstance(store, str) and STORE.fullmatch(store) else ""
