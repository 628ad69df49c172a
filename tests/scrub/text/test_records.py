# ruff: noqa: E501 - a made-up record stays on one line
"""JSON records: known members by role, unknown ones not at all; persons, numbers, bad input. All values are made up."""

import hashlib
import json

import pytest
from text_support import FILLER, SPELLINGS, People, harvest, leaks, rewrite

from curator.core.errors import ItemError
from curator.scrub.medium import Person


def code_of(data, policy="safe-harbor"):
    with pytest.raises(ItemError) as caught:
        rewrite(data, policy)
    return caught.value.code


def planted():
    """Return a record with every spelling in notes, lists, names, unknown members, keys and codes."""
    return {
        "mrn": "00482913",
        "name": "Kwabenaba Tettehquaye",
        "dob": "1950-03-14",
        "phone": "617-555-0142",
        "sex": "F",
        "age": 71,
        "bmi": 23.40,
        "hidden": SPELLINGS[0],
        "Kwabenaba Tettehquaye": {"note": "x"},
        "notes": [{"text": f"{FILLER} {one}"} for one in SPELLINGS],
        "note": "; ".join(SPELLINGS),
        "diagnosis": [{"code": "I20.9", "name": "chest pain", "by": one} for one in SPELLINGS],
        "status": SPELLINGS[3],
        "encounter": {"visit_id": "V00482913", "admit_date": "2021-06-02", "wing": "Kwabenaba"},
    }


def test_nothing_planted_in_a_record_stays_and_its_medicine_does():
    text, made = rewrite(json.dumps(planted(), ensure_ascii=False))
    assert leaks(text) == set()
    clean = json.loads(text)
    assert clean["mrn"] == "PEXAMPLE22222222"
    assert clean["dob"] == "1950"
    assert clean["sex"] == "F"
    assert '"bmi": 23.4' in text
    assert '"age": 71' in text
    assert clean["diagnosis"][0]["code"] == "I20.9"
    assert all(FILLER in one["text"] for one in clean["notes"])
    assert "hidden" not in clean
    assert "wing" not in clean["encounter"]
    assert ("member", "unknown") in {(place, action) for place, action, _ in made.actions}
    assert made.content == hashlib.sha256(text.encode()).hexdigest()


def test_nothing_planted_stays_with_escapes_and_as_json_lines():
    lines = [json.dumps(planted()) for _ in range(3)]
    text, _ = rewrite("\n".join(lines) + "\n")
    assert leaks(text) == set()
    assert len(text.splitlines()) == 3


def test_an_unknown_member_does_not_pass_at_any_depth():
    record = {
        "note": "stable",
        "zz": "quiet",
        "data": {"zz": ["quiet"], "note": "ok", "meta": {"zz": {"note": "quiet"}}},
    }
    text, made = rewrite(json.dumps(record))
    assert "quiet" not in text
    assert "zz" not in text
    assert json.loads(text) == {"note": "stable", "data": {"note": "ok", "meta": {}}}
    assert ("member", "unknown", 3) in made.actions


@pytest.mark.parametrize("number", ["23.40", "1e3", "-0.0", "5.10", "0.1234567890123456"])
def test_kept_numbers_stay_as_they_are_written(number):
    assert rewrite(f'{{"bmi": {number}, "note": "ok"}}')[0] == f'{{"bmi": {number}, "note": "ok"}}\n'


def test_a_long_number_is_nobodys_measurement():
    assert json.loads(rewrite('{"bmi": 6175550142, "note": "ok"}')[0]) == {"bmi": None, "note": "ok"}


def test_rows_are_their_own_persons():
    people = People(**{"71112": Person("PA", 3, False, bytes(32)), "71113": Person("PB", 9, False, bytes(32))})
    data = '{"mrn": "71112", "note": "a"}\n{"patient": {"id": "71113"}, "note": "b"}\n{"note": "c", "sex": "M"}\n'
    text, _ = rewrite(data, people=people)
    lines = [json.loads(line) for line in text.splitlines()]
    assert [lines[0]["mrn"], lines[1]["patient"]["id"]] == ["PA", "PB"]
    assert people.asked == [[("mrn", "", "71112")], [("mrn", "", "71113")], [("row", "", "3")]]
    found = harvest(data)
    assert [person.ids for person in found.people] == [(("mrn", "", "71112"),), (("mrn", "", "71113"),)]
    assert found.suffix == ".jsonl"


def test_persons_within_one_record_are_told_apart():
    people = People(**{"71112": Person("PA", 3, False, bytes(32)), "71113": Person("PB", 9, False, bytes(32))})
    data = json.dumps({"patients": [{"mrn": "71112", "notes": [{"text": "a"}]}, {"mrn": "71113"}]})
    text, _ = rewrite(data, people=people)
    assert [one["mrn"] for one in json.loads(text)["patients"]] == ["PA", "PB"]
    assert {person.ids[0][2] for person in harvest(data).people} == {"71112", "71113"}


def test_a_record_number_in_the_text_names_the_person_of_a_record_without_one():
    people = People(**{"00482913": Person("PA", 3, False, bytes(32))})
    data = '{"text": "Patient: Kwabenaba Tettehquaye\\nMRN: 00482913\\nstable"}\n{"text": "no number here"}\n'
    text, _ = rewrite(data, people=people)
    assert people.asked[0] == [("mrn", "", "00482913")]
    assert leaks(text) == set()
    person = harvest(data).people[0]
    assert person.ids == (("mrn", "", "00482913"),)
    assert any(kind == "name" for kind, _ in person.known)


def test_what_records_tell_of_a_person_is_gathered():
    data = '{"mrn": "71112", "first_name": "Kwabenaba", "last_name": "Tettehquaye", "dob": "1931-03-14", "age": 94, "admit_date": "2021-06-02", "note": "seen 07/08/2021"}'
    (person,) = harvest(data).people
    assert ("name", "Kwabenaba Tettehquaye") in person.known
    assert person.birth_dates == ("19310314",)
    assert person.last_date == "20210708"
    assert person.over_89


def test_an_array_is_written_as_an_array_of_as_many():
    text, _ = rewrite('[{"note": "a"}, {"note": "b"}]')
    assert json.loads(text) == [{"note": "a"}, {"note": "b"}]
    assert json.loads(rewrite("[]")[0]) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('{"note": "a", "note": "b"}', "JSN-002"),
        ('{"note": "a"}\n{"note": "b", "note": "c"}\n', "JSN-002"),
        ('{"note": "a"}\n{"note": \n', "JSN-001"),
        ('{"note": "a"}\nKwabenaba\n', "JSN-001"),
        ('{"note": NaN}', "JSN-003"),
        ('[{"bmi": -Infinity}]', "JSN-003"),
        ('{"note": "\\ud800"}', "JSN-004"),
        ('{"\\udfff": 1}', "JSN-004"),
        ('{"note": ' + "[" * 80 + "]" * 80 + "}", "JSN-005"),
        ('{"note": ' + "[" * 90_000 + "]" * 90_000 + "}", "JSN-005"),
        ('{"zzz": 1, "yyy": {"note": "x"}}', "JSN-009"),
        ('["Kwabenaba", "Tettehquaye"]', "JSN-009"),
        ('{"A L T": 12, "alt": 13}', "JSN-010"),
    ],
)
def test_what_cannot_be_read_is_held_back_whole(data, code):
    assert code_of(data) == code


def test_an_error_names_no_value():
    with pytest.raises(ItemError) as caught:
        rewrite('{"Kwabenaba": "Tettehquaye"')
    assert "Kwab" not in str(caught.value) + repr(caught.value.facts)
    assert caught.value.__cause__ is None


def test_a_line_that_is_too_long_is_refused(monkeypatch):
    from curator.scrub.text import jsonvalue

    with pytest.raises(ItemError) as caught:
        list(jsonvalue.lines(iter(["ab", "cd\n", "x" * 9, "y" * 9]), most=16))
    assert caught.value.code == "JSN-006"


def test_segments_are_read_as_one_text_and_speakers_keep_one_label():
    record = {
        "text": "Good morning Kwabenaba Tettehquaye.",
        "language": "en",
        "segments": [
            {
                "id": 0,
                "start": 0.0,
                "end": 2.51,
                "text": " Good morning Kwabenaba",
                "speaker": "Wanjirunda",
                "tokens": [50364, 1],
            },
            {
                "id": 1,
                "start": 2.51,
                "end": 4.0,
                "text": " Tettehquaye, how are you?",
                "speaker": "Wanjirunda",
                "words": [{"word": " Tettehquaye", "start": 1.0}],
            },
            {"id": 2, "start": 4.0, "end": 5.0, "text": " Fine, thank you Wanjirunda.", "speaker": "Patient"},
        ],
    }
    text, _ = rewrite(json.dumps(record))
    assert leaks(text) == set()
    assert "anjirunda" not in text
    clean = json.loads(text)
    assert [one["speaker"] for one in clean["segments"]] == ["Speaker 1", "Speaker 1", "Patient"]
    assert [one["end"] for one in clean["segments"]] == [2.51, 4.0, 5.0]
    assert "how are you?" in clean["segments"][1]["text"]
    assert "tokens" not in clean["segments"][0]
    assert "words" not in clean["segments"][1]


def test_a_name_of_a_thing_stays_and_tells_nobody():
    record = {
        "patient_id": "MR-77881",
        "labs": [{"name": "Hemoglobin", "value": 13.1}],
        "medications": [{"name": "Coumadin 5 mg"}],
        "problems": [{"name": "Hypertension"}],
        "results": [{"name": "Sodium", "value": 140, "unit": "mmol/L"}],
    }
    clean = json.loads(rewrite(json.dumps(record))[0])
    assert {**clean, "patient_id": "MR-77881"} == record
    assert {kind for kind, _ in harvest(json.dumps(record)).people[0].known} == {"id"}


@pytest.mark.parametrize(
    "record",
    [
        {"mrn": "MR-77881", "patient": {"name": "Sodium"}},
        {"mrn": "MR-77881", "name": "Sodium", "dob": "1950-01-02", "value": 3, "unit": "g"},
        {"mrn": "MR-77881", "first_name": "Sodium", "labs": [{"name": "Sodium", "value": 140}]},
    ],
)
def test_a_person_of_a_demographic_record_may_be_called_by_any_word(record):
    assert ("name", "Sodium") in harvest(json.dumps(record)).people[0].known


def test_names_in_members_that_go_are_known_of_the_record():
    record = {"mrn": "MR-77881", "caretaker": {"full": "Ludo Vantongeren"}, "zz": {"qq": ["Zerelda"]}, "yy": "Heparin"}
    known = harvest(json.dumps(record)).people[0].known
    assert {value for kind, value in known if kind == "likely_name"} == {"Ludo", "Vantongeren", "Zerelda"}


def test_lists_of_words_are_read_as_text():
    record = {
        "mrn": "MR-77881",
        "medications": ["Lasix 40 mg", "metoprolol, per Zebulon Quartermain"],
        "problems": "none",
    }
    clean = json.loads(rewrite(json.dumps(record))[0])
    assert clean["medications"] == ["Lasix 40 mg", "metoprolol, per [NAME]"]
    assert clean["problems"] == "none"


def test_a_table_whose_columns_stand_apart_is_read_as_records():
    table = {"columns": ["mrn", "name", "hgb"], "index": [0], "data": [["MR-77881", "Zebulon Quartermain", 13.1]]}
    assert json.loads(rewrite(json.dumps(table))[0]) == [{"mrn": "PEXAMPLE22222222", "name": "[NAME]", "hgb": 13.1}]
    assert harvest(json.dumps(table)).people[0].ids == (("mrn", "", "MR-77881"),)


@pytest.mark.parametrize(
    ("columns", "row", "code"),
    [(["mrn", "hgb"], [1], "JSN-011"), (["mrn", "mrn"], [1, 2], "JSN-002"), ([["mrn", "a"]], [1], "JSN-011")],
)
def test_a_table_whose_rows_do_not_fit_its_columns_is_held_back(columns, row, code):
    assert code_of(json.dumps({"columns": columns, "data": [row]})) == code


def test_cells_without_names_are_held_back():
    assert code_of(json.dumps([["MR-77881", "Zebulon"], ["MR-77882", "Ottoline"]])) == "JSN-009"
