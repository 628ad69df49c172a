"""A DICOM file of a source folder, at hand when it is short, to be read in ranges when it is long.

Members of archives are always at hand: nothing reads them in ranges.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from curator.core.errors import CheckError, ItemError
from curator.formats.dicom import ranged
from curator.formats.dicom.ranged import Ranged, file_range
from curator.intake.read import MOST_BYTES, is_member, opened_handle, opened_source, read_on


def at_hand(stream: BinaryIO, size: int) -> bytes | Ranged:
    """Return a stream's bytes; those of a long file as a range, good as long as the stream is open.

    Parameters
    ----------
    stream
        At its start.
    size
        Its bytes.

    Raises
    ------
    ItemError
        SRC-005 when it cannot be read.
    CheckError
        SRC-006 when it has another number of bytes.
    """
    if size > ranged.LOADED_MOST and isinstance(stream, io.BufferedReader):
        return file_range(stream.fileno(), size)
    try:
        data = stream.read(size + 1)
    except OSError:
        raise ItemError("SRC-005") from None
    if len(data) != size:
        raise CheckError("SRC-006", count=1)
    return data


def loaded(handle: int, size: int, head: bytes = b"") -> bytes:
    """Return all bytes of a short open file, of which the first ones may have been read. Errors as :func:`at_hand`."""
    try:
        data = head if len(head) > size else head + read_on(handle, size - len(head), 1)
    except OSError:
        raise ItemError("SRC-005") from None
    if len(data) != size:
        raise CheckError("SRC-006", count=1)
    return data


@contextlib.contextmanager
def opened_object(
    source: Path, relative: bytes, *, size: int, modified: int, most: int = MOST_BYTES
) -> Iterator[bytes | Ranged]:
    """Open a file of a source folder. Parameters and errors as :func:`curator.intake.read.opened_source`."""
    if size > ranged.LOADED_MOST or is_member(relative):
        with opened_source(source, relative, size=size, modified=modified, most=most) as stream:
            yield at_hand(stream, size)
        return
    with opened_handle(source, relative, size=size, modified=modified, most=most) as handle:
        yield loaded(handle, size)
