"""Bad input is held back whole, good input keeps its form, and what is unknown does not pass."""

from __future__ import annotations

import base64
import io
import json

import fhir_support as support
import pytest

from curator.core.errors import ItemError
from curator.scrub import fhir

GOOD = b'{"resourceType":"Patient","id":"a"}'

BAD: list[tuple[str, bytes, str]] = [
    ("a member named twice", b'{"resourceType":"Patient","id":"a","id":"b"}', "FHR-003"),
    (
        "a member named twice deep inside",
        b'{"resourceType":"Basic","code":{"coding":[{"code":"a","code":"b"}]}}',
        "FHR-003",
    ),
    ("not a number", b'{"resourceType":"Basic","x":NaN}', "FHR-002"),
    ("infinity", b'{"resourceType":"Basic","x":-Infinity}', "FHR-002"),
    ("a huge exponent", b'{"resourceType":"Basic","x":1e400}', "FHR-005"),
    ("a huge number", b'{"resourceType":"Basic","x":' + b"9" * 5000 + b"}", "FHR-005"),
    ("deep nesting", b'{"resourceType":"Basic","x":' + b"[" * 100 + b"]" * 100 + b"}", "FHR-004"),
    ("very deep nesting", b'{"resourceType":"Basic","x":' + b"[" * 200_000, "FHR-004"),
    ("invalid UTF-8", b'{"resourceType":"Patient","id":"\xff"}', "FHR-001"),
    ("half a character", b'{"resourceType":"Patient","id":"\\ud800"}', "FHR-001"),
    ("half a character in a name", b'{"resourceType":"Patient","\\udc00":"a"}', "FHR-001"),
    ("no type", b'{"id":"a"}', "FHR-006"),
    ("a type that is no text", b'{"resourceType":7}', "FHR-006"),
    ("an unknown type", b'{"resourceType":"Kowalska"}', "FHR-007"),
    ("a type that describes systems", b'{"resourceType":"StructureDefinition"}', "FHR-007"),
    ("a data type", b'{"resourceType":"HumanName","family":"Kowalska"}', "FHR-007"),
    (
        "an unknown type in a bundle",
        b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"X"}}]}',
        "FHR-007",
    ),
    ("an unknown type contained", b'{"resourceType":"Basic","contained":[{"resourceType":"X"}]}', "FHR-007"),
    ("no type in a bundle", b'{"resourceType":"Bundle","entry":[{"resource":{}}]}', "FHR-006"),
    ("a list in a list", b"[[" + GOOD + b"]]", "FHR-002"),
    ("trailing data", GOOD + b"x", "FHR-002"),
    ("two objects on one line", GOOD + GOOD, "FHR-002"),
    ("trailing data on the next line", GOOD + b"\nKowalska", "FHR-002"),
    ("a bad line among good ones", GOOD + b"\n{\n" + GOOD + b"\n", "FHR-002"),
    ("a cut line at the end", GOOD + b"\n" + GOOD[:-1], "FHR-002"),
    ("nothing", b"", "FHR-002"),
    ("blanks", b" \n\n ", "FHR-002"),
    ("XML", b'<?xml version="1.0"?><Patient xmlns="http://hl7.org/fhir"/>', "FHR-009"),
    ("an id that is a number", b'{"resourceType":"Basic","id":7}', "FHR-011"),
    (
        "contained in contained",
        b'{"resourceType":"Basic","contained":[{"resourceType":"Basic","contained":[]}]}',
        "FHR-011",
    ),
    ("contained text", b'{"resourceType":"Basic","contained":["Kowalska"]}', "FHR-011"),
    ("a modifier extension", b'{"resourceType":"Basic","modifierExtension":[{"url":"http://x"}]}', "FHR-008"),
    (
        "a modifier extension inside",
        b'{"resourceType":"Patient","contact":[{"modifierExtension":[{"url":"x"}]}]}',
        "FHR-008",
    ),
    ("implicit rules", b'{"resourceType":"Basic","implicitRules":"http://x"}', "FHR-008"),
]


@pytest.mark.parametrize(("data", "code"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_bad_input_is_held_back_under_its_code_and_says_nothing(data: bytes, code: str) -> None:
    with pytest.raises(ItemError) as caught:
        support.scrubbed(data)
    assert caught.value.code == code
    assert "Kowalska" not in f"{caught.value} {caught.value.hint}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_rewriting_holds_back_what_harvesting_would() -> None:
    for _, data, code in BAD:
        with pytest.raises(ItemError) as caught:
            fhir.rewrite(io.BytesIO(data), io.BytesIO(), support.Everybody(), support.treatment())
        assert caught.value.code == code


def test_numbers_keep_their_digits_and_members_their_order() -> None:
    data = (
        b'{"resourceType":"Observation","valueQuantity":{"unit":"mg/dL","value":3.140000000000000000001},'
        b'"status":"final","component":[{"valueInteger":-0,"code":{"text":"a"}},{"valueQuantity":{"value":1.0E2}}],"id":"x"}'
    )
    output = support.scrubbed(data)[2].decode()
    assert '"value":3.140000000000000000001' in output
    assert '"valueInteger":-0' in output
    assert '"value":1.0E2' in output
    assert [key for key in json.loads(output) if key != "meta"] == [
        "resourceType",
        "valueQuantity",
        "status",
        "component",
        "id",
    ]
    assert list(json.loads(output)["valueQuantity"]) == ["unit", "value"]


def test_one_resource_is_json_and_several_lines_are_ndjson() -> None:
    assert support.scrubbed(GOOD)[0].suffix == ".json"
    assert support.scrubbed(GOOD + b"\n")[0].suffix == ".json"
    assert support.scrubbed(json.dumps(json.loads(GOOD), indent=2).encode())[0].suffix == ".json"
    told, _, output = support.scrubbed(b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n" + GOOD)
    assert told.suffix == ".ndjson"
    assert output.count(b"\n") == 2
    assert all(json.loads(line)["resourceType"] == "Patient" for line in output.splitlines())


def test_the_same_input_gives_the_same_bytes_and_their_digest() -> None:
    import hashlib

    data = support.lines(support.patient(), support.observation())
    first, second = (support.scrubbed(data) for _ in range(2))
    assert first[2] == second[2]
    assert first[1] == second[1]
    assert first[1].content == hashlib.sha256(first[2]).hexdigest()


def test_lines_are_read_one_at_a_time() -> None:
    class Counting(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1) -> bytes:
            self.most = max(self.most, size if size and size > 0 else 1 << 30)
            return super().read(size)

    stream = Counting(support.lines(support.patient(), *[support.observation()] * 50))
    fhir.rewrite(stream, io.BytesIO(), support.Everybody(), support.treatment())
    assert stream.most <= 64


def test_arrays_of_primitives_stay_beside_their_extensions() -> None:
    reason = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]
    }
    (made,) = support.clean(
        {
            "resourceType": "MedicationRequest",
            "id": "m",
            "dosageInstruction": [
                {
                    "timing": {
                        "event": ["2021-01-01", None, "not a day", "2022-01-01"],
                        "_event": [None, reason, {"extension": [{"url": "http://x", "valueString": "Kowalska"}]}, None],
                    }
                }
            ],
        },
    )
    assert made["dosageInstruction"][0]["timing"] == {"event": ["2021", None, "2022"], "_event": [None, reason, None]}


def test_an_extension_beside_a_date_that_is_not_there_stays_when_it_is_known() -> None:
    reason = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    (made,) = support.clean(support.patient(birthDate=None, _birthDate=reason))
    assert made["_birthDate"] == reason


def test_known_extensions_keep_their_codes() -> None:
    core = "http://hl7.org/fhir/us/core/StructureDefinition/"
    race = {
        "url": f"{core}us-core-race",
        "extension": [
            {
                "url": "ombCategory",
                "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2106-3", "display": "White"},
            },
            {"url": "text", "valueString": "White"},
        ],
    }
    sex = {"url": f"{core}us-core-birthsex", "valueCode": "F"}
    (made,) = support.clean(
        support.patient(extension=[race, sex, {"url": f"{core}us-core-birthsex", "valueString": "Kowalska"}])
    )
    assert made["extension"] == [race, sex]


def test_attached_texts_are_cleaned_and_other_documents_go() -> None:
    def data(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    kinds = [
        "text/plain",
        "text/plain; charset=utf-8",
        "text/html",
        "application/pdf",
        "text/rtf",
        "text/plain;charset=utf-7",
    ]
    (_, made) = support.clean(
        support.patient(),
        {
            "resourceType": "DocumentReference",
            "id": "d",
            "subject": {"reference": "Patient/pat-zq81"},
            "content": [
                {"attachment": {"contentType": kind, "data": data("<b>Zofia</b> slept. &lt;"), "size": 24}}
                for kind in kinds
            ],
        },
    )
    found = [one["attachment"] for one in made["content"]]
    plain = base64.b64decode(found[0]["data"]).decode()
    assert "slept" in plain
    assert "Zofia" not in plain
    assert found[0]["size"] == len(plain.encode())
    assert found[1]["data"] == found[0]["data"]
    assert base64.b64decode(found[2]["data"]).decode().startswith('<div xmlns="http://www.w3.org/1999/xhtml"><b>')
    assert len(found) == 3


def test_markup_is_whitelisted_and_its_text_is_searched_over_seams() -> None:
    div = (
        '<div xmlns="http://www.w3.org/1999/xhtml" onclick="Kowalska()"><!-- Kowalska --><script>Kowalska</script>'
        '<p title="Kowalska">Kow<b>al</b>ska &amp; <a href="http://x/482913">chart</a></p>'
        '<img alt="Kowalska" src="data:x"/>'
        "<table><tr><td>BP</td><td>120/80 &lt; 140</td></tr></table><br/></div>"
    )
    _, made = support.clean(support.patient(), support.observation(text={"status": "additional", "div": div}))
    assert made["text"]["status"] == "additional"
    assert made["text"]["div"] == (
        '<div xmlns="http://www.w3.org/1999/xhtml"><p><b></b>[NAME] &amp; chart</p>'
        "<table><tr><td>BP</td><td>120/80 &lt; 140</td></tr></table><br/></div>"
    )


def test_malformed_markup_becomes_well_formed() -> None:
    import xml.dom.minidom

    for div in (
        "<p>a<td>b</p></div>c",
        "a < b",
        "<div><div>x",
        "<![CDATA[<script>]]>x",
        "<p",
        "&#0;&bogus;\x0b",
        "",
        "<br><hr>",
    ):
        made = support.clean(support.observation(text={"status": "generated", "div": div}))[0]
        assert xml.dom.minidom.parseString(made["text"]["div"]).documentElement.tagName == "div"


def test_editions_are_both_understood() -> None:
    r4, r5 = support.clean(
        {
            "resourceType": "Encounter",
            "id": "a",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
            "hospitalization": {"dischargeDisposition": {"text": "home"}},
        },
        {
            "resourceType": "Encounter",
            "id": "b",
            "class": [{"coding": [{"code": "IMP"}], "text": "inpatient"}],
            "admission": {"dischargeDisposition": {"text": "home"}},
            "actualPeriod": {"start": "2021-03-04"},
        },
    )
    assert r4["class"]["code"] == "IMP"
    assert r4["hospitalization"] == {"dischargeDisposition": {"text": "home"}}
    assert r5["class"] == [{"coding": [{"code": "IMP"}], "text": "inpatient"}]
    assert r5["admission"] == {"dischargeDisposition": {"text": "home"}}
    assert r5["actualPeriod"] == {"start": "2021"}


def test_a_narrative_table_of_medicine_keeps_its_heads_and_cells() -> None:
    rows = [
        ("Name", "Date Administered", "Next Due", "Given by"),
        ("Influenza, inactivated", "2020", "", "Rosalind Achterberg"),
        ("Tdap", "2015", "2025", "Dr. Brzozowski"),
    ]
    cells = ["".join(f"<td>{one}</td>" for one in row) for row in rows]
    div = (
        '<div xmlns="http://www.w3.org/1999/xhtml"><table>'
        + "".join(f"<tr>{one}</tr>" for one in cells)
        + "</table></div>"
    )
    text = support.clean({"resourceType": "Patient", "id": "p", "text": {"status": "generated", "div": div}})[0][
        "text"
    ]["div"]
    for kept in (*rows[0], *rows[1][:2], *rows[2][:3]):
        assert f"<td>{kept}</td>" in text, kept
    for gone in ("Rosalind", "Achterberg", "Brzozowski"):
        assert gone not in text


def test_an_array_of_resources_is_read_and_written_one_a_line() -> None:
    resources = [support.patient(), support.observation()]
    told, listed, _ = support.scrubbed(json.dumps(resources, indent=1).encode())
    assert told.suffix == ".ndjson"
    assert listed == support.scrubbed(support.lines(*resources))[1]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'[{"resourceType":"Patient","id":"a"},]', "FHR-002"),
        (b'[{"resourceType":"Patient","id":"a"}] x', "FHR-002"),
        (b'[{"resourceType":"Patient","id":"a"} {"resourceType":"Patient"}]', "FHR-002"),
        (b'[{"resourceType":"Patient","id":"a"},7]', "FHR-002"),
        (b'[{"resourceType":"Patient","id":"a","id":"b"}]', "FHR-003"),
        (b"[" * 200, "FHR-002"),
    ],
)
def test_an_array_that_is_not_whole_is_held_back(data: bytes, code: str) -> None:
    with pytest.raises(ItemError) as caught:
        support.scrubbed(data)
    assert caught.value.code == code


def test_a_recording_stays_whole_whatever_its_question_is_called() -> None:
    recording = {"origin": {"value": 0}, "period": 10, "dimensions": 1, "data": "1 2 3"}
    (made,) = support.clean(support.observation(code={"text": "IP"}, valueSampledData=recording))
    assert made["valueSampledData"] == recording


@pytest.mark.parametrize("kind", [[], {}, ["Patient"], 5])
def test_an_entry_whose_type_is_no_text_is_held_back_by_its_code(kind: object) -> None:
    data = support.lines(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": kind}}]}
    )
    with pytest.raises(ItemError, match="FHR-006"):
        support.scrubbed(data)


@pytest.mark.parametrize(
    ("version", "stays"),
    [
        ("http://snomed.info/sct/731000124108", True),
        ("http://snomed.info/sct/731000124108/Quillfeather", False),
        ("http://example.org/sct/731000124108", False),
    ],
)
def test_the_edition_of_a_snomed_code_stays(version: str, *, stays: bool) -> None:
    code = {"system": "http://snomed.info/sct", "version": version, "code": "271807003"}
    (made,) = support.clean(support.observation(code={"coding": [code]}))
    assert (made["code"]["coding"][0].get("version") == version) is stays
