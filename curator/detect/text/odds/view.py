# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""One text for the table of odds: its tokens, what of it the rules have found, and what all of it tells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate

from curator.detect.text.odds.tokens import ASCII_TOKEN, TOKEN, Token, token_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge

#: Small words of German, French, Spanish, Italian, Portuguese and Dutch that are no English ones.
_ABROAD = frozenset(
    ["der", "und", "nicht", "mit", "dem", "ist", "zur", "bei", "wird", "den", "les", "une", "avec", "dans", "pour", "au", "el", "los", "las", "por", "una", "que", "para", "il", "della", "di", "con", "nel", "gli", "uma", "com", "não", "da", "na", "het", "een", "van", "niet", "voor", "zijn"]
)  # fmt: skip
#: Of the small words of a text, the share from which on it is none in English.
_FOREIGN = 0.06
#: Of the letters of a line, the share from which on it is one in capitals.
_LOUD = 0.7
#: Of the words of a text, the share with a capital below which it is written in small letters.
_QUIET = 0.06
#: A text of fewer words is a field.
_BRIEF = 8
#: Shapes of words that are capitals alone.
_ALL_CAPITALS = frozenset({"X1", "XX", "XXX"})
#: What is no capital, and what is no small letter, of ASCII.
_CAPITALS = dict.fromkeys(one for one in range(128) if not chr(one).isupper())
_SMALL = dict.fromkeys(one for one in range(128) if not chr(one).islower())
_MARKS = {Category.NAME: "N", Category.GEOGRAPHY: "G", Category.DATE: "D"}


class View:
    """A text as the table of odds sees it.

    Attributes
    ----------
    tokens, starts, ends
        Its tokens, and where each begins and ends.
    found
        For each token the mark of the finding that it begins in: N, G, D, or O for any other; empty for none.
    told
        How many findings it was given, those that touch taken as one.
    """

    def __init__(self, text: str, findings: Iterable[Finding]) -> None:
        """Cut a text into tokens and mark those that are found."""
        self.text = text
        parts = (ASCII_TOKEN if text.isascii() else TOKEN).split(text)
        ends = list(accumulate(map(len, parts)))
        self.tokens: list[Token] = list(map(token_of, parts[1::2]))
        self.starts: list[int] = ends[:-1:2]
        self.ends: list[int] = ends[1::2]
        self.found = [""] * len(self.tokens)
        merged = list(merge(findings))
        self.told = len(merged)
        for finding in merged:
            mark = _MARKS.get(finding.category, "O")
            at = bisect_right(self.ends, finding.start)
            while at < len(self.starts) and self.starts[at] < finding.end:
                self.found[at] = mark
                at += 1
        if "[" in text:
            for at, token in enumerate(self.tokens):
                if token.shape == "[]":
                    self.found[at] = self.found[at] or _tagged(token.word)

    def token_at(self, place: int) -> int:
        """Return the number of the token that holds a place, or of the next one."""
        return bisect_right(self.ends, place)

    def mark(self, findings: Iterable[Finding]) -> None:
        """Mark what else was found."""
        for finding in findings:
            mark, at = _MARKS.get(finding.category, "O"), self.token_at(finding.start)
            while at < len(self.starts) and self.starts[at] < finding.end:
                self.found[at] = self.found[at] or mark
                at += 1

    def few(self, count: int) -> bool:
        """Say whether the text has fewer words than so many."""
        return len(self.tokens) < 4 * count and sum(1 for token in self.tokens if token.own) < count

    @cached_property
    def foreign(self) -> str:
        """Whether the text is in another language than English, as far as its small words tell: 1 or 0."""
        words = [token.word for token in self.tokens if token.shape in {"x", "x1"}]
        return "1" if words and sum(word in _ABROAD for word in words) > _FOREIGN * len(words) else "0"

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that stand in small letters somewhere."""
        return frozenset(token.word for token in self.tokens if token.shape == "x")

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of names found, in small letters."""
        return frozenset(token.word.lower() for token, mark in zip(self.tokens, self.found, strict=True) if mark == "N")

    @cached_property
    def places(self) -> frozenset[str]:
        """The words of places found, in small letters."""
        return frozenset(token.word.lower() for token, mark in zip(self.tokens, self.found, strict=True) if mark == "G")

    @cached_property
    def quiet(self) -> bool:
        """Whether the text is written in small letters."""
        words = [token.capital for token in self.tokens if token.own]
        return sum(words) < _QUIET * len(words)

    def asks(self, token: Token) -> bool:
        """Say whether a word of the text may be an identifier as it is written."""
        return token.capital or token.small or (token.placed and self.quiet and self.cased)

    @cached_property
    def capitals(self) -> bool:
        """Whether the text is written in capitals."""
        words = [token.shape for token in self.tokens if token.own]
        return sum(shape not in _ALL_CAPITALS for shape in words) < _QUIET * len(words)

    @cached_property
    def cased(self) -> bool:
        """Whether the text is written in letters of one case: none of few words is, which is a field and no prose."""
        return (self.quiet or self.capitals) and not self.few(_BRIEF)

    @cached_property
    def _lines(self) -> tuple[list[int], list[str]]:
        starts, loud, at = [], [], 0
        for line in self.text.split("\n"):
            starts.append(at)
            loud.append(self._loudness(line))
            at += len(line) + 1
        return starts, loud

    def _loudness(self, line: str) -> str:
        if line.islower():
            return "2" if self.quiet else "0"
        if line.isascii():
            # What is left of a line whose small letters, and all else but capitals, were taken out.
            capitals = len(line.translate(_CAPITALS))
            letters = capitals + len(line.translate(_SMALL)) if capitals else 0
        else:
            letters, capitals = sum(map(str.isalpha, line)), sum(map(str.isupper, line))
        return "1" if letters and capitals > _LOUD * letters else "2" if self.quiet and not capitals else "0"

    def loud(self, place: int) -> str:
        """Say whether the line at a place of the text is in capitals, 1, or has none in a text in small letters, 2; else 0."""
        starts, loud = self._lines
        return loud[bisect_right(starts, place) - 1]

    def line_start(self, place: int) -> int:
        """Return where the line at a place begins."""
        return self._lines[0][bisect_right(self._lines[0], place) - 1]


def _tagged(tag: str) -> str:
    """Return the mark of what a tag stands for."""
    return {"[NAME]": "N", "[GEOGRAPHY]": "G", "[DATE]": "D"}.get(tag, "O")
