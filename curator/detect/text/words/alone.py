# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""What looks like a person or a place and is a thing by the word itself: Moya Moya, fascia lata, died of Huntington's, Apgars."""

from __future__ import annotations

import re
from functools import cache

from curator.detect.text.lists.lexicon import fold, lexicon, toml_of
from curator.detect.text.words.borne import borne


@cache
def _pairs() -> frozenset[tuple[str, ...]]:
    """Return the pairs of words that are a thing together."""
    return frozenset(tuple(pair.split()) for pair in re.split(r"[|\n]", toml_of("namesakes.toml")["pairs"]))


@cache
def _members() -> frozenset[str]:
    """Return the words of the pairs."""
    return frozenset(word for pair in _pairs() for word in pair)


_LAST = re.compile(r"([^\W\d_]+)[ -]$")
_NEXT = re.compile(r"['’]?[ -]([^\W\d_]+)")


def paired(text: str, start: int, end: int) -> bool:
    """Say whether each word of a finding is one of a pair that is a thing: Moya Moya, fascia lata."""
    words = [match[0].lower() for match in _RUN.finditer(text, start, end)]
    if not words or words[0] not in _members():
        return False
    before, behind = _LAST.search(text, max(0, start - 24), start), _NEXT.match(text, end)
    window = [*([before[1].lower()] if before else []), *words, *([behind[1].lower()] if behind else [])]
    first = 1 if before else 0
    held = {
        at
        for number in range(len(window) - 1)
        if (window[number], window[number + 1]) in _pairs()
        for at in (number, number + 1)
    }
    return all(at in held for at in range(first, first + len(words)))


_RUN = re.compile(r"[^\W\d_]+")
#: Behind a word of having it: a disease that is called after somebody, with no noun behind it.
_DISEASES = frozenset(["addison", "alzheimer", "asperger", "barrett", "behcet", "bell", "buerger", "crohn", "cushing", "dupuytren", "graves", "guillain", "hashimoto", "hodgkin", "huntington", "kawasaki", "meniere", "osgood", "paget", "parkinson", "raynaud", "sjogren", "takayasu", "tourette", "wegener", "wilson"])  # fmt: skip
_HAS = re.compile(
    r"\b(?:from|of|with|has|had|have|having|for|early|possible|probable|suspected|active|known|no|denies|and|or)[ ]$"
)
_ALONE = re.compile(r"['’]s?(?=[.,;:)\n]|$|[ ](?:and|or|but|with|since|in|on|at|is|was|who|which|s/p|x)\b)")


def ill(text: str, start: int, end: int) -> bool:
    """Say whether a finding is a disease that somebody has: died of Huntington's."""
    return (
        text[end : end + 1] in {"'", "’"}
        and fold(text[start:end]) in _DISEASES
        and _ALONE.match(text, end) is not None
        and _HAS.search(text, max(0, start - 12), start) is not None
    )


def plural(name: str) -> bool:
    """Say whether a word is the plural of what is nobody's usual name: Apgars, Babinskis."""
    return (
        name[-1:] == "s" and name.isalpha() and fold(name[:-1]) in borne().sure and fold(name) not in lexicon().frequent
    )
