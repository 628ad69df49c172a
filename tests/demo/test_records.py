"""The made-up hospital's records: full of identifiers in every medium, the same bytes for the same seed."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pydicom
import pypdf
import pytest
from pypdf.errors import PyPdfError

from curator.demo.fill import filled, template
from curator.demo.hospital import Hospital, build
from curator.demo.pen import Pen
from curator.demo.people import Patient, names, words
from curator.demo.plants import Planter
from curator.demo.search import Search
from curator.demo.tables import STAMP, VISITS
from curator.demo.views import views

#: Files below records/ by the medium that the plants name.
FILES = {
    "note": "notes/*discharge.txt",
    "markdown": "notes/*nursing.md",
    "csv": "tables/*.csv",
    "excel": "tables/*.xlsx",
    "parquet": "tables/*.parquet",
    "fhir": "exchange/*json",
    "hl7": "exchange/*.hl7",
    "cda": "exchange/*.xml",
    "transcript": "speech/*.vtt",
    "jsonl": "labels/*.jsonl",
    "pdf": "reports/*.pdf",
    "zip": "letters.zip",
    "json": "damaged/twice.json",
}


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Hospital:
    return build(tmp_path_factory.mktemp("demo") / "source", 3)


@pytest.fixture(scope="module")
def records(hospital: Hospital) -> Path:
    return hospital.folder / "records"


def test_no_medium_is_left_out(hospital: Hospital) -> None:
    assert {plant.medium for plant in hospital.plants} == {"dicom", *FILES}
    assert set(hospital.records.kinds) == {*("text", "ndjson", "csv", "excel", "parquet", "fhir", "hl7", "cda", "pdf")}


@pytest.mark.parametrize("medium", FILES)
def test_each_medium_holds_what_was_planted_in_it(medium: str, hospital: Hospital, records: Path) -> None:
    planted = {plant for plant in hospital.plants if plant.medium == medium}
    found: set[object] = set()
    for path in [
        *records.glob(FILES[medium]),
        *(records / "damaged").iterdir(),
        *(hospital.folder / "notes").iterdir(),
    ]:
        search = Search(planted)
        search.content(path.read_bytes(), medium)
        if path.match(FILES[medium]):
            assert len({hit.plant.token for hit in search.hits}) >= 5
        found |= search.found()
    assert found == planted


@pytest.mark.parametrize("name", ["cut off.pdf", "ragged.csv", "twice.json"])
def test_a_file_that_must_be_held_back_holds_identifiers_too(name: str, hospital: Hospital, records: Path) -> None:
    search = Search(hospital.plants)
    search.content((records / "damaged" / name).read_bytes(), "here")
    assert len({hit.plant.token for hit in search.hits}) >= 5


def test_records_and_images_are_of_the_same_patients(hospital: Hospital, records: Path) -> None:
    headers = set()
    for path in hospital.folder.rglob("IM0*"):
        ds = pydicom.dcmread(path, stop_before_pixels=True, force=True)
        surname, given = str(ds.PatientName).split("^")
        headers.add((str(ds.PatientID), f"{surname}, {given}", str(ds.PatientBirthDate)))
    with (records / "tables" / "visits 2014.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == VISITS
    assert {(row["patient_id"], row["name"], row["dob"].replace("-", "")) for row in rows} == headers
    assert len({row["hemoglobin"] for row in rows}) == len(rows) == len(hospital.records.people)
    bundle = json.loads((records / "exchange" / "bundle.json").read_text())
    patients = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"]
    assert {one["identifier"][0]["value"] for one in patients} < {row["patient_id"] for row in rows}
    lines = (records / "exchange" / "Observation.ndjson").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["subject"]["reference"] for line in lines} == {f"Patient/{one['id']}" for one in patients}
    assert "identifier" not in "".join(lines)


def test_what_must_stay_stands_in_the_source_and_is_no_identifier(hospital: Hospital, records: Path) -> None:
    files = [path for path in records.rglob("*") if path.is_file()]
    heap = b"\0".join(view for path in files for view in views(path.read_bytes()))
    texts = {text for one in words()["kept"] for text in one["texts"]}
    assert {"chest pain", "Foley catheter", "718-7", "BP 132/78", "metoprolol 25 mg", "Strength 5/5"} <= texts
    assert [text for text in sorted(texts) if text.encode() not in heap] == []
    search = Search(hospital.plants)
    search.content("\n".join(sorted(texts)).encode(), "what stays")
    assert not search.hits


def test_no_template_holds_an_identifier_of_its_own(hospital: Hospital) -> None:
    used = sorted(
        {path.name for path in Path(str(Path(build.__code__.co_filename).parent / "data/templates")).iterdir()}
    )
    assert len(used) >= 11
    search = Search(hospital.plants)
    for name in used:
        assert re.search(r"\[\[own \w+", template(name)) or name == "comment.txt"
        search.content(re.sub(r"\[\[.*?\]\]", "", template(name)).encode(), name)
    assert not search.hits


def test_everything_in_a_template_is_filled(hospital: Hospital, records: Path) -> None:
    assert len(hospital.records.people) == 6
    for path in records.rglob("*"):
        if path.is_file():
            assert not any(re.search(rb"\[\[\w+ ", view) for view in views(path.read_bytes())), path.name


def test_files_state_no_time_of_writing(records: Path) -> None:
    for name in ("letters.zip", "tables/visits.xlsx"):
        with zipfile.ZipFile(records / name) as archive:
            assert {info.date_time for info in archive.infolist()} == {STAMP}
    book = openpyxl.load_workbook(records / "tables" / "visits.xlsx")
    assert {book.properties.created.year, book.properties.modified.year} == {STAMP[0]}
    assert "CreationDate" not in (records / "tables" / "lab.parquet").read_bytes().decode("latin-1")
    assert all(b"CreationDate" not in path.read_bytes() for path in records.rglob("*.pdf"))


def test_the_workbook_hides_a_sheet_and_comments_a_cell(records: Path) -> None:
    book = openpyxl.load_workbook(records / "tables" / "visits.xlsx")
    assert [sheet.sheet_state for sheet in book] == ["visible", "hidden"]
    assert book["visits"]["H2"].comment is not None
    assert book["visits"]["D2"].is_date


def test_notes_come_in_several_encodings(records: Path) -> None:
    starts = {path.read_bytes()[:2] for path in records.glob("notes/*.txt")}
    assert b"\xff\xfe" in starts
    assert b"\xef\xbb" in starts

    def broken(path: Path) -> bool:
        try:
            path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            return not path.read_bytes().startswith(b"\xff\xfe")
        return False

    assert any(broken(path) for path in records.glob("notes/*.txt"))


def test_the_report_is_a_pdf_and_the_damaged_one_is_none(records: Path) -> None:
    (good,) = records.glob("reports/*.pdf")
    assert "chest pain" in pypdf.PdfReader(good).pages[0].extract_text()
    with pytest.raises((PyPdfError, ValueError)):
        pypdf.PdfReader(records / "damaged" / "cut off.pdf", strict=True)


def test_damaged_tables_and_json_are_damaged_as_meant(records: Path) -> None:
    ragged = list(csv.reader(io.StringIO((records / "damaged" / "ragged.csv").read_text(encoding="utf-8"))))
    assert len({len(row) for row in ragged}) > 1
    pairs: list[str] = []
    json.loads(
        (records / "damaged" / "twice.json").read_text(), object_pairs_hook=lambda got: pairs.extend(k for k, _ in got)
    )
    assert len(pairs) > len(set(pairs))
    with zipfile.ZipFile(records / "letters.zip") as archive:
        assert "../evil.txt" in archive.namelist()


def _patients() -> Iterator[Patient]:
    for sex, born in (("F", "19210319"), ("M", "19820217"), ("O", "19660822")):
        yield Patient("Quillmarrow", "Vormembeck", "BCD12345678", born, sex, "", (), "pat-bcd1", "13.71")


def test_an_old_age_is_an_identifier_and_another_is_not() -> None:
    for who, told in zip(_patients(), ("93-year-old", "32-year-old", "48-year-old"), strict=True):
        planter = Planter(1)
        assert told in filled("discharge.txt", Pen(planter, who, "note"))
        assert [plant.token for plant in planter.plants if plant.kind == "age"] == ([told] if told[0] == "9" else [])


def test_names_are_long_enough_to_be_searched_for_and_fit_a_page_of_code() -> None:
    for listed in names().values():
        assert len(listed) == len(set(listed)) > 150
        assert all(len(name) >= 6 and name.encode("cp1252") for name in listed)


def test_a_picked_name_never_comes_twice_even_when_all_were_drawn() -> None:
    planter = Planter(1)
    picked = [planter.pick(("Adebayo", "Beatriz", "Christos", "Dagmar")) for _ in range(9)]
    assert len(set(picked)) == 9
