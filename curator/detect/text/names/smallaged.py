# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""Given names in small letters before an age or before "is here", and at the end of what is said to somebody.

As speech is written down: curtis is a 44 year old man; mark's 15 months old; good to see you , john . A given name that is a
word as well is found again where it stands as a person does. A mark is a 5 year old scar, and okay , roger says that it was heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.contexts import acts
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import FAMILY, GIVEN, HOLIDAY, LOWER_NAME, LOWER_WORD, MONTH, tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Words of talk with which what is said may end before who is spoken to.
_TALK = Words(["so", "okay", "ok", "alright", "right", "yes", "yeah", "thanks", "you", "sorry", "today", "doing", "sure", "please", "um", "uh", "going", "morning", "afternoon", "evening", "there", "welcome", "well", "in"])  # fmt: skip
_YEARS = Words(["year", "years", "yo", "yr", "yrs", "month", "months", "here"])
#: Given names that are words, without those by which nobody is meant most often.
_PLAIN = frozenset(tables()["given_plain"].split()) - frozenset(
    ["angel", "baby", "bud", "buddy", "guy", "junior", "merry", "sonny", "sunny"]
)
#: Of these, what stands between commas and is no name.
_DOUBTFUL = frozenset(["art", "autumn", "christian", "dawn", "don", "faith", "gay", "grace", "hope", "joy", "max", "miles", "misty", "olive", "pat", "roman", "rose", "rusty", "sandy", "summer"])  # fmt: skip
#: What says that it was heard: okay , roger .
_HEARD = frozenset(["okay", "ok", "alright", "yes", "yeah", "sure", "right", "well"])
_COMMA = frozenset([", ", " , "])
_END = re.compile(r"\s*(?:[,.?!;]|$|\n)")
_CLOSED = re.compile(r"[ ]?(?:[.?!]|$|\n)")
#: How old somebody is.
_AGED = re.compile(
    r"(?: (?:is|was)|['’]s) (?:now |just |almost |about )?(?:an? )?(?:(?:very|pleasant|nice|healthy|lovely|delightful|retired|[a-z]{3,12}-handed|white|black|caucasian|hispanic|asian) ){0,3}(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ][a-z]{3,5})?|[a-z]{3,9}teen|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ]?(?:years?|yrs?|yo\b|y/?o\b|months?)[- ]?(?:old\b|of age\b|$|[ ,.])"
)
_HERE = re.compile(r"(?: (?:is|was)|['’]s) (?:here (?:today|for|with|to)\b|an? (?:pleasant|very pleasant|patient)\b)")
#: What stands before a turn or a sentence.
_BEGINS = re.compile(r"(?:^|[\n\]]|[.?!:]|\b(?:so|okay|alright|and) ?,?) ?$")
#: The label of who speaks, and what is said to who is called at the head of what one says.
_TURN = re.compile(
    r"(?:^|\n) ?\[?(?:doctor|clinician|nurse|provider|physician|patient|[Dd]r)(?:_\d)?\]?:? {1,2}$", re.IGNORECASE
)
_ASKED = re.compile(
    r"[ ]?, (?:can|could|would|will|do|did|does|have|has|how|what|when|where|i|i'm|i’m|let|let's|you|your|tell|are|is|we|it|it's|thanks|thank|good|please|go|lie|sit|take|come)\b"
)
#: Words behind which a word that is a name as well is none: the mark, to bill, i'll mark.
_NONE_BEHIND = frozenset(["a", "an", "the", "this", "that", "these", "those", "his", "her", "my", "your", "our", "their", "its", "any", "some", "no", "to", "will", "would", "could", "can", "should", "i", "we", "you", "they", "he", "she", "it", "ll", "d", "please", "each", "every", "of", "not", "one", "skin", "birth", "t", "by", "be", "been", "was", "is", "are", "just", "and"])  # fmt: skip
_WITH = frozenset(["so", "with", "for", "see", "saw", "told", "tell", "ask", "asked", "called", "call", "thanks", "alright", "okay"])  # fmt: skip


def aged(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    talks, years = found.flags & _TALK.bit, found.flags & _YEARS.bit
    if not found.small or not (talks or years):
        return
    words = found.words
    sure, taken = set(), set()
    for at in found.small:
        word = words[at]
        if word.flags & (HOLIDAY | MONTH) or not word.flags & LOWER_NAME:
            continue
        told = years and _told(found, at)
        if told or (talks and _called(found, at)):
            taken.add(at)
            if told:
                sure.add(word.low)
    for at in found.small if sure else ():
        if at not in taken and words[at].low in sure and _again(found, at):
            taken.add(at)
    for at in sorted(taken):
        yield Finding(*found.spans[at], Category.NAME, "name", "name.aged", 0.8)


def _whole(found: Spots, at: int) -> bool:
    """Say whether a word stands by itself: no part of a hyphened one, of an address or of a contraction."""
    (start, end), text = found.spans[at], found.text
    return not (
        (start and (text[start - 1].isalnum() or text[start - 1] in "-'’@._/&"))
        or text[end : end + 1].isalnum()
        or text[end : end + 1] in {"-", "@", "_", "/"}
    )


def _called(found: Spots, at: int) -> bool:
    """Say whether what is said ends with who is spoken to, or a turn begins: good to see you , john . / [doctor] john , can you."""
    words, text, (start, end) = found.words, found.text, found.spans[at]
    if _TURN.search(text, max(0, start - 16), start):
        word = words[at]
        good = word.flags & GIVEN or (word.low in _PLAIN and word.low not in _DOUBTFUL and word.low != "roger")
        return bool(good) and _ASKED.match(text, end) is not None
    if not at or words[at - 1].low not in _TALK or text[found.spans[at - 1][1] : start] not in _COMMA:
        return False
    word = words[at]
    if not word.flags & GIVEN and (word.low not in _PLAIN or word.low in _DOUBTFUL):
        return False
    if word.low == "roger" and words[at - 1].low in _HEARD:
        return False
    return _CLOSED.match(text, end) is not None and _whole(found, at)


def _told(found: Spots, at: int) -> bool:
    """Say whether an age is told of somebody, or that somebody is here at the head of a sentence."""
    word, (start, end), text = found.words[at], found.spans[at], found.text
    if text[end : end + 1] not in {" ", "'", "’"}:
        return False
    by_age = _AGED.match(text, end) is not None
    if not (by_age or _HERE.match(text, end)) or not _whole(found, at):
        return False
    head = _BEGINS.search(text, max(0, start - 10), start) is not None
    if word.flags & GIVEN:
        return by_age or head
    if word.flags & LOWER_WORD:
        return word.low in _PLAIN and (head or (by_age and at > 0 and found.words[at - 1].low not in _NONE_BEHIND))
    return by_age and bool(word.flags & FAMILY) and word.folded not in lexicon().medical


def _again(found: Spots, at: int) -> bool:
    """Say whether a word by which somebody is told stands as a person does."""
    words, text, (_, end) = found.words, found.text, found.spans[at]
    if not _whole(found, at):
        return False
    if not words[at].flags & LOWER_WORD:
        return True
    before = words[at - 1].low if at else ""
    if before in _NONE_BEHIND:
        return False
    return (
        before in _WITH
        or acts(found, at, end)
        or text[end : end + 2] in {"'s", "’s"}
        or _END.match(text, end) is not None
    )
