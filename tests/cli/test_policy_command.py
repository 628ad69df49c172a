"""``curator policy``: decisions and claims in words, fates that are what a scrub does, never a value."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from curator.scrub.dicom.rules import table

DATA = Path(pydicom.__file__).parent / "data"
PLANTED = ("Zebediah", "Quillfeather", "MRN-55417", "19310405", "1931-04-05", "SECRETCREATOR", "Wrenfield", "98.7.6.5")
OWN = """format = 1
name = "own"
title = "Own"
[options]
dates = "year"
ages = "cap"
patient_characteristics = true
{options}
[attributes]
{attributes}
"""


def run(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = started.run(["policy", *words], text=True)
    assert done.returncode == code, done.stderr
    said = (done.stdout + done.stderr).lower()
    assert not [token for token in (*PLANTED, "Traceback") if token.lower() in said]
    return done


def told(*words: object, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code).stdout)


@pytest.fixture
def own(tmp_path: Path) -> Any:
    def write(options: str = "", attributes: str = "") -> str:
        path = tmp_path / "own.toml"
        path.write_text(OWN.format(options=options, attributes=attributes), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A chest CT with identifiers in public, nested and private attributes, and in its file's name."""
    made = pydicom.dcmread(DATA / "test_files" / "CT_small.dcm")
    made.PatientName = "Quillfeather^Zebediah"
    made.PatientID = "MRN-55417"
    made.PatientBirthDate = "19310405"
    made.BodyPartExamined = "CHEST"
    made.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.StudyDescription = "Follow-up of Mr Quillfeather"
    made.ConvolutionKernel = "Quillfeather"
    item = Dataset()
    item.PersonName = "Wrenfield^Ann"
    item.TextValue = "seen on 1931-04-05"
    item.CodeMeaning = "Zebediah"
    made.ContentSequence = Sequence([item])
    made.add_new(0x00210010, "LO", "SECRETCREATOR Wrenfield")
    made.add_new(0x00211001, "LO", "MRN-55417")
    made.SOPInstanceUID = "1.2.826.0.1.3680043.98.7.6.5"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    path = tmp_path / "Quillfeather_Zebediah_MRN-55417.dcm"
    made.save_as(path)
    return path


def test_the_bundled_policies_are_listed_with_the_claims_that_they_support() -> None:
    found = {one["name"]: one["claim"] for one in told("list")["policies"]}
    assert found == {
        "expert": "expert-determination",
        "limited-dataset": "limited-data-set",
        "safe-harbor": "safe-harbor",
    }
    assert "safe-harbor" in run("list").stdout


def test_every_row_of_the_table_has_its_decision_and_the_claim_stands_at_the_end() -> None:
    found = told("show", "safe-harbor")
    rows = {row.tag.lower(): row.basic for row in table() if row.tag != "ODD"}
    shown = {one["tag"].lower(): one for one in found["attributes"]}
    assert set(rows) <= set(shown)
    assert {tag: shown[tag]["table"] for tag in rows} == rows
    assert all(one["top"]["words"] and one["nested"]["words"] for one in shown.values())
    assert (found["claim"]["claim"], found["claim"]["reasons"]) == ("safe-harbor", [])
    assert [one["code"] for one in found["claim"]["codes"]] == [
        *("113100", "113103", "113104", "113105", "113107", "113108", "113111"),
    ]
    text = run("show", "safe-harbor").stdout.splitlines()
    assert text[-1].startswith("digest")
    assert any(line.startswith("claim    at most Safe Harbor") for line in text[-14:])
    assert len(text) > len(rows)


def test_every_attribute_of_the_dictionary_is_shown_on_demand() -> None:
    from pydicom.datadict import DicomDictionary

    shown = {one["tag"] for one in told("show", "safe-harbor", "--all")["attributes"]}
    assert {f"{tag:08X}" for tag in DicomDictionary} <= shown


@pytest.mark.parametrize("name", ["PatientName", "00100010", "(0010,0010)"])
def test_one_attribute_is_shown_by_keyword_or_tag(name: str) -> None:
    (one,) = told("show", "safe-harbor", "--tag", name)["attributes"]
    assert (one["keyword"], one["vr"], one["table"]) == ("PatientName", "PN", "Z")
    assert (one["top"]["action"], one["nested"]["action"]) == ("person", "empty")


@pytest.mark.parametrize("name", ["Quillfeather", "00291010", "99999998"])
def test_an_attribute_that_is_none_is_refused_without_repeating_it(name: str) -> None:
    assert run("show", "safe-harbor", "--tag", name, code=2).stderr.startswith("POL-030")


def test_a_switch_that_breaks_safe_harbor_says_so_at_the_end(own: Any) -> None:
    path = own(options="retain_uids = true", attributes='"00080080" = "keep"\n"00080070" = "remove"')
    found = told("show", path)
    assert found["claim"]["claim"] == "expert-determination"
    assert found["claim"]["needs_document"] == "determination"
    assert found["claim"]["codes"] == []
    assert found["claim"]["reasons"] == ["original UIDs are kept", "attribute (0008,0080) is kept"]
    shown = {one["tag"]: one for one in found["attributes"]}
    assert shown["00080080"]["overridden"]
    assert shown["00080080"]["top"]["rule"] == "policy"
    assert not shown["00080081"]["overridden"]
    assert shown["0020000D"]["top"]["words"] == "kept"
    text = run("show", path).stdout
    assert "not Safe Harbor: original UIDs are kept" in text
    assert "*(0008,0080)" in text


def test_a_policy_that_is_none_is_refused() -> None:
    assert run("show", "Quillfeather", code=2).stderr.startswith("POL-001")
    assert run("diff", "safe-harbor", "Quillfeather", code=2).stderr.startswith("POL-001")


def test_the_fates_of_a_file_are_what_the_rewriter_does(image: Path) -> None:
    (found,) = told("test", image)["files"]
    fates = {one["path"]: one for one in found["attributes"]}
    assert found["held_back"] is None
    assert (fates["PatientName"]["action"], fates["PatientName"]["done"]) == ("person", {"replaced": 1})
    assert (fates["StudyDescription"]["done"], fates["StudyDescription"]["unchanged"]) == ({"cleaned": 1}, 0)
    assert fates["ConvolutionKernel"]["done"] == {"cleaned": 1}
    assert (fates["ConvolutionKernel"]["action"], fates["ConvolutionKernel"]["unchanged"]) == ("screen", 0)
    assert fates["PatientBirthDate"]["done"] == {"dated": 1, "emptied": 1}
    assert fates["StudyDate"]["done"] == {"dated": 1}
    assert fates["ContentSequence/PersonName"]["unchanged"] == 0
    for name in ("Modality", "Rows", "PixelData", "BodyPartExamined", "PatientSex"):
        assert (fates[name]["unchanged"], fates[name]["done"]) == (1, {}), name
    assert found["elements"] > found["unchanged"] > 30
    assert found["added"]["DeidentificationMethod"] == 1


def test_private_attributes_are_named_only_where_a_public_dictionary_lists_them(image: Path) -> None:
    (found,) = told("test", image)["files"]
    private = {one["path"]: one["elements"] for one in found["attributes"] if one["rule"] == "private"}
    assert private["private"] >= 2
    assert private["(0009,xx01) GEMS_IDEN_01"] == 1
    assert run("test", image).stdout.count("GEMS_IDEN_01") > 1


def test_the_policy_given_decides_what_is_tested(image: Path, own: Any) -> None:
    path = own(attributes='"00080070" = "remove"')
    (found,) = told("test", image, "--policy", path)["files"]
    fates = {one["path"]: one for one in found["attributes"]}
    assert (fates["Manufacturer"]["rule"], fates["Manufacturer"]["done"]) == ("policy", {"removed": 1})
    assert "not Safe Harbor: expert determination needed" in run("test", image, "--policy", "expert").stdout


def test_a_file_that_would_be_held_back_names_its_code_and_ends_with_5(image: Path, tmp_path: Path) -> None:
    made = pydicom.dcmread(image)
    made.BurnedInAnnotation = "YES"
    burned = tmp_path / "Quillfeather2.dcm"
    made.save_as(burned)
    cut = tmp_path / "Wrenfield.dcm"
    cut.write_bytes(image.read_bytes()[:-40])
    other = tmp_path / "Zebediah.txt"
    other.write_text("Zebediah Quillfeather, MRN-55417")
    found = told("test", image, burned, cut, other, code=5)["files"]
    assert [one["file"] for one in found] == [1, 2, 3, 4]
    assert [one["held_back"] for one in found][:2] == [None, "DCM-041"]
    assert all(one["held_back"].startswith("DCM-0") for one in found[1:])
    assert found[1]["attributes"]
    assert not found[2]["attributes"] + found[3]["attributes"]
    assert "DCM-041" in run("test", burned, code=5).stdout
    assert run("test", tmp_path / "Zebediah-nowhere", code=2).stderr.startswith("POL-031")


def test_a_difference_names_switches_claims_and_attributes(own: Any, tmp_path: Path) -> None:
    found = told("diff", "safe-harbor", "expert")
    assert found["switches"] == {"dates": ["year", "shift"]}
    assert [one["claim"] for one in found["claims"]] == ["safe-harbor", "expert-determination"]
    pairs = {pair[0]["keyword"]: pair for pair in found["attributes"]}
    assert pairs["StudyDate"][1]["top"]["words"] == "moved by the person's days"
    assert "PatientName" not in pairs
    assert told("diff", "expert", "expert")["attributes"] == []
    plain = tmp_path / "plain.toml"
    plain.write_text(OWN.format(options="", attributes=""), encoding="utf-8")
    path = own(attributes='"00080070" = "remove"')
    (only,) = told("diff", plain, path)["attributes"]
    assert [one["top"]["action"] for one in only] == ["keep", "remove"]
    text = run("diff", "safe-harbor", "expert").stdout
    assert "B is not Safe Harbor: dates are shifted" in text
