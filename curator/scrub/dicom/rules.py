"""The rule tables, read from ``data/``: PS3.15 Table E.1-1 and the supplement. Facts only, no decisions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Row:
    """One row of Table E.1-1.

    Parameters
    ----------
    tag
        8 hex digits with ``x`` for any digit, or ``ODD``.
    keyword
        As in the table.
    basic
        Action of the Basic Profile.
    options
        Actions of the option columns that are not blank, by the column's name in the data file.
    """

    tag: str
    keyword: str
    basic: str
    options: dict[str, str]


@dataclass(frozen=True)
class Supplement:
    """Rules beyond the table. Tags are integers; ``patterns`` are (mask, value) pairs.

    ``staff_texts`` are descriptions and labels that the Clean Descriptors Option cleans; ``words`` are texts that hold
    codes and terms and never prose; ``walked`` are sequences whose dummy is their own items, each value replaced;
    ``technical`` are texts about machines, ``versions`` those of them that may be one. Sequences of the table:
    ``absent`` go, since none is valid and one without items is not; ``empty`` lose their items; ``empty_in_reports`` do
    so in structured reports, and go elsewhere.
    ``keepers`` are organizations that keep coding schemes; ``of_classes`` are attributes that name SOP classes, and
    ``private_classes`` those of makers. ``required`` texts become a dummy where their value must go,
    ``emptied`` ones are emptied. ``closed`` texts stay where they are on their list; a recipe gives ``enumerated`` ones
    none but values of the standard's list. ``images`` are the SOP classes of images whose modules demand no date, with
    their kind; ``demanded`` are the dates that the modules of a kind demand all the same.
    """

    exact: dict[int, str]
    patterns: tuple[tuple[int, int, str], ...]
    by_vr: dict[str, str]
    staff_texts: frozenset[int]
    words: frozenset[int]
    technical: frozenset[int]
    versions: frozenset[int]
    walked: frozenset[int]
    required: frozenset[int]
    emptied: frozenset[int]
    absent: frozenset[int]
    empty: frozenset[int]
    empty_in_reports: frozenset[int]
    pixels: frozenset[int]
    bulk: frozenset[int]
    icc: frozenset[int]
    single: frozenset[int]
    dummy_code: frozenset[int]
    coding_schemes: frozenset[str]
    keepers: frozenset[str]
    of_classes: frozenset[int]
    private_classes: frozenset[str]
    closed: dict[int, frozenset[str]]
    enumerated: dict[int, frozenset[str]]
    images: dict[str, str]
    demanded: dict[str, frozenset[int]]


def data_text(name: str) -> str:
    """Return the text of a data file of this package."""
    return resources.files("curator.scrub.dicom").joinpath("data", name).read_text(encoding="utf-8")


@cache
def table() -> tuple[Row, ...]:
    """Return all rows of Table E.1-1, in the order of the file."""
    lines = [line for line in data_text("ps315_e1_1.tsv").splitlines() if not line.startswith("#")]
    names = lines[0].split("\t")[3:]
    rows = []
    for line in lines[1:]:
        tag, keyword, basic, *cells = line.split("\t")
        rows.append(Row(tag, keyword, basic, {name: cell for name, cell in zip(names, cells, strict=True) if cell}))
    return tuple(rows)


@cache
def _by_tag() -> tuple[dict[int, Row], tuple[tuple[int, int, Row], ...]]:
    exact, patterns = {}, []
    for row in table():
        if row.tag == "ODD":
            continue
        mask, value = _pattern(row.tag)
        if mask == 0xFFFFFFFF:
            exact[value] = row
        else:
            patterns.append((mask, value, row))
    return exact, tuple(patterns)


def row_of(tag: int) -> Row | None:
    """Return the row of Table E.1-1 that a tag falls under, or None. Odd groups are not asked here."""
    exact, patterns = _by_tag()
    found = exact.get(tag)
    if found is None:
        found = next((row for mask, value, row in patterns if tag & mask == value), None)
    return found


@cache
def supplement() -> Supplement:
    """Return the supplement's rules."""
    raw = tomllib.loads(data_text("supplement.toml"))
    exact: dict[int, str] = {}
    patterns: list[tuple[int, int, str]] = []
    for rule in raw["rules"]:
        for entry in rule["tags"]:
            mask, value = _pattern(entry.split()[0])
            if mask == 0xFFFFFFFF:
                exact[value] = rule["action"]
            else:
                patterns.append((mask, value, rule["action"]))
    return Supplement(
        exact=exact,
        patterns=tuple(patterns),
        staff_texts=frozenset().union(*(_tags(rule["tags"]) for rule in raw["rules"] if rule.get("staff_text"))),
        words=_tags(raw["words"]["tags"]),
        technical=_tags(raw["technical"]["tags"]),
        versions=_tags(raw["versions"]["tags"]),
        walked=_tags(raw["walked"]["tags"]),
        by_vr={vr: action for action, vrs in raw["by_vr"].items() for vr in vrs},
        required=_tags(raw["required"]["tags"]),
        emptied=_tags(raw["emptied"]["tags"]),
        absent=_tags(raw["sequences"]["absent"]),
        empty=_tags(raw["sequences"]["empty"]),
        empty_in_reports=_tags(raw["sequences"]["empty_in_reports"]),
        pixels=_tags(raw["bulk"]["pixels"]),
        bulk=_tags(raw["bulk"]["tags"]),
        icc=_tags(raw["bulk"]["icc"]),
        single=_tags(raw["bulk"]["single"]),
        dummy_code=_tags(raw["dummy_code"]["tags"]),
        coding_schemes=frozenset(raw["coding_schemes"]["uids"]),
        keepers=frozenset(raw["coding_schemes"]["keepers"]),
        of_classes=_tags(raw["private_classes"]["tags"]),
        private_classes=frozenset(entry.split()[0] for entry in raw["private_classes"]["classes"]),
        closed=_lists(raw["closed"]),
        enumerated=_lists(raw["enumerated"]),
        images={entry.split()[0]: kind for kind, rule in raw["images"].items() for entry in rule["classes"]},
        demanded={kind: _tags(rule["demanded"]) for kind, rule in raw["images"].items()},
    )


def plain(text: str) -> str:
    """Return the letters and digits of a text in lower case, for comparison with a closed list."""
    return "".join(mark for mark in text.casefold() if mark.isalnum())


def supplement_action(tag: int) -> str | None:
    """Return the supplement's action for a tag, or None."""
    rules = supplement()
    found = rules.exact.get(tag)
    if found is None:
        found = next((action for mask, value, action in rules.patterns if tag & mask == value), None)
    return found


def _pattern(text: str) -> tuple[int, int]:
    mask = int("".join("0" if digit == "x" else "F" for digit in text), 16)
    return mask, int(text.replace("x", "0"), 16)


def _lists(raw: dict[str, list[str]]) -> dict[int, frozenset[str]]:
    return {int(entry.split()[0], 16): frozenset(plain(word) for word in words) for entry, words in raw.items()}


def _tags(entries: Iterable[str]) -> frozenset[int]:
    return frozenset(int(entry.split()[0], 16) for entry in entries)
