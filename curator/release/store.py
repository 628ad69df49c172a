"""The store of released bytes: each content once, under its SHA-256, hard-linked into every package that holds it.

``releases/.store/<two digits>/<sha256>`` are read-only files that packages under ``releases/`` share. A package stays
an ordinary folder. A stored file is compared with the source, byte by byte, each time it is used; one that was changed
is written anew, and packages that share the changed one are found damaged when they are verified.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from pathlib import Path

from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated
from curator.core.hashing import CHUNK
from curator.release.tree import beginning, new_file, open_sized, pieces, write_all

NAME = ".store"
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS}
_READ_ONLY = 0o444


class Store:
    """The stored bytes of a project's releases.

    Parameters
    ----------
    releases
        The folder of the packages.
    """

    def __init__(self, releases: Path) -> None:
        self.folder = releases / NAME
        self._root = os.fspath(self.folder)
        #: How many files were linked, and how many were copied since the file system has no links.
        self.linked = self.copied = 0
        #: Folders that got new files, and whether the store's own is there.
        self._changed: set[str] = set()
        self._there = False

    def place(self, digest: str) -> Path:
        """Return where the bytes of a digest stand."""
        return Path(self._place(digest))

    def _place(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest}"

    def take(self, source: Path | str, target: Path | str, expected: str | None = None) -> tuple[str, int] | None:
        """Put the bytes of a file at a place in a package, and into the store if they are not there.

        Parameters
        ----------
        source
            A regular file; a symbolic link is not followed.
        target
            Does not exist; its folder does.
        expected
            SHA-256 (hex) that the bytes should have, if it is known: spares the writing where they are stored already.

        Returns
        -------
        tuple or None
            SHA-256 of the source's bytes in hex, and their number; None when there is no such file. Where it is not the
            expected one, nothing was put anywhere.
        """
        opened = open_sized(source)
        if opened is None:
            return None
        handle = opened[0]
        try:
            with translated():
                if not self._there:
                    make_folder(self.folder)
                    self._there = True
                found = self._same(*opened, expected) if expected else None
                if found is None:
                    os.lseek(handle, 0, os.SEEK_SET)
                    found = self._write(*opened, expected)
                if expected is None or found[0] == expected:
                    self._link(self._place(found[0]), target)
        finally:
            os.close(handle)
        return found

    def _same(self, handle: int, told: int, expected: str) -> tuple[str, int] | None:
        """Hash a file while it is compared with the stored one; None when there is none or they differ."""
        stored = open_sized(self._place(expected))
        if stored is None:
            return None
        held, length = stored
        try:
            data, whole = beginning(handle, told)
            if beginning(held, length) != (data, whole):
                return None
            digest, size = hashlib.sha256(data), len(data)
            if whole:
                return digest.hexdigest(), size
            for chunk in pieces(handle):
                if _exactly(held, len(chunk)) != chunk:
                    return None
                digest.update(chunk)
                size += len(chunk)
            return None if os.read(held, 1) else (digest.hexdigest(), size)
        finally:
            os.close(held)

    def _write(self, handle: int, told: int, expected: str | None) -> tuple[str, int]:
        temp = f"{self._root}/{TEMP_PREFIX}{secrets.token_hex(8)}"
        out = new_file(temp)
        try:
            try:
                data, whole = beginning(handle, told)
                digest, size = hashlib.sha256(data), len(data)
                write_all(out, data)
                for chunk in () if whole else pieces(handle):
                    digest.update(chunk)
                    write_all(out, chunk)
                    size += len(chunk)
                made = digest.hexdigest()
                if expected is not None and made != expected:
                    os.unlink(temp)
                    return made, size
                os.fchmod(out, _READ_ONLY)
            finally:
                os.close(out)
            folder = f"{self._root}/{made[:2]}"
            if folder not in self._changed:
                os.makedirs(folder, exist_ok=True)
                self._changed.add(folder)
            os.rename(temp, self._place(made))
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temp)
            raise
        return made, size

    def _link(self, place: str, target: Path | str) -> None:
        try:
            os.link(place, target, follow_symlinks=False)
            self.linked += 1
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            with open(place, "rb") as held, open(target, "xb") as out:
                shutil.copyfileobj(held, out, CHUNK)
            self.copied += 1

    def sync(self) -> None:
        """Flush the folders that got new files; the files themselves are flushed with the package that shares them."""
        with translated():
            for folder in sorted(self._changed):
                sync_folder(Path(folder))
            if self.folder.is_dir():
                sync_folder(self.folder)
        self._changed.clear()

    def sweep(self) -> None:
        """Remove what a killed build left unfinished in the store; the caller holds the lock of releases."""
        if self.folder.is_dir():
            for path in self.folder.glob(f"{TEMP_PREFIX}*"):
                path.unlink(missing_ok=True)

    def forget(self, digest: str) -> bool:
        """Remove the stored bytes of a digest, and say whether they were there."""
        place = self.place(digest)
        there = place.is_file()
        with translated():
            place.unlink(missing_ok=True)
            if place.parent.is_dir():
                sync_folder(place.parent)
        return there


def _exactly(handle: int, size: int) -> bytes:
    """Return the next bytes of a file, so many or all that are left."""
    data = os.read(handle, size)
    while 0 < len(data) < size and (more := os.read(handle, size - len(data))):
        data += more
    return data
