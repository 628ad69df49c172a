"""``labels consensus``, ``adjudicate``, ``status``, ``queue``, ``worklist`` and ``qualify``, as people run them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from consensus_site import begin, box, reading, sign
from test_ledger_commands import Site

from curator.core.schema import violation

ANSWERS = {
    "ada": ("benign", "malignant", "benign", "benign"),
    "ben": ("benign", "malignant", "malignant", "benign"),
    "cyn": ("benign", "benign", "unclear", "benign"),
}
REASON = ("--reason", "majority of three readers")
#: What must stand in no output, however it is spelled.
PLANTED = ("Quillfeather", "48291047")
SPELLINGS = ("quillfeather", "48291047", "4829-1047")


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The project, before anybody has labeled."""
    return begin(tmp_path_factory.mktemp("begun"))


@pytest.fixture(scope="session")
def labeled(begun: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The project with three readers' classes of four samples, and boxes of one."""
    folder = tmp_path_factory.mktemp("labeled") / "site"
    shutil.copytree(begun.folder, folder)
    made = Site(folder)
    for at, (who, answers) in enumerate(ANSWERS.items()):
        lines = [reading(number, who, name) for number, name in enumerate(answers)]
        sign(made, who, [*lines, box(0, who, [10 + at, 10, 20, 20])])
    return made


def copied(site: Site, tmp_path: Path) -> Site:
    shutil.copytree(site.folder, tmp_path / "site")
    return Site(tmp_path / "site")


@pytest.fixture
def site(labeled: Site, tmp_path: Path) -> Site:
    return copied(labeled, tmp_path)


@pytest.fixture
def fresh(begun: Site, tmp_path: Path) -> Site:
    return copied(begun, tmp_path)


def ids(site: Site) -> list[str]:
    return site("label", "status", "--in", "signed").out.split()


def test_opinions_come_to_one_label_that_takes_their_place_and_leaves_them_readable(site: Site) -> None:
    done = site.installed("labels", "consensus", "--as", "zoe", "--out", "consensus.jsonl", "--json")
    assert done.code == 5, done.err
    told = done.json
    assert violation("consensus-report", told) is None
    assert told["questions"] == {"total": 5, "decided": 4, "absent": 0, "tied": 1, "equivocal": 0, "refused": 0}
    assert told["labels"] == {"read": 15, "counted": 15, "leftOut": {}}
    data = (site.folder / "consensus.jsonl").read_bytes()
    assert hashlib.sha256(data).hexdigest() == told["sha256"]
    lines = [json.loads(line) for line in data.splitlines()]
    assert all(violation("label-input", one) is None for one in lines)
    assert next(one for one in lines if one["kind"] == "box")["value"] == {"class": "nodule", "box": [11, 10, 20, 20]}
    # Run again, it writes the same bytes; they are signed once.
    assert {one["consensus"]["settings"] for one in lines} == {told["settings"]}
    assert site("labels", "consensus", "--as", "zoe", "--out", "consensus.jsonl").code == 5
    assert (site.folder / "consensus.jsonl").read_bytes() == data
    unsigned = site("labels", "adjudicate", "consensus.jsonl", "--by", "zoe", *REASON, "--dry-run")
    assert (unsigned.code, "CON-017 4 labels" in unsigned.err) == (2, True)
    assert site("sign", "consensus.jsonl", "--as", "zoe", "--confirm", 4, key=True).code == 0
    more = site("labels", "consensus", "--as", "zoe", "--out", "more.jsonl", "--json").json
    assert (more["labelsMade"], more["alreadySigned"], (site.folder / "more.jsonl").exists()) == (0, 4, False)
    again = site("sign", "consensus.jsonl", "--as", "zoe", "--confirm", 4, "--json", key=True)
    assert (again.json["signed"], again.json["already"]) == (0, 4)

    words = ("labels", "adjudicate", "consensus.jsonl", "--by", "zoe", *REASON)
    early = site(*words, "--dry-run")
    assert early.code == 2
    assert "CON-018" in early.err
    (site.folder / "ids").write_text("\n".join(one for one in ids(site) if not one.startswith("consensus-")))
    review = ("label", "review", "--file", "ids", "--by", "rita", "--outcome", "accepted", "--confirm", 15)
    assert site(*review, key=True).code == 0
    before = site.verified()["records"]
    tried = site(*words, "--dry-run", "--json")
    assert (tried.code, tried.json["adjudicated"], site.verified()["records"]) == (0, 0, before)
    assert site(*words, "--confirm", 3, key=True).code == 2
    done = site(*words, "--confirm", 4, "--json", key=True)
    assert (done.code, done.json["adjudicated"], done.json["already"]) == (0, 4, 0)
    assert site(*words, "--json", key=True).json["already"] == 4
    assert site.verified()["counts"]["label adjudicated"] == 4
    # The opinions are still there to be read, and count no more.
    (one,) = site("label", "status", "ada-0", "--json").json["labels"]
    assert one["state"] == "resolved"
    left = site("labels", "consensus", "--dry-run", "--json").json
    assert left["labels"] == {"read": 19, "counted": 3, "leftOut": {"settled": 16}}
    assert left["questions"]["tied"] == 1


def test_the_model_and_weights_decide_too(site: Site) -> None:
    weights = site.folder / "weights.json"
    weights.write_text(json.dumps({"format": 1, "weights": {"ada": 0.5, "ben": 0.95, "cyn": 0.3}}))
    done = site("labels", "consensus", "--method", "weighted", "--weights", weights, "--dry-run", "--json")
    assert done.code == 0, done.err
    assert done.json["questions"]["decided"] == 5
    weights.write_text(json.dumps({"format": 1, "weights": {"ada": 0.5, "ben": 0.95}}))
    done = site("labels", "consensus", "--method", "weighted", "--weights", weights, "--dry-run")
    assert "CON-007" in done.err
    done = site("labels", "consensus", "--method", "dawid-skene", "--dry-run", "--json")
    assert done.json["method"]["classes"] == "dawid-skene"
    assert sum(count for name, count in done.json["questions"].items() if name != "total") == 5


def test_one_reader_alone_decides_nothing(fresh: Site) -> None:
    sign(fresh, "ada", [reading(0, "ada", "benign")])
    done = fresh("labels", "consensus", "--dry-run", "--json")
    assert done.code == 3
    assert done.json["refused"] == {"one-opinion": 1}
    assert "CON-010" in done.err + done.out
    assert fresh("labels", "queue", "--json").json["questions"]["oneReader"] == 1


def test_guidelines_are_mixed_only_when_asked(fresh: Site) -> None:
    (fresh.folder / "chest2.txt").write_text("how to read a chest, again\n")
    words = ("guideline", "add", "chest2.txt", "--id", "chest", "--version", "2.0", "--by", "rita")
    assert fresh(*words, key=True).code == 0
    sign(fresh, "ada", [reading(0, "ada", "benign")])
    sign(fresh, "ben", [reading(0, "ben", "benign", guideline="chest@2.0")])
    done = fresh("labels", "consensus", "--as", "zoe", "--out", "mixed.jsonl")
    assert (done.code, "CON-001" in done.err) == (2, True)
    assert not (fresh.folder / "mixed.jsonl").exists()
    assert fresh("labels", "consensus", "--as", "zoe", "--out", "mixed.jsonl", "--mix-guidelines").code == 0
    assert json.loads((fresh.folder / "mixed.jsonl").read_text())["guideline"] == "chest@2.0"
    one = fresh("labels", "consensus", "--guideline", "chest@1.0", "--dry-run", "--json")
    assert one.json["labels"]["leftOut"] == {"guideline": 1}


def test_a_table_comes_to_a_table_and_names_no_unit_in_the_report(site: Site) -> None:
    rows = [("u1", "a", "x"), ("u1", "b", "x"), ("u2", "a", "x"), ("u2", "b", "y"), ("u3", "a", "y")]
    table = site.folder / "reads.csv"
    table.write_text("unit,reader,value\n" + "".join(f"{','.join(row)}\n" for row in rows))
    done = site("labels", "consensus", "--table", table, "--out", "out.csv", "--json", project=False)
    assert done.code == 5, done.err
    assert violation("consensus-report", done.json) is None
    assert done.json["questions"]["total"] == 3
    assert "u1" not in done.out
    found = list(csv.DictReader(io.StringIO((site.folder / "out.csv").read_text())))
    assert [(one["unit"], one["outcome"], one["value"]) for one in found] == [
        ("u1", "decided", "x"),
        ("u2", "tied", ""),
        ("u3", "refused", ""),
    ]
    table.write_text(f"unit,reader,value\nMRN {PLANTED[1]},a,x\nMRN {PLANTED[1]},b,x\n")
    done = site("labels", "consensus", "--table", table, "--out", "leak.csv", "--json", project=False)
    assert done.code == 2
    assert "CON-004" in done.out + done.err
    assert PLANTED[1] not in done.out + done.err
    assert not (site.folder / "leak.csv").exists()


def fill(site: Site, name: str, answers: dict[str, dict[str, str]], to: str) -> None:
    rows = list(csv.DictReader(io.StringIO((site.folder / name).read_text())))
    for row in rows:
        row |= answers.get(row["path"], answers.get("", {}))
    with (site.folder / to).open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def stage_counts(site: Site) -> dict[str, int]:
    told = site("labels", "status", "--json").json
    assert violation("labels-status", told) is None
    made = {one["stage"]: one["waiting"] for one in told["stages"]} | {"done": told["done"]}
    assert sum(made.values()) == told["samples"] == 4
    return {name: count for name, count in made.items() if count}


def exported(site: Site, stage: str, reader: str, out: str) -> Any:
    words = ("labels", "worklist", "export", "--stage", stage, "--reader", reader, "--out", out, "--by", "rita")
    done = site(*words, "--json", key=True)
    assert done.code == 0, done.err
    assert violation("worklist", done.json) is None
    return done.json


def test_two_readers_and_an_adjudicator_from_the_first_list_to_the_last_approval(fresh: Site) -> None:
    assert stage_counts(fresh) == {"read": 4}
    for who in ("ada", "ben"):
        exported(fresh, "read", who, f"{who}.csv")
        sheet = (fresh.folder / f"{who}.csv").read_text() + (fresh.folder / f"{who}.json").read_text()
        assert "malignant" not in sheet
        answers = {
            f"clean/p/s/r/{number}.dcm": {"kind": "class", "value": name, "labeledAt": "2020-05-04T10:15:00+02:00"}
            for number, name in enumerate(ANSWERS[who])
        }
        fill(fresh, f"{who}.csv", answers, f"{who}-filled.csv")
        line = ("labels", "worklist", "import", f"{who}-filled.csv", "--stage", "read", "--reader", who)
        done = fresh(*line, "--out", f"{who}.jsonl", "--json")
        assert (done.code, done.json["filled"], done.json["open"]) == (0, 4, 0), done.err
        assert fresh("sign", f"{who}.jsonl", "--as", who, "--confirm", 4, key=True).code == 0
    assert stage_counts(fresh) == {"review": 4}
    proven = fresh("labels", "consensus", "--dry-run", "--json").json["independence"]
    assert proven == {"questions": {"proven": 4, "asserted": 0, "unknown": 0, "not-independent": 0}, "assertedBy": []}
    queue = fresh("labels", "queue", "--json").json
    assert violation("disagreement-queue", queue) is None
    assert [one["path"] for one in queue["queue"]] == ["clean/p/s/r/2.dcm"]

    exported(fresh, "review", "rita", "review.csv")
    fill(fresh, "review.csv", {"": {"outcome": "accepted"}}, "reviewed.csv")
    line = ("labels", "worklist", "import", "reviewed.csv", "--stage", "review", "--reader", "rita")
    assert fresh(*line, "--out", "accepted.txt").code == 0
    words = ("label", "review", "--file", "accepted.txt", "--by", "rita", "--outcome", "accepted", "--confirm", 8)
    assert fresh(*words, key=True).code == 0
    assert stage_counts(fresh) == {"adjudication": 1, "approval": 3}

    hidden = ("labels", "worklist", "export", "--stage", "adjudication", "--reader", "zoe", "--out", "hard.csv")
    assert "CON-035" in fresh(*hidden, key=True).err
    exported(fresh, "adjudication", "zoe", "hard.csv")
    sheet = (fresh.folder / "hard.csv").read_text()
    assert "malignant" in sheet
    assert "benign" in sheet
    assert "ada" not in sheet
    answers = {"": {"value": "malignant", "labeledAt": "2020-05-05T10:00:00Z"}}
    fill(fresh, "hard.csv", answers, "hard-filled.csv")
    line = ("labels", "worklist", "import", "hard-filled.csv", "--stage", "adjudication", "--reader", "zoe")
    assert fresh(*line, "--out", "hard.jsonl").code == 0
    assert fresh("sign", "hard.jsonl", "--as", "zoe", key=True).code == 0
    done = fresh("labels", "adjudicate", "hard.jsonl", "--by", "zoe", "--reason", "seen on the prior", key=True)
    assert done.code == 0, done.err
    (name,) = fresh("label", "status", "--in", "adjudicated, not reviewed").out.split()
    assert fresh("label", "review", name, "--by", "rita", "--outcome", "accepted", key=True).code == 0
    assert stage_counts(fresh) == {"approval": 4}
    (fresh.folder / "all.txt").write_text(
        "\n".join(
            one for state in ("reviewed", "adjudicated") for one in fresh("label", "status", "--in", state).out.split()
        )
    )
    words = ("label", "approve", "--file", "all.txt", "--by", "rita", "--confirm", 7)
    assert fresh(*words, key=True).code == 0
    assert stage_counts(fresh) == {"done": 4}
    assert fresh("labels", "status", "--in", "done").out.split() == [f"clean/p/s/r/{n}.dcm" for n in range(4)]


def test_a_filled_list_with_a_bad_row_writes_nothing_and_repeats_nothing(fresh: Site) -> None:
    exported(fresh, "read", "ada", "ada.csv")
    answers = {
        "clean/p/s/r/0.dcm": {"kind": "class", "value": "benign", "labeledAt": "2020-05-04T10:15:00Z"},
        "clean/p/s/r/1.dcm": {"kind": "class", "value": f"as Dr. {PLANTED[0]} said, MRN {PLANTED[1]}"},
    }
    fill(fresh, "ada.csv", answers, "filled.csv")
    line = ("labels", "worklist", "import", "filled.csv", "--stage", "read", "--out", "out.jsonl")
    for words in ((*line, "--reader", "ada"), (*line, "--reader", "ada", "--json"), (*line, "--reader", "ben")):
        done = fresh(*words, "--labeled-at", "2020-05-04T10:15:00Z")
        assert done.code == 2
        assert "CON-025" in done.err + done.out
        for one in SPELLINGS:
            assert one not in (done.out + done.err).lower()
    assert not (fresh.folder / "out.jsonl").exists()


def test_a_reader_is_measured_and_the_exit_says_what_it_came_to(site: Site) -> None:
    truth = [reading(n, "zoe", name, labelId=f"truth-{n}") for n, name in enumerate(ANSWERS["ben"])]
    path = site.labels(truth, "truth.jsonl")
    for least, code in ((("--least", "accuracy=0.99"), 1), (("--least", "accuracy=0.5"), 3), ((), 0)):
        done = site("labels", "qualify", "ada", "--reference", path, *least, "--json")
        assert done.code == code, done.err
        assert violation("qualify-report", done.json) is None
        accuracy = done.json["overall"]["accuracy"]
        assert (accuracy["hits"], accuracy["of"]) == (3, 4)
        assert (round(accuracy["low"], 4), round(accuracy["high"], 4)) == (0.1941, 0.9937)


def test_a_verdict_goes_into_the_ledger_with_the_report_s_digest(site: Site) -> None:
    words = ("labels", "qualify", "ada", "--reference-reader", "ben", "--least", "accuracy=0.9", "--out", "ada.json")
    assert "CON-043" in site(*words, "--by", "rita", key=True).err
    done = site(*words, "--test", "chest@1", "--by", "rita", key=True)
    assert (done.code, "CON-045" in done.err) == (1, True)
    (record,) = [one for one in site("ledger", "show", "--json").json["records"] if one["kind"] == "reader qualified"]
    assert record["predicate"]["verdict"] == "failed"
    assert (record["predicate"]["cases"], record["predicate"]["correct"]) == (4, 3)
    report = (site.folder / "ada.json").read_bytes()
    assert record["subject"][0]["digest"]["sha256"] == hashlib.sha256(report).hexdigest()
    # The report weighs votes: its accuracy.
    weights = [site.folder / f"{who}.json" for who in ("ada", "ben", "cyn")]
    for who, other in (("ben", "ada"), ("cyn", "ada")):
        site("labels", "qualify", who, "--reference-reader", other, "--out", f"{who}.json")
    line = [word for path in weights for word in ("--weights", path)]
    done = site("labels", "consensus", "--method", "weighted", *line, "--dry-run", "--json")
    assert done.json["method"]["weights"] == {"ada": 0.75, "ben": 0.75, "cyn": 0.5}


def test_a_reference_with_an_identifier_is_refused_and_not_repeated(site: Site) -> None:
    truth = [reading(0, "zoe", f"as Dr. {PLANTED[0]} said, MRN {PLANTED[1]}", labelId="truth-0")]
    path = site.labels(truth, "truth.jsonl")
    for more in ((), ("--json",)):
        done = site("labels", "qualify", "ada", "--reference", path, *more)
        assert done.code == 2
        assert "CON-040" in done.out + done.err
        for one in SPELLINGS:
            assert one not in (done.out + done.err).lower()


REFUSED = [
    ("CON-002", ("consensus", "--method", "weighted", "--dry-run")),
    ("CON-003", ("consensus", "--as", "zoe")),
    ("CON-008", ("consensus", "--least-readers", "1", "--dry-run")),
    ("CON-049", ("qualify", "ada", "--reference-reader", "ben", "--least", "speed=1")),
    ("CON-008", ("qualify", "ada", "--reference-reader", "ben", "--least", "accuracy=2")),
    ("CON-009", ("consensus", "--as", "zoe", "--out", "nowhere/x.jsonl")),
    ("KEY-009", ("consensus", "--as", "nobody", "--out", "x.jsonl")),
    ("CON-030", ("status", "--in", "dance")),
    ("CON-033", ("status", "--under", "clean/none")),
    ("CON-034", ("worklist", "export", "--stage", "read", "--reader", "ada", "--out", "x.xlsx")),
    ("CON-036", ("worklist", "import", "x.csv", "--stage", "read", "--reader", "ada")),
    ("CON-042", ("qualify", "ada")),
    ("CON-042", ("qualify", "ada", "--reference-reader", "ada")),
    ("CON-046", ("qualify", "ada", "--reference-consensus")),
]


def test_what_cannot_be_done_has_a_code_and_a_hint(site: Site) -> None:
    before = site.verified()["records"]
    for code, words in REFUSED:
        done = site("labels", *words)
        assert done.code in {2, 3}, code
        assert code in done.err
        assert "hint: " in done.err
    assert site.verified()["records"] == before


def test_every_kind_of_find_comes_to_a_label_that_is_signed_and_adjudicated(fresh: Site) -> None:
    shapes: dict[str, dict[str, Any]] = {
        "ellipse": {"class": "nodule", "center": [20, 20], "radii": [6, 4], "rotation": 20},
        "point": {"class": "node", "point": [5, 5]},
        "polyline": {"class": "vessel", "line": [0, 0, 30, 0]},
        "polygon": {"class": "lung", "rings": [[2, 2, 30, 2, 30, 30, 2, 30]]},
        "measurement": {"what": "diameter", "amount": 12, "unit": "mm"},
    }
    for who in ("ada", "ben"):
        mark = {"ada": "b", "ben": "c"}[who]
        drug, dose = (f"import-{24 * mark}", f"import-{23 * mark}d")
        values = [(f"{who}-{kind}", kind, value) for kind, value in shapes.items()]
        values += [
            (drug, "span", {"type": "drug", "start": 0, "end": 5}),
            (dose, "span", {"type": "dose", "start": 6, "end": 9}),
            (f"{who}-relation", "relation", {"type": "of", "from": dose, "to": drug}),
        ]
        sign(fresh, who, [{**box(1, who, []), "labelId": name, "kind": k, "value": value} for name, k, value in values])
    done = fresh("labels", "consensus", "--as", "zoe", "--out", "c.jsonl", "--json")
    assert done.code == 0, done.err
    assert violation("consensus-report", done.json) is None
    assert done.json["questions"]["decided"] == done.json["questions"]["total"] == 8
    lines = [json.loads(line) for line in (fresh.folder / "c.jsonl").read_bytes().splitlines()]
    assert all(violation("label-input", one) is None for one in lines)
    made = {(one["kind"], one["value"].get("type")): one for one in lines}
    relation = made["relation", "of"]["value"]
    assert (relation["from"], relation["to"]) == (made["span", "dose"]["labelId"], made["span", "drug"]["labelId"])
    assert made["polygon", None]["value"] == shapes["polygon"]
    assert made["point", None]["consensus"]["method"] == "shape-fusion"
    assert fresh("sign", "c.jsonl", "--as", "zoe", "--confirm", 8, key=True).code == 0
    (fresh.folder / "ids").write_text("\n".join(one for one in ids(fresh) if not one.startswith("consensus-")))
    review = ("label", "review", "--file", "ids", "--by", "rita", "--outcome", "accepted", "--confirm", 16)
    assert fresh(*review, key=True).code == 0
    done = fresh("labels", "adjudicate", "c.jsonl", "--by", "zoe", *REASON, "--confirm", 8, "--json", key=True)
    assert (done.code, done.json["adjudicated"]) == (0, 8)
    for words in (("--kind", "polyline"), ("--kind", "relation"), ("--kind", "measurement")):
        found = fresh("labels", "agreement", *words, "--bootstrap", 0, "--json")
        assert violation("agreement-report", found.json) is None
        assert found.json["source"]["used"] == 2, found.err
    words = fresh("labels", "agreement", "--kind", "measurement", "--bootstrap", 0)
    assert "mean difference" not in words.out  # one unit has no deviation
    assert fresh("labels", "agreement", "--kind", "polyline", "--within", 0).code == 2
    assert fresh("labels", "consensus", "--dry-run", "--within", 0).code == 2
