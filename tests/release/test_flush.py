"""A tree is on the disk before it gets its name, and what does not come there is told."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curator.core.errors import CheckError
from curator.release import flush


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for at in range(20):
        (tmp_path / "tree" / f"{at % 3}").mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / f"{at % 3}" / f"{at}.dcm").write_bytes(b"x" * at)
    return tmp_path / "tree"


def _told(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Note which files and folders are flushed one by one."""
    seen: set[str] = set()
    real = os.fsync

    def fsync(handle: int) -> None:
        seen.add(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(flush.os, "fsync", fsync)
    return seen


def _library(monkeypatch: pytest.MonkeyPatch, kind: int, answer: int = 0) -> list[int]:
    """Stand in for the C library: a file system of a kind, and what its syncfs says."""
    asked: list[int] = []

    def fstatfs(_: Any, room: Any) -> int:
        ctypes.memmove(room, kind.to_bytes(8, sys.byteorder), 8)
        return 0

    def syncfs(handle: Any) -> int:
        asked.append(handle.value)
        ctypes.set_errno(errno.ENOSPC if answer else 0)
        return answer

    monkeypatch.setattr(flush, "_system", lambda: SimpleNamespace(fstatfs=fstatfs, syncfs=syncfs))
    return asked


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_each_file_and_folder_is_flushed_where_the_file_system_may_not_be_asked_at_once(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flush, "MANY", 1)
    every = {str(tree), *map(str, tree.rglob("*"))}
    for system in (None, 0x6969):  # no such call; NFS
        seen = _told(monkeypatch)
        asked: list[int] = []
        if system is None:
            monkeypatch.setattr(flush, "_system", lambda: None)
        else:
            asked = _library(monkeypatch, system)
        with flush.writing_in(tree) as disk:
            disk.sync(tree, 20)
        assert seen == every
        assert not asked


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_many_files_are_flushed_by_one_call_and_few_one_by_one(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, seen = _library(monkeypatch, 0xEF53), _told(monkeypatch)
    with flush.writing_in(tree) as disk:
        disk.sync(tree, 20)
        assert not asked
        assert len(seen) == 24
        seen.clear()
        monkeypatch.setattr(flush, "MANY", 20)
        disk.sync(tree, 20)
    assert len(asked) == 1
    assert not seen


def test_what_does_not_come_to_the_disk_is_told_and_no_package_gets_its_name(
    site: Any, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flush, "MANY", 1)
    _library(monkeypatch, 0xEF53, -1)
    with flush.writing_in(tree) as disk, pytest.raises(CheckError, match="SYS-001"):
        disk.sync(tree, 20)
    with pytest.raises(CheckError, match="SYS-001"):
        site.build()
    assert os.listdir(site.project.releases) == [".store"]


def test_this_machine_is_asked_as_it_is(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flush, "MANY", 1)
    with flush.writing_in(tree) as disk:
        disk.sync(tree, 20)
    assert len(list(tree.rglob("*.dcm"))) == 20
