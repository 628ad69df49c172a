"""What must have stayed in the clean files, judged on a small folder of them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pydicom
import pytest

from curator.demo.kept import MEDIA, kept
from curator.demo.people import Patient, words

WHO = Patient("Quillmarrow", "Vormembeck", "BCD12345678", "19470613", "F", "", (), "pat-bcd1", "13.70")
NOBODY = Patient("Zandovitch", "Belvosorrin", "ANON", "19660822", "O", "", (), "pat-bcd2", "12.34")
NAME = "PABCDEFGHIJK"


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    image = pydicom.dcmread(pydicom.data.get_testdata_file("CT_small.dcm"))  # type: ignore[arg-type]
    image.PatientID = NAME
    (tmp_path / NAME / "2.25.1" / "2.25.2").mkdir(parents=True)
    image.save_as(tmp_path / NAME / "2.25.1" / "2.25.2" / "2.25.3.dcm")
    for one in words()["kept"]:
        (tmp_path / "shared" / one["folder"]).mkdir(parents=True)
        (tmp_path / "shared" / one["folder"] / "a.txt").write_text("\n".join(one["texts"]))
    (tmp_path / "shared" / "tabular" / "b.csv").write_text(f"patient_id,hemoglobin\n{NAME},13.70\n,12.34\n")
    (tmp_path / "shared" / "hl7" / "b.hl7").write_text(f"PID|1||{NAME}^^^X^MR||x\rOBX|1|NM|718-7||13.70|g/dL\r")
    coding = {"coding": [{"code": "MR"}]}
    patient = {"resourceType": "Patient", "id": "X1", "identifier": [{"type": coding, "value": NAME}]}
    observed = {"resourceType": "Observation", "subject": {"reference": "Patient/X1"}, "valueQuantity": {"value": "N"}}
    lines = [json.dumps(one).replace('"N"', "13.70") for one in (patient, observed)]
    (tmp_path / "shared" / "fhir" / "a.txt").unlink()
    texts = next(one["texts"] for one in words()["kept"] if one["folder"] == "fhir")
    lines.append(json.dumps({"resourceType": "Basic", "text": texts}))
    (tmp_path / "shared" / "fhir" / "b.ndjson").write_text("\n".join(lines) + "\n")
    return tmp_path


def pixels(clean: Path) -> dict[str, int]:
    (path,) = clean.rglob("*.dcm")
    return {hashlib.sha256(pydicom.dcmread(path).PixelData).hexdigest(): 0}


def test_a_whole_output_has_all_that_must_stay_and_one_pseudonym(clean: Path) -> None:
    made = kept(clean, (WHO, NOBODY), pixels(clean))
    assert made.wanted == sum(len(one["texts"]) for one in words()["kept"])
    assert made.missing == ()
    assert made.pseudonyms == {0: dict.fromkeys(MEDIA, (NAME,))}
    assert made.linked == 1


def test_a_bundle_is_read_as_lines_are(clean: Path) -> None:
    path = clean / "shared" / "fhir" / "b.ndjson"
    entries = ",".join('{"resource": ' + line + "}" for line in path.read_text().splitlines())
    path.write_text('{"resourceType": "Bundle", "entry": [' + entries + "]}")
    assert kept(clean, (WHO,), pixels(clean)).linked == 1


@pytest.mark.parametrize("path", ["tabular/b.csv", "hl7/b.hl7", "fhir/b.ndjson"])
def test_another_pseudonym_or_none_in_one_medium_is_seen(clean: Path, path: str) -> None:
    file = clean / "shared" / path
    whole = file.read_text()
    file.write_text(whole.replace(NAME, "POTHER"))
    assert kept(clean, (WHO,), pixels(clean)).linked == 0
    file.write_text(whole.replace("13.70", "13.71"))
    assert kept(clean, (WHO,), pixels(clean)).linked == 0


def test_an_image_that_is_gone_or_anothers_is_seen(clean: Path) -> None:
    assert kept(clean, (WHO,), {}).linked == 0
    assert kept(clean, (WHO,), dict.fromkeys(pixels(clean), 1)).linked == 0


def test_an_empty_output_is_not_taken_for_a_clean_one(clean: Path) -> None:
    shutil.rmtree(clean / "shared" / "text")
    made = kept(clean, (WHO,), pixels(clean))
    assert ("text", "Foley catheter") in made.missing
    assert all(folder == "text" for folder, _ in made.missing)
