"""Perceptual hashes: images that are copies of each other though windowed, resized, encoded, cropped or flipped anew.

An image is kept as a thumbnail of 32 by 32 ranks, which no monotone change of gray values moves. Its hash has one bit
for the sign of each of 64 low cosine coefficients; a flip turns the signs of known ones, so that all four flips are
asked for at once. Hashes are matched by bands of bits that have to be equal, least certain bits tried both ways, over a
few crops; what shares a band and differs in few bits is compared by the correlation of band-passed thumbnails over
small shifts and scales. What is alike by that is only likely: people of one build look alike at 32 by 32. So the few
pairs that are left are compared once more at 96 by 96 (:func:`surely`), where what is fine in an image has to agree.
Work grows with the pairs that share a band, not with all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

SIDE = 32
#: Correlation of small thumbnails from which two images are compared at :data:`FINE`.
LIKELY = 0.7
FINE = 96
#: Correlation at :data:`FINE` from which two images are copies of each other.
ALIKE = 0.76
#: Crops at which an image is asked for: the share of each side that is left, and where it lies.
CROPS = (
    (1.0, (0.0, 0.0)),
    *((0.95, (a, b)) for a in (-0.02, 0.02) for b in (-0.02, 0.02)),
    (0.95, (0.0, 0.0)),
    (0.9, (0.0, 0.0)),
)
_BITS, _BANDS, _UNSURE = 64, 4, 4
#: Most bits of 64 by which hashes of copies differ, at the nearest crop.
MOST = 16
_CHUNK = 1 << 14
#: The share of the largest coefficient below which one counts as 0.
_NIL = 0.01
_FIRST, _LAST = 2, 16
#: At :data:`FINE`: waves a side that count, crops that are tried, and by how many pixels an image may be moved.
_WAVES, _SCALES, _REACH = (3, 16), (1.0, 0.95, 0.9), 7


def thumbnail(plane: Any, side: int = SIDE) -> Any:
    """Return the ranks of a plane's thumbnail.

    Parameters
    ----------
    plane
        float, of shape (rows, columns).
    side
        Rows and columns of the thumbnail.

    Returns
    -------
    numpy.ndarray
        uint8, of shape (side, side): 0 the darkest, 255 the brightest; equal values share their middle rank.
    """
    small = _weights(plane.shape[0], side) @ plane.astype(np.float32) @ _weights(plane.shape[1], side).T
    # Rounding of the sums must not order what is equal.
    span = float(small.max() - small.min())
    flat = np.round((small - small.min()) * (4095 / span if span else 0.0)).ravel().astype(np.int32)
    _, where, counts = np.unique(flat, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    return np.round(middle[where] * (255 / flat.size)).astype(np.uint8).reshape(side, side)


@cache
def _weights(size: int, side: int) -> Any:
    """Return the (side, size) matrix of area means."""
    edges = np.linspace(0, size, side + 1)
    at = np.arange(size)
    part = np.clip(np.minimum(edges[1:, None], at + 1) - np.maximum(edges[:-1, None], at), 0, None)
    return (part / part.sum(axis=1, keepdims=True)).astype(np.float32)


@cache
def _cosines() -> Any:
    at = np.arange(SIDE)
    return np.cos(np.pi * np.outer(np.arange(SIDE), 2 * at + 1) / (2 * SIDE)).astype(np.float32)


@cache
def _picked() -> tuple[Any, Any]:
    """Return rows and columns of the 64 lowest coefficients but the mean, low first."""
    pairs = sorted((u * u + v * v, u, v) for u in range(12) for v in range(12) if u or v)[:_BITS]
    return np.array([one[1] for one in pairs]), np.array([one[2] for one in pairs])


def _coefficients(thumbs: Any) -> Any:
    return _cosines() @ thumbs @ _cosines().T


def _crop(thumbs: Any, left: float, shift: tuple[float, float] = (0.0, 0.0)) -> Any:
    """Return the middle part of thumbnails (n, 32, 32), moved by a share of the side, at full size again."""
    rows, columns = _window(left, shift[0]), _window(left, shift[1])
    return rows @ thumbs @ columns.T


@cache
def _window(left: float, shift: float, side: int = SIDE) -> Any:
    """Return the (side, side) matrix that takes linear samples of a part of a line."""
    at = (np.arange(side) + 0.5) / side * left + (1 - left) / 2 + shift
    place = np.clip(at * side - 0.5, 0, side - 1)
    low = np.minimum(place.astype(int), side - 2)
    made = np.zeros((side, side), np.float32)
    made[np.arange(side), low] = 1 - (place - low)
    made[np.arange(side), low + 1] = place - low
    return made


def _low(thumbs: Any) -> Any:
    """Return the 64 low coefficients (n, 64) of thumbnails, as shares of the largest of each image.

    What is nearly 0, as half of them are in a symmetric image, is taken for 0: its sign would be an accident.
    """
    rows, columns = _picked()
    found = _coefficients(thumbs.astype(np.float32) - 127.5)[:, rows, columns]
    largest = np.abs(found).max(axis=1, keepdims=True)
    return found / np.where(largest > 0, largest, 1.0)


def _keys(bits: Any) -> Any:
    """Return the bands (n, 4) of bits (n, 64): every fourth bit, so that each band holds low and high ones."""
    weights = 1 << np.arange(_BITS // _BANDS)
    return np.stack([bits[:, band::_BANDS] @ weights for band in range(_BANDS)], axis=1).astype(np.int64)


@cache
def _flips() -> Any:
    """Return what each flip multiplies coefficients by: (4, 64) for none, left-right, up-down, both."""
    rows, columns = _picked()
    odd_rows, odd_columns = 1 - 2 * (rows % 2), 1 - 2 * (columns % 2)
    return np.stack([np.ones(_BITS), odd_columns, odd_rows, odd_rows * odd_columns]).astype(np.float32)


def candidates(thumbs: Any) -> Iterator[tuple[Any, Any]]:
    """Yield arrays of index pairs (asker, held) of thumbnails (n, 32, 32) that share a band; both orders may come."""
    held = np.concatenate([_low(part) > _NIL for part in np.array_split(thumbs, len(thumbs) // _CHUNK + 1)])
    stored, whole = _keys(held), _codes(held)
    orders = [np.argsort(stored[:, band], kind="stable") for band in range(_BANDS)]
    lists = [stored[orders[band], band] for band in range(_BANDS)]
    for start in range(0, len(thumbs), _CHUNK):
        part = thumbs[start : start + _CHUNK]
        for left, shift in CROPS:
            low = _low(_crop(part.astype(np.float32), left, shift))
            for signs in _flips():
                turned, sure = low * signs > _NIL, np.abs(low * signs - _NIL)
                asked = _codes(turned)
                for band in range(_BANDS):
                    for keys in _probes(turned, sure, band):
                        for one, other in _joined(keys, lists[band], orders[band]):
                            close = np.bitwise_count(asked[one] ^ whole[other]) <= MOST
                            if close.any():
                                yield one[close] + start, other[close]


def _probes(bits: Any, sure: Any, band: int) -> Iterator[Any]:
    """Yield a band's keys (n,) with every choice of its least certain bits."""
    own, certain = bits[:, band::_BANDS], sure[:, band::_BANDS]
    width = own.shape[1]
    keys = own @ (1 << np.arange(width))
    weak = 1 << np.argsort(certain, axis=1)[:, :_UNSURE]
    for choice in range(1 << _UNSURE):
        mask = np.zeros(len(own), np.int64)
        for at in range(_UNSURE):
            if choice >> at & 1:
                mask |= weak[:, at]
        yield keys ^ mask


def _codes(bits: Any) -> Any:
    """Return bits (n, 64) as one uint64 each."""
    return np.ascontiguousarray(np.packbits(bits, axis=1, bitorder="little")).view(np.uint64).ravel()


def _joined(keys: Any, values: Any, order: Any) -> Iterator[tuple[Any, Any]]:
    first, last = np.searchsorted(values, keys, "left"), np.searchsorted(values, keys, "right")
    counts = last - first
    at = np.repeat(np.arange(len(keys)), counts)
    if len(at):
        within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        held = order[np.repeat(first, counts) + within]
        yield at, held


def _passed(thumbs: Any) -> Any:
    """Return thumbnails (n, 32, 32) as vectors of length 1 of their middle coefficients: neither shading nor noise."""
    found = _coefficients(thumbs.astype(np.float32) - 127.5)[:, :_LAST, :_LAST]
    u = np.arange(_LAST)
    radius = np.hypot(u[:, None], u[None, :])
    # Power of pictures falls with the square of frequency; weighed up, detail counts as much as outline.
    weighed = (found * np.where((radius >= _FIRST) & (radius < _LAST), radius, 0.0)).reshape(len(thumbs), -1)
    norm = np.linalg.norm(weighed, axis=1, keepdims=True)
    return weighed / np.where(norm > 0, norm, 1.0)


@cache
def _moves() -> tuple[tuple[float, tuple[float, float]], ...]:
    shifts = (-0.025, 0.0, 0.025)
    made = [(left, (a, b)) for left in (1.0, 0.95, 0.9) for a in shifts for b in shifts]
    return tuple(one for one in made if one[0] < 1.0 or one[1] == (0.0, 0.0))


def alike(one: Any, other: Any) -> Any:
    """Return how alike pairs of thumbnails are, over flips, small shifts and crops of either.

    Parameters
    ----------
    one, other
        uint8, of shape (n, 32, 32).

    Returns
    -------
    numpy.ndarray
        Correlations, of shape (n,).
    """
    best = np.full(len(one), -1.0)
    for a, b in ((one, other), (other, one)):
        still = _passed(b)
        for flipped in (a, a[:, :, ::-1], a[:, ::-1], a[:, ::-1, ::-1]):
            real = flipped.astype(np.float32)
            for left, shift in _moves():
                best = np.maximum(best, np.einsum("ij,ij->i", _passed(_crop(real, left, shift)), still))
    return best


def rough(one: Any, other: Any) -> Any:
    """Return an upper guess of :func:`alike` at a tenth of the work: one way, flips and crops, no shifts."""
    best = np.full(len(one), -1.0)
    for a, b in ((one, other), (other, one)):
        still = _passed(b)
        for flipped in (a, a[:, :, ::-1], a[:, ::-1], a[:, ::-1, ::-1]):
            for left in (1.0, 0.95):
                best = np.maximum(best, np.einsum("ij,ij->i", _passed(_crop(flipped.astype(np.float32), left)), still))
    return best


@cache
def _filter() -> Any:
    """Return the weights (96, 49) of a band pass: 3 to 16 waves a side, weighed up with frequency."""
    rows, columns = np.fft.fftfreq(FINE) * FINE, np.fft.rfftfreq(FINE) * FINE
    radius = np.hypot(rows[:, None], columns[None, :])
    return np.where((radius >= _WAVES[0]) & (radius <= _WAVES[1]), np.sqrt(radius), 0.0).astype(np.float32)


def _spectra(images: Any) -> Any:
    """Return band-passed spectra of images (..., 96, 96), each of power 1."""
    found = np.fft.rfft2(images - images.mean(axis=(-2, -1), keepdims=True)) * _filter()
    power = np.sqrt(np.square(np.fft.irfft2(found, (FINE, FINE))).sum(axis=(-2, -1), keepdims=True))
    return found / np.where(power > 0, power, 1.0)


def surely(one: Any, other: Any) -> float:
    """Return how alike two images are in what is fine, over flips, shifts, and crops of either, each side apart.

    Parameters
    ----------
    one, other
        uint8, of shape (96, 96).

    Returns
    -------
    float
        The largest correlation.
    """
    tried: list[tuple[float, int, Any, Any]] = []
    for a, b in ((one, other), (other, one)):
        still = np.conj(_spectra(b.astype(np.float32)))
        for flipped in (a, a[:, ::-1], a[::-1], a[::-1, ::-1]):
            real = flipped.astype(np.float32)
            tried.append((_best(real, still, ((1.0, 1.0), (0.95, 0.95))), len(tried), real, still))
    tried.sort(key=lambda each: -each[0])
    return max(_best(real, still, tuple((u, v) for u in _SCALES for v in _SCALES)) for _, _, real, still in tried[:2])


def _best(real: Any, still: Any, scales: tuple[tuple[float, float], ...]) -> float:
    """Return the largest correlation of an image's crops with a spectrum, over small shifts."""
    views = np.stack([_window(u, 0.0, FINE) @ real @ _window(v, 0.0, FINE).T for u, v in scales])
    moved = np.fft.irfft2(_spectra(views) * still, (FINE, FINE))
    rows = np.concatenate([moved[:, :_REACH], moved[:, -_REACH:]], axis=1)
    return float(np.concatenate([rows[:, :, :_REACH], rows[:, :, -_REACH:]], axis=2).max())


def near(thumbs: Any, groups: Sequence[int], threshold: float = LIKELY) -> list[tuple[int, int, float]]:
    """Return the pairs of images of different groups that may be copies of each other.

    Parameters
    ----------
    thumbs
        uint8, of shape (n, 32, 32).
    groups
        Of each image, such as a number for its patient: pairs within a group are not asked about.
    threshold
        The least of :func:`alike`.

    Returns
    -------
    list
        (index, index, how alike), the smaller index first, sorted.
    """
    group = np.asarray(groups)
    total = len(thumbs)
    seen: Any = np.empty(0, np.int64)
    waiting: list[Any] = []
    size = 0
    for one, other in candidates(thumbs):
        apart = group[one] != group[other]
        code = np.minimum(one, other)[apart] * total + np.maximum(one, other)[apart]
        waiting.append(np.unique(code))
        size += len(code)
        if size > 1 << 22:
            seen, waiting, size = np.unique(np.concatenate([seen, *waiting])), [], 0
    seen = np.unique(np.concatenate([seen, *waiting])) if waiting else seen
    found: list[tuple[int, int, float]] = []
    for start in range(0, len(seen), _CHUNK):
        code = seen[start : start + _CHUNK]
        one, other = code // total, code % total
        likely = rough(thumbs[one], thumbs[other]) >= threshold - 0.35
        one, other = one[likely], other[likely]
        values = alike(thumbs[one], thumbs[other])
        found += [(int(a), int(b), float(v)) for a, b, v in zip(one, other, values, strict=True) if v >= threshold]
    return sorted(found)
