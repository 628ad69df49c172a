"""Tamper with a small ledger in every way that is known, ten thousand times and more, and show that none passes.

Each tamper is made on a copy, verified whole, and judged: integrity broken (exit 4), the first bad record named where
one can be. Tampers by people who hold all keys, made after the last outside anchor, are counted apart: they must be
found with a checkpoint that was held elsewhere. tests/provenance/test_tampers.py runs some hundred.
"""

import argparse
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "provenance"))

from ledger_world import World
from tampering import copy_of, every, judged


def share(job):
    """Judge every n-th tamper; return counts by family, how many named their record, and what went wrong."""
    number, of, seed, limit = job
    tried, named, wrong = Counter(), Counter(), []
    with tempfile.TemporaryDirectory() as temp:
        world = World(Path(temp) / "ledger").filled()
        held = world.ledger.latest_checkpoint()
        for at, tamper in enumerate(every(world, seed)):
            if limit and at >= limit:
                break
            if at % of != number:
                continue
            copy = copy_of(world, Path(temp) / "copy")
            tamper.apply(copy)
            found = judged(copy, tamper, held)
            tried[tamper.family] += 1
            named[tamper.family] += tamper.named is not None
            if found is not None:
                wrong.append(f"{tamper.family}: {tamper.what}: {found}")
    return tried, named, wrong


def main():
    """Share the tampers among processes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--seed", type=int, default=0, help="which bit of each byte is flipped (default 0)")
    parser.add_argument("--limit", type=int, default=0, help="stop after so many (default: all)")
    given = parser.parse_args()
    tried, named, wrong = Counter(), Counter(), []
    jobs = [(number, given.workers, given.seed, given.limit) for number in range(given.workers)]
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        for one, two, three in pool.map(share, jobs):
            tried += one
            named += two
            wrong += three
    for family, count in sorted(tried.items()):
        print(f"{count:>7,}  {family}" + (f" ({named[family]:,} had to name the record)" if named[family] else ""))
    print(f"{sum(tried.values()):>7,}  tampers, {len(wrong)} judged wrong")
    for line in wrong[:50]:
        print(f"WRONG  {line}")
    return 1 if wrong or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
