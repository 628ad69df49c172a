"""The made-up hospital's PDF report, its zip of letters, and its labeled notes. Written by hand, byte by byte the same.

Never used to clean anything.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence

from curator.demo.fill import filled
from curator.demo.people import Patient
from curator.demo.tables import STAMP, Pens


def report(who: Patient, pens: Pens) -> bytes:
    """Return a PDF with one page of text in Helvetica, compressed, and names in its document information."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

    pen = pens(who, "pdf")
    lines = filled("report.txt", pen).splitlines()
    shown = [f"({_escaped(line)}) Tj T*" for line in lines]
    content = DecodedStreamObject()
    content.set_data("\n".join(["BT /F1 11 Tf 15 TL 60 760 Td", *shown, "ET"]).encode("cp1252"))
    writer = PdfWriter()
    page = writer.add_blank_page(width=612, height=792)
    font = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
    made = DictionaryObject({NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): made})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = content.flate_encode()
    writer.metadata = DictionaryObject(
        {
            NameObject("/Title"): TextStringObject(f"Report of {pen('own', 'given')} {pen('own', 'surname')}"),
            NameObject("/Author"): TextStringObject(f"{pen('given', 'author')} {pen('family', 'author')}"),
        }
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def letters(people: Sequence[Patient], pens: Pens) -> bytes:
    """Return a zip with a letter in a folder named after each patient, and a member that leads out of the folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for who in people:
            pen = pens(who, "zip")
            name = f"{pen('own', 'surname')}_{pen('own', 'given')}/{pen('own', 'mrn')}_letter.txt"
            _put(archive, name, filled("letter.txt", pen).encode("utf-8"))
        _put(archive, "../evil.txt", filled("letter.txt", pens(people[0], "zip")).encode("utf-8"))
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)


def labeled(people: Sequence[Patient], pens: Pens) -> bytes:
    """Return notes with labeled ranges, as the annotation tool doccano exports them: JSON Lines."""
    lines = []
    for number, who in enumerate(people, 1):
        pen = pens(who, "jsonl")
        text = filled("labeled.txt", pen).strip()
        spans = [[text.index(word), text.index(word) + len(word), label] for word, label in _spans(who)]
        lines.append({"id": number, "text": text, "label": spans, "xq_ref": pen("number", "an unknown member")})
    return "".join(json.dumps(line) + "\n" for line in lines).encode("ascii")


def _spans(who: Patient) -> list[tuple[str, str]]:
    return [(who.surname, "PATIENT"), ("chest pain", "SYMPTOM"), ("Foley catheter", "DEVICE")]
