"""The answer key of the MIDI-B bench: the same for a seed, in the form of the script, and true of its files."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import warnings
from pathlib import Path

import pytest
from midiset import rules
from midiset.key import ACTIONS, write
from midiset.make import Made, make, walk
from midiset.people import WORDS
from midiset.phrases import Part, words_of

PATIENTS = 7


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made]]:
    folder = tmp_path_factory.mktemp("midi")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's test files hold odd values
        files = list(make(folder / "source", 3, PATIENTS))
        write(folder / "answers.db", files)
    return folder, files


def rows(path: Path) -> list[dict[str, str]]:
    base = sqlite3.connect(path)
    base.row_factory = sqlite3.Row
    found = [dict(row) for row in base.execute("SELECT * FROM answer_data")]
    base.close()
    return found


def checks(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Return (SOP Instance UID, check) of a whole key."""
    return [(row["SOPInstanceUID"], check) for row in rows(path) for check in json.loads(row["AnswerData"]).values()]


def shown(one: Made) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {here: str(element.value).strip() for here, element in walk(one.data)}


def test_the_same_seed_makes_the_same_files_and_the_same_key_and_another_seed_does_not(
    made: tuple[Path, list[Made]], tmp_path: Path
) -> None:
    folder, files = made

    def digest(place: Path) -> dict[str, str]:
        return {str(p.relative_to(place)): hashlib.sha256(p.read_bytes()).hexdigest() for p in place.rglob("*.dcm")}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again, other = list(make(tmp_path / "again", 3, PATIENTS)), list(make(tmp_path / "other", 4, PATIENTS))
        write(tmp_path / "again.db", again)
    assert digest(tmp_path / "again") == digest(folder / "source")
    assert rows(tmp_path / "again.db") == rows(folder / "answers.db")
    assert {one.data.SOPInstanceUID for one in other}.isdisjoint(one.data.SOPInstanceUID for one in files)


def test_every_action_is_asked_for_and_nine_of_the_scripts_ten_are_there(made: tuple[Path, list[Made]]) -> None:
    asked = {check["action"].strip("<>") for _, check in checks(made[0] / "answers.db")}
    assert asked == set(ACTIONS)
    assert len(ACTIONS) == 9
    assert "pixels_hidden" not in asked


def test_a_row_has_the_columns_and_a_check_the_members_that_the_script_reads(made: tuple[Path, list[Made]]) -> None:
    listed = rows(made[0] / "answers.db")
    assert len(listed) == len(made[1])
    assert set(listed[0]) == {
        "Modality", "SOPClassUID", "PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "AnswerData",
    }  # fmt: skip
    for _, check in checks(made[0] / "answers.db"):
        assert set(check) == {"action", "action_text", "answer_category_v2", "value", "tag", "tag_ds", "tag_name"}
        assert check["action_text"].startswith("<")
        assert check["action_text"].endswith(">")


def test_each_check_belongs_to_one_category_so_that_the_scripts_reports_can_count_it(
    made: tuple[Path, list[Made]],
) -> None:
    for _, check in checks(made[0] / "answers.db"):
        said: dict[str, dict[str, str | None]] = check["answer_category_v2"]  # type: ignore[assignment]
        assert set(said) == {"hipaa", "dicom", "tcia", "prev_cat"}
        given = [value for group in ("hipaa", "dicom", "tcia") for value in said[group].values() if value]
        assert len(given) == 1
        if check["action"] == "<text_retained>":
            assert any(said["tcia"].values())


def test_what_must_go_and_what_must_stay_both_stand_in_the_source_where_the_key_says(
    made: tuple[Path, list[Made]],
) -> None:
    values = {str(one.data.SOPInstanceUID): shown(one) for one in made[1]}
    texts = [
        (instance, check)
        for instance, check in checks(made[0] / "answers.db")
        if check["action"] in {"<text_removed>", "<text_retained>", "<date_shifted>", "<uid_changed>"}
    ]
    assert len(texts) > 5000
    for instance, check in texts:
        here, text = values[instance][check["tag_ds"]], check["action_text"][1:-1]
        if not text.startswith("(") and not here.startswith("["):
            assert text in here


def test_no_identifier_is_among_the_words_that_must_stay(made: tuple[Path, list[Made]]) -> None:
    planted = {word for one in made[1] if one.visit for word in (one.visit.person.last, one.visit.person.mrn)}
    kept = [check["action_text"] for _, check in checks(made[0] / "answers.db") if check["action"] == "<text_retained>"]
    assert not [text for text in kept if any(word in text for word in planted)]
    clinical = " ".join(kept).lower()
    assert "whole body bone scan" in clinical or "ct chest" in clinical


def test_names_and_ids_are_planted_in_descriptions_sequences_reports_and_private_elements(
    made: tuple[Path, list[Made]],
) -> None:
    seen: dict[str, set[str]] = {"top": set(), "nested": set(), "private": set()}
    for one in made[1]:
        assert one.visit is not None
        for here, value in shown(one).items():
            if one.visit.person.last.lower() in value.lower() or one.visit.doctor[0] in value:
                seen["private" if '"' in here else "nested" if "[" in here else "top"].add(here)
    assert len(seen["top"]) >= 8
    assert any("0040,0007" in here for here in seen["nested"])
    assert any("0040,a160" in here for here in seen["nested"])
    assert any("MIDISET" in here for here in seen["private"])


def test_files_of_one_study_agree_on_whom_they_are_of(made: tuple[Path, list[Made]]) -> None:
    told: dict[str, set[tuple[str, ...]]] = {}
    series: dict[str, int] = {}
    for one in made[1]:
        data = one.data
        told.setdefault(str(data.StudyInstanceUID), set()).add(
            (str(data.PatientName), str(data.PatientID), data.StudyDate, data.StudyDescription, data.AccessionNumber)
        )
        series[str(data.SeriesInstanceUID)] = series.get(str(data.SeriesInstanceUID), 0) + 1
    assert all(len(said) == 1 for said in told.values())
    assert min(series.values()) >= 2
    assert len({str(one.data.Modality) for one in made[1]}) >= 6


def test_labels_at_the_end_of_clinical_words_are_asked_for_neither_way() -> None:
    assert words_of(Part("Former smoker, 20 pack years. MRN ")) == "Former smoker, 20 pack years"
    assert words_of(Part(", discussed with Dr. ")) == "discussed with"
    assert words_of(Part(", seen by Dr. ")) == ""
    assert words_of(Part(" at ")) == ""
    assert all(name in WORDS["letters"] for name in ("name", "mrn", "doctor", "hospital", "ssn"))


def test_rules_come_from_the_standards_tables() -> None:
    assert rules.rule_of(0x00081030) == rules.Rule("clean", "TCIA-P15-DESC-C")
    assert rules.rule_of(0x00101010) == rules.Rule("keep", "TCIA-P15-PAT-K")
    assert rules.rule_of(0x00181000) == rules.Rule("keep", "TCIA-P15-DEV-K")
    assert rules.rule_of(0x00080020) == rules.Rule("clean", "TCIA-P15-MOD-C")
    assert rules.rule_of(0x00080050) == rules.Rule("Z", "TCIA-P15-BASIC-Z")
    assert rules.rule_of(0x00280010) is None
    assert (0x0019, "SIEMENS MR HEADER", 0x0C) in rules.safe_private()
    assert (0x0071, "MIDISET PRIVATE 1", 0x01) not in rules.safe_private()
    assert rules.type_of("Modality", "US") == 1
    assert rules.type_of("KVP", "MR") == 0
