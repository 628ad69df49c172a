"""Codes and code systems: which are public, and whether a code has the form that its system gives its codes.

A code that has the form of its public system stays as it is. All others are searched as texts are. Used for FHIR and
for HL7 v2. It must never say which code it was asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from curator.scrub.fhir.tables import rows

#: What a code of any system may look like at most.
TOKEN = re.compile(r"[A-Za-z0-9<>=!%*{}\[\]()_'\"+/.,:|^#&~-]{1,64}")
#: Units in which a quantity says years of age, and other units with the number of them that make 90 years.
YEARS = frozenset({"a", "yr", "yrs", "y", "year", "years", "year(s)", "yo", "a_j", "a_g", "ann"})
NINETY_YEARS = {"mo": 1080, "month": 1080, "months": 1080, "mos": 1080, "mo_j": 1080, "wk": 4696, "week": 4696,
                "weeks": 4696, "d": 32873, "day": 32873, "days": 32873}  # fmt: skip
#: LOINC codes of a person's age (LOINC 2.77, class and component Age).
AGE_CODES = frozenset(
    {"30525-0", "21612-7", "29553-5", "21611-9", "35659-2", "39016-1", "63900-5", "64219-9", "84305-2", "30972-4"}
)
_LOINC = re.compile(r"\d{1,7}-\d")
#: LOINC's parts, answers, lists and groups, whose check digits follow another rule.
_LOINC_PART = re.compile(r"L[PALG]\d{1,6}-\d")
_DIHEDRAL = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


@dataclass(frozen=True)
class System:
    """A public code system or naming system.

    Parameters
    ----------
    shape
        Name of the form of its codes; ``none`` for a naming system, which has no codes.
    """

    shape: str


def _snomed(code: str) -> bool:
    """Check an SCTID: 6 to 18 digits with a Verhoeff check digit (SNOMED CT Release File Specification)."""
    if not re.fullmatch(r"[1-9][0-9]{5,17}", code):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(_DIHEDRAL[check][int(_PERMUTED[place % 8][int(digit)])])
    return check == 0


def _loinc(code: str) -> bool:
    """Check a LOINC code: digits, a hyphen, a check digit (LOINC Users' Guide, appendix on check digits: Mod 10)."""
    if not _LOINC.fullmatch(code):
        return _LOINC_PART.fullmatch(code) is not None
    digits, check = code.split("-")
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number // 10 + number % 10
    return (10 - total % 10) % 10 == int(check)


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda code: compiled.fullmatch(code) is not None


#: Forms of codes by name. What is not listed here (``word``, ``unit``) has no form of its own.
_SHAPES: dict[str, Callable[[str], bool]] = {
    "loinc": _loinc,
    "snomed": _snomed,
    "digits": _form(r"[0-9]{1,7}"),
    "ndc": _form(r"[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}|[0-9]{11}"),
    "icd": _form(
        r"[A-Z][0-9][0-9A-Z](?:\.?[A-Z0-9]{1,4})?|[EV]?[0-9]{2,3}(?:\.[0-9]{1,2})?|[0-9]{4,5}|[0-9]{4}/[0-9]"
        r"|(?=.*[A-Z])(?=.*[0-9])[0-9A-HJ-NP-Z]{7}"
    ),
    "cpt": _form(r"[A-Z]?[0-9]{4}[A-Z0-9]?"),
    "race": _form(r"[0-9]{4}-[0-9]"),
    "mime": _form(r"[a-z]+/[A-Za-z0-9.+-]{1,60}"),
    "none": lambda _: False,
}


@cache
def _systems() -> tuple[dict[str, System], tuple[tuple[str, System], ...], dict[str, System]]:
    exact: dict[str, System] = {}
    starts: list[tuple[str, System]] = []
    names: dict[str, System] = {}
    for uri, shape, *hl7 in rows("systems.tsv"):
        system = System(shape)
        if uri.endswith("*"):
            starts.append((uri[:-1], system))
        else:
            exact[uri] = system
        names |= dict.fromkeys(" ".join(hl7).split(), system)
    return exact, tuple(sorted(starts, key=lambda pair: -len(pair[0]))), names


def system_of(uri: str) -> System | None:
    """Return the public system of a URI, or None. A version behind ``|`` is no part of it."""
    exact, starts, _ = _systems()
    found = exact.get(uri.rstrip("/"))
    if found is None and re.fullmatch(r"[A-Za-z0-9:/.\-_]{1,200}", uri):
        found = next((system for start, system in starts if uri.startswith(start)), None)
    return found


def system_named(name: str) -> System | None:
    """Return the public system of a name of HL7 v2 table 0396, or None."""
    _, _, names = _systems()
    found = names.get(name.upper())
    if found is None and re.fullmatch(r"HL7[0-9]{4}", name):
        return names["HL7*"]
    return found


def has_shape(system: System, code: str) -> bool:
    """Say whether a code has the form that its system gives its codes; False where they have none."""
    check = _SHAPES.get(system.shape)
    return check is not None and check(code)
