"""``curator release`` from the first version to a purge, by the commands that people run."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest
from people_site import Site
from release_world import PATIENTS, add_patients, make_world, sign_labels

NAME = "Quillfeather"
SHARED = f"pseudonym,weight\n{PATIENTS[0]},70\n{PATIENTS[1]},80\n".encode()


def audit(site: Site) -> None:
    """Sign the texts that a release asks for, once, and a report that passed over the files as they are."""
    from curator.core.clock import SystemClock
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.provenance.append import sign_and_append
    from curator.provenance.keystore import unlock
    from curator.provenance.kinds_answers import answer
    from curator.provenance.kinds_gate import audit_report
    from curator.provenance.ledger import Ledger
    from curator.provenance.verify import verify_ledger
    from curator.release.audited import payload_of
    from curator.release.excluded import excluded_of
    from curator.release.requirements.table import unanswered

    place, clock = open_project(site.project), SystemClock()
    key = unlock(site.folder / "keys", "rita", (site.folder / "key").read_bytes().strip(), clock)
    texts = unanswered(verify_ledger(place.ledger).require().state.facts.answers)
    if texts:
        drafts = [
            answer(name, "Nothing to say of made-up data.", bool) for name in (*(one.id for one in texts), "LC-01")
        ]
        sign_and_append(Ledger(place.ledger), drafts, key, clock)
    state = verify_ledger(place.ledger).require().state
    payload = payload_of(excluded_of(place, state).kept(samples(place)))
    draft = audit_report("a" * 64, "PASS", payload, (state.size, state.tree.root().hex()), {"PASS": 1}, (), "curator")
    sign_and_append(Ledger(place.ledger), [draft], key, clock)


def ok(site: Site, *words: object, **how: bool) -> dict[str, object]:
    done = site("release", *words, "--json", **how)
    assert done.code == 0, done.err + done.out
    made: dict[str, object] = done.json
    return made


def payload(package: Path) -> set[str]:
    base = package / "data"
    return {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}


def everything(*folders: Path) -> bytes:
    return b"\0".join(path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project with a first version, sent to a sponsor, and a second one."""
    from curator.project.journal import samples
    from curator.project.paths import open_project

    site = make_world(tmp_path_factory.mktemp("site"))
    add_patients(site.project, 2, [], shared=SHARED)
    ok(site, "split", "--fractions", "train=50,test=50", vault=True)
    sign_labels(site, "ada", list(samples(open_project(site.project)))[:6], "nodule", "one")
    audit(site)
    site("release", "build", "1.0.0", "--dry-run")
    assert site("release", "build", "1.0.0", vault=True).code == 0
    ok(site, "sent", "1.0.0", "--to", "Sponsor Inc", "--reason", "agreement 7", "--by", "rita", key=True)
    add_patients(site.project, 3, [PATIENTS[0], f"P{'Z' * 16}"])
    ok(site, "split", vault=True)
    audit(site)
    (site.folder / "why.toml").write_text(
        '[groups]\n"added cases" = "second delivery"\n"changed cases" = "more scans"\n'
    )
    return site


@pytest.fixture
def site(begun: Site, tmp_path: Path) -> Site:
    shutil.copytree(begun.folder, tmp_path / "site", symlinks=True)
    return Site(tmp_path / "site")


def test_from_a_second_version_to_a_withdrawal_and_a_purge_after_which_all_else_verifies(site: Site) -> None:
    why = ("--reasons", site.folder / "why.toml")
    lacking = site("release", "plan", "1.1.0")
    assert (lacking.code, "added cases" in lacking.out, "changed cases" in lacking.out) == (1, True, True)
    assert site("release", "plan", "1.1.0", *why).code == 0
    assert site("release", "plan", "1.0.1", *why).code == 2
    blocked = site("release", "build", "1.1.0", vault=True)
    assert (blocked.code, "REL-055" in blocked.err) == (1, True)
    made = ok(site, "build", "1.1.0", *why, vault=True)
    assert (made["draft"], made["samples"], made["copied"]) == (False, 29, 0)
    told = site("release", "diff", "1.0.0", "1.1.0").out
    assert "4 added" in told
    assert "asks for a minor step" in told
    found = ok(site, "diff", "1.0.0", "1.1.0")
    assert [one["change"] for one in found["cases"]] == ["changed", "added"]  # type: ignore[attr-defined, index]
    # The patient withdraws: linked files about many go along, and who has what is named.
    gone = ok(
        site, "withdraw", PATIENTS[0], "--effective", "2026-11-20", "--by", "rita", key=True,
    )  # fmt: skip
    assert gone["samples"] == 4
    assert gone["recalled"] == ["clean/shared/tabular/t2.csv"]
    assert gone["versions"] == [
        {"version": "1.0.0", "holds": True, "recipients": ["Sponsor Inc"]},
        {"version": "1.1.0", "holds": True, "recipients": []},
    ]
    again = site("release", "withdraw", PATIENTS[0], "--effective", "2026-11-20", "--by", "rita", key=True)
    assert (again.code, "REL-064" in again.err) == (2, True)
    audit(site)
    (site.folder / "why.toml").write_text('[groups]\n"removed class chest@1.0" = "of a patient who withdrew"\n')
    ok(site, "build", "2.0.0", *why, vault=True)
    new = site.project / "releases" / "v2.0.0"
    assert PATIENTS[0].encode() not in (new / "data" / "samples.jsonl").read_bytes()
    assert not list(new.rglob(f"*{PATIENTS[0]}*"))
    listed = ok(site, "list")
    assert [one["state"] for one in listed["versions"]] == [  # type: ignore[attr-defined, index]
        ["released", "withdrawn in part"], ["released", "withdrawn in part"], ["released"],
    ]  # fmt: skip
    back = site("release", "rollback", "1.0.0", "3.0.0", "--draft", vault=True)
    assert (back.code, "REL-059" in back.err) == (1, True)
    again = site("release", "build", "1.1.0", "--output", site.folder / "again", vault=True)
    assert (again.code, "REL-059 The earlier version holds 5 samples" in again.err) == (1, True)
    assert not (site.folder / "again").exists()
    planned = site("release", "plan", "2.0.0")
    assert (planned.code, "REL-075" in planned.err) == (2, True)
    # The bytes go for good.
    purge = ("purge", "--recalled", "--reason", "the patient asked for it", "--by", "rita")
    lost = [path.read_bytes() for path in (site.project / "clean" / PATIENTS[0]).rglob("*.dcm")]
    assert ok(site, *purge, "--dry-run", key=True, vault=True)["done"] is None
    whole = {path.name: payload(path) for path in (site.project / "releases").glob("v*")}
    done = ok(site, *purge, key=True, vault=True)
    assert (done["files"], done["records"]) == (5, 2)
    assert done["done"] == {"clean": 5, "values": 0, "records": 2, "packages": 2, "shared": 0}
    left = everything(site.project)
    assert lost
    assert not [data for data in lost if data in left]
    assert SHARED not in left
    assert b"nodule" in left or PATIENTS[1].encode() in left
    told = site("ledger", "verify").out
    assert "2 records purged by signed order" in told
    key = site.folder / "operator.pem"
    from curator.project.paths import open_project
    from curator.provenance.keys import public_pem
    from curator.provenance.verify import verify_ledger

    key.write_bytes(public_pem(verify_ledger(open_project(site.project).ledger).require().state.operator))
    for version, files in (("1.0.0", 4), ("1.1.0", 6), ("2.0.0", 0)):
        package = site.project / "releases" / f"v{version}"
        done_ = site("release", "verify", package, "--key", key, project=False)
        assert done_.code == 0, done_.err
        # The documents go too: they tell of the patients in their own words.
        gone = whole[package.name] - payload(package)
        assert {path.split("/")[0] for path in gone} == ({"clean", "documents", "ecopy", "version"} if files else set())
        assert len([path for path in gone if path.startswith(("clean/", "version/"))]) == files
        said = f"{len(gone):,} files and 2 records purged by signed order"
        assert (said in done_.out) is bool(files), done_.out
    assert ok(site, "purge", "--resume", "--by", "rita", key=True, vault=True)["done"] == {
        "clean": 0, "values": 0, "records": 0, "packages": 2, "shared": 0,
    }  # fmt: skip
    audit(site)
    flow = next(one for one in ok(site, "requirements")["requirements"] if one["id"] == "PV-01")  # type: ignore[index]
    assert "24 in this package, 5 left out" in json.dumps(flow)
    ok(site, "build", "2.0.1", vault=True)
    # A file or a list that is meddled with is found, in what a purge left too.
    first = site.project / "releases" / "v1.0.0"
    for name in ("signatures/purge.dsse.json", "data/labels.jsonl", "data/ledger/records.jsonl"):
        data = (first / name).read_bytes()
        os.chmod(first / name, 0o644)
        (first / name).write_bytes(data.replace(b"a", b"b", 1))
        assert site("release", "verify", first, "--key", key, project=False).code == 4
        (first / name).write_bytes(data)
    (first / "signatures" / "purge.dsse.json").unlink()
    assert site("release", "verify", first, "--key", key, project=False).code == 4


def test_what_cannot_be_is_refused_with_a_code(site: Site) -> None:
    def refused(code: str, exit_code: int, *words: object, vault: bool = False, key: bool = False) -> None:
        done = site("release", *words, vault=vault, key=key)
        assert (done.code, code in done.err) == (exit_code, True), done.err
        assert NAME not in done.out + done.err

    by = ("--by", "rita")
    day = ("--effective", "2026-11-20")
    refused("REL-063", 2, "withdraw", NAME, *day, *by, key=True)
    refused("REL-063", 2, "withdraw", *day, *by, key=True)
    refused("LED-072", 2, "withdraw", PATIENTS[1], "--effective", "20.11.2026", *by, key=True)
    refused("REL-065", 2, "recall", NAME, "--reason", "x y", *by, key=True)
    refused("LED-070", 2, "recall", PATIENTS[1], "--reason", f"born 1950-03-04, {NAME}, Ada", *by, key=True)
    refused("REL-060", 2, "sent", "9.9.9", "--to", "Sponsor", *by, key=True)
    refused("REL-073", 2, "purge", "--recalled", *by, key=True)
    refused("REL-064", 2, "purge", "--recalled", "--reason", "none", *by, key=True, vault=True)
    refused("REL-067", 2, "purge", "--label", NAME, "--reason", "none", *by, key=True, vault=True)
    refused("REL-033", 2, "diff", "1.0.0", "9.9.9")
    refused("REL-001", 2, "diff", "1.0.0", "latest")
    refused("REL-052", 2, "build", "1.0.1", vault=True)
    refused("REL-051", 2, "build", "0.9.0", vault=True)
    size = site.records()
    dry = ok(site, "recall", PATIENTS[1], "--reason", "burned-in text", "--dry-run", *by, key=True)
    assert dry["records"] == []
    assert site.records() == size


def test_an_original_number_is_read_from_standard_input_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("MRN-4711\n"))
    done = site("release", "withdraw", "--original", "--effective", "2026-11-20", "--by", "rita", key=True, vault=True)
    assert (done.code, "REL-063" in done.err) == (2, True)
    assert "4711" not in done.out + done.err


def test_a_package_is_encrypted_to_its_recipients_and_comes_out_as_it_was(site: Site) -> None:
    pyrage = pytest.importorskip("pyrage")
    one, two, other = (pyrage.x25519.Identity.generate() for _ in range(3))
    package = site.project / "releases" / "v1.0.0"
    (site.folder / "keys.txt").write_text(f"# sponsor\n{two.to_public()}\n\n")
    out = site.folder / "out.age"
    words = ("--recipient", str(one.to_public()), "--recipients-file", site.folder / "keys.txt", "-o", out, "--json")
    made = site("release", "encrypt", package, *words, project=False)
    assert made.code == 0, made.err
    assert made.json["recipients"] == 2
    assert made.json["bytes"] == out.stat().st_size
    data = out.read_bytes()
    assert PATIENTS[0].encode() not in data
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(data, [other])
    for identity in (one, two):
        with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(data, [identity]))) as tar:
            names = tar.getnames()
            found = {name: tar.extractfile(name).read() for name in names}  # type: ignore[union-attr]
            assert {member.mtime for member in tar.getmembers()} == {0}
    wanted = {f"v1.0.0/{p.relative_to(package).as_posix()}": p.read_bytes() for p in package.rglob("*") if p.is_file()}
    assert found == wanted

    def refused(code: str, exit_code: int, folder: Path, *given: object) -> None:
        done = site("release", "encrypt", folder, *given, project=False)
        assert (done.code, code in done.err) == (exit_code, True), done.err
        assert not (site.folder / "new.age").exists()
        assert not list(site.folder.glob(".curator-tmp-*"))

    to = ("--recipient", str(one.to_public()))
    new = ("-o", site.folder / "new.age")
    refused("REL-071", 2, package, *to, "-o", out)
    refused("REL-069", 2, package, *new)
    refused("REL-069", 2, package, "--recipient", "age1nonsense", *new)
    refused("REL-033", 2, site.folder / "nothing", *to, *new)
    refused("REL-068", 2, package / "data", *to, *new)
    (site.folder / "ecopy" / "VOL_001_Summary").mkdir(parents=True)
    refused("REL-068", 2, site.folder / "ecopy", *to, *new)
    refused("REL-068", 2, site.folder / "ecopy" / "VOL_001_Summary", *to, *new)
    (package / "data" / "link").symlink_to(site.folder)
    refused("REL-026", 4, package, *to, *new)
    (package / "data" / "link").unlink()
    manifest = package / "manifest-sha256.txt"
    text = manifest.read_text()
    manifest.write_text(text.replace("data/samples.jsonl", "data/../samples.json"))
    refused("REL-", 4, package, *to, *new)
    manifest.write_text(text)
    assert json.loads(site("release", "encrypt", package, *to, *new, "--json", project=False).out)["recipients"] == 1
