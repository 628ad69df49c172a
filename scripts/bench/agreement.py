"""How fast agreement is measured, beside other libraries: CPU seconds of one process, ours and theirs in turn.

Give the Python of a scratch environment that has numpy, scipy, krippendorff, scikit-learn, crowd-kit (its
dawid_skene module is enough) and surface-distance: ``scripts/bench/agreement /path/to/venv/bin/python``. None is a
dependency. Both sides run in that environment, on the same made-up data; making the data is not counted. A peer that is
missing is named, and its line has no ratio. Exit 1 when a target is missed, 3 when ours could not be run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Most CPU seconds, or most of the peer's time, that ours may take.
SECONDS = {"bootstrap": 1.0, "surfaces": 1.0}
SHARE = {"dawid-skene": 1 / 3}
TASKS = ("alpha-nominal", "alpha-ordinal", "bootstrap", "cohen", "dawid-skene", "surfaces")


def ratings(units: int, readers: int, classes: int) -> Any:
    import numpy as np

    rng = np.random.default_rng(7)
    truth = rng.integers(0, classes, units)
    table = np.where(rng.random((units, readers)) < 0.8, truth[:, None], rng.integers(0, classes, (units, readers)))
    order = rng.permutation(units * readers)
    return table, np.repeat(np.arange(units), readers)[order], table.ravel()[order]


def crowd() -> Any:
    """900,000 answers: 180,000 units, each by five of a hundred readers of different skill."""
    import numpy as np

    rng = np.random.default_rng(8)
    units, classes = 180_000, 4
    truth = rng.integers(0, classes, units)
    reader = (rng.integers(0, 20, (units, 5)) + np.arange(5) * 20).ravel()
    skill = rng.uniform(0.5, 0.95, 100)[reader]
    right = np.repeat(truth, 5)
    return (
        np.repeat(np.arange(units), 5),
        reader,
        np.where(rng.random(len(right)) < skill, right, rng.integers(0, classes, len(right))),
    )


def balls() -> Any:
    import numpy as np

    z, y, x = np.ogrid[:300, :512, :512]

    def ball(c: tuple[int, int, int], r: float) -> Any:
        return (z - c[0]) ** 2 + ((y - c[1]) * 0.7) ** 2 + ((x - c[2]) * 0.7) ** 2 <= r * r

    return ball((150, 256, 256), 90), ball((152, 259, 258), 92)


def ours(task: str) -> tuple[Callable[[], Any], Callable[[Any], list[float]]]:
    import numpy as np

    from curator.labels.agreement import coefficients as c
    from curator.labels.agreement import masks, pairs
    from curator.labels.agreement.consensus import dawid_skene
    from curator.labels.agreement.model import Coded, Ratings
    from curator.labels.agreement.patterns import as_floats, patterns
    from curator.labels.agreement.resample import Sampling, draws, generator
    from curator.labels.agreement.scales import weights
    from curator.labels.agreement.sums import Scheme, Sums, sums

    numbers = np.arange(1.0, 6)
    if task == "surfaces":
        a, b = balls()
        return lambda: masks.compare(a, b, (1, 0.7, 0.7), tolerance=2.0)[1], lambda s: [s.hd95, s.assd, s.surface_dice]
    if task == "dawid-skene":
        unit, reader, value = crowd()
        names = tuple(map(str, range(100)))
        made = Ratings(unit, Coded(reader, names), Coded(value, names[:4]), numbers[:4])
        return lambda: dawid_skene(made), lambda found: found.prevalence.tolist()
    _, unit, value = ratings(200_000, 5, 5)
    if task == "cohen":
        one, two = ratings(1_000_000, 2, 5)[0].T

        def kappa() -> Any:
            pair = pairs.from_table(np.bincount(one * 5 + two, minlength=25).reshape(5, 5))
            return pairs.cohen_kappa(pair, pair.frequency.astype(float)[None, :], np.eye(5))[0]

        return kappa, lambda found: [float(found)]
    scale = "ordinal" if task == "alpha-ordinal" else "nominal"
    scheme = Scheme(scale, numbers, weights("identity", numbers))

    def alpha() -> Any:
        counted = patterns(unit, value, 5)
        point = sums(counted, as_floats(counted), scheme)
        found = [float(c.alpha(point, scheme)[0]), float(c.ac1(point)[0])]
        if task == "bootstrap":
            how = Sampling(1000)
            drawn = Sums.joined([sums(counted, some, scheme) for some in draws(counted.frequency, how, generator(how))])
            for of in (c.alpha(drawn, scheme), c.ac1(drawn)):
                found += np.quantile(of, [0.025, 0.975]).tolist()
        return found

    return alpha, lambda found: found if task == "bootstrap" else found[:1]


def theirs(task: str) -> tuple[str, Callable[[], Any], Callable[[Any], list[float]]]:
    if task.startswith("alpha"):
        import krippendorff

        table = ratings(200_000, 5, 5)[0].T + 1
        level = task.removeprefix("alpha-")
        return (
            "krippendorff",
            lambda: krippendorff.alpha(reliability_data=table, level_of_measurement=level),
            lambda found: [float(found)],
        )
    if task == "cohen":
        from sklearn.metrics import cohen_kappa_score

        one, two = ratings(1_000_000, 2, 5)[0].T
        return "scikit-learn", lambda: cohen_kappa_score(one, two), lambda found: [float(found)]
    if task == "dawid-skene":
        import pandas as pd
        from crowdkit.aggregation.classification.dawid_skene import DawidSkene

        unit, reader, value = crowd()
        frame = pd.DataFrame({"task": unit, "worker": reader, "label": value})
        return (
            "crowd-kit",
            lambda: DawidSkene(n_iter=100).fit(frame),
            lambda found: found.priors_.sort_index().tolist(),
        )
    if task == "surfaces":
        import surface_distance as sd

        a, b = balls()

        def measure() -> Any:
            found = sd.compute_surface_distances(a, b, (1, 0.7, 0.7))
            one, two = sd.compute_average_surface_distance(found)
            return [
                sd.compute_robust_hausdorff(found, 95),
                (one + two) / 2,
                sd.compute_surface_dice_at_tolerance(found, 2.0),
            ]

        return "surface-distance", measure, lambda found: [float(x) for x in found]
    raise ImportError


def child(task: str, side: str) -> None:
    """Run one side of one task and print what it took and found."""
    if side == "ours":
        name, (work, shown) = "ours", ours(task)
    else:
        try:
            name, work, shown = theirs(task)
        except ImportError:
            print(json.dumps(None))
            return
    begin = time.process_time()
    found = work()
    print(json.dumps({"name": name, "cpu": time.process_time() - begin, "found": shown(found)}))


def measured(python: str, task: str, side: str) -> Any:
    paths = os.pathsep.join([str(ROOT), *([os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else [])])
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [python, __file__, python, "--child", task, side],
        env=os.environ | one | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("python", help="Python of a scratch environment with the peers")
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs, in turn (3)")
    parser.add_argument("--task", choices=TASKS, action="append", help="this task alone; may be repeated")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(*given.child)
        return 0
    missed = failed = False
    print(f"{'task':<15}{'ours':>9}{'theirs':>9}{'ratio':>8}   peer, what ours and theirs found")
    for task in given.task or TASKS:
        runs: dict[str, list[Any]] = {"ours": [], "theirs": []}
        for _ in range(given.rounds):
            for side, kept in runs.items():
                if side == "ours" or task != "bootstrap":
                    kept.append(measured(given.python, task, side))
        mine, other = ([one for one in runs[side] if one] for side in ("ours", "theirs"))
        if not mine:
            failed = True
            print(f"{task:<15}  could not be run")
            continue
        cpu = min(one["cpu"] for one in mine)
        peer = min((one["cpu"] for one in other), default=None)
        ratio = f"{cpu / peer:8.3f}" if peer else f"{'-':>8}"
        said = [" ".join(f"{x:.4f}" for x in one[0]["found"]) for one in (mine, other) if one]
        name = other[0]["name"] if other else "no peer"
        print(f"{task:<15}{cpu:>9.3f}{'-' if peer is None else f'{peer:.3f}':>9}{ratio}   {name}: {' | '.join(said)}")
        missed |= cpu > SECONDS.get(task, cpu) or (peer is not None and cpu > SHARE.get(task, 9e9) * peer)
    return 3 if failed else int(missed)


if __name__ == "__main__":
    sys.exit(main())
