"""``curator columns`` as installed: roles and reasons, no value, and no name that nobody lists."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import started

from curator.scrub.policy.load import parse_policy

HEAD = (
    'format = 1\nname = "own"\ntitle = "Own"\n[options]\ndates = "year"\nages = "cap"\npatient_characteristics = true\n'
)
TABLE = "MRN,Last Name,Sex,result,Aunt Wrenfield,visit_date\n" + "".join(
    f"A{at},Quartermain,F,734-555-01{at:02},secret{at},2021-03-04\n" for at in range(30)
)


def run(*args: str) -> subprocess.CompletedProcess[str]:
    how = started.run if "--json" in args else started.installed
    return how(["columns", *args], text=True)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "Quartermain.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_roles_are_proposed_without_values_and_without_names_that_nobody_lists(table: str) -> None:
    done = run(table)
    assert done.returncode == 0
    assert not [one for one in ("Quartermain", "Wrenfield", "secret", "555") if one in done.stdout + done.stderr]
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == ["1", "2", "3", "4", "5", "6"]
    assert "(column 5)" in lines[4][1]
    assert "holds numbers like IDs" in lines[3][1]
    assert "1 of 6 columns" in done.stderr
    assert "Aunt Wrenfield" in run(table, "--names").stdout


def test_json_says_the_same(table: str) -> None:
    found = json.loads(run(table, "--json").stdout)["columns"]
    assert [one["role"] for one in found] == ["pseudonym", "name", "keep", "drop", "drop", "date"]
    assert found[4] == {"name": None, "position": 5, "role": "drop", "table": 1, "why": "unknown name"}


def test_the_toml_can_be_put_into_a_policy(table: str) -> None:
    made = run(table, "--names", "--toml").stdout
    assert dict(parse_policy(HEAD + made).columns) == {
        "aunt_wrenfield": "drop", "last_name": "name", "mrn": "pseudonym", "result": "drop", "sex": "keep",
        "visit_date": "date",
    }  # fmt: skip
    assert "Wrenfield" not in run(table, "--toml").stdout


def test_the_policy_given_decides(table: str, tmp_path: Path) -> None:
    policy = tmp_path / "own.toml"
    policy.write_text(
        HEAD + '[columns]\n"Aunt Wrenfield" = "text"\n',
        encoding="utf-8",
    )
    found = json.loads(run(table, "--policy", str(policy), "--json").stdout)["columns"]
    assert (found[4]["role"], found[4]["why"], found[4]["name"]) == ("text", "policy", "Aunt Wrenfield")


def test_what_cannot_be_read_ends_with_3_and_what_is_not_there_with_2(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text('mrn,note\n1,"Quartermain\n', encoding="utf-8")
    done = run(str(bad))
    assert done.returncode == 3
    assert done.stderr.startswith("TAB-019")
    assert "TAB-003" in done.stderr
    assert "Quartermain" not in done.stderr
    assert run(str(tmp_path / "none.csv")).returncode == 2
