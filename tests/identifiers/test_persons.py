"""Person keys, pseudonyms, shifts and UIDs: golden vectors and laws."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from curator.core.hashing import framed, keyed
from curator.identifiers.persons import MOST_SHIFT_DAYS, PersonId, normal_id, person_of, pseudonym, shift_days
from curator.identifiers.uids import UidCoder

KEY = bytes(range(32))
#: Written down once, for the 32 bytes 00 01 .. 1f; a change here changes every pseudonym ever given.
GOLDEN = {
    "keyed": "9537a1a4e4e3392c3f623c00429be1b548387ffa3ffb9a5d54c40f53724c6b02",
    "uid": "2.25.36591369307604683422271953524089966924",
    "pseudonym": "PIN57M4YKZYF6W6NY",
    "shift": -465,
    "person": "9b4be7b5e8fe633cb99ed076c9c102a3",
}
keys = st.binary(min_size=32, max_size=32)


def person(**more: object) -> PersonId:
    """Return the person of a file with usual fields, some of them replaced."""
    fields = {
        "issuer": "",
        "patient_id": "MRN1",
        "placeholder": False,
        "site": "s1",
        "study_uid": "1.2",
        "source": "f0",
    }
    return person_of(**{**fields, **more})  # type: ignore[arg-type]


def test_values_derived_today_are_the_ones_derived_ever_after() -> None:
    assert framed("uid", b"1.2").hex() == "01" + "00000003" + b"uid".hex() + "00000003" + b"1.2".hex()
    assert keyed(KEY, "uid", b"1.2").hex() == GOLDEN["keyed"]
    assert UidCoder(KEY)("1.2.3") == GOLDEN["uid"]
    assert pseudonym(KEY) == GOLDEN["pseudonym"]
    assert shift_days(KEY) == GOLDEN["shift"]
    assert PersonId("id", "issuer", "MRN1").key(KEY) == GOLDEN["person"]


def test_one_person_has_one_key_however_the_id_is_padded() -> None:
    assert person(patient_id="MRN1 ").key(KEY) == person(patient_id="MRN1\x00").key(KEY)
    assert person(patient_id="mrn1").key(KEY) != person(patient_id="MRN1").key(KEY)


def test_the_same_id_of_two_issuers_is_two_persons() -> None:
    assert person(issuer="A").key(KEY) != person(issuer="B").key(KEY)
    assert person(issuer="").key(KEY) == person(issuer="s1").key(KEY)


def test_blank_and_placeholder_ids_are_keyed_by_study_then_by_source() -> None:
    assert person(patient_id="", placeholder=True).kind == "study"
    assert person(patient_id="ANON", placeholder=True, study_uid="").kind == "source"
    assert person(patient_id="", placeholder=True) != person(patient_id="", placeholder=True, study_uid="1.3")


@given(st.text())
def test_normalizing_an_id_twice_changes_nothing_more(text: str) -> None:
    assert normal_id(normal_id(text)) == normal_id(text)


@given(keys)
def test_a_shift_is_never_zero_and_bounded(key: bytes) -> None:
    assert 0 < abs(shift_days(key)) <= MOST_SHIFT_DAYS


@given(keys)
def test_a_pseudonym_is_fit_for_a_path_and_an_id(key: bytes) -> None:
    assert re.fullmatch(r"P[A-Z2-7]{16}", pseudonym(key))


@given(keys, st.text(alphabet="0123456789.", min_size=1, max_size=64))
def test_a_new_uid_is_valid_and_ignores_padding(key: bytes, old: str) -> None:
    new = UidCoder(key)(old)
    assert re.fullmatch(r"2\.25\.(0|[1-9][0-9]*)", new)
    assert len(new) <= 44
    assert UidCoder(key)(old + "\x00") == new


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_no_two_lists_of_fields_share_an_encoding(one: list[bytes], two: list[bytes]) -> None:
    assert (framed("d", *one) == framed("d", *two)) == (one == two)


def test_a_key_never_shows_in_a_repr() -> None:
    assert KEY.hex() not in repr(UidCoder(KEY))
    assert repr(KEY) not in repr(UidCoder(KEY))
    assert "MRN1" not in repr(person())
