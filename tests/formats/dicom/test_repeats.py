"""A walk that knows sequences from other files makes of each file what a walk that knows none makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from corpus import SQ, explicit, file_of, item, sequence_end, shipped

from curator.core.errors import ItemError
from curator.formats.dicom import repeats as module
from curator.formats.dicom.encoding import header
from curator.formats.dicom.repeats import Repeats
from curator.formats.dicom.structure import Node, Repeated
from curator.formats.dicom.walk import parse

CODE = explicit(0x00080100, b"SH", b"T-04000 ") + explicit(0x00080102, b"SH", b"SRT ")
CONTENT = 0x0040A730


def plain(nodes: list[Node]) -> list[Any]:
    """A tree without the places of its nodes."""
    return [
        (
            node.tag,
            node.vr,
            bytes(node.value),
            node.fragments,
            node.items and [plain(each) for each in node.items],
        )
        for node in nodes
    ]


def counts(data: bytes, repeats: Repeats | None) -> tuple[Any, ...]:
    found, nodes = parse(data, repeats)
    numbers = (found.elements, found.items, found.depth, found.unordered, found.trailing, found.opaque)
    return plain(nodes), numbers, found.top_tags, found.late_tags


def test_every_shipped_file_reads_alike_with_and_without_memory() -> None:
    repeats = Repeats()
    for path in shipped() * 2:
        data = path.read_bytes()
        try:
            alone = counts(data, None)
        except ItemError as error:
            with pytest.raises(ItemError, match=error.code):
                parse(data, repeats)
            continue
        assert counts(data, repeats) == alone


@pytest.mark.parametrize("endless", [False, True])
def test_equal_bytes_give_the_same_items(endless: bool) -> None:
    def sequence(tag: int) -> bytes:
        body = item(CODE, undefined=endless)
        return explicit(tag, b"SQ", body + sequence_end(), SQ) if endless else explicit(tag, b"SQ", body)

    repeats = Repeats()
    first = parse(file_of(sequence(0x00081032) + sequence(0x00082218)), repeats)[1]
    second = parse(file_of(sequence(0x00082218)), repeats)[1]
    assert isinstance(first[0].items, Repeated)
    assert first[0].items is first[1].items is second[0].items
    assert plain(second) == plain(parse(file_of(sequence(0x00082218)))[1])


def test_content_items_are_never_shared_nor_what_holds_them() -> None:
    content = explicit(CONTENT, b"SQ", item(explicit(0x0040A040, b"CS", b"TEXT")))
    data = file_of(explicit(0x00081032, b"SQ", item(content)) + content)
    for node in parse(data, Repeats())[1]:
        assert not isinstance(node.items, Repeated)


def test_a_sequence_of_undefined_length_ends_where_it_ends_not_at_the_first_delimiter() -> None:
    inner = explicit(0x00082218, b"SQ", item(CODE) + sequence_end(), SQ)
    one = file_of(explicit(0x00081032, b"SQ", item(inner) + sequence_end(), SQ))
    other = file_of(explicit(0x00081032, b"SQ", item(inner + explicit(0x00200013, b"IS", b"1 ")) + sequence_end(), SQ))
    repeats = Repeats()
    for data in (one, other, one, other):
        assert counts(data, repeats) == counts(data, None)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 4)
    repeats = Repeats()
    for number in range(50):
        body = explicit(0x00080100, b"SH", f"{number:04d}".encode())
        parse(file_of(explicit(0x00081032 + (number << 16 & 0xF0000), b"SQ", item(body))), repeats)
        assert sum(map(len, repeats._known.values())) <= 5


def test_what_never_repeats_is_not_asked_for_any_more() -> None:
    repeats = Repeats()
    for number in range(200):
        body = explicit(0x00080100, b"SH", f"{number:04d}".encode())
        parse(file_of(explicit(0x00081032, b"SQ", item(body))), repeats)
    assert not repeats.may_have(0x00081032)
    assert repeats.may_have(0x00082218)


def test_a_file_that_knows_too_much_is_refused_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.formats.dicom.walk.MAX_ELEMENTS", 7)
    data = file_of(explicit(0x00081032, b"SQ", item(CODE)) + explicit(0x00082218, b"SQ", item(CODE)))
    repeats = Repeats()
    parse(data, repeats)
    more = file_of(
        data[-len(CODE) :] and explicit(0x00081032, b"SQ", item(CODE) * 3) + explicit(0x00082218, b"SQ", item(CODE))
    )
    with pytest.raises(ItemError, match="DCM-006"):
        parse(more, repeats)


def test_unwanted_elements_are_followed_but_not_handed_on() -> None:
    name, number = explicit(0x00100010, b"PN", b"A^B "), explicit(0x00200013, b"IS", b"1 ")
    found, nodes = parse(file_of(name + number), unwanted={header(0x00200013, "IS")})
    assert [node.tag for node in nodes] == [0x00100010]
    assert found.top_tags == {0x00100010, 0x00200013}
    assert found.elements == 2
    with pytest.raises(ItemError, match="DCM-007"):
        parse(file_of(name + explicit(0x00200013, b"IS", b"1 ", 40)), unwanted={header(0x00200013, "IS")})
