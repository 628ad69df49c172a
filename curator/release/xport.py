"""Writing SAS transport files of version 5 (SAS technical paper TS-140).

The format: records of 80 bytes, names of 8 characters, character values of at most 200 bytes, numbers as IBM System/360
doubles. Nothing is cut short in silence: what does not fit is refused. The same rows give the same bytes: the only time
in a file is the day that the caller gives.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from curator.core.errors import UsageError

RECORD = 80
LONGEST = 200
LONGEST_LABEL = 40
#: A missing number: a point, then zeros (TS-140, "Missing values").
MISSING = b"." + bytes(7)
#: Doubles hold whole numbers up to 2**53; the IBM format's 56-bit fraction holds each of them too.
_BIAS, _NAMESTR = 64, 140
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_ZEROS = "0" * 30

Value = str | int | float | None


#: Values of one column whose bytes are kept.
_KNOWN = 1024


@dataclass(frozen=True)
class Column:
    """A variable of a data set.

    Parameters
    ----------
    name
        1 to 8 characters: capital letters, digits, underscores, no digit first.
    label
        At most 40 ASCII characters.
    kind
        ``char`` or ``num``.
    length
        Bytes of a character variable, 1 to 200; a number always takes 8.
    """

    name: str
    label: str
    kind: Literal["char", "num"] = "char"
    length: int = LONGEST

    @property
    def width(self) -> int:
        """Bytes that a value takes in a row."""
        return 8 if self.kind == "num" else self.length


def ibm_double(value: float) -> bytes:
    """Return a number as an IBM System/360 double: sign, exponent of 16 in excess of 64, fraction of 56 bits.

    Parameters
    ----------
    value
        A finite number. Every IEEE double within the format's range (about 5.4e-79 to 7.2e75) is represented exactly
        but for subnormal ones, which do not occur in range.

    Raises
    ------
    UsageError
        SUB-002 for what is not finite or out of range.
    """
    (bits,) = struct.unpack(">Q", struct.pack(">d", value))
    sign, power, fraction = bits >> 63, (bits >> 52) & 0x7FF, bits & ((1 << 52) - 1)
    if power == 0 and fraction == 0:
        return bytes(8)
    if power in {0, 0x7FF}:
        raise UsageError("SUB-002")
    fraction |= 1 << 52
    exponent = power - 1022  # value = fraction / 2**53 * 2**exponent
    shift = exponent % 4
    exponent, fraction = (exponent + (4 - shift if shift else 0)) // 4, fraction << 3 >> ((4 - shift) % 4)
    if not -_BIAS <= exponent < _BIAS:
        raise UsageError("SUB-002")
    whole: int = (sign << 63) | ((exponent + _BIAS) << 56) | fraction
    return whole.to_bytes(8, "big")


def _text(text: str, width: int, name: str) -> bytes:
    if not text.isascii() or not text.isprintable():
        raise UsageError("SUB-003", name=name)
    if len(text) > width:
        raise UsageError("SUB-001", name=name, most=width)
    return text.encode("ascii").ljust(width)


def _cell(column: Column, value: Value) -> bytes:
    if column.kind == "num":
        if value is None:
            return MISSING
        if isinstance(value, str) or (isinstance(value, int) and abs(value) > 1 << 53):
            raise UsageError("SUB-002")
        return ibm_double(float(value))
    if value is not None and not isinstance(value, str):
        raise UsageError("SUB-003", name=column.name)
    return _text(value or "", column.length, column.name)


class _Cells(dict[Value, bytes]):
    """The bytes of a column's values; most columns have few of them, which are made once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, value: Value) -> bytes:
        data = _cell(self._column, value)
        if len(self) < _KNOWN:
            self[value] = data
        return data


def _checked(name: str, label: str, columns: Sequence[Column]) -> None:
    names = [column.name for column in columns]
    for one in (name, *names):
        if not _NAME.fullmatch(one):
            raise UsageError("SUB-004")
    if not names or len(set(names)) != len(names) or len(names) > 9999:
        raise UsageError("SUB-004")
    for text in (label, *(column.label for column in columns)):
        _text(text, LONGEST_LABEL, name)
    if any(column.kind == "char" and not 1 <= column.length <= LONGEST for column in columns):
        raise UsageError("SUB-001", name=name, most=LONGEST)


def _header(kind: str, numbers: str = _ZEROS) -> bytes:
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{numbers}  ".encode("ascii")


def _namestr(number: int, column: Column, place: int) -> bytes:
    made: bytes = struct.pack(
        ">hhhh8s40s8shhh2s8shhl52x",
        1 if column.kind == "num" else 2,
        0,
        column.width,
        number,
        column.name.encode("ascii").ljust(8),
        column.label.encode("ascii").ljust(40),
        b" " * 8,
        0,
        0,
        0,
        b"\0\0",
        b" " * 8,
        0,
        0,
        place,
    )
    assert len(made) == _NAMESTR
    return made


def _padded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % RECORD)


def transport(
    name: str, label: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], day: date
) -> Iterator[bytes]:
    """Yield a transport file with one data set, piece by piece.

    Parameters
    ----------
    name
        The data set's name, as a column's.
    label
        At most 40 characters.
    columns
        The variables, in order.
    rows
        One value a variable; None is missing (a blank text, a missing number).
    day
        Stands as the time of creation, at midnight.

    Raises
    ------
    UsageError
        SUB-001 for a text that is too long, SUB-002 for a number that cannot be written, SUB-003 for a text that is not
        printable ASCII, SUB-004 for a name.
    """
    _checked(name, label, columns)
    when = f"{day.day:02d}{_MONTHS[day.month - 1]}{day.year % 100:02d}:00:00:00".encode("ascii")
    system = b"9.4     " + b"CURATOR "
    yield _header("LIBRARY") + b"SAS     SAS     SASLIB  " + system + b" " * 24 + when
    yield _padded(when)
    yield _header("MEMBER", "000000000000000001600000000140") + _header("DSCRPTR")
    yield b"SAS     " + name.encode("ascii").ljust(8) + b"SASDATA " + system + b" " * 24 + when
    yield when + b" " * 16 + label.encode("ascii").ljust(40) + b" " * 8
    yield _header("NAMESTR", f"000000{len(columns):04d}".ljust(30, "0"))
    place, described = 0, b""
    for number, column in enumerate(columns, 1):
        described += _namestr(number, column, place)
        place += column.width
    yield _padded(described) + _header("OBS")
    held = 0
    cells = [_Cells(column) for column in columns]
    for row in rows:
        data = b"".join([known[value] for known, value in zip(cells, row, strict=True)])
        held += len(data)
        yield data
    yield b" " * (-held % RECORD)
