"""Recovery shares: a random key split n of m (SLIP-39), one share a person, sealed to that person or on paper.

SLIP-39 is SatoshiLabs' standard for Shamir's secret sharing: each share is 33 words with a checksum, an identifier of
the split and a digest of the secret, so that an altered share or one of another split is found. Words come from the
library ``shamir-mnemonic`` of the same authors. A share alone, or any number below the threshold, says nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.project import header
from curator.project.box import Box

SHARE_FORMAT = 1
DOCUMENT = "vault-recovery-share"
MAX_SHARE_BYTES = 1 << 14
MOST_SHARES = 16


@dataclass(frozen=True)
class Given:
    """A share as a person gives it.

    Parameters
    ----------
    data
        The file's bytes: a sealed share, or the words.
    passphrase
        The person's, for a sealed share.
    """

    data: bytes = field(repr=False)
    passphrase: bytes | None = field(default=None, repr=False)


def split_words(secret: bytes, threshold: int, shares: int) -> list[str]:
    """Split 32 bytes into mnemonics of 33 words, any ``threshold`` of which give them back."""
    from shamir_mnemonic import generate_mnemonics

    # No passphrase and the least work: the secret is random, so there is nothing to guess.
    made: list[list[str]] = generate_mnemonics(1, [(threshold, shares)], secret, iteration_exponent=0)
    return made[0]


def joined(mnemonics: Sequence[str]) -> tuple[bytes, list[int]] | None:
    """Join mnemonics to the secret.

    Returns
    -------
    tuple or None
        The secret and the places of the shares that gave it, from 0. None for too few, altered or mixed ones; which of
        these it was is not told, and one bad share among enough good ones spoils all.
    """
    from shamir_mnemonic import combine_mnemonics
    from shamir_mnemonic.share import Share

    try:
        shares = {one: Share.from_mnemonic(one) for one in {" ".join(text.split()) for text in mnemonics}}
        ordered = sorted(shares, key=lambda one: shares[one].index)
        least = shares[ordered[0]].member_threshold
        places = [shares[one].index for one in ordered]
        # A share of ours asks for the least work; one that asks for hours of it is not ours.
        if len(set(places)) != len(places) or any(one.iteration_exponent for one in shares.values()):
            return None
        windows = range(max(1, len(ordered) - least + 1))
        secrets = {combine_mnemonics(ordered[at : at + least]) for at in windows}
    except Exception:  # noqa: BLE001 - whatever words somebody typed, the answer is the same
        return None
    return (secrets.pop(), places) if len(secrets) == 1 else None


def _bound(head: dict[str, Any]) -> str:
    return f"recovery-share/{hashlib.sha256(canonical_bytes(head)).hexdigest()}"


def sealed_share(head: dict[str, Any], words: str, passphrase: bytes) -> bytes:
    """Seal a share with its holder's passphrase: scrypt and AES-256-GCM, as people's keys are (ADR 32).

    Parameters
    ----------
    head
        What the file says in clear: holder, number, threshold, shares, split.
    words
        The share.
    passphrase
        The holder's own.
    """
    kdf, _ = header.new_kdf()
    whole = {"format": SHARE_FORMAT, "document": DOCUMENT, **head, "kdf": kdf}
    sealed = Box(header.derived(passphrase, kdf)).seal(_bound(whole), words.encode())
    return canonical_bytes({**whole, "sealed": base64.b64encode(sealed).decode()})


def paper_share(head: dict[str, Any], words: str) -> bytes:
    """Write a share as words to be printed: lines behind ``#`` are remarks."""
    each = words.split()
    rows = [" ".join(each[at : at + 6]) for at in range(0, len(each), 6)]
    return (
        f"# Recovery share {head['number']} of {head['shares']} of the vault, for {head['holder']}. "
        f"Any {head['threshold']} shares of split {head['split']} open it.\n"
        "# Keep this paper apart from the others and from the vault, and remove this file once it is printed.\n"
        + "\n".join(rows)
        + "\n"
    ).encode()


def read_share_file(path: Path) -> bytes:
    """Return the bytes of a share's file.

    Raises
    ------
    UsageError
        VLT-039 when it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_SHARE_BYTES + 1)
    except OSError:
        raise UsageError("VLT-039") from None
    if len(data) > MAX_SHARE_BYTES:
        raise UsageError("VLT-039")
    return data


def is_sealed(data: bytes) -> bool:
    """Say whether a share's file asks for its holder's passphrase."""
    return data.lstrip().startswith(b"{")


def words_of(given: Given) -> str | None:
    """Return a share's words, None when it is damaged or the passphrase is wrong."""
    if not is_sealed(given.data):
        lines = given.data.decode("utf-8", "replace").splitlines()
        return " ".join(word for line in lines if not line.lstrip().startswith("#") for word in line.split())
    try:
        doc: dict[str, Any] = strict_loads(given.data)
        sealed = base64.b64decode(doc.pop("sealed"))
        if (doc["format"], doc["document"]) != (SHARE_FORMAT, DOCUMENT) or given.passphrase is None:
            return None
        key = header.derived(given.passphrase, doc["kdf"], header.SCRYPT)
        return Box(key).unseal(_bound(doc), sealed).decode()
    except (UsageError, IntegrityError, ValueError, KeyError, TypeError, AttributeError, MemoryError):
        return None
