"""How far a large file is that is read whole: records, rows, entries, told in both passes and never backwards."""

import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scrubbed_support import support

from curator.core import strides


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for sheet in (book.active, book.create_sheet()):
        sheet.append(["mrn", "result"])
        for number in range(6):
            sheet.append([f"48291{number}", number])
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    table = pa.table({"mrn": [f"48291{number}" for number in range(8)], "result": list(range(8))})
    pq.write_table(table, out, row_group_size=2)
    return out.getvalue()


def records() -> bytes:
    return json.dumps([{"mrn": f"48291{number}", "note": "Stable and well."} for number in range(5)]).encode()


def bundle() -> bytes:
    entries = [{"resource": {"resourceType": "Patient", "id": f"p{number}"}} for number in range(4)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def table(data: bytes, told: list) -> int:
    made = support("tabular")
    rules = made.treatment()
    with strides.over(len(data)):
        found = made.harvest(io.BytesIO(data), len(data), rules)
    first = len(told)
    with strides.over(len(data)):
        made.rewrite(io.BytesIO(data), io.BytesIO(), made.Crowd(found), rules)
    return first


def text(data: bytes, told: list) -> int:
    made = support("text")
    with strides.over(len(data)):
        made.harvest(data)
    first = len(told)
    with strides.over(len(data)):
        made.rewrite(data)
    return first


def fhir(data: bytes, told: list) -> int:
    with strides.over(len(data)):
        support("fhir").scrubbed(data)
    return 0


@pytest.mark.parametrize(
    ("made", "scrub", "steps"), [(workbook, table, 12), (parquet, table, 4), (records, text, 5), (bundle, fhir, 4)]
)
def test_parts_of_a_large_file_are_told(monkeypatch, made, scrub, steps):
    monkeypatch.setattr(strides, "LARGE", 1)
    data, told = made(), []
    strides.listen(lambda done, size: told.append((done, size)))
    try:
        first = scrub(data, told)
    finally:
        strides.listen(None)
    passes = [told[first:]] if first == 0 else [told[:first], told[first:]]
    for heard in passes:
        assert len(set(heard)) >= steps
        assert heard == sorted(heard)
        assert heard[-1] == (len(data), len(data))
