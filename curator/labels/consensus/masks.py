"""Masks of several readers laid over each other, slice by slice, as patterns: who drew what in how many voxels.

A slice is a row of codes, one number a voxel: the digit of each reader, to the base of the number of classes. Slices
that nobody drew in are never laid out. Nothing larger than a slice is held but the runs themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.model import Bools, Ints
from curator.labels.consensus.staple import Staple, staple
from curator.labels.runs import joined

#: Codes are whole numbers of 62 bits.
_MOST_CODES = 1 << 62
#: So many codes are counted in a table.
_FEW_CODES = 1 << 16
#: Nearer to each other than this, two probabilities are alike: a tie.
_ALIKE = 1e-9


@dataclass(frozen=True)
class Layer:
    """What one reader drew: the extent, and for each slice the runs of each class' number, zeros first.

    Parameters
    ----------
    size
        (rows, columns) or (columns, rows, slices), as the value of the label has it.
    drawn
        (class number from 1, slice from 1, runs by rows).
    """

    size: tuple[int, ...]
    drawn: tuple[tuple[int, int, Sequence[int]], ...] = field(repr=False)

    @property
    def voxels(self) -> int:
        """How many voxels the image has."""
        return int(np.prod(np.array(self.size, dtype=object)))


def layer_of(values: Sequence[tuple[int, Mapping[str, Any]]]) -> Layer:
    """Lay the masks of one reader together.

    Parameters
    ----------
    values
        (class number from 1, value of a ``mask`` or ``volume-mask``).

    Raises
    ------
    CheckError
        CON-012 when the masks have different sizes.
    """
    sizes = {tuple(value["size"]) for _, value in values}
    if len(sizes) != 1:
        raise CheckError("CON-012")
    drawn: list[tuple[int, int, Sequence[int]]] = []
    for number, value in values:
        if "runs" in value:
            drawn.append((number, 1, value["runs"]))
        else:
            drawn += [(number, int(at), runs) for at, runs in value["slices"].items()]
    return Layer(sizes.pop(), tuple(drawn))


@dataclass(frozen=True)
class Stack:
    """The masks of all readers of one image over each other.

    Parameters
    ----------
    layers
        One a reader; empty layers for those who drew nothing.
    classes
        How many classes there are, the background among them.
    """

    layers: tuple[Layer, ...]
    classes: int

    def _plane(self) -> tuple[int, int]:
        """Return pixels of a slice, and how many slices there are."""
        size = self.layers[0].size
        return (size[0] * size[1], 1) if len(size) == 2 else (size[0] * size[1], size[2])

    def check(self) -> None:
        """Refuse what cannot be laid over each other (CON-012 for sizes, CON-013 for too many readers)."""
        if len({layer.size for layer in self.layers}) != 1:
            raise CheckError("CON-012")
        if self.classes ** len(self.layers) >= _MOST_CODES:
            raise CheckError("CON-013")

    def slices(self) -> Iterator[tuple[int, int, Ints]]:
        """Yield each slice that somebody drew in: its number, where its codes begin, and the codes.

        Raises
        ------
        CheckError
            CON-014 when one reader gave a voxel two classes.
        """
        for at in sorted({k for layer in self.layers for _, k, runs in layer.drawn if len(runs) > 1}):
            runs = [
                [(number, begin, end) for number, k, run in layer.drawn if k == at for begin, end in ones(run)]
                for layer in self.layers
            ]
            first = min(begin for own in runs for _, begin, _ in own)
            last = max(end for own in runs for _, _, end in own)
            codes = np.zeros(last - first, np.int64)
            for reader, own in enumerate(runs):
                step = self.classes**reader
                if len({number for number, _, _ in own}) < 2 and self.classes == 2:
                    # One class cannot be given twice; where a reader's masks overlap, it is still drawn once.
                    for _, begin, end in _joined(own):
                        codes[begin - first : end - first] += step
                    continue
                taken = np.zeros(last - first, np.int64)
                for number, begin, end in own:
                    part = taken[begin - first : end - first]
                    if ((part != 0) & (part != number)).any():
                        raise CheckError("CON-014")
                    part[:] = number
                codes += taken * step
            yield at, first, codes

    def patterns(self) -> tuple[Ints, Ints]:
        """Return patterns, shape (patterns, readers), and their voxels, shape (patterns,); the empty one first."""
        self.check()
        counts: dict[int, int] = {0: 0}
        for _, _, codes in self.slices():
            found, times = self._tally(codes)
            for code, count in zip(found.tolist(), times.tolist(), strict=True):
                counts[code] = counts.get(code, 0) + count
        pixels, slices = self._plane()
        counts[0] += pixels * slices - sum(counts.values())
        codes = np.array(sorted(counts), np.int64)
        return self.digits(codes), np.array([counts[code] for code in codes.tolist()], np.int64)

    def _tally(self, codes: Ints) -> tuple[Ints, Ints]:
        """Return the codes of a slice and how often each stands there; by counting where there are few possible."""
        if self.classes ** len(self.layers) > _FEW_CODES:
            found, times = np.unique(codes, return_counts=True)
            return found, times.astype(np.int64)
        times = np.bincount(codes)
        found = np.flatnonzero(times)
        return found.astype(np.int64), times[found].astype(np.int64)

    def digits(self, codes: Ints) -> Ints:
        """Return what each reader drew behind some codes, shape (codes, readers)."""
        steps = np.array([self.classes**reader for reader in range(len(self.layers))], np.int64)
        return np.asarray(codes[:, None] // steps[None, :] % self.classes, dtype=np.int64)

    def drawn(self, winner: Mapping[int, int]) -> dict[int, dict[int, list[int]]]:
        """Draw what was decided.

        Parameters
        ----------
        winner
            Code to class number; 0 and codes that are lacking stay background.

        Returns
        -------
        dict
            Class number to slice to runs, zeros first; only slices with a voxel.
        """
        pixels, _ = self._plane()
        made: dict[int, dict[int, list[int]]] = {}
        table = None
        most = self.classes ** len(self.layers)
        if most <= _FEW_CODES:
            table = np.array(
                [winner.get(code, 0) for code in range(most)], np.uint8 if self.classes < 256 else np.int64
            )
        for at, first, codes in self.slices():
            chosen = table[codes] if table is not None else _looked_up(codes, winner)
            for number in range(1, self.classes):
                stretches = [(begin + first, end + first) for begin, end in _stretches(chosen == number)]
                if stretches:
                    made.setdefault(number, {})[at] = joined(stretches, pixels)
        return made


def _joined(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Merge runs that overlap, so that no voxel is counted twice."""
    made: list[tuple[int, int, int]] = []
    for number, begin, end in sorted(runs, key=lambda one: one[1]):
        if made and begin < made[-1][2]:
            made[-1] = (number, made[-1][1], max(end, made[-1][2]))
        else:
            made.append((number, begin, end))
    return made


def _looked_up(codes: Ints, winner: Mapping[int, int]) -> Ints:
    found, inverse = np.unique(codes, return_inverse=True)
    return np.array([winner.get(code, 0) for code in found.tolist()], np.int64)[inverse.reshape(-1)]


def ones(runs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (begin, end) of every run of ones."""
    at = 0
    for number, length in enumerate(runs):
        if number % 2 and length:
            yield at, at + length
        at += length


def _stretches(inside: Bools) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


@dataclass(frozen=True)
class Blend:
    """What the masks come to.

    Parameters
    ----------
    masks
        Class number to slice to runs.
    undecided
        Voxels that were left out because two classes had as much behind them.
    dice
        For each reader Dice's coefficient with the result, over all classes; None where both are empty.
    model
        What STAPLE estimates; None for votes.
    """

    masks: dict[int, dict[int, list[int]]] = field(repr=False)
    undecided: int
    dice: tuple[float | None, ...]
    model: Staple | None = None


def blend(stack: Stack, method: str, weights: Sequence[float]) -> Blend:
    """Make one mask of several.

    Parameters
    ----------
    stack
        The readers' masks.
    method
        ``pixel-vote`` (each voxel by the weights' majority) or ``staple``, which learns its own weights.
    weights
        What each reader's vote counts, above 0.

    Raises
    ------
    CheckError
        CON-011 to CON-014; CON-015 when STAPLE does not converge.
    """
    patterns, count = stack.patterns()
    model = None
    if method == "staple":
        model = staple(patterns, count, stack.classes)
        if not model.converged:
            raise CheckError("CON-015")
        score = model.posterior
    else:
        given = patterns[:, :, None] == np.arange(stack.classes)[None, None, :]
        score = np.einsum("r,prc->pc", np.asarray(weights, dtype=np.float64), given) / sum(weights)
    best = score.max(axis=1)
    # More than half has no rival; a plurality of several classes is no majority.
    clear = best > 0.5 + _ALIKE if method != "staple" else (score >= best[:, None] - _ALIKE).sum(axis=1) == 1
    chosen = np.where(clear, score.argmax(axis=1), 0)
    chosen[(patterns == 0).all(axis=1)] = 0
    steps = stack.classes ** np.arange(len(stack.layers), dtype=np.int64)
    winner = dict(zip((patterns * steps).sum(axis=1).tolist(), chosen.tolist(), strict=True))
    undecided = int(count[~clear].sum())
    dice = tuple(_dice(patterns[:, reader], chosen, count) for reader in range(patterns.shape[1]))
    return Blend(stack.drawn(winner), undecided, dice, model)


def _dice(drawn: Ints, chosen: Ints, count: Ints) -> float | None:
    total = int(count[drawn > 0].sum() + count[chosen > 0].sum())
    both = int(count[(drawn > 0) & (drawn == chosen)].sum())
    return 2 * both / total if total else None


def values_of(blended: Blend, size: Sequence[int], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the values of the labels that hold what was drawn, one a class, in the order of the names.

    Parameters
    ----------
    size
        As the members' values have it.
    names
        The classes by number; the first stands for the background and is not read.
    """
    made: list[dict[str, Any]] = []
    for number in sorted(blended.masks):
        slices = blended.masks[number]
        if len(size) == 2:
            made.append({"class": names[number], "size": list(size), "runs": slices[1]})
        else:
            voxels = sum(sum(runs[1::2]) for runs in slices.values())
            listed = {str(at): slices[at] for at in sorted(slices)}
            made.append({"class": names[number], "size": list(size), "voxels": voxels, "slices": listed})
    return made
