"""Houses by their whole names, and towns in rows. All made up; braces hold what must go."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def parted(line):
    """Return a line without its braces, and where what they hold stands."""
    text, spans, start = "", [], 0
    for mark in line:
        if mark == "{":
            start = len(text)
        elif mark == "}":
            spans.append((start, len(text)))
        else:
            text += mark
    return text, spans


@pytest.mark.parametrize(
    "line",
    [
        "{RIDGELINE RETINA & GLAUCOMA ASSOC.}        offices in {Normal}, {Pell's Ferry} and {Moscow}",
        "{Klinikum am Steinhang gGmbH}  -  II",
        "outside, {Oakes County Mem}.",
        "{LAW OFFICES OF TREMBLAY, OKAFOR & SINGH LLP}\n717",
        "POC/lab: {Wal-Creek draw stn}",
        "home infusion: {briarwood infusion}, rep",
        "storm job nr {Schenectady}. Itch",
        "clinics in {Fargo}, {Minot} and {Bottineau}",
    ],
)
def test_a_house_goes_whole(line):
    text, spans = parted(line)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    assert spans
    for start, end in spans:
        assert all(at in covered for at in range(start, end) if text[at].isalnum()), text[start:end]
