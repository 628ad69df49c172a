"""Label volumes of NIfTI files, one label a value (NIfTI-1 and -2, gzipped or not, ``.nii`` or ``.hdr`` with ``.img``).

The file names neither its image nor a person: the file's own name stands for the sample. Names of values come from a
table beside the file, or from the label table that TotalSegmentator and others write into the header.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curator.core.errors import UsageError
from curator.formats.volume.model import Volume
from curator.formats.volume.nifti import HEAD, extensions, is_nifti, read_header
from curator.formats.volume.stream import GZIP, opened, take
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers.label_names import layered, names_beside, stem
from curator.labels.readers.stacks import stack_beside, unstacked
from curator.labels.readers.volumes import Labeled, Name, read_volume

NOBODY = (
    Lack("author", "the format has no place for it; name the reader when importing"),
    Lack("labeled-at", "the format has no place for it; name the time when importing"),
    Lack("guideline", "the format has no place for it; name the guideline when importing"),
    Lack("confidence", "the format has no place for it"),
    Lack("review", "the format has no place for it"),
)


def opening(path: Path) -> tuple[Volume, dict[int, Name]]:
    """Read a header, and the label table inside it.

    Raises
    ------
    UsageError
        IMP-001 to IMP-003, IMP-041.
    """
    with opened(path, gzipped=True) as stream:
        head = take(stream, HEAD)
        volume = read_header(head)
        size = 348 if head[344:346] in (b"n+", b"ni") else 540
        rest = volume.start - len(head)
        data = (head + take(stream, max(0, rest)))[size : volume.start] if volume.beside is None else b""
    return volume, _table(data, volume.big)


def _table(data: bytes, big: bool) -> dict[int, Name]:
    """Read a CaretExtension's label table, ``<Label Key="1">name</Label>``."""
    from xml.etree.ElementTree import ParseError  # the error only; defusedxml parses

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    for _, content in extensions(data, big):
        text = content.rstrip(b"\0 \n")
        if not text.lstrip().startswith(b"<") or b"<Label" not in text:
            continue
        try:
            root = fromstring(text, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError):
            raise UsageError("IMP-003", reason="the label table in its header is broken") from None
        rows = [(label.get("Key", ""), label.text or "") for label in root.iter("Label")]
        if any(not key.isascii() or not key.isdigit() or len(key) > 9 for key, _ in rows):
            raise UsageError("IMP-003", reason="the label table in its header is broken")
        if len({int(key) for key, _ in rows}) != len(rows):
            raise UsageError("IMP-003", reason="a table of names gives one value two names")
        return {int(key): Name(name) for key, name in rows if name}
    return {}


def voxels_of(path: Path, volume: Volume) -> Path:
    """Return the file with the voxels (IMP-002 when it is not there)."""
    if volume.beside is None:
        return path
    for ending in (".img", ".img.gz"):
        beside = path.with_name(stem(path) + ending)
        if beside.is_file():
            return beside
    raise UsageError("IMP-002")


class Nifti:
    """Reads ``.nii``, ``.nii.gz`` and ``.hdr`` files."""

    name = "nifti"
    title = "NIfTI-1 and NIfTI-2 label volumes, with a table of names beside them"
    lacks = NOBODY

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file is a NIfTI file, gzipped or not."""
        if head[:2] == GZIP:
            return path.name.lower().endswith((".nii.gz", ".hdr.gz"))
        return is_nifti(head)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a value, in the order of the values; of a stack of this program one a value and slice."""
        volume, inside = opening(path)
        about = Labeled(
            place="",
            prefix="nifti",
            sample=Named("file", path.name, volume.size[:2]),
            names=layered(names_beside(path) or inside),
            kept={"header": volume.said},
        )
        found = read_volume(voxels_of(path, volume), volume, about)
        stack = stack_beside(path)
        yield from found if stack is None else unstacked(found, stack)
