"""What is planted in a hundred places is in none of them afterwards, and what is of use stays."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import fhir_support as support
import pytest

from curator.scrub import fhir

#: What may be left of the patient nowhere, as letters and digits.
KNOWN = ["kowalska", "zofia", "482913", "6175550142", "mkow", "elmgrove", "brookhaven", "suffolk", "patzq81"]
#: Spellings that are planted into texts.
SPELLED = [
    "Kowalska, Maria",
    "MARIA KOWALSKA",
    "kowalska",
    "Kówalska",
    "Maria Z. Kowalska",
    "Zofia",
    "00482913",
    "0048-2913",
    "MRN 482913",
    "(617) 555-0142",
    "617.555.0142",
    "mkow@example.net",
    "12 Elmgrove St",
    "12 ELMGROVE ST",
    "Brookhaven",
    "03/14/1961",
    "March 14, 1961",
    "14 Mar 1961",
    "1961-03-14",
    "19610314",
]
DATES = ["03141961", "march141961", "14mar1961", "19610314"]
#: A word that no detector knows, for places that go whatever stands in them.
TOKEN = "Qzxplanted"


def text(number: int) -> str:
    return f"Seen today: {SPELLED[number % len(SPELLED)]} was well."


def narrative(number: int) -> dict[str, str]:
    return {"status": "generated", "div": f"<div title='Kowalska'><p>{text(number)}</p><p>Kow<b>alska</b></p></div>"}


def texts() -> list[tuple[str, dict[str, Any]]]:
    """One resource for each place of free text."""
    subject = {"reference": "Patient/pat-zq81"}
    concept = {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]}
    made: list[tuple[str, dict[str, Any]]] = []

    def add(kind: str, place: str, **more: Any) -> None:
        base = {"resourceType": kind, "id": f"r{len(made)}", "subject": subject}
        if kind in {"AllergyIntolerance", "Immunization", "FamilyMemberHistory", "Claim", "Device", "Consent"}:
            base["patient"] = base.pop("subject")
        made.append((place, base | more))

    def say() -> str:
        return text(len(made))

    for kind in (
        "Condition",
        "Procedure",
        "Observation",
        "Encounter",
        "DiagnosticReport",
        "CarePlan",
        "ServiceRequest",
    ):
        add(kind, f"{kind}.text", text=narrative(len(made)))
    for kind in ("Condition", "Procedure", "Observation", "AllergyIntolerance", "ServiceRequest", "MedicationRequest"):
        add(kind, f"{kind}.note", note=[{"text": say(), "authorString": "Kowalska", "time": "1961-03-14"}])
    for kind in ("Condition", "Procedure", "Observation", "AllergyIntolerance", "DiagnosticReport"):
        add(kind, f"{kind}.code.text", code={**concept, "text": say()})
    add("Observation", "display", code={"coding": [{"system": "http://loinc.org", "code": "2339-0", "display": say()}]})
    add(
        "Observation",
        "local display",
        code={"coding": [{"system": "http://x.example/c", "code": "a", "display": say()}]},
    )
    add("Observation", "no system", code={"coding": [{"code": "00482913", "display": say()}]})
    add("Observation", "local code", code={"coding": [{"system": "http://x.example/c", "code": "00482913"}]})
    add("Observation", "public code", code={"coding": [{"system": "http://loinc.org", "code": "00482913"}]})
    add("Observation", "digits", code={"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "482913"}]})
    add("Observation", "version", code={"coding": [{"system": "http://loinc.org", "version": say(), "code": "2339-0"}]})
    add("Observation", "valueString", valueString=say())
    add("Observation", "valueInteger", valueInteger=482913)
    add("Observation", "unit", valueQuantity={"value": 1, "unit": say()})
    add(
        "Observation",
        "quantity code",
        valueQuantity={"value": 1, "code": "Kowalska", "system": "http://unitsofmeasure.org"},
    )
    add("Observation", "range text", referenceRange=[{"text": say()}])
    add("Observation", "component", component=[{"code": {"text": say()}, "valueString": say()}])
    add("Observation", "valueDateTime", valueDateTime="1961-03-14")
    add("Observation", "samples", valueSampledData={"origin": {"value": 1}, "dimensions": 1, "data": say()})
    add("Observation", "language", language="Kowalska")
    add("Observation", "status", status="Kowalska")
    add("DiagnosticReport", "conclusion", conclusion=say())
    add("DiagnosticReport", "presentedForm", presentedForm=[attached(say()), attached(say(), "text/html")])
    add("DocumentReference", "attachment", description=say(), content=[{"attachment": attached(say(), title=say())}])
    add("DocumentReference", "pdf", content=[{"attachment": attached(say(), "application/pdf")}])
    add("DocumentReference", "rtf", content=[{"attachment": attached(say(), "text/rtf")}])
    add("Composition", "section", title=say(), section=[{"title": say(), "text": narrative(3)}])
    add("Communication", "payload", payload=[{"contentString": say()}])
    add(
        "QuestionnaireResponse",
        "answer",
        item=[{"linkId": "Kowalska", "text": say(), "answer": [{"valueString": say()}]}],
    )
    add("MedicationRequest", "dosage", dosageInstruction=[{"text": say(), "patientInstruction": say()}])
    add("CarePlan", "title", title=say(), description=say(), activity=[{"detail": {"description": say()}}])
    add("Goal", "description", description={"text": say()})
    add("RiskAssessment", "mitigation", mitigation=say())
    add("ClinicalImpression", "summary", summary=say(), description=say())
    add("FamilyMemberHistory", "name", name="Jan Kowalska", note=[{"text": say()}], bornDate="1930-03-14")
    add("Flag", "code", code={"text": say()})
    add("List", "title", title=say(), note=[{"text": say()}])
    add("Task", "description", description=say(), input=[{"type": {"text": say()}, "valueString": say()}])
    add("Specimen", "specimen", accessionIdentifier={"value": "A-00482913"}, container=[{"description": say()}])
    add("ImagingStudy", "study", description=say(), series=[{"uid": "1.2.3.482913", "description": say()}])
    add("Account", "account", name="Kowalska, Maria", description=say())
    add("Encounter", "identifier", identifier=[{"system": "http://x.example/482913", "value": "V-00482913"}])
    add("Encounter", "reference", serviceProvider={"reference": "Organization/482913", "display": "Kowalska Clinic"})
    add("Claim", "claim", insurance=[{"sequence": 1, "preAuthRef": ["00482913"], "businessArrangement": say()}])
    add("Immunization", "lot", lotNumber="00482913", note=[{"text": say()}])
    add(
        "Device",
        "device",
        serialNumber="00482913",
        udiCarrier=[{"carrierHRF": "(21)00482913"}],
        deviceName=[{"name": say()}],
    )
    add("Consent", "consent", policy=[{"uri": "http://x.example/kowalska"}], sourceAttachment=attached(say()))
    add("Basic", "extension", extension=[{"url": "http://x.example/mother", "valueString": "Kowalska"}])
    add(
        "Basic",
        "known extension",
        extension=[
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
                "valueAddress": {"city": "Brookhaven"},
            },
            {
                "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
                "extension": [{"url": "text", "valueString": say()}, {"url": "Kowalska", "valueString": "x"}],
            },
        ],
    )
    add("Basic", "unknown element", Kowalska="Kowalska", nickname=say(), _nickname={"x": say()})
    add("Basic", "beside", created="2021-01-01", _created={"Kowalska": "Kowalska", "extension": [{"url": say()}]})
    add("Basic", "id of an element", code={"id": "Kowalska", "text": "x"})
    add(
        "Basic",
        "meta",
        meta={
            "source": "http://x.example/482913",
            "versionId": "482913",
            "profile": ["http://x.example/kowalska"],
            "tag": [{"display": say()}],
            "security": [{"system": "http://x.example/kowalska", "code": "00482913"}],
        },
    )
    add(
        "Basic",
        "contained",
        contained=[{"resourceType": "Observation", "id": "Kowalska", "valueString": say()}],
        author={"reference": "#Kowalska"},
    )
    add("Basic", "conditional", author={"reference": "Practitioner?identifier=http://x.example|00482913"})
    add("Basic", "odd reference", author={"reference": "ftp://kowalska/482913", "display": say()})
    add(
        "Provenance",
        "signature",
        signature=[{"data": base64.b64encode(b"Kowalska").decode(), "who": subject}],
        target=[subject],
    )
    add(
        "OperationOutcome",
        "diagnostics",
        issue=[{"diagnostics": say(), "details": {"text": say()}, "expression": [say()]}],
    )
    add("Binary", "binary", contentType="text/plain", data=base64.b64encode(say().encode()).decode())
    return made


def attached(said: str, kind: str = "text/plain", **more: Any) -> dict[str, Any]:
    data = base64.b64encode(said.encode()).decode()
    return {"contentType": kind, "data": data, "url": "http://x.example/482913", "hash": "S293YWxza2E=", **more}


@pytest.mark.parametrize("policy", ["safe-harbor", "expert"])
def test_nothing_planted_is_left_in_any_of_seventy_places(policy: str) -> None:
    planted = texts()
    assert len(planted) >= 70
    output = support.scrubbed(support.lines(support.patient(), *(one for _, one in planted)), policy)[2]
    found = output.decode().splitlines()[1:]
    assert len(found) == len(planted)
    leaks = [
        (place, word)
        for (place, _), line in zip(planted, found, strict=True)
        for word in KNOWN + DATES
        if word in support.everything(line.encode())
    ]
    assert leaks == []


def test_the_patient_itself_keeps_only_what_it_may() -> None:
    (made,) = support.clean(
        support.patient(
            photo=[{"contentType": "image/png", "data": "Qzxplanted00"}],
            contact=[
                {
                    "name": {"family": TOKEN},
                    "telecom": [{"value": TOKEN}],
                    "gender": "male",
                    "relationship": [
                        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "N"}]}
                    ],
                }
            ],
            multipleBirthInteger=2,
            deceasedDateTime="2021-05-06T07:08:09Z",
            generalPractitioner=[{"reference": "Practitioner/p1", "display": TOKEN}],
            nickname=TOKEN,
        )
    )
    assert TOKEN not in json.dumps(made)
    assert made["name"] == [{"use": "anonymous", "text": "PSEUDO0000"}]
    assert made["id"] == made["identifier"][0]["value"] == "PSEUDO0000"
    assert made["birthDate"] == "1961"
    assert made["deceasedDateTime"] == "2021"
    assert made["gender"] == "female"
    assert made["address"] == [{"state": "MA", "postalCode": "021", "country": "US"}]
    assert made["contact"][0]["gender"] == "male"
    assert made["contact"][0]["relationship"][0]["coding"][0]["code"] == "N"
    assert {"telecom", "photo", "nickname"}.isdisjoint(made)


def test_languages_religions_and_marital_states_stay_unless_they_name_who_is_known() -> None:
    religion = "http://hl7.org/fhir/StructureDefinition/patient-religion"
    said = ("Deutsch", "Français", "Türkisch", "Kowalska", "with her mother Zoe Quillfeather")
    (made,) = support.clean(
        support.patient(
            communication=[{"language": {"text": one}} for one in said],
            maritalStatus={"coding": [{"code": "M", "display": "Christian"}], "text": "called by Mr. Otterquist"},
            extension=[{"url": religion, "valueCodeableConcept": {"text": "Roman Catholic"}}],
        )
    )
    assert [one["language"]["text"] for one in made["communication"]][:4] == [*said[:3], "[NAME]"]
    assert "Zoe" not in str(made)
    assert "Quillfeather" not in str(made)
    assert made["maritalStatus"]["coding"][0]["display"] == "Christian"
    assert made["maritalStatus"]["text"] == "called by Mr. [NAME]"
    assert made["extension"][0]["valueCodeableConcept"]["text"] == "Roman Catholic"


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        ("Roman Catholic", "Roman Catholic"),
        ("Church of Jesus Christ", "Church of Jesus Christ"),
        ("Swiss German", "Swiss German"),
        ("married to John Smith", "married to [NAME]"),
        ("St. Mary's, Springfield", "[GEOGRAPHY], [GEOGRAPHY]"),
        ("Mercy Hospital", "[GEOGRAPHY]"),
    ],
)
def test_what_a_public_code_shows_stays_unless_it_names_somebody_or_a_parish(shown: str, wanted: str) -> None:
    system = "http://terminology.hl7.org/CodeSystem/v3-ReligiousAffiliation"
    coding = {"system": system, "code": "1041", "display": shown}
    religion = "http://hl7.org/fhir/StructureDefinition/patient-religion"
    (made,) = support.clean(
        support.patient(extension=[{"url": religion, "valueCodeableConcept": {"coding": [coding]}}])
    )
    assert made["extension"][0]["valueCodeableConcept"]["coding"][0]["display"] == wanted


def test_what_a_form_asks_stays_unless_it_names_somebody() -> None:
    asked = ["Name des Hausarztes", "Oma", "Ville", "Name der Kontaktperson", "Was Mr. Otterquist seen on 03/04/2021?"]
    asked += ["Does Kowalska smoke?", "How is Brunhilde Otterquist today?", "Otterquist, Brunhilde"]
    asked += ["das Haus der Familie Otterquist", "Des Smith Arzt"]
    items = [{"linkId": str(number), "text": text} for number, text in enumerate(asked)]
    made = support.clean(
        support.patient(),
        {"resourceType": "QuestionnaireResponse", "subject": {"reference": "Patient/pat-zq81"}, "item": items},
    )[1]
    clean = [one["text"] for one in made["item"]]
    assert clean[:4] == asked[:4]
    assert clean[4] == "Was Mr. [NAME] seen on [DATE]?"
    assert not [one for one in clean if "Kowalska" in one or "Brunhilde" in one or "Otterquist" in one]
    assert not [one for one in clean if "Smith" in one]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("TEXT/PLAIN", "text/plain"),
        ('text/plain; name="Kowalska;x.txt"', "text/plain"),
        ("Text/Plain; Name=Kowalska.txt; Charset=UTF-8", "text/plain; charset=utf-8"),
        ("text/plain;charset=utf-8", "text/plain;charset=utf-8"),
        ("text/plain", "text/plain"),
    ],
)
def test_the_type_of_an_attachment_is_read_without_case_and_parameters(kind: str, wanted: str) -> None:
    data = base64.b64encode(b"Kowalska slept well").decode()
    attachment, binary = support.clean(
        {"resourceType": "DocumentReference", "content": [{"attachment": {"contentType": kind, "data": data}}]}
        | {"subject": {"reference": "Patient/pat-zq81"}},
        {"resourceType": "Binary", "contentType": kind, "data": data},
        support.patient(),
    )[:2]
    made = attachment["content"][0]["attachment"]
    assert made["contentType"] == binary["contentType"] == wanted
    assert base64.b64decode(made["data"]) == b"[NAME] slept well"
    assert "owalska" not in str(made)


def test_an_attachment_that_is_no_text_goes_whatever_its_type_is_called() -> None:
    for kind in ('application/pdf; name="Kowalska.pdf"', "Kowalska", "text/plain; charset=Kowalska", "text/rtf"):
        (made,) = support.clean(
            {"resourceType": "Communication", "payload": [{"contentAttachment": {"contentType": kind, "data": "eHg="}}]}
        )
        assert "data" not in str(made)
        assert "owalska" not in str(made)
        (binary,) = support.clean({"resourceType": "Binary", "contentType": kind, "data": "eHg="})
        assert "owalska" not in str(binary)


def test_counts_of_a_measured_observation_are_no_days() -> None:
    ranged = {"referenceRange": [{"text": "0-5"}, {"text": "6-10 /HPF"}, {"text": "10-12-2019"}]}
    laboratory = {"category": [{"coding": [{"code": "laboratory"}]}]}
    cases = [("12-16", ranged), ("12-16", laboratory), ("12-16 /HPF", {}), ("12-16", {}), ("3/14/2020", ranged)]
    made = support.clean(
        *(
            {"resourceType": "Observation", "status": "final", "code": {"text": "WBC"}, "valueString": value} | more
            for value, more in cases
        ),
        {"resourceType": "Observation", "code": {"text": "Visit date"}, "valueString": "12-16"} | ranged,
    )
    assert [one["valueString"] for one in made] == ["12-16", "12-16", "12-16 /HPF", *["[DATE]"] * 3]
    assert [one["text"] for one in made[0]["referenceRange"]] == ["0-5", "6-10 /HPF", "[DATE]"]


def test_only_a_zip_code_of_the_united_states_keeps_its_first_digits() -> None:
    places = [("69151", "DE"), ("75011", "FRA"), ("28013", "Spain"), ("02139", "USA"), ("00601", "PR"), ("02139", None)]
    written = [{"postalCode": code} | ({"country": land} if land else {}) for code, land in places]
    (made,) = support.clean({"resourceType": "Patient", "id": "kowalska-1", "address": written})
    assert [one.get("postalCode") for one in made["address"]] == [None, None, None, "021", "006", "021"]
    assert [one.get("country") for one in made["address"]][:3] == ["DE", "FRA", "Spain"]


#: Places that go whatever they say: path, and what stands there.
GONE: list[tuple[str, dict[str, Any]]] = [
    (
        "Practitioner",
        {"name": [{"family": TOKEN, "text": TOKEN}], "telecom": [{"value": TOKEN}], "photo": [{"title": TOKEN}]},
    ),
    (
        "Practitioner",
        {"identifier": [{"system": f"http://{TOKEN}.example", "value": TOKEN, "assigner": {"display": TOKEN}}]},
    ),
    ("Practitioner", {"address": [{"line": [TOKEN], "city": TOKEN, "text": TOKEN, "state": TOKEN, "country": TOKEN}]}),
    ("Organization", {"name": TOKEN, "alias": [TOKEN], "contact": [{"name": {"text": TOKEN}}]}),
    ("Location", {"name": TOKEN, "description": TOKEN, "alias": [TOKEN], "position": {"longitude": 1, "latitude": 2}}),
    ("RelatedPerson", {"name": [{"given": [TOKEN]}], "photo": [{"url": TOKEN}], "patient": {"display": TOKEN}}),
    ("HealthcareService", {"name": TOKEN, "telecom": [{"value": TOKEN}]}),
    ("Endpoint", {"address": f"http://{TOKEN}.example", "header": [TOKEN], "name": TOKEN}),
    ("Device", {"serialNumber": TOKEN, "lotNumber": TOKEN, "distinctIdentifier": TOKEN, "url": TOKEN}),
    ("Coverage", {"subscriberId": TOKEN, "dependent": TOKEN, "class": [{"value": TOKEN, "name": TOKEN}]}),
    (
        "AuditEvent",
        {"agent": [{"name": TOKEN, "altId": TOKEN, "network": {"address": TOKEN}}], "entity": [{"name": TOKEN}]},
    ),
    (
        "MessageHeader",
        {"source": {"name": TOKEN, "endpoint": TOKEN}, "destination": [{"name": TOKEN, "endpoint": TOKEN}]},
    ),
    ("PaymentReconciliation", {"accountNumber": TOKEN, "cardBrand": TOKEN, "processor": TOKEN}),
    ("MolecularSequence", {"observedSeq": TOKEN, "repository": [{"url": TOKEN, "name": TOKEN}]}),
    ("Schedule", {"name": TOKEN}),
    ("FamilyMemberHistory", {"name": TOKEN}),
    ("Encounter", {"id": TOKEN, "identifier": [{"value": TOKEN}], "location": [{"location": {"display": TOKEN}}]}),
    ("Bundle", {"id": TOKEN, "link": [{"relation": "self", "url": TOKEN}], "signature": {"data": TOKEN}}),
    ("Basic", {"author": {"reference": f"Practitioner/{TOKEN}", "identifier": {"value": TOKEN}, TOKEN: TOKEN}}),
    ("Basic", {"created": TOKEN, "_created": {"id": TOKEN}, "language": {"x": TOKEN}, "code": [[TOKEN]]}),
    ("Observation", {"valueQuantity": {"value": TOKEN, "comparator": TOKEN}, "valueBoolean": TOKEN, "issued": TOKEN}),
    (
        "Observation",
        {"valueTime": TOKEN, "valueSampledData": {"data": TOKEN}, "instantiatesCanonical": f"http://{TOKEN}"},
    ),
    (
        "DocumentReference",
        {"content": [{"attachment": {"url": TOKEN, "hash": TOKEN, "data": TOKEN, "contentType": TOKEN}}]},
    ),
    ("Questionnaire", {"contact": [{"name": TOKEN}], "publisher": TOKEN, "url": f"http://{TOKEN}.example/q"}),
]


@pytest.mark.parametrize(("kind", "members"), GONE, ids=[f"{number}-{kind}" for number, (kind, _) in enumerate(GONE)])
def test_places_that_identify_by_their_meaning_go_whatever_they_say(kind: str, members: dict[str, Any]) -> None:
    output = support.scrubbed(support.lines({"resourceType": kind, **members}))[2]
    assert TOKEN.lower() not in output.decode().lower()
    assert json.loads(output)["resourceType"] == kind


def test_codes_values_units_and_ranges_stay() -> None:
    _, made = support.clean(
        support.patient(),
        support.observation(
            interpretation=[
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                            "code": "H",
                            "display": "High",
                        }
                    ]
                }
            ],
            referenceRange=[
                {"low": {"value": 3.10, "unit": "mmol/L"}, "text": "3.1 to 6.2 mmol/L"},
                {"text": "10-12"},
            ],
            bodySite={"coding": [{"system": "http://snomed.info/sct", "code": "368209003", "display": "Right arm"}]},
            valueQuantity={
                "value": 6.5,
                "comparator": "<",
                "unit": "10*3/uL",
                "system": "http://unitsofmeasure.org",
                "code": "10*3/uL",
            },
        ),
    )
    assert made["code"]["coding"][0] == {
        "system": "http://loinc.org",
        "code": "2339-0",
        "display": "Glucose [Mass/volume] in Blood",
    }
    assert made["code"]["coding"][1]["code"] == "3050001"
    assert made["code"]["text"] == "Glucose"
    assert made["interpretation"][0]["coding"][0]["display"] == "High"
    assert made["referenceRange"] == [
        {"low": {"value": 3.1, "unit": "mmol/L"}, "text": "3.1 to 6.2 mmol/L"},
        {"text": "10-12"},
    ]
    assert made["bodySite"]["coding"][0] == {
        "system": "http://snomed.info/sct",
        "code": "368209003",
        "display": "Right arm",
    }
    assert made["valueQuantity"]["comparator"] == "<"
    assert made["valueQuantity"]["code"] == made["valueQuantity"]["unit"] == "10*3/uL"
    assert made["status"] == "final"


def test_every_resource_says_that_it_is_pseudonymized() -> None:
    for made in support.clean(support.patient(), support.observation()):
        assert {label["code"] for label in made["meta"]["security"]} == {"PSEUDED"}


def test_neither_harvest_nor_actions_show_a_value_or_an_unknown_name() -> None:
    told, made, _ = support.scrubbed(support.lines(support.patient(Kowalska="Kowalska"), support.observation()))
    shown = support.folded(repr(told) + repr(made))
    assert all(word not in shown for word in KNOWN)
    assert ("Patient.*", "unknown", 1) in made.actions
    assert ("Patient.name", "name") in told.where


def test_a_public_looking_address_and_a_number_that_hold_what_is_known_do_not_stay() -> None:
    _, made = support.clean(
        support.patient(),
        support.observation(
            meta={"profile": ["http://hl7.org/fhir/kowalska", "http://hl7.org/fhir/StructureDefinition/vitalsigns"]},
            identifier=[{"system": "http://terminology.hl7.org/00482913", "value": "x"}],
            valueQuantity={"value": 482913.0, "unit": "mg/dL"},
        ),
    )
    shown = support.folded(json.dumps(made))
    assert "kowalska" not in shown
    assert "482913" not in shown
    assert made["meta"]["profile"][1] == "http://hl7.org/fhir/StructureDefinition/vitalsigns"


def test_surrogates_take_the_place_of_names_and_the_patient_s_own_stays_a_pseudonym() -> None:
    from dataclasses import replace

    from curator.scrub.policy.model import Texts

    rules = support.treatment("expert")
    surrogates = replace(rules, policy=replace(rules.policy, texts=Texts.SURROGATE))
    doctor = {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Henderson", "given": ["Paul"]}]}
    data = support.lines(
        support.patient(), doctor, support.observation(note=[{"text": "Paul Henderson called Zofia."}])
    )
    told = fhir.harvest(io.BytesIO(data), len(data), surrogates)
    out = io.BytesIO()
    fhir.rewrite(io.BytesIO(data), out, support.Everybody(told), surrogates)
    text = support.folded(out.getvalue().decode())
    assert all(word not in text for word in ("henderson", "zofia", "kowalska"))
    patient, made, _ = (json.loads(line) for line in out.getvalue().decode().splitlines())
    assert patient["name"] == [{"use": "anonymous", "text": "PSEUDO0000"}]
    assert len(made["name"][0]["text"].split()) == 2


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ({"state": "Bayern", "postalCode": "80331"}, None),
        ({"state": "BE", "postalCode": "10115"}, None),
        ({"state": "MI", "postalCode": "20121", "country": "IT"}, {"country": "IT"}),
        ({"state": "ON", "country": "CA"}, {"state": "ON", "country": "CA"}),
        ({"state": "Mass.", "postalCode": "02139"}, {"postalCode": "021"}),
        ({"state": "Bayern", "postalCode": "02139", "country": "US"}, {"postalCode": "021", "country": "US"}),
        ({"state": "MA", "postalCode": "02139"}, {"state": "MA", "postalCode": "021"}),
    ],
)
def test_of_an_address_abroad_no_state_and_no_code_stays(
    address: dict[str, str], wanted: dict[str, str] | None
) -> None:
    (made,) = support.clean(support.patient(address=[address]))
    assert made.get("address") == (None if wanted is None else [wanted])
