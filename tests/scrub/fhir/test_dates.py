"""Dates by policy, one shift per person, ages over 89."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import fhir_support as support
import pytest

YEARS = {"system": "http://unitsofmeasure.org", "code": "a", "unit": "years"}


def person(number: int, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": f"p{number}", "birthDate": f"196{number}-05-06", **more}


def seen(number: int, day: str, **more: Any) -> dict[str, Any]:
    return support.observation(subject={"reference": f"Patient/p{number}"}, effectiveDateTime=day, **more)


def test_a_year_is_left_in_each_type_s_own_form() -> None:
    _, made = support.clean(
        person(1),
        seen(
            1,
            "2021-03-04T10:11:12+01:00",
            issued="2021-03-05T10:11:12.345Z",
            valuePeriod={"start": "2021-02", "end": "2022"},
        ),
    )
    assert made["effectiveDateTime"] == "2021"
    assert made["issued"] == "2021-01-01T00:00:00.000Z"
    assert made["valuePeriod"] == {"start": "2021", "end": "2022"}


def test_intervals_agree_for_each_patient_under_a_policy_that_shifts() -> None:
    days = ["2021-01-31T23:59:59Z", "2021-03-01T00:00:00Z", "2024-02-29T12:00:00Z"]
    made = support.clean(
        person(1),
        person(2),
        *(seen(number, day, id=f"o{number}{day}") for number in (1, 2) for day in days),
        policy="expert",
    )
    moved = [datetime.fromisoformat(one["effectiveDateTime"]) for one in made[2:]]
    source = [datetime.fromisoformat(day) for day in days]
    shifts = [(new - old).days for new, old in zip(moved, source * 2, strict=True)]
    assert len(set(shifts[:3])) == len(set(shifts[3:])) == 1
    assert shifts[0] != shifts[3]
    assert (datetime.fromisoformat(made[0]["birthDate"]) - datetime(1961, 5, 6)).days == shifts[0]
    assert all(new.time() == old.time() for new, old in zip(moved, source * 2, strict=True))


def test_a_day_of_the_week_on_which_something_is_due_moves_with_the_dates_beside_it() -> None:
    order = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "dosageInstruction": [
            {"timing": {"event": ["2021-03-14"], "repeat": {"dayOfWeek": ["sun", "wed", "Noday"], "frequency": 1}}}
        ],
    }
    for policy in ("expert", "safe-harbor", "limited-dataset"):
        _, made = support.clean(person(1), order, policy=policy)
        timing = made["dosageInstruction"][0]["timing"]
        days = ["sun", "wed"]
        if policy == "expert":
            moved = datetime.fromisoformat(timing["event"][0])
            days = [f"{moved + timedelta(days=days):%a}".lower() for days in (0, 3)]
            assert days != ["sun", "wed"]
        assert [day for day in timing["repeat"]["dayOfWeek"] if day] == days


def test_every_date_of_a_resource_moves_with_its_patient() -> None:
    _, made = support.clean(
        person(1),
        {
            "resourceType": "Encounter",
            "id": "e",
            "subject": {"reference": "Patient/p1"},
            "meta": {"lastUpdated": "2021-03-04T10:11:12Z"},
            "period": {"start": "2021-03-01", "end": "2021-03-04"},
            "identifier": [{"value": "V", "period": {"start": "2021-03-04"}}],
            "participant": [{"period": {"start": "2021-03-04"}}],
            "contained": [{"resourceType": "Procedure", "id": "x", "performedDateTime": "2021-03-04"}],
        },
        policy="expert",
    )
    stay = made["period"]["end"]
    assert made["meta"]["lastUpdated"][:10] == stay
    assert made["identifier"][0]["period"]["start"] == stay
    assert made["participant"][0]["period"]["start"] == stay
    assert made["contained"][0]["performedDateTime"] == stay
    assert stay != "2021-03-04"


def test_what_has_no_patient_of_its_own_moves_with_the_stand_in() -> None:
    made = support.clean(
        person(1),
        {"resourceType": "Practitioner", "id": "d", "qualification": [{"period": {"start": "2001-01-01"}}]},
        policy="expert",
    )
    assert made[1]["qualification"][0]["period"]["start"] == "2001-01-12"


@pytest.mark.parametrize("policy", ["safe-harbor", "expert"])
def test_a_birth_date_that_tells_an_age_over_89_goes_with_its_time_of_birth(policy: str) -> None:
    time = {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime",
                "valueDateTime": "1930-05-06T01:02:03Z",
            }
        ]
    }
    (made,) = support.clean(person(1, birthDate="1930-05-06", _birthDate=time), policy=policy)
    assert "1930" not in json.dumps(made)
    assert {"birthDate", "_birthDate"}.isdisjoint(made)


def test_an_age_over_89_is_found_in_pass_one_and_takes_the_birth_date_of_pass_two() -> None:
    old = seen(
        1,
        "2021-03-04",
        code={"coding": [{"system": "http://loinc.org", "code": "30525-0"}]},
        valueQuantity={"value": 93, **YEARS},
    )
    told, _, output = support.scrubbed(support.lines(person(1), old))
    assert [one.over_89 for one in told.people] == [True]
    patient, made = (json.loads(line) for line in output.decode().splitlines())
    assert "birthDate" not in patient
    assert made["valueQuantity"]["value"] == 90


#: Members that say an age, and what becomes of them.
AGES: list[tuple[str, dict[str, Any], str, Any]] = [
    ("Condition", {"onsetAge": {"value": 95, **YEARS}}, "onsetAge", {"value": 90, **YEARS}),
    ("Condition", {"onsetAge": {"value": 54.5, **YEARS}}, "onsetAge", {"value": 54.5, **YEARS}),
    ("Condition", {"onsetAge": {"value": 1200, "code": "mo"}}, "onsetAge", {"value": 1080, "code": "mo"}),
    ("Condition", {"onsetAge": {"value": 40000, "unit": "days"}}, "onsetAge", {"value": 32873, "unit": "days"}),
    (
        "Condition",
        {"onsetRange": {"low": {"value": 88, "unit": "yr"}, "high": {"value": 97, "unit": "yr"}}},
        "onsetRange",
        {"low": {"value": 88, "unit": "yr"}, "high": {"value": 90, "unit": "yr"}},
    ),
    ("Condition", {"onsetString": "94 years"}, "onsetString", "90"),
    ("Condition", {"onsetString": "childhood"}, "onsetString", "childhood"),
    ("FamilyMemberHistory", {"deceasedAge": {"value": 101, **YEARS}}, "deceasedAge", {"value": 90, **YEARS}),
    ("FamilyMemberHistory", {"ageString": "99"}, "ageString", "90"),
    ("Observation", {"valueQuantity": {"value": 92, "unit": "a"}}, "valueQuantity", {"value": 90, "unit": "a"}),
    ("Observation", {"valueQuantity": {"value": 92, "unit": "mmHg"}}, "valueQuantity", {"value": 92, "unit": "mmHg"}),
    ("Observation", {"code": {"coding": [{"code": "30525-0"}]}, "valueInteger": 91}, "valueInteger", 90),
    ("Observation", {"code": {"coding": [{"code": "30525-0"}]}, "valueString": "91"}, "valueString", "90"),
    (
        "Observation",
        {"code": {"coding": [{"code": "30525-0"}]}, "valueQuantity": {"value": 1.5e2}},
        "valueQuantity",
        {"value": 90},
    ),
]


@pytest.mark.parametrize(("kind", "members", "name", "wanted"), AGES)
def test_ages_over_89_are_one_class(kind: str, members: dict[str, Any], name: str, wanted: Any) -> None:
    (made,) = support.clean({"resourceType": kind, "id": "x", **members})
    assert made[name] == wanted


def test_a_limited_data_set_keeps_dates_and_ages() -> None:
    made = support.clean(person(1, birthDate="1930-05-06"), seen(1, "2021-03-04T10:11:12Z"), policy="limited-dataset")
    assert made[0]["birthDate"] == "1930-05-06"
    assert made[1]["effectiveDateTime"] == "2021-03-04T10:11:12Z"


def test_times_of_day_go_with_the_days_but_timetables_stay() -> None:
    timing = {"repeat": {"timeOfDay": ["08:00:00"], "boundsPeriod": {"start": "2021-03-04"}}}
    resources = (
        person(1),
        seen(1, "2021-03-04", valueTime="10:11:12"),
        {
            "resourceType": "MedicationRequest",
            "id": "m",
            "subject": {"reference": "Patient/p1"},
            "dosageInstruction": [{"timing": timing}],
        },
    )
    _, made, order = support.clean(*resources)
    assert "valueTime" not in made
    assert order["dosageInstruction"][0]["timing"] == {
        "repeat": {"timeOfDay": ["08:00:00"], "boundsPeriod": {"start": "2021"}}
    }
    _, made, _ = support.clean(*resources, policy="expert")
    assert made["valueTime"] == "10:11:12"


def test_a_day_that_is_an_answer_as_a_number_is_one_and_a_quantity_is_none() -> None:
    [answer, measured] = support.clean(
        {
            "resourceType": "QuestionnaireResponse",
            "status": "completed",
            "item": [{"linkId": "1", "text": "Marker", "answer": [{"valueInteger": 20210314}]}],
        },
        support.observation(valueQuantity={"value": 20210314, "unit": "1/uL"}),
    )
    assert answer["item"][0]["answer"][0]["valueInteger"] == 2021
    assert measured["valueQuantity"]["value"] == 20210314
