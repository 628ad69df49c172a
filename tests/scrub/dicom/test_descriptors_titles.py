"""A title leads to a name, be it a code or what a disease is called by elsewhere; a modality leads to none."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))

GOES = [
    ("CT ABD Mr Ng", "CT ABD"),
    ("CT ABD DR NG", "CT ABD"),
    ("MR KNEE L DR. NG", "MR KNEE L"),
    ("CT ABD Dr Le", "CT ABD"),
    ("CT ABD Ms Ma", "CT ABD"),
    ("CT ABD Dr. Do", "CT ABD"),
    ("CT ABD Mrs So", "CT ABD"),
    ("Mr Ng was claustrophobic", "was claustrophobic"),
    ("CT ABD Mr. May", "CT ABD"),
    ("Mr Charcot was claustrophobic", "was claustrophobic"),
    ("CT ABD Mr Crohn", "CT ABD"),
    ("Evaluate Lisfranc injury in Mr Charcot", "Evaluate Lisfranc injury"),
    ("XR SINUSES WATERS VIEW MR WATERS", "XR SINUSES WATERS VIEW"),
    ("CT ABD patient: Virchow", "CT ABD"),
    ("CT ABD for Virchow", "CT ABD"),
    ("CT CHEST tech=May", "CT CHEST"),
    ("CT ABD Mr Stone", "CT ABD"),
    ("CT ABD Mr Ray", "CT ABD"),
]


@pytest.mark.parametrize(("text", "left"), GOES)
def test_what_a_title_leads_to_goes(text: str, left: str) -> None:
    assert NOBODY.clean(text, vr="LT") == left


STAYS = [
    "NG tube",
    "DR NG TUBE CHEST",
    "US LE venous duplex",
    "MR LE W/O",
    "Mr Le Venous W Contrast",
    "Mr Knee Left",
    "Mr Kidney",
    "Mr Pel",
    "MR for Pons",
    "NM SCAN FOR TOSHIBA",
    "Mr Stone Protocol",
    "Mr Brain W Wo",
    "MR Knee Left WO",
    "DR HAND R",
    "CT for Meckel",
    "NM SCAN FOR MECKEL",
    "eval for Crohn",
    "XR for Waters view",
    "Charcot foot",
    "MR CHARCOT FOOT",
    "120 kV 80 mA",
]


@pytest.mark.parametrize("text", STAYS)
def test_modalities_codes_and_diseases_stay(text: str) -> None:
    assert NOBODY.clean(text, vr="LT") == text
