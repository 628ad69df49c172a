"""``data/missing-slices``: no slice is lacking within a series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from curator.audit.album import Image
from curator.audit.answers import Few
from curator.audit.cases import seen
from curator.audit.geometry import STACKS, gaps, is_scout, places, plane_of
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told


class MissingSlices:
    """Looks at the steps between slices of a direction, and at places that have fewer images than the others."""

    id = "data/missing-slices"
    title = "No slice is missing within a series"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality; PS3.3 C.7.6.2.1.1"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every series of slices; ``slack`` (0.2) is the share by which a step may differ from the usual."""
        slack = subject.threshold(self.id, "slack", 0.2)
        found = seen(subject)
        findings = Few()
        count = 0
        for name, images in found.series():
            if images[0].facts.get("modality") in STACKS:
                count += 1
                findings.extend(_lacking(name, images, slack))
        return told(
            found,
            findings,
            count,
            passed="none of {looked} series of slices has a gap",
            failed="{total} series of slices have gaps",
        )


def _lacking(name: str, images: list[Image], slack: float) -> Iterator[Finding]:
    stacks: dict[tuple[float, ...], list[Image]] = {}
    for one in images:
        direction = one.facts.get("orientation")
        if not is_scout(one) and isinstance(direction, list) and None not in direction:
            stacks.setdefault(plane_of(direction), []).append(one)
    for stack in stacks.values():
        along = places(stack)
        if along is None:
            continue  # the check of geometry says so
        _, lacking = gaps(along, slack)
        if lacking:
            yield Finding(f"series {name}", "slices are missing between others", lacking)
            continue
        depth = Counter(round(one, 2) for one in along)
        most = max(depth.values(), default=0)
        short = sum(most - one for one in depth.values())
        # One image of many at a place that has several (phases, echoes): fewer at one place than at most others.
        if most > 1 and 0 < short <= len(along) / 4 and sum(one == most for one in depth.values()) * 2 > len(depth):
            yield Finding(f"series {name}", "fewer images at some places than at the others", short)


check = MissingSlices()
