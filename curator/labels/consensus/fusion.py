"""Weighted boxes fusion: boxes of several readers that mean one find become one box, by the mean of their corners.

Source: Solovyev, Wang and Gabruseva, Image and Vision Computing 107 (2021) 104117, section 3. The paper fuses models'
boxes; here a reader's stated confidence takes the place of the score, and 1 that of none. Unlike in the paper a box
that too few readers drew is not kept with a lower score: it is outvoted, or undecided when just half of them drew it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curator.labels.agreement.boxes import iou_matrix

#: The least intersection over union of boxes that mean one find (section 4.2 of the paper).
THRESHOLD = 0.55


@dataclass(frozen=True)
class Drawn:
    """One reader's box: least corner and greatest corner, confidence from 0 to 1, the reader's id and weight."""

    corners: tuple[float, ...]
    reader: str
    confidence: float = 1.0
    weight: float = 1.0

    @property
    def mass(self) -> float:
        """What it counts in the mean."""
        return self.confidence * self.weight


@dataclass(frozen=True)
class Fused:
    """One find.

    Parameters
    ----------
    corners
        Mean of the members' corners, weighted by their confidence and their readers' weight.
    members
        The boxes it was made of.
    confidence
        Mean confidence of the members times min(boxes, readers) / readers, as in the paper.
    """

    corners: tuple[float, ...]
    members: tuple[Drawn, ...]
    confidence: float

    @property
    def readers(self) -> frozenset[str]:
        """Who drew it."""
        return frozenset(one.reader for one in self.members)


def fuse(boxes: Sequence[Drawn], readers: int, threshold: float = THRESHOLD) -> list[Fused]:
    """Fuse the boxes of one class in one image.

    Parameters
    ----------
    boxes
        Of all readers, in any order.
    readers
        How many readers read the image, also those who drew nothing.
    threshold
        The least IoU of a box and the find that it joins.

    Returns
    -------
    list of Fused
        In the order of falling confidence. The same for every order of the boxes.

    Raises
    ------
    UsageError
        AGR-031 for a box of no size, or boxes of different dimensions.
    """
    clusters: list[list[Drawn]] = []
    means: list[tuple[float, ...]] = []
    for box in sorted(boxes, key=lambda one: (-one.mass, one.corners, one.reader)):
        at = -1
        if means:
            overlap = iou_matrix(np.array([box.corners]), np.array(means))[0]
            best = int(overlap.argmax())
            at = best if overlap[best] > threshold else -1
        if at < 0:
            clusters.append([box])
            means.append(box.corners)
        else:
            clusters[at].append(box)
            means[at] = _mean(clusters[at])
    made = [
        Fused(
            mean,
            tuple(members),
            sum(one.confidence for one in members) / len(members) * min(len(members), readers) / readers,
        )
        for mean, members in zip(means, clusters, strict=True)
    ]
    return sorted(made, key=lambda one: (-one.confidence, one.corners))


def _mean(members: Sequence[Drawn]) -> tuple[float, ...]:
    total = sum(one.mass for one in members)
    if total <= 0:
        # Nobody is sure of anything: all count alike.
        return tuple(sum(axis) / len(members) for axis in zip(*(one.corners for one in members), strict=True))
    weighed = (tuple(one.mass * value for value in one.corners) for one in members)
    return tuple(sum(axis) / total for axis in zip(*weighed, strict=True))
