"""Files come sorted as texts, are read to their end whatever their length was said to be, and strangers are counted."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from curator.core.errors import IntegrityError
from curator.core.hashing import CHUNK
from curator.release.store import Store
from curator.release.strangers import Strangers
from curator.release.tree import beginning, digest_of, files, open_sized

NAMES = ["a", "a-b/x", "a.b/x", "a0", "b/c.d", "b/c/x", "b/c-d/x", "b/c/y/z", "c(1)/x", "c/x"]


def put(root: Path, names: list[str]) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())


def test_paths_of_a_folder_come_sorted_as_texts_whatever_stands_beside_a_folder(tmp_path: Path) -> None:
    put(tmp_path, NAMES)
    assert list(files(tmp_path)) == sorted(NAMES)
    assert list(files(tmp_path, "b")) == sorted(name for name in NAMES if name.startswith("b/"))


@pytest.mark.parametrize("known", [NAMES, NAMES[1:], NAMES[:-1], NAMES[::2], [], [*NAMES, "0/gone", "b/gone", "z"]])
def test_just_the_files_that_the_journal_does_not_know_are_strangers(tmp_path: Path, known: list[str]) -> None:
    put(tmp_path / "clean", NAMES)
    strangers = Strangers(tmp_path)
    for name in sorted(known):
        strangers.see(f"clean/{name}")
    count = len(set(NAMES) - set(known))
    if not count:
        strangers.refuse()
        return
    with pytest.raises(IntegrityError, match="REL-005") as caught:
        strangers.refuse()
    assert caught.value.facts == {"count": count}


def test_without_a_folder_of_clean_files_there_is_no_stranger(tmp_path: Path) -> None:
    strangers = Strangers(tmp_path)
    strangers.see("clean/a")
    strangers.refuse()


def test_a_link_among_the_clean_files_is_refused_when_it_is_come_to(tmp_path: Path) -> None:
    put(tmp_path / "clean", NAMES)
    (tmp_path / "clean/b/link").symlink_to("c.d")
    strangers = Strangers(tmp_path)
    for name in ("a", "b/c/y/z"):
        strangers.see(f"clean/{name}")
    with pytest.raises(IntegrityError, match="REL-026"):
        strangers.see("clean/b/link")


@pytest.mark.parametrize("size", [0, 1, 4000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_a_digest_is_of_all_bytes_whatever_the_length(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    wanted = hashlib.sha256(data).hexdigest(), size
    assert digest_of(tmp_path / "file") == wanted
    store = Store(tmp_path / "releases")
    for name in ("first", "again"):
        assert store.take(tmp_path / "file", tmp_path / name, wanted[0]) == wanted
        assert (tmp_path / name).read_bytes() == data
    other = bytes([*data[:-1], data[-1] ^ 1]) if data else b"x"
    (tmp_path / "file").write_bytes(other)
    found = hashlib.sha256(other).hexdigest(), len(other)
    assert store.take(tmp_path / "file", tmp_path / "third", wanted[0]) == found
    assert not (tmp_path / "third").exists()


@pytest.mark.parametrize("change", [b"", b"12", b"1234", b"123456"])
def test_a_file_that_changed_its_length_since_it_was_opened_is_never_taken_for_whole(
    tmp_path: Path, change: bytes
) -> None:
    (tmp_path / "file").write_bytes(b"123")
    opened = open_sized(tmp_path / "file")
    assert opened is not None
    (tmp_path / "file").write_bytes(change)
    data, whole = beginning(*opened)
    os.close(opened[0])
    assert (data, whole) == (change[:4], False)
