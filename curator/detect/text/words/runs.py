"""Runs of capitalized words that may be one name, with initials, particles, hyphens and a comma between."""

from __future__ import annotations

import re

from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import (
    BARE,
    CAPITAL,
    COLON,
    DEGREE,
    DONE,
    FAMILY,
    LOWER_WORD,
    PARTICLE,
    PHRASE,
    ROLE,
    TITLE,
    VERB,
    WEAK,
    Word,
    tables,
    word_of,
)

#: Longest run of capital words that is looked at as one: no name is longer, and a hostile text costs no more.
MOST_TOKENS = 12
#: Words behind which a single letter is no initial: vitamin B, hepatitis C, type A.
LETTERED = frozenset(tables()["lettered"].split())
#: What joins the parts of one word of a name.
JOINTS = frozenset("-'’ʻ‐‑`")


class Token:
    """One word of a name: what hyphens and apostrophes join counts as one."""

    __slots__ = ("end", "first", "kind", "last", "points", "start", "word")

    def __init__(self, start: int, end: int, word: Word, first: int, last: int) -> None:
        """Set where it stands, what is known of it, and its first and last word by index."""
        self.start = start
        self.end = end
        self.word = word
        self.first = first
        self.last = last
        self.kind = word.kind
        self.points = word.points


def token_at(found: Spots, at: int) -> Token:
    """Return the token that begins at a word: with what hyphens and apostrophes join to it."""
    text, spans, words = found.text, found.spans, found.words
    start, end = spans[at]
    if text[end : end + 1] not in JOINTS and words[at].low not in GLUE:
        return Token(start, end, words[at], at, at)
    last = at
    size, count = len(text), len(words)
    while end < size and text[end] in JOINTS and last + 1 < count and spans[last + 1][0] == end + 1:
        following = words[last + 1]
        mark = text[end]
        if mark in "'’ʻ`":
            if following.low in {"s", "d", "ll", "re", "t", "m", "ve"} and not (
                following.flags & CAPITAL and len(following.low) > 1
            ):
                break
            if not following.flags & CAPITAL and not (following.low != "s" and len(spans) and end - start > 1):
                break
        elif not following.flags & CAPITAL and following.flags & LOWER_WORD and not following.flags & FAMILY:
            break
        last += 1
        end = spans[last][1]
        if last - at >= 5:
            break
    if last == at:
        if words[at].low in GLUE:
            glued = _glued(found, at)
            if glued:
                return glued
        return Token(start, end, words[at], at, at)
    return Token(start, end, word_of(text[start:end]), at, last)


#: Capitalized particles that begin a family name.
GLUE = frozenset(
    [
        "ó",
        "o",
        "ní",
        "ni",
        "nic",
        "mac",
        "uí",
        "mhic",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "la",
        "le",
        "du",
        "al",
        "el",
        "st",
        "ste",
        "two",
    ]
)


def _glued(found: Spots, at: int) -> Token | None:
    """Return a family name that begins with a capitalized particle as one token: Mac an Bhaird, Ó hEarchú, De Smet."""
    text, spans, words = found.text, found.spans, found.words
    lead, last, count = words[at], at, len(words)
    while last + 1 < count and last - at < 3:
        gap, following = text[spans[last][1] : spans[last + 1][0]], words[last + 1]
        if gap not in {" ", "'", "’"} and not (gap == ". " and words[last].low in {"st", "ste"}):
            return None
        if following.flags & CAPITAL and following.low not in GLUE:
            if following.upper != lead.upper and len(lead.low) > 1:
                return None
            if (
                following.flags & TITLE
                or following.kind == "I"
                or (following.kind in "MWA" and lead.low not in _SURELY)
            ):
                return None
            token = token_at(found, last + 1)
            token.start, token.first = spans[at][0], at
            if token.kind in "MWA":
                token.kind, token.points = "s", 0.6
            token.points += 0.4
            return token
        if not following.flags & CAPITAL and following.low[1:2] and text[spans[last + 1][0] + 1].isupper():
            word = word_of(text[spans[last + 1][0] + 1 : spans[last + 1][1]])
            token = Token(spans[at][0], spans[last + 1][1], word, at, last + 1)
            token.points += 0.8
            return token
        if following.low not in GLUE and following.low not in {"an", "na", "la", "los", "las", "den", "der"}:
            return None
        last += 1
    return None


#: Particles behind which even a word is a name.
_SURELY = frozenset(["ó", "ní", "nic", "mac", "uí", "mhic"])


def run_at(found: Spots, at: int, floor: int) -> list[Token]:
    """Return the run that a word belongs to: initials and particles before it, and all behind that may go on the name.

    Parameters
    ----------
    found
        The words of the text.
    at
        Index of a capitalized word.
    floor
        Index of the first word that may be taken.
    """
    words = found.words
    run, size = [token_at(found, at)], len(words)
    if at > floor and begins_joined(words[at - 1]):
        _before(found, run, floor)
    while len(run) < MOST_TOKENS:
        after = run[-1].last + 1
        if after >= size or not (words[after].flags & _GOES_ON or words[after].low in _ELIDED):
            break
        following = _next(found, run)
        if following is None:
            break
        run.append(following)
    return run


def begins_joined(word: Word) -> bool:
    """Say whether a word may be taken to a name behind it: an initial, a particle, what a hyphen joins."""
    return word.kind == "I" or word.flags & PARTICLE != 0 or word.low in _JOINED


def _before(found: Spots, run: list[Token], floor: int) -> None:
    """Take initials and particles that stand before a run."""
    text, spans, words = found.text, found.spans, found.words
    while len(run) < 5:
        at = run[0].first - 1
        if at < floor:
            return
        word = words[at]
        if not begins_joined(word):
            return
        gap = text[spans[at][1] : run[0].start]
        if word.kind == "I" and gap in {". ", ".", " ", ".-", ".  "}:
            if gap == " " and (word.low in "ai" or (at and words[at - 1].folded in LETTERED)):
                return
            if (at and _ends(found, at, run[0].kind)) or (
                gap == " "
                and word.low in {"m", "f"}
                and _AGE_BEFORE.search(text, max(0, spans[at][0] - 8), spans[at][0])
            ):
                return
            start = spans[at][0]
            if _DEGREE_BEFORE.search(text, max(0, start - 8), spans[at][1]):
                return
            if start and (text[start - 1] in "'’-/&" or text[start - 1].isdigit()) and text[start - 2 : start] != "--":
                return
            run.insert(0, Token(start, spans[at][1], word, at, at))
        elif (gap in {"'", "’"} and word.low in {"d", "l", "o", "dell", "all", "m", "n"}) or (
            gap == "-" and word.low in {"al", "el", "ben", "bin", "ibn", "abu", "abd", "ad", "ar", "as", "ash", "an"}
        ):
            run[0].start, run[0].first = spans[at][0], at
        elif (
            gap == " "
            and word.flags & PARTICLE
            and word.low in LEADING
            and (not word.flags & CAPITAL or (word.upper and run[0].word.upper))
        ):
            first = at
            if at > floor and words[at - 1].low in {"de", "van", "von", "da"} and spans[at][0] - spans[at - 1][1] == 1:
                first = at - 1
            run[0].start, run[0].first = spans[first][0], first
            if word.low in _FAMILIAL and not word.flags & CAPITAL:
                run[0].points += 0.9
        else:
            return


_NAMING = BARE | COLON | PHRASE | WEAK | TITLE | ROLE | DONE | VERB | DEGREE


def _ends(found: Spots, at: int, kind: str) -> bool:
    """Say whether a single letter closes a sentence, by the words on both sides: type A. Weber."""
    text, start = found.text, found.spans[at][0]
    if text[start - 1] != " " or text[found.spans[at][1] : found.spans[at][1] + 2] not in {". ", ".\n"}:
        return False
    before = found.words[at - 1]
    if found.spans[at - 1][1] != start - 1:
        return kind in _DOUBTFUL and text[start - 2].isdigit()
    return before.folded in LETTERED or (
        kind in "WMA" and not (before.flags & (CAPITAL | _NAMING) or before.low in _MAY_NAME)
    )


#: Classes of words that are hardly a family name behind a figure and a letter.
_DOUBTFUL = frozenset("WMAgsr")
#: Small words behind which an initial begins a name.
_MAY_NAME = frozenset(
    ["and", "or", "dr", "mr", "mrs", "ms", "c", "o", "s", "d", "w", "att", "is", "was", "y", "und", "et"]
)
#: Particles in small letters behind which a capitalized word is a family name.
_FAMILIAL = frozenset(["van", "von", "der", "den", "ter", "ten", "bin", "ibn", "abu"])
#: What hyphens or apostrophes join to the name behind.
_JOINED = frozenset(
    [
        "d",
        "l",
        "o",
        "dell",
        "all",
        "m",
        "n",
        "al",
        "el",
        "ben",
        "bin",
        "ibn",
        "abu",
        "abd",
        "ad",
        "ar",
        "as",
        "ash",
        "an",
    ]
)
_GOES_ON = CAPITAL | PARTICLE
#: Letters of an article that an apostrophe joins: d'Arc, l'Ami.
_ELIDED = frozenset(["d", "l"])
LEADING = frozenset(tables()["leading"].split())


def _next(found: Spots, run: list[Token]) -> Token | None:
    """Return what goes on a run, None where it ends; the word behind it may go on a name."""
    text, spans, words = found.text, found.spans, found.words
    prior = run[-1]
    at = prior.last + 1
    word = words[at]
    start, end = spans[at]
    if start - prior.end > 4:
        return None
    gap = text[prior.end : start]
    if word.flags & CAPITAL:
        if text[end : end + 1].isdigit():
            return None
        if gap in {" ", "  "}:
            return None if text[start:end] in _MIXED_DEGREES else token_at(found, at)
        if gap in {". ", ".", ".  ", ".-"}:
            if prior.kind == "I" or prior.word.low in DOTTED or (prior.word.flags & TITLE):
                return token_at(found, at)
            return None
        if gap in {", ", ",", " , ", ",  "}:
            if (prior.kind == "I" and len(run) == 1) or (word.kind == "I" and DOTTED_DEGREE.match(text, start)):
                return None
            return (
                token_at(found, at)
                if gap != ","
                or word.kind in "GSRgnIu"
                or (word.kind in "UAsr" and prior.word.upper and word.upper and prior.kind in "GSRUuns")
                else None
            )
        if gap in {' "', " “", " (", " '", '" ', "” ", ") ", "' ", " ‘", "’ "}:
            return token_at(found, at) if _quoted(found, prior, at, gap) else None
        if gap in {"\n", " \n", ",\n"} and _wraps(found, prior, word):
            return token_at(found, at)
        return None
    if word.flags & PARTICLE and gap in {" ", "  "}:
        for skip in (1, 2, 3):
            after = at + skip
            if after >= len(words) or text[spans[after - 1][1] : spans[after][0]] not in {" ", "'", "’", "-", ". "}:
                return None
            if words[after].flags & CAPITAL:
                if words[after].kind in "MWA" and not words[after].listed:
                    return None
                token = token_at(found, after)
                token.start, token.first = spans[at][0], at
                return token
            if not words[after].flags & PARTICLE:
                return None
    if gap != " " or word.low not in _ELIDED or at + 1 >= len(words) or not words[at + 1].flags & CAPITAL:
        return None
    if text[spans[at][1] : spans[at + 1][0]] not in {"'", "’"}:
        return None
    token = token_at(found, at + 1)
    token.start, token.first = spans[at][0], at
    return token


#: A degree between full stops, and no initials behind a family name and a comma: Ana Roe, M.D.
_DEGREES = r"(?:M\. ?D|D\. ?O|R\. ?N|N\. ?P|P\. ?A|D\. ?D\. ?S|D\. ?M\. ?D|D\. ?P\. ?M)"
DOTTED_DEGREE = re.compile(rf"{_DEGREES}\b(?:\.|-C)?(?! ?[A-Z]\.)")
#: An age before the letter of a sex: 24 yo M Cody.
_AGE_BEFORE = re.compile(r"\d[ -]?(?:yo|y/o|y\.o\.|y|yr|mo|m/o|wk|w/o|d/o|year[- ]old)[ ]$")
_DEGREE_BEFORE = re.compile(rf", ?{_DEGREES}$")
#: Degrees that are written in small letters and capitals, behind a name with no comma between.
_MIXED_DEGREES = frozenset(["PharmD", "PsyD", "PhD", "EdD", "DMin", "RPh", "CPhT", "DrPH"])
#: Words that a full stop shortens: the name goes on behind it.
DOTTED = frozenset(tables()["dotted"].split())


def _quoted(found: Spots, prior: Token, at: int, gap: str) -> bool:
    """Say whether a word in quotation marks or brackets is a nickname in the midst of a name."""
    text, (start, end) = found.text, found.spans[at]
    if gap[0] == " ":
        close = {'"': '"', "“": "”", "(": ")", "'": "'", "‘": "’"}[gap[1]]
        return text[end : end + 1] == close and found.words[at].kind not in "MA"
    return prior.start > 0 and text[prior.start - 1] in "\"“('‘" and start - prior.end == 2


def _wraps(found: Spots, prior: Token, word: Word) -> bool:
    """Say whether a name may go on in the next line: the line is a full one, or ends in a comma."""
    text = found.text
    begin = text.rfind("\n", 0, prior.start) + 1
    if word.kind not in "GSRngsuU":
        return False
    if text[prior.end] == ",":
        return prior.kind in "SRsruU"
    return prior.end - begin > 54 and prior.kind in "GgnI" and (word.kind in "SRsru" or word.flags & FAMILY != 0)
