"""Parquet: types and row groups that stay, and columns that are not looked into."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tabular_support import both, treatment

from curator.core.errors import ItemError
from curator.scrub.tabular.medium import harvest


def cleaned(columns: dict[str, Any], policy: str = "safe-harbor", **kinds: Any) -> pa.Table:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **kinds)
    return pq.read_table(io.BytesIO(both(out.getvalue(), policy)[1]))


MOMENT = dt.datetime(2021, 3, 4, 10, 11, 12, 345678)
TYPED = [
    (pa.date32(), dt.date(2021, 3, 4), dt.date(2021, 1, 1), dt.date(2021, 2, 21)),
    (pa.timestamp("us"), MOMENT, dt.datetime(2021, 1, 1), MOMENT - dt.timedelta(days=11)),
    (pa.timestamp("ms", "UTC"), dt.datetime(2021, 3, 4, 10, tzinfo=dt.UTC), dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
     dt.datetime(2021, 2, 21, 10, tzinfo=dt.UTC)),
    (pa.int32(), 20210304, 20210101, 20210221),
    (pa.string(), "2021-03-04", "2021", "2021-02-21"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "year", "moved"), TYPED, ids=[str(one[0]) for one in TYPED])
def test_dates_keep_their_type(kind: pa.DataType, value: Any, year: Any, moved: Any) -> None:
    columns = {"mrn": [1], "visit_date": pa.array([value], kind)}
    for policy, wanted in (("safe-harbor", year), ("expert", moved)):
        table = cleaned(columns, policy)
        assert table.schema.field("visit_date").type == kind
        assert table["visit_date"].to_pylist() == [wanted]


def test_kept_columns_are_what_they_were() -> None:
    columns = {
        "result": pa.array([1.5, None, float("nan")], pa.float32()),
        "value": pa.array([1, None, 3], pa.int16()),
        "dead": pa.array([True, None, False]),
        "dose": pa.array([Decimal("1.50"), None, Decimal("2.25")]),
        "status": pa.array(["a", None, ""], pa.large_string()),
        "unit": pa.array(["mg", None, "ml"]).dictionary_encode(),
        "hour": pa.array([dt.time(10, 11), None, dt.time(1, 2)], pa.time32("ms")),
        "flag": pa.nulls(3),
    }
    table = cleaned(columns)
    for name, wanted in columns.items():
        kind = table.schema.field(name).type
        assert kind == wanted.type
        assert str(table[name].to_pylist()) == str(wanted.to_pylist())


def test_ids_become_texts_and_ages_and_years_stay_numbers() -> None:
    table = cleaned(
        {"person_id": [7, 8], "year_of_birth": [1951, 1930], "age": [70, 91], "visit_id": [1, 2], "zip": [48109, 1]}
    )
    assert table.schema.field("person_id").type == pa.string()
    assert table["person_id"].to_pylist() == ["P0001", "P0002"]
    assert table["year_of_birth"].to_pylist() == [1951, None]
    assert table["age"].to_pylist() == [70, 90]
    assert table.schema.field("age").type == pa.int64()
    assert table["zip"].to_pylist() == ["481", ""]
    assert len(table["visit_id"][0].as_py()) == 16


def test_long_numbers_of_a_kept_column_go() -> None:
    table = cleaned({"mrn": ["1"] * 50, "value": [3] * 49 + [734_555_0182]})
    assert table["value"].to_pylist() == [3] * 49 + [None]
    assert table.schema.field("value").type == pa.int64()


def test_a_number_that_is_known_of_a_person_goes_from_a_kept_column() -> None:
    table = cleaned({"mrn": [1, 2], "ssn": ["417339", "5"], "value": [417339, 417339], "result": [4.5, 417339.0]})
    assert table["value"].to_pylist() == [None, 417339]
    assert table["result"].to_pylist() == [4.5, 417339.0]


def test_nested_binary_and_unknown_columns_are_dropped() -> None:
    columns = {
        "mrn": ["1"], "name": pa.array([{"given": "Zebulon"}]), "dx": pa.array([["I10"]]), "photo": [b"x"],
        "result": pa.array([b"Quartermain"]), "Wing": ["x"], "status": ["final"],
    }  # fmt: skip
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    _, made, actions = both(out.getvalue())
    assert pq.read_table(io.BytesIO(made)).column_names == ["mrn", "status"]
    assert {("name", "removed", 1), ("dx", "removed", 1), ("result", "removed", 1), ("column", "unknown", 1)} <= set(
        actions.actions
    )
    assert b"Quartermain" not in made


def test_row_groups_and_their_order_stay() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"mrn": [str(at) for at in range(25)], "value": list(range(25))}), out, row_group_size=10)
    made = pq.ParquetFile(io.BytesIO(both(out.getvalue())[1]))
    assert [made.metadata.row_group(at).num_rows for at in range(made.num_row_groups)] == [10, 10, 5]
    assert made.read()["value"].to_pylist() == list(range(25))


def test_a_table_without_rows_keeps_its_columns() -> None:
    assert cleaned({"mrn": pa.array([], pa.string()), "sex": pa.array([], pa.string())}).column_names == ["mrn", "sex"]


def test_damage_is_held_back() -> None:
    out = io.BytesIO()
    pq.write_table(
        pa.table({"mrn": ["Quartermain"] * 50, "sex": ["F"] * 50}),
        out,
        write_page_checksum=True,
        compression="none",
        use_dictionary=False,
    )
    data = bytearray(out.getvalue())
    data[data.index(b"Quartermain" + bytes((11, 0, 0, 0))) + 20] ^= 1
    for bad in (bytes(data), out.getvalue()[:-9], out.getvalue()[:4] + bytes(100)):
        with pytest.raises(ItemError) as caught:
            harvest(io.BytesIO(bad), len(bad), treatment())
        assert caught.value.code == "TAB-016"
        assert caught.value.__cause__ is None
