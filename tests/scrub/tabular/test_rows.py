"""Whose a row is, what is learned of a person, and what becomes of each kind of cell."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabular_support import Crowd, both, cleaned, treatment, with_columns

from curator.core.errors import ItemError
from curator.identifiers.known import KnownIdentifiers, KnownMatcher
from curator.scrub.medium import Person
from curator.scrub.tabular import gather
from curator.scrub.tabular.cells import band, needles
from curator.scrub.tabular.medium import harvest, rewrite
from curator.scrub.tabular.values import plain_text

PEOPLE = (
    "MRN,Assigning Authority,First Name,Last Name,DOB,Phone,Emergency Contact,Age,Visit Date,comment\n"
    "007,North,Zebulon,Quartermain,1951-03-04,734-555-0182,Ottoline Quartermain,69,2020-05-06,\n"
    "008,North,Thaddeus,Winklebury,1930-01-02,,,90,2020-05-07,saw Quartermain\n"
    "007,North,Zebulon,Quartermain-Voss,1951-03-04,,,71,2022-01-01,Ottoline called\n"
    "007,South,Marisol,Etxeberria,1980-09-09,,,40,2020-01-01,\n"
    ",,Ingeborg,Sauerbrei,1990-01-01,,,30,2020-01-01,\n"
)


def test_rows_that_share_an_id_are_one_person() -> None:
    found = harvest(io.BytesIO(PEOPLE.encode()), len(PEOPLE), treatment())
    assert found.suffix == ".csv"
    assert [one.ids for one in found.people] == [
        (("mrn", "North", "007"),),
        (("mrn", "North", "008"),),
        (("mrn", "South", "007"),),
        (("row", "", "5"),),
    ]
    first, second = found.people[:2]
    assert {
        ("name", "Zebulon Quartermain"), ("name", "Zebulon Quartermain-Voss"), ("name", "Ottoline Quartermain"),
        ("phone", "734-555-0182"), ("birth_date", "19510304"),
    } == set(first.known)  # fmt: skip
    assert (first.birth_dates, first.last_date, first.over_89) == (("19510304",), "20220101", False)
    assert second.over_89
    assert ("last_name", "name") in found.where
    assert "Quartermain" not in repr(found)


def test_ids_that_stand_together_are_one_persons_whatever_row_tells_it() -> None:
    text = "mrn,patient_fhir_id,last_name\nA1,,One\n,Patient/f-9,Two\nA1,f-9,Three\n"
    found = harvest(io.BytesIO(text.encode()), len(text), treatment())
    assert len(found.people) == 1
    assert set(found.people[0].ids) == {("mrn", "", "A1"), ("fhir", "", "f-9")}
    assert [value for _, value in found.people[0].known] == ["One", "Two", "Three"]
    out = both(text.encode())[1].decode().splitlines()
    assert out[1:] == ["P0001,,[NAME]", ",P0001,[NAME]", "P0001,P0001,[NAME]"]


def test_a_name_of_two_letters_is_found_in_a_kept_column() -> None:
    rows = cleaned("mrn,last_name,result,status\nA,Wu,Wu,F\nB,Voss,Hb,4\n")
    assert [(one["result"], one["status"]) for one in rows] == [("[NAME]", "F"), ("Hb", "4")]


@pytest.mark.parametrize("name", ["José Gómez", "Alma Wetherby", "Nguyễn Thị Ánh", "Zed Li"])
def test_codes_stay_whatever_alphabet_a_name_is_written_in(name: str) -> None:
    made = cleaned(f"mrn,name,code,rxnorm,glucose\nA7-44,{name},444814009,1049221,123456\n")
    assert [made[0][key] for key in ("code", "rxnorm", "glucose")] == ["444814009", "1049221", "123456"]


def test_a_code_that_is_the_persons_number_goes_whatever_alphabet_a_name_is_written_in() -> None:
    others = "8,Zoë Fane,7,flu\n" * 6
    made = cleaned(f"mrn,name,code,diagnosis\n444814009,José Gómez,444814009,cough of Gómez\n{others}")
    assert "444814009" not in str(made)
    assert made[0]["diagnosis"] == "cough of [NAME]"


def test_two_id_columns_that_share_numbers_between_persons_are_held_back() -> None:
    for text in ("mrn,patient_id\nA,B\nB,C\n", "mrn,patient_id\n1,7\n2,8\n3,1\n"):
        with pytest.raises(ItemError) as caught:
            harvest(io.BytesIO(text.encode()), len(text), treatment())
        assert caught.value.code == "TAB-011"
    same = "mrn,patient_id\n1,1\n2,2\n1,1\n"
    assert len(harvest(io.BytesIO(same.encode()), len(same), treatment()).people) == 2


def test_one_person_with_endless_identifiers_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "_MOST_KNOWN", 20)
    text = "mrn,phone\n" + "".join(f"A,734555{at:04}\n" for at in range(21))
    with pytest.raises(ItemError) as caught:
        harvest(io.BytesIO(text.encode()), len(text), treatment())
    assert caught.value.code == "TAB-018"


def test_rows_that_tell_nothing_of_anybody_make_nobody() -> None:
    assert harvest(io.BytesIO(b"dx,icd10\nflu,J11\ncold,J00\n"), 0, treatment()).people == ()


def test_each_row_is_cleaned_with_what_is_known_of_its_own_person() -> None:
    rows = cleaned(PEOPLE)
    assert rows[2]["comment"] == "[NAME] called"
    assert [one["MRN"] for one in rows] == ["P0001", "P0002", "P0001", "P0003", ""]
    assert [one["Age"] for one in rows] == ["69", "90", "71", "40", "30"]
    assert [one["DOB"] for one in rows] == ["1951", "", "1951", "1980", "1990"]


def test_dates_move_with_their_person_and_keep_their_form() -> None:
    rows = cleaned("mrn,visit_date,result_time,dob\nA,3/4/2021,2021-03-04T10:11:12Z,04-MAR-1951\nB,x,,\n", "expert")
    assert rows[0] == {
        "mrn": "P0001", "visit_date": "2/21/2021", "result_time": "2021-02-21T10:11:12Z", "dob": "21-FEB-1951",
    }  # fmt: skip
    assert rows[1]["visit_date"] == ""


def test_codes_of_one_domain_agree_across_columns_and_files() -> None:
    one = cleaned("mrn,hadm_id,accession_number\nA,77,77\n")[0]
    other = cleaned("mrn,visit_id,accession_no\nB,77,77\n")[0]
    assert one["hadm_id"] == other["visit_id"] != one["accession_number"] == other["accession_no"]
    assert len(one["hadm_id"]) == 16


@pytest.mark.parametrize(
    ("column", "cell", "wanted"),
    [
        ("age", "45", "45"), ("age", "89", "89"), ("age", "104", "90"), ("age", "97 years", "90"), ("age", "old", ""),
        ("PatientAge", "045Y", "045Y"), ("PatientAge", "097Y", "90"), ("PatientAge", "006M", "006M"),
        ("age_months", "1068", "1068"), ("age_months", "1100", "1080"), ("age_months", "1,100", ""),
        ("age_days", "40000", "32872"), ("age_days", "12", "12"),
        ("zip", "48109-2214", "481"), ("zip", "03601", "000"), ("zip", "SW1A 1AA", ""),
        ("income", "52340", "50000-59999"), ("income", "about 5", ""),
        ("year_of_birth", "1930", ""), ("year_of_birth", "1951", "1951"), ("study_year", "2021-03-04", "2021"),
        ("state", "mi", "mi"), ("state", "Bavaria", ""), ("state", "Ann Arbor", ""),
        ("ReferencedSOPInstanceUID", " ", ""), ("mrn", "0", ""), ("mrn", "UNKNOWN", ""), ("mrn", "111", "P0001"),
        ("note", "{\\rtf1 Quart\\'65rmain}", ""), ("note", "ok", "ok"), ("note", "Pemberton", "[NAME]"),
        ("result", "123456789", ""), ("result", "1.5e10", ""), ("result", "12.123456789", "12.123456789"),
        ("SOPClassUID", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2"),
    ],
)  # fmt: skip
def test_cells_by_role(column: str, cell: str, wanted: str) -> None:
    assert cleaned(f'{column},sex,visit_date\n"{cell}",F,2020-01-01\n')[0][column] == wanted


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_a_band_holds_its_number_and_is_ten_wide_or_more(number: int) -> None:
    text = band(str(number)).strip("-()") if number < 0 else band(str(number))
    low, high = map(int, text.split("-"))
    assert low <= abs(number) <= high
    assert high - low >= 9


_NAMES = st.lists(st.sampled_from(["Li", "O'Neil", "Mueller", "Ana", "de", "Joel", "X", "Wu-Chen", "Voss"]), min_size=1)
_KNOWN = st.tuples(st.just("name"), _NAMES.map(" ".join)) | st.tuples(
    st.sampled_from(["id", "phone", "address", "email", "other"]), st.text("ab0019-.,@ ", min_size=1, max_size=18)
) | st.tuples(st.just("birth_date"), st.dates().map(lambda day: f"{day:%Y%m%d}".zfill(8)))  # fmt: skip


@given(st.lists(_KNOWN, min_size=1, max_size=4), st.data())
def test_the_pieces_miss_nothing_that_the_search_finds(known: list[tuple[str, str]], data: st.DataObject) -> None:
    from curator.identifiers.spelling import fold

    values = [value for _, value in known]
    text = data.draw(
        st.lists(st.sampled_from([*values, *[v.lower() for v in values], *[fold(v) for v in values], "x"]))
    )
    cell = " ".join(text)
    if any(True for _ in KnownMatcher(KnownIdentifiers(tuple(known))).find(cell)):
        pieces = needles(known)
        assert pieces is not None  # all values are ASCII
        assert any(piece in fold(cell) for piece in pieces)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("a <b>bold</b> &amp; plain", "a bold & plain"),
        ("Quarter<i>ma</i>in", "Quartermain"),
        ("one<br/>two", "one\ntwo"),
        ('<a href="mailto:q@x.example">mail</a>', "mail"),
        ("&amp;#81;uartermain", None),
        ("p < 0.05 and q > 3", "p < 0.05 and q > 3"),
        ("%PDF-1.4", None),
        ("data:image/png;base64,iVBOR", None),
        ("A1b2" * 20, None),
    ],
)
def test_markup_goes_and_what_cannot_be_searched_is_said(cell: str, wanted: str | None) -> None:
    assert plain_text(cell) == wanted


def test_what_is_known_from_other_files_is_found_too() -> None:
    data = b"mrn,result,comment\nA,Tzirkaland,met Tzirkaland\n"
    rules = treatment()
    crowd = Crowd(harvest(io.BytesIO(data), len(data), rules))
    crowd.own = Person("NOBODY", 3, over_89=False, key=b"n" * 32, known=(("name", "Tzirkaland, Bo"),))
    crowd.by_id.clear()
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, crowd, rules)
    assert out.getvalue() == b"mrn,result,comment\nNOBODY,[NAME],met [NAME]\n"


def dated(rows: str) -> list[list[str]]:
    return [list(row.values())[1:] for row in cleaned(rows, with_columns("", dates="shift"))]


def test_a_column_with_one_date_that_has_the_day_first_has_it_first_throughout() -> None:
    """Else 03/02/2021 moves from March and 15/02/2021 from February, and the interval is wrong."""
    day = "mrn,admission_date,discharge_date\n7,03/02/2021,15/02/2021\n7,01/03/2021,02/03/2021\n"
    assert dated(day) == [["23/01/2021", "04/02/2021"], ["18/02/2021", "19/02/2021"]]
    month = "mrn,admission_date,discharge_date\n7,02/03/2021,02/15/2021\n7,03/01/2021,03/02/2021\n"
    assert dated(month) == [["01/23/2021", "02/04/2021"], ["02/18/2021", "02/19/2021"]]
    # Nothing tells, or the two contradict each other: a date is read as the month first where it can be.
    assert dated("mrn,admission_date\n7,03/02/2021\n") == [["02/19/2021"]]
    assert (
        dated("mrn,admission_date,discharge_date\n7,03/02/2021,15/02/2021\n7,03/02/2021,02/15/2021\n")[0][0]
        == "02/19/2021"
    )


def test_a_birth_date_is_known_by_the_day_that_the_column_tells() -> None:
    data = b"mrn,birth_date\n7,03/02/1961\n8,25/12/1970\n"
    found = both(data)[0]
    assert [one.birth_dates for one in found.people] == [("19610203",), ("19701225",)]


def test_a_kept_column_says_nothing_of_the_dates() -> None:
    assert dated("mrn,admission_date,medication\n7,03/02/2021,20/12/21 mg\n")[0][0] == "02/19/2021"


@pytest.mark.parametrize(
    ("number", "known"),
    [
        ("7", ()),
        ("4471", ()),
        ("44718", (("record_number", "44718"),)),
        ("447182", (("id", "447182"),)),
        ("Q-4471", (("id", "Q-4471"),)),
        ("55-12-9", (("record_number", "55-12-9"),)),
        ("KQZTV", (("record_number", "KQZTV"),)),
        ("KQZTVB", (("id", "KQZTVB"),)),
        ("control", ()),
        ("1d604da9-9a81-4ba9-80c2-de3375d59b40", (("id", "1d604da9-9a81-4ba9-80c2-de3375d59b40"),)),
    ],
)
def test_a_number_of_the_patient_is_known_where_it_tells_one(number: str, known: tuple[tuple[str, str], ...]) -> None:
    assert gather.own_number(number) == known


def test_the_patients_number_goes_from_texts_without_a_word_that_says_what_it_is() -> None:
    rows = "mrn,comment\nKQZTVB,discussed kqztvb with the team\n55-12-9,file 55129 pulled\n4,took 4 tablets\n"
    assert [row["comment"] for row in cleaned(rows)] == [
        "discussed [RECORD NUMBER] with the team",
        "file [RECORD NUMBER] pulled",
        "took 4 tablets",
    ]


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        (["44270", "44269.5", "44271"], ["2021", "2021", "2021"]),
        (["2021-03-14", "44270", "03/16/2021"], ["2021", "2021", "2021"]),
        (["March 14, 2021", "14 March 2021", "14-Mar"], ["2021", "2021", ""]),
        # Times of day without marks, numbers of something else, days far ahead: none of them is read as a day.
        (["43000", "101500"], ["", ""]),
        (["44270", "99999"], ["", ""]),
        (["see 44270", "n/a", "44270"], ["", "", ""]),
    ],
)
def test_days_that_a_spreadsheet_counts_are_dates(dates: list[str], wanted: list[str]) -> None:
    rows = cleaned("mrn,visit_date\n" + "".join(f'A{at},"{one}"\n' for at, one in enumerate(dates)))
    assert [one["visit_date"] for one in rows] == wanted


def test_a_counted_day_moves_as_a_number_and_a_counted_birth_is_known() -> None:
    text = "mrn,dob,visit_date\nA,21297,44270.25\n"
    found, clean, _ = both(text.encode(), with_columns("", dates="shift"))
    assert found.people[0].birth_dates == ("19580422",)
    assert clean.decode().splitlines()[1].split(",")[1:] == ["21286", "44259.25"]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("A,1453,\nB,58103,\nC,601,\n", ["014", "581", "006"]),
        ("A,1453-1234,\nB,58103-1111,\nC,58104,\n", ["014", "581", "581"]),
        ("A,1453,MA\nB,3012,\n", ["014", ""]),
        ("A,1453,\nB,3012,\n", ["", ""]),
    ],
)
def test_a_zip_code_that_lost_its_zero_is_whole_where_the_table_tells(rows: str, wanted: list[str]) -> None:
    assert [one["zip"] for one in cleaned(f"mrn,zip,state\n{rows}")] == wanted


def test_ages_are_read_in_every_unit_and_form() -> None:
    ages = {
        "90+": "90",
        ">89": "90",
        "1104 mo": "90",
        "1079 mo": "1079 mo",
        "18 mo": "18 mo",
        "94 y/o": "90",
        "94 yo": "90",
    }
    ages |= {
        "90 and over": "90",
        "62 and over": "62 and over",
        "5 d": "5 d",
        "2 y 3 mo": "2 y 3 mo",
        "1958": "",
        "soon": "",
    }
    text = "mrn,age\n" + "".join(f"{at},{one}\n" for at, one in enumerate(ages, 1))
    found, _, made = both(text.encode())
    assert [one["age"] for one in cleaned(text)] == list(ages.values())
    assert [at for at, one in enumerate(found.people) if one.over_89] == [0, 1, 2, 5, 6, 7]
    assert ("age", "emptied", 2) in made.actions


def test_a_number_that_is_written_for_a_spreadsheet_is_the_number() -> None:
    text = 'mrn,result\n"=""0007788123""",1\n0007788123,2\n'
    assert [one.ids for one in harvest(io.BytesIO(text.encode()), len(text), treatment()).people] == [
        (("mrn", "", "0007788123"),)
    ]


@pytest.mark.parametrize(("heading", "land"), [("PLZ", "Land"), ("zip", "country"), ("postcode", "Country Code")])
def test_a_postal_code_of_another_country_goes(heading: str, land: str) -> None:
    rows = cleaned(f"mrn,{heading},{land}\nA,69151,DE\nB,02139,USA\nC,75011,Frankreich\n")
    assert [one[heading] for one in rows] == ["", "021", ""]
    assert [one[land] for one in rows][:2] == ["DE", "USA"]


def test_without_a_country_the_heading_tells_whose_postal_codes_they_are() -> None:
    for heading in ("PLZ", "Postleitzahl", "code postal", "código postal", "postcode"):
        (row,) = cleaned(f"mrn,{heading},sex\nA,69151,F\n")
        assert set(row) == {"mrn", "sex"}
    for heading in ("zip", "ZIP_CODE", "postal_code"):
        assert cleaned(f"mrn,{heading},sex\nA,02139,F\n")[0][heading] == "021"


def test_a_code_beside_a_country_that_is_not_told_is_read_by_its_heading() -> None:
    rows = cleaned("mrn,zip,plz,country\nA,02139,02139,\nB,02139,02139,unknown\n")
    assert [(one["zip"], one["plz"]) for one in rows] == [("021", ""), ("021", "")]


def test_a_code_beside_another_state_and_a_state_beside_another_country_go() -> None:
    rows = cleaned("mrn,state,zip\nA,Bayern,80331\nB,MA,02139\nC,Mass.,02139\nD,,02139\n")
    assert [(one["state"], one["zip"]) for one in rows] == [("", ""), ("MA", "021"), ("", "021"), ("", "021")]
    rows = cleaned("mrn,state,zip,country\nA,MI,20121,IT\nB,MI,48104,US\nC,Bayern,48104,US\n")
    assert [(one["state"], one["zip"]) for one in rows] == [("", ""), ("MI", "481"), ("", "481")]
    (row,) = cleaned("mrn,birth_state,zip\nA,Bayern,02139\n")
    assert row["zip"] == "021"


def test_a_policy_may_say_that_a_column_holds_zip_codes() -> None:
    assert cleaned("mrn,plz\nA,02139\n", with_columns('plz = "zip3"'))[0]["plz"] == "021"


def test_ranges_below_their_headings_are_no_days() -> None:
    rows = cleaned(
        "mrn,test_name,result_value,reference_range\n"
        "A,Hemoglobin,13.7,12-16\nB,WBC urine,6-10,0-5\nC,WBC urine,12-16,6-10 /HPF\nD,Visit date,12-16,\n"
    )
    assert [one["reference_range"] for one in rows] == ["12-16", "0-5", "6-10 /HPF", ""]
    assert [one["result_value"] for one in rows] == ["13.7", "6-10", "12-16", ""]


def test_days_below_a_heading_of_ranges_go() -> None:
    rows = cleaned("mrn,reference_range,result\n" + "A,12-16,5-9\n" * 9 + "B,10-12-2019,3/14/2020\nC,12-2016,12/16\n")
    assert rows[0] == {"mrn": "P0001", "reference_range": "12-16", "result": "5-9"}
    assert all("[DATE]" in one["reference_range"] for one in rows[9:])
    assert all("[DATE]" in one["result"] for one in rows[9:])


@pytest.mark.parametrize("power", [0, 3, 6, 9])
def test_moments_counted_since_1970_are_dates(power: int) -> None:
    moments = [1614556800 * 10**power, 1615766400 * 10**power]
    text = "mrn,visit_date,result\n" + "".join(f"A,{one},13\n" for one in moments)
    assert [one["visit_date"] for one in cleaned(text)] == ["2021", "2021"]
    shifted = [int(one["visit_date"]) for one in cleaned(text, "expert")]
    assert shifted == [one - 11 * 86_400 * 10**power for one in moments]


def test_moments_keep_their_fractions_and_tell_births() -> None:
    text = "mrn,dob,visit_date\nA,-272764800,1614556800.25\nB,1000000000,1614556800.0\n"
    found, clean, _ = both(text.encode())
    assert [one.birth_dates for one in found.people] == [("19610511",), ("20010909",)]
    assert found.people[0].last_date == "20210301"
    assert clean.decode().splitlines()[1:] == ["P0001,1961,2021", "P0002,2001,2021"]
    moved = both(text.encode(), "expert")[1].decode().splitlines()[1:]
    assert moved[0] == f"P0001,{-272764800 - 11 * 86400},{1614556800 - 11 * 86400}.25"


@pytest.mark.parametrize(
    "cells", [["1614556800", "99999999999"], ["1614556800", "1614556800000"], ["4102444800", "4102444800"], ["1", "2"]]
)
def test_other_numbers_among_dates_become_empty(cells: list[str]) -> None:
    rows = cleaned("mrn,visit_date,result\n" + "".join(f"A,{one},13\n" for one in cells))
    assert [one["visit_date"] for one in rows] == ["", ""]


def test_an_age_over_89_takes_a_birth_that_is_counted_in_seconds() -> None:
    rows = cleaned("mrn,dob,age,visit_date\nA,-1260000000,91,1614556800\n")
    assert rows[0]["dob"] == ""


def test_a_result_is_a_range_only_beside_its_test_its_unit_or_its_range() -> None:
    assert "12-16" not in str(cleaned("mrn,value\nA,12-16\nB,5\nC,6\nD,7\nE,8\nF,9\n"))
    rows = cleaned("mrn,units,value\nA,/HPF,12-16\nB,,12-16\nC,/HPF,6\nD,/HPF,7\n")
    assert [one["value"] for one in rows[:2]] == ["12-16", "[DATE]"]


def _onsets(*cells: str, beside: str = "duration") -> list[str]:
    return [row["onset"] for row in cleaned(f"onset,{beside}\n" + "".join(f'"{cell}",1.5\n' for cell in cells))]


def test_seconds_of_events_stay_below_onset() -> None:
    for cells in (
        ("0.0", "10.25", "-3.5", "1200.123", "n/a", "999", "1930", "1950"),
        tuple(str(at * 30) for at in range(960)),  # a night in epochs of 30 seconds
    ):
        assert _onsets(*cells) == list(cells)


def test_what_was_shown_stays_beside_its_onset() -> None:
    (row,) = cleaned("onset,duration,trial_type,response_time\n1.5,2,face,0.731\n")
    assert row == {"onset": "1.5", "duration": "2", "trial_type": "face", "response_time": "0.731"}


def test_dates_below_onset_are_dates_however_they_are_written() -> None:
    assert _onsets("2021-03-15", "03/17/2021", "3", "1930", "20210315") == ["2021", "2021", "3", "", "2021"]
    assert _onsets("44270", "44280", "44290.5") == ["2021"] * 3
    assert _onsets("44270", "3", "14", "7") == ["", "3", "14", "7"]
    assert _onsets("1615766400", "1615766500") == ["2021"] * 2
    assert _onsets("2019", "1930", "3-15", "7015550142") == ["2019", "", "", ""]
    assert _onsets("12000", "3", "4", "5", beside="pulse") == ["", "3", "4", "5"]


def test_words_below_onset_are_read_as_a_text() -> None:
    cells = ["sudden", "2 weeks ago", "March 15", "since 3/15/2021, told by Dr. Otterquist"]
    made = [row["symptom_onset"] for row in cleaned("symptom_onset,sex\n" + "".join(f'"{one}",F\n' for one in cells))]
    assert made[:2] == cells[:2]
    assert not [one for one in ("March", "3/15", "Otterquist") if one in "".join(made)]
