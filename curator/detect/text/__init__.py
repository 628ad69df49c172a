"""Identifiers in texts: detectors for the 18 categories, their merge, and what takes their place.

Reads texts and returns offsets; must never print, log or raise a text.
"""

from __future__ import annotations

from collections.abc import Iterable

from curator.detect.text.protocol import Detector, find_all, installed

__all__ = ["Detector", "detectors", "find_all", "installed"]


def detectors(added: Iterable[str] = (), *, facilities: bool = True, weighed: bool = True) -> list[Detector]:
    """Return the program's own detector and those that are installed under the names given.

    Parameters
    ----------
    added
        Names of installed detectors.
    facilities
        Also find hospitals, schools and employers by name.
    weighed
        Also find in prose what no rule knows, by the trained table of odds.
    """
    from curator.detect.text.engine import TextDetector

    return [TextDetector(facilities=facilities, weighed=weighed), *installed(added)]
