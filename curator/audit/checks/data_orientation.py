"""``data/orientation``: the slices of a series lie in one direction."""

from __future__ import annotations

from curator.audit.cases import seen
from curator.audit.geometry import STACKS, is_scout, is_unit, plane_of
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told


class Orientation:
    """Counts the directions of the slices of a series, localizers apart, and patient positions."""

    id = "data/orientation"
    title = "The slices of a series lie in one direction"
    severity = Severity.MINOR
    clause = "PS3.3 C.7.6.2.1.1; FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every series of slices."""
        found = seen(subject)
        findings = []
        count = 0
        for name, images in found.series():
            slices = [one for one in images if not is_scout(one)]
            if images[0].facts.get("modality") not in STACKS or not slices:
                continue
            count += 1
            every = [
                direction
                for one in slices
                for direction in (one.facts.get("orientations") or [one.facts.get("orientation")])
                if is_unit(direction)
            ]
            planes = {plane_of(one) for one in every}
            if len(planes) > 1:
                findings.append(Finding(f"series {name}", "slices in several directions", len(planes)))
            positions = {one.facts["patient_position"] for one in slices if one.facts.get("patient_position")}
            if len(positions) > 1:
                findings.append(Finding(f"series {name}", "several patient positions", len(positions)))
        return told(
            found,
            findings,
            count,
            passed="the slices of each of {looked} series lie in one direction",
            failed="{total} series mix directions",
        )


check = Orientation()
