"""How far two masks of one structure agree: overlap, and distances between their surfaces in millimeters.

Sources: Dice 1945 and Jaccard 1912 (overlap); Heimann et al., IEEE Transactions on Medical Imaging 28 (2009) 1251
(average symmetric surface distance); Nikolov et al., arXiv 1809.04430 (surface Dice at a tolerance); Maier-Hein and
Reinke et al., Metrics reloaded, Nature Methods 21 (2024) 195 (which 95th percentile).

A surface here is the set of voxels of a mask that have a neighbor outside of it, through a face; the edge of the image
is outside. Distances run between voxel centers, every surface voxel counts alike. Other programs weight by area or
interpolate, so a figure is comparable only with its definition: :data:`DEFINITIONS` goes into each report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from curator.core.errors import UsageError
from curator.labels.agreement.model import Bools, Floats
from curator.labels.agreement.needs import scipy_part

DEFINITIONS = {
    "dice": "2 |A and B| / (|A| + |B|), in voxels",
    "iou": "|A and B| / |A or B|, in voxels",
    "hd95": "greater of the two directed 95th percentiles of surface distance (linear interpolation)",
    "hd95_pooled": "95th percentile of the distances of both directions taken together",
    "hd": "greatest surface distance of both directions",
    "assd": "mean of the distances of both directions taken together",
    "surface_dice": "share of the surface voxels of both masks that lie within the tolerance of the other surface",
}


@dataclass(frozen=True)
class Overlap:
    """Overlap of two masks; both values are None when both masks are empty, and nothing can be said."""

    first: int
    second: int
    both: int

    @property
    def dice(self) -> float | None:
        """Dice's coefficient."""
        return 2 * self.both / (self.first + self.second) if self.first + self.second else None

    @property
    def iou(self) -> float | None:
        """Jaccard's index, intersection over union."""
        union = self.first + self.second - self.both
        return self.both / union if union else None


@dataclass(frozen=True)
class SurfaceDistance:
    """Distances between two surfaces in mm, by :data:`DEFINITIONS`; all None when a mask is empty."""

    hd: float | None = None
    hd95: float | None = None
    hd95_pooled: float | None = None
    assd: float | None = None
    surface_dice: float | None = None
    tolerance: float = 0.0


def compare(first: Any, second: Any, spacing: Sequence[float], *, tolerance: float) -> tuple[Overlap, SurfaceDistance]:
    """Compare two masks.

    Parameters
    ----------
    first, second
        Arrays of one shape in two or three dimensions, truth values or 0 and 1.
    spacing
        Distance between voxel centers along each axis, in mm.
    tolerance
        For surface Dice, in mm; what two experts may differ by.

    Raises
    ------
    UsageError
        AGR-030 when they cannot be compared, AGR-021 without scipy.
    """
    a, b = _checked(first, second, spacing, tolerance)
    a, b = _cropped(a, b)
    overlap = Overlap(int(np.count_nonzero(a)), int(np.count_nonzero(b)), int(np.count_nonzero(a & b)))
    if not overlap.first or not overlap.second:
        return overlap, SurfaceDistance(tolerance=tolerance)
    one, two = directed_distances(surface(a), surface(b), spacing)
    together = np.concatenate([one, two])
    return overlap, SurfaceDistance(
        hd=float(together.max()),
        hd95=float(max(np.percentile(one, 95), np.percentile(two, 95))),
        hd95_pooled=float(np.percentile(together, 95)),
        assd=float(together.mean()),
        # Half a nanometer, so that a distance that is the tolerance on paper counts whatever its last digit.
        surface_dice=float((together <= tolerance + 5e-7).mean()),
        tolerance=tolerance,
    )


def overlap(first: Any, second: Any) -> Overlap:
    """Count voxels of two masks and of their intersection; needs no scipy. Raises as :func:`compare`."""
    a, b = _checked(first, second, (1.0,) * np.ndim(first), 0)
    a, b = _cropped(a, b)
    return Overlap(int(np.count_nonzero(a)), int(np.count_nonzero(b)), int(np.count_nonzero(a & b)))


def surface(mask: Bools) -> Bools:
    """Return the voxels of a mask with a face towards the outside; same shape."""
    inner = mask.copy()
    for axis in range(mask.ndim):
        along, within = np.moveaxis(mask, axis, 0), np.moveaxis(inner, axis, 0)
        within[1:] &= along[:-1]
        within[:-1] &= along[1:]
        within[0] = within[-1] = False
    return np.asarray(mask & ~inner)


def directed_distances(first: Bools, second: Bools, spacing: Sequence[float]) -> tuple[Floats, Floats]:
    """Return, for each voxel of one surface, how far the other is, in mm: from first to second, and back.

    Voxels in both surfaces are 0 and are not searched for.
    """
    tree = scipy_part("spatial").cKDTree
    points = [np.argwhere(one) * np.asarray(spacing, dtype=np.float64) for one in (first, second)]
    out = []
    for here, there, target in ((first, second, points[1]), (second, first, points[0])):
        apart = np.argwhere(here & ~there) * np.asarray(spacing, dtype=np.float64)
        distances = np.zeros(int(np.count_nonzero(here)))
        if len(apart):
            found = tree(target, balanced_tree=False, compact_nodes=False).query(apart)[0]
            distances[: len(apart)] = found
        out.append(distances)
    return out[0], out[1]


def _checked(first: Any, second: Any, spacing: Sequence[float], tolerance: float) -> tuple[Bools, Bools]:
    a, b = np.asarray(first), np.asarray(second)
    if a.shape != b.shape:
        raise UsageError("AGR-030", why="their shapes differ")
    if a.ndim not in {2, 3} or not a.size:
        raise UsageError("AGR-030", why="they do not have two or three dimensions")
    if len(spacing) != a.ndim or not all(0 < float(one) < float("inf") for one in spacing):
        raise UsageError("AGR-030", why="the spacing does not fit")
    if not 0 <= tolerance < float("inf"):
        raise UsageError("AGR-030", why="the tolerance is below 0")
    return _binary(a), _binary(b)


def _binary(mask: Any) -> Bools:
    if mask.dtype == np.bool_:
        return np.asarray(mask)
    if mask.dtype.kind not in "iuf" or not ((mask == 0) | (mask == 1)).all():
        raise UsageError("AGR-030", why="one holds other values than 0 and 1")
    return np.asarray(mask == 1)


def _cropped(a: Bools, b: Bools) -> tuple[Bools, Bools]:
    """Cut both to the box that holds all of both; surfaces keep a face to the outside at its edges."""
    cut = []
    for axis in range(a.ndim):
        held = np.flatnonzero(_any_along(a, axis) | _any_along(b, axis))
        if not len(held):
            return a[(slice(0, 1),) * a.ndim], b[(slice(0, 1),) * a.ndim]
        part = slice(int(held[0]), int(held[-1]) + 1)
        cut.append(part)
        where = (slice(None),) * axis + (part,)
        a, b = a[where], b[where]
    return a, b


def _any_along(mask: Bools, axis: int) -> Bools:
    """Say which slices along an axis hold anything; the outermost axes are reduced first, which is quickest."""
    others = [other for other in range(mask.ndim) if other != axis]
    for other in sorted(others, reverse=axis == 0):
        mask = np.asarray(np.any(mask, axis=other, keepdims=True))
    return np.asarray(mask.reshape(-1))
