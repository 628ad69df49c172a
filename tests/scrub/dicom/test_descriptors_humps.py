"""Words that capitals part: which word a capital belongs to, and initials that are written together with a surname."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy


def cleaned(text: str, *, technical: bool = False) -> str:
    return Descriptors((), load_policy("safe-harbor")).clean(text, vr="LO", technical=technical)


@pytest.mark.parametrize(
    "text",
    ["HD TRknee PA", "TRhead", "DWI_SagHFmosaic", "PETCT_CTplusFET_Brain", "CTKnee", "T2wFLAIR", "shortTE", "CArm"],
)
def test_capitals_that_are_a_term_are_not_parted_before_a_word(text: str) -> None:
    assert cleaned(text) == cleaned(text, technical=True) == text


@pytest.mark.parametrize("text", ["CTmiller", "MRsmith", "XRbaker", "DRpatel", "JMiller", "PBaker", "TBrown", "JSmith"])
def test_a_surname_behind_capitals_goes(text: str) -> None:
    assert cleaned(text) == ""
    assert "ller" not in cleaned(f"CT {text} CHEST")
    assert text[2:] not in cleaned(f"CT {text} CHEST")
