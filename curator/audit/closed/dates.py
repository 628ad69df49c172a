"""Dates that are written in parts or with the name of a month, wherever a word begins in plain text.

Patterns for each known date would be hundreds of times as many as there are dates, so every written date is read and
held against those that are known. With numpy the beginnings are chosen by arrays over the words; the expressions
decide, and decide alike without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from curator.audit.closed.engine import Words
from curator.audit.closed.forms import words

_GAP = rb"[-./,'_ \r\n]{0,3}"
_JOINED = rb"(?:(?:of|de|del)[ _-])?"
_DAY = rb"(\d{1,2})(?:st|nd|rd|th|er|\xc2\xba)?"
_YEAR = rb"(\d{4}|\d{2})(?!\d)"
_SEPARATOR = rb"([-./_\\ ]|, | - | / |\. )"
_PARTS = re.compile(
    rb"(\d{1,2})" + _SEPARATOR + rb"(\d{1,2})\2(\d{4}|\d{2})(?!\d)"
    + rb"|(\d{4}|\d{2})" + _SEPARATOR + rb"(\d{1,2})\6(\d{1,2})(?!\d)"
)  # fmt: skip
_NAMED = re.compile(
    _DAY + _GAP + _JOINED + rb"([a-z]{3,10})" + _GAP + _JOINED + _YEAR
    + rb"|([a-z]{3,10})" + _GAP + _DAY + _GAP + _YEAR
    + rb"|(\d{4})" + _GAP + rb"([a-z]{3,10})" + _GAP + rb"(\d{1,2})(?!\d)",
    re.IGNORECASE,
)  # fmt: skip
Date = tuple[str, str, str]


@cache
def _months() -> dict[bytes, str]:
    return {name.encode(): f"{at:02d}" for at, names in enumerate(words("months"), 1) for name in names}


@cache
def _openings() -> Any:
    """Return for each three letters, five bits of each, whether the name of a month begins so."""
    import numpy as np

    table = np.zeros(1 << 15, dtype=np.bool_)
    for name in _months():
        table[(name[0] & 31) << 10 | (name[1] & 31) << 5 | (name[2] & 31)] = True
    return table


def written_dates(plain: bytes, found: Words, *, fast: bool) -> Iterator[tuple[int, int, frozenset[Date]]]:
    """Yield (start, end, readings) of each written date; a reading is year of two or four digits, month, day.

    Parameters
    ----------
    plain
        Plain text.
    found
        Its words.
    fast
        Use numpy.
    """
    for at in _chosen(plain, found) if fast else _all(found):
        match = _PARTS.match(plain, at)
        if match is not None:
            yield match.start(), match.end(), _orders(match)
        match = _NAMED.match(plain, at)
        if match is not None and (readings := _named(match)):
            yield match.start(), match.end(), readings


def _all(found: Words) -> Iterable[int]:
    return found.places  # type: ignore[no-any-return]


def _orders(match: re.Match[bytes]) -> frozenset[Date]:
    one, two, three = (part.decode() for part in (match[1] or match[5], match[3] or match[7], match[4] or match[8]))
    readings = {(three, two, one), (three, one, two)} if match[1] else set()
    if match[5] or len(three) == 2:
        readings.add((one, two, three))
    return frozenset((y, m.zfill(2), d.zfill(2)) for y, m, d in readings if len(y) in {2, 4})


def _named(match: re.Match[bytes]) -> frozenset[Date]:
    name = match[2] or match[4] or match[8]
    day, year = match[1] or match[5] or match[9], match[3] or match[6] or match[7]
    month = _months().get(name.lower())
    return frozenset({(year.decode(), month, day.decode().zfill(2))} if month else ())


def _chosen(plain: bytes, found: Words) -> list[int]:
    import numpy as np

    starts, size = found.places, found.sizes
    if not len(starts):
        return []
    data = np.frombuffer(plain + b"\0\0\0", dtype=np.uint8)
    lasts = starts + size - 1
    digit = (data[starts] - 0x30) < 10
    mark = data[lasts + 1]
    after = np.zeros(len(starts), dtype=np.bool_)
    # Three words that begin with a digit, short, with the same mark between them.
    if len(starts) > 2:
        after[:-2] = (
            digit[:-2] & digit[1:-1] & digit[2:] & (size[:-2] <= 4) & (size[1:-1] <= 2) & (mark[:-2] == mark[1:-1])
        )
    lower = data[starts] | 0x20
    three = (lower & 31).astype(np.int64) << 10 | (data[starts + 1] & 31).astype(np.int64) << 5 | data[starts + 2] & 31
    month = _openings()[three] & ~digit
    after |= month & (np.append(digit[1:], False) | (data[lasts] - 0x30 < 10))
    # A number, or a joining word between them, before the name of a month; or both in one word.
    before = np.zeros(len(starts), dtype=np.bool_)
    before[:-1] = month[1:]
    before[:-2] |= month[2:] & ((lower[1:-1] == ord("o")) | (lower[1:-1] == ord("d")))
    after |= digit & before
    one = np.flatnonzero(digit & (size >= 4) & (size <= 24))
    at = starts[one]
    letters = (data[at + 1] | data[at + 2] | data[at + np.minimum(size[one] - 1, 4)]) >= 0x41
    after[one[letters]] = True
    chosen: list[int] = starts[after].tolist()
    return chosen
