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
        moved = row.pop("moved", ())
        if moved:
            # One map stands as it did before files had several.
            alone = len(moved) == 1 and moved[0].at is None
            kept = moved[0].document() if alone else {"texts": [one.document() for one in moved]}
            made[row["path"]] = [row["sha256"], kept]
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
        self._held: dict[str, tuple[str, Any]] | None = None

    def get(self, path: str, sha256: str) -> tuple[Moved, ...]:
        """Return the maps of a clean file: of the text that it is, or of the texts that it holds.

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
            return ()
        try:
            return tuple(map(Moved.of, _documents(document)))
        except (TypeError, ValueError, KeyError):
            raise IntegrityError("VLT-003", name="moved") from None

    def originals(self) -> Iterator[tuple[str, str]]:
        """Yield (SHA-256 of an original text, path of its clean file)."""
        for path, (_, document) in self._all().items():
            for one in _documents(document):
                for digest in one[0]:
                    yield digest, path

    def _all(self) -> Mapping[str, tuple[str, Any]]:
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


def _documents(document: Any) -> list[list[Any]]:
    return document["texts"] if isinstance(document, dict) else [document]
