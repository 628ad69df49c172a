"""``crosswalk import``: pseudonyms, UIDs and shifts that are in use already hold for all later data."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started

DATA = Path(pydicom.__file__).parent / "data" / "test_files"
STUDY, SERIES = "1.2.826.0.1.3680043.8.498.5", "1.2.826.0.1.3680043.8.498.6"


class World:
    """A project with the policy that shifts dates, beside a hospital folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = "trial"
        self.source = root / "export"
        self.source.mkdir()
        (root / "pass").write_text("correct horse battery\n")
        self.run("init", "trial", "--policy", "expert", at=False)

    def run(self, *words: object, code: int = 0, at: bool = True) -> str:
        line = [*words, "--passphrase-file", "pass", *(["--project", self.project] if at else [])]
        done = started.run(line, cwd=self.root)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == code, said
        assert not any(word in said for word in ("QUILLFEATHER", "MRN-55417", "ALT-99120")), said
        return done.stdout.decode()

    def image(self, number: int, patient: str = "MRN-55417", issuer: str = "", **values: object) -> None:
        made = pydicom.dcmread(DATA / "CT_small.dcm")
        made.PatientName, made.PatientID, made.PatientBirthDate = "QUILLFEATHER^ZEBEDIAH", patient, "19510405"
        made.IssuerOfPatientID = issuer
        made.BodyPartExamined, made.ImageType = "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL"]
        made.StudyInstanceUID, made.SeriesInstanceUID = STUDY, SERIES
        made.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.77{number}"
        made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
        for keyword, value in values.items():
            setattr(made, keyword, value)
        made.save_as(self.source / f"img{number}.dcm")

    def table(self, name: str, *rows: str) -> str:
        (self.root / name).write_text("".join(f"{row}\n" for row in rows))
        return name

    def clean(self) -> list[pydicom.Dataset]:
        return [pydicom.dcmread(path) for path in sorted((self.root / self.project / "clean").rglob("*.dcm"))]

    def delivery(self, number: int = 1) -> Any:
        return json.loads((self.root / f"trial/journal/scrub/{number:04d}/delivery.json").read_text())


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_given_values_hold_in_every_medium_and_their_lineage_is_in_the_journal(world: World) -> None:
    world.image(1)
    world.image(2, "ALT-99120", issuer="NORTH CLINIC")
    (world.source / "visits.csv").write_text("mrn,visit_date,hemoglobin\nMRN-55417,2004-01-29,13.1\n")
    patients = world.table("p.csv", "id_old,id_new", "MRN-55417,ARM_A-0007", "ALT-99120,ARM_A-0007")
    shifts = world.table("s.csv", "id_old,days", "MRN-55417,-10")
    uids = world.table("u.csv", "id_old,id_new", f"{STUDY},2.25.4711", "1.2.826.0.1.3680043.8.498.771,2.25.4712")
    told = json.loads(
        world.run("crosswalk", "import", "--patients", patients, "--shifts", shifts, "--uids", uids, "--json")
    )
    assert told["new"] == {"uids": 2, "patients": 2, "shifts": 1}
    world.run("scrub", world.source)

    images = world.clean()
    assert {str(image.PatientID) for image in images} == {"ARM_A-0007"}
    assert {image.StudyInstanceUID for image in images} == {"2.25.4711"}
    assert "2.25.4712" in {image.SOPInstanceUID for image in images}
    day = date(2004, 1, 19)
    assert {image.StudyDate for image in images} == {"20040109"}
    table = next((world.root / "trial" / "clean").rglob("*.csv")).read_text()
    assert "ARM_A-0007" in table
    assert f"{day:%Y-%m-%d}" in table
    assert [(one["kind"], one["rows"]) for one in world.delivery()["given"]] == [
        ("uids", 2),
        ("patients", 2),
        ("shifts", 1),
    ]
    assert "MRN-55417" not in json.dumps(world.delivery())


def test_what_the_project_gave_out_is_never_changed_and_the_same_again_is_no_change(world: World) -> None:
    world.image(1)
    world.run("scrub", world.source)
    before = world.clean()[0]
    other = world.table("p.csv", "id_old,id_new", "MRN-55417,ARM_A-0007")
    world.run("crosswalk", "import", "--patients", other, code=2)
    same = world.table("p.csv", "id_old,id_new", f"MRN-55417,{before.PatientID}")
    world.run("crosswalk", "import", "--patients", same)
    uid = world.table("u.csv", "id_old,id_new", f"{STUDY},2.25.4711")
    world.run("crosswalk", "import", "--uids", uid, code=2)


def test_a_dry_run_keeps_nothing(world: World) -> None:
    world.image(1)
    world.run("crosswalk", "import", "--patients", world.table("p.csv", "old,new", "MRN-55417,ARM_A-0007"), "--dry-run")
    world.run("scrub", world.source)
    assert world.clean()[0].PatientID != "ARM_A-0007"
    assert "given" not in world.delivery()


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("patients", ("id_old,id_new", "MRN-55417,MRN-55417")),
        ("patients", ("id_old,id_new", "MRN-55417,X-MRN55417")),
        ("patients", ("id_old,id_new", "MRN-55417,../../etc")),
        ("patients", ("id_old,id_new", "MRN-55417,A,B")),
        ("patients", ("id_old,name", "MRN-55417,A")),
        ("patients", ("id_old,id_new", "MRN-55417,A", "MRN-55417,B")),
        ("uids", ("id_old,id_new", f"{STUDY},not-a-uid")),
        ("uids", ("id_old,id_new", f"{STUDY},2.25.1", f"{SERIES},2.25.1")),
        ("uids", ("id_old,id_new", f"{STUDY},1.02.3")),
        ("uids", ("id_old,id_new", f"{STUDY},1.2.840.10008.1.2.1")),
        ("patients", ("id_old;id_new", "MRN-55417;A")),
        ("shifts", ("id_old,days", "MRN-55417,0")),
        ("shifts", ("id_old,days", "MRN-55417,1.5")),
        ("shifts", ("id_old,days", "MRN-55417,99999")),
    ],
)
def test_a_table_that_does_not_fit_is_refused_whole(world: World, kind: str, rows: tuple[str, ...]) -> None:
    world.run("crosswalk", "import", f"--{kind}", world.table("t.csv", *rows), code=2)
    assert not (world.root / "trial.vault" / "given.enc").exists()


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("patients", ("old,new", "MRN-55417,ALT99120", "ALT-99120,ARM-2")),
        ("patients", ("old,new", "C-1,mrn-55417")),
        ("uids", ("old,new", "1.2.3.4,1.2.3.5", "1.2.3.5,1.2.3.6")),
    ],
)
def test_what_is_new_for_one_is_never_the_original_of_another(world: World, kind: str, rows: tuple[str, ...]) -> None:
    world.image(1)
    world.run("scrub", world.source)
    world.run("crosswalk", "import", f"--{kind}", world.table("t.csv", *rows), code=2)
    assert not (world.root / "trial.vault" / "given.enc").exists()


def test_contradicting_tables_about_one_person_stop_the_scrub_before_anything_is_written(world: World) -> None:
    world.image(1)
    world.image(2, "ALT-99120")
    world.run("crosswalk", "import", "--patients", world.table("p.csv", "old,new", "MRN-55417,A1", "ALT-99120,A2"))
    linkage = world.table("l.csv", "mrn,mrn_2", "MRN-55417,ALT-99120")
    world.run("scrub", world.source, "--linkage", linkage, code=2)
    assert not world.clean()


def test_equal_ids_of_two_issuers_get_two_pseudonyms_and_one_row_without_an_issuer_stops_the_scrub(
    world: World,
) -> None:
    world.image(1, "B 200", issuer="X", StudyInstanceUID=f"{STUDY}.1", SeriesInstanceUID=f"{SERIES}.1")
    world.image(2, "B 200", issuer="Y", PatientName="Other^Bob")
    world.run("crosswalk", "import", "--patients", world.table("p.csv", "id_old,id_new", "B 200,ARM-1"))
    world.run("scrub", world.source, code=2)
    assert not world.clean()
    # What is refused keeps no other folder out, and is itself scrubbed when the table says who is who.
    full, world.source = world.source, world.root / "second"
    world.source.mkdir()
    world.image(3, "C 300")
    world.run("scrub", world.source)
    better = world.table("p.csv", "id_old,id_new,issuer", "B 200,ARM-1,X", "B 200,ARM-2,Y")
    world.run("crosswalk", "import", "--patients", better)
    world.run("scrub", full)
    found = {str(image.SOPInstanceUID): str(image.PatientID) for image in world.clean()}
    assert sorted(found.values())[:2] == ["ARM-1", "ARM-2"]
    assert len(found) == 3


def test_a_pseudonym_that_is_the_patients_name_stops_the_scrub_until_the_row_is_corrected(world: World) -> None:
    world.image(1)
    wrong = world.table("p.csv", "id_old,id_new", "MRN-55417,ZEBEDIAH-QF", "MRN-55418,ARM-8")
    world.run("crosswalk", "import", "--patients", wrong)
    world.run("scrub", world.source, code=2)
    assert not world.clean()
    right = world.table("q.csv", "id_old,id_new", "MRN-55417,ARM-7", "MRN-55418,")
    world.run("crosswalk", "import", "--patients", right, code=2)  # a row in use, or a mistake, is not changed unasked
    told = json.loads(world.run("crosswalk", "import", "--patients", right, "--correct", "--json"))
    assert told["new"] == {"patients": 2}
    world.run("scrub", world.source)
    assert {str(image.PatientID) for image in world.clean()} == {"ARM-7"}
    again = world.table("r.csv", "id_old,id_new", "MRN-55417,ARM-9")
    world.run("crosswalk", "import", "--patients", again, "--correct", code=2)
    # By now the project knows the name.
    named = world.table("s.csv", "id_old,id_new,issuer", "MRN-55417,ARM-9,NORTH", "MRN-1,ARM_QUILLFEATHER_ZEBEDIAH,")
    world.run("crosswalk", "import", "--patients", named, code=2)


def test_a_pseudonym_that_was_given_out_is_not_refused_for_a_name_that_is_told_later(world: World) -> None:
    world.image(1)
    world.run("crosswalk", "import", "--patients", world.table("p.csv", "id_old,id_new", "MRN-55417,PAT-0007"))
    world.run("scrub", world.source)
    world.image(2, OperatorsName="PAT^POSTMAN")
    assert "stale                1" in world.run("scrub", world.source, code=5)
    assert {str(image.PatientID) for image in world.clean()} == {"PAT-0007"}


def test_an_original_uid_of_the_same_data_is_no_new_one(world: World) -> None:
    world.image(1)
    world.run("crosswalk", "import", "--uids", world.table("u.csv", "id_old,id_new", f"{STUDY},{SERIES}"))
    world.run("scrub", world.source, code=2)
    assert not world.clean()
    frame = pydicom.dcmread(DATA / "CT_small.dcm").FrameOfReferenceUID
    world.run("crosswalk", "import", "--uids", world.table("u.csv", "id_old,id_new", f"{STUDY},{frame}"), "--correct")
    assert "DCM-071" in world.run("scrub", world.source, code=5)
    assert not world.clean()
    world.run("crosswalk", "import", "--uids", world.table("u.csv", "id_old,id_new", f"{STUDY},2.25.8"), "--correct")
    world.image(2)
    world.run("scrub", world.source)
    assert {image.StudyInstanceUID for image in world.clean()} == {"2.25.8"}


def test_a_uid_that_only_references_have_is_one_that_was_given_out(world: World) -> None:
    world.image(1)
    world.run("scrub", world.source)
    frame = pydicom.dcmread(DATA / "CT_small.dcm").FrameOfReferenceUID
    table = world.table("u.csv", "id_old,id_new", f"{frame},2.25.8")
    world.run("crosswalk", "import", "--uids", table, "--correct", code=2)


def test_a_linkage_row_with_an_issuer_joins_a_header_with_that_issuer(world: World) -> None:
    world.image(1)
    world.image(2, "ALT-99120", issuer="NORTH CLINIC")
    (world.source / "visits.csv").write_text("mrn,visit_date\nMRN-55417,2004-01-29\n")
    linkage = world.table("l.csv", "mrn,issuer", "MRN-55417;ALT-99120,NORTH CLINIC")
    world.run("scrub", world.source, "--linkage", linkage)
    assert len({str(image.PatientID) for image in world.clean()}) == 1


def test_a_linkage_row_without_an_issuer_holds_for_the_one_issuer_that_has_the_number(world: World) -> None:
    world.image(1)
    world.image(2, "ALT-99120", issuer="NORTH CLINIC")
    linkage = world.table("l.csv", "mrn,patient_id", "MRN-55417,ALT-99120")
    world.run("scrub", world.source, "--linkage", linkage)
    assert len({str(image.PatientID) for image in world.clean()}) == 1


def test_a_linkage_row_without_an_issuer_joins_no_number_that_several_issuers_have(world: World) -> None:
    world.image(1)
    for number, issuer in ((2, "NORTH CLINIC"), (3, "SOUTH CLINIC")):
        world.image(number, "ALT-99120", issuer=issuer, StudyInstanceUID=f"{STUDY}.{number}")
    linkage = world.table("l.csv", "mrn,patient_id", "MRN-55417,ALT-99120")
    world.run("scrub", world.source, "--linkage", linkage)
    assert len({str(image.PatientID) for image in world.clean()}) == 3


def test_a_number_of_two_issuers_in_the_linkage_makes_nobody_one(world: World) -> None:
    world.image(1, "B 200", issuer="X")
    world.image(2, "B 200", issuer="Y", StudyInstanceUID=f"{STUDY}.2", SeriesInstanceUID=f"{SERIES}.2")
    linkage = world.table("l.csv", "mrn,issuer,name", "B 200,X,Ada Quill", "B 200,Y,Bob Other")
    world.run("scrub", world.source, "--linkage", linkage)
    assert len({str(image.PatientID) for image in world.clean()}) == 2


def test_other_ids_of_a_header_are_found_everywhere_and_joined_by_the_linkage_alone(world: World) -> None:
    item = pydicom.Dataset()
    item.PatientID, item.IssuerOfPatientID, item.TypeOfPatientID = "77-31-905", "NORTH CLINIC", "TEXT"
    world.image(
        1, OtherPatientIDs=["ALT-99120", "ANON"], OtherPatientIDsSequence=[item], StudyDescription="see ALT-99120"
    )
    world.image(2, "ALT-99120", SeriesDescription="Chest of 7731905")
    world.image(3, "77-31-905", issuer="NORTH CLINIC")
    world.run("scrub", world.source)
    assert len({str(image.PatientID) for image in world.clean()}) == 3

    linkage = world.table("l.csv", "mrn,mrn_2,issuer", "MRN-55417;ALT-99120,77-31-905,NORTH CLINIC")
    world.run("init", "joined", "--policy", "expert", at=False)
    world.project = "joined"
    world.run("scrub", world.source, "--linkage", linkage)
    images = world.clean()
    assert len(images) == 3
    assert len({(str(image.PatientID), image.StudyDate) for image in images}) == 1
    assert not any("OtherPatientIDs" in image or "OtherPatientIDsSequence" in image for image in images)
    for path in (world.root / "joined" / "clean").rglob("*.dcm"):
        assert not any(word in path.read_bytes() for word in (b"ALT-99120", b"77-31-905", b"7731905", b"MRN-55417"))
