"""The report on agreement of signed labels that are ratings: classes, grades, sets of classes or codes, measurements.

Sets get MASI and Jaccard beside the coefficients of each class; measurements limits of agreement, and a block for each
thing measured, since amounts of different things have no scale in common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from curator.labels.agreement import limits, sets
from curator.labels.agreement.groups import Groups
from curator.labels.agreement.model import Ratings
from curator.labels.agreement.report import parts, report
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.signed import SCALES, as_sets, measure_of, one_code_each, patient_of, ratings_of, several
from curator.labels.opinions import Opinion

Document = dict[str, Any]
#: What a block over several things measured leaves open, beside its measures.
_PER_MEASURE: dict[str, Any] = {
    "classes": [],
    "all_equal": False,
    "prevalence": [],
    "within_unit_deviation": None,
    "repeatability_coefficient": None,
}


def rated(
    used: Sequence[Opinion],
    kind: str,
    groups: Groups,
    *,
    scale: str | None = None,
    order: Sequence[str] = (),
    weighting: str | None = None,
    sampling: Sampling | None = None,
    readers_as_numbers: bool = False,
    bar: Callable[[int], Callable[[], object]] = lambda _: lambda: None,
) -> tuple[Document, Ratings]:
    """Report on agreement of the readings of one kind, and return the ratings too.

    Parameters
    ----------
    used
        Readings of one kind of :data:`~curator.labels.agreement.signed.SCALES`.
    bar
        Given the number of parts, returns what is called after each.

    Raises
    ------
    CheckError, UsageError
        As :func:`~curator.labels.agreement.signed.ratings_of` and :func:`~curator.labels.agreement.report.report`.
    """
    sampling = sampling or Sampling()
    wanted = scale or SCALES[kind]
    whole = as_sets(used) if kind in {"classes", "code"} else None
    # Where everybody gave one code of a system, codes are classes that exclude each other.
    lone = kind == "code" and whole is not None and one_code_each(whole)
    asked = used if whole is None or lone else several(whole)
    ratings = ratings_of(asked, wanted, groups, order=order, readers_as_numbers=readers_as_numbers)
    document = report(ratings, wanted, weighting=weighting, sampling=sampling, done=bar(parts(ratings)))
    if whole is not None and "measures" in document["overall"]:
        document["overall"]["measures"] |= {
            name: one.document() for name, one in sets.measures(_given(whole), sampling, "sets").items()
        }
    if kind == "measurement":
        called = _called(used, readers_as_numbers=readers_as_numbers)
        document["limits_of_agreement"] = limits.limits(_measured(used, called), sampling)
        if len({measure_of(one) for one in used}) > 1:
            # Over several things that are measured a variance says how they differ, not how readers do.
            blocks = [document["overall"], *(document["pairs"] or ()), *document["repeatability"]]
            for block in (one for one in blocks if "measures" in one):
                block |= {"measures": {}} | {name: empty for name, empty in _PER_MEASURE.items() if name in block}
    return document, ratings


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
