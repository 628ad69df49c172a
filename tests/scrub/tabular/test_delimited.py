"""Delimited text: what cannot be read whole is held back, and what is read comes out in the same form."""

from __future__ import annotations

import codecs
import io

import pytest
from tabular_support import Crowd, both, text_of, treatment

from curator.core.errors import ItemError, codes
from curator.scrub.tabular import delimited, plan
from curator.scrub.tabular.medium import harvest, rewrite

SECRET = "Quartermain"


def refused(data: bytes) -> str:
    """Hold that both passes refuse a file under one code, say nothing of it and raise nothing else."""
    rules = treatment()
    found = []
    for run in (
        lambda: harvest(io.BytesIO(data), len(data), rules),
        lambda: rewrite(io.BytesIO(data), io.BytesIO(), Crowd(harvest(io.BytesIO(b"mrn\n1\n"), 6, rules)), rules),
    ):
        with pytest.raises(ItemError) as caught:
            run()
        assert caught.value.__cause__ is None
        assert SECRET not in str(caught.value) + caught.value.hint + repr(caught.value.facts)
        found.append(caught.value.code)
    assert len(set(found)) == 1
    assert found[0] in codes()
    return found[0]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "TAB-006"),
        (b"  \n\n", "TAB-006"),
        (b"mrn,sex\n1,F,Quartermain\n", "TAB-005"),
        (b"mrn,sex\n1\n", "TAB-005"),
        (b'mrn,comment\n1,"Quartermain never closes\n2,x\n', "TAB-003"),
        (b'mrn,comment\n1,"Quartermain"s"\n', "TAB-003"),
        (b'mrn,comment\n1,"he said \\"Quartermain\\" "\n', "TAB-003"),
        (b"mrn,comment\n1,Quarter\0main\n", "TAB-002"),
        ("mrn,comment\n1,Quartermain né\n".encode() + "2,Quartermain né\n".encode("cp1252"), "TAB-002"),
        ("mrn,comment\n1,Quartermain\n".encode("utf-16-le"), "TAB-002"),
        ("mrn,comment\n1,Quartermain\n".encode("utf-32"), "TAB-002"),
        (b"\xff\xfem\x00r\x00n\x00\n\x00\x00\xd8", "TAB-002"),
        (b"Quartermain,1951-03-04\nFairweather,1938-04-17\n", "TAB-009"),
        (b"mrn,sex,Sex\n1,F,M\n", "TAB-010"),
        (b"mrn,sex\n1,F\n\nsex,last name\nF,Quartermain\n", "TAB-014"),
        (b"mrn,sex\n1,F\n,\nsex,last name\nF,Quartermain\n", "TAB-014"),
        (b"mrn,sex,age\r\n1,F,3\r\n\r\nMRN,Patient Name,Sex,,\r\n1,Quartermain,F,,\r\n", "TAB-014"),
        (b"PK\x05\x06" + bytes(18), "TAB-001"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "TAB-013"),
        (b"PARE" + bytes(20), "TAB-016"),
        (b"PAR1" + b"Quartermain" * 9 + b"PAR1", "TAB-016"),
        (b"PK\x03\x04" + b"Quartermain" * 9, "TAB-012"),
        (b"%PDF-1.7 Quartermain", "TAB-001"),
        (b"ARROW1\0\0Quartermain", "TAB-001"),
    ],
)
def test_what_cannot_be_read_whole_is_held_back(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_a_table_without_columns_or_with_too_many_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(b",,\n") == "TAB-007"
    monkeypatch.setattr(plan, "MOST_COLUMNS", 3)
    assert refused(b"mrn,sex,dx,result\n1,F,I10,5\n") == "TAB-008"


def test_a_cell_and_a_line_that_are_too_long_are_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MOST_CELL", 1000)
    assert refused(b"mrn,comment\n1," + b"x" * 1001 + b"\n") == "TAB-004"
    assert refused(b'mrn,comment\n1,"' + b"x\n" * 2000 + b'"\n') == "TAB-004"
    monkeypatch.setattr(delimited, "MOST_CELL", 1 << 20)
    monkeypatch.setattr(delimited, "MOST_LINE", 5000)
    assert refused(b"mrn,comment\n1,x\n1," + b"x" * 6000) == "TAB-004"


def test_a_long_cell_within_the_limit_is_cleaned() -> None:
    long = "word " * 20_000 + "by Dr. Quartermain"
    _, out, _ = both(text_of([["mrn", "note"], ["1", long]]))
    assert b"Quartermain" not in out
    assert len(out) > 100_000


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_delimiter_line_ends_and_mark_of_the_source_are_kept(newline: str, delimiter: str, mark: bytes) -> None:
    text = newline.join(
        [delimiter.join(row) for row in (["mrn", "Sex", "result"], ["0017", "F", "007.50"], ["", "", ""])]
    )
    _, out, _ = both(mark + text.encode() + newline.encode())
    assert out == mark + text.replace("0017", "P0001").encode() + newline.encode()


def test_quotes_are_written_where_they_are_needed_and_cells_keep_their_breaks() -> None:
    data = b'"mrn","comment","status"\r\n"1","a ""b"", c\nd\r e","final"\r\n'
    _, out, _ = both(data)
    assert out == b'mrn,comment,status\r\nP0001,"a ""b"", c\nd\r e",final\r\n'


def test_surplus_cells_that_are_empty_and_blank_lines_go() -> None:
    _, out, _ = both(b"mrn,sex,,\n1,F,,\n\n2,M, ,\n3,F\n")
    assert out == b"mrn,sex\nP0001,F\nP0002,M\nP0003,F\n"


def test_one_column_keeps_its_empty_rows() -> None:
    _, out, _ = both(b"sex\nF\n\nM\n")
    assert out == b'sex\nF\n""\nM\n'


def test_a_table_without_rows_is_its_header() -> None:
    assert both(b"mrn,sex,Aunt\n")[1] == b"mrn,sex\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_encodings_are_read_and_written_as_utf_8(encoding: str) -> None:
    rows = "mrn,diagnóstico,Größe,sexo\n" + "".join(f"{at},Faringitis crónica aguda – niño,172,F\n" for at in range(40))
    text = rows.replace(" – ", " ") if encoding == "latin-1" else rows
    _, out, _ = both(text.encode(encoding))
    clean = out.decode("utf-8").removeprefix("\ufeff")
    assert "crónica aguda" in clean
    assert clean.count("niño") == 40
    assert out.startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")


def test_twenty_thousand_columns_are_read_and_the_unknown_ones_dropped() -> None:
    header = ["mrn", "sex", *[f"gene_{at}_{SECRET}" for at in range(20_000)]]
    _, out, made = both(text_of([header, ["1", "F", *["0"] * 20_000]]))
    assert out == b"mrn,sex\nP0001,F\n"
    assert ("column", "unknown", 20_000) in made.actions


def test_a_delimiter_is_told_by_rows_of_equal_width() -> None:
    _, out, _ = both(b"mrn;result;comment\n1;5,4;a, b, c\n2;7,1;d\n")
    assert out == b"mrn;result;comment\nP0001;5,4;a, b, c\nP0002;7,1;d\n"


def test_the_line_that_says_the_delimiter_is_no_header() -> None:
    found, made, _ = both(b'\xef\xbb\xbfsep=;\r\nmrn;sex;comment\r\n7;F;"a, b; Dr. Quartermain"\r\n')
    assert made == b'\xef\xbb\xbfmrn;sex;comment\r\nP0001;F;"a, b; Dr. [NAME]"\r\n'
    assert [one.ids for one in found.people] == [(("mrn", "", "7"),)]
    # Any other line with an equals sign is a header, and an unknown one.
    assert refused(b"sep=x\n7\n") == "TAB-009"


@pytest.mark.parametrize(
    "data",
    [
        b"mrn,sex\n1,F\n\n2,M\n",
        b"mrn,sex\n\n1,F\n\n\n2,M\n\n",
        b"mrn,sex\n1,F\n\nmrn,sex\n2,M\n",
        b"mrn,sex\n1,F\n,\n2,M\n",
        b"mrn,sex\n1,F\n\nx,Female\n",
    ],
)
def test_a_gap_or_the_same_header_once_more_is_no_second_table(data: bytes) -> None:
    table = delimited.Delimited(io.BytesIO(data))
    assert [row for row in table.rows() if any(row)] == [
        line.split(",") for line in data.decode().split("\n")[1:] if line.strip(",")
    ]
