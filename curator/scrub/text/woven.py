"""Text that stands in pieces, such as cues, text nodes or segments: cleaned as one text, given back in its pieces.

A name may begin in one piece and end in the next. What is found over a seam is replaced in the piece where it begins,
and its rest goes from the pieces that follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from curator.identifiers.categories import Category
from curator.scrub.text.view import Change, changes
from curator.scrub.things import Range, left

if TYPE_CHECKING:
    from curator.scrub.medium import Person
    from curator.scrub.treatment import Treatment


class Tally:
    """Counts what was done, by place and action. Holds no values."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, place: str, action: str, count: int = 1) -> None:
        """Count an action."""
        self.counts[place, action] += count

    def changes(self, place: str, found: Sequence[Change]) -> None:
        """Count what was replaced in a text."""
        for one in found:
            self.counts[f"{place}.{one.category.name.lower()}", action_of(one)] += 1

    def actions(self) -> tuple[tuple[str, str, int], ...]:
        """Return (place, action, count), sorted."""
        return tuple((place, action, count) for (place, action), count in sorted(self.counts.items()))


def action_of(one: Change) -> str:
    """Return the word for what became of a finding."""
    if not one.new:
        return "removed"
    if one.category is Category.DATE and not one.new.startswith("["):
        return "capped" if one.kind == "age" else "dated"
    return "replaced"


def joined(parts: Sequence[str], between: Sequence[str]) -> tuple[str, list[int]]:
    """Return the pieces as one text with what stands between them, and where each piece begins in it."""
    out: list[str] = []
    starts: list[int] = []
    size = 0
    for number, part in enumerate(parts):
        starts.append(size)
        out.append(part)
        size += len(part)
        if number + 1 < len(parts):
            out.append(between[number])
            size += len(between[number])
    return "".join(out), starts


def cleaned(
    parts: Sequence[str],
    between: Sequence[str],
    person: Person | None,
    treatment: Treatment,
    cells: Sequence[Range] = (),
) -> tuple[list[str], list[Change]]:
    """Clean pieces as one text.

    Parameters
    ----------
    parts
        The pieces in the order in which they are read.
    between
        What a reader sees between a piece and the next: nothing, a blank or a line end.
    person, treatment
        As for :func:`curator.scrub.text.view.prose`.
    cells
        Where cells of things stand in the joined text.

    Returns
    -------
    tuple
        The clean pieces, as many as before, and what was changed.

    Raises
    ------
    ItemError
        When a detector fails.
    """
    out, found = traced(parts, between, person, treatment, cells)
    return [text for text, _ in out], found


def traced(
    parts: Sequence[str],
    between: Sequence[str],
    person: Person | None,
    treatment: Treatment,
    cells: Sequence[Range] = (),
) -> tuple[list[tuple[str, list[tuple[int, int, int, int]]]], list[Change]]:
    """Clean pieces as one text, and say of each where its places went.

    Parameters and errors as of :func:`cleaned`.

    Returns
    -------
    tuple
        The clean pieces, each with (start, end) in the old one and in the clean one of every change; and what was
        changed.
    """
    text, starts = joined(parts, between)
    found = changes(text, person, treatment)
    if cells:
        found = [
            replace(one, start=start, end=end, new="" if number else one.new)
            for one in found
            for number, (start, end) in enumerate(left(text, one.start, one.end, one.rule, cells))
        ]
    out: list[tuple[str, list[tuple[int, int, int, int]]]] = []
    at = 0
    for start, part in zip(starts, parts, strict=True):
        end = start + len(part)
        while at < len(found) and found[at].end <= start:
            at += 1
        written: list[str] = []
        place, size = start, 0
        edits: list[tuple[int, int, int, int]] = []
        number = at
        while number < len(found) and found[number].start < end:
            one = found[number]
            low, high = max(place, one.start), min(end, max(place, one.end))
            # A change that began between two pieces, or in an empty one, is answered for where it goes on.
            new = one.new if one.start >= start or not _begun(one, starts, parts, start) else ""
            written += (text[place:low], new)
            size += low - place
            edits.append((low - start, high - start, size, size + len(new)))
            size += len(new)
            place = high
            number += 1
        written.append(text[place:end])
        out.append(("".join(written), edits))
    return out, found


def _begun(one: Change, starts: Sequence[int], parts: Sequence[str], here: int) -> bool:
    """Say whether a piece before this one already holds what stands for a change."""
    from bisect import bisect_left

    number = bisect_left(starts, here) - 1
    while number >= 0:
        if one.start < starts[number] + len(parts[number]) and one.end > starts[number]:
            return True
        if starts[number] + len(parts[number]) <= one.start:
            return False
        number -= 1
    return False
