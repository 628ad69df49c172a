"""Private attributes: what a table lets stay, in whatever block, and how little else."""

from __future__ import annotations

import csv
import io
import struct
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian
from scrub_support import made, write

from curator.core.errors import UsageError
from curator.formats.dicom.encoding import VR_TEXT
from curator.scrub.dicom.csa import rewrite_csa
from curator.scrub.dicom.decide import NUMBER_VRS
from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.encode import encode_nodes, unit_of
from curator.scrub.dicom.private import (
    blocks,
    creator_key,
    csa_table,
    fits,
    leftovers,
    philips_table,
    private_action,
    private_actions,
    prune_creators,
    standard_table,
    step_of,
)
from curator.scrub.dicom.private_csv import load_tcia_csv, read_tcia_csv
from curator.scrub.dicom.private_table import PrivateRow, PrivateTable, Steps
from curator.scrub.dicom.text import fitting_text, is_number
from curator.scrub.dicom.tree import Node, read_tree
from curator.scrub.policy import load_policy

HEADS = ["element_sig_pattern", "tag_name", "vr", "private_disposition"]
PLANTED = "ZYGMUNTOWSKA"


def kb(*rows: tuple[str, str, str], heads: list[str] | None = None) -> bytes:
    """A table of (signature, VR, disposition) as the knowledge base writes it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads or HEADS)
    for signature, vr, disposition in rows:
        writer.writerow([signature, "Some name, with a comma", vr, disposition])
    return out.getvalue().encode("utf-8")


def block(group: int, number: int, creator: str, *elements: tuple[int, str, bytes]) -> list[Node]:
    """A private block with its creator."""
    base = group << 16
    return [
        Node(base | number, "LO", creator.encode("latin-1")),
        *(Node(base | number << 8 | low, vr, value) for low, vr, value in elements),
    ]


def clean(nodes: list[Node], table: PrivateTable, above: Steps = ()) -> list[Node]:
    """What a rewriter does with the decisions, in short: every kind that looks into a value writes another."""
    actions = private_actions(nodes, table, above)
    creators = blocks(nodes)
    out = []
    for node in nodes:
        action = actions.get(node.tag)
        below = (*above, step_of(node.tag, creators))
        if node.items is not None and (action is None or action.kind == "walk"):
            items = [clean(item, table, below) for item in node.items]
            out.append(Node(node.tag, "SQ", items=items))
        elif action is None:
            out.append(node)
        elif action.kind == "creator":
            out.append(Node(node.tag, "LO", node.value))
        elif action.kind == "csa":
            header = rewrite_csa(bytes(node.value))
            if header is not None:
                out.append(Node(node.tag, action.vr, header))
        elif action.kind == "keep" and node.items is None:
            assert action.row is not None
            value, vr = bytes(node.value), action.vr
            sound = is_number(value, vr) if vr in NUMBER_VRS else len(value) % unit_of(vr) == 0
            if sound and vr == "CS":
                sound = fitting_text(value, vr, ()) is not None
            if sound and fits(action.row, vr, value):
                out.append(Node(node.tag, action.vr, node.value))
        elif action.kind in {"text", "uid", "date", "person"} and node.items is None:
            out.append(Node(node.tag, action.vr, b"searched"))
    prune_creators(out)
    return out


def encoded(nodes: list[Node]) -> bytes:
    return b"".join(encode_nodes(nodes, explicit=True, little=True))


def tags(nodes: list[Node]) -> set[int]:
    return {node.tag for node in nodes}


def rows() -> list[PrivateRow]:
    return standard_table().rows()


def test_the_standards_table_has_all_its_rows_and_creators() -> None:
    assert len(standard_table()) == 130
    assert len({row.creator for row in rows()}) == 16
    assert all(row.group & 1 and 0 <= row.element <= 0xFF and row.keep for row in rows())
    found = standard_table().find("SIEMENS MR HEADER", 0x0019100C)
    assert found is not None
    assert (found.vr, found.vm) == (("IS",), (1, 1))


@pytest.mark.parametrize("number", [0x10, 0x11, 0x7E, 0xFF])
@pytest.mark.parametrize(
    "spelling", [str, str.upper, str.lower, str.swapcase, lambda text: f"  {text}  ".replace(" ", "  ")]
)
def test_every_row_is_reached_in_any_block_in_any_case_and_spacing(number: int, spelling: object) -> None:
    assert callable(spelling)
    for row in rows():
        vr = row.vr[0] if row.vr else "FD"
        nodes = block(row.group, number, spelling(row.creator)[:64], (row.element, vr, b""))
        actions = private_actions(nodes, standard_table())
        wanted = {"SQ": "walk", "UI": "uid", "OB": "csa", "LO": "text", "SH": "text", "LT": "text"}.get(vr, "keep")
        assert actions[nodes[1].tag][:2] == (wanted, vr), row
        assert actions[nodes[0].tag].kind == "creator"


def test_a_creator_is_its_letters_and_punctuation() -> None:
    assert creator_key(" Philips  MR Imaging\0DD 001 ") == creator_key("PHILIPS MR IMAGING DD 001")
    assert creator_key("HOLOGIC, Inc.") != creator_key("HOLOGIC Inc")


def test_an_element_of_another_creator_group_or_number_goes() -> None:
    for group, creator, low in [
        (0x0019, "SIEMENS CT VA0  COAD", 0x0C),
        (0x0021, "SIEMENS MR HEADER", 0x0C),
        (0x0019, "SIEMENS MR HEADER", 0x0B),
        (0x0019, "SIEMENS MR HEADER 2", 0x0C),
    ]:
        nodes = block(group, 0x10, creator, (low, "IS", b"1000"))
        assert clean(nodes, standard_table()) == []


def test_a_block_without_a_trusted_creator_goes() -> None:
    good = Node(0x00190010, "LO", b"SIEMENS MR HEADER")
    value = Node(0x0019100C, "IS", b"1000")
    assert tags(clean([good, value], standard_table())) == {0x00190010, 0x0019100C}
    for bad in [
        [],
        [Node(0x00190010, "LO", b"")],
        [Node(0x00190010, "LO", b"  \0")],
        [good, Node(0x00190010, "LO", b"SIEMENS MR HEADER")],
        [good, Node(0x00190010, "LO", b"GEMS_ACQU_01")],
        [Node(0x00190010, "LO", b"SIEMENS MR HEADER\\GEMS_ACQU_01")],
        [Node(0x00190010, "LO", b"SIEMENS MR\nHEADER")],
        [Node(0x00190010, "LO", "SIEMENS MR HEADER\u00a0".encode())],
        [Node(0x00190010, "OB", b"SIEMENS MR HEADER")],
        [Node(0x00190010, "LO", b"SIEMENS MR HEADER".ljust(70) + b".")],
        [Node(0x00190010, "SQ", items=[[]])],
        [Node(0x00190011, "LO", b"SIEMENS MR HEADER")],
    ]:
        assert clean([*bad, value], standard_table()) == [], bad


def test_a_padded_creator_or_one_without_a_vr_is_a_creator() -> None:
    for vr, text in [("LO", b"SIEMENS MR HEADER "), ("UN", b"SIEMENS MR HEADER\0"), (None, b"siemens mr header ")]:
        made_of = clean([Node(0x00190010, vr, text), Node(0x0019100C, None, b"1000")], standard_table())
        assert [(node.tag, node.vr) for node in made_of] == [(0x00190010, "LO"), (0x0019100C, "IS")]


def test_creators_without_kept_elements_go_and_others_stay() -> None:
    nodes = [
        *block(0x0019, 0x10, "GEMS_ACQU_01", (0x23, "DS", b"1.5 "), (0x02, "SL", b"\1\0\0\0")),
        *block(0x0009, 0x10, "GEMS_IDEN_01", (0x04, "SH", PLANTED.encode())),
        Node(0x00430012, "LO", PLANTED.encode()),
    ]
    assert tags(clean(nodes, standard_table())) == {0x00190010, 0x00191023}


def test_elements_of_groups_and_numbers_that_hold_none_go() -> None:
    table = PrivateTable(
        PrivateRow(creator="X", group=group, element=element, vr=("LO",), keep=True)
        for group in (0x0001, 0x0007, 0x0009, 0xFFFF)
        for element in range(256)
    )
    for group in (0x0001, 0x0007, 0xFFFF):
        assert clean(block(group, 0x10, "X", (1, "LO", b"a")), table) == []
    odd = [Node(0x00090010, "LO", b"X"), *(Node(0x00090000 | low, "LO", b"a") for low in (0x01, 0x0F, 0x0100, 0x0FFF))]
    assert clean(odd, table) == []


@pytest.mark.parametrize(
    ("listed", "said", "handled"),
    [
        (("IS",), "IS", "IS"),
        (("IS",), None, "IS"),
        (("IS",), "UN", "IS"),
        (("SS",), "US", "US"),
        (("FL",), "DS", "DS"),
        (("FD",), "FL", "FL"),
        (("LO",), "SH", "SH"),
        (("CS",), "LO", "LO"),
        (("LO",), "CS", "LO"),
        (("DS",), "CS", ""),
        (("DA",), "DT", "DT"),
        (("OB",), "UN", "OB"),
        (("FL", "OB"), "UN", "FL"),
        (("FL", "OB"), "OB", "OB"),
        (("SS", "LO"), "UN", ""),
        (("SS", "LO"), None, ""),
        (("IS",), "LO", ""),
        (("IS",), "UI", ""),
        (("LO",), "PN", ""),
        (("LO",), "DA", ""),
        (("LO",), "OB", ""),
        (("FL",), "OB", ""),
        (("UL",), "AT", ""),
        (("DA",), "AS", ""),
        (("FL",), "OF", ""),
        ((), "FD", "FD"),
        ((), "LO", ""),
        ((), "OB", ""),
        ((), None, ""),
        ((), "UN", ""),
    ],
)
def test_the_vr_of_the_file_has_to_agree_with_the_table(
    listed: tuple[str, ...], said: str | None, handled: str
) -> None:
    row = PrivateRow(creator="X", group=9, element=1, vr=listed, keep=True)
    assert private_action(row, said).vr == handled


@pytest.mark.parametrize("vr", ["OF", "OD", "OL", "OV", "AE", "UR"])
def test_arrays_machines_and_addresses_go_even_where_they_are_listed(vr: str) -> None:
    row = PrivateRow(creator="X", group=9, element=1, vr=(vr,), keep=True)
    assert private_action(row, vr).kind == "remove"


def test_values_beyond_the_multiplicity_do_not_fit() -> None:
    one = PrivateRow(creator="X", group=9, element=1, vr=("FL",), keep=True, vm=(1, 1))
    assert fits(one, "FL", bytes(4))
    assert fits(one, "FL", b"")
    assert not fits(one, "FL", PLANTED.encode())
    assert not fits(one, "DS", b"1\\2")
    few = PrivateRow(creator="X", group=9, element=1, vr=("DS",), keep=True, vm=(3, 4))
    assert [fits(few, "DS", value) for value in (b"1\\2", b"1\\2\\3", b"1\\2\\3\\4", b"1\\2\\3\\4\\5")] == [
        False,
        True,
        True,
        False,
    ]


def test_names_dates_uids_and_texts_are_handed_over_to_their_rules() -> None:
    nodes = block(
        0x0099,
        0x10,
        "nqheader",
        (0x01, "UI", b"1.2.3"),
        (0x05, "LT", PLANTED.encode()),
        (0x20, "SH", PLANTED.encode()),
        (0x21, "FL", bytes(4)),
    )
    kinds = {tag & 0xFF: action.kind for tag, action in private_actions(nodes, standard_table()).items()}
    assert kinds == {0x10: "creator", 0x01: "uid", 0x05: "text", 0x20: "text", 0x21: "keep"}
    table = read_tcia_csv(
        kb(
            ('(0009,"X",01)', "PN", "k"),
            ('(0009,"X",02)', "DA", "o"),
            ('(0009,"X",03)', "AS", "k"),
            ('(0009,"X",04)', "UI", "h"),
        )
    )
    nodes = block(9, 0x10, "X", *((low, vr, b"") for low, vr in [(1, "PN"), (2, "DA"), (3, "AS"), (4, "UI")]))
    kinds = {tag & 0xFF: action.kind for tag, action in private_actions(nodes, table).items()}
    assert kinds == {0x10: "creator", 1: "person", 2: "date", 3: "date", 4: "uid"}


def test_planted_identifiers_survive_in_no_private_place() -> None:
    word = PLANTED.encode() + bytes(-len(PLANTED) % 8)
    for row in rows():
        creator = Node(row.group << 16 | 0x10, "LO", row.creator.encode())
        for vr in (None, *VR_TEXT.values()):
            if row.vr == ("CS",) and vr in {"CS", "UN", None}:
                continue  # a code string is compared with what is known of the person, as public ones are
            nodes = [creator, Node(row.group << 16 | 0x1000 | row.element, vr, word)]
            assert PLANTED.encode() in encoded(nodes)
            assert PLANTED.encode() not in encoded(clean(nodes, standard_table())), (row, vr)


def test_words_where_numbers_belong_do_not_fit_and_numbers_do() -> None:
    row = PrivateRow(creator="X", group=9, element=1, vr=("FD",), keep=True)
    for word in (b"DOE^JANE", b"MRN123\0\0", b"\0\0JANE DOE ANNA ZY\0\0\0\0\0\0", b"19620304"):
        assert not fits(row, "FD", word)
    for number in (1.0, 17.25, -0.70710678, 1000.0, 0.00523632):
        assert fits(row, "FD", struct.pack("<d", number))


def philips(depth_creator: str = "Philips MR Imaging DD 001") -> Dataset:
    """An image whose private sequence holds a scale slope, a listed factor under a creator of its own, and names."""
    item = Dataset()
    item.PatientName = f"{PLANTED}^Jane"
    inner = item.private_block(0x2005, depth_creator, create=True)
    inner.add_new(0x0E, "FL", 2.5)
    inner.add_new(0x55, "LO", PLANTED)
    image = made()
    outer = image.private_block(0x2005, "Philips MR Imaging DD 005", create=True)
    outer.add_new(0x0E, "SQ", [item])
    outer.add_new(0x07, "LO", PLANTED)
    return image


SEQUENCE = ('(2005,"PHILIPS MR IMAGING DD 005",0e)', "SQ", "k")


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_private_sequence_is_walked_by_the_same_rules(syntax: str) -> None:
    table = standard_table().with_rows(read_tcia_csv(kb(SEQUENCE)))
    nodes = clean(read_tree(write(philips(), syntax)).nodes, table)
    assert leftovers(nodes, table) == 0
    sequence = next(node for node in nodes if node.tag == 0x2005100E)
    assert sequence.items is not None
    private = {node.tag for node in sequence.items[0] if (node.tag >> 16) & 1}
    assert private == {0x20050010, 0x2005100E}
    assert 0x20051007 not in tags(nodes)


def test_the_sequences_of_philips_are_looked_into_and_hold_nothing_unlisted() -> None:
    table = standard_table().with_rows(philips_table())
    found = private_actions(read_tree(write(philips())).nodes, table)
    assert (found[0x2005100E].kind, found[0x20051007].kind) == ("walk", "remove")
    nodes = clean(read_tree(write(philips())).nodes, table)
    inner = next(node for node in nodes if node.tag == 0x2005100E).items
    assert inner is not None
    assert {node.tag for node in inner[0] if (node.tag >> 16) & 1} == {0x20050010, 0x2005100E}


def test_a_sequence_that_no_table_lists_goes_with_all_that_it_holds() -> None:
    nodes = clean(read_tree(write(philips())).nodes, standard_table())
    assert not [node for node in nodes if (node.tag >> 16) & 1]


def test_a_creator_counts_only_on_its_own_level() -> None:
    table = standard_table().with_rows(read_tcia_csv(kb(SEQUENCE)))
    item = [Node(0x2005110E, "FL", bytes(4))]
    nodes = [
        *block(0x2005, 0x10, "Philips MR Imaging DD 005"),
        *block(0x2005, 0x11, "Philips MR Imaging DD 001"),
        Node(0x2005100E, "SQ", items=[item]),
    ]
    made_of = clean(nodes, table)
    assert made_of[-1].items == [[]]
    assert tags(made_of) == {0x20050010, 0x2005100E}


def test_a_table_of_places_counts_in_its_places() -> None:
    table = read_tcia_csv(
        kb(
            SEQUENCE,
            ('(2005,"Philips MR Imaging DD 005",0e)[<0>](2005,"Philips MR Imaging DD 001",0e)', "FL", "k"),
            ('(2005,"Philips MR Imaging DD 005",0e)[<0>](0018,1030)', "LO", "d"),
            ('(2005,"Philips MR Imaging DD 001",0d)', "FL", "k"),
            ('(2005,"Philips MR Imaging DD 005",0e)[<0>](2005,"Philips MR Imaging DD 001",0d)', "FL", "d"),
        )
    )
    inner = block(0x2005, 0x10, "Philips MR Imaging DD 001", (0x0D, "FL", bytes(4)), (0x0E, "FL", bytes(4)))
    item = [*inner, Node(0x00181030, "LO", b"head"), Node(0x00180081, "DS", b"20")]
    nodes = [*block(0x2005, 0x11, "Philips MR Imaging DD 005"), Node(0x2005110E, "SQ", items=[item])]
    sequence = clean(nodes, table)[-1]
    assert sequence.items is not None
    assert tags(sequence.items[0]) == {0x20050010, 0x2005100E, 0x00180081}
    assert tags(clean(inner, table)) == {0x20050010, 0x2005100D}
    assert private_actions(inner, table, None)[0x2005100E].kind == "remove"
    assert private_actions(inner, table, None)[0x2005100D].kind == "remove"


def test_a_users_row_goes_before_the_standards() -> None:
    mine = read_tcia_csv(kb(('(0019,"siemens mr header",0c)', "IS", "d"), ('(0019,"SIEMENS MR HEADER",0b)', "DS", "k")))
    table = standard_table().with_rows(mine)
    nodes = block(0x19, 0x10, "SIEMENS MR HEADER", (0x0B, "DS", b"1 "), (0x0C, "IS", b"5 "), (0x0D, "CS", b"NONE"))
    assert tags(clean(nodes, table)) == {0x00190010, 0x0019100B, 0x0019100D}
    assert table.digest != standard_table().digest
    assert (
        table.digest
        == standard_table()
        .with_rows(
            read_tcia_csv(
                kb(('(0019,"SIEMENS MR HEADER",0B)', "ds", "K"), ('(0019, "SIEMENS MR  HEADER" ,0C)', "IS", "d"))
            )
        )
        .digest
    )


def test_what_the_rows_of_one_attribute_say_is_taken_together() -> None:
    table = read_tcia_csv(
        kb(
            ('(0019,"X",01)', "SS", "k"),
            ('(0019,"X",01)', "UN", "d"),
            ('(0019,"X",02)', "SS", "k"),
            ('(0019,"X",02)', "SS", "d"),
            ('(0019,"X",03)', "LO", "h"),
            ('(0019,"X",04)', "SL", "oi"),
            ('(0019,"X",05)', "SH", ""),
            ('(0019,"X",06)', "DS", "k"),
            ('(0019,"X",06)', "", "d"),
            ('(0019,"X",07)', "OW/OB", "k"),
            ('(0019,"X",08)', "", "k"),
            ('(0019,"X",09)', "DS", "o"),
            ('(0019,"",0a)', "DS", "k"),
            ("(0019,100b)", "DS", "k"),
            ("(0018,0081)", "DS", "k"),
        )
    )

    def kind(low: int, vr: str) -> str:
        return private_actions(block(0x19, 0x10, "X", (low, vr, b"")), table)[0x00191000 | low].kind

    assert kind(1, "SS") == "keep"
    assert kind(1, "UN") == "remove"
    assert [kind(low, vr) for low, vr in [(2, "SS"), (3, "LO"), (4, "SL"), (5, "SH"), (6, "DS"), (9, "DS")]] == [
        "remove"
    ] * 6
    assert kind(7, "OW") == "csa"
    assert (kind(8, "FD"), kind(8, "LO"), kind(8, "UN")) == ("keep", "remove", "remove")
    assert (kind(0x0A, "DS"), kind(0x0B, "DS")) == ("remove", "remove")
    assert table.find("", 0x00180081) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_in_the_encodings_and_delimiters_of_spreadsheets(
    encoding: str, mark: str, tmp_path: Path
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    writer.writerow(["VR", "private_disposition", "vm", "Element_Sig_Pattern"])
    writer.writerow(["FD", "k", "3", '(0019,"SIEMENS MR HEADER",0e)'])
    (tmp_path / "kb.csv").write_bytes(out.getvalue().encode(encoding))
    found = load_tcia_csv(tmp_path / "kb.csv").find("siemens mr header", 0x0019110E, ())
    assert found is not None
    assert (found.vr, found.vm, found.keep) == (("FD",), (3, 3), True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        'element_sig_pattern,vr,private_disposition\n(0019,"\u00e9",01),LO,k\n'.encode("latin-1"),
        b"element_sig_pattern,vr\n",
        b"element_sig_pattern,vr,vr,private_disposition\n",
        kb(('(0019,"X",01', "LO", "k")),
        kb(('(0019,"X",1)', "LO", "k")),
        kb(('(0019,"X",01)(0018,0081)', "LO", "k")),
        kb((f'x (0019,"{PLANTED}",01)', "LO", "k")),
        kb((f'(0018,"{PLANTED}",01)', "LO", "k")),
        kb(('(0019,"' + "X" * 65 + '",01)', "LO", "k")),
        kb(('(0019,"X",01)', "QQ", "k")),
        kb(('(0019,"X",01)', "LO", "keep it")),
        kb(('(0019,"X",01)' + '[<0>](0019,"X",01)' * 9, "LO", "k")),
        kb(('(0019,"X",01)', "LO", "k")) + b"one,cell too few\r\n",
        kb(('(0019,"X",01)', "LO", "k")) + b'"open\r\n',
        b'element_sig_pattern,vr,private_disposition,vm\n"(0019,""X"",01)",LO,k,some\n',
        b"element_sig_pattern,vr,private_disposition\n" + b",,\n" * 50_001,
        b" " * ((8 << 20) + 1),
    ],
)
def test_a_table_that_cannot_be_read_whole_is_refused_without_a_word_of_it(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_tcia_csv(data)
    assert caught.value.code == "POL-011"
    assert PLANTED not in f"{caught.value} {caught.value.facts} {caught.value.hint}"
    assert caught.value.__cause__ is None


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_tcia_csv(tmp_path / f"{PLANTED}.csv")
    assert caught.value.code == "POL-010"
    assert PLANTED not in str(caught.value)


def test_decisions_do_not_hang_on_the_order_of_rows() -> None:
    turned = PrivateTable(reversed(rows()))
    assert turned.decisions() == standard_table().decisions()
    assert turned.digest == standard_table().digest != csa_table().digest


def test_leftovers_are_counted_at_every_depth() -> None:
    table = standard_table().with_rows(read_tcia_csv(kb(SEQUENCE)))
    dirty = read_tree(write(philips())).nodes
    assert leftovers(dirty, table) == 2  # a text beside the sequence, and one inside of it
    assert leftovers(clean(dirty, table), table) == 0


@pytest.mark.parametrize(
    ("value", "stays"), [(b"1000", True), (b"123456", True), (b"0.00012345678", True), (b"9940518 ", False)]
)
def test_a_long_whole_number_is_no_measure_of_a_private_attribute(value: bytes, stays: bool) -> None:
    row = PrivateRow(creator="X", group=0x19, element=0x0C, vr=("DS",), keep=True, vm=(1, 1))
    assert fits(row, "DS", value) is stays


GE_B = next(row for row in standard_table().rows() if (row.group, row.element) == (0x0043, 0x39))


@pytest.mark.parametrize(
    ("value", "fitting"),
    [
        (b"1000001000\\8\\0\\0", True),
        (b"1000000000\\8\\0\\0 ", True),
        (b"800\\0\\0\\0 ", True),
        (b"0\\1342177280\\0\\0", True),
        (b"0\\1073741825\\0\\0", True),
        (b"0\\1073741827\\0\\2", True),
        (b"0\\1073741839\\0\\0", False),
        (b"4471902\\8\\0\\0", False),
        (b"1004471902\\8\\0\\0", False),
        (b"1000\\4471902\\0\\0", False),
        (b"1000\\8\\0\\9999999999", False),
        (b"1000001000", False),
    ],
)
def test_the_b_value_of_ge_fits_and_record_numbers_in_its_place_do_not(value: bytes, fitting: bool) -> None:
    assert fits(GE_B, "IS", value) is fitting
    other = standard_table().find("GEMS_ACQU_01", 0x00191023)
    assert other is not None
    assert not fits(other, "DS", b"1000001000")


@pytest.mark.parametrize(
    "name", ["EFGRE3D", "CSMEMP", "FCMEMP", "FCVEMP", "3DMERGE", "epi2_muse", "FSE-XL", "3dfiestac", "cube2"]
)
def test_names_of_sequences_of_ge_stay(name: str) -> None:
    assert Descriptors((), load_policy("safe-harbor")).clean(name, vr="LO") == name
