"""Identifiers planted wherever a table has room for one: none of them may be anywhere in the clean file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import pytest
from tabular_support import assert_absent, both, everything, text_of, with_columns

#: Forty identifiers, made up; each is planted once or more, in the places that its number stands beside below.
NAMES = [
    "Zebulon Quartermain",
    "Ottoline Fairweather",
    "Thaddeus Winklebury",
    "Marisol Etxeberria",
    "Ingeborg Sauerbrei",
]
PHONES = ["734-555-0182", "(313) 555-0147", "+49 30 5550199"]
MAILS = ["zebulon.q@mailbox.example", "o.fairweather@inbox.example"]
SSNS = ["521-44-9083", "638-20-1175", "417339085"]
MRNS = ["MRN00418822", "7730021946", "Q-558-210-X"]
DATES = ["1951-03-04", "04/17/1938", "2021-11-23", "23.11.2019"]
PLACES = ["418 Larkspur Crescent", "Yellow Springs", "48109-2214"]
OTHERS = [
    "1HGCM82633A004352",
    "192.168.77.14",
    "https://portal.example/zq77",
    "DL-K8812094",
    "INS-4471-0098",
    "ACCT-90817263",
    "1.2.826.0.1.3680043.9.7777.12",
    "@zebquarter",
]
ALL = [*NAMES, *PHONES, *MAILS, *SSNS, *MRNS, *DATES, *PLACES, *OTHERS]
SECRETS = [
    "Wrenfield",
    "Abernathy-Voss",
    "Kowalczykowski",
    "Bramblewick",
    "Oyelaran",
    "Pfefferkorn",
    "Vandersloot",
    "Quimbleton",
    "Tzirkaland",
]


def test_forty_identifiers_are_planted() -> None:
    assert len(set(ALL + SECRETS)) == 40


HEADER = [
    "MRN", "Patient Name", "First Name", "Last Name", "DOB", "SSN", "Phone", "Email", "Street Address", "City", "ZIP",
    "Sex", "Admit Date", "dx", "result", "comment", "note_text", "account_no", "insurance_id", "vin", "ip_address",
    "url", "drivers_license", "Favorite uncle", "SOPInstanceUID", "category", "lab_code", "status",
]  # fmt: skip


def row(mrn: str, number: int) -> list[str]:
    name = NAMES[number]
    given, family = name.split(" ", 1)
    return [
        mrn, name, given, family, DATES[number % 2], SSNS[number % 2], PHONES[number % 2], MAILS[number % 2], PLACES[0],
        PLACES[1], PLACES[2], "F", DATES[2], "I10", "5.4",
        f"Spoke with {family}, call {PHONES[0]}; SSN {SSNS[1]} on {DATES[3]}",
        f"Pt {name.upper()} ({mrn}) of {PLACES[0]}, {MAILS[0]}, {DATES[2]}. <b>{given[:3]}</b>{given[3:]} is stable.",
        OTHERS[5], OTHERS[4], OTHERS[0], OTHERS[1], OTHERS[2], OTHERS[3], SECRETS[number], OTHERS[6],
        f"{family}", "2345-7", "final",
    ]  # fmt: skip


ROWS = [HEADER, row(MRNS[0], 0), row(MRNS[1], 1), row(MRNS[2], 2), row(MRNS[0], 0), row(MRNS[1], 1)]


@pytest.mark.parametrize("policy", ["safe-harbor", "expert"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_nothing_planted_in_cells_of_any_kind_of_column_passes(policy: str, delimiter: str) -> None:
    _, out, made = both(text_of(ROWS, delimiter), policy)
    gone = [one for one in ALL if any(one in cell for line in ROWS for cell in line)]
    assert len(gone) > 20
    assert_absent([*gone, *SECRETS[:3], "Favorite uncle"], out)
    text = out.decode()
    assert "I10" in text
    assert "2345-7" in text
    assert "final" in text
    assert "is stable" in text
    assert ("column", "unknown", 1) in made.actions


def test_headers_that_are_identifiers_go_with_their_columns() -> None:
    header = [
        "mrn",
        "sex",
        *NAMES,
        *DATES,
        *MRNS,
        "sodium Wrenfield 2021",
        "Al T",
        "result (Bramblewick)",
        "Jo B",
        "Ma Il",
    ]
    out = both(text_of([header, *[["A1", "F", *["7.0"] * (len(header) - 2)]] * 3]))[1]
    assert_absent([*NAMES, *DATES, *MRNS, "Wrenfield", "Bramblewick"], out)
    assert out.splitlines()[0] in {b"mrn,sex,alt,job", b"mrn,sex,alt,job,mail"}
    assert b"Al T" not in out
    assert b"Jo B" not in out


def test_kept_columns_are_searched_for_what_is_known_and_for_what_looks_like_an_identifier() -> None:
    planted = [
        "Quartermain", "QUARTERMAIN, ZEBULON", "quartermain^zebulon", "zebulonquartermain", "MRN00418822", "00418822",
        *PHONES, *MAILS, *SSNS, *DATES, "410 555 0133", "Winslow", "Etxeberria Marisol", "Mar 4 1951", "19510304",
        "http://x.example/a?id=7730021946", "7730021946", "1614855600", "7345550182x", "521449083.0",
        "Quarter&#109;ain", "Quar<i>ter</i>main",
        "eyJtcm4iOiJNUk4wMDQxODgyMiIsIm5hbWUiOiJaZWJ1bG9uIFF1YXJ0ZXJtYWluIiwiYWdlIjo3NX0", "=5A=65=62=75=6C=6F=6E",
    ]  # fmt: skip
    filler = [["MRN00418822", "Zebulon", "Quartermain", DATES[0], f"{at % 90}.{at % 10}", "low"] for at in range(400)]
    cells = [["MRN00418822", "Zebulon", "Quartermain", DATES[0], one, one] for one in planted]
    header = ["MRN", "First Name", "Last Name", "DOB", "result", "category"]
    out = both(text_of([header, *filler, *cells]))[1]
    lines = out.decode().splitlines()
    assert lines[1] == "P0001,[NAME],[NAME],1951,0.0,low"
    assert len(lines) == 1 + len(filler) + len(cells)
    assert_absent(planted, out)


def test_spellings_that_hide_an_identifier_from_a_plain_search_do_not_pass() -> None:
    hidden = [
        "521-44\u200b-9083", "５２１-４４-９０８３", "WmVidWxvbiBRdWFydGVybWFpbg==", "5a6562756c6f6e2051756172746572",
        "5a6562756c6f6e", "Z e b u l o n", "Q u a r t e r m a i n", "Ｑｕａｒｔｅｒｍａｉｎ", "Quar\u00adtermain",
        "Qu\u0430rtermain", "521.44.9083", "Zebulon_Quartermain", "zquartermain",
        "%51uartermain", "\\u0051uartermain", "_x0051_uartermain", "C:\\Users\\Quartermain", "Quarter&#x6d;ain",
        "4. März 1951", "1951年3月4日", "Winklebury, T", "J. Winklebury", "Dr Wrenfield", "PEMBERTON", "@zebquarter",
    ]  # fmt: skip
    person = ["MRN00418822", "Zebulon", "Quartermain", DATES[0]]
    rows = [["MRN", "First Name", "Last Name", "DOB", "result", "comment"]]
    rows += [[*person, f"{at % 9}.5", ""] for at in range(600)] + [[*person, one, f"{one}, stable"] for one in hidden]
    lines = list(csv.reader(io.StringIO(both(text_of(rows))[1].decode(), newline="")))
    assert lines[1][4] == "0.5"
    for one, line in zip(hidden, lines[601:], strict=True):
        assert one not in line[4]
        assert one not in line[5]
    text = " ".join(cell for line in lines for cell in line[4:])
    for one in ("uartermain", "Quarter", "ebulon", "Winkleb", "Wrenf", "MBERTON", "9083", "0182", "1951"):
        assert one not in text, one


def test_a_column_of_different_words_that_no_list_has_is_taken_for_names() -> None:
    ends = ("bury", "wick", "thorpe", "nyk", "oglu")
    made = [f"{start}{end}" for start in ("Winkle", "Bramble", "Tzirka", "Quim", "Oye", "Zeb") for end in ends]
    rows = [["mrn", "result", "sex"], *[[f"A{at}", name, "F"] for at, name in enumerate(made)]]
    assert_absent(made, both(text_of(rows))[1])


@pytest.mark.parametrize("values", [SSNS, PHONES, MAILS, NAMES, DATES, MRNS, ["Pemberton", "Castellanos", "Nakamura"]])
def test_a_column_whose_contents_contradict_its_harmless_name_does_not_keep_them(values: list[str]) -> None:
    rows = [["mrn", "result", "sex"], *[[f"A{at}", values[at % len(values)], "F"] for at in range(60)]]
    out = both(text_of(rows))[1]
    assert_absent(values, out)
    assert b"P0060" in out


def test_a_single_identifier_far_down_in_a_kept_column_is_found() -> None:
    rows = [["mrn", "result"], *[[f"A{at % 50}", "negative"] for at in range(20_000)]]
    rows[17_001][1] = SSNS[0]
    out = both(text_of(rows))[1]
    assert_absent([SSNS[0]], out)
    assert out.count(b"negative") == 19_999


def test_what_a_policy_keeps_by_an_unknown_name_is_searched_all_the_same() -> None:
    rows = [["mrn", "Last Name", "Favorite uncle"], ["A1", "Wrenfield", "Wrenfield"], ["A2", "Oyelaran", SSNS[0]]]
    out = both(text_of(rows), with_columns('"favorite uncle" = "keep"'))[1]
    assert_absent(["Wrenfield", SSNS[0]], out)
    assert out.startswith(b"mrn,Last Name,Favorite uncle")


def workbook() -> bytes:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = NAMES[0]
    header = ["MRN", "Last Name", "Sex", "dob", "result", "comment", SECRETS[0]]
    sheet.append(header)
    sheet.append(
        ["MRN00418822", "Quartermain", "M", dt.datetime(1951, 3, 4), 5.4, "Mr. Quartermain called", SECRETS[1]]
    )
    sheet.append(["7730021946", "Fairweather", "F", dt.datetime(1938, 4, 17), '="' + NAMES[2] + '"', None, SECRETS[1]])
    sheet["B2"].comment = Comment(f"nickname {SECRETS[2]}", SECRETS[3])
    sheet["C2"].hyperlink = OTHERS[2]
    sheet["E2"].number_format = f'0.0" {SECRETS[4]}"'
    sheet.row_dimensions[3].hidden = True
    sheet.oddHeader.center.text = NAMES[3]
    sheet.oddFooter.center.text = NAMES[4]
    rule = DataValidation(type="list", formula1=f'"{SECRETS[5]},{SECRETS[6]}"')
    sheet.add_data_validation(rule)
    rule.add("G2")
    book.defined_names["secret"] = DefinedName("secret", attr_text=f'"{SECRETS[7]}"')
    hidden = book.create_sheet(SECRETS[8])
    hidden.sheet_state = "veryHidden"
    hidden.append(["MRN", "Phone", "sex"])
    hidden.append(["MRN00418822", PHONES[0], "M"])
    book.properties.creator, book.properties.title, book.properties.keywords = NAMES[0], MAILS[0], OTHERS[3]
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made, "a") as parts:
        parts.writestr("customXml/item1.xml", f"<a>{OTHERS[5]}</a>")
        parts.writestr("xl/media/image1.png", OTHERS[7])
        parts.comment = OTHERS[4].encode()
    return made.getvalue()


def test_of_a_workbook_only_values_of_known_columns_pass() -> None:
    import openpyxl

    data = workbook()
    planted = [one for one in (*ALL, *SECRETS) if one in everything(data)]
    assert len(planted) >= 20
    _, out, made = both(data)
    assert_absent([*planted, "Quartermain", "Fairweather", "00418822"], out)
    book = openpyxl.load_workbook(io.BytesIO(out))
    assert book.sheetnames == ["Sheet1", "Sheet2"]
    assert [one.sheet_state for one in book.worksheets] == ["visible", "visible"]
    first = [[cell.value for cell in line] for line in book["Sheet1"].iter_rows()]
    assert first[0] == ["MRN", "Last Name", "Sex", "dob", "result", "comment"]
    assert first[1] == ["P0001", "[NAME]", "M", dt.datetime(1951, 1, 1), 5.4, "Mr. [NAME] called"]
    assert first[2][4] is None
    assert ("formula", "emptied", 1) in made.actions
    assert [[cell.value for cell in line] for line in book["Sheet2"].iter_rows()] == [["MRN", "sex"], ["P0001", "M"]]


def parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    unused = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int8()), pa.array(["low", SECRETS[0]]))
    table = pa.table(
        {
            "MRN": ["MRN00418822", "7730021946"],
            "last_name": ["Quartermain", "Fairweather"],
            "dob": pa.array([dt.date(1951, 3, 4), dt.date(1938, 4, 17)]),
            "result": ["5.4", SSNS[0]],
            "status": unused,
            "visit": pa.array([{"name": NAMES[3]}, {"name": NAMES[4]}]),
            "photo": pa.array([NAMES[2].encode(), b"x"]),
            "admit_date": pa.array([dt.datetime(2021, 11, 23, 8, 5)] * 2, pa.timestamp("us", tz="America/Detroit")),
            SECRETS[1]: ["1", "2"],
        }
    )
    field = table.schema.field("result").with_metadata({"note": SECRETS[2]})
    schema = table.schema.set(3, field).with_metadata({"pandas": f'{{"creator": "{NAMES[0]}"}}', SECRETS[3]: MAILS[0]})
    made = io.BytesIO()
    pq.write_table(table.cast(schema), made, row_group_size=1)
    return made.getvalue()


def test_of_a_parquet_file_no_metadata_statistics_or_dictionary_passes() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = parquet()
    planted = [one for one in (*ALL, *SECRETS) if one in everything(data)]
    assert len(planted) >= 7
    out = both(data)[1]
    assert_absent([*planted, "Quartermain", "Fairweather", "00418822", "Detroit"], out)
    table = pq.read_table(io.BytesIO(out))
    assert table.column_names == ["MRN", "last_name", "dob", "result", "status", "admit_date"]
    assert table["dob"].to_pylist() == [dt.date(1951, 1, 1), dt.date(1938, 1, 1)]
    assert table["result"].to_pylist() == ["5.4", "[SSN]"]
    assert table["status"].to_pylist() == ["low", "low"]
    assert table.schema.field("admit_date").type == pa.timestamp("us", "UTC")
    assert table["admit_date"].to_pylist()[0].isoformat() == "2021-01-01T00:00:00+00:00"
    assert pq.ParquetFile(io.BytesIO(out)).num_row_groups == 2
