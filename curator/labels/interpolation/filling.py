"""Fill in between the signed labels of a project: which belong to each other, and lines of a label file.

Two labels belong to each other when they are neighbors on one stack, by one reader, guideline, stage, kind and class,
and neither shares its slice with another such label. A track and a mask of a volume are filled in within themselves.
What is filled in has its ends' reader and the later of their times, says ``interpolated``, and names their leaf hashes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from curator import __version__
from curator.core.canonical import canonical_bytes
from curator.core.errors import CuratorError, ItemError
from curator.labels.checks import plain
from curator.labels.converting import ID_LETTERS, LETTERS, PREFIX
from curator.labels.importing import MAX_INLINE
from curator.labels.interpolation import masks, shapes
from curator.labels.interpolation.stacks import Place, Stack, Stacks
from curator.labels.origin import counts_as_human, human_frames
from curator.labels.signed import Signed, problem
from curator.labels.values import settled, written
from curator.labels.writers.protocol import Clean

FLAT = (*shapes.KINDS, "mask")
KINDS = (*FLAT, "volume-mask", "track")
#: Slices or frames between two labels that are filled in unless more is allowed.
MOST = 20


@dataclass
class Filled:
    """What came of it: each label is an end, or refused with a reason."""

    ends: set[int] = field(default_factory=set)
    refused: dict[int, ItemError] = field(default_factory=dict)
    made: int = 0
    values: int = 0

    def refuse(self, label: Signed, error: CuratorError) -> None:
        """Take note why a label is no end; the first reason stands, and an end stays one."""
        self.refused.setdefault(label.index, problem(error))

    def reasons(self) -> list[tuple[ItemError, int]]:
        """Return each reason of labels that are no end, with its count, the most frequent first."""
        left = [error for index, error in self.refused.items() if index not in self.ends]
        counts = Counter(error.code for error in left)
        by_code = {error.code: error for error in left}
        return [(by_code[code], count) for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


class Filling:
    """One run.

    Parameters
    ----------
    clean, stacks
        The project's files.
    together
        True when the user named the labels: then all of a stack belong together, whatever their class.
    most
        Slices or frames between two labels at most.
    put
        Takes a value that stands in a file of its own, as canonical JSON.
    advance
        Called with the number of labels gone through.
    """

    def __init__(
        self,
        clean: Clean,
        stacks: Stacks,
        *,
        together: bool = False,
        most: int = MOST,
        put: Callable[[bytes], None] = lambda _: None,
        advance: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._clean, self._stacks = clean, stacks
        self._together, self._most = together, most
        self._put, self._advance = put, advance
        self.filled = Filled()

    def lines(self, labels: Sequence[Signed]) -> Iterator[bytes]:
        """Yield lines of a label file, in the order of the labels.

        Raises
        ------
        UsageError
            INT-008.
        IntegrityError
            LBL-018.
        """
        groups: dict[tuple[str, ...], list[Signed]] = {}
        for label in labels:
            self._advance(1)
            try:
                if label.kind not in KINDS:
                    raise ItemError("INT-003")
                if label.kind in FLAT:
                    groups.setdefault(self._key(label), []).append(label)
                    continue
                found = list(self._track(label) if label.kind == "track" else self._volume(label))
            except CuratorError as error:
                self.filled.refuse(label, error)
                continue
            self.filled.ends.add(label.index)
            yield from found
        for group in groups.values():
            yield from self._stack(group)

    def _key(self, label: Signed) -> tuple[str, ...]:
        value = label.said["value"]
        if not isinstance(value, dict):
            raise ItemError("EXP-017")
        own = () if self._together else (label.kind, str(value.get("class", "")))
        return (self._stacks.key(label), label.author, label.guideline, str(label.said["stage"]), *own)

    def _stack(self, labels: list[Signed]) -> Iterator[bytes]:
        on: dict[int, list[Signed]] = {}
        for label in labels:
            try:
                on.setdefault(self._stacks.of(label).number(label), []).append(label)
            except CuratorError as error:
                self.filled.refuse(label, error)
        for at in [at for at, here in on.items() if len(here) > 1]:
            for label in on[at]:
                self.filled.refuse(label, ItemError("INT-010"))
        ordered = sorted(on)
        if len(ordered) == 1:
            for label in on[ordered[0]]:
                self.filled.refuse(label, ItemError("INT-001"))
        for low, high in pairwise(ordered):
            if len(on[low]) > 1 or len(on[high]) > 1:
                for label in (*on[low], *on[high]):
                    self.filled.refuse(label, ItemError("INT-001"))  # its neighbor is not known
                continue
            yield from self._pair(on[low][0], on[high][0], low, high)

    def _pair(self, one: Signed, two: Signed, low: int, high: int) -> Iterator[bytes]:
        try:
            stack = self._stacks.of(one)
            found = list(self._between(one, two, stack, low, high))
        except CuratorError as error:
            for label in (one, two):
                self.filled.refuse(label, error)
            return
        self.filled.ends |= {one.index, two.index}
        yield from found

    def _between(self, one: Signed, two: Signed, stack: Stack, low: int, high: int) -> Iterator[bytes]:
        places = stack.places[low + 1 : high]
        self._check_gap(len(places))
        if one.kind != two.kind:
            raise ItemError("INT-006")
        first, second = one.value(self._clean.root), two.value(self._clean.root)
        if first["class"] != second["class"]:
            raise ItemError("INT-006")
        shares = _shares(stack.places[low], places, stack.places[high])
        leaves = [one.leaf, two.leaf]
        if one.kind != "mask":
            for place, share in zip(places, shares, strict=True):
                yield self._line(one, two, place, shapes.between(one.kind, first, second, share), leaves)
            return
        if first["size"] != second["size"]:
            raise ItemError("INT-009")
        rows, columns = first["size"]
        drawn = masks.between(
            first["runs"], second["runs"], (rows, columns), [float(share) for share in shares], stack.spacing
        )
        for place, runs in zip(places, drawn, strict=True):
            value = {"class": first["class"], "size": [rows, columns], "runs": runs}
            yield self._line(one, two, place, value, leaves)

    def _check_gap(self, count: int) -> None:
        if not count:
            raise ItemError("INT-013")
        if count > self._most:
            raise ItemError("INT-012")

    def _volume(self, label: Signed) -> Iterator[bytes]:
        """Fill in the slices that a mask of a volume leaves out between two that it has."""
        value = label.value(self._clean.root)
        stack = self._stacks.of(label)
        (columns, rows, count), slices = value["size"], {int(key): runs for key, runs in value["slices"].items()}
        if count != len(stack.places):
            raise ItemError("INT-011")
        there = sorted(at for at, runs in slices.items() if sum(runs[1::2]))
        made: dict[str, list[int]] = {}
        gaps = [(low, high) for low, high in pairwise(there) if high - low > 1]
        self._check_gap(max((high - low - 1 for low, high in gaps), default=0))
        for low, high in gaps:
            places = stack.places[low : high - 1]
            shares = [float(one) for one in _shares(stack.places[low - 1], places, stack.places[high - 1])]
            drawn = masks.between(slices[low], slices[high], (rows, columns), shares, stack.spacing)
            made |= {str(low + 1 + at): runs for at, runs in enumerate(drawn)}
        voxels = sum(sum(runs[1::2]) for runs in made.values())
        filled = {"class": value["class"], "size": value["size"], "voxels": voxels, "slices": made}
        yield self._line(label, label, Place(label.path, None, 0.0), filled, [label.leaf])

    def _track(self, label: Signed) -> Iterator[bytes]:
        """Fill in the frames between the key frames of a track."""
        value = label.value(self._clean.root)
        frames = human_frames(value["frames"])
        if len(frames) < 2:
            raise ItemError("INT-001")
        pairs = [(one, two) for one, two in pairwise(frames) if two["frame"] - one["frame"] > 1]
        self._check_gap(max((two["frame"] - one["frame"] - 1 for one, two in pairs), default=0))
        made = []
        for one, two in pairs:
            if one["kind"] != two["kind"]:
                raise ItemError("INT-006")
            length = two["frame"] - one["frame"]
            for step in range(1, length):
                shape = shapes.between(one["kind"], one["value"], two["value"], Fraction(step, length))
                made.append({"frame": one["frame"] + step, "kind": one["kind"], "value": shape, "interpolated": True})
        filled = {"class": value["class"], "track": value["track"], "frames": made}
        yield self._line(label, label, Place(label.path, label.part, 0.0), filled, [label.leaf])

    def _line(self, one: Signed, two: Signed, place: Place, value: dict[str, Any], leaves: list[str]) -> bytes:
        later = max(one, two, key=lambda label: label.labeled_at)
        whole = settled({**value, "between": leaves})
        part = place.part
        fields: dict[str, Any] = {
            "labelId": _id(leaves, place),
            "sample": place.path,
            "kind": one.kind,
            "value": self._placed(whole),
            "author": one.author,
            "labeledAt": later.labeled_at,
            "guideline": one.guideline,
            "stage": one.said["stage"],
            "tool": f"curator@{__version__}",
            "origin": "interpolated",
            **({"location": part} if part is not None else {}),
        }
        assert not counts_as_human(fields)
        self.filled.made += 1
        return written(fields).encode("utf-8") + b"\n"

    def _placed(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return a value as it stands in the line: itself, or the digest of a file that holds it."""
        data = canonical_bytes(plain(value))
        if len(data) <= MAX_INLINE:
            return value
        self._put(data)
        self.filled.values += 1
        return {"whole": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}, "class": value["class"]}


def _shares(low: Place, places: Sequence[Place], high: Place) -> list[Fraction]:
    """Return how far between two slices others lie, by their place."""
    first, last = Fraction(low.height), Fraction(high.height)
    return [(Fraction(place.height) - first) / (last - first) for place in places]


def _id(leaves: list[str], place: Place) -> str:
    """Return an id of letters that make no word, the same for the same ends and place."""
    words = "/".join([*leaves, place.path, str(place.part)])
    digest = hashlib.sha256(f"interpolated {words}".encode()).hexdigest()
    return PREFIX + "".join(LETTERS[int(one, 16)] for one in digest[:ID_LETTERS])
