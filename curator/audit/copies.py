"""Images of different patients that are copies of each other: single planes, and whole volumes plane by plane."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from curator.audit.cases import Seen, once
from curator.audit.images import FineProbe
from curator.audit.model import File, Subject
from curator.core.errors import CheckError

#: A volume of at least so many planes is a copy where so great a share of its compared planes is.
VOLUME, SHARE = 6, 0.5
#: Pairs of planes of two patients that are compared closely before the two are taken for different.
FIRST = 24


@dataclass(frozen=True)
class Copy:
    """Two patients that share images: what, and how many planes of the first."""

    first: str
    second: str
    what: str
    planes: int


def copies(subject: Subject, found: Seen, looked: Mapping[str, Any], alike: float) -> tuple[list[Copy], int]:
    """Return the pairs of patients that share images, and the number of planes that were compared.

    Parameters
    ----------
    subject, found
        What is audited, and its cases.
    looked
        Path to what the pixel probe saw.
    alike
        The least correlation of two copies, in what is fine.

    Raises
    ------
    CheckError
        AUD-007 when the larger thumbnails of likely copies cannot be made.
    """
    import numpy as np

    from curator.audit.phash import SIDE, near

    thumbs: list[Any] = []
    places: list[tuple[File, int]] = []
    owners: list[int] = []
    units: list[int] = []
    sizes: Counter[int] = Counter()
    series: dict[tuple[str, str], int] = {}
    patients = list(found.cases)
    number = {name: at for at, name in enumerate(patients)}
    for image in found.images():
        for at, text in enumerate(looked.get(image.file.path, {}).get("thumbs", ())):
            places.append((image.file, at))
            unit = series.setdefault((image.patient, image.series), len(series))
            thumbs.append(np.frombuffer(base64.b64decode(text), np.uint8).reshape(SIDE, SIDE))
            owners.append(number[image.patient])
            units.append(unit)
            sizes[unit] += 1
    if len(thumbs) < 2:
        return [], len(thumbs)
    hit: dict[tuple[int, int], set[int]] = {}
    planes: dict[tuple[int, int], set[int]] = {}
    likely = once(subject, "likely copies", lambda: near(np.stack(thumbs), owners))
    for one, other in _sure(subject, likely, places, owners, alike):
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


def _sure(
    subject: Subject,
    likely: list[tuple[int, int, float]],
    places: list[tuple[File, int]],
    owners: list[int],
    alike: float,
) -> Iterator[tuple[int, int]]:
    """Yield the likely pairs whose larger thumbnails agree.

    Of two patients the likeliest :data:`FIRST` pairs are compared, all others only where one of these agrees.
    """
    import numpy as np

    from curator.audit.phash import FINE, surely

    if not likely:
        return
    wanted = frozenset(places[at][0].sha256 for pair in likely for at in pair[:2])
    seen = {one.file.sha256: one.found for one in subject.looked(FineProbe(wanted))}
    scores: dict[tuple[int, int], float] = once(subject, "scores of copies", dict)

    def fine(at: int) -> Any:
        file, number = places[at]
        found = seen.get(file.sha256)
        if found is None or number >= len(found["thumbs"]):
            raise CheckError("AUD-007", what="larger picture of an image that may be a copy")
        return np.frombuffer(base64.b64decode(found["thumbs"][number]), np.uint8).reshape(FINE, FINE)

    def agrees(one: int, other: int) -> bool:
        if (one, other) not in scores:
            scores[one, other] = surely(fine(one), fine(other))
        return scores[one, other] >= alike

    pairs: dict[tuple[int, int], list[tuple[float, int, int]]] = {}
    for one, other, value in likely:
        a, b = sorted((owners[one], owners[other]))
        pairs.setdefault((a, b), []).append((-value, one, other))
    for each in pairs.values():
        each.sort()
        first = [(one, other) for _, one, other in each[:FIRST] if agrees(one, other)]
        yield from first
        if first:
            yield from ((one, other) for _, one, other in each[FIRST:] if agrees(one, other))
