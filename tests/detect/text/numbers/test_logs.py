"""Hours, pressures, makes and quantities behind labels of numbers, and ages in an apposition. All made up."""

import pytest

from curator.detect.text import detectors, find_all


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_all(text, detectors())]


def test_an_hour_at_which_somebody_was_paged_stays() -> None:
    log = "0800 pt up with walker 1100 to scan 1145 back 1300 ate lunch md paged 1320 returned call 1400 asleep"
    assert found(log) == []
    assert "4471" in " ".join(found(log.replace("1320", "4471")))


@pytest.mark.parametrize(
    "text",
    [
        "RA 8, RV 44/9, PA 44/20/29, wedge 18.",
        "Lead 5076-52 was placed in the atrium.",
        "Refilled Eliquis 5 #180 for a year.",
        "The film was read at 04:12 CST",
        "Root canal started, WL 20/20.5/19, temporary placed.",
        "MELD 28  ABO O\nPresented today",
        "Mega cisterna magna is seen.",
        "Talked about Ferber vs. graduated extinction.",
        "Anastomosis was made in Baker fashion.",
        "son and dil here asking about rehab",
    ],
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Lead serial PJN2281703 was placed.", "PJN2281703"),
        ("PA number A-448120 was approved.", "A-448120"),
        ("Eliquis prescription #6629104 was sent.", "6629104"),
        ("Hattie McNab-Ruiz, 91, pessary check.", "91"),
        ("Seen today.\n\nWinslow Quillfeder (d.o.b. May 5, 1996) is well.", "Winslow Quillfeder"),
        ("Valve conference Th 4/6, then home.", "Th 4/6"),
        ("Contacts: best friend Onyx 503-555-0118", "Onyx"),
        ("Parent cell: Sage 253 555-0177.", "Sage"),
        ("She is at the shelter (175 E Market) for now", "175 E Market"),
        ("He stays at 2210 NE Alder, apt 4", "2210 NE Alder, apt 4"),
        ("He was flown by Baptist MedFlight today", "Baptist MedFlight"),
        ("returned call k. petty rn", "k. petty"),
        ("UC: 24 yo M Cody with an ankle sprain", "Cody"),
    ],
)
def test_what_stands_beside_it_is_found(text: str, part: str) -> None:
    assert part in found(text)


def test_a_word_for_a_telephone_is_nobody() -> None:
    assert found("His daughter Preferred 503-555-0118") == ["503-555-0118"]


def test_an_age_below_ninety_stays() -> None:
    assert "81" not in found("Hattie McNab-Ruiz, 81, pessary check.")
