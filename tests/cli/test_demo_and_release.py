"""The demo as a user runs it, and the release commands on the project that it leaves behind."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import started

from curator.demo.judged import reason_for
from curator.demo.plants import Plant
from curator.demo.search import Search
from curator.demo.stage import MARK

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(300)


def curator(*args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return started.run(args, cwd="." if cwd is None else cwd, text=True, timeout=280)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder with the demo and what it printed; test processes and the docs' pages share one."""
    return started.demo(tmp_path_factory, worker_id)


@pytest.fixture
def demo(shown: Path, tmp_path: Path) -> Path:
    """Return a copy of the demo's folder that a test may spoil."""
    shutil.copytree(shown / "demo", tmp_path / "demo")
    return tmp_path / "demo"


def test_the_demo_ends_well_and_its_figures_close(shown: Path) -> None:
    ended = json.loads((shown / "demo.json").read_text())
    assert ended["code"] == 0, ended["err"] + ended["out"]
    made = json.loads(ended["out"])
    assert made["found_in_output"] == 0
    assert made["found_in_source"] == made["planted"] > 1000
    assert made["places"] > 200
    scrub = made["scrub"]
    assert scrub["found"] == made["files"] == scrub["scrubbed"] + scrub["duplicate"] + scrub["quarantined"]
    assert sum(scrub["by_code"].values()) == scrub["quarantined"] < made["quarantined_before_review"]
    assert made["package"] == {"verified": True, "audit": "not run"}
    assert made["labels"] > made["consensus"]["labels"] > made["disagreements"] > 0
    assert {one["kind"] for one in made["consensus"]["agreement"]} == {"box", "class"}
    assert set(made["splits"]) == {"test", "train"}
    assert min(made["splits"].values()) > 0
    audit = made["audit"]
    assert (audit["before_waivers"], audit["outcome"]) == ("FAIL", "PASS")
    assert audit["checks"].get("COULD_NOT_CHECK", 0) == 0
    assert audit["checks"]["PASS"] > 25
    assert all(not one.startswith("privacy/") for one in audit["waived"])
    assert sum(made["requirements"].values()) == 94
    assert len(made["documents"]) == 12
    assert made["synthetic"] is True


def test_reports_and_documents_say_what_was_done_and_nothing_planted(shown: Path) -> None:
    """The waiver and the readers' own agreement stand in the documents; the demo's own search went over them."""
    folder = shown / "demo"
    package = folder / "project" / "releases" / "v1.0.0"
    made = json.loads(json.loads((shown / "demo.json").read_text())["out"])
    assert sorted(os.listdir(folder / "reports")) == [
        "audit.html", "audit.pdf", "labels.html", "labels.pdf", "ledger.html",
    ]  # fmt: skip
    report = (folder / "reports" / "audit.html").read_text()
    documents = package / "data" / "documents"
    for one in made["audit"]["waived"]:
        assert one in report
        assert f"{reason_for(one)}" in (documents / "audit.html").read_text()
    read = re.search(
        r"All readers agree on (\d+) of (\d+) samples", (documents / "reference-standard.html").read_text()
    )
    assert read is not None
    agreed, samples = int(read[1]), int(read[2])
    assert samples - agreed == made["disagreements"] > 0
    assert sorted(path.name for path in package.glob("data/ecopy/*/*.pdf")) == made["documents"]
    people = {one["readers"][0] for one in json.loads((package / "data/version/summary.json").read_text())["agreement"]}
    assert people < {"read-aber", "read-birk", "read-cosi"}


def test_the_search_would_see_a_name_in_any_report_or_document(shown: Path, tmp_path: Path) -> None:
    folder = shown / "demo"
    plant = Plant("Quillmarrowtaze", "name", "somewhere")
    pages = [*sorted((folder / "reports").iterdir()), *sorted(folder.glob("project/releases/*/data/ecopy/*/*.pdf"))]
    assert len(pages) == 17
    for page in pages:
        text = "Program" if page.stem == "audit" else "Signed by" if page.stem == "ledger" else "Made by"
        planted = tmp_path / page.name
        planted.write_bytes(page.read_bytes())
        search = Search([plant, Plant(text, "name", "shown on the page")])
        search.content(planted.read_bytes(), "page")
        assert [hit.plant.token for hit in search.hits] == [text], page.name


def test_the_demo_replaces_its_own_folder_and_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    done = curator("demo", tmp_path / "mine")
    assert done.returncode == 2
    assert "DEM-001" in done.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"
    (tmp_path / "mine" / MARK).write_text("a file of that name")
    assert curator("demo", tmp_path / "mine").returncode == 2
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"


def test_a_package_is_verified_with_the_key_and_only_consistent_without(demo: Path) -> None:
    package = demo / "project" / "releases" / "v1.0.0"
    done = curator("release", "verify", package, "--key", demo / "operator.vkey")
    assert done.returncode == 0, done.stderr
    assert "DRAFT" in done.stdout
    done = curator("release", "verify", package)
    assert done.returncode == 3
    assert "not tied to a key you hold" in done.stderr
    done = curator("release", "verify", package, "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["verified"] is False


def test_a_package_is_held_against_an_earlier_one(demo: Path) -> None:
    """21 CFR 11.10(e): a later package shows that nothing recorded before was changed."""
    package, key = demo / "project" / "releases" / "v1.0.0", demo / "operator.vkey"
    done = curator("release", "verify", package, "--extends", package, "--key", key)
    assert (done.returncode, "PASS  extends 1.0.0: its " in done.stdout) == (0, True), done.stderr
    document = json.loads(curator("release", "verify", package, "--extends", package, "--key", key, "--json").stdout)
    assert document["extends"] == {"version": "1.0.0", "records": document["records"], "added": 0}
    proven = curator("ledger", "consistency", package, package, "--operator-key", key, "--out", demo / "proof")
    assert (proven.returncode, "0 added" in proven.stdout) == (0, True), proven.stderr
    old = package / "data" / "ledger" / "checkpoint"
    checked = curator("ledger", "check-consistency", demo / "proof", "--old", old, "--operator-key", key)
    assert (checked.returncode, checked.stdout.startswith("PASS")) == (0, True), checked.stderr
    assert curator("ledger", "consistency", package, package).returncode == 2
    shutil.copytree(package, demo / "earlier")
    leaves = demo / "earlier" / "data" / "ledger" / "leaves.txt"
    leaves.write_text(leaves.read_text()[65:])
    broken = curator("release", "verify", package, "--extends", demo / "earlier", "--key", key)
    assert (broken.returncode, broken.stdout.startswith("FAIL  REL-028")) == (4, True)


def test_a_changed_package_ends_with_exit_4_and_names_the_file(demo: Path) -> None:
    package = demo / "project" / "releases" / "v1.0.0"
    sample = next(iter(sorted((package / "data" / "clean").rglob("*.dcm"))))
    sample.write_bytes(sample.read_bytes()[:-1] + b"!")
    done = curator("release", "verify", package, "--key", demo / "operator.vkey")
    assert done.returncode == 4
    assert sample.name in done.stdout
    done = curator("release", "verify", package, "--key", demo / "operator.vkey", "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["error"]["code"] == "REL-021"


def test_key_files_that_are_none_are_told_apart(demo: Path) -> None:
    package = demo / "project" / "releases" / "v1.0.0"
    done = curator("release", "verify", package, "--key", demo / "nothing")
    assert (done.returncode, "REL-034" in done.stderr) == (2, True)
    (demo / "bad").write_text("not a key")
    done = curator("release", "verify", package, "--key", demo / "bad")
    assert (done.returncode, "KEY-017" in done.stderr) == (2, True)
    (demo / "hex").write_text("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\n")
    done = curator("release", "verify", package, "--key", demo / "hex")
    assert (done.returncode, "REL-031" in done.stderr) == (4, True)


def test_a_second_build_elsewhere_gives_the_same_bytes(demo: Path) -> None:
    vault = ("--passphrase-file", demo / "secrets" / "vault")
    out = demo.parent / "out"
    done = curator("release", "build", "1.0.0", "--draft", "--project", demo / "project", *vault, "--output", out)
    assert done.returncode == 0, done.stderr
    assert "DRAFT" in done.stdout
    first, second = (_tree(folder) for folder in (demo / "project" / "releases" / "v1.0.0", out))
    assert first == second
    done = curator("release", "build", "1.0.0", "--draft", "--project", demo / "project", *vault, "--json")
    assert json.loads(done.stdout)["already"] is True


def _tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_dry_run_needs_no_passphrase_and_writes_no_package(demo: Path) -> None:
    done = curator("release", "build", "v2.0.0", "--draft", "--dry-run", "--project", demo / "project")
    assert done.returncode == 0, done.stderr
    assert "would release 2.0.0" in done.stdout
    assert sorted(os.listdir(demo / "project" / "releases")) == [".store", "v1.0.0"]


def test_a_bad_version_is_refused_before_a_passphrase_is_asked_for(demo: Path) -> None:
    done = curator("release", "build", "latest", "--draft", "--project", demo / "project")
    assert (done.returncode, "REL-001" in done.stderr) == (2, True)
    assert "latest" not in done.stderr


def test_sha256sum_and_openssl_alone_accept_the_package_and_refuse_a_changed_one(demo: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("not run: there is no openssl here")
    package = demo / "project" / "releases" / "v1.0.0"
    key = package / "data" / "ledger" / "operator.pem"
    script = ROOT / "scripts" / "verify_package.sh"
    head = curator("ledger", "head", "--project", demo / "project", "--json")
    told = json.loads(head.stdout)["operatorKeyId"]

    def verified() -> int:
        done = subprocess.run(["bash", script, package, key], capture_output=True, text=True, check=False)
        assert ("FAIL" in done.stdout) == (done.returncode != 0), done.stdout + done.stderr
        assert (f"the ID of the key given is {told}\n" in done.stdout) == (done.returncode == 0)
        return done.returncode

    assert verified() == 0
    (demo / "told").write_text(f"{told}\n")
    by_id = curator("release", "verify", package, "--key", demo / "told")
    assert (by_id.returncode, "the key that you hold" in by_id.stdout + by_id.stderr) == (0, True)
    for name in ("data/labels.jsonl", "bag-info.txt", "tagmanifest-sha256.txt"):
        good = (package / name).read_bytes()
        (package / name).write_bytes(good.replace(b"a", b"b", 1))
        assert verified() == 4, name
        (package / name).write_bytes(good)
    for name in ("data/extra", ".extra", "signatures/extra"):
        (package / name).write_bytes(b"")
        assert verified() == 4, name
        (package / name).unlink()
    envelope = package / "signatures" / "release.dsse.json"
    good = envelope.read_bytes()
    at = good.index(b'"sig":"') + 20
    envelope.write_bytes(good[:at] + (b"A" if good[at : at + 1] != b"A" else b"B") + good[at + 1 :])
    assert verified() == 4
    envelope.write_bytes(good)
    assert verified() == 0


def test_the_project_can_be_verified_after_its_source_and_vault_are_gone(demo: Path) -> None:
    package = demo.parent / "received"
    shutil.move(demo / "project" / "releases" / "v1.0.0", package)
    shutil.move(demo / "operator.vkey", demo.parent / "key")
    shutil.rmtree(demo)
    assert curator("release", "verify", package, "--key", demo.parent / "key").returncode == 0
