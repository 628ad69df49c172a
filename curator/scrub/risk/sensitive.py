"""How much a class tells of a sensitive value: l-diversity in three forms, and t-closeness in two.

l-diversity: Machanavajjhala, Kifer, Gehrke, Venkitasubramaniam, "l-Diversity: Privacy Beyond k-Anonymity", TKDD 1(1),
2007 (distinct; entropy, definition 4.1; recursive (c, l), definition 4.2). t-closeness: Li, Li, Venkatasubramanian,
"t-Closeness: Privacy Beyond k-Anonymity and l-Diversity", ICDE 2007 (ordered distance for numbers, equal distance for
categories, section 4).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from curator.scrub.risk.classes import Classes, counted, together


@dataclass(frozen=True)
class Sensitive:
    """What the classes tell of one sensitive column.

    Parameters
    ----------
    distinct_l
        The fewest different values in a class.
    entropy_l
        Exponential of the least entropy of a class, in values: at most ``distinct_l``.
    recursive_l
        The greatest l for which all classes are recursively (c, l)-diverse; 0 when even l = 1 fails.
    t
        The greatest distance between the values of a class and those of the table, 0 to 1.
    numeric
        Whether the values were taken as numbers in order.
    """

    distinct_l: int
    entropy_l: float
    recursive_l: int
    t: float
    numeric: bool


def sensitive(classes: Classes, codes: Any, values: Sequence[str], *, c: float) -> Sensitive:
    """Measure one sensitive column.

    Parameters
    ----------
    classes
        The classes of the quasi-identifiers.
    codes
        Arrow array, int64: the column's values as numbers.
    values
        The values by their numbers; looked at only for whether all are numbers, and for their order.
    c
        The constant of recursive (c, l)-diversity.
    """
    codes, count, numeric = ranked(codes, values)
    totals = counted(codes, count).to_pylist()
    whole = _Whole([total / classes.rows for total in totals])
    distinct, entropy, recursive, far = count, math.inf, count, 0.0
    for counts in _of_classes(classes, codes):
        size = sum(counts.values())
        distinct = min(distinct, len(counts))
        entropy = min(entropy, -math.fsum(n / size * math.log(n / size) for n in counts.values()))
        recursive = min(recursive, _recursive(sorted(counts.values(), reverse=True), c))
        shares = sorted((value, n / size) for value, n in counts.items())
        far = max(far, whole.ordered_distance(shares) if numeric else whole.equal_distance(shares))
    return Sensitive(distinct, math.exp(entropy), recursive, min(1.0, far), numeric)


def ranked(codes: Any, values: Sequence[str]) -> tuple[Any, int, bool]:
    """Put numbers in the place of codes when all values are numbers, by their order; empty ones below all others.

    Returns
    -------
    tuple
        The codes, how many different ones there are, and whether the values are numbers.
    """
    import pyarrow as pa

    try:
        read = [float(value) if value else -math.inf for value in values]
    except ValueError:
        return codes, len(values), False
    told = sorted(set(read))
    if len(told) < 2 or any(math.isnan(one) or one == math.inf for one in told):
        return codes, len(values), False
    place = {number: at for at, number in enumerate(told)}
    return pa.array([place[number] for number in read], type=pa.int64()).take(codes), len(told), True


def _of_classes(classes: Classes, codes: Any) -> Iterator[dict[int, int]]:
    """Yield for each class how often each value stands in it."""
    import pyarrow as pa

    pairs = together([classes.of_row, codes])
    found = (
        pa.table({"p": pairs, "class": classes.of_row, "value": codes})
        .group_by("p")
        .aggregate([("class", "min"), ("value", "min"), ("p", "count")])
        .sort_by("class_min")
    )
    now, counts = 0, dict[int, int]()
    for number, value, count in zip(
        found["class_min"].to_pylist(), found["value_min"].to_pylist(), found["p_count"].to_pylist(), strict=True
    ):
        if number != now:
            yield counts
            now, counts = number, {}
        counts[value] = count
    yield counts


def _recursive(counts: list[int], c: float) -> int:
    """Return the greatest l with r1 < c (rl + ... + rm), 0 for none; counts from the most frequent down."""
    tail, best = 0, 0
    for at in range(len(counts) - 1, -1, -1):
        tail += counts[at]
        if counts[0] < c * tail:
            best = at + 1
            break
    return best


class _Whole:
    """The shares of all values in the whole table, and how far a class is from them."""

    def __init__(self, shares: Sequence[float]) -> None:
        self._shares = shares
        self._up_to = list(accumulate(shares))
        self._areas = [0.0, *accumulate(self._up_to)]

    def equal_distance(self, shares: Sequence[tuple[int, float]]) -> float:
        """Return half the sum of |p - q|: the earth mover's distance when all categories are equally far apart."""
        present = math.fsum(abs(share - self._shares[at]) for at, share in shares)
        absent = 1.0 - math.fsum(self._shares[at] for at, _ in shares)
        return (present + max(0.0, absent)) / 2

    def ordered_distance(self, shares: Sequence[tuple[int, float]]) -> float:
        """Return the distance of numbers in order: the sum of |cumulated p - cumulated q| over m - 1.

        Between two values of the class its own sum stands still, so each stretch is summed at once.
        """
        last = len(self._shares) - 1
        moved, own = self._stretch(0, min(shares[0][0], last), 0.0), 0.0
        for number, (at, share) in enumerate(shares):
            own += share
            end = shares[number + 1][0] if number + 1 < len(shares) else last
            moved += self._stretch(at, min(end, last), own)
        return moved / last

    def _stretch(self, start: int, end: int, own: float) -> float:
        """Return the sum of ``|own - q|`` over the places from start to before end; q only grows."""
        if start >= end:
            return 0.0
        turn = bisect_left(self._up_to, own, start, end)
        below = own * (turn - start) - (self._areas[turn] - self._areas[start])
        above = (self._areas[end] - self._areas[turn]) - own * (end - turn)
        return below + above
