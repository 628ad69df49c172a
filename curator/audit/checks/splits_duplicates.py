"""``splits/duplicates``: no file, and no content apart from its header, is in two splits."""

from __future__ import annotations

from curator.audit.answers import Few, could_not, judged
from curator.audit.assignments import without
from curator.audit.cases import patient_of, seen
from curator.audit.model import JOURNAL, Answer, Severity, Subject
from curator.audit.overlap import Shared, overlaps


class Duplicates:
    """Compares digests of files, and of their content as the journal keeps it: pixels or text apart from the header."""

    id = "splits/duplicates"
    title = "No file or image content is in two splits, byte for byte"
    severity = Severity.BLOCKER
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data independence"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look for one digest under patients of different splits."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        held = Shared()
        files = 0
        for file in subject.files():
            name = patient_of(file.path, {}, subject.kind)
            if name is not None and file.size:
                files += 1
                held.add("the same bytes", file.sha256, name)
        contents = 0
        if subject.has(JOURNAL) or subject.kind == "package":
            for sample in subject.samples():
                name = patient_of(sample.path, {}, subject.kind)
                if name is not None and sample.content:
                    contents += 1
                    held.add("the same content", sample.content, name)
        findings = Few(overlaps(held.groups()[0], found.splits.of))
        if not findings and files and not contents:
            return could_not("the digests of contents are not at hand")
        return judged(
            findings,
            f"none of {files:,} files is in two splits",
            "{total} contents are in two splits",
            {"files": files, "contents": contents},
        )


check = Duplicates()
