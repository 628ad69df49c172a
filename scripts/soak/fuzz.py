"""Draw hostile files anew for each reader, round by round: the tests of tests/fuzz under other seeds, for minutes each.

In `./scripts/test` these tests draw the same examples on each run. Here every round has a seed of its own, so that what
nobody has tried is tried; a failure prints the seed that shows it again. With --every, all tests that draw examples.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
EXAMPLES = re.compile(r"- (\d+) passing\b")
#: pytest says so of a file without a test of the kind asked for.
NOTHING = 5


def targets(every):
    """Return the test files that draw examples."""
    found = TESTS.rglob("test_*.py") if every else (TESTS / "fuzz").glob("test_*.py")
    return sorted(
        path for path in found if "import given" in (text := path.read_text(encoding="utf-8")) or "@given" in text
    )


def one_round(path, seed, seconds):
    """Run a file's drawing tests under a seed; return pytest's exit code, how many examples passed, and its words."""
    words = ["-q", "-p", "no:cacheprovider", "-n", "0", "-m", "", "--timeout", "0", "--hypothesis-show-statistics"]
    chosen = ["--hypothesis-profile", "drawn", "--hypothesis-seed", str(seed), str(path.relative_to(ROOT))]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *words, *chosen],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=max(600.0, 10 * seconds),
        )
    except subprocess.TimeoutExpired as late:
        return 1, 0, f"no end after {late.timeout:.0f} s"
    return done.returncode, sum(int(found[1]) for found in EXAMPLES.finditer(done.stdout)), done.stdout


def main():
    """Run each target until its time is over and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="of each target; at least one round (default 120)")
    parser.add_argument("--seed", type=int, help="of the first round (default: drawn and printed)")
    parser.add_argument(
        "--every", action="store_true", help="all tests that draw examples, not those of tests/fuzz alone"
    )
    parser.add_argument("--only", metavar="TEXT", default="", help="targets whose path holds this")
    given = parser.parse_args()
    first = random.SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    print(f"first seed {first}", flush=True)
    wrong = total = 0
    for path in (one for one in targets(given.every) if given.only in str(one)):
        name, began, rounds, examples, failed = path.relative_to(TESTS).as_posix(), time.monotonic(), 0, 0, []
        while rounds == 0 or time.monotonic() - began < given.seconds:
            code, passed, said = one_round(path, first + rounds, given.seconds)
            rounds, examples = rounds + 1, examples + passed
            if code not in {0, NOTHING}:
                failed.append(first + rounds - 1)
                print(
                    "\n".join(f"  | {line}" for line in said.splitlines() if line.startswith(("E  ", "FAILED")))[:4000]
                )
                break
        seeds = f"FAILED with --hypothesis-seed {failed[0]}" if failed else "0 failed"
        print(f"{name:<44}{rounds:>5} rounds {examples:>9,} examples  {seeds}", flush=True)
        wrong, total = wrong + bool(failed), total + examples
    print(f"{total:,} examples, {wrong} targets failed")
    return 1 if wrong or not total else 0


if __name__ == "__main__":
    sys.exit(main())
