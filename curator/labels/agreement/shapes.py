"""The report on agreement of finds, from masks and boxes to tracks and relations, from signed labels.

It has the form of the report on ratings. A reader has read a sample when a label of any kind by that reader is signed
for it; so a sample without a find counts as read, and a sample that nobody else opened does not count as missed. Its
figures say how far readers agree, not who is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from curator.core.errors import CheckError, CuratorError
from curator.labels.agreement.columns import presentable
from curator.labels.agreement.finds import SPACED, Compared, Rules, Spacing, class_of, compare
from curator.labels.agreement.groups import Groups
from curator.labels.agreement.meanings import definitions
from curator.labels.agreement.model import MAX_CLASSES
from curator.labels.agreement.pooled import NONE_APART, WHOLE, Rows, measures, rows_of
from curator.labels.agreement.resample import Estimate, Sampling
from curator.labels.agreement.signed import patient_of
from curator.labels.opinions import Opinion

Document = dict[str, Any]
Row = tuple[Compared, tuple[int, int, int, int, int], dict[str, str]]
_MOST_PAIRS = 1000


@dataclass
class Comparisons:
    """Comparisons between readers and of readers with themselves, and what could not be compared, by code.

    Parameters
    ----------
    readers, classes
        By their numbers.
    between, own
        What was found, with (unit, patient, first reader, second reader, class) and the levels of groups.
    refused
        Code to number of comparisons that could not be made.
    unspaced
        Comparisons without distances, since the image states no spacing.
    units
        (sample, part) of each unit.
    pairable
        Units that two readers read.
    labels, given
        Readings by reader, and by class.
    """

    kind: str
    rules: Rules
    groups: Groups
    readers: list[str]
    classes: list[str]
    between: list[Row] = field(default_factory=list)
    own: list[Row] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    unspaced: int = 0
    units: list[tuple[str, str]] = field(default_factory=list)
    pairable: set[int] = field(default_factory=set)
    patients: dict[str, int] = field(default_factory=dict)
    labels: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)


def compared(
    kind: str,
    used: Sequence[Opinion],
    read: set[tuple[str, str]],
    *,
    rules: Rules,
    groups: Groups,
    spacing: Callable[[Opinion], Spacing],
    done: Callable[[], object] = lambda: None,
) -> Comparisons:
    """Compare the finds of every two readers in every unit.

    Parameters
    ----------
    kind
        Of :data:`curator.labels.agreement.finds.KINDS`.
    used
        The readings of this kind.
    read
        (reader, sample) of readings of any kind.
    spacing
        Says how far the pixels of a reading's image lie apart.
    done
        Called after each unit.

    Raises
    ------
    CheckError
        AGR-016 too many classes.
    UsageError
        AGR-005 for classes that may identify, AGR-021 without scipy.
    """
    classes = sorted({class_of(kind, one.value) for one in used})
    if len(classes) > MAX_CLASSES:
        raise CheckError("AGR-016", count=len(classes), most=MAX_CLASSES)
    presentable(classes, "--kind")
    found = Comparisons(kind, rules, groups, sorted({one.author for one in used}), classes)
    for unit, (name, sessions) in enumerate(_units(used, found.readers, read)):
        found.units.append(name)
        _compare_unit(unit, sessions, spacing, found)
        done()
    found.labels.update(one.author for one in used)
    found.given.update(class_of(kind, one.value) for one in used)
    return found


def shape_report(found: Comparisons, sampling: Sampling, *, readers_as_numbers: bool = False) -> Document:
    """Report on comparisons.

    Returns
    -------
    dict
        By schemas/agreement-report.schema.json.

    Raises
    ------
    CheckError
        AGR-012 one reader, AGR-013 no unit read twice.
    """
    readers, kind = found.readers, found.kind
    names = [f"reader-{at}" for at in range(1, len(readers) + 1)] if readers_as_numbers else readers
    between = rows_of(kind, found.between)
    overall: Document = _block(between, found, sampling) if len(readers) > 1 else {"code": "AGR-012"}
    own = [
        {"reader": names[at], **_own(rows, names[at], sampling)}
        for at in range(len(readers))
        if len(rows := rows_of(kind, [one for one in found.own if one[1][2] == at]))
    ]
    if "code" in overall and not own:
        raise CheckError("AGR-012" if len(readers) < 2 else "AGR-013")
    pairs = list(_pairs(between, names, sampling))
    if kind == "box" and "measures" in overall:
        overall["measures"]["map"] = _mean(pairs)
    return {
        "format": 1,
        "kind": kind,
        "scale": None,
        "weights": None,
        "classes": found.classes,
        "readers": [{"reader": names[at], "ratings": found.labels[reader]} for at, reader in enumerate(readers)],
        "intervals": {
            "method": "percentile bootstrap over clusters",
            "samples": sampling.samples,
            "seed": sampling.seed,
            "level": sampling.level,
        },
        "definitions": definitions(kind, found.rules),
        "not_compared": dict(sorted(found.refused.items())),
        "without_spacing": found.unspaced,
        "overall": overall,
        "pairs": pairs if len(pairs) <= _MOST_PAIRS else None,
        "groups": [{"by": name, "levels": list(_levels(between, name, sampling))} for name in found.groups.names()],
        "repeatability": own,
    }


_Session = tuple[Opinion, ...]


def _units(
    used: Sequence[Opinion], readers: list[str], read: set[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], dict[int, list[_Session]]]]:
    """Yield each part of each sample, with the readings of each reader by stage, the earliest first."""
    units: dict[tuple[str, str], dict[int, dict[str, list[Opinion]]]] = {}
    number = {name: at for at, name in enumerate(readers)}
    for one in used:
        stages = units.setdefault((one.sample, one.part), {}).setdefault(number[one.author], {})
        stages.setdefault(one.stage, []).append(one)
    for (sample, part), held in sorted(units.items()):
        made = {who: sorted((tuple(s) for s in stages.values()), key=_begin) for who, stages in held.items()}
        for who, name in enumerate(readers):
            if who not in made and (name, sample) in read:
                made[who] = [()]
        yield (sample, part), dict(sorted(made.items()))


def _begin(session: _Session) -> tuple[str, str]:
    return min((one.at, one.leaf) for one in session)


def _compare_unit(
    unit: int, sessions: dict[int, list[_Session]], spacing: Callable[[Opinion], Spacing], found: Comparisons
) -> None:
    kind, groups = found.kind, found.groups
    some = next(one for each in sessions.values() for session in each for one in session)
    apart = spacing(some) if kind in SPACED else None
    cluster = found.patients.setdefault(patient_of(some), len(found.patients))
    jobs = [(a, b, sessions[a][0], sessions[b][0], found.between) for a, b in combinations(sessions, 2)]
    if jobs:
        found.pairable.add(unit)
    jobs += [(a, a, one, two, found.own) for a, each in sessions.items() for one, two in combinations(each, 2)]
    for a, b, first, second, into in jobs:
        for name in sorted({class_of(kind, one.value) for one in (*first, *second)}):
            one, two = ([o for o in side if class_of(kind, o.value) == name] for side in (first, second))
            try:
                values = [[o.value for o in side] for side in (one, two)]
                made = compare(kind, values[0], values[1], found.rules, apart, (_scores(one), _scores(two)))
            except CuratorError as error:
                if error.code == "AGR-021":
                    raise
                found.refused[error.code] += 1
                continue
            found.unspaced += not made.spaced
            levels = {group: groups.shared(group, (*one, *two)) for group in groups.names()}
            into.append((made, (unit, cluster, a, b, found.classes.index(name)), levels))


def _scores(side: list[Opinion]) -> list[float] | None:
    stated = [one.confidence for one in side if one.confidence is not None]
    if len(stated) != len(side) or len({scale for _, scale in stated}) > 1:
        return None
    return [value for value, _ in stated]


def _block(rows: Rows, found: Comparisons, sampling: Sampling) -> Document:
    if not len(rows):
        return {"code": "AGR-013"}
    made = measures(rows, sampling, "all")
    return {
        "ratings": sum(found.given.values()),
        "units": len(found.units),
        "pairable_units": len(found.pairable),
        "readers": len(found.readers),
        "all_equal": _all_equal(made),
        "classes": [
            {
                "class": name,
                "ratings": found.given[name],
                "measures": measures(rows.where(rows.label == at), sampling, "class", name),
            }
            for at, name in enumerate(found.classes)
        ],
        "measures": made,
    }


def _all_equal(made: dict[str, Any]) -> bool:
    alike = all(made[name]["value"] == 1 for name in WHOLE if name in made)
    return alike and all(made[name]["value"] == 0 for name in NONE_APART if name in made)


def _own(rows: Rows, name: str, sampling: Sampling) -> Document:
    made = measures(rows, sampling, "reader", name)
    units = len(np.unique(rows.unit))
    return {
        "ratings": len(rows),
        "units": units,
        "pairable_units": units,
        "readers": 1,
        "all_equal": _all_equal(made),
        "classes": [],
        "measures": made,
    }


def _pairs(rows: Rows, names: list[str], sampling: Sampling) -> Iterator[Document]:
    for first, second in sorted(set(zip(rows.first.tolist(), rows.second.tolist(), strict=True))):
        mine = rows.where((rows.first == first) & (rows.second == second))
        who = [names[first], names[second]]
        yield {
            "readers": who,
            "units": len(np.unique(mine.unit)),
            "prevalence": [],
            "bias_index": None,
            "prevalence_index": None,
            "measures": measures(mine, sampling, "pair", *who, ranking=True),
        }


def _mean(pairs: list[Document]) -> Document:
    """Return mean average precision of the one pair, or its mean over pairs, without an interval."""
    each = [pair["measures"]["map"] for pair in pairs]
    if len(each) == 1:
        return dict(each[0])
    values = [one["value"] for one in each]
    mean = None if None in values or not values else float(np.mean(values))
    return Estimate(mean).document()


def _levels(rows: Rows, name: str, sampling: Sampling) -> Iterator[Document]:
    held = np.array(rows.levels.get(name, ()), dtype=object)
    for level in sorted(set(held.tolist())):
        mine = rows.where(held == level)
        made = measures(mine, sampling, "group", name, level)
        units = len(np.unique(mine.unit))
        yield {
            "level": level,
            "ratings": len(mine),
            "units": units,
            "pairable_units": units,
            "readers": len(set(mine.first.tolist()) | set(mine.second.tolist())),
            "all_equal": _all_equal(made),
            "classes": [],
            "measures": made,
        }
