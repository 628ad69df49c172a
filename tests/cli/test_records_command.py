"""One made-up patient in every medium at once, through ``curator scrub``."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started
from records_world import Patient, note, write_world

from curator.demo.plants import Plant
from curator.demo.search import Search

CURATOR = Path(sys.executable).with_name("curator")
WORD = "correct horse battery"


class Trial:
    """A project in a temporary folder, driven by the installed command."""

    def __init__(self, folder: Path, policy: str) -> None:
        self.folder = folder
        (folder / "pass").write_text(WORD + "\n")
        self.run("init", "--policy", policy, "--site", "north")

    def run(self, *words: object, expect: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[bytes]:
        line = [*words, "--project", self.folder / "trial", "--passphrase-file", self.folder / "pass"]
        done = started.run(line, cwd=self.folder)
        assert done.returncode in expect, done.stderr.decode()[-2000:]
        self.said = getattr(self, "said", b"") + done.stdout + done.stderr
        return done

    def scrub(self, source: str, *more: object, expect: tuple[int, ...] = (0,)) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(
            self.run("scrub", self.folder / source, "--json", *more, expect=expect).stdout
        )
        assert made["found"] == made["scrubbed"] + made["duplicate"] + made["quarantined"]
        return made

    def clean(self, pattern: str) -> list[Path]:
        return sorted((self.folder / "trial" / "clean").glob(pattern))

    def leaks(self, who: Patient) -> set[str]:
        search = Search(Plant(token, "name", "world") for token in who.planted())
        search.tree(self.folder / "trial", "project")
        search.content(self.said, "output")
        return {hit.plant.token for hit in search.hits}


@pytest.fixture(params=["safe-harbor", "expert"])
def trial(request: pytest.FixtureRequest, tmp_path: Path) -> Trial:
    made = Trial(tmp_path, request.param)
    made.policy = request.param  # type: ignore[attr-defined]
    return made


def test_the_search_finds_every_planted_value_in_the_source(tmp_path: Path) -> None:
    who = Patient()
    write_world(tmp_path / "source", who)
    search = Search(Plant(token, "name", "world") for token in who.planted())
    search.tree(tmp_path / "source", "source")
    found = {hit.plant.token for hit in search.hits}
    assert {who.given, who.family, who.mrn, who.fhir, who.daughter, who.phone, who.street, *who.extra} <= found


def test_nothing_that_names_a_patient_comes_out_of_any_medium(trial: Trial) -> None:
    who = Patient()
    kinds = write_world(trial.folder / "source", who)
    report = trial.scrub("source")
    assert (report["found"], report["scrubbed"]) == (9, 9)
    assert sorted(report["by_kind"]) == kinds
    assert trial.leaks(who) == set()


def test_one_patient_has_one_pseudonym_and_one_timeline_everywhere(trial: Trial) -> None:
    who = Patient()
    write_world(trial.folder / "source", who)
    assert trial.scrub("source")["patients"] == 1
    assert {path.name for path in (trial.folder / "trial" / "clean").iterdir()} == {trial.clean("*")[0].name}
    pseudonym = trial.clean("*")[0].name
    image = pydicom.dcmread(trial.clean("*/2.25.*/2.25.*/*.dcm")[0])
    rows = list(csv.DictReader(io.StringIO(trial.clean("*/tabular/*.csv")[0].read_text())))
    bundle = json.loads(trial.clean("*/fhir/*.json")[0].read_text())
    resources = {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}
    segments = [line.split("|") for line in re.split(r"[\r\n]+", trial.clean("*/hl7/*")[0].read_text())]
    pid, obx = (next(s for s in segments if s[0] == name) for name in ("PID", "OBX"))
    document = trial.clean("*/cda/*.xml")[0].read_text()
    assert image.PatientID == pseudonym == rows[0]["patient_id"] == pid[3].split("^")[0]
    assert resources["Observation"]["subject"]["reference"] == f"Patient/{resources['Patient']['id']}"
    assert resources["Encounter"]["subject"]["reference"] == f"Patient/{resources['Patient']['id']}"
    assert resources["Patient"]["identifier"][0]["value"] == pseudonym
    assert f'extension="{pseudonym}"' in document
    assert rows[0]["hemoglobin"] == "13.70"
    assert resources["Observation"]["valueQuantity"]["value"] == 13.7
    assert obx[5] == "13.7"
    assert "mystery" not in rows[0]
    if trial.policy != "expert":  # type: ignore[attr-defined]
        assert rows[0]["visit_date"][:4] == "2021" == resources["Observation"]["effectiveDateTime"]
        return
    days = date.fromisoformat(rows[0]["visit_date"]) - who.seen
    assert abs(days) >= timedelta(days=1)
    moved = who.seen + days
    assert image.StudyDate == f"{moved:%Y%m%d}"
    assert resources["Observation"]["effectiveDateTime"] == moved.isoformat()
    assert resources["Encounter"]["period"] == {"start": (who.admitted + days).isoformat(), "end": moved.isoformat()}
    assert obx[14] == f"{moved:%Y%m%d}"
    assert f'<effectiveTime value="{moved:%Y%m%d}"/>' in document
    assert date.fromisoformat(rows[0]["dob"]) - who.born == days


def test_useful_words_stay_in_a_note(trial: Trial) -> None:
    write_world(trial.folder / "source", Patient())
    trial.scrub("source")
    texts = " ".join(path.read_text() for path in trial.clean("*/text/*.txt"))
    for words in ("DISCHARGE SUMMARY", "chest pain", "Foley catheter removed", "BP 132/78", "metoprolol 25 mg", "MRN:"):
        assert words in texts


def test_a_second_run_changes_nothing_and_a_later_delivery_gives_the_same_pseudonym(trial: Trial) -> None:
    who = Patient()
    write_world(trial.folder / "source", who)
    trial.scrub("source")
    before = {path: path.read_bytes() for path in trial.clean("**/*") if path.is_file()}
    trial.scrub("source")
    assert {path: path.read_bytes() for path in trial.clean("**/*") if path.is_file()} == before
    later = trial.folder / "later"
    later.mkdir()
    (later / "new.txt").write_text(
        f"Progress note\nMRN: {who.mrn}\nPatient: {who.family}, {who.given}\nStable today.\n"
    )
    (later / "again.txt").write_text(note(who), encoding="utf-8")
    report = trial.scrub("later")
    assert (report["scrubbed"], report["duplicate"], report["patients"]) == (1, 1, 1)
    assert len(list((trial.folder / "trial" / "clean").iterdir())) == 1


def test_what_a_later_delivery_tells_of_a_person_is_searched_in_earlier_output(trial: Trial) -> None:
    first = trial.folder / "first"
    first.mkdir()
    (first / "n.csv").write_text("patient_id,comment\r\nMR7788123,zorblat positive in the morning\r\n")
    assert trial.scrub("first")["searched_again"] == 0
    kept = trial.clean("*/tabular/*.csv")[0]
    assert "zorblat" in kept.read_text()
    second = trial.folder / "second"
    second.mkdir()
    (second / "p.csv").write_text("patient_id,name\r\nMR7788123,Zorblat Wolskowicz\r\n")
    told = trial.scrub("second", expect=(5,))
    assert (told["searched_again"], told["stale"]) == (1, 1)
    again = trial.scrub("first")
    assert again["stale"] == 0
    assert "zorblat" not in kept.read_text()
    assert "positive in the morning" in kept.read_text()


def test_a_linkage_table_joins_what_no_file_joins(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "safe-harbor")
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.csv").write_text("mrn,sex\r\nA-100200,F\r\n")
    (source / "b.csv").write_text("mrn,sex\r\nB-900800,F\r\n")
    observation = {
        "resourceType": "Observation", "status": "final", "code": {"text": "Hemoglobin"},
        "subject": {"reference": "Patient/pat-x1"}, "valueInteger": 13,
    }  # fmt: skip
    (source / "o.json").write_text(json.dumps(observation))
    (tmp_path / "linkage.csv").write_text(
        "mrn,patient_id,fhir_id,name,dob\r\nA-100200,B-900800,pat-x1,Ngozi Okonkwo,1950-01-02\r\n"
    )
    (source / "note.txt").write_text("Saw Ms. Okonkwo, Ngozi. No chest pain.\n")
    trial.scrub("source", "--linkage", tmp_path / "linkage.csv")
    folders = {path.parent.parent.name for path in trial.clean("*/*/*") if path.parent.name != "text"}
    assert len(folders) == 1
    for path in trial.clean("**/*"):
        if path.is_file():
            assert not re.search(rb"A-100200|B-900800|pat-x1|Okonkwo|Ngozi", path.read_bytes())


def test_bad_files_are_held_back_with_a_code_and_the_rest_goes_on(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "safe-harbor")
    source = tmp_path / "source"
    source.mkdir()
    (source / "good.txt").write_text("Patient: Ngozi Okonkwo\nNo chest pain.\n")
    (source / "ragged.csv").write_text("mrn,sex\r\n1234567,F,what\r\n7654321\r\n")
    (source / "double.json").write_text('{"resourceType": "Patient", "id": "a", "id": "b"}')
    (source / "nan.json").write_text('{"resourceType": "Observation", "status": "final", "valueInteger": NaN}')
    (source / "bomb.xml").write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><title>&b;</title></ClinicalDocument>'
    )
    (source / "binary.txt").write_bytes(b"Patient note\n" + bytes(range(256)) * 20)
    (source / "page.pdf").write_bytes(b"%PDF-1.7\nnot a document")
    (source / "odd.hl7").write_text("MSH|^~\\&|A\rQQQ")
    report = trial.scrub("source", expect=(5,))
    assert report["scrubbed"] >= 1
    assert report["quarantined"] >= 6
    assert not any(code in {"SRC-014", "ENG-004"} for code in report["by_code"])
    assert b"Okonkwo" not in trial.said


def test_a_dry_run_counts_what_a_run_would_do_and_writes_nothing(trial: Trial) -> None:
    write_world(trial.folder / "source", Patient())
    before = sorted(path for path in (trial.folder / "trial").rglob("*"))
    made = trial.scrub("source", "--dry-run")
    assert (made["found"], made["scrubbed"]) == (9, 9)
    assert sorted(path for path in (trial.folder / "trial").rglob("*")) == before
    assert trial.leaks(Patient()) == set()


def test_a_dry_run_plans_for_each_person_of_a_file_what_a_run_does(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "expert")
    source = tmp_path / "source"
    source.mkdir()
    (source / "t.csv").write_text(
        "mrn,dob,visit_date\nMR-7788123,1928-02-17,2021-03-14\nMR-7788124,1975-05-06,2021-03-15\nMR-7788125,,2021-03-15\n"
    )
    condition = {"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "onsetDateTime": "2012-03"}
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1975-05-06"}
    (source / "b.ndjson").write_text(json.dumps(patient) + "\n" + json.dumps(condition) + "\n")
    planned = trial.scrub("source", "--dry-run")["actions"]
    trial.scrub("source")
    line = ["journal", "show", "actions", "--limit", "0", "--json", "--project", tmp_path / "trial"]
    done = json.loads(started.run(line, cwd=tmp_path).stdout)["actions"]
    told = [{(one["attribute"], one["action"], one["elements"]) for one in each} for each in (planned, done)]
    month = {("Condition.onsetDateTime", "dated", 1)}  # a shift by few days leaves it as it is
    assert told[0] == told[1] | month
    assert {("dob", "emptied", 1), ("dob", "dated", 1)} <= told[0]


def test_a_scan_says_where_identifiers_stand_and_no_value(trial: Trial) -> None:
    write_world(trial.folder / "source", Patient())
    done = subprocess.run(
        [str(CURATOR), "scan", str(trial.folder / "source"), "--json"], capture_output=True, timeout=100, check=True
    )
    told = json.loads(done.stdout)
    assert told["kinds"] == {"cda": 1, "csv": 1, "dicom": 1, "fhir": 1, "hl7": 1, "ndjson": 1, "text": 3}
    places = {entry["attribute"] for entry in told["identifiers"]}
    assert {"PatientName"} < places
    assert any(place.startswith("fhir: ") for place in places)
    assert any(place.startswith("csv: ") for place in places)
    trial.said = done.stdout + done.stderr
    assert trial.leaks(Patient()) == set()


def test_a_table_tells_how_many_patients_it_lists_what_it_lost_and_the_names_that_no_column_was_known_for(
    tmp_path: Path,
) -> None:
    trial = Trial(tmp_path, "safe-harbor")
    source = tmp_path / "source"
    source.mkdir()
    (source / "t.csv").write_text(
        "mrn,wing_q,visit_date\nMR-7788123,Zerelda Quillfeather,2021-03-14\nMR-7788124,Bartholomeu Thrupp,14-Mar\n"
    )
    (source / "n.txt").write_text("MRN: MR-7788123\nzerelda came; quillfeather feels ok. Sodium 140.\n")
    (source / "l.csv").write_text("mrn,name,value,unit\nMR-7788123,Sodium,140,mmol/L\nMR-7788124,Potassium,4,mmol/L\n")
    made = trial.scrub("source")
    assert (made["patients"], made["listed"], made["emptied"], made["unknown"]) == (1, 1, 1, 1)
    (text,) = trial.clean("*/text/*.txt")
    assert text.read_text() == "MRN: [RECORD NUMBER]\n[NAME] came; [NAME] feels ok. Sodium 140.\n"
    assert sum("Sodium" in one.read_text() for one in trial.clean("shared/tabular/*.csv")) == 1
