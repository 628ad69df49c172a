"""``privacy/k-anonymity``: nobody stands alone with their sex, age and group, or with the columns of a named table."""

from __future__ import annotations

from array import array
from typing import Any

from curator.audit.answers import could_not, not_applicable
from curator.audit.model import Answer, Finding, Outcome, Severity, Subject
from curator.audit.privacy.people import COLUMNS, PeopleProbe, rows_of
from curator.core.errors import ItemError
from curator.scrub.risk.measure import report
from curator.scrub.risk.read import Coded, read_columns


class KAnonymity:
    """The size of the smallest group of people who look alike."""

    id = "privacy/k-anonymity"
    title = "Nobody stands out by sex, age and ethnic group"
    severity = Severity.MINOR
    clause = "45 CFR 164.514(b)(1)(i)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Measure.

        Thresholds: ``k`` (5); ``band`` width of the age bands in years (10); ``table`` path of a table that is
        measured instead of the headers, with ``columns``, its quasi-identifiers.
        """
        k = subject.threshold(self.id, "k", 5)
        table = subject.threshold(self.id, "table", "")
        if table:
            quasi = self._table(subject, table)
            if quasi is None:
                return could_not("the table that the settings name is not there")
        else:
            try:
                people = rows_of(subject.looked(PeopleProbe()), subject.threshold(self.id, "band", 10))
            except ItemError as error:
                return could_not(f"an object could not be read: {error.code}")
            if not people:
                return not_applicable("there is no object whose header tells of a patient")
            quasi = [_coded(name, [row[at] for row in people.values()]) for at, name in enumerate(COLUMNS)]
        return _answer(report(quasi, k=k), k)

    def _table(self, subject: Subject, path: str) -> list[Coded] | None:
        columns = list(subject.threshold(self.id, "columns", list(COLUMNS)))
        for file in subject.files():
            if file.path == path:
                with subject.open(file) as stream:
                    return read_columns(stream, columns)
        return None


def _coded(name: str, values: list[str]) -> Coded:
    known: dict[str, int] = {}
    return Coded(name, array("i", (known.setdefault(one, len(known)) for one in values)), tuple(known))


def _answer(said: dict[str, Any], k: int) -> Answer:
    below = said["to_generalize"]["count"]
    figures = {
        "rows": said["rows"],
        "k": said["k"],
        "least_k": k,
        "rows_below": below,
        "highest_risk": said["risks"]["prosecutor"]["highest"],
        "mean_risk": said["risks"]["prosecutor"]["mean"],
    }
    tables = {"sizes of groups": said["classes"]["sizes"]}
    summary = f"the smallest group of people who look alike has {said['k']:,} of {said['rows']:,}; {k:,} are asked for"
    if said["k"] >= k:
        return Answer(Outcome.PASS, summary, figures, (), 0, tables)
    what = "people in groups smaller than the project asks"
    return Answer(Outcome.FAIL, summary, figures, (Finding("demographics", what, below),), 1, tables)


check = KAnonymity()
