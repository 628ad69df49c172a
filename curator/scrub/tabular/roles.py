"""What a column is, by its name alone: the shipped table of names, and the words that may stand around them.

A name that passes into the clean file must be one that this table or the policy spells out. So a name is known only if
all of its words are: no pattern here lets a free word through.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from curator.scrub.policy.load import folded_column
from curator.scrub.tabular.headings import Heading, heading


class Role(StrEnum):
    """What becomes of a column."""

    DROP = "drop"
    NAME = "name"
    PSEUDONYM = "pseudonym"
    CODE = "code"
    UID = "uid"
    BIRTH_DATE = "birth_date"
    DATE = "date"
    AGE = "age"
    ZIP3 = "zip3"
    GENERALIZE = "generalize"
    YEAR = "year"
    TEXT = "text"
    KEEP = "keep"


#: Roles from the strictest to the laxest: of two readings of a name the stricter one holds.
STRICTNESS = tuple(Role)
#: Columns that this table calls one of these hold identifiers: keeping them costs the claim of Safe Harbor.
IDENTIFYING = frozenset(Role) - {Role.TEXT, Role.KEEP}


#: Words of a name from which on it is none that the table has.
_MOST_WORDS = 12
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PLAIN_NAME = re.compile(r"[^\W_][\w .-]{0,79}")


@dataclass(frozen=True)
class Spec:
    """What the table says of a name.

    Parameters
    ----------
    role
        What becomes of the column.
    place
        The table's own spelling of the name, for lists of actions; ``column`` when the table does not have it.
    kind
        Of a pseudonym: ``mrn`` or ``fhir``.
    domain
        Of a code: what is counted as one kind of ID.
    known
        What a value is of a person, a category of :class:`curator.scrub.medium.RecordPerson`; empty for nothing.
    who, part
        Of a name: whose, and ``whole``, ``given``, ``middle`` or ``family``; ``issuer``: who gave the patient's ID.
    per_year
        Of an age: units in a year.
    closed
        Of keep: the list outside of which a value is emptied.
    coded
        Of keep: codes of a terminology, which may be long numbers.
    weak
        Of a pseudonym: holds only where no other column is one.
    birth
        Of a year: the year of a birth.
    day_first
        Of a date: 03/04/2021 is the third of April, as the table's other dates tell.
    serial
        Of a date: the unit in which its numbers count, a name of :mod:`curator.scrub.tabular.serials`; empty for none.
    lapse
        Of a date: its numbers may be lapses of time as well, ``doubtful`` where each must tell, ``sure`` where the
        column does, ``seconds`` where they stand beside durations and may be long; empty where none is.
    padded
        Of a ZIP code: one of four digits has lost its leading zero, as the table's others tell.
    abroad
        Of a ZIP code: the name is one for other countries' codes, so that the row must say that this is one.
    loose
        Of a name: the heading alone does not say that these are people; what stands below and beside must tell.
    """

    role: Role
    place: str = "column"
    kind: str = "mrn"
    domain: str = ""
    known: str = ""
    who: str = ""
    part: str = "whole"
    per_year: float = 1.0
    closed: str = ""
    coded: bool = False
    weak: bool = False
    birth: bool = False
    day_first: bool = False
    serial: str = ""
    lapse: str = ""
    padded: bool = False
    abroad: bool = False
    loose: bool = False


@dataclass(frozen=True)
class _Table:
    specs: Mapping[str, Spec]
    front: frozenset[str]
    back: frozenset[str]
    lists: Mapping[str, frozenset[str]]
    beside: Mapping[str, frozenset[str]]


def squeezed(name: str) -> str:
    """Return the letters and digits of a name alone, as the table compares names."""
    return folded_column(name).replace("_", "")


@cache
def _table() -> _Table:
    raw, models = _data("column_roles.toml"), _data("model_columns.toml")
    specs: dict[str, Spec] = {}
    for entry in [*raw["columns"], *models["columns"]]:
        fields = {key: value for key, value in entry.items() if key not in {"names", "role"}}
        spec = Spec(role=Role(entry["role"]), **fields)
        for name in entry["names"].split():
            key, made = squeezed(name), replace(spec, place=folded_column(name))
            if key not in specs or _rank(made) < _rank(specs[key]):
                specs[key] = made
    for name, spec in _sdtm(raw["sdtm"]):
        specs.setdefault(squeezed(name), spec)
    lists = {
        name: frozenset(word.casefold() for entry in re.split(r"[|\n]", text.strip()) for word in _both(entry))
        for name, text in raw["lists"].items()
    }
    affixes, beside = raw["affixes"], {name: frozenset(text.split()) for name, text in raw["beside"].items()}
    return _Table(specs, frozenset(affixes["front"].split()), frozenset(affixes["back"].split()), lists, beside)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("curator.scrub.tabular").joinpath("data", name).read_text(encoding="utf-8"))


def _sdtm(raw: dict[str, str]) -> Iterator[tuple[str, Spec]]:
    """Yield the variables of all domains with their roles."""
    for role, listed in raw.items():
        if role == "domains":
            continue
        for domain in raw["domains"].split():
            for variable in listed.split():
                name = domain + variable
                yield name, Spec(Role(role), place=name, domain="record" if role == "code" else "")


def _both(entry: str) -> tuple[str, str]:
    code, _, name = entry.strip().partition(" ")
    return code, name


def _rank(spec: Spec) -> int:
    return STRICTNESS.index(spec.role)


def known_names() -> int:
    """Return how many names the table has."""
    return len(_table().specs)


def in_list(name: str, value: str) -> bool:
    """Say whether a value stands in one of the table's closed lists, case aside."""
    return " ".join(value.split()).casefold() in _table().lists[name]


def places_in(name: str) -> frozenset[str]:
    """Return one of the lists of places that tell something of the column beside them."""
    return _table().beside[name]


def spec_of(name: str) -> Spec | None:
    """Look a column's name up.

    Parameters
    ----------
    name
        As it stands in the file.

    Returns
    -------
    Spec or None
        None when the name holds a word that the table does not have.
    """
    if len(name) > 200:
        return None
    folded = folded_column(name)
    if folded.isascii():
        return _lookup(folded) or _of_people(folded)
    spelled_out, plain = _plain(folded.translate(_TWO_LETTERS)), _plain(folded)
    return _lookup(spelled_out) or _lookup(plain) or _of_people(spelled_out) or _of_people(plain)


@lru_cache(maxsize=4096)
def _of_people(folded: str) -> Spec | None:
    """Read a name that is put together of words over people's names."""
    parts = folded.split("_") if folded else []
    read = heading(parts) if len(parts) <= _MOST_WORDS else None
    return None if read is None else _spec_of_heading(read)


def _spec_of_heading(read: Heading) -> Spec:
    place = "_".join(read.words)
    if read.reach:
        return Spec(Role.DROP, place=place, known=read.reach)
    # A word for a relative may be a name too (Mari, Avo): as a heading alone it does not pass.
    role = Role.DROP if read.bare and read.who != "patient" else Role.NAME
    return Spec(role, place=place, known="name", who=read.who, part=read.part, loose=read.bare)


def _plain(folded: str) -> str:
    """Return a folded name without accents, as the table has its names."""
    parts = unicodedata.normalize("NFKD", folded)
    return "".join(mark for mark in parts if not unicodedata.combining(mark))


@lru_cache(maxsize=4096)
def _lookup(folded: str) -> Spec | None:
    """Take neutral words off both ends until the rest is known; the fewest taken off win, then the stricter reading."""
    table = _table()
    words = folded.split("_") if folded else []
    if len(words) > _MOST_WORDS:
        return None
    tried = {(0, len(words))}
    edge = list(tried)
    while edge:
        found = [table.specs[key] for start, end in edge if (key := "".join(words[start:end])) in table.specs]
        if found:
            spec = min(found, key=_rank)
            # Words around it say whose name it is: pt_name.
            return replace(spec, loose=False) if spec.loose and (0, len(words)) not in edge else spec
        beyond = set()
        for start, end in edge:
            if end - start > 1 and words[start] in table.front:
                beyond.add((start + 1, end))
            if end - start > 1 and (words[end - 1] in table.back or re.fullmatch(r"\d{1,2}", words[end - 1], re.ASCII)):
                beyond.add((start, end - 1))
        edge = sorted(beyond - tried)
        tried |= beyond
    return _numbered(words, table)


def _numbered(words: list[str], table: _Table) -> Spec | None:
    """Look up a name whose last word carries a number of one or two digits, such as ``dx12``."""
    match = re.fullmatch(r"([a-z_]*[a-z])\d{1,2}", "_".join(words), re.ASCII)
    return table.specs.get(match[1].replace("_", "")) if match else None


def written(name: str, spec: Spec) -> str:
    """Return the name that a column of the table has in the clean file.

    As it stands where it parts its words as the table does, or not at all, and holds plain marks only; else in the
    table's own spelling, so that ``Al T`` over the results of a patient does not pass as the enzyme.
    """
    folded = folded_column(name)
    if spec.place == "column":  # the policy alone names it
        return name if _PLAIN_NAME.fullmatch(name) else folded
    for plain in (folded, _plain(folded.translate(_TWO_LETTERS)), _plain(folded)):
        if _parted_alike(plain, spec.place):
            return name if plain == folded and _PLAIN_NAME.fullmatch(name) else plain
    return spec.place


def _parted_alike(folded: str, place: str) -> bool:
    """Say whether a folded name holds a name of the table with its words parted as there, or not at all."""
    bare = re.sub(r"(?<=[a-z])\d{1,2}$", "", folded)
    return any(f"_{one}_" in f"_{words}_" for one in (place, place.replace("_", "")) for words in (folded, bare))


def is_identifier(name: str) -> bool:
    """Say whether the table calls a column one that holds identifiers."""
    spec = spec_of(name)
    return spec is not None and (spec.role in IDENTIFYING or bool(spec.known))


def is_of_dates(name: str) -> bool:
    """Say whether the table calls a column one of dates."""
    spec = spec_of(name)
    return spec is not None and spec.role in {Role.DATE, Role.BIRTH_DATE}
