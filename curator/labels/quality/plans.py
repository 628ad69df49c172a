"""Acceptance plans for a lot of labels: how many to look at, how many may be wrong, and what that risks.

A plan is judged by two shares of wrong labels: the acceptable one (AQL), at which the producer's risk is to be
rejected, and the one that must not pass (LTPD), at which the consumer's risk is that it passes. Risks are exact for the
lot's size (hypergeometric), or for a lot without end (binomial). Terms as in ISO 2859-1:1999, section 3; the search is
the definition itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from curator.core.errors import UsageError
from curator.labels.quality import sprt, z14
from curator.labels.quality.tails import binomial_below, hypergeometric_below

ZERO, SINGLE, Z14, SPRT = "zero-failure", "single", "z1.4", "sprt"
SCHEMES = (ZERO, SINGLE, Z14, SPRT)
#: Larger lots are split; the ledger holds their list's digest alone.
MAX_LOT = 10_000_000
MAX_SAMPLE = 100_000
#: A sequential test ends after so many times the sample of the single plan of the same risks.
TRUNCATION = 2
CURVE_POINTS = 11
_SHARE = re.compile(r"0\.[0-9]{1,6}|0|1")


@dataclass(frozen=True)
class Aim:
    """What a plan is to keep: shares and risks as decimals between 0 and 1, such as ``0.01``.

    Parameters
    ----------
    aql, ltpd
        Share of wrong labels that is acceptable, and the one that must not pass.
    producer, consumer
        Risk to reject at `aql`, and to accept at `ltpd`.
    """

    aql: str = "0.01"
    ltpd: str = "0.05"
    producer: str = "0.05"
    consumer: str = "0.05"

    def check(self) -> Aim:
        """Return the aim, if it is one (UsageError QUA-001)."""
        values = [self.aql, self.ltpd, self.producer, self.consumer]
        if not all(_SHARE.fullmatch(one) for one in values):
            raise UsageError("QUA-001")
        low, high, producer, consumer = map(Fraction, values)
        if not (0 <= low < high <= 1 and 0 < producer < 1 and 0 < consumer < 1):
            raise UsageError("QUA-001")
        return self


@dataclass(frozen=True)
class Plan:
    """An acceptance plan.

    Parameters
    ----------
    scheme
        Of :data:`SCHEMES`.
    lot
        Labels in the lot; None for a lot without end.
    sample
        Labels to look at; for a sequential test the most.
    accept
        Up to so many wrong ones are accepted; for a sequential test at its end.
    aim
        Shares and risks that were asked for.
    inspection, letter, reject
        Of a plan of Z1.4: normal, tightened or reduced; code letter; rejection number where it is not one more.
    """

    scheme: str
    lot: int | None
    sample: int
    accept: int
    aim: Aim
    inspection: str | None = None
    letter: str | None = None
    reject: int | None = None

    @property
    def lines(self) -> sprt.Lines | None:
        """The lines of a sequential test."""
        if self.scheme != SPRT:
            return None
        a = self.aim
        made = sprt.wald(float(a.aql), float(a.ltpd), float(a.producer), float(a.consumer), self.sample)
        return replace(made, cut=self.accept)

    @property
    def rejects(self) -> int:
        """The fewest wrong ones that are rejected."""
        return self.accept + 1 if self.reject is None else self.reject

    def bad_at(self, share: str | float | Fraction, *, up: bool) -> int:
        """Return how many labels of the lot a share is: the least that reaches it, or the most that keeps it."""
        exact = Fraction(share) * (self.lot or 0)
        return math.ceil(exact) if up else math.floor(exact)

    def passes(self, bad: float) -> float:
        """Return the probability that a lot is accepted.

        Parameters
        ----------
        bad
            Wrong labels in the lot; their share for a lot without end.
        """
        lines = self.lines
        if lines is not None:
            return sprt.curve(lines, self.lot, bad)[0]
        if self.lot is None:
            return binomial_below(self.rejects - 1, self.sample, bad)
        return hypergeometric_below(self.rejects - 1, self.sample, int(bad), self.lot)

    def looked(self, bad: float) -> float:
        """Return the mean number of labels that are looked at."""
        lines = self.lines
        return float(self.sample) if lines is None else sprt.curve(lines, self.lot, bad)[1]

    def at(self, share: str | float | Fraction, *, up: bool) -> float:
        """Return the number or share of wrong ones that :meth:`passes` takes."""
        return float(Fraction(share)) if self.lot is None else self.bad_at(share, up=up)

    @property
    def producer(self) -> float:
        """Exact risk to reject a lot with the acceptable share."""
        return 1 - self.passes(self.at(self.aim.aql, up=False))

    @property
    def consumer(self) -> float:
        """Exact risk to accept a lot with the share that must not pass."""
        return self.passes(self.at(self.aim.ltpd, up=True))

    @property
    def keeps(self) -> bool:
        """True when both risks are at most those asked for."""
        return self.producer <= float(self.aim.producer) and self.consumer <= float(self.aim.consumer)

    def judge(self, seen: int, wrong: int) -> str:
        """Say accept, reject or undecided after so many labels in the order of the draw, none of them unclear."""
        lines = self.lines
        if lines is not None:
            return lines.judge(seen, wrong)
        if wrong >= self.rejects:
            return sprt.REJECT
        return sprt.ACCEPT if seen >= self.sample else sprt.OPEN

    def curve(self, shares: Sequence[float] | None = None) -> list[dict[str, float]]:
        """Return points of the operating characteristic: share of wrong labels, chance to pass, labels looked at."""
        top = min(1.0, 2 * float(self.aim.ltpd))
        wanted = shares or [top * step / (CURVE_POINTS - 1) for step in range(CURVE_POINTS)]
        made = []
        for share in wanted:
            bad = self.at(Fraction(share).limit_denominator(10**9), up=True)
            made.append({"share": round(share, 9), "passes": self.passes(bad), "looked": self.looked(bad)})
        return made

    def document(self, *, points: bool = True) -> dict[str, Any]:
        """Return the plan as reports have it."""
        made: dict[str, Any] = {
            "scheme": self.scheme,
            "lot": self.lot,
            "sample": self.sample,
            "accept": self.accept,
            "reject": self.rejects,
            "aql": self.aim.aql,
            "ltpd": self.aim.ltpd,
            "asked": {"producer": self.aim.producer, "consumer": self.aim.consumer},
            "producer": self.producer,
            "consumer": self.consumer,
            "keeps": self.keeps,
            "inspection": self.inspection,
            "letter": self.letter,
            "lines": None,
        }
        if (lines := self.lines) is not None:
            made["lines"] = {"slope": lines.slope, "accept": lines.accept, "reject": lines.reject}
        if points:
            made["curve"] = self.curve()
        return made


def zero_failure(lot: int | None, aim: Aim) -> Plan:
    """Return the smallest plan that accepts no wrong label and keeps the consumer's risk.

    Raises
    ------
    UsageError
        QUA-001, QUA-003.
    """
    return replace(_with(lot, aim.check(), 0), scheme=ZERO)


def single(lot: int | None, aim: Aim) -> Plan:
    """Return the plan with the smallest sample that keeps both risks.

    Raises
    ------
    UsageError
        QUA-001, QUA-003 for a sample above :data:`MAX_SAMPLE`.
    """
    aim.check()

    def fits(accept: int) -> bool:
        made = _with(lot, aim, accept)
        return made.producer <= float(aim.producer) or made.sample == lot

    low, high = -1, 1
    while not fits(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    # Between neighbors the producer's risk may go up a little: smaller numbers nearby are tried too.
    return _with(lot, aim, next(accept for accept in range(max(0, high - 3), high + 1) if fits(accept)))


def _with(lot: int | None, aim: Aim, accept: int) -> Plan:
    """Return the smallest sample that keeps the consumer's risk with an acceptance number."""
    if lot is not None and not 1 <= lot <= MAX_LOT:
        raise UsageError("QUA-003")
    made = Plan(SINGLE, lot, accept + 1, accept, aim)
    bad = made.at(aim.ltpd, up=True)
    if lot is not None and accept >= bad:
        # So few wrong ones must not pass that only looking at every label tells.
        return replace(made, sample=lot, accept=max(0, int(bad) - 1))
    low, high = accept + 1, lot if lot is not None else MAX_SAMPLE
    limit = float(aim.consumer)
    while low < high:
        middle = (low + high) // 2
        if replace(made, sample=middle).passes(bad) <= limit:
            high = middle
        else:
            low = middle + 1
    if low > MAX_SAMPLE or replace(made, sample=low).passes(bad) > limit:
        raise UsageError("QUA-003")
    return replace(made, sample=low)


def from_table(lot: int, aim: Aim, *, level: str = z14.DEFAULT_LEVEL, inspection: str = "normal") -> Plan:
    """Return the single plan of Z1.4 for a lot; its risks are those of the table, whatever was asked for.

    Raises
    ------
    UsageError
        QUA-001; QUA-002 for an AQL, level or inspection that the tables lack, or a lot below 2.
    """
    aim.check()
    named = next((one for one in z14.aqls() if Fraction(one) / 100 == Fraction(aim.aql)), None)
    if named is None:
        raise UsageError("QUA-002")
    row = z14.plan(z14.code_letter(lot, level), named, inspection)
    sample = min(row.sample, lot)
    return Plan(Z14, lot, sample, min(row.accept, sample - 1), aim, inspection, row.letter, min(row.reject, sample))


def sequential(lot: int | None, aim: Aim) -> Plan:
    """Return Wald's test, cut off at :data:`TRUNCATION` times the single plan's sample.

    Raises
    ------
    UsageError
        QUA-001 (also for an AQL of 0, which has no line), QUA-003.
    """
    if not Fraction(aim.check().aql):
        raise UsageError("QUA-001")
    most = TRUNCATION * single(lot, aim).sample
    last = most if lot is None else min(most, lot)
    lines = sprt.wald(float(aim.aql), float(aim.ltpd), float(aim.producer), float(aim.consumer), last)
    first = Plan(SPRT, lot, last, lines.cut, aim)
    # Cutting the test off moves both risks: the largest end that keeps them is taken, if there is one.
    for cut in range(lines.cut, max(-1, lines.cut - 4), -1):
        made = replace(first, accept=cut)
        if made.keeps:
            return made
    return first


def make(scheme: str, lot: int | None, aim: Aim, *, level: str = z14.DEFAULT_LEVEL, inspection: str = "normal") -> Plan:
    """Return a plan by the name of its scheme (errors as the functions above)."""
    if scheme == Z14:
        if lot is None:
            raise UsageError("QUA-002")
        return from_table(lot, aim, level=level, inspection=inspection)
    return {ZERO: zero_failure, SINGLE: single, SPRT: sequential}[scheme](lot, aim)
