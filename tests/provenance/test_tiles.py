"""The tiled log against the specification's own figures, a golden vector, a reader written from its text, attacks."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import pytest
from ledger_world import World

from curator.core.errors import CheckError, CuratorError
from curator.provenance import tiles as module
from curator.provenance.hashtree import HashTree
from curator.provenance.ledger import Ledger
from curator.provenance.merkle import leaf_hash, root
from curator.provenance.note import parse_checkpoint, parse_note
from curator.provenance.prove import Prover
from curator.provenance.tiles import Tile, bundle, export_tiles, tile_data, tile_path, tiles_of

GOLDEN = Path(__file__).parent / "golden" / "tiles.json"


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (1234067, 256, "tile/0/x001/x234/067"),
        (0, 256, "tile/0/000"),
        (999, 1, "tile/0/999.p/1"),
        (1000, 255, "tile/0/x001/000.p/255"),
        (1000000, 256, "tile/0/x001/x000/000"),
    ],
)
def test_paths_are_those_of_the_specification(index: int, width: int, path: str) -> None:
    assert tile_path("0", index, width) == path


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    made = list(tiles_of(70_000))
    full = [sum(tile.width == 256 for tile in made if tile.level == level) for level in range(4)]
    assert full == [273, 1, 0, 0]
    partial = [(tile.level, tile.index, tile.width) for tile in made if tile.width < 256]
    assert partial == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above_it() -> None:
    assert [(tile.level, tile.width) for tile in tiles_of(256)] == [(0, 256), (1, 1)]
    assert list(tiles_of(0)) == []


def test_each_hash_of_a_tile_is_the_tree_hash_that_the_specification_names() -> None:
    made = leaves(1300)
    tree = HashTree(made)
    for tile in tiles_of(1300):
        data = tile_data(tree, tile)
        step = 256**tile.level
        for i in range(tile.width):
            at = (tile.index * 256 + i) * step
            assert data[32 * i : 32 * i + 32] == root(made[at : at + step])
    with pytest.raises(ValueError, match="whole"):
        tile_data(tree, Tile(1, 0, 6))


def test_golden_tiles_keep_their_bytes() -> None:
    tree = HashTree(leaves(600))
    made = {tile.path: hashlib.sha256(tile_data(tree, tile)).hexdigest() for tile in tiles_of(600)}
    made[tile_path("entries", 2, 88)] = hashlib.sha256(bundle([b"%d" % n for n in range(512, 600)], 512)).hexdigest()
    assert made == json.loads(GOLDEN.read_text())


def test_an_entry_of_65536_bytes_is_refused_and_one_less_is_not() -> None:
    assert bundle([b"x" * 65_535], 0)[:2] == b"\xff\xff"
    with pytest.raises(CheckError) as caught:
        bundle([b"", b"x" * 65_536], 40)
    assert (caught.value.code, caught.value.facts["index"]) == ("LED-056", 41)


def read_back(folder: Path) -> list[bytes]:
    """Read a tiled log as its specification says, with no code of the writer: entries whose hashes give the root."""
    said = parse_checkpoint(parse_note((folder / "checkpoint").read_bytes()))
    entries: list[bytes] = []
    for number in range((said.size + 255) // 256):
        width = min(256, said.size - 256 * number)
        ending = f"{number:03d}" + ("" if width == 256 else f".p/{width}")
        data = (folder / "tile" / "entries" / ending).read_bytes()
        hashes = (folder / "tile" / "0" / ending).read_bytes()
        at = 0
        for i in range(width):
            (size,) = struct.unpack_from(">H", data, at)
            entries.append(data[at + 2 : at + 2 + size])
            assert len(entries[-1]) == size
            assert hashlib.sha256(b"\x00" + entries[-1]).digest() == hashes[32 * i : 32 * i + 32]
            at += 2 + size
        assert at == len(data)
    assert root([leaf_hash(one) for one in entries]) == said.root
    return entries


def grown(world: World, count: int) -> World:
    """Sign labels until the ledger has so many records, the last sealed by the operator."""
    world.people().guide()
    size = len(world.envelopes())
    world.sign(*(world.label(number) for number in range(count - size)), operator=True)
    return world


def test_a_log_is_read_back_by_the_specification(world: World, tmp_path: Path) -> None:
    grown(world, 300)
    made = export_tiles(Prover(Ledger(world.folder)), tmp_path / "log")
    assert (made.size, made.kept) == (300, 0)
    assert read_back(tmp_path / "log") == world.envelopes()
    assert set(files(tmp_path / "log")) == {
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    }
    assert len(files(tmp_path / "log")) == made.files


def test_records_behind_the_operators_checkpoint_stay_out(world: World, tmp_path: Path) -> None:
    world.filled()
    assert export_tiles(Prover(Ledger(world.folder)), tmp_path / "log").size == 9
    assert read_back(tmp_path / "log") == world.envelopes()[:9]
    assert b"label-6" not in b"".join(files(tmp_path / "log").values())


def test_a_log_that_grew_is_added_to_and_old_files_stay(world: World, tmp_path: Path) -> None:
    grown(world, 20)
    export_tiles(Prover(Ledger(world.folder)), tmp_path / "log")
    before = files(tmp_path / "log")
    world.sign(*(world.label(number) for number in range(500, 520)), operator=True)
    made = export_tiles(Prover(Ledger(world.folder)), tmp_path / "log")
    assert (made.size, made.kept) == (40, 0)
    after = files(tmp_path / "log")
    assert {name: after[name] for name in before if name != "checkpoint"} == {
        name: data for name, data in before.items() if name != "checkpoint"
    }
    assert read_back(tmp_path / "log") == world.envelopes()
    again = export_tiles(Prover(Ledger(world.folder)), tmp_path / "log")
    assert (again.kept, files(tmp_path / "log")) == (again.files - 1, after)


class Killed(BaseException):
    pass


def test_a_killed_export_shows_no_checkpoint_and_is_completed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown(world, 300)
    whole = tmp_path / "whole"
    export_tiles(Prover(Ledger(world.folder)), whole)
    real = module._put
    for step in range(5):
        log, left = tmp_path / f"log-{step}", [step]

        def put(path: Path, data: bytes, left: list[int] = left) -> bool:
            if not left[0]:
                raise Killed
            left[0] -= 1
            return real(path, data)

        monkeypatch.setattr(module, "_put", put)
        with pytest.raises(Killed):
            export_tiles(Prover(Ledger(world.folder)), log)
        assert not (log / "checkpoint").exists()
        monkeypatch.setattr(module, "_put", real)
        assert export_tiles(Prover(Ledger(world.folder)), log).kept == step
        assert files(log) == files(whole)


def test_another_ledgers_folder_and_a_longer_log_are_left_as_they_are(world: World, tmp_path: Path) -> None:
    grown(world, 12)
    log = tmp_path / "log"
    export_tiles(Prover(Ledger(world.folder)), log)
    before = files(log)
    other = grown(World(tmp_path / "other"), 30)
    first = Ledger(world.folder).checkpoints()[0][1]
    for prover, code in (
        (Prover(Ledger(other.folder)), "LED-057"),
        (Prover(Ledger(world.folder), checkpoint=first), "LED-055"),
    ):
        with pytest.raises(CuratorError) as caught:
            export_tiles(prover, log)
        assert caught.value.code == code
        assert files(log) == before


@pytest.mark.parametrize("name", ["tile/entries/000.p/12", "tile/0/000.p/12", "checkpoint"])
def test_a_changed_file_in_the_folder_is_not_written_over(world: World, tmp_path: Path, name: str) -> None:
    grown(world, 12)
    log = tmp_path / "log"
    export_tiles(Prover(Ledger(world.folder)), log)
    (log / name).write_bytes(b"changed")
    before = files(log)
    with pytest.raises(CuratorError) as caught:
        export_tiles(Prover(Ledger(world.folder)), log)
    assert caught.value.code == "LED-057"
    assert files(log) == before


def test_a_folder_of_other_things_is_left_alone(world: World, tmp_path: Path) -> None:
    grown(world, 12)
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("log", "file"):
        with pytest.raises(CuratorError) as caught:
            export_tiles(Prover(Ledger(world.folder)), tmp_path / name)
        assert caught.value.code == "LED-025"
    assert files(tmp_path / "log") == {"notes.txt": b"mine"}


def test_a_link_in_place_of_a_tile_is_refused(world: World, tmp_path: Path) -> None:
    grown(world, 12)
    log = tmp_path / "log"
    export_tiles(Prover(Ledger(world.folder)), log)
    tile = log / "tile/0/000.p/12"
    tile.rename(tmp_path / "elsewhere")
    tile.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CuratorError) as caught:
        export_tiles(Prover(Ledger(world.folder)), log)
    assert caught.value.code == "LED-057"
