"""What pointed at something still points at it, and one person is one person throughout."""

from __future__ import annotations

import json
import re
from typing import Any

import fhir_support as support
import pytest

SUBJECT = {"reference": "Patient/pat-zq81"}


def bundle(*entries: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    return {"resourceType": "Bundle", "id": "b1", "type": kind, "entry": list(entries)}


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for inner in value.values() for one in references(inner)]
    return [one for inner in value for one in references(inner)] if isinstance(value, list) else []


def test_relative_references_of_an_ndjson_file_resolve() -> None:
    patient, encounter, made = support.clean(
        support.patient(),
        {"resourceType": "Encounter", "id": "e1", "status": "finished", "subject": SUBJECT},
        support.observation(
            encounter={"reference": "Encounter/e1/_history/3"}, derivedFrom=[{"reference": "Observation/obs-7"}]
        ),
    )
    assert made["subject"]["reference"] == encounter["subject"]["reference"] == f"Patient/{patient['id']}"
    assert made["encounter"]["reference"] == f"Encounter/{encounter['id']}"
    assert made["derivedFrom"][0]["reference"] == f"Observation/{made['id']}"


def test_a_reference_to_a_patient_who_is_in_another_file_is_a_person_of_his_own() -> None:
    data = support.lines(
        support.observation(subject={"reference": "Patient/other-1"}),
        support.observation(subject={"reference": "https://fhir.example.org/base/Patient/other-1"}),
        support.observation(subject={"reference": "Patient/other-2"}),
    )
    told, _, output = support.scrubbed(data)
    assert [person.ids for person in told.people] == [(("fhir", "", "other-1"),), (("fhir", "", "other-2"),)]
    first, second, third = (json.loads(line)["subject"]["reference"] for line in output.decode().splitlines())
    assert first == "Patient/PSEUDO0000"
    assert second.startswith("https://")
    assert second.endswith(".invalid/fhir/Patient/PSEUDO0000")
    assert third == "Patient/PSEUDO0001"


@pytest.mark.parametrize("kind", ["replaces", "replaced-by", "refer", "seealso"])
@pytest.mark.parametrize("turned", [False, True])
def test_patients_who_are_linked_are_one_person_in_any_order(kind: str, *, turned: bool) -> None:
    new = {"resourceType": "Patient", "id": "new-1", "identifier": [{"system": "http://h.example/mrn", "value": "M-1"}]}
    old = {"resourceType": "Patient", "id": "old-1", "identifier": [{"system": "http://h.example/mrn", "value": "M-2"}]}
    new["link"] = [{"other": {"reference": "Patient/old-1"}, "type": kind}]
    seen = [support.observation(subject={"reference": f"Patient/{name}"}) for name in ("new-1", "old-1")]
    data = support.lines(*[new, old, *seen][:: -1 if turned else 1])
    told, made, output = support.scrubbed(data)
    assert len(told.people) == 1
    resources = [json.loads(line) for line in output.decode().splitlines()]
    assert {one["id"] for one in resources if one["resourceType"] == "Patient"} == {"PSEUDO0000"}
    assert {one["subject"]["reference"] for one in resources if "subject" in one} == {"Patient/PSEUDO0000"}
    assert all("link" not in one for one in resources)
    assert ("Patient.link", "removed", 1) in made.actions


def test_a_link_within_a_bundle_is_followed_by_its_url_and_one_of_no_type_joins_nobody() -> None:
    urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    one = {"resourceType": "Patient", "id": "one-1", "link": [{"other": {"reference": urn}, "type": "replaces"}]}
    other = {"resourceType": "Patient", "link": [{"other": {"reference": "Patient/third-1"}, "type": "unrelated"}]}
    third = {"resourceType": "Patient", "id": "third-1"}
    told, _, output = support.scrubbed(
        support.lines(bundle({"resource": one}, {"fullUrl": urn, "resource": other}, {"resource": third}))
    )
    assert len(told.people) == 2
    ids = [entry["resource"].get("id") for entry in json.loads(output)["entry"]]
    assert ids == ["PSEUDO0000", None, "PSEUDO0001"]


def test_a_link_to_another_server_joins_nobody_who_has_the_same_id_here() -> None:
    away = {"resourceType": "Patient", "id": "77", "link": [{"type": "refer"}]}
    away["link"][0]["other"] = {"reference": "https://index.example/fhir/Patient/12"}
    here = {"resourceType": "Patient", "id": "12"}
    assert len(support.scrubbed(support.lines(away, here))[0].people) == 2
    base = "https://index.example/fhir/Patient"
    told = support.scrubbed(support.lines(bundle({"fullUrl": f"{base}/77", "resource": away}), here))[0]
    assert [person.ids for person in told.people] == [(("fhir", "", "77"), ("fhir", "", "12"))]


@pytest.mark.parametrize("turned", [False, True])
def test_patients_whom_a_person_ties_are_one_and_what_it_says_is_known(*, turned: bool) -> None:
    links = [{"target": {"reference": f"{kind}/{name}"}} for kind, name in (("Practitioner", "p1"), ("Patient", "a-1"))]
    person = {
        "resourceType": "Person",
        "id": "one",
        "name": [{"family": "Quillfeather", "given": ["Brunhilde"]}],
        "link": [*links, {"target": {"reference": "Patient/b-1"}, "assurance": "level3"}],
    }
    resources = [
        {"resourceType": "Patient", "id": "a-1"},
        {"resourceType": "Patient", "id": "b-1"},
        person,
        support.observation(subject={"reference": "Patient/b-1"}, note=[{"text": "QUILLFEATHER slept."}]),
    ]
    told, _, output = support.scrubbed(support.lines(*resources[:: -1 if turned else 1]))
    assert len(told.people) == 1
    made = {one["resourceType"]: one for one in map(json.loads, output.decode().splitlines())}
    assert made["Observation"]["note"][0]["text"] == "[NAME] slept."
    targets = [one["target"]["reference"] for one in made["Person"]["link"]]
    assert targets[1:] == ["Patient/PSEUDO0000"] * 2


def test_a_person_of_the_least_assurance_and_one_who_is_a_clinician_join_nobody() -> None:
    level = [{"target": {"reference": f"Patient/{name}"}, "assurance": "level1"} for name in ("a-1", "b-1")]
    told = support.scrubbed(
        support.lines(
            {"resourceType": "Patient", "id": "a-1"},
            {"resourceType": "Patient", "id": "b-1"},
            {"resourceType": "Person", "link": level},
            {"resourceType": "Person", "link": [{"target": {"reference": "Practitioner/a-1"}}, level[1]]},
        )
    )[0]
    assert len(told.people) == 2


def test_links_in_a_circle_to_oneself_and_to_nobody_end() -> None:
    def linked(name: str, *others: object) -> dict[str, Any]:
        return {
            "resourceType": "Patient",
            "id": name,
            "link": [{"other": one, "type": "seealso"} for one in others],
        }

    told, _, output = support.scrubbed(
        support.lines(
            linked("a-1", {"reference": "Patient/b-1"}, {"reference": "Patient/a-1"}, None, "x", {}),
            {"resourceType": "Patient", "id": "d-1", "link": [{"type": ["seealso"]}, {"type": {}}, "x", None]},
            linked("b-1", {"reference": "Patient/a-1"}, {"reference": "#none"}, {"reference": "RelatedPerson/r"}),
            linked("c-1", {"reference": "Patient/gone"}),
        )
    )
    assert len(told.people) == 3
    made = [json.loads(line) for line in output.decode().splitlines()]
    assert [one["id"] for one in made] == ["PSEUDO0000", "PSEUDO0001", "PSEUDO0000", "PSEUDO0002"]


def test_a_link_to_whom_an_earlier_delivery_gave_another_pseudonym_stays() -> None:
    patient = {"resourceType": "Patient", "id": "new-1"}
    other = {"resourceType": "Patient", "id": "old-1"}
    told, _, _ = support.scrubbed(support.lines(patient, other))
    patient["link"] = [{"other": {"reference": "Patient/old-1"}, "type": "replaces"}]
    output = support.scrubbed(support.lines(patient, other), people=support.Everybody(told))[2]
    made = json.loads(output.decode().splitlines()[0])
    assert made["link"] == [{"other": {"reference": "Patient/PSEUDO0001"}, "type": "replaces"}]


def test_urns_within_a_bundle_resolve_and_the_patient_is_found_by_them() -> None:
    urn = "urn:uuid:0a4e7bd2-5cf5-41bd-9d0b-2f6e0f2f1c11"
    (made,) = support.clean(
        bundle(
            {"fullUrl": urn, "resource": support.patient()},
            {
                "fullUrl": "urn:uuid:0a4e7bd2-5cf5-41bd-9d0b-2f6e0f2f1c12",
                "resource": support.observation(subject={"reference": urn}, note=[{"text": "Zofia came."}]),
            },
        )
    )
    first, second = made["entry"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", first["fullUrl"])
    assert second["resource"]["subject"]["reference"] == first["fullUrl"]
    assert first["fullUrl"] != urn
    assert "Zofia" not in second["resource"]["note"][0]["text"]
    assert first["resource"]["id"] == "PSEUDO0000"


def test_absolute_urls_within_a_bundle_resolve_and_name_no_server() -> None:
    base = "https://fhir.mercy-hospital.example/R4"
    (made,) = support.clean(
        bundle(
            {"fullUrl": f"{base}/Patient/pat-zq81", "resource": support.patient()},
            {"fullUrl": f"{base}/Observation/obs-7", "resource": support.observation()},
            {
                "fullUrl": f"{base}/Observation/o2",
                "resource": support.observation(id="o2", subject={"reference": f"{base}/Patient/pat-zq81"}),
            },
        )
    )
    urls = [entry["fullUrl"] for entry in made["entry"]]
    assert made["entry"][2]["resource"]["subject"]["reference"] == urls[0]
    assert urls[0].endswith("/" + made["entry"][1]["resource"]["subject"]["reference"])
    assert "mercy" not in json.dumps(made)


def test_contained_resources_are_found_by_their_new_names() -> None:
    (_, made) = support.clean(
        support.patient(),
        support.observation(
            subject={"reference": "#p1"},
            contained=[
                {"resourceType": "Patient", "id": "p1", "name": [{"family": "Wrzos"}], "birthDate": "1950-02-03"},
                {"resourceType": "Device", "id": "d1", "patient": {"reference": "#p1"}},
            ],
            device={"reference": "#d1"},
            note=[{"text": "wrzos came"}],
        ),
    )
    inner, device = made["contained"]
    assert made["subject"]["reference"] == device["patient"]["reference"] == f"#{inner['id']}"
    assert made["device"]["reference"] == f"#{device['id']}"
    assert inner["name"][0]["text"] == "PSEUDO0001"
    assert "wrzos" not in json.dumps(made).lower()


def test_two_contained_patients_of_one_name_are_two_persons() -> None:
    inner = {"resourceType": "Patient", "id": "p1"}
    data = support.lines(*[support.observation(subject={"reference": "#p1"}, contained=[inner])] * 2)
    told, _, _ = support.scrubbed(data)
    assert len(told.people) == 2
    assert all(kind == "row" for person in told.people for kind, _, _ in person.ids)


def test_conditional_references_and_requests_follow_the_pseudonym() -> None:
    search = "identifier=urn:oid:1.2.36.146.595.217.0.1|00482913"
    (made,) = support.clean(
        bundle(
            {
                "fullUrl": "urn:uuid:1",
                "resource": support.patient(),
                "request": {"method": "POST", "url": "Patient", "ifNoneExist": search},
            },
            {
                "resource": support.observation(subject={"reference": f"Patient?{search}"}),
                "request": {"method": "PUT", "url": "Observation/obs-7", "ifMatch": 'W/"482913"'},
            },
            {"resource": support.observation(), "request": {"method": "PUT", "url": "Observation?name=Kowalska"}},
            kind="transaction",
        )
    )
    first, second, third = made["entry"]
    assert first["request"]["url"] == "Patient"
    condition = first["request"]["ifNoneExist"]
    assert condition.startswith("identifier=urn:oid:2.25.")
    assert condition.endswith("|PSEUDO0000")
    assert second["resource"]["subject"]["reference"] == f"Patient?{condition}"
    assert second["request"] == {"method": "PUT", "url": f"Observation/{second['resource']['id']}"}
    assert third["request"] == {"method": "PUT", "url": f"Observation/{third['resource']['id']}"}
    assert "482913" not in json.dumps(made)
    assert "Kowalska" not in json.dumps(made)


@pytest.mark.parametrize(
    ("method", "url", "wanted"),
    [
        ("PUT", "Observation?subject=Patient/pat-zq81&code=718-7", "Observation?subject=Patient/PSEUDO0000&code=718-7"),
        ("PUT", "Observation?patient=pat-zq81&status=final", "Observation?patient=Patient/PSEUDO0000&status=final"),
        ("GET", "Observation?code=http%3A%2F%2Floinc.org%7C718-7", "Observation?code=http://loinc.org|718-7"),
        ("POST", "Observation?name=Kowalska", "Observation"),
        ("PUT", "https://mercy.example/fhir/Observation?code=Kowalska", "Observation/"),
        ("PUT", "Observation?subject=Patient/pat-zq81&note=Kowalska", "Observation/"),
        ("DELETE", "Observation?name=Kowalska", "Observation?identifier="),
        ("PATCH", "Observation?code=482913&birthdate=1961-03-14", "Observation?identifier="),
        ("PUT", "kowalska", "Observation/"),
    ],
)
def test_a_request_stays_valid_whatever_it_searches_for(method: str, url: str, wanted: str) -> None:
    (made,) = support.clean(
        bundle(
            {"resource": support.patient()},
            {"resource": support.observation(), "request": {"method": method, "url": url}},
            kind="transaction",
        )
    )
    entry = made["entry"][1]
    assert entry["request"]["method"] == method
    assert entry["request"]["url"].startswith(wanted)
    if wanted.endswith("/"):
        assert entry["request"]["url"] == wanted + entry["resource"]["id"]
    elif wanted.endswith("="):
        assert re.fullmatch(r"[A-Z2-7]{16}", entry["request"]["url"].removeprefix(wanted))
    else:
        assert entry["request"]["url"] == wanted
    assert not re.search("kowalska|mercy|zq81|482913|1961-03-14", json.dumps(made), re.IGNORECASE)


def test_a_condition_that_cannot_be_rewritten_becomes_a_code() -> None:
    request = {"method": "POST", "url": "Patient", "ifNoneExist": "family=Kowalska"}
    (made,) = support.clean(bundle({"resource": support.patient(), "request": request}, kind="transaction"))
    made_request = made["entry"][0]["request"]
    assert (made_request["method"], made_request["url"]) == ("POST", "Patient")
    assert re.fullmatch(r"identifier=[A-Z2-7]{16}", made_request["ifNoneExist"])


def test_every_reference_of_a_bundle_resolves() -> None:
    (made,) = support.clean(
        bundle(
            {
                "fullUrl": "https://a.example/Patient/pat-zq81",
                "resource": support.patient(
                    managingOrganization={"reference": "Organization/o"},
                    generalPractitioner=[{"reference": "Practitioner/d"}],
                ),
            },
            {"fullUrl": "https://a.example/Organization/o", "resource": {"resourceType": "Organization", "id": "o"}},
            {"fullUrl": "https://a.example/Practitioner/d", "resource": {"resourceType": "Practitioner", "id": "d"}},
            {
                "fullUrl": "https://a.example/Observation/obs-7",
                "resource": support.observation(
                    performer=[{"reference": "Practitioner/d"}, {"reference": "Organization/o"}]
                ),
            },
            {
                "fullUrl": "https://a.example/Provenance/v",
                "resource": {
                    "resourceType": "Provenance",
                    "id": "v",
                    "target": [{"reference": "Observation/obs-7"}],
                    "recorded": "2021-03-04T10:11:12Z",
                    "agent": [{"who": {"reference": "Practitioner/d"}}],
                },
            },
        )
    )
    there = {f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in made["entry"]}
    found = references(made)
    assert len(found) == 7
    assert set(found) <= there


def test_identifiers_of_patients_and_of_others_are_told_apart() -> None:
    mr = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
    _, made, other = support.clean(
        support.patient(
            identifier=[
                {"type": mr, "system": "urn:oid:1.2.36.146.595.217.0.1", "value": "00482913"},
                {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "123-45-6789"},
            ]
        ),
        support.observation(
            identifier=[{"system": "http://lab.example", "value": "A-77"}],
            subject={
                "type": "Patient",
                "identifier": {"type": mr, "system": "urn:oid:1.2.36.146.595.217.0.1", "value": "00482913"},
            },
        ),
        {
            "resourceType": "ServiceRequest",
            "id": "s",
            "identifier": [{"system": "http://lab.example", "value": "A-77"}],
        },
    )
    assert made["subject"]["identifier"]["value"] == "PSEUDO0000"
    assert made["identifier"] == other["identifier"]
    assert re.fullmatch("[A-Z2-7]{16}", made["identifier"][0]["value"])


def test_public_naming_systems_stay_and_others_become_codes() -> None:
    made, _ = support.clean(
        support.patient(
            identifier=[
                {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "123-45-6789"},
                {"system": "http://mercy.example/mrn", "value": "00482913"},
            ]
        ),
        support.observation(),
    )
    systems = [one["system"] for one in made["identifier"]]
    assert systems[0] == "http://hl7.org/fhir/sid/us-ssn"
    assert systems[1].startswith("urn:oid:2.25.")
    assert {one["value"] for one in made["identifier"]} == {"PSEUDO0000"}


def test_questionnaires_and_answers_still_fit() -> None:
    url = "http://mercy.example/Questionnaire/q"
    form, answers = support.clean(
        {"resourceType": "Questionnaire", "id": "q", "url": url, "item": [{"linkId": "Kowalska 1", "type": "string"}]},
        {
            "resourceType": "QuestionnaireResponse",
            "id": "a",
            "questionnaire": f"{url}|2",
            "item": [{"linkId": "Kowalska 1", "answer": [{"valueInteger": 3}]}],
        },
    )
    assert answers["questionnaire"] == form["url"]
    assert answers["item"][0]["linkId"] == form["item"][0]["linkId"]
    assert answers["item"][0]["answer"] == [{"valueInteger": 3}]


def test_dicom_uids_become_what_the_dicom_scrubber_writes() -> None:
    rules = support.treatment()
    _, made = support.clean(
        support.patient(),
        {
            "resourceType": "ImagingStudy",
            "id": "i",
            "subject": SUBJECT,
            "status": "available",
            "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.826.0.1.3680043.8.1055.1"}],
            "series": [
                {
                    "uid": "1.2.826.0.1.3680043.8.1055.2",
                    "instance": [
                        {
                            "uid": "1.2.826.0.1.3680043.8.1055.3",
                            "sopClass": {"system": "urn:ietf:rfc:3986", "code": "urn:oid:1.2.840.10008.5.1.4.1.1.2"},
                        }
                    ],
                }
            ],
        },
    )
    assert made["identifier"][0] == {
        "system": "urn:dicom:uid",
        "value": "urn:oid:" + rules.uid("1.2.826.0.1.3680043.8.1055.1"),
    }
    assert made["series"][0]["uid"] == rules.uid("1.2.826.0.1.3680043.8.1055.2")
    assert made["series"][0]["instance"][0]["uid"] == rules.uid("1.2.826.0.1.3680043.8.1055.3")
    assert made["series"][0]["instance"][0]["sopClass"]["code"] == "urn:oid:1.2.840.10008.5.1.4.1.1.2"


def test_a_display_stays_only_where_it_names_something_clinical() -> None:
    _, made = support.clean(
        support.patient(),
        {
            "resourceType": "MedicationRequest",
            "id": "m",
            "subject": {**SUBJECT, "display": "Maria Kowalska"},
            "medicationReference": {"reference": "Medication/x", "display": "Lisinopril 10 MG Oral Tablet"},
            "requester": {"reference": "Practitioner/x", "display": "Gregory House"},
        },
    )
    assert made["medicationReference"]["display"] == "Lisinopril 10 MG Oral Tablet"
    assert "display" not in made["subject"]
    assert "display" not in made["requester"]


def test_in_a_bundle_the_resource_itself_tells_what_a_urn_names() -> None:
    practitioner, count = (
        "urn:uuid:" + "1" * 8 + "-1111-4111-8111-" + "1" * 12,
        "urn:uuid:" + "2" * 8 + "-2222-4222-8222-" + "2" * 12,
    )
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "code": {"text": "CBC"},
        "performer": [{"reference": practitioner, "display": "Gregory House"}],
        "result": [
            {"reference": count, "display": "Leukocytes [#/volume] in Blood by Automated count"},
            {"reference": count, "display": "Seen with Maria Kowalska"},
            {"reference": "urn:uuid:" + "3" * 8 + "-3333-4333-8333-" + "3" * 12, "display": "Hemoglobin"},
        ],
    }
    entries = [
        {"resource": report},
        {"fullUrl": practitioner, "resource": {"resourceType": "Practitioner", "id": "p"}},
        {"fullUrl": count, "resource": support.observation(id="o")},
    ]
    (made,) = support.clean({"resourceType": "Bundle", "type": "collection", "entry": entries})
    shown = made["entry"][0]["resource"]
    assert "display" not in shown["performer"][0]
    assert shown["result"][0]["display"] == "Leukocytes [#/volume] in Blood by Automated count"
    assert "Kowalska" not in shown["result"][1].get("display", "")
    assert "display" not in shown["result"][2]


@pytest.mark.parametrize("base", ["", "https://ehr.mercywest.example/fhir/"])
def test_of_two_patients_of_one_person_only_one_has_the_address(base: str) -> None:
    entries = [
        {"fullUrl": f"{base}Patient/{name}", "resource": support.patient(id=name)} for name in ("one", "two", "three")
    ] + [
        {
            "fullUrl": f"{base}Observation/{at}",
            "resource": support.observation(id=str(at), subject={"reference": f"Patient/{name}"}),
        }
        for at, name in enumerate(("one", "two", "three"))
    ]
    [bundle] = support.clean({"resourceType": "Bundle", "type": "collection", "entry": entries})
    urls = [entry.get("fullUrl") for entry in bundle["entry"]]
    people = [url for url in urls[:3] if url]
    assert len(people) == 1
    assert urls[0] == people[0]
    assert len({one["resource"]["id"] for one in bundle["entry"][:3]}) == 1
    assert len(set(urls[3:])) == 3
    assert {one["resource"]["subject"]["reference"] for one in bundle["entry"][3:]} == {
        "Patient/" + people[0].rsplit("/", 1)[1]
    }


def test_versions_of_one_patient_keep_the_address_that_they_share() -> None:
    entry = {"fullUrl": "https://ehr.mercywest.example/fhir/Patient/one", "resource": support.patient(id="one")}
    [bundle] = support.clean({"resourceType": "Bundle", "type": "history", "entry": [entry, entry]})
    assert len({one["fullUrl"] for one in bundle["entry"]}) == 1
