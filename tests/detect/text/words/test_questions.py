"""Short questions of clinicians lose the names of patients in them, and keep what bears a name."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Is it ok to discharge Delgado today?", "Delgado"),
        ("Can you draft a letter for Okafor about the missed visit?", "Okafor"),
        ("Can we start heparin on Abernathy after the bleed?", "Abernathy"),
        ("does Lindqvist need dialysis tonight?", "Lindqvist"),
        ("Nguyen in bed 4 spiked again, broaden to mero?", "Nguyen"),
        ("Should I wean Petrosyan overnight?", "Petrosyan"),
        ("Did we extubate Haddad before or after the CT?", "Haddad"),
        ("Which abx for Yamamoto (pcn allergy)?", "Yamamoto"),
    ],
)
def test_the_name_of_a_patient_goes(text: str, name: str) -> None:
    at = text.index(name)
    assert any(found.start <= at and found.end >= at + len(name) for found in find_all(text, detectors(weighed=False)))


@pytest.mark.parametrize(
    "text",
    [
        "Is he within Milan, and what would BCLC say?",
        "Scope in 6 h or within 24, per Lau 2020?",
        "Judet or Dunn views for FAI?",
    ],
)
def test_what_bears_a_name_stays(text: str) -> None:
    assert not find_all(text, detectors(weighed=False))
