"""What is remembered from one person's texts never changes what becomes of another's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrub_support import made, read, scrub, write

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.dicom.warm import made_up, warm
from curator.scrub.policy import load_policy

SAFE_HARBOR = load_policy("safe-harbor")
PERSONS = (
    (("name", "Quxley^Zorblat"), ("id", "MRN-77310"), ("birth_date", "19481203")),
    (("name", "Head^Jo"), ("id", "7"), ("accession", "A1234567")),
    (("name", "Li^Na"), ("phone", "+1 555 010 9921"), ("address", "12 Elm Court\nSmalltown")),
    (("name", "Contrast^May"), ("other", "4711-0815"), ("institution", "Elm Clinic")),
)
PIECES = ("CT", "chest", "Head", "Jo", "QUXLEY", "zorblat", "Zorblat's", "77310", "MRN", "Li", "Na", "L i N a", "7")
PIECES += ("3 Dec 1948", "1948-12-03", "12/03/48", "w/o contrast", "May", "A1234567", "Elm", "seen by Dr. Abel", "for")
PIECES += (
    "555-010-9921",
    "q u x l e y",
    "JHEAD",
    "CTQUXLEY",
    "age 93",
    "4711",
    "0815",
    "\\",
    "knee L",
    "router 10.1.2.3",
)
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).flatmap(
    lambda parts: st.sampled_from([" ", "^", "_", ", ", ""]).map(lambda gap: gap.join(parts))
)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(PERSONS), st.booleans(), st.booleans())
def test_a_text_becomes_what_it_becomes_without_any_memory(
    text: str, known: tuple[tuple[str, str], ...], strangers: bool, technical: bool
) -> None:
    if text.isspace():
        return
    alone = Descriptors(known, SAFE_HARBOR)._text(text, whole=False, strangers=strangers, technical=technical)
    for _ in range(2):
        shared = Descriptors(known, SAFE_HARBOR)
        assert shared.clean(text, vr="LO", strangers=strangers, technical=technical) == alone


@pytest.mark.parametrize("text", ["CT Quxley protocol", "CT q u x l e y", "CT 77310", "CT CTQUXLEY", "CT zorblat 2"])
def test_a_text_that_says_nothing_about_one_person_is_cut_for_the_other(text: str) -> None:
    other = Descriptors((("name", "Harmless^Someone"),), SAFE_HARBOR)
    stays = other.clean(text, vr="LO", strangers=True, technical=True)
    assert stays.startswith("CT")
    own = Descriptors(PERSONS[0], SAFE_HARBOR).clean(text, vr="LO", strangers=True, technical=True)
    plain = re.sub(r"[\W_]+", "", own).lower()
    assert not any(word in plain for word in ("quxley", "77310", "zorblat"))


def test_a_long_text_that_was_seen_before_is_cut_for_its_own_person() -> None:
    text = "CT chest without contrast. " * 20 + "Quxley was calm."
    assert len(text) > 256
    assert "chest without contrast" in Descriptors((("name", "Harmless^Someone"),), SAFE_HARBOR).clean(text, vr="LT")
    for _ in range(2):
        own = Descriptors(PERSONS[0], SAFE_HARBOR).clean(text, vr="LT")
        assert "quxley" not in own.lower()
        assert "chest" in own


def test_a_code_that_went_does_not_come_back_when_another_of_the_values_goes() -> None:
    data = write(made(ImageType=["ORIGINAL", "QUXLEY", "20190304"], Modality="CT"))
    out = scrub(data, known=(("name", "Quxley^Zorblat"),))
    told = read(b"".join(map(bytes, out.pieces))).ImageType
    assert told[0] == "ORIGINAL"
    assert "QUXLEY" not in told
    assert "20190304" not in told


def test_the_made_up_object_is_cleaned_like_any_other() -> None:
    from scrub_support import subject

    out = rewrite(made_up(), subject(), SAFE_HARBOR, lambda _: "2.25.9", accepted=True)
    told = read(b"".join(map(bytes, out.pieces)))
    assert "Ghijkl" not in str(told)
    assert told.Modality == "CT"
    warm()
    warm(SAFE_HARBOR)
