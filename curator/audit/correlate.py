"""How alike two images are, over flips, small shifts, and crops of either, each side apart.

Correlations of band-passed images, taken from the few Fourier coefficients within the band: at 32 by 32 for all that
the search finds, at 96 by 96 for what is left. A shift turns phases, a flip mirrors the spectrum; nothing is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from curator.audit.phash import FINE, SIDE, window

#: Correlation at 32 by 32 from which two images are compared at 96 by 96.
LIKELY = 0.7
#: Correlation at 96 by 96 from which two images are copies of each other.
ALIKE = 0.72
#: The shares of a side that a crop leaves. Views of an image are all pairs of them, rows first.
_SCALES = (1.0, 0.95, 0.9)
_VIEWS = tuple((u, v) for u in _SCALES for v in _SCALES)
#: Views that are tried first: whole, and both sides at 0.95.
_FIRST = [0, 4]


@dataclass(frozen=True)
class Correlator:
    """Compares images of one size.

    Parameters
    ----------
    side
        Rows and columns.
    low, high
        Waves a side that count.
    reach, step
        By how many pixels an image may be moved, and in what steps.
    """

    side: int
    low: int
    high: int
    reach: float
    step: float

    @cached_property
    def _waves(self) -> Any:
        return np.arange(-self.high, self.high + 1)

    @cached_property
    def _taken(self) -> dict[float, tuple[Any, Any]]:
        """By scale, what takes the coefficients along rows (2h + 1, side) and along columns (side, h + 1)."""
        turn = np.exp(-2j * np.pi * np.outer(self._waves, np.arange(self.side)) / self.side)
        made = {one: (turn @ window(one, 0.0, self.side)).astype(np.complex64) for one in _SCALES}
        return {one: (rows, np.ascontiguousarray(rows[self.high :].T)) for one, rows in made.items()}

    @cached_property
    def _band(self) -> Any:
        """The weights (2h + 1, h + 1) of the band pass: weighed up with frequency."""
        radius = np.hypot(self._waves[:, None], self._waves[None, self.high :])
        return np.where((radius >= self.low) & (radius <= self.high), np.sqrt(radius), 0.0).astype(np.float32)

    @cached_property
    def _twice(self) -> Any:
        """How often each column of the half spectrum stands in the whole one."""
        return np.where(np.arange(self.high + 1) > 0, 2.0, 1.0).astype(np.float32)

    @cached_property
    def _moves(self) -> tuple[Any, Any]:
        by = np.arange(-self.reach, self.reach + self.step / 2, self.step)
        rows = np.exp(2j * np.pi * np.outer(by, self._waves) / self.side)
        return rows.astype(np.complex64), (rows[:, self.high :].T * self._twice[:, None]).astype(np.complex64)

    def spectra(self, image: Any) -> Any:
        """Return the band-passed spectra of an image's nine views, each of power 1.

        Parameters
        ----------
        image
            uint8, of shape (side, side).

        Returns
        -------
        numpy.ndarray
            complex64, of shape (9, 2 high + 1, high + 1): half of each spectrum.
        """
        real = image.astype(np.float32)
        real -= real.mean()
        across = {scale: real @ columns for scale, (_, columns) in self._taken.items()}
        found = np.stack([self._taken[u][0] @ across[v] for u, v in _VIEWS]) * self._band
        power = np.sqrt((np.square(np.abs(found)) * self._twice).sum(axis=(1, 2), keepdims=True))
        return (found / np.where(power > 0, power, 1.0)).astype(np.complex64)

    def _flipped(self, half: Any) -> Any:
        """Return the half spectra (4, ...) of an image: as it is, left-right, up-down, both."""
        turn = np.exp(2j * np.pi * self._waves / self.side).astype(np.complex64)
        across, down = turn[None, self.high :], turn[:, None]
        return np.stack([half, np.conj(half[::-1]) * across, half[::-1] * down, np.conj(half) * down * across])

    def _largest(self, views: Any, still: Any) -> Any:
        """Return the largest correlation of spectra over the moves, for each of the leading axes."""
        rows, columns = self._moves
        return np.real(rows @ (views * np.conj(still)) @ columns).max(axis=(-2, -1))

    def compare(self, one: Any, other: Any) -> float:
        """Return the largest correlation of two images, given by their :meth:`spectra`.

        All flips are tried with few views, and the two likeliest with every view.
        """
        tried: list[tuple[float, int, Any, Any]] = []
        for views, still in ((one, other), (other, one)):
            turned = self._flipped(still[0])
            best = self._largest(views[_FIRST][:, None], turned[None]).max(axis=0)
            tried += [(float(value), len(tried) + at, views, turned[at]) for at, value in enumerate(best)]
        tried.sort(key=lambda each: (-each[0], each[1]))
        return max(float(self._largest(views, still).max()) for _, _, views, still in tried[:2])


@cache
def small() -> Correlator:
    """Return what compares thumbnails of 32 by 32."""
    return Correlator(SIDE, 3, 10, 2.5, 0.5)


@cache
def large() -> Correlator:
    """Return what compares thumbnails of 96 by 96."""
    return Correlator(FINE, 3, 16, 7.0, 1.0)


def surely(one: Any, other: Any) -> float:
    """Return how alike two images of 96 by 96 (uint8) are in what is fine."""
    return large().compare(large().spectra(one), large().spectra(other))
