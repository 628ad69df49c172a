"""The verdict about a lot: from its record, the draw and what auditors found; a function of the ledger and the seed.

A label that nobody looked at, or that is unclear, never helps a lot to pass: with any of them open that could change
the outcome, the verdict is undecided. Two auditors who differ make a label unclear.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.labels.quality.collect import Collected, Signed
from curator.labels.quality.lots import Ask
from curator.labels.quality.plans import SPRT, Plan
from curator.labels.quality.seed import Seed, order
from curator.labels.quality.sprt import ACCEPT, OPEN, REJECT
from curator.labels.quality.tails import clopper_pearson, wrong_in_lot
from curator.provenance.kinds_audit import UNCLEAR, WRONG
from curator.provenance.state import Record


@dataclass(frozen=True)
class Stratum:
    """What was found in one stratum.

    Parameters
    ----------
    name, plan
        The stratum's, with its plan.
    looked, wrong, unclear
        Labels looked at in the order of the draw up to the decision, or to the first that nobody looked at.
    missing
        Labels of the draw that nobody looked at.
    outcome
        accept, reject or undecided.
    share, bad
        Exact intervals of the share of wrong labels and of their number in the stratum.
    """

    name: str
    plan: Plan
    looked: int
    wrong: int
    unclear: int
    missing: int
    outcome: str
    share: tuple[float, float]
    bad: tuple[int, int]

    def document(self) -> dict[str, Any]:
        """Return it as reports have it."""
        return {
            "name": self.name,
            "plan": self.plan.document(points=False),
            "looked": self.looked,
            "wrong": self.wrong,
            "unclear": self.unclear,
            "missing": self.missing,
            "outcome": self.outcome,
            "shareLow": self.share[0],
            "shareHigh": self.share[1],
            "wrongLow": self.bad[0],
            "wrongHigh": self.bad[1],
            "exact": self.plan.scheme != SPRT,
        }


@dataclass(frozen=True)
class Verdict:
    """The verdict about a lot; `results` is the digest of the findings, `changed` counts those that were changed."""

    lot: str
    seed: Seed
    level: float
    strata: tuple[Stratum, ...]
    results: str
    changed: int
    disputed: int

    @property
    def outcome(self) -> str:
        """Reject if one stratum is, else undecided if one is, else accept."""
        outcomes = {one.outcome for one in self.strata}
        return REJECT if REJECT in outcomes else OPEN if OPEN in outcomes else ACCEPT

    def body(self) -> dict[str, Any]:
        """Return the body of the record."""
        return {
            "seed": self.seed.value.hex(),
            "seedFrom": self.seed.document(),
            "results": self.results,
            "level": decimal(self.level),
            "changed": self.changed,
            "outcome": self.outcome,
            "strata": [
                {
                    "name": one.name,
                    "looked": one.looked,
                    "wrong": one.wrong,
                    "unclear": one.unclear,
                    "outcome": one.outcome,
                    "shareLow": decimal(one.share[0]),
                    "shareHigh": decimal(one.share[1], up=True),
                    "wrongLow": one.bad[0],
                    "wrongHigh": one.bad[1],
                    "producer": decimal(one.plan.producer, up=True),
                    "consumer": decimal(one.plan.consumer, up=True),
                }
                for one in self.strata
            ],
        }


def decimal(share: float, *, up: bool = False) -> str:
    """Write a share as a decimal of six digits, rounded down, or up where a larger number is the careful one."""
    import math

    scaled = share * 1_000_000
    nearest = round(scaled)
    whole = nearest if abs(scaled - nearest) < 1e-6 else (math.ceil(scaled) if up else math.floor(scaled))
    if whole >= 1_000_000:
        return "1"
    return "0" if whole <= 0 else "0." + f"{whole:06d}".rstrip("0")


@dataclass(frozen=True)
class Drawn:
    """One stratum's draw: its plan, and its labels in order, as many as the plan may look at."""

    name: str
    plan: Plan
    labels: tuple[Signed, ...]


def draw(lot: Record, strata: Mapping[str, Sequence[Signed]], seed: Seed) -> list[Drawn]:
    """Draw the sample of each stratum of a lot."""
    ask = Ask.of(lot.predicate["plan"])
    rows = {one["name"]: one for one in lot.predicate["strata"]}
    made = []
    for name, group in strata.items():
        row = rows[name]
        # What was signed counts, should a later edition of the program compute another plan.
        plan = replace(ask.plan(len(group)), sample=row["sample"], accept=row["accept"], reject=row["reject"])
        made.append(Drawn(name, plan, tuple(order(seed.value, group)[: row["sample"]])))
    return made


def findings(found: Collected, lot: str, label: str) -> tuple[str | None, int, bool]:
    """Return what was found of a label in a lot (None: nothing), how often it was changed, and if auditors differ."""
    own: dict[str, str] = {}
    changed = 0
    for one in found.findings.get(label, ()):
        if one.lot == lot:
            changed += own.get(one.by, one.verdict) != one.verdict
            own[one.by] = one.verdict
    if not own:
        return None, 0, False
    said = set(own.values())
    return (said.pop(), changed, False) if len(said) == 1 else (UNCLEAR, changed, True)


def verdict_of(lot: Record, drawn: Sequence[Drawn], seed: Seed, found: Collected, level: float = 0.95) -> Verdict:
    """Judge a lot.

    Parameters
    ----------
    lot
        The record that closed it.
    drawn
        From :func:`draw`.
    seed
        With which it was drawn.
    found
        What the ledger says.
    level
        Coverage of the intervals.
    """
    name = lot.subject[0]["name"].removeprefix("lots/")
    strata, lines, changed, disputed = [], [], 0, 0
    for one in drawn:
        said = []
        for label in one.labels:
            what, again, differ = findings(found, name, label.label)
            said.append(what)
            changed += again
            disputed += differ
            if what is not None:
                lines.append([label.label, label.leaf, what])
        strata.append(_judge(one, said, level))
    results = hashlib.sha256(canonical_bytes(sorted(lines))).hexdigest()
    return Verdict(name, seed, level, tuple(strata), results, changed, disputed)


def _judge(one: Drawn, said: Sequence[str | None], level: float) -> Stratum:
    plan, seen, wrong, unclear, outcome = one.plan, 0, 0, 0, OPEN
    missing = sum(what is None for what in said)
    if plan.scheme == SPRT:
        sound = bad_ones = OPEN
        for what in said:
            if what is None:
                break
            seen, wrong, unclear = seen + 1, wrong + (what == WRONG), unclear + (what == UNCLEAR)
            # The test goes on twice, with unclear ones sound and wrong; each ends where it ends first.
            sound = plan.judge(seen, wrong) if sound == OPEN else sound
            bad_ones = plan.judge(seen, wrong + unclear) if bad_ones == OPEN else bad_ones
            if OPEN not in {sound, bad_ones}:
                outcome = sound if sound == bad_ones else OPEN
                missing = 0 if outcome != OPEN else missing
                break
    else:
        seen = len(said) - missing
        wrong, unclear = sum(what == WRONG for what in said), sum(what == UNCLEAR for what in said)
        outcome = _both(plan, seen, wrong, unclear)
    share = clopper_pearson(wrong, seen, level, unclear=unclear)
    bad = wrong_in_lot(wrong, seen, plan.lot or seen, level, unclear=unclear)
    return Stratum(one.name, plan, seen, wrong, unclear, missing, outcome, share, bad)


def _both(plan: Plan, seen: int, wrong: int, unclear: int) -> str:
    """Judge with the unclear ones sound, and wrong: only what both ways lead to is an outcome."""
    if plan.judge(seen, wrong) == REJECT:
        return REJECT
    return ACCEPT if plan.judge(seen, wrong + unclear) == ACCEPT else OPEN


def whole(strata: Sequence[Stratum], level: float) -> tuple[int, int]:
    """Return an interval of the wrong labels of all strata: the sums of intervals at a level that all keep together."""
    each = 1 - (1 - level) / len(strata)
    made = [
        wrong_in_lot(one.wrong, one.looked, one.plan.lot or one.looked, each, unclear=one.unclear) for one in strata
    ]
    return sum(low for low, _ in made), sum(high for _, high in made)


def earlier_wrong(found: Collected, lot: Record, drawn: list[Drawn]) -> int:
    """Count drawn labels that were drawn and found wrong in a lot before: a lot must not come back unchanged."""
    names = {label.label for one in drawn for label in one.labels}
    own = lot.subject[0]["name"].removeprefix("lots/")
    return sum(any(one.lot != own and one.verdict == "wrong" for one in found.findings.get(name, ())) for name in names)


def next_inspection_of(found: Collected, lot: Record, made: Verdict) -> str | None:
    """Say how the next lot is to be inspected by the switching rules, for plans of Z1.4."""
    from curator.labels.quality.z14 import next_inspection

    if lot.predicate["plan"]["scheme"] != "z1.4" or made.outcome not in {"accept", "reject"}:
        return None
    history = []
    for name, records in found.verdicts.items():
        said = found.lots[name].predicate["plan"]
        outcome = records[-1].predicate["outcome"]
        if said["scheme"] == "z1.4" and outcome != "undecided" and name != made.lot:
            history.append((records[-1].index, said["inspection"], outcome == "accept"))
    past = [(inspection, accepted) for _, inspection, accepted in sorted(history)]
    return next_inspection([*past, (lot.predicate["plan"]["inspection"], made.outcome == "accept")])
