"""What the vault keeps of a delivery: inventory, harvest, plan. Everything here may hold identifiers, sealed at rest.

A delivery is one frozen inventory of one source folder. Its documents are written once and never changed after the
``frozen`` document stands; until then a pass that was killed is simply done again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import IntegrityError
from curator.core.files import make_folder, write_whole
from curator.project.box import Box
from curator.project.use import write_allowed
from curator.project.vault import Vault


def packed(document: Any) -> bytes:
    """Encode a document for the vault."""
    return zlib.compress(json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii"), 1)


def unpacked(data: bytes) -> Any:
    """Decode a document of the vault."""
    return json.loads(zlib.decompress(data))


@dataclass(frozen=True)
class Shelf:
    """Sealed documents of one delivery, for a worker that is handed only this folder and its key.

    Parameters
    ----------
    folder
        The vault's folder.
    box
        The box of ``deliveries``.
    number
        The delivery's number.
    """

    folder: Path
    box: Box
    number: int

    def _name(self, name: str) -> str:
        return f"deliveries/{self.number:04d}/{name}"

    def path(self, name: str) -> Path:
        """Return where a document stands."""
        return self.folder / f"{self._name(name)}.enc"

    def put(self, name: str, document: Any) -> None:
        """Seal and write a document whole."""
        path = self.path(name)
        make_folder(path.parent, 0o700)
        with write_allowed(self.folder):
            write_whole(path, self.box.seal(self._name(name), packed(document)), 0o600)

    def get(self, name: str) -> Any:
        """Return a document, or None when there is none.

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
            raise IntegrityError("VLT-003", name=self._name(name)) from None
        return unpacked(self.box.unseal(self._name(name), sealed))

    def need(self, name: str) -> Any:
        """Return a document that must be there.

        Raises
        ------
        IntegrityError
            VLT-003 when it is missing or was changed.
        """
        document = self.get(name)
        if document is None:
            raise IntegrityError("VLT-003", name=self._name(name))
        return document

    def numbers(self, name: str) -> list[int]:
        """Return the numbers of the documents in a folder, sorted."""
        folder = self.path(name).with_suffix("")
        if not folder.is_dir():
            return []
        return sorted(int(entry.name[:8]) for entry in folder.iterdir() if entry.name[:-4].isdigit())

    def wipe(self, name: str) -> None:
        """Remove the documents of a folder (of a pass that nothing depends on any more, or not yet)."""
        folder = self.path(name).with_suffix("")
        with write_allowed(self.folder):
            for path in folder.glob("*.enc") if folder.is_dir() else ():
                path.unlink()


def shelf_of(vault: Vault, number: int) -> Shelf:
    """Return the shelf of a delivery."""
    return Shelf(vault.folder, vault.box("deliveries"), number)


def shelves(vault: Vault) -> Iterator[Shelf]:
    """Yield the shelves of all deliveries that were not abandoned, in order."""
    base = vault.folder / "deliveries"
    if not base.is_dir():
        return
    for name in sorted(entry.name for entry in base.iterdir() if entry.name.isdigit()):
        shelf = shelf_of(vault, int(name))
        if shelf.get("about") is not None and shelf.get("abandoned") is None:
            yield shelf


def last_number(vault: Vault) -> int:
    """Return the highest number that a delivery has, or 0. One killed before its ``about`` stood never began."""
    base = vault.folder / "deliveries"
    if not base.is_dir():
        return 0
    numbers = (int(entry.name) for entry in base.iterdir() if entry.name.isdigit())
    return max((number for number in numbers if shelf_of(vault, number).path("about").exists()), default=0)


def path_text(relative: bytes) -> str:
    """Write a path's bytes as text that comes back unchanged."""
    return relative.decode("latin-1")


def path_bytes(text: str) -> bytes:
    """Return the bytes behind :func:`path_text`."""
    return text.encode("latin-1")
