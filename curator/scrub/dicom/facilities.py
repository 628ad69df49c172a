"""Whether a name is one of a place where patients are treated, and not of a maker, by the words in it."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from curator.identifiers.spelling import fold
from curator.scrub.dicom.rules import data_text

_WORD = re.compile(r"[^\W\d_]+")


#: Letters of a word from which on it tells a facility apart.
_TELLING = 5
#: Letters of a name without its words for a facility, from which on it is searched by itself.
_LEAST = 8


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    raw = tomllib.loads(data_text("descriptor_cues.toml"))
    heads, pairs, parts = (frozenset(raw[name].split()) for name in ("facility", "facility_pairs", "facility_part"))
    return heads, pairs, parts


def is_facility(name: str) -> bool:
    """Say whether a name has a word for a facility: hospital, clinic, medical center."""
    heads, pairs, _ = _words()
    words = [fold(word) for word in _WORD.findall(name)]
    if not heads.isdisjoint(words):
        return True
    runs = ("_".join(words[at : at + size]) for size in (2, 3) for at in range(len(words) - size + 1))
    return not pairs.isdisjoint(runs)


def short_name(name: str) -> str:
    """Return a facility's name up to the first word for a facility, as people use it; empty when that tells nothing."""
    heads, pairs, parts = _words()
    found = list(_WORD.finditer(name))
    words = [fold(word[0]) for word in found]
    for at, word in enumerate(words):
        if word in heads or "_".join(words[at : at + 2]) in pairs or "_".join(words[at : at + 3]) in pairs:
            kept = words[:at]
            told = sum(map(len, kept)) >= _LEAST and any(len(one) >= _TELLING and one not in parts for one in kept)
            return name[: found[at - 1].end()].strip() if told else ""
    return ""
