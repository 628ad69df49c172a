"""How far pixels and voxels of a clean image lie apart, in millimeters; None where the file does not say so.

Sources: PS3.3 C.7.6.3.1 (Pixel Spacing), C.7.6.16.2.1 (Pixel Measures), NIfTI-1 (pixdim, xyzt_units). A distance that
is stated in the plane of a detector (Imager Pixel Spacing) is none in the patient, and is not taken.
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import Any

from curator.core.errors import CuratorError

#: NIfTI's unit of length (xyzt_units, lowest three bits) to millimeters.
_UNITS = {1: 1000.0, 2: 1.0, 3: 0.001}


def spacing_of(path: Path) -> tuple[float | None, float, float] | None:
    """Return the distance between slices (None when not stated), rows and columns of an image.

    Parameters
    ----------
    path
        A DICOM or NIfTI file that was proven to be the one of the journal, or the folder of a series of such files.
    """
    if path.is_dir():
        return _series(path)
    if path.name.endswith((".nii", ".nii.gz")):
        return _nifti(path)
    return _dicom(path) if path.suffix == ".dcm" else None


def _dicom(path: Path) -> tuple[float | None, float, float] | None:
    import pydicom

    try:
        header = pydicom.dcmread(
            path,
            stop_before_pixels=True,
            specific_tags=["PixelSpacing", "SpacingBetweenSlices", "SharedFunctionalGroupsSequence"],
        )
        measures: Any = header
        if "SharedFunctionalGroupsSequence" in header:
            shared = header.SharedFunctionalGroupsSequence[0]
            measures = shared.PixelMeasuresSequence[0] if "PixelMeasuresSequence" in shared else header
        if "PixelSpacing" not in measures:
            return None
        rows, columns = (float(one) for one in measures.PixelSpacing)
        apart = measures.get("SpacingBetweenSlices")
        slices = None if apart is None else abs(float(apart))
    except Exception:  # noqa: BLE001 - pydicom raises many kinds; no spacing is what a broken header says
        return None
    return _sound(slices, rows, columns)


def _series(folder: Path) -> tuple[float | None, float, float] | None:
    from curator.labels.fitting import read_facts
    from curator.project.series import KIND

    try:
        grid = read_facts(folder, KIND).grid
    except CuratorError:
        return None
    if grid is None:
        return None
    columns, rows, slices = (math.hypot(*axis) for axis in grid.axes)
    return _sound(slices, rows, columns)


def _nifti(path: Path) -> tuple[float | None, float, float] | None:
    from curator.formats.volume.nifti import HEAD, read_header

    try:
        with path.open("rb") as stream:
            gzipped = stream.read(2) == b"\x1f\x8b"
        with gzip.open(path) if gzipped else path.open("rb") as stream:
            geometry = read_header(stream.read(HEAD)).geometry
        unit = _UNITS.get(int(geometry["units"]) & 7)
        columns, rows, slices = (abs(float(one)) for one in geometry["pixdim"][1:4])
    except (OSError, EOFError, zlib.error, ValueError, CuratorError):
        return None
    return None if unit is None else _sound(slices * unit, rows * unit, columns * unit)


def _sound(slices: float | None, rows: float, columns: float) -> tuple[float | None, float, float] | None:
    if not (0 < rows < 1e6 and 0 < columns < 1e6):
        return None
    return (slices if slices is not None and 0 < slices < 1e6 else None), rows, columns
