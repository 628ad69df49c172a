"""Files that are read in ranges: the same elements as in memory, and an error when the file shrinks meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from corpus import DATA, UID, explicit, file_of, shipped

from curator.core.errors import CheckError, ItemError
from curator.formats.dicom import opening, walk
from curator.formats.dicom.listing import elements
from curator.formats.dicom.ranged import CHUNK, Ranged, coalesced, file_range, joined, piece_range, spread
from curator.formats.dicom.structure import Node
from curator.formats.dicom.walk import check_structure, parse

CT = DATA / "test_files" / "CT_small.dcm"


def flat(nodes: list[Node]) -> list[object]:
    return [
        (
            node.tag,
            node.vr,
            bytes(node.value),
            node.fragments,
            node.at,
            node.items and [flat(item) for item in node.items],
        )
        for node in nodes
    ]


def outcome(data: bytes | Ranged) -> object:
    try:
        structure, nodes = parse(data)
    except ItemError as error:
        return error.code
    return structure, flat(nodes)


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "_WINDOW", 48)
    monkeypatch.setattr(walk, "_COPIED", 64)


@pytest.mark.usefixtures("small_windows")
def test_every_file_is_the_same_in_ranges_as_in_memory() -> None:
    sound = 0
    for path in shipped():
        data = path.read_bytes()
        for cut in (len(data), len(data) * 2 // 3):
            part = data[:cut]
            expected = outcome(part)
            assert outcome(piece_range([part[: cut // 2], part[cut // 2 :]])) == expected, path.name
            sound += not isinstance(expected, str)
    assert sound > 150


@pytest.mark.usefixtures("small_windows")
def test_elements_of_a_file_on_disk_are_found_where_they_stand(tmp_path: Path) -> None:
    data = CT.read_bytes()
    with CT.open("rb") as stream:
        found = list(elements(file_range(stream.fileno(), len(data))))
    assert found == list(elements(data))


def test_long_values_stay_in_the_file() -> None:
    body = UID + explicit(0x7FE00010, b"OW", bytes(200_000))
    _, nodes = parse(piece_range([file_of(body)]))
    assert isinstance(nodes[-1].value, Ranged)
    assert isinstance(nodes[0].value, bytes)
    assert len(nodes[-1].value) == 200_000


def test_a_file_that_shrinks_while_it_is_read_is_an_error_and_no_signal(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(CT.read_bytes())
    with path.open("r+b") as stream:
        whole = file_range(stream.fileno(), os.fstat(stream.fileno()).st_size)
        structure, nodes = parse(whole)
        assert structure.has_pixels
        stream.truncate(structure.end - 5000)
        with pytest.raises(CheckError, match="SRC-006"):
            check_structure(whole)
        with pytest.raises(CheckError, match="SRC-006"):
            bytes(whole[structure.meta_end :])
    assert nodes


def test_meta_information_beyond_the_head_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = CT.read_bytes()
    monkeypatch.setattr(opening, "HEAD", 300)
    with pytest.raises(ItemError, match="DCM-002"):
        check_structure(piece_range([data]))
    assert check_structure(data).elements


def test_a_deflated_file_in_ranges_is_inflated_within_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (DATA / "test_files" / "image_dfl.dcm").read_bytes()
    assert outcome(piece_range([data])) == outcome(data)
    monkeypatch.setattr(opening, "INFLATE_MOST", 1000)
    with pytest.raises(ItemError, match="DCM-011"):
        check_structure(piece_range([data]))


def test_ranges_of_ranges_and_pieces_hold_the_same_bytes() -> None:
    data = bytes(range(256)) * 9000
    whole = piece_range([data[:7], piece_range([data[7:300_000]]), memoryview(data)[300_000:], b""])
    assert len(whole) == len(data)
    assert bytes(whole) == data
    assert bytes(whole[5:9]) == data[5:9]
    assert bytes(whole[299_990:300_010]) == data[299_990:300_010]
    assert bytes(whole[9:5]) == b""
    assert whole.at(len(data) - 3, 100) == data[-3:]
    assert b"".join(spread(whole)) == data
    assert max(len(part) for part in spread(whole)) == CHUNK


def test_short_neighbors_are_joined_and_long_pieces_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.formats.dicom.ranged.LOADED_MOST", 100)
    far = piece_range([bytes(500)])
    pieces = coalesced([b"a", b"b", far, b"c", b"", b"d"])
    assert pieces[0] == b"ab"
    assert pieces[1] is far
    assert pieces[2:] == (b"cd",)
    assert joined(pieces) == b"ab" + bytes(500) + b"cd"
