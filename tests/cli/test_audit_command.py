"""``labels audit`` by the commands that people run: close, anchor, draw, record, verdict."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import importlib.util
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from test_ledger_commands import Result, Site, add_samples, label

NOW = datetime.now(UTC).replace(microsecond=0)
COUNT = 60
PLANTED = "Quillfeather 48291047"


def _tsa() -> ModuleType:
    path = Path(__file__).parents[1] / "provenance" / "tsa_world.py"
    spec = importlib.util.spec_from_file_location("tsa_world", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


TSA = _tsa().Tsa(begin=NOW - timedelta(days=30), end=NOW + timedelta(days=30))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project with two readers, two reviewers, sixty labels, and a lot that is closed."""
    site = Site(tmp_path_factory.mktemp("site"))
    (site.folder / "pass").write_text("the vault's passphrase\n")
    (site.folder / "key").write_text("a key's passphrase\n")
    (site.folder / "roots.pem").write_bytes(TSA.pem)
    assert site("init", vault=True).code == 0
    add_samples(site.project)
    for name, role in {"ada": "reader", "ben": "reader", "rita": "reviewer", "rolf": "reviewer"}.items():
        words = ("people", "add", name, "--name", f"Dr {name.title()}", "--role", role)
        assert site(*words, key=True, project=False).code == 0
    for name, by in (("rita", "ada"), ("ada", "rita"), ("ben", "rita"), ("rolf", "rita")):
        assert site("people", "enroll", f"{name}.request.json", "--by", by, key=True).code == 0
    (site.folder / "chest.txt").write_text("how to read a chest\n")
    assert site("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita", key=True).code == 0
    for name in ("ada", "ben"):
        path = site.labels([label(number, name, value={"class": "nodule"}) for number in range(COUNT // 2)])
        line = ("sign", path, "--as", name, "--guideline", "chest@1.0", "--confirm", COUNT // 2)
        done = site(*line, key=True)
        assert done.code == 0, done.err
    words = ("labels", "audit", "close", "lot-1", "--by", "rita", "--by-stratum", "reader", "--ltpd", "0.2")
    done = site(*words, key=True, vault=True)
    assert done.code == 0, done.err
    assert "60 labels" in done.out
    return site


@pytest.fixture
def site(begun: Site, tmp_path: Path) -> Site:
    shutil.copytree(begun.folder, tmp_path / "site")
    return Site(tmp_path / "site")


def stamp(site: Site, at: datetime = NOW) -> None:
    assert site("ledger", "timestamp", "--request-out", "q.tsq").code == 0
    (site.folder / "r.tsr").write_bytes(TSA.answer((site.folder / "q.tsq").read_bytes(), at))
    done = site("ledger", "timestamp", "--response-in", "r.tsr", "--tsa-ca", "roots.pem")
    assert done.code == 0, done.err


TRUST = ("--tsa-ca", "roots.pem")


def drawn(site: Site, *words: str) -> list[dict[str, str]]:
    done = site("labels", "audit", "draw", "lot-1", *(words or TRUST), "--out", "work.csv")
    assert done.code == 0, done.err
    return list(csv.DictReader((site.folder / "work.csv").read_text().splitlines()))


def fill(
    site: Site, rows: list[dict[str, str]], wrong: set[str] = frozenset(), unclear: set[str] = frozenset()
) -> Path:  # type: ignore[assignment]
    path = site.folder / "filled.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        for row in rows:
            what = "wrong" if row["label"] in wrong else "unclear" if row["label"] in unclear else "ok"
            writer.writerow(row | {"verdict": what, "corrected": "mass" if what == "wrong" else ""})
    return path


def record(site: Site, path: Path, by: str = "rita", *more: object) -> Result:
    return site("labels", "audit", "record", "lot-1", path, "--by", by, *TRUST, *more, key=True)


def verdict(site: Site, *more: str) -> Result:
    return site("labels", "audit", "verdict", "lot-1", "--by", "rita", *TRUST, *more, key=True)


def test_a_lot_is_anchored_drawn_recorded_and_accepted(site: Site) -> None:
    done = site("labels", "audit", "draw", "lot-1", *TRUST, "--out", "early.csv")
    assert (done.code, "QUA-023" in done.err) == (3, True)
    assert not (site.folder / "early.csv").exists()
    stamp(site)
    rows = drawn(site)
    assert {row["stratum"] for row in rows} == {"ada", "ben"}
    assert rows == drawn(site)
    assert "value" not in rows[0]
    early = verdict(site, "--dry-run")
    assert (early.code, "UNDECIDED" in early.out) == (3, True)
    path = fill(site, rows)
    kept = path.read_bytes()
    done = site("labels", "audit", "draw", "lot-1", *TRUST, "--out", path.name)
    assert (done.code, "CON-009" in done.err, path.read_bytes() == kept) == (2, True, True)
    none = site("labels", "audit", "record", "lot-1", "work.csv", "--by", "rita", *TRUST, key=True)
    assert (none.code, "QUA-058" in none.err) == (2, True)
    done = record(site, path)
    assert done.code == 0, done.err
    assert f"{len(rows)} ok · 0 wrong · 0 unclear" in done.out
    done = verdict(site, "--json")
    assert done.code == 0, done.err
    assert done.json["outcome"] == "accept"
    assert done.json["seedFrom"]["kind"] == "timestamp"
    assert all(one["plan"]["consumer"] <= 0.05 for one in done.json["strata"])
    assert done.json["wrongLow"] == 0
    assert site("label", "status").code == 0
    assert site.verified()["counts"]["audit verdict"] == 1
    assert "lot-1" in site("labels", "audit", "show").out
    again = verdict(site)
    assert (again.code, "QUA-055" in again.err) == (2, True)
    told = site("ledger", "log").out
    assert "audit lot" in told or "audit-lot" in told


def test_anyone_can_make_the_draw_again_from_the_ledger_alone(site: Site) -> None:
    stamp(site)
    rows = drawn(site)
    document = site("labels", "audit", "draw", "lot-1", *TRUST, "--out", "again.csv", "--json").json
    shown = site("ledger", "log", "--kind", "label", "--json").json
    leaves = {one["predicate"]["labelId"]: one["leaf"] for one in shown["records"]}
    seed = bytes.fromhex(document["seed"])
    for who in ("ada", "ben"):
        own = [name for name in leaves if name.startswith(who)]
        order = sorted(own, key=lambda name: hmac.new(seed, bytes.fromhex(leaves[name]), hashlib.sha256).digest())
        mine = [row["label"] for row in rows if row["stratum"] == who]
        assert order[: len(mine)] == mine
        assert mine != sorted(mine)


def test_wrong_labels_reject_a_lot_and_stay_rejected(site: Site) -> None:
    stamp(site)
    rows = drawn(site)
    bad = {row["label"] for row in rows if row["stratum"] == "ben"}
    assert record(site, fill(site, rows, wrong=bad)).code == 0
    done = verdict(site)
    assert (done.code, "QUA-024" in done.err) == (1, True)
    assert "ben: REJECT" in done.out
    assert "ada: ACCEPT" in done.out
    again = record(site, fill(site, rows))
    assert (again.code, "QUA-055" in again.err) == (2, True)
    words = ("labels", "audit", "close", "lot-2", "--by", "rita", "--by-stratum", "reader")
    same = site(*words, key=True)
    assert (same.code, "QUA-052" in same.err) == (2, True)


def test_unclear_and_disputed_labels_keep_a_lot_open(site: Site) -> None:
    stamp(site)
    rows = drawn(site)
    some = {row["label"] for row in rows if row["stratum"] == "ada"}
    assert record(site, fill(site, rows, unclear=some)).code == 0
    done = verdict(site, "--dry-run")
    assert (done.code, "QUA-025" in done.err) == (3, True)
    assert record(site, fill(site, rows)).code == 0
    done = verdict(site, "--dry-run", "--json")
    assert (done.code, done.json["changed"], done.json["disputed"]) == (0, len(some), 0)
    assert record(site, fill(site, rows, wrong=some), "rolf").code == 0
    done = verdict(site, "--json")
    assert (done.code, done.json["disputed"]) == (3, len(some))


def test_what_was_not_drawn_or_is_no_verdict_is_refused_and_nothing_is_signed(site: Site) -> None:
    stamp(site)
    rows = drawn(site)
    size = site.verified()["records"]
    left = next(f"ada-{n}" for n in range(COUNT) if f"ada-{n}" not in {row["label"] for row in rows})
    for strange in (left, PLANTED):
        done = record(site, fill(site, [*rows, rows[0] | {"label": strange}]))
        assert (done.code, "QUA-016" in done.err) == (2, True)
        assert "Quillfeather" not in done.out + done.err
    path = fill(site, rows)
    path.write_text(path.read_text().replace(",ok,", f",{PLANTED},", 1))
    done = record(site, path)
    assert (done.code, "QUA-019" in done.err, "Quill" in done.out + done.err) == (2, True, False)
    done = record(site, fill(site, rows), "ada")
    assert (done.code, "KEY-011" in done.err) == (2, True)
    assert site.verified()["records"] == size


def test_a_witness_gives_the_seed_and_an_asserted_one_is_shown_as_such(site: Site) -> None:
    machine = Ed25519PrivateKey.generate()
    pem = machine.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (site.folder / "w1.pem").write_bytes(pem)
    words = ("labels", "audit", "close", "lot-w", "--by", "rita", "--reader", "ada", "--ltpd", "0.3")
    more = ("--seed-from", "witness", "--witness", "witness.example/w1")
    assert site(*words, *more, key=True, vault=True).code == 0
    head = site("ledger", "head", "--json").json
    (site.folder / "operator.vkey").write_text(head["operatorVerifierKey"])
    assert site("ledger", "witness", "request", "--out", "ask").code == 0
    line = ("ledger", "witness", "cosign", "ask", "--key", "w1.pem", "--name", "witness.example/w1")
    done = site(
        *line, "--seen", "w.seen", "--out", "cosigned", "--operator-key", "operator.vkey", "--json", project=False
    )
    assert done.code == 0, done.err
    (site.folder / "w1.vkey").write_text(done.json["witnessKey"])
    done = site("ledger", "witness", "add", "cosigned", "--witness-key", "w1.vkey", "--by", "rita", key=True)
    assert done.code == 0, done.err
    done = site("labels", "audit", "draw", "lot-w", "--out", "w.csv", "--witness-key", "w1.vkey", "--json")
    assert done.code == 0, done.err
    line = next(one for one in (site.folder / "cosigned").read_text().splitlines() if "witness.example/w1" in one)
    raw = base64.b64decode(line.split()[-1])[4:]
    assert done.json["seed"] == hashlib.sha256(b"curator audit seed v1\n" + raw).hexdigest()
    done = site("labels", "audit", "draw", "lot-w", "--out", "w.csv")
    assert (done.code, "QUA-020" in done.err) == (2, True)
    done = site("labels", "audit", "draw", "lot-w", "--out", "w2.csv", "--seed-asserted", "dice 4 1 6")
    assert (done.code, "ASSERTED" in done.out) == (0, True)


def test_a_later_anchor_does_not_change_the_draw(site: Site) -> None:
    stamp(site)
    first = drawn(site)
    stamp(site, NOW + timedelta(minutes=3))
    done = site("labels", "audit", "draw", "lot-1", *TRUST, "--out", "later.csv")
    assert "1 later anchors fit too" in done.out
    assert (site.folder / "later.csv").read_bytes() == (site.folder / "work.csv").read_bytes()
    assert first


def test_a_plan_is_printed_without_a_project(tmp_path: Path) -> None:
    site = Site(tmp_path)
    done = site("labels", "audit", "plan", "--lot", 2000, "--json", project=False)
    assert done.code == 0, done.err
    assert (done.json["sample"], done.json["accept"], done.json["keeps"]) == (176, 4, True)
    for words in (("--scheme", "sprt"), ("--scheme", "z1.4"), ("--scheme", "zero-failure")):
        done = site("labels", "audit", "plan", "--lot", 2000, *words, project=False)
        assert done.code == 0, done.err
        assert "risk to accept at 0.05 wrong" in done.out
    for words in (("--aql", "0.1"), ("--aql", "1e-2"), ("--scheme", "z1.4", "--aql", "0.013")):
        done = site("labels", "audit", "plan", "--lot", 2000, *words, project=False)
        assert (done.code, "QUA-00" in done.err) == (2, True)


# -- scores, guidelines, control items, drift -------------------------------------------------------------------------


def test_a_score_changes_when_a_label_is_found_wrong_and_the_card_counts_it(site: Site) -> None:
    stamp(site)
    before = {one["label"]: one["score"] for one in site("labels", "score", "--json").json["labels"]}
    rows = drawn(site)
    bad = next(row["label"] for row in rows if row["stratum"] == "ben")
    assert record(site, fill(site, rows, wrong={bad})).code == 0
    done = site("labels", "score", "--json")
    after = {one["label"]: one for one in done.json["labels"]}
    assert after[bad]["score"] == 0
    others = [name for name in before if name.startswith("ada")]
    assert all(after[name]["score"] > before[name] for name in others)
    assert "0.40 reader" in done.json["formula"]
    told = site("labels", "score", "--below", "0.1").out
    assert (bad in told, others[0] in told) == (True, False)
    cards = {one["name"]: one for one in site("labels", "scorecard", "--json").json["cards"]}
    assert (cards["ben"]["wrong"], cards["ada"]["wrong"], cards["ada"]["agreement"]) == (1, 0, 1)
    assert cards["ben"]["wrongLow"] > 0
    groups = site.folder / "vendors.csv"
    groups.write_text("label,group\n" + "".join(f"{name},vendor-{name[0]}\n" for name in before))
    cards = site("labels", "scorecard", "--by", "table", "--table", groups, "--json").json["cards"]
    assert [one["name"] for one in cards] == ["vendor-a", "vendor-b"]
    groups.write_text("label,group\n" + "".join(f"{name},{PLANTED}\n" for name in before))
    done = site("labels", "scorecard", "--by", "table", "--table", groups)
    assert (done.code, "Quill" in done.out + done.err) == (2, False)


def test_labels_by_a_superseded_guideline_are_counted_and_listed(site: Site) -> None:
    (site.folder / "next.txt").write_text("how to read a chest, better\n")
    line = ("guideline", "add", "next.txt", "--id", "chest", "--version", "2.0", "--by", "rita")
    done = site(*line, key=True)
    assert done.code == 0, done.err
    done = site("labels", "guidelines", "--out", "again.csv", "--json")
    assert done.code == 0, done.err
    assert {(one["version"], one["newer"], one["labels"]) for one in done.json["versions"]} == {
        ("1.0", 1, COUNT),
        ("2.0", 0, 0),
    }
    lines = (site.folder / "again.csv").read_text().splitlines()
    assert (len(lines), lines[1].split(",")[-2:]) == (COUNT + 1, ["1.0", "2.0"])


def test_control_items_are_sealed_and_score_readers_and_a_changed_list_is_found(site: Site) -> None:
    (site.folder / "answers.csv").write_text("unit,answer\n" + "".join(f"c{n},mass\n" for n in range(40)))
    line = ("labels", "controls", "seal", "answers.csv", "--name", "spring", "--out", "sealed.csv")
    done = site(*line, "--by", "rita", "--reason", "quarterly set", key=True)
    assert done.code == 0, done.err
    # Run again with the same words, nothing changes; no other set is written over the list.
    sealed = (site.folder / "sealed.csv").read_bytes()
    again = site(*line, "--by", "rita", "--reason", "quarterly set", key=True)
    assert (again.code, "already" in again.out) == (0, True), again.err
    other = ("labels", "controls", "seal", "answers.csv", "--name", "summer", "--out", "answers.csv")
    for words in (other, (*line[:5], "spring", "--out", "second.csv")):
        done = site(*words, "--by", "rita", "--reason", "quarterly set", key=True)
        assert (done.code, "CON-009" in done.err or "QUA-051" in done.err) == (2, True)
    assert (site.folder / "sealed.csv").read_bytes() == sealed
    assert not (site.folder / "second.csv").exists()
    reads = [f"c{n},ada,mass" for n in range(40)] + [f"c{n},ben,{'mass' if n < 20 else 'none'}" for n in range(40)]
    (site.folder / "reads.csv").write_text("\n".join(["unit,reader,value", *reads, "x1,ada,none"]) + "\n")
    line = ("labels", "controls", "score", "spring", "sealed.csv", "reads.csv", "--json")
    done = site(*line)
    assert (done.code, "QUA-048" in done.err) == (1, True)
    found = {one["reader"]: one for one in done.json["readers"]}
    assert (found["ada"]["outcome"], found["ben"]["outcome"]) == ("meets", "below")
    assert found["ben"]["high"] < 0.9 < found["ada"]["low"] + 0.01
    text = (site.folder / "sealed.csv").read_text()
    (site.folder / "sealed.csv").write_text(text.replace("c1,mass", "c1,none"))
    done = site(*line)
    assert (done.code, "QUA-042" in done.err) == (4, True)
    assert site("labels", "controls", "score", "other", "sealed.csv", "reads.csv").code == 2


def test_drift_and_faults_are_told_by_exit_code_and_by_json(site: Site) -> None:
    rows = [
        f"u{n},{who},{'a' if (n * 7) % 10 < cut else 'b'},2026-0{1 + n // 50}-1{n % 7}"
        for who, cut in (("ada", 8), ("ben", 3))
        for n in range(100)
    ]
    (site.folder / "reads.csv").write_text("\n".join(["unit,reader,value,time", *rows]) + "\n")
    done = site("labels", "drift", "reads.csv", "--by", "reader", "--json", project=False)
    assert (done.code, "QUA-030" in done.err) == (1, True)
    (factor,) = done.json["factors"]
    assert (factor["by"], factor["drifts"]) == ("reader", True)
    assert abs(factor["levels"][0]["cohens_h"]) == pytest.approx(1.05, abs=0.05)
    done = site("labels", "faults", "reads.csv", "--json", project=False)
    assert (done.code, "QUA-034" in done.err) == (3, True)
    assert {one["fault"] for one in done.json["faults"] if one["found"] is None} >= {"rubber-stamping", "copying-pair"}
    done = site("labels", "drift")
    assert (done.code, "QUA-033" in done.err) == (3, True)
    (site.folder / "reads.csv").write_text(f"unit,reader,value,time\nu1,{PLANTED},a,2026-01-01\n")
    assert "QUA-057" in site("labels", "drift", "reads.csv", "--kind", "class", project=False).err
    assert "QUA-057" in site("labels", "drift", "reads.csv", "--groups", "reads.csv", project=False).err
    assert "QUA-057" in site("labels", "faults", "reads.csv", "--kind", "class", project=False).err
    done = site("labels", "faults", "reads.csv", project=False)
    assert (done.code, "Quill" in done.out + done.err) == (2, False)


def test_bias_and_rereads_work_on_a_table(tmp_path: Path) -> None:
    site = Site(tmp_path)
    rows = [
        f"u{n},{'ada' if n % 2 else 'ben'},a,{'a' if n % 4 else 'b'},{'shown' if n % 3 else 'blind'},{20 + n}"
        for n in range(60)
    ]
    (tmp_path / "reads.csv").write_text("\n".join(["unit,reader,value,proposal,arm,seconds", *rows]) + "\n")
    done = site("labels", "bias", "reads.csv", "--json", project=False)
    assert done.code == 0, done.err
    assert done.json["all"]["shown"] + done.json["all"]["blind"] == 60
    line = ("labels", "reread", "reads.csv", "--share", "0.1", "--seed", "dice 4", "--out", "blind.csv")
    assert site(*line, project=False).code == 0
    assert len((tmp_path / "blind.csv").read_text().splitlines()) == 7
    assert site("labels", "controls", "plan", project=False).out.startswith("33 control items a reader")
