"""Identifiers in texts: detectors for the 18 categories, their merge, and what takes their place.

Reads texts and returns offsets; must never print, log or raise a text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from curator.detect.text.protocol import Detector, find_all, installed

if TYPE_CHECKING:
    from curator.detect.text.met import Met

__all__ = ["Detector", "detectors", "find_all", "installed"]


def detectors(
    added: Iterable[str] = (), *, facilities: bool = True, weighed: bool = True, met: Met | None = None
) -> list[Detector]:
    """Return the program's own detector and those that are installed under the names given.

    Parameters
    ----------
    added
        Names of installed detectors.
    facilities
        Also find hospitals, schools and employers by name.
    weighed
        Also find in prose what no rule knows, by the trained table of odds.
    met
        What rules found in texts before, for the program's own detector.
    """
    from curator.detect.text.engine import TextDetector

    own = TextDetector(facilities, weighed) if met is None else TextDetector(facilities, weighed, met)
    return [own, *installed(added)]
