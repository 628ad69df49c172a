"""Tables that a user gives for splits: who goes into which split, and what strata are made of.

Nothing of a table is ever printed but the numbers of rows. A table that names anybody twice or anybody unknown is
refused whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from curator.core.errors import UsageError
from curator.release.splits import is_name

MOST_BYTES = 64 << 20
_LONGEST = 80
_KEY = "pseudonym"


def read_table(path: Path, known: Collection[str], guard: Callable[[str], bool]) -> dict[str, dict[str, str]]:
    """Read a table with a column ``pseudonym``.

    Parameters
    ----------
    path
        UTF-8 CSV with a heading, at most 64 MiB.
    known
        The pseudonyms of the project.
    guard
        Refuses values that may hold an identifier: they will stand in a document that leaves.

    Returns
    -------
    dict
        Pseudonym to column to value, ``pseudonym`` left out, empty cells as empty texts.

    Raises
    ------
    UsageError
        SPL-006 for its form, SPL-007 for unknown pseudonyms, SPL-008 for one that stands twice.
    """
    heads, rows = _rows(path)
    made: dict[str, dict[str, str]] = {}
    unknown, doubled = [], []
    for number, row in enumerate(rows, 2):
        name = row[heads.index(_KEY)]
        if name not in known:
            unknown.append(number)
        elif name in made:
            doubled.append(number)
        made[name] = {head: cell for head, cell in zip(heads, row, strict=True) if head != _KEY}
    if unknown:
        raise UsageError("SPL-007", count=len(unknown), row=unknown[0])
    if doubled:
        raise UsageError("SPL-008", count=len(doubled), row=doubled[0])
    values = {cell for row in made.values() for cell in row.values()} - {""}
    if any(len(value) > _LONGEST or not value.isprintable() for value in values):
        raise UsageError("SPL-006", why="a value has more than 80 characters or marks that do not print")
    if not all(map(guard, sorted(values))):
        raise UsageError("SPL-006", why="a value may hold an identifier")
    return made


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError("SPL-006", why="it cannot be read as UTF-8") from None
    if len(data) > MOST_BYTES or "\0" in text:
        raise UsageError("SPL-006", why="it is larger than 64 MiB, or no text")
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        raise UsageError("SPL-006", why="it is not CSV") from None
    heads = [head.lower() for head in rows[0]] if rows else []
    if _KEY not in heads or len(set(heads)) != len(heads) or not all(map(is_name, heads)):
        raise UsageError("SPL-006", why="its heading lacks pseudonym, names a column twice, or has odd names")
    if any(len(row) != len(heads) for row in rows):
        raise UsageError("SPL-006", why="a row has more or fewer cells than the heading")
    return heads, rows[1:]


def splits_in(
    table: Mapping[str, Mapping[str, str]], stands: Mapping[str, str], left: Collection[str]
) -> dict[str, str]:
    """Return pseudonym to split from a table, held against the assignments that stand.

    Raises
    ------
    UsageError
        SPL-006 without a column ``split`` or for a name that is none, SPL-010 against an earlier assignment.
    """
    made = {name: row.get("split", "") for name, row in table.items()}
    if not all(map(is_name, made.values())):
        raise UsageError("SPL-006", why="it lacks the column split, or a name in it is none")
    moved = [at for at, (name, split) in enumerate(made.items(), 2) if stands.get(name, split) != split or name in left]
    if moved:
        raise UsageError("SPL-010", count=len(moved), row=moved[0])
    return made


def check_sites(*tables: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse tables that name different sites for one patient (SPL-009)."""
    seen: dict[str, set[str]] = {}
    for table in tables:
        for name, row in table.items():
            if row.get("site"):
                seen.setdefault(name, set()).add(row["site"])
    differing = sum(len(sites) > 1 for sites in seen.values())
    if differing:
        raise UsageError("SPL-009", count=differing)
