"""A walk that knows stretches from other files makes of each file what a walk that knows none makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from corpus import explicit, file_of, item, shipped

from curator.core.errors import ItemError
from curator.formats.dicom import stretches as module
from curator.formats.dicom import walk
from curator.formats.dicom.encoding import CONTENT, header
from curator.formats.dicom.repeats import Repeats
from curator.formats.dicom.structure import Node
from curator.formats.dicom.walk import parse

APART = (0x00080018, 0x00280303, CONTENT)
GROUPS = (0x0008, 0x0018, 0x0019, 0x0028)


def plain(nodes: list[Node]) -> list[Any]:
    """A tree without the places of its nodes."""
    return [
        (node.tag, node.vr, bytes(node.value), node.fragments, node.items and [plain(each) for each in node.items])
        for node in nodes
    ]


def counts(data: bytes, repeats: Repeats | None, unwanted: frozenset[bytes] = frozenset()) -> tuple[Any, ...]:
    found, nodes = parse(data, repeats, unwanted)
    numbers = (found.elements, found.items, found.depth, found.unordered, found.trailing, found.opaque, found.end)
    return plain(nodes), numbers, found.top_tags, found.late_tags


def series(number: int, *, more: bytes = b"") -> bytes:
    """A file of a series: twenty elements in each group, of which one or two are its own."""
    body = b""
    for group in GROUPS:
        if group & 1:
            body += explicit(group << 16 | 0x0010, b"LO", b"SOMEBODY")
        for element in range(0x0010, 0x0038, 2):
            own = element == 0x0020 or (group == 0x0018 and element == 0x0030 and number > 4)
            place = group << 16 | (element + 0x1000 if group & 1 else element)
            body += explicit(place, b"SH", b"%04d" % (number if own else 7))
    code = explicit(0x00080100, b"SH", b"T-04000 ")
    body += explicit(0x00281000, b"SQ", item(code)) + more
    return file_of(body)


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn from short data sets, too."""
    monkeypatch.setattr(module, "_SMALL", 0)


@pytest.mark.parametrize("unwanted", [frozenset(), frozenset({header(0x00180050, "DS"), header(0x00280010, "US")})])
def test_every_shipped_file_reads_alike_with_and_without_memory(unwanted: frozenset[bytes]) -> None:
    repeats = Repeats(APART)
    for path in shipped():
        data = path.read_bytes()
        try:
            alone = counts(data, None, unwanted)
        except ItemError as error:
            for _ in range(3):
                with pytest.raises(ItemError, match=error.code):
                    parse(data, repeats, unwanted)
            continue
        for _ in range(3):
            assert counts(data, repeats, unwanted) == alone


def test_files_of_a_series_share_the_nodes_of_what_stays() -> None:
    repeats = Repeats(APART)
    for number in range(8):
        data = series(number)
        structure, nodes = parse(data, repeats)
        assert plain(nodes) == plain(parse(data)[1])
    inside = sum(len(stretch.nodes) for _, stretch in structure.stretches)
    assert inside > 0.8 * len(nodes)
    assert len(structure.stretches) <= 3 * len(GROUPS)
    for at, stretch in structure.stretches:
        assert nodes[at : at + len(stretch.nodes)] == stretch.nodes


def test_no_stretch_reaches_across_a_group_a_creator_or_what_stands_apart() -> None:
    repeats = Repeats((0x00080018, 0x00280025))
    for number in range(8):
        structure, _ = parse(series(number), repeats)
    for _, stretch in structure.stretches:
        tags = [node.tag for node in stretch.nodes]
        assert len({tag >> 16 for tag in tags}) == 1
        assert not {0x00080018} & set(tags)
        assert not tags[0] < 0x00280025 < tags[-1]
        assert not any(tag >> 16 == 0x0019 and tag & 0xFFFF <= 0xFF for tag in tags)


def test_a_stretch_does_not_stand_where_tags_go_back() -> None:
    repeats = Repeats(APART)
    for number in range(6):
        parse(series(number), repeats)
    data = series(9, more=series(9)[len(file_of(b"")) :])
    assert counts(data, repeats) == counts(data, None)
    assert counts(data, None)[1][3] > 0


def test_damage_behind_a_stretch_is_damage() -> None:
    repeats = Repeats(APART)
    for number in range(6):
        parse(series(number), repeats)
    whole = series(9)
    for cut in range(len(whole) - 300, len(whole), 7):
        try:
            alone: Any = counts(whole[:cut], None)
        except ItemError as error:
            alone = error.code
        try:
            found: Any = counts(whole[:cut], repeats)
        except ItemError as error:
            found = error.code
        assert found == alone


def test_counts_of_stretches_are_bounded_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    repeats = Repeats(APART)
    for number in range(6):
        parse(series(number), repeats)
    monkeypatch.setattr(walk, "MAX_ELEMENTS", 40)
    with pytest.raises(ItemError, match="DCM-006"):
        parse(series(3), repeats)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 3)
    repeats = Repeats(APART)
    for number in range(40):
        data = series(number % 7, more=explicit(0x00291010, b"LO", b"%04d" % number))
        assert counts(data, repeats) == counts(data, None)
    stretches = repeats.stretches
    assert sum(map(len, stretches.known.values())) <= 3 + 2 * 4 * len(GROUPS)
    assert len(stretches._latest) <= 3 + 2 * 20 * len(GROUPS)
