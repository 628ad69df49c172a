"""The tables about content items: PS3.15 Table E.3.4-1 and what is added to it. Facts only, no decisions.

Concepts are compared by code and scheme without padding; SNOMED RT codes are read as their SNOMED CT ones.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from curator.scrub.dicom.rules import data_text

#: Designators under which SNOMED RT codes are written (PS3.16 section 8.1).
_SNOMED_RT = frozenset({"srt", "snm3", "99sdm"})


@dataclass(frozen=True)
class Concept:
    """One row of Table E.3.4-1, or of the rows added to it.

    Parameters
    ----------
    value_type
        As in PS3.3 Table C.17.3-7.
    basic
        Action of the profile: X, D or X/D.
    options
        Actions of the option columns that are not blank, by the column's name in the data file.
    """

    value_type: str
    basic: str
    options: dict[str, str]


@dataclass(frozen=True)
class Rules:
    """What ``structured.toml`` says, besides its rows.

    Parameters
    ----------
    value_types
        Tags of the attributes that hold a value, by value type.
    years
        How many of a UCUM unit of time make a year.
    """

    value_types: dict[str, tuple[int, ...]]
    years: dict[str, float]


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(data_text("structured.toml"))


@cache
def rules() -> Rules:
    """Return the rules beyond the table."""
    raw = _raw()
    return Rules(
        value_types={
            name: tuple(int(entry.split()[0], 16) for entry in entries) for name, entries in raw["value_types"].items()
        },
        years=raw["years"],
    )


@cache
def table() -> dict[tuple[str, str], tuple[Concept, ...]]:
    """Return the rows by (scheme in lower case, code); those of Table E.3.4-1 come first."""
    found: dict[tuple[str, str], tuple[Concept, ...]] = {}
    lines = [line for line in data_text("ps315_e3_4_1.tsv").splitlines() if not line.startswith("#")]
    names = lines[0].split("\t")[4:]
    for line in lines[1:]:
        scheme, code, value_type, basic, *cells = line.split("\t")
        options = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
        key = (scheme.lower(), code)
        found[key] = (*found.get(key, ()), Concept(value_type, basic, options))
    for rule in _raw()["rows"]:
        options = {name: rule[name] for name in names if name in rule}
        for entry in rule["concepts"]:
            scheme, code = entry.split()[:2]
            key = (scheme.lower(), code)
            if key not in found:
                found[key] = (Concept(rule["value_type"], rule["action"], options),)
    return found


@cache
def _by_code() -> dict[str, tuple[Concept, ...]]:
    """Return the rows by code alone, for concepts without a scheme."""
    found: dict[str, tuple[Concept, ...]] = {}
    for (_, code), rows in table().items():
        found[code] = (*found.get(code, ()), *rows)
    return found


@lru_cache(maxsize=4096)
def rows_of(scheme: str, code: str) -> tuple[Concept, ...]:
    """Return the rows that a concept falls under.

    Parameters
    ----------
    scheme, code
        As the file writes them. Without a scheme the code alone is compared; versions in brackets are left off.
    """
    name, plain = _key(scheme, code)
    return table().get((name, plain), ()) if name else _by_code().get(plain, ())


def category_of(scheme: str, code: str) -> str:
    """Return the category of what stands in a concept's item, as pass 1 names it, or ``age``; empty for most."""
    return _categories().get(_key(scheme, code), "")


@cache
def _categories() -> dict[tuple[str, str], str]:
    entries = [(name, entry.split()) for name, listed in _raw()["categories"].items() for entry in listed]
    return {(scheme.lower(), code): name for name, (scheme, code, *_) in entries}


def _key(scheme: str, code: str) -> tuple[str, str]:
    """Return a scheme in lower case without its version, empty when there is none, and a code of it."""
    name, plain = re.split(r"[\[ ]", scheme.strip().lower(), maxsplit=1)[0], code.strip()
    return ("sct", _snomed_ct().get(plain.upper(), "")) if name in _SNOMED_RT else (name, plain)


@cache
def _snomed_ct() -> dict[str, str]:
    """Return the SNOMED CT code of each SNOMED RT code (PS3.16 Annex O)."""
    from pydicom.sr._snomed_dict import mapping

    found: dict[str, str] = mapping["SRT"]
    return found


@cache
def _identities(listed: str) -> re.Pattern[str]:
    words = sorted(_raw()["meanings"][listed], key=len, reverse=True)
    return re.compile(r"(?:^| )(?:" + "|".join(map(re.escape, words)) + r")(?: |$)")


def names_identity(meaning: str, *, numbers: bool = False) -> bool:
    """Say whether the name of a concept tells that its text is somebody's name, number, address or place.

    Parameters
    ----------
    meaning
        What the concept is called.
    numbers
        Whether it is a number's: then only numbers of persons count.
    """
    listed = "numbers" if numbers else "identify"
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", meaning)
    return (
        _identities(listed).search(" ".join(re.findall(r"\w+", parted.casefold().replace("'", "").replace("_", " "))))
        is not None
    )


def is_standard_meaning(scheme: str, code: str, meaning: str) -> bool:
    """Say whether a code is called what PS3.16 calls it, so that its meaning is a term and no word of a person.

    Case, blanks and a semantic tag at the end, as in ``Lung (body structure)``, are left aside.
    """
    listed = _meanings().get(_key(scheme, code))
    return listed is not None and _fold(meaning) in map(_fold, listed)


@cache
def _meanings() -> dict[tuple[str, str], tuple[str, ...]]:
    from pydicom.sr import _concepts_dict

    concepts: dict[str, dict[str, dict[str, Any]]] = _concepts_dict.__dict__["concepts"]
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for scheme, keywords in concepts.items():
        lower = scheme.lower()
        for codes in keywords.values():
            for code, (meaning, *_) in codes.items():
                key = (lower, code)
                found[key] = (*found.get(key, ()), meaning)
    return found


def _fold(meaning: str) -> str:
    return re.sub(r"\([a-z/ ]{1,40}\)$", "", " ".join(meaning.casefold().split())).rstrip()
