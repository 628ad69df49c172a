"""Ages over 89 go in every way in which short texts write them, and numbers that only look so stay."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))


@pytest.mark.parametrize(
    "age",
    [
        "F/94",
        "94/F",
        "m/101",
        "M94",
        "F101",
        "94F",
        "90+ yo",
        "95+ years old",
        "95+y",
        "age 90+",
        "1128 months",
        "1128mo",
    ]
    + [
        "4800 weeks old",
        "33500 days",
        "centenarian",
        "Nonagenarian",
        "F94",
        "_M94_",
        "F 94",
        "in her nineties",
        "in his late 90s",
        "im 92. Lebensjahr",
        "patient is ninety-three",
        "she is ninety one",
        "PT IS NINETY-FOUR",
    ],
)
def test_an_age_over_89_goes(age: str) -> None:
    left = NOBODY.clean(f"CT CHEST {age}", vr="LO").rstrip("_ ")
    assert left.removesuffix(" im") == "CT CHEST"


@pytest.mark.parametrize(
    "text",
    ["CT CHEST T94", "CT CHEST L90", "CT CHEST M89", "CT CHEST F/45", "M94.0 chondritis", "CT CHEST 36 months", "FA 90"]
    + [
        "F/U 94",
        "patient is ninety kilos",
        "pain is one hundred percent better",
        "3 months",
        "1000 months",
        "M94x",
        "T1 FL90",
        "M/F",
        "CT CHEST 88/F",
        "F90mm",
        "T1 F 95 mm",
        "FOV M 95 x 96",
    ],
)
def test_what_only_looks_like_such_an_age_stays(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text
