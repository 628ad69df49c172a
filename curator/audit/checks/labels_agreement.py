"""Readers agree as far as the project asks, by the lower end of the interval."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.labelled import readings
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.shares import wilson
from curator.core.errors import CheckError, UsageError
from curator.core.spill import Sorter

#: Coefficient, and what its interval's lower end must reach; see docs/explanation/agreement.md for the choice.
STATISTIC, LEAST = "gwet_ac1", 0.4
#: Kind, unit, author, class, and where it came among the readings.
_Reading = tuple[str, str, str, str, int]


class Agreement:
    """Measures agreement on the classes that readers gave, of each kind of label apart."""

    id = "labels/agreement"
    title = "The interval of agreement between readers lies above the project's threshold"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: reference standard"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Measure; thresholds ``statistic``, ``least``, ``samples`` (of the bootstrap) and ``by`` (low or value)."""
        statistic = subject.threshold(self.id, "statistic", STATISTIC)
        least = subject.threshold(self.id, "least", LEAST)
        samples = subject.threshold(self.id, "samples", 1000)
        by = subject.threshold(self.id, "by", "low")
        # Of one reader's readings of a unit the first counts.
        given: Sorter[_Reading] = Sorter(itemgetter(0, 1, 2))
        for place, one in enumerate(readings(subject)):
            if not one.said.get("stage", "").startswith(("adjud", "consensus")):
                given.append((one.said["kind"], one.unit, str(one.said["author"]), one.klass or "", place))
        rows: list[dict[str, Any]] = []
        findings: list[Finding] = []
        unsure: list[str] = []
        for kind, group in groupby(given, key=itemgetter(0)):
            row = _measured(kind, group, statistic, samples)
            rows.append(row)
            if row["code"]:
                unsure.append(f"{kind}: {row['code']}")
            elif row.get(by) is None:
                unsure.append(f"{kind}: no interval")
            elif row[by] < least:
                findings.append(Finding(f"kind {kind}", f"agreement lies below the threshold of {least:g}"))
        if not rows:
            return not_applicable("no label gives a class")
        figures = {"least": least, "statistic": statistic, "kinds": len(rows)}
        tables = {"agreement by kind of label": rows}
        if unsure and not findings:
            answer = could_not(f"agreement has no value for {', '.join(unsure)}", figures)
            return Answer(answer.outcome, answer.summary, figures, tables=tables)
        worst = min((row[by] for row in rows if row.get(by) is not None), default=None)
        word = "unknown" if worst is None else f"{worst:.3f}"
        return judged(
            findings,
            f"{statistic} is at least {word} ({by}), threshold {least:g}",
            f"{statistic} is {word} ({by}) where {least:g} is asked for",
            {**figures, "worst": worst},
            tables,
        )


def _measured(kind: str, given: Iterable[_Reading], statistic: str, samples: int) -> dict[str, Any]:
    from curator.labels.agreement.needs import require_numpy

    require_numpy()
    from curator.labels.agreement.block import Plan, block
    from curator.labels.agreement.resample import Sampling
    from curator.labels.agreement.scales import weights
    from curator.labels.agreement.sums import Scheme

    ratings = _ratings(given)
    scheme = Scheme("nominal", ratings.numbers, weights("identity", ratings.numbers))
    row: dict[str, Any] = {"kind": kind, "readers": len(ratings.reader.names), "units": ratings.units}
    try:
        found = block(ratings, Plan(scheme, "nominal", Sampling(samples)), "audit", kind)
        percent = found["measures"]["percent_agreement"]
        # One class alone makes a coefficient 0 / 0; then the share of agreement stands for it.
        estimate = percent if found["all_equal"] else found["measures"].get(statistic)
        if estimate is None:
            raise UsageError("AUD-002", reason="'statistic' names no coefficient for classes")
        said = {name: estimate[name] for name in ("value", "low", "high")}
        if percent["value"] == 1.0:
            # Resampling units that all agree gives no interval; Wilson's for the share does.
            said["low"], said["high"] = wilson(found["pairable_units"], found["pairable_units"])
        return {**row, "pairable": found["pairable_units"], **said, "percent": percent["value"], "code": ""}
    except CheckError as error:
        return {**row, "pairable": 0, "value": None, "low": None, "high": None, "percent": None, "code": error.code}


def _ratings(given: Iterable[_Reading]) -> Any:
    """Return the ratings of one kind, in the order in which they were signed; they come sorted by unit and reader."""
    import numpy as np

    from curator.labels.agreement.model import Coded, Ratings

    columns = [array("q") for _ in range(4)]
    names: list[dict[str, int]] = [{}, {}]
    for units, (_, rows) in enumerate(groupby(given, key=itemgetter(1))):
        for reader, readings_ in groupby(rows, key=itemgetter(2)):
            *_, klass, place = next(readings_)
            numbers = [known.setdefault(name, len(known)) for known, name in zip(names, (reader, klass), strict=True)]
            for column, value in zip(columns, (place, units, *numbers), strict=True):
                column.append(value)
    places, numbered, *coded = (np.array(column, np.int64) for column in columns)
    order = np.argsort(places, kind="stable")
    made: list[Coded] = []
    for known, numbered_so in zip(names, coded, strict=True):
        ranks = {name: at for at, name in enumerate(sorted(known))}
        made.append(Coded(np.array([ranks[name] for name in known], np.int64)[numbered_so[order]], tuple(ranks)))
    readers, classes = made
    return Ratings(numbered[order], readers, classes, np.arange(1, len(names[1]) + 1, dtype=np.float64))


check = Agreement()
