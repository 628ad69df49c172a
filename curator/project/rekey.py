"""Give a vault a new master key: every document sealed anew, the old key useless, every secret inside unchanged.

The new documents are written to a folder of their own (``g0001``, ``g0002``, ...). Replacing the header, which names
that folder, is the one step that counts: killed before it, the vault is as it was; killed after it, the rekey is done,
and the next opening removes the old documents. Pseudonyms, UIDs, shifts and the operator's key hang on secrets that
are sealed anew but not changed. Recovery shares open the old master key only, so none is carried over.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from curator.core.clock import Clock
from curator.core.files import make_folder, write_whole
from curator.project.header import NAME, check_passphrase, header_bytes
from curator.project.vault import Vault


def documents(vault: Vault) -> list[str]:
    """Return the names of all documents of a vault, sorted.

    Parameters
    ----------
    vault
        Opened.
    """
    found = []
    for base, folders, names in os.walk(vault.folder):
        folders[:] = [one for one in folders if not one.startswith(".")]
        here = os.path.relpath(base, vault.folder)
        found += [name[:-4] if here == "." else f"{here}/{name[:-4]}" for name in names if name.endswith(".enc")]
    return sorted(found)


def next_store(store: str) -> str:
    """Return the name of the folder that follows another one."""
    return f"g{(int(store[1:]) if store else 0) % 9999 + 1:04d}"


def rekey(vault: Vault, passphrase: bytes, *, clock: Clock, advance: Callable[[int], None] | None = None) -> Vault:
    """Seal everything under a new master key.

    Parameters
    ----------
    vault
        Opened; it cannot be used afterwards.
    passphrase
        What shall open the vault from now on: the present passphrase or a new one.
    clock
        For the record of openings.
    advance
        Called with the number of documents sealed.

    Returns
    -------
    Vault
        The vault as it is now, held alone.

    Raises
    ------
    UsageError
        VLT-006 for a short passphrase, VLT-030 while anybody else uses the vault.
    IntegrityError
        VLT-003 for a damaged document: nothing was changed.
    """
    check_passphrase(passphrase)
    vault.alone()
    store = next_store(vault.store)
    folder = vault.root / store
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder, 0o700)
    made = Vault(folder, os.urandom(32), vault.root)
    for name in documents(vault):
        made.put(name, vault.need(name))
        if advance is not None:
            advance(1)
    write_whole(vault.root / NAME, header_bytes(made.master, passphrase, store), 0o600)
    return Vault.with_master(vault.root, made.master, store, use=vault.lock, purpose="rekeyed", clock=clock)
