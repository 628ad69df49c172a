"""Who labeled is qualified: the ledger says by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.labels.origin import counts_as_human


class Qualified:
    """Looks up the enrollment of each author: a specialty or a qualification, and years of experience."""

    id = "labels/qualified"
    title = "Each author's specialty or qualification is on record, with the years that the project asks for"
    severity = Severity.MAJOR
    clause = "FDA CADe guidance (2022), section 5: qualification of readers; 21 CFR 11.10(i)"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare with ``least_years`` (0) and ``specialties`` (empty: any)."""
        least = subject.threshold(self.id, "least_years", 0)
        wanted = {name.casefold() for name in subject.threshold(self.id, "specialties", [])}
        people = subject.state().people
        given = Counter(one.said["author"] for one in standing(subject) if counts_as_human(one.said))
        if not given:
            return not_applicable("no label of a person stands")

        def bad() -> Iterator[Finding]:
            for name in sorted(given):
                person = people.get(name)
                if person is None or not (person.specialty or person.qualification):
                    yield Finding(f"reader {name}", "nothing on record says what qualifies this reader", given[name])
                elif wanted and (person.specialty or "").casefold() not in wanted:
                    yield Finding(f"reader {name}", "is of another specialty than the project asks for", given[name])
                elif (person.years or 0) < least:
                    yield Finding(f"reader {name}", f"has fewer than {least} years on record", given[name])

        rows = [
            {
                "reader": name,
                "labels": given[name],
                "specialty": (people[name].specialty or "") if name in people else "",
                "years": people[name].years if name in people else None,
            }
            for name in sorted(given)
        ]
        return judged(
            bad(),
            f"{len(given)} authors, each with what qualifies them on record",
            "{total} authors are not qualified on record",
            {"authors": len(given), "least_years": least},
            {"authors": rows},
        )


check = Qualified()
