"""Names in which a scan put digits for letters. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def names(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "NAME"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Physician: D0v Perlmutter, M.D. signed", "D0v"),
        ("Referred by Mateusz Br0jek of the clinic", "Br0jek"),
        ("Seen by Dr. J0hn Gaines today", "J0hn"),
        ("Mother G1oria reports fever", "G1oria"),
        ("NAME: R0BERT0 was here", "R0BERT0"),
    ],
)
def test_a_name_with_a_digit_for_a_letter_is_found_whole(text, value):
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    start = text.index(value)
    assert covered.issuperset(range(start, start + len(value)))


@pytest.mark.parametrize(
    "text", ["vitamin B12 and T1DM, CA125 80, H1N1 negative", "ASS1STANT present, D1agnosis unclear, C0VID negative"]
)
def test_codes_and_misread_words_are_no_names(text):
    assert names(text) == set()
