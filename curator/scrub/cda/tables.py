"""The tables that decide what of a C-CDA document is known: elements, code systems, vocabulary, units, places.

What does not stand in them does not pass. It must never be widened by what a document says of itself.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from curator.scrub.postal import is_home

#: Arcs behind a registered one: more or longer ones could number a person.
_REST = re.compile(r"(?:\.[0-9]{1,5}){0,7}")
_UNIT_PART = re.compile(r"(?P<atom>[^{}]+?)?(?P<power>[+-]?[0-9]{1,2})?(?P<note>\{[^{}]*\})?")
_TERMS = re.compile(r"((?:[^./\[\]{}]|\[[^\]]*\]|\{[^{}]*\})+)|([./])")


def _read(name: str) -> str:
    return resources.files("curator.scrub.cda").joinpath("data", name).read_text(encoding="utf-8")


def _rows(name: str) -> list[list[str]]:
    lines = [line for line in _read(name).split("\n") if line and not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


@cache
def elements() -> dict[str, dict[str, str]]:
    """Class or data type to its children: element to class, data type and treatment (``II:patient``)."""
    table: dict[str, dict[str, str]] = {}
    for owner, element, of in _rows("elements.tsv"):
        table.setdefault(owner, {})[element] = of
    everywhere = table.pop("*")
    plain = {"CD", "CR", "ED", "TEL", "AD", "PN", "PQ", "PQR", "RTO", "SLIST", "GLIST", "Inline", "Block", "Caption"}
    plain |= {
        "IVL_TS",
        "IVL_PQ",
        "IVL_INT",
        "IVL_REAL",
        "Narrative",
        "Media",
        "List",
        "Table",
        "Columns",
        "Rows",
        "Row",
    }
    for owner, children in table.items():
        if owner not in plain:
            children.update(everywhere)
    return table


@dataclass(frozen=True)
class System:
    """A code system whose codes may stay: its usual name and how its codes are formed."""

    name: str
    form: re.Pattern[str] | None
    words: frozenset[str] = field(default=frozenset())

    def takes(self, code: str) -> bool:
        """Say whether a code is one of the system's, by its form."""
        return code in self.words or (self.form is not None and self.form.fullmatch(code) is not None)


@cache
def systems() -> dict[str, System]:
    """Code systems by their object identifier."""
    made = {}
    for oid, name, form in _rows("systems.tsv"):
        parts = form.split("|")
        words = frozenset().union(*(vocabulary()[part[1:]] for part in parts if part.startswith("@")))
        rest = "|".join(part for part in parts if not part.startswith("@"))
        made[oid] = System(name, re.compile(rest, re.ASCII) if rest else None, words)
    return made


def system_of(oid: str) -> System | None:
    """Return a code system by its object identifier: its own row, or that of the arc right above it; None for none."""
    above, _, last = oid.rpartition(".")
    found = systems().get(oid)
    return found if found is not None or not re.fullmatch(r"[0-9]{1,5}", last) else systems().get(f"{above}.*")


@cache
def vocabulary() -> dict[str, frozenset[str]]:
    """Name of a structural attribute, or of a code without a system, to its values."""
    return {name: frozenset(values.split(" ")) for name, values in _rows("vocabulary.tsv")}


@cache
def ages() -> frozenset[tuple[str, str]]:
    """(code system, code) of the observations whose value is an age."""
    return frozenset((system, code) for system, code in _rows("ages.tsv"))


@cache
def _registered(kind: str) -> tuple[str, ...]:
    return tuple(oid for found, oid in _rows("registered.tsv") if found == kind)


def is_personal(oid: str) -> bool:
    """Say whether a root numbers the people of a nation: social security, Medicare, passports, driver's licenses."""
    return any(oid == one or oid.startswith(f"{one}.") for one in _registered("personal"))


def is_registered(oid: str) -> bool:
    """Say whether the root of an id is the same in every organization."""
    return oid in _registered("roots") or any(
        oid == one
        or (oid.startswith(f"{one}.") and re.fullmatch(r"(?:\.[0-9]{1,3}){1,2}", oid[len(one) :]) is not None)
        for one in _registered("personal")
    )


def is_artifact(oid: str) -> bool:
    """Say whether an object identifier names a template, a value set or a type of a standard."""
    return any(oid.startswith(one) and _REST.fullmatch(oid[len(one) :]) is not None for one in _registered("arcs"))


@cache
def _units() -> dict[str, frozenset[str]]:
    loaded = tomllib.loads(_read("units.toml"))
    words = {name: frozenset(str(text).split()) for name, text in loaded.items()}
    prefixed = frozenset(prefix + atom for prefix in words["prefixes"] for atom in words["metric"])
    return words | {"atoms": words["plain"] | words["metric"] | prefixed}


def unit(text: str) -> str | None:
    """Return a unit without the annotations that are not known; None when it is no known unit.

    Parameters
    ----------
    text
        UCUM, or one of the usual spellings.
    """
    known = _units()
    if text in known["usual"] or text in known["atoms"]:
        return text
    if len(text) > 48:
        return None
    out, at, terms = "", 0, False
    for match in _TERMS.finditer(text):
        if match.start() != at:
            return None
        at = match.end()
        if match[2]:
            out += match[2]
            continue
        term = _term(match[1], known)
        if term is None:
            return None
        out += term
        terms = True
    return out if terms and at == len(text) else None


def _term(text: str, known: dict[str, frozenset[str]]) -> str | None:
    match = _UNIT_PART.fullmatch(text)
    if match is None:
        return None
    atom, power, note = match["atom"] or "", match["power"] or "", match["note"] or ""
    if atom and atom not in known["atoms"]:
        return None
    if not atom and power and len(power) > 1 and power != "10":
        return None
    if note and note[1:-1] not in known["annotations"]:
        note = ""
    return (atom + power + note) or "1"


@cache
def _places() -> dict[str, frozenset[str]]:
    loaded = tomllib.loads(_read("places.toml"))
    split = {"names": r"[|\n]", "states": r"\s+", "countries": r"\s+"}
    return {name: frozenset(re.split(split[name], str(text).upper())) for name, text in loaded.items()}


def state(text: str) -> bool:
    """Say whether a text is a state of the US."""
    return text.strip().upper() in _places()["states"] | _places()["names"]


def country(text: str) -> bool:
    """Say whether a text is a listed country."""
    return is_home(text) or text.strip().upper() in _places()["countries"]
