"""Notices an export in percent that was read as pixels: all of its shapes lie in the corner of much larger images.

Shapes that were drawn by chance lie there once in four at most, so that ten of them do once in a million exports. It
must never move a label: what the numbers count is for the user to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curator.labels.fitting import Facts, flat_points
from curator.labels.values import number

#: The largest percentage, and the least side of an image that is much larger than that.
MOST = 100
LEAST_SIDE = 2 * MOST
#: Fewer shapes say nothing.
LEAST_SHAPES = 10


@dataclass
class Corner:
    """Counts the shapes of one export: those on images of 200 pixels or more a side, and those in their corner."""

    shapes: int = 0
    inside: int = 0

    def see(self, kind: str, value: Any, facts: Facts) -> None:
        """Count one label, in its sample's own pixels; a track counts by its frames.

        Parameters
        ----------
        kind, value
            Of the form that :func:`curator.labels.values.check_value` takes.
        facts
            Of its sample.
        """
        if min(facts.columns, facts.rows) < LEAST_SIDE:
            return
        if kind == "track":
            for one in value["frames"]:
                self.see(one["kind"], one["value"], facts)
            return
        points = list(flat_points(kind, value))
        if points:
            self.shapes += 1
            self.inside += all(number(one) <= MOST for point in points for one in point)

    @property
    def suspicious(self) -> bool:
        """Whether enough shapes were seen and all of them lie in the corner."""
        return self.inside == self.shapes >= LEAST_SHAPES
