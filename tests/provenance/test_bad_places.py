"""Ledgers in places that are not as they should be: links, disks that cannot be written, versions of later days."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from ledger_world import World

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError
from curator.provenance.ledger import Ledger
from curator.provenance.verify import CONTENT, verify_ledger


@pytest.fixture
def filled(tmp_path: Path) -> World:
    return World(tmp_path / "ledger").filled()


def code(call: object) -> tuple[str, int]:
    with pytest.raises(CuratorError) as caught:
        call()  # type: ignore[operator]
    return caught.value.code, caught.value.exit_code


@pytest.mark.parametrize("name", ["", "parts", "commits", "checkpoints"])
def test_a_ledger_or_a_folder_of_it_that_is_a_link_is_refused(filled: World, tmp_path: Path, name: str) -> None:
    place = filled.folder / name if name else filled.folder
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    before = sorted(path.name for path in (tmp_path / "elsewhere").rglob("*"))
    assert code(lambda: verify_ledger(filled.folder)) == ("LED-032", 2)
    assert code(lambda: Ledger(filled.folder).add(5, 13, [b"x"], b"\0" * 32)) == ("LED-032", 2)
    assert sorted(path.name for path in (tmp_path / "elsewhere").rglob("*")) == before


@pytest.mark.parametrize("name", ["parts", "commits", "checkpoints"])
def test_a_file_of_a_ledger_that_is_a_link_is_refused(filled: World, tmp_path: Path, name: str) -> None:
    path = min((filled.folder / name).iterdir())
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert code(lambda: verify_ledger(filled.folder, depth=CONTENT)) == ("LED-032", 2)


def test_a_disk_that_cannot_be_written_adds_nothing_and_says_so(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    appender = filled.appender()
    before = sorted(path.name for path in filled.folder.rglob("*"))
    real = os.open

    def refused(path: object, flags: int, *more: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, "read-only", path)
        return real(path, flags, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refused)
    assert code(lambda: appender.append([filled.label(77)], World.key("ada"))) == ("SYS-002", 3)
    monkeypatch.undo()
    assert sorted(path.name for path in filled.folder.rglob("*")) == before
    assert verify_ledger(filled.folder).require().size == 13


def test_a_commit_of_a_later_version_is_refused_unread_and_not_called_broken(filled: World) -> None:
    path = filled.folder / "commits" / "00000004.json"
    path.write_bytes(canonical_bytes({**strict_loads(path.read_bytes()), "format": 2}))
    report = verify_ledger(filled.folder)
    assert report.error is not None
    assert (report.error.code, report.error.exit_code) == ("SYS-007", 2)
