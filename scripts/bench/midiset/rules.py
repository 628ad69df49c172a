"""What becomes of an attribute by the standard: PS3.15 Table E.1-1 with the options that TCIA names for its curation.

The options are those of TCIA's statement of its process: Clean Descriptors, Retain Longitudinal Temporal Information
with Modified Dates, Retain Patient Characteristics, Retain Device Identity, Retain Safe Private; for reports, Clean
Structured Content. Read from the tables alone: nothing here asks the program that is measured.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE.parents[2] / "curator" / "scrub" / "dicom" / "data" / "ps315_e1_1.tsv"
#: Column of the table and the subcategory that an action under the option is counted in.
OPTIONS = {
    "patient": "TCIA-P15-PAT",
    "device": "TCIA-P15-DEV",
    "modified_dates": "TCIA-P15-MOD",
    "descriptors": "TCIA-P15-DESC",
    "structured": "TCIA-P15-STRUCT",
}


@dataclass(frozen=True)
class Rule:
    """What is done with an attribute: ``keep``, ``clean`` or the action of the Basic Profile; and by which rule."""

    action: str
    category: str


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t"))


@cache
def _table() -> dict[str, dict[str, str]]:
    return {row["tag"].lower(): row for row in _rows(TABLE)}


@cache
def safe_private() -> frozenset[tuple[int, str, int]]:
    """Return Table E.3.10-1 as (group, creator, last two digits of the element)."""
    rows = _rows(HERE / "safe_private.tsv")
    return frozenset((int(row["group"], 16), row["creator"].upper(), int(row["element"], 16)) for row in rows)


@cache
def types() -> tuple[tuple[str, int, frozenset[str]], ...]:
    """Return (keyword, type, modalities) of the attributes that an object must carry."""
    rows = _rows(HERE / "iod_types.tsv")
    return tuple((row["keyword"], int(row["type"]), frozenset(row["modalities"].split(","))) for row in rows)


def type_of(keyword: str, modality: str) -> int:
    """Return 1 or 2 for an attribute that the object must carry, else 0."""
    return next((kind for name, kind, where in types() if name == keyword and (modality in where or "*" in where)), 0)


@cache
def rule_of(tag: int) -> Rule | None:
    """Return the rule for a standard attribute, None when the table has none: then it stays."""
    row = _table().get(f"{tag:08x}")
    if row is None and tag >> 24 in {0x50, 0x60}:  # repeating groups
        row = _table().get("50xxxxxx" if tag >> 24 == 0x50 else f"60xx{tag & 0xFFFF:04x}")
    if row is None:
        return None
    for letter, action in (("K", "keep"), ("C", "clean")):
        for option, category in OPTIONS.items():
            if row.get(option) == letter:
                return Rule(action, f"{category}-{letter}")
    return Rule(row["basic"], f"TCIA-P15-BASIC-{row['basic'].rstrip('*')}")
