"""Votes on spans of a text: each character belongs to a span of a type if most readers put it into one.

A stretch that touches others is judged with them as one piece. A piece of which no character has a majority, but some
have just half of the votes, is undecided. Offsets are Unicode code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Sums of weights in another order differ in the last digits; that must not break a tie.
_SLACK = 1e-9


@dataclass(frozen=True)
class Voted:
    """What the votes on one type come to.

    Parameters
    ----------
    spans
        (start, end) that have the majority, ascending.
    undecided
        (start, end) of pieces that have just half of the votes, and no majority anywhere.
    margin
        Characters with just half of the votes beside a span that has the majority; they are left out of it.
    outvoted
        Pieces that fewer than half of the readers marked.
    """

    spans: tuple[tuple[int, int], ...]
    undecided: tuple[tuple[int, int], ...]
    margin: int
    outvoted: int


def vote(spans: Sequence[Sequence[tuple[int, int]]], weights: Sequence[float]) -> Voted:
    """Vote on the spans of one type in one text.

    Parameters
    ----------
    spans
        For each reader the (start, end) that were marked; an empty list for one who marked nothing.
    weights
        What each reader's vote counts, above 0.
    """
    half = sum(weights) / 2
    pieces = _pieces(spans, weights)
    kept: list[tuple[int, int]] = []
    undecided: list[tuple[int, int]] = []
    margin = outvoted = 0
    for piece in pieces:
        over = _merged([(start, end) for start, end, votes in piece if votes > half * (1 + _SLACK)])
        equal = [(start, end) for start, end, votes in piece if abs(votes - half) <= half * _SLACK]
        if over:
            kept += over
            margin += sum(end - start for start, end in equal)
        elif equal:
            undecided += _merged(equal)
        else:
            outvoted += 1
    return Voted(tuple(kept), tuple(undecided), margin, outvoted)


def _pieces(spans: Sequence[Sequence[tuple[int, int]]], weights: Sequence[float]) -> list[list[tuple[int, int, float]]]:
    """Cut the marked text where the votes change: pieces of (start, end, votes) that hang together."""
    unions = [_merged(sorted(own)) for own in spans]
    cuts = sorted({place for own in unions for pair in own for place in pair})
    made: list[list[tuple[int, int, float]]] = []
    at = [0] * len(unions)
    for start, end in pairwise(cuts):
        votes = 0.0
        for reader, own in enumerate(unions):
            while at[reader] < len(own) and own[at[reader]][1] <= start:
                at[reader] += 1
            if at[reader] < len(own) and own[at[reader]][0] <= start:
                votes += weights[reader]
        if not votes:
            continue
        if made and made[-1][-1][1] == start:
            made[-1].append((start, end, votes))
        else:
            made.append([(start, end, votes)])
    return made


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out
