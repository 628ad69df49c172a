"""A disease or a device is neither asked nor does it call: an eponym that is, is somebody's name."""

import pytest

from curator.detect.text.names.asked import asked


def names(text):
    return [text[f.start : f.end] for f in asked(text)]


@pytest.mark.parametrize("name", ["Montgomery", "Wilson", "Parkinson", "Foley", "Barrett"])
@pytest.mark.parametrize(
    "text",
    ['"Please tell {} that I am"', "I told {} about it.", "{} called today.", "Ask {} to call.", "Seen. {} states no."],
)
def test_who_is_spoken_to_or_speaks_is_a_name(name, text):
    assert names(text.format(name)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Patient called today.", "Ask Nurse to call", "Family states she is well", "Told Cardiology to see her.",
        "Radiology called.", "Pharmacy called", "Mother states", "Asked Ortho to see", "Foley catheter removed.",
        "Graves disease stated in history", "tell wilson that",
    ],
)  # fmt: skip
def test_services_and_diseases_are_no_names(text):
    assert names(text) == []
