"""The made-up hospital."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pydicom
import pytest

from curator.core.errors import CheckError, GateError
from curator.demo.dicom import places
from curator.demo.hospital import Hospital, build
from curator.demo.judged import Audited
from curator.demo.kept import MEDIA, Kept
from curator.demo.people import words
from curator.demo.readers import READERS, disagreements, opinions
from curator.demo.run import Outcome
from curator.demo.search import Hit, Search


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Hospital:
    return build(tmp_path_factory.mktemp("demo") / "source", 3)


def test_the_same_seed_makes_the_same_bytes(hospital: Hospital, tmp_path: Path) -> None:
    again = build(tmp_path / "source", 3)
    assert again.plants == hospital.plants

    def digests(folder: Path) -> dict[str, str]:
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }

    assert digests(again.folder) == digests(hospital.folder)


def test_every_place_is_planted_and_every_plant_can_be_found(hospital: Hospital) -> None:
    planted = {plant.place for plant in hospital.plants}
    own = {"known", "knownid", "knowncode"}
    assert [place.path for place in places() if place.kind not in own and place.path not in planted] == []
    search = Search(hospital.plants)
    search.tree(hospital.folder, "source")
    assert search.found() == set(hospital.plants)


def test_the_search_finds_a_source_file_that_was_copied_into_an_output(hospital: Hospital, tmp_path: Path) -> None:
    image = next(iter(sorted(hospital.folder.rglob("IM0001*"))))
    (tmp_path / "clean.dcm").write_bytes(image.read_bytes())
    search = Search(hospital.plants)
    search.tree(tmp_path, "out")
    assert len(search.found()) > 10


def test_good_images_are_readable_and_odd_files_are_odd(hospital: Hospital) -> None:
    images = sorted(hospital.folder.rglob("IM0*"))
    assert len(images) > 40
    assert len({pydicom.dcmread(image, stop_before_pixels=True, force=True).SOPInstanceUID for image in images}) == len(
        images
    )
    assert (hospital.folder / "declares too much.dcm").stat().st_size < 200_000
    assert (hospital.folder / "notes" / "empty.dcm").stat().st_size == 0
    assert all((hospital.folder / name).is_dir() for name in hospital.checked)


def test_readers_disagree_now_and_then() -> None:
    made = opinions(40, 1)
    assert set(made) == {reader.id for reader in READERS}
    assert 0 < disagreements(made) < 40


def held(hospital: Hospital, **changed: object) -> dict[str, object]:
    codes = {"ARC-003": 1, "JSN-002": 1, "PDF-001": 1, "TAB-005": 1, "DCM-042": 1}
    found = {"found": hospital.files, "scrubbed": hospital.files - 6, "duplicate": 1, "quarantined": 5}
    return {**found, "by_code": codes, "by_kind": {**hospital.records.kinds, "dicom": 40}, **changed}


ALIKE: dict[str, tuple[str, ...]] = dict.fromkeys(MEDIA, ("PABC",))


def audited(gate: str, *waived: str) -> Audited:
    return Audited({}, {"gate": {"outcome": gate, "waived": list(waived)}})


def outcome(hospital: Hospital, **changed: object) -> Outcome:
    fields: dict[str, object] = {
        "hospital": hospital,
        "source_found": len(hospital.plants),
        "hits": (),
        "searched_files": 1,
        "searched_bytes": 1,
        "held_back": 9,
        "scrub": held(hospital),
        "ledger": {"ok": True, "records": 60},
        "release": {},
        "package": {"verified": True, "samples": hospital.files - 6, "labels": 40, "records": 60},
        "labels": 36,
        "disagreements": 3,
        "settled": {"labelsMade": 4},
        "label_report": {"kinds": []},
        "splits": {"patients": {"train": 6, "test": 4}},
        "audited": audited("PASS", "integrity/references"),
        "requirements": {"made": 27},
        "documents": ("001_Data Management Report.pdf",),
        "kept": Kept(20, (), {0: ALIKE, 1: ALIKE}),
    }
    return Outcome(**{**fields, **changed})  # type: ignore[arg-type]


def test_an_outcome_that_holds_is_accepted(hospital: Hospital) -> None:
    outcome(hospital).require()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"hits": "one"}, "DEM-004"),
        ({"source_found": 1}, "DEM-005"),
        ({"labels": 35}, "DEM-006"),
        ({"held_back": 5}, "DEM-006"),
        ({"disagreements": 0}, "DEM-006"),
        ({"ledger": {"ok": False, "records": 60}}, "DEM-006"),
        ({"settled": {"labelsMade": 0}}, "DEM-006"),
        ({"audited": audited("FAIL", "integrity/references")}, "DEM-006"),
        ({"audited": audited("PASS", "privacy/blind-text")}, "DEM-006"),
        ({"documents": ()}, "DEM-006"),
        ({"kept": Kept(20, (("text", "chest pain"),), {0: ALIKE})}, "DEM-006"),
        ({"kept": Kept(20, (), {})}, "DEM-006"),
        ({"kept": Kept(20, (), {0: ALIKE, 1: {**ALIKE, "HL7": ("PXYZ",)}})}, "DEM-006"),
        ({"kept": Kept(20, (), {0: {**ALIKE, "FHIR": ()}})}, "DEM-006"),
        ({"kept": Kept(20, (), {0: {**ALIKE, "CSV": ("PABC", "PXYZ")}})}, "DEM-006"),
        ({"scrub": {"by_kind": {"dicom": 40, "text": 3}}}, "DEM-006"),
        ({"scrub": {"by_code": {"ARC-003": 1, "JSN-002": 1, "PDF-001": 3}}}, "DEM-006"),
        ({"package": {"verified": False, "samples": 0, "labels": 40, "records": 60}}, "DEM-006"),
    ],
)
def test_an_outcome_that_does_not_hold_is_refused(hospital: Hospital, changed: dict[str, object], code: str) -> None:
    if "hits" in changed:
        changed = {"hits": (Hit(hospital.plants[0], "out"),)}
    if "scrub" in changed:
        changed = {"scrub": held(hospital, **changed["scrub"])}  # type: ignore[arg-type]
    with pytest.raises((GateError, CheckError), match=code):
        outcome(hospital, **changed).require()


def test_no_number_that_the_program_writes_can_be_taken_for_a_planted_zip_code() -> None:
    codes = [town["zip"] for town in words()["towns"]]
    assert len(codes) == len(set(codes)) == 8
    assert all(code.startswith("0") and len(code) == 3 for code in codes)
