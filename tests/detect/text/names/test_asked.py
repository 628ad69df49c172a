"""A disease or a device is neither asked nor does it call: an eponym that is, is somebody's name."""

import pytest

from curator.detect.text import detectors, find_all
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


@pytest.mark.parametrize("name", ["Wright", "Foley", "Kelly", "Barrett"])
@pytest.mark.parametrize("deed", ["inserted the line", "removed his drain", "reviewed it with us", "admitted her"])
def test_who_does_something_to_somebody_is_found(name, deed):
    text = f"A fever since noon. {name} {deed}."
    assert name in [text[one.start : one.end] for one in find_all(text, detectors(weighed=False))]


@pytest.mark.parametrize("text", ["A Foley was placed.", "Foley placed without trouble.", "Placed the Kelly clamp."])
def test_what_is_done_with_an_instrument_is_nobodys_deed(text):
    assert not [one for one in find_all(text, detectors(weighed=False)) if one.rule == "name.does"]
