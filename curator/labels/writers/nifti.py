"""NIfTI-1 label volumes (nifti1.h of the NIfTI Data Format Working Group, 2007), with a table of names beside each.

Voxels stand in the order of the clean image: columns, rows, slices; the affine says in RAS where they lie. A label of
a volume is one file's values by itself. Masks of single slices of a series are stacked by position, all slices of the
series if they are an even stack, one value a class; a second mask of a class on a slice gets a value of its own, and
what overlaps goes into the next file. The table beside a volume is a segment description (dcmqi's ``seg-schema``), and
names the records; of a stack it says which image each slice is, so that it comes back slice by slice. ``derived.csv``
says which sample another volume shows.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError
from curator.labels.readers.stacks import STACK
from curator.labels.signed import Signed
from curator.labels.values import settled, written
from curator.labels.writers.planes import Plane, affine, planes, ras, stacked
from curator.labels.writers.protocol import Clean, Told, check_kind, only, origin_note
from curator.project.series import Series

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

DERIVED = "derived.csv"
#: The largest volume that is put together in memory, in voxels, and values of one file.
MAX_VOXELS, MAX_VALUES = 1 << 30, 255
_SIZE, _START = 348, 352
_UINT8, _MILLIMETRES, _SCANNER, _LABELS = 2, 2, 1, 1002


@dataclass
class _Volume:
    """One file: its voxels, and what each value means."""

    size: tuple[int, int, int]
    rows: list[list[float]]
    voxels: bytearray
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    labels: list[Signed] = field(default_factory=list)
    #: Of a stack: the image of each slice, None for a place where none was found; and the slices of each value.
    images: list[str | None] | None = None
    taken: dict[int, set[int]] = field(default_factory=dict)


class Nifti:
    """Writer of label volumes."""

    name = "nifti"
    title = "NIfTI-1 label volumes: masks of volumes, and masks of slices stacked"
    kinds = ("mask", "volume-mask")

    def write(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write volumes with their tables, and ``derived.csv``."""
        stacks: dict[tuple[str, str, str], list[tuple[Signed, Dataset]]] = {}
        derived: list[tuple[str, str]] = []
        for label in labels:
            try:
                check_kind(label, self)
                if isinstance(label.sample, Series):
                    facts = clean.image(label)
                    if facts.grid is None:
                        raise ItemError("EXP-010", what="its slices are no even stack")
                    volume = _whole(label, ras(facts.grid), facts.frames, clean)
                    _put(volume, told, derived, label.path)
                    continue
                header = clean.header(label)
                facts = clean.image(label)
                if label.kind == "mask" and facts.frames == 1:
                    only(label)
                    key = (str(header.get("SeriesInstanceUID") or label.path), label.author, label.said["stage"])
                    stacks.setdefault(key, []).append((label, header))
                    continue
                found = planes(header)
                if len(found) != facts.frames:
                    raise ItemError("EXP-010", what="the frames do not say where they lie")
                volume = _whole(label, affine(found), facts.frames, clean)
            except CuratorError as error:
                told.refuse(label, error)
                continue
            _put(volume, told, derived, label.path)
        for key in sorted(stacks):
            _stack(stacks[key], clean, told)
        if derived:
            stream = io.StringIO(newline="")
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(("derived", "sample", "frame", "a", "b", "c", "d", "e", "f"))
            table.writerows((name, path, *[""] * 7) for name, path in sorted(derived))
            told.put(DERIVED, stream.getvalue().encode("utf-8"))


def _whole(label: Signed, matrix: list[list[float]], frames: int, clean: Clean) -> _Volume:
    """Return the volume of one label of an image of several frames, or of a series."""
    value = label.value(clean.root)
    if label.kind == "mask":
        at = (label.part or {}).get("frames") or [(label.part or {}).get("slice")]
        if len(at) != 1 or at[0] is None:
            raise ItemError("EXP-006", what="a mask that does not name its one frame")
        rows, columns = value["size"]
        slices = {str(at[0]): value["runs"]}
    else:
        if label.part is not None:
            raise ItemError("EXP-006", what="a part of the sample")
        (columns, rows, _), slices = value["size"], value["slices"]
    made = _empty((columns, rows, frames), matrix)
    for number, runs in slices.items():
        _draw(made.voxels, (int(number) - 1) * rows * columns, runs, 1)
    made.values[1] = _described(1, value["class"], [label])
    made.labels.append(label)
    return made


def _empty(size: tuple[int, int, int], rows: list[list[float]]) -> _Volume:
    count = size[0] * size[1] * size[2]
    if count > MAX_VOXELS or max(size) > 32767:
        raise ItemError("EXP-006", what="a volume of more than 2^30 voxels")
    return _Volume(size, rows, bytearray(count))


def _draw(voxels: bytearray, first: int, runs: Sequence[int], value: int) -> None:
    at = first
    for number, run in enumerate(runs):
        if number % 2:
            voxels[at : at + run] = bytes([value]) * run
        at += run


def _free(voxels: bytearray, first: int, runs: Sequence[int]) -> bool:
    at = first
    for number, run in enumerate(runs):
        if number % 2 and any(voxels[at : at + run]):
            return False
        at += run
    return True


def _stack(found: list[tuple[Signed, Dataset]], clean: Clean, told: Told) -> None:
    """Write the masks of slices of one series by one reader."""
    slices: dict[str, Plane] = {}
    sizes: set[tuple[int, int]] = set()
    good: list[tuple[Signed, Any]] = []
    for label, header in found:
        try:
            value = label.value(clean.root)
            if label.path not in slices:
                slices[label.path] = planes(header)[0]
            sizes.add((value["size"][1], value["size"][0]))
            good.append((label, value))
        except CuratorError as error:
            told.refuse(label, error)
    if not good:
        return
    volumes: list[_Volume] = []
    try:
        if len(sizes) != 1:
            raise ItemError("EXP-010", what="its slices are not of one size")
        (columns, rows), *_ = sizes
        order, at = _ordered(good[0][0], slices, (columns, rows), clean)
        size = (columns, rows, len(order.planes))
        matrix = affine(order.planes)
        images: list[str | None] = [None] * len(order.planes)
        for path, place in at.items():
            images[place] = path
        for label, value in good:
            place = at[label.path]
            first = place * rows * columns
            volume, number = _room(volumes, value, place, first, size, matrix)
            volume.images = images
            _draw(volume.voxels, first, value["runs"], number)
            volume.taken.setdefault(number, set()).add(place)
            volume.labels.append(label)
            said = volume.values.setdefault(number, _described(number, value["class"], []))
            said["curator"].append(origin_note(label) | {"sample": label.path, "slice": place + 1})
    except ItemError as error:
        for label, _ in good:
            told.refuse(label, error)
        return
    for volume in volumes:
        _put(volume, told, None, "")


def _ordered(
    label: Signed, slices: dict[str, Plane], size: tuple[int, int], clean: Clean
) -> tuple[_Order, dict[str, int]]:
    """Return the planes of a stack, and the place in it of each image.

    All slices of the series stand in it, so that it lies over the images; where they are no even stack, those with a
    label and the gaps between them.
    """
    try:
        headers = clean.beside(label)
        each = {path: planes(one) for path, one in headers.items()}
        whole = {path: one[0] for path, one in each.items() if len(one) == 1}
        if (
            slices.keys() <= whole.keys()
            and len(whole) == len(each)
            and all((one.Columns, one.Rows) == size for one in headers.values())
        ):
            order = _filled(list(whole.values()))
            if len(order.planes) == len(whole):
                return order, dict(zip(whole, order.at, strict=True))
    except ItemError:
        pass  # of a series that is no stack only what was labeled is put together
    paths = sorted(slices)
    order = _filled([slices[path] for path in paths])
    return order, dict(zip(paths, order.at, strict=True))


@dataclass(frozen=True)
class _Order:
    planes: list[Plane]
    at: list[int]


def _filled(found: list[Plane]) -> _Order:
    """Return the planes from the lowest to the highest with the gaps filled in, and where each one given stands.

    Labels often leave slices out: the gap is the least distance of two, and every other one must be a multiple of it.
    """
    order = sorted(range(len(found)), key=lambda at: found[at].height)
    if len(found) == 1:
        return _Order([found[0]], [0])
    heights = [found[at].height for at in order]
    gaps = [b - a for a, b in pairwise(heights)]
    if min(gaps) <= 0:
        raise ItemError("EXP-010", what="two slices lie at one place")
    thick = found[0].thickness
    step = min([*gaps, thick]) if thick and all(_multiple(gap, thick) for gap in gaps) else min(gaps)
    if not all(_multiple(gap, step) for gap in gaps):
        raise ItemError("EXP-010", what="its slices are not equally apart")
    place = [round((height - heights[0]) / step) for height in heights]
    if place[-1] > 1 << 15:
        raise ItemError("EXP-010", what="its slices are not equally apart")
    lowest, highest = found[order[0]], found[order[-1]]
    way = [(b - a) / place[-1] for a, b in zip(lowest.origin, highest.origin, strict=True)]
    given = dict(zip(place, order, strict=True))
    every = []
    for number in range(place[-1] + 1):
        if number in given:
            every.append(found[given[number]])
        else:
            origin = tuple(at + number * one for at, one in zip(lowest.origin, way, strict=True))
            every.append(Plane(origin, lowest.across, lowest.down, lowest.spacing, thick))  # type: ignore[arg-type]
    stacked(every)
    at = [0] * len(found)
    for number, which in given.items():
        at[which] = number
    return _Order(every, at)


def _multiple(gap: float, step: float) -> bool:
    times = round(gap / step)
    return times >= 1 and abs(gap - times * step) <= 0.01 * step


def _room(
    volumes: list[_Volume],
    value: dict[str, Any],
    place: int,
    first: int,
    size: tuple[int, int, int],
    matrix: list[list[float]],
) -> tuple[_Volume, int]:
    """Return the first file where a mask fits beside the others, and its value there: of its class, once a slice."""
    for volume in volumes:
        if not _free(volume.voxels, first, value["runs"]):
            continue
        for number, said in volume.values.items():
            if said["SegmentLabel"] == value["class"] and place not in volume.taken[number]:
                return volume, number
        if len(volume.values) < MAX_VALUES:
            return volume, len(volume.values) + 1
    volumes.append(_empty(size, matrix))
    return volumes[-1], 1


def _described(number: int, name: str, labels: list[Signed]) -> dict[str, Any]:
    return {"labelID": number, "SegmentLabel": name, "curator": [origin_note(one) for one in labels]}


def _put(volume: _Volume, told: Told, derived: list[tuple[str, str]] | None, path: str) -> None:
    """Put a volume and its table; the name is made of the leaf hashes in it."""
    leaves = "".join(sorted(one.leaf for one in volume.labels))
    stem = f"labels-{hashlib.sha256(leaves.encode()).hexdigest()[:24]}"
    data = header_of(volume.size, volume.rows) + bytes(_START - _SIZE) + bytes(volume.voxels)
    told.put(f"{stem}.nii.gz", gzip.compress(data, compresslevel=6, mtime=0))
    table: dict[str, Any] = {"segmentAttributes": [[volume.values[number] for number in sorted(volume.values)]]}
    if volume.images is not None:
        affine = [[Decimal(repr(one)) for one in row] for row in volume.rows]
        table[STACK] = {"size": list(volume.size), "affine": affine, "images": volume.images}
    told.put(f"{stem}.json", (written(settled(table)) + "\n").encode("utf-8"))
    if derived is not None:
        derived.append((f"{stem}.nii.gz", path))
    for label in volume.labels:
        told.wrote(label, f"{stem}.nii.gz")


def header_of(size: tuple[int, int, int], rows: list[list[float]]) -> bytes:
    """Return a NIfTI-1 header of 8-bit labels with a scanner-anatomical affine in mm.

    Parameters
    ----------
    size
        Columns, rows, slices.
    rows
        Three rows of the affine to RAS.
    """
    lengths = [sum(rows[axis][column] ** 2 for axis in range(3)) ** 0.5 for column in range(3)]
    made = bytearray(_SIZE)
    struct.pack_into("<i", made, 0, _SIZE)
    struct.pack_into("<8h", made, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<h", made, 68, _LABELS)
    struct.pack_into("<2h", made, 70, _UINT8, 8)
    struct.pack_into("<8f", made, 76, 1.0, *lengths, 0.0, 0.0, 0.0, 0.0)
    struct.pack_into("<f2f", made, 108, float(_START), 1.0, 0.0)
    struct.pack_into("<B", made, 123, _MILLIMETRES)
    struct.pack_into("<2h", made, 252, 0, _SCANNER)
    struct.pack_into("<12f", made, 280, *(one for row in rows for one in row))
    made[344:348] = b"n+1\0"
    return bytes(made)
