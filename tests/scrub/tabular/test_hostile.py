"""Bytes that somebody chose: a table is read whole and cleaned, or held back under a code; nothing else is raised."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tabular_support import Crowd, text_of, treatment
from test_workbook import ROWS, made

from curator.core.errors import ItemError
from curator.scrub.tabular.medium import harvest, rewrite

RULES = treatment()
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(data: bytes) -> str:
    try:
        found = harvest(io.BytesIO(data), len(data), RULES)
        rewrite(io.BytesIO(data), io.BytesIO(), Crowd(found), RULES)
    except ItemError as error:
        return error.code
    return ""


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"mrn": ["1", "2"], "value": [1.5, 2.5], "visit_date": ["2021-03-04", None]}), out)
    return out.getvalue()


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    outcome(data)
    outcome(b"mrn,comment\n" + data)


@QUICK
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=6))
def test_any_cells_are_cleaned_and_keep_their_place(rows: list[list[str]]) -> None:
    import csv

    rows = [[cell.replace("\0", "") for cell in row] for row in rows]
    try:
        data = text_of([["mrn", "comment", "result"], *rows])
    except UnicodeEncodeError:
        return
    out = io.BytesIO()
    rewrite(io.BytesIO(data), out, Crowd(harvest(io.BytesIO(data), len(data), RULES)), RULES)
    clean = list(csv.reader(io.StringIO(out.getvalue().decode(), newline=""), strict=True))
    assert len(clean) == 1 + len(rows)
    assert {len(row) for row in clean} <= {3, len(clean[0])}


@QUICK
@pytest.mark.parametrize("data", [parquet(), made(ROWS)], ids=["parquet", "xlsx"])
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4), st.floats(0.5, 1))
def test_containers_that_were_changed(data: bytes, flips: list[tuple[float, int]], cut: float) -> None:
    changed = bytearray(data)
    for place, value in flips:
        changed[int(place * (len(changed) - 1))] = value
    outcome(bytes(changed))
    outcome(bytes(changed[: int(cut * len(changed))]))
