"""``data/modality``: the modality of an object is one that its SOP class allows."""

from __future__ import annotations

from curator.audit.cases import seen
from curator.audit.modalities import allowed
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told


class Modality:
    """Holds Modality against the SOP class, and looks for series that mix modalities."""

    id = "data/modality"
    title = "The modality of an object fits its SOP class"
    severity = Severity.MAJOR
    clause = "PS3.3 C.7.3.1.1.1; FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Compare; classes that take any modality, such as secondary captures, are passed over."""
        found = seen(subject)
        findings = []
        count = 0
        mixed: dict[str, set[str]] = {}
        for image in found.images():
            facts = image.facts
            if facts["format"] != "dicom":
                continue
            count += 1
            modality = facts.get("modality")
            if facts.get("series") and modality:
                mixed.setdefault(str(facts["series"]), set()).add(modality)
            words = allowed().get(str(facts.get("sop_class")))
            if modality is None:
                findings.append(Finding(image.file.path, "no modality"))
            elif words is not None and modality not in words:
                findings.append(Finding(image.file.path, "a modality that its SOP class does not allow"))
        findings += [
            Finding(f"series {name}", "several modalities in one series", len(words))
            for name, words in sorted(mixed.items())
            if len(words) > 1
        ]
        return told(
            found,
            findings,
            count,
            passed="the modality of {looked} objects fits their class",
            failed="{total} objects or series have a modality that does not fit",
        )


check = Modality()
