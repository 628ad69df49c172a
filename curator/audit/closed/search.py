"""The search itself: plain bytes in, counts of what was found by category out. It never keeps or returns a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from curator.audit.closed.dates import written_dates
from curator.audit.closed.engine import LEAST, Patterns, Shorts
from curator.audit.closed.forms import Sheet, date_of
from curator.audit.closed.judge import is_hit
from curator.audit.closed.plain import CHUNK, KEPT, LEAD, chunks, narrowed
from curator.audit.closed.words import Words, narrowed_by_arrays

#: A text from so many bytes on, about so many persons at most, is worth tables of what can be a hit in it.
_WORTH, _MOST_OWN = 1 << 16, 200
#: Bytes from which on arrays narrow a text sooner than a table does.
_LARGE = 1 << 12


class Place(NamedTuple):
    """Where something was found, in plain bytes, and what it is."""

    at: int
    end: int
    category: str


@dataclass
class Search:
    """Folded strings made ready.

    Parameters
    ----------
    sheet
        What is searched.
    fast
        Use numpy; by default, when it is installed.
    """

    sheet: Sheet = field(repr=False)
    fast: bool | None = None

    def __post_init__(self) -> None:
        """Build the filter."""
        texts = self.sheet.forms
        self._patterns = Patterns(texts, fast=self.fast)
        self._short = Shorts(texts, fast=self.fast)
        # Without numpy all short strings are asked for in every text.
        self._everybody = (
            Shorts(texts, texts.shorts_of_everybody(), fast=True) if self._patterns.fast and self._short.sizes else None
        )
        self._last: tuple[frozenset[int], Shorts] | None = None
        self.searched = 0

    def _shorts(self, own: frozenset[int], size: int) -> Shorts:
        """Return the short strings that can be a hit in a text about some persons."""
        if size < _WORTH or len(own) > _MOST_OWN or self._everybody is None:
            return self._short
        if self._last is None or self._last[0] != own:
            mine = self.sheet.forms.shorts_of(own)
            self._last = own, Shorts(self.sheet.forms, mine, base=self._everybody, fast=True)
        return self._last[1]

    def places(self, plain: bytes, persons: Collection[int], *, prose: bool) -> list[Place]:
        """Return where known values stand.

        Parameters
        ----------
        plain
            As :mod:`curator.audit.closed.plain` makes them.
        persons
            Running numbers of the persons whom the file is about.
        prose
            Text that was decoded: short values are sought as words. Else only strings of eight bytes and more.
        """
        self.searched += len(plain)
        found: list[Place] = []
        own = frozenset(persons)
        shorts = self._shorts(own, len(plain)) if prose else None
        for base, chunk in chunks(plain):
            first = LEAD if base else 0
            last = len(chunk) if base + len(chunk) == len(plain) else CHUNK + LEAD
            some = self._chunk(chunk, own, shorts)
            found.extend(Place(base + at, base + end, category) for at, end, category in some if first <= at < last)
        return _settled(found)

    def count(self, plain: bytes, persons: Collection[int], *, prose: bool) -> Counter[str]:
        """Count what is found, by category. Parameters as :meth:`places`."""
        return Counter(place.category for place in self.places(plain, persons, prose=prose))

    def _chunk(self, chunk: bytes, own: frozenset[int], shorts: Shorts | None) -> list[Place]:
        prose, fast = shorts is not None, self._patterns.fast
        marks = None
        if fast and len(chunk) >= _LARGE:
            folded, marks = narrowed_by_arrays(chunk)
        else:
            folded = narrowed(chunk)
        hits = list(self._patterns.find(folded))
        words: Words | None = None
        if shorts is not None:
            words = Words(chunk, folded, KEPT, fast=fast, marks=marks)
            hits.extend(shorts.find(folded, words))
        out = self._dates(chunk, words, own) if words is not None else []
        # Most short strings are somebody else's: that is asked before where the string stood.
        texts = self.sheet.forms
        asked = [(at, row, form, mine) for at, row in hits for form, mine in texts.asked(row, own)]
        if not asked:
            return out
        words = words or Words(chunk, folded, KEPT, fast=fast, marks=marks)
        spans = words.spans([one[0] for one in asked], [texts.size(one[1]) for one in asked])
        for (_, row, form, mine), (start, end) in zip(asked, spans, strict=True):
            if is_hit(form, texts.text(row), chunk, start, end, own=mine, prose=prose):
                out.append(Place(start, end, form.category))
        return out

    def _dates(self, chunk: bytes, words: Words, own: frozenset[int]) -> list[Place]:
        return list(_written(self.sheet, chunk, words, own, fast=self._patterns.fast))


def _written(sheet: Sheet, plain: bytes, words: Words, own: frozenset[int], *, fast: bool) -> Iterator[Place]:
    for start, end, readings in written_dates(plain, words, fast=fast) if own and sheet.dates else ():
        for one in readings:
            row = sheet.dates.find(date_of(*one))
            for form, mine in sheet.dates.asked(row, own) if row >= 0 else ():
                if mine:
                    yield Place(start, end, form.category)


def naive(sheet: Sheet, plain: bytes, persons: Collection[int], *, prose: bool) -> list[Place]:
    """Return what :meth:`Search.places` does, by looking for each string at every place of all the bytes at once."""
    folded, own = narrowed(plain), frozenset(persons)
    words = Words(plain, folded, KEPT, fast=False)
    found = list(_written(sheet, plain, words, own, fast=False)) if prose else []
    for text, forms in sheet.forms.items():
        at = folded.find(text)
        while at >= 0:
            whole = len(text) >= LEAST or (prose and (not at or words.ends[at]) and words.ends[at + len(text)])
            start, end = words.spans([at], [len(text)])[0]
            for form, owners in forms if whole else ():
                if is_hit(form, text, plain, start, end, own=bool(owners & own), prose=prose):
                    found.append(Place(start, end, form.category))
            at = folded.find(text, at + 1)
    return _settled(found)


def _settled(found: list[Place]) -> list[Place]:
    """Return places in order; of those of one category that overlap the first, and of those the longest."""
    kept: list[Place] = []
    last: dict[str, int] = {}
    for one in sorted(found, key=lambda one: (one.at, -one.end, one.category)):
        if one.at >= last.get(one.category, 0):
            kept.append(one)
            last[one.category] = one.end
    return kept
