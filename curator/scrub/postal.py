"""Postal codes by their country: only a US ZIP code has three digits that may stay (45 CFR 164.514(b)(2)(i)(B)).

Five digits are a German or a Spanish code as well, and their first three tell a small place. Asked by
every medium that has addresses. It must never print, log or raise a value.
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


@cache
def _homes() -> frozenset[str]:
    text = resources.files("curator.scrub.fhir").joinpath("data", "home.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


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


def zip3(code: str, country: str, treatment: Treatment) -> str:
    """Treat a postal code beside a country: of a US ZIP code the first three digits, else empty.

    Parameters
    ----------
    code
        As it stands.
    country
        What is said of the country; empty when nothing is: then five digits are taken for a ZIP code.
    treatment
        The policy.
    """
    return "" if is_abroad(country) else treatment.zip3(code)
