"""``data/duplicates``: nothing is there twice."""

from __future__ import annotations

from curator.audit.answers import could_not
from curator.audit.cases import seen
from curator.audit.images import pixels_seen, unseen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told


class Duplicates:
    """Compares files byte by byte, images by their decoded values, and SOP Instance UIDs."""

    id = "data/duplicates"
    title = "No image is there twice"
    severity = Severity.MINOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Compare; images that are constant are no copies of each other."""
        found = seen(subject)
        looked = pixels_seen(subject)
        held: dict[tuple[str, str], list[str]] = {}
        count = 0
        for image in found.images():
            count += 1
            path = image.file.path
            held.setdefault(("the same bytes", image.file.sha256), []).append(path)
            if image.facts.get("instance"):
                held.setdefault(("the same instance UID", str(image.facts["instance"])), []).append(path)
            pixels = looked.of.get(path, {})
            if pixels.get("digest") and pixels["constant"] < pixels["planes"]:
                held.setdefault(("the same pixels", pixels["digest"]), []).append(path)
        told_of: set[tuple[str, ...]] = set()
        findings = []
        for (what, _), paths in held.items():
            if len(paths) > 1 and tuple(paths) not in told_of:
                told_of.add(tuple(paths))
                findings.append(Finding(paths[1], f"{what} as another file", len(paths)))
        blind = unseen(looked)
        if blind and not findings:
            return could_not(f"{sum(blind.values()):,} images could not be compared", {"not_compared": blind})
        return told(
            found,
            findings,
            count,
            passed="none of {looked} image files is there twice",
            failed="{total} groups of files are copies",
            figures={"not_compared": blind},
        )


check = Duplicates()
