"""Runs of equal voxels, against drawing them one by one."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.labels.voxelruns import by_value, changes, covered


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_runs_redraw_the_voxels(values: list[int]) -> None:
    ends, found = changes(struct.pack(f"<{len(values)}H", *values), "uint16", len(values))
    runs = by_value(ends, found)
    assert set(runs) == set(values) - {0}
    for value, lengths in runs.items():
        drawn = [at % 2 for at, length in enumerate(lengths) for _ in range(length)]
        assert drawn == [int(one == value) for one in values]
        assert covered(lengths) == values.count(value)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 20))
def test_bits_begin_at_the_lowest_and_anywhere(bits: list[bool], before: int) -> None:
    flat = [True] * before + bits
    data = bytes(sum(bit << at for at, bit in enumerate(flat[start : start + 8])) for start in range(0, len(flat), 8))
    ends, found = changes(data, "bit", len(bits), before)
    assert [
        value for value, start, end in zip(found, [0, *ends], ends, strict=False) for _ in range(end - start)
    ] == bits


@pytest.mark.parametrize(("count", "first"), [(0, 0), (9, 0), (1, 8), (1, -1)])
def test_too_few_bytes_are_refused(count: int, first: int) -> None:
    with pytest.raises(ItemError, match="IMP-024"):
        changes(b"\1", "bit", count, first)
