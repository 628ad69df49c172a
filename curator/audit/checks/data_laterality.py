"""``data/laterality``: header, description and label name the same side."""

from __future__ import annotations

from curator.audit.album import Image
from curator.audit.cases import seen
from curator.audit.headers import sides_in
from curator.audit.labelled import standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.told import told

_SIDES = {"L": "L", "R": "R", "B": "LR"}


class Laterality:
    """Compares Laterality, Image Laterality and Frame Laterality, the description's words, and labels' classes."""

    id = "data/laterality"
    title = "Header, description and label name the same side"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality; PS3.3 C.7.3.1.1.2"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Compare, image by image; an image that names no side is passed over."""
        found = seen(subject)
        labels: dict[str, set[str]] = {}
        if subject.has(LEDGER):
            for label in standing(subject):
                sides = sides_in(f"{label.klass or ''} {label.said['kind']}")
                if len(sides) == 1:
                    labels.setdefault(label.uid, set()).update(sides)
        findings = []
        count = 0
        for image in found.images():
            said = _header(image)
            told_of = set(image.facts["described_sides"])
            given = labels.get(str(image.facts.get("instance")), set())
            if not said and not given:
                continue
            count += 1
            if len(said) > 1:
                findings.append(Finding(image.file.path, "two sides in one header"))
            side = set().union(*map(set, said)) if said else set()
            if side and len(told_of) == 1 and not told_of <= side:
                findings.append(Finding(image.file.path, "header and description name different sides"))
            if side and given and not given <= side:
                findings.append(Finding(image.file.path, "header and label name different sides"))
            if not side and given and len(told_of) == 1 and not given <= told_of:
                findings.append(Finding(image.file.path, "description and label name different sides"))
        return told(
            found,
            findings,
            count,
            passed="{looked} images that name a side name one",
            failed="{total} conflicts of sides",
        )


def _header(image: Image) -> set[str]:
    facts = image.facts
    words = [facts.get("laterality"), facts.get("image_laterality"), *facts.get("frame_laterality", ())]
    return {_SIDES[one] for one in words if one in _SIDES}


check = Laterality()
