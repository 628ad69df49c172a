"""``privacy/pixel-risk``: the pixel-risk table's word on each object, held against signed records of who looked."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.objects import object_probe, policy_of
from curator.audit.privacy.pictures import PictureProbe
from curator.audit.privacy.reviewed import Reviewed


class PixelRisk:
    """Every object whose pixels may show text or a face was looked at, by signed record."""

    id = "privacy/pixel-risk"
    title = "Every object whose pixels may show text or a face was looked at, by signed record"
    severity = Severity.BLOCKER
    clause = "DICOM PS3.15 E.3.1, E.3.2"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Ask the table that the scrub asks, about every object as it leaves."""
        reviewed = Reviewed.of(subject)

        def judge(seen: Looked) -> Iterator[tuple[str, int]]:
            yield from reviewed.open_risks(seen)

        return answered(
            subject,
            (object_probe(policy_of(subject)), PictureProbe(subject.kind)),
            judge,
            passed="{files} objects are without that risk, or were looked at",
            failed="{total} risks that no signed record covers",
            figures={"reviewed": len(reviewed.digests)},
        )


check = PixelRisk()
