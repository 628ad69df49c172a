"""Take a vault out of its backup: proven first, then whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from curator.core.clock import Clock
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated
from curator.project import journal
from curator.project.backup import Backup, BackupReader, Unlock
from curator.project.header import open_header
from curator.project.paths import Project
from curator.project.use import USE, Hold
from curator.project.vault import Vault


@dataclass(frozen=True)
class Restored:
    """What a backup held.

    Parameters
    ----------
    backup
        Its own words, proven.
    lacking
        Numbers of deliveries that the project's journal knows and the backup does not.
    operator
        The operator's key seed in it; None where nothing was restored.
    """

    backup: Backup
    lacking: tuple[int, ...]
    operator: bytes | None

    def __repr__(self) -> str:
        return f"Restored({self.backup.files} files)"


def by_passphrase(passphrase: bytes) -> Unlock:
    """Return what opens a backup with the passphrase that the vault had when it was made."""
    return lambda header, _: open_header(header, passphrase)


def lacking_in(project: Project, has: Callable[[str], bool], mark: str) -> tuple[int, ...]:
    """Return the numbers of the journal's deliveries that a vault does not know whole, their later rounds included.

    Parameters
    ----------
    project
        The project.
    has
        Says whether the vault has a document of this name.
    mark
        The document by which a delivery is known: ``about`` when it was begun, ``frozen`` when it was decided.
    """
    found = []
    for number in journal.deliveries(project):
        wanted = [mark, *(f"round-{later:02d}" for later in journal.rounds(project, number) if later)]
        if not all(has(f"deliveries/{number:04d}/{name}") for name in wanted):
            found.append(number)
    return tuple(found)


def restore(
    path: Path,
    unlock: Unlock,
    target: Path | None,
    *,
    project: Project | None,
    clock: Clock,
    advance: Callable[[int], None] | None = None,
    by: Callable[[], Iterable[str]] = tuple,
) -> Restored:
    """Prove a backup and, if a target is given, make a vault of it.

    Parameters
    ----------
    path
        The backup.
    unlock
        Finds the master key: :func:`by_passphrase`, or recovery shares.
    target
        A folder that is empty or not there; None only proves the backup.
    project
        Whose journal is compared with the deliveries in the backup.
    clock
        For the entry in the record of openings.
    advance
        Called with the number of bytes read: the file's size, and that once more where it is restored.
    by
        Returns the ids of the people whose shares opened it, for the same entry.

    Raises
    ------
    UsageError
        VLT-032, VLT-033, VLT-035, VLT-050.
    IntegrityError
        VLT-034.
    CheckError
        SYS-001, SYS-002.
    """
    try:
        stream = path.open("rb")
    except OSError:
        raise UsageError("VLT-035") from None
    with stream:
        reader = BackupReader(stream, unlock, advance)
        below = f"{reader.store}/" if reader.store else ""
        there = {name.removeprefix(below).removesuffix(".enc") for name in reader.names()}
        lacking = () if project is None else lacking_in(project, there.__contains__, "frozen")
        seed = None if target is None else _extract(reader, target, clock, by)
    return Restored(reader.about, lacking, seed)


def check_complete(project: Project, vault: Vault) -> None:
    """Refuse a vault that does not know all deliveries of the project: it would give their numbers and keys again.

    People get their random keys by a running number. A vault that has forgotten some people would give the next ones
    the keys, and so the pseudonyms, of those.

    Raises
    ------
    UsageError
        VLT-045 for a vault that knows none of them.
    IntegrityError
        VLT-047 for a vault that lacks some.
    """
    missing = lacking_in(project, lambda name: vault.path(name).exists(), "about")
    if not missing:
        return
    if not vault.names("deliveries"):
        raise UsageError("VLT-045")
    raise IntegrityError("VLT-047", count=len(missing))


@contextmanager
def _sole(folder: Path) -> Iterator[None]:
    """Keep other restores out of a folder, so that what a killed one left can be removed."""
    with translated():
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError("VLT-030") from None
        yield
    finally:
        os.close(handle)


def _extract(
    reader: BackupReader,
    target: Path,
    clock: Clock,
    by: Callable[[], Iterable[str]],
) -> bytes:
    target = target.absolute()
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise UsageError("VLT-032")
    make_folder(target.parent)
    temp = target.parent / f"{TEMP_PREFIX}restore-{target.name}"
    with _sole(target.parent):
        shutil.rmtree(temp, ignore_errors=True)
        try:
            with translated():
                os.mkdir(temp, 0o700)
                for name, pieces in reader.members():
                    _write(temp / name, pieces)
                for base, _, _ in os.walk(temp):
                    sync_folder(Path(base))
            use = Hold(temp / USE).take(alone=False)
            vault = Vault.with_master(
                temp, reader.master, reader.store, use=use, purpose="restored", clock=clock, by=by()
            )
            seed = vault.operator_key()
            vault.close()
            with translated():
                os.rename(temp, target)
                sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(temp, ignore_errors=True)
            raise
    return seed


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise IntegrityError("VLT-034", what="a name that stands twice") from None
    with os.fdopen(handle, "wb") as stream:
        for data in pieces:
            stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
