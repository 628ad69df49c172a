"""What a resource's members say of clinicians and of ids is searched in the texts beside them."""

from __future__ import annotations

import json
from typing import Any

import fhir_support as support


def _div(text: str) -> dict[str, Any]:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'}


def _made(*resources: dict[str, Any]) -> str:
    return json.dumps(support.clean(*resources))


def test_a_clinicians_name_of_everyday_words_goes_from_his_own_narrative() -> None:
    one = {
        "resourceType": "Practitioner",
        "id": "f007",
        "text": _div("Bunion, Paul at Walvisbaai 3, ext. 66321. Practitioner/f007"),
        "name": [{"family": "Bunion", "given": ["Paul"]}],
        "address": [{"line": ["Walvisbaai 3"]}],
        "telecom": [{"system": "phone", "value": "66321"}],
    }
    made = _made(one)
    assert not [word for word in ("Bunion", "Paul", "Walvisbaai", "66321", "f007") if word in made]


def test_the_names_of_a_bundles_clinicians_go_from_all_of_its_texts() -> None:
    doctor = {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Reaction", "given": ["Rosalynd"]}]}
    note = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Hemoglobin"},
        "note": [{"text": "Told to Reaction, Rosalynd; an allergic reaction is unlikely."}],
    }
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": doctor}, {"resource": note}]}
    made = _made(bundle)
    assert "Reaction," not in made
    assert "an allergic reaction is unlikely" in made


def test_ids_that_a_resource_points_at_go_from_its_narrative_and_words_stay() -> None:
    one = {
        "resourceType": "Observation",
        "id": "heart-rate",
        "status": "final",
        "text": _div("<p>heart rate of Patient/f201, encounter f203, by Ferrowick</p>"),
        "code": {"text": "Heart rate"},
        "subject": {"reference": "Patient/f201"},
        "encounter": {"reference": "Encounter/f203"},
        "performer": [{"reference": "Practitioner/x", "display": "Dr. Ferrowick"}],
    }
    made = _made(one)
    assert not [word for word in ("f201", "f203", "Ferrowick") if word in made]
    assert "heart rate of" in made


def test_the_harvest_tells_who_cares_for_a_patient() -> None:
    one = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": "Patient/f201"},
        "contained": [
            {"resourceType": "Practitioner", "id": "c", "name": [{"family": "Vandersloot", "given": ["Ignatius"]}]}
        ],
    }
    told = support.scrubbed(support.lines(one))[0]
    assert ("name", "Vandersloot^Ignatius") in told.people[0].known


def test_the_sex_that_us_core_8_writes_stays() -> None:
    url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-individual-sex"
    sex = {"url": url, "valueCoding": {"system": "http://snomed.info/sct", "code": "248152002"}}
    assert support.clean({"resourceType": "Patient", "id": "p", "extension": [sex]})[0]["extension"] == [sex]
