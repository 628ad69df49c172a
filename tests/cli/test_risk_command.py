"""``curator risk`` as installed: a report, a gate, and no value unless it is asked for."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import started

from curator.core.schema import violation

ROWS = [("f", "1951", "481", "I10")] * 12 + [("m", "1960", "021", "E11")] * 3 + [("m", "1971", "981", "J45")]


def run(*args: str) -> subprocess.CompletedProcess[str]:
    how = started.run if "--json" in args else started.installed
    return how(["risk", *args], text=True)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "table.csv"
    path.write_text("sex,birth_year,zip3,dx\n" + "".join(",".join(row) + "\n" for row in ROWS), encoding="utf-8")
    return str(path)


QUASI = ("--quasi", "sex,birth_year,zip3")


def test_a_report_in_words_names_rows_and_no_values(table: str) -> None:
    done = run(table, *QUASI, "--sensitive", "dx")
    assert done.returncode == 0
    assert not [one for one in ("1951", "1971", "981", "I10", "J45") if one in done.stdout + done.stderr]
    assert "k             1" in done.stdout
    assert "to generalize for k = 2: 1 rows: 16" in done.stdout
    assert "small cells   2 classes, 4 rows below 11" in done.stdout
    assert "981" in run(table, *QUASI, "--show-values").stdout


def test_the_gate(table: str) -> None:
    missed = run(table, *QUASI, "--k", "3")
    assert missed.returncode == 1
    assert "gate missed: k is 1, 3 was asked for" in missed.stderr
    assert run(table, *QUASI, "--k", "1").returncode == 0
    assert run(table, "--quasi", "sex", "--k", "4").returncode == 0


def test_json_by_its_schema(table: str) -> None:
    done = run(table, *QUASI, "--sensitive", "dx", "--k", "3", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert violation("risk-report", found) is None
    assert found["gate"] == {"k": 3, "passed": False}
    assert found["to_generalize"] == {"count": 1, "k": 3, "rows": [16]}
    assert "values" not in found


def test_a_population(table: str, tmp_path: Path) -> None:
    everybody = tmp_path / "all.csv"
    everybody.write_text("SEX\n" + "f\n" * 40 + "m\n" * 50, encoding="utf-8")
    found = json.loads(run(table, "--quasi", "sex", "--population", str(everybody), "--json").stdout)
    assert found["risks"]["population_rows"] == 90
    assert found["risks"]["journalist"]["highest"] == 1 / 40


def test_workbooks_and_parquet_give_the_same_numbers(table: str, tmp_path: Path) -> None:
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = json.loads(run(table, *QUASI, "--json").stdout)
    names = ["sex", "birth_year", "zip3", "dx"]
    columns = [list(column) for column in zip(*ROWS, strict=True)]
    columns[1] = [int(one) for one in columns[1]]  # type: ignore[misc]
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), tmp_path / "t.parquet")
    book = openpyxl.Workbook()
    for row in [tuple(names), *ROWS]:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "t.xlsx")
    for name in ("t.parquet", "t.xlsx"):
        assert json.loads(run(str(tmp_path / name), *QUASI, "--json").stdout) == wanted


@pytest.mark.parametrize(
    ("args", "code", "exit_code"),
    [
        (("--quasi", "sex,Quartermain"), "RSK-001", 2),
        (("--quasi", "sex", "--sensitive", "sex"), "RSK-002", 2),
        (("--quasi", " , "), "RSK-001", 2),
        (("--quasi", "sex", "--k", "0"), "RSK-005", 2),
        (("--quasi", "sex", "--c", "-1"), "RSK-005", 2),
        ((), "CLI-", 2),
    ],
)
def test_usage_ends_with_2_and_repeats_nothing(table: str, args: tuple[str, ...], code: str, exit_code: int) -> None:
    done = run(table, *args)
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert done.stderr.startswith(code)
    assert "Quartermain" not in done.stderr


def test_a_table_that_cannot_be_read_ends_with_3(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("sex,dx\nf\n", encoding="utf-8")
    done = run(str(bad), "--quasi", "sex", "--k", "2")
    assert done.returncode == 3
    assert done.stderr.startswith("RSK-003")
