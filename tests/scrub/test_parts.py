"""A large file that several processes scrub part by part comes out as by one: bytes, counts, people, maps of texts."""

import io
import json
import os
import sys

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scrubbed_support import support

from curator.core import strides
from curator.core.errors import ItemError
from curator.engine import hands

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
NAMES = ("Tettehquaye, Kwabenaba", "Maria Kowalska", "John Example", "Ann Sørensen")
COUNT = 24


def note(number):
    return (
        f"Patient {NAMES[number % 4]}, MRN 48291{number % 7}, seen 3/{number + 1}/2021 by Dr. Hallorane; call 617-555-"
        f"01{number:02d}. He takes metoprolol 25 mg."
    )


def rows():
    return [{"mrn": f"48291{number % 7}", "note": note(number), "result": str(number)} for number in range(COUNT)]


def jsonl():
    return "".join(json.dumps(row) + "\n" for row in rows()).encode()


def array():
    return json.dumps(rows()).encode()


def table():
    lines = ["mrn,note,result", *('{mrn},"{note}",{result}'.format(**row) for row in rows())]
    return "\r\n".join(lines).encode()


def workbook():
    book, out = openpyxl.Workbook(), io.BytesIO()
    for sheet in (book.active, book.create_sheet()):
        sheet.append(["mrn", "note", "result"])
        for row in rows():
            sheet.append([row["mrn"], row["note"], int(row["result"])])
    book.save(out)
    return out.getvalue()


def parquet():
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows()), out, row_group_size=11)
    return out.getvalue()


def bulk():
    listed = []
    for number in range(COUNT):
        listed.append({"resourceType": "Patient", "id": f"p{number}", "name": [{"text": NAMES[number % 4]}]})
        said = {"subject": {"reference": f"Patient/p{number}"}, "note": [{"text": note(number)}]}
        code = {"text": "note"}
        listed.append({"resourceType": "Observation", "id": f"o{number}", "status": "final", "code": code, **said})
    return "".join(json.dumps(one) + "\n" for one in listed).encode()


def messages():
    made = support("hl7")
    return b"".join(made.message(f"OBX|1|TX|NOTE||{note(number)}||||||F") for number in range(COUNT))


def text_way(data):
    made = support("text")
    rules = made.treatment()
    rules.met.clear(keeps=True)
    told = made.medium.harvest(io.BytesIO(data), len(data), rules)
    found = rules.met.document()
    rules.met.clear()
    out = io.BytesIO()
    return told, made.medium.rewrite(io.BytesIO(data), out, made.People(), rules), out.getvalue(), _plain(found)


def _plain(found):
    """What was kept of findings, whatever the rules' numbers are."""
    listed = found["rules"]
    return {
        digest: [(*places[at : at + 2], *listed[places[at + 2]]) for at in range(0, len(places), 3)]
        for digest, places in found["texts"].items()
    }


def table_way(data):
    made = support("tabular")
    rules = made.treatment()
    told = made.harvest(io.BytesIO(data), len(data), rules)
    out = io.BytesIO()
    return told, made.rewrite(io.BytesIO(data), out, made.Crowd(told), rules), out.getvalue()


def workbook_way(data):
    told, _, out = table_way(data)
    book = openpyxl.load_workbook(io.BytesIO(out))
    return told, [[tuple(cell.value for cell in row) for row in sheet.rows] for sheet in book]


def fhir_way(data):
    return support("fhir").scrubbed(data)


def hl7_way(data):
    return support("hl7").scrubbed(data)


WAYS = [
    (jsonl, text_way), (array, text_way), (table, table_way), (workbook, workbook_way), (parquet, table_way),
    (bulk, fhir_way), (messages, hl7_way),
]  # fmt: skip


@pytest.fixture
def parts(monkeypatch):
    """Work in parts of a few hundred characters, with two hands when asked to, and count the hands."""
    monkeypatch.setattr(strides, "LARGE", 1)
    monkeypatch.setattr(hands, "PART", 300)
    forked = []
    fork = os.fork

    def counted():
        pid = fork()
        if pid:
            forked.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", counted)
    strides.listen(lambda *_: None)
    yield forked
    hands.lend(None)
    strides.listen(None)


@pytest.mark.parametrize(("made", "way"), WAYS, ids=[made.__name__ for made, _ in WAYS])
def test_a_file_comes_out_the_same_whoever_does_its_parts(parts, made, way):
    data = made()
    with strides.over(len(data)):
        alone = way(data)
    assert not parts
    hands.lend(lambda: 2)
    with strides.over(len(data)):
        assert way(data) == alone
    assert len(parts) >= 3
    assert b"Hallorane" not in repr(alone[1:]).encode()


@pytest.mark.parametrize("number", [None, 2])
def test_a_part_that_cannot_be_read_holds_the_file_back_with_its_code(parts, number):
    lines = jsonl().splitlines(keepends=True)
    lines[15] = b'{"mrn": "482911", "mrn": "482912"}\n'
    lines[20] = b"{no json\n"
    hands.lend(None if number is None else lambda: number)
    with strides.over(1000), pytest.raises(ItemError, match="JSN-002"):
        text_way(b"".join(lines))
    assert bool(parts) == (number is not None)
