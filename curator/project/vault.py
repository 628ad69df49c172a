"""The vault beside a project: secrets, person keys, known identifiers, crosswalk, encrypted at rest.

``vault.json`` (:mod:`curator.project.header`) holds the master key wrapped by the passphrase's key. Every other file is
sealed by a key derived from the master key for its first folder, so that a worker can be handed the key of one folder
only. Names of files hold no identifier. Each opening, and each failed try, leaves a record. Whoever opens a vault
shares its lock (:mod:`curator.project.use`), so that the master key does not change under anybody's hands.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent, translated, write_whole
from curator.core.hashing import keyed
from curator.project.box import Box
from curator.project.header import MAX_BYTES, NAME, STORE, check_passphrase, header_bytes, open_header
from curator.project.openings import FOLDER as OPENINGS
from curator.project.openings import head, kept, note_opening, proven
from curator.project.use import USE, Hold, write_allowed

__all__ = ["VAULT_FORMAT", "Vault", "check_passphrase", "read_header"]

VAULT_FORMAT = 1
#: The document of the recovery shares, beside the documents, since it dies with their master key.
RECOVERY = "recovery.json"
SECRETS = ("project", "people", "operator")
_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")


def read_header(root: Path) -> bytes:
    """Return the bytes of a vault's header.

    Raises
    ------
    UsageError
        VLT-001 when there is none.
    IntegrityError
        VLT-003 when it is far too long.
    """
    try:
        with (root / NAME).open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError:
        raise UsageError("VLT-001") from None
    if len(raw) > MAX_BYTES:
        raise IntegrityError("VLT-003", name=NAME)
    return raw


class Vault:
    """An opened vault. Make one with :meth:`create` or :meth:`open`.

    Parameters
    ----------
    folder
        Where its documents stand.
    master
        The master key, 32 bytes.
    root
        The vault's own folder, with its header and the record of openings; ``folder`` when not given.
    use
        The lock that this opening holds.
    """

    def __init__(self, folder: Path, master: bytes, root: Path | None = None, use: Hold | None = None) -> None:
        self.folder = folder
        self.root = folder if root is None else root
        self._master = master
        self._use = use
        self._secrets: dict[str, bytes] | None = None

    def __repr__(self) -> str:
        return "Vault(opened)"

    @classmethod
    def create(cls, folder: Path, passphrase: bytes, *, clock: Clock) -> Vault:
        """Make a vault with fresh random secrets.

        Parameters
        ----------
        folder
            The vault's folder, which must not hold a vault.
        passphrase
            At least eight characters.
        clock
            For the record of the first opening.

        Raises
        ------
        UsageError
            VLT-004 when a vault is there, VLT-006 for a short passphrase.
        """
        check_passphrase(passphrase)
        if (folder / NAME).exists():
            raise UsageError("VLT-004")
        make_folder(folder, 0o700)
        with translated():
            os.chmod(folder, 0o700)
        vault = cls(folder, os.urandom(32), use=Hold(folder / USE).take(alone=False))
        secrets = {name: base64.b64encode(os.urandom(32)).decode() for name in SECRETS}
        vault.put("secrets", canonical_bytes({"format": VAULT_FORMAT, **secrets}))
        if not put_if_absent(folder / NAME, header_bytes(vault.master, passphrase, ""), 0o600):
            raise UsageError("VLT-004")
        note_opening(folder, "created", clock)
        return vault

    @classmethod
    def open(cls, folder: Path, passphrase: bytes, *, purpose: str, clock: Clock) -> Vault:
        """Open a vault and record it.

        Parameters
        ----------
        folder
            The vault's folder.
        passphrase
            Its passphrase.
        purpose
            What for, a plain word that stands in the record.
        clock
            For the record.

        Raises
        ------
        UsageError
            VLT-001 when there is none, VLT-002 when the passphrase is wrong, VLT-030 while it gets a new master key.
        IntegrityError
            VLT-003 when it is damaged.
        """
        read_header(folder)  # nothing is made in a folder that is no vault
        use = Hold(folder / USE).take(alone=False)
        try:
            opened = open_header(read_header(folder), passphrase)
            if opened is None:
                note_opening(folder, "failed", clock)
                raise UsageError("VLT-002")
            return cls.with_master(folder, *opened, use=use, purpose=purpose, clock=clock)
        except BaseException:
            use.release()
            raise

    @classmethod
    def with_master(
        cls, root: Path, master: bytes, store: str, *, use: Hold, purpose: str, clock: Clock, by: Iterable[str] = ()
    ) -> Vault:
        """Open a vault whose master key is known, and record it.

        Parameters
        ----------
        root
            The vault's folder.
        master
            The master key.
        store
            Name of the folder of the documents, ``""`` where they stand in ``root``; proven with the master key.
        use
            The vault's lock, held.
        purpose, clock, by
            As :func:`curator.project.openings.note_opening`.
        """
        vault = cls(root / store, master, root, use)
        vault._sweep()
        vault.record(purpose, clock, by)
        return vault

    def _sweep(self) -> None:
        """Remove documents of other master keys: the end of a rekey that was killed, or what one left unfinished.

        Raises
        ------
        IntegrityError
            VLT-003 when this master key's own documents are not there, as under a header of former times: then
            nothing is removed.
        """
        others = [one for one in sorted(os.listdir(self.root)) if one != self.store and STORE.fullmatch(one)]
        beside = bool(self.store) and (self.root / "secrets.enc").exists()
        if not others and not beside:
            return
        self.need("secrets")
        for entry in others:
            shutil.rmtree(self.root / entry, ignore_errors=True)
        if beside:
            _remove_documents(self.root, self.folder)

    def record(self, purpose: str, clock: Clock, by: Iterable[str] = ()) -> None:
        """Add to the record of openings, and seal its head; a head that did not fit says so for good.

        An entry that was removed together with its head would else be forgotten by the next opening.
        """
        broken = self._broken()
        note_opening(self.root, purpose, clock, by)
        sealed = {"format": VAULT_FORMAT, **head(self.root), **({"broken": True} if broken else {})}
        self.put("opened", canonical_bytes(sealed))

    def _broken(self) -> bool:
        """Say whether the record of openings lost entries, or the head of it, since the last opening."""
        try:
            raw = self.get("opened")
        except IntegrityError:
            return True
        sealed = None if raw is None else strict_loads(raw)
        return not kept(self.root, sealed) or bool(sealed and sealed.get("broken"))

    @property
    def master(self) -> bytes:
        """The master key, for what wraps it or proves a whole vault; never to be written anywhere."""
        return self._master

    @property
    def store(self) -> str:
        """Name of the folder of the documents, ``""`` where they stand beside the header."""
        return "" if self.folder == self.root else self.folder.name

    @property
    def lock(self) -> Hold:
        """The lock that keeps the master key from being changed while this vault is in use."""
        if self._use is None:
            self._use = Hold(self.root / USE)
        return self._use

    def alone(self) -> None:
        """Keep everybody else from using the vault, until this opening ends.

        Raises
        ------
        UsageError
            VLT-030 when somebody else uses it.
        """
        self.lock.take(alone=True)

    def close(self) -> None:
        """Give the vault's lock back; nothing may be read or written through this object afterwards."""
        if self._use is not None:
            self._use.release()

    def change_passphrase(self, passphrase: bytes, *, clock: Clock) -> None:
        """Wrap the master key under another passphrase; nothing else changes.

        The change is recorded before it is made: one that was killed may be recorded without having come to pass, and
        none comes to pass without a record.

        Raises
        ------
        UsageError
            VLT-006 for a short passphrase.
        """
        check_passphrase(passphrase)
        self.record("passphrase", clock)
        write_whole(self.root / NAME, header_bytes(self._master, passphrase, self.store), 0o600)

    def openings(self) -> list[dict[str, Any]]:
        """Return the record of openings, oldest first, after proving its chain and that its end was not cut off.

        Raises
        ------
        IntegrityError
            VLT-003 when an entry was changed or removed, now or before an opening since.
        """
        return proven(self.root, strict_loads(self.get("opened") or b'{"count":0}'))

    def box(self, prefix: str) -> Box:
        """Return the box that seals the files of one first-level folder, such as ``deliveries``, or a single file."""
        return Box(keyed(self._master, "vault-box", prefix.encode()))

    def _box_of(self, name: str) -> Box:
        if not _NAME.fullmatch(name):
            raise ValueError("a vault name is lower-case words joined by slashes")
        return self.box(name.split("/", maxsplit=1)[0])

    def path(self, name: str) -> Path:
        """Return where a named document stands on disk."""
        return self.folder / f"{name}.enc"

    def put(self, name: str, data: bytes) -> None:
        """Seal a document and write it whole, replacing what stood under the name."""
        path = self.path(name)
        make_folder(path.parent, 0o700)
        with write_allowed(self.folder):
            write_whole(path, self._box_of(name).seal(name, data), 0o600)

    def get(self, name: str) -> bytes | None:
        """Return a document's bytes, or None when there is none of this name.

        Raises
        ------
        IntegrityError
            VLT-003 when it was changed.
        """
        try:
            sealed = self.path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise IntegrityError("VLT-003", name=name) from None
        return self._box_of(name).unseal(name, sealed)

    def prove(self, name: str, sealed: bytes) -> None:
        """Prove the sealed bytes of a document (VLT-003 when they are not what this vault sealed under the name)."""
        if not _NAME.fullmatch(name):
            raise IntegrityError("VLT-003", name="a document of an unknown name")
        self._box_of(name).unseal(name, sealed)

    def need(self, name: str) -> bytes:
        """Return a document that must be there.

        Raises
        ------
        IntegrityError
            VLT-003 when it is missing or was changed.
        """
        data = self.get(name)
        if data is None:
            raise IntegrityError("VLT-003", name=name)
        return data

    def names(self, prefix: str) -> list[str]:
        """Return the names of all documents below a prefix, sorted."""
        base = self.folder / prefix
        found = (path.relative_to(self.folder).as_posix() for path in base.rglob("*.enc"))
        return sorted(name[:-4] for name in found)

    def _secret(self, name: str) -> bytes:
        if self._secrets is None:
            doc = strict_loads(self.need("secrets"))
            self._secrets = {key: base64.b64decode(text) for key, text in doc.items() if key != "format"}
        return self._secrets[name]

    def subkey(self, name: str) -> bytes:
        """Return 32 bytes derived from the project secret: same vault, same name, same subkey."""
        return keyed(self._secret("project"), "subkey", name.encode())

    def person_key(self, number: int) -> bytes:
        """Return the random key of the person with this running number.

        The keys are a stream drawn from a random seed; they are not derived from anything about the individual, as
        45 CFR 164.514(c)(1) asks, and the same vault gives the same stream on any machine.
        """
        return keyed(self._secret("people"), "person-key", number.to_bytes(8, "big"))

    def operator_key(self) -> bytes:
        """Return the raw 32-byte Ed25519 seed of the operator's key."""
        return self._secret("operator")


def _remove_documents(root: Path, keep: Path) -> None:
    """Remove the documents that stand beside the header, with the folders that they leave empty."""
    with contextlib.suppress(OSError):
        # The secrets go last: as long as they stand there, the next opening goes on with this.
        for entry in sorted(root.iterdir(), key=lambda one: one.name == "secrets.enc"):
            if entry.is_file() and (entry.suffix == ".enc" or entry.name == RECOVERY):
                entry.unlink()
            elif entry.is_dir() and entry not in {keep, root / OPENINGS} and _NAME.fullmatch(entry.name):
                for base, _, names in os.walk(entry, topdown=False):
                    for name in names:
                        if name.endswith(".enc"):
                            os.unlink(os.path.join(base, name))
                    with contextlib.suppress(OSError):  # it holds what is none of the vault's
                        os.rmdir(base)
