"""What is known stays, what is not goes, and no XML reaches out of the file."""

from __future__ import annotations

import io
import re

import pytest
from cda_support import People, document, leaked, observation, scrub, section, treatment

from curator.core.errors import ItemError, codes
from curator.scrub import cda


def code_of(data: bytes) -> str:
    with pytest.raises(ItemError) as caught:
        scrub(data)
    assert "Zyg" not in str(caught.value)
    assert caught.value.sentence
    return caught.value.code


def plain_body(text: str) -> bytes:
    """A document whose body is no XML."""
    body = f"<component><nonXMLBody>{text}</nonXMLBody></component>"
    return re.sub(rb"<component><structuredBody>.*</component>", body.encode(), document())


def clean(body: str) -> str:
    return scrub(document(body))[0]


def test_what_is_no_cda_is_held_back() -> None:
    assert code_of(b"<ClinicalDocument") == "CDA-001"
    assert code_of(b"") == "CDA-001"
    assert code_of(b"\xff\xfe\x00") == "CDA-001"
    assert code_of(b'<Patient xmlns="http://hl7.org/fhir"/>') == "CDA-004"
    assert code_of(b"<ClinicalDocument/>") == "CDA-004"
    assert code_of(document().replace(b"UTF-8", b"windows-1252")) == "CDA-001"


def test_entities_and_document_types_are_never_read() -> None:
    for declared in (
        b'<!DOCTYPE a [<!ENTITY b "Zygmuntowska">]>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        b"<!DOCTYPE ClinicalDocument>",
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>',
    ):
        assert code_of(document().replace(b"<ClinicalDocument", declared + b"<ClinicalDocument", 1)) == "CDA-002"


def test_limits_are_kept() -> None:
    deep = "<content>" * 120 + "x" + "</content>" * 120
    assert code_of(document(section(deep))) == "CDA-003"
    assert code_of(document(section(f'<content ID="{"x" * 70_000}"/>'))) == "CDA-003"
    many = " ".join(f'a{number}="1"' for number in range(60))
    assert code_of(document(section(f"<content {many}/>"))) == "CDA-003"


@pytest.mark.parametrize(
    "body",
    [
        '<text mediaType="application/pdf" representation="B64">WllH</text>',
        '<text><reference value="a.pdf"/></text>',
    ],
)
def test_a_body_of_another_medium_holds_the_document_back(body: str) -> None:
    assert code_of(plain_body(body)) == "CDA-006"


def test_a_body_of_plain_text_is_cleaned_with_its_lines() -> None:
    text, _ = scrub(plain_body("<text mediaType='text/plain'>Seen: K. Wolskowicz\n  Dx: asthma\n</text>"))
    assert "\n  Dx: asthma\n" in text
    assert "olskowicz" not in text


def test_unknown_elements_attributes_and_namespaces_go_with_their_content() -> None:
    text, made = scrub(
        document(
            section(
                '<paragraph style="x" onclick="Wolf">stable nodule<blink>Gerlinde</blink></paragraph>'
                "<marquee>Gerlinde</marquee>",
                observation('<value xsi:type="XYZ">Gerlinde</value><note>Gerlinde</note>')
                + '<entry><v:observation xmlns:v="urn:vendor">Gerlinde</v:observation></entry>',
            )
        )
    )
    assert "Gerlinde" not in text
    assert "onclick" not in text
    assert "vendor" not in text
    assert ">stable nodule<" in text
    assert sum(count for _, action, count in made.actions if action == "unknown") == 5


def test_a_name_split_over_markup_is_found() -> None:
    text = clean(
        section(
            "<paragraph><content>Wol</content>sko<content>wicz</content>, <sub>K</sub>atarzyna</paragraph>"
            "<paragraph>Dr. <content>Hein</content>rich <content>Baum</content>gartner called.</paragraph>"
            "<paragraph>Wolsko<footnote>see 1</footnote>wicz<br/>Kata<br/>rzyna</paragraph>"
            "<paragraph>tel. 555-<content>301</content>-7788</paragraph>"
        )
    )
    plain = re.sub(r"<[^>]+>|\s", "", text)
    assert leaked(["Wolskowicz", "Katarzyna", "Heinrich", "Baumgartner", "555-301-7788"], plain) == []
    assert "see 1" in text


def test_a_name_spread_over_cells_is_found_and_findings_stay() -> None:
    text = clean(
        section(
            "<table><thead><tr><th>Family name</th><th>Given name</th><th>Finding</th><th>Size</th></tr></thead><tbody>"
            "<tr><td>Brzozowski</td><td>Tadeusz</td><td>Nodule right upper lobe</td><td>8 mm</td></tr></tbody></table>"
            "<table><tbody><tr><td>Attending</td><td>Rosalind Achterberg</td></tr>"
            "<tr><td>Potassium</td><td>4.1 mmol/L</td></tr><tr><td>MRN</td><td>44-81-207</td></tr></tbody></table>"
        )
    )
    assert leaked(["Brzozowski", "Tadeusz", "Rosalind", "Achterberg", "44-81-207"], text) == []
    for kept in ("Nodule right upper lobe", "8 mm", "Potassium", "4.1 mmol/L", "Attending", "Family name", "Finding"):
        assert kept in text, kept


def test_codes_stay_only_in_known_systems_and_forms() -> None:
    loinc, local = 'codeSystem="2.16.840.1.113883.6.1"', 'codeSystem="1.2.3.4"'
    entries = (
        observation('<value xsi:type="BL" value="true"/>', f'<code code="8867-4" {loinc} displayName="Heart rate"/>')
        + observation(
            '<value xsi:type="BL" value="maybe Wolf"/>', f'<code code="WOLFRAM" {loinc} displayName="Wolfram"/>'
        )
        + observation(
            '<value xsi:type="BL" value="false"/>', f'<code code="77512-A" {local} displayName="Wolfram test"/>'
        )
    )
    text = clean(section(entries=entries))
    assert 'code="8867-4"' in text
    assert 'displayName="Heart rate"' in text
    assert leaked(["WOLFRAM", "77512-A", "1.2.3.4"], text) == []
    assert 'nullFlavor="MSK"' in text


def test_a_code_that_is_the_patients_number_goes() -> None:
    data = document(
        section(entries=observation('<value xsi:type="CD" code="7788123" codeSystem="2.16.840.1.113883.6.88"/>'))
    )
    text, _ = scrub(data.replace(b"MR7788123", b"7788123"))
    assert "7788123" not in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('value="120" unit="mm[Hg]"', 'unit="mm[Hg]" value="120"'),
        ('value="6.2" unit="10*3/uL"', 'unit="10*3/uL" value="6.2"'),
        ('value="98" unit="%"', 'unit="%" value="98"'),
        ('value="72" unit="{beats}/min"', 'unit="{beats}/min" value="72"'),
        ('value="1.1" unit="mg/dL{Wolfram}"', 'unit="mg/dL" value="1.1"'),
        ('value="88" unit="mL/min/{1.73_m2}"', 'unit="mL/min/{1.73_m2}" value="88"'),
        ('value="37.2" unit="Wolfram"', 'value="37.2"'),
    ],
)
def test_quantities_keep_known_units(given: str, kept: str) -> None:
    text = clean(section(entries=observation(f'<value xsi:type="PQ" {given}/>')))
    assert f'<value xsi:type="PQ" {kept}/>' in text
    assert "Wolfram" not in text


@pytest.mark.parametrize(
    "given", ['value="Wolfram"', 'value="1234567890"', 'value="123456789" unit="mg"', 'value="7788123"']
)
def test_what_is_no_quantity_is_masked(given: str) -> None:
    data = document(section(entries=observation(f'<value xsi:type="PQ" {given}/>'))).replace(b"MR7788123", b"7788123")
    assert '<value xsi:type="PQ" nullFlavor="MSK"/>' in scrub(data)[0]


@pytest.mark.parametrize(("given", "kept"), [("94", "90"), ("90", "90"), ("89", "89"), ("89.5", "89.5"), ("41", "41")])
def test_ages_over_89_become_90(given: str, kept: str) -> None:
    code = '<code code="30525-0" codeSystem="2.16.840.1.113883.6.1"/>'
    text = clean(section(entries=observation(f'<value xsi:type="PQ" value="{given}" unit="a"/>', code)))
    assert f'unit="a" value="{kept}"' in text
    assert 'value="90"' in clean(section(entries=observation('<value xsi:type="PQ" value="1130" unit="mo"/>', code)))
    assert 'value="90"' in clean(section(entries=observation('<value xsi:type="INT" value="97"/>', code)))


def test_a_birth_date_that_tells_an_age_over_89_is_masked() -> None:
    text, _ = scrub(document().replace(b"19580217", b"19300217"))
    assert '<birthTime nullFlavor="MSK"/>' in text


def test_the_patients_number_is_the_pseudonym_wherever_it_stands() -> None:
    root = "2.16.840.1.113883.19.5.99999.2"
    text = clean(
        section(entries=observation(f'<id root="{root}" extension="MR7788123"/>').replace("<code", "<code", 1))
    )
    assert text.count('extension="P-0001"') == 2
    assert "MR7788123" not in text


def test_a_template_of_an_unregistered_arc_goes() -> None:
    text = clean(section(entries=observation("").replace("<code", '<templateId root="1.2.840.19580217.1"/><code')))
    assert "19580217" not in text


def test_characteristics_go_where_the_policy_drops_them() -> None:
    sex = '<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>'
    data = document(patient=sex)
    assert "administrativeGenderCode" in scrub(data)[0]
    assert "administrativeGenderCode" not in scrub(data, patient_characteristics=False)[0]


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1", "UTF-8"])
def test_encodings_are_followed_and_utf_8_is_written(encoding: str) -> None:
    source = document(section("<paragraph>Größe 182 cm</paragraph>")).decode().replace("UTF-8", encoding)
    text, _ = scrub(source.encode(encoding))
    assert "Größe 182 cm" in text
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')


def test_a_usual_prefix_stays_and_a_telling_one_does_not() -> None:
    def prefixed(prefix: str) -> bytes:
        source = document(section("ok", observation('<value xsi:type="PQ" value="1" unit="mg"/>'))).decode()
        source = re.sub(r"<(/?)(?!\?|sdtc)", rf"<\1{prefix}:", source).replace("xmlns=", f"xmlns:{prefix}=")
        return source.replace('xsi:type="', f'xsi:type="{prefix}:').encode()

    usual, _ = scrub(prefixed("cda"))
    assert '<cda:value xsi:type="cda:PQ" unit="mg" value="1"/>' in usual
    other, _ = scrub(prefixed("wolskowicz"))
    assert '<value xsi:type="PQ" unit="mg" value="1"/>' in other
    assert "wolskowicz" not in other


def test_the_output_is_read_again_and_nothing_changes_in_its_structure() -> None:
    text = clean(
        section("<paragraph>a &lt; b &amp; c &#233;</paragraph>", observation('<value xsi:type="ST">x &gt; y</value>'))
    )
    assert "a &lt; b &amp; c é" in text
    again, made = scrub(text.encode())
    assert "a &lt; b &amp; c é" in again
    assert not [action for _, action, _ in made.actions if action == "unknown"]


def test_a_detector_that_fails_stops_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find(self, text: str) -> list[object]:
            raise RuntimeError(text)

    broken = treatment()
    broken.__dict__["detectors"] = [Broken()]
    out = io.BytesIO()
    with pytest.raises(ItemError) as caught:
        cda.rewrite(io.BytesIO(document()), out, People(), broken)
    assert caught.value.code == "TXT-006"
    assert out.getvalue() == b""


def test_every_code_of_the_table_is_raised_here() -> None:
    assert [code for code in codes() if code.startswith("CDA")] == [f"CDA-00{number}" for number in range(1, 7)]
