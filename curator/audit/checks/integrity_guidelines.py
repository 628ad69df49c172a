"""Each label was made on a guideline that was registered before it, and whose text is here as registered."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import Few, judged
from curator.audit.labelled import labels
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject


class Guidelines:
    """Holds each label's guideline against the register, and each registered text against its digest."""

    id = "integrity/guidelines"
    title = "Each label was made on a registered guideline, and the registered texts are here unaltered"
    severity = Severity.MAJOR
    clause = "21 CFR 11.10(k)"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        known = subject.state().guidelines
        texts = {file.path: file.sha256 for file in subject.files() if file.path.startswith("guidelines/")}
        used: dict[str, int] = {}

        def bad() -> Iterator[Finding]:
            for one in labels(subject):
                stated = one.said["guideline"]
                found = known.get((stated["id"], stated["version"]))
                if found is None or found.sha256 != stated["sha256"]:
                    yield Finding(one.where, "its guideline was never registered")
                elif found.index > one.record.index:
                    yield Finding(one.where, "its guideline was registered later")
                else:
                    name = f"{found.id}@{found.version}"
                    used[name] = used.get(name, 0) + 1
            for found in known.values():
                path = f"guidelines/{found.name}"
                if texts.get(path) != found.sha256:
                    yield Finding(path, "is missing" if path not in texts else "is not the text that was registered")

        findings = Few(bad())
        return judged(
            findings,
            f"{sum(used.values()):,} labels on {len(used)} registered guidelines",
            "{total} labels or texts without a registered guideline",
            {"labels": sum(used.values()), "guidelines": len(known)},
            {"labels by guideline": [{"guideline": name, "labels": used[name]} for name in sorted(used)]},
            about=sum(used.values()) + len(known),
        )


check = Guidelines()
