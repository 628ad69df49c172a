"""Masks between two slices, by signed distance.

Definition (shape-based interpolation: Raya and Udupa, IEEE Transactions on Medical Imaging 9 (1990) 32, with Euclidean
in place of city-block distances): within a slice, a pixel inside has the distance from its center to the nearest center
outside, in millimetres, less half of the smaller pixel spacing, for the border lies between the centers; a pixel
outside has the negated same to the nearest center inside. Between two slices these numbers are blended linearly by
place, and a pixel is inside where the sum is above 0. The edge of the image is no edge of the shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError, UsageError
from curator.labels.voxelruns import by_value, changes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def edt() -> Any:
    """Return scipy's Euclidean distance transform (INT-008 when scipy is not installed)."""
    try:
        return import_module("scipy.ndimage").distance_transform_edt
    except ImportError:
        raise UsageError("INT-008") from None


def drawn(runs: Sequence[int], rows: int, columns: int) -> NDArray[np.bool_]:
    """Return a mask as an array of rows and columns."""
    import numpy as np

    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(rows, columns)


def runs_of(mask: NDArray[np.bool_]) -> list[int]:
    """Return the run lengths of a mask, zeros first; INT-005 when it has no pixel."""
    import numpy as np

    data = np.packbits(mask.reshape(-1), bitorder="little").tobytes()
    found = by_value(*changes(data, "bit", mask.size))
    if True not in found:
        raise ItemError("INT-005")
    return found[True]


def _signed(mask: NDArray[np.bool_], spacing: tuple[float, float]) -> NDArray[np.float64]:
    """Return signed distances in mm: above 0 inside."""
    import numpy as np

    transform = edt()
    signed = transform(mask, sampling=spacing) - transform(~mask, sampling=spacing)
    return np.asarray(signed - np.sign(signed) * min(spacing) / 2)


def _window(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Return the part of an image that holds a mask, and one pixel around it.

    Distances within it are those of the whole image: of what lies further out, something in the frame is nearer.
    """
    import numpy as np

    found = [np.flatnonzero(mask.any(1 - axis)) for axis in (0, 1)]
    rows, columns = (slice(max(0, int(one[0]) - 1), int(one[-1]) + 2) for one in found)
    return rows, columns


def between(
    first: Sequence[int],
    second: Sequence[int],
    size: tuple[int, int],
    shares: Sequence[float],
    spacing: tuple[float, float] = (1.0, 1.0),
) -> list[list[int]]:
    """Fill in the masks between two slices.

    Parameters
    ----------
    first, second
        Run lengths by rows, zeros first, of both ends.
    size
        Rows and columns.
    shares
        Where the slices lie: 0 at the first end, 1 at the second.
    spacing
        mm between rows, and between columns.

    Returns
    -------
    list of list
        Run lengths, one list a share.

    Raises
    ------
    ItemError
        INT-004 when an end has no pixel or every pixel, INT-005 when nothing is left in between since the ends lie
        apart, INT-009 for a mask of another size.
    UsageError
        INT-008 without scipy.
    """
    import numpy as np

    if sum(first) != size[0] * size[1] or sum(second) != size[0] * size[1]:
        raise ItemError("INT-009")
    one, two = drawn(first, *size), drawn(second, *size)
    if not one.any() or not two.any() or one.all() or two.all():
        raise ItemError("INT-004")
    window = _window(one | two)
    low, high = _signed(one[window], spacing), _signed(two[window], spacing)
    made = []
    for share in shares:
        whole = np.zeros(size, bool)
        whole[window] = (1 - share) * low + share * high > 0
        made.append(runs_of(whole))
    return made
