"""Writing a BagIt 1.0 bag (RFC 8493): payload, manifests, tag files, in one pass and with memory that stays flat.

The same calls give the same bytes: no clock, no host, no order of a file system goes in.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from curator.core.errors import IntegrityError
from curator.core.files import translated
from curator.release.store import Store
from curator.release.tree import (
    beginning,
    digest_of,
    new_file,
    open_sized,
    pieces,
    safe_name,
    safe_path,
    shown,
    write_all,
)

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
#: Tag files that every bag has; the tag manifest lists them and what else is given, sorted.
TAG_FILES = ("bag-info.txt", "bagit.txt", MANIFEST)


class BagWriter:
    """A bag being written into an empty folder.

    Parameters
    ----------
    folder
        Where the bag stands; exists and is empty. Whoever calls makes it visible once it is whole.
    store
        Keeps the bytes of copied files once for all packages; None copies them.
    """

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        self.store = store
        self.payload_bytes = 0
        self.payload_files = 0
        self._root = os.fspath(folder)
        self._made: set[str] = set()
        self._last = ""
        self._later: list[tuple[str, str]] = []
        with translated():
            self._manifest = (folder / MANIFEST).open("xb")

    def _place(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        # Of a folder that was made for a path, only what stands behind it is still to be looked at.
        if not (safe_name(path, name) if folder in self._made else path.startswith("data/") and safe_path(path)):
            raise IntegrityError("REL-026", name=shown(path))
        if folder not in self._made:
            self._make(folder)
        return f"{self._root}/{path}"

    def _make(self, folder: str) -> None:
        """Make a folder and those above it that were not made yet."""
        above = folder.rpartition("/")[0]
        if above and above not in self._made:
            self._make(above)
        with contextlib.suppress(FileExistsError):
            os.mkdir(f"{self._root}/{folder}")
        self._made.add(folder)

    def _listed(self, path: str, digest: str, size: int, *, ordered: bool) -> None:
        self.payload_bytes += size
        self.payload_files += 1
        if not ordered:
            self._later.append((path, digest))
            return
        if path <= self._last:
            raise ValueError("ordered files of a bag come in order")
        self._last = path
        self._manifest.write(f"{digest}  {path}\n".encode("ascii"))

    def copy(
        self, path: str, source: Path | str, *, ordered: bool = False, expected: str | None = None
    ) -> tuple[str, int] | None:
        """Copy a file into the payload, hashing the very bytes that are written.

        Parameters
        ----------
        path
            Its place in the bag, below ``data/``.
        source
            A regular file; a symbolic link is not followed.
        ordered
            True for the many: they come in order of their paths and before all others, and are not held in memory.
        expected
            SHA-256 (hex) that the caller will ask for; where it is another one, the file is in no bag.

        Returns
        -------
        tuple or None
            SHA-256 in hex and length in bytes; None when there is no such regular file.
        """
        if self.store is not None:
            made = self.store.take(source, self._place(path), expected)
            if made is not None and expected in {None, made[0]}:
                self._listed(path, made[0], made[1], ordered=ordered)
            return made
        opened = open_sized(source)
        if opened is None:
            return None
        handle, told = opened
        try:
            with translated():
                target = new_file(self._place(path))
                try:
                    data, whole = beginning(handle, told)
                    digest, size = hashlib.sha256(data), len(data)
                    write_all(target, data)
                    for chunk in () if whole else pieces(handle):
                        digest.update(chunk)
                        write_all(target, chunk)
                        size += len(chunk)
                finally:
                    os.close(target)
        finally:
            os.close(handle)
        made = digest.hexdigest(), size
        self._listed(path, *made, ordered=ordered)
        return made

    def add(self, path: str, data: bytes) -> str:
        """Put bytes into the payload and return their SHA-256 in hex."""
        with self.stream(path) as write:
            write(data)
        return self._later[-1][1]

    @contextlib.contextmanager
    def stream(self, path: str) -> Iterator[Callable[[bytes], None]]:
        """Write a payload file piece by piece; it is listed when the block ends."""
        digest, size = hashlib.sha256(), 0
        with translated(), open(self._place(path), "xb") as target:

            def write(data: bytes) -> None:
                nonlocal size
                digest.update(data)
                target.write(data)
                size += len(data)

            yield write
        self._listed(path, digest.hexdigest(), size, ordered=False)

    def digest(self, path: str) -> str:
        """Return the digest of a payload file that was not ``ordered``."""
        return next(digest for name, digest in self._later if name == path)

    def close(
        self, info: Sequence[tuple[str, str]], tags: Callable[[Path], Iterable[tuple[str, bytes]]] = lambda _: ()
    ) -> str:
        """Write the manifests and tag files.

        Parameters
        ----------
        info
            Labels and values of bag-info.txt, in order; Payload-Oxum (RFC 8493, section 2.2.2) is added.
        tags
            Gives names and bytes of further tag files, from the folder as it then is: its manifest stands.

        Returns
        -------
        str
            The SHA-256 of the tag manifest in hex, which stands for every byte of the bag.
        """
        for path, digest in sorted(self._later):
            self._listed(path, digest, 0, ordered=True)
            self.payload_files -= 1
        oxum = ("Payload-Oxum", f"{self.payload_bytes}.{self.payload_files}")
        lines = "".join(f"{label}: {' '.join(value.split())}\n" for label, value in (*info, oxum))
        with translated():
            self._manifest.close()
            (self.folder / "bagit.txt").write_bytes(DECLARATION)
            (self.folder / "bag-info.txt").write_bytes(lines.encode())
            names = [*TAG_FILES]
            for name, data in tags(self.folder):
                with (self.folder / name).open("xb") as stream:
                    stream.write(data)
                names.append(name)
            listed = "".join(f"{_digest(self.folder / name)}  {name}\n" for name in sorted(names))
            (self.folder / TAG_MANIFEST).write_bytes(listed.encode("ascii"))
        return hashlib.sha256(listed.encode("ascii")).hexdigest()

    def abandon(self) -> None:
        """Let go of the open file; the folder is left to whoever made it."""
        self._manifest.close()


def _digest(path: Path) -> str:
    found = digest_of(path)
    assert found is not None
    return found[0]
