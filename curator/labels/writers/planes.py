"""Where the pixels of clean DICOM images lie in the patient (PS3.3 C.7.6.2.1.1), and the same in NIfTI's axes.

DICOM's patient space is LPS, NIfTI's RAS: both first axes change their sign. Slices that are not parallel or not
equally apart are refused; nothing is resampled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError
from curator.labels.grids import Grid

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Point = tuple[float, float, float]
#: How far cosines may be off, and slices from where they ought to lie, as a share of the gap.
_COSINES, _GAP = 1e-4, 1e-2


@dataclass(frozen=True)
class Plane:
    """One frame.

    Parameters
    ----------
    origin
        Center of the first pixel, in mm, LPS.
    across, down
        Unit vectors along a row and along a column.
    spacing
        mm between columns, and between rows.
    thickness
        mm, 0 when it is not stated.
    """

    origin: Point
    across: Point
    down: Point
    spacing: tuple[float, float]
    thickness: float = 0.0

    @property
    def normal(self) -> Point:
        """Unit vector out of the plane."""
        a, b = self.across, self.down
        return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])

    @property
    def height(self) -> float:
        """How far along its normal it lies, in mm."""
        return _dot(self.origin, self.normal)


def _dot(one: Point, two: Point) -> float:
    return sum(a * b for a, b in zip(one, two, strict=True))


def _floats(found: Any, count: int, what: str) -> list[float]:
    try:
        made = [float(one) for one in found]
    except (TypeError, ValueError):
        made = []
    if len(made) != count or not all(map(math.isfinite, made)):
        raise ItemError("EXP-010", what=what)
    return made


def planes(header: Dataset) -> list[Plane]:
    """Return the plane of each frame of an image.

    Raises
    ------
    ItemError
        EXP-010 when the image does not say where they lie.
    """
    from pydicom.sequence import Sequence as Items

    frames = header.get("PerFrameFunctionalGroupsSequence")
    if not isinstance(frames, Items):
        if int(header.get("NumberOfFrames") or 1) != 1:
            raise ItemError("EXP-010", what="the frames do not say where they lie")
        return [_plane(header, header, header)]
    shared = header.get("SharedFunctionalGroupsSequence")
    common = shared[0] if isinstance(shared, Items) and len(shared) else None

    def group(frame: Any, name: str) -> Any:
        for holder in (frame, common):
            found = None if holder is None else holder.get(name)
            if isinstance(found, Items) and len(found):
                return found[0]
        raise ItemError("EXP-010", what="the frames do not say where they lie")

    names = ("PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence")
    return [_plane(*(group(frame, name) for name in names)) for frame in frames]


def _plane(position: Any, orientation: Any, measures: Any) -> Plane:
    origin = _floats(position.get("ImagePositionPatient"), 3, "the image has no position")
    cosines = _floats(orientation.get("ImageOrientationPatient"), 6, "the image has no orientation")
    down, across = _floats(measures.get("PixelSpacing"), 2, "the image has no pixel spacing")
    rows, columns = cosines[:3], cosines[3:]
    units = (math.hypot(*rows), math.hypot(*columns), sum(a * b for a, b in zip(rows, columns, strict=True)))
    if abs(units[0] - 1) > _COSINES or abs(units[1] - 1) > _COSINES or abs(units[2]) > _COSINES:
        raise ItemError("EXP-010", what="its orientation is not at right angles")
    if min(down, across) <= 0:
        raise ItemError("EXP-010", what="the image has no pixel spacing")
    thick = measures.get("SpacingBetweenSlices") or measures.get("SliceThickness") or 0
    try:
        thickness = float(thick)
    except (TypeError, ValueError):
        thickness = 0.0
    thickness = thickness if math.isfinite(thickness) and thickness > 0 else 0.0
    return Plane(_point(origin), _point(rows), _point(columns), (across, down), thickness)


def _point(found: list[float]) -> Point:
    x, y, z = found
    return x, y, z


def stacked(found: Sequence[Plane]) -> list[int]:
    """Return the order in which planes lie along their normal, each at its own place (EXP-010 otherwise)."""
    order = sorted(range(len(found)), key=lambda at: found[at].height)
    affine([found[at] for at in order])
    return order


def affine(found: Sequence[Plane]) -> list[list[float]]:
    """Return the matrix from voxel indices (column, row, slice; 0 is the first voxel's center) to RAS in mm.

    Parameters
    ----------
    found
        The slices in their order.

    Returns
    -------
    list of list
        Three rows of four: NIfTI's ``srow_x``, ``srow_y``, ``srow_z``.

    Raises
    ------
    ItemError
        EXP-010 when the slices are not parallel, not equally apart, or two lie at one place.
    """
    first, last = found[0], found[-1]
    step: tuple[float, ...]
    if len(found) == 1:
        if not first.thickness:
            raise ItemError("EXP-010", what="a single slice does not say how thick it is")
        step = tuple(one * first.thickness for one in first.normal)
    else:
        step = tuple((b - a) / (len(found) - 1) for a, b in zip(first.origin, last.origin, strict=True))
    gap = math.hypot(*step)
    if gap <= 0:
        raise ItemError("EXP-010", what="two slices lie at one place")
    for number, plane in enumerate(found):
        same = max(
            abs(a - b)
            for one, two in ((plane.across, first.across), (plane.down, first.down), (plane.spacing, first.spacing))
            for a, b in zip(one, two, strict=True)
        )
        if same > _COSINES:
            raise ItemError("EXP-010", what="its slices are not parallel or not of one spacing")
        off = [at + number * one - here for at, one, here in zip(first.origin, step, plane.origin, strict=True)]
        if math.hypot(*off) > _GAP * gap:
            raise ItemError("EXP-010", what="its slices are not equally apart")
    columns = (
        [one * first.spacing[0] for one in first.across],
        [one * first.spacing[1] for one in first.down],
        list(step),
        list(first.origin),
    )
    return _turned(columns)


def ras(grid: Grid) -> list[list[float]]:
    """Return the same matrix for a grid of voxels."""
    return _turned((*grid.axes, grid.origin))


def _turned(columns: Sequence[Sequence[float]]) -> list[list[float]]:
    lps = [[column[axis] for column in columns] for axis in range(3)]
    return [[-one + 0.0 for one in lps[0]], [-one + 0.0 for one in lps[1]], lps[2]]
