"""Images of different patients that are copies of each other: single planes, and whole volumes plane by plane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curator.audit.cases import Seen

#: A volume of at least so many planes is a copy where so great a share of its compared planes is.
VOLUME, SHARE = 6, 0.5


@dataclass(frozen=True)
class Copy:
    """Two patients that share images: what, and how many planes of the first."""

    first: str
    second: str
    what: str
    planes: int


def copies(found: Seen, looked: Mapping[str, Any], alike: float) -> tuple[list[Copy], int]:
    """Return the pairs of patients that share images, and the number of planes that were compared.

    Parameters
    ----------
    found
        The cases.
    looked
        Path to what the pixel probe saw.
    alike
        The least correlation of two copies.
    """
    import numpy as np

    from curator.audit.phash import SIDE, near

    thumbs: list[Any] = []
    owners: list[int] = []
    units: list[int] = []
    sizes: Counter[int] = Counter()
    series: dict[tuple[str, str], int] = {}
    patients = list(found.cases)
    number = {name: at for at, name in enumerate(patients)}
    for image in found.images():
        for text in looked.get(image.file.path, {}).get("thumbs", ()):
            unit = series.setdefault((image.patient, image.series), len(series))
            thumbs.append(np.frombuffer(bytes.fromhex(text), np.uint8).reshape(SIDE, SIDE))
            owners.append(number[image.patient])
            units.append(unit)
            sizes[unit] += 1
    if len(thumbs) < 2:
        return [], len(thumbs)
    hit: dict[tuple[int, int], set[int]] = {}
    planes: dict[tuple[int, int], set[int]] = {}
    for one, other, _ in near(np.stack(thumbs), owners, alike):
        a, b = sorted((one, other), key=lambda at: owners[at])
        planes.setdefault((owners[a], owners[b]), set()).add(a)
        for at, partner in ((a, b), (b, a)):
            hit.setdefault((units[at], units[partner]), set()).add(at)
    whole = {
        (owner_of[unit], owner_of[other])
        for owner_of in [dict(zip(units, owners, strict=True))]
        for (unit, other), found_planes in hit.items()
        if sizes[unit] >= VOLUME and len(found_planes) >= SHARE * sizes[unit]
    }
    made = []
    for (a, b), shared in sorted(planes.items()):
        volume = (a, b) in whole or (b, a) in whole
        made.append(Copy(patients[a], patients[b], "copies of a volume" if volume else "copies of images", len(shared)))
    return made, len(thumbs)
