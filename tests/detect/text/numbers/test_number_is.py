"""Numbers that a sentence names, codes of bookings and invoices, and figures that a scan read as letters."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

GOES = [
    ("SSN on reg form il1egible, we read 584–l7–9418 ... piease", "584–l7–9418"),
    ("Ca11 us at (465)796-750O lf any page is missing", "(465)796-750O"),
    ("My OHIP number is 8977023954 AK if you need to print it", "8977023954 AK"),
    ("and the number on your paper is 54325. A hug", "54325"),
    ("the number written on her wristband is 0048213", "0048213"),
    ("FAKTURA nr FV/0417/05/23   date of sale", "FV/0417/05/23"),
    ("booking reference ZK81QP", "ZK81QP"),
    ("Your reservation code is HJX4T2.", "HJX4T2"),
    ("SLK4H7T2QX Confirmed. Ksh2,450.00 paid to the clinic", "SLK4H7T2QX"),
    ("palm template FACE-TPL-5d0dfe65 at staff door", "FACE-TPL-5d0dfe65"),
    ("Praxis Dr. med. Krautwurst & Kollegen", "Krautwurst"),
    ("Dr. med. dent. Krautwurst sagt ab", "Krautwurst"),
]


@pytest.mark.parametrize(("text", "value"), GOES)
def test_it_goes_whole(text: str, value: str) -> None:
    at = text.index(value)
    covered = {place for found in find_all(text, detectors(weighed=False)) for place in range(found.start, found.end)}
    assert all(place in covered for place in range(at, at + len(value)) if text[place].isalnum())


@pytest.mark.parametrize(
    "text",
    [
        "the number of platelets was 45000 on admission",
        "Booking office open 9-5",
        "The reservation was made for 3 people",
        "Confirmed 2023 by biopsy",
        "seen by Dr. med student present",
    ],
)
def test_what_numbers_nobody_stays(text: str) -> None:
    assert not find_all(text, detectors(weighed=False))
