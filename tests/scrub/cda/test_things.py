"""Narrative tables keep what is of medicine, and lose who is named in them. All values are made up."""

from __future__ import annotations

import re

import pytest
from cda_support import document, leaked, observation, scrub, section

from curator.scrub.cda import tables


def table(heads: list[str], *rows: list[str]) -> str:
    head = "".join(f"<th>{one}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def cells(text: str, code: str = "30954-2") -> list[str]:
    """The cells of the clean narrative, row by row."""
    body = section(text).replace("11506-3", code)
    clean, _ = scrub(document(body))
    narrative = re.sub(r"\s*\n\s*", "", clean[clean.index("<text>") :])
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<t[dh](?:/>|>.*?</t[dh]>)", narrative)]


@pytest.mark.parametrize(
    ("code", "heads", "rows"),
    [
        ("48765-2", ["Allergen", "Manifestation"], [["Penicillin V", "Hives"], ["Vitamin A", "Flushing"]]),
        ("48765-2", ["Agent", "Reaction", "Severity"], [["Wasp Venom", "Swelling", "Severe"], ["Peanut", "Rash", ""]]),
        ("30954-2", ["Test", "Result", "Normal Range"], [["Color", "Amber", "Straw"], ["Clarity", "Cloudy", "Clear"]]),
        ("30954-2", ["Test Name", "Value"], [["Potassium", "4.1"], ["Color", "Amber"], ["Rh Factor", "Positive"]]),
        ("10160-0", ["Drug Name", "Strength", "Start"], [["Lisinopril", "10 mg", "2019"], ["Warfarin", "5 mg", ""]]),
        ("11369-6", ["Name", "Date Administered", "Next Due"], [["Influenza", "2020", ""], ["Tdap", "2015", "2025"]]),
        ("11450-4", ["Problem", "Onset"], [["Hepatitis B", "1999"], ["Bell palsy", "2004"]]),
        ("8716-3", ["Date", "BP", "Pulse"], [["2021", "132/78", "72"], ["2020", "130/70", "70"]]),
    ],
)
def test_what_is_of_medicine_stays(code: str, heads: list[str], rows: list[list[str]]) -> None:
    flat = [*heads, *(cell for row in rows for cell in row)]
    assert cells(table(heads, *rows), code) == flat


def test_who_is_named_in_such_tables_goes() -> None:
    text = (
        table(
            ["Name", "Surgeon", "Date"], ["Appendectomy", "Brzozowski, Tadeusz", "2001"], ["Whipple", "Ono, L", "2002"]
        )
        + table(["Component", "Value"], ["Collected by", "Rosalind Achterberg"], ["Sodium", "140"])
        + table(["Name", "Relationship", "Date"], ["Otterquist", "Neighbor", "2019"])
        + table(["Allergen", "Reaction"], ["Latex", "Rash, says Katarzyna"], ["Iodine", "Dr. Achterberg saw hives"])
        + table(["Test", "Result", "Pathologist Signature"], ["Color", "Amber", ""], ["Culture", "Negative", "Ono, L"])
    )
    found = cells(text, "47519-4")
    planted = ["Brzozowski", "Tadeusz", "Ono", "Rosalind", "Achterberg", "Otterquist", "Katarzyna"]
    assert leaked(planted, "\n".join(found)) == []
    for kept in ("Appendectomy", "Whipple", "2001", "2002", "140", "Sodium", "Latex", "Color", "Amber", "Culture"):
        assert kept in found, kept


@pytest.mark.parametrize(
    "name", ["Rose Brown", "M. Young", "Zbig Wojtek", "WOJTEK", "Grace", "Will Page RN", "Sanders"]
)
def test_a_name_in_a_cell_of_a_thing_goes(name: str) -> None:
    for heads in (["Test", "Result"], ["Allergen", "Reaction"]):
        assert leaked([name], "\n".join(cells(table(heads, ["Sodium", name])))) == []


def test_codes_of_hl7s_own_systems_stay() -> None:
    codes = {"2.16.840.1.113883.5.6": "CONC", "2.16.840.1.113883.5.110": "PAT", "2.16.840.1.113883.5.1119": "NOAUTOEXP"}
    for oid, code in codes.items():
        text, _ = scrub(document(section(entries=observation("", f'<code code="{code}" codeSystem="{oid}"/>'))))
        assert f'code="{code}"' in text, oid
    for code in ("Wolskowicz", "MR7788123", "ACC-77-1234"):
        assert not tables.system_of("2.16.840.1.113883.5.1119").takes(code), code
    for oid in ("2.16.840.1.113883.5.1119.7", "1.2.3", "2.16.840.1.113883.3.4", ""):
        assert tables.system_of(oid) is None, oid


def test_a_number_of_the_document_that_is_words_is_not_searched() -> None:
    body = section("<paragraph>Test result of Otterquist, HK7781: clear.</paragraph>")
    ids = [f'<id root="1.2.3.4" extension="{one}"/>' for one in ("test_result", "Otterquist", "HK7781")]
    clean, _ = scrub(
        document(
            body, header=f"<componentOf><encompassingEncounter>{''.join(ids)}</encompassingEncounter></componentOf>"
        )
    )
    assert "Test result of" in clean
    assert leaked(["Otterquist", "HK7781"], clean) == []


def test_ranges_of_results_are_no_days_and_a_row_that_asks_for_one_has_one() -> None:
    heads, rows = ["Test", "Result", "Reference"], [["WBC urine", "6-10", "0-5"], ["Hemoglobin", "13.1", "12-16"]]
    assert cells(table(heads, *rows)) == [*heads, *rows[0], *rows[1]]
    text = table(heads, ["Collection date", "12-16", ""], ["WBC urine", "12-16-2019", "12/16"])
    assert cells(text) == [*heads, "Collection date", "[DATE]", "", "WBC urine", "[DATE]", "[DATE]"]


def test_the_range_of_an_observation_is_no_day() -> None:
    ranges = "".join(
        f'<referenceRange><observationRange><text>{text}</text><value xsi:type="ST">{text}</value></observationRange>'
        "</referenceRange>"
        for text in ("12-16", "6-10 /HPF", "12-16-2019")
    )
    clean = scrub(document(section("x", observation('<value xsi:type="ST">6-10</value>' + ranges))))[0]
    assert re.findall(r"<text>([^<]*)</text>", clean)[1:] == ["12-16", "6-10 /HPF", "[DATE]"]
    assert re.findall(r'<value xsi:type="ST">([^<]*)</value>', clean) == ["6-10", "12-16", "6-10 /HPF", "[DATE]"]


def test_a_text_of_an_observation_without_a_range_may_be_a_day() -> None:
    code = '<code code="8480-6" codeSystem="2.16.840.1.113883.6.1" displayName="Pain"/>'
    clean = scrub(document(section("x", observation('<value xsi:type="ST">12-16</value>', code))))[0]
    assert re.findall(r'<value xsi:type="ST">([^<]*)</value>', clean) == ["[DATE]"]


@pytest.mark.parametrize("shown", ["Christian", "Christian (non-Catholic, non-specific)", "Roman Catholic Church"])
def test_a_religion_that_looks_like_a_name_stays(shown: str) -> None:
    code = f'<religiousAffiliationCode code="1013" codeSystem="2.16.840.1.113883.5.1076" displayName="{shown}"/>'
    assert f'displayName="{shown}"' in scrub(document(section("x"), patient=code))[0]
    known = code.replace(shown, "Wolskowicz")
    assert "Wolskowicz" not in scrub(document(section("x"), patient=known))[0]


def test_a_kind_of_plan_beside_a_payer_is_no_name() -> None:
    heads = ["Payer", "Policy type", "Subscriber"]
    made = cells(table(heads, ["AOK Mueckenloch", "HMO", "Adalbert Zwickelbauer"]), "48768-6")
    assert made[4] == "HMO"
    assert leaked(["Mueckenloch", "Adalbert", "Zwickelbauer"], " ".join(made)) == []
