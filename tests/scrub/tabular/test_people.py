"""Headings over people's names, columns that nobody knows and that hold names, and names that are of things."""

from __future__ import annotations

import io

import pytest
from tabular_support import both, cleaned, harvest, treatment

from curator.scrub.tabular.headings import heading
from curator.scrub.tabular.likely import is_thing, name_words
from curator.scrub.tabular.roles import Role, spec_of


def known_of(text: str) -> list[set[tuple[str, str]]]:
    return [set(one.known) for one in harvest(io.BytesIO(text.encode()), len(text), treatment()).people]


@pytest.mark.parametrize(
    ("name", "who", "part"),
    [
        ("demo_firstname", "patient", "given"),
        ("demoLastName", "patient", "family"),
        ("PREF_NAME", "patient", "whole"),
        ("legal last name", "patient", "family"),
        ("ptname", "patient", "whole"),
        ("EMERG_CONTACT_NM", "contact", "whole"),
        ("contact_2_first_name", "contact", "given"),
        ("interviewer_init", "interviewer", "whole"),
        ("nom_de_la_mère", "mere", "whole"),
        ("Nome do pai", "pai", "whole"),
        ("cognome", "patient", "family"),
        ("Voornaam", "patient", "given"),
        ("primer apellido del padre", "padre", "family"),
    ],
)
def test_headings_over_names_are_known_however_they_are_put_together(name: str, who: str, part: str) -> None:
    spec = spec_of(name)
    assert spec is not None
    assert (spec.role, spec.known, spec.who, spec.part) == (Role.NAME, "name", who, part)


@pytest.mark.parametrize("name", ["caregiver", "Acompañante", "care taker", "Stationsarzt", "mãe", "signed_by_witness"])
def test_a_heading_that_only_says_whose_goes_and_tells_names(name: str) -> None:
    spec = spec_of(name)
    assert spec is not None
    assert (spec.role, spec.known, spec.loose) == (Role.DROP, "name", True)


@pytest.mark.parametrize("name", ["last_contact", "father_age", "manager", "name_of_project", "Mari Quartermain"])
def test_a_heading_with_any_other_word_is_none_of_people(name: str) -> None:
    assert heading(name.lower().split("_" if "_" in name else " ")) is None


def test_how_a_relative_is_reached_is_known_as_such() -> None:
    assert [
        getattr(spec_of(one), "known", None) for one in ("EMERG_CONTACT_PH", "guardian email", "Adresse der Mutter")
    ] == [*("phone", "email", "address")]


def test_names_below_a_heading_that_nobody_knows_are_searched_for_in_the_row() -> None:
    rows = cleaned(
        "mrn,wing_q,comments\nA1,Zerelda Quillfeather,zerelda was late; quillfeather tired\n"
        "B2,Bartholomeu Thrupp,thrupp stable; zerelda is a word here\nC3,Isolde Grant,no pain\n"
    )
    assert [one["comments"] for one in rows] == [
        "[NAME] was late; [NAME] tired",
        "[NAME] stable; zerelda is a word here",
        "no pain",
    ]
    assert "wing_q" not in rows[0]


def test_words_of_medicine_and_of_everyday_are_never_learned_so() -> None:
    known = known_of("mrn,wing_q\nA1,Zerelda\nA2,Heart failure\nA3,Metformin\nA4,Quillfeather\nA5,Isolde\nA6,Koldo\n")
    words = {value for one in known for kind, value in one if kind == "likely_name"}
    assert words == {"Zerelda", "Quillfeather", "Isolde", "Koldo"}
    assert not {value for one in known_of("mrn,wing_q\nA1,Heparin\nA2,Warfarin\nA3,Zerelda\n") for _, value in one}


def test_a_name_over_tests_is_kept_and_tells_nobody() -> None:
    text = "patient_id,name,value,unit\nA1,Sodium,140,mmol/L\nA1,Potassium,4.2,mmol/L\nA2,Coumadin 5 mg,1,tab\n"
    assert [one["name"] for one in cleaned(text)] == ["Sodium", "Potassium", "Coumadin 5 mg"]
    assert not any(kind == "name" for one in known_of(text) for kind, _ in one)


@pytest.mark.parametrize(
    "text",
    [
        "mrn,name,dob,value,unit\nA1,Sodium,1950-01-02,140,mmol/L\n",
        "mrn,name,last_name\nA1,Sodium,Quillfeather\n",
        "mrn,patient_name,value,unit\nA1,Sodium,140,mmol/L\n",
        "mrn,name,test,value\nA1,Sodium Quillfeather,Hgb,13\n",
    ],
)
def test_a_patient_may_be_called_by_a_word_of_medicine(text: str) -> None:
    assert any(kind == "name" and "Sodium" in value for kind, value in known_of(text)[0])
    assert "Sodium" not in both(text.encode())[1].decode()


def test_what_stands_for_a_relative_and_is_no_name_is_not_learned() -> None:
    known = known_of(
        "mrn,mother_name,nurse,guardian_phone,account\nA1,diabetes,none,unknown,pending\nA2,Zerelda Grant,,,\n"
    )
    assert [[pair for pair in one if pair[0] != "id"] for one in known] == [[], [("name", "Zerelda Grant")]]


def test_a_name_in_the_place_of_a_number_is_known_as_a_name() -> None:
    rows = cleaned('patient,comment\n"Quillfeather, Zerelda",zerelda slept\n')
    assert rows[0]["comment"] == "[NAME] slept"


@pytest.mark.parametrize(
    ("cell", "words", "thing"),
    [
        ("Zerelda", ("Zerelda",), False),
        ("VANDERSLOOT, MARGUERITE Q", ("VANDERSLOOT", "MARGUERITE"), False),
        ("Dr. Übelhör", ("Übelhör",), False),
        ("Íñiguez de Onzoño", ("Íñiguez", "Onzoño"), False),
        ("XYQ", (), False),
        ("Mrs. Smith", (), False),
        ("Rose Hill", (), False),
        ("Hemoglobin A1c", (), True),
        ("Coumadin 5 mg", (), True),
        ("7744", (), False),
    ],
)
def test_what_a_cell_looks_like(cell: str, words: tuple[str, ...], thing: bool) -> None:
    assert (name_words(cell), is_thing(cell)) == (words, thing)


def test_the_ids_of_houses_payers_and_staff_are_the_codes_that_other_tables_name_them_by() -> None:
    house, payer = "3f0c7a52-91d4-4c1e-8b7e-5a6d20c9e411", "b81f2d6e-7a30-4f95-9c42-0e13d5a86f27"
    (listed,) = cleaned(f"Id,NAME,CITY,STATE,REVENUE,UTILIZATION\n{house},Quillbrook Hospital,Fargo,ND,0.0,46\n")
    (paid,) = cleaned(f"Id,NAME,ZIP,REVENUE,UNIQUE_CUSTOMERS\n{payer},Ottermark Plan,58103,20.5,7\n")
    (visit,) = cleaned(f"Id,PATIENT,ORGANIZATION,PAYER,CODE\n1,MR-1,{house},{payer},185345009\n")
    assert (listed["Id"], paid["Id"]) == (visit["ORGANIZATION"], visit["PAYER"])
    assert (listed["UTILIZATION"], paid["REVENUE"]) == ("46", "20.5")
    (person,) = cleaned(f"Id,BIRTHDATE,LAST,SPECIALITY\n{house},1960-02-03,Quillfeather,none\n")
    assert person["Id"] not in {house, listed["Id"]}


def test_codes_of_reactions_stay() -> None:
    (row,) = cleaned("PATIENT,CODE,REACTION1,DESCRIPTION1,REACTION2\nMR-1,111088007,418290006,Itching,271807003\n")
    assert (row["REACTION1"], row["REACTION2"]) == ("418290006", "271807003")
