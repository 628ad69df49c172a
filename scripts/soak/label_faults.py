"""How often the five faults of readers are found, and how often sets without a fault raise an alarm.

Makes reading studies with a known fault, or none, writes nothing of anybody real, and lets the very function behind
``curator labels faults`` judge each. Prints a table: faults found and false alarms with exact intervals, the sizes
used, and power at smaller sizes. The seeds that the tests were tuned on lie between 1 and 10,000,000; those reported
begin at 20,000,000.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

# Each process computes on one core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from curator.labels.agreement.model import Coded
from curator.labels.quality.faults import COPY, DRIFT, FAULTS, GUIDE, RUBBER, SWAP, look_for_faults
from curator.labels.quality.reads import MISSING, Reads
from curator.labels.quality.tails import clopper_pearson

CLASSES = ("benign", "unclear", "malignant")
MONDAY = 105_660  # number of the first week of 2026


@dataclass(frozen=True)
class Study:
    """A reading study: sizes, and how strong an injected fault is."""

    readers: int = 8
    units: int = 3000
    reads: int = 3
    weeks: int = 26
    #: rubber-stamping: share of reads in which the proposal is kept unseen, from two fifths of the study on.
    stamped: float = 0.9
    #: guideline-drift: how far the lower threshold moves for everyone, in standard deviations of severity.
    moved: float = 0.45
    #: drifting-reader: bias at the end, growing from a fifth of the study on.
    bias: float = 1.0
    #: copying-pair: share of the shared units in which one copies the other.
    copied: float = 0.7


def study(size: Study, fault: str | None, seed: int) -> Reads:
    """Make one study.

    Readers differ in bias, noise, speed and trust in proposals; each has better and worse weeks; everyone gets quicker;
    sites differ in case mix. Severity is normal, classes are cut at 0.3 and 1.1.
    """
    rng = np.random.default_rng([20261126, seed])
    r, u = size.readers, size.units
    site = rng.integers(0, 3, u)
    severity = rng.normal(0, 1, u) + np.array([-0.15, 0.0, 0.2])[site]
    unit_week = np.sort(rng.integers(0, size.weeks, u))
    own_bias, noise = rng.normal(0, 0.2, r), rng.uniform(0.25, 0.5, r)
    trust, speed = rng.uniform(0.03, 0.25, r), rng.normal(np.log(45), 0.4, r)
    session = rng.normal(0, 0.08, (r, size.weeks + 2))
    cuts = np.tile([0.3, 1.1], (u, 1))
    proposal = (severity + rng.normal(0, 0.55, u))[:, None] > np.array([0.3, 1.1])
    proposal = proposal.sum(1)
    who = np.argsort(rng.random((u, r)), axis=1)[:, : size.reads]
    unit = np.repeat(np.arange(u), size.reads)
    reader = who.ravel()
    week = unit_week[unit] + rng.integers(0, 2, len(unit))
    bias = own_bias[reader] + session[reader, week]
    pair = rng.choice(r, 2, replace=False)
    begin = int(size.weeks * rng.uniform(0.4, 0.6))
    if fault == GUIDE:
        cuts[unit_week >= begin, 0] -= size.moved
    if fault == DRIFT:
        start = 0.2 * size.weeks
        grown = np.clip((week - start) / (size.weeks - start), 0, 1) * size.bias * rng.choice([-1, 1])
        bias = bias + np.where(reader == pair[0], grown, 0)
    seen = severity[unit] + bias + rng.normal(0, 1, len(unit)) * noise[reader]
    value = (seen[:, None] > cuts[unit]).sum(1)
    seconds = np.exp(speed[reader] - 0.15 * week / size.weeks + rng.normal(0, 0.5, len(unit)))
    keeps = rng.random(len(unit)) < trust[reader]
    if fault == RUBBER:
        late = (reader == pair[0]) & (week >= 0.4 * size.weeks)
        keeps |= late & (rng.random(len(unit)) < size.stamped)
        seconds[late] *= 0.6
    value = np.where(keeps, proposal[unit], value)
    if fault == COPY:
        place = {(one, two): at for at, (one, two) in enumerate(zip(unit, reader, strict=True))}
        for at in np.flatnonzero(reader == pair[1]):
            source = place.get((unit[at], pair[0]))
            if source is not None and rng.random() < size.copied:
                value[at] = value[source]
    if fault == SWAP:
        late = week >= begin
        reader = np.where(late & (reader == pair[0]), pair[1], np.where(late & (reader == pair[1]), pair[0], reader))
    given = proposal[unit]
    names = tuple(f"reader-{number}" for number in range(1, r + 1))
    return Reads(
        unit.astype(np.int64),
        Coded(reader.astype(np.int64), names),
        Coded(value.astype(np.int64), CLASSES),
        MONDAY + week,
        (MONDAY + week) * 7 + 1,
        np.where(given == MISSING, MISSING, (given != value).astype(np.int64)),
        given.astype(np.int64),
        seconds,
        {"site": Coded(site[unit].astype(np.int64), ("north", "south", "west"))},
    )


def judged(job: tuple[Study, str | None, int]) -> list[str]:
    """Return the faults that are reported of one study."""
    size, fault, seed = job
    return [one.fault for one in look_for_faults(study(size, fault, seed), seed=seed) if one.found]


def measure(pool: ProcessPoolExecutor, size: Study, fault: str | None, count: int, first: int) -> dict[str, object]:
    """Judge so many studies with a fault, or without."""
    kind = FAULTS.index(fault) + 1 if fault else 0
    jobs = [(size, fault, first + 10_000 * kind + number) for number in range(count)]
    found = list(pool.map(judged, jobs, chunksize=4))
    hits = sum(fault in one if fault else bool(one) for one in found)
    low, high = clopper_pearson(hits, count)
    other = {name: sum(name in one for one in found) for name in FAULTS}
    return {"fault": fault, "studies": count, "hits": hits, "low": low, "high": high, "reported": other}


def line(name: str, one: dict[str, object]) -> str:
    low, high, hits, count = one["low"], one["high"], one["hits"], one["studies"]
    return f"{name:<28}{hits:>6} of {count:<6}{100 * hits / count:>6.1f} %   {100 * low:.1f} .. {100 * high:.1f} %"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=200, help="studies a fault [%(default)s]")
    parser.add_argument("--clean", type=int, default=400, help="studies without a fault [%(default)s]")
    parser.add_argument(
        "--power", type=int, default=40, help="studies a point of the power curves; 0: none [%(default)s]"
    )
    parser.add_argument("--seed", type=int, default=20_000_000, help="first seed [%(default)s]")
    parser.add_argument("--jobs", type=int, default=2, help="processes [%(default)s]")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    given = parser.parse_args()
    size = Study()

    def said(name: str, one: dict[str, object]) -> dict[str, object]:
        if not given.json:
            print(line(name, one), flush=True)
        return one

    if not given.json:
        print(f"study: {asdict(size)}", flush=True)
    with ProcessPoolExecutor(given.jobs) as pool:
        clean = said("false alarm, no fault", measure(pool, size, None, given.clean, given.seed))
        found = [said(f"found: {one}", measure(pool, size, one, given.studies, given.seed)) for one in FAULTS]
        curves: list[dict[str, object]] = []
        for units in (600, 1200) if given.power else ():
            for fault in (None, *FAULTS):
                made = measure(pool, replace(size, units=units), fault, given.power, given.seed + 5_000_000)
                curves.append(said(f"{units} units, {fault or 'no fault'}", {"units": units, **made}))
    if given.json:
        print(json.dumps({"study": asdict(size), "clean": clean, "faults": found, "power": curves}, indent=2))
    alarms_kept = clean["hits"] <= 0.05 * given.clean
    return 0 if alarms_kept and all(one["hits"] >= 0.95 * one["studies"] for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
