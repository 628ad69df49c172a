"""Places, positions, ages and initials that no header tells go from descriptions, streets from texts of machines."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.descriptors_numbers import has_street, without_hosts
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))

CASES = [
    ("40.7128 N 74.0060 W", ""),
    ("seen here, 40°42'46\"N 74°00'21\"W", "seen here"),
    ("GPS 40.7128, -74.0060", ""),
    ("CT ABD Hôpital Necker", "CT ABD"),
    ("CT ABD Addenbrooke's", "CT ABD"),
    ("OUTSIDE CT MEMORIAL HERMANN", "OUTSIDE CT"),
    ("CT CHEST (STARK COUNTY)", "CT CHEST"),
    ("Student at Penn State, ACL tear", "Student, ACL tear"),
    ("pt is retired judge, lives near Lake Tahoe", "pt is retired judge"),
    ("s/p fall at Disney World, L hip pain", "s/p fall, L hip pain"),
    ("turned 91 in spring", "in spring"),
    ("胸部CT 佐藤 健一", "胸部CT"),
    ("胸部 佐藤 さくら CT", "胸部 CT"),
    ("흉부 X선 김민수", "흉부 X선"),
    ("3mm recon JSM", "3mm recon"),
    ("Reformatted BKM/TLS", "Reformatted"),
]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_what_tells_of_somebody_goes(text: str, wanted: str) -> None:
    assert NOBODY.clean(text, vr="LT") == wanted


STAY = [
    "turned 90 degrees",
    "RECON MPR",
    "3mm recon SAG",
    "T1 recon HWS/LWS",
    "lives in SNF",
    "voxel 1.25 1.25 3.0 S 2.0 W",
    "胸部CT 高信号",
]


@pytest.mark.parametrize("text", STAY)
def test_what_only_looks_so_stays(text: str) -> None:
    assert NOBODY.clean(text, vr="LT") == text


def test_streets_stand_in_no_text_of_a_machine() -> None:
    for text in ("1422 Maple Ave,", "1422 Maple Ave, Dayton OH 45402", "12, rue Victor Hugo", "Lindenstrasse 14"):
        assert has_street(text), text
        assert NOBODY.clean(text, vr="LO", technical=True) == ""
    for text in ("SIGNA HDx 16 Channel Body", "3D 64 Slice Drive", "syngo MR E11", "Body 18 Long", "12 CH HEAD"):
        assert not has_street(text), text


def test_addresses_of_a_network_are_no_versions_where_no_version_stands() -> None:
    for text in ("10.44.12.7", "10.44.12.7:104", "172.16.4.9", "203.0.113.9"):
        assert without_hosts(text) == "", text
    assert without_hosts("SE 10.44.12.7 x") == "SE  x"
    for text in ("VB42B 1.2.3.4.5", "r7 4.5.0.2 beta", "1.2.840.10008"):
        assert without_hosts(text) == text
