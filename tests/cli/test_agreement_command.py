"""``curator labels agreement``: a report, its schema, what it refuses, and nothing that identifies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import started

from curator.core.schema import violation

#: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, section C.
ROWS = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return started.run(["labels", "agreement", *args], text=True)


def found(*args: str) -> Any:
    done = run(*args, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert violation("agreement-report", document) is None
    return document


@pytest.fixture
def table(tmp_path: Path) -> Path:
    lines = ["unit,reader,value,site,when,scanner"]
    for reader, row in enumerate(ROWS):
        for unit, value in enumerate(row.split()):
            cell = "" if value == "." else value
            lines.append(f"u{unit},r{reader},{cell},{'AB'[unit % 2]},2026-0{1 + unit // 4}-15,{'XY'[unit > 5]}")
    path = tmp_path / "reads.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rewritten(path: Path, body: str | bytes) -> str:
    other = path.with_name("other.csv")
    other.write_bytes(body if isinstance(body, bytes) else body.encode())
    return str(other)


def test_the_published_figures_by_the_command(table: Path) -> None:
    printed = {"nominal": "0.743", "ordinal": "0.815", "interval": "0.849", "ratio": "0.797"}
    for scale, alpha in printed.items():
        measures = found(str(table), "--scale", scale, "--bootstrap", "50")["overall"]["measures"]
        assert f"{measures['krippendorff_alpha']['value']:.3f}" == alpha
        assert f"{measures['gwet_ac1']['value']:.5f}" == "0.77544"
        assert measures["krippendorff_alpha"]["low"] < measures["krippendorff_alpha"]["value"]


def test_words_put_ac1_and_prevalence_beside_every_kappa(table: Path) -> None:
    done = run(str(table), "--by", "site")
    assert (done.returncode, done.stderr) == (0, "")
    assert "41 by 4 readers of 12 units, 11 of them by two or more" in done.stdout
    blocks = done.stdout.count("Fleiss' kappa")
    assert blocks == 3
    assert done.stdout.count("  prevalence   ") == blocks
    assert done.stdout.count("  Gwet's AC1   ") == blocks
    assert "r0 · r1" in done.stdout
    assert "0.743" in done.stdout
    assert "u3" not in done.stdout


def test_parquet_and_shuffled_rows_give_the_same_bytes(table: Path) -> None:
    import pyarrow.csv as pv
    import pyarrow.parquet as pq

    wanted = run(str(table), "--scale", "ordinal", "--by", "site", "--json").stdout
    header, *rows = table.read_text().splitlines()
    turned = rewritten(table, "\r\n".join([header, *reversed(rows)]).replace(",", ";"))
    assert run(turned, "--scale", "ordinal", "--by", "site", "--json").stdout == wanted
    pq.write_table(pv.read_csv(table), table.with_suffix(".parquet"))
    assert run(str(table.with_suffix(".parquet")), "--scale", "ordinal", "--by", "site", "--json").stdout == wanted


def test_groups_and_periods(table: Path) -> None:
    document = found(str(table), "--by", "site", "--by", "scanner", "--time", "when", "--period", "month")
    levels = {group["by"]: [level["level"] for level in group["levels"]] for group in document["groups"]}
    assert levels == {"site": ["A", "B"], "scanner": ["X", "Y"], "period": ["2026-01", "2026-02", "2026-03"]}
    site = document["groups"][0]["levels"]
    assert [level["ratings"] for level in site] == [21, 20]
    assert site[0]["measures"]["percent_agreement"]["value"] == 1.0
    quarters = found(str(table), "--time", "when")["groups"][0]["levels"]
    assert [level["level"] for level in quarters] == ["2026-Q1"]
    alone = found(str(table), "--by", "scanner", "--seed", "1")["groups"][0]
    assert alone == document["groups"][1]


def test_a_level_that_cannot_be_computed_is_named_and_ends_with_3(table: Path) -> None:
    text = table.read_text().replace("u11,r1,3,B", "u11,r1,3,C")
    done = run(rewritten(table, text), "--by", "site", "--json")
    assert done.returncode == 3
    assert done.stderr.startswith("AGR-019 1 levels")
    document = json.loads(done.stdout)
    assert violation("agreement-report", document) is None
    assert document["groups"][0]["levels"][2] == {"level": "C", "ratings": 1, "units": 1, "code": "AGR-012"}


def test_repeated_readings_of_one_reader(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    pairs = [(10, 12), (20, 20), (31, 30), (41, 43)]
    body = "".join(f"u{n},ada,{a},1\nu{n},ada,{b},2\n" for n, (a, b) in enumerate(pairs))
    path.write_text("unit,reader,value,go\n" + body, encoding="utf-8")
    refused = run(str(path), "--scale", "interval")
    assert (refused.returncode, refused.stderr[:9]) == (3, "AGR-009 4")
    document = found(str(path), "--scale", "interval", "--session", "go")
    assert document["overall"] == {"code": "AGR-012"}
    own = document["repeatability"][0]
    assert own["within_unit_deviation"] == pytest.approx((sum((a - b) ** 2 / 2 for a, b in pairs) / 4) ** 0.5)
    assert own["repeatability_coefficient"] == pytest.approx(1.96 * 2**0.5 * own["within_unit_deviation"])
    assert "ada against himself or herself   4 units" in run(str(path), "--scale", "interval", "--session", "go").stdout


def test_units_of_one_patient_are_resampled_together(table: Path) -> None:
    header, *rows = table.read_text().splitlines()
    named = [f"{row},p{int(row.split(',')[0][1:]) // 3}" for row in rows]
    path = rewritten(table, "\n".join([f"{header},patient", *named]))
    plain, together = found(path), found(path, "--cluster", "patient")
    assert together["intervals"]["method"] == "percentile bootstrap over clusters"
    for name, one in plain["overall"]["measures"].items():
        assert together["overall"]["measures"][name]["value"] == one["value"]
    assert plain["overall"]["measures"]["gwet_ac1"]["low"] != together["overall"]["measures"]["gwet_ac1"]["low"]
    assert "bootstraps over clusters" in run(path, "--cluster", "patient").stdout
    for old, new in ((",p0", ","), ("u0,r1,1,A,2026-01-15,X,p0", "u0,r1,1,A,2026-01-15,X,p9")):
        body = "\n".join([f"{header},patient", *named]).replace(old, new)
        done = run(rewritten(table, body), "--cluster", "patient")
        assert (done.returncode, done.stdout, done.stderr[:7]) == (3, "", "AGR-023")


def test_classes_in_a_given_order(table: Path) -> None:
    words = {"1": "benign", "2": "likely", "3": "unclear", "4": "suspect", "5": "malignant"}
    header, *rows = table.read_text().splitlines()
    cells = [row.split(",") for row in rows]
    named = "\n".join([header, *(",".join([*c[:2], words.get(c[2], ""), *c[3:]]) for c in cells)])
    path = rewritten(table, named)
    wanted = found(str(table), "--scale", "ordinal")["overall"]["measures"]
    document = found(path, "--scale", "ordinal", "--order", ",".join(words.values()))
    assert document["overall"]["measures"] == wanted
    assert document["classes"] == list(words.values())
    for order in ((), ("--order", "benign,malignant"), ("--order", "benign,benign,likely,unclear,suspect,malignant")):
        done = run(path, "--scale", "ordinal", *order)
        assert (done.returncode, done.stdout, done.stderr[:7]) == (2, "", "AGR-015")


@pytest.mark.parametrize(
    ("body", "args", "code", "exit_code"),
    [
        ("unit,reader,value\nu1,a,x\nu2,a,y\n", (), "AGR-012", 3),
        ("unit,reader,value\nu1,a,x\nu2,b,y\n", (), "AGR-013", 3),
        ("unit,reader,value\nu1,a,\nu1,b,\n", (), "AGR-006", 3),
        ("unit,reader,value\n", (), "AGR-006", 3),
        ("", (), "AGR-001", 2),
        ("unit,reader,value,value\nu1,a,x,y\n", (), "AGR-001", 2),
        ("unit,reader,value\nu1,a,x\n,b,y\n", (), "AGR-007", 3),
        ("unit,reader,value\nu1,a,x\nu1,a,y\n", (), "AGR-009", 3),
        ("unit,reader,value\nu1,a,1\nu1,b,Quartermain\n", ("--scale", "interval"), "AGR-008", 3),
        ("unit,reader,value\nu1,a,1\nu1,b,nan\n", ("--scale", "ratio"), "AGR-008", 3),
        ("unit,reader,value\nu1,a,1\nu1,b,1e200\n", ("--scale", "interval"), "AGR-008", 3),
        ("unit,reader,value\nu1,a,1\nu1,b,-2\n", ("--scale", "ratio"), "AGR-018", 3),
        ("unit,reader,value\nu1,a,x\nu1,b\n", (), "AGR-003", 3),
        ('unit,reader,value,note\nu1,a,x,"open\nu1,b,y,\nu2,a,x,\n', (), "AGR-003", 3),
        ('unit,reader,value,note\nu1,a,x,"open\nu1,b,y,\nu2,a,x,"shut\nu2,b,x,\n', (), "AGR-003", 3),
        (b"unit,reader,value\nu1,a,\xff\n", (), "AGR-003", 3),
        (b"PK\x03\x04unit,reader,value", (), "AGR-003", 3),
        (b"PAR1 and no more", (), "AGR-003", 3),
        ("unit,reader,value\nu1,a,x\n", ("--bootstrap", "-1"), "AGR-010", 2),
        ("unit,reader,value\nu1,a,x\n", ("--level", "1"), "AGR-010", 2),
        ("unit,reader,value\nu1,a,x\n", ("--by", "unit"), "AGR-022", 2),
        ("unit,reader,value,t\nu1,a,x,15.3.2026\n", ("--time", "t"), "AGR-011", 3),
        ("unit,reader,value\n" + "".join(f"u{n},a,c{n}\n" for n in range(101)), (), "AGR-016", 3),
    ],
)
def test_bad_tables_end_with_a_code_and_no_half_report(
    table: Path, body: str | bytes, args: tuple[str, ...], code: str, exit_code: int
) -> None:
    done = run(rewritten(table, body), *args, "--json")
    assert done.stderr.startswith(code)
    assert done.returncode == exit_code
    assert set(json.loads(done.stdout)) == {"error"}
    assert "Quartermain" not in done.stdout + done.stderr


def test_a_file_that_is_not_there_is_not_named() -> None:
    done = run("/nowhere/Quartermain.csv")
    assert (done.returncode, done.stdout, done.stderr[:7]) == (2, "", "AGR-002")
    assert "Quartermain" not in done.stderr


def test_equal_ratings_are_told_but_not_called_a_success(table: Path) -> None:
    body = "unit,reader,value\n" + "".join(f"u{n},{r},x\n" for n in range(9) for r in "ab")
    done = run(rewritten(table, body), "--json")
    assert done.returncode == 3
    assert done.stderr.startswith("AGR-014")
    measures = json.loads(done.stdout)["overall"]["measures"]
    assert measures["percent_agreement"]["value"] == 1.0
    assert [measures[name]["value"] for name in ("cohen_kappa", "fleiss_kappa", "krippendorff_alpha")] == [None] * 3
    two = json.loads(run(rewritten(table, body), "--order", "x,y", "--json").stdout)["overall"]["measures"]
    assert (two["gwet_ac1"]["value"], two["cohen_kappa"]["value"]) == (1.0, None)


@pytest.mark.parametrize(
    "planted",
    ["j.quartermain@site.org", "Quartermain, Jo", "Jo Quartermain", "123-45-6789", "00482913", "a\tb", "-q"],
)
def test_reader_ids_that_look_like_persons_are_refused_or_numbered(table: Path, planted: str) -> None:
    body = f'unit,reader,value\nu1,"{planted}",x\nu1,b,y\nu2,"{planted}",y\nu2,b,y\n'
    path = rewritten(table, body)
    done = run(path, "--json")
    assert (done.returncode, done.stderr[:7]) == (2, "AGR-004")
    assert planted not in done.stdout + done.stderr
    numbered = run(path, "--readers-as-numbers", "--json")
    assert numbered.returncode == 0
    assert [one["reader"] for one in json.loads(numbered.stdout)["readers"]] == ["reader-1", "reader-2"]
    assert planted not in numbered.stdout + numbered.stderr


@pytest.mark.parametrize(
    "planted",
    ["j@site.org", "1951-03-02", "3/2/1951", "555 123 4567", "482913", "x\x1b[31m", "x\u202e", "x\u200b", "n" * 65],
)
@pytest.mark.parametrize("column", ["value", "site"])
def test_classes_and_levels_that_may_identify_are_refused(table: Path, planted: str, column: str) -> None:
    one, two = (planted, "A") if column == "value" else ("x", planted)
    body = f'unit,reader,value,site\nu1,a,"{one}","{two}"\nu1,b,y,A\nu2,a,y,A\nu2,b,y,A\n'
    done = run(rewritten(table, body), "--by", "site", "--json")
    assert (done.returncode, done.stderr[:7]) == (2, "AGR-005")
    assert planted not in done.stdout + done.stderr


def test_units_and_long_numbers_stand_nowhere_in_a_report(table: Path) -> None:
    header = "unit,reader,value\n"
    body = header + "".join(f"MRN-{4829130 + n},{r},{7730000 + n + k}\n" for n in range(20) for k, r in enumerate("ab"))
    document = run(rewritten(table, body), "--scale", "interval", "--json")
    assert document.returncode == 0
    assert not [n for n in range(21) if str(7730000 + n) in document.stdout or str(4829130 + n) in document.stdout]
    assert json.loads(document.stdout)["classes"] is None
    assert "ICC(2,1)" in json.loads(document.stdout)["overall"]["measures"]


def test_without_numpy_there_is_a_code_that_says_what_to_install(table: Path) -> None:
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from curator.cli.main import run\n"
        "sys.exit(run(['labels', 'agreement', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(table)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("AGR-020")
    assert "curator[stats]" in done.stderr


FORMS = """unit,reader,asked,value,site
n1,ada,margin,smooth,A
n1,ben,margin,spiculated,A
n2,ada,margin,smooth,B
n2,ben,margin,smooth,B
n1,ada,birads,4a,A
n1,ben,birads,4b,A
n2,ada,birads,2,B
n2,ben,birads,2,B
n1,ada,diameter,12.5,A
n1,ben,diameter,13,A
n2,ada,diameter,7,B
n2,ben,diameter,7.25,B
"""


def test_each_question_is_answered_on_its_own_scale_and_none_are_put_together(tmp_path: Path) -> None:
    table = tmp_path / "forms.csv"
    table.write_text(FORMS)
    how = ("--scale", "birads=ordinal", "--order", "birads=1,2,3,4a,4b,5", "--scale", "diameter=ratio")
    document = found(str(table), "--question", "asked", *how, "--by", "site", "--bootstrap", "20")
    assert (document["scale"], document["overall"]["measures"], document["overall"]["ratings"]) == (None, {}, 12)
    (group,) = document["groups"]
    assert group["by"] == "asked"
    levels = {one["level"]: one for one in group["levels"]}
    assert {name: one["scale"] for name, one in levels.items()} == {
        "margin": "nominal", "birads": "ordinal", "diameter": "ratio",
    }  # fmt: skip
    assert levels["birads"]["names"] == ["1", "2", "3", "4a", "4b", "5"]
    assert {one["by"] for one in levels["margin"]["groups"]} == {"site"}
    # The same as each question's rows in a table of their own: no class of another question counts.
    for name, one in levels.items():
        rows = [line for line in FORMS.splitlines()[1:] if f",{name}," in line]
        alone = rewritten(table, "\n".join(["unit,reader,asked,value,site", *rows]) + "\n")
        own = {"birads": ("--order", "1,2,3,4a,4b,5")}.get(name, ())
        single = found(alone, "--scale", one["scale"], *own, "--bootstrap", "20")
        assert single["overall"]["measures"] == one["measures"]
        assert single["pairs"] == one["pairs"]
    said = run(str(table), "--question", "asked", *how, "--bootstrap", "0").stdout
    assert "asked birads   scale ordinal · weights quadratic · 4 ratings of 2 units" in said
    assert "ICC(2,1)" in said


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (("--question", "asked", "--scale", "size=ratio"), "AGR-039"),
        (("--scale", "margin=ordinal"), "AGR-039"),
        (("--question", "asked", "--scale", "margin=sortable"), "AGR-040"),
        (("--question", "asked", "--scale", "margin=nominal", "--scale", "margin=ordinal"), "AGR-040"),
        (("--scale", "nominal", "--scale", "ordinal"), "AGR-040"),
        (("--question", "asked", "--order", "birads=1,2"), "AGR-015"),
    ],
)
def test_a_scale_of_no_question_or_of_two_minds_is_refused(tmp_path: Path, how: tuple[str, ...], code: str) -> None:
    table = tmp_path / "forms.csv"
    table.write_text(FORMS)
    done = run(str(table), *how, "--bootstrap", "0")
    assert done.returncode == 2
    assert code in done.stderr


def test_an_order_may_name_classes_with_an_equals_sign(tmp_path: Path) -> None:
    table = tmp_path / "reads.csv"
    table.write_text("unit,reader,value\nn1,ada,<3\nn1,ben,>=3\nn2,ada,<3\nn2,ben,<3\n")
    document = found(str(table), "--scale", "ordinal", "--order", "=<3,>=3", "--bootstrap", "0")
    assert document["classes"] == ["<3", ">=3"]


def test_a_rating_without_a_question_is_refused(tmp_path: Path) -> None:
    done = run(rewritten(tmp_path / "x.csv", FORMS + "n3,ada,,smooth,A\n"), "--question", "asked")
    assert done.returncode == 3
    assert "AGR-007" in done.stderr
