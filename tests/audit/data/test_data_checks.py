"""Checks of splits, data and representation pass what is sound, and never pass what they could not look at."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audit_world import PATIENTS, SR, World, anything_goes, dicom
from faults_data import CRITERIA, A, B, C, earlier, image, picture, put, seal, split, stack

from curator.audit.catalog import own
from curator.audit.choose import subject_at
from curator.audit.model import Outcome
from curator.audit.runner import run_checks
from curator.audit.subject import Means
from curator.core.errors import UsageError
from curator.provenance import kinds_data

GROUPS = ("splits/", "data/", "representation/")
MINE = [one for one in own() if one.check.id.startswith(GROUPS)]


def results(subject: Any) -> dict[str, Any]:
    found = {one.check.id: one for one in run_checks(subject, MINE, show=subject.show)}
    subject.close()
    return found


def said(found: dict[str, Any]) -> str:
    return repr([(one.answer, one.code) for one in found.values()])


def sound(world: World) -> dict[str, Any]:
    """Make a project that gives each of the checks something sound to be about, and return its settings."""
    names = [*PATIENTS, *(f"P{'A' * 14}{one}{two}" for one in "DEFGHIJKLM" for two in "DEFGHI")]
    assigned = {name: ("train", "tuning", "test")[at % 3] for at, name in enumerate(names)}
    for at, name in enumerate(names):
        about = {
            "PatientSex": "F" if at % 6 < 3 else "M",
            "PatientAge": f"0{45 + at % 9}Y",
            "EthnicGroup": "white",
            "Manufacturer": "SIEMENS",
            "ImageLaterality": "L",
            "SeriesDescription": "LEFT hand",
        }
        for number in range(2):
            put(world, f"clean/{name}/S1/R1/I{number}.dcm", dicom(name, f"{name} {number}", **about))
    first = {"PatientSex": "F", "PatientAge": "045Y", "EthnicGroup": "white"}
    put(world, f"clean/{A}/S1/R2/SR1.dcm", dicom(A, f"{A} sr", sop_class=SR, refers=[f"{A} 0"], **first))
    stack(world, [0, 1, 2, 3], PatientSex="F", PatientAge="045Y")
    for number, name in enumerate((A, B, C)):
        placed = {"ImagePositionPatient": [0, 0, 0], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
        series = {"SeriesInstanceUID": f"2.25.9{number}", "PixelSpacing": [0.7, 0.7], **placed}
        put(world, f"clean/{name}/S1/R3/I1.dcm", image(name, f"p{number}", picture(number), **series, PatientSex="F"))
    earlier(world, {name: one for name, one in assigned.items() if name in PATIENTS})
    split(world, assigned, strata={name: {"site": f"site-{at % 3}"} for at, name in enumerate(names)})
    put(world, "criteria.toml", CRITERIA)
    members = [name for name, one in assigned.items() if one == "test"]
    digest = seal_files(world, members)
    world.sign("ann", kinds_data.access("ann", "a test", anything_goes, split=("test", digest)))
    analysis = {"id": "women", "metric": "sensitivity", "expected": 0.9, "half_width": 0.25, "null": 0.4}
    where = [{"field": "sex", "op": "=", "value": "F"}]
    return {
        "splits/site-overlap": {"required": True},
        "representation/thin-strata": {"by": ["sex"]},
        "representation/ethnicity": {"most_unknown": 1.0},
        "data/demographics": {"ethnicity": 1.0},
        "representation/balance": {"most": 1.0},
        "representation/power": {"analyses": [{**analysis, "where": where}]},
    }


def seal_files(world: World, patients: list[str]) -> str:
    """Seal all files of patients as they stand."""
    import hashlib

    found = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for name in patients
        for path in (world.root / "clean" / name).rglob("*")
        if path.is_file()
    }
    listed = "".join(f"{one}\n" for one in sorted(found)).encode()
    put(world, "splits/sealed/test.txt", listed)
    world.sign("rev", kinds_data.split_seal("test", found, "by rule", anything_goes))
    return hashlib.sha256(listed).hexdigest()


def test_a_sound_project_passes_every_check(world: World) -> None:
    settings = sound(world)
    found = results(world.subject(settings=settings))
    wrong = {name: one.answer.summary for name, one in found.items() if one.outcome != Outcome.PASS}
    assert wrong == {"representation/ethnicity": "ethnicity is known of none of 63 cases"}
    uses = found["splits/uses"].answer.tables["uses of the test split"]
    assert [row["basis"] for row in uses] == ["recorded here"]
    rows = found["representation/sex"].answer.tables["sex"]
    test = next(row for row in rows if row["split"] == "test" and row["value"] == "F")
    assert test["cases"] + 0 == sum(one["cases"] for one in rows if one["split"] == "test" and one["value"] == "F")
    assert 0 < test["low"] < test["share"] < test["high"] < 1
    device = {row["value"] for row in found["representation/device"].answer.tables["device"]}
    assert "Siemens" in device


def test_a_project_without_splits_has_none_to_check_and_a_folder_may_have(world: World, tmp_path: Path) -> None:
    found = results(world.subject())
    assert {one.outcome for name, one in found.items() if name.startswith("splits/")} == {Outcome.NOT_APPLICABLE}
    folder = tmp_path / "delivered"
    folder.mkdir()
    (folder / "Jane_Doe.dcm").write_bytes(dicom("DOE^JANE", "x", Manufacturer="Jane Doe Imaging", PatientSex="F"))
    made = results(subject_at(folder, Means({})))
    assert {one.outcome for name, one in made.items() if name.startswith("splits/")} == {Outcome.COULD_NOT_CHECK}
    assert "Jane" not in said(made)
    assert "DOE" not in said(made)


def test_what_cannot_be_read_is_never_passed(world: World) -> None:
    sound_settings = sound(world)
    path = world.root / f"clean/{A}/S1/R1/I0.dcm"
    path.write_bytes(path.read_bytes()[:-5])
    found = results(world.subject(settings=sound_settings))
    by_header = {"splits/patient-overlap", "splits/study-overlap", "splits/near-duplicates", "data/criteria"}
    by_header |= {name for name in found if name.startswith(("data/", "representation/"))}
    for name in by_header:
        assert found[name].outcome in {Outcome.COULD_NOT_CHECK, Outcome.FAIL}, name


def test_pixels_that_nothing_decodes_could_not_be_checked(world: World) -> None:
    from pydicom.uid import JPEG2000Lossless

    split(world)
    data = image(A, "encoded", picture(1))
    import io

    import pydicom
    from pydicom.encaps import encapsulate

    made = pydicom.dcmread(io.BytesIO(data))
    made.file_meta.TransferSyntaxUID = JPEG2000Lossless
    made.PixelData = encapsulate([b"\xff\x4f\xff\x51 no stream"])
    made["PixelData"].is_undefined_length = True
    out = io.BytesIO()
    made.save_as(out, enforce_file_format=True)
    put(world, f"clean/{A}/S1/R3/I1.dcm", out.getvalue())
    found = results(world.subject())
    for name in ("splits/near-duplicates", "data/images", "data/unreadable", "data/duplicates", "data/near-duplicates"):
        assert found[name].outcome == Outcome.COULD_NOT_CHECK, name
    assert found["data/images"].answer.figures["not_looked_at"] == {"undecoded": 1}


def test_without_numpy_pixels_could_not_be_checked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    split(world)
    monkeypatch.setitem(sys.modules, "numpy", None)
    found = results(world.subject())
    for name in ("splits/near-duplicates", "data/images", "data/unreadable", "data/duplicates", "data/near-duplicates"):
        assert (found[name].outcome, found[name].code) == (Outcome.COULD_NOT_CHECK, "AGR-020"), name
    assert found["splits/assigned"].outcome == Outcome.PASS


@pytest.mark.parametrize("data", [b"{}", b"no json", b'{"format":1,"format":1}', b"[]"])
def test_splits_that_cannot_be_read_are_not_passed(world: World, data: bytes) -> None:
    put(world, "splits/assignments.json", data)
    found = results(world.subject())
    for name, one in found.items():
        if name.startswith("splits/"):
            assert (one.outcome, one.code) == (Outcome.COULD_NOT_CHECK, "AUD-007"), name


def test_a_site_that_is_not_known_keeps_the_check_of_sites_from_passing(world: World, tmp_path: Path) -> None:
    split(world, strata={A: {"site": "one"}, B: {"site": "two"}})
    subject = world.subject(settings={"splits/site-overlap": {"required": True}})
    subject.project = None
    assert results(subject)["splits/site-overlap"].outcome == Outcome.COULD_NOT_CHECK


def test_a_criterion_on_what_is_not_stated_is_unknown(world: World) -> None:
    put(world, "criteria.toml", CRITERIA)
    found = results(world.subject())["data/criteria"]
    assert found.outcome == Outcome.COULD_NOT_CHECK
    rows = {row["criterion"]: row for row in found.answer.tables["criteria"]}
    assert (rows["adult"]["unknown"], rows["mr"]["met"]) == (3, 3)


@pytest.mark.parametrize("text", ["format = 2", "format = 1\n[[inclusion]]\nid = 'a'\ntext = 'b'", "Jane Doe"])
def test_criteria_that_cannot_be_read_could_not_be_checked(world: World, text: str) -> None:
    put(world, "criteria.toml", text.encode())
    found = results(world.subject())
    assert (found["data/criteria"].outcome, found["data/criteria"].code) == (Outcome.COULD_NOT_CHECK, "AUD-007")
    assert "Jane" not in said(found)


def test_no_value_of_a_header_stands_in_any_answer(world: World) -> None:
    split(world)
    jane = "JANE DOE"
    values = {
        "PatientSex": "JANE",
        "PatientAge": "JANE",
        "EthnicGroup": jane,
        "Manufacturer": jane,
        "ManufacturerModelName": jane,
        "ClinicalTrialSiteID": jane,
        "BodyPartExamined": jane,
        "Laterality": "DOE",
        "PatientPosition": jane,
        "StudyDescription": f"{jane} left",
        "Modality": "DOE",
        "StudyDate": "jane",
        "SeriesInstanceUID": "2.25.1",
    }
    world.configure("")
    put(world, f"clean/{A}/S1/R8/I1.dcm", dicom(A, "odd", **values))
    world.label("a", "ann", world.samples()[0], "Jane Doe 1970-01-01")
    found = results(world.subject())
    assert found["data/values"].outcome == Outcome.FAIL
    everything = said(found).casefold()
    assert "jane" not in everything
    assert "doe" not in everything.replace("does", "")
    assert "1970" not in everything


def test_an_assertion_of_a_use_is_shown_as_one(world: World) -> None:
    split(world)
    digest = seal(world)
    drafts = [kinds_data.access("ann", "a test", anything_goes, split=("test", digest)) for _ in range(2)]
    drafts[1].predicate["asserted"] = True
    world.sign("ann", *drafts)
    found = results(world.subject())["splits/uses"]
    assert found.outcome == Outcome.PASS
    assert found.answer.figures["recorded"] == 1
    assert found.answer.figures["asserted"] == 1
    assert "asserted by the signer" in json.dumps(found.answer.tables)


def test_power_refuses_a_plan_that_does_not_follow_its_schema(world: World) -> None:
    settings = {"representation/power": {"analyses": [{"id": "x", "metric": "luck", "expected": 2}]}}
    found = results(world.subject(settings=settings))["representation/power"]
    assert (found.outcome, found.code) == (Outcome.COULD_NOT_CHECK, "AUD-002")


def test_adjacent_slices_of_one_patient_are_no_copies_and_constant_images_are_not_compared(world: World) -> None:
    split(world)
    for name in (A, C):
        for number in range(2):
            put(world, f"clean/{name}/S1/R3/I{number}.dcm", image(name, f"b{number}", np.full((64, 64), 0.1)))
    for number in range(3):
        put(world, f"clean/{B}/S1/R4/I{number}.dcm", image(B, f"s{number}", picture(5)))
    found = results(world.subject())
    assert found["splits/near-duplicates"].outcome == Outcome.PASS
    assert found["data/images"].answer.total == 4


def test_what_no_case_tells_of_is_no_pass(world: World) -> None:
    for path in sorted((world.root / "clean").rglob("*.dcm")):
        path.unlink()
    split(world, {A: "train", B: "test"})
    put(world, f"clean/{A}/text/1.txt", b"No nodule.")
    put(world, f"clean/{B}/text/2.txt", b"A nodule.")
    found = results(world.subject(settings={"representation/sex": {"most_unknown": 1.0}}))
    names = ("splits/near-duplicates", "splits/study-overlap", "representation/sex", "representation/device")
    for name in (*names, "representation/thin-strata"):
        assert found[name].outcome == Outcome.NOT_APPLICABLE, found[name].answer
    assert found["representation/thin-strata"].answer.summary == "of no case sex and age are known"


def test_cases_of_which_not_all_is_known_are_in_no_group_and_that_is_said(world: World) -> None:
    settings = sound(world)
    put(world, f"clean/{A}0/text/1.txt", b"No nodule.")
    one = results(world.subject(settings=settings))["representation/thin-strata"].answer
    assert one.summary.endswith("; 1 cases of which not all is known are in no group"), one
    assert one.figures["cases_in_no_group"] == 1


def test_a_test_split_of_another_name_is_asked_for_by_name(world: World) -> None:
    split(world, {A: "train", B: "train", C: "holdout"})
    (check,) = (one.check for one in own() if one.check.id == "splits/sealed-before-access")
    answer = check.run(world.subject())
    assert answer.outcome is Outcome.COULD_NOT_CHECK, answer
    assert "no split is called test" in answer.summary
    named = world.subject(settings={check.id: {"tests": ["holdout"]}})
    assert check.run(named).outcome is Outcome.FAIL
    none = world.subject(settings={check.id: {"tests": []}})
    assert check.run(none).outcome is Outcome.NOT_APPLICABLE
    slip = world.subject(settings={check.id: {"tests": ["holdoutt"]}})
    with pytest.raises(UsageError):
        check.run(slip)
