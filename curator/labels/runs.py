"""Masks as run lengths by rows, zeros first, and how other orders of pixels become that.

A mask is never drawn whole where its runs are enough, and never larger than :data:`PIXELS`. Run lengths that do not add
up to the stated size are refused: a mask that is shifted by one pixel looks right and is wrong everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from curator.core.errors import ItemError

#: The largest mask that is decoded.
PIXELS = 1 << 27
_RUNS = re.compile(rb"\x00+|[^\x00]+")


def whole_numbers(values: Any) -> list[int]:
    """Return a list of whole numbers that are not negative (IMP-024 otherwise)."""
    if not isinstance(values, list | tuple) or not all(type(value) is int and value >= 0 for value in values):
        raise ItemError("IMP-024")
    return list(values)


def mask_size(rows: Any, columns: Any) -> tuple[int, int]:
    """Return (rows, columns) of a mask: IMP-024 when they are no extent, IMP-032 when they are too many pixels."""
    if type(rows) is not int or type(columns) is not int or rows < 1 or columns < 1:
        raise ItemError("IMP-024")
    if rows * columns > PIXELS:
        raise ItemError("IMP-032")
    return rows, columns


def check_runs(runs: list[int], rows: int, columns: int) -> list[int]:
    """Return run lengths by rows in their one form: no empty run but the first, zeros at the end included.

    Raises
    ------
    ItemError
        IMP-024 when they do not add up to ``rows * columns``, IMP-021 when no pixel is set.
    """
    if sum(runs) != rows * columns:
        raise ItemError("IMP-024")
    # Of a large mask there are millions, so those that are in that form already are not gone through one by one.
    made = list(runs) if min(runs[1:], default=0) > 0 else joined(ones(runs), rows * columns)
    if len(made) < 2:
        raise ItemError("IMP-021")
    return made


def ones(runs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield (begin, end) of every run of ones."""
    at = 0
    for number, length in enumerate(runs):
        if number % 2 and length:
            yield at, at + length
        at += length


def joined(stretches: Iterable[tuple[int, int]], total: int) -> list[int]:
    """Return run lengths, zeros first, of stretches of ones in ascending order that do not overlap."""
    runs: list[int] = []
    at = 0
    for begin, end in stretches:
        if runs and begin == at:
            runs[-1] += end - begin
        else:
            runs += [begin - at, end - begin]
        at = end
    return [*runs, total - at] if at < total else runs


def by_rows(runs: list[int], rows: int, columns: int) -> list[int]:
    """Turn run lengths by columns (COCO's order) into run lengths by rows.

    Parameters
    ----------
    runs
        Zeros first, down the first column, then the second.
    rows, columns
        As :func:`mask_size` returned them.

    Raises
    ------
    ItemError
        As :func:`check_runs`.
    """
    runs = check_runs(runs, rows, columns)
    ends = list(accumulate(runs))
    stretches = list(zip(ends[0::2], ends[1::2], strict=False))  # where ones begin and end
    first, last = stretches[0][0] // rows, (stretches[-1][1] - 1) // rows
    shift, wide = first * rows, last - first + 1
    drawn = bytearray(wide * rows)
    for begin, end in stretches:
        drawn[begin - shift : end - shift] = b"\x01" * (end - begin)
    raster = bytearray(rows * columns)
    for row in range(rows):
        raster[row * columns + first : row * columns + first + wide] = drawn[row::rows]
    lengths = list(map(len, _RUNS.findall(raster)))
    return [0, *lengths] if raster[0] else lengths


def placed(runs: list[int], box: tuple[int, int, int, int], rows: int, columns: int) -> list[int]:
    """Put a mask of a part of the image into the whole image.

    Parameters
    ----------
    runs
        By rows of the part, zeros first.
    box
        (left, top, width, height) of the part in pixels.
    rows, columns
        Of the whole image.

    Raises
    ------
    ItemError
        IMP-021 when the part does not lie in the image, else as :func:`check_runs`.
    """
    left, top, width, height = box
    if left < 0 or top < 0 or width < 1 or height < 1 or left + width > columns or top + height > rows:
        raise ItemError("IMP-021")
    return joined(_shifted(ones(check_runs(runs, height, width)), box, columns), rows * columns)


def _shifted(
    ones: Iterable[tuple[int, int]], box: tuple[int, int, int, int], columns: int
) -> Iterator[tuple[int, int]]:
    left, top, width, _ = box
    for begin, end in ones:
        while begin < end:
            row, column = divmod(begin, width)
            stop = min(end, (row + 1) * width)
            start = (top + row) * columns + left + column
            yield start, start + stop - begin
            begin = stop


def coco_counts(text: str) -> list[int]:
    """Decode COCO's compressed run lengths.

    Each number is written in groups of five bits, the lowest first, as characters from ``0`` (48) on; bit 5 says that
    another group follows, bit 4 of the last group is the sign. From the fourth number on, the difference to the number
    two before stands there (``rleToString`` of the COCO API's maskApi.c).

    Raises
    ------
    ItemError
        IMP-024 for a character outside of the code, a text that ends within a number, or a negative length.
    """
    made: list[int] = []
    value = shift = 0
    for mark in text:
        group = ord(mark) - 48
        if not 0 <= group < 64 or shift > 60:
            raise ItemError("IMP-024")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value -= 1 << shift
        if len(made) > 2:
            value += made[-2]
        if value < 0:
            raise ItemError("IMP-024")
        made.append(value)
        value = shift = 0
    if shift:
        raise ItemError("IMP-024")
    return made
