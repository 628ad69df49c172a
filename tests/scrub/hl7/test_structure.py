# ruff: noqa: E501 - segments stay on one line
"""Delimiters, character sets, envelopes, persons and dates; bad input is held back whole."""

from __future__ import annotations

import io
import re
from datetime import datetime

import hl7_support as support
import pytest

from curator.core.errors import ItemError
from curator.scrub import hl7

HEAD, PID = support.HEAD, support.PID

BAD: list[tuple[str, bytes, str]] = [
    ("no header", b"PID|1||1\r", "HLS-001"),
    ("nothing", b"", "HLS-001"),
    ("text before", b"hello\rMSH|^~\\&|a\r", "HLS-001"),
    ("data behind a batch", b"BHS|^~\\&|a\rBTS|1\rPID|1||1\r", "HLS-001"),
    ("no delimiters", b"MSH\r", "HLS-002"),
    ("alike delimiters", b"MSH|^^\\&|a\r", "HLS-002"),
    ("letters as delimiters", b"MSHa^~\\&a\r", "HLS-002"),
    ("the field separator among them", b"MSH||||||\r", "HLS-002"),
    ("a line that is no segment", support.message("Kowalska came"), "HLS-003"),
    ("a segment with another separator", support.message("NTE^1^L^Kowalska"), "HLS-003"),
    ("a segment in lower case", support.message("nte|1|L|Kowalska"), "HLS-003"),
    ("two ways to end a line", (HEAD + "\r\n" + PID + "\rNTE|1|L|Kowalska\r\n").encode(), "HLS-004"),
    ("a segment that hides in a field", support.message("NTE|1|L|x\nZPI|Kowalska"), "HLS-004"),
    ("an unknown character set", support.message(head=HEAD + "||||||KOI8-R"), "HLS-005"),
    ("bytes that do not fit", support.message("NTE|1|L|x").replace(b"x", b"\xff"), "HLS-005"),
    ("an unknown segment", support.message("QPD|Kowalska"), "HLS-006"),
    ("an unknown segment that looks like one's own", support.message("XZZ|Kowalska"), "HLS-006"),
    ("a control character", support.message("NTE|1|L|x\x00y"), "HLS-008"),
    ("framing inside", support.message("NTE|1|L|x\x0bMSH"), "HLS-008"),
]


@pytest.mark.parametrize(("data", "code"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_bad_input_is_held_back_under_its_code_and_says_nothing(data: bytes, code: str) -> None:
    with pytest.raises(ItemError) as caught:
        support.scrubbed(data)
    assert caught.value.code == code
    assert "Kowalska" not in f"{caught.value} {caught.value.hint}"
    with pytest.raises(ItemError) as again:
        hl7.rewrite(io.BytesIO(data), io.BytesIO(), support.Everybody(), support.treatment())
    assert again.value.code == code


def test_a_bad_message_among_good_ones_holds_the_file_back() -> None:
    with pytest.raises(ItemError):
        support.scrubbed(support.message() + support.message("QPD|1") + support.message())


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_all_three_ends_of_a_segment_are_read_and_one_is_written(end: str) -> None:
    data = support.message("NTE|1|L|Kowalska").replace(b"\r", end.encode())
    assert support.scrubbed(data)[2] == support.scrubbed(support.message("NTE|1|L|Kowalska"))[2]


def test_framing_of_the_wire_and_blank_lines_are_taken_off() -> None:
    plain = support.message() + support.message("NTE|1|L|x")
    framed = b"".join(b"\x0b" + one + b"\x1c\r" for one in (support.message(), support.message("NTE|1|L|x")))
    assert support.scrubbed(framed)[2] == support.scrubbed(plain)[2]
    spaced = b"\xef\xbb\xbf" + plain.replace(b"\r", b"\r\n\r\n")
    assert support.scrubbed(spaced)[2] == support.scrubbed(plain)[2]


def test_line_feeds_in_a_field_become_escaped_line_breaks() -> None:
    assert support.clean("OBX|1|TX|1^a^L||well\nKowalska\nslept")[0][5] == "well\\.br\\[NAME]\\.br\\slept"


def test_other_delimiters_are_followed() -> None:
    data = "MSH$*!/%$EPIC$MERCY$$$20210304$$ORU*R01$M1$P$2.5.1\rPID$1$$00482913***MERCY%1.2.3.4%ISO*MR$$Kowalska*Maria\rNTE$1$L$Maria /S/ | ^ Kowalska!x/F/y\r"
    output = support.scrubbed(data.encode())[2].decode().split("\r")
    assert output[0].startswith("MSH$*!/%$")
    assert output[1].split("$")[3].startswith("PSEUDO0000***")
    assert output[1].split("$")[5] == "PSEUDO0000******S"
    assert "owalska" not in output[2]
    assert output[2].endswith("!x/F/y")


def test_a_message_without_escapes_and_subcomponents_is_read() -> None:
    data = b"MSH|^~|EPIC|MERCY|||20210304||ORU^R01|M1|P|2.3\rPID|1||00482913^^^MERCY^MR||Kowalska^Maria\rNTE|1|L|a\\b & Kowalska\r"
    output = support.scrubbed(data)[2].decode().split("\r")
    assert output[1].split("|")[3].startswith("PSEUDO0000^^^")
    assert output[2] == "NTE|1|L|a\\b & [NAME]"
    assert "\0" not in "".join(output)


def test_escaped_delimiters_stay_escaped() -> None:
    made = support.clean("OBX|1|ST|1^a^L||5 \\T\\ 6 \\F\\ 7 \\S\\ 8 \\R\\ 9 \\E\\ x")
    assert made[0][5] == "5 \\T\\ 6 \\F\\ 7 \\S\\ 8 \\R\\ 9 \\E\\ x"


@pytest.mark.parametrize(
    ("name", "codec"), [("UNICODE UTF-8", "utf-8"), ("8859/1", "latin-1"), ("8859/2", "iso8859-2"), ("", "utf-8")]
)
def test_character_sets_are_read_and_written_as_declared(name: str, codec: str) -> None:
    head = HEAD + "||||||" + name
    pid = PID.replace("Kowalska", "Müller")
    data = f"{head}\r{pid}\rNTE|1|L|Für MULLER und müller: naß\r".encode(codec)
    output = support.scrubbed(data)[2].decode(codec)
    assert "üller" not in output
    assert "MULLER" not in output
    assert "naß" in output
    assert output.split("\r")[0].split("|")[17:] == ([name] if name else [])


def test_nulls_and_empty_fields_stay_what_they_are() -> None:
    made = support.clean('PV1|1|I|""||||""||||||||||||""', 'OBX|1|NM|1^a^L||""||||||F')
    assert made[0] == ["PV1", "1", "I", '""', "", "", "", '""'] + [""] * 11 + ['""']
    assert made[1][5] == '""'


def test_fields_and_components_beyond_the_tables_go() -> None:
    made = support.clean("NTE|1|L|x" + "|" * 20 + "Kowalska", "OBX|1|NM|1^a^L||5^Kowalska")
    assert made[0] == ["NTE", "1", "L", "x"]
    assert made[1][5] == "5"


def test_each_message_has_its_own_patient_and_numbers_that_are_merged_are_one() -> None:
    data = (
        support.message()
        + support.message("NTE|1|L|Kowalska", pid="PID|1||777^^^MERCY^MR||Wrzos^Jan")
        + support.message("MRG|777^^^MERCY^MR~778^^^MERCY^MR", pid="PID|1||779^^^MERCY^MR")
        + support.message(pid="PID|1||778^^^MERCY^MR||Wrzos^Jan")
        + support.message(pid="")
    )
    told, _, output = support.scrubbed(data)
    assert len(told.people) == 2
    assert set(told.people[1].ids) == {("mrn", "MERCY", number) for number in ("777", "778", "779")}
    pids = [line.split("|")[3].split("^")[0] for line in output.decode().split("\r") if line.startswith("PID")]
    assert pids[0] == "PSEUDO0000"
    assert set(pids[1:]) == {"PSEUDO0001"}
    assert output.decode().count("MRG|PSEUDO0001") == 1


def test_two_patients_of_one_message_are_told_apart() -> None:
    told, _, output = support.scrubbed(
        support.message("PV1|1|I", "PID|2||777^^^MERCY^MR||Wrzos^Jan", "NTE|1|L|Wrzos and Kowalska")
    )
    assert len(told.people) == 2
    lines = output.decode().split("\r")
    assert lines[3].split("|")[3].startswith("PSEUDO0001^")
    assert "rzos" not in lines[4]


def test_a_patient_without_a_number_is_a_person_of_its_message() -> None:
    data = support.message(pid="PID|1||||Wrzos^Jan") + support.message(pid='PID|1||""||Wrzos^Jan')
    told, _, _ = support.scrubbed(data)
    assert [[kind for kind, _, _ in person.ids] for person in told.people] == [["row"], ["row"]]


def test_what_identifies_is_harvested() -> None:
    told, _, _ = support.scrubbed(
        support.message("NK1|1|Wrzos^Jan||3 Side St|617-555-0199", "IN1|1" + "|" * 35 + "POL12345", "PV1|1" + "|" * 18 + "V556677",
                        "OBX|1|DT|1^a^L||20210901||||||F", "OBX|2|NM|1^a^L||1||||||F|||20991231")
    )  # fmt: skip
    (person,) = told.people
    assert {("name", "Kowalska^Maria^Zofia"), ("name", "Wrzos^Jan"), ("phone", "617-555-0199"), ("address", "3 Side St"),
            ("email", "mkow@example.net"), ("id", "POL12345"), ("id", "V556677"), ("id", "123-45-6789"),
            ("birth_date", "19610314")} <= set(person.known)  # fmt: skip
    assert person.birth_dates == ("19610314",)
    assert person.last_date == "20210901"
    assert not person.over_89
    assert told.suffix == ".hl7"


def test_intervals_agree_for_each_patient_under_a_policy_that_shifts() -> None:
    days = ["20210131235959", "202103010000", "20240229"]
    segments = [f"OBX|{number}|TS|1^a^L||{day}||||||F|||{day}" for number, day in enumerate(days, 1)]
    data = support.message(*segments) + support.message(*segments, pid="PID|1||777^^^MERCY^MR||Wrzos^Jan||19610314")
    output = support.scrubbed(data, "expert")[2].decode().split("\r")
    lines = [line.split("|") for line in output if line.startswith("OBX")]
    assert all(line[5] == line[14] for line in lines)
    shifts = [
        (datetime.strptime(line[5][:8], "%Y%m%d") - datetime.strptime(day[:8], "%Y%m%d")).days
        for line, day in zip(lines, days * 2, strict=True)
    ]
    assert len(set(shifts[:3])) == len(set(shifts[3:])) == 1
    assert shifts[0] != shifts[3]
    assert [line[5][8:] for line in lines[:3]] == ["235959", "0000", ""]
    births = [line.split("|")[7] for line in output if line.startswith("PID")]
    assert (datetime.strptime(births[0], "%Y%m%d") - datetime(1961, 3, 14)).days == shifts[0]


def test_years_are_left_by_safe_harbor_and_times_go() -> None:
    made = support.clean("OBX|1|TM|1^a^L||101112||||||F|||20210304101112-0500", "OBX|2|DT|1^a^L||20210304||||||F")
    assert made[0][5] == ""
    assert made[0][14] == "2021"
    assert made[1][5] == "2021"


@pytest.mark.parametrize(
    ("segment", "wanted"),
    [
        ("OBX|1|NM|30525-0^Age^LN||93|a^year^UCUM", "90"),
        ("OBX|1|NM|30525-0^Age^LN||93", "90"),
        ("OBX|1|NM|30525-0^Age^LN||54|a^year^UCUM", "54"),
        ("OBX|1|NM|1^Age^L||93|years", "90"),
        ("OBX|1|NM|2345-7^Glucose^LN||93|mg/dL", "93"),
    ],
)
def test_ages_over_89_are_one_class(segment: str, wanted: str) -> None:
    assert support.clean(segment)[0][5] == wanted


def test_an_age_over_89_takes_the_birth_date() -> None:
    told, _, output = support.scrubbed(support.message("OBX|1|NM|30525-0^Age^LN||93|a"))
    assert told.people[0].over_89
    assert output.decode().split("\r")[1].split("|")[7] == ""


def test_an_acknowledgment_still_answers_its_message() -> None:
    output = support.scrubbed(support.message() + support.message("MSA|AA|MSG00001", pid=""))[2].decode().split("\r")
    asked = output[0].split("|")[9]
    assert output[3].split("|")[2] == asked
    assert asked != "MSG00001"


def test_the_same_input_gives_the_same_bytes() -> None:
    data = support.message("NTE|1|L|Kowalska") * 3
    assert support.scrubbed(data)[1:] == support.scrubbed(data)[1:]


def test_messages_are_read_one_at_a_time() -> None:
    class Counting(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1) -> bytes:
            self.most = max(self.most, size if size and size > 0 else 1 << 40)
            return super().read(size)

    stream = Counting(support.message("NTE|1|L|x") * 100)
    hl7.rewrite(stream, io.BytesIO(), support.Everybody(), support.treatment())
    assert stream.most <= 1 << 20


def test_the_staff_of_a_message_is_searched_in_its_texts() -> None:
    segments = (
        r"ORC|RE||||||||||12188^Reaction^Rosalynd^^^^MD",
        r"OBR|1|||1^a^L|||20210304||||||||||||||||||||||||NE||7&Waverly&Maude^20210304",
        r"OBX|1|TX|1^a^L||Called to REACTION\, ROSALYND and Maude Waverly. No allergic reaction.",
    )
    made = "|".join("|".join(one) for one in support.clean(*segments))
    assert not [word for word in ("REACTION", "ROSALYND", "Maude", "Waverly") if word in made]
    assert "No allergic reaction." in made


@pytest.mark.parametrize("written", [r"Th\XC3A9\odosine", r"Th\XC3\\XA9\odosine", r"Th\XE9\odosine"])
def test_a_name_with_a_letter_in_a_hexadecimal_escape_is_found_whole(written: str) -> None:
    pid = support.PID.replace("Kowalska^Maria", f"{written}^Maria")
    told = support.scrubbed(support.message(pid=pid))[0]
    assert ("name", "Théodosine^Maria^Zofia") in told.people[0].known
    made = support.clean(f"OBX|1|TX|1^a^L||Seen by nobody: {written} slept.", pid=pid)
    assert "odosine" not in made[0][5]
    assert "slept." in made[0][5]


def test_a_byte_in_an_escape_is_read_in_the_character_set_of_the_message() -> None:
    head = support.HEAD + "||||||8859/2"
    told = support.scrubbed(support.message(head=head, pid=support.PID.replace("Kowalska", r"Wa\XB3\\XEA\sa")))[0]
    assert ("name", "Wałęsa^Maria^Zofia") in told.people[0].known


def test_a_death_is_told_without_who_certified_it() -> None:
    made = support.clean(
        r"PDA|I46.9^Cardiac arrest^I10||Y|20210305101010|77^Waverly^Maude|Y|20210306^20210307|78^Ostrow^Ian|N"
    )[0]
    assert made[:5] == ["PDA", "I46.9^Cardiac arrest^I10", "", "Y", "2021"]
    assert made[6:8] == ["Y", "2021^2021"]
    assert not [word for word in ("Waverly", "Maude", "Ostrow") if word in "|".join(made)]


def test_requisitions_and_inventories_keep_what_is_ordered_and_not_who_or_where() -> None:
    rows = support.clean(
        "RQD|1|GLV7^Nitrile gloves|||40|BX|CC-4471|8812-4829137|Mercy 4 West^Kowalska|20210306",
        "RQ1|12.50|3M^3M|CAT77^|V1^Vendor||Y|N",
        "INV|GLU^Glucose^L|OK^OK|RC^Reagent|TUBE00482913|CAR77||500||480|20|mL|20220101||||LOT7741|ACME^Acme",
    )
    text = "\n".join("|".join(row) for row in rows)
    assert [row[0] for row in rows] == ["RQD", "RQ1", "INV"]
    assert "Nitrile gloves" in text
    assert "Glucose" in text
    assert (rows[0][5], rows[2][7], rows[2][9]) == ("40", "500", "480")
    for gone in ("Kowalska", "Mercy", "8812", "CC-4471", "00482913", "CAR77", "LOT7741", "0306"):
        assert gone not in text


@pytest.mark.parametrize(
    ("policy", "value", "wanted"),
    [
        ("safe-harbor", "20210314", "2021"),
        ("safe-harbor", "202103141030", "2021"),
        ("safe-harbor", "20211399", "20211399"),
        ("safe-harbor", "20210314.5", "20210314.5"),
        ("safe-harbor", "2021", "2021"),
    ],
)
def test_a_day_that_is_sent_as_a_number_is_one(policy: str, value: str, wanted: str) -> None:
    seen = support.clean(f"OBX|1|NM|X12^Marker^L||{value}||||||F", policy=policy)
    assert seen[0][5] == wanted
    measured = support.clean(f"OBX|1|NM|X12^Marker^L||{value}|1/uL^1/uL^UCUM|||||F", policy=policy)
    assert measured[0][5] == value


def test_a_day_that_is_sent_as_a_number_moves_like_all_others() -> None:
    seen = support.clean(
        "OBX|1|NM|X12^Marker^L||20210314||||||F", "OBX|2|DT|X13^Other^L||20210314||||||F", policy="expert"
    )
    assert seen[0][5] == seen[1][5] != "20210314"
    assert re.fullmatch(r"20\d{6}", seen[0][5])


def test_the_event_of_a_message_stays() -> None:
    head = support.HEAD.replace("ORU^R01^ORU_R01", "ORU^R01")
    _, _, out = support.scrubbed(support.message("OBX|1|NM|718-7^Hemoglobin^LN||10.17|g/dL", head=head))
    assert out.split(b"\r")[0].split(b"|")[8] == b"ORU^R01"
