"""Which medium reads a file: by content; an ending only tips what is a table as well as a text."""

from io import BytesIO

import pytest

from curator.scrub.route import route


def kind(data: bytes, name: bytes = b"f") -> str:
    return route(data[:8192], len(data), name, BytesIO(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Dear Dr. Hartwell,\nthank you for seeing her,\nregards,\n", "text"),
        (b"mrn,dob,sex\n1,2,3\n4,5,6\n", "csv"),
        (b"patient_id\tname\n7\tx\n", "csv"),
        (b"alpha,beta,gamma\n1,2,3\n4,5,6\n7,8,9\n", "csv"),
        (b"Patient O\nsaw O\nSmith B-NAME\n", "text"),
        (b"T1\tName 0 5\tSmith\nT2\tName 6 9\tAnn\n", "text"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n", "text"),
        (b"<p>Seen today</p>\n", "text"),
        (b"<root><a/></root>\n", "xml"),
        ("Patient: Núñez\n".encode("utf-16"), "text"),
        ("Patient: Nunez seen today for chest pain\n".encode("utf-16-le"), "text"),
        (b'{"resourceType": "Patient", "id": "a"}', "fhir"),
        (b'{"id": "a", "text": "b"}\n{"id": "c", "text": "d"}\n', "ndjson"),
        (b"MSH|^~\\&|A|B\rPID|1\r", "hl7"),
        (b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>', "cda"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unknown"),
        (b"\x7fELF" + bytes(range(256)) * 4, "unknown"),
    ],
)
def test_the_content_tells_the_kind(data, expected):
    assert kind(data) == expected


def test_an_ending_makes_a_ragged_file_a_table_so_that_no_column_passes_unknown():
    ragged = b"mrn,name\n1,Smith,more\n2\n"
    assert (kind(ragged), kind(ragged, b"x/Y.CSV"), kind(ragged, b"a.zip\0b.tsv")) == ("text", "csv", "csv")


def test_an_ending_does_not_make_a_note_a_dicom_file_or_a_pdf():
    assert {kind(b"Seen today.\n", name) for name in (b"a.dcm", b"a.pdf", b"a.xml", b"a.json")} == {"text"}
