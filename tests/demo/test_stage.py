"""The demo's folder: replaced only if a demo made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.errors import CheckError, UsageError
from curator.demo.stage import MARK, Stage


def stage(folder: Path) -> Stage:
    made = Stage(folder, lambda _: None)
    made.prepare()
    return made


def test_an_earlier_demo_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    first = stage(folder)
    old = first.passphrase("vault").read_text()
    (folder / "project" / "clean").mkdir(parents=True)
    (folder / "project" / "clean" / "old.dcm").write_bytes(b"old")
    (folder / "link").symlink_to(tmp_path)
    second = stage(folder)
    assert sorted(path.name for path in folder.iterdir()) == [MARK, "secrets", "transcript"]
    assert second.passphrase("vault").read_text() != old
    assert tmp_path.is_dir()


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    stage(tmp_path / "demo")
    (tmp_path / "link").symlink_to(tmp_path / "demo")
    with pytest.raises(UsageError, match="DEM-001"):
        stage(tmp_path / "link")


def test_a_file_and_a_foreign_folder_are_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").write_text("mine")
    for name in ("file", "folder"):
        with pytest.raises(UsageError, match="DEM-001"):
            stage(tmp_path / name)
    assert (tmp_path / "file").read_text() == (tmp_path / "folder" / "mine").read_text() == "mine"


def test_passphrases_are_random_and_for_the_owner_only(tmp_path: Path) -> None:
    made = stage(tmp_path / "demo")
    files = [made.passphrase(name) for name in ("vault", "anna")]
    assert len(set(made.passphrases())) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    assert made.passphrase("vault").read_text().strip() in made.passphrases()


def test_a_command_that_ends_in_another_way_stops_the_demo_and_its_words_are_kept(tmp_path: Path) -> None:
    made = stage(tmp_path / "demo")
    with pytest.raises(CheckError, match="DEM-003") as caught:
        made.run("release", "verify", tmp_path / "nowhere")
    assert caught.value.facts == {"step": "release verify", "found": 2, "wanted": 0}
    assert "REL-033" in (made.transcript / "01-release-verify.err").read_text()
    assert made.run("release", "verify", tmp_path / "nowhere", wanted=(2,)) == ""
