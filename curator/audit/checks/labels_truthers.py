"""Who made the truth is none of the study's readers."""

from __future__ import annotations

from collections import Counter

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject


class Truthers:
    """Holds the authors of labels against the readers of the study that the settings name."""

    id = "labels/truthers"
    title = "Who made the truth is none of the study's readers"
    severity = Severity.MAJOR
    clause = "FDA CADe clinical performance guidance (2022), section 4: reading panel and reference standard"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare with ``study_readers``, ids of people; ``stages`` (empty: all) says which labels are the truth."""
        readers = set(subject.threshold(self.id, "study_readers", []))
        stages = set(subject.threshold(self.id, "stages", []))
        if not readers:
            return not_applicable("the settings name no readers of a study")
        made = Counter(
            name
            for one in standing(subject)
            if not stages or one.said["stage"] in stages
            for name in {one.said["author"], one.said["signer"]}
        )
        both = sorted(readers & made.keys())
        return judged(
            (Finding(f"reader {name}", "made the truth and reads in the study", made[name]) for name in both),
            f"none of {len(readers)} readers of the study made the truth",
            "{total} readers of the study made the truth, too",
            {"study_readers": len(readers), "truthers": len(made)},
        )


check = Truthers()
