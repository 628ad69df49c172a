"""Descriptions are read as they are shown: marks that nobody sees, dashes of printers, figures of full width."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("CT CHEST for John Quill\u00adfeder DOB 01\u201302\u20131950", "CT CHEST"),
        ("CT CHEST for Jo\u200bhn Quillfeder DOB 01\u201102\u20111950", "CT CHEST"),
        ("CT CHEST \uff2a\uff2f\uff28\uff2e Quillfeder", "CT CHEST"),
        ("CT CHEST phone 614\u2013555\u20130133", "CT CHEST"),
        ("CT CHEST MRN \uff14\uff14\uff17\uff11\uff12\uff13\uff14", "CT CHEST"),
        ("MR KNEE \ufeffQuillfeder^John", "MR KNEE"),
        ("CT CHEST Носова", "CT CHEST"),
        ("CT CHEST Анна", "CT CHEST"),
        ("CT CHEST Комаров", "CT CHEST"),
    ],
)
def test_identifiers_go_however_they_are_written(text: str, wanted: str) -> None:
    assert NOBODY.clean(text, vr="LO") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "XR HAND 5\u2013phalanx \u2013 AP/LAT",
        "T1 \u2013 T2 fl3d",
        "CT \u201cHRCT\u201d thorax",
        "\uff23\uff34\u3000\u80f8\u90e8",
        "T2\u00adw",
    ],
)
def test_what_holds_none_stays_as_it_is_written(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") is text


def test_a_value_known_of_the_person_goes_and_none_is_held_to_be_left() -> None:
    own = Descriptors((("id", "AX4471882"),), load_policy("safe-harbor"))
    text = "T1 AX\u200b\uff14\uff14\uff17\uff11882 axial"
    assert own.holds(text)
    assert own.clean(text, vr="LO") == "T1 axial"
    assert not own.holds(own.clean(text, vr="LO"))
