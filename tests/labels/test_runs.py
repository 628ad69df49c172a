"""Run lengths of masks, against drawing every pixel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.labels.runs import by_rows, check_runs, coco_counts, joined, mask_size, placed, whole_numbers


def encode(pixels: list[int]) -> list[int]:
    runs, value = [0], 0
    for pixel in pixels:
        if pixel != value:
            runs.append(0)
            value = pixel
        runs[-1] += 1
    return runs


def draw(runs: list[int]) -> list[int]:
    return [number % 2 for number, length in enumerate(runs) for _ in range(length)]


def compressed(runs: list[int]) -> str:
    text = ""
    for at, run in enumerate(runs):
        value = run - runs[at - 2] if at > 2 else run
        more = True
        while more:
            group = value & 0x1F
            value >>= 5
            more = value != (-1 if group & 0x10 else 0)
            text += chr((group | 0x20 if more else group) + 48)
    return text


masks = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda size: st.tuples(
        st.just(size), st.lists(st.integers(0, 1), min_size=size[0] * size[1], max_size=size[0] * size[1])
    )
)


@given(masks)
def test_columns_become_rows(mask: tuple) -> None:
    (rows, columns), pixels = mask
    down = [pixels[row * columns + column] for column in range(columns) for row in range(rows)]
    if not any(pixels):
        with pytest.raises(ItemError, match="IMP-021"):
            by_rows(encode(down), rows, columns)
        return
    made = by_rows(encode(down), rows, columns)
    assert draw(made) == pixels
    assert made == encode(pixels)
    assert 0 not in made[1:]


@given(masks, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_a_part_is_put_into_its_image(mask: tuple, left: int, top: int, right: int, bottom: int) -> None:
    (rows, columns), pixels = mask
    if not any(pixels):
        return
    whole = [[0] * (left + columns + right) for _ in range(top + rows + bottom)]
    for row in range(rows):
        whole[top + row][left : left + columns] = pixels[row * columns : (row + 1) * columns]
    made = placed(encode(pixels), (left, top, columns, rows), len(whole), len(whole[0]))
    assert draw(made) == [pixel for row in whole for pixel in row]


def test_a_part_outside_of_the_image_is_refused() -> None:
    for box in ((-1, 0, 2, 1), (0, 0, 2, 2), (3, 0, 2, 1)):
        with pytest.raises(ItemError, match=r"IMP-02[14]"):
            placed([0, 2], box, 1, 4)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_compressed_counts_come_back(runs: list[int]) -> None:
    assert coco_counts(compressed(runs)) == runs


@pytest.mark.parametrize("text", ["~", "P", "p" * 40, "/", "é", "O"])
def test_broken_counts_are_refused(text: str) -> None:
    with pytest.raises(ItemError, match="IMP-024"):
        coco_counts(text)


def test_runs_must_add_up_and_set_a_pixel() -> None:
    assert check_runs([1, 1, 0, 1, 1], 2, 2) == [1, 2, 1]
    assert check_runs([0, 4], 2, 2) == [0, 4]
    for runs, code in (
        ([1, 2], "IMP-024"),
        ([4], "IMP-021"),
        ([4, 0], "IMP-021"),
        ([], "IMP-024"),
        ([1, 4], "IMP-024"),
    ):
        with pytest.raises(ItemError, match=code):
            check_runs(runs, 2, 2)


@pytest.mark.parametrize("values", [[-1], [True], ["1"], [1.0], None, "12", {}])
def test_only_whole_numbers_are_runs(values: object) -> None:
    with pytest.raises(ItemError, match="IMP-024"):
        whole_numbers(values)


def test_sizes_are_bounded() -> None:
    assert mask_size(3, 4) == (3, 4)
    for rows, columns, code in ((0, 1, "IMP-024"), (True, 4, "IMP-024"), (1 << 20, 1 << 20, "IMP-032")):
        with pytest.raises(ItemError, match=code):
            mask_size(rows, columns)


def test_stretches_that_touch_are_one_run() -> None:
    assert joined([(0, 2), (2, 3), (5, 6)], 7) == [0, 3, 2, 1, 1]
    assert joined([], 7) == [7]
