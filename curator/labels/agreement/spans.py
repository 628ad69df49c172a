"""How far two readers agree on spans of a text: F1 by three definitions of the same find, and by characters.

Sources: Chinchor and Sundheim, MUC-5, 1993 (scoring by alignment); Hripcsak and Rothschild, Journal of the American
Medical Informatics Association 12 (2005) 296 (F1 in place of kappa where the number of negatives is unknown).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from curator.core.errors import UsageError
from curator.labels.agreement.boxes import Matched

DEFINITIONS = {
    "exact": "same class, same start, same end",
    "relaxed": "same class, start and end each at most the slack away",
    "overlap": "same class, at least one character in common",
    "characters": "same class given to the same character",
}


@dataclass(frozen=True, order=True)
class Span:
    """A part of a text: from `start` up to and without `end`, in characters, with a class."""

    start: int
    end: int
    label: str = ""


def agreement(first: Sequence[Span], second: Sequence[Span], *, slack: int = 2) -> dict[str, Matched]:
    """Match the spans of two readers in one text, by each of :data:`DEFINITIONS`.

    Parameters
    ----------
    first, second
        Spans; they may overlap each other and stand in any order.
    slack
        How far each end may be away in the relaxed definition, in characters.

    Returns
    -------
    dict
        Counts by definition; add them up over texts, then take F1. Each span is matched once.

    Raises
    ------
    UsageError
        AGR-031 for a span without a character.
    """
    if any(one.start < 0 or one.end <= one.start for one in (*first, *second)) or slack < 0:
        raise UsageError("AGR-031", why="a span is none")
    exact = sum((Counter(first) & Counter(second)).values())
    sizes = (len(first), len(second))
    return {
        "exact": _counted(exact, *sizes),
        "relaxed": _counted(len(_pairs(first, second, slack)), *sizes),
        "overlap": _counted(len(_pairs(first, second, None)), *sizes),
        "characters": _characters(first, second),
    }


def _counted(both: int, first: int, second: int) -> Matched:
    return Matched(both, first - both, second - both)


def _pairs(first: Sequence[Span], second: Sequence[Span], slack: int | None) -> list[tuple[int, int]]:
    """Pair spans one to one, as many as can be (augmenting paths), closest first."""
    near: list[list[int]] = []
    for one in first:
        fitting = [at for at, two in enumerate(second) if one.label == two.label and _fits(one, two, slack)]
        near.append(sorted(fitting, key=lambda at: abs(one.start - second[at].start) + abs(one.end - second[at].end)))
    owner: dict[int, int] = {}
    for at in range(len(first)):
        _augment(at, near, owner)
    return [(row, column) for column, row in owner.items()]


def _augment(root: int, near: list[list[int]], owner: dict[int, int]) -> None:
    """Find a partner for one span, moving others to other partners where need be; without recursion."""
    came: dict[int, int] = {}
    waiting = [root]
    while waiting:
        row = waiting.pop(0)
        for column in near[row]:
            if column in came:
                continue
            came[column] = row
            if column in owner:
                waiting.append(owner[column])
                continue
            _shift(column, root, came, owner)
            return


def _shift(column: int, root: int, came: dict[int, int], owner: dict[int, int]) -> None:
    """Give each span on the path its new partner, from the free one back to the root."""
    held = {row: partner for partner, row in owner.items()}
    while True:
        row = came[column]
        owner[column] = row
        if row == root:
            return
        column = held[row]


def _fits(one: Span, two: Span, slack: int | None) -> bool:
    if slack is None:
        return one.start < two.end and two.start < one.end
    return abs(one.start - two.start) <= slack and abs(one.end - two.end) <= slack


def _characters(first: Sequence[Span], second: Sequence[Span]) -> Matched:
    total = Matched()
    for label in {one.label for one in (*first, *second)}:
        a, b = (_union([s for s in part if s.label == label]) for part in (first, second))
        both = _common(a, b)
        sizes = [sum(end - start for start, end in part) for part in (a, b)]
        total += Matched(both, sizes[0] - both, sizes[1] - both)
    return total


def _union(spans: Sequence[Span]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for one in sorted(spans):
        if out and one.start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], one.end))
        else:
            out.append((one.start, one.end))
    return out


def _common(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> int:
    total = i = j = 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return total
