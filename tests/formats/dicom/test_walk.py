"""The structure walk: what it accepts, what it refuses and under which code, and in what time."""

from __future__ import annotations

import contextlib
import struct
import time

import pytest
from corpus import DATA, IMPLICIT, SQ, UID, explicit, file_of, implicit, item, sequence_end

from curator.core.errors import ItemError
from curator.formats.dicom import walk
from curator.formats.dicom.listing import elements
from curator.formats.dicom.walk import check_structure

SEQUENCE = 0x00081140
PRIVATE = 0x00091001
PIXELS = explicit(0x7FE00010, b"OW", b"\1\2\3\4")


def refused(data: bytes) -> str:
    with pytest.raises(ItemError) as caught:
        check_structure(data)
    return caught.value.code


def tags(data: bytes) -> list[tuple[int, int]]:
    return [(len(element.path), element.tag & 0xFFFFFFFF) for element in elements(data)]


@pytest.mark.parametrize(
    "content",
    [
        explicit(SEQUENCE, b"SQ", item(UID)),
        explicit(SEQUENCE, b"SQ", item(UID, undefined=True)),
        explicit(SEQUENCE, b"SQ", item(UID) + sequence_end(), length=SQ),
        explicit(SEQUENCE, b"SQ", item(UID, undefined=True) + sequence_end(), length=SQ),
        explicit(SEQUENCE, b"SQ", item(UID) + sequence_end()),  # a delimiter too many, inside the length
        explicit(SEQUENCE, b"SQ", item(UID + implicit(0xFFFEE00D))),
        explicit(SEQUENCE, b"SQ", item(implicit(0x00080016, b"1.2 "))),  # implicit VR inside explicit VR
        explicit(SEQUENCE, b"UN", item(implicit(0x00080016, b"1.2 ")) + sequence_end(), length=SQ),
        explicit(SEQUENCE, b"UN", item(implicit(0x00080016, b"1.2 "))),
        explicit(PRIVATE, b"UN", item(implicit(0x00080016, b"1.2 "))),
        explicit(PRIVATE, b"SQ", item(UID)),
        implicit(SEQUENCE, item(UID)),  # a single element in implicit VR
    ],
)
def test_sequences_of_every_encoding_are_entered(content: bytes) -> None:
    data = file_of(UID + content)
    structure = check_structure(data)
    assert (structure.elements, structure.items, structure.depth, structure.trailing) == (3, 1, 1, 0)
    assert tags(data)[2] == (1, 0x00080016)


def test_empty_sequences_and_items_are_sound() -> None:
    body = UID + explicit(SEQUENCE, b"SQ") + explicit(SEQUENCE + 1, b"SQ", sequence_end(), length=SQ)
    body += explicit(SEQUENCE + 2, b"SQ", item() + item(undefined=True))
    structure = check_structure(file_of(body))
    assert (structure.elements, structure.items) == (4, 2)


def test_an_element_knows_its_path_and_where_it_stands() -> None:
    inner = explicit(0x00100010, b"PN", b"A^B ")
    data = file_of(UID + explicit(SEQUENCE, b"SQ", item(UID) + item(inner)))
    found = [element for element in elements(data) if element.tag == 0x00100010]
    assert [element.path for element in found] == [((SEQUENCE, 1),)]
    buffer = check_structure(data).buffer
    assert bytes(buffer[found[0].value : found[0].value + found[0].length]) == b"A^B "
    assert bytes(buffer[found[0].offset :]).startswith(inner)


@pytest.mark.parametrize("size", [3_000_000_000, 200_000])
@pytest.mark.parametrize("vr", [b"OB", b"UN", b"SQ", b"UT"])
def test_a_length_beyond_the_file_is_refused_at_once(size: int, vr: bytes) -> None:
    started = time.process_time()
    assert refused(file_of(UID + explicit(0x00091001, vr, bytes(100_000), length=size))) == "DCM-007"
    assert time.process_time() - started < 1


def test_every_truncation_of_a_file_is_refused_or_ends_between_two_elements() -> None:
    data = (DATA / "test_files" / "nested_priv_SQ.dcm").read_bytes()
    whole = check_structure(data)
    ends = {element.offset for element in elements(data) if not element.path} | {whole.end}
    for cut in range(whole.meta_end, len(data)):
        if cut in ends and cut > whole.meta_end:
            assert check_structure(data[:cut]).end == cut
        else:
            assert refused(data[:cut]) in {"DCM-007", "DCM-013"}


def test_a_truncation_within_the_pixels_is_refused() -> None:
    data = (DATA / "test_files" / "CT_small.dcm").read_bytes()
    pixels = next(element for element in elements(data) if element.tag == 0x7FE00010)
    for cut in (pixels.value, pixels.value + 1, pixels.value + pixels.length - 1):
        assert refused(data[:cut]) == "DCM-007"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (UID + explicit(SEQUENCE, b"SQ", item(explicit(0x00080016, b"UI", b"1.2 ", length=60)) + bytes(60)), "DCM-008"),
        (UID + explicit(SEQUENCE, b"SQ", implicit(0xFFFEE000, length=90) + UID) + bytes(90), "DCM-008"),
        (UID + explicit(SEQUENCE, b"SQ", implicit(0xFFFEE000, length=9000) + UID), "DCM-007"),
        (UID + explicit(SEQUENCE, b"SQ", UID), "DCM-004"),  # no item
        (UID + explicit(SEQUENCE, b"SQ", item(UID) + implicit(0xFFFEE00D) + item(UID)), "DCM-004"),
        (UID + explicit(SEQUENCE, b"SQ", item(UID, undefined=True), length=SQ), "DCM-007"),  # never closed
        (UID + explicit(SEQUENCE, b"SQ", item(sequence_end())), "DCM-004"),
        (UID + implicit(0xFFFEE00D) + UID, "DCM-004"),
        (UID + item(UID), "DCM-004"),
        (UID + explicit(0x00081111, b"ZZ", b"1234"), "DCM-003"),
        (UID + explicit(0x00081111, b"XQ", b"1234"), "DCM-003"),
        (UID + implicit(0x00000002, b"1.2 "), "DCM-012"),
        (UID + explicit(0x7FE00010, b"OB", b"garbage.", length=SQ), "DCM-009"),
        (UID + explicit(0x7FE00010, b"OB", item(b"ab"), length=SQ), "DCM-007"),
        (UID + explicit(0x7FE00010, b"OB", implicit(0xFFFEE000, b"ab", length=500), length=SQ), "DCM-007"),
        (UID + explicit(0x7FE00010, b"OB", implicit(0xFFFEE000, length=SQ), length=SQ), "DCM-009"),
        (UID + explicit(0x7FE00010, b"OB", item(b"ab") + sequence_end(), length=SQ), "DCM-014"),
        (UID[:6], "DCM-007"),
        (b"", "DCM-013"),
        (implicit(0x00000002, b"1.2 ") + UID, "DCM-012"),
    ],
)
def test_contradictions_are_refused_under_their_code(body: bytes, code: str) -> None:
    assert refused(file_of(body)) == code


def test_undefined_length_where_nothing_says_what_it_holds_is_refused() -> None:
    body = implicit(0x00080016, b"1.2 ") + implicit(0x00081030, item(b"") + sequence_end(), length=SQ)
    assert refused(file_of(body, IMPLICIT)) == "DCM-009"


@pytest.mark.parametrize("vr", [b"SQ", b"UN"])
@pytest.mark.parametrize("content", [sequence_end(), item(UID) + sequence_end()])
def test_pixels_may_not_pass_for_a_sequence(vr: bytes, content: bytes) -> None:
    assert refused(file_of(UID + explicit(0x7FE00010, vr, content, length=SQ))) == "DCM-009"


def test_pixels_are_pixels_in_whatever_representation() -> None:
    for vr in (b"OW", b"OB", b"UN", b"LO"):
        assert check_structure(file_of(UID + explicit(0x7FE00010, vr, b"1234"))).has_pixels
    assert not check_structure(file_of(UID + explicit(0x7FE00010, b"OW"))).has_pixels


def test_native_pixels_under_an_encapsulated_transfer_syntax_are_refused() -> None:
    assert refused(file_of(UID + PIXELS, b"1.2.840.10008.1.2.4.50")) == "DCM-014"


def test_fragments_may_hold_bytes_that_look_like_a_delimiter() -> None:
    body = explicit(0x7FE00010, b"OB", item() + item(sequence_end() + b"xy") + sequence_end(), length=SQ)
    structure = check_structure(file_of(UID + body, b"1.2.840.10008.1.2.4.50"))
    assert structure.encapsulated
    assert structure.has_pixels
    assert structure.trailing == 0


@pytest.mark.parametrize("value", [item(b"not elements"), item(b"1234567") + b"x", b"\xfe\xff\x00\xe0"])
@pytest.mark.parametrize("vr", [b"UN", None])
def test_a_private_value_that_only_looks_like_a_sequence_is_taken_as_bytes(value: bytes, vr: bytes | None) -> None:
    first, uid = (implicit, IMPLICIT) if vr is None else (explicit, b"1.2.840.10008.1.2.1")
    body = explicit(PRIVATE, vr, value) if vr else implicit(PRIVATE, value)
    data = file_of((UID if vr else first(0x00080016, b"1.2 ")) + body, uid)  # type: ignore[operator]
    structure = check_structure(data)
    assert (structure.elements, structure.items) == (2, 0)
    assert len(structure.opaque) == 1
    assert len(tags(data)) == 2


def test_a_registered_sequence_of_unknown_representation_must_be_one() -> None:
    assert refused(file_of(UID + explicit(SEQUENCE, b"UN", b"12345678"))) == "DCM-004"


def test_nesting_is_bounded_without_recursion() -> None:
    def nested(levels: int) -> bytes:
        body = UID
        for _ in range(levels):
            body = explicit(SEQUENCE, b"SQ", item(body))
        return file_of(UID + body)

    assert check_structure(nested(walk.MAX_DEPTH)).depth == walk.MAX_DEPTH
    assert refused(nested(walk.MAX_DEPTH + 1)) == "DCM-005"
    endless = explicit(SEQUENCE, b"SQ", length=SQ) + implicit(0xFFFEE000, length=SQ)
    assert refused(file_of(UID + endless * 10_000)) == "DCM-005"


def test_a_private_value_may_not_hide_endless_nesting() -> None:
    body = b""
    for _ in range(walk.MAX_DEPTH + 1):
        body = implicit(PRIVATE, item(body))
    assert refused(file_of(implicit(0x00080016, b"1.2 ") + body, IMPLICIT)) == "DCM-005"


def test_elements_and_items_are_counted_against_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_ELEMENTS", 100)
    monkeypatch.setattr(walk, "MAX_ITEMS", 50)
    many = b"".join(explicit(0x00090000 | number, b"LO") for number in range(0x1000, 0x1065))
    assert refused(file_of(UID + many)) == "DCM-006"
    assert refused(file_of(UID + explicit(SEQUENCE, b"SQ", item() * 51))) == "DCM-006"
    fragments = explicit(0x7FE00010, b"OB", item() * 51 + sequence_end(), length=SQ)
    assert refused(file_of(UID + fragments, b"1.2.840.10008.1.2.4.50")) == "DCM-006"
    assert check_structure(file_of(UID + explicit(SEQUENCE, b"SQ", item() * 50))).items == 50


@pytest.mark.parametrize("rest", [b"\0", bytes(7), bytes(8), bytes(100_000)])
def test_zeros_behind_a_data_set_are_trailing_bytes(rest: bytes) -> None:
    for body in (UID, UID + PIXELS):
        structure = check_structure(file_of(body + rest))
        assert structure.trailing == len(rest)
        assert structure.elements == (1 if body == UID else 2)


@pytest.mark.parametrize(
    "rest",
    [b"DOE^JANE 19610203", b"x", UID, implicit(0xFFFEE00D), explicit(0x7FE00010, b"OW", b"12"), bytes(8) + b"DOE^JANE"],
)
def test_whatever_stands_behind_the_pixels_and_is_no_element_is_trailing(rest: bytes) -> None:
    structure = check_structure(file_of(UID + PIXELS + rest))
    assert (structure.elements, structure.trailing) == (2, len(rest))
    assert file_of(UID + PIXELS) == bytes(structure.buffer[: structure.end])


def test_whatever_stands_behind_other_elements_and_is_no_element_is_refused() -> None:
    for rest in (b"DOE^JANE 19610203", b"x"):
        check = refused(file_of(UID + rest))
        assert check in {"DCM-003", "DCM-007"}


def test_elements_behind_the_pixels_are_elements_and_may_not_be_cut() -> None:
    signature = explicit(0xFFFAFFFA, b"SQ", item(UID))
    assert check_structure(file_of(UID + PIXELS + signature)).elements == 4
    assert refused(file_of(UID + PIXELS + signature[:-1])) == "DCM-007"


def test_trailing_padding_ends_the_data_set() -> None:
    padding = explicit(0xFFFCFFFC, b"OB", bytes(10))
    structure = check_structure(file_of(UID + PIXELS + padding + b"DOE^JANE"))
    assert (structure.trailing, structure.padding) == (8, 10)
    assert 0xFFFCFFFC in structure.top_tags


def test_tags_out_of_order_or_repeated_are_counted_and_tolerated() -> None:
    late = explicit(0x00080005, b"CS", b"ISO_IR 100")
    structure = check_structure(file_of(UID + UID + late))
    assert structure.unordered == 2


def test_tags_behind_the_pixels_are_told_apart() -> None:
    structure = check_structure(file_of(UID + PIXELS + explicit(0xFFFAFFFA, b"SQ")))
    assert structure.late_tags == {0x7FE00010, 0xFFFAFFFA}


def test_nothing_is_copied_and_the_printed_form_holds_no_value() -> None:
    data = file_of(UID + explicit(0x00100010, b"PN", b"DOE^JANE"))
    structure = check_structure(memoryview(data))
    assert structure.buffer.obj is data
    assert "DOE" not in repr(structure)


@pytest.mark.parametrize(
    "body",
    [
        UID + implicit(0x00080018, b"") + bytes(8_000_000) + b"x",  # zeros that end in something else
        implicit(0x00080016, b"1.2 ") + b"".join(implicit(PRIVATE, item(item(b"x"))) for _ in range(60_000)),
        UID + explicit(SEQUENCE, b"SQ", item() * 300_000),
        UID + b"".join(explicit(0x00091000 + n % 4096, b"LO") for n in range(200_000)),
    ],
)
def test_time_grows_with_the_bytes_and_no_faster(body: bytes) -> None:
    uid = IMPLICIT if body[4:6] == b"\4\0" else b"1.2.840.10008.1.2.1"
    started = time.process_time()
    with contextlib.suppress(ItemError):
        check_structure(file_of(body, uid))
    assert time.process_time() - started < 10


def test_big_endian_is_walked_in_its_order() -> None:
    body = struct.pack(">HH2sH", 8, 0x16, b"UI", 4) + b"1.2\0"
    body += struct.pack(">HH2sHL", 8, 0x1140, b"SQ", 0, 16) + struct.pack(">HHL", 0xFFFE, 0xE000, 8)
    body += struct.pack(">HH2sH", 8, 0x18, b"UI", 0)
    structure = check_structure(file_of(body, b"1.2.840.10008.1.2.2"))
    assert (structure.elements, structure.depth, structure.little) == (3, 1, False)
