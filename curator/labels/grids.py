"""Where the voxels of a volume lie in the patient, and how the grid of a label lies in that of its sample.

A grid is an affine map from indices (of a voxel's center, from 0) to DICOM's LPS in millimetres (PS3.3 C.7.6.2.1.1). A
label is brought over only where every one of its voxels is one voxel of the sample: the axes may be swapped and turned
around, nothing is resampled, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from curator.core.errors import ItemError

Vector = tuple[float, float, float]
#: How far a voxel may lie from the one that it is said to be, in voxels.
SLACK = 0.1
#: How far a slice may lie from its place in an even stack, and how far directions may differ, in parts of a spacing.
UNEVEN = 0.05
#: NRRD's names of spaces to the signs that make them LPS (NRRD format definition, section 5, "space").
_SPACES = {
    "right-anterior-superior": (-1, -1, 1), "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1), "las": (1, -1, 1),
    "left-posterior-superior": (1, 1, 1), "lps": (1, 1, 1),
}  # fmt: skip
_VECTOR = re.compile(r"\(([^()]*)\)|none")


@dataclass(frozen=True)
class Grid:
    """A grid of voxels.

    Parameters
    ----------
    size
        Columns, rows, slices.
    origin
        Center of voxel (0, 0, 0), LPS in millimetres.
    axes
        Step from a voxel to the next one along each index, in millimetres.
    """

    size: tuple[int, int, int]
    origin: Vector
    axes: tuple[Vector, Vector, Vector]


@dataclass(frozen=True)
class Move:
    """How the indices of a label become those of its sample.

    Parameters
    ----------
    axes
        For each axis of the sample the label's axis that it is.
    turned
        Whether that axis runs the other way.
    size
        Of the sample: columns, rows, slices.
    """

    axes: tuple[int, int, int]
    turned: tuple[bool, bool, bool]
    size: tuple[int, int, int]

    @property
    def still(self) -> bool:
        """True when nothing moves."""
        return self.axes == (0, 1, 2) and not any(self.turned)


def stated(geometry: Any, size: Sequence[int]) -> Grid | None:
    """Return the grid that a label volume's header states, None when it states none.

    Parameters
    ----------
    geometry
        As the readers of NIfTI and NRRD keep it.
    size
        Columns, rows, slices.

    Raises
    ------
    ItemError
        IMP-070 when what it states is no grid.
    """
    if not isinstance(geometry, dict):
        return None
    try:
        found = _nifti(geometry) if "pixdim" in geometry else _nrrd(geometry)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        raise ItemError("IMP-070") from None
    if found is None:
        return None
    origin, axes = found
    made = Grid((int(size[0]), int(size[1]), int(size[2])), origin, axes)
    if not abs(_volume(made.axes)) > 1e-9 or not all(abs(one) < 1e6 for one in (*origin, *axes[0], *axes[1], *axes[2])):
        raise ItemError("IMP-070")
    return made


def _vector(found: Sequence[Any]) -> Vector:
    x, y, z = (float(one) for one in found)
    return x, y, z


def _nifti(geometry: dict[str, Any]) -> tuple[Vector, tuple[Vector, Vector, Vector]] | None:
    """Read the NIfTI-1 header's sform, else its qform (nifti1.h, methods 3 and 2); RAS becomes LPS."""
    if geometry.get("sform_code"):
        rows = [float(one) for one in geometry["sform"]]
        lines = [rows[0:4], rows[4:8], rows[8:12]]
    elif geometry.get("qform_code"):
        lines = _turned(geometry)
    else:
        return None
    for line in lines[:2]:
        line[:] = [-one for one in line]
    columns = [_vector([line[at] for line in lines]) for at in range(4)]
    return columns[3], (columns[0], columns[1], columns[2])


def _turned(geometry: dict[str, Any]) -> list[list[float]]:
    b, c, d, *offset = (float(one) for one in geometry["qform"])
    steps = [float(one) for one in geometry["pixdim"]]
    a = max(0.0, 1.0 - (b * b + c * c + d * d)) ** 0.5
    turn = [
        [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
        [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
        [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ]
    scale = (steps[1], steps[2], steps[3] * (-1.0 if steps[0] < 0 else 1.0))
    return [[one * by for one, by in zip(row, scale, strict=True)] + [offset[at]] for at, row in enumerate(turn)]


def _nrrd(geometry: dict[str, Any]) -> tuple[Vector, tuple[Vector, Vector, Vector]] | None:
    signs = _SPACES.get(str(geometry.get("space", "")).strip().lower())
    if signs is None or "space directions" not in geometry or "space origin" not in geometry:
        return None
    vectors = [
        [float(one) * sign for one, sign in zip(match[1].split(","), signs, strict=True)]
        for match in _VECTOR.finditer(str(geometry["space directions"]))
        if match[1] is not None
    ]
    start = _VECTOR.search(str(geometry["space origin"]))
    if start is None or start[1] is None:
        raise ValueError("an origin")
    i, j, k = map(_vector, vectors)
    return _vector([float(one) * sign for one, sign in zip(start[1].split(","), signs, strict=True)]), (i, j, k)


def of_slices(
    places: Sequence[tuple[Sequence[float], Sequence[float], Sequence[float]]], columns: int, rows: int
) -> tuple[Grid, list[int]] | None:
    """Return the grid of a stack of slices, and their order along it.

    Parameters
    ----------
    places
        Of each slice: Image Position, Image Orientation (six cosines), Pixel Spacing (row spacing first), PS3.3
        C.7.6.2.1.1 and C.7.6.3.
    columns, rows
        Of each slice.

    Returns
    -------
    Grid, list of int
        Slices go along the cross product of the row and column directions. None when they are no even stack: other
        directions or spacings, two at one place, a gap, or a slope.
    """
    if not places:
        return None
    across, down = _vector(places[0][1][:3]), _vector(places[0][1][3:6])
    spacing = (float(places[0][2][0]), float(places[0][2][1]))
    if min(spacing) <= 0 or len(places[0][1]) != 6:
        return None
    for _, turn, apart in places:
        if any(abs(float(one) - float(two)) > 1e-3 for one, two in zip(turn, places[0][1], strict=True)) or any(
            abs(float(one) - two) > 1e-3 * two for one, two in zip(apart, spacing, strict=True)
        ):
            return None
    normal = _cross(across, down)
    points = [_vector(one[0]) for one in places]
    heights = [_dot(normal, one) for one in points]
    order = sorted(range(len(points)), key=lambda at: heights[at])
    first, last = points[order[0]], points[order[-1]]
    count = len(points) - 1
    step = _vector([(two - one) / count for one, two in zip(first, last, strict=True)]) if count else normal
    length = _dot(step, step) ** 0.5
    if length <= 0 or abs(_dot(step, normal) / length - 1) > UNEVEN**2:
        return None
    for index, at in enumerate(order):
        there = [one + index * by for one, by in zip(first, step, strict=True)]
        if max(abs(one - two) for one, two in zip(there, points[at], strict=True)) > UNEVEN * length:
            return None
    i = _vector([one * spacing[1] for one in across])
    j = _vector([one * spacing[0] for one in down])
    return Grid((columns, rows, len(points)), first, (i, j, step)), order


def between(label: Grid, sample: Grid) -> Move:
    """Return how a label's grid lies in its sample's.

    Raises
    ------
    ItemError
        IMP-071 unless every voxel of the one is a voxel of the other.
    """
    inverse = _inverse(sample.axes)
    steps = [_times(inverse, axis) for axis in label.axes]
    axes, turned = [], []
    for at in range(3):
        along = [abs(step[at]) for step in steps]
        axes.append(along.index(max(along)))
        turned.append(steps[axes[-1]][at] < 0)
    if sorted(axes) != [0, 1, 2] or tuple(label.size[one] for one in axes) != sample.size:
        raise ItemError("IMP-071")
    away = _times(inverse, _vector([one - two for one, two in zip(label.origin, sample.origin, strict=True)]))
    for corner in range(8):
        index = [(label.size[one] - 1) * (corner >> one & 1) for one in range(3)]
        for at in range(3):
            found = away[at] + sum(index[one] * steps[one][at] for one in range(3))
            wanted = index[axes[at]]
            if abs(found - (sample.size[at] - 1 - wanted if turned[at] else wanted)) > SLACK:
                raise ItemError("IMP-071")
    return Move((axes[0], axes[1], axes[2]), (turned[0], turned[1], turned[2]), sample.size)


def of_plane(plane: Any, columns: int, rows: int, step: Vector) -> Grid:
    """Return the grid of one frame.

    Parameters
    ----------
    plane
        Image Position, Image Orientation and Pixel Spacing by these names, as the reader of DICOM SEG keeps them.
    columns, rows
        Of the frame.
    step
        Along its third axis, of which it has one voxel.

    Raises
    ------
    ItemError
        IMP-070 when that is no plane.
    """
    try:
        turn = [float(one) for one in plane["ImageOrientationPatient"]]
        spacing = [float(one) for one in plane["PixelSpacing"]]
        origin = _vector(plane["ImagePositionPatient"])
        across, down = _vector(turn[:3]), _vector(turn[3:])
        i = _vector([one * spacing[1] for one in across])
        j = _vector([one * spacing[0] for one in down])
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        raise ItemError("IMP-070") from None
    made = Grid((columns, rows, 1), origin, (i, j, step))
    numbers = (*origin, *i, *j)
    if not abs(_volume(made.axes)) > 1e-9 or not all(abs(one) < 1e6 for one in numbers) or min(spacing) <= 0:
        raise ItemError("IMP-070")
    return made


def slice_of(frame: Grid, sample: Grid) -> tuple[int, Move]:
    """Return the slice of a sample that a frame of :func:`of_plane` is, from 0, and how it lies on it.

    Raises
    ------
    ItemError
        IMP-071 unless every pixel of the frame is a voxel of one slice, and the other way round.
    """
    inverse = _inverse(sample.axes)
    away = _times(inverse, _vector([one - two for one, two in zip(frame.origin, sample.origin, strict=True)]))
    at = round(away[2])
    if not 0 <= at < sample.size[2]:
        raise ItemError("IMP-071")
    there = _vector([one + at * by for one, by in zip(sample.origin, sample.axes[2], strict=True)])
    move = between(frame, Grid((*sample.size[:2], 1), there, sample.axes))
    if move.axes[2] != 2:
        raise ItemError("IMP-071")
    return at, move


def _dot(one: Vector, two: Vector) -> float:
    return sum(a * b for a, b in zip(one, two, strict=True))


def _cross(one: Vector, two: Vector) -> Vector:
    a, b, c = one
    d, e, f = two
    return b * f - c * e, c * d - a * f, a * e - b * d


def _volume(axes: tuple[Vector, Vector, Vector]) -> float:
    return _dot(axes[0], _cross(axes[1], axes[2]))


def _inverse(axes: tuple[Vector, Vector, Vector]) -> tuple[Vector, Vector, Vector]:
    """Return the rows of the inverse of the matrix whose columns are the axes."""
    i, j, k = axes
    volume = _volume(axes)
    rows = [_vector([one / volume for one in _cross(*pair)]) for pair in ((j, k), (k, i), (i, j))]
    return rows[0], rows[1], rows[2]


def _times(rows: tuple[Vector, Vector, Vector], vector: Vector) -> Vector:
    return _dot(rows[0], vector), _dot(rows[1], vector), _dot(rows[2], vector)
