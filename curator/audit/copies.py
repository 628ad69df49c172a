"""Images of different patients that are copies of each other: single planes, and whole volumes plane by plane.

What could not be compared is counted and never taken for different: see :attr:`Copies.left`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curator.audit.cases import Seen, once
from curator.audit.images import FineProbe, Looks, Thumbs
from curator.audit.model import Finding, Subject
from curator.core.errors import CheckError

if TYPE_CHECKING:
    from curator.audit.search import Near

#: A volume of at least so many planes is a copy where so great a share of its compared planes is.
VOLUME, SHARE = 6, 0.5
#: Pairs of planes of two patients that are compared closely before the two are taken for different.
FIRST = 24
#: Pairs of planes that are compared closely in all.
CLOSELY = 200_000
#: Planes whose large thumbnails (9 KiB), and whose spectra (40 KiB) are held at a time.
HELD, SPECTRA = 4096, 512
#: Names and versions under which a search, and what came of its pairs, are kept for the next audit; the search's two
#: parts; and the pairs that are kept at most.
_SEARCH, _SURE = ("near-search", 1), ("near-sure", 1)
_QUESTS = {True: "across", False: "within"}
_KEPT = 20_000

Pair = tuple[int, int]


@dataclass(frozen=True)
class Copy:
    """Two patients that share images: what, and how many planes of the first.

    ``place`` is the path of one of the first's files that has a copy, and ``partner`` the copy's SHA-256.
    """

    first: str
    second: str
    what: str
    planes: int
    place: str = ""
    partner: str = ""

    def finding(self, kind: str) -> Finding:
        """Return what a report says: the patients, and in a delivered folder, where they have no names, the files."""
        if kind != "folder":
            return Finding(f"patient {self.first} {self.second}", self.what, self.planes)
        return Finding(self.place, f"{self.what}, with file sha256:{self.partner[:16]}", self.planes)


@dataclass(frozen=True)
class Copies:
    """What came of a search.

    Parameters
    ----------
    found
        Pairs of patients that share images.
    compared
        Planes that were searched.
    crowded
        Planes that are like too many others to be compared with each of them.
    unsure
        Likely pairs of patients that were not compared closely, for there were too many.
    """

    found: list[Copy]
    compared: int
    crowded: int = 0
    unsure: int = 0

    @property
    def left(self) -> str:
        """Say what was not compared to the end, empty where everything was."""
        planes = f"{self.crowded:,} planes are like too many others to be compared with each" if self.crowded else ""
        pairs = f"{self.unsure:,} likely pairs of patients are too many to be compared" if self.unsure else ""
        return ", ".join(one for one in (planes, pairs) if one)

    @property
    def figures(self) -> dict[str, int]:
        """What a check tells of it in figures."""
        return {"compared": self.compared, "crowded": self.crowded, "likely_not_compared": self.unsure}


@dataclass(frozen=True)
class _Planes:
    """All thumbnails that are searched; of each the file and the plane in it, the patient, the series and the side.

    Numbers are int32 arrays, of the same length as the thumbnails: a file's is its number in ``looked.of``.
    """

    looked: Looks
    thumbs: Thumbs
    files: Any
    within: Any
    owners: Any
    units: Any
    sides: Any
    patients: list[str]


def copies(subject: Subject, found: Seen, looked: Looks, alike: float, *, across: bool) -> Copies:
    """Return the pairs of patients that share images.

    Parameters
    ----------
    subject, found
        What is audited, and its cases.
    looked
        What the pixel probe saw.
    alike
        The least correlation of two copies, in what is fine.
    across
        Whether patients of two splits are asked about, of those that are in one; or all other pairs of patients.

    Raises
    ------
    CheckError
        AUD-007 when the larger thumbnails of likely copies cannot be made.
    """
    planes = once(subject, "planes", lambda: _planes(found, looked))
    compared = int((planes.sides >= 0).sum()) if across else len(planes.thumbs)
    if compared < 2:
        return Copies([], compared)
    likely = once(subject, "near", lambda: _likely(subject, planes))[across]
    sure, unsure = _settled(subject, planes, likely, alike)
    return Copies(_told(planes, sure), compared, likely.unsearched, unsure)


def _likely(subject: Subject, planes: _Planes) -> dict[bool, Near]:
    """Search pairs on two sides and all others at once, or take what an audit of these very images found."""
    import numpy as np

    from curator.audit.search import Near, nears

    digest = hashlib.sha256()
    for part in planes.thumbs.parts():
        digest.update(part)
    for numbers in (planes.owners, planes.sides):
        digest.update(b"%d " % len(numbers) + np.asarray(numbers, "<i4").tobytes())
    known = subject.remembered(*_SEARCH, digest.hexdigest())
    if known is not None:
        return {
            across: Near([(one, other, value) for one, other, value in known[name]["pairs"]], known[name]["unsearched"])
            for across, name in _QUESTS.items()
        }
    made = nears(planes.thumbs, planes.owners, planes.sides, tuple(_QUESTS))
    if sum(len(one.pairs) for one in made.values()) <= _KEPT:
        said = {
            name: {"pairs": made[across].pairs, "unsearched": made[across].unsearched}
            for across, name in _QUESTS.items()
        }
        subject.remember(*_SEARCH, digest.hexdigest(), said)
    return made


def _planes(found: Seen, looked: Looks) -> _Planes:
    """Gather what is searched, in the order of the thumbnails, which are not copied where all of them are searched."""
    import numpy as np

    from curator.audit.assignments import NONE

    names = {name: at for at, name in enumerate(sorted({case.split for case in found.cases.values()} - {NONE}))}
    rows, columns = 0, tuple(array("i") for _ in range(6))
    for owner, case in enumerate(found.cases.values()):
        series: dict[str, int] = {}
        # Who is in no split is on nobody's other side: the pair is one of the others.
        side = names.get(case.split, -1)
        for image in case.images:
            number = looked.of.number(image.file.path)
            seen_of = {} if number is None else looked.of.at(number)[1]
            if number is None or not seen_of["thumbs"]:
                continue
            unit = series.setdefault(image.series, rows + len(series))
            for at in range(seen_of["thumbs"]):
                for column, value in zip(columns, (seen_of["first"] + at, number, at, owner, unit, side), strict=True):
                    column.append(value)
        rows += len(series)
    first, *others = (np.array(column, np.int32) for column in columns)
    order = np.argsort(first, kind="stable")
    whole = len(first) == len(looked.thumbs)
    thumbs = looked.thumbs if whole else looked.thumbs.only(first[order].tolist())
    files, within, owners, units, sides = (column[order] for column in others)
    return _Planes(looked, thumbs, files, within, owners, units, sides, list(found.cases))


def _told(planes: _Planes, sure: list[Pair]) -> list[Copy]:
    """Return the pairs of patients of pairs of planes that agree, and whether whole volumes do."""
    units, owners = planes.units.tolist(), planes.owners.tolist()
    sizes = Counter(units)
    hit: dict[Pair, set[int]] = {}
    shared: dict[Pair, set[int]] = {}
    one_of: dict[Pair, Pair] = {}
    for one, other in sure:
        a, b = sorted((one, other), key=lambda at: owners[at])
        shared.setdefault((owners[a], owners[b]), set()).add(a)
        one_of.setdefault((owners[a], owners[b]), (a, b))
        for at, partner in ((a, b), (b, a)):
            hit.setdefault((units[at], units[partner]), set()).add(at)
    owner_of = dict(zip(units, owners, strict=True))
    whole = {
        (owner_of[unit], owner_of[other])
        for (unit, other), there in hit.items()
        if sizes[unit] >= VOLUME and len(there) >= SHARE * sizes[unit]
    }
    made = []
    for (a, b), there in sorted(shared.items()):
        volume = (a, b) in whole or (b, a) in whole
        what = "copies of a volume" if volume else "copies of images"
        (place, _), (_, copied) = (planes.looked.of.at(int(planes.files[at])) for at in one_of[a, b])
        made.append(Copy(planes.patients[a], planes.patients[b], what, len(there), place, copied["sha256"]))
    return made


def _settled(subject: Subject, planes: _Planes, likely: Near, alike: float) -> tuple[list[Pair], int]:
    """Return what :func:`_sure` does, or take what an audit of these very pairs of these very files found."""
    probe = FineProbe(frozenset())
    asked = [probe.name, probe.version, probe.parameters(), alike, FIRST, CLOSELY]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    shas: dict[int, str] = {}
    for one, other, value in likely.pairs:
        for at in (one, other):
            if at not in shas:
                shas[at] = planes.looked.of.at(int(planes.files[at]))[1]["sha256"]
            said = (at, shas[at], int(planes.within[at]), int(planes.owners[at]), value)
            digest.update(json.dumps(said).encode())
    known = subject.remembered(*_SURE, digest.hexdigest())
    if known is not None:
        return [(one, other) for one, other in known["sure"]], known["unsure"]
    sure, unsure = _sure(subject, planes, likely, alike)
    if len(sure) <= _KEPT:
        subject.remember(*_SURE, digest.hexdigest(), {"sure": sure, "unsure": unsure})
    return sure, unsure


def _sure(subject: Subject, planes: _Planes, likely: Near, alike: float) -> tuple[list[Pair], int]:
    """Return the likely pairs whose larger thumbnails agree, and how many pairs of patients were not compared.

    Of two patients the likeliest :data:`FIRST` pairs are compared, all others only where one of these agrees.
    """
    pairs: dict[Pair, list[tuple[float, int, int]]] = {}
    for one, other, value in likely.pairs:
        a, b = sorted((int(planes.owners[one]), int(planes.owners[other])))
        pairs.setdefault((a, b), []).append((-value, one, other))
    for each in pairs.values():
        each.sort()
    # The likeliest patients first, should there be too many.
    order = sorted(pairs, key=lambda at: (pairs[at][0], at))
    first: list[Pair] = []
    unsure = 0
    for number, at in enumerate(order):
        if len(first) >= CLOSELY:
            unsure = len(order) - number
            break
        first += [(one, other) for _, one, other in pairs[at][:FIRST]]
    sure = list(_agreeing(subject, planes, first, alike))
    both = {tuple(sorted((int(planes.owners[one]), int(planes.owners[other])))) for one, other in sure}
    rest = [(one, other) for at in order if at in both for _, one, other in pairs[at][FIRST:]]
    return sure + list(_agreeing(subject, planes, rest[:CLOSELY], alike)), unsure


def _agreeing(subject: Subject, planes: _Planes, pairs: list[Pair], alike: float) -> Iterator[Pair]:
    """Yield the pairs that agree at 96 by 96; their files are looked at some at a time."""
    from curator.audit.correlate import large

    start = 0
    while start < len(pairs):
        stop, held = start, set[int]()
        while stop < len(pairs) and len(held) < HELD:
            held.update(pairs[stop])
            stop += 1
        fine = _fine(subject, planes, pairs[start:stop])
        spectra: dict[int, Any] = {}
        for one, other in pairs[start:stop]:
            if len(spectra) > SPECTRA:
                spectra.clear()
            for at in (one, other):
                if at not in spectra:
                    spectra[at] = large().spectra(fine[at])
            if large().compare(spectra[one], spectra[other]) >= alike:
                yield one, other
        start = stop


def _fine(subject: Subject, planes: _Planes, pairs: list[Pair]) -> dict[int, Any]:
    """Return the large thumbnails of the planes of pairs, by the planes' numbers."""
    import numpy as np

    from curator.audit.phash import FINE

    wanted: dict[str, list[int]] = {}
    for at in sorted({at for pair in pairs for at in pair}):
        wanted.setdefault(planes.looked.of.at(int(planes.files[at]))[1]["sha256"], []).append(at)
    made: dict[int, Any] = {}
    for one in subject.looked(FineProbe(frozenset(wanted))):
        texts = [] if one.found is None else one.found["thumbs"]
        for at in wanted[one.file.sha256]:
            number = int(planes.within[at])
            if number < len(texts):
                made[at] = np.frombuffer(base64.b64decode(texts[number]), np.uint8).reshape(FINE, FINE)
    if any(at not in made for all_of in wanted.values() for at in all_of):
        raise CheckError("AUD-007", what="larger picture of an image that may be a copy")
    return made
