"""Perceptual hashes: images that are copies of each other though windowed, resized, encoded, cropped or flipped anew.

An image is kept as a thumbnail of 32 by 32 ranks of bounded contrast: ranks do not move with window or gray curve, and
the bound keeps noise of flat parts from being drawn up to the whole range. Its hash has one bit for the sign of each of
192 low cosine coefficients; a flip turns the signs of known ones, so that all four flips are asked for at once. Hashes
are searched by :mod:`curator.audit.search`, what is found is compared by :mod:`curator.audit.correlate`.
A change of what :func:`thumbnail` gives asks for a new version of the probes in curator/audit/images.py.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

SIDE = 32
FINE = 96
#: Crops at which an image is asked for: the share of each side that is left, and where it lies.
CROPS = (
    (1.0, (0.0, 0.0)),
    *((0.95, (a, b)) for a in (-0.02, 0.02) for b in (-0.02, 0.02)),
    (0.95, (0.0, 0.0)),
    (0.9, (0.0, 0.0)),
)
BITS = 192
#: Steps of gray, bins of the histogram, and how many times the mean height a bin counts at most.
_STEPS, _BINS, _CONTRAST = 4096, 64, 8.0
#: The share of the largest coefficient below which one counts as 0.
_NIL = 0.01
#: Cosine coefficients a side that are looked at; those of a lower radius than the second are shading.
_LAST, _SHADING = 16, 2


def thumbnail(plane: Any, side: int = SIDE) -> Any:
    """Return the ranks of a plane's thumbnail, with bounded contrast.

    Gray values are replaced by the share of pixels that are darker, where no bin of the histogram counts more than
    eight times the mean: without that bound a picture of nearly one gray value would be one of its noise.

    Parameters
    ----------
    plane
        float, of shape (rows, columns).
    side
        Rows and columns of the thumbnail.

    Returns
    -------
    numpy.ndarray
        uint8, of shape (side, side): 0 the darkest, 255 the brightest; equal values have one rank.
    """
    small = _weights(plane.shape[0], side) @ plane.astype(np.float32) @ _weights(plane.shape[1], side).T
    # Rounding of the sums must not order what is equal.
    span = float(small.max() - small.min())
    scaled = (small - small.min()) * ((_STEPS - 1) / span if span else 0.0)
    # A span that float32 cannot hold gives no numbers; they would be no picture.
    flat = np.round(np.nan_to_num(scaled, nan=0.0)).clip(0, _STEPS - 1).ravel().astype(np.int64)
    share = np.bincount(flat * _BINS // _STEPS, minlength=_BINS) / flat.size
    most = _CONTRAST / _BINS
    for _ in range(_BINS):
        over = 1.0 - np.minimum(share, most).sum()
        if over < 1e-9:
            break
        share = np.minimum(share, most) + over / _BINS
    # Each bin's share, spread evenly over the steps of gray within it.
    dense = np.repeat(share, _STEPS // _BINS)
    rank = (np.cumsum(dense) - dense / 2) / dense.sum()
    return np.round(rank[flat] * 255).astype(np.uint8).reshape(side, side)


@cache
def _weights(size: int, side: int) -> Any:
    """Return the (side, size) matrix of area means."""
    edges = np.linspace(0, size, side + 1)
    at = np.arange(size)
    part = np.clip(np.minimum(edges[1:, None], at + 1) - np.maximum(edges[:-1, None], at), 0, None)
    return (part / part.sum(axis=1, keepdims=True)).astype(np.float32)


@cache
def window(left: float, shift: float, side: int = SIDE) -> Any:
    """Return the (side, side) matrix that takes linear samples of a part of a line.

    Parameters
    ----------
    left, shift
        The share of the line that is left, and by what share its middle is moved.
    side
        Samples of the line.
    """
    at = (np.arange(side) + 0.5) / side * left + (1 - left) / 2 + shift
    place = np.clip(at * side - 0.5, 0, side - 1)
    low = np.minimum(place.astype(int), side - 2)
    made = np.zeros((side, side), np.float32)
    made[np.arange(side), low] = 1 - (place - low)
    made[np.arange(side), low + 1] = place - low
    return made


@cache
def picked() -> tuple[Any, Any, Any]:
    """Return rows, columns and radii of the 192 lowest coefficients but the mean, low first."""
    pairs = sorted((u * u + v * v, u, v) for u in range(_LAST) for v in range(_LAST) if u or v)[:BITS]
    rows, columns = np.array([one[1] for one in pairs]), np.array([one[2] for one in pairs])
    return rows, columns, np.hypot(rows, columns).astype(np.float32)


@cache
def _cosines(left: float, shift: float) -> Any:
    """Return the (16, 32) matrix that takes the low cosine coefficients of a part of a line."""
    at = np.arange(SIDE)
    waves = np.cos(np.pi * np.outer(np.arange(_LAST), 2 * at + 1) / (2 * SIDE)).astype(np.float32)
    return waves @ window(left, shift)


def coefficients(thumbs: Any, left: float = 1.0, shift: tuple[float, float] = (0.0, 0.0)) -> Any:
    """Return the low cosine coefficients of a part of thumbnails, as shares of the largest of each image.

    Power of pictures falls with the square of frequency; weighed up, detail counts as much as outline.

    Parameters
    ----------
    thumbs
        uint8, of shape (n, 32, 32).
    left, shift
        The share of each side that is left, and by what shares of the sides its middle is moved.

    Returns
    -------
    numpy.ndarray
        float32, of shape (n, 192).
    """
    rows, columns, radii = picked()
    real = thumbs.astype(np.float32) - 127.5
    found = (_cosines(left, shift[0]) @ real @ _cosines(left, shift[1]).T)[:, rows, columns] * radii
    largest = np.abs(found).max(axis=1, keepdims=True)
    return found / np.where(largest > 0, largest, 1.0)


@cache
def flips() -> Any:
    """Return what each flip multiplies coefficients by: (4, 192) for none, left-right, up-down, both."""
    rows, columns, _ = picked()
    odd_rows, odd_columns = 1 - 2 * (rows % 2), 1 - 2 * (columns % 2)
    return np.stack([np.ones(BITS), odd_columns, odd_rows, odd_rows * odd_columns]).astype(np.float32)


def bits(found: Any) -> Any:
    """Return the hash (n, 192) of coefficients, bool.

    What is nearly 0, as half of them are in a symmetric image, is taken for 0: its sign would be an accident.
    """
    return found > _NIL


def vectors(found: Any) -> Any:
    """Return coefficients (n, 192) without shading, as vectors of length 1, float32."""
    *_, radii = picked()
    kept = found * (radii >= _SHADING)
    norm = np.linalg.norm(kept, axis=1, keepdims=True)
    return (kept / np.where(norm > 0, norm, 1.0)).astype(np.float32)
