"""Readers agree as far as the project asks, by the lower end of the interval."""

from __future__ import annotations

from typing import Any

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.labelled import Labeled, readings
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.shares import wilson
from curator.core.errors import CheckError, UsageError

#: Coefficient, and what its interval's lower end must reach; see docs/explanation/agreement.md for the choice.
STATISTIC, LEAST = "gwet_ac1", 0.4


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
        kinds: dict[str, dict[tuple[str, str], Labeled]] = {}
        for one in readings(subject):
            if not one.said.get("stage", "").startswith(("adjud", "consensus")):
                kinds.setdefault(one.said["kind"], {}).setdefault((one.unit, one.said["author"]), one)
        if not kinds:
            return not_applicable("no label gives a class")
        rows: list[dict[str, Any]] = []
        findings: list[Finding] = []
        unsure: list[str] = []
        for kind in sorted(kinds):
            row = _measured(kind, list(kinds[kind].values()), statistic, samples)
            rows.append(row)
            if row["code"]:
                unsure.append(f"{kind}: {row['code']}")
            elif row.get(by) is None:
                unsure.append(f"{kind}: no interval")
            elif row[by] < least:
                findings.append(Finding(f"kind {kind}", f"agreement lies below the threshold of {least:g}"))
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


def _measured(kind: str, given: list[Labeled], statistic: str, samples: int) -> dict[str, Any]:
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


def _ratings(given: list[Labeled]) -> Any:
    import numpy as np

    from curator.labels.agreement.model import Coded, Ratings

    units, readers, classes = (
        sorted({pick(one) for one in given}) for pick in (_unit, _reader, lambda one: one.klass or "")
    )
    place = [{name: at for at, name in enumerate(names)} for names in (units, readers, classes)]
    return Ratings(
        np.array([place[0][one.unit] for one in given], np.int64),
        Coded(np.array([place[1][one.said["author"]] for one in given], np.int64), tuple(readers)),
        Coded(np.array([place[2][one.klass or ""] for one in given], np.int64), tuple(classes)),
        np.arange(1, len(classes) + 1, dtype=np.float64),
    )


def _unit(one: Labeled) -> str:
    return one.unit


def _reader(one: Labeled) -> str:
    return str(one.said["author"])


check = Agreement()
