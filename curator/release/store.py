"""The store of released bytes: each content once, under its SHA-256, hard-linked into every package that holds it.

``releases/.store/<two digits>/<sha256>`` are read-only files that packages under ``releases/`` share. A package stays
an ordinary folder. A stored file is compared with the source, byte by byte, each time it is used; one that was changed
is written anew, and packages that share the changed one are found damaged when they are verified.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from pathlib import Path

from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated
from curator.core.hashing import CHUNK
from curator.release.tree import open_file

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
        #: How many files were linked, and how many were copied since the file system has no links.
        self.linked = self.copied = 0
        self._changed: set[Path] = set()

    def place(self, digest: str) -> Path:
        """Return where the bytes of a digest stand."""
        return self.folder / digest[:2] / digest

    def take(self, source: Path, target: Path, expected: str | None = None) -> tuple[str, int] | None:
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
        handle = open_file(source)
        if handle is None:
            return None
        with translated():
            make_folder(self.folder)
            stored = open_file(self.place(expected)) if expected else None
            with os.fdopen(handle, "rb", buffering=0) as stream:
                same = None if stored is None else self._compare(stream, stored)
                if same is None:
                    os.lseek(stream.fileno(), 0, os.SEEK_SET)
                found = same or self._write(stream, expected)
            if expected is None or found[0] == expected:
                self._link(self.place(found[0]), target)
        return found

    def _compare(self, stream: object, stored: int) -> tuple[str, int] | None:
        """Hash a stream while it is compared with a stored file; None when they differ."""
        digest, size = hashlib.sha256(), 0
        with os.fdopen(stored, "rb", buffering=0) as held:
            while chunk := stream.read(CHUNK):  # type: ignore[attr-defined]
                if held.read(len(chunk)) != chunk:
                    return None
                digest.update(chunk)
                size += len(chunk)
            return None if held.read(1) else (digest.hexdigest(), size)

    def _write(self, stream: object, expected: str | None) -> tuple[str, int]:
        temp = self.folder / f"{TEMP_PREFIX}{secrets.token_hex(8)}"
        digest, size = hashlib.sha256(), 0
        try:
            with temp.open("xb") as out:
                while chunk := stream.read(CHUNK):  # type: ignore[attr-defined]
                    digest.update(chunk)
                    out.write(chunk)
                    size += len(chunk)
            made = digest.hexdigest()
            if expected is None or made == expected:
                place = self.place(made)
                if place.parent not in self._changed:
                    place.parent.mkdir(exist_ok=True)
                    self._changed.add(place.parent)
                os.chmod(temp, _READ_ONLY)
                os.rename(temp, place)
        finally:
            temp.unlink(missing_ok=True)
        return made, size

    def _link(self, place: Path, target: Path) -> None:
        try:
            os.link(place, target, follow_symlinks=False)
            self.linked += 1
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            with place.open("rb") as held, target.open("xb") as out:
                while chunk := held.read(CHUNK):
                    out.write(chunk)
            self.copied += 1

    def sync(self) -> None:
        """Flush the folders that got new files; the files themselves are flushed with the package that shares them."""
        with translated():
            for folder in sorted(self._changed):
                sync_folder(folder)
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
