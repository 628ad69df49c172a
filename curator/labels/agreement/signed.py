"""Signed labels as ratings: one value by one reader of one unit, with guideline, period and other groups.

A unit is a sample or a part of it, and what was asked of it: a scale, a measure, a code system, one class of several.
A reader's further readings of a unit, in the order of their stated times, are repeated readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.columns import presentable
from curator.labels.agreement.groups import Groups
from curator.labels.agreement.model import MAX_CLASSES, Coded, Ratings
from curator.labels.asked import asked_in, several_asked
from curator.labels.codings import sound_snomed
from curator.labels.opinions import Opinion

_LONG = re.compile(r"\d{6}")
#: Answers of yes or no that are held at once.
_MOST_CELLS = 5_000_000
#: Kinds of which several things may be asked, each on its own scale, and what these are called.
QUESTIONS = {"measurement": "measure", "grade": "scale", "class": "question"}
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
    called: Mapping[str, str] | None = None,
) -> Ratings:
    """Make ratings of signed labels, all of them on one scale.

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
    called
        Id of each reader to the name in the report; the ids when None.

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
    presentable(
        sorted({part for _, asked, _ in rows for part in asked.split("\0") if part and not _sound(part)}), "--kind"
    )
    unit = _coded([f"{one.sample}\0{one.part}\0{asked}" for one, asked, _ in rows])
    reader = _coded([one.author for one, _, _ in rows])
    if called is not None:
        reader = Coded(reader.codes, tuple(called[name] for name in reader.names))
    value, numbers = coded_values([value for _, _, value in rows], scale, order)
    session = np.zeros(len(rows), dtype=np.int64)
    before: dict[tuple[int, int], int] = {}
    for at, key in enumerate(zip(unit.codes.tolist(), reader.codes.tolist(), strict=True)):
        session[at] = before.get(key, 0)
        before[key] = before.get(key, 0) + 1
    levels = {name: _levels([groups.level(name, one) for one, _, _ in rows]) for name in groups.names()}
    if rows and "held" in rows[0][0].value:
        level = _coded([asked for _, asked, _ in rows])
        # Of very many codes none is listed.
        if 0 < len(level.names) <= MAX_CLASSES:
            levels["class"] = level
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
    elif one.kind == "code" and "code" in value:
        yield value["system"], value["code"]
    elif one.kind == "grade":
        yield value["scale"], _text(value["grade"])
    elif one.kind == "measurement":
        yield f"{value['what']}\0{value['unit']}", _text(value["amount"])
    else:
        # The classes that somebody gave somewhere are asked of every sample; see several().
        for name, held in value["held"].items():
            yield name, "yes" if held else "no"


def _sound(asked: str) -> bool:
    """Say whether what was asked is a code of SNOMED CT, whose check digit says that it is no number of somebody's."""
    system, _, code = asked.partition(" ")
    return system == "SCT" and sound_snomed(code)


def one_code_each(whole: Sequence[Opinion]) -> bool:
    """Say whether codes exclude each other as classes do: one a reader, and none as long as a record's number."""
    codes = [one.value["classes"] for one in whole]
    return all(len(held) == 1 for held in codes) and not any(_LONG.search(held[0]) for held in codes)


def question_of(one: Opinion) -> str:
    """Return what was asked and has a scale of its own: what was measured with its unit, the scale of a grade."""
    if one.kind == "measurement":
        return f"{one.value['what']} {one.value['unit']}"
    return str(one.value["scale"]) if one.kind == "grade" else ""


def questions_of(used: Sequence[Opinion]) -> Callable[[Opinion], str]:
    """Return what tells the question that a reading of one kind answers.

    Of classes as :mod:`curator.labels.asked` says.

    Raises
    ------
    CheckError
        AGR-041 when somebody did, and nothing says which question each of them answers.
    """
    together: dict[tuple[str, ...], set[str]] = {}
    for one in used:
        if one.kind == "class":
            key = (one.sample, one.part, one.author, one.stage, one.at)
            together.setdefault(key, set()).add(one.value["class"])
    several, unsaid = several_asked(together)
    if unsaid:
        raise CheckError("AGR-041", count=unsaid)
    return (lambda one: asked_in(one.value["class"])) if several else question_of


def as_sets(used: Sequence[Opinion]) -> list[Opinion]:
    """Turn lists of classes, and all codes of one system by one reader at one stage, into one set each.

    The value is ``{"about": code system or empty, "classes": sorted}``; a set of codes has the time of its first one.
    """
    made: list[Opinion] = []
    codes: dict[tuple[str, str, str, str, str], list[Opinion]] = {}
    for one in used:
        if one.kind == "code":
            key = (one.sample, one.part, one.value["system"], one.author, one.stage)
            codes.setdefault(key, []).append(one)
        else:
            made.append(replace(one, value={"about": "", "classes": sorted(set(one.value["classes"]))}))
    for (_, _, system, _, _), held in codes.items():
        first = min(held, key=_time)
        made.append(replace(first, value={"about": system, "classes": sorted({o.value["code"] for o in held})}))
    return made


def several(used: Sequence[Opinion]) -> list[Opinion]:
    """Turn sets of :func:`as_sets` into one yes or no for each class that any reader gave any sample.

    Raises
    ------
    CheckError
        AGR-016 when there are so many codes that the yes and no of each cannot be held.
    """
    known: dict[str, set[str]] = {}
    for one in used:
        known.setdefault(one.value["about"], set()).update(one.value["classes"])
    if sum(len(known[one.value["about"]]) for one in used) > _MOST_CELLS:
        raise CheckError("AGR-016", count=max(map(len, known.values())), most=MAX_CLASSES)
    return [
        replace(
            one,
            value={
                "held": {
                    f"{one.value['about']} {name}".strip(): name in one.value["classes"]
                    for name in sorted(known[one.value["about"]])
                }
            },
        )
        for one in used
    ]


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
