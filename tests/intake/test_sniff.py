"""Kinds of file, told by content alone."""

from __future__ import annotations

import gzip
import json
import pickle
import struct
import sys
import tarfile
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curator.intake.sniff import Kind, sniff

DATA = Path(pydicom.__file__).parent / "data"
CT = (DATA / "test_files" / "CT_small.dcm").read_bytes()
HEAD = 8192


def kind(data: bytes) -> Kind:
    return sniff(data[:HEAD], len(data))


def nifti(version: int, order: str = "<", magic: bytes | None = None) -> bytes:
    if version == 1:
        return struct.pack(order + "i", 348) + bytes(340) + (magic or b"n+1\0") + bytes(4)
    return struct.pack(order + "i", 540) + (magic or b"n+2\0\r\n\x1a\n") + bytes(540)


def zipped() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.dcm", CT)
    return stream.getvalue()


def tarred() -> bytes:
    stream = BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), BytesIO(b""))
    return stream.getvalue()


SAMPLES = [
    ("nothing", b"", Kind.EMPTY),
    ("nifti-1", nifti(1), Kind.NIFTI),
    ("nifti-1 big endian pair", nifti(1, ">", b"ni1\0"), Kind.NIFTI),
    ("nifti-2", nifti(2), Kind.NIFTI),
    ("nifti-2 big endian", nifti(2, ">"), Kind.NIFTI),
    ("nifti in gzip", gzip.compress(nifti(1) + bytes(10_000)), Kind.NIFTI),
    ("gzip of something", gzip.compress(b"hello" * 100), Kind.ARCHIVE),
    ("gzip cut and damaged", b"\x1f\x8b\x08\x00garbage", Kind.ARCHIVE),
    ("zip", zipped(), Kind.ARCHIVE),
    ("tar", tarred(), Kind.ARCHIVE),
    ("7z", b"7z\xbc\xaf\x27\x1c" + bytes(20), Kind.ARCHIVE),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3", Kind.PDF),
    ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", Kind.IMAGE),
    ("png", b"\x89PNG\r\n\x1a\n" + bytes(20), Kind.IMAGE),
    ("tiff", b"II*\0" + bytes(20), Kind.IMAGE),
    ("bigtiff", b"MM\0+" + bytes(20), Kind.IMAGE),
    ("gif", b"GIF89a" + bytes(20), Kind.IMAGE),
    ("bmp", b"BM" + struct.pack("<LHHLL", 500, 0, 0, 54, 40) + bytes(482), Kind.IMAGE),
    ("webp", b"RIFF" + bytes(4) + b"WEBPVP8 ", Kind.IMAGE),
    ("jpeg 2000", b"\0\0\0\x0cjP  \r\n\x87\n", Kind.IMAGE),
    ("parquet", b"PAR1" + bytes(20), Kind.PARQUET),
    ("hdf5", b"\x89HDF\r\n\x1a\n" + bytes(20), Kind.HDF5),
    ("hdf5 behind a user block", bytes(512) + b"\x89HDF\r\n\x1a\n", Kind.HDF5),
    ("nrrd", b"NRRD0004\ntype: short\n", Kind.NRRD),
    ("metaimage", b"ObjectType = Image\nNDims = 3\nDimSize = 1 1 1\nElementDataFile = LOCAL\n", Kind.METAIMAGE),
    ("hl7", b"MSH|^~\\&|LAB|HOSP|||202001010101||ORU^R01|1|P|2.5\rPID|1||123\r", Kind.HL7),
    ("hl7 of other separators", b"\x0bMSH#*~\\&#LAB\r", Kind.HL7),
    ("hl7 batch", b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\rMSH|^~\\&|\r", Kind.HL7),
    ("fhir", json.dumps({"resourceType": "Patient", "id": "1"}).encode(), Kind.FHIR),
    ("fhir late key", json.dumps({"id": "1", "resourceType": "Observation"}, indent=2).encode(), Kind.FHIR),
    ("fhir bulk", b'{"resourceType":"Patient","id":"1"}\n{"resourceType":"Patient","id":"2"}\n', Kind.FHIR),
    ("fhir xml", b'<Patient xmlns="http://hl7.org/fhir"><id value="1"/></Patient>', Kind.FHIR),
    ("json", b'{"a": [1, 2, 3]}', Kind.JSON),
    ("json array", b'[\n  {"a": 1},\n  {"a": 2}\n]\n', Kind.JSON),
    ("json cut by the head", json.dumps([{"a": number} for number in range(5000)]).encode(), Kind.JSON),
    ("ndjson", b'{"a": 1}\n{"a": 2}\n', Kind.NDJSON),
    ("cda", b'<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><id/></ClinicalDocument>', Kind.CDA),
    ("cda with a prefix", b'<v3:ClinicalDocument xmlns:v3="urn:hl7-org:v3"/>', Kind.CDA),
    ("xml", b'<?xml version="1.0"?><annotation><folder>x</folder></annotation>', Kind.XML),
    ("html", b"<!DOCTYPE html><html><body>hello</body></html>", Kind.TEXT),
    ("csv", b"id,age,sex\n1,30,F\n2,40,M\n", Kind.CSV),
    ("csv of semicolons and quotes", b'id;note\n1;"a; b"\n2;"c\nd"\n', Kind.CSV),
    ("tsv", b"id\tage\n1\t30\n", Kind.CSV),
    ("csv cut by the head", b"id,age,name\n" + b"1,30,abcdefghijk\n" * 5000, Kind.CSV),
    ("csv in utf-16", "id,age\n1,30\n".encode("utf-16"), Kind.CSV),
    ("note", b"The patient, a man, was seen.\nHe is well, thank you, and at home.\nNo fever.\n", Kind.TEXT),
    ("note in utf-8", "Käthe Müller kam heute wegen Husten.\n".encode(), Kind.TEXT),
    ("note in latin-1", "Käthe Müller kam heute wegen Husten.\n".encode("latin-1"), Kind.TEXT),
    ("note in utf-8 cut within a letter", "ä".encode() * 9000, Kind.TEXT),
    ("one line", b"hello\n", Kind.TEXT),
    ("braces that are no json", b"{not json at all}\n", Kind.TEXT),
    ("elf", b"\x7fELF\x02\x01\x01" + bytes(200), Kind.UNKNOWN),
    ("zeros", bytes(5000), Kind.UNKNOWN),
    ("random", bytes((7 * n * n + 13 * n) % 256 for n in range(5000)), Kind.UNKNOWN),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in SAMPLES], ids=[row[0] for row in SAMPLES])
def test_each_kind_is_told_by_its_content(data: bytes, expected: Kind) -> None:
    assert kind(data) is expected


def test_every_kind_has_a_sample() -> None:
    assert {row[2] for row in SAMPLES} | {Kind.DICOM, Kind.DICOMDIR} == set(Kind)


OTHERS = {".txt", ".md", ".json", ".dump", ".gz", ".icc", ".py"}
DICOM_FILES = [
    path
    for path in sorted(DATA.rglob("*"))
    if path.is_file() and path.suffix not in {*OTHERS, ".pyc"} and path.name not in {"README", "no_meta.dcm"}
]


@pytest.mark.parametrize("path", DICOM_FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_every_dicom_file_of_pydicom_is_told(path: Path) -> None:
    data = path.read_bytes()
    assert kind(data) is (Kind.DICOMDIR if path.name.startswith("DICOMDIR") else Kind.DICOM)


@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "rtplan.dcm", "JPEG2000.dcm"]
)
def test_dicom_without_preamble_and_without_meta_is_told(name: str) -> None:
    from curator.formats.dicom.walk import check_structure

    data = (DATA / "test_files" / name).read_bytes()
    assert kind(data[132:]) is Kind.DICOM
    assert kind(data[check_structure(data).meta_end :]) is Kind.DICOM


def test_a_directory_without_preamble_is_told() -> None:
    assert kind((DATA / "test_files" / "dicomdirtests" / "DICOMDIR").read_bytes()[132:]) is Kind.DICOMDIR


def test_no_module_library_or_document_of_this_machine_is_taken_for_dicom() -> None:
    files = [path for path in Path(sys.prefix).rglob("*") if path.is_file() and DATA not in path.parents]
    assert len(files) > 1000
    for path in files[:: max(1, len(files) // 1500)]:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        assert sniff(head, path.stat().st_size) not in {Kind.DICOM, Kind.DICOMDIR, Kind.HL7}, path.name


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300).map(str.encode),
        st.text("abc ,;|\n\t{}[]<>\"':MSH^~&01", max_size=200).map(str.encode),
    )
)
@example(b"0008,0016 UI 1.2.840.10008")
def test_no_text_is_taken_for_dicom_and_none_is_called_empty(data: bytes) -> None:
    found = kind(data)
    assert found not in {Kind.DICOM, Kind.DICOMDIR}
    assert (found is Kind.EMPTY) == (not data)


@settings(max_examples=500, deadline=None)
@given(
    st.binary(max_size=600),
    st.sampled_from([b"", CT[:132], CT[132:300], b"\x1f\x8b\x08\x00", b"{", b"<", b"MSH|", b"\xff\xfe"]),
)
def test_any_bytes_get_a_kind(tail: bytes, head: bytes) -> None:
    data = head + tail
    assert isinstance(kind(data), Kind)
    assert isinstance(sniff(data, 10 * len(data) + 1), Kind)


@settings(max_examples=300, deadline=None)
@given(st.builds(bytes.__add__, st.sampled_from([b"", b"\x08\x00\x16\x00"]), st.binary(max_size=300)))
def test_only_what_begins_with_group_2_or_8_is_taken_for_dicom_without_prefix(data: bytes) -> None:
    if kind(data) is Kind.DICOM and data[128:132] != b"DICM":
        assert data[:2] in {b"\x02\x00", b"\x08\x00", b"\x00\x08", b"\x00\x02"}


@pytest.mark.parametrize(
    "value", [{"name": "Ostrander"}, ["a", "b"], ("a",), "text", [1, 2], {1: {"b": [None, 2.5]}}, date(2021, 3, 5)]
)
def test_a_pickle_in_letters_is_no_note(value: object) -> None:
    data = pickle.dumps(value, 0)
    assert sniff(data, len(data)) is Kind.UNKNOWN


@pytest.mark.parametrize(
    "note",
    [
        "Vitals: stable\np 80\n",
        "cough\nproductive\np1\n",
        "(pt seen\np0\n",
        "Lungs clear\npulse 72\n",
        "N.\np0\n",
        "chest\npain\np0 resection\n",
    ],
)
def test_a_note_that_begins_like_a_pickle_is_a_note(note: str) -> None:
    assert sniff(note.encode(), len(note)) is Kind.TEXT
