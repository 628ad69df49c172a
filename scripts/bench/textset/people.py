"""Made-up people: given and family names of many origins, and the ways in which notes write them."""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from textset.patterns import swapped


@dataclass(frozen=True)
class Person:
    """One made-up person of a note."""

    given: str
    family: str
    middle: str


def plain(name: str) -> str:
    """Return a name without accents, as an old system keeps it."""
    table = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "ı": "i"})
    kept = unicodedata.normalize("NFD", name.translate(table))
    return "".join(mark for mark in kept if not unicodedata.combining(mark))


def ascii_word(name: str) -> str:
    """Return a name as it stands in an address or a login."""
    return "".join(mark for mark in plain(name).lower() if mark in string.ascii_lowercase) or "user"


def _initials(who: Person, rng: random.Random) -> str:
    return rng.choice([f"{who.given[0]}.{who.family[0]}.", f"{who.given[0]}{who.middle[0]}{who.family[0]}"])


_FORMS: dict[str, Callable[[Person, random.Random], str]] = {
    "full": lambda p, _: f"{p.given} {p.family}",
    "first": lambda p, _: p.given,
    "last": lambda p, _: p.family,
    "mid": lambda p, _: f"{p.given} {p.middle[0]}. {p.family}",
    "mid2": lambda p, _: f"{p.given} {p.middle} {p.family}",
    "lf": lambda p, _: f"{p.family}, {p.given}",
    "lfm": lambda p, _: f"{p.family}, {p.given} {p.middle[0]}.",
    "lfi": lambda p, _: f"{p.family}, {p.given[0]}.",
    "lsp": lambda p, _: f"{p.family} {p.given}",
    "ini": lambda p, _: f"{p.given[0]}. {p.family}",
    "fl": lambda p, _: f"{p.given[0]} {p.family}",
    "ii": _initials,
    "suf": lambda p, rng: f"{p.given} {p.family}{rng.choice([' Jr.', ', Jr.', ' III', ' Sr.', ' II'])}",
    "low": lambda p, _: f"{p.given} {p.family}".lower(),
    "lowfirst": lambda p, _: p.given.lower(),
    "lowlast": lambda p, _: p.family.lower(),
    "lowlf": lambda p, _: f"{p.family}, {p.given}".lower(),
    "up": lambda p, _: f"{p.given} {p.family}".upper(),
    "upfirst": lambda p, _: p.given.upper(),
    "lastup": lambda p, _: p.family.upper(),
    "uplf": lambda p, _: f"{p.family}, {p.given}".upper(),
    "uplfm": lambda p, _: f"{p.family},{p.given} {p.middle[0]}".upper(),
    "caret": lambda p, _: f"{p.family}^{p.given}^{p.middle[0]}".upper().replace(" ", "^"),
    "nfd": lambda p, _: unicodedata.normalize("NFD", f"{p.given} {p.family}"),
    "ascii": lambda p, _: plain(f"{p.given} {p.family}"),
    "ocr": lambda p, rng: swapped(f"{p.given} {p.family}", rng, 1, "lOoI"),
}


def written(who: Person, form: str, rng: random.Random) -> str:
    """Write a person's name in one of the forms of SLOTS.md."""
    if form == "any":
        form = rng.choice(["full", "full", "mid", "lf", "ini", "up"])
    return _FORMS[form](who, rng)
