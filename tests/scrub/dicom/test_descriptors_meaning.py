"""What is cut out of a description must not change what the rest of it says."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.descriptors_terms import called
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))

STAY = [
    "s/p Ross, c/o dyspnea",
    "3 y.o. s/p Fontan, desats, r/o PLE",
    "headache, c/o dizziness, h/o Graves",
    "s/p Kasai, p/w cholangitis",
    "status post Ladd, r/o volvulus",
    "Gleason 4+3=7, PSA 8.2",
    "Gleason 3+4",
    "Breslow 2.1 mm, Clark IV, SLNB 0/3",
    "Clark level IV melanoma",
    "Mirels 9, Spetzler-Martin 3",
    "GCS 7, intubated, ?SAH, Hunt and Hess 4",
    "Hodgkin lymphoma, Ann Arbor IIB",
    "Ann Arbor stage III",
    "AFI 12, Braxton Hicks",
    "FAST Exam Morison's Pouch",
    "A4C Simpson Biplane GLS",
    "Z13.820-Encounter for screening",
    "IVC filter Greenfield, Harrington rods",
    "Starr-Edwards valve",
    "Accupaque 350 Bracco",
    "CLAHE, Wiener, Otsu, Sobel; Fourier interpolated",
    "ANISOTROPIC DIFFUSION Perona-Malik kappa 30",
    "Kaiser window, Hanning apod",
    "MIP, Frangi vesselness",
    "Zeiss Cirrus Macular Cube 512x128",
]


@pytest.mark.parametrize("text", STAY)
def test_short_forms_grades_and_operations_stay_whole(text: str) -> None:
    assert NOBODY.clean(text, vr="LT") == text


CUT = [
    ("ROBERT c/o headache", "c/o headache"),
    ("s/p Xyzzyk, c/o dyspnea", "s/p, c/o dyspnea"),
    ("CT HEAD W/O SMITH", "CT HEAD W/O"),
    ("s/p Ross Miller CT", "s/p CT"),
    ("seen in Ann Arbor", ""),
    ("CT chest Zeiss", "CT chest"),
    ("CT recon Malik", "CT recon"),
    ("CT CHEST KAISER OAKLAND", "CT CHEST"),
    ("h/o Graves, Robert", ""),
]


@pytest.mark.parametrize(("text", "wanted"), CUT)
def test_a_cut_goes_through_no_short_form(text: str, wanted: str) -> None:
    assert NOBODY.clean(text, vr="LT") == wanted


def test_the_lists_behind_it_are_sound() -> None:
    lists = called()
    for kind in ("technique", "maker"):
        assert lists[f"{kind}s"].isdisjoint(lists[f"common_{kind}s"])
    assert all(pair.count("-") == 1 for pair in lists["staged"])
