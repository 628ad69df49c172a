"""``.cvb``: a whole vault in one file, still sealed, authenticated as a whole.

The file is a POSIX tar archive (ustar, IEEE Std 1003.1) of plain files: ``backup.json`` (format, time, numbers), the
vault's header, its recovery document if there is one, then every other file by name; last ``MAC``, the HMAC-SHA-256 of
all bytes before it under a key from the master key. So any tar opens it, and no byte can be changed, cut or taken from
another backup unseen. Nothing here ever writes clear text, or a file that it could not prove.
"""

from __future__ import annotations

import hmac
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, sync_folder, translated, writing
from curator.core.hashing import KeyedFile, keyed
from curator.project.header import MAX_BYTES, NAME, STORE
from curator.project.openings import FOLDER as OPENINGS
from curator.project.paths import Project, inside
from curator.project.use import BACKUP, Hold, writers_paused
from curator.project.vault import RECOVERY, Vault

BACKUP_FORMAT = 1
ABOUT = "backup.json"
MAC = "MAC"
BLOCK = 512
CHUNK = 1 << 20
#: Header of the MAC, its 64 hex digits in a block, and the two empty blocks that end an archive.
TAIL = 4 * BLOCK
#: Where a tar header says what it is.
_MAGIC = slice(257, 262)
SNAPSHOT = f"{TEMP_PREFIX}snapshot-"
#: The names that a backup may hold.
ALLOWED = re.compile(
    rf"{re.escape(NAME)}|{OPENINGS}/[0-9]{{8}}\.json|(g[0-9]{{4}}/)?{re.escape(RECOVERY)}"
    r"|(g[0-9]{4}/)?[a-z0-9-]+(/[a-z0-9-]+)*\.enc"
)


def mac_of(master: bytes) -> KeyedFile:
    """Return the running MAC of a backup of the vault with this master key."""
    return KeyedFile(keyed(master, "vault-backup"), "vault-backup-file")


def block_of(name: str, size: int) -> bytes:
    """Return the archive's header block of a member: its name and size, and nothing that tells of a machine."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry.tobuf(tarfile.USTAR_FORMAT, "ascii")


def padding(size: int) -> bytes:
    """Return the zeros that fill a member's last block."""
    return bytes(-size % BLOCK)


def tail_of(mac: str) -> bytes:
    """Return the end of a backup with this MAC (64 hex digits)."""
    data = mac.encode()
    return block_of(MAC, len(data)) + data + padding(len(data)) + bytes(2 * BLOCK)


def check_outside(path: Path, project: Project) -> None:
    """Refuse to write what saves a vault into the vault or its project (VLT-031)."""
    if any(inside(path.absolute().parent, place) for place in (project.root, project.vault)) or inside(
        path, project.vault
    ):
        raise UsageError("VLT-031")


@dataclass(frozen=True)
class Backup:
    """What a backup holds: files, their bytes, deliveries, time (UTC)."""

    files: int
    bytes: int
    deliveries: int
    made_at: str


def write_backup(vault: Vault, target: Path, *, clock: Clock, advance: Callable[[int], None] | None = None) -> Backup:
    """Write a backup, whole or not at all, while others may go on using the vault.

    Writers are paused only while the files of one instant are linked to a snapshot; since no file of a vault is ever
    changed in place, that instant is what gets written. A vault at an instant is what a kill at that instant would
    leave, from which every command goes on. Each document is unsealed before it is taken, so that no damage is kept.

    Parameters
    ----------
    vault
        Opened.
    target
        The file to make.
    clock
        For its time.
    advance
        Called with the number of files written.

    Raises
    ------
    UsageError
        VLT-030 while another backup runs, VLT-032 when something stands at the target.
    IntegrityError
        VLT-003 for a damaged document: the backup is not made.
    CheckError
        SYS-001, SYS-002, SYS-003.
    """
    if target.exists() or target.is_symlink():
        raise UsageError("VLT-032")
    lock = Hold(vault.root / BACKUP).take(alone=True)
    folder = vault.root / f"{SNAPSHOT}{token_hex(8)}"
    try:
        _sweep(vault.root)
        names = _snapshot(vault, folder)
        made = _about(folder, names, clock)
        mac = mac_of(vault.master)
        with writing(target, 0o600) as stream:

            def put(data: bytes) -> None:
                mac.update(data)
                stream.write(data)

            about = canonical_bytes(
                {
                    "format": BACKUP_FORMAT,
                    "files": made.files,
                    "bytes": made.bytes,
                    "deliveries": made.deliveries,
                    "madeAt": made.made_at,
                }
            )
            put(block_of(ABOUT, len(about)) + about + padding(len(about)))
            for name in names:
                data = (folder / name).read_bytes()
                if name.endswith(".enc"):
                    vault.prove(_plain_name(name), data)
                put(block_of(name, len(data)))
                put(data)
                put(padding(len(data)))
                if advance is not None:
                    advance(1)
            stream.write(tail_of(mac.hexdigest()))
        with translated():
            sync_folder(target.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
    return made


def _plain_name(name: str) -> str:
    """Return a document's name in the vault from a file's place below the vault's folder."""
    first, _, rest = name.partition("/")
    return (rest if STORE.fullmatch(first) else name).removesuffix(".enc")


def _sweep(root: Path) -> None:
    """Remove the snapshots of killed backups. Only for the holder of the backup's lock."""
    for entry in os.listdir(root):
        if entry.startswith(SNAPSHOT):
            shutil.rmtree(root / entry, ignore_errors=True)


def _snapshot(vault: Vault, folder: Path) -> list[str]:
    """Link every file of the vault as it is at one instant into a folder; return the names, in the backup's order."""
    with writers_paused(vault.folder), translated():
        os.mkdir(folder, 0o700)
        names = sorted(_files(vault))
        for name in names:
            (folder / name).parent.mkdir(0o700, parents=True, exist_ok=True)
            os.link(vault.root / name, folder / name)
    first = [name for name in (NAME, f"{vault.store}/{RECOVERY}".removeprefix("/")) if name in names]
    if NAME not in first:
        raise IntegrityError("VLT-003", name=NAME)
    return first + [name for name in names if name not in first]


def _files(vault: Vault) -> Iterator[str]:
    yield NAME
    for entry in os.listdir(vault.root / OPENINGS):
        if ALLOWED.fullmatch(f"{OPENINGS}/{entry}"):
            yield f"{OPENINGS}/{entry}"
    if (vault.folder / RECOVERY).is_file():
        yield (vault.folder / RECOVERY).relative_to(vault.root).as_posix()
    for base, _, files in os.walk(vault.folder):
        for entry in files:
            path = Path(base, entry).relative_to(vault.root).as_posix()
            if entry.endswith(".enc") and not path.startswith(SNAPSHOT):
                if not ALLOWED.fullmatch(path):
                    raise IntegrityError("VLT-003", name="a document of an unknown name")
                yield path


def deliveries_in(names: list[str]) -> int:
    """Return how many frozen deliveries are among some files."""
    return sum(re.fullmatch(r"(g[0-9]{4}/)?deliveries/[0-9]{4,}/frozen\.enc", name) is not None for name in names)


def _about(folder: Path, names: list[str], clock: Clock) -> Backup:
    with translated():
        total = sum((folder / name).stat().st_size for name in names)
    return Backup(len(names), total, deliveries_in(names), utc_text(clock.now()))


Unlock = Callable[[bytes, bytes | None], tuple[bytes, str] | None]


class BackupReader:
    """Reads a backup from an open file, proving it whole before it gives anything out.

    Parameters
    ----------
    stream
        The open file.
    unlock
        Given the vault's header and its recovery document (or None), returns master key and store, or None.
    advance
        Called with the number of bytes read.

    Raises
    ------
    UsageError
        VLT-033 when ``unlock`` finds no master key, SYS-007 for a newer format, VLT-050 for a file that is no backup.
    IntegrityError
        VLT-034.
    """

    def __init__(self, stream: BinaryIO, unlock: Unlock, advance: Callable[[int], None] | None = None) -> None:
        self._stream = stream
        self._advance = advance
        with translated():
            self._end = os.fstat(stream.fileno()).st_size - TAIL
            begins = stream.read(BLOCK)
            stream.seek(0)
        if begins and not ABOUT.encode().startswith(begins[: len(ABOUT)]) and begins[_MAGIC] != b"ustar":
            raise UsageError("VLT-050")
        if self._end < 2 * BLOCK or self._end % BLOCK:
            raise IntegrityError("VLT-034", what="its length")
        self.about = self._read_about()
        header = self._small(NAME)
        found = self._peek()
        kept = found is not None and found.rpartition("/")[2] == RECOVERY
        opened = unlock(header, self._small(found) if kept and found is not None else None)
        if opened is None:
            raise UsageError("VLT-033")
        self.master, self.store = opened
        self.check()

    def _header(self, mac: KeyedFile | None = None) -> tuple[str, int] | None:
        """Read the next member's header block; None at the end of the members."""
        at = self._stream.tell()
        if at >= self._end:
            return None
        block = self._stream.read(BLOCK)
        try:
            entry = tarfile.TarInfo.frombuf(block, "ascii", "strict")
            fine = block == block_of(entry.name, entry.size) and at + BLOCK + entry.size <= self._end
        except (tarfile.HeaderError, ValueError):
            fine = False
        if not fine:
            raise IntegrityError("VLT-034", what="a header")
        if mac is not None:
            mac.update(block)
        return entry.name, entry.size

    def _peek(self) -> str | None:
        at = self._stream.tell()
        found = self._header()
        self._stream.seek(at)
        return None if found is None else found[0]

    def _small(self, name: str) -> bytes:
        """Read a small member that must come next; not proven yet."""
        found = self._header()
        if found is None or found[0] != name or found[1] > MAX_BYTES:
            raise IntegrityError("VLT-034", what=NAME)
        data = self._stream.read(found[1])
        self._stream.seek(-found[1] % BLOCK, os.SEEK_CUR)
        return data

    def _read_about(self) -> Backup:
        try:
            doc: dict[str, Any] = strict_loads(self._small(ABOUT))
            if doc["format"] > BACKUP_FORMAT:
                raise UsageError("SYS-007", found=doc["format"], known=BACKUP_FORMAT)
            return Backup(int(doc["files"]), int(doc["bytes"]), int(doc["deliveries"]), str(doc["madeAt"]))
        except UsageError as error:
            if error.code == "SYS-007":
                raise
            raise IntegrityError("VLT-034", what=ABOUT) from None
        except (KeyError, TypeError, ValueError):
            raise IntegrityError("VLT-034", what=ABOUT) from None

    def check(self) -> None:
        """Prove all bytes with the MAC.

        Raises
        ------
        IntegrityError
            VLT-034.
        """
        self._stream.seek(0)
        mac = mac_of(self.master)
        left = self._end
        while left:
            left -= len(self._read(min(CHUNK, left), mac))
        self._close(mac)

    def _read(self, size: int, mac: KeyedFile) -> bytes:
        data = self._stream.read(size)
        if len(data) != size:
            raise IntegrityError("VLT-034", what="its length")
        mac.update(data)
        if self._advance is not None:
            self._advance(size)
        return data

    def _close(self, mac: KeyedFile) -> None:
        if not hmac.compare_digest(self._stream.read(TAIL + 1), tail_of(mac.hexdigest())):
            raise IntegrityError("VLT-034", what="its MAC")

    def names(self) -> list[str]:
        """Return the names of the vault's files in it."""
        self._stream.seek(0)
        made = []
        while found := self._header():
            made.append(found[0])
            self._stream.seek(found[1] + (-found[1] % BLOCK), os.SEEK_CUR)
        return made[1:]

    def members(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each file of the vault as name and pieces; at the end all bytes are proven once more.

        Raises
        ------
        IntegrityError
            VLT-034, also when the file changed since it was proven: what was yielded must then be thrown away.
        """
        self._stream.seek(0)
        mac = mac_of(self.master)
        count = -1
        while found := self._header(mac):
            name, size = found
            pieces = self._pieces(size, mac)
            if name != ABOUT:
                if not ALLOWED.fullmatch(name):
                    raise IntegrityError("VLT-034", what="a name")
                yield name, pieces
            for _ in pieces:  # what the caller left
                pass
            self._read(-size % BLOCK, mac)
            count += 1
        if count != self.about.files:
            raise IntegrityError("VLT-034", what="the number of its files")
        self._close(mac)

    def _pieces(self, size: int, mac: KeyedFile) -> Iterator[bytes]:
        while size:
            data = self._read(min(CHUNK, size), mac)
            size -= len(data)
            yield data
