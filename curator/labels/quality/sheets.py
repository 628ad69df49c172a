"""The small CSV files of an audit: worklists out, findings, strata and answers in.

Read whole or refused; no error repeats a cell. A cell that a spreadsheet could take for a formula is written with an
apostrophe before it, and read back without.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from curator.core.errors import UsageError
from curator.core.files import put_if_absent, translated, write_whole
from curator.provenance.kinds_audit import FINDINGS, WRONG

MAX_BYTES = 64 << 20
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def rows_bytes(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return the bytes of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(str(one)) for one in row] for row in rows)
    return out.getvalue().encode()


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Write a CSV file whole, in place of another of its name (SYS-001, SYS-002)."""
    write_whole(path, rows_bytes(header, rows))


def write_once(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Write a CSV file that people fill in or keep, never over one of its name with other content (CON-009)."""
    data = rows_bytes(header, rows)
    if not path.parent.is_dir():
        raise UsageError("CON-009")
    with translated():
        if not put_if_absent(path, data) and (not path.is_file() or path.read_bytes() != data):
            raise UsageError("CON-009")


def read_rows(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, str]]:
    """Read a CSV file's rows, cells trimmed; other columns are passed over.

    Raises
    ------
    UsageError
        QUA-015 when it cannot be read whole, lacks a column, or a row is longer or shorter than the header.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UsageError("QUA-015", why="it is larger than 64 MiB")
        rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True) if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError("QUA-015", why="it cannot be read as CSV in UTF-8") from None
    header = [name.strip() for name in rows[0]] if rows else []
    if any(header.count(name) != 1 for name in needed) or any(header.count(name) > 1 for name in optional):
        raise UsageError("QUA-015", why=f"its header needs each of {', '.join(needed)} once")
    uneven = sum(len(row) != len(header) for row in rows)
    if uneven:
        raise UsageError("QUA-015", why=f"{uneven} rows are longer or shorter than the header")
    places = {name: header.index(name) for name in (*needed, *optional) if name in header}
    return [{name: _plain(row[at]) for name, at in places.items()} for row in rows[1:]]


def _plain(text: str) -> str:
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def read_pairs(path: Path, value: str) -> dict[str, str]:
    """Read a table of label ids and one more column (QUA-015; QUA-018 for a label that stands twice)."""
    rows = read_rows(path, ("label", value))
    made = {row["label"]: row[value] for row in rows}
    if len(made) != len(rows):
        raise UsageError("QUA-018", count=len(rows) - len(made))
    return made


def read_findings(path: Path) -> dict[str, tuple[str, str | None]]:
    """Read what an auditor found: label to verdict and right value; rows without a verdict are passed over.

    Raises
    ------
    UsageError
        QUA-015, QUA-018; QUA-019 for a verdict that is none, or a right value beside one that is not ``wrong``.
    """
    rows = [row for row in read_rows(path, ("label", "verdict"), ("corrected",)) if row["verdict"]]
    odd = sum(
        row["verdict"] not in FINDINGS or (bool(row.get("corrected")) and row["verdict"] != WRONG) for row in rows
    )
    if odd:
        raise UsageError("QUA-019", count=odd)
    made = {row["label"]: (row["verdict"], row.get("corrected") or None) for row in rows}
    if len(made) != len(rows):
        raise UsageError("QUA-018", count=len(rows) - len(made))
    return made
