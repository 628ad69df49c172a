"""Tamper with a package in every way that is known, and show that ``release verify --key`` finds each.

The package holds images, labels, a ledger's extract, documents as PDF and the submission's archives. Tampers by whoever
holds the operator's key, and signs anew, are counted apart: lists, samples and the ledger's extract are bound by other
people's signatures, so these are found too, but for a record that is held back, which is counted; documents are the
operator's own word. tests/release/test_tampers.py runs
some hundred. ``scripts/soak/packages [--bytes N] [--seed N] [--limit N]``.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "release"))

import conftest
from package_tampers import copy_of, every, judged

from curator.provenance.keys import SeedSigner


def share(job):
    """Judge every n-th tamper; return counts by family and what was not found."""
    number, of, seed, count, limit = job
    tried, wrong = Counter(), []
    with tempfile.TemporaryDirectory() as temp:
        site, package, other = conftest.whole_pair(Path(temp))
        operator = SeedSigner(site.vault.operator_key())
        assert judged(copy_of(package, Path(temp) / "copy"), bytes(operator.public)) == "passed"
        tampers = list(every(package, other, operator, seed, count))
        random.Random(seed).shuffle(tampers)
        for at, tamper in enumerate(tampers[: limit or None]):
            if at % of != number:
                continue
            copy = copy_of(package, Path(temp) / "copy")
            tamper.apply(copy)
            found = judged(copy, bytes(operator.public), tamper)
            tried[tamper.family] += 1
            if found is not None:
                wrong.append(f"{tamper.family}: {tamper.what}: {found}")
    return tried, wrong


def main():
    """Share the tampers among processes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--seed", type=int, default=0, help="draws places (default 0)")
    parser.add_argument("--bytes", type=int, default=20, help="bytes changed of each file, besides first and last")
    parser.add_argument("--limit", type=int, default=0, help="only so many, drawn (default: all)")
    given = parser.parse_args()
    tried, wrong = Counter(), []
    jobs = [(number, given.workers, given.seed, given.bytes, given.limit) for number in range(given.workers)]
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        for one, two in pool.map(share, jobs):
            tried += one
            wrong += two
    for family, count in sorted(tried.items()):
        print(f"{count:>7,}  {family}")
    print(f"{sum(tried.values()):>7,}  tampers, {len(wrong)} not found")
    print("\n".join(wrong[:50]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
