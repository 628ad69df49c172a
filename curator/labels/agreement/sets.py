"""How far readers agree on sets, such as several codes or classes of one sample: Jaccard, MASI, and alpha with them.

Sources: Passonneau, LREC 2006, 831 (MASI: 1 - Jaccard times 1, 2/3, 1/3 or 0 for sets that are the same, the one in
the other, overlapping, or apart); Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, section E (alpha
with any difference between values). Two empty sets are the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.model import Floats
from curator.labels.agreement.resample import Estimate, Sampling, draws, estimate, generator

#: Different sets that are compared with each other.
MOST = 4000

Set = frozenset[str]


@dataclass(frozen=True)
class Given:
    """One reader's set for one unit.

    Parameters
    ----------
    unit, reader, cluster
        What was read, by whom, and what hangs together, such as the patient.
    held
        The set.
    """

    unit: Hashable
    reader: str
    cluster: str
    held: Set


def jaccard(one: Set, two: Set) -> float:
    """Return the share of all members that both have; 1 for two empty sets."""
    return len(one & two) / len(one | two) if one | two else 1.0


def masi(one: Set, two: Set) -> float:
    """Return the similarity of two sets by MASI, from 0 to 1."""
    if one == two:
        return 1.0
    weight = 2 / 3 if one <= two or two <= one else 1 / 3
    return weight * jaccard(one, two)


def measures(given: Sequence[Given], sampling: Sampling, *names: str) -> dict[str, Estimate]:
    """Compute agreement on sets.

    Parameters
    ----------
    given
        One set a reader and unit.
    names
        What part of the report it is, for the random numbers.

    Returns
    -------
    dict
        ``same_set``, ``jaccard`` and ``masi`` (means over the pairs of readers of a unit, each unit alike), and
        ``jaccard_alpha``, ``masi_alpha``; without value when no unit was read twice.

    Raises
    ------
    CheckError
        AGR-017 for more different sets than :data:`MOST`.
    """
    units: dict[Hashable, list[Given]] = {}
    for one in given:
        units.setdefault(one.unit, []).append(one)
    pairable = [held for held in units.values() if len(held) > 1]
    known = sorted({one.held for held in pairable for one in held}, key=sorted)
    if len(known) > MOST:
        raise CheckError("AGR-017", most=MOST)
    number = {one: at for at, one in enumerate(known)}
    tables = {
        "same_set": np.eye(len(known)),
        **_tables(known),
    }
    clusters = sorted({held[0].cluster for held in pairable})
    place = {name: at for at, name in enumerate(clusters)}
    counts = np.zeros((len(clusters), len(known)))
    agreed = {name: np.zeros(len(clusters)) for name in tables}
    apart = {name: np.zeros(len(clusters)) for name in tables}
    of = np.zeros(len(clusters))
    for held in pairable:
        at, codes = place[held[0].cluster], [number[one.held] for one in held]
        of[at] += 1
        np.add.at(counts[at], codes, 1)
        for name, table in tables.items():
            inner = table[np.ix_(codes, codes)]
            both = float(inner.sum() - np.trace(inner))
            agreed[name][at] += both / (len(codes) * (len(codes) - 1))
            # Krippendorff: what a unit's pairs differ by, each rating with the same weight.
            apart[name][at] += (len(codes) * (len(codes) - 1) - both) / (len(codes) - 1)
    once = np.ones(len(clusters), dtype=np.int64)
    weights = [np.ones((1, len(clusters)))]
    if sampling.samples and len(clusters) > 1:
        weights.append(np.concatenate(list(draws(once, sampling, generator(sampling, *names)))))
    made = {}
    for name, table in tables.items():
        shares = [_divided(some @ agreed[name], some @ of) for some in weights]
        made[name] = _estimate(shares, sampling)
        if name != "same_set":
            made[f"{name}_alpha"] = _estimate(
                [_alpha(some, apart[name], counts, 1 - table) for some in weights], sampling
            )
    return made


def _tables(known: Sequence[Set]) -> dict[str, Floats]:
    """Return Jaccard and MASI of each set with each, as :func:`jaccard` and :func:`masi` have them."""
    names = {name: at for at, name in enumerate(sorted({name for one in known for name in one}))}
    member = np.zeros((len(known), len(names)))
    for row, one in enumerate(known):
        member[row, [names[name] for name in one]] = 1
    both, size = member @ member.T, member.sum(axis=1)
    either = size[:, None] + size[None, :] - both
    shared = np.divide(both, either, out=np.ones_like(both), where=either > 0)
    inner = both == np.minimum(size[:, None], size[None, :])
    weight = np.where(shared == 1, 1, np.where(inner, 2 / 3, 1 / 3))
    return {"jaccard": shared, "masi": weight * shared}


def _estimate(values: list[Floats], sampling: Sampling) -> Estimate:
    return estimate(values[0], values[1] if len(values) > 1 else None, sampling.level)


def _alpha(weights: Floats, apart: Floats, counts: Floats, table: Floats) -> Floats:
    given = weights @ counts
    total = given.sum(axis=1)
    expected = ((given @ table) * given).sum(axis=1)
    return 1 - _divided((total - 1) * (weights @ apart), expected)


def _divided(upper: Floats, lower: Floats) -> Floats:
    return np.asarray(np.divide(upper, lower, out=np.full(lower.shape, np.nan), where=lower > 0), dtype=np.float64)
