"""What a reader of exports is: one file, one class, one entry of :mod:`curator.labels.readers.table`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from curator.labels.item import Item, Lack, Refused


class Reader(Protocol):
    """Turns one tool's export into items.

    Every label that stands in the file comes out once, as an :class:`Item` or as a :class:`Refused`: the two counts
    together are the number of labels in the file.
    """

    @property
    def name(self) -> str:
        """Its word on the command line, such as ``coco``."""
        ...

    @property
    def title(self) -> str:
        """The tool and format for people, with the version."""
        ...

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What files of this format never say."""
        ...

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file or folder is of this format, from its name and its first 64 KiB (empty for a folder)."""
        ...

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield every label of a file or folder, in the file's order, in memory that does not grow with a long file.

        Raises
        ------
        UsageError
            IMP-001 when the file as a whole is not of this format, IMP-002 when it cannot be read, IMP-003 when it ends
            too early or is broken in the middle: nothing of it is imported then.
        """
        ...
