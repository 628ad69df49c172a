"""``init``, ``scan``, ``scrub``, ``journal``, ``crosswalk``, ``vault``, on real files and on bad input."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started
from pydicom.uid import generate_uid

DATA = Path(pydicom.__file__).parent / "data"
WORD = "correct horse battery"
PLANTED = ("ZEBEDIAH", "QUILLFEATHER", "MRN-55417", "19310405")

Run = Callable[..., "Result"]


class Result:
    """What a command did."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def silent(self) -> bool:
        return not any(token.lower() in (self.out + self.err).lower() for token in (*PLANTED, "Traceback"))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "pass").write_text(WORD + "\n")

    def call(*words: object, project: str | None = "trial", vault: bool = True, given: bytes = b"") -> Result:
        line = list(map(str, words))
        if project:
            line += ["--project", str(tmp_path / project)]
        if vault:
            line += ["--passphrase-file", str(tmp_path / "pass")]
        return Result(started.run(line, given=given, cwd=tmp_path))

    return call


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three small CT objects of one made-up patient and a file that no medium reads, identifiers in all of them."""
    folder = tmp_path / "ZEBEDIAH_QUILLFEATHER"
    folder.mkdir()
    for number in range(3):
        made = dcm(number)
        made.save_as(folder / f"img{number}")
    (folder / "letter.doc").write_bytes(b"\xd0\xcf\x11\xe0\0\0Patient ZEBEDIAH QUILLFEATHER, born 05 Apr 1931")
    return folder


def dcm(number: int, **more: Any) -> pydicom.Dataset:
    """Return a chest CT of the made-up patient."""
    made = pydicom.dcmread(DATA / "test_files" / "CT_small.dcm")
    made.PatientName = "QUILLFEATHER^ZEBEDIAH"
    made.PatientID = "MRN-55417"
    made.PatientBirthDate = "19310405"
    made.BodyPartExamined = "CHEST"
    made.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.InstanceNumber = number
    made.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.77{number}"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.fixture
def project(run: Run) -> None:
    assert run("init").code == 0


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.usefixtures("project")
def test_a_folder_goes_in_and_clean_files_come_out(run: Run, source: Path, tmp_path: Path) -> None:
    before = tree(source)
    scan = run("scan", source, "--json", vault=False)
    assert scan.code == 0
    assert scan.json["kinds"] == {"dicom": 3, "unknown": 1}
    assert scan.json["modalities"] == {"CT": 3}
    assert {"attribute": "PatientName", "category": "name", "letter": "A", "files": 3} in scan.json["identifiers"]
    done = run("scrub", source, "--json")
    assert done.code == 5
    report = done.json
    assert (report["found"], report["scrubbed"], report["duplicate"], report["quarantined"]) == (4, 3, 0, 1)
    assert report["by_code"] == {"SRC-009": 1}
    assert (report["patients"], report["studies"]) == (1, 1)
    clean = tree(tmp_path / "trial")
    assert len([name for name in clean if name.startswith("clean/")]) == 3
    for name, data in clean.items():
        for token in PLANTED:
            assert token.encode() not in data
            assert token not in name
    assert tree(source) == before
    assert all(result.silent() for result in (scan, done))
    one = next((tmp_path / "trial" / "clean").rglob("*.dcm"))
    made = pydicom.dcmread(one)
    assert made.PatientIdentityRemoved == "YES"
    assert one.parent.parent.parent.name == made.PatientID
    assert one.stem == made.SOPInstanceUID == made.file_meta.MediaStorageSOPInstanceUID
    assert made.PixelData == pydicom.dcmread(source / "img0").PixelData
    assert run("scrub", source, "--json").json == {**report, "resumed": 4}


@pytest.mark.usefixtures("project")
def test_the_journal_and_the_crosswalk_lead_back_for_the_holder_of_the_vault(run: Run, source: Path) -> None:
    run("scrub", source)
    shown = run("journal", "show", "quarantine", "--json", vault=False)
    (held,) = shown.json["quarantine"]
    assert held["code"] == "SRC-009"
    assert shown.silent()
    back = run("crosswalk", "lookup", held["source"], "--json")
    assert back.code == 0
    assert back.json["found"][0]["original"]["file"].endswith("ZEBEDIAH_QUILLFEATHER/letter.doc")
    there = run("crosswalk", "lookup", "--original", "--json", given=b"MRN-55417\n")
    assert len(there.json["found"]) == 3
    patient = there.json["found"][0]["patient"]
    assert run("crosswalk", "lookup", patient, "--json").json["found"] == there.json["found"]
    nobody = run("crosswalk", "lookup", "--original", given=b"MRN-NOBODY\n")
    assert (nobody.code, "XWK-002" in nobody.err, "NOBODY" in nobody.err + nobody.out) == (3, True, False)
    assert run("crosswalk", "lookup").code == 2
    assert [o["purpose"] for o in run("vault", "openings", "--json").json["openings"]] == [
        "created",
        "scrub",
        "crosswalk",
        "crosswalk",
        "crosswalk",
        "crosswalk",
        "openings",
    ]
    actions = run("journal", "show", "actions", "--json", vault=False).json["actions"]
    assert {"attribute": "PatientName", "action": "replaced", "elements": 3} in actions


@pytest.mark.usefixtures("project")
def test_a_dry_run_counts_the_same_and_writes_nothing(run: Run, source: Path, tmp_path: Path) -> None:
    before = {name: data for name, data in tree(tmp_path).items() if "/open" not in name}
    planned = run("scrub", source, "--dry-run", "--json")
    after = {name: data for name, data in tree(tmp_path).items() if "/open" not in name}
    assert before == after
    done = run("scrub", source, "--json")
    for name in ("found", "scrubbed", "duplicate", "quarantined", "by_code"):
        assert planned.json[name] == done.json[name]
    assert planned.silent()


@pytest.mark.usefixtures("project")
def test_a_dry_run_tells_equal_notes_of_two_people_from_one_note_twice_also_of_an_earlier_delivery(
    run: Run, source: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (source / name).mkdir()
        (source / name / "note.txt").write_text("Blood pressure 132/78, hemoglobin 13.2.\n")
    for name in ("c.txt", "d.txt"):
        (source / name).write_text("Patient: Ada Quillfeather  MRN: MR-7788123\nBP 132/78.\n")
    later = tmp_path / "later"
    later.mkdir()
    shutil.copy(source / "c.txt", later / "c.txt")
    shutil.copy(source / "img0", later / "img0")
    for folder, twice in ((source, 1), (later, 2)):
        planned, done = run("scrub", folder, "--dry-run", "--json").json, run("scrub", folder, "--json").json
        for name in ("found", "scrubbed", "duplicate", "quarantined", "by_code"):
            assert planned[name] == done[name], name
        assert done["duplicate"] == twice
    assert run("scrub", later, "--dry-run", "--json").json["duplicate"] == 2


@pytest.mark.usefixtures("project")
def test_duplicates_conflicts_and_blank_ids_are_told_apart(run: Run, source: Path, tmp_path: Path) -> None:
    shutil.copy(source / "img0", source / "img0-copy")
    other = dcm(1)
    other.SeriesNumber = 99
    other.save_as(source / "img1-other")
    for number, study in ((7, "1.2.3.7"), (8, "1.2.3.8")):
        dcm(number, PatientID="", StudyInstanceUID=study).save_as(source / f"blank{number}")
    report = run("scrub", source, "--json").json
    assert report["by_code"] == {"SRC-009": 1, "SRC-011": 2}
    assert (report["found"], report["scrubbed"], report["duplicate"]) == (8, 4, 1)
    names = {p.name for p in (tmp_path / "trial" / "clean").iterdir()}
    assert len(names) == 3  # the patient, and one for each study that names nobody


@pytest.mark.usefixtures("project")
def test_a_later_delivery_keeps_pseudonyms_and_finds_duplicates(run: Run, source: Path, tmp_path: Path) -> None:
    run("scrub", source)
    before = tree(tmp_path / "trial" / "clean")
    dcm(9).save_as(source / "late")
    report = run("scrub", source, "--json").json
    assert (report["delivery"], report["scrubbed"], report["duplicate"], report["found"]) == (2, 1, 3, 5)
    after = tree(tmp_path / "trial" / "clean")
    assert before.items() < after.items()
    assert len({name.split("/")[0] for name in after}) == 1
    listed = run("journal", "show", "--json", vault=False).json["summary"]
    assert [one["delivery"] for one in listed] == [1, 2]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("lost", ["people", "frozen", "about", "inventory"])
def test_a_vault_that_lost_a_document_gives_nobody_a_second_pseudonym(
    run: Run, source: Path, tmp_path: Path, lost: str
) -> None:
    run("scrub", source)
    (tmp_path / "trial.vault" / "deliveries" / "0001" / f"{lost}.enc").unlink()
    other = tmp_path / "other"
    other.mkdir()
    dcm(8, PatientID="SOMEBODY-ELSE", PatientName="ELSE^SOMEBODY").save_as(other / "x")
    before = tree(tmp_path / "trial" / "clean")
    result = run("scrub", other)
    if lost == "inventory":  # says what the source was, and nothing about persons
        assert result.code == 0
        assert len({p.name for p in (tmp_path / "trial" / "clean").iterdir()}) == 2
    else:
        assert result.code == 4, result.err
        assert result.silent()
        assert tree(tmp_path / "trial" / "clean") == before


@pytest.mark.usefixtures("project")
def test_hostile_names_links_and_files_are_each_accounted_for(run: Run, source: Path) -> None:
    (source / "line\nbreak").write_bytes((source / "img0").read_bytes()[:1000])
    if sys.platform == "linux":
        with open(os.path.join(os.fsencode(source), b"bad\xff\xfe"), "wb") as stream:
            stream.write(b"")
    (source / "loop").symlink_to(source)
    os.mkfifo(source / "pipe")
    huge = dcm(5)
    huge.save_as(source / "huge")
    data = bytearray((source / "huge").read_bytes())
    at = data.rindex(b"\xe0\x7f\x10\x00OW\x00\x00")
    data[at + 8 : at + 12] = (3 << 30).to_bytes(4, "little")
    (source / "huge").write_bytes(bytes(data))
    report = run("scrub", source, "--json")
    assert report.code == 5
    counts = report.json
    assert counts["scrubbed"] == 3
    assert counts["found"] == counts["scrubbed"] + counts["duplicate"] + counts["quarantined"] == 9
    assert sum(counts["by_code"].values()) == counts["quarantined"] == 6
    assert {"SRC-004", "SRC-007", "SRC-008", "SRC-009"} <= counts["by_code"].keys()
    assert report.silent()


def refused(result: Result, code: str, exit_code: int) -> None:
    assert (code in result.err, result.code) == (True, exit_code), result.err
    assert "hint:" in result.err
    assert result.silent()


def test_bad_places_are_refused(run: Run, source: Path, tmp_path: Path) -> None:
    refused(run("scrub", source), "PRJ-001", 2)
    assert run("init").code == 0
    refused(run("init"), "PRJ-003", 2)
    refused(run("scrub", tmp_path / "nowhere"), "SRC-001", 2)
    (tmp_path / "empty").mkdir()
    refused(run("scrub", tmp_path / "empty"), "SRC-002", 2)
    refused(run("scan", tmp_path / "empty", vault=False), "SRC-002", 2)
    refused(run("scrub", tmp_path), "SRC-003", 2)
    refused(run("scrub", tmp_path / "trial" / "clean"), "SRC-003", 2)
    refused(run("scrub", tmp_path / "trial.vault"), "SRC-003", 2)
    assert tree(tmp_path / "trial" / "clean") == {}


@pytest.mark.usefixtures("project")
def test_wrong_passphrases_held_projects_and_changed_settings_are_refused(
    run: Run, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "pass").write_text("another passphrase\n")
    refused(run("scrub", source), "VLT-002", 2)
    (tmp_path / "pass").write_text(WORD + "\n")
    refused(run("scrub", source, vault=False), "CLI-010", 2)
    with (tmp_path / "trial" / "runs" / "scrub.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(run("scrub", source), "PRJ-004", 2)
    assert run("scrub", source).code == 5
    config = tmp_path / "trial" / "curator.toml"
    good = config.read_text()
    for old, new, code in (("safe-harbor", "expert", "PRJ-006"), ('"site-1"', '"site-2"', "PRJ-009")):
        assert old in good
        config.write_text(good.replace(old, new))
        refused(run("scrub", source), code, 2)
    config.write_text(good)
    assert run("scrub", source).code == 5


@pytest.mark.usefixtures("project")
def test_a_source_that_changed_in_mid_run_is_refused_until_restarted(run: Run, source: Path, tmp_path: Path) -> None:
    run("scrub", source)
    commits = sorted((tmp_path / "trial" / "journal").rglob("commits/*.json"))
    commits[-1].unlink()  # as if the run had been killed before its last commit
    changed = dcm(0)
    changed.SeriesNumber = 4711
    changed.save_as(source / "img0")
    dcm(6).save_as(source / "more")
    refused(run("scrub", source), "SRC-006", 3)
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(source / "img1", other / "x")
    refused(run("scrub", other), "PRJ-008", 2)
    report = run("scrub", source, "--restart", "--json").json
    assert (report["delivery"], report["scrubbed"], report["quarantined"]) == (2, 4, 1)
    assert len(tree(tmp_path / "trial" / "clean")) == 4
    assert run("scrub", other, "--json").json["duplicate"] == 1


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="needs a small file system of its own")
def test_a_full_disk_leaves_nothing_half_written_and_a_rerun_finishes(run: Run, source: Path, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=220k", "tmpfs", place], check=False).returncode != 0:
        pytest.skip("may not mount")
    try:
        assert run("init", project="small/trial").code == 0
        filler = place / "filler"
        filler.write_bytes(b"\0" * 60_000)
        for number in range(10, 16):
            dcm(number, SOPInstanceUID=generate_uid()).save_as(source / f"more{number}")
        full = run("scrub", source, project="small/trial")
        refused(full, "SYS-001", 3)
        for path in (place / "trial" / "clean").rglob("*.dcm"):
            pydicom.dcmread(path).PixelData  # noqa: B018 - what stands is whole
        assert list(place.rglob(".curator-tmp-*")) == []
        subprocess.run(["mount", "-o", "remount,size=4m", place], check=True)
        assert run("scrub", source, "--json", project="small/trial").json["scrubbed"] == 9
    finally:
        subprocess.run(["umount", place], check=False)


def test_a_clean_file_that_was_lost_or_cut_is_made_again_by_the_next_scrub_of_its_source(
    run: Run, source: Path, tmp_path: Path
) -> None:
    run("init")
    run("scrub", source)
    clean = tmp_path / "trial" / "clean"
    before = {path: path.read_bytes() for path in clean.rglob("*.dcm")}
    first, second, third = sorted(before)
    first.unlink()
    second.write_bytes(before[second] + b"EVIL")
    third.unlink()
    third.symlink_to(second)
    (tmp_path / "other").mkdir()
    shutil.copy(source / "img0", tmp_path / "other")
    other = run("scrub", tmp_path / "other", "--json")
    assert (other.code, other.json["duplicate"], other.json["lost"], other.json["remade"]) == (5, 1, 3, 0)
    again = run("scrub", source, "--json")
    assert (again.json["scrubbed"], again.json["remade"], again.json["lost"]) == (3, 3, 0)
    assert {path: path.read_bytes() for path in clean.rglob("*.dcm")} == before
    assert not third.is_symlink()
    assert run("scrub", source, "--json").json["remade"] == 0
    assert "made again" not in run("scrub", source).out
