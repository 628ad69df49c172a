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
    done = record(site, fill(site, rows))
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
    done = site("labels", "audit", "draw", "lot-w", "--out", "w.csv", "--seed-asserted", "dice 4 1 6")
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
