"""Long files are rewritten in pieces: the same bytes as at once, and memory that does not grow with the pixels."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest
from scrub_support import coder, file_named, policy, scrubbed_corpus, subject

from curator.core.errors import CheckError
from curator.formats.dicom import ranged, walk
from curator.formats.dicom.listing import elements
from curator.formats.dicom.ranged import Ranged, file_range, piece_range, spread
from curator.scrub.delivery.rewrite_pass import write_pieces
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.dicom.source import opened_object

MEBIBYTE = 1 << 20
ROWS = 8192


def long_file(path: Path) -> int:
    """Write a sparse object of 128 MiB and return the length of its pixel data."""
    data = file_named("CT_small.dcm")
    sizes = {0x00280010: ROWS, 0x00280011: ROWS}
    made = bytearray(data)
    pixels = next(element for element in elements(data) if element.tag == 0x7FE00010)
    for element in elements(data):
        if element.tag in sizes:
            made[element.value : element.value + 2] = struct.pack("<H", sizes[element.tag])
    length = ROWS * ROWS * 2
    made[pixels.offset + 8 : pixels.offset + 12] = struct.pack("<L", length)
    with path.open("wb") as stream:
        stream.write(made[: pixels.value] + b"first")
        stream.seek(pixels.value + length - 4)
        stream.write(b"last")
    return length


@pytest.mark.parametrize("name", ["safe-harbor", "limited-dataset"])
def test_every_file_is_rewritten_in_pieces_to_the_same_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scrubbed_corpus(name)
    monkeypatch.setattr(walk, "_WINDOW", 64)
    monkeypatch.setattr(walk, "_COPIED", 64)
    monkeypatch.setattr(ranged, "LOADED_MOST", 500)
    monkeypatch.setattr(ranged, "CHUNK", 100)
    in_pieces = 0
    for path, data, expected in whole:
        source = piece_range([data[: len(data) // 3], data[len(data) // 3 :]])
        made = rewrite(source, subject(), policy(name), coder, accepted=True)
        in_pieces += len(made.pieces) > 1
        assert made.data == expected.data, path.name
        assert (made.content, made.actions, made.uid) == (expected.content, expected.actions, expected.uid)
        assert harvest(source) == harvest(data)
    assert in_pieces > 50


def test_memory_stays_flat_and_the_pixels_arrive_bit_by_bit(tmp_path: Path) -> None:
    path, out = tmp_path / "long.dcm", tmp_path / "out.dcm"
    length = long_file(path)
    info = path.stat()
    rewrite(file_named("CT_small.dcm"), subject(), policy(), coder, accepted=True)  # the tables are loaded
    tracemalloc.start()
    with opened_object(tmp_path, b"long.dcm", size=info.st_size, modified=info.st_mtime_ns) as data:
        assert isinstance(data, Ranged)
        found = harvest(data)
        made = rewrite(data, subject(known=found.known), policy(), coder, accepted=True)
        write_pieces(out, made.pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.patient_id == "1CT1"
    assert peak < 24 * MEBIBYTE < length
    with out.open("rb") as stream:
        whole = file_range(stream.fileno(), out.stat().st_size)
        pixels = next(element for element in elements(whole) if element.tag == 0x7FE00010)
        value = whole[pixels.value : pixels.value + pixels.length]
        assert pixels.length == length
        assert (value.at(0, 5), value.at(length - 4, 4)) == (b"first", b"last")
        assert not any(part.strip(b"\0") for part in spread(value[5 : length - 4]))
        assert b"CompressedSamples" not in whole.at(0, pixels.value)


def test_a_long_file_cut_while_it_is_rewritten_stops_the_run(tmp_path: Path) -> None:
    path = tmp_path / "long.dcm"
    long_file(path)
    info = path.stat()

    def cut_in_between() -> None:
        with opened_object(tmp_path, b"long.dcm", size=info.st_size, modified=info.st_mtime_ns) as data:
            with path.open("r+b") as stream:
                stream.truncate(info.st_size // 2)
            rewrite(data, subject(), policy(), coder, accepted=True)

    with pytest.raises(CheckError, match="SRC-006"):
        cut_in_between()
