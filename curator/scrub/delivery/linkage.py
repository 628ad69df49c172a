"""The linkage table: a CSV file that says which IDs, names and birth dates are of one person. Kept in the vault."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.identifiers.persons import normal_id
from curator.project.vault import Vault
from curator.scrub.delivery.state import packed, unpacked
from curator.scrub.policy.load import folded_column
from curator.scrub.typed_dates import read_typed

LARGEST = 256 << 20
_NAME = "linkage"
#: Column (folded) to what it says. A row is one person; rows that share an ID are one person too.
COLUMNS = {
    "mrn": "mrn",
    "medical_record_number": "mrn",
    "patient_id": "mrn",
    "dicom_id": "mrn",
    "dicom_patient_id": "mrn",
    "fhir_id": "fhir",
    "fhir_patient_id": "fhir",
    "fhir_patient": "fhir",
    "name": "name",
    "patient_name": "name",
    "names": "name",
    "birth_date": "birth_date",
    "dob": "birth_date",
    "date_of_birth": "birth_date",
    "issuer": "issuer",
    "other_id": "other",
}
MOST_COLUMNS = 64


def read_linkage(path: Path) -> list[dict[str, Any]]:
    """Read a linkage table.

    Returns
    -------
    list of dict
        One a row: ``ids`` as [kind, issuer, value] and ``known`` as [category, value]. Several values in a cell are
        parted by ``;``, several columns may say the same.

    Raises
    ------
    UsageError
        LNK-001 when it cannot be read, LNK-002 for a column that is not known, LNK-003 for a row that does not fit.
    """
    try:
        data = path.read_bytes()
        if len(data) > LARGEST:
            raise ValueError
        text = data.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, ValueError, csv.Error):
        raise UsageError("LNK-001") from None
    if not rows:
        raise UsageError("LNK-001")
    roles = [COLUMNS.get(_plain(folded_column(cell)), "") for cell in rows[0]]
    for number, role in enumerate(roles, 1):
        if not role:
            raise UsageError("LNK-002", column=number, known=", ".join(sorted(COLUMNS)))
    if not {"mrn", "fhir"} & set(roles):
        raise UsageError("LNK-004")
    return [_row(roles, cells, number) for number, cells in enumerate(rows[1:], 2) if any(cells)]


def _plain(name: str) -> str:
    """Return a column's name without a number at its end: mrn_2 is a second mrn."""
    stem, _, tail = name.rpartition("_")
    return stem if tail.isdecimal() and stem else name.rstrip("0123456789") if name not in COLUMNS else name


def _row(roles: list[str], cells: list[str], number: int) -> dict[str, Any]:
    if len(cells) != len(roles):
        raise UsageError("LNK-003", row=number)
    issuer = next((cell.strip() for role, cell in zip(roles, cells, strict=True) if role == "issuer"), "")
    ids: list[list[str]] = []
    known: list[list[str]] = []
    for role, cell in zip(roles, cells, strict=True):
        for part in cell.split(";"):
            value = normal_id(part)
            if not value or role == "issuer":
                continue
            if role in {"mrn", "fhir"}:
                ids.append([role, issuer if role == "mrn" else "", value])
                known.append(["id", value])
            elif role == "birth_date":
                read = read_typed(value)
                if read is None or read.compact is None:
                    raise UsageError("LNK-003", row=number)
                known.append(["birth_date", read.compact])
            else:
                known.append(["name" if role == "name" else "other", value])
    if not ids:
        raise UsageError("LNK-003", row=number)
    return {"ids": ids, "known": known}


def keep_linkage(vault: Vault, rows: list[dict[str, Any]]) -> int:
    """Add rows to the vault's linkage and return how many are new. What was once stated stays."""
    before = stored_linkage(vault)
    seen = {packed(row) for row in before}
    new = []
    for row in rows:
        form = packed(row)
        if form not in seen:
            seen.add(form)
            new.append(row)
    if new:
        vault.put(_NAME, packed({"format": 1, "rows": before + new}))
    return len(new)


def stored_linkage(vault: Vault) -> list[dict[str, Any]]:
    """Return the rows that the vault holds.

    Raises
    ------
    IntegrityError
        VLT-003 when they were changed.
    """
    data = vault.get(_NAME)
    return list(unpacked(data)["rows"]) if data is not None else []
