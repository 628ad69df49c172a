"""Label images in TIFF: pages, strips, both orders, hostile bytes."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import pytest
from builders import SECRET, attack, everything

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.tiff import Tiff

VOXELS = [[0, 1, 1, 0, 0, 2], [2, 0, 0, 0, 0, 1]]


def _tiff(
    pages: list[list[int]],
    *,
    order: str = "<",
    big: bool = False,
    bits: int = 32,
    rows: int = 2,
    packing: int = 8,
    text: str = "",
    more: tuple[tuple[int, int], ...] = (),
) -> bytes:
    """Return a file of pages three columns wide and two rows high."""
    letter = {8: "B", 16: "H", 32: "I"}[bits]
    made = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42))
    made += struct.pack(order + "2HQ", 8, 0, 0) if big else struct.pack(order + "I", 0)
    link = 8 if big else 4
    wide, head, pad = ("Q", "Q", 8) if big else ("I", "H", 4)
    for at, page in enumerate(pages):
        strips = []
        for top in range(0, 2, rows):
            strip = struct.pack(f"{order}{3 * rows}{letter}", *page[3 * top : 3 * (top + rows)])
            strip = zlib.compress(strip) if packing == 8 else strip
            strips.append((len(made), len(strip)))
            made += strip
        entries = {256: [3], 257: [2], 258: [bits], 259: [packing], 273: [place for place, _ in strips],
                   277: [1], 278: [rows], 279: [count for _, count in strips], 339: [1]}  # fmt: skip
        if text and not at:
            entries[270] = list(text.encode())
        entries.update({tag: [value] for tag, value in more})
        fields = b""
        for tag, values in sorted(entries.items()):
            kind, form = (2, "B") if tag == 270 else (16, "Q") if big else (4, "I")
            raw = struct.pack(f"{order}{len(values)}{form}", *values)
            if len(raw) > pad:
                place = len(made)
                made += raw
                raw = struct.pack(order + wide, place)
            fields += struct.pack(order + "2H" + wide, tag, kind, len(values)) + raw.ljust(pad, b"\0")
        struct.pack_into(order + wide, made, link, len(made))
        made += struct.pack(order + head, len(entries)) + fields
        link = len(made)
        made += struct.pack(order + wide, 0)
    return bytes(made)


def _read(path: Path, data: bytes) -> list[Item | Refused]:
    path.write_bytes(data)
    return everything(Tiff(), path)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(("bits", "rows", "packing"), [(32, 2, 8), (16, 1, 8), (8, 1, 1), (32, 2, 1)])
def test_every_layout_gives_the_same_labels(
    tmp_path: Path, order: str, big: bool, bits: int, rows: int, packing: int
) -> None:
    data = _tiff(VOXELS, order=order, big=big, bits=bits, rows=rows, packing=packing)
    one, two = _read(tmp_path / "Labels.tif", data)
    assert one.kind == "volume-mask"
    assert one.value == {"class": "1", "size": [3, 2, 2], "voxels": 3, "slices": {"1": [1, 2, 3], "2": [5, 1]}}
    assert two.value["slices"] == {"1": [5, 1], "2": [0, 1, 5]}
    assert (one.label_id, one.sample.name, one.sample.size) == ("tiff-1", "Labels.tif", (3, 2))


def test_one_page_is_a_flat_mask_named_by_its_table(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"1": "cell", "2": "nucleus"}')
    one, two = _read(tmp_path / "a.tif", _tiff(VOXELS[:1]))
    assert (one.kind, one.value) == ("mask", {"class": "cell", "size": [2, 3], "runs": [1, 2, 3]})
    assert two.value["class"] == "nucleus"


def test_the_description_says_which_pages_are_times(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.tif", _tiff(VOXELS, text=json.dumps({"shape": [2, 1, 2, 3]})))
    assert [(item.part, item.label_id) for item in found] == [
        ({"frames": [1]}, "tiff-t1-1"),
        ({"frames": [1]}, "tiff-t1-2"),
        ({"frames": [2]}, "tiff-t2-1"),
        ({"frames": [2]}, "tiff-t2-2"),
    ]
    with pytest.raises(UsageError, match="IMP-041"):
        _read(tmp_path / "a.tif", _tiff(VOXELS, text=json.dumps({"shape": [1, 1, 2, 2, 3]})))


@pytest.mark.parametrize("more", [(277, 3), (317, 2), (322, 64), (259, 5), (339, 7)])
def test_other_parts_of_tiff_are_refused_by_name(tmp_path: Path, more: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="IMP-041"):
        _read(tmp_path / "a.tif", _tiff(VOXELS, more=(more,)))


def test_a_chain_of_pages_in_a_circle_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.formats.volume.tiff.MOST_PAGES", 50)
    data = bytearray(_tiff(VOXELS[:1]))
    data[-4:] = data[4:8]
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.tif", bytes(data))


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    outcomes = attack(Tiff(), _tiff(VOXELS, text=SECRET), tmp_path / "a.tif", 400)
    assert outcomes["IMP-003"] > 50
