"""What a C-CDA document tells of people in pass 1."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from cda_support import MRN_ROOT, People, document, observation, section, treatment

from curator.core.errors import ItemError
from curator.scrub import cda
from curator.scrub.medium import RecordHarvest

DATA = Path(__file__).with_name("full_document.xml").read_bytes()


def harvest(data: bytes) -> RecordHarvest:
    return cda.harvest(io.BytesIO(data), len(data), treatment())


def test_the_patient_is_found_by_hospital_numbers_before_national_ones() -> None:
    person = harvest(DATA).people[0]
    assert person.ids == (("mrn", MRN_ROOT, "998991"), ("mrn", "", "0b4cb8ac-3d5e-4a5c-9a3e-5d7c4bd2a001"))
    assert ("id", "111-45-6789") in person.known


def test_a_national_number_counts_where_there_is_no_other() -> None:
    data = document().replace(MRN_ROOT.encode(), b"2.16.840.1.113883.4.1")
    assert harvest(data).people[0].ids == (("mrn", "2.16.840.1.113883.4.1", "MR7788123"),)


def test_the_relatives_and_the_patient_are_known_and_physicians_are_not() -> None:
    known = dict.fromkeys(harvest(DATA).people[0].known)
    for expected in (
        ("name", "Brunhilde Hildchen Zygmuntowska"),
        ("name", "Wenzeslaus Quistorp"),
        ("name", "Balduin Zygmuntowski"),
        ("name", "Irmengard Vogelsang"),
        ("name", "Kasimir Quistorp"),
        ("phone", "+1(555)723-1544"),
        ("email", "brunhilde.z@fastpost.example"),
        ("address", "1357 Quellenhof Lane"),
        ("address", "17 Sisterhood Court"),
        ("birth_date", "19580217"),
        ("id", "W993317720"),
    ):
        assert expected in known, expected
    assert not [value for _, value in known if "Primavera" in value or "Enterich" in value]


def test_dates_and_ages_are_reported() -> None:
    person = harvest(DATA).people[0]
    assert person.birth_dates == ("19580217",)
    assert person.last_date == "20210305"
    assert not person.over_89


@pytest.mark.parametrize(
    "body",
    [
        section("<paragraph>A 94-year-old woman with cough.</paragraph>"),
        section(entries=observation('<value xsi:type="PQ" value="92" unit="a"/>')),
    ],
)
def test_an_age_over_89_is_noticed(body: str) -> None:
    assert harvest(document(body)).people[0].over_89


def test_where_names_places_and_letters_and_no_value() -> None:
    where = harvest(DATA).where
    assert ("patientRole/id", "id") in where
    assert ("patient/name", "name") in where
    assert ("patient/birthTime", "birth_date") in where
    assert list(where) == sorted(set(where))
    assert not [place for place, _ in where if any(mark.isdigit() for mark in place)]


def test_pass_two_asks_for_the_ids_that_pass_one_gave() -> None:
    people = People(harvest(DATA))
    cda.rewrite(io.BytesIO(DATA), io.BytesIO(), people, treatment())
    assert people.asked == [harvest(DATA).people[0].ids]


def test_two_patients_in_one_document_are_held_back() -> None:
    data = document(header='<recordTarget><patientRole><id root="1.2" extension="2"/></patientRole></recordTarget>')
    with pytest.raises(ItemError) as caught:
        harvest(data)
    assert caught.value.code == "CDA-005"
