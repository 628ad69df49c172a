"""NRRD label volumes and Slicer's segmentations: header, encodings, segments and layers, hostile bytes."""

from __future__ import annotations

import bz2
import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from builders import SECRET, attack, everything, nrrd

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.nrrd import Nrrd

VOXELS = bytes([0, 1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 1])
RUNS = [{"1": [1, 2, 3], "2": [5, 1]}, {"1": [5, 1], "2": [0, 1, 5]}]
SPACE = (
    "space: left-posterior-superior\nkinds: domain domain domain\n"
    "space directions: (0.7,0,0) (0,0.7,0) (0,0,2.5)\nspace origin: (-10,-20,30.1)\n"
)


def _read(path: Path, data: bytes) -> list[Item | Refused]:
    path.write_bytes(data)
    return everything(Nrrd(), path)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("raw", VOXELS),
        ("gzip", gzip.compress(VOXELS, mtime=0)),
        ("gz", gzip.compress(VOXELS, mtime=0)),
        ("bzip2", bz2.compress(VOXELS)),
        ("hex", VOXELS.hex().encode()),
        ("ascii", " ".join(map(str, VOXELS)).encode() + b"\n"),
        ("text", b"0 1 1\n0 0 2\n2 0 0\n0 0 1"),
    ],
    ids=["raw", "gzip", "gz", "bzip2", "hex", "ascii", "text"],
)
def test_every_encoding_gives_the_same_labels(tmp_path: Path, encoding: str, packed: bytes) -> None:
    head = nrrd(b"", "3 2 2", SPACE, encoding="raw").replace(b"encoding: raw", f"encoding: {encoding}".encode())
    found = _read(tmp_path / "a.nrrd", head + packed)
    assert [item.value["slices"] for item in found] == RUNS
    assert [item.value["class"] for item in found] == ["1", "2"]
    geometry = found[0].kept["geometry"]
    assert geometry["space directions"][2] == [Decimal(0), Decimal(0), Decimal("2.5")]
    assert geometry["space origin"] == [[Decimal(-10), Decimal(-20), Decimal("30.1")]]
    assert found[0].sample.size == (3, 2)
    for short in (head + packed[:-3], head):
        with pytest.raises(UsageError, match="IMP-003"):
            _read(tmp_path / "a.nrrd", short)


def test_voxels_of_two_bytes_need_their_order_said(tmp_path: Path) -> None:
    voxels = b"".join(value.to_bytes(2, "big") for value in VOXELS)
    data = nrrd(voxels, "3 2 2", kind="unsigned short").replace(b"endian: little", b"endian: big")
    assert [item.value["slices"] for item in _read(tmp_path / "a.nrrd", data)] == RUNS
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.nrrd", data.replace(b"endian: big\n", b""))


def test_voxels_may_stand_in_a_file_beside_but_not_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.raw.gz").write_bytes(gzip.compress(VOXELS))
    head = nrrd(b"", "3 2 2").replace(b"encoding: raw", b"encoding: gzip\ndata file: ./a.raw.gz")
    assert [item.value["slices"] for item in _read(tmp_path / "a.nhdr", head)] == RUNS
    for name in (b"../a.raw.gz", b"/etc/passwd", b"LIST", b"a%02d.raw 1 2 1", b".."):
        with pytest.raises(UsageError, match="IMP-041"):
            _read(tmp_path / "a.nhdr", head.replace(b"./a.raw.gz", name))


def test_segments_that_overlap_are_layers_with_their_names(tmp_path: Path) -> None:
    lines = (
        "kinds: list domain domain domain\nSegment0_Name:=tumor: left\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n"
        "Segment0_ID:=Segment_1\nSegment1_Name:=edema\nSegment1_LabelValue:=1\nSegment1_Layer:=1\n"
        "Segment1_Tags:=TerminologyEntry:list~SCT^85756007^Tissue~|\n"
        "Segmentation_SourceRepresentation:=Binary labelmap\n"
    )
    pairs = bytes(value for one in VOXELS for value in (min(one, 1), 1 if one == 2 else 0))
    found = _read(tmp_path / "a.seg.nrrd", nrrd(pairs, "2 3 2 2", lines, encoding="gzip"))
    assert [item.value["class"] for item in found] == ["tumor: left", "edema"]
    assert [item.label_id for item in found] == ["nrrd-0-1", "nrrd-1-1"]
    assert found[1].value["slices"] == RUNS[1]
    assert found[0].value["slices"] == {"1": [1, 2, 2, 1], "2": [0, 1, 4, 1]}
    assert found[1].kept["named"]["Tags"].startswith("TerminologyEntry")
    assert found[0].kept["header"]["Segmentation_SourceRepresentation"] == "Binary labelmap"
    assert found[0].tool == ("3D Slicer", "")


def test_segments_of_one_layer_and_value_are_refused(tmp_path: Path) -> None:
    lines = "Segment0_Name:=a\nSegment0_LabelValue:=1\nSegment0_Layer:=0\nSegment1_LabelValue:=1\nSegment1_Layer:=0\n"
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.nrrd", nrrd(VOXELS, "3 2 2", lines))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"dimension: 3", b"dimension: 2", "IMP-003"),
        (b"sizes: 3 2 2", b"sizes: 3 2 x", "IMP-003"),
        (b"type: uint8", b"type: block", "IMP-041"),
        (b"encoding: raw", b"encoding: lzma", "IMP-041"),
        (b"type: uint8", b"type: uint8\ntype: uint8", "IMP-003"),
        (b"type: uint8", b"type: uint8\nbyte skip: 4", "IMP-041"),
        (b"type: uint8", b"type: uint8\nkinds: RGB-color domain domain", "IMP-041"),
        (b"NRRD0004", b"NRRD0009", "IMP-001"),
        (b"sizes: 3 2 2", b"sizes: 3 4", "IMP-003"),
        (b"sizes: 3 2 2", b"sizes: 1000000 1000000 2", "IMP-041"),
    ],
)
def test_what_the_header_gets_wrong_is_refused(tmp_path: Path, old: bytes, new: bytes, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        _read(tmp_path / "a.nrrd", nrrd(VOXELS, "3 2 2").replace(old, new))


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    lines = f"{SPACE}content: {SECRET}\nSegment0_Name:={SECRET}\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n"
    data = nrrd(VOXELS, "3 2 2", lines, encoding="gzip")
    outcomes = attack(Nrrd(), data, tmp_path / "a.nrrd", 400)
    assert outcomes["IMP-003"] > 50
