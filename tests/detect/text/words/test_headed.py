"""Labels that begin with the patient name nobody; a patient by the same word does. All made up."""

import pytest

from curator.detect.text import detectors, find_all
from curator.identifiers.categories import Category

DETECTORS = detectors()


def named(text):
    return [text[one.start : one.end] for one in find_all(text, DETECTORS) if one.category is Category.NAME]


@pytest.mark.parametrize(
    "text",
    [
        "Patient Body Weight: 80 kg",
        "Patient Body Weight 80",
        "(0010,1030) DS Patient Body Mass Index [24.1]",
        "Patient Position: HFS\nPatient Height 170",
        "PATIENT POSITION: HFS",
        "Patient Education:\n- use of the inhaler",
        "Patient Identification\nchecked by wrist band",
        "Patient Care/Comfort Needs: none",
        "| Patient Weight | 80 |",
    ],
)
def test_a_label_that_begins_with_the_patient_is_no_name(text):
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Patient Jane Roe was seen today.", "Jane Roe"),
        ("Patient: Jane Roe", "Jane Roe"),
        ("Patient Rose Weight was seen today.", "Rose Weight"),
        ("Patient Quillfeather: stable", "Quillfeather"),
    ],
)
def test_a_patient_by_name_is_found(text, name):
    assert named(text) == [name]
