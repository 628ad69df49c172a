"""``data/spacing``: no series is far finer, coarser or thicker than the others of its modality."""

from __future__ import annotations

import math
from collections import Counter
from statistics import median
from typing import Any

from curator.audit.cases import seen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told

#: What is compared, with the modality's own kind of spacing; and what no scanner has, in millimeters.
_KINDS = (("spacing", 0.001, 20.0), ("imager_spacing", 0.001, 5.0), ("thickness", 0.01, 50.0))


class Spacing:
    """Compares pixel spacing and slice thickness with the median of the modality, by their ratio."""

    id = "data/spacing"
    title = "No spacing is far from the others of its modality"
    severity = Severity.MINOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Compare series; ``times`` (8) is the ratio to the median from which a value is an outlier."""
        times = subject.threshold(self.id, "times", 8.0)
        found = seen(subject)
        values: dict[tuple[str, str], list[tuple[str, float]]] = {}
        findings: list[Finding] = []
        count = 0
        for name, images in found.series():
            count += 1
            for kind, least, most in _KINDS:
                held = {one for image in images for one in image.facts.get(kind) or () if one is not None}
                if any(not least <= one <= most for one in held):
                    findings.append(Finding(f"series {name}", f"{_word(kind)} that no scanner has"))
                elif held:
                    key = (str(images[0].facts.get("modality")), kind)
                    values.setdefault(key, []).append((name, math.exp(sum(map(math.log, held)) / len(held))))
        rows: list[dict[str, Any]] = []
        for (modality, kind), given in sorted(values.items()):
            middle = median(value for _, value in given)
            far = [name for name, value in given if not 1 / times <= value / middle <= times]
            findings += [
                Finding(f"series {name}", f"{_word(kind)} far from the others of its modality") for name in far
            ]
            rows.append(
                {
                    "modality": modality if modality.isalpha() and len(modality) <= 4 else "other",
                    "what": _word(kind),
                    "series": len(given),
                    "median mm": middle,
                    "outliers": len(far),
                }
            )
        kinds = Counter(one.what for one in findings)
        return told(
            found,
            findings,
            count,
            passed="no spacing of {looked} series stands out",
            failed="{total} spacings stand out",
            figures={"kinds": dict(kinds)},
            tables={"spacing by modality": rows},
        )


def _word(kind: str) -> str:
    return {"spacing": "a pixel spacing", "imager_spacing": "a detector spacing", "thickness": "a thickness"}[kind]


check = Spacing()
