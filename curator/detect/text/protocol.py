"""The door through which text detectors come, ours and those that a user installs.

A detector gets a text and says where identifiers stand. It must never print, log or raise a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

from curator.core.errors import CheckError, ItemError, UsageError
from curator.identifiers.findings import Finding, merge

#: Each entry point of this group is a callable without arguments that returns a Detector.
GROUP = "curator.detectors"
_DISK = frozenset({"SYS-001", "SYS-002"})


@runtime_checkable
class Detector(Protocol):
    """Finds identifiers in one text."""

    def find(self, text: str) -> Iterable[Finding]:
        """Return findings, in any order, overlapping or not; offsets in code points of ``text``."""
        ...


def installed(names: Iterable[str]) -> list[Detector]:
    """Load detectors by the names of their entry points.

    Raises
    ------
    UsageError
        TXT-007 for a name that is not installed, or does not load.
    """
    names = list(names)
    # Looking through all installed packages takes a hundredth of a second.
    known = {entry.name: entry for entry in entry_points(group=GROUP)} if names else {}
    found: list[Detector] = []
    for name in names:
        try:
            detector = known[name].load()()
        except Exception:  # noqa: BLE001 - whatever another's code raises may quote anything
            raise UsageError("TXT-007") from None
        if not isinstance(detector, Detector):
            raise UsageError("TXT-007")
        found.append(detector)
    return found


def find_all(text: str, detectors: Sequence[Detector]) -> tuple[Finding, ...]:
    """Run detectors over a text and merge what they say.

    Raises
    ------
    ItemError
        TXT-006 when a detector fails, TXT-008 when it points outside of the text: the text counts as not searched.
    """
    findings: list[Finding] = []
    for detector in detectors:
        try:
            found: list[object] = list(detector.find(text))
        except CheckError as error:
            # The disk is full, or refuses: no text is to blame. What another's code says is not repeated.
            raise (error if error.code in _DISK else ItemError("TXT-006")) from None
        except Exception:  # noqa: BLE001 - whatever another's code raises may quote the text
            raise ItemError("TXT-006") from None
        for finding in found:
            if not isinstance(finding, Finding) or finding.end > len(text):
                raise ItemError("TXT-008")
            findings.append(finding)
    return merge(findings)
