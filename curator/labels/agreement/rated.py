"""The report on agreement of signed labels that are ratings: classes, grades, sets of classes or codes, measurements.

Sets get MASI and Jaccard beside the coefficients of each class; measurements limits of agreement. Each thing measured
and each scale of grades is reported by itself, since amounts of different things have no scale in common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from curator.core.errors import CheckError
from curator.labels.agreement import limits, sets
from curator.labels.agreement.asked import parts_of, report_each
from curator.labels.agreement.groups import Groups
from curator.labels.agreement.model import MAX_CLASSES, Ratings
from curator.labels.agreement.report import parts, report
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.scales import Scales
from curator.labels.agreement.signed import (
    QUESTIONS,
    SCALES,
    as_sets,
    one_code_each,
    patient_of,
    questions_of,
    ratings_of,
    several,
)
from curator.labels.opinions import Opinion

Document = dict[str, Any]


def rated(
    used: Sequence[Opinion],
    kind: str,
    groups: Groups,
    *,
    scales: Scales | None = None,
    sampling: Sampling | None = None,
    readers_as_numbers: bool = False,
    bar: Callable[[int], Callable[[], object]] = lambda _: lambda: None,
) -> tuple[Document, dict[str, Ratings]]:
    """Report on agreement of the readings of one kind, and return the ratings of each question too.

    Parameters
    ----------
    used
        Readings of one kind of :data:`~curator.labels.agreement.signed.SCALES`.
    scales
        On which scale what is measured or graded; each of several things is reported by itself.
    bar
        Given the number of parts, returns what is called after each.

    Raises
    ------
    CheckError, UsageError
        AGR-016 for more questions than can be listed, AGR-039, AGR-041; as
        :func:`~curator.labels.agreement.signed.ratings_of` and :func:`~curator.labels.agreement.report.report`.
    """
    sampling = sampling or Sampling()
    scales = replace(scales or Scales(), usual=SCALES[kind])
    called = _called(used, readers_as_numbers=readers_as_numbers)
    of = questions_of(used)
    questions = sorted({of(one) for one in used})
    if len(questions) > MAX_CLASSES:
        raise CheckError("AGR-016", count=len(questions), most=MAX_CLASSES)
    if kind in QUESTIONS and len(questions) > 1:
        made = {
            name: (
                asked,
                ratings_of([one for one in used if of(one) == name], asked.scale, groups, asked.order, called=called),
            )
            for name, asked in scales.each(questions).items()
        }
        document = report_each(made, QUESTIONS[kind], sampling=sampling, done=bar(parts_of(made)))
        rows = {name: ratings for name, (_, ratings) in made.items()}
    else:
        whole = as_sets(used) if kind in {"classes", "code"} else None
        # Where everybody gave one code of a system, codes are classes that exclude each other.
        lone = kind == "code" and whole is not None and one_code_each(whole)
        asked = scales.each(questions)[questions[0]] if questions[0] else scales.only()
        ratings = ratings_of(
            used if whole is None or lone else several(whole), asked.scale, groups, asked.order, called=called
        )
        document = report(ratings, asked.scale, weighting=asked.weighting, sampling=sampling, done=bar(parts(ratings)))
        rows = {questions[0]: ratings}
        if whole is not None and "measures" in document["overall"]:
            document["overall"]["measures"] |= {
                name: one.document() for name, one in sets.measures(_given(whole), sampling, "sets").items()
            }
    if kind == "measurement":
        document["limits_of_agreement"] = limits.limits(_measured(used, called), sampling)
    return document, rows


def _called(used: Sequence[Opinion], *, readers_as_numbers: bool) -> dict[str, str]:
    names = sorted({one.author for one in used})
    return {name: f"reader-{at}" if readers_as_numbers else name for at, name in enumerate(names, 1)}


def _given(whole: Sequence[Opinion]) -> list[sets.Given]:
    first: dict[tuple[str, str, str, str], Opinion] = {}
    for one in sorted(whole, key=lambda o: (o.at, o.leaf)):
        first.setdefault((one.sample, one.part, one.value["about"], one.author), one)
    return [sets.Given(key[:3], key[3], patient_of(one), frozenset(one.value["classes"])) for key, one in first.items()]


def _measured(used: Sequence[Opinion], called: dict[str, str]) -> list[limits.Measured]:
    return [
        limits.Measured(
            f"{one.sample}\0{one.part}",
            patient_of(one),
            called[one.author],
            one.value["what"],
            one.value["unit"],
            float(one.value["amount"]),
        )
        for one in sorted(used, key=lambda o: (o.at, o.leaf))
    ]
