"""Transport files of SAS version 5, byte by byte, and the data sets that are written so."""

from __future__ import annotations

import struct
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core.errors import UsageError
from curator.release.case_data import DATA_SETS
from curator.release.xport import MISSING, Column, ibm_double, transport

DAY = date(2026, 11, 20)
COLUMNS = (Column("ID", "Case", length=5), Column("AGE", "Age in years", "num"))


def written(rows: list[list[object]], columns: tuple[Column, ...] = COLUMNS, name: str = "CASES") -> bytes:
    return b"".join(transport(name, "Cases", columns, rows, DAY))  # type: ignore[arg-type]


def value_of(data: bytes) -> Fraction:
    """Read an IBM double by the definition of the format alone."""
    whole = int.from_bytes(data, "big")
    sign = -1 if whole >> 63 else 1
    return sign * Fraction(whole & ((1 << 56) - 1), 1 << 56) * Fraction(16) ** (((whole >> 56) & 127) - 64)


@pytest.mark.parametrize(
    ("value", "hexed"),
    [
        (0.0, "0000000000000000"),
        (1.0, "4110000000000000"),
        (-118.625, "c276a00000000000"),
        (0.5, "4080000000000000"),
        (100.0, "4264000000000000"),
    ],
)
def test_numbers_are_written_as_the_standard_examples_are(value: float, hexed: str) -> None:
    assert ibm_double(value).hex() == hexed
    assert value_of(ibm_double(value)) == Fraction(value)


@given(st.floats(min_value=-1e70, max_value=1e70, allow_nan=False).filter(lambda v: v == 0 or abs(v) > 1e-70))
@settings(max_examples=300, deadline=None)
def test_every_number_in_range_is_written_exactly(value: float) -> None:
    data = ibm_double(value)
    assert value_of(data) == Fraction(value)
    assert value == 0 or data[1] >> 4, "the first digit of the fraction is not zero"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e80, 1e-90, 5e-324])
def test_a_number_that_does_not_fit_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="SUB-002"):
        ibm_double(value)


def test_a_file_is_the_golden_one() -> None:
    data = written([["P1", 64], ["P2", None]])
    assert len(data) % 80 == 0
    records = [data[at : at + 80] for at in range(0, len(data), 80)]
    assert records[0] == b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "
    assert records[1][:24] == b"SAS     SAS     SASLIB  "
    assert records[1][64:] == b"20NOV26:00:00:00"
    assert records[3] == b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  "
    assert records[4][:28] == b"HEADER RECORD*******DSCRPTR "
    assert records[5][:24] == b"SAS     CASES   SASDATA "
    assert records[6][32:37] == b"Cases"
    assert records[7] == b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000200000000000000000000  "
    described = data[640 : 640 + 280]
    kind, _, width, number = struct.unpack(">hhhh", described[:8])
    assert (kind, width, number, described[8:16]) == (2, 5, 1, b"ID      ")
    kind, _, width, number = struct.unpack(">hhhh", described[140:148])
    assert (kind, width, number, described[148:156]) == (1, 8, 2, b"AGE     ")
    assert struct.unpack(">l", described[140 + 84 : 140 + 88])[0] == 5
    assert records[12][:28] == b"HEADER RECORD*******OBS     "
    assert records[13] == b"P1   " + ibm_double(64) + b"P2   " + MISSING + b" " * 54


def test_the_same_rows_give_the_same_bytes() -> None:
    assert written([["P1", 1]]) == written([["P1", 1]])


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(UsageError, match="SUB-001"):
        written([["P12345", 1]])
    with pytest.raises(UsageError, match="SUB-001"):
        written([], (Column("ID", "Case", length=201),))
    with pytest.raises(UsageError, match="SUB-001"):
        written([], (Column("ID", "x" * 41),))


@pytest.mark.parametrize("text", ["Grün", "a\nb", "a\0", "\u202e"])
def test_a_text_that_is_not_printable_ascii_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError, match="SUB-003") as raised:
        written([[text, 1]])
    assert text not in str(raised.value)


@pytest.mark.parametrize("name", ["toolongname", "1A", "a", "", "A B"])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="SUB-004"):
        written([], name=name)
    with pytest.raises(UsageError, match="SUB-004"):
        written([], (Column(name, "x"),))


def test_a_doubled_name_and_a_text_for_a_number_are_refused() -> None:
    with pytest.raises(UsageError, match="SUB-004"):
        written([], (Column("A", "x"), Column("A", "y")))
    with pytest.raises(UsageError, match="SUB-002"):
        written([["P1", "64"]])
    with pytest.raises(UsageError, match="SUB-003"):
        written([[1, 64]])


@pytest.mark.parametrize("one", DATA_SETS, ids=lambda one: one.name)
def test_the_program_s_own_data_sets_can_be_written(one: object) -> None:
    assert b"".join(transport(one.name, one.label, one.columns, [], DAY)).startswith(b"HEADER RECORD")  # type: ignore[attr-defined]
