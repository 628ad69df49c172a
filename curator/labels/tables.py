"""The tables that a user gives to an import: annotators and derived images. No value of one enters an error."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from curator.core.errors import UsageError
from curator.labels.naming import Derived, matrix_of

LARGEST = 256 << 20
AUTHORS = ("as-in-file", "reader")
DERIVED = ("derived", "sample")
_MATRIX = tuple("abcdef")


def _bad(option: str, reason: str) -> UsageError:
    return UsageError("IMP-007", option=option, reason=reason)


def _rows(path: Path, option: str, needed: tuple[str, ...], more: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV table in UTF-8 by the names of its header (IMP-007)."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError:
        data = None
    if data is None:
        raise _bad(option, "it cannot be read, or is too large")
    try:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip().lower() for name in next(rows, [])]
        if not set(needed) <= set(header) <= {*needed, *more} or len(set(header)) != len(header):
            raise _bad(option, f"its header is not {', '.join(needed)}{' and more that are known' * bool(more)}")
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise _bad(option, "a row has more or fewer cells than the header")
            yield {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    except UnicodeDecodeError:
        raise _bad(option, "it is not UTF-8") from None
    except csv.Error:
        raise _bad(option, "its quotes do not close, or a cell is too long") from None


def _pairs(path: Path, option: str, columns: tuple[str, str], *, empty: bool = False) -> dict[str, str]:
    made: dict[str, str] = {}
    for row in _rows(path, option, columns):
        old, new = (row[name] for name in columns)
        if not new or (not old and not empty):
            raise _bad(option, "a cell is empty")
        if made.setdefault(old, new) != new:
            raise _bad(option, "two rows give one name two meanings")
    return made


def read_authors(path: Path) -> dict[str, str]:
    """Read who is who: the name in the export to the id of an enrolled person; an empty name is nobody's (IMP-007)."""
    made = _pairs(path, "--annotator-map", AUTHORS, empty=True)
    folded: dict[str, str] = {}
    for name, person in made.items():
        if folded.setdefault(name.casefold(), person) != person:
            raise _bad("--annotator-map", "two rows give one name two meanings")
    return made


def read_derived(path: Path) -> dict[str, Derived]:
    """Read what derived images and texts show (IMP-007).

    Parameters
    ----------
    path
        CSV with the columns ``derived`` and ``sample``, and as wanted ``frame`` (from 1) and ``a`` to ``f``: x of the
        sample is a*x + b*y + c, y is d*x + e*y + f.
    """
    option = "--derived"
    made: dict[str, Derived] = {}
    for row in _rows(path, option, DERIVED, ("frame", *_MATRIX)):
        frame = row.get("frame", "")
        if not row["derived"] or not row["sample"] or (frame and not (frame.isdecimal() and 0 < len(frame) <= 7)):
            raise _bad(option, "a cell is empty, or a frame is no number from 1")
        if frame and int(frame) < 1:
            raise _bad(option, "a frame is no number from 1")
        try:
            matrix = matrix_of(row.get(name, "") for name in _MATRIX)
        except ValueError:
            raise _bad(option, "a pixel transform is not six numbers that can be undone") from None
        one = Derived(row["sample"], int(frame) if frame else None, matrix)
        if made.setdefault(row["derived"], one) != one:
            raise _bad(option, "two rows give one name two meanings")
    return made
