"""Files under clean/ that the journal does not know, found while its samples go by: no path of them is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curator.core.errors import IntegrityError
from curator.release.tree import files

CLEAN = "clean"


class Strangers:
    """Holds the files below ``clean/`` against the paths that the journal knows, both sorted.

    Parameters
    ----------
    root
        The project.
    """

    def __init__(self, root: Path) -> None:
        self._there: Iterator[str] = files(root, CLEAN) if (root / CLEAN).is_dir() else iter(())
        #: A file that was found and comes behind what was seen so far.
        self._found: str | None = None
        self._count = 0

    def see(self, path: str) -> None:
        """Take the next path that the journal knows; the file may be lacking.

        Raises
        ------
        IntegrityError
            REL-026 for anything on the way there that is neither a folder nor a regular file.
        """
        here = self._found if self._found is not None else next(self._there, None)
        while here is not None and here < path:
            self._count += 1
            here = next(self._there, None)
        self._found = None if here == path else here

    def refuse(self) -> None:
        """Refuse files that the journal does not know, once it has told all (REL-005; REL-026 as :meth:`see`)."""
        count = self._count + (self._found is not None) + sum(1 for _ in self._there)
        if count:
            raise IntegrityError("REL-005", count=count)
