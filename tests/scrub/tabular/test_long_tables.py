"""Long tables, a row an answer: each value is treated as a cell of the column that its question would head."""

from __future__ import annotations

import io
import json

import pytest
from tabular_support import Crowd, both, cleaned, treatment

from curator.scrub.tabular.asking import asking, is_redcap_record
from curator.scrub.tabular.medium import planned
from curator.scrub.text import medium as records

#: Fields of one person and what becomes of them.
FIELDS = [
    ("last_name", "Pfefferkuchen", "[NAME]"),
    ("first_name", "Xochipilla", "[NAME]"),
    ("nickname", "Bubbaloo", "[NAME]"),
    ("Surname", "Okonkwobrandt", "[NAME]"),
    ("mother_name", "Gerlindetta", "[NAME]"),
    ("pcp_name", "Quastenflosser", "[NAME]"),
    ("Hausarzt", "Quastenflossel", "[NAME]"),
    ("roommate", "Kunibertus", "[NAME]"),
    ("zip", "55401", "554"),
    ("plz", "69151", ""),
    ("city", "Plumtownia", ""),
    ("Wohnort", "Hintertupfingen", ""),
    ("street", "12 Elmgrove St", ""),
    ("phone", "7015550142", ""),
    ("Home phone of guardian", "7015550143", ""),
    ("email", "quill@webpost.example", ""),
    ("twitter", "quillfeath77", ""),
    ("ssn", "555443333", ""),
    ("lat", "46.877190", ""),
    ("dob", "1961-05-06", "1961"),
    ("Year of birth", "1961", "1961"),
    ("age", "62", "62"),
    ("hgb", "13.1", "13.1"),
    ("glucose", "93", "93"),
    ("sysbp", "94", "94"),
    ("weight", "95", "95"),
    ("smoker", "No", "No"),
    ("primary_diagnosis", "Diabetes", "Diabetes"),
]
#: Headers of the layouts with the column of the patient, of the question, and of the answer.
LAYOUTS = {
    "redcap": ("record,redcap_event_name,field_name,value", "{p},base,{q},{a}"),
    "mimic": ("subject_id,itemid,label,value,valueuom", "{p},220045,{q},{a},"),
    "i2b2": ("patient_num,concept_cd,valtype_cd,tval_char,units_cd", "{p},{q},T,{a},"),
    "omop": ("person_id,observation_concept_id,observation_source_value,value_as_string", "{p},0,{q},{a}"),
    "cerner": ("PERSON_ID,EVENT_CD_DISPLAY,RESULT_VAL,RESULT_UNITS", "{p},{q},{a},"),
    "sdtm": ("USUBJID,QSTESTCD,QSTEST,QSORRES,QSSTRESC", "{p},Q1,{q},{a},{a}"),
    "supplemental": ("USUBJID,QNAM,QLABEL,QVAL", "{p},X1,{q},{a}"),
    "openclinica": ("subject_id,item_name,item_value", "{p},{q},{a}"),
    "epic": ("PAT_ID,FLO_MEAS_NAME,MEAS_VALUE", "{p},{q},{a}"),
    "synthea": ("DATE,PATIENT,CODE,DESCRIPTION,VALUE,UNITS,TYPE", "2021-03-02,{p},x,{q},{a},,text"),
    **{
        f"{question}, {answer}": (f"patient_id,{question},{answer}", "{p},{q},{a}")
        for question, answer in [
            ("variable", "value"),
            ("test_name", "result"),
            ("parameter", "value"),
            ("item", "response"),
            ("attribute", "value"),
            ("key", "value"),
            ("prompt", "answer"),
            ("element", "value"),
            ("question", "answer"),
        ]
    },
}


def _long(layout: str, fields: list[tuple[str, str, str]] = FIELDS, patient: str = "77123") -> str:
    head, row = LAYOUTS[layout]
    return "".join(f"{line}\n" for line in (head, *(row.format(p=patient, q=q, a=a) for q, a, _ in fields)))


def _answer_column(layout: str) -> str:
    head, row = (text.split(",") for text in LAYOUTS[layout])
    return head[row.index("{a}")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_value_is_treated_as_below_a_heading_of_its_question(layout: str) -> None:
    made = [row[_answer_column(layout)] for row in cleaned(_long(layout))]
    assert list(zip((q for q, _, _ in FIELDS), made, strict=True)) == [(q, wanted) for q, _, wanted in FIELDS]


@pytest.mark.parametrize("layout", ["redcap", "mimic", "key, value"])
def test_ages_and_births_of_somebody_over_89_go(layout: str) -> None:
    old = [("age", "95", ""), ("dob", "1936-12-30", ""), ("Age at onset", "93", ""), ("birth_year", "1931", "")]
    made = [row[_answer_column(layout)] for row in cleaned(_long(layout, old))]
    assert made == ["90", "", "90", ""]


def test_a_question_that_nobody_knows_as_a_column_is_dropped_and_tells_all_the_same() -> None:
    (row,) = cleaned("patient_id,key,value\n77123,last_name,Pfefferkuchen\n")
    assert row == {"patient_id": "P0001", "value": "[NAME]"}


def test_redcaps_record_is_the_patients_number() -> None:
    rows = cleaned("record,redcap_event_name,field_name,value\n1,base,mrn,881230\n2,base,mrn,881231\n")
    assert [row["record"] for row in rows] == [row["value"] for row in rows] == ["P0001", "P0002"]
    assert not is_redcap_record("record", ["record", "value"])
    assert "record" not in cleaned("patient_id,record,hgb\n7,9,13\n")[0]


def test_numbers_go_from_columns_of_numbers_and_measures_stay() -> None:
    told = [("mrn", "881230", ""), ("zip", "55401", "554"), ("age", "95", "90"), ("hgb", "13.1", "13.1")]
    rows = "".join(f"7,{q},{a},E\n" for q, a, _ in told)
    made = cleaned("patient_num,concept_cd,nval_num,tval_char\n" + rows)
    assert [(row["nval_num"], row["tval_char"]) for row in made] == [(wanted, "E") for _, _, wanted in told]


def test_what_the_rows_tell_is_known_of_their_person() -> None:
    text = "patient_id,field_name,value,note\n" + "".join(
        f"7,{q},{a},{note}\n"
        for q, a, note in [("last_name", "Pfefferkuchen", ""), ("age", "95", ""), ("hgb", "13", "pfefferkuchen called")]
    )
    found, made, _ = both(text.encode())
    (person,) = found.people
    assert ("name", "Pfefferkuchen") in person.known
    assert person.over_89
    assert b"pfefferkuchen" not in made.lower()


def test_ages_of_others_say_nothing_of_the_patient() -> None:
    found, _, _ = both(b"patient_id,question,answer\n77123,Mother's age,95\n77123,Age of donor,93\n77123,hgb,13\n")
    assert not any(one.over_89 for one in found.people)


def test_the_same_in_a_workbook_and_in_parquet() -> None:
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    book = openpyxl.Workbook()
    for row in (["patient_id", "variable", "value"], *(["77123", q, a] for q, a, _ in FIELDS)):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    rows = openpyxl.load_workbook(io.BytesIO(both(out.getvalue())[1])).active.iter_rows(min_row=2, values_only=True)
    assert [str(row[2] or "") for row in rows] == [wanted for _, _, wanted in FIELDS]

    numbers = [("mrn", 881230.0), ("ssn", 555443333.0), ("age", 95.0), ("glucose", 95.0)]
    asked, told = zip(*numbers, strict=True)
    table = pa.table({"person_id": ["7"] * 4, "observation_source_value": asked, "value_as_number": told})
    out = io.BytesIO()
    pq.write_table(table, out)
    made = pq.read_table(io.BytesIO(both(out.getvalue())[1]))
    assert made["value_as_number"].to_pylist() == [None, None, 90.0, 95.0]


def test_the_same_in_lines_of_json() -> None:
    lines = [{"record": "77123", "redcap_event_name": "b", "field_name": q, "value": a} for q, a, _ in FIELDS]
    lines.append({"record": "77123", "redcap_event_name": "b", "field_name": "mrn", "value": 881230})
    data = "".join(json.dumps(one) + "\n" for one in lines).encode()
    rules = treatment()
    found = records.harvest(io.BytesIO(data), len(data), rules)
    out = io.BytesIO()
    records.rewrite(io.BytesIO(data), out, Crowd(found), rules)
    made = [json.loads(line) for line in out.getvalue().decode().splitlines()]
    assert [one["value"] for one in made[:-1]] == [wanted for _, _, wanted in FIELDS]
    assert made[-1]["value"] is None
    assert {one["record"] for one in made} == {"P0001"}
    assert any(("name", "Pfefferkuchen") in one.known for one in found.people)


def test_a_table_without_both_columns_asks_nothing() -> None:
    assert asking(["patient_id", "value", "unit"]) == ((), frozenset())
    assert asking(["name", "label", "itemid", "value"]) == ((1, 0), frozenset({3}))
    assert asking(["LBTEST", "LBSTRESN"]) == ((0,), frozenset({1}))


def test_answers_that_a_heading_gives_say_nothing_of_the_columns_others() -> None:
    rows = [("last_name", f"Smithson{chr(97 + at)}") for at in range(12)] + [("hgb", "13.1")]

    class Rows:
        names = ("patient_id", "field_name", "value")

        def rows(self) -> object:
            return iter([("7", q, a) for q, a in rows])

    plan = planned(Rows(), treatment())  # type: ignore[arg-type]
    assert [one.role.value for one in plan.columns] == ["pseudonym", "keep", "keep"]
