"""Wald's sequential test of a share of wrong labels, cut off after a stated number of labels; exact, by recursion.

Labels are looked at in the order of the draw. After each, the number of wrong ones is held against two rising lines;
between them the next label is looked at. Source: A. Wald, Sequential Analysis, 1947, section 5.3; the lines as in the
NIST/SEMATECH e-Handbook of Statistical Methods, section 6.2.6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ACCEPT, REJECT, OPEN = "accept", "reject", "undecided"


@dataclass(frozen=True)
class Lines:
    """Where a sequential test ends: accept up to ``slope * n - accept``, reject from ``slope * n + reject`` on.

    Parameters
    ----------
    slope
        Wrong labels a label looked at.
    accept, reject
        Distances of the two lines from the middle, above 0.
    last
        The test ends here at the latest.
    cut
        At the end up to so many wrong labels are accepted.
    """

    slope: float
    accept: float
    reject: float
    last: int
    cut: int

    def accepted(self, seen: int) -> int:
        """Return the most wrong labels with which the test ends well after so many (-1: it cannot end well yet)."""
        return self.cut if seen >= self.last else math.floor(self.slope * seen - self.accept)

    def rejected(self, seen: int) -> int:
        """Return the fewest wrong labels with which the test ends badly after so many."""
        return self.cut + 1 if seen >= self.last else max(1, math.ceil(self.slope * seen + self.reject))

    def judge(self, seen: int, wrong: int) -> str:
        """Say how the test stands after so many labels."""
        if wrong >= self.rejected(seen):
            return REJECT
        return ACCEPT if wrong <= self.accepted(seen) else OPEN


def wald(aql: float, ltpd: float, producer: float, consumer: float, last: int) -> Lines:
    """Return the lines of the test that tells a share `aql` from a share `ltpd`.

    Parameters
    ----------
    aql, ltpd
        Shares of wrong labels, the first one less.
    producer, consumer
        Risk of rejecting at `aql`, and of accepting at `ltpd`, of the test without an end; cutting it off changes both,
        see :func:`curve`.
    last
        Labels after which the test ends.
    """
    up, down = math.log(ltpd / aql), math.log((1 - aql) / (1 - ltpd))
    slope = down / (up + down)
    accept = math.log((1 - producer) / consumer) / (up + down)
    reject = math.log((1 - consumer) / producer) / (up + down)
    return Lines(slope, accept, reject, last, math.floor(slope * last))


def curve(lines: Lines, lot: int | None, bad: float) -> tuple[float, float]:
    """Return the probability to accept and the mean number of labels looked at, exact for the test with its end.

    Parameters
    ----------
    lines
        The test.
    lot
        Labels in the lot, drawn without replacement; None for a lot without end.
    bad
        Wrong labels in the lot, or their share where it has no end.
    """
    open_states, accepted, looked = {0: 1.0}, 0.0, 0.0
    for seen in range(1, lines.last + 1):
        looked += math.fsum(open_states.values())
        states: dict[int, float] = {}
        for wrong, chance in open_states.items():
            share = bad if lot is None else (bad - wrong) / (lot - seen + 1)
            share = min(1.0, max(0.0, share))
            for more, part in ((0, 1 - share), (1, share)):
                if part:
                    states[wrong + more] = states.get(wrong + more, 0.0) + chance * part
        open_states = {}
        for wrong, chance in states.items():
            how = lines.judge(seen, wrong)
            if how == ACCEPT:
                accepted += chance
            elif how == OPEN:
                open_states[wrong] = chance
    return accepted, looked
