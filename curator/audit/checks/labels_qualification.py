"""Who labeled passed the tests that the project asks for, before labeling."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import indices, standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.labels.origin import counts_as_human

#: Predicate type of a reader's result on a test (schemas/record-reader-qualified).
QUALIFIED = "urn:curator:predicate:reader-qualified:v1"
PASSED = "passed"


class Qualification:
    """Follows the ledger and knows, at each label, what its author's newest result on each test was."""

    id = "labels/qualification"
    title = "Each author had passed the tests that the project asks for"
    severity = Severity.MAJOR
    clause = "FDA CADe guidance (2022), section 5: qualification of readers; 21 CFR 11.10(i)"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare with ``tests``, ids without versions; empty asks that nobody who failed a test labeled after it."""
        tests = list(subject.threshold(self.id, "tests", []))
        marks = indices(one for one in standing(subject) if counts_as_human(one.said))
        results: dict[str, dict[str, str]] = {}
        taken = 0
        found: list[tuple[int, str, str]] = []
        for record in subject.records():
            said = record.predicate
            if record.kind == QUALIFIED:
                taken += 1
                results.setdefault(said["person"], {})[said["test"].partition("@")[0]] = said["verdict"]
            if record.index in marks:
                mine = results.get(said["author"], {})
                for test in tests or mine:
                    if mine.get(test) != PASSED:
                        found.append((record.index, said["author"], "failed" if test in mine else "never took"))
                        break
        if not taken and not tests:
            return not_applicable("no result of a test is on record, and the settings ask for none")

        def bad() -> Iterator[Finding]:
            for at, who, how in found:
                yield Finding(f"record {at}", f"{who} {how} a test before labeling")

        return judged(
            bad(),
            f"{len(marks):,} labels by authors who had passed",
            "{total} labels by authors who had not passed",
            {"labels": len(marks), "results": taken, "tests": len(tests)},
        )


check = Qualification()
