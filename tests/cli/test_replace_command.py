"""``replace``: a corrected object takes the place of a scrubbed one only when a person signed for it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started

DATA = Path(pydicom.__file__).parent / "data" / "test_files"


class World:
    """A project with two enrolled people, one image that was scrubbed, and its correction in a later delivery."""

    def __init__(self, root: Path, made: Path | None = None) -> None:
        self.root = root
        if made is not None:
            shutil.copytree(made, root, dirs_exist_ok=True)
            self.first = self.clean()[0]
            return
        for name in ("export", "later"):
            (root / name).mkdir()
        for name in ("pass", "key"):
            (root / name).write_text("correct horse battery\n")
        self.run("init", "trial", at=False)
        for name in ("ann", "ben"):
            self.run("people", "add", name, "--name", f"Dr {name}", "--role", "reviewer", at=False, key=True)
        self.run("people", "enroll", "ben.request.json", "--by", "ann", key=True)
        self.run("people", "enroll", "ann.request.json", "--by", "ben", key=True)
        self.image("export", "CHEST")
        self.run("scrub", "export")
        self.first = self.clean()[0]
        self.image("later", "ABDOMEN")

    def run(self, *words: object, code: int = 0, at: bool = True, key: bool = False) -> str:
        line = [*map(str, words), *(["--project", "trial"] if at else [])]
        if words[0] in {"init", "scrub", "replace"} or words[:2] == ("people", "enroll"):
            line += ["--passphrase-file", "pass"]
        if key:
            line += ["--key-passphrase-file", "key"]
        env = {**os.environ, "CURATOR_KEY_STORE": str(self.root / "keys")}
        done = started.run(line, cwd=self.root, env=env)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == code, said
        assert "QUILLFEATHER" not in said
        return done.stdout.decode()

    def image(self, folder: str, part: str, patient: str = "MRN-55417") -> None:
        made = pydicom.dcmread(DATA / "CT_small.dcm")
        made.PatientName, made.PatientID = "QUILLFEATHER^ZEBEDIAH", patient
        made.BodyPartExamined, made.ImageType = part, ["ORIGINAL", "PRIMARY", "AXIAL"]
        made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.8.498.771"
        made.save_as(self.root / folder / "image.dcm")

    def clean(self) -> list[Path]:
        return sorted((self.root / "trial" / "clean").rglob("*.dcm"))

    def parts(self) -> list[str]:
        return [pydicom.dcmread(path).BodyPartExamined for path in self.clean()]

    def rows(self) -> list[dict[str, Any]]:
        from curator.project import journal
        from curator.project.paths import open_project

        return list(journal.all_rows(open_project(self.root / "trial")))

    def replace(self, *more: str, code: int = 0) -> str:
        words = ("replace", "later", "--by", "ann", "--reason", "the body part was wrong", *more)
        return self.run(*words, code=code, key=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return World(tmp_path_factory.mktemp("world")).root


@pytest.fixture
def world(made: Path, tmp_path: Path) -> World:
    return World(tmp_path, made)


def test_an_unsigned_correction_is_held_back_and_a_signed_one_takes_the_place(tmp_path: Path) -> None:
    world = World(tmp_path)  # not a copy: a delivery is known by where it lies
    world.run("scrub", "later", code=5)
    assert world.parts() == ["CHEST"]
    assert json.loads(world.replace("--dry-run", "--json")) == {"objects": 1, "signed": 0, "dry_run": True}
    world.run("scrub", "later", code=5)
    assert json.loads(world.replace("--json"))["signed"] == 1
    world.run("scrub", "later")  # a further round of the same delivery
    assert world.parts() == ["ABDOMEN"]
    assert world.clean() == [world.first]
    outcomes = {row["outcome"]: row for row in world.rows()}
    assert set(outcomes) == {"replaced", "scrubbed"}
    assert outcomes["scrubbed"]["replaces"] == outcomes["replaced"]["source"]
    assert outcomes["scrubbed"]["sha256"] == hashlib.sha256(world.first.read_bytes()).hexdigest()
    assert json.loads(world.replace("--json"))["signed"] == 0
    world.run("scrub", "export")  # the first delivery again changes nothing
    assert world.parts() == ["ABDOMEN"]
    world.run("ledger", "verify")
    assert "the body part was wrong" in world.run("ledger", "show", "--index", "3")


def test_a_correction_that_was_signed_before_its_delivery_is_taken_in_at_once(world: World) -> None:
    world.replace()
    world.run("scrub", "later")
    assert world.parts() == ["ABDOMEN"]


def test_a_signature_holds_for_these_bytes_alone(world: World) -> None:
    world.replace()
    world.image("later", "PELVIS")
    world.run("scrub", "later", code=5)
    assert world.parts() == ["CHEST"]


def test_a_folder_without_a_dicom_object_replaces_nothing_and_says_so(world: World) -> None:
    (world.root / "later" / "image.dcm").unlink()
    (world.root / "later" / "note.txt").write_text("nothing to see here\n")
    world.replace(code=2)
    world.run("ledger", "verify")


def test_a_correction_of_the_patient_takes_the_old_file_away(world: World) -> None:
    world.image("later", "CHEST", patient="MRN-90001")
    world.replace()
    world.run("scrub", "later")
    found = world.clean()
    assert len(found) == 1
    assert found != [world.first]
    assert not world.first.exists()


def test_what_corrects_nothing_is_refused(world: World) -> None:
    (world.root / "later" / "image.dcm").unlink()
    made = pydicom.dcmread(DATA / "MR_small.dcm")
    made.save_as(world.root / "later" / "other.dcm")
    world.replace(code=2)
    (world.root / "later" / "other.dcm").write_bytes((world.root / "export" / "image.dcm").read_bytes())
    assert json.loads(world.replace("--json"))["objects"] == 0


def test_a_delivery_that_replaces_cannot_be_given_up(world: World) -> None:
    world.replace()
    world.run("scrub", "later")
    marker = world.root / "trial" / "journal" / "scrub" / "0002" / "replacing.json"
    assert marker.is_file()
    part = next((world.root / "trial/journal/scrub/0002/r00/commits").glob("*.json"))
    part.unlink()  # as if it had been killed before the commit
    world.image("later", "PELVIS")
    world.run("scrub", "later", "--restart", code=2)
    assert world.parts() == ["ABDOMEN"]
