"""Eponyms and words that are surnames, where somebody is spoken to or speaks: tell Graves that; Foley called.

A disease or a device is neither asked nor does it call. Only words that the lists know as names are taken. Verbs are
looked for as plain strings, which costs next to nothing where there are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.words.hints import ANY, Marks
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Without their first letter, so that one search finds both cases.
_TOLD = ("ell ", "old ", "sk ", "sked ", "honed ", "exted ", "aged ", "otified ", "nformed ", "eminded ", "hanked ")
_FIRST = frozenset("TtAaPpNnIiRr")
_NAME = r"([^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*)"
_TO = re.compile(
    rf"{_NAME}(?=[,.;!?\n]|$|(?: (?:that|to|about|if|whether|he|she|we|I|they|and|yesterday|today|tomorrow|this|on|at"
    r"|by|again|for)\b))"
)
_SPEAKS = (
    " called",
    " calls",
    " phoned",
    " said",
    " says",
    " states",
    " stated",
    " asks",
    " agreed",
    " agrees",
    " wrote",
)
#: What only somebody does to something, with what it is done to behind: Wright inserted the line.
_DEEDS = (
    " inserted",
    " placed",
    " performed",
    " removed",
    " intubated",
    " dictated",
    " reviewed",
    " ordered",
    " examined",
    " evaluated",
    " explained",
    " answered",
    " signed",
    " paged",
    " admitted",
    " consented",
    " scheduled",
    " biopsied",
    " repaired",
    " staffed",
)
_OBJECT = re.compile(r" (?:the|an?|his|her|their|this|these|it|him|us|me|our|my|two|both)\b")
_DOES = Marks(*_DEEDS)
_TELLS = Marks(*(f"{first}{verb}" for verb in _TOLD for first in sorted(_FIRST) if first.islower()))
_SAYS = Marks(*_SPEAKS)
_BY = re.compile(rf"(?:^|(?<=[.!?:;\n\"“])|(?<=[.!?:;] )){_NAME}$")
_LONGEST = 32


def asked(text: str, flags: int = ANY) -> Iterator[Finding]:
    """Yield names that only somebody who is spoken to, or who speaks, can be.

    Parameters
    ----------
    text
        The text.
    flags
        What its words show.
    """
    for verb in _TOLD if flags & _TELLS.bits else ():
        at = text.find(verb)
        while at > 0:
            end = at + len(verb)
            if text[at - 1] in _FIRST and not text[at - 2 : at - 1].isalpha():
                match = _TO.match(text, end)
                if match and _is_name(match[1]):
                    yield Finding(end, match.end(1), Category.NAME, "name", "name.told", 0.7)
            at = text.find(verb, end)
    for verb in _SPEAKS if flags & _SAYS.bits else ():
        at = text.find(verb)
        while at > 0:
            found = _BY.search(text, max(0, at - _LONGEST), at) if text[at - 1].isalpha() else None
            if found and not text[at + len(verb) : at + len(verb) + 1].isalpha() and _is_name(found[1]):
                yield Finding(found.start(1), at, Category.NAME, "name", "name.speaks", 0.7)
            at = text.find(verb, at + 1)
    for verb in _DEEDS if flags & _DOES.bits else ():
        at = text.find(verb)
        while at > 0:
            end = at + len(verb)
            found = _BY.search(text, max(0, at - _LONGEST), at) if _OBJECT.match(text, end) else None
            if found and _is_name(found[1]):
                yield Finding(found.start(1), at, Category.NAME, "name", "name.does", 0.65)
            at = text.find(verb, end)


def _is_name(word: str) -> bool:
    folded = fold(word)
    words = lexicon()
    if folded in words.words and folded not in words.given and folded not in words.eponyms:
        return False
    return folded in words.given or folded in words.surnames or folded in words.international
