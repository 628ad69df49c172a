"""What is signed lies within its sample, or it is said that this was not compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom
import pytest

from curator.core.errors import ItemError, UsageError
from curator.labels.fits import Fits

SLICE = Path(pydicom.__file__).parent / "data" / "test_files" / "CT_small.dcm"  # 128 by 128 pixels
TEXT = "Mild cough.\n"
BOW = {"class": "a", "rings": [[10, 10, 50, 50, 50, 10, 10, 50]]}


@dataclass(frozen=True)
class One:
    """A sample as the journal has it."""

    path: str
    kind: str = "dicom"
    sha256: str = ""
    uid: str = ""
    content: str = ""


@pytest.fixture
def fits(tmp_path: Path) -> Fits:
    (tmp_path / "slice.dcm").write_bytes(SLICE.read_bytes())
    (tmp_path / "broken.dcm").write_bytes(b"pixels")
    (tmp_path / "note.txt").write_text(TEXT)
    return Fits(tmp_path)


@pytest.mark.parametrize(
    ("kind", "value", "part", "code"),
    [
        ("box", {"class": "a", "box": [120, 100, 20, 20]}, None, "IMP-021"),
        ("polygon", BOW, None, "IMP-025"),
        ("mask", {"class": "a", "size": [64, 64], "runs": [0, 4096]}, None, "IMP-064"),
        ("class", {"class": "a"}, {"frames": [2]}, "IMP-065"),
        ("polyline", {"class": "a", "line": [0, 0, 1, 1]}, None, "IMP-078"),
    ],
)
def test_what_does_not_fit_its_image_is_refused(fits: Fits, kind: str, value: Any, part: Any, code: str) -> None:
    with pytest.raises(ItemError) as caught:
        fits.check(kind, value, part, One("slice.dcm"))
    assert caught.value.code == code


def test_a_span_ends_with_its_text(fits: Fits) -> None:
    note = One("note.txt", "text")
    assert fits.check("span", {"type": "symptom", "start": 5, "end": 10}, None, note) == "fits"
    with pytest.raises(ItemError) as caught:
        fits.check("span", {"type": "symptom", "start": 5, "end": 13}, None, note)
    assert caught.value.code == "IMP-021"


def test_what_was_not_compared_is_never_called_fitting(fits: Fits) -> None:
    box = {"class": "a", "box": [20, 20, 30, 30]}
    assert fits.check("box", box, None, One("slice.dcm")) == "fits"
    assert fits.check("box", box, None, One("broken.dcm")) == "open"
    assert fits.check("box", box, None, One("note.txt", "text")) == "open"
    assert fits.check("finding", {"text": "a"}, None, One("slice.dcm")) == "own"
    with pytest.raises(ItemError):
        fits.check("polygon", BOW, None, One("broken.dcm"))  # what needs no sample is looked at all the same


@pytest.mark.parametrize(
    ("kind", "value", "what"),
    [
        ("box", {"class": "a", "corner": 3}, "box"),
        ("class", "benign", "class"),
        ("class", {"class": "a", "why": "seen"}, "class"),
        ("grade", {"scale": "birads", "grade": 3, "of": 6}, "grade"),
        ("span", {"type": "symptom", "start": 5, "end": "ten"}, "end"),
        ("code", {"system": "icd", "code": ""}, "code"),
    ],
)
def test_a_known_kind_with_another_form_is_refused_and_says_where(
    fits: Fits, kind: str, value: object, what: str
) -> None:
    with pytest.raises(UsageError) as caught:
        fits.check(kind, value, None, One("slice.dcm"))
    assert (caught.value.code, caught.value.facts["kind"], caught.value.facts["what"]) == ("LBL-047", kind, what)
