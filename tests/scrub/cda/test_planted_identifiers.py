"""Identifiers planted all over a C-CDA document: none of them stands in the output, and what is of use stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cda_support import leaked, scrub

DATA = Path(__file__).with_name("full_document.xml").read_bytes()
#: Everything in the document that tells who somebody is.
PLANTED = """Zygmuntowska|Brunhilde|Hildchen|Hildegund|Quistorp|Wenzeslaus|Balduin|Zygmuntowski|Kasimir|Irmengard
Vogelsang|Ottokar|marchetti|Primavera|Ostrowski|Patricia|Patty|Ellenore|Enterich|Sarafina|Spezialowitsch
Leopoldine|Authentikova|Henning|Sieberling|Laboranteck|Dombrowsky|Laurentia|Gundolf|Petrasch|998991
111-45-6789|TT988123|TT988122|SET-5512009|1548293017|5555555555|5555555556|321321321X|5551118888
5559991234|EMP-33817|ENC-9937012|ACC-20210304-7|ORD-4471190|POL-8812663|W993317720|W-99-3317720
REL-6612398|LAB-998991|OR-D8833-7710|LOT-77Q-4410|BLC200461|51022222233336|G5512|(555)723-1544|5557231544
555-771-9092|(555)771-9092|555-808-2277|(555)555-2008|(555)555-5000|(555)555-1004|(555)555-1009
555-404-9911|brunhilde.z@fastpost.example|fastpost|portal.example|1357 Quellenhof|Quellenhof|Apt 17B
Beaverwick|Tillamoor|97006|88 Guardhouse|Guardhouse|97867|Traunkirchen|Geburtshaus|Grubenhagen|Steigerweg
Portsmouthe|97266|97123|Physician Drive|Zollverein|Healthcare Drive|Nordpol|Sisterhood|Klammbach
Flurgasse|Kolberg|Eisenwerk|Metallbau|Adlerhorst|Sankt Ulrich|19580217|02/17/1958|1958-02-17|20210304
March 4, 2021|03/04/2021|03/03/2021|20200612|06/12/2020|19750513|20190815|19100823|20200101|20991231
20210305|db734647|0b4cb8ac|107c2dc0|7d5a02b0|cdbd33f0|1.2.840.114350|1.2.840.99.5|16.840.1.113883.19.5
WllHTVVOVE9XU0tB|U2lnbmVkIFpZRw|acme|stylesheet|fn998991|MM-998991|age 93|C:/Users"""
VALUES = [value for line in PLANTED.split("\n") for value in line.split("|")]


@pytest.mark.parametrize("policy", ["safe-harbor", "expert"])
def test_no_planted_identifier_is_left_in_any_spelling(policy: str) -> None:
    assert len(VALUES) > 120
    text, _ = scrub(DATA, policy)
    assert leaked(VALUES, text) == []


def test_the_planted_identifiers_really_stand_in_the_source() -> None:
    source = DATA.decode("utf-8")
    plain = re.sub(r"<[^>]*>", "", source)
    absent = [
        v for v in VALUES if v not in source and v not in plain and re.sub(r"\W", "", v) not in re.sub(r"\W", "", plain)
    ]
    assert absent == []


def test_findings_codes_and_measurements_stay() -> None:
    text, _ = scrub(DATA)
    for kept in (
        "is a 63 year old woman with type 2 diabetes mellitus",
        "Blood pressure 132/86 mmHg, ejection fraction 55%",
        'code="718-7"',
        'displayName="Hemoglobin [Mass/volume] in Blood"',
        'unit="g/dL" value="13.2"',
        "M 13-18 g/dL; F 12-16 g/dL",
        "<td>13.2 g/dL</td>",
        "104 mg/dL",
        "Current smoker, 1 pack per day",
        'displayName="Current every day smoker"',
        "of myocardial infarction",
        'code="22298006"',
        "Metformin 500 mg oral tablet",
        "1 tablet twice daily",
        'code="860975"',
        'displayName="Metformin hydrochloride 500 MG Oral Tablet"',
        '<period unit="h" value="12"/>',
        'unit="{tablet}" value="1"',
        'displayName="Colonoscopy"',
        'displayName="Female"',
        'code="2106-3"',
        '<birthTime value="1958"/>',
        "<state>OR</state>",
        "<postalCode>970</postalCode>",
        "<th>First Name</th>",
        "<th>Test</th>",
        'root="2.16.840.1.113883.10.20.22.1.1"',
        'extension="2015-08-01"',
    ):
        assert kept in text, kept


@pytest.mark.parametrize(("land", "kept"), [("DE", ""), ("Deutschland", ""), ("U.S.", "970"), ("PRI", "970")])
def test_a_postal_code_of_another_country_goes(land: str, kept: str) -> None:
    text, _ = scrub(DATA.replace(b"<country>US</country>", f"<country>{land}</country>".encode(), 1))
    assert f"<postalCode>{kept}" in text if kept else "<postalCode>970" not in text


@pytest.mark.parametrize(
    ("state", "land", "kept"),
    [
        ("Bayern", "", ""),
        ("OR", "", "<state>OR</state><postalCode>970</postalCode>"),
        ("MI", "IT", "<country>IT</country>"),
    ],
)
def test_of_an_address_abroad_no_state_and_no_code_stays(state: str, land: str, kept: str) -> None:
    told = DATA.replace(b"<country>US</country>", f"<country>{land}</country>".encode() if land else b"", 1)
    text, _ = scrub(told.replace(b"<state>OR</state>", f"<state>{state}</state>".encode(), 1))
    address = re.findall(r"<addr\b[^<>]*/>|<addr\b.*?</addr>", text, re.DOTALL)[0]
    made = "".join(re.findall(r"<(?:state|postalCode|country)>[^<]*</\w+>", address))
    assert made == kept


def test_shifted_dates_keep_their_distances() -> None:
    text, _ = scrub(DATA, "expert")
    assert '<effectiveTime value="20210122101530-0500"/>' in text
    assert '<birthTime value="19580107"/>' in text
    assert '<high value="20210122113000-0500"/>' in text


def test_names_become_stand_ins_where_the_policy_says_so() -> None:
    from curator.scrub.policy.model import Texts

    text, _ = scrub(DATA, texts=Texts.SURROGATE)
    assert leaked([value for value in VALUES if value.isalpha()], text) == []
    assert "[NAME]" not in text
    own = re.search(r'<name use="L">\s*<given>(\w+)</given>\s*<given qualifier="CL">\w+</given>\s*<family>(\w+)', text)
    assert own is not None
    assert own[1] != own[2]
    cells = re.search(r"<tr ID=[^>]*>\s*<td>([^<]*)</td>\s*<td>([^<]*)</td>\s*<td>Hemoglobin", text)
    assert cells is not None
    assert cells[1].isalpha()
    assert cells[2].isalpha()


def test_actions_name_places_and_counts_and_no_value() -> None:
    _, made = scrub(DATA)
    actions = dict.fromkeys(action for _, action, _ in made.actions)
    assert set(actions) <= {"removed", "replaced", "dated", "capped", "pseudonymized", "generalized", "unknown"}
    assert ("patientRole/id", "pseudonymized", 3) in made.actions
    assert ("patientRole/patient/*", "unknown", 1) in made.actions
    assert leaked([value for value in VALUES if value != "stylesheet"], repr(made)) == []
    assert list(made.actions) == sorted(made.actions)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert scrub(DATA) == scrub(DATA)


def test_links_between_narrative_and_entries_stay_whole() -> None:
    text, _ = scrub(DATA)
    ids = set(re.findall(r' ID="([^"]+)"', text))
    links = re.findall(r'(?:value="#|referencedObject="|IDREF=")([^"]+)"', text)
    assert links
    assert set(links) <= ids
    row = re.search(r'<tr ID="(id\d+)">', text)
    assert row is not None
    assert text.count(f'value="#{row[1]}"') == 2
