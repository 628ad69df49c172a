"""Drift: whether what readers give differs between readers, guideline versions, sites, devices or weeks.

Each factor is held against the classes in a table of counts. P-values are those of the chi-square distribution, or of
random orders where counts are small or units are read more than once; effect sizes stand beside them, since large
tables make small differences significant. The population stability index is given as information only: it has no
p-value and its usual limits (0.1, 0.25) have no ground.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.model import Coded, Floats, Ints
from curator.labels.agreement.needs import scipy_part
from curator.labels.quality.cusum import REFERENCE, arl, chart, limit_for
from curator.labels.quality.reads import Reads, week_name
from curator.labels.quality.shuffles import DRAWS, PERMUTATION, p_values, repeated

#: Chi-square's own p-value is used when no expected count is below this (W. G. Cochran, Biometrics 10, 1954).
LEAST_EXPECTED = 5
HOLM, BH = "holm", "bh"
_SMALL = 1e-4


def report(
    reads: Reads,
    by: Sequence[str],
    *,
    weekly: bool,
    alpha: float = 0.05,
    method: str = HOLM,
    seed: int = 1,
    run: int = 200,
) -> dict[str, Any]:
    """Look for drift.

    Parameters
    ----------
    reads
        The reads.
    by
        Factors: ``reader`` and names of `reads.groups`.
    weekly
        Also by week: a test of the row of weeks, and a CUSUM chart of each class and, with two or more readers a unit,
        of the share that differs from others.
    alpha
        Of all tests together (Holm), or the share of false discoveries (BH).
    method
        holm or bh.
    seed
        Where the random orders begin.
    run
        Weeks between false alarms of one chart, on average.

    Returns
    -------
    dict
        By schemas/drift-report.schema.json.

    Raises
    ------
    CheckError
        QUA-033 when nothing can be compared: one class, or one level of each factor.
    """
    if len(reads.value.names) < 2 or len(np.unique(reads.value.codes)) < 2:
        raise CheckError("QUA-033")
    factors = {name: reads.reader if name == "reader" else reads.groups[name] for name in by}
    unit = reads.unit if repeated(reads.unit) else None
    made = [_factor(name, one, reads.value, seed, unit) for name, one in factors.items()]
    weeks = _weeks(reads, seed, run, unit) if weekly else None
    tests: list[dict[str, Any]] = [one for one in made if one["p"] is not None]
    tests += [level for one in made for level in one["levels"] if level["p"] is not None]
    if weeks is not None and weeks["p"] is not None:
        tests.append(weeks)
    if not tests:
        raise CheckError("QUA-033")
    for one, adjusted in zip(tests, adjust([one["p"] for one in tests], method), strict=True):
        one["adjusted"] = adjusted
        one["drifts"] = adjusted <= alpha
    return {
        "format": 1,
        "reads": len(reads),
        "classes": list(reads.value.names),
        "alpha": alpha,
        "method": method,
        "seed": seed,
        "factors": made,
        "weeks": weeks,
        "drifts": any(one["drifts"] for one in tests) or bool(weeks and any(c["signal"] for c in weeks["charts"])),
    }


def adjust(p: Sequence[float], method: str) -> list[float]:
    """Return adjusted p-values: S. Holm, Scand. J. Statist. 6, 1979; Y. Benjamini and Y. Hochberg, JRSS B 57, 1995."""
    order = sorted(range(len(p)), key=lambda at: p[at])
    made = [0.0] * len(p)
    if method == HOLM:
        worst = 0.0
        for rank, at in enumerate(order):
            worst = max(worst, min(1.0, (len(p) - rank) * p[at]))
            made[at] = worst
    else:
        best = 1.0
        for rank in range(len(p) - 1, -1, -1):
            best = min(best, len(p) / (rank + 1) * p[order[rank]])
            made[order[rank]] = best
    return made


def counts_of(level: Ints, value: Ints) -> Floats:
    """Return the table of counts, shape (levels, classes)."""
    levels, classes = int(level.max()) + 1, int(value.max()) + 1
    return np.bincount(level * classes + value, minlength=levels * classes).reshape(levels, classes).astype(np.float64)


def chi_square(table: Floats) -> tuple[float, int, float]:
    """Return Pearson's statistic, degrees of freedom and the least expected count, without empty rows and columns."""
    kept = table[table.sum(1) > 0][:, table.sum(0) > 0]
    if kept.shape[0] < 2 or kept.shape[1] < 2:
        return 0.0, 0, 0.0
    expected = np.outer(kept.sum(1), kept.sum(0)) / kept.sum()
    return float(((kept - expected) ** 2 / expected).sum()), (kept.shape[0] - 1) * (kept.shape[1] - 1), expected.min()


def test(level: Ints, value: Ints, seed: int, name: str) -> dict[str, Any]:
    """Test whether levels have the same classes, with each unit read once.

    Returns
    -------
    dict
        ``statistic``, ``freedom``, ``p`` (None where there is nothing to compare), ``how`` (chi-square or permutation),
        ``cramers_v`` (H. Cramér, Mathematical Methods of Statistics, 1946).
    """
    made, least = _measured(level, value)
    if made["how"] == "none":
        return made
    if least >= LEAST_EXPECTED:
        return {**made, "p": float(scipy_part("stats").chi2.sf(made["statistic"], made["freedom"]))}
    rng = _rng(seed, name)
    as_great = 0
    for _ in range(DRAWS):
        drawn = chi_square(counts_of(level, rng.permutation(value)))[0]
        as_great += drawn >= made["statistic"] - 1e-9
    return {**made, "p": (1 + as_great) / (1 + DRAWS), "how": PERMUTATION}


def _rng(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8]])


def _measured(level: Ints, value: Ints) -> tuple[dict[str, Any], float]:
    """Return a test without its p-value, and the least expected count."""
    table = counts_of(level, value)
    statistic, freedom, least = chi_square(table)
    if not freedom:
        return {"statistic": 0.0, "freedom": 0, "p": None, "how": "none", "cramers_v": None}, 0.0
    narrow = min((table.sum(1) > 0).sum(), (table.sum(0) > 0).sum()) - 1
    effect = math.sqrt(statistic / (table.sum() * narrow))
    return {"statistic": statistic, "freedom": freedom, "p": None, "how": "chi-square", "cramers_v": effect}, least


def _tests(
    level: Ints, value: Ints, seed: int, name: str, names: Sequence[str], unit: Ints | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Test a factor, and each of its levels (`names`) against all others together.

    Parameters
    ----------
    unit
        Given where units were read more than once, whose reads hang together.
    """
    apart = [(level == at).astype(np.int64) for at in range(len(names))]
    if unit is None:
        each = [test(own, value, seed, f"{name}/{one}") for own, one in zip(apart, names, strict=True)]
        return test(level, value, seed, name), each
    made = [_measured(one, value)[0] for one in (level, *apart)]
    if made[0]["how"] != "none":
        found, how = p_values(unit, level, value, _rng(seed, name))
        made = [{**one, "p": p, "how": how} for one, p in zip(made, found, strict=False)]
    return made[0], made[1:]


def cohens_h(one: float, two: float) -> float:
    """Return Cohen's h of two shares (J. Cohen, Statistical Power Analysis, 2nd edition, 1988, section 6.2)."""
    return 2 * math.asin(math.sqrt(one)) - 2 * math.asin(math.sqrt(two))


def stability_index(one: Floats, two: Floats) -> float:
    """Return the population stability index of two rows of counts; empty classes count as a ten-thousandth."""
    first, second = (np.maximum(row / max(row.sum(), 1), _SMALL) for row in (one, two))
    return float(((first - second) * np.log(first / second)).sum())


def _factor(name: str, factor: Coded, value: Coded, seed: int, unit: Ints | None) -> dict[str, Any]:
    used, level = np.unique(factor.codes, return_inverse=True)
    level = level.astype(np.int64)
    names = [factor.names[code] for code in used]
    made, each = _tests(level, value.codes, seed, name, names if len(used) > 2 else (), unit)
    table = counts_of(level, value.codes)
    if len(used) == 2:
        each = [{**made, "p": None, "how": "none", "cramers_v": None}] * 2
    levels = [_level(names[at], table, at, own, value) for at, own in enumerate(each)]
    return {"by": name, **made, "adjusted": None, "drifts": False, "levels": levels}


def _level(name: str, table: Floats, at: int, own: dict[str, Any], value: Coded) -> dict[str, Any]:
    """Hold one level against all others together."""
    mine, rest = table[at], table.sum(0) - table[at]
    apart = [cohens_h(float(a), float(b)) for a, b in zip(mine / mine.sum(), rest / max(rest.sum(), 1), strict=True)]
    widest = max(range(len(apart)), key=lambda c: abs(apart[c]))
    return {
        "level": name,
        "reads": int(mine.sum()),
        **own,
        "adjusted": None,
        "drifts": False,
        "class": value.names[widest],
        "share": float(mine[widest] / mine.sum()),
        "rest": float(rest[widest] / max(rest.sum(), 1)),
        "cohens_h": apart[widest],
        "psi": stability_index(mine, rest),
    }


def _by_unit(unit: Ints, week: Ints, signal: Floats) -> tuple[Ints, Floats]:
    """Return week and mean signal of each unit in each week: reads of one unit are no independent draws."""
    both, place, count = np.unique(np.stack([week, unit]), axis=1, return_inverse=True, return_counts=True)
    return both[0], np.bincount(place.ravel(), signal) / count


def _weeks(reads: Reads, seed: int, run: int, unit: Ints | None) -> dict[str, Any]:
    if reads.week is None:
        raise CheckError("QUA-033")
    used, level = np.unique(reads.week, return_inverse=True)
    level = level.astype(np.int64)
    made, _ = _tests(level, reads.value.codes, seed, "week", (), unit)
    limit = limit_for(run)
    charts = []
    signals = {name: (reads.value.codes == at).astype(np.float64) for at, name in enumerate(reads.value.names)}
    units = np.bincount(reads.unit)
    if (units >= 2).any():
        pairs = counts_of(reads.unit, reads.value.codes)
        own = pairs[reads.unit, reads.value.codes]
        differs = 1 - (own - 1) / np.maximum(units[reads.unit] - 1, 1)
        signals["(differs from others)"] = np.where(units[reads.unit] >= 2, differs, np.nan)
    for name, signal in signals.items():
        fits = np.isfinite(signal)
        drawn = chart(*_by_unit(reads.unit[fits], level[fits], signal[fits]), len(used), limit)
        since = None if drawn.signal is None else week_name(int(used[drawn.began]))
        at = None if drawn.signal is None else week_name(int(used[drawn.signal]))
        charts.append(
            {
                "signal_of": name,
                "mean": drawn.mean,
                "highest": drawn.highest,
                "lowest": drawn.lowest,
                "signal": drawn.signal is not None,
                "at": at,
                "since": since,
            }
        )
    return {
        "weeks": [week_name(int(one)) for one in used],
        **made,
        "adjusted": None,
        "drifts": False,
        "limit": limit,
        "reference": REFERENCE,
        "run_length": arl(REFERENCE, limit),
        "charts": charts,
    }
