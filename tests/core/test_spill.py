"""What is laid aside comes back whole, in order, and is no use to anybody else."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from curator.core.spill import BLOCK, Heap, Rows, Sorter, Table, table_of

MANY = 3 * BLOCK + 7


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, MANY])
def test_rows_come_back_in_order_as_often_as_asked(count: int) -> None:
    given = [(at, f"row {at}", {"said": [at, None, 1.5]}) for at in range(count)]
    rows = Rows(given)
    assert len(rows) == count
    assert list(rows) == given
    assert list(rows) == given


def test_two_readers_at_once_see_all_rows_each() -> None:
    rows = Rows(range(MANY))
    first = iter(rows)
    assert [next(first) for _ in range(BLOCK + 3)] == list(range(BLOCK + 3))
    assert list(rows) == list(range(MANY))
    assert list(first) == list(range(BLOCK + 3, MANY))


@pytest.mark.parametrize("most", [1, 2, 5, 1000])
def test_a_sorter_gives_what_sorted_gives_and_equal_rows_as_they_came(most: int) -> None:
    draw = random.Random(3)
    given = [(draw.randrange(20), at) for at in range(200)]
    sorter: Sorter[tuple[int, int]] = Sorter(lambda one: one[0], most)
    for one in given[:50]:
        sorter.append(one)
    sorter.extend(iter(given[50:]))
    assert list(sorter) == sorted(given, key=lambda one: one[0])
    assert list(sorter) == sorted(given, key=lambda one: one[0])


def test_texts_are_sorted_as_python_sorts_them_whatever_they_hold() -> None:
    given = ["a/b", "a-b/c", "a", "\udcff", "é", "e\u0301", "𝒳", "\uffff", "a\n", ""]
    sorter: Sorter[str] = Sorter(str, 2)
    for one in given:
        sorter.append(one)
    assert list(sorter) == sorted(given)


@pytest.mark.parametrize("count", [1, BLOCK, MANY])
def test_a_table_finds_each_row_by_name_and_by_number_and_no_other(count: int) -> None:
    names = [f"n{2 * at:06d}" for at in range(count)]
    table: Table[int] = Table()
    for at, name in enumerate(names):
        table.append(name, at)
    assert [table.get(name) for name in names] == list(range(count))
    assert [table.at(at) for at in range(count)] == list(zip(names, range(count), strict=True))
    assert list(table) == list(zip(names, range(count), strict=True))
    assert not any(f"n{2 * at + 1:06d}" in table for at in range(count))
    assert table.get("") is None
    assert table.get("z") is None


def test_a_table_takes_no_row_out_of_order_and_none_twice() -> None:
    table: Table[int] = Table()
    table.append("b", 1)
    for name in ("a", "b"):
        with pytest.raises(ValueError, match="sorted"):
            table.append(name, 2)
    assert list(table) == [("b", 1)]


def test_rows_in_any_order_make_a_table_in_which_the_last_of_a_name_counts() -> None:
    assert list(table_of([("b", 1), ("a", 2), ("b", 3)])) == [("a", 2), ("b", 3)]
    assert list(table_of([])) == []


def test_nothing_that_was_laid_aside_can_be_read_on_the_disk_and_no_file_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    heap = Heap(in_memory=1)
    heap.put(["Quillfeather^Zebediah"] * 50)
    assert heap._file._rolled
    heap._file.seek(0)
    data = heap._file.read()
    assert len(data) > 20
    assert b"Quillfeather" not in data
    assert list(tmp_path.iterdir()) == []
    assert heap.get(0) == ["Quillfeather^Zebediah"] * 50


def test_what_another_hand_put_there_is_not_read_nor_a_block_in_anothers_place() -> None:
    heap = Heap()
    heap.put("one")
    heap.put("two")
    heap._file.seek(0)
    data = heap._file.read()
    first, second = data[: heap._ends[0]], data[heap._ends[0] :]
    assert len(first) == len(second)
    for other in (second + first, bytes([data[0] ^ 1]) + data[1:], data[:-1] + bytes([data[-1] ^ 1])):
        heap._file.seek(0)
        heap._file.write(other)
        with pytest.raises(InvalidTag):
            _ = [heap.get(0), heap.get(1)]
