"""Known identifiers are found in every spelling, and nothing is left unsearched in silence. All values are made up."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.identifiers.known import KnownIdentifiers, KnownMatcher


def found(known, text):
    return {text[f.start : f.end] for f in KnownMatcher(KnownIdentifiers(known)).find(text)}


@pytest.mark.parametrize(
    ("known", "text", "value"),
    [
        (("name", "Muñoz^José"), "seen: JOSE MUNOZ today", "MUNOZ"),
        (("name", "Muñoz^José"), unicodedata.normalize("NFD", "with Muñoz,"), unicodedata.normalize("NFD", "Muñoz")),
        (("name", "Okonkwo^Ngozi"), "file okonkwo_ngozi.txt", "okonkwo_ngozi"),
        (("name", "Li^Wei"), "Mr. Li came", "Li"),
        (("id", "00-482-913"), "MRN 00482913.", "00482913"),
        (("id", "00482913"), "MRN 00 482 913.", "00 482 913"),
        (("phone", "+1 701 555 0133"), "call (701) 555-0133", "701) 555-0133"),
        (("birth_date", "19310314"), "born 3/14/1931", "3/14/1931"),
        (("birth_date", "19310314"), "born March 14th, 1931", "March 14th, 1931"),
        (("birth_date", "19310314"), "born 14-MAR-1931", "14-MAR-1931"),
        (("birth_date", "19310314"), "born 1931-03-14", "1931-03-14"),
    ],
)
def test_a_value_is_found_in_another_spelling(known, text, value):
    assert value in found([known], text)


def test_a_short_name_is_no_part_of_a_word_and_a_date_no_part_of_a_number():
    assert found([("name", "Li^Wei")], "lithium weight") == set()
    assert found([("birth_date", "19310314")], "913/14/19315") == set()


def test_what_is_too_short_is_counted():
    matcher = KnownMatcher(KnownIdentifiers([("id", "7"), ("birth_date", "1931")]))
    assert (matcher.unsearched, list(matcher.find("7 1931"))) == (2, [])


def test_values_stand_in_no_representation():
    assert "Okonkwo" not in repr(KnownIdentifiers((("name", "Okonkwo"),)))


@given(st.text(max_size=60), st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd"]), min_size=6, max_size=12))
def test_a_long_value_between_any_words_is_always_found(text, value):
    whole = f"{text} {value} {text}"
    spans = list(KnownMatcher(KnownIdentifiers([("id", value)])).find(whole))
    at = len(text) + 1
    assert any(f.start <= at and at + len(value) <= f.end for f in spans) or not any(c.isalnum() for c in value)
