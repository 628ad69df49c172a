"""The journal: latest rows, samples, and what contradicts itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from curator.core.errors import IntegrityError
from curator.project import journal
from curator.project.config import ProjectConfig
from curator.project.paths import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, ProjectConfig("ds", "s", "safe-harbor", date(2026, 1, 1), "", Path("../v")))


def row(source: str, outcome: str, **more: Any) -> dict[str, Any]:
    blank = dict.fromkeys(journal.row_schema().names)
    return {**blank, "source": source, "kind": "dicom", "outcome": outcome, "actions": [], **more}


def put(project: Project, delivery: int, number: int, shard: int, rows: list[dict[str, Any]]) -> None:
    journal.put_document(project, delivery, "delivery", {"format": 1, "delivery": delivery})
    log = journal.round_log(project, delivery, number)
    log.commit(shard, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))


def done(source: str, name: str) -> dict[str, Any]:
    return row(source, "scrubbed", path=f"clean/{name}", sha256="0" * 64, uid="2.25.1", content="1" * 64)


def test_the_latest_round_counts_and_the_order_stays(project: Project) -> None:
    put(project, 1, 0, 1, [done("c", "c.dcm")])
    put(project, 1, 0, 0, [row("a", "quarantined", code="DCM-041"), done("b", "b.dcm")])
    put(project, 1, 1, 0, [done("a", "a.dcm")])
    rows = list(journal.all_rows(project, ["outcome", "path"]))
    assert [(r["source"], r["outcome"]) for r in rows] == [("a", "scrubbed"), ("b", "scrubbed"), ("c", "scrubbed")]
    assert [s.path for s in journal.samples(project)] == ["clean/a.dcm", "clean/b.dcm", "clean/c.dcm"]


def test_values_are_those_of_the_rows_and_a_part_without_a_column_is_told(project: Project) -> None:
    put(project, 1, 0, 0, [row("b", "quarantined", code="X-1"), done("a", "a.dcm")])
    columns = ["code", "path", "actions"]

    def told() -> list[tuple[Any, ...]]:
        return [(number, *values) for number, rows in journal.all_values(project, columns) for values in rows]

    for later in (False, True):
        if later:
            put(project, 1, 1, 0, [done("b", "b.dcm")])
        wanted = [(one["delivery"], one["outcome"], *map(one.get, columns)) for one in journal.all_rows(project)]
        assert told() == wanted
        assert wanted[0][1] == ("scrubbed" if later else "quarantined")
    columns.append("unheard")
    with pytest.raises(KeyError):
        told()


def test_an_abandoned_delivery_is_not_seen(project: Project) -> None:
    put(project, 1, 0, 0, [done("a", "a.dcm")])
    journal.put_document(project, 1, "abandoned", {"format": 1})
    put(project, 2, 0, 0, [done("b", "b.dcm")])
    assert journal.deliveries(project) == [2]
    assert [s.path for s in journal.samples(project)] == ["clean/b.dcm"]


def test_one_clean_file_written_twice_is_a_contradiction(project: Project) -> None:
    put(project, 1, 0, 0, [done("a", "x.dcm")])
    put(project, 2, 0, 0, [done("b", "x.dcm")])
    with pytest.raises(IntegrityError) as caught:
        list(journal.samples(project))
    assert caught.value.code == "PRJ-007"


def test_a_document_is_written_once(project: Project) -> None:
    journal.put_document(project, 1, "delivery", {"format": 1})
    journal.put_document(project, 1, "delivery", {"format": 1})
    with pytest.raises(IntegrityError):
        journal.put_document(project, 1, "delivery", {"format": 2})


def test_a_damaged_part_is_found(project: Project) -> None:
    put(project, 1, 0, 0, [done("a", "a.dcm")])
    part = next((project.journal / "scrub").rglob("*.parquet"))
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(bytes(data))
    with pytest.raises(IntegrityError) as caught:
        list(journal.samples(project))
    assert caught.value.code == "SYS-009"


#: The columns of a journal row, in their order; a later edition may add to the end.
COLUMNS = [
    "source", "content_key", "kind", "outcome", "code", "duplicate_of", "path", "sha256", "bytes", "uid", "content",
    "risk", "pixel_record", "method_codes", "actions", "replaces",
]  # fmt: skip


def test_a_row_has_the_columns_of_the_format_in_their_order() -> None:
    assert journal.row_schema().names == COLUMNS


def test_parts_without_the_column_of_replacements_are_read_beside_those_with_it(project: Project) -> None:
    journal.put_document(project, 1, "delivery", {"format": 1, "delivery": 1})
    log = journal.round_log(project, 1, 0)
    older = pa.schema([field for field in journal.row_schema() if field.name != "replaces"])
    rows = [{name: value for name, value in done("a", "x.dcm").items() if name != "replaces"}]
    log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=older))], rows=1)
    assert [s.path for s in journal.samples(project)] == ["clean/x.dcm"]
    put(project, 2, 0, 0, [{**done("b", "x.dcm"), "sha256": "2" * 64, "replaces": "a"}])
    journal.put_document(project, 2, journal.REPLACING, {"format": 1})
    assert [(s.path, s.sha256) for s in journal.samples(project)] == [("clean/x.dcm", "2" * 64)]
    outcomes = {row["source"]: row["outcome"] for row in journal.all_rows(project)}
    assert outcomes == {"a": "replaced", "b": "scrubbed"}
    assert journal.replaced_sources(project) == {"a"}
    values = [
        (number, outcome, path) for number, rows in journal.all_values(project, ["path"]) for outcome, path in rows
    ]
    assert values == [(row["delivery"], row["outcome"], row["path"]) for row in journal.all_rows(project)]


def test_a_delivery_that_plans_no_replacement_is_not_searched_for_any(project: Project) -> None:
    put(project, 1, 0, 0, [done("a", "a.dcm")])
    put(project, 2, 0, 0, [{**done("b", "b.dcm"), "replaces": "a"}])  # a row that no marker announces
    assert [s.path for s in journal.samples(project)] == ["clean/a.dcm", "clean/b.dcm"]
