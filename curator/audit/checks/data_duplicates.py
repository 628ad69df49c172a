"""``data/duplicates``: nothing is there twice."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from curator.audit.answers import could_not
from curator.audit.cases import seen
from curator.audit.images import pixels_seen, unseen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told
from curator.core.spill import Sorter

#: What two files may share, in the order in which it is told.
_WHATS = ("the same bytes", "the same instance UID", "the same pixels")


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
        held: Sorter[tuple[str, str, int, str]] = Sorter(itemgetter(0, 1))
        count = 0
        for count, image in enumerate(found.images(), 1):
            path = image.file.path
            place = count * len(_WHATS)
            held.append((_WHATS[0], image.file.sha256, place, path))
            if image.facts.get("instance"):
                held.append((_WHATS[1], str(image.facts["instance"]), place + 1, path))
            pixels = looked.of.get(path) or {}
            if pixels.get("digest") and pixels["constant"] < pixels["planes"]:
                held.append((_WHATS[2], pixels["digest"], place + 2, path))
        groups = []
        for (what, _), rows in groupby(held, key=itemgetter(0, 1)):
            several = [(place, path) for _, _, place, path in rows]
            if len(several) > 1:
                groups.append((several[0][0], what, tuple(path for _, path in several)))
        told_of: set[tuple[str, ...]] = set()
        findings = []
        for _, what, paths in sorted(groups):
            if paths not in told_of:
                told_of.add(paths)
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
