"""Workbooks: what is read of them, in which types it comes out, and what holds one back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from tabular_support import Crowd, both, treatment, with_columns

from curator.core.errors import ItemError
from curator.scrub.tabular import workbook as module
from curator.scrub.tabular.medium import harvest, rewrite
from curator.scrub.tabular.spreadsheet import column, serial


def made(rows: list[list[Any]], change: Callable[[Any], None] = lambda _: None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, sheet: str = "Sheet1") -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows()]


def code_of(data: bytes) -> str:
    with pytest.raises(ItemError) as caught:
        harvest(io.BytesIO(data), len(data), treatment())
    assert caught.value.__cause__ is None
    return caught.value.code


ROWS: list[list[Any]] = [
    ["MRN", "Sex", "admit_date", "Age", "result", "zip", "status", "visit_date"],
    [417, "F", dt.datetime(2021, 3, 4, 10, 11), 97, 5.25, 48109, True, "2021-03-04"],
    [418, None, dt.datetime(2020, 12, 31), 45.0, 7, "03601", False, None],
]


def test_types_stay_where_the_role_allows_it() -> None:
    rows = read(both(made(ROWS))[1])
    assert rows[0] == ROWS[0]
    assert rows[1] == ["P0001", "F", dt.datetime(2021, 1, 1), 90, 5.25, 481, True, "2021"]
    assert rows[2] == ["P0002", None, dt.datetime(2020, 1, 1), 45, 7, "000", False, None]


def test_dates_that_move_stay_dates() -> None:
    rows = read(both(made(ROWS), "expert")[1])
    assert rows[1][2] == dt.datetime(2021, 2, 21, 10, 11)
    assert rows[1][7] == "2021-02-21"
    assert rows[2][2] == dt.datetime(2020, 12, 19)


def test_rows_of_one_person_on_several_sheets_are_one_person() -> None:
    def more(book: Any) -> None:
        other = book.create_sheet("Labs")
        other.append(["mrn", "comment"])
        other.append(["417", "Mr. Winklebury is well"])
        book.create_sheet("Empty")

    found, out, _ = both(made([["MRN", "Last Name"], [417, "Winklebury"]], more))
    assert [one.ids for one in found.people] == [(("mrn", "", "417"),)]
    assert openpyxl.load_workbook(io.BytesIO(out)).sheetnames == ["Sheet1", "Sheet2"]
    assert read(out, "Sheet2") == [["mrn", "comment"], ["P0001", "Mr. [NAME] is well"]]


def _several(book: Any) -> None:
    book.active["A6"], book.active["B6"] = "mrn", "sex"


def _side_by_side(book: Any) -> None:
    book.active["J1"], book.active["K1"] = "mrn", "sex"


def _merged(book: Any) -> None:
    book.active.merge_cells("A2:A3")


def _beyond(book: Any) -> None:
    book.active["J2"] = "Quartermain"


@pytest.mark.parametrize(
    ("change", "code"),
    [(_several, "TAB-014"), (_side_by_side, "TAB-014"), (_merged, "TAB-014"), (_beyond, "TAB-005")],
)
def test_sheets_that_are_not_one_table_hold_the_workbook_back(change: Callable[[Any], None], code: str) -> None:
    assert code_of(made(ROWS, change)) == code


def test_a_hidden_sheet_without_a_known_header_holds_the_workbook_back() -> None:
    def hidden(book: Any) -> None:
        sheet = book.create_sheet("x")
        sheet.sheet_state = "hidden"
        sheet.append(["Quartermain", "Zebulon", "x"])

    assert code_of(made(ROWS, hidden)) == "TAB-009"


def test_a_sheet_of_remarks_goes_and_is_counted() -> None:
    def legend(book: Any) -> None:
        sheet = book.create_sheet("Readme")
        sheet.append(["Data pulled by Zebulon Quartermain"])
        sheet.append([])
        sheet.append(["Hgb", "in g/dL"])

    _, out, actions = both(made(ROWS, legend))
    assert openpyxl.load_workbook(io.BytesIO(out)).sheetnames == ["Sheet1"]
    assert ("sheet", "unknown", 1) in actions.actions
    assert code_of(made([["Quartermain"], ["x"]])) == "TAB-009"


def test_a_table_need_not_begin_in_the_first_cell() -> None:
    def moved(book: Any) -> None:
        book.active.insert_rows(1, 2)
        book.active.insert_cols(1)

    assert read(both(made(ROWS, moved))[1]) == read(both(made(ROWS))[1])

    def beside(book: Any) -> None:
        moved(book)
        book.active["A4"] = "Quartermain"

    assert code_of(made(ROWS, beside)) == "TAB-014"


@pytest.mark.parametrize(
    "word", ["Total", "Total: 2", "N = 2", "Grand total", "* fasting", "Source: registry", "Summe"]
)
def test_sums_and_remarks_below_a_table_go_and_are_counted(word: str) -> None:
    _, out, actions = both(made([*ROWS, [], [word, 2]]))
    assert read(out) == read(both(made(ROWS))[1])
    assert ("row_below", "removed", 1) in actions.actions


@pytest.mark.parametrize("first", ["Max", "Media", "N", "Total"])
def test_a_row_with_words_behind_a_gap_is_no_sum(first: str) -> None:
    assert code_of(made([*ROWS, [], [first, "Quartermain"]])) == "TAB-014"
    assert code_of(made([*ROWS, [], [first, 2, "Quartermain"]])) == "TAB-014"


def test_a_workbook_without_a_cell_is_empty() -> None:
    assert code_of(made([])) == "TAB-006"


def parts_changed(
    data: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def test_macros_other_kinds_and_damage_are_held_back() -> None:
    data = made(ROWS)
    with_macros = parts_changed(data, lambda _, part: part, {"xl/vbaProject.bin": b"x"})
    assert code_of(with_macros) == "TAB-013"
    renamed = parts_changed(
        data,
        lambda _, part: part.replace(
            b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        ),
    )
    assert code_of(renamed) == "TAB-013"
    assert code_of(parts_changed(data, lambda name, part: None if name == "[Content_Types].xml" else part)) == "TAB-001"
    assert code_of(parts_changed(data, lambda name, part: part[:-40] if "sheet1" in name else part)) == "TAB-012"
    assert code_of(data[: len(data) // 2]) == "TAB-012"


def test_entities_and_bombs_are_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(ROWS)
    entity = b'<!DOCTYPE a [<!ENTITY q "Quartermain">]>'
    bad = parts_changed(data, lambda name, part: entity + part if name.endswith("sheet1.xml") else part)
    assert code_of(bad) == "TAB-012"
    monkeypatch.setattr(module, "MOST_UNPACKED", 1000)
    assert code_of(data) == "TAB-015"


def test_a_formula_gives_its_stored_value_or_nothing() -> None:
    data = made([["mrn", "result", "age"], ["1", "=1+1", 40], ["2", 3, "=B2"]])
    _, out, actions = both(data)
    assert read(out)[1:] == [["P0001", None, 40], ["P0002", 3, None]]
    assert ("formula", "emptied", 2) in actions.actions
    stored = parts_changed(
        data,
        lambda name, part: part.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"
        ),
    )
    assert read(both(stored)[1])[1] == ["P0001", 2, 40]


def test_letters_written_by_their_numbers_are_read_and_never_written() -> None:
    data = made([["mrn", "Last Name", "comment"], ["1", "Quartermain", "Mr. Quar_x0074_ermain, _x0066_it"]])
    _, out, _ = both(data)
    assert read(out)[1][2] == "Mr. [NAME], fit"
    source = made([["mrn", "comment"], ["1", "_x005F_x0041_"]])
    assert read(both(source)[1])[1][1] == "A"


def test_a_text_that_begins_like_a_formula_stays_a_text() -> None:
    data = made([["mrn", "comment"], ["1", "'=HYPERLINK(1)"]])
    with zipfile.ZipFile(io.BytesIO(both(data)[1])) as parts:
        assert b"<f>" not in b"".join(parts.read(one) for one in parts.namelist())


def test_a_text_that_no_cell_takes_holds_the_workbook_back() -> None:
    data = made([["mrn", "status"], ["1", "x_x0007_"]])
    found = harvest(io.BytesIO(data), len(data), treatment())
    with pytest.raises(ItemError) as caught:
        rewrite(io.BytesIO(data), io.BytesIO(), Crowd(found), treatment(with_columns('status = "keep"')))
    assert caught.value.code == "TAB-017"


def test_columns_and_days_are_numbered_as_excel_does() -> None:
    assert [column(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert serial(dt.datetime(2021, 3, 4, 12)) == 44259.5
