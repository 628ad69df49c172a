"""Which slices lie between two: the frames of an image, or the images of one series by their position.

Slices of a series are those in the folder of the clean file, in the order of their place along the normal. Slices that
are not parallel, or of which two lie at one place, are no stack.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from curator.core.errors import ItemError
from curator.labels.signed import Signed
from curator.labels.writers.planes import Plane, planes
from curator.labels.writers.protocol import Clean
from curator.project.journal import Sample
from curator.project.series import Series

_COSINES = 1e-3


@dataclass(frozen=True)
class Place:
    """One slice: its sample, the part of it that a label on the slice names, and how far up it lies (mm, or frames)."""

    path: str
    part: dict[str, list[int]] | None
    height: float


@dataclass(frozen=True)
class Stack:
    """Slices in their order, and mm between rows and between columns (1 and 1 where that is not stated)."""

    places: tuple[Place, ...]
    spacing: tuple[float, float]

    def number(self, label: Signed) -> int:
        """Return which slice a label is on, from 0 (INT-011 when it names none, or several)."""
        part = label.part or {}
        frames = part.get("frames") or ([part["slice"]] if "slice" in part else None)
        if self.places[0].part is None:
            if frames not in (None, [1]):
                raise ItemError("INT-011")
            return next(at for at, place in enumerate(self.places) if place.path == label.path)
        if frames is None or len(frames) != 1 or not 1 <= frames[0] <= len(self.places):
            raise ItemError("INT-011")
        return int(frames[0]) - 1


class Stacks:
    """The stacks of a project, by one of their samples.

    Parameters
    ----------
    clean
        The clean files.
    samples
        Every sample.
    """

    def __init__(self, clean: Clean, samples: Iterable[Sample]) -> None:
        self._clean = clean
        self._folders: dict[str, list[Sample]] = {}
        self._made: dict[str, Stack | ItemError] = {}
        for sample in samples:
            if sample.kind == "dicom":
                self._folders.setdefault(os.path.dirname(sample.path), []).append(sample)

    def key(self, label: Signed) -> str:
        """Return the name of the stack that a label is on: its own sample, or the folder of its series."""
        facts = self._clean.image(label)
        return label.path if facts.frames > 1 else os.path.dirname(label.path)

    def of(self, label: Signed) -> Stack:
        """Return the stack that a label is on (INT-011)."""
        key = self.key(label)
        if key not in self._made:
            try:
                self._made[key] = self._frames(label) if key == label.path else self._series(label, key)
            except ItemError as error:
                self._made[key] = error
        found = self._made[key]
        if isinstance(found, ItemError):
            raise ItemError("INT-011")
        return found

    def _frames(self, label: Signed) -> Stack:
        facts = self._clean.image(label)
        frames, spacing = facts.frames, (1.0, 1.0)
        heights = [float(at) for at in range(frames)]
        if isinstance(label.sample, Series):
            if facts.grid is None:  # then nothing says in which order its slices are counted
                raise ItemError("INT-011")
            i, j, k = (math.hypot(*axis) for axis in facts.grid.axes)
            numbered = (Place(label.path, {"frames": [at + 1]}, at * k) for at in range(frames))
            return Stack(tuple(numbered), (j, i))
        try:
            found = planes(self._clean.header(label))
        except ItemError:
            found = []  # a video has frames in time and no place in space
        if len(found) == frames:
            spacing = (found[0].spacing[1], found[0].spacing[0])
            made = _heights(found)
            steps = [b - a for a, b in pairwise(made)]
            if all(step > 0 for step in steps) or all(step < 0 for step in steps):
                heights = [abs(one - made[0]) for one in made]
        places = (Place(label.path, {"frames": [at + 1]}, height) for at, height in enumerate(heights))
        return Stack(tuple(places), spacing)

    def _series(self, label: Signed, folder: str) -> Stack:
        series = str(self._clean.header(label).get("SeriesInstanceUID") or "")
        found: list[tuple[str, Plane]] = []
        for sample in self._folders[folder]:
            other = Signed(0, "", label.said, sample.path, sample.sha256, sample.uid, sample)
            header = self._clean.header(other)
            if not series or str(header.get("SeriesInstanceUID") or "") != series:
                raise ItemError("INT-011")
            found.append((sample.path, planes(header)[0]))
        heights = _heights([plane for _, plane in found])
        ordered = sorted(zip(heights, (path for path, _ in found), strict=True))
        if any(b[0] - a[0] <= 0.001 for a, b in pairwise(ordered)):
            raise ItemError("INT-011")
        first = found[0][1].spacing
        return Stack(tuple(Place(path, None, height) for height, path in ordered), (first[1], first[0]))


def _heights(found: list[Plane]) -> list[float]:
    """Return how far planes lie along the normal of the first one (INT-011 when they are not parallel or not alike)."""
    first = found[0]
    for plane in found:
        pairs = ((plane.across, first.across), (plane.down, first.down), (plane.spacing, first.spacing))
        if any(math.dist(one, two) > _COSINES for one, two in pairs):
            raise ItemError("INT-011")
    return [sum(a * b for a, b in zip(plane.origin, first.normal, strict=True)) for plane in found]
