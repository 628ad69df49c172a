# ruff: noqa: E501 - segments stay on one line
"""What is planted in a hundred places is in none of them afterwards, and what is of use stays."""

from __future__ import annotations

import base64

import hl7_support as support
import pytest

from curator.scrub.hl7.tables import segments

KNOWN = [
    "kowalska", "zofia", "482913", "6175550142", "mkow", "elmgrove", "brookhaven", "acc771234", "123456789", "03141961",
    "march141961", "19610314",
]  # fmt: skip
SPELLED = [
    "Kowalska, Maria", "MARIA KOWALSKA", "Kówalska", "Maria Z. Kowalska", "Zofia", "00482913", "0048-2913",
    "MRN 482913", "(617) 555-0142", "617.555.0142", "mkow@example.net", "12 Elmgrove St", "Brookhaven", "03/14/1961",
    "March 14, 1961", "1961-03-14", "123-45-6789", "ACC771234",
]  # fmt: skip
TOKEN = "Qzxplanted"


def texts() -> list[str]:
    """One segment for each place of text and each spelling."""
    places = [
        "NTE|1|L|{}", "OBX|1|TX|1^a^L||{}", "OBX|1|FT|1^a^L||{}", "OBX|1|ST|1^a^L||{}", "OBX|1|CE|1^a^L||x^{}^L",
        "OBX|1|CWE|1^a^L||x^y^L^^^^^^{}", "OBX|1|ST|1^{}^L||x", "OBX|1|ED|1^a^L||^TEXT^PLAIN^A^{}", "OBX|1|NM|1^a^L||1|^{}^L",
        "OBX|1|NM|1^a^L||1|mg|{}", "OBR|1|||1^{}^L", "OBR|1|||1^a^L|||||||||{}", "OBR|1|||1^a^L|||||||||||||||||||||||||||1^{}",
        "AL1|1|DA|1^{}|SV|{}", "DG1|1||I10^{}^I10|{}", "PR1|1||1^{}|{}", "PV2|1||1^{}|||||||||{}", "RXE|1|1^{}", "RXO|1^{}",
        "SPM|1|||1^{}||||||||||{}", "TXA|1|CN|||||||||||||||||||||||{}", "SCH|||||||1^{}", "FT1|1||||||1|{}", "ACC||1^{}||||||{}",
        "DSP|1||{}", "MSA|AA|MSG1|{}", "ORC|RE||||||||||||||||1^{}", "TQ1|1|||||||||{}|{}", "RF1|||||||||||||{}", "GOL|||1^{}",
        "PRB|AD|20210304|1^{}",
    ]  # fmt: skip
    return [
        place.replace("{}", SPELLED[(number + turn) % len(SPELLED)])
        for turn in range(6)
        for number, place in enumerate(places)
    ]


@pytest.mark.parametrize("policy", ["safe-harbor", "expert"])
def test_nothing_planted_in_texts_is_left(policy: str) -> None:
    planted = texts()
    assert len(planted) > 180
    data = b"".join(support.message(one) for one in planted)
    found = support.scrubbed(data, policy)[2].decode().split("MSH|")[1:]
    assert len(found) == len(planted)
    leaks = [
        (one, word)
        for one, clean in zip(planted, found, strict=True)
        for word in KNOWN
        if word in support.folded(clean)
    ]
    assert leaks == []


#: Fields that go or become codes whatever they say.
GONE = [
    "PID|1|{0}|{0}^^^{0}^MR|{0}|{0}^{0}||{0}^{0}|F|{0}^{0}|2106-3|{0}^{0}^{0}^{0}^{0}^{0}|{0}|{0}^^^{0}|{0}||||{0}|{0}|{0}^{0}|{0}||{0}",
    "PID|1||1|||{0}|||{0}||||||||||||{0}||||||||||||{0}^{0}", "PD1|||{0}^^{0}|{0}^{0}^{0}||||||{0}||||{0}",
    "NK1|1|{0}^{0}|SPO|{0}^{0}^{0}|{0}|{0}||||||{0}|{0}|||||||||||||{0}||||{0}|{0}|{0}|{0}||||{0}|{0}",
    "PV1|1|I|{0}^{0}^{0}^{0}^^^{0}^{0}^{0}||{0}|{0}^{0}|{0}^{0}^{0}|{0}^{0}|{0}^{0}||{0}||||||{0}^{0}||{0}",
    "PV1|1|I|||||||||||||||||||||||||||||||||||{0}||{0}|||{0}|{0}|||||||{0}||{0}^{0}",
    "PV2|{0}^{0}^{0}||||{0}|{0}|||||||{0}^{0}||||||||||{0}^^{0}", "GT1|1|{0}|{0}^{0}|{0}|{0}^{0}|{0}|{0}|||||{0}||||{0}|{0}|{0}|{0}",
    "GT1|1||||||||||||||||||||||||||||||||||||||||||{0}|||{0}|{0}||||||{0}|||||{0}",
    "IN1|1||{0}|{0}|{0}^{0}|{0}|{0}|{0}|{0}|{0}|{0}|||{0}^^{0}||{0}^{0}|||{0}^{0}|||||||||{0}||{0}^{0}||||||{0}|||||||||||||{0}|||{0}||{0}",
    "IN2|{0}|{0}|{0}^{0}|||{0}|{0}|{0}|{0}|{0}||{0}|{0}|||||||||{0}|{0}||{0}|{0}|||||||||||||||{0}|||||||||{0}|{0}||{0}|{0}",
    "IN3|1|{0}|{0}^{0}|||||{0}^{0}||||||{0}^{0}|{0}|{0}|||||{0}", "ACC|||{0}||||||{0}||{0}^{0}", "MRG|{0}|{0}|{0}|{0}|{0}|{0}|{0}^{0}",
    "OBR|1|{0}^{0}|{0}^{0}|1^a^L||||||{0}^{0}|||||&&&{0}|{0}^{0}|{0}|{0}|{0}|{0}|{0}||||||||{0}^{0}|{0}&{0}^{0}|||{0}&{0}&{0}|{0}&{0}",
    "ORC|RE|{0}^{0}|{0}^{0}|{0}^{0}||||{0}||{0}^{0}|{0}^{0}|{0}^{0}|{0}^{0}|{0}||||{0}^{0}||{0}^{0}|{0}^{0}|{0}|{0}^{0}",
    "OBX|1|XPN|1^a^L||{0}^{0}", "OBX|1|XAD|1^a^L||{0}^{0}^{0}", "OBX|1|XTN|1^a^L||{0}", "OBX|1|CX|1^a^L||{0}", "OBX|1|EI|1^a^L||{0}^{0}",
    "OBX|1|RP|1^a^L||{0}^{0}", "OBX|1|ED|1^a^L||{0}^application^pdf^Base64^{0}", "OBX|1|ZZ|1^a^L||{0}", "OBX|1||1^a^L||{0}",
    "OBX|1|XON|1^a^L||{0}^^{0}", "OBX|1|PPN|1^a^L||{0}^{0}^{0}", "OBX|1|HD|1^a^L||{0}^{0}", "OBX|1|PL|1^a^L||{0}^{0}^{0}",
    "OBX|1|DT|1^a^L||{0}", "OBX|1|TM|1^a^L||{0}", "OBX|1|ST|1^a^L||x||||||||{0}|||{0}^{0}||{0}^{0}|||||{0}|{0}^{0}|{0}^{0}",
    "TXA|1|CN||||{0}||||{0}^{0}|{0}^{0}|{0}|{0}|{0}||{0}|||||||{0}^{0}", "SPM|1|{0}&{0}^{0}", "SCH|{0}|{0}||||||||||{0}^{0}|{0}|{0}^{0}||{0}^{0}",
    "AIL|1|A|{0}^{0}^{0}", "AIP|1|A|{0}^{0}", "RXA|0|1|20210304||1^a^CVX|1|||||{0}^{0}||||{0}", "RXD|1|1^a^L|||||{0}|||{0}^{0}",
    "ROL|{0}|AD|AT|{0}^{0}|||||||{0}^{0}|{0}", "CTD|PR|{0}^{0}|{0}^{0}|{0}^{0}|{0}||{0}", "PRT|{0}|AD||AT|{0}^{0}|||{0}^^{0}|{0}^{0}^{0}|{0}^{0}||||{0}^{0}|{0}|||{0}|{0}",
    "ZPI|1|{0}|{0}", "OBX|1|NM|1^a^L^^^^^^^^^^^^^^^^^^^^{0}||1", "NTE|1|L|x||{0}^{0}|||{0}^{0}|{0}", "UB2|1||||||||{0}|{0}|{0}|{0}|{0}|{0}|{0}|{0}",
    "STF|{0}|{0}|{0}^{0}|||{0}||||{0}|{0}^{0}||||{0}", "SFT|{0}|||{0}|{0}", "UAC|{0}|^TEXT^^A^{0}", "DSC|{0}", "ERR|||||||{0}|{0}",
    "EVN|A01|||||{0}|{0}", "QRD|20210304|R|I|{0}||||{0}^{0}", "FT1|1|{0}|{0}|||||||||||||{0}^{0}||||{0}^{0}|{0}^{0}||{0}^{0}|{0}^{0}",
    "STF|1|||||||||||||{0}^{0}^L", "CER|1||||||||{0}^{0}|||{0}||1^{0}|{0}|{0}||{0}|||{0}^{0}", "OBX|1|ST|1^a^L||x||||||||||{0}^{0}^L",
    "ORC|RE||||||||||||||||{0}^{0}|{0}^{0}", "PRA||{0}^{0}|||||||{0}^{0}", "AIG|1|A|{0}^{0}", "SCH|||||{0}^{0}|1^x^L", "ARQ|||||{0}^{0}|1^x^L",
    "RXE|" + "|" * 36 + "|{0}^{0}||{0}^{0}", "RXD|" + "|" * 24 + "|{0}^{0}|{0}^{0}|||{0}^{0}", "RXG|" + "|" * 25 + "|{0}^{0}",
    "RXO|" + "|" * 30 + "|{0}^{0}", "AUT||{0}^{0}", "FT1|" + "|" * 35 + "|{0}^{0}", "IN3|" + "|" * 16 + "|{0}^{0}", "CSR|||{0}^{0}", "SAC|" + "|" * 13 + "|{0}^{0}",
    "OBR|1|||1^a^L|||20210304^{0}", "EVN|A01|20210304^{0}", "OBX|1|TS|1^a^L||20210304^{0}", "OBX|1|ST|1^a^L||x||||||{0}", "OBR|1|||1^a^L" + "|" * 21 + "{0}",
    "PID|1||1||a" + "|" * 18 + "|{0}||||||{0}", "PV1|1|I" + "|" * 29 + "{0}",
    "PID|1||1||a|||||||||||||||||||||||||||||||||||||{0}|{0}",
]  # fmt: skip


@pytest.mark.parametrize("segment", GONE, ids=[f"{number}-{one[:3]}" for number, one in enumerate(GONE)])
def test_fields_that_identify_by_their_meaning_go_whatever_they_say(segment: str) -> None:
    assert len(GONE) > 50
    whole = segment.replace("{0}", TOKEN)
    pid = support.PID if not segment.startswith("PID") else ""
    output = support.scrubbed(support.message(whole, pid=pid))[2].decode()
    assert TOKEN.lower() not in output.lower()
    assert output.startswith("MSH|")


def test_no_field_of_any_known_segment_lets_what_is_known_of_the_patient_through() -> None:
    places, data = [], b""
    value = "00482913^Kowalska&19610314~Kowalska^19610314&00482913~19610314^00482913&Kowalska"
    for name, row in segments().items():
        for number in range(1, max(row) + 3) if name not in {"MSH", "BHS", "FHS", "BTS", "FTS"} else ():
            if name == "PID":
                fields = support.PID.split("|") + [""] * 40
                fields[number] = value if number != 3 else f"{fields[3]}~{value}"
                data += support.message(pid="|".join(fields))
            else:
                data += support.message(name + "|" * number + value)
            places.append((name, number))
    assert len(places) > 1800
    found = support.scrubbed(data)[2].decode().split("MSH|")[1:]
    leaks = [
        (place, said)
        for place, clean in zip(places, found, strict=True)
        for said in ("00482913", "kowalska", "19610314")
        if said in support.folded(clean)
    ]
    assert leaks == []


def test_what_a_closed_table_lists_stays() -> None:
    made = support.clean(
        "EVN|A01|202103^L", "OBR|1|||1^a^L" + "|" * 21 + "F", "OBX|1|ST|1^a^L||x||||||c", "PV2|" + "|" * 14 + "N"
    )
    assert made[0] == ["EVN", "A01", "2021^L"]
    assert made[1][25] == "F"
    assert made[2][11] == "c"
    assert made[3][15] == "N"
    head = r"MSH|^~\&|A|B^1.2.3^ISO|C|D|20210304||ADT^A01|M1|P^T|2.5.1|||AL|NE"
    output = support.scrubbed(support.message(head=head))[2].decode().split("\r")[0].split("|")
    assert output[3].endswith("^ISO")
    assert (output[10], output[14:16]) == ("P^T", ["AL", "NE"])


def test_instructions_for_a_drug_are_searched_where_a_code_would_stand() -> None:
    made = support.clean(
        "RXE|1|1^Metoprolol^L|25|50|mg||Titrate to BP less than 180",
        "RXA|0|1|20210305||1^X^L|1||| call Mrs. Ostrander first",
    )
    assert made[0][7] == "Titrate to BP less than 180"
    assert "call" in made[1][9]
    assert "Ostrander" not in made[1][9]


def test_a_place_or_a_thing_of_a_site_gets_the_same_code_wherever_a_message_names_it() -> None:
    made = support.clean("ORC|RE" + "|" * 15 + "|WEST^Weststation", "RXE|" + "|" * 37 + "WEST^Weststation")
    assert made[0][17] == made[1][38] != ""
    kept = support.clean("ORC|RE" + "|" * 15 + "|WEST^West Clinic", policy="expert")[0][17]
    assert kept == made[0][17] or kept.startswith("WEST")


def test_headers_and_envelopes_name_nobody() -> None:
    header = f"|^~\\&|{TOKEN}|{TOKEN}^{TOKEN}^DNS|{TOKEN}|{TOKEN}|20210304|{TOKEN}|{TOKEN}|{TOKEN}|{TOKEN}|{TOKEN}"
    head = f"MSH|^~\\&|{TOKEN}|{TOKEN}^1.2.3.4.5^ISO|{TOKEN}|{TOKEN}|20210304|{TOKEN}|ADT^A01|{TOKEN}|P|2.5.1||{TOKEN}|||||||{TOKEN}^{TOKEN}|{TOKEN}|{TOKEN}|{TOKEN}|{TOKEN}"
    data = f"FHS{header}\rBHS{header}\r{head}\r{support.PID}\rBTS|1|{TOKEN}|1\rFTS|1|{TOKEN}\r".encode()
    output = support.scrubbed(data)[2].decode()
    assert TOKEN not in output
    assert [line[:3] for line in output.split("\r")] == ["FHS", "BHS", "MSH", "PID", "BTS", "FTS", ""]
    assert output.split("\r")[2].split("|")[8] == "ADT^A01"


def test_the_patient_itself_keeps_only_what_it_may() -> None:
    output = support.scrubbed(support.message())[2].decode().split("\r")[1].split("|")
    assert output[3].startswith("PSEUDO0000^^^")
    assert output[3].endswith("^MR")
    assert output[5] == "PSEUDO0000^^^^^^S"
    assert output[7] == "1961"
    assert output[8] == "F"
    assert output[10] == "2106-3^White^CDCREC"
    assert output[11] == "^^^MA^021^USA^H"
    assert output[16] == "M"
    assert len(output) == 19


def test_only_a_zip_code_of_the_united_states_keeps_its_first_digits() -> None:
    places = "1 X^^Ort^^69151^DE~1 Y^^Ville^^75011^FRA~1 Z^^^^02139^US~1 Z^^^^02139~1 Z^^^^00601^PRI"
    made = support.clean(f"NK1|1|||{places}")[0][4]
    assert made == "^^^^^DE~^^^^^FRA~^^^^021^US~^^^^021~^^^^006^PRI"


def test_codes_values_units_and_ranges_stay() -> None:
    made = support.clean(
        "OBR|1|||24323-8^Comprehensive metabolic panel^LN^CMP^Panel^L|||20210304093000",
        "OBX|1|NM|2345-7^Glucose [Mass/volume] in Serum or Plasma^LN^1001^GLU^99MERCY||106.50|mg/dL^^UCUM|70-99|H|||F",
        "OBX|2|SN|2951-2^Sodium^LN||<^135|mmol/L|135 - 145|L|||F",
        "OBX|3|CWE|600-7^Bacteria identified^LN||112283007^Escherichia coli^SCT||||||F",
        "OBX|4|ST|5778-6^Color of Urine^LN||Yellow||10-12||||F",
        "DG1|1||E11.9^Type 2 diabetes mellitus without complications^I10C|||F",
        "RXA|0|1|20210304||140^Influenza, seasonal, injectable, preservative free^CVX|0.5|mL^^UCUM",
        "AL1|1|DA|70618^Penicillin^RXNORM|SV|Hives",
    )
    assert made[0][4] == "24323-8^Comprehensive metabolic panel^LN^CMP^Panel^L"
    assert made[1][3] == "2345-7^Glucose [Mass/volume] in Serum or Plasma^LN^1001^GLU^99MERCY"
    assert made[1][5:9] == ["106.50", "mg/dL^^UCUM", "70-99", "H"]
    assert made[2][5:9] == ["<^135", "mmol/L", "135 - 145", "L"]
    assert made[3][5] == "112283007^Escherichia coli^SCT"
    assert made[4][5:8] == ["Yellow", "", "10-12"]
    assert made[5][3] == "E11.9^Type 2 diabetes mellitus without complications^I10C"
    assert made[6][5:8] == ["140^Influenza, seasonal, injectable, preservative free^CVX", "0.5", "mL^^UCUM"]
    assert made[7][2:] == ["DA", "70618^Penicillin^RXNORM", "SV", "Hives"]
    assert all(one[11] == "F" for one in made[1:5])


def test_languages_religions_and_marital_states_stay_unless_they_name_who_is_known() -> None:
    pid = support.PID.split("|") + [""] * 10
    pid[15:18] = ["de^Deutsch^ISO639", "x^Kowalska^L", "CHR^Christian^L"]
    output = support.scrubbed(support.message("NK1|1" + "|" * 19 + "^Türkisch", pid="|".join(pid)))[2].decode()
    clean = output.split("\r")[1].split("|")
    assert [one.split("^")[1] for one in clean[15:18]] == ["Deutsch", "[NAME]", "Christian"]
    assert output.split("\r")[2].split("|")[20] == "^Türkisch"


def test_counts_of_a_measured_observation_are_no_days() -> None:
    made = support.clean(
        "OBX|1|ST|5821-4^WBC urine^LN||6-10|/HPF|0-5",
        "OBX|2|ST|5821-4^WBC urine^LN||12-16||0-5 /HPF",
        "OBX|3|ST|5821-4^WBC urine^LN||12-16 /HPF",
        "OBX|4|ST|5821-4^WBC urine^LN||12-16",
        "OBX|5|ST|1^Visit date^L||12-16||0-5",
        "OBX|6|ST|5821-4^WBC urine^LN||3/14/2020|/HPF|10-12-2019",
    )
    assert [one[5] for one in made[:3]] == ["6-10", "12-16", "12-16 /HPF"]
    assert made[1][7] == "0-5 /HPF"
    assert [one[5] for one in made[3:]] == ["[DATE]"] * 3
    assert made[5][7] == "[DATE]"


def test_a_text_is_searched_over_the_seams_of_lines_segments_and_escapes() -> None:
    made = support.clean(
        "OBX|1|TX|1^a^L||Seen by Dr.",
        "OBX|2|TX|1^a^L||Henderson \\T\\ sons~for pain",
        "NTE|1|L|Kow\\H\\al\\N\\ska came\\.br\\today\\X0D\\\\Z99\\again",
        "OBX|3|FT|1^a^L||\\X4B6F77616C736B61\\ slept",
    )
    said = "\r".join("|".join(one) for one in made)
    assert "enderson" not in said
    assert "[NAME] \\T\\ sons~for pain" in said
    assert made[2][3] == "\\H\\\\N\\[NAME] came\\.br\\today\\.br\\again"
    assert made[3][5] == "[NAME] slept"


def test_embedded_texts_are_cleaned_and_other_documents_go() -> None:
    data = base64.b64encode(b"Zofia slept well").decode()
    made = support.clean(f"OBX|1|ED|1^a^L||^TEXT^PLAIN^Base64^{data}", f"OBX|2|ED|1^a^L||^TEXT^RTF^Base64^{data}")
    kind, sub, encoding, clean = made[0][5].split("^")[1:]
    assert (kind, sub, encoding) == ("TEXT", "PLAIN", "Base64")
    assert base64.b64decode(clean) == b"[NAME] slept well"
    assert len(made[1]) == 4


def test_neither_harvest_nor_actions_show_a_value() -> None:
    told, made, _ = support.scrubbed(support.message("NTE|1|L|Kowalska", "ZKO|Kowalska"))
    shown = support.folded(repr(told) + repr(made))
    assert all(word not in shown for word in KNOWN)
    assert ("Z*", "unknown", 1) in made.actions
    assert ("PID.5", "name") in told.where


def test_of_an_address_abroad_no_state_and_no_code_stays() -> None:
    places = ["Hof^Bayern^80331", "Ort^MI^20121^IT", "Ort^MI^48104", "Ort^BE^10115", "Ort^ON^^CAN"]
    made = support.clean(*(f"NK1|{number}||SPO|Weg 3^^{one}" for number, one in enumerate(places, 1)))
    assert [segment[4] if len(segment) > 4 else "" for segment in made] == [
        "", "^^^^^IT", "^^^MI^481", "", "^^^ON^^CAN"
    ]  # fmt: skip
