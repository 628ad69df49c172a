"""Labels were made on the guideline's version of their time, and no text is older than the project allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import indices, standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.provenance import records


class GuidelineAge:
    """Follows which version of each guideline was the newest when a label was signed, and how old it was."""

    id = "labels/guideline-age"
    title = "Labels were made on the newest version of their guideline, and none on a text that is too old"
    severity = Severity.MINOR
    clause = "21 CFR 11.10(k)(2)"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare; ``most_days`` (730) is the age of a text at signing, ``most_older`` (0.0) a share of labels."""
        most_days = subject.threshold(self.id, "most_days", 730)
        most_older = subject.threshold(self.id, "most_older", 0.0)
        marks = indices(standing(subject))
        if not len(marks):
            return not_applicable("no label stands")
        newest: dict[str, tuple[str, date]] = {}
        since: dict[tuple[str, str], date] = {}
        older, aged, oldest = [], [], 0
        for record in subject.records():
            said = record.predicate
            day = date.fromisoformat(said["signedAt"][:10])
            if record.kind == records.GUIDELINE:
                named = said["guideline"]
                newest[named["id"]] = (named["version"], day)
                since[named["id"], named["version"]] = day
            if record.index not in marks:
                continue
            used = said["guideline"]
            if newest.get(used["id"], ("", day))[0] != used["version"]:
                older.append(record.index)
            age = (day - since.get((used["id"], used["version"]), day)).days
            oldest = max(oldest, age)
            if age > most_days:
                aged.append(record.index)

        def bad() -> Iterator[Finding]:
            if len(older) > most_older * len(marks):
                for at in older:
                    yield Finding(f"record {at}", "was made on an older version of its guideline")
            for at in aged:
                yield Finding(f"record {at}", f"its guideline's text was older than {most_days} days")

        return judged(
            bad(),
            f"{len(marks):,} labels on texts at most {oldest} days old; {len(older):,} on an older version",
            "{total} labels on an older version or an old text",
            {"labels": len(marks), "older_version": len(older), "too_old": len(aged), "oldest_days": oldest},
        )


check = GuidelineAge()
