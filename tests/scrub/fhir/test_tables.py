"""The tables name only what there is, and codes are told from numbers by their forms."""

from __future__ import annotations

import io

import fhir_support as support
import pytest

from curator.core.errors import ItemError
from curator.detect.text.replace import Rules, replace
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding
from curator.scrub import fhir
from curator.scrub.fhir import parse
from curator.scrub.fhir.coding import has_shape, system_named, system_of
from curator.scrub.fhir.pieces import Piece, cleaned_pieces
from curator.scrub.fhir.tables import (
    PRIMITIVES,
    closed_lists,
    data_types,
    elements,
    extensions,
    is_region,
    resource_types,
    rules,
    subjects,
)

EXPORTED = """
Patient RelatedPerson Practitioner PractitionerRole Organization Location Encounter EpisodeOfCare Condition
Observation DiagnosticReport DocumentReference Procedure MedicationRequest MedicationAdministration
MedicationDispense MedicationStatement Medication Immunization AllergyIntolerance CarePlan CareTeam Goal
ServiceRequest ImagingStudy Specimen Device DeviceRequest Coverage Claim ExplanationOfBenefit Account
Appointment Schedule Slot Communication Composition Bundle Binary Consent Provenance List Questionnaire
QuestionnaireResponse FamilyMemberHistory ClinicalImpression RiskAssessment NutritionOrder BodyStructure Media
Group Task Flag DetectedIssue SupplyDelivery MolecularSequence ResearchSubject Parameters OperationOutcome
""".split()  # noqa: SIM905


def exists(place: str) -> bool:
    path, _, name = place.rpartition(".")
    return name in elements().get(path, {}) or place in extensions()


def test_what_hospitals_export_is_known() -> None:
    assert set(EXPORTED) <= resource_types()
    assert {"HumanName", "Address", "Identifier", "Reference", "Dosage", "Extension"} <= data_types()
    assert not {"HumanName", "Extension", "StructureDefinition", "ValueSet"} & resource_types()


def test_every_rule_is_of_an_element_that_exists() -> None:
    assert [place for place in rules() if not exists(place)] == []
    assert [place for place in closed_lists() if place != "Extension.valueCode" and not exists(place)] == []
    paths = [f"{kind}.{path}" for kind, listed in subjects().items() if kind != "*" for path in listed]
    assert [path for path in paths if not exists(path)] == []


def test_every_type_of_an_element_is_known() -> None:
    for path, row in elements().items():
        for name, kinds in row.items():
            for kind in kinds:
                known = kind in PRIMITIVES or kind == "Resource" or kind.lstrip("@") in elements()
                assert known, (path, name, kind)
    kinds = {kind for row in extensions().values() for listed in row.values() for kind in listed} - {"birth"}
    assert all(kind in PRIMITIVES or kind in data_types() for kind in kinds)


@pytest.mark.parametrize(
    ("system", "good", "bad"),
    [
        (
            "http://snomed.info/sct",
            ["22298006", "38341003", "73211009", "900000000000207008"],
            ["22298007", "00482913", "482913"],
        ),
        ("http://loinc.org", ["2345-7", "8480-6", "718-7", "LA19710-5"], ["2345-8", "00482913", "482913-9"]),
        (
            "http://hl7.org/fhir/sid/icd-10-cm",
            ["E11.9", "I10", "S72.001A", "0DTJ4ZZ"],
            ["00482913", "4829131", "Kowalska"],
        ),
        ("http://hl7.org/fhir/sid/icd-9-cm", ["250.00", "V58.69", "401.9"], ["00482913", "617-555-0142"]),
        ("http://www.ama-assn.org/go/cpt", ["99223", "0042T", "J1885"], ["482913", "Kowalska"]),
        ("http://hl7.org/fhir/sid/ndc", ["0409-1234-01", "00409123401"], ["482913", "617-555-0142"]),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", ["314076"], ["00482913", "A1"]),
        ("http://hl7.org/fhir/sid/us-ssn", [], ["123-45-6789"]),
    ],
)
def test_codes_have_the_form_of_their_system(system: str, good: list[str], bad: list[str]) -> None:
    found = system_of(system)
    assert found is not None
    assert [code for code in good if not has_shape(found, code)] == []
    assert [code for code in bad if has_shape(found, code)] == []


def test_systems_are_told_by_uri_and_by_their_hl7_name() -> None:
    assert system_named("LN") == system_of("http://loinc.org")
    assert system_named("HL70163") is not None
    assert system_named("99MERCY") is None
    assert system_of("http://snomed.info/sct/731000124108/version/20230901") == system_of("http://snomed.info/sct")
    assert system_of("http://mercy.example/codes") is None
    assert system_of("http://hl7.org/fhir/Kowalska Maria") is None


def test_regions_are_states_and_countries_only() -> None:
    assert all(map(is_region, ("MA", "ma", "Massachusetts", "new  york", "USA", "US", "DE", "Ontario")))
    assert not any(map(is_region, ("", "Boston", "Suffolk", "Kowalska", "#codes:", "ZQ")))


def test_a_replacement_over_a_seam_leaves_nothing_on_either_side() -> None:
    pieces = [Piece("Dr. Kow"), Piece("\n", seam=True), Piece("alska came"), Piece("\n", seam=True), Piece("home")]
    found = Finding(4, 13, Category.NAME, "name", "test", 1.0)
    made, count = cleaned_pieces(pieces, lambda text: replace(text, [found], Rules()))
    assert made == ["Dr. ", "", "[NAME] came", "", "home"]
    assert count == 1
    assert cleaned_pieces([], lambda text: replace(text, [], Rules())) == ([], 0)


def test_what_is_too_large_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "LONGEST_LINE", 200)
    monkeypatch.setattr(parse, "LARGEST", 400)
    long = b'{"resourceType":"Basic","id":"' + b"a" * 300 + b'"}'
    for data in (b'{"resourceType":"Basic"}\n' + long, long + b" " * 300):
        with pytest.raises(ItemError) as caught:
            fhir.harvest(io.BytesIO(data), len(data), support.treatment())
        assert caught.value.code == "FHR-010"
