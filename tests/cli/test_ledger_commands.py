"""``people``, ``guideline``, ``sign`` and ``ledger`` as installed: the user's way, bad input, kills, two at once."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from curator.cli.main import run

CURATOR = Path(sys.executable).with_name("curator")
SAMPLES = 4


class Result:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        assert "Traceback" not in out + err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Site:
    """A folder with a project, passphrases and a key store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "trial"

    def line(self, *words: object, key: bool = False, vault: bool = False, project: bool = True) -> list[str]:
        made = [str(CURATOR), *map(str, words)]
        made += ["--project", str(self.project)] if project else []
        made += ["--key-store", str(self.folder / "keys"), "--key-passphrase-file", str(self.folder / "key")] * key
        made += ["--passphrase-file", str(self.folder / "pass")] * vault
        return made

    def installed(self, *words: object, **how: bool) -> Result:
        """Run the installed script."""
        line = self.line(*words, **how)
        done = subprocess.run(line, capture_output=True, text=True, cwd=self.folder, timeout=100, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def __call__(self, *words: object, **how: bool) -> Result:
        """Run the same command line in this process, which saves the time of starting."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(self.folder):
            code = run(self.line(*words, **how)[1:])
        return Result(code, out.getvalue(), err.getvalue())

    def labels(self, lines: list[dict[str, Any]], name: str = "labels.jsonl") -> Path:
        path = self.folder / name
        path.write_text("".join(json.dumps(one) + "\n" for one in lines))
        return path

    def verified(self) -> Any:
        done = self("ledger", "verify", "--json")
        assert done.code == 0, done.out
        return done.json


def label(number: int, author: str = "ada", **more: Any) -> dict[str, Any]:
    return {
        "labelId": f"{author}-{number}",
        "sample": f"2.25.{number % SAMPLES + 1}",
        "kind": "finding",
        "value": {"text": "nodule"},
        "author": author,
        "labeledAt": "2020-05-04T10:15:00+02:00",
        **more,
    }


def add_samples(project: Path) -> None:
    """Write clean files and their journal as a scrub does."""
    from curator.project import journal
    from curator.project.paths import open_project

    place = open_project(project)
    rows = []
    for number in range(SAMPLES):
        data = b"pixels %d" % number
        path = f"clean/p/s/r/{number}.dcm"
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        rows.append(
            {
                "source": digest[::-1],
                "kind": "dicom",
                "outcome": "scrubbed",
                "path": path,
                "sha256": digest,
                "uid": f"2.25.{number + 1}",
                "content": digest,
            }
        )
    log = journal.round_log(place, 1, 0)
    assert log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))
    journal.put_document(place, 1, "delivery", {"format": 1, "delivery": 1})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project with two people and a guideline, made by the commands alone."""
    site = Site(tmp_path_factory.mktemp("site"))
    (site.folder / "pass").write_text("the vault's passphrase\n")
    (site.folder / "key").write_text("a key's passphrase\n")
    assert site("init", vault=True).code == 0
    add_samples(site.project)
    for name, role in (("ada", "reader"), ("rita", "reviewer")):
        done = site("people", "add", name, "--name", f"Dr {name.title()}", "--role", role, key=True, project=False)
        assert done.code == 0, done.err
    first = site.installed("people", "enroll", "rita.request.json", "--by", "ada", key=True)
    assert (first.code, "half done" in first.out) == (0, True)
    second = site("people", "enroll", "ada.request.json", "--by", "rita", key=True)
    assert (second.code, "2 people" in second.out) == (0, True)
    (site.folder / "chest.txt").write_text("how to read a chest\n")
    added = site.installed("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita", key=True)
    assert (added.code, "chest@1.0 registered" in added.out) == (0, True)
    return site


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    shutil.copytree(made.folder, tmp_path / "site")
    return Site(tmp_path / "site")


SIGN = ("--as", "ada", "--guideline", "chest@1.0", "--tool", "viewer@2.1")


def test_labels_are_signed_sealed_and_shown(site: Site) -> None:
    """21 CFR 11.50(b): the installed program shows printed name, time and meaning of a signed label."""
    path = site.labels([label(n, confidence=0.9, confidenceScale="probability-0-1") for n in range(6)])
    done = site.installed("sign", path, *SIGN, "--confirm", 6, "--json", key=True, vault=True)
    assert done.code == 0, done.err
    assert (done.json["signed"], done.json["own"], done.json["attested"]) == (6, 6, 0)
    again = site("sign", path, *SIGN, key=True)
    assert (again.code, "already signed 6" in again.out) == (0, True)
    verified = site.installed("ledger", "verify")
    assert (verified.code, verified.out.count("PASS")) == (0, 3)
    assert "checkpoint signed by operator" in verified.out
    shown = site("ledger", "show", "--label", "ada-3").out
    assert "Dr Ada (ada)" in shown
    assert "authorship" in shown
    assert "local offset" in shown
    record = site("ledger", "show", "--label", "ada-3", "--json").json
    assert (record["printedName"], record["predicate"]["labelId"]) == ("Dr Ada", "ada-3")
    assert site("ledger", "show", "--index", "99").code == 2
    assert len(site("ledger", "show", "--last", "3").out.splitlines()) == 3


def test_a_dry_run_needs_no_key_and_signs_nothing(site: Site) -> None:
    done = site("sign", site.labels([label(0)]), *SIGN, "--dry-run")
    assert (done.code, "would sign 1 labels" in done.out) == (0, True)
    assert site.verified()["records"] == 4


def test_bad_labels_are_listed_with_line_and_code_and_nothing_is_signed(site: Site) -> None:
    lines = [
        label(0),
        label(1, sample="clean/QUILLFEATHER.dcm"),
        label(2, author="eve"),
        label(3, confidence=1.5),
        label(4, labeledAt="2020-05-04T10:15:00"),
        label(0),
        label(6, guideline="chest@9"),
        label(7, labeledAt="2999-05-04T10:15:00Z"),
    ]
    path = site.labels(lines)
    path.write_text(path.read_text() + '{"labelId":"x","confidence":NaN}\n')
    done = site("sign", path, *SIGN, key=True)
    assert done.code == 2
    codes = [line.split()[2] for line in done.err.splitlines() if line.startswith("line ")]
    assert codes == ["LBL-005", "KEY-009", "LBL-007", "LBL-008", "LBL-010", "LBL-006", "LBL-009", "LBL-003"]
    assert "LBL-001 8 of 9 labels" in done.err
    assert "QUILLFEATHER" not in done.err + done.out
    as_json = site("sign", path, *SIGN, "--json", key=True)
    assert [issue["line"] for issue in as_json.json["issues"]] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert site.verified()["records"] == 4


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("LBL-002", ("sign", "nothing.jsonl", *SIGN)),
        ("LBL-002", ("sign", "chest.txt", *SIGN)),
        ("KEY-001", ("sign", "labels.jsonl", "--as", "eve")),
        ("KEY-015", ("sign", "labels.jsonl", "--as", "../ada")),
        ("LBL-020", ("sign", "labels.jsonl", "--as", "ada", "--guideline", "chest")),
        ("KEY-005", ("people", "enroll", "chest.txt", "--by", "ada")),
        ("KEY-007", ("people", "enroll", "other/ada.request.json", "--by", "rita")),
        ("KEY-009", ("people", "revoke", "eve", "--by", "ada", "--reason", "x")),
        ("GDL-003", ("guideline", "add", "nothing.txt", "--version", "1", "--id", "x", "--by", "ada")),
        ("GDL-002", ("guideline", "add", "chest.txt", "--version", "1 0", "--by", "ada")),
        ("GDL-002", ("guideline", "add", "chest.txt", "--version", "1", "--id", "Ü", "--by", "ada")),
    ],
)
def test_bad_input_is_a_code_a_sentence_and_a_hint(site: Site, code: str, words: tuple[str, ...]) -> None:
    site.labels([label(0)])
    (site.folder / "other").mkdir()
    if "other/ada.request.json" in words:
        made = ("people", "add", "ada", "--name", "Dr Ada", "--role", "reader", "--out", "other")
        line = site.line(*made, key=True, project=False)
        line[line.index("--key-store") + 1] = str(site.folder / "other" / "keys")
        assert subprocess.run(line, capture_output=True, cwd=site.folder, check=False).returncode == 0
    done = site(*words, key=True)
    assert (done.code, done.err.splitlines()[-2].split()[0]) == (2, code), done.err
    assert done.err.splitlines()[-1].startswith("hint: ")


def test_a_wrong_passphrase_is_refused_and_on_record(site: Site) -> None:
    """21 CFR 11.300(d): a wrong passphrase at the command line is refused and on record."""
    (site.folder / "key").write_text("wrong passphrase\n")
    done = site("sign", site.labels([label(0)]), *SIGN, key=True)
    assert (done.code, "KEY-002" in done.err) == (2, True)
    events = site("people", "events", "--key-store", site.folder / "keys", "--json", project=False).json["events"]
    assert [event["person"] for event in events] == ["ada"]


def test_the_same_key_is_not_made_twice_but_a_lost_request_is_written_again(site: Site) -> None:
    words = ("people", "add", "ada", "--name", "Dr Ada", "--role", "reader")
    assert "KEY-004" in site(*words, key=True, project=False).err
    (site.folder / "ada.request.json").unlink()
    again = site(*words, "--json", key=True, project=False)
    assert (again.code, again.json["newKey"]) == (0, False)


def test_a_guideline_is_registered_once_and_its_file_is_watched(site: Site) -> None:
    """21 CFR 11.10(k): a guideline's version is registered once, and its copy is watched."""
    words = ("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita")
    assert "was registered before" in site(*words, key=True).out
    (site.folder / "chest.txt").write_text("something else\n")
    assert "GDL-001" in site(*words, key=True).err
    assert site("guideline", "list").code == 0
    (site.project / "guidelines" / "chest-1.0.txt").write_text("altered\n")
    listed = site("guideline", "list")
    assert (listed.code, "ALTERED" in listed.out, "GDL-004" in listed.err) == (4, True, True)


def test_a_revoked_person_signs_no_more(site: Site) -> None:
    """21 CFR 11.10(d): a revoked person signs no more."""
    words = ("people", "revoke", "ada", "--by", "rita", "--reason", "laptop lost")
    assert site(*words, key=True).code == 0
    assert "KEY-010" in site("sign", site.labels([label(0)]), *SIGN, key=True).err
    people = {one["id"]: one for one in site("people", "list", "--json").json["people"]}
    assert people["ada"]["revoked_reason"] == "laptop lost"
    roster = tomllib.loads((site.project / "people.toml").read_text())["person"]
    assert [one["id"] for one in roster if "revoked_record" in one] == ["ada"]
    assert "REVOKED" in site("people", "list").out


def test_a_reader_attests_others_labels_only_when_told_to(site: Site) -> None:
    """21 CFR 11.10(h): other people's labels are signed only as attestations."""
    path = site.labels([label(0), label(1, author="rita")])
    assert "LBL-016" in site("sign", path, *SIGN, key=True).err
    done = site("sign", path, *SIGN, "--attest", "--confirm", 2, "--json", key=True)
    assert (done.json["own"], done.json["attested"]) == (1, 1)
    assert site.verified()["attested"] == 1


def test_a_broken_ledger_ends_in_exit_4_with_the_record_named(site: Site) -> None:
    """21 CFR 11.10(a): the installed verifier names an altered record and ends in exit 4."""
    site("sign", site.labels([label(n) for n in range(3)]), *SIGN, "--confirm", 3, key=True)
    held = site("ledger", "checkpoint", "--out", "held", vault=True)
    assert held.code == 0
    good = site("ledger", "verify", "--against", "held")
    assert (good.code, "extends the held checkpoint (7)" in good.out) == (0, True)
    commits = site.project / "ledger" / "commits"
    (commits / "00000004.json").unlink()
    cut = site.installed("ledger", "verify", "--json")
    assert (cut.code, cut.json["firstBadRecord"], cut.json["error"]["code"]) == (4, 4, "LED-014")
    shutil.rmtree(site.project / "ledger" / "checkpoints")
    rewound = site("ledger", "verify", "--against", "held")
    assert (rewound.code, rewound.out[:4], "first bad record: 4" in rewound.out) == (4, "FAIL", True)
    # Other labels: the same ones, signed again within the same second, would be the very same records.
    assert site("sign", site.labels([label(n) for n in range(5, 8)]), *SIGN, "--confirm", 3, key=True).code == 0
    regrown = site("ledger", "verify", "--against", "held")
    assert (regrown.code, "LED-013" in regrown.out) == (4, True)
    (commits / "00000001.json").unlink()
    for words in (("ledger", "show"), ("ledger", "head"), ("people", "list")):
        assert site(*words).code == 4
    assert site("sign", site.folder / "labels.jsonl", *SIGN, "--confirm", 3, key=True).code == 4


def test_a_folder_without_a_ledger_is_a_usage_error(site: Site) -> None:
    for words in (("ledger", "verify", site.folder), ("ledger", "verify", "--against", "nothing")):
        done = site(*words)
        assert done.code == 2
        assert done.err.splitlines()[-2].split()[0] in {"LED-001", "LED-026"}


def test_a_wrong_checkpoint_or_proof_is_a_wrong_file_and_no_broken_ledger(site: Site, tmp_path: Path) -> None:
    """Exit 4 says that integrity is broken; a file that is something else says nothing of the ledger."""
    assert site("ledger", "checkpoint", "--out", "held", vault=True).code == 0
    held = (site.folder / "held").read_text()
    (site.folder / "garbage").write_text("pseudonym,split\n")
    (site.folder / "other").write_text(held.replace("curator/", "curator/other-", 1))
    (site.folder / "proof").write_text(f"old 2\n\n{held}")
    for name, wanted in (("garbage", "LED-117"), ("other", "LED-119"), ("proof", "LED-117")):
        done = site("ledger", "verify", "--against", name, "--json")
        assert (done.code, done.json["error"]["code"]) == (2, wanted), name
    key = site("ledger", "head", "--json").json["operatorVerifierKey"]
    (site.folder / "op.vkey").write_text(f"{key}\n")
    for words in (
        ("check-proof", "garbage", "--envelope", "garbage", "--operator-key", "op.vkey"),
        ("check-consistency", "garbage", "--old", "held", "--operator-key", "op.vkey"),
        ("check-consistency", "proof", "--old", "garbage", "--operator-key", "op.vkey"),
    ):
        done = site("ledger", *words, project=False)
        assert (done.code, "LED-118" in done.err or "LED-117" in done.err) == (2, True), words
    assert site("ledger", "prove", "--record", "0", "--out", "p").code == 0
    for words, code, wanted in (
        (("check-proof", "p", "--envelope", "garbage", "--operator-key", "op.vkey"), 2, "LED-120"),
        (("check-proof", "p", "--envelope", "altered", "--operator-key", "op.vkey"), 4, "LED-051"),
    ):
        (site.folder / "altered").write_bytes((site.folder / "p.dsse.json").read_bytes() + b"\n")
        done = site("ledger", *words, project=False)
        assert (done.code, wanted in done.err) == (code, True), words
    # The name of another dataset does not hide what is broken.
    next((site.project / "ledger" / "commits").glob("00000001.json")).unlink()
    assert site("ledger", "verify", "--against", "other").code == 4
    (tmp_path / "file").write_text("")
    for store in (tmp_path / "file", tmp_path / "file" / "below"):
        words = ("people", "add", "zoe", "--name", "Dr Zoe", "--role", "reader", "--key-store", store)
        done = site(*words, "--key-passphrase-file", site.folder / "key", project=False)
        assert (done.code, "KEY-073" in done.err) == (2, True)


def test_an_audit_that_cannot_keep_its_report_does_not_begin(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.core.files.unwritable", lambda folder: "EROFS" if folder.name == "audit" else None)
    looked = []
    monkeypatch.setattr("curator.audit.audit.audit", lambda *_, **__: looked.append(1))
    done = site("audit", "run", site.project, "--json", project=False)
    assert (done.code, done.json["error"]["code"], looked) == (3, "AUD-027", [])
    monkeypatch.setattr("curator.core.files.unwritable", lambda folder: "EACCES" if folder.name == "pages" else None)
    words = ("--dry-run", "--html", site.folder / "pages" / "a.html")
    assert site("audit", "run", site.project, *words, "--json", project=False).json["error"]["code"] == "AUD-027"
    assert looked == []


def test_openssl_verifies_records_and_the_checkpoint(site: Site) -> None:
    """21 CFR 11.10(b): a copy of the records is verified with openssl alone."""
    if shutil.which("openssl") is None:
        pytest.skip("not run: openssl is missing")
    site("sign", site.labels([label(n) for n in range(2)]), *SIGN, "--confirm", 2, key=True, vault=True)
    assert site.installed("ledger", "export", "--dsse", "out").code == 0
    out = site.folder / "out"
    assert "LED-025" in site("ledger", "export", "--dsse", "out").err

    def accepted(key: Path, data: Path, signature: Path) -> bool:
        line = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", data, "-sigfile", signature]
        return subprocess.run(line, capture_output=True, check=False).returncode == 0

    records = sorted((out / "records").glob("*.dsse.json"))
    assert len(records) == 6
    for path in records:
        key = out / "keys" / f"{json.loads(path.read_text())['signatures'][0]['keyid']}.pem"
        base = str(path).removesuffix(".dsse.json")
        assert accepted(key, Path(base + ".pae"), Path(base + ".sig"))
    other = Path(str(records[0]).removesuffix(".dsse.json") + ".sig")
    assert not accepted(key, Path(base + ".pae"), other)
    for number in (1, 2):
        assert accepted(out / f"checkpoint.{number}.pem", out / "checkpoint.txt", out / f"checkpoint.{number}.sig")
    der = subprocess.run(["openssl", "pkey", "-pubin", "-in", key, "-outform", "DER"], capture_output=True, check=True)
    assert hashlib.sha256(der.stdout).hexdigest() == key.stem
    operator = site("ledger", "verify", "--operator-key", out / "checkpoint.1.pem")
    assert (operator.code, "--operator-key" in operator.out) == (0, False)
    assert site("ledger", "verify", "--operator-key", out / "checkpoint.2.pem").code == 4


def test_a_verifier_without_a_line_of_this_program_accepts_an_export_and_refuses_a_changed_one(site: Site) -> None:
    """21 CFR 11.10(b): a copy is verified without a line of this program, and a changed one refused."""
    if shutil.which("openssl") is None:
        pytest.skip("not run: openssl is missing")
    site("sign", site.labels([label(n) for n in range(3)]), *SIGN, "--confirm", 3, key=True)
    site("ledger", "export", "--dsse", "out")
    script = Path(__file__).parents[2] / "scripts" / "interop" / "ledger.py"

    def ends() -> int:
        line = [sys.executable, "-I", str(script), str(site.folder / "out")]
        return subprocess.run(line, capture_output=True, check=False).returncode

    assert ends() == 0
    for name in ("records/00000005.dsse.json", "records/00000002.pae", "leaves.txt", "checkpoint.txt"):
        path = site.folder / "out" / name
        good = path.read_bytes()
        path.write_bytes(good.replace(b"e", b"f", 1) if name != "checkpoint.txt" else good.replace(b"7\n", b"6\n"))
        assert path.read_bytes() != good
        assert ends() == 1
        path.write_bytes(good)


def test_the_head_is_the_newest_checkpoint_as_stored(site: Site) -> None:
    head = site("ledger", "head", "--json").json
    assert head["records"] == 4
    assert head["checkpoint"].startswith(f"{head['origin']}\n4\n")
    assert head["operatorVerifierKey"].startswith(head["origin"] + "+")
    assert site("ledger", "head").out.rstrip("\n") == head["checkpoint"].rstrip("\n")


def test_a_signing_run_killed_anywhere_and_run_again_loses_and_doubles_nothing(site: Site) -> None:
    path = site.labels([label(n) for n in range(2500)])
    line = site.line("sign", path, *SIGN, "--confirm", 2500, key=True)
    draw = random.Random(7)
    for _ in range(3):
        process = subprocess.Popen(line, cwd=site.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(1.0, 3.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = site.verified()["records"]
        assert before >= 4
    done = site("sign", path, *SIGN, "--confirm", 2500, "--json", key=True)
    assert done.code == 0, done.err
    assert done.json["signed"] + done.json["already"] == 2500
    verified = site.verified()
    assert (verified["counts"]["label"], verified["sealed"]) == (2500, verified["records"])


def test_two_people_sign_at_once(site: Site) -> None:
    one = site.labels([label(n) for n in range(1200)], "one.jsonl")
    two = site.labels([label(n, "rita") for n in range(1200)], "two.jsonl")
    rita = ("--as", "rita", "--guideline", "chest@1.0")
    lines = [site.line(*words, "--confirm", 1200, key=True) for words in (("sign", one, *SIGN), ("sign", two, *rita))]
    running = [
        subprocess.Popen(line, cwd=site.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for line in lines
    ]
    ends = [process.communicate(timeout=100) for process in running]
    assert [process.returncode for process in running] == [0, 0], ends
    verified = site.verified()
    assert (verified["counts"]["label"], verified["sealed"]) == (2400, verified["records"])


def test_verifying_loads_neither_pydicom_nor_the_vault_nor_a_detector(site: Site) -> None:
    code = (
        "import sys; from curator.cli.main import run; "
        f"end = run(['ledger', 'verify', {str(site.project / 'ledger')!r}]); "
        "bad = {'pydicom', 'curator.project.vault', 'curator.detect', 'curator.scrub', 'curator.labels'};"
        "print(end, sorted(bad & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=site.folder, check=False)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr
