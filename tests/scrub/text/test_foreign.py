"""Texts with records of another standard do not pass through as texts. All values are made up."""

import json

import pytest
from text_support import rewrite

from curator.core.errors import ItemError
from curator.scrub.text.foreign import holds_records

PID = "PID|1||QX88213^^^H^MR||Vexmoor^Ilvanne||19510412|F|Brindlecote"
RECORDS = [
    f"received\nMSH|^~\\&|A|B|C|D|20210302||ADT^A01|1|P|2.5\r{PID}\r",
    "10:00 INFO got MSH#@!%$#A#B#C then Brindlecote",
    f"{PID}\nNK1|1|Vexmoor^Tamsil|SPO\n",
    f"EVN||2021\r{PID}\r",
    "ISA*00*          *00*          *ZZ*SENDER*ZZ*R*210302*1253*^*00501*1*0*P*:~NM1*IL*1*VEXMOOR*BRINDLECOTE~",
    "UNB+UNOA:2+SENDER+R+210302:1253+1'NAD+PAT+++Brindlecote'",
    "INSERT INTO patients (id, last)\nVALUES (1, 'Brindlecote');\n",
    "insert into `p` values(1,'Brindlecote');",
    "COPY public.patients (id, last) FROM stdin;\n1\tBrindlecote\n",
    'Export\n<Patient><name><family value="Brindlecote"/></name></Patient>\n',
    "Encounter list\nmrn,last_name,first_name\nQX88213,Brindlecote,Ilvanne\n",
    'Sent by mail;\r\n"MRN";"Name";"DOB";"sex"\r\nQX88213;Brindlecote;1951-04-12;F\r\n',
    'Log: <?xml version="1.0"?><name>Brindlecote</name>',
]


@pytest.mark.parametrize("text", RECORDS)
def test_a_text_with_records_is_held_back_and_goes_whole_from_a_record(text: str) -> None:
    with pytest.raises(ItemError) as caught:
        rewrite("Note of the day.\n" * 3 + text)
    assert caught.value.code == "TXT-030"
    clean, _ = rewrite(json.dumps({"text": f"Note.\n{text}"}))
    assert "rindlecote" not in clean.casefold()
    assert json.loads(clean).keys() == {"text"}


@pytest.mark.parametrize(
    "text",
    [
        "| PID | Name |\n|---|---|\n| 7 | x |\nPID|Name|DOB\n",
        "MSH2 and MSH6 are normal (MSH-IHC). ISA 12, UNB.\n",
        "Please insert into the chart; values (normal) below. Copy from the old one.\n",
        "BP <140/90, value = 5, 2^10 | 3. The family value is high.\n",
        "OBX of 3 cm^2 | done\n",
        "Name, MRN, DOB\nverified with the patient.\n",
        "cough, fever, chills\nnausea, vomiting, diarrhea\n",
        "Please verify name, MRN, date of birth\nand sex, age, weight too\n",
    ],
)
def test_a_note_that_only_looks_so_is_read(text: str) -> None:
    assert not holds_records(text)
    assert rewrite(text)[0]
