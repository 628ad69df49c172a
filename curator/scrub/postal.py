"""Postal codes and states by their country: only a US ZIP code has digits that may stay (45 CFR 164.514(b)(2)(i)(B)).

Five digits are a German or a Spanish code as well, and their first three tell a small place; MI is Milan in Italy.
Asked by every medium that has addresses. It must never print, log or raise a value.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

_PARTS = re.compile(r"[\W_]+")
#: What stands in the place of a country and names none.
_UNTOLD = frozenset({"", "unknown", "unk", "none", "null", "nan", "notknown", "notstated", "missing"})
#: Where the states that may stay are provinces.
_CANADA = frozenset({"ca", "can", "canada", "kanada", "124"})


def _lines(name: str) -> list[str]:
    text = resources.files("curator.scrub.fhir").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _homes() -> frozenset[str]:
    return frozenset(_lines("home.txt"))


@cache
def _states() -> frozenset[str]:
    """Return the spellings of states, and code and name beside one another in either order: MA - Massachusetts."""
    found = set(_homes())
    for line in _lines("states.txt"):
        code, *names = line.split()
        found |= {code, *names, *(code + name for name in names), *(name + code for name in names)}
    return frozenset(found)


@lru_cache(maxsize=1024)
def is_home(country: str) -> bool:
    """Say whether a text is the United States or one of its territories: a code, or a name in a common language."""
    return _key(country) in _homes()


@lru_cache(maxsize=1024)
def is_abroad(country: str) -> bool:
    """Say whether a text names another country; one that names none, such as ``unknown``, does not."""
    key = _key(country)
    return key not in _UNTOLD and country.strip().casefold() != "n/a" and key not in _homes()


def _key(country: str) -> str:
    parts = unicodedata.normalize("NFKD", country.casefold().replace("ı", "i").replace("ø", "o"))
    return _PARTS.sub("", "".join(mark for mark in parts if not unicodedata.combining(mark)))


@lru_cache(maxsize=1024)
def is_foreign(state: str, country: str) -> bool:
    """Say whether an address is in another country.

    What it says of the country tells, or, where that is nothing, of the state: a number, and what names none, does not.
    """
    if is_home(country) or is_abroad(country):
        return is_abroad(country)
    key = _key(state)
    told = any(map(str.isalpha, key)) and key not in _UNTOLD and state.strip().casefold() != "n/a"
    return told and key not in _states() and key.removeprefix("us") not in _states()


def may_be_state(country: str) -> bool:
    """Say whether a state beside a country may be one that stays: MI beside Italy is a province, which is smaller."""
    return not is_abroad(country) or _key(country) in _CANADA


def zip3(code: str, country: str, treatment: Treatment, state: str = "") -> str:
    """Treat a postal code beside a country: of a US ZIP code the first three digits, else empty.

    Parameters
    ----------
    code
        As it stands.
    country
        What is said of the country; empty when nothing is: then five digits are taken for a ZIP code, unless the state
        is none of the United States.
    treatment
        The policy.
    state
        What is said of the state; empty when nothing is.
    """
    return "" if is_foreign(state, country) else treatment.zip3(code)
