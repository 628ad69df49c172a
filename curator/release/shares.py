"""Shares with their intervals, as documents print them. Plain arithmetic: equal counts print alike on any machine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

#: The 97.5 % point of the normal distribution, for two-sided 95 % intervals.
Z = 1.959963984540054


def wilson(count: int, total: int, z: float = Z) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927), from 0 to 1; its ends are whole where none or all count.

    Parameters
    ----------
    count, total
        ``0 <= count <= total``; of nothing the interval is everything.
    z
        Normal quantile of the coverage.
    """
    if total == 0:
        return 0.0, 1.0
    share = count / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if count == 0 else (middle - spread) / scale
    high = 1.0 if count == total else (middle + spread) / scale
    return low, high


def percent(share: float) -> str:
    """Return a share as percent with one decimal."""
    return f"{share * 100:.1f} %"


def share_text(count: int, total: int) -> str:
    """Return a share and its interval, such as ``50.0 % (21.5 to 78.5)``; a dash of nothing."""
    if total == 0:
        return "-"
    low, high = wilson(count, total)
    return f"{percent(count / total)} ({low * 100:.1f} to {high * 100:.1f})"


def half_width(total: int, share: float = 0.5) -> float:
    """Return half the width of the interval that so many cases would give at a share, from 0 to 1."""
    low, high = wilson(round(total * share), total)
    return (high - low) / 2


def difference(one: Counter[str], two: Counter[str]) -> float | None:
    """Return the standardized difference of a categorical covariate between two groups (Yang and Dalton 2012).

    Parameters
    ----------
    one, two
        Category to number of cases. Categories that are not stated are left to the caller.

    Returns
    -------
    float or None
        Not negative; None where a group is empty, infinite where a category splits the groups wholly.
    """
    if not one.total() or not two.total():
        return None
    names = sorted({*one, *two})[1:]  # the first follows from the others
    if not names:
        return 0.0
    first = [one[name] / one.total() for name in names]
    second = [two[name] / two.total() for name in names]
    gaps = [a - b for a, b in zip(first, second, strict=True)]
    spread = [
        [
            ((a * (1 - a) + b * (1 - b)) if row == column else -(a * first[column] + b * second[column])) / 2
            for column in range(len(names))
        ]
        for row, (a, b) in enumerate(zip(first, second, strict=True))
    ]
    solved = _solve(spread, gaps)
    if solved is None:
        return 0.0 if not any(gaps) else math.inf
    return math.sqrt(max(0.0, sum(a * b for a, b in zip(gaps, solved, strict=True))))


def _solve(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Solve a small linear system by elimination with pivots; None when it has no single answer."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        if abs(rows[pivot][at]) < 1e-12:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for row in range(size):
            if row != at:
                factor = rows[row][at] / rows[at][at]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[at], strict=True)]
    return [rows[row][size] / rows[row][row] for row in range(size)]


def agreeing(readings: Iterable[Iterable[str]]) -> tuple[int, int, dict[str, tuple[int, int]]]:
    """Return how far several readers of one thing agree.

    Parameters
    ----------
    readings
        Thing by thing the classes that its readers gave; things with one reader are passed over.

    Returns
    -------
    agreed, read : int
        Things on which all agree, and things that two readers or more read.
    classes : dict
        Class to (things for which somebody gave it and not all did, things for which somebody gave it).
    """
    agreed = read = 0
    classes: dict[str, list[int]] = {}
    for one in readings:
        given = list(one)
        if len(given) < 2:
            continue
        read += 1
        same = len(set(given)) == 1
        agreed += same
        for name in set(given):
            entry = classes.setdefault(name, [0, 0])
            entry[0] += not same
            entry[1] += 1
    return agreed, read, {name: (split, seen) for name, (split, seen) in sorted(classes.items())}
