"""Scrubs a small file of each medium and prints a digest of each: run by test_hash_order.py. All values are made up."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parent / "document"))

import pdf_support
from scrubbed_support import support

from curator.scrub import cda, document, fhir, hl7
from curator.scrub.medium import Person
from curator.scrub.tabular import medium as tabular
from curator.scrub.text import medium as text

ROWS = [
    ("Brzozowski", "Tadeusz", "2015", "Mercy Clinic"),
    ("Tdap", "2015", "2025", "Hazy"),
    ("Ono, L", "555-301-7788", "Amber", "Yellow"),
    ("Otterquist", "Neighbor", "4471", "Moorhead"),
    ("Pulse", "72", "Flushing", "Jordan"),
]
HEADS = ("Name", "Administration", "Whose", "Where")
NOTE = (
    "Pt Otterquist, 93 y, seen at Mercy Clinic in Moorhead by Dr. Ono and nurse Rosalind on 3/4/2021.\n"
    "Her son Tadeusz (tel. 555-301-7788) works at Cenex; Mercy called. MRN 00482913. Collected by: Amber Hazy\n"
)


def grid() -> str:
    """A table of markup whose heads no list tells."""
    rows = [HEADS, *ROWS]
    return (
        "<table>" + "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows) + "</table>"
    )


def files() -> dict[str, tuple[ModuleType, bytes]]:
    """A file of each medium."""
    narrative = (
        grid().replace("<table><tr>", "<table><thead><tr>", 1).replace("</tr><tr>", "</tr></thead><tbody><tr>", 1)
    )
    narrative = narrative.replace("</table>", "</tbody></table>") + f"<paragraph>{NOTE}</paragraph>"
    patient = {"resourceType": "Patient", "id": "p", "name": [{"family": "Otterquist", "given": ["Maria"]}]}
    patient["text"] = {"status": "generated", "div": f"<div>{grid()}<p>{NOTE}</p></div>"}
    report = support("hl7").message(f"OBX|1|TX|NOTE||{NOTE.replace(chr(10), ' ')}||||||F")
    table = "patient_id,note\n" + "".join(f'7{at},"{" ".join(row)}. {NOTE}"\n' for at, row in enumerate(ROWS))
    lines = [*(" ".join(row) for row in ROWS), *NOTE.splitlines()]
    return {
        "cda": (cda, support("cda").document(support("cda").section(narrative))),
        "fhir": (fhir, json.dumps(patient).encode()),
        "hl7": (hl7, report if isinstance(report, bytes) else report.encode()),
        "text": (text, (NOTE + "\n".join("\t".join(row) for row in ROWS)).encode()),
        "html": (text, f"<html><body>{grid()}<p>{NOTE}</p></body></html>".encode()),
        "table": (tabular, table.encode()),
        "pdf": (document, pdf_support.simple(pdf_support.text_lines(*lines))),
    }


class Nobody:
    """One person, whoever is asked for."""

    own = Person("P-0001", -41, over_89=False, key=b"p" * 32, known=(("name", "Otterquist^Maria"), ("id", "00482913")))

    def find(self, ids: object) -> Person:
        return self.own


def main() -> None:
    """Print a line for each medium."""
    treatment = support("cda").treatment()
    for name, (medium, data) in files().items():
        found = medium.harvest(io.BytesIO(data), len(data), treatment)
        out = io.BytesIO()
        medium.rewrite(io.BytesIO(data), out, Nobody(), treatment)
        print(name, hashlib.sha256(repr(found.people).encode() + repr(found.where).encode()).hexdigest()[:16], end=" ")
        print(hashlib.sha256(out.getvalue()).hexdigest()[:16])


if __name__ == "__main__":
    main()
