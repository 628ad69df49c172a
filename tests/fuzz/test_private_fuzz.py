"""Private attributes that are hostile: CSA headers and tables of damaged bytes, levels of any elements."""

from __future__ import annotations

import struct

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import UsageError
from curator.scrub.dicom.csa import csa_rules, parse_csa, rewrite_csa
from curator.scrub.dicom.private import leftovers, private_actions, prune_creators, standard_table
from curator.scrub.dicom.private_csv import read_tcia_csv
from curator.scrub.dicom.tree import Node

NAME = b"ZYGMUNTOWSKA"
SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from([*list(csa_rules())[:12], "PatientName", "ICE_Dims", "MrPhoenixProtocol"])
ITEM = st.sampled_from([NAME, b"1000", b"0.5", b"-1", b"NONE", b"128p*128", b"", b"1" * 40, b"5\0" + NAME, b"1e9"])
ELEMENT = st.tuples(NAMES, st.integers(-1, 8), st.integers(-1, 7), st.lists(ITEM, max_size=7))
COUNT = st.integers(-1, 2)


def csa(elements: list[tuple[str, int, int, list[bytes]]], second: bool, off: int) -> bytes:
    """A header whose counts and lengths may lie."""
    out = [b"SV10\4\3\2\1" if second else b"", struct.pack("<2i", len(elements) + off, 77)]
    for name, values, more, items in elements:
        count = len(items) + (more if more in {-1, 1} else 0)
        out.append(struct.pack("<64si4s3i", name.encode(), values, b"IS", 6, count, 77))
        for item in items:
            out.append(struct.pack("<4i", len(item) + more, len(item) + (more == 2), 77, len(item)))
            out.append(item + bytes(-len(item) % 4))
    return b"".join(out)


@SLOW
@given(st.lists(ELEMENT, max_size=6), st.booleans(), COUNT)
def test_no_header_carries_a_name_through(
    elements: list[tuple[str, int, int, list[bytes]]], second: bool, off: int
) -> None:
    made = rewrite_csa(csa(elements, second, off))
    if made is not None:
        assert NAME not in made
        assert parse_csa(made) is not None
        assert rewrite_csa(made) == made


@SLOW
@given(st.lists(ELEMENT, min_size=1, max_size=4), st.data())
def test_damaged_headers_end_in_nothing_or_clean(
    elements: list[tuple[str, int, int, list[bytes]]], data: st.DataObject
) -> None:
    source = bytearray(csa(elements, True, 0))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source) - 1))
        source[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    made = rewrite_csa(bytes(source))
    assert made is None or NAME not in made


@SLOW
@given(st.binary(max_size=300))
def test_bytes_that_are_no_header_give_nothing(data: bytes) -> None:
    assert rewrite_csa(data) is None


NODES = st.recursive(
    st.lists(
        st.builds(
            Node,
            st.sampled_from(
                [0x00190010, 0x00190011, 0x0019100C, 0x0019110E, 0x01190010, 0x01191004, 0x00100010, 0x00191102]
            ),
            st.sampled_from([None, "UN", "LO", "IS", "FD", "OB", "SQ"]),
            st.sampled_from([b"SIEMENS MR HEADER", b"siemens ultrasound sc2000", b"", NAME, b"5 "]),
        ),
        max_size=6,
    ),
    lambda inner: st.builds(
        lambda level, tag, items: [*level, Node(tag, "SQ", items=items)],
        inner,
        st.sampled_from([0x01191002, 0x00081140, 0x0019100D]),
        st.lists(inner, max_size=2),
    ),
    max_leaves=4,
)


def kept(nodes: list[Node]) -> list[Node]:
    actions = private_actions(nodes, standard_table(), None)
    out = [
        Node(node.tag, node.vr, node.value, None if node.items is None else [kept(item) for item in node.items])
        for node in {node.tag: node for node in nodes}.values()
        if node.tag not in actions or actions[node.tag].kind != "remove"
    ]
    prune_creators(out)
    return out


@SLOW
@given(NODES)
def test_nothing_is_left_over_once_the_decisions_are_carried_out(nodes: list[Node]) -> None:
    assert leftovers(kept(nodes), standard_table(), None) == 0


CELLS = st.sampled_from(
    [
        '(0019,"X",01)',
        "(0018,0081)",
        '(0019,"X",0e)[<0>](0018,1030)',
        "k",
        "d",
        "h",
        "FD",
        "LO",
        "QQ",
        "",
        '"',
        "(",
        "\\N",
        "\0",
    ]
)


@SLOW
@given(st.lists(st.lists(CELLS, min_size=3, max_size=4), max_size=5), st.binary(max_size=4), st.booleans())
def test_tables_are_read_or_refused(rows: list[list[str]], noise: bytes, quoted: bool) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if quoted else text

    lines = ["element_sig_pattern,vr,private_disposition", *(",".join(cell(each) for each in row) for row in rows)]
    code, table = "", standard_table()
    try:
        table = read_tcia_csv("\n".join(lines).encode() + noise)
    except UsageError as error:
        code = error.code
    assert code in {"", "POL-011"}
    assert all(row.vr or not row.denied or not row.keep for row in table.rows())
