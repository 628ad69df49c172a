"""``data/geometry``: the images of a series agree on size and grid, and say where they lie."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from curator.audit.album import Image
from curator.audit.answers import Few
from curator.audit.cases import seen
from curator.audit.geometry import STACKS, gaps, is_scout, is_unit, normal, places, plane_of
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told


class Geometry:
    """Size, spacing, position and direction of slices, and the geometry of volumes."""

    id = "data/geometry"
    title = "Images say where they lie, and those of a series fit each other"
    severity = Severity.MAJOR
    clause = "PS3.3 C.7.6.2, C.7.6.3; FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at series of slices and at volumes."""
        found = seen(subject)
        findings = Few()
        count = 0
        for name, images in found.series():
            if images[0].facts.get("modality") in STACKS:
                count += 1
                findings.extend((Finding(f"series {name}", what, times) for what, times in _series(images)))
        for image in found.images():
            if image.facts["format"] == "nifti":
                count += 1
                findings.extend(Finding(image.file.path, what) for what in _volume(image.facts))
        return told(
            found,
            findings,
            count,
            passed="the geometry of {looked} series and volumes is sound",
            failed="{total} series or volumes have no sound geometry",
        )


def _series(images: list[Image]) -> Iterator[tuple[str, int]]:
    slices = [one for one in images if not is_scout(one)]
    lacking = sum(not (one.facts.get("position") or one.facts.get("positions")) for one in slices)
    if lacking:
        yield "slices without a position", lacking
    crooked = sum(not is_unit(one.facts.get("orientation")) for one in slices)
    if crooked:
        yield "slices without two unit directions at a right angle", crooked
    flat = sum(not _is_positive(one.facts.get("spacing"), 2) for one in slices)
    if flat:
        yield "slices without a pixel spacing above 0", flat
    for key, what in (("rows", "numbers of rows"), ("columns", "numbers of columns"), ("spacing", "pixel spacings")):
        kinds = {tuple(made) if isinstance(made := one.facts.get(key), list) else made for one in slices}
        if len(kinds) > 1:
            yield f"different {what} in one series", len(kinds)
    if len({one.facts.get("frame_of_reference") for one in slices}) > 1:
        yield "different frames of reference in one series", 1
    if not (lacking or crooked) and len({plane_of(one.facts["orientation"]) for one in slices}) == 1:
        odd, lost = gaps(places(slices) or [])
        if odd and not lost:
            yield "steps between slices that differ", odd


def _volume(facts: Any) -> Iterator[str]:
    if not _is_positive(facts["spacing"], 2) or not _is_positive(facts["between"], 1):
        yield "no voxel size above 0"
    if not facts["qform"] and not facts["sform"]:
        yield "no code says which space its geometry is in"
    rows = facts["direction"]
    if facts["sform"] and (None in rows or abs(_determinant(rows)) < 1e-9):
        yield "its matrix flattens space"


def _is_positive(values: Any, count: int) -> bool:
    return (
        isinstance(values, list)
        and len(values) == count
        and all(one is not None and math.isfinite(one) and one > 0 for one in values)
    )


def _determinant(rows: Any) -> float:
    one, two, three = rows[0:3], rows[4:7], rows[8:11]
    return float(sum(a * b for a, b in zip(normal([*one, *two]), three, strict=True)))


check = Geometry()
