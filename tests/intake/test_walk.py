"""Walking, reading and cutting: hostile names, links, changes in mid-run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import CheckError, ItemError, UsageError
from curator.intake.read import read_head, read_source
from curator.intake.shards import cut
from curator.intake.walk import source_folder, walk


def test_every_entry_is_found_once_in_the_order_of_its_bytes(tmp_path: Path) -> None:
    names = [b"b/1", b"a", b"b.x", b"c\nd", b"b/2/3"] + ([b"bad\xff"] if sys.platform == "linux" else [])
    for name in names:
        path = os.path.join(os.fsencode(tmp_path), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(name)
    found = list(walk(tmp_path))
    assert sorted(f.relative for f in found) == sorted(names)
    assert [f.relative for f in found] == [f.relative for f in walk(tmp_path)]
    assert all(f.code is None and f.size == len(f.relative) for f in found)


def test_links_loops_and_pipes_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe")
    assert {f.relative: f.code for f in walk(tmp_path)} == {
        b"d/loop": "SRC-004",
        b"dangling": "SRC-004",
        b"pipe": "SRC-007",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    assert [f.code for f in walk(tmp_path)] == ["SRC-005"]


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    real = os.listdir

    def refusing(path: bytes) -> list[bytes]:
        if path.endswith(b"locked"):
            raise PermissionError
        return real(path)

    monkeypatch.setattr(os, "listdir", refusing)
    assert [(f.relative, f.code) for f in walk(tmp_path)] == [(b"locked", "SRC-005")]


def test_a_path_too_long_to_open_is_named_and_no_crash(tmp_path: Path) -> None:
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(60):
        name = "d" * 100
        os.mkdir(name, dir_fd=at)
        inner = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)
    assert [f.code for f in walk(tmp_path)] == ["SRC-005"]


def test_a_source_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for bad in ("file", "none", "loop"):
        with pytest.raises(UsageError) as caught:
            source_folder(tmp_path / bad)
        assert caught.value.code == "SRC-001"


def test_a_file_is_read_whole_and_a_changed_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 100_000)
    info = path.stat()
    assert read_source(tmp_path, b"f", size=100_000, modified=info.st_mtime_ns) == b"x" * 100_000
    assert read_head(tmp_path, b"f") == b"x" * 8192
    with pytest.raises(ItemError) as small:
        read_source(tmp_path, b"f", size=100_000, modified=info.st_mtime_ns, most=99)
    assert small.value.code == "SRC-013"
    for size, modified in ((99_999, info.st_mtime_ns), (100_000, info.st_mtime_ns + 1)):
        with pytest.raises(CheckError) as caught:
            read_source(tmp_path, b"f", size=size, modified=modified)
        assert caught.value.code == "SRC-006"
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises((CheckError, ItemError)):
        read_source(tmp_path, b"f", size=100_000, modified=info.st_mtime_ns)
    path.unlink()
    with pytest.raises(CheckError):
        read_source(tmp_path, b"f", size=100_000, modified=info.st_mtime_ns)


@given(st.lists(st.integers(min_value=0, max_value=50), max_size=60), st.integers(1, 9), st.integers(1, 60))
def test_shards_hold_every_item_once_in_order_and_stay_small(sizes: list[int], items: int, weight: int) -> None:
    shards = list(cut(range(len(sizes)), sizes, most_items=items, most_bytes=weight))
    assert [item for shard in shards for item in shard.items] == list(range(len(sizes)))
    assert [shard.number for shard in shards] == list(range(len(shards)))
    for shard in shards:
        assert len(shard.items) <= items
        assert len(shard.items) == 1 or sum(sizes[item] for item in shard.items) <= weight
