"""The made-up hospital's tables: visits as CSV, a workbook with a hidden sheet, laboratory results as Parquet.

The same patients and pens give the same bytes: no time of writing, no library's clock. Never used to clean
anything.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Sequence

from curator.demo.fill import filled
from curator.demo.pen import Pen
from curator.demo.people import Patient, written

#: The time that every made file states, where its format wants one.
STAMP = (2014, 1, 1, 0, 0, 0)
VISITS = ("patient_id", "name", "dob", "visit_date", "zip", "hemoglobin", "creatinine", "comment", "xq_handle")
VISITS_SHEET = ("patient_id", "first_name", "last_name", "birth_date", "visit_date", "loinc", "hemoglobin", "comment")
Pens = Callable[[Patient, str], Pen]


def visits(people: Sequence[Patient], pens: Pens) -> bytes:
    """Return a CSV of one visit a patient, with a column that nobody knows."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(VISITS)
    for who in people:
        pen = pens(who, "csv")
        name = f"{pen('own', 'surname')}, {pen('own', 'given')}"
        row = [pen("own", "mrn"), name, pen("own", "born", "iso"), pen("date", "visit", "us"), pen("zip", "home")]
        table.writerow([*row, who.lab, "0.86", filled("comment.txt", pen).strip(), pen("number", "unknown")])
    return out.getvalue().encode("utf-8")


def ragged(people: Sequence[Patient], pens: Pens) -> bytes:
    """Return a CSV whose rows are not of one length."""
    lines = ["patient_id,name,dob,comment"]
    for place, who in enumerate(people):
        pen = pens(who, "csv")
        comment = f"call {pen('phone', 'ragged row')}" + (", then,write" if place % 2 else "")
        lines.append(f"{pen('own', 'mrn')},{pen('own', 'surname')},{pen('own', 'born', 'us')},{comment}")
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


def workbook(people: Sequence[Patient], pens: Pens) -> bytes:
    """Return an Excel workbook: visits, a hidden sheet of contacts, a comment, properties with names."""
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "visits"
    sheet.append(list(VISITS_SHEET))
    hidden = book.create_sheet("contacts")
    hidden.sheet_state = "hidden"
    hidden.append(["patient_id", "ssn", "phone", "email", "address", "next_of_kin"])
    for who in people:
        pen = pens(who, "excel")
        born, visit = (_day(pen(*what, "compact")) for what in (("own", "born"), ("date", "visit")))
        row = [pen("own", "mrn"), pen("own", "given"), pen("own", "surname"), born, visit, "718-7", float(who.lab)]
        sheet.append([*row, filled("comment.txt", pen).strip()])
        kin = f"{pen('given', 'kin')} {pen('family', 'kin')}"
        address = f"{pen('street', 'home')}, {pen('town', 'home')}, {pen('state', 'home')} {pen('zip', 'home')}"
        contact = [pen("ssn", "a hidden sheet"), pen("phone", "a hidden sheet"), pen("email", "a hidden sheet")]
        hidden.append([pen("own", "mrn"), *contact, address, kin])
    pen = pens(people[0], "excel")
    note = f"Ask {pen('given', 'a cell comment')} {pen('family', 'a cell comment')}, {pen('phone', 'a cell comment')}"
    sheet["H2"].comment = Comment(note, pen("family", "a comment's author"))
    book.properties.creator = pen("family", "the workbook's author")
    book.properties.title = f"Visits of {pen('family', 'the title')}"
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _day(compact: str) -> dt.date:
    return dt.date.fromisoformat(written(compact, "iso"))


def _without_clock(data: bytes) -> bytes:
    """Write the parts of an office document again with one time in all of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>2014-01-01T00:00:00Z", part)
            new.writestr(zipfile.ZipInfo(name, STAMP), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def results(people: Sequence[Patient], pens: Pens) -> bytes:
    """Return laboratory results as Parquet: typed dates, a list, an unknown column, names in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = []
    for who in people:
        pen = pens(who, "parquet")
        doctor = f"{pen('given', 'orderer')} {pen('family', 'orderer')}"
        rows.append(
            {
                "patient_id": pen("own", "mrn"),
                "birth_date": _day(pen("own", "born", "compact")),
                "result_date": _day(pen("date", "result", "compact")),
                "ordering_provider": doctor,
                "test_name": "hemoglobin",
                "loinc_code": "718-7",
                "result_value": float(who.lab),
                "unit": "g/dL",
                "result_comment": filled("comment.txt", pen).strip(),
                "xq_tags": [pen("number", "a list"), pen("family", "a list")],
            }
        )
    pen = pens(people[0], "parquet")
    metadata = {
        "exported_by": f"{pen('given', 'metadata')} {pen('family', 'metadata')}",
        "export_path": f"/home/{pen('family', 'a path in metadata')}/{pen('number', 'metadata')}.csv",
    }
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows).replace_schema_metadata(metadata), out, compression="zstd")
    return out.getvalue()
