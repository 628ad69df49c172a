"""The one door to pydicom's reader: the structure walk first, then pydicom on exactly the bytes the walk vouched for.

pydicom never opens a file here, never guesses an encoding, and nothing it says reaches a log: its warnings and
exceptions quote values, so they are dropped and replaced by a code.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from curator.core.errors import CuratorError, ItemError
from curator.formats.dicom.encoding import PIXEL_TAGS
from curator.formats.dicom.walk import Structure, check_structure

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset
    from pydicom.tag import BaseTag

PREAMBLE = 128


@cache
def quiet_pydicom() -> None:
    """Import pydicom, silence its logger for good, and let it read values as they are, without validating them."""
    from pydicom import config

    logger = logging.getLogger("pydicom")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    config.settings.reading_validation_mode = config.IGNORE


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever pydicom raises or warns about in the enclosed block into a code.

    pydicom decodes a value when it is first touched, so code that touches values belongs inside.

    Raises
    ------
    ItemError
        DCM-020 for any exception other than the program's own and MemoryError. No traceback shows the original.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (CuratorError, MemoryError):
            raise
        except Exception:  # noqa: BLE001  (any failure of pydicom means the same: it cannot be read)
            raise ItemError("DCM-020") from None


def _at_pixels(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return int(tag) in PIXEL_TAGS


def _parse(data: bytes | memoryview, structure: Structure, stop_before_pixels: bool) -> FileDataset:
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.filereader import read_dataset as parse
    from pydicom.uid import UID

    view = structure.buffer
    assert isinstance(view, memoryview)  # what pydicom reads is at hand
    whole = data if isinstance(data, bytes) and not structure.deflated else None
    stream = BytesIO(whole if whole is not None else view)
    stream.seek(structure.meta_start)
    meta = FileMetaDataset(
        parse(stream, not structure.meta_explicit, True, bytelength=structure.meta_end - structure.meta_start)
    )
    if not meta.get("TransferSyntaxUID"):
        meta.TransferSyntaxUID = UID(structure.transfer_syntax)
    stream.seek(structure.meta_end)
    implicit = not structure.explicit
    body = parse(
        stream,
        implicit,
        structure.little,
        bytelength=structure.end - structure.meta_end,
        stop_when=_at_pixels if stop_before_pixels else None,
    )
    preamble = bytes(view[:PREAMBLE]) if structure.has_preamble else None
    dataset = FileDataset(BytesIO(), body, preamble, meta, implicit, structure.little)
    dataset.set_original_encoding(implicit, structure.little, body._character_set)  # noqa: SLF001  (as dcmread)
    return dataset


def read_dataset(data: bytes | memoryview, *, stop_before_pixels: bool = False) -> tuple[FileDataset, Structure]:
    """Read a DICOM file from memory.

    Parameters
    ----------
    data
        The whole file.
    stop_before_pixels
        Leave out the first of the pixel data elements (7FE0,0008), (7FE0,0009), (7FE0,0010) and what follows it.
        The structure is checked to the end all the same.

    Returns
    -------
    dataset : pydicom.dataset.FileDataset
        Values are decoded when first touched: touch them inside :func:`guarded`. ``file_meta.TransferSyntaxUID`` is
        always there.
    structure : Structure
        What the walk found.

    Raises
    ------
    ItemError
        DCM-001 to DCM-019 from the walk; DCM-020 when pydicom fails; DCM-021 when pydicom sees other elements than the
        walk did.
    """
    structure = check_structure(data)
    quiet_pydicom()
    with guarded():
        dataset = _parse(data, structure, stop_before_pixels)
        expected = structure.top_tags - structure.late_tags if stop_before_pixels else structure.top_tags
        if {int(tag) for tag in dataset.keys()} != expected:  # noqa: SIM118  (a Dataset iterates over elements)
            raise ItemError("DCM-021")
    return dataset, structure
