"""Small frozen types that rooms hand each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one source item. In a delivery's own rows, found = scrubbed + duplicate + quarantined, always."""

    SCRUBBED = "scrubbed"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    #: It was scrubbed, and a corrected object has taken its place since.
    REPLACED = "replaced"


@dataclass(frozen=True)
class Shard:
    """A numbered, fixed list of items that one worker takes at a time.

    Parameters
    ----------
    number
        Position in the run, from 0. Shards of one frozen inventory are always the same.
    items
        What the task's ``item`` function takes, picklable.
    """

    number: int
    items: tuple[Any, ...]
