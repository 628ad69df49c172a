# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""What told.py, forms.py and spelled.py share: the shape of a name, their lists, and what may be somebody's name."""

from __future__ import annotations

import re
from functools import cache

from curator.detect.text.lists.lexicon import fold, is_name, lexicon, toml_of
from curator.detect.text.words.vocabulary import kind_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

UP = r"[^\W\d_a-zà-öø-ÿāăąćčďđēęěğīįķļłńņňőœřśşšťūůűųźżžə]"
NAME = rf"{UP}[^\W\d_]*(?:['’‑-][^\W\d_]+){{0,3}}"
PARTICLE = r"(?:de la|de los|de|del|da|dos|das|di|du|van der|van den|van de|van|von|der|den|ter|ten|la|le|el|al|bin|binti|ibn|abu|y|e|zu|af|St\.|Mac|Mc|Ní|Nic|Ó|Uí|Ua|O)"
FULL = rf"(?:{PARTICLE}[ ])?{NAME}(?:[ ](?:{PARTICLE}[ ])?(?:{UP}\.|{NAME}(?!:))){{0,3}}"


@cache
def listed(name: str) -> tuple[str, ...]:
    """Return a list of told.toml in its order."""
    words = toml_of("told.toml")[name]
    return tuple(dict.fromkeys(part.strip() for part in words.replace("\n", " ").split(";")))


@cache
def listed_set(name: str) -> frozenset[str]:
    """Return a list of told.toml as a set."""
    return frozenset(listed(name))


@cache
def any_of(name: str) -> str:
    """Return a list of told.toml as alternatives of a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(listed(name), key=len, reverse=True))


def made(start: int, end: int, rule: str) -> Finding:
    """Return a finding of a name."""
    return Finding(start, end, Category.NAME, "name", f"name.{rule}", 0.65)


def fits(name: str, *, strict: bool = False) -> bool:
    """Say whether a run of words may be somebody's name: each is known as one or unknown, none is a term."""
    words = re.findall(r"[^\W\d_]+", name)
    if not words:
        return False
    good = 0
    for word in words:
        folded = fold(word)
        if folded in no_one():
            return False
        kind = kind_of(word) if len(word) > 1 else "I"
        if kind == "I" or folded in PARTICLES:
            continue
        on_list = is_name(folded)
        if kind == "M" and not (on_list and not word.isupper() and folded in lexicon().surnames):
            return False
        if kind == "W" and not on_list:
            return False
        if kind == "A" and not on_list:
            return False
        if strict and kind not in "GSRngsruU":
            return False
        good += 1
    return good > 0


PARTICLES = listed_set("particles")


@cache
def no_one() -> frozenset[str]:
    """Return the words of labels, wards and values that are nobody."""
    words = frozenset(word for phrase in listed("labels") for word in phrase.split()) | frozenset(
        word for phrase in listed("wards") for word in phrase.split()
    )
    stay = listed_set("stay")
    known = lexicon()
    return frozenset(word for word in words if word not in known.frequent or word in known.medical) | stay


DEGREES = listed_set("degrees")
