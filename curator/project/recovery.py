"""Open a vault without its passphrase, by n of m people.

``recovery.json``, beside the documents, holds the master key wrapped by a random recovery key; the shares split that
key. So a new split replaces the key and ends every earlier share, and a new master key leaves none in force. The sealed
document ``recovery`` names the split in force, so that a former ``recovery.json`` put back opens nothing either.
Nothing here tells which share was wrong or how many were right.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated, write_whole
from curator.core.hashing import keyed
from curator.project.box import Box
from curator.project.header import (
    MAX_BYTES,
    NAME,
    check_passphrase,
    header_bytes,
    stated_store,
)
from curator.project.openings import note_opening
from curator.project.shares import MOST_SHARES, Given, joined, paper_share, sealed_share, split_words, words_of
from curator.project.use import USE, Hold, write_allowed
from curator.project.vault import RECOVERY, Vault, read_header

RECOVERY_FORMAT = 1
#: The sealed document that names the split in force.
SEALED = "recovery"
_HOLDER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Holder:
    """Who gets a share: an id, and the passphrase that seals it; None for words on paper."""

    id: str
    passphrase: bytes | None = None

    def __repr__(self) -> str:
        return f"Holder({self.id})"


@dataclass(frozen=True)
class Split:
    """A split in force: its id, how many shares of how many open the vault, who holds them, when it was made (UTC)."""

    id: str
    threshold: int
    holders: tuple[str, ...]
    made_at: str


def check_split(threshold: int, holders: Sequence[str]) -> None:
    """Refuse a split that would be no safeguard.

    Raises
    ------
    UsageError
        VLT-036.
    """
    fine = all(_HOLDER.fullmatch(one) for one in holders) and len(set(holders)) == len(holders)
    if not fine or not 2 <= threshold <= len(holders) <= MOST_SHARES:
        raise UsageError("VLT-036", most=MOST_SHARES)


def _bound(head: dict[str, Any]) -> str:
    return f"recovery/{hashlib.sha256(canonical_bytes(head)).hexdigest()}"


def _mac(master: bytes, doc: dict[str, Any]) -> str:
    return keyed(master, "vault-recovery", canonical_bytes(doc)).hex()


def split(vault: Vault, threshold: int, holders: Sequence[Holder], out: Path, *, clock: Clock) -> Split:
    """Split a fresh recovery key, write the shares, and put it in force; earlier shares stop working.

    Parameters
    ----------
    vault
        Opened.
    threshold
        How many shares open the vault, at least 2.
    holders
        One a share, at most 16.
    out
        A folder that is empty or not there, for the shares' files. They appear together or not at all, and before
        the split is in force.
    clock
        For its time and the record of openings.

    Raises
    ------
    UsageError
        VLT-006 for a holder's short passphrase, VLT-032, VLT-036.
    CheckError
        SYS-001, SYS-002.
    """
    check_split(threshold, [one.id for one in holders])
    for one in holders:
        if one.passphrase is not None:
            check_passphrase(one.passphrase)
    out = out.absolute()
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise UsageError("VLT-032")
    made = Split(token_hex(4), threshold, tuple(one.id for one in holders), utc_text(clock.now()))
    secret = os.urandom(32)
    _write_shares(made, holders, split_words(secret, threshold, len(holders)), out)
    head = {
        "format": RECOVERY_FORMAT,
        "split": made.id,
        "threshold": threshold,
        "holders": list(made.holders),
        "madeAt": made.made_at,
        "store": vault.store,
    }
    doc = {**head, "wrapped": base64.b64encode(Box(secret).seal(_bound(head), vault.master)).decode()}
    vault.record("recovery-split", clock, made.holders)
    # Both names are good while the document is exchanged: killed at any instant, one split is in force.
    _name_splits(vault, [*_present(vault), made.id])
    with write_allowed(vault.folder):
        write_whole(vault.folder / RECOVERY, canonical_bytes({**doc, "mac": _mac(vault.master, doc)}), 0o600)
    _name_splits(vault, [made.id])
    return made


def _present(vault: Vault) -> list[str]:
    """Return the id of the split in force, if a sound one is; a damaged document must not bar a new split."""
    try:
        present = status(vault.root, vault)
    except IntegrityError:
        return []
    return [] if present is None else [present.id]


def _named_splits(vault: Vault) -> list[str]:
    data = vault.get(SEALED)
    return [] if data is None else list(strict_loads(data)["splits"])


def _name_splits(vault: Vault, names: list[str]) -> None:
    vault.put(SEALED, canonical_bytes({"format": RECOVERY_FORMAT, "splits": names}))


def _write_shares(made: Split, holders: Sequence[Holder], words: Sequence[str], out: Path) -> None:
    make_folder(out.parent)
    temp = out.parent / f"{TEMP_PREFIX}{token_hex(8)}"
    try:
        make_folder(temp, 0o700)
        for number, (holder, text) in enumerate(zip(holders, words, strict=True), 1):
            head = {
                "split": made.id,
                "number": number,
                "threshold": made.threshold,
                "shares": len(holders),
                "holder": holder.id,
            }
            if holder.passphrase is None:
                write_whole(temp / f"{holder.id}.share.txt", paper_share(head, text), 0o600)
            else:
                write_whole(temp / f"{holder.id}.share.json", sealed_share(head, text, holder.passphrase), 0o600)
        with translated():
            os.rename(temp, out)
            sync_folder(out.parent)
    except BaseException:
        shutil.rmtree(temp, ignore_errors=True)
        raise


def read_recovery(root: Path) -> bytes | None:
    """Return the recovery document of the vault in a folder, None when there is none (VLT-001 for no vault)."""
    path = root / stated_store(read_header(root)) / RECOVERY
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError:
        raise IntegrityError("VLT-003", name=RECOVERY) from None


def _parsed(data: bytes) -> dict[str, Any]:
    """Read a recovery document (VLT-003 when it is malformed)."""
    try:
        doc: dict[str, Any] = strict_loads(data)
        if doc["format"] > RECOVERY_FORMAT:
            raise UsageError("SYS-007", found=doc["format"], known=RECOVERY_FORMAT)
        check_split(doc["threshold"], doc["holders"])
        texts = (doc["split"], doc["madeAt"], doc["store"], doc["wrapped"], doc["mac"])
        fine = len(data) <= MAX_BYTES and all(isinstance(one, str) for one in texts)
    except UsageError as error:
        if error.code == "SYS-007":
            raise
        fine = False
    except (KeyError, TypeError, AttributeError):
        fine = False
    if not fine:
        raise IntegrityError("VLT-003", name=RECOVERY)
    return doc


def status(root: Path, vault: Vault | None = None) -> Split | None:
    """Return the split in force, None when there is none.

    Parameters
    ----------
    root
        The vault's folder.
    vault
        Opened, to prove what is said; without it, it is what the document says.

    Raises
    ------
    UsageError
        VLT-001 when there is no vault.
    IntegrityError
        VLT-003 when the document was changed.
    """
    data = read_recovery(root)
    if data is None:
        return None
    doc = _parsed(data)
    mac = doc.pop("mac")
    if vault is not None:
        sound = mac == _mac(vault.master, doc) and doc["store"] == vault.store
        if not sound or doc["split"] not in _named_splits(vault):
            raise IntegrityError("VLT-003", name=RECOVERY)
    return Split(doc["split"], doc["threshold"], tuple(doc["holders"]), doc["madeAt"])


class ByShares:
    """Finds the master key by shares; for the vault itself, and for a backup as its ``unlock``.

    Parameters
    ----------
    given
        The shares with their holders' passphrases.
    """

    def __init__(self, given: Sequence[Given]) -> None:
        self._given = given
        #: Ids of the people whose shares opened it.
        self.holders: tuple[str, ...] = ()
        #: Id of the split that they are of.
        self.split = ""

    def __call__(self, header: bytes, recovery: bytes | None) -> tuple[bytes, str] | None:
        """Return master key and store, or None; which share was wrong is not told.

        Raises
        ------
        UsageError
            VLT-037 when no split is in force.
        """
        if recovery is None:
            raise UsageError("VLT-037")
        doc = _parsed(recovery)
        mac = doc.pop("mac")
        words = [words_of(one) for one in self._given]
        found = joined([one for one in words if one is not None]) if None not in words else None
        if found is None:
            return None
        secret, places = found
        head = {name: value for name, value in doc.items() if name != "wrapped"}
        try:
            master = Box(secret).unseal(_bound(head), base64.b64decode(doc["wrapped"]))
        except (IntegrityError, ValueError):
            return None
        if mac != _mac(master, doc) or doc["store"] != stated_store(header):
            return None
        self.split = doc["split"]
        self.holders = tuple(doc["holders"][place] for place in places if place < len(doc["holders"]))
        return master, doc["store"]


def recover(root: Path, given: Sequence[Given], passphrase: bytes, *, clock: Clock) -> tuple[str, ...]:
    """Open a vault by shares and give it a new passphrase. Each try is recorded.

    Parameters
    ----------
    root
        The vault's folder.
    given
        The shares.
    passphrase
        What shall open the vault from now on.
    clock
        For the record.

    Returns
    -------
    tuple
        Ids of the people whose shares opened it.

    Raises
    ------
    UsageError
        VLT-001, VLT-006, VLT-030, VLT-037; VLT-038 when the shares do not open it, whatever the reason.
    IntegrityError
        VLT-003 when the vault is damaged.
    """
    check_passphrase(passphrase)
    header = read_header(root)
    use = Hold(root / USE).take(alone=False)
    header = read_header(root)
    opener = ByShares(given)
    opened = opener(header, read_recovery(root))
    if opened is None:
        note_opening(root, "recovery-failed", clock)
        raise UsageError("VLT-038")
    master, store = opened
    vault = Vault(root / store, master, root, use)
    vault.operator_key()  # proves that the master key is this vault's, before anything is written
    if opener.split not in _named_splits(vault):
        note_opening(root, "recovery-failed", clock)
        raise UsageError("VLT-038")
    vault = Vault.with_master(root, master, store, use=use, purpose="recovered", clock=clock, by=opener.holders)
    write_whole(root / NAME, header_bytes(master, passphrase, store), 0o600)
    return opener.holders
