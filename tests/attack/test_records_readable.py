"""What is searched again in a clean file is read value by value, whole, wherever a piece of the file ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from curator.scrub import readable
from curator.scrub.readable import readable_texts


def read(kind: str, data: bytes) -> list[str]:
    return list(readable_texts(kind, io.BytesIO(data)))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64, 1 << 20])
def test_strings_of_json_are_read_whole_whatever_the_pieces(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(readable, "_CHUNK", chunk)
    data = json.dumps(
        {"a": 'says "Zorblatt", ü\\', "b": [7788123, 4455667], "cü": "Wolsk\u00f3wna"}, ensure_ascii=False
    )
    found = read("fhir", data.encode())
    assert found == ["a", 'says "Zorblatt", ü\\', "b", "7788123", "4455667", "cü", "Wolsk\u00f3wna"]


def test_a_narrative_is_read_without_its_markup() -> None:
    data = json.dumps({"div": "<div><p>Zor<b>blatt</b></p><p>Quint</p></div>"}).encode()
    assert read("fhir", data) == ["div", "Zorblatt", "Quint"]
    assert read("cda", b'<a title="Wols &amp; Co"><td>Kat</td><td>Zor<content>blatt</content></td></a>') == [
        "Wols & Co",
        "Kat",
        "Zorblatt",
    ]


def test_fields_of_tables_and_messages_are_values_of_their_own() -> None:
    assert read("csv", b'mrn;"a\r\nb"\r\n77;"88;1"\r\n') == ["mrn", "a\r\nb", "77", "88;1"]
    assert "Zorblatt" in read("hl7", b"OBX|1|ST|718-7^Zorblatt^LN\r")
    assert read("csv", b"\r\n") == []


def test_a_workbook_and_a_column_file_are_read_cell_by_cell(tmp_path: Path) -> None:
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    book = openpyxl.Workbook()
    book.active.append(["Zorblatt", "Quint"])
    book.save(tmp_path / "a.xlsx")
    assert {"Zorblatt", "Quint"} <= set(read("excel", (tmp_path / "a.xlsx").read_bytes()))
    pq.write_table(pa.table({"mrn": ["77", "88"]}), tmp_path / "a.parquet")
    assert read("parquet", (tmp_path / "a.parquet").read_bytes()) == ["mrn", "77", "88"]
