"""Signed labels as ratings: one value by one reader of one unit, with guideline, period and other groups.

A unit is a sample or a part of it, and what was asked of it: a scale, a measure, a code system, one class of several.
A reader's further readings of a unit, in the order of their stated times, are repeated readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.groups import Groups
from curator.labels.agreement.model import MAX_CLASSES, Coded, Ratings
from curator.labels.agreement.read import presentable
from curator.labels.opinions import Opinion

#: Kinds that are rated, and their scale when none is asked for.
SCALES = {
    "class": "nominal",
    "classes": "nominal",
    "sentiment": "nominal",
    "code": "nominal",
    "grade": "ordinal",
    "measurement": "interval",
}


def ratings_of(
    used: Sequence[Opinion],
    scale: str,
    groups: Groups,
    order: Sequence[str] = (),
    *,
    readers_as_numbers: bool = False,
) -> Ratings:
    """Make ratings of signed labels.

    Parameters
    ----------
    used
        Readings of one kind of :data:`SCALES`.
    scale
        nominal, ordinal, interval or ratio.
    groups
        Levels to report apart.
    order
        All classes from lowest to highest, as for tables.

    Raises
    ------
    CheckError
        AGR-008, AGR-016, AGR-018.
    UsageError
        AGR-005, AGR-015.
    """
    from curator.labels.agreement.read import coded_values

    rows = [(one, asked, value) for one in sorted(used, key=_time) for asked, value in _rated(one)]
    # What was asked is shown beside differences; what was answered is looked at with the values.
    presentable(sorted({part for _, asked, _ in rows for part in asked.split("\0") if part}), "--kind")
    unit = _coded([f"{one.sample}\0{one.part}\0{asked}" for one, asked, _ in rows])
    reader = _coded([one.author for one, _, _ in rows])
    if readers_as_numbers:
        reader = Coded(reader.codes, tuple(f"reader-{at}" for at in range(1, len(reader.names) + 1)))
    value, numbers = coded_values([value for _, _, value in rows], scale, order)
    session = np.zeros(len(rows), dtype=np.int64)
    before: dict[tuple[int, int], int] = {}
    for at, key in enumerate(zip(unit.codes.tolist(), reader.codes.tolist(), strict=True)):
        session[at] = before.get(key, 0)
        before[key] = before.get(key, 0) + 1
    levels = {name: _levels([groups.level(name, one) for one, _, _ in rows]) for name in groups.names()}
    if any(one.kind == "classes" for one, _, _ in rows):
        levels["class"] = _levels([asked for _, asked, _ in rows])
    return Ratings(
        unit=unit.codes,
        reader=reader,
        value=value,
        numbers=numbers,
        session=session if session.any() else None,
        groups=levels,
        cluster=_coded([patient_of(one) for one, _, _ in rows]).codes,
    )


def patient_of(one: Opinion) -> str:
    """Return what hangs together with a sample: its patient's folder, or the sample itself."""
    steps = one.path.split("/")
    return steps[1] if len(steps) > 2 else one.sample


def _time(one: Opinion) -> tuple[str, str]:
    return one.at, one.leaf


def _rated(one: Opinion) -> Iterator[tuple[str, str]]:
    """Yield what was asked and what was answered."""
    value = one.value
    if one.kind == "class":
        yield "", value["class"]
    elif one.kind == "sentiment":
        yield "", value["sentiment"]
    elif one.kind == "code":
        yield value["system"], value["code"]
    elif one.kind == "grade":
        yield value["scale"], _text(value["grade"])
    elif one.kind == "measurement":
        yield f"{value['what']}\0{value['unit']}", _text(value["amount"])
    else:
        # The classes that somebody gave somewhere are asked of every sample; see several().
        for name, held in value["held"].items():
            yield name, "yes" if held else "no"


def several(used: Sequence[Opinion]) -> list[Opinion]:
    """Turn lists of classes into one yes or no for each class that any reader gave any sample."""
    from dataclasses import replace

    known = sorted({name for one in used for name in one.value["classes"]})
    return [replace(one, value={"held": {name: name in one.value["classes"] for name in known}}) for one in used]


def _text(number: Any) -> str:
    return str(number) if isinstance(number, int) else repr(float(number))


def _coded(values: list[str]) -> Coded:
    names = sorted(set(values))
    place = {name: at for at, name in enumerate(names)}
    return Coded(np.array([place[value] for value in values], dtype=np.int64), tuple(names))


def _levels(values: list[str]) -> Coded:
    made = _coded(values)
    if len(made.names) > MAX_CLASSES:
        raise CheckError("AGR-016", count=len(made.names), most=MAX_CLASSES)
    return made
