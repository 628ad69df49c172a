"""Where a name ends before a house, a state, a label or a degree in ordinary notes, and numbers that are none."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

DETECTORS = detectors()


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_all(text, DETECTORS)]


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Follow up with Dr. Ferreira at Bluestem Pediatrics in 2 days.", ["Ferreira", "Bluestem Pediatrics"]),
        ("He may return to work at Tri-State Freight on Monday, May 6.", ["Tri-State Freight"]),
        ("Mail to PO Box 4470, Des Moines, IA 50306.", ["Des Moines", "50306"]),
        ("Intake H&P Pelican Ridge Correctional Facility.", ["Pelican Ridge Correctional Facility"]),
        ("Pt: Raija Lehtonen  Age 69", ["Raija Lehtonen"]),
        ("Name: Ruth Sather Age/sex: 63/F", ["Ruth Sather"]),
        ("Preliminary read given to PA Sorrell in the ED.", ["Sorrell"]),
        ("Fax records to us. Best, Nils Ferngren", ["Nils Ferngren"]),
        ("Doula Juniper and the father supportive.", ["Juniper"]),
    ],
)
def test_a_name_ends_where_something_else_begins(text: str, apart: list[str]) -> None:
    assert set(apart) <= set(found(text))


def test_a_house_keeps_the_place_that_is_part_of_its_name() -> None:
    assert found("Admitted to The Magnolia at Lafayette.") == ["The Magnolia at Lafayette"]


@pytest.mark.parametrize(
    "text",
    [
        "TTE showed moderate MR. Cardiology recommended therapy.",
        "RE: Notice of denial",
        "Wound clinic: L plantar ulcer, Wagner 2",
        "BRCA2 (p.Ser1982fs), pathogenic",
        "Clinic: CD4 612, VL <20.",
        "No teeth left. ASA I. Plan IV sedation.",
        "Compare both for wound, last shot 2014",
        "STEMI alert to base 0334.",
        "Anesthesia  00840-QZ  paid 0",
        "Back pain typical of her crises, 8/10, since this morning; seen on a weekday.",
    ],
)
def test_what_is_none_is_left(text: str) -> None:
    assert found(text) == []


def test_a_pager_keeps_its_number() -> None:
    assert "0334" in found("Dr. Roe, pager 0334")
