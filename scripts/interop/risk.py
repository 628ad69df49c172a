#!/usr/bin/env python3
"""Hold the measures of ``curator risk`` against pycanon's, on made-up tables. Runs only when asked.

Give the Python of a scratch environment that has pycanon: ``scripts/interop/risk.py /path/to/venv/bin/python``. pycanon
pins old numeric packages, so it is in no environment of the project. Prints one line a measure; exit 0 if all agree,
1 if one does not, 3 if pycanon cannot be run.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

QUASI, SENSITIVE = ["sex", "band", "zip3"], ["dx", "days"]
THEIRS = """
import json, sys
import pandas as pd
from pycanon import anonymity
quasi, told = json.loads(sys.argv[2])
data = pd.read_csv(sys.argv[1], dtype={name: str for name in [*quasi, "dx"]})
found = {"k": int(anonymity.k_anonymity(data, quasi))}
for name in told:
    found[name] = {
        "distinct_l": int(anonymity.l_diversity(data, quasi, [name])),
        "entropy_l": float(anonymity.entropy_l_diversity(data, quasi, [name])),
        "t": float(anonymity.t_closeness(data, quasi, [name])),
    }
print(json.dumps(found))
"""


def table(path: Path, seed: int) -> None:
    """Write a made-up table: 3,000 rows, skewed like a hospital's."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow([*QUASI, *SENSITIVE])
        for _ in range(3000):
            rows.writerow(
                [
                    draw.choice("fm"),
                    f"{draw.randrange(4) * 20}+",
                    f"{draw.choice([481, 482, 990])}",
                    draw.choices(["I10", "E11", "J45", "C50"], [8, 4, 2, 1])[0],
                    min(int(draw.expovariate(0.2)), 40),
                ]
            )


def ours(path: Path) -> dict[str, Any]:
    """Return what curator measures."""
    line = [Path(sys.executable).parent / "curator", "risk", path, "--quasi", ",".join(QUASI)]
    line += ["--sensitive", ",".join(SENSITIVE), "--json"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(5):
            path = Path(folder) / f"table{seed}.csv"
            table(path, seed)
            line = [sys.argv[1], "-c", THEIRS, str(path), json.dumps([QUASI, SENSITIVE])]
            done = subprocess.run(line, capture_output=True, text=True, check=False)
            if done.returncode:
                print("pycanon cannot be run:", done.stderr.strip().splitlines()[-1:], file=sys.stderr)
                return 3
            theirs, mine = json.loads(done.stdout), ours(path)
            pairs: list[tuple[str, float, float]] = [("k", mine["k"], theirs["k"])]
            for one in mine["sensitive"]:
                other = theirs[one["name"]]
                # pycanon rounds entropy l down to a whole number.
                pairs.append((f"{one['name']} entropy l", int(one["entropy_l"] + 1e-9), int(other["entropy_l"])))
                pairs += [(f"{one['name']} {name}", one[name], other[name]) for name in ("distinct_l", "t")]
            for name, left, right in pairs:
                agrees = abs(left - right) < 1e-9
                wrong += not agrees
                print(f"{'agrees ' if agrees else 'DIFFERS'} table {seed} {name}: curator {left:g}, pycanon {right:g}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
