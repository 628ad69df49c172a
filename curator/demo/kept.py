"""What must have stayed: useful words and values in the clean files, and one pseudonym a patient in every medium.

Reads the clean files as a user of the dataset would. An empty output hides every identifier and is worth nothing.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.demo.people import Patient, words
from curator.demo.views import views

#: Media in which a patient's pseudonym is looked up.
MEDIA = ("DICOM", "FHIR", "CSV", "HL7")


@dataclass(frozen=True)
class Kept:
    """What the clean files hold.

    Parameters
    ----------
    wanted
        How many words and values were planted to stay.
    missing
        (folder, text) of those that did not.
    pseudonyms
        For each patient with a record number, by their place among the patients: the pseudonyms found in each of
        :data:`MEDIA`.
    """

    wanted: int
    missing: tuple[tuple[str, str], ...]
    pseudonyms: dict[int, dict[str, tuple[str, ...]]]

    @property
    def linked(self) -> int:
        """Number of patients who have one pseudonym, the same in every medium."""
        return sum(
            len({one for found in by.values() for one in found}) == 1 and all(by[medium] for medium in MEDIA)
            for by in self.pseudonyms.values()
        )


def kept(clean: Path, people: tuple[Patient, ...], pixels: dict[str, int]) -> Kept:
    """Look for what must have stayed.

    Parameters
    ----------
    clean
        The folder of clean files.
    people
        The patients.
    pixels
        Digests of pixel data to the places of their patients.
    """
    wanted = [(one["folder"], text) for one in words()["kept"] for text in one["texts"]]
    heaps = {folder: _heap(clean, folder) for folder in {folder for folder, _ in wanted}}
    missing = tuple((folder, text) for folder, text in wanted if text.encode() not in heaps[folder])
    told = {medium: list(look(clean)) for medium, look in _LOOKS.items()}
    told["DICOM"] = [(str(pixels[digest]), name) for digest, name in _dicom(clean) if digest in pixels]
    by_patient = {}
    for place, who in enumerate(people):
        if who.has_number:
            marks = {"DICOM": str(place)}
            by_patient[place] = {
                medium: tuple(sorted({name for mark, name in told[medium] if mark == marks.get(medium, who.lab)}))
                for medium in MEDIA
            }
    return Kept(len(wanted), missing, by_patient)


def _heap(clean: Path, folder: str) -> bytes:
    files = sorted(path for path in clean.glob(f"*/{folder}/*") if path.is_file())
    return b"\0".join(view for path in files for view in views(path.read_bytes()))


def _dicom(clean: Path) -> Iterator[tuple[str, str]]:
    """Yield (SHA-256 of the pixel data, pseudonym) of each image."""
    import pydicom

    for path in sorted(clean.rglob("*.dcm")):
        ds = pydicom.dcmread(path)
        if "PixelData" in ds:
            yield hashlib.sha256(ds.PixelData).hexdigest(), str(ds.PatientID)


def _csv(clean: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(clean.glob("*/tabular/*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield row.get("hemoglobin") or "", row.get("patient_id") or ""


def _hl7(clean: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(clean.glob("*/hl7/*")):
        name = ""
        for segment in re.split(r"[\r\n]+", path.read_bytes().decode("utf-8", "replace")):
            fields = segment.split("|")
            if fields[0] == "PID" and len(fields) > 3:
                name = fields[3].split("^")[0]
            elif fields[0] == "OBX" and len(fields) > 5:
                yield fields[5], name


def _fhir(clean: Path) -> Iterator[tuple[str, str]]:
    resources = [one for path in sorted(clean.glob("*/fhir/*")) for one in _resources(path)]
    numbers = {
        f"Patient/{one.get('id')}": _record_number(one) for one in resources if one.get("resourceType") == "Patient"
    }
    for one in resources:
        value = one.get("valueQuantity", {}).get("value")
        if value is not None:
            yield str(value), numbers.get(one.get("subject", {}).get("reference"), "")


def _resources(path: Path) -> Iterator[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    try:
        read = [json.loads(text, parse_float=str)]
    except ValueError:
        read = [json.loads(line, parse_float=str) for line in text.splitlines() if line.strip()]
    for one in read:
        yield from (entry["resource"] for entry in one["entry"]) if one.get("resourceType") == "Bundle" else (one,)


def _record_number(patient: dict[str, Any]) -> str:
    for identifier in patient.get("identifier", []):
        codes = {one.get("code") for one in identifier.get("type", {}).get("coding", [])}
        if "MR" in codes:
            return str(identifier.get("value", ""))
    return ""


_LOOKS = {"CSV": _csv, "HL7": _hl7, "FHIR": _fhir}
