"""Write a ledger as a static tiled log (c2sp.org/tlog-tiles): a folder that any web server can offer as it is.

``checkpoint`` is the operator's newest, ``tile/L/N`` holds hashes, ``tile/entries/N`` the envelopes, each behind its
length in two bytes, most significant first. Tiles never change: a file that stands there with other bytes is never
replaced. ``checkpoint`` is written last, so that a reader sees the old log whole or the new one whole, and a killed
export can run again.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, put_if_absent, sync_folder, translated, write_whole
from curator.provenance.checkpoints import read_note
from curator.provenance.hashtree import HashTree
from curator.provenance.note import parse_checkpoint, parse_note
from curator.provenance.prove import Prover

WIDTH = 256
HEIGHT = 8
MAX_ENTRY = 65_535
CHECKPOINT = "checkpoint"
TILES = "tile"


@dataclass(frozen=True)
class Tile:
    """One tile's place: level, index within the level, and width (256 for a full one)."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """Path of the tile below the log's prefix."""
        return tile_path(str(self.level), self.index, self.width)


@dataclass(frozen=True)
class Exported:
    """What an export came to: records under the checkpoint, files of the log, and how many stood there already."""

    size: int
    files: int
    kept: int


def tile_path(level: str, index: int, width: int = WIDTH) -> str:
    """Return ``tile/<L>/<N>[.p/<W>]``: N in groups of three digits, all but the last behind an ``x``.

    Parameters
    ----------
    level
        A number, or ``entries`` for an entry bundle.
    index
        Index within the level, from 0.
    width
        Number of hashes or entries, 1 to 256; fewer than 256 make a partial tile.
    """
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    part = "" if width == WIDTH else f".p/{width}"
    return f"{TILES}/{level}/{'/'.join(groups)}{part}"


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield the tiles of a tree of some size, level by level (c2sp.org/tlog-tiles, Partial Tiles)."""
    level = 0
    while hashes := size >> (HEIGHT * level):
        yield from (Tile(level, index, WIDTH) for index in range(hashes // WIDTH))
        if hashes % WIDTH:
            yield Tile(level, hashes // WIDTH, hashes % WIDTH)
        level += 1


def tile_data(tree: HashTree, tile: Tile) -> bytes:
    """Return a tile's bytes: its hashes, one after the other."""
    return tree.row(HEIGHT * tile.level, tile.index * WIDTH, tile.width)


def bundle(envelopes: list[bytes], first: int) -> bytes:
    """Return an entry bundle: each envelope behind its length as two bytes, most significant first.

    Raises
    ------
    CheckError
        LED-056 for a record that is too long.
    """
    made = []
    for number, envelope in enumerate(envelopes, first):
        if len(envelope) > MAX_ENTRY:
            raise CheckError("LED-056", index=number)
        made += [struct.pack(">H", len(envelope)), envelope]
    return b"".join(made)


def export_tiles(prover: Prover, folder: Path, advance: Callable[[int], None] = lambda _: None) -> Exported:
    """Write a ledger as a tiled log into a new folder, or add to the log of the same ledger that stands there.

    Parameters
    ----------
    prover
        The ledger, under the checkpoint to publish.
    folder
        Where to write.
    advance
        Called with the number of records written since the last call.

    Raises
    ------
    UsageError
        LED-025 when something else than a tiled log stands in the folder.
    IntegrityError
        LED-057 when a file there is of another ledger or of another history, LED-055 when its checkpoint is over more
        records; as :meth:`curator.provenance.prove.Prover.entries`.
    CheckError
        LED-056 for a record that is too long.
    """
    _fitting(prover, folder)
    make_folder(folder)
    size, kept, files = prover.said.size, 0, 0
    for path, data in _files(prover, size, advance):
        kept += not _put(folder / path, data)
        files += 1
    for base, _, _ in os.walk(folder / TILES):
        with translated():
            sync_folder(Path(base))
    write_whole(folder / CHECKPOINT, prover.checkpoint)
    return Exported(size, files + 1, kept)


def _fitting(prover: Prover, folder: Path) -> None:
    """Refuse a folder that holds anything but an older state of the same log."""
    with translated():
        if folder.exists() and not folder.is_dir():
            raise UsageError("LED-025")
        names = set(os.listdir(folder)) if folder.is_dir() else set()
    if any(name not in {CHECKPOINT, TILES} and not name.startswith(TEMP_PREFIX) for name in names):
        raise UsageError("LED-025")
    if CHECKPOINT in names:
        try:
            said = parse_checkpoint(parse_note(read_note(folder / CHECKPOINT)))
        except IntegrityError:
            raise IntegrityError("LED-057") from None
        if said.origin != prover.origin:
            raise IntegrityError("LED-057")
        if said.size > prover.said.size:
            raise IntegrityError("LED-055", old=said.size, new=prover.said.size)
        if said.root != prover.tree.root(said.size):
            raise IntegrityError("LED-057")


def _files(prover: Prover, size: int, advance: Callable[[int], None]) -> Iterator[tuple[str, bytes]]:
    held: list[bytes] = []
    for entry in prover.entries():
        if entry.purged:
            raise UsageError("LED-113", index=entry.index)
        held.append(entry.envelope)
        if len(held) == WIDTH or entry.index == size - 1:
            first = entry.index + 1 - len(held)
            yield tile_path("entries", first // WIDTH, len(held)), bundle(held, first)
            advance(len(held))
            held = []
    for tile in tiles_of(size):
        yield tile.path, tile_data(prover.tree, tile)


def _put(path: Path, data: bytes) -> bool:
    """Put a file once; False when the same bytes stood there already (LED-057 when others did)."""
    if not path.parent.is_dir():
        make_folder(path.parent)
    if not os.path.lexists(path) and put_if_absent(path, data):
        return True
    with translated():
        same = path.is_file() and not path.is_symlink() and path.read_bytes() == data
    if not same:
        raise IntegrityError("LED-057")
    return False
