"""Binary numbers as the shortest digits that read back alike."""

from __future__ import annotations

import struct
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from curator.formats.volume.model import digits


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_digits_of_32_bits_read_back_alike(number: float) -> None:
    made = digits(number)
    assert isinstance(made, Decimal)
    assert struct.pack("<f", float(made)) == struct.pack("<f", number)
    assert len(made.as_tuple().digits) <= 9


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_digits_of_64_bits_read_back_alike(number: float) -> None:
    made = digits(number, single=False)
    assert isinstance(made, Decimal)
    assert float(made) == number


def test_what_is_no_number_is_a_text() -> None:
    assert digits(float("nan")) == "nan"
    assert digits(float("-inf")) == "-inf"
    assert digits(struct.unpack("<f", struct.pack("<f", 0.7))[0]) == Decimal("0.7")
