"""A made-up record of each kind that takes canaries, with words that must stay, and the rules to plant by."""

from __future__ import annotations

import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

RULES = Treatment(load_policy("safe-harbor"), bytes(32), bytes(32), "20260101")
_ROWS = (("QX5510021", "Seen for chest pain today", "F"), ("QX5510021", "", "F"), ("QX5510021", "No effusion", "F"))


def _csv(end: str, encoding: str) -> bytes:
    rows = ["mrn;notes;sex", *(";".join(row) for row in _ROWS)]
    return (end.join(rows) + end).encode(encoding)


def _parquet() -> bytes:
    out = io.BytesIO()
    mrn, notes, sex = (list(one) for one in zip(*_ROWS, strict=True))
    pq.write_table(pa.table({"mrn": mrn, "notes": notes, "sex": sex}), out)
    return out.getvalue()


def _excel() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    codes = book.active
    codes.append(["mrn", "sex"])
    codes.append(["QX5510021", "F"])
    notes = book.create_sheet("notes")
    for row in (("mrn", "notes", "sex"), *_ROWS):
        notes.append(row)
    book.save(out)
    return out.getvalue()


def _pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1, invariant=1)
    for at, line in enumerate(("MRN: QX5510021", "CT of the chest, without contrast.", "Impression: no effusion.")):
        canvas.drawString(72, 700 - 16 * at, line)
    canvas.save()
    return out.getvalue()


_PATIENT = {
    "resourceType": "Patient",
    "id": "qx55",
    "identifier": [
        {
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
            "system": "http://north.example/mrn",
            "value": "QX5510021",
        }
    ],
}
_REPORT = {
    "resourceType": "DiagnosticReport",
    "id": "r1",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "24627-2", "display": "CT Chest"}]},
    "subject": {"reference": "Patient/qx55"},
    "conclusion": "No effusion",
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Stable nodule</p></div>'},
}
_CONDITION = {
    "resourceType": "Condition",
    "id": "c1",
    "subject": {"reference": "Patient/qx55"},
    "note": [{"text": "Mild"}],
}
_BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": one} for one in (_PATIENT, _REPORT, _CONDITION)],
}
_HL7 = "\r".join(
    [
        r"MSH|^~\&|LAB|NORTH|EHR|NORTH|20210314101112||ORU^R01|MSG55021|P|2.5.1",
        "PID|1||QX5510021^^^NORTH^MR",
        "OBR|1|||718-7^Hemoglobin^LN",
        "OBX|1|NM|718-7^Hemoglobin^LN||13.7|g/dL|12-16|N|||F",
        "",
    ]
)
_CDA = """<?xml version="1.0" encoding="UTF-8"?>
<{0}ClinicalDocument xmlns{1}="urn:hl7-org:v3">
<{0}typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<{0}id root="1.2.3.4.5" extension="DOC-1"/>
<{0}code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>
<{0}effectiveTime value="20210314"/>
<{0}recordTarget><{0}patientRole><{0}id root="2.16.840.1.113883.19.5" extension="QX5510021"/></{0}patientRole>
</{0}recordTarget>
<{0}component><{0}structuredBody><{0}component><{0}section>
<{0}code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><{0}title>Problems</{0}title>
<{0}text>Chest pain, stable.</{0}text>
</{0}section></{0}component></{0}structuredBody></{0}component>
</{0}ClinicalDocument>
"""
_SPOKEN = {"mrn": "QX5510021", "text": "The patient was seen for chest pain and sent home.", "modality": "CT"}

#: Name of a record: kind as the journal names it, file, words that stay in a planted copy.
RECORDS: dict[str, tuple[str, bytes, tuple[bytes, ...]]] = {
    "table": ("csv", _csv("\n", "utf-8"), (b"chest pain today", b"no effusion")),
    "table-utf16": ("csv", _csv("\r\n", "utf-16"), (b"chest pain today", b"no effusion")),
    "book": ("excel", _excel(), (b"chest pain today", b"no effusion")),
    "parquet": ("parquet", _parquet(), (b"chest pain today", b"no effusion")),
    "bundle": ("fhir", json.dumps(_BUNDLE).encode(), (b"no effusion", b"stable nodule", b"mild", b"24627")),
    "lines": ("fhir", "\n".join(json.dumps(one) for one in (_PATIENT, _REPORT)).encode(), (b"no effusion",)),
    "messages": ("hl7", (_HL7 + _HL7).encode(), (b"hemoglobin",)),
    "message": ("hl7", _HL7.replace("\r", "\n").encode(), (b"hemoglobin",)),
    "document": ("cda", _CDA.format("", "").encode(), (b"chest pain", b"problems")),
    "document-prefix": ("cda", _CDA.format("v3:", ":v3").encode(), (b"chest pain", b"problems")),
    "json": ("json", json.dumps({"records": [_SPOKEN, _SPOKEN]}).encode(), (b"sent home", b"ct")),
    "ndjson": ("ndjson", "\n".join(json.dumps(_SPOKEN) for _ in range(3)).encode(), (b"sent home", b"ct")),
    "report": ("pdf", _pdf(), (b"no effusion", b"without contrast")),
}
#: Those that one hospital gives in the test of the whole way, and the endings of their files.
ENDINGS = {
    "table": ".csv",
    "book": ".xlsx",
    "parquet": ".parquet",
    "bundle": ".json",
    "message": ".hl7",
    "document": ".xml",
    "ndjson": ".ndjson",
    "report": ".pdf",
}
