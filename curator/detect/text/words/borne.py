# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""The words and phrases that name somebody or some place and are borne by terms as well, and what stands beside them in a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from curator.detect.text.lists.lexicon import lexicon, words_of
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, tables


@dataclass(frozen=True)
class Borne:
    """The words of borne.txt: what each kind of term bears; phrases by their first word."""

    scales: frozenset[str]
    cities: frozenset[str]
    sure: frozenset[str]
    trials: frozenset[str]
    shorts: frozenset[str]
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    all: frozenset[str]


@cache
def borne() -> Borne:
    """Read the list."""
    lists: dict[str, list[str]] = {}
    for line in words_of("borne.txt"):
        label, _, listed = line.partition(": ")
        lists.setdefault(label, []).append(listed)
    words = {label: frozenset(" ".join(lines).split()) for label, lines in lists.items() if label != "phrases"}
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in "; ".join(lists["phrases"]).split("; "):
        parts = tuple(phrase.split())
        phrases.setdefault(parts[0], []).append(parts)
    cities = frozenset(city.replace("_", " ") for city in words["cities"])
    return Borne(
        words["scales"] | lexicon().shared,
        cities,
        words["sure"],
        words["trials"],
        words["shorts"],
        {first: tuple(sorted(listed, key=len, reverse=True)) for first, listed in phrases.items()},
        lexicon().shared.union(
            *words.values(),
            *(part for listed in phrases.values() for part in listed),
            *(name.split(" ") for name in (*cities, *regions())),
        ),
    )


#: What a level, a version or a short form looks like behind a name.
LEVEL = re.compile(
    r"(?:['’]s)?[ ](?:\((?:[A-Z][A-Za-z-]{1,6})\)|(?:type|grade|class|stage|score|group|category|level|version|zone|part|v)[ ]?[0-9IVA-D]|[IVX]{1,4}[A-Da-d]?(?![\w'’.-])|[A-D][0-9]?[a-d]?(?![\w'’.-])|T[1-4][a-d]?\b|[0-9]{1,2}[ABCab+]{0,2}(?![\w/:-]|[ ]?(?:y|yo|yr|yrs|d|do|mo|m|f|M|F|weeks?|days?|months?|years?)\b)|[0-9]\.[0-9]\b|0-I{1,3}[a-c]*|sm[1-3]\b|C[0-9]+M[0-9]+|A[0-9]L[0-9])"
)

#: A number that a hyphen joins: Diane-35, SERENA-4.
NUMBERED = re.compile(r"-\d{1,4}(?![\w/-])")

ROMAN = frozenset(["i", "ii", "iii", "iv", "v"])

_JOIN = frozenset([", ", "/", " / ", "-", " & ", "–", " + "])

AND = frozenset(["and", "or", "vs", "versus", "v"])

PLACED = frozenset(["in", "from", "at", "to", "near", "of", "lives", "visiting", "around", "into", "via", "for", "called", "named", "see", "seeing", "seen", "patient", "my", "our", "hi", "hey", "dear", "hello", "thanks", "about"])  # fmt: skip

#: Kinds of words that may be a given name before a family name.
GIVEN = frozenset("GgnSsI")


@cache
def regions() -> frozenset[str]:
    """Return the states and provinces of other countries, folded, words parted by a blank; no town's name."""
    names = frozenset(re.sub(r"[^a-z]+", " ", name.replace("_", " ")) for name in tables()["regions"].split())
    return names - lexicon().cities


#: So many names frequent enough that capitals alone tell no trial.
RANK = 4000


@cache
def usual() -> frozenset[str]:
    """Return the words in capitals that are as often somebody: NELSON, LAURA."""
    return frozenset(words_of("surnames.txt")[:RANK]) | frozenset(words_of("given.txt"))


@cache
def firsts() -> frozenset[str]:
    """Return the usual given names, folded."""
    return frozenset(words_of("given.txt"))


BY = frozenset(tables()["beside"].split()) - {"per", "and"} | {"w"}


def sure(found: Spots, at: int) -> bool:
    """Say whether a word is an eponym that is nobody's usual name, or a trial in capitals."""
    word = found.words[at]
    return word.folded in borne().sure or (word.upper and word.folded in borne().trials)


def versus(found: Spots, first: int, last: int) -> bool:
    """Say whether "vs" stands right before or behind."""
    words = found.words
    return (first > 0 and words[first - 1].low in {"vs", "versus"}) or (
        last + 1 < len(words) and words[last + 1].low in {"vs", "versus"}
    )


def walk(found: Spots, at: int, step: int) -> tuple[set[int], int]:
    """Return the words that commas, slashes, hyphens and small words join on one side, and the place behind them."""
    words, spans, text = found.words, found.spans, found.text
    seen: set[int] = set()
    while len(seen) < 8:
        other = at + step
        if not 0 <= other < len(words):
            break
        joined = words[other].low in AND
        if joined:
            other += step
            if not 0 <= other < len(words):
                break
        low, high = min(at, other), max(at, other)
        gap = text[spans[low][1] : spans[high][0]]
        if not words[other].flags & CAPITAL or (
            gap not in _JOIN and not (joined and len(gap) < 11 and "\n" not in gap)
        ):
            if not (gap == " " and words[other].flags & CAPITAL):
                break
            if not seen and not joined:
                # A first name or a second one: Von Rosen.
                at = other
                continue
        seen.add(other)
        at = other
    return seen, at + step
