"""Label images of TIFF files, one label a value: napari's labels layers, and what else tifffile wrote as whole numbers.

A page is a slice; a single page is a flat mask. The file names neither its image nor a person: its own name stands for
the sample, and the value's number for the class unless a table stands beside (``label_names``). In napari a value often
is one object and not a class; the table, or the ontology at import, says what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curator.formats.volume.tiff import MAGICS, read_header, slices
from curator.labels.item import Item, Named, Refused
from curator.labels.readers.label_names import layered, names_beside
from curator.labels.readers.nifti import NOBODY
from curator.labels.readers.volumes import Labeled, read_volume


class Tiff:
    """Reads ``.tif`` and ``.tiff`` files of labels."""

    name = "tiff"
    title = "Label images in TIFF (napari labels layers)"
    lacks = NOBODY

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file is a TIFF file by its ending and its first bytes."""
        return head[:4] in MAGICS and path.name.lower().endswith((".tif", ".tiff"))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a value, in the order of the values."""
        volume = read_header(path)
        about = Labeled(
            place="",
            prefix="tiff",
            sample=Named("file", path.name, volume.size[:2]),
            names=layered(names_beside(path)),
            kept={"header": volume.said},
            flat=volume.size[2] == 1,
        )
        yield from read_volume(path, volume, about, slices(path, volume))
