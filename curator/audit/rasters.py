"""Planes of image files that are no DICOM objects: PNG, JPEG, TIFF and others, in delivered folders.

Decoded by Pillow where it is installed; what it does not decode was not seen, and is told to be so.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

#: Kinds of file that Pillow may decode, and further ones that hold images which nothing here decodes.
DECODED = frozenset({"png", "jpeg", "gif", "tiff", "bmp", "webp", "image"})
UNDECODED = frozenset({"nrrd", "metaimage", "hdf5"})
#: Modes in which a plane is gray, by kinds of numbers that stay as they are; all others become colors.
_GRAY = frozenset({"1", "L", "I", "F", "I;16", "I;16B", "I;16L"})


class NotDecodedError(Exception):
    """No decoder at hand decodes the image, or it is too large."""


def planes(stream: BinaryIO, most_values: int) -> Iterator[Any]:
    """Yield the planes of an image: arrays of (rows, columns) or (rows, columns, 3).

    Raises
    ------
    NotDecodedError
        When it cannot be decoded at all.
    EOFError
        When its data end before its header says.
    """
    try:
        from PIL import Image, ImageFile, UnidentifiedImageError
    except ImportError:
        raise NotDecodedError from None
    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # texts of warnings quote values
        try:
            opened = Image.open(stream)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            raise NotDecodedError from None
        if opened.width * opened.height > most_values:
            raise NotDecodedError
        strict, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            for number in range(getattr(opened, "n_frames", 1)):
                opened.seek(number)
                yield np.asarray(opened if opened.mode in _GRAY else opened.convert("RGB"))
        except (OSError, SyntaxError, ValueError, EOFError):
            raise EOFError from None
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = strict


def facts(kind: str) -> dict[str, Any]:
    """Return what is known of an image file without decoding it, in the form of :mod:`curator.audit.headers`."""
    return {"format": kind, "pixels": True, "odd": [], "years": [], "described_sides": []}
