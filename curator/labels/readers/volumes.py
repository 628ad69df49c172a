"""A label volume's voxels turned into one label a value: what NIfTI, NRRD and the public data sets share.

Voxel space is the file's own: i along its first axis, j along its second, k along its third. Where the voxels lie in
the patient stands in ``kept``, as the header says it, and is not computed with. Zero is no label. A volume of negative
numbers or of very many values is an image, and refused whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.formats.volume.model import Volume
from curator.formats.volume.stream import layer, slices
from curator.labels.item import Item, Named, Refused, refused
from curator.labels.voxelruns import by_value, changes, covered

#: More values than this are no label table; among more than the second, neighbors must mostly be equal.
MOST_VALUES, MANY_VALUES = 1 << 16, 256
#: Numbers held in memory, 4 bytes each; a slice of a label costs as much as so many more.
MOST_RUNS, SLICE_COSTS = 1 << 26, 40
MOST_LABEL = 1 << 53

#: Time, layer and value to slice (from 1) to runs.
_Found = dict[tuple[int, int, Any], dict[int, "array[int]"]]


@dataclass(frozen=True)
class Name:
    """What a table says of a label value: its name, and whatever else stands there."""

    text: str
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Labeled:
    """What is known of a label volume besides its voxels.

    Parameters
    ----------
    place
        Where the volume stands in the export; empty when it is the export.
    prefix
        Of the labels' ids.
    sample
        How the export names the image.
    names
        Layer and value to name.
    whole
        True when a value that the table does not name is an error; else its number is its name.
    kept
        Said of every label.
    single
        The one class of all voxels that are not zero, for a file of one structure.
    tool
        That wrote the file, when it says so.
    flat
        True for an image of one slice: its labels are masks.
    """

    place: str
    prefix: str
    sample: Named
    names: dict[tuple[int, int], Name] = field(default_factory=dict)
    whole: bool = False
    kept: dict[str, Any] = field(default_factory=dict)
    single: str | None = None
    tool: tuple[str, str] | None = None
    flat: bool = False


def read_volume(
    path: Path, volume: Volume, about: Labeled, pieces: Iterator[bytes] | None = None
) -> Iterator[Item | Refused]:
    """Yield one label a value of a volume.

    Parameters
    ----------
    path
        The file with the voxels.
    volume
        Its header.
    about
        What else is known.
    pieces
        The slices, when the format is not one that :func:`curator.formats.volume.stream.slices` reads.

    Raises
    ------
    UsageError
        IMP-002, IMP-003 of the stream; IMP-040 for an image; IMP-041 for more runs than may stand in memory.
    """
    if volume.inter is not None and volume.inter != 0:
        raise UsageError("IMP-041", what="voxels whose zero is not zero")
    found = _collect(slices(path, volume) if pieces is None else pieces, volume, about.single is not None)
    for key in sorted(found):
        time, number, stored = key
        where = f"{about.place}/" if about.place else ""
        parts = [f"time {time}"] * (volume.times > 1) + [f"layer {number}"] * (volume.layers > 1)
        place = where + " ".join([*parts, "structure" if about.single is not None else f"value {_number(stored)}"])
        try:
            yield _item(place, volume, about, key, found[key])
        except ItemError as error:
            yield refused(place, error)
        found[key] = {}
    if not found and about.single is not None:
        yield Refused(f"{about.place}/structure" if about.place else "structure", "IMP-021")


def _number(stored: Any) -> str:
    return str(int(stored)) if stored == int(stored) else "with a fraction"


def _collect(pieces: Iterator[bytes], volume: Volume, single: bool) -> _Found:
    found: _Found = {}
    total = held = 0
    count = volume.size[0] * volume.size[1]
    for index, piece in enumerate(pieces):
        time, k = divmod(index, volume.size[2])
        for number in range(volume.layers):
            ends, values = changes(layer(piece, volume.kind, number, volume.layers), volume.kind, count)
            if not all(0 <= value < MOST_LABEL for value in values):  # NaN is neither
                raise UsageError("IMP-040", reason="it has values below zero or without bound")
            if single and any(value != int(value) for value in values):
                raise UsageError("IMP-040", reason="it has values with a fraction")
            for value, runs in by_value(ends, [value != 0 for value in values] if single else values).items():
                found.setdefault((time + 1, number, value), {})[k + 1] = array("I", runs)
                total += len(runs)
                held += len(runs) + SLICE_COSTS
            if held > MOST_RUNS:
                raise UsageError("IMP-041", what="more runs of equal voxels than can be held")
            _check(len(found), total, (index + 1) * count * volume.layers)
    return found


def _check(values: int, runs: int, voxels: int) -> None:
    if values > MOST_VALUES or (values > MANY_VALUES and runs * 3 > voxels):
        raise UsageError("IMP-040", reason="it has too many different values")


def _meaning(volume: Volume, stored: Any) -> int:
    """Return the label value: the stored number, scaled as the header says."""
    number = Decimal(stored)
    if volume.slope is not None and volume.inter is not None:
        number = number * volume.slope + volume.inter
    if number != number.to_integral_value() or number < 0:
        raise ItemError("IMP-042")
    return int(number)


def _item(
    place: str, volume: Volume, about: Labeled, key: tuple[int, int, Any], runs: dict[int, array[int]]
) -> Item | Refused:
    time, number, stored = key
    kept = dict(about.kept)
    if about.single is not None:
        name: Name | None = Name(about.single)
        ending = "1"
    else:
        meaning = _meaning(volume, stored)
        name = about.names.get((number, meaning))
        if name is None and about.whole:
            raise ItemError("IMP-026", what="name for its value")
        kept["value"] = meaning
        ending = f"{number}-{meaning}" if volume.layers > 1 else str(meaning)
    if name is not None and name.said:
        kept["named"] = name.said
    if volume.times > 1:
        ending = f"t{time}-{ending}"
    value: dict[str, Any] = {
        "class": name.text if name is not None else str(kept["value"]),
        "size": list(volume.size),
        "voxels": sum(covered(found) for found in runs.values()),
        "slices": {str(k): found.tolist() for k, found in sorted(runs.items())},
    }
    if about.flat:
        value = {"class": value["class"], "size": [volume.size[1], volume.size[0]], "runs": value["slices"]["1"]}
    return Item(
        place=place,
        label_id=f"{about.prefix}-{ending}",
        sample=about.sample,
        kind="mask" if about.flat else "volume-mask",
        value=value,
        part={"frames": [time]} if volume.times > 1 else None,
        tool=about.tool,
        kept={**kept, "geometry": volume.geometry},
    )
