"""The closed loop as a probe: one file in, counts by place and category out. Never a value, never a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit.closed.forms import Sheet
from curator.audit.closed.owners import Owners
from curator.audit.closed.search import Search
from curator.audit.closed.views import views

if TYPE_CHECKING:
    from curator.audit.model import File


@dataclass
class KnownProbe:
    """Looks for known identifiers.

    Parameters
    ----------
    sheet
        What is searched.
    persons
        The running numbers of everybody whom a file with these bytes is about.
    digest
        A keyed digest of all that.
    """

    sheet: Sheet = field(repr=False)
    persons: Owners = field(repr=False)
    digest: str
    name: str = "known-identifiers"
    version: int = 1
    _search: Search | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the filter out: each worker makes its own."""
        return {**self.__dict__, "_search": None}

    def prepare(self) -> None:
        """Make the filter."""
        self._search = Search(self.sheet)

    def wants(self, file: File) -> bool:  # noqa: ARG002 - every file leaves
        """Every file is searched."""
        return True

    def parameters(self) -> Mapping[str, Any]:
        """Return the keyed digest of what is searched and of about whom which file is."""
        return {"known": self.digest}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Search one file. Raises ItemError when a part of it cannot be opened."""
        if self._search is None:
            self.prepare()
        assert self._search is not None  # made a line above
        persons = self.persons.of(file.sha256)
        hits: Counter[tuple[str, str]] = Counter()
        searched: Counter[str] = Counter()
        for view in views(stream, file.size):
            searched[view.place] += len(view.plain) - view.between
            for category, count in self._search.count(view.plain, persons, prose=view.prose).items():
                hits[view.place, category] += count
        return {
            "hits": [[place, category, count] for (place, category), count in sorted(hits.items())],
            "searched": dict(sorted(searched.items())),
        }
