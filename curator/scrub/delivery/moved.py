"""The maps of the clean texts of a project, as the vault keeps them: one document a shard of each round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from curator.core.errors import IntegrityError
from curator.scrub.text.moves import Moved

if TYPE_CHECKING:
    from curator.project.vault import Vault
    from curator.scrub.delivery.state import Shelf


def moved_of(number: int) -> str:
    """Return the folder of a round's maps."""
    return f"moved-{number:02d}"


def keep(shelf: Shelf, folder: str, shard: int, rows: list[dict[str, Any]]) -> None:
    """Keep the maps of a shard's rows, taking them out of the rows."""
    made = {}
    for row in rows:
        moved = row.pop("moved", None)
        if moved is not None:
            made[row["path"]] = [row["sha256"], moved.document()]
    if made:
        shelf.put(f"{folder}/{shard:08d}", made)


class Maps:
    """The maps of all clean texts, read when the first one is asked for.

    Parameters
    ----------
    vault
        Opened.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._held: dict[str, tuple[str, list[Any]]] | None = None

    def get(self, path: str, sha256: str) -> Moved | None:
        """Return the map of a clean text.

        Parameters
        ----------
        path
            Under the project's root.
        sha256
            Hex digest of the clean file as it is now: a map of other bytes is none.

        Raises
        ------
        IntegrityError
            VLT-003 when what the vault holds is none.
        """
        digest, document = self._all().get(path, ("", []))
        if digest != sha256:
            return None
        try:
            return Moved.of(document)
        except (TypeError, ValueError):
            raise IntegrityError("VLT-003", name="moved") from None

    def originals(self) -> Iterator[tuple[str, str]]:
        """Yield (SHA-256 of an original text, path of its clean file)."""
        for path, (_, document) in self._all().items():
            for digest in document[0]:
                yield digest, path

    def _all(self) -> Mapping[str, tuple[str, list[Any]]]:
        if self._held is None:
            from curator.scrub.delivery.choose import plan_names
            from curator.scrub.delivery.state import shelves

            self._held = {}
            for shelf in shelves(self._vault):
                # A later round writes a file anew, and its map stands for the earlier one.
                for number in range(len(plan_names(shelf))):
                    folder = moved_of(number)
                    for shard in shelf.numbers(folder):
                        for path, (digest, document) in shelf.need(f"{folder}/{shard:08d}").items():
                            self._held[path] = (digest, document)
        return self._held
