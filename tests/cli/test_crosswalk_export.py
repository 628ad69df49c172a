"""``crosswalk export``: two tables in clear text, never in the project, on record, both or none."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started

DATA = Path(pydicom.__file__).parent / "data" / "test_files"
WORD = "correct horse battery"
PLANTED = ("MRN-55417", "MRN-88003", "QUILLFEATHER", "1.2.826.0.1.3680043.8.498.7", "Traceback")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "pass").write_text(WORD)

    def call(*words: object, passphrase: str = "pass") -> subprocess.CompletedProcess[str]:
        line = [*words, "--project", "trial", "--passphrase-file", passphrase]
        return started.run(line, text=True, cwd=tmp_path)

    return call


@pytest.fixture
def scrubbed(run: Run, tmp_path: Path) -> list[pydicom.Dataset]:
    """Two studies of one made-up patient and one of another, scrubbed, and a file that is held back."""
    (tmp_path / "source").mkdir()
    made = []
    for number, person in enumerate(("MRN-55417", "MRN-55417", "MRN-88003", "MRN-88003")):
        image = pydicom.dcmread(DATA / "CT_small.dcm")
        image.PatientID, image.PatientName = person, f"QUILLFEATHER^{person[-3:]}"
        image.BodyPartExamined, image.ImageType = "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL"]
        for level, name in enumerate(("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")):
            setattr(image, name, f"1.2.826.0.1.3680043.8.498.7.{number}.{level}")
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        if number == 3:
            image.BurnedInAnnotation = "YES"
        image.save_as(tmp_path / "source" / f"{number}.dcm")
        made.append(image)
    assert run("init").returncode == 0
    assert run("scrub", "source").returncode == 5
    return made


def rows(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        head, *found = list(csv.reader(stream))
    assert head == ["id_old", "id_new"]
    assert len(dict(found)) == len(found)
    return dict(found)


def purposes(run: Run) -> list[str]:
    shown: Any = json.loads(run("vault", "openings", "--json").stdout)
    return [one["purpose"] for one in shown["openings"]]


def test_the_tables_lead_from_every_original_uid_and_id_to_what_the_clean_files_hold(
    run: Run, scrubbed: list[pydicom.Dataset], tmp_path: Path
) -> None:
    done = run("crosswalk", "export", "--format", "midi-b", "maps", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (
        0,
        {"format": "midi-b", "uids": 14, "patients": 2, "shared": 0, "dry_run": False},
    )
    assert not any(token in done.stdout + done.stderr for token in PLANTED)
    uids, patients = rows(tmp_path / "maps" / "uid_mapping.csv"), rows(tmp_path / "maps" / "patid_mapping.csv")
    assert set(patients) == {"MRN-55417", "MRN-88003"}
    names = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    referred = {scrubbed[0].FrameOfReferenceUID, scrubbed[0].InstanceCreatorUID}
    assert set(uids) == {image[name].value for image in scrubbed for name in names} | referred
    clean = {made.SOPInstanceUID: made for made in map(pydicom.dcmread, (tmp_path / "trial").rglob("*.dcm"))}
    assert len(clean) == 3
    for image in scrubbed[:3]:
        made = clean[uids[image.SOPInstanceUID]]
        assert [made[name].value for name in names] == [uids[image[name].value] for name in names]
        assert made.FrameOfReferenceUID == uids[image.FrameOfReferenceUID]
        assert made.PatientID == patients[image.PatientID]
    assert uids[scrubbed[3].SOPInstanceUID] not in clean


def test_nobody_else_reads_the_tables_and_the_vault_keeps_a_record(
    run: Run, scrubbed: list[pydicom.Dataset], tmp_path: Path
) -> None:
    (tmp_path / "maps").mkdir(mode=0o755)
    run("crosswalk", "export", "maps")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "maps").iterdir()] == [0o600, 0o600]
    assert (tmp_path / "maps").stat().st_mode & 0o777 == 0o700
    assert purposes(run)[-2:] == ["crosswalk-export", "openings"]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".curator-")]


def test_a_dry_run_counts_the_same_and_writes_no_table(
    run: Run, scrubbed: list[pydicom.Dataset], tmp_path: Path
) -> None:
    done = run("crosswalk", "export", "maps", "--dry-run", "--json")
    assert json.loads(done.stdout) == {"format": "midi-b", "uids": 14, "patients": 2, "shared": 0, "dry_run": True}
    assert not (tmp_path / "maps").exists()
    assert purposes(run)[-2:] == ["dry-run", "openings"]


def test_tables_never_come_into_the_project_or_its_vault_nor_over_other_files(
    run: Run, scrubbed: list[pydicom.Dataset], tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to("trial/clean")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "uid_mapping.csv").write_text("kept")
    (tmp_path / "file").write_text("kept")
    before = {path for path in tmp_path.rglob("*") if "opening" not in str(path)}
    opened = purposes(run)
    wrong = [("trial", "XWK-003"), ("trial/new", "XWK-003"), ("trial.vault/new", "XWK-003"), ("link/new", "XWK-003")]
    for place, code in [*wrong, ("full", "XWK-004"), ("file", "XWK-004")]:
        done = run("crosswalk", "export", place)
        assert (done.returncode, code in done.stderr) == (2, True), place
    assert {path for path in tmp_path.rglob("*") if "opening" not in str(path)} == before
    assert (tmp_path / "full" / "uid_mapping.csv").read_text() == "kept"
    assert purposes(run) == [*opened, "openings"]


def test_a_wrong_passphrase_writes_nothing_and_is_on_record(
    run: Run, scrubbed: list[pydicom.Dataset], tmp_path: Path
) -> None:
    (tmp_path / "wrong").write_text("not the passphrase")
    done = run("crosswalk", "export", "maps", passphrase="wrong")
    assert (done.returncode, "VLT-002" in done.stderr) == (2, True)
    assert not (tmp_path / "maps").exists()
    assert purposes(run)[-2:] == ["failed", "openings"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_place_that_cannot_be_written_leaves_nothing(
    run: Run, scrubbed: list[pydicom.Dataset], tmp_path: Path
) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    done = run("crosswalk", "export", "shut/maps")
    assert (done.returncode, "SYS-002" in done.stderr) == (3, True)
    assert not list((tmp_path / "shut").iterdir())
