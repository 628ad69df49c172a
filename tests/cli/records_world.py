"""A made-up patient in every medium at once, with the identifiers that must not come out. Nobody real."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pydicom

DATA = Path(pydicom.__file__).parent / "data"


@dataclass(frozen=True)
class Patient:
    """One made-up patient.

    Parameters
    ----------
    given, family, mrn, fhir
        Names and numbers.
    born, admitted, seen
        Days of one timeline.
    """

    given: str = "Katarzyna"
    family: str = "Wolskowicz"
    mrn: str = "MR7788123"
    fhir: str = "pat-katwol-55"
    born: date = date(1958, 2, 17)
    admitted: date = date(2021, 3, 4)
    seen: date = date(2021, 3, 14)
    daughter: str = "Zuzanna"
    phone: str = "(701) 555-0142"
    street: str = "4417 Larkspur Hollow Road"
    email: str = "kwolskowicz@mailbox.example"
    extra: tuple[str, ...] = field(default=("734-55-0199", "GRP-88213-X", "ACC5567812"))

    def planted(self) -> list[str]:
        """Return every spelling that must stand nowhere in the output."""
        days = [
            form.format(d=day, m=day.month, y=day.year, dd=day.day)
            for day in (self.born, self.admitted, self.seen)
            for form in (
                "{d:%Y-%m-%d}",
                "{d:%Y%m%d}",
                "{m}/{dd}/{y}",
                "{d:%m/%d/%Y}",
                "{d:%d %b %Y}",
                "{d:%B} {dd}, {y}",
            )
        ]
        words = [self.given, self.family, self.mrn, self.mrn[2:], self.fhir, self.daughter, self.phone, "555-0142"]
        return [*words, "7015550142", self.street, "Larkspur", self.email, *self.extra, *days]


def dicom(folder: Path, who: Patient) -> None:
    made = pydicom.dcmread(DATA / "test_files" / "CT_small.dcm")
    made.PatientName = f"{who.family}^{who.given}"
    made.PatientID = who.mrn
    made.PatientBirthDate = who.born.strftime("%Y%m%d")
    made.BodyPartExamined = "CHEST"
    made.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    for name in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(made, name, who.seen.strftime("%Y%m%d"))
    made.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.7001"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.save_as(folder / "image.dcm")


def note(who: Patient) -> str:
    return (
        f"DISCHARGE SUMMARY\nPatient: {who.family}, {who.given}   MRN: {who.mrn}\nDOB: {who.born:%m/%d/%Y}\n"
        f"Admitted {who.admitted:%m/%d/%Y}.\n\nMrs. {who.family} was seen on {who.seen:%m/%d/%Y} for chest pain. "
        f"Her daughter {who.daughter} called from {who.phone}. She lives at {who.street}, Fargo, ND 58103. "
        f"SSN {who.extra[0]}, e-mail {who.email}.\nFoley catheter removed. BP 132/78. Started metoprolol 25 mg.\n"
    )


def fhir_bundle(who: Patient) -> dict[str, object]:
    patient = {
        "resourceType": "Patient",
        "id": who.fhir,
        "identifier": [
            {
                "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
                "system": "http://north.example/mrn",
                "value": who.mrn,
            }
        ],
        "name": [{"family": who.family, "given": [who.given]}],
        "telecom": [{"system": "phone", "value": who.phone}, {"system": "email", "value": who.email}],
        "gender": "female",
        "birthDate": who.born.isoformat(),
        "address": [{"line": [who.street], "city": "Fargo", "state": "ND", "postalCode": "58103"}],
        "vendorSecret": who.extra[1],
    }
    observation = {
        "resourceType": "Observation",
        "id": "obs-1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}]},
        "subject": {"reference": f"Patient/{who.fhir}", "display": f"{who.given} {who.family}"},
        "effectiveDateTime": who.seen.isoformat(),
        "issued": f"{who.seen.isoformat()}T10:11:12Z",
        "valueQuantity": {"value": 13.70, "unit": "g/dL", "system": "http://unitsofmeasure.org", "code": "g/dL"},
        "note": [{"text": f"Called {who.daughter} at {who.phone}."}],
    }
    encounter = {
        "resourceType": "Encounter",
        "id": "enc-1",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": f"Patient/{who.fhir}"},
        "period": {"start": who.admitted.isoformat(), "end": who.seen.isoformat()},
    }
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": patient}, {"resource": observation}, {"resource": encounter}],
    }


def hl7(who: Patient) -> str:
    return "\r".join(
        [
            r"MSH|^~\&|LAB|NORTH|EHR|NORTH|20210314101112||ORU^R01|MSG55021|P|2.5.1",
            f"PID|1||{who.mrn}^^^NORTH^MR||{who.family}^{who.given}||{who.born:%Y%m%d}|F|||{who.street}^^Fargo^ND^58103||{who.phone}",
            f"PV1|1|I|||||||||||||||||{who.extra[2]}|||||||||||||||||||||||||{who.admitted:%Y%m%d}",
            f"OBR|1|||718-7^Hemoglobin^LN|||{who.seen:%Y%m%d}",
            f"OBX|1|NM|718-7^Hemoglobin^LN||13.7|g/dL|12-16|N|||F|||{who.seen:%Y%m%d}",
            f"NTE|1||Discussed with daughter {who.daughter}, {who.phone}.",
            f"ZZX|1|{who.extra[1]}",
            "",
        ]
    )


def cda(who: Patient) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.10.20.22.1.1"/>
<id root="1.2.3.4.5" extension="DOC-1"/>
<code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>
<title>Summary for {who.given} {who.family}</title>
<effectiveTime value="{who.seen:%Y%m%d}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<recordTarget><patientRole><id root="1.2.3.4.9" extension="{who.mrn}"/>
<addr><streetAddressLine>{who.street}</streetAddressLine><city>Fargo</city><state>ND</state><postalCode>58103</postalCode></addr>
<telecom value="tel:{who.phone}"/>
<patient><name><given>{who.given}</given><family>{who.family}</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{who.born:%Y%m%d}"/></patient>
</patientRole></recordTarget>
<component><structuredBody><component><section>
<code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title>
<text>Mrs. {who.family} reports chest pain since {who.seen:%m/%d/%Y}.</text>
<vendorExtension>{who.extra[1]}</vendorExtension>
</section></component></structuredBody></component></ClinicalDocument>"""


def table(who: Patient) -> str:
    return (
        "patient_id,name,dob,visit_date,zip,hemoglobin,comment,mystery\r\n"
        f'{who.mrn},"{who.family}, {who.given}",{who.born.isoformat()},{who.seen.isoformat()},58103,13.70,'
        f'"Daughter {who.daughter} called, {who.phone}",{who.extra[1]}\r\n'
    )


def write_world(folder: Path, who: Patient) -> list[str]:
    """Write the patient in every medium and return the kinds that the program should tell apart."""
    folder.mkdir(parents=True)
    dicom(folder, who)
    (folder / "note.txt").write_text(note(who), encoding="utf-8")
    (folder / "visits.csv").write_text(table(who), encoding="utf-8", newline="")
    (folder / "bundle.json").write_text(json.dumps(fhir_bundle(who)), encoding="utf-8")
    (folder / "oru.hl7").write_text(hl7(who), encoding="utf-8", newline="")
    (folder / "ccd.xml").write_text(cda(who), encoding="utf-8")
    (folder / f"visit_{who.mrn}.vtt").write_text(
        f"WEBVTT\n\n00:01.000 --> 00:04.000\n<v {who.given} {who.family}>I am {who.given}\n\n"
        f"00:05.000 --> 00:09.000\n{who.family}, call me at {who.phone}.\n",
        encoding="utf-8",
    )
    lines = [{"patient_id": who.mrn, "note_text": note(who), "mystery": who.extra[1]}, {"patient_id": who.mrn}]
    (folder / "notes.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            f"{who.family}/{who.mrn}_letter.txt", f"Dear Mrs. {who.family}, see you on {who.seen:%m/%d/%Y}."
        )
    (folder / "letters.zip").write_bytes(packed.getvalue())
    return ["cda", "csv", "dicom", "fhir", "hl7", "ndjson", "text"]
