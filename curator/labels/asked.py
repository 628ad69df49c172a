"""Classes that say which question they answer, as the readers of several tools write them: ``question: answer``.

A name may hold a colon for other reasons, so it is taken apart only where somebody gave one part of a sample several
classes at one time: those are answers to several questions. Further readings have times of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NONE = "(none)"


def asked_in(name: str) -> str:
    """Return the question that a class answers, :data:`NONE` when it says none."""
    return name.partition(": ")[0] if ": " in name else NONE


def several_asked(together: Mapping[tuple[str, ...], Iterable[str]]) -> tuple[bool, int]:
    """Say whether classes answer several questions, and how often nothing says which.

    Parameters
    ----------
    together
        The classes that one reader gave one part of one sample at one time, by whatever names these.
    """
    several = [held for one in together.values() if len(held := set(one)) > 1]
    return bool(several), sum(len(set(map(asked_in, held))) < len(held) for held in several)
