"""The report on agreement where several things were asked, each answered on a scale of its own.

Amounts, grades and classes of different questions are never put together: each question gets a report by itself, as a
level of the first group, and over all of them stand counts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.model import Ratings
from curator.labels.agreement.report import parts, report
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.scales import Asked

Document = dict[str, Any]
Questions = Mapping[str, tuple[Asked, Ratings]]
#: Of a question's report what its level does not repeat.
_OUTER = frozenset({"format", "intervals", "overall", "readers"})


def parts_of(questions: Questions) -> int:
    """Return how many parts the report will have, for a progress bar."""
    return sum(parts(ratings) for _, ratings in questions.values())


def report_each(
    questions: Questions, by: str, *, sampling: Sampling | None = None, done: Callable[[], object] = lambda: None
) -> Document:
    """Measure agreement on each question.

    Parameters
    ----------
    questions
        By name, in the order of the report: its scale and its ratings.
    by
        What the questions are called: the name of the group.
    sampling, done
        As for :func:`~curator.labels.agreement.report.report`.

    Returns
    -------
    dict
        By schemas/agreement-report.schema.json; what a report has besides the figures over all readers stands in the
        level of its question.

    Raises
    ------
    CheckError
        AGR-012 or AGR-013 when no question could be compared; AGR-017.
    """
    sampling = sampling or Sampling()
    levels: list[Document] = []
    first: CheckError | None = None
    document: Document = {}
    for name, (asked, ratings) in questions.items():
        try:
            found = report(ratings, asked.scale, weighting=asked.weighting, sampling=sampling, done=done)
        except CheckError as error:
            if error.code not in {"AGR-012", "AGR-013"}:
                raise
            first = first or error
            one = ratings.first_session()
            levels.append({"level": name, "ratings": len(one), "units": one.units, "code": error.code})
            continue
        document = document or found
        overall = found["overall"]
        if "code" in overall:
            one = ratings.first_session()
            overall = {"ratings": len(one), "units": one.units, **overall}
        more = {key: value for key, value in found.items() if key not in _OUTER}
        more["names"] = more.pop("classes")
        levels.append({"level": name, **overall, **more})
    if not document:
        raise first or CheckError("AGR-013")
    scales = {(level["scale"], level["weights"]) for level in levels if "scale" in level}
    scale, weights = scales.pop() if len(scales) == 1 else (None, None)
    return {
        **document,
        "scale": scale,
        "weights": weights,
        "classes": None,
        "readers": _readers(questions),
        "overall": _counts(levels, questions),
        "pairs": [],
        "groups": [{"by": by, "levels": levels}],
        "repeatability": [],
    }


def _readers(questions: Questions) -> list[Document]:
    given: dict[str, int] = {}
    for _, ratings in questions.values():
        one = ratings.first_session().reader
        for name, count in zip(one.names, np.bincount(one.codes, minlength=len(one.names)).tolist(), strict=True):
            given[name] = given.get(name, 0) + count
    return [{"reader": name, "ratings": count} for name, count in given.items()]


def _counts(levels: list[Document], questions: Questions) -> Document:
    return {
        "ratings": sum(one["ratings"] for one in levels),
        "units": sum(one["units"] for one in levels),
        "pairable_units": sum(one.get("pairable_units", 0) for one in levels),
        "readers": sum(bool(one["ratings"]) for one in _readers(questions)),
        "all_equal": all(one.get("all_equal", False) for one in levels if "code" not in one),
        "classes": [],
        "measures": {},
    }
