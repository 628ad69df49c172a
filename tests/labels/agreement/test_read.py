"""Tables of ratings as they come: types, order, hostile bytes. What cannot be read whole gives nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import CuratorError
from curator.labels.agreement.columns import Columns
from curator.labels.agreement.model import Ratings
from curator.labels.agreement.read import read_ratings
from curator.labels.agreement.report import report
from curator.labels.agreement.resample import Sampling

GOOD = b'unit,reader,value\n"u1",a,x\nu1,b,y\nu2,a,"y"\nu2,b,y\n'


def read(path: Path, scale: str = "nominal", **columns: Any) -> Ratings:
    return read_ratings(path, Columns(**columns), scale)


def refused(path: Path, scale: str = "nominal", **columns: Any) -> str:
    with pytest.raises(CuratorError) as caught:
        read(path, scale, **columns)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.code


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 2, 2, None]),
        pa.array([1.0, 2.0, 2.0, None]),
        pa.array(["1", "2", "2", ""]),
        pa.array(["1", "2", "2", None]).dictionary_encode(),
        pa.array(["1 ", " 2", "2", "  "], pa.large_string()),
    ],
    ids=["int", "float", "text", "dictionary", "large text"],
)
@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval", "ratio"])
def test_columns_of_all_types_mean_the_same(tmp_path: Path, column: Any, scale: str) -> None:
    path = tmp_path / "t.parquet"
    table = pa.table({"unit": [10, 10, 11, 11], "reader": ["a", "b", "a", "b"], "value": column})
    pq.write_table(table, path)
    ratings = read(path, scale)
    assert ratings.value.codes.tolist() == [0, 1, 1]
    assert ratings.value.names == ("1", "2")
    assert ratings.numbers.tolist() == [1.0, 2.0]
    assert ratings.unit.tolist() == [0, 0, 1]
    assert ratings.reader.names == ("a", "b")


def test_values_that_are_the_same_number_are_the_same_on_scales_of_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("unit,reader,value\nu,a,2\nu,b,2.0\nu,c,+2e0\nu,d,10\n", encoding="utf-8")
    assert read(path, "ordinal").value.codes.tolist() == [0, 0, 0, 1]
    assert read(path, "interval").numbers.tolist() == [2.0, 10.0]
    assert len(read(path).value.names) == 4


def test_nested_and_binary_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    for column in (pa.array([[1], [2]]), pa.array([b"\xff", b"x"]), pa.array([{"a": 1}, {"a": 2}])):
        pq.write_table(pa.table({"unit": ["u", "u"], "reader": ["a", "b"], "value": column}), path)
        assert refused(path) == "AGR-003"


def test_a_quote_that_swallows_rows_is_seen_in_any_column(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    whole = b"unit,reader,value,note\n" + b"".join(b"u%d,a,x,n\nu%d,b,y,n\n" % (n, n) for n in range(5))
    for row in range(1, 11):
        for column in range(4):
            lines = whole.split(b"\n")
            cells = lines[row].split(b",")
            cells[column] = b'"' + cells[column]
            lines[row] = b",".join(cells)
            path.write_bytes(b"\n".join(lines))
            assert refused(path) in {"AGR-003", "AGR-004", "AGR-005"}
    path.write_bytes(whole.replace(b",n\n", b',"two\nlines, ""quoted"""\n'))
    assert len(read(path)) == 10
    path.write_bytes(b"\n" + whole)
    assert refused(path) == "AGR-001"
    path.write_bytes(whole + b"\n\n")
    assert len(read(path)) == 10


def test_sessions_are_numbered_by_size_when_they_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [("u", "a", "x", 10), ("u", "a", "y", 9), ("u", "b", "y", 9), ("v", "a", "x", 10)]
    path.write_text("unit,reader,value,go\n" + "".join(f"{u},{r},{v},{s}\n" for u, r, v, s in rows), encoding="utf-8")
    ratings = read(path, session="go")
    assert ratings.session is not None
    assert ratings.session.tolist() == [1, 0, 0, 0]
    first = ratings.first_session()
    assert [ratings.value.names[code] for code in first.value.codes] == ["y", "y", "x"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_bytes_are_read_as_they_stand_or_refused_with_a_code(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "t.csv"
    pq.write_table(pa.table({"unit": ["u", "u"], "reader": ["a", "b"], "value": ["x", "y"]}), tmp_path / "good")
    start = data.draw(st.sampled_from([GOOD, (tmp_path / "good").read_bytes()]))
    body = bytearray(start)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path.write_bytes(bytes(body[: data.draw(st.integers(0, len(body)))] if data.draw(st.booleans()) else body))
    try:
        ratings = read(path)
    except CuratorError:
        return
    assert 0 < len(ratings) <= path.read_bytes().count(b"\n") + 2


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("units", [1, 6])
def test_one_patient_or_one_unit_has_no_interval(tmp_path: Path, units: int, scale: str) -> None:
    rows = [f"n{n},{who},{(n + (who == 'ben' and n == 2)) % 3},p1" for n in range(units) for who in ("ada", "ben")]
    table = tmp_path / "reads.csv"
    table.write_text("unit,reader,value,patient\n" + "\n".join(rows) + "\n")
    ratings = read(table, scale, cluster="patient" if units > 1 else None)
    made = report(ratings, scale, sampling=Sampling(200, 1, 0.95))
    found = json.dumps(made["overall"])
    assert '"value": 1.0' in found or '"value": 0.' in found
    assert '"low": null' in found
    assert not [one for one in re.findall(r'"low": (\S+?)[,}]', found) if one != "null"]


def test_words_that_stand_for_no_rating_are_no_class_unasked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("unit,reader,value\n1,a,x\n1,b,NA\n1,c,y\n2,a,n/a\n2,b,x\n")
    assert refused(path) == "AGR-042"
    assert refused(path, missing=("NA",)) == "AGR-042"
    ratings = read(path, missing=("NA", "n/a"))
    assert (ratings.value.names, len(ratings.value.codes)) == (("x", "y"), 3)
    named = read_ratings(path, Columns(), "nominal", order=("NA", "n/a", "x", "y"))
    assert len(named.value.codes) == 5
    assert refused(path, missing=("NA", "n/a", "x", "y")) == "AGR-006"
    path.write_text("unit,reader,value\n1,a,3\n1,b,NA\n2,a,2\n2,b,2\n")
    assert refused(path, "ratio") == "AGR-008"
    assert read(path, "ratio", missing=("NA",)).numbers.tolist() == [2.0, 3.0]


def test_what_is_no_number_in_parquet_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    value = pa.array([1.0, float("nan"), 2.0, 2.0], from_pandas=False)
    pq.write_table(pa.table({"unit": [1, 1, 2, 2], "reader": ["a", "b", "a", "b"], "value": value}), path)
    for scale in ("nominal", "interval"):
        assert read(path, scale).value.names == ("1", "2")
        assert len(read(path, scale).value.codes) == 3
