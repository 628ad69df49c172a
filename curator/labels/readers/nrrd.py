"""Label volumes of NRRD files, 3D Slicer's segmentations (``.seg.nrrd``) among them, one label a value and layer.

Slicer writes ``SegmentN_Name``, ``SegmentN_LabelValue`` and ``SegmentN_Layer`` into the header, and lays segments that
overlap in layers (Slicer developer guide, "Segmentations"). The file names neither its image nor a person: the file's
own name stands for the sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.formats.volume.model import Volume
from curator.formats.volume.nrrd import MOST_HEADER, is_nrrd, plain_geometry, read_header
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers.label_names import layered, names_beside
from curator.labels.readers.volumes import Labeled, Name, read_volume

_SEGMENT = re.compile(r"Segment([0-9]{1,6})_([A-Za-z]+)")


def segments(said: dict[str, Any], layers: int) -> dict[tuple[int, int], Name]:
    """Return the names of Slicer's segments by layer and value.

    Raises
    ------
    UsageError
        IMP-003 when two segments have one layer and value, or a layer is not there.
    """
    found: dict[int, dict[str, str]] = {}
    for key, value in said.items():
        match = _SEGMENT.fullmatch(key)
        if match is not None:
            found.setdefault(int(match[1]), {})[match[2]] = value
    names: dict[tuple[int, int], Name] = {}
    for number, segment in sorted(found.items()):
        # Slicer before 4.11 wrote one segment a layer, each with the value 1, and neither of the two fields.
        layer, value = segment.get("Layer", str(number)), segment.get("LabelValue", "1")
        if not (layer.isascii() and layer.isdigit() and value.isascii() and value.isdigit()):
            raise UsageError("IMP-003", reason="a segment's layer or value is not a whole number")
        key2 = (int(layer), int(value))
        if key2 in names or key2[0] >= layers:
            raise UsageError("IMP-003", reason="a segment's layer or value is not its own")
        names[key2] = Name(segment.get("Name") or segment.get("ID") or value, dict(segment))
    return names


class Nrrd:
    """Reads ``.nrrd``, ``.seg.nrrd`` and ``.nhdr`` files."""

    name = "nrrd"
    title = "NRRD label volumes and 3D Slicer segmentations (.seg.nrrd)"
    lacks = (
        Lack("author", "the format has no place for it; name the reader when importing"),
        Lack("labeled-at", "the format has no place for it; name the time when importing"),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "the format has no place for it"),
        Lack("review", "Slicer keeps a segment's status in its tags, not who set it"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether a file is an NRRD file."""
        return is_nrrd(head)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a layer and value, in that order."""
        try:
            with path.open("rb") as file:
                volume = read_header(file.read(MOST_HEADER))
        except OSError:
            raise UsageError("IMP-002") from None
        names = segments(volume.said, volume.layers)
        tool = ("3D Slicer", "") if names else None
        kept = {key: value for key, value in volume.said.items() if not _SEGMENT.fullmatch(key)}
        about = Labeled(
            place="",
            prefix="nrrd",
            sample=Named("file", path.name, volume.size[:2]),
            names=names or layered(names_beside(path)),
            kept={"header": kept},
            tool=tool,
        )
        made = _with_geometry(volume)
        yield from read_volume(path if volume.beside is None else path.with_name(volume.beside), made, about)


def _with_geometry(volume: Volume) -> Volume:
    from dataclasses import replace

    start = volume.start if volume.beside is None else 0
    return replace(volume, geometry=plain_geometry(volume), start=start)
