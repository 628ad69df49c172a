"""Search for images of different groups that may be copies of each other, in bounded memory.

Two hashes match when, in one of twelve bands of 20 of their bits, all bits agree but for the asker's five least certain
ones, and at most :data:`MOST` of all 192 bits differ. An image asks at a few crops and in all four flips, and is asked
for by all others; so either of two images may be the one that was cropped. The bands' tables find exactly what
comparing all pairs by that rule would find (the tests hold one against the other); work grows with the images and with
the pairs that share a band. What matches is compared by correlation of the thumbnails.

Nothing is left out in silence: an image with more than :data:`PARTNERS` likely copies is given up as crowded, and the
search stops at :data:`PAIRS` of them, or when :data:`WORK` is used up. :class:`Near` says how many images
were not searched to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from curator.audit import phash
from curator.audit.correlate import LIKELY, small

#: Bands, bits in each, and least certain bits of a band that an asker tries both ways.
BANDS, WIDTH, UNSURE = 12, 20, 5
#: Bands are made of so many low bits of the hash, the ones that changed copies keep best.
_LOW = 60
#: Most bits of 192 by which hashes of copies differ, at the nearest crop.
MOST = 48
#: Least correlation of the coefficients behind two hashes, at the nearest crop.
ROUGH = 0.6
#: Likely copies of one image from which it is crowded, and of all images.
PARTNERS, PAIRS = 256, 500_000
#: Work that a search may take, and more by each image: a pair that shares a band counts 1, and as below when compared.
WORK = (4_000_000_000, 200_000)
#: What a pair counts that is compared by coefficients, and by spectra.
_BY_VECTORS, _BY_SPECTRA = 1 << 7, 1 << 13
#: Images that ask together, pairs that are joined together, pairs that wait to be compared, and that are remembered.
_BLOCK, _JOINED, _WAITING, _DONE = 512, 1 << 17, 1 << 16, 1 << 20
#: Says which askers still ask, and which pairs (askers, held) are asked about.
Asked = Callable[[Any], Any]
Chosen = Callable[[Any, Any], Any]
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Near:
    """What a search found.

    Parameters
    ----------
    pairs
        (index, index, how alike), the smaller index first, sorted.
    unsearched
        Images that were not compared with every other one that they match.
    """

    pairs: list[tuple[int, int, float]]
    unsearched: int


@cache
def layout() -> Any:
    """Return which bits stand in each band: int, of shape (12, 20). Three bands hold all bits that stand in any."""
    # Steps that are prime to 60 go once through all bits, low and high ones in turn.
    orders = [(np.arange(_LOW) * step + step // 2) % _LOW for step in (7, 13, 23, 29)]
    return np.concatenate([order.reshape(3, WIDTH) for order in orders])


@cache
def _weights() -> Any:
    """Return what gives the bands' keys of bits: (192, 12). Keys below 2^20 are whole numbers in float32."""
    made = np.zeros((phash.BITS, BANDS), np.float32)
    for band, places in enumerate(layout()):
        made[places, band] = 1 << np.arange(WIDTH)
    return made


def keys(bits: Any) -> Any:
    """Return the bands' keys, uint64 of shape (n, 12), of hashes, bool of shape (n, 192)."""
    return (bits.astype(np.float32) @ _weights()).astype(np.uint64)


def codes(bits: Any) -> Any:
    """Return hashes, bool of shape (n, 192), as three uint64 each."""
    return np.ascontiguousarray(np.packbits(bits, axis=1, bitorder="little")).view(np.uint64)


def choices(certain: Any) -> Any:
    """Return what the least certain bits of each band add to its key: uint64, of shape (n, 12, 32).

    Parameters
    ----------
    certain
        How certain each bit is, float of shape (n, 192); of equal ones the first in the band is the least certain.
    """
    weakest = np.argsort(certain[:, layout()], axis=2, kind="stable")[:, :, :UNSURE].astype(np.uint64)
    masks = np.uint64(1) << weakest
    chosen = (np.arange(1 << UNSURE)[:, None] >> np.arange(UNSURE)) & 1
    return (masks[:, :, None, :] * chosen.astype(np.uint64)).sum(axis=3)


class Index:
    """Tables of hashes by their bands.

    Parameters
    ----------
    bits
        bool, of shape (n, 192).
    """

    def __init__(self, bits: Any) -> None:
        self.codes = np.empty((len(bits), phash.BITS // 64), np.uint64)
        own = np.empty((len(bits), BANDS), np.uint32)
        for start in range(0, len(bits), _BLOCK):
            part = bits[start : start + _BLOCK]
            self.codes[start : start + len(part)] = codes(part)
            own[start : start + len(part)] = keys(part)
        # About two places for an image.
        self._shift = np.uint64(64 - max(8, int(len(bits) * 2 - 1).bit_length()))
        places = np.arange((1 << (64 - int(self._shift))) + 1, dtype=np.uint64)
        self._starts, self._keys, self._order = [], [], []
        for band in range(BANDS):
            placed = self._place(own[:, band])
            # One key's hashes stand together, though others may share its place.
            order = np.lexsort((own[:, band], placed)).astype(np.int32)
            self._starts.append(np.searchsorted(placed[order], places).astype(np.int32))
            self._keys.append(own[order, band])
            self._order.append(order)

    def _place(self, found: Any) -> Any:
        return (found.astype(np.uint64) * _ODD) >> self._shift

    def sharing(self, asked: Any, band: int, keep: Asked) -> Iterator[tuple[Any, Any]]:
        """Yield arrays (which asked, which held) of those with equal keys in a band, some at a time.

        Parameters
        ----------
        asked
            Keys, uint64 of shape (m,).
        band
            Which band.
        keep
            Called with numbers of asked keys before they are joined: says which of them are still asked for.
        """
        placed, asked = self._place(asked), asked.astype(np.uint32)
        first = self._starts[band][placed].astype(np.int64)
        counts = self._starts[band][placed + np.uint64(1)] - first
        there = np.flatnonzero(counts)
        ends = np.cumsum(counts[there])
        start = 0
        while start < len(there):
            # At least one asked key; the keys of one place are those of one bucket, never more than all images.
            stop = max(int(np.searchsorted(ends, (ends[start - 1] if start else 0) + _JOINED, "right")), start + 1)
            rows = there[start:stop]
            rows = rows[keep(rows)]
            start = stop
            size = counts[rows]
            within = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
            at = np.repeat(first[rows], size) + within
            one = np.repeat(rows, size)
            equal = self._keys[band][at] == asked[one]
            yield one[equal], self._order[band][at[equal]].astype(np.int64)

    def matching(self, bits: Any, masks: Any, keep: Asked, wanted: Chosen) -> Iterator[tuple[Any, Any]]:
        """Yield arrays (asker, held) of hashes that match; a pair comes once for each band that is shared.

        Parameters
        ----------
        bits
            Hashes that ask, bool of shape (m, 192).
        masks
            Their :func:`choices`.
        keep
            Called with askers: says which of them still ask.
        wanted
            Called with askers and held ones that share a band: says which pairs are asked about.
        """
        own, code, tried = keys(bits), codes(bits), masks.shape[2]
        for band in range(BANDS):
            asked = (own[:, band, None] ^ masks[:, band]).ravel()
            for rows, other in self.sharing(asked, band, lambda rows: keep(rows // tried)):
                one = rows // tried
                chosen = wanted(one, other)
                one, other = one[chosen], other[chosen]
                close = np.bitwise_count(code[one] ^ self.codes[other]).sum(axis=1) <= MOST
                if close.any():
                    yield one[close], other[close]


@dataclass
class _Quest:
    """One of the searches that are run at once: about pairs on two sides, or about all others.

    Parameters
    ----------
    across
        Which.
    total
        Images.
    """

    across: bool
    total: int

    def __post_init__(self) -> None:
        """Begin with nothing found."""
        #: Images that are no part of a crowd.
        self.open = np.ones(self.total, bool)
        self.partners = np.zeros(self.total, np.int64)
        self.found: dict[int, float] = {}
        self.work = WORK[0] + WORK[1] * self.total
        self.done = self.waiting = np.empty(0, np.int64)
        #: First image of the block that is asked, or was when the search stopped.
        self.start = 0

    @property
    def stopped(self) -> bool:
        """Whether the search is given up."""
        return len(self.found) >= PAIRS or self.work <= 0

    def near(self, members: Any) -> Near:
        """Return what was found; ``members`` says which images it is about."""
        # The last block to be asked may not have been asked to its end.
        ended = self.start if self.stopped else self.total
        unsearched = int(members.sum()) - int((self.open & members)[:ended].sum())
        return Near(
            sorted((code // self.total, code % self.total, value) for code, value in self.found.items()), unsearched
        )


class Search:
    """A search among images; made once, run once. See :func:`nears` for the parameters."""

    def __init__(self, thumbs: Any, groups: Any, sides: Any, quests: Sequence[bool]) -> None:
        self.thumbs, self.groups, self.sides = thumbs, groups, sides
        self.total = len(thumbs)
        self.quests = [_Quest(across, self.total) for across in quests]
        held = np.empty((self.total, phash.BITS), bool)
        #: Of each image the coefficients behind its hash, 1 byte each: 1 is 254 divided by their largest.
        self.vectors = np.empty((self.total, phash.BITS), np.int8)
        self.scales = np.empty(self.total, np.float32)
        for start in range(0, self.total, _BLOCK):
            part = slice(start, start + _BLOCK)
            found = phash.coefficients(thumbs[part])
            held[part] = phash.bits(found)
            exact = phash.vectors(found)
            largest = np.maximum(np.abs(exact).max(axis=1), 1e-9)
            self.vectors[part] = np.round(exact / largest[:, None] * 127)
            self.scales[part] = largest / 127
        self.index = Index(held)

    def run(self) -> dict[bool, Near]:
        """Search, and return what was found, across sides or not."""
        for start in range(0, self.total, _BLOCK):
            if all(one.stopped for one in self.quests):
                break
            self._block(start, min(start + _BLOCK, self.total))
        placed, every = self.sides >= 0, np.ones(self.total, bool)
        return {one.across: one.near(placed if one.across else every) for one in self.quests}

    def _block(self, start: int, stop: int) -> None:
        crops = [phash.coefficients(self.thumbs[start:stop], left, shift) for left, shift in phash.CROPS]
        exact = np.stack([phash.vectors(found) for found in crops], axis=1)
        asking = [one for one in self.quests if not one.stopped]
        for quest in asking:
            quest.start = start
            quest.done = quest.waiting = np.empty(0, np.int64)
        for one, other in self._matches(crops, start, asking):
            across = self._across(one, other)
            for quest in asking:
                mine = across == quest.across
                if not quest.stopped and mine.any():
                    self._wait(quest, one[mine] * self.total + other[mine], exact)
            if all(quest.stopped for quest in asking):
                return
        for quest in asking:
            if not quest.stopped:
                self._compare(quest, np.setdiff1d(quest.waiting, quest.done), exact)

    def _wait(self, quest: _Quest, pairs: Any, exact: Any) -> None:
        """Let pairs wait until many can be compared."""
        quest.waiting = np.concatenate([quest.waiting, pairs])
        if len(quest.waiting) <= _WAITING:
            return
        quest.waiting = np.setdiff1d(quest.waiting, quest.done)
        if len(quest.waiting) > _WAITING // 2:
            self._compare(quest, quest.waiting, exact)
            # What is forgotten is at most compared again.
            done = quest.done if len(quest.done) < _DONE else quest.done[:0]
            quest.done = np.union1d(done, quest.waiting)
            quest.waiting = quest.waiting[:0]

    def _matches(self, crops: list[Any], start: int, asking: Sequence[_Quest]) -> Iterator[tuple[Any, Any]]:
        """Yield arrays of index pairs (asker, held) whose hashes match and that are asked about."""

        def keep(one: Any) -> Any:
            return np.any([quest.open[start + one] & (not quest.stopped) for quest in asking], axis=0)

        def wanted(one: Any, other: Any) -> Any:
            across, some = self._across(start + one, other), np.zeros(len(one), bool)
            for quest in asking:
                if not quest.stopped:
                    asked = quest.open[start + one]
                    quest.work -= int(asked.sum())
                    some |= asked & (across == quest.across)
            return some & (self.groups[start + one] != self.groups[other])

        for found in crops:
            masks = choices(np.abs(found))
            for signs in phash.flips():
                for one, other in self.index.matching(phash.bits(found * signs), masks, keep, wanted):
                    yield one + start, other

    def _across(self, one: Any, other: Any) -> Any:
        """Say which pairs are on two sides."""
        first, second = self.sides[one], self.sides[other]
        return (first != second) & (first >= 0) & (second >= 0)

    def _compare(self, quest: _Quest, pairs: Any, exact: Any) -> None:
        """Compare pairs, given as asker x total + held, and keep the likely ones."""
        for at in range(0, len(pairs), 1 << 12):
            part = pairs[at : at + (1 << 12)]
            one, other = part // self.total, part % self.total
            both = quest.open[one] & quest.open[other]
            one, other = one[both], other[both]
            likely = self._rough(exact[one - quest.start], other) >= ROUGH
            self._closely(quest, one[likely], other[likely])
            quest.work -= _BY_VECTORS * len(part)
            if quest.stopped:
                return

    def _rough(self, crops: Any, other: Any) -> Any:
        """Return the largest correlation of askers' crops (m, 7, 192) with held images, over the flips."""
        product = crops * self.vectors[other][:, None].astype(np.float32)
        # The four flips differ in the signs of what is odd in rows or columns.
        return (product @ phash.flips().T).max(axis=(1, 2)) * self.scales[other]

    def _closely(self, quest: _Quest, one: Any, other: Any) -> None:
        spectra: dict[int, Any] = {}
        for a, b in zip(one.tolist(), other.tolist(), strict=True):
            code = min(a, b) * self.total + max(a, b)
            if code in quest.found or not (quest.open[a] and quest.open[b]):
                continue
            for each in (a, b):
                if each not in spectra:
                    spectra[each] = small().spectra(self.thumbs[each])
            quest.work -= _BY_SPECTRA
            value = small().compare(spectra[a], spectra[b])
            if value >= LIKELY:
                quest.found[code] = value
                for each in (a, b):
                    quest.partners[each] += 1
                    quest.open[each] = quest.partners[each] < PARTNERS
            if quest.stopped:
                return


def near(thumbs: Any, groups: Sequence[int], sides: Sequence[int] | None = None, *, across: bool = False) -> Near:
    """Return the pairs of images of different groups that may be copies of each other.

    Parameters
    ----------
    thumbs, groups, sides
        As for :func:`nears`.
    across
        Whether pairs on two sides are asked about, or all others.

    Returns
    -------
    Near
        Likely pairs, and how many images were not searched to the end.
    """
    return nears(thumbs, groups, sides, (across,))[across]


def nears(
    thumbs: Any, groups: Sequence[int], sides: Sequence[int] | None = None, quests: Sequence[bool] = (True, False)
) -> dict[bool, Near]:
    """Run several searches at once: what they share is most of the work.

    Parameters
    ----------
    thumbs
        uint8, of shape (n, 32, 32).
    groups
        Of each image, such as a number for its patient: pairs within a group are not asked about.
    sides
        Of each image, such as a number for its split, below 0 for none; all are on one side when not given.
    quests
        Whether pairs on two sides are asked about (True), or all others (False).

    Returns
    -------
    dict
        What each found; each has limits of its own.
    """
    owners = np.asarray(groups, np.int32)
    placed = np.zeros(len(thumbs), np.int32) if sides is None else np.asarray(sides, np.int32)
    made = {across: Near([], 0) for across in quests}
    if len(np.unique(owners)) < 2:
        return made
    two = len(np.unique(placed[placed >= 0])) > 1
    some = [across for across in quests if two or not across]
    return {**made, **Search(thumbs, owners, placed, some).run()} if some else made
