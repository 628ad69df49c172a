"""Pixels outside of DICOM: no header says what they show, so a person has to have looked.

The table of pixel risks judges a header by its class; a photograph, a screenshot, a volume without one are of no class,
and what is of no class may show text and faces. What is in a format that nothing here reads may hold pixels, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit.privacy.foreign import RASTERS, VOLUMES, as_utf8, is_data
from curator.core.errors import ItemError

if TYPE_CHECKING:
    from curator.audit.model import File

_HOLDERS = frozenset({"archive", "hdf5", "unknown"})


@dataclass
class PictureProbe:
    """Says of images and volumes of other formats than DICOM what they may show.

    Parameters
    ----------
    subject
        The subject's kind: what of it is data.
    """

    subject: str
    name: str = "privacy-picture"
    version: int = 1

    def wants(self, file: File) -> bool:
        """Images, volumes, and what may hold some."""
        return file.kind in RASTERS | VOLUMES | _HOLDERS and is_data(file.path, self.subject)

    def parameters(self) -> Mapping[str, Any]:
        """The bytes alone decide."""
        return {}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Return ``risks``. Raises ItemError AUP-002 for what may hold pixels and is not opened."""
        if file.kind not in _HOLDERS:
            return {"risks": ["face", "text"]}
        if file.kind == "unknown":
            try:
                as_utf8(stream)
            except ItemError:
                raise ItemError("AUP-002") from None
            return {"risks": []}
        if file.kind == "archive" and is_office(stream):
            return {"risks": []}  # images in documents are found by the checks of thumbnails and of files in files
        raise ItemError("AUP-002")


def is_office(stream: BinaryIO) -> bool:
    """Say whether a ZIP archive is a document or a workbook, by its table of contents; left at its start."""
    return bool(_office(stream))


def is_workbook(stream: BinaryIO) -> bool:
    """Say whether a ZIP archive is a workbook; left at its start."""
    return _office(stream) == "excel"


def _office(stream: BinaryIO) -> str:
    from curator.intake.archives import office_kind

    stream.seek(0)
    head = stream.read(4)
    found = office_kind(stream) if head == b"PK\x03\x04" else None
    stream.seek(0)
    return found or ""
