"""Runs of equal pixels or voxels, found in bytes: what label volumes and segmentation objects are read with.

The work on pixels is pyarrow's run-end encoding, so that no pixel is an object of its own. The run lengths that come
out are those of :mod:`curator.labels.runs`: by rows, zeros first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curator.core.errors import ItemError
from curator.labels.runs import joined

#: Types of a pixel: name to bytes. ``bit`` is one bit a pixel, the lowest bit of a byte first (PS3.5 section 8.1.1).
WIDTHS = {
    "bit": 0,
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "uint32": 4,
    "int32": 4,
    "uint64": 8,
    "int64": 8,
    "float32": 4,
    "float64": 8,
}


def changes(data: bytes | bytearray | memoryview, kind: str, count: int, first: int = 0) -> tuple[list[int], list[Any]]:
    """Find where the values of a row of pixels change.

    Parameters
    ----------
    data
        Little-endian pixels, by rows.
    kind
        A key of :data:`WIDTHS`.
    count
        Number of pixels.
    first
        The pixel in ``data`` to begin with.

    Returns
    -------
    ends : list of int
        Behind the last pixel of each run of equal values, counted from ``first``.
    values : list
        The value of each run: bool for ``bit``, else int or float.

    Raises
    ------
    ItemError
        IMP-024 when ``data`` holds fewer pixels.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    have = memoryview(data).nbytes * 8 if kind == "bit" else memoryview(data).nbytes // WIDTHS[kind]
    if count < 1 or first < 0 or first + count > have:
        raise ItemError("IMP-024")
    named = {"bit": "bool", "float32": "float", "float64": "double"}.get(kind, kind)
    whole = pa.Array.from_buffers(pa.type_for_alias(named), count, [None, pa.py_buffer(data)], offset=first)
    encoded = pc.run_end_encode(whole)
    return encoded.run_ends.to_pylist(), encoded.values.to_pylist()


def by_value(ends: Sequence[int], values: Sequence[Any]) -> dict[Any, list[int]]:
    """Return the runs of each value but zero.

    Parameters
    ----------
    ends, values
        As :func:`changes` returns them.

    Returns
    -------
    dict
        Value to runs, zeros first, which add up to the last end.
    """
    spans: dict[Any, list[tuple[int, int]]] = {}
    start = 0
    for end, value in zip(ends, values, strict=True):
        if value:
            spans.setdefault(value, []).append((start, end))
        start = end
    return {value: joined(found, start) for value, found in spans.items()}


def covered(runs: Sequence[int]) -> int:
    """Return the number of pixels inside."""
    return sum(runs[1::2])
