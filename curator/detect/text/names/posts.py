# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Names that are words, told by where they stand alone: refer Grand for, w/ Do, ID Ossipov, goes by Skip, agree - FOREST.

A cue before and an end or a doing behind are both asked for; what such a place may hold besides a person is in a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.contexts import acts, degree, eponym
from curator.detect.text.words.runs import Token, token_at
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, COLON, DEGREE, LOOSE, TITLE, VERB, Word, tables

#: What ends a name in such a place.
_ENDS = re.compile(
    r"['’]s\b|[ ]{0,2}(?:[.,;:)\]!?\"”\n|]|$|\(|[-–—]{1,2}[ \n]|→|->|@|/[ ])|[ ]{2}|[ ](?:@|\d|tue|wed|thu|fri|mon|re\b|w/)"
)
_TIMED = re.compile(r"\d[ ]?(?:am|pm|a|p)?,? $")
_NOBODY = frozenset(tables()["nobody"].split())
_MEETS = frozenset(tables()["meets"].split())
_FAMILIES = frozenset(tables()["surnames"].split())
_STRICT = _NOBODY - _FAMILIES
_CALLED_BY = frozenset(tables()["called_by"].split())
_CALLED_AS = frozenset(tables()["called_as"].split())
_CALLED_WHO = frozenset(tables()["called_who"].split())
#: Small words that go on a sentence behind a person who was named.
_ON = frozenset(tables()["goes_on_post"].split())
_WARD_SMALL = frozenset(tables()["ward_small"].split())
_WARD_BARE = frozenset(tables()["ward_bare"].split())
_CALLED_BEFORE = frozenset(tables()["called_before"].split())
_BABY_BEFORE = frozenset(tables()["baby_before"].split())
_QUOTES = frozenset(['"', "“", "'", "‘"])


def posts(found: Spots) -> Iterator[tuple[int, int, int, int, str]]:
    """Yield where a name stands, its first and last word, and the rule.

    Parameters
    ----------
    found
        The words of the text.
    """
    words = found.words
    rules = _rules()
    for at in found.posts:
        for rule in rules[words[at].low]:
            token = rule(found, at)
            if token is not None:
                yield token.start, token.end, token.first, token.last, "name.post"
                break


@cache
def _rules() -> dict[str, tuple[Callable[[Spots, int], Token | None], ...]]:
    rules: dict[str, tuple[Callable[[Spots, int], Token | None], ...]] = {}
    for name, rule in (
        ("with", _with),
        ("per", _per),
        ("see", _see),
        ("ward", _ward),
        ("called", _called),
        ("baby", _baby),
        ("relation", _relation),
        ("staff_roles", _staff),
    ):
        for low in tables()[name].split():
            rules[low] = (*rules.get(low, ()), rule)
    return rules


def _somebody(word: Word) -> bool:
    """Say whether a capitalized word may be somebody's name behind a cue that tells one."""
    return _person(word, _NOBODY)


def _surely(word: Word) -> bool:
    """Say the same behind a stronger cue, where colors and the like are family names."""
    return _person(word, _STRICT)


def _person(word: Word, nobody: frozenset[str]) -> bool:
    if word.low in nobody or (word.flags & TITLE and not word.flags & LOOSE):
        return False
    kind = word.kind
    return kind in "GSRgsrnu" or (kind == "U" and word.points > 0.2) or (kind == "M" and word.listed and not word.upper)


def _whole(found: Spots, at: int, *, some: Callable[[Word], bool] = _somebody) -> Token | None:
    """Return the name that begins at a word: with a particle, a family name behind it, not a term's first word."""
    words = found.words
    token = token_at(found, at)
    if token.last == at and not some(words[at]):
        return None
    if token.last > at and token.kind not in "GSRUgsrnu":
        return None
    while token.last + 1 < len(words):
        after = words[token.last + 1]
        if not after.flags & CAPITAL or found.text[token.end : found.spans[token.last + 1][0]] != " ":
            break
        if after.flags & DEGREE and degree(found.text, token.end):
            break
        if after.kind not in "GSRUgsrnu" or after.upper != words[at].upper or token.last - at > 3:
            return None
        more = token_at(found, token.last + 1)
        token = Token(token.start, more.end, token.word, token.first, more.last)
    return None if eponym(found, token.last, token.end) else token


def _on(found: Spots, token: Token) -> bool:
    """Say whether a sentence ends behind a name, or goes on as it does behind a person."""
    if _ENDS.match(found.text, token.end):
        return True
    after = token.last + 1
    if after >= len(found.words) or found.text[token.end : found.spans[after][0]] != " ":
        return False
    word = found.words[after]
    return word.low in _ON or bool(word.flags & (VERB | DEGREE)) or acts(found, token.last, token.end)


def _gap(found: Spots, at: int) -> str:
    return found.text[found.spans[at][1] : found.spans[at + 1][0]]


def _with(found: Spots, at: int) -> Token | None:
    """Return who is met: appt w/ Do, TEE w/ Friday, discussed with Grand."""
    gap = _gap(found, at)
    if gap not in {" ", "/ ", "/", ". "} or (found.words[at].low == "c" and gap != " "):
        return None
    words = found.words
    low = words[at].low
    before = [word.low for word in words[max(0, at - 4) : at]]
    start = found.spans[at][0]
    line = found.text.rfind("\n", 0, start)
    meets = any(word in _MEETS and found.spans[at - len(before) + n][0] > line for n, word in enumerate(before))
    if low == "c" and (not before or before[-1] not in {"reviewed", "discussed", "staffed", "seen", "dw"}):
        return None
    if not meets and not _TIMED.search(found.text, max(0, start - 6), start):
        return None
    day = words[at + 1].low in _DAYS
    token = _whole(found, at + 1, some=_weekday if day else _surely)
    return token if token is not None and (_ENDED.match(found.text, token.end) if day else _on(found, token)) else None


_DAYS = frozenset(["friday", "monday", "march", "august", "winter", "summer"])
_ENDED = re.compile(r"[ ]{0,2}(?:[.,;)\n]|$)| (?:in clinic|re\b|who\b)")


def _weekday(word: Word) -> bool:
    return word.listed


def _per(found: Spots, at: int) -> Token | None:
    """Return who said so: per Wise ok for diet; per Marsh, hold."""
    word = found.words[at + 1]
    graded = degree(found.text, found.spans[at + 1][1])
    if _gap(found, at) != " " or (word.upper and not found.words[at].upper and not graded):
        return None
    if word.kind == "M" and word.low not in _FAMILIES:
        return None
    token = _whole(found, at + 1, some=_surely)
    if token is None and word.kind == "W" and graded:
        token = token_at(found, at + 1)
    return token if token is not None and (_on(found, token) or degree(found.text, token.end)) else None


def _see(found: Spots, at: int) -> Token | None:
    """Return who is seen, asked or told: refer Grand for, see Rivers in 2 weeks, RTC Major 3 mo."""
    gap, words, low = _gap(found, at), found.words, found.words[at].low
    if gap != " " or words[at + 1].upper:
        return None
    if (low == "u" and not (at and words[at - 1].low == "f")) or (
        words[at].flags & CAPITAL
        and low in {"call", "page", "text", "message", "visit", "sign"}
        and words[at + 1].kind in "Ugsr"
    ):
        return None
    if low == "to" and not (at and words[at - 1].low in _HANDED):
        return None
    token = _whole(found, at + 1, some=_surely if low in _HEARD else _somebody)
    if token is None or not _on(found, token):
        return None
    if token.kind in "UW" and not _REFERRED.match(found.text, token.end):
        return None
    return token


#: What is handed or sent to somebody, and verbs behind which only somebody stands.
_HANDED = frozenset(tables()["handed"].split())
_HEARD = frozenset(tables()["heard"].split())
_REFERRED = re.compile(r" (?:for|re|about|in \d|next|today|who|weekly|monthly|every|biweekly|yearly|once|twice)\b| \d")
#: What somebody who serves on a ward is said to do.
_SERVES = re.compile(
    r"\)[ ]?(?:[,;.-]|accept|aware|paged|notif|at bed|recs?\b|to \w|will|here|agree|call|declin|updat|inform|consult|saw|seen|see|following|pending|reviewed|plac|ok\b|,|\n|$)|,[ ](?:\d{3,4}|x\d)|,? (?:aware|recs?|following|follows|consulted|at bed|paged|notified|accept\w*|declin\w*|to (?:see|scope|follow|place|eval|come|take|call)|will|saw|reviewed|called|agrees|in to|here)\b|[ ]?(?:$|\n|[,;](?=[ ]))"
)


def _ward(found: Spots, at: int) -> Token | None:
    """Return who serves: ID Ossipov, Surg (Drake) accepts, On-call (Dos Santos) paged."""
    gap = _gap(found, at)
    if gap not in {" ", " (", ", "} or found.words[at + 1].upper:
        return None
    word, text = found.words[at], found.text
    if not word.flags & CAPITAL and gap != " (" and word.low not in _WARD_SMALL:
        return None
    if word.low in _WARD_BARE and gap != " (":
        return None
    token = _whole(found, at + 1, some=_surely if gap == " (" else _somebody)
    if token is None:
        return None
    if gap == " (":
        good = text[token.end : token.end + 1] in {")", ","} and _SERVES.match(text, token.end) is not None
        return token if good or (text[token.end : token.end + 1] == ")" and token.kind in "GSn") else None
    if gap == ", " or token.kind in "Mr" or word.low in {"id", "call"}:
        return (
            token
            if _SERVES.match(text, token.end)
            and not (gap == ", " and text[token.end : token.end + 1] != ",")
            and token.kind in "GSRUun"
            else None
        )
    if (
        at
        and found.words[at - 1].low in _ASKED_OF
        and token.kind in "GSRUusn"
        and text[token.end : token.end + 5] == " for "
    ):
        return token
    return token if _SERVES.match(text, token.end) else None


#: Behind these a ward and a name stand for whom one speaks with: w/ ENT Ganz for Friday.
_ASKED_OF = frozenset(["w", "with", "by", "per", "dw"])


def _called(found: Spots, at: int) -> Token | None:
    """Return what somebody is called: goes by Skip, AKA "Duchess", calls himself Spider, a widow called Per-Erik."""
    words, text = found.words, found.text
    gap, low = _gap(found, at), words[at].low
    before = words[at - 1].low if at else ""
    core = gap.strip(" \t")
    quoted = core[-1:] in _QUOTES and core[:-1].strip() in {"", ":", ",", "("}
    if not quoted and gap not in {" ", ": ", ". ", " = "} and not (core == ":" and len(gap) < 6):
        return None
    if low in {"by", "as"}:
        near = {word.low for word in words[max(0, at - 4) : at]} if quoted and low == "as" else {before}
        if low == "by" and before not in _CALLED_BY:
            return None
        if low == "as" and (not quoted or near.isdisjoint(_CALLED_AS)):
            return None
    elif low in {"himself", "herself", "themselves", "themself", "self", "him", "her", "them"}:
        if before not in _CALLED_WHO or (low == "her" and gap == " " and words[at].flags & CAPITAL):
            return None
    elif low == "calls":
        return None
    elif low == "name":
        if before not in {"street", "nick", "pet", "stage", "chosen", "preferred", "camp", "screen"}:
            return None
    elif low == "called" and not quoted and (before not in _CALLED_BEFORE or gap == ". "):
        return None  # the office was called. He left
    if quoted:
        return _quoted(found, at + 1, core[-1])
    word = words[at + 1]
    if word.upper or word.kind == "A" or (word.kind == "M" and not word.listed and low not in _OWN):
        return None
    token = token_at(found, at + 1)
    after = token.last + 1
    if text[token.end : token.end + 1] == " " and after < len(words) and words[after].flags & CAPITAL:
        more = token_at(found, after)
        if found.spans[after][0] == token.end + 1 and more.kind in "GSRUgsrnu" and not more.word.upper:
            token = Token(token.start, more.end, token.word, token.first, more.last)
    return None if eponym(found, token.last, token.end) else token


_OWN = frozenset(tables()["own_name"].split())


def _relation(found: Spots, at: int) -> Token | None:
    """Return who is related, though the name is a word: her sister Made called, an uncle "Pip", his dealer, "Ghost"."""
    words, text = found.words, found.text
    gap = _gap(found, at)
    if words[at].flags & CAPITAL:
        return None
    if gap[-1:] in _QUOTES and gap[:-1] in {" ", ", ", ": ", " ("}:
        return _quoted(found, at + 1, gap[-1])
    word = words[at + 1]
    if gap != " " or word.upper or word.kind not in "WM" or not (word.kind == "W" or word.listed):
        return None
    if not at or words[at - 1].low not in _OWNERS or word.low in _STRICT or word.flags & COLON:
        return None
    token = token_at(found, at + 1)
    if token.last + 1 < len(words) and text[token.end : token.end + 1] == " " and words[token.last + 1].flags & CAPITAL:
        return None
    return token if _on(found, token) else None


_OWNERS = frozenset(tables()["owners"].split())
#: Who is named behind a comma alone: the hired man, Grace, drove.
_APPOSED = frozenset(["man", "woman", "lady", "guy"])
#: What parts a name from who it is.
_APART = frozenset([" ", ": ", " (", ", ", " - ", ":  "])


def _staff(found: Spots, at: int) -> Token | None:
    """Return who serves as what stands before, though the name is a word: the monitor Power, PharmD August, Warden (Stijn)."""
    words, text, gap = found.words, found.text, _gap(found, at)
    if gap not in _APART or (words[at].upper and len(words[at].low) > 4):
        return None
    word = words[at + 1]
    if word.kind == "I" and text[found.spans[at + 1][1] : found.spans[at + 1][1] + 2] == ". " and at + 2 < len(words):
        family = words[at + 2]
        if (
            found.spans[at + 2][0] == found.spans[at + 1][1] + 2
            and family.listed
            and not family.upper
            and family.low not in _STRICT
        ):
            whole = token_at(found, at + 2)
            return (
                Token(found.spans[at + 1][0], whole.end, family, at + 1, whole.last)
                if _ENDS.match(text, whole.end)
                else None
            )
        return None
    if word.upper or word.low in _STRICT or (word.flags & COLON and word.low not in _FAMILIES) or len(word.low) < 2:
        return None
    if (words[at].low in _APPOSED and gap != ", ") or (word.flags & TITLE and not word.flags & LOOSE):
        return None
    listed = (
        word.kind in "GSRgsrnu"
        or (word.kind in "WMA" and word.low in _FAMILIES)
        or (word.kind == "U" and word.points > 0.0)
    )
    # A word that only looks like the form of another one is as good as an unknown one.
    listed = listed or (
        word.kind == "W"
        and word.folded not in lexicon().words
        and _ENDS.match(text, found.spans[at + 1][1]) is not None
    )
    if not listed and not (word.kind == "M" and word.listed and word.low in _DAYS):
        return None
    token = _whole(found, at + 1, some=lambda _: True)
    if token is None or eponym(found, token.last, token.end):
        return None
    behind = text[token.end : token.end + 1]
    if gap == " (":
        return token if behind in {")", ","} and word.kind not in "WM" else None
    if gap == ", ":
        return token if behind == "," and word.kind != "M" else None
    if gap in {": ", ":  "}:
        return (
            token
            if _ENDS.match(text, token.end)
            and not (words[at].low in {"minutes", "assistant", "chief"} and word.kind in "WM")
            else None
        )
    after = token.last + 1
    does = behind == " " and after < len(words) and words[after].low.endswith("ed") and len(words[after].low) > 4
    return token if does or _on(found, token) or (token.kind in "GSRu" and behind in {" ", ","}) else None


def _quoted(found: Spots, at: int, mark: str) -> Token | None:
    """Return what quotation marks hold when it is a name by its capitals."""
    text, words, spans = found.text, found.words, found.spans
    start = spans[at][0]
    close = text.find({"“": "”", "‘": "’"}.get(mark, mark), start, start + 24)
    inner = text[start:close] if close > 0 else ""
    if not inner or inner.count(" ") > 2 or (inner.isupper() and len(inner) < 5 and inner.lower() in lexicon().medical):
        return None
    if not all(part[:1].isupper() for part in inner.split()):
        return None
    last = at
    while last + 1 < len(words) and spans[last + 1][0] < close:
        last += 1
    return Token(start, spans[last][1], words[at], at, last)


#: Behind a child's name: how it is, when it was born.
_BORN = re.compile(
    r"['’]s\b|,? (?:is|was|born|weigh\w*|latch\w*|room\w*|feed\w*|has|had|will|in|at|to|doing|with|remains|del\w*|transferred|admitted|\(twin|\((?=\d|[A-C]\b)|bili|\d+ ?(?:h|d|g|wk|mo|day|hour|min)\w*)\b|[ ]{0,2}(?:[.,;)\n]|$)"
)


def _baby(found: Spots, at: int) -> Token | None:
    """Return who was born: Baby is Morgan, BG Marsh, Twin A = Iris, named the baby Journey."""
    words, text = found.words, found.text
    gap, low = _gap(found, at), words[at].low
    before = words[at - 1].low if at else ""
    if low == "is":
        if before not in {"baby", "infant", "newborn", "twin"}:
            return None
    elif low in {"a", "b"}:
        if before not in {"twin", "baby", "triplet"} or gap not in {" = ", ": ", " - ", " (", ", "}:
            return None
    elif (low in {"boy", "girl"} and before not in {"baby", "infant", "newborn"}) or (
        low in {"bb", "bg"} and not words[at].upper
    ):
        return None
    elif low == "named":
        near = {word.low for word in words[max(0, at - 4) : at]} | {word.low for word in words[at + 1 : at + 3]}
        if near.isdisjoint(_BABY_BEFORE):
            return None
    if gap not in {" ", ": ", ", ", " = ", " - ", ' "', " (", " “"}:
        return None
    name = words[at + 1]
    if name.upper or (gap != " " and low not in {"a", "b", "is", "infant", "newborn", "neonate", "baby"}):
        return None
    close = found.spans[at + 1][1]
    sure = low in {"is", "named", "a", "b"} or text[close : close + 6].lower() == " (twin"
    token = _whole(found, at + 1, some=_worded if sure else _somebody)
    if token is None or not _BORN.match(text, token.end):
        return None
    return token if not (gap == ", " and text[token.end : token.end + 1] != ",") else None


def _worded(word: Word) -> bool:
    return _somebody(word) or (word.kind == "W" and word.low not in _NOBODY and len(word.low) > 2)
