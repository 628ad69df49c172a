# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""The tokens of a text as the table of odds sees them: each with its letters' shape and the lists that have it.

Each distinct token is looked up once a process. Holds tokens, never texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.hints import FORGET
from curator.detect.text.words.vocabulary import MOST_WORDS, word_of

#: Words, runs of digits, tags that stand for what was taken out, and single other marks.
TOKEN = re.compile(r"(\[[A-Z][A-Z_]*\]|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_|\n)")
#: The same in a text of ASCII alone: sets are found faster than what is left of a class.
ASCII_TOKEN = re.compile(r"([A-Za-z]+(?:'[A-Za-z]+)*|[0-9]+|\[[A-Z][A-Z_]*\]|[!-/:-@\[-`{-~\n\x00-\x08\x0e-\x1b\x7f])")
#: Longest word that is looked up; a longer one is no word.
LONGEST = 64
#: What stands where there is no token.
NOTHING = "¶"
#: Lists of cities and rarer surnames, whose words are asked about in small letters if they are longer than so much.
_PLACES, _SHORTEST = frozenset("cs"), 2
#: Lists whose words count one by one, and shapes of abbreviations.
_TELLING, _ODD = frozenset("wmIec"), frozenset({"XX", "XXX", "xX"})


class Token:
    """A token as it is written.

    Attributes
    ----------
    low
        What its neighbours see of it: the word in small letters if it is one of everyday or short, else that it is
        none and which lists have it; a run of digits by its length.
    shape
        Capitals, small letters, digits or the mark itself.
    bits
        A letter for each list that has the word.
    own
        The signs of the word itself, in the order of ``words.OWN``; empty for what is no word.
    capital, small
        Whether the word may be an identifier as it is written: with a capital, or without.
    placed
        Whether it is a known city or surname without a capital, which in a text in small letters it may be.
    odds, cased
        What its own signs add up to, in tenths, and what they do in a text in letters of one case; None until asked for.
    """

    __slots__ = ("bits", "capital", "cased", "low", "odds", "own", "placed", "shape", "signature", "small", "word")
    odds: int | None
    cased: int | None

    def __init__(self, text: str) -> None:
        """Look a token up in all lists."""
        self.word, self.odds, self.cased = text, None, None
        self.shape, letters = _shape(text), text[0].isalpha() and len(text) <= LONGEST
        folded = fold(text) if letters else ""
        self.bits = _bits(folded) if letters else ""
        self.signature = self.shape + self.bits
        self.low = _low(text, self.shape, self.bits)
        self.capital = letters and text[0].isupper()
        known = "w" in self.bits or "m" in self.bits or "I" in self.bits
        self.small = (
            letters
            and not self.capital
            and len(text) > 1
            and (not known or (len(text) > 2 and "w" in self.bits and ("g" in self.bits or "S" in self.bits)))
        )
        self.placed = letters and not self.capital and len(text) > _SHORTEST and bool(_PLACES.intersection(self.bits))
        self.own: tuple[object, ...] = ()
        if letters:
            kind = word_of(text).kind if text.isalpha() else "-"
            like = str(max(-3, min(3, round(likeness(folded) / 1.5))))
            low = text.lower()
            # Names of the lists say nothing by themselves that their lists do not say.
            word = low if _TELLING.intersection(self.bits) or (not self.bits and self.shape in _ODD) else ""
            self.own = (
                self.bits, self.shape, kind, like, (self.shape, self.bits), (kind, like), str(min(len(text), 8)), word, low[-3:],
            )  # fmt: skip


def _shape(text: str) -> str:
    if text == "\n":
        return NOTHING
    if text[0] == "[" and len(text) > 1:
        return "[]"
    if text[0].isdecimal() or text[0].isdigit():
        return f"d{min(len(text), 5)}"
    if not text[0].isalpha():
        return text
    if text.islower():
        return "x" if len(text) > 1 else "x1"
    if text.isupper():
        return "X1" if len(text) == 1 else ("XX" if len(text) < 4 else "XXX")
    return "Xx" if text[0].isupper() and text[1:].islower() else "xX"


def _bits(folded: str) -> str:
    known = lexicon()
    return "".join(
        mark
        for mark, has in (
            ("g", folded in known.given),
            ("S", folded in known.frequent),
            ("s", folded in known.surnames and folded not in known.frequent),
            ("i", folded in known.international),
            ("e", folded in known.eponyms),
            ("w", folded in known.words),
            ("m", folded in known.medical),
            ("I", folded in known.imaging),
            ("c", folded in known.cities),
            ("k", folded in known.city_starts and folded not in known.cities),
            ("o", folded in known.counties),
        )
        if has
    )


def _low(text: str, shape: str, bits: str) -> str:
    if not text[0].isalpha():
        return shape
    low = text.lower()
    if len(low) < 4 or "w" in bits or "m" in bits:
        return low
    return f"?{bits}"


class _Known(dict[str, Token]):
    """What was looked up before; what was not is looked up now."""

    def __missing__(self, text: str) -> Token:
        """Look a token up, and remember it unless there are too many or it is none."""
        made = Token(text)
        if len(self) < MOST_WORDS and len(text) < 64:
            self[text] = made
        return made


_known = _Known()
FORGET.append(_known.clear)
#: Returns what is known of a token.
token_of: Callable[[str], Token] = _known.__getitem__
