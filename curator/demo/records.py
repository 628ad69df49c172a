"""The other half of a patient's data: the made-up hospital's records, in every medium that the program reads.

The patients are those of the DICOM files, by number, name and birth date. Every identifier is drawn by the planter and
remembered; three files are such that they must be held back. Never used to clean anything.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from curator.demo import documents, tables
from curator.demo.fill import filled, in_json, in_xml
from curator.demo.pen import Pen
from curator.demo.people import Patient, with_records, words
from curator.demo.plants import Planter

#: Reason codes, by their first letters, of which the files that must be held back get one each.
HELD_BACK = ("ARC-003", "JSN-", "PDF-", "TAB-")


@dataclass(frozen=True)
class Records:
    """What was made.

    Parameters
    ----------
    people
        The patients, with what the records hold beside the headers.
    files
        Number of files, members of archives counted one by one and archives not.
    kinds
        How many files of each kind the program must make clean.
    """

    people: tuple[Patient, ...]
    files: int
    kinds: dict[str, int]


class _Writer:
    def __init__(self, put: Callable[[str, bytes], Any], planter: Planter) -> None:
        self._put, self._planter = put, planter
        self.kinds: Counter[str] = Counter()
        self.files = 0

    def put(self, path: str, data: bytes, kind: str, count: int = 1) -> None:
        """Write a file that must come out clean, or not at all for an empty kind."""
        self._put(f"records/{path}", data)
        self.files += count
        if kind:
            self.kinds[kind] += count

    def pen(self, who: Patient, medium: str) -> Pen:
        return Pen(self._planter, who, medium)


def write_records(put: Callable[[str, bytes], Any], planter: Planter, patients: Sequence[Patient]) -> Records:
    """Write the records of a hospital.

    Parameters
    ----------
    put
        Writes a file of the source folder.
    planter
        Draws and remembers every identifier.
    patients
        The hospital's patients.
    """
    writer = _Writer(put, planter)
    people = [with_records(who, planter) for who in patients]
    known = [who for who in people if who.has_number]
    _notes(writer, people)
    writer.put("tables/visits 2014.csv", tables.visits(people, writer.pen), "csv")
    writer.put("tables/visits.xlsx", tables.workbook(known, writer.pen), "excel")
    writer.put("tables/lab.parquet", tables.results(known, writer.pen), "parquet")
    _messages(writer, known)
    cda = filled("ccd.xml", writer.pen(known[3], "cda"), in_xml)
    writer.put(f"exchange/{known[3].given}.xml", cda.encode("ascii", "xmlcharrefreplace"), "cda")
    writer.put("speech/visit.vtt", filled("visit.vtt", writer.pen(known[2], "transcript")).encode("utf-8"), "text")
    writer.put("labels/doccano.jsonl", documents.labeled(known, writer.pen), "ndjson")
    report = documents.report(known[2], writer.pen)
    writer.put(f"reports/{known[2].number}.pdf", report, "pdf")
    letters = documents.letters(known[:3], writer.pen)
    writer.put("letters.zip", letters, "text", 3)
    _held_back(writer, known)
    writer.kinds.update(csv=1, text=1)  # the hospital's worklist and its hand-over note
    return Records(tuple(people), writer.files, dict(writer.kinds))


def _notes(writer: _Writer, people: Sequence[Patient]) -> None:
    for who, encoding in zip(people, words()["encodings"], strict=True):
        summary = filled("discharge.txt", writer.pen(who, "note"))
        writer.put(f"notes/{who.surname} discharge.txt", summary.encode(encoding), "text")
        if who is people[0]:
            writer.put(f"again/{who.surname} copy.txt", summary.encode(encoding), "")
        nursing = filled("nursing.md", writer.pen(who, "markdown"))
        writer.put(f"notes/{who.surname} nursing.md", nursing.encode("utf-8"), "text")


def _messages(writer: _Writer, people: Sequence[Patient]) -> None:
    bundles = [json.loads(filled("patient.json", writer.pen(who, "fhir"), in_json)) for who in people]
    entries = [entry for one in bundles for entry in one["entry"]]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    writer.put("exchange/bundle.json", json.dumps(bundle, indent=1).encode("ascii"), "fhir")
    observed = [json.loads(filled("observation.json", writer.pen(who, "fhir"), in_json)) for who in people]
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in observed)
    writer.put("exchange/Observation.ndjson", lines.encode("utf-8"), "fhir")
    batch = ["FHS|^~\\&", "BHS|^~\\&"]
    for who in people:
        batch += filled("oru.hl7", writer.pen(who, "hl7")).splitlines()
    batch += [f"BTS|{len(people)}", "FTS|1", ""]
    writer.put("exchange/oru.hl7", "\r".join(batch).encode("utf-8"), "hl7")


def _held_back(writer: _Writer, people: Sequence[Patient]) -> None:
    """Write what cannot be read whole: a PDF that was cut off, a table with ragged rows, JSON with a key twice."""
    cut = documents.report(people[0], writer.pen)
    writer.put("damaged/cut off.pdf", cut[: cut.rindex(b"endobj")], "")
    writer.put("damaged/ragged.csv", tables.ragged(people, writer.pen), "")
    pen = writer.pen(people[1], "json")
    twice = {name: in_json(pen(*what)) for name, what in _TWICE.items()}
    pairs = [f'"{name}": "{value}"' for name, value in twice.items()]
    pairs.append(f'"patient_name": "{in_json(pen("family", "the second name"))}"')
    writer.put("damaged/twice.json", ("{" + ", ".join(pairs) + "}\n").encode("ascii"), "")
    writer.files += 1  # the member of the zip that leads out of it


_TWICE = {
    "patient_id": ("own", "mrn"),
    "patient_name": ("own", "surname"),
    "birth_date": ("own", "born"),
    "phone": ("phone", "a member"),
    "note": ("given", "a member"),
}
