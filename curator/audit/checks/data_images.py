"""``data/images``: no image is blank, noise, or holds values that are no numbers."""

from __future__ import annotations

from typing import Any

from curator.audit.answers import Few, could_not, judged, not_applicable
from curator.audit.images import pixels_seen, unseen
from curator.audit.model import Answer, Finding, Severity, Subject


class Images:
    """Every plane is judged: constant, noise, no number, short."""

    id = "data/images"
    title = "No image is blank or corrupt"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Judge. ``blank`` (0.5) is the share of constant planes above which a volume of several planes is blank."""
        share = subject.threshold(self.id, "blank", 0.5)
        looked = pixels_seen(subject)
        findings = Few()
        planes = 0
        for path, one in looked.of:
            planes += one.get("planes", 0)
            findings.extend((Finding(path, what, count) for what, count in _wrong(one, share)))
        blind = unseen(looked)
        figures = {"files": len(looked.of), "planes": planes, "not_looked_at": blind}
        if blind and not findings:
            return could_not(f"{sum(blind.values()):,} images could not be looked at", figures)
        if not len(looked.of):
            return not_applicable("there is no image")
        return judged(
            findings,
            f"none of {planes:,} planes is blank or corrupt",
            "{total} images are blank or corrupt",
            figures,
        )


def _wrong(one: dict[str, Any], share: float) -> list[tuple[str, int]]:
    if one["state"] == "short":
        return [("its pixels end before the header says", 1)]
    if one["state"] != "seen":
        return []
    found = []
    if one["constant"] > (share * one["planes"] if one["planes"] > 1 else 0):
        found.append(("planes of one value", one["constant"]))
    if one["noise"] * 2 > one["planes"]:
        found.append(("planes whose neighbors are unrelated, as in corrupt data", one["noise"]))
    if one["broken"]:
        found.append(("planes with values that are no numbers", one["broken"]))
    return found


check = Images()
