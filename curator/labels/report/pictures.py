"""Clean images as 8-bit pictures for a gallery of disagreements.

Only a file that stands in the scrub journal, has its digest and the content that was labeled is opened; what cannot be
decoded whole is not shown, and counted. A picture holds pixels alone: no header, no name.
Windows are the image's own (PS3.3 C.11.2, VOI LUT), else its least to its greatest value.
"""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curator.core.errors import CuratorError
from curator.labels.opinions import Opinion
from curator.labels.png import png_bytes
from curator.labels.samples import Samples

#: Pixels of a picture's longer side; larger images are thinned out.
SIDE = 768
#: The largest file, and the most values of one plane, that are decoded for a picture.
FILE, VALUES = 1 << 30, 1 << 27


@dataclass(frozen=True)
class Shown:
    """A picture: PNG, its size, and how many pixels of the image one of its pixels stands for."""

    png: bytes
    width: int
    height: int
    step: int


class Pictures:
    """Pictures of samples.

    Parameters
    ----------
    root
        The project's root.
    samples
        The journal's samples, which prove a file before it is opened.
    """

    def __init__(self, root: Path, samples: Samples) -> None:
        self._root = root
        self._samples = samples
        #: Why images were not shown, to how many.
        self.missing: dict[str, int] = {}

    def of(self, one: Opinion, plane: int) -> Shown | None:
        """Return a picture of the image that a reading is about.

        Parameters
        ----------
        one
            A reading.
        plane
            Frame or slice from 1.

        Raises
        ------
        IntegrityError
            LBL-018 when the clean file is not the one that the journal records.
        """
        try:
            sample = self._samples.get(one.sample)
        except CuratorError as error:
            if error.code != "LBL-005":
                raise
            return self.without("not in the scrub journal")
        if sample["content"] != one.content:
            return self.without("of other content than was labeled")
        path = self._root / sample["path"]
        reader = next((read for ending, read in READERS.items() if path.name.endswith(ending)), None)
        if reader is None or path.stat().st_size > FILE:
            return self.without("of a format that is not drawn")
        pixels = _decoded(reader, path, plane)
        return self.without("could not be decoded") if pixels is None else _thinned(pixels)

    def without(self, why: str) -> Shown | None:
        """Count an image that is not shown, and return None."""
        self.missing[why] = self.missing.get(why, 0) + 1
        return None


def _decoded(reader: Callable[[Path, int], Any], path: Path, plane: int) -> Any:
    """Return 8-bit pixels of shape (rows, columns) or (rows, columns, 3), None when there are none to be shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # texts of warnings quote values
            made = reader(path, plane)
    except Exception:  # noqa: BLE001 - decoders raise many kinds; what is not decoded is not shown
        return None
    fine = made.dtype == np.uint8 and made.size and (made.ndim == 2 or (made.ndim == 3 and made.shape[2] == 3))
    return made if fine else None


def _thinned(pixels: Any) -> Shown:
    step = max(1, -(-max(pixels.shape[:2]) // SIDE))
    part = np.ascontiguousarray(pixels[::step, ::step])
    samples = 1 if part.ndim == 2 else 3
    return Shown(png_bytes(part.tobytes(), part.shape[1], part.shape[0], samples), part.shape[1], part.shape[0], step)


def _dicom(path: Path, plane: int) -> Any:
    import pydicom.pixels

    pixel: Any = pydicom.pixels
    header = pydicom.dcmread(path)
    if header.Rows * header.Columns * header.SamplesPerPixel > VALUES:
        raise ValueError("too large")
    pixels = pixel.pixel_array(header, index=plane - 1)
    if header.PhotometricInterpretation == "PALETTE COLOR":
        wide = pixel.apply_color_lut(pixels, header)
        return (wide >> 8).astype(np.uint8) if wide.dtype == np.uint16 else wide
    if header.SamplesPerPixel != 1:
        return pixels
    measured = pixel.apply_modality_lut(pixels, header)
    windowed = (
        pixel.apply_voi_lut(measured, header) if "WindowCenter" in header or "VOILUTSequence" in header else measured
    )
    gray = _stretched(windowed)
    return 255 - gray if header.PhotometricInterpretation == "MONOCHROME1" else gray


def _nifti(path: Path, plane: int) -> Any:
    from curator.formats.volume.nifti import HEAD, read_header
    from curator.formats.volume.stream import slices

    with path.open("rb") as stream:
        gzipped = stream.read(2) == b"\x1f\x8b"
    with gzip.open(path) if gzipped else path.open("rb") as stream:
        volume = read_header(stream.read(HEAD))
    for number, piece in enumerate(slices(path, volume), 1):
        if number == plane:
            kind = np.dtype(volume.kind).newbyteorder("<")
            return _stretched(np.frombuffer(piece, dtype=kind).reshape(volume.size[1], volume.size[0]))
    raise ValueError("no such slice")


def _stretched(values: Any) -> Any:
    """Spread gray values over 0 to 255."""
    real = np.asarray(values, dtype=np.float64)
    if not np.isfinite(real).all():
        raise ValueError("values that are no numbers")
    low, high = float(real.min()), float(real.max())
    return np.round((real - low) * (255.0 / (high - low if high > low else 1.0))).astype(np.uint8)


READERS: Mapping[str, Callable[[Path, int], Any]] = {".dcm": _dicom, ".nii": _nifti, ".nii.gz": _nifti}
