"""Whether what was measured of a reader is enough, and the report of it.

An interval that holds the threshold shows nothing, and nothing that was not answered counts as right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from curator.core.errors import UsageError
from curator.labels.consensus.exact import Measured
from curator.labels.consensus.qualify import ESTIMATE, Result, Terms, Wanted

PASSED, FAILED, NOT_SHOWN, MEASURED = "passed", "failed", "not-shown", "measured"
METRICS = ("accuracy", "sensitivity", "specificity", "precision", "kappa", "dice")


def wanted_of(text: str) -> Wanted:
    """Read ``METRIC=VALUE`` (CON-049 when it is none, CON-008 for a value that is no share above 0)."""
    name, mark, number = text.partition("=")
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if not mark or name not in METRICS:
        raise UsageError("CON-049", metrics=", ".join(METRICS))
    if not 0 < value <= 1:
        raise UsageError("CON-008")
    return Wanted(name, value)


def verdicts(result: Result, terms: Terms) -> tuple[str, list[dict[str, Any]]]:
    """Judge a measurement.

    Returns
    -------
    verdict : str
        ``failed`` when a figure misses its threshold; ``not-shown`` when one cannot be told, or too little of the
        reference was answered; ``passed``; ``measured`` without a threshold.
    each : list of dict
        Every figure that was judged, with its own verdict.
    """
    each: list[dict[str, Any]] = []
    for wish in terms.wanted:
        found = list(_figures(result, wish.metric))
        if not found:
            each.append({"metric": wish.metric, "least": wish.least, "verdict": NOT_SHOWN})
        for family, name, figure in found:
            told = {"metric": wish.metric, "least": wish.least, "question": family, **figure.document()}
            each.append(told | ({"class": name} if name else {}) | {"verdict": _judged(figure, wish, terms)})
    if not terms.wanted:
        return MEASURED, each
    words = {one["verdict"] for one in each}
    if FAILED in words:
        return FAILED, each
    enough = result.reference > 0 and result.answered >= terms.least_coverage * result.reference
    return (PASSED if words == {PASSED} and enough else NOT_SHOWN), each


def _figures(result: Result, metric: str) -> Iterable[tuple[str, str, Measured]]:
    for family in result.families:
        if metric in family.overall:
            yield family.name, "", family.overall[metric]
        for name, own in family.classes.items():
            # A class that the reference never has, has no sensitivity: it cannot be asked for one.
            if metric in own and (own[metric].of or metric != "sensitivity"):
                yield family.name, name, own[metric]


def _judged(figure: Measured, wish: Wanted, terms: Terms) -> str:
    if figure.value is None:
        return NOT_SHOWN
    if figure.value < wish.least:
        return FAILED
    if terms.judge == ESTIMATE:
        return PASSED
    # Kappa has no exact interval: with the lower end asked for, it shows nothing.
    return PASSED if figure.low is not None and figure.low >= wish.least else NOT_SHOWN


def report(
    reader: str,
    reference: Mapping[str, Any],
    result: Result,
    terms: Terms,
    independence: Mapping[str, int],
    ledger: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the report as schemas/qualify-report.schema.json has it.

    Parameters
    ----------
    reference
        ``kind``, ``sha256``, and ``reader`` where it is one; ``leftOut`` counts consensus labels that rest on the
        reader's own.
    independence
        How many of the reader's labels are proven, asserted, unknown or not independent.
    ledger
        Its number of records, and its root.
    """
    verdict, each = verdicts(result, terms)
    return {
        "format": 1,
        "reader": reader,
        "reference": dict(reference),
        "ledger": dict(ledger),
        "level": terms.level,
        "intervals": "Clopper-Pearson; of Dice: median with order statistics",
        "judge": terms.judge,
        "iou": terms.iou,
        "coverage": {
            "reference": result.reference,
            "answered": result.answered,
            "missing": result.reference - result.answered,
            "least": terms.least_coverage,
        },
        "independence": dict(independence),
        "overall": {"accuracy": result.accuracy.document()},
        "questions": [
            {
                "question": family.name,
                "cases": family.cases,
                **{name: figure.document() for name, figure in family.overall.items()},
                "classes": [
                    {"class": name, **{metric: figure.document() for metric, figure in own.items()}}
                    for name, own in family.classes.items()
                ],
            }
            for family in result.families
        ],
        "thresholds": each,
        "verdict": verdict,
    }
