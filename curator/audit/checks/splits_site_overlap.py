"""``splits/site-overlap``: no site is in two splits, where the project asks for that."""

from __future__ import annotations

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import CONFLICT, UNKNOWN, seen
from curator.audit.model import Answer, Finding, Severity, Subject


class SiteOverlap:
    """Asked where splits were made by site, or where the setting ``required`` is true."""

    id = "splits/site-overlap"
    title = "No site is in two splits, where the project asks for that"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data independence"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Compare the sites of the splits; a patient whose site is not known cannot be cleared."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        if found.splits.by != "site" and not subject.threshold(self.id, "required", False):
            return not_applicable("splits were made by patient, and the settings ask for no more")
        held: dict[str, set[str]] = {}
        blind = 0
        for case in found.cases.values():
            if case.name not in found.splits.of:
                continue
            if case.site in {UNKNOWN, CONFLICT}:
                blind += 1
            else:
                held.setdefault(case.site, set()).add(case.split)
        findings = [
            Finding(f"site {number}", f"in {' and '.join(sorted(splits))}", len(splits))
            for number, (_, splits) in enumerate(sorted(held.items()), 1)
            if len(splits) > 1
        ]
        if blind and not findings:
            return could_not(f"the site of {blind:,} patients is not known")
        return judged(
            findings,
            f"none of {len(held):,} sites is in two splits",
            "{total} sites are in two splits",
            {"sites": len(held), "patients_without_site": blind},
        )


check = SiteOverlap()
