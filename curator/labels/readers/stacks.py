"""Volumes that this program stacked of masks of single slices: back to one mask a slice, of the image that it was.

The table beside such a volume says how it was written: its size, where its voxels lay, and the image of each slice. A
tool may have turned the volume's axes; it is turned back, voxel by voxel. A volume that no longer lies there is
refused, and so is a slice whose image is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.grids import Grid, between, stated
from curator.labels.item import Item, Named, Refused, refused
from curator.labels.readers.label_names import load_json, stem
from curator.labels.regrid import regridded

#: Key of the table beside a volume.
STACK = "curatorStack"


@dataclass(frozen=True)
class Stack:
    """How a volume was written: its grid, and the image of each slice, None where none is known."""

    grid: Grid
    images: tuple[str | None, ...]


def stack_beside(path: Path) -> Stack | None:
    """Return how the table beside a volume says that it was stacked, None when it does not.

    Raises
    ------
    UsageError
        IMP-003 when what it says is not what this program writes.
    """
    beside = path.with_name(stem(path) + ".json")
    table = load_json(beside) if beside.is_file() else None
    said = table.get(STACK) if isinstance(table, dict) else None
    if said is None:
        return None
    try:
        columns, rows, count = (int(one) for one in said["size"])
        first, second, third = ([float(one) for one in row] for row in said["affine"])
        # RAS, as NIfTI has it, to DICOM's LPS.
        i, j, k, origin = zip([-one for one in first], [-one for one in second], third, strict=True)
        images = tuple(None if one is None else str(one) for one in said["images"])
    except (TypeError, ValueError, KeyError):
        images, count = (), -1
    if len(images) != count:
        raise UsageError("IMP-003", reason="the table beside the volume does not say how it was stacked")
    return Stack(Grid((columns, rows, count), origin, (i, j, k)), images)


def unstacked(items: Iterable[Item | Refused], stack: Stack) -> Iterator[Item | Refused]:
    """Yield one mask a value and slice (IMP-055, IMP-070 to IMP-072 for what cannot be told apart)."""
    for item in items:
        if isinstance(item, Refused):
            yield item
            continue
        try:
            grid = stated(item.kept.get("geometry"), item.value["size"])
            if grid is None:
                raise ItemError("IMP-072", what="mask")
            value = regridded(item.kind, item.value, between(grid, stack.grid))
        except ItemError as error:
            yield refused(item.place, error)
            continue
        for key, runs in value["slices"].items():
            yield _slice(item, stack, int(key), runs)


def _slice(item: Item, stack: Stack, number: int, runs: list[int]) -> Item | Refused:
    place = f"{item.place} slice {number}"
    image = stack.images[number - 1]
    if image is None:
        return Refused(place, "IMP-055")
    columns, rows, _ = stack.grid.size
    named: dict[str, Any] = dict(item.kept.get("named", {}))
    notes = named.get("curator")
    if isinstance(notes, list):
        named["curator"] = [one for one in notes if isinstance(one, dict) and one.get("slice") == number]
    kept = {name: inner for name, inner in item.kept.items() if name != "geometry"}
    return replace(
        item,
        place=place,
        label_id=f"{item.label_id}-{number}",
        sample=Named("file", image, (columns, rows)),
        kind="mask",
        value={"class": item.value["class"], "size": [rows, columns], "runs": runs},
        kept={**kept, "named": named} if named else kept,
    )
