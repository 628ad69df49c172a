"""Recipes through the program: shown, tested, scrubbed, released, and named wherever Safe Harbor is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started

pytest.importorskip("deid", reason="the extra 'deid' is not installed")

DATA = Path(pydicom.__file__).parent / "data"
RECIPE = """FORMAT dicom
%filter blacklist
LABEL Quillfeather's scanner
equals StationName SEVEN
%header
KEEP StudyDescription
REPLACE InstitutionName SITE-LITERAL
ADD ClinicalTrialProtocolID TRIAL-LITERAL
JITTER StudyDate 5
"""
PLANTED = ("ZEBEDIAH", "QUILLFEATHER", "MRN-55417", "Traceback")


@pytest.fixture
def world(tmp_path: Path) -> Any:
    (tmp_path / "pass").write_text("correct horse battery\n")
    (tmp_path / "QUILLFEATHER.recipe").write_text(RECIPE)
    source = tmp_path / "ZEBEDIAH"
    source.mkdir()
    for number in range(3):
        made = pydicom.dcmread(DATA / "test_files" / "CT_small.dcm")
        made.PatientName, made.PatientID = "QUILLFEATHER^ZEBEDIAH", "MRN-55417"
        made.BodyPartExamined, made.ImageType = "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL"]
        made.StudyDescription = "chest of ZEBEDIAH" if number else "chest"
        made.StudyDate = "20200310"
        made.StationName = "SEVEN" if number == 2 else "SIX"
        made.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.77{number}"
        made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
        made.save_as(source / f"img{number}")

    def run(*words: object, code: int = 0) -> str:
        done = started.run(words, cwd=tmp_path, text=True)
        assert done.returncode == code, done.stderr
        said = done.stdout + done.stderr
        assert not [token for token in PLANTED if token.lower() in said.lower()]
        return said if "--json" not in words else done.stdout

    run.root = tmp_path  # type: ignore[attr-defined]
    return run


def test_the_effective_decisions_and_the_fates_are_those_of_the_recipe(world: Any) -> None:
    shown = json.loads(world("policy", "show", "safe-harbor", "--recipe", "QUILLFEATHER.recipe", "--json"))
    found = {one["keyword"]: one for one in shown["attributes"]}
    assert shown["claim"]["claim"] == "expert-determination"
    assert "attribute (0008,1030) is kept" in shown["claim"]["reasons"]
    assert shown["policy"]["recipe"] == {
        "attributes": 3,
        "added": 1,
        "values_searched": 0,
        "filters_that_hold_back": 1,
        "filters_that_pass": 0,
    }
    for keyword, action in (("StudyDescription", "screen"), ("InstitutionName", "fixed"), ("StudyDate", "shift")):
        assert (found[keyword]["top"]["action"], found[keyword]["top"]["rule"]) == (action, "recipe")
        assert found[keyword]["overridden"]
    assert found["ClinicalTrialProtocolID"]["top"]["action"] == "fixed"
    assert found["ClinicalTrialProtocolID"]["nested"]["action"] != "fixed"
    text = world("policy", "show", "safe-harbor", "--recipe", "QUILLFEATHER.recipe")
    assert "LITERAL" not in text
    files = [f"ZEBEDIAH/img{number}" for number in range(3)]
    told = json.loads(world("policy", "test", *files, "--recipe", "QUILLFEATHER.recipe", "--json", code=5))["files"]
    assert [one["held_back"] for one in told] == [None, None, "DCM-070"]
    fates = [{one["path"]: one for one in each["attributes"]} for each in told]
    assert fates[0]["StudyDescription"]["unchanged"] == 1
    assert fates[1]["StudyDescription"]["done"] == {"cleaned": 1}
    assert told[0]["added"]["ClinicalTrialProtocolID"] == 1
    changed = json.loads(world("policy", "diff", "expert", "expert", "--recipe", "QUILLFEATHER.recipe", "--json"))
    keywords = {pair[0]["keyword"] if pair[0] else pair[1]["keyword"] for pair in changed["attributes"]}
    assert keywords == {"StudyDescription", "InstitutionName", "ClinicalTrialProtocolID"}


def test_a_scrub_and_a_release_with_a_recipe_say_that_safe_harbor_is_left(world: Any) -> None:
    secret = ("--project", "trial", "--passphrase-file", "pass")
    recipe = ("--recipe", "QUILLFEATHER.recipe")
    world("init", "trial", "--passphrase-file", "pass")
    planned = json.loads(world("scrub", "ZEBEDIAH", *secret, *recipe, "--dry-run", "--json", code=5))
    assert planned["policy"]["claim"] == "expert-determination"
    assert planned["by_code"] == {"DCM-070": 1}
    assert "claim        not Safe Harbor" in world("scrub", "ZEBEDIAH", *secret, *recipe, "--dry-run", code=5)
    done = json.loads(world("scrub", "ZEBEDIAH", *secret, *recipe, "--json", code=5))
    assert (done["scrubbed"], done["by_code"]) == (2, {"DCM-070": 1})
    assert done["policy"]["claim"] == "expert-determination"
    assert "attribute (0008,1030) is kept" in done["policy"]["reasons"]
    again = world("scrub", "ZEBEDIAH", *secret, *recipe, code=5)
    assert "claim        not Safe Harbor: expert determination needed" in again
    assert "not Safe Harbor: attribute (0008,1030) is kept" in again
    clean = [pydicom.dcmread(path) for path in sorted((world.root / "trial" / "clean").rglob("*.dcm"))]
    assert {one.InstitutionName for one in clean} == {"SITE-LITERAL"}
    assert {one.ClinicalTrialProtocolID for one in clean} == {"TRIAL-LITERAL"}
    assert {one.StudyDescription for one in clean} == {"chest"}
    assert {one.DeidentificationMethod[3] for one in clean} == {"not Safe Harbor: expert determination needed"}
    assert len({one.StudyDate for one in clean}) == 1
    # Without the recipe it is another policy: neither a scrub nor a release goes on under it.
    world("scrub", "ZEBEDIAH", *secret, code=2)
    assert "REL-011" in world("release", "build", "1.0.0", *secret, code=4)
    built = json.loads(world("release", "build", "1.0.0", "--draft", *secret, *recipe, "--json"))
    assert built["policy"]["claim"] == "expert-determination"
    package = "trial/releases/v1.0.0"
    assert "not Safe Harbor: attribute (0008,1030) is kept" in world("release", "verify", package, code=3)
    told = json.loads(world("release", "verify", package, "--json", code=3))
    assert told["policy"]["claim"] == "expert-determination"
    assert told["policy"]["reasons"] == done["policy"]["reasons"]


def test_a_recipe_that_is_refused_changes_nothing(world: Any) -> None:
    (world.root / "bad.recipe").write_text("FORMAT dicom\n%header\nKEEP QUILLFEATHER\n")
    assert "POL-022" in world("policy", "show", "safe-harbor", "--recipe", "bad.recipe", code=2)
    world("init", "trial", "--passphrase-file", "pass")
    secret = ("--project", "trial", "--passphrase-file", "pass")
    assert "POL-022" in world("scrub", "ZEBEDIAH", *secret, "--recipe", "bad.recipe", code=2)
    assert not list((world.root / "trial" / "clean").rglob("*.dcm"))
