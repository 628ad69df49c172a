from __future__ import annotations

import hashlib
import shutil
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from curator.core.errors import IntegrityError
from curator.labels.opinions import Opinion
from curator.labels.png import png_bytes, segments
from curator.labels.report.pictures import Pictures, Shown
from curator.labels.samples import Samples
from curator.project.journal import Sample
from curator.project.series import series_of
from curator.report.pngs import plain_png

SECRET = "Quillfeather"


def scrubbed(path: str, sha256: str) -> Sample:
    return Sample(path, sha256, "2.25.1", "c" * 64, "dicom")


def reading(clean: Sample) -> Opinion:
    return Opinion(
        leaf="0" * 64, sample=clean.uid, sha256=clean.sha256, content=clean.content, path=clean.path, part="",
        kind="class", value={"class": "a"}, author="ada", at="2026-03-04T10:00:00Z", guideline="chest@1.0",
        stage="read", tool="", confidence=None, attested=False,
    )  # fmt: skip


class Folder:
    """A project's folder with one clean file, and the pictures of it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, data: bytes) -> tuple[Pictures, Opinion]:
        path = self.root / "clean" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        clean = scrubbed(f"clean/{name}", hashlib.sha256(data).hexdigest())
        return Pictures(self.root, Samples(self.root, [clean], {clean.uid})), reading(clean)

    def dicom(self, change: Any = lambda header: None, name: str = "CT_small.dcm") -> tuple[Pictures, Opinion]:
        made = pydicom.dcmread(str(get_testdata_file(name)))
        made.PatientName = SECRET
        change(made)
        made.save_as(self.root / "made.dcm")
        return self.put("a.dcm", (self.root / "made.dcm").read_bytes())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def pixels(shown: Shown | None) -> Any:
    """Return the gray pixels of a picture."""
    import zlib

    assert shown is not None
    assert plain_png(shown.png) == shown.png  # nothing in it but pixels
    start = shown.png.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", shown.png[start - 8 : start - 4])
    flat = np.frombuffer(zlib.decompress(shown.png[start : start + length]), dtype=np.uint8)
    return flat.reshape(shown.height, -1)[:, 1:]


def test_a_gray_image_is_spread_over_its_range_and_turned_when_it_is_stored_so(folder: Folder) -> None:
    pictures, one = folder.dicom()
    stored = pydicom.dcmread(str(get_testdata_file("CT_small.dcm"))).pixel_array.astype(float)
    wanted = np.round((stored - stored.min()) * 255 / np.ptp(stored))
    shown = pictures.of(one, 1)
    assert (pixels(shown) == wanted).all()
    assert SECRET.encode() not in (shown.png if shown else b"")
    pictures, one = folder.dicom(lambda header: setattr(header, "PhotometricInterpretation", "MONOCHROME1"))
    assert (pixels(pictures.of(one, 1)) == 255 - wanted).all()


def test_the_window_of_the_image_is_used(folder: Folder) -> None:
    def narrow(header: Any) -> None:
        header.WindowCenter, header.WindowWidth = 40, 100

    pictures, one = folder.dicom(narrow)
    made = pixels(pictures.of(one, 1))
    header = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    measured = header.pixel_array * header.RescaleSlope + header.RescaleIntercept
    assert (made[measured < -15] == 0).all()
    assert (made[measured > 95] == 255).all()
    assert 0 < made[(measured > 0) & (measured < 80)].mean() < 255


def test_large_images_are_thinned_out(folder: Folder) -> None:
    def large(header: Any) -> None:
        whole = np.tile(header.pixel_array, (13, 13))
        header.Rows, header.Columns = whole.shape
        header.PixelData = whole.tobytes()

    pictures, one = folder.dicom(large)
    shown = pictures.of(one, 1)
    assert shown is not None
    assert (shown.width, shown.height, shown.step) == (555, 555, 3)


def test_what_cannot_be_decoded_or_is_no_image_is_not_shown_and_counted(folder: Folder) -> None:
    def short(header: Any) -> None:
        header.PixelData = header.PixelData[:100]

    def huge(header: Any) -> None:
        header.Rows = header.Columns = 60000

    for change in (short, huge, lambda header: setattr(header, "PhotometricInterpretation", "NONSENSE")):
        pictures, one = folder.dicom(change)
        if pictures.of(one, 1) is None:
            assert pictures.missing == {"could not be decoded": 1}
        else:
            assert change not in (short, huge)
    pictures, one = folder.dicom()
    assert pictures.of(one, 2) is None  # it has one frame
    pictures, one = folder.put("note.txt", b"text")
    assert pictures.of(one, 1) is None
    assert pictures.missing == {"of a format that is not drawn": 1}


def test_only_what_the_journal_has_is_opened(folder: Folder) -> None:
    pictures, one = folder.dicom()
    other = replace(one, sample="2.25.999")
    assert pictures.of(other, 1) is None
    assert pictures.of(replace(one, content="d" * 64), 1) is None
    assert pictures.missing == {"not in the scrub journal": 1, "of other content than was labeled": 1}
    path = folder.root / "clean/a.dcm"
    path.write_bytes(path.read_bytes() + b"\0")
    pictures = Pictures(folder.root, Samples(folder.root, [scrubbed(one.path, one.sha256)], {"2.25.1"}))
    with pytest.raises(IntegrityError, match="LBL-018"):
        pictures.of(one, 1)


def test_a_series_of_files_is_counted_and_not_shown(folder: Folder) -> None:
    data = Path(str(get_testdata_file("CT_small.dcm"))).read_bytes()
    place = folder.root / "clean/p/s/2.25.7"
    place.mkdir(parents=True)
    members = []
    for name in ("1.dcm", "2.dcm"):
        (place / name).write_bytes(data)
        members.append(Sample(f"clean/p/s/2.25.7/{name}", hashlib.sha256(data).hexdigest(), name, "c" * 64, "dicom"))
    (series,) = series_of(members)
    one = replace(reading(members[0]), sample=series.uid, content=series.content, path=series.path)
    pictures = Pictures(folder.root, Samples(folder.root, members, {series.uid}))
    assert pictures.of(one, 1) is None
    assert pictures.missing == {"of a format that is not drawn": 1}


def test_a_slice_of_a_nifti_volume_is_shown(folder: Folder) -> None:
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, 4, 3, 2, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, 4, 16)
    struct.pack_into("<8f", head, 76, 1, 0.5, 0.75, 2, 1, 1, 1, 1)
    struct.pack_into("<f", head, 108, 352)
    head[123] = 2
    head[344:348] = b"n+1\0"
    values = np.arange(24, dtype="<i2")
    pictures, one = folder.put("a.nii", bytes(head) + values.tobytes())
    made = pixels(pictures.of(one, 2))
    assert made.shape == (3, 4)
    assert (made == np.round((values[12:].reshape(3, 4) - 12) * 255 / 11)).all()
    assert pictures.of(one, 3) is None
    from curator.labels.spacing import spacing_of

    assert spacing_of(folder.root / "clean/a.nii") == (2.0, 0.75, 0.5)


def test_spacing_of_a_detector_is_none_of_the_patient(folder: Folder, tmp_path: Path) -> None:
    from curator.labels.spacing import spacing_of

    path = tmp_path / "x.dcm"
    shutil.copy(str(get_testdata_file("CT_small.dcm")), path)
    assert spacing_of(path) == (5.0, 0.661468, 0.661468)
    made = pydicom.dcmread(path)
    del made.PixelSpacing
    made.ImagerPixelSpacing = [0.2, 0.2]
    made.save_as(path)
    assert spacing_of(path) is None
    path.write_bytes(b"no image")
    assert spacing_of(path) is None


def test_pixels_come_back_from_the_png_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    path.write_bytes(png_bytes(bytes([0, 7, 7, 0, 0, 7]), 3, 2))
    assert segments(path, (3, 2)) == ((3, 2), {7: [1, 2, 2, 1]})
    with pytest.raises(ValueError, match="as many"):
        png_bytes(b"\0" * 5, 3, 2)
