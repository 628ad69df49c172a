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

from curator.audit.closed.forms import words
from curator.audit.closed.words import Words

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
_OPENING_BITS = 16
Date = tuple[str, str, str]


@cache
def _months() -> dict[bytes, str]:
    return {name.encode(): f"{at:02d}" for at, names in enumerate(words("months"), 1) for name in names}


@cache
def _openings() -> Any:
    """Return for each hash of three letters whether the name of a month may begin so."""
    import numpy as np

    table = np.zeros(1 << _OPENING_BITS, dtype=np.bool_)
    begun = b"".join(name[:3] + b"\0" for name in _months())
    table[_opening_hash(np.frombuffer(begun, dtype="<u4"))] = True
    return table


def _opening_hash(low: Any) -> Any:
    """Return hashes of the first three bytes of some: the product drops the fourth."""
    import numpy as np

    where = low * np.uint32(0x9E3779B1 << 8 & 0xFFFFFFFF)
    return (where >> np.uint32(32 - _OPENING_BITS)).astype(np.int64)


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
    """Choose the words where an expression may match: all where one does, and few others."""
    import numpy as np

    starts, sizes, small = found.places, found.sizes, found.small
    if not len(starts):
        return []
    low, high = found.halves
    # Of each word whether it begins with a digit; two more before and one behind the words' own.
    padded = np.zeros(len(starts) + 3, dtype=np.bool_)
    padded[2:-1] = digit = found.digits
    # Three words that begin with a digit, of so many digits as a date's parts have, with the same mark between them.
    data = np.frombuffer(plain, dtype=np.uint8)
    short = small <= 2
    part = short | (small == 4)
    middle = np.flatnonzero(digit[:-2] & digit[1:-1] & digit[2:] & part[:-2] & short[1:-1]) + 1
    middle = middle[part[middle + 1] | _other(low, high, middle + 1)]
    mark = data[starts[middle - 1] + sizes[middle - 1]]
    chosen = [middle[mark == data[starts[middle] + sizes[middle]]] - 1]
    # A number with a letter soon behind: the name of a month within the same word.
    long = np.flatnonzero(digit & (small >= 4) & (small <= 24))
    chosen.append(long[_other(low, high, long)])
    # The name of a month with a number beside it, or in the same word: after eight letters it is not asked where.
    letters = found.of_kinds(frozenset({False}))
    if letters is None:
        letters = np.flatnonzero(
            (_within(found.heads) | (small > 8) | padded[3:] | padded[:-3] | padded[1:-2]) & ~digit
        )
    months = letters[_openings().take(_opening_hash(low[letters]), mode="clip")]
    chosen.append(months[_within(found.heads[months]) | (small[months] > 8) | padded[months + 3]])
    # A number before the name of a month, or before a word that joins them.
    chosen.append(months[padded[months + 1]] - 1)
    joined = months[padded[months]]
    between = low[joined - 1] & np.uint32(0xFF)
    chosen.append(joined[(between == ord("o")) | (between == ord("d"))] - 2)
    places: list[int] = starts[np.unique(np.concatenate(chosen))].tolist()
    return places


def _within(heads: Any) -> Any:
    """Say of words whether a digit may stand in the fourth to eighth place."""
    import numpy as np

    return ~heads & np.uint64(0x4040404040000000) != 0


def _other(low: Any, high: Any, some: Any) -> Any:
    """Say of some words whether something else than a digit stands in the second to fifth place."""
    import numpy as np

    return (low[some] & np.uint32(0xC0C0C000) | high[some] & np.uint32(0xC0)) != 0
