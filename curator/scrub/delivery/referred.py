"""UIDs that stand in the clean files besides those of study, series and instance: frames of reference, references.

Kept in the vault, one document a shard of each round, so that the crosswalk can say what each of them was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError
from curator.identifiers.uids import UidCoder, is_uid

if TYPE_CHECKING:
    from curator.project.vault import Vault
    from curator.scrub.delivery.state import Shelf

#: The member of a row that carries them from the worker that maps to the one that stores.
MEMBER = "referred"


def referred_of(number: int) -> str:
    """Return the folder of a round's documents."""
    return f"referred-{number:02d}"


_latest: tuple[object, frozenset[str]] = ({}, frozenset())


def _news(given: Mapping[str, str]) -> frozenset[str]:
    """Return the new UIDs of a table; of the last one they are remembered."""
    global _latest
    if _latest[0] is not given:
        _latest = given, frozenset(given.values())
    return _latest[1]


def noting(coder: UidCoder, noted: set[str]) -> Callable[[str], str]:
    """Return the mapping of UIDs, noting each original.

    It raises DCM-071 for a UID that a table of the user's gives another object as its new one: two would be one.
    """
    news = _news(coder.given)

    def mapped(old: str) -> str:
        old = old.strip(" \x00")
        if old in news:
            raise ItemError("DCM-071")
        noted.add(old)
        return coder(old)

    return mapped


def listed(noted: set[str], row: dict[str, Any]) -> list[str]:
    """Return the noted UIDs that the plan's row of the file does not have already, sorted."""
    return sorted(one for one in noted.difference(row.get("old") or ()) if is_uid(one))


def keep(shelf: Shelf, folder: str, shard: int, rows: list[dict[str, Any]]) -> None:
    """Keep the UIDs of a shard's rows, taking them out of the rows. An empty document says that there are none."""
    found: set[str] = set()
    for row in rows:
        found.update(row.pop(MEMBER, ()))
    shelf.put(f"{folder}/{shard:08d}", sorted(found))


class Referred:
    """What all deliveries referred to.

    Parameters
    ----------
    vault
        Opened.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        #: Whether every shard that was scrubbed has told; earlier versions kept no such documents.
        self.whole = True

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield (original, new) UIDs, of each delivery under its own rules; sets :attr:`whole`."""
        from curator.scrub.delivery.choose import plan_names
        from curator.scrub.delivery.keys import SourceKeys
        from curator.scrub.delivery.state import shelves

        for shelf in shelves(self._vault):
            if shelf.get("frozen") is None:
                continue
            coder = SourceKeys.of(self._vault, retain_uids=shelf.need("about").get("retain_uids", False)).coder()
            for number, (_, shards) in enumerate(plan_names(shelf)):
                folder = referred_of(number)
                there = set(shelf.numbers(folder))
                self.whole = self.whole and there.issuperset(shards)
                for shard in sorted(there):
                    yield from ((old, coder(old)) for old in shelf.need(f"{folder}/{shard:08d}"))
