# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names in small letters behind a word that tells of a person: pt roe, daughter kim, dr smith."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import lexicon, words_of
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.contexts import acts, described, told
from curator.detect.text.words.speech import SPOKEN
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import (
    BARE,
    CAPITAL,
    DONE,
    FAMILY,
    LOOSE,
    LOWER_NAME,
    LOWER_WORD,
    MEDICAL_END,
    NOUN,
    PARTICLE,
    PLURAL,
    THING,
    TITLE,
    VERB,
    WANTED,
    Word,
    kind_of,
    tables,
)
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_ENDS = re.compile(
    r"(?:['’]s?)?(?:[ ](?:mrn|dob|d\.o\.b|age|aged|ssn|seen|needs|need|phone|ph|tel|is|was|has|had|who|with|on|in|for|to|and|at|called|here|due|wants|take|takes|taking|get|be|have|w/|re|says|said|ok|ordered|wanted|aware|rounding|rounded|he|she|they|medical|date|born|room|bed|account|im\b|i'm|calling|writing|speaking|from|\d)|\s*[,.;:?!()\n]|\s*$)"
)
#: Words for a person: an unknown word behind one of them is a name when it looks like one.
PERSON = frozenset(tables()["person"].split())
_ASKED = frozenset(tables()["asked"].split())
_KIN = frozenset(tables()["kin"].split())


def is_a_given(folded: str) -> bool:
    """Say whether a folded word is listed as a given name."""
    words = lexicon()
    return folded in words.given or folded in words.international


#: Words that go on in speech behind a given name: noreen how are you, petra good to see you.
_CLOSED = re.compile(r"[ ]?(?:[,;:)\n]|$|(?:dob|mrn|date of birth|born|aged?|is a|was seen|\d))")
_SPEECH = SPOKEN - frozenset(["park", "an", "in", "no", "do", "so", "he", "long"])


def is_family(found: Spots, at: int) -> bool:
    """Say whether a word in lower case behind a given name is a family name: a listed one, or an unknown word."""
    word = found.words[at]
    if word.flags & CAPITAL or (word.low in _SPEECH and not _CLOSED.match(found.text, found.spans[at][1])):
        return False
    if not word.flags & LOWER_WORD:
        return len(word.low) > 1 and (
            word.flags & LOWER_NAME != 0 or (len(word.low) > 3 and likeness(word.folded) > -1.0)
        )
    return (
        bool(word.flags & FAMILY)
        and len(word.low) > 2
        and word.low not in SMALL
        and (_ENDS.match(found.text, found.spans[at][1]) is not None or acts(found, at, found.spans[at][1]))
    )


#: Titles that are shortened, as the full stop behind them says.
_SHORTENED = frozenset(["mr", "mrs", "ms", "dr"])
#: Small words that are family names too, but never here.
SMALL = frozenset(tables()["small"].split())


def cued(found: Spots, at: int, following: Word) -> Iterator[Finding]:
    """Yield a name in lower case behind a cue: title, patient or relation."""
    text, spans, words = found.text, found.spans, found.words
    cue = words[at]
    gap = text[spans[at][1] : spans[at + 1][0]]
    title = bool(cue.flags & TITLE and not cue.flags & LOOSE) or (
        cue.low == "doctor" and ((at > 0 and words[at - 1].low in _SEEN_BY) or following.low in _FAMILIES)
    )
    if cue.low == "miss" and at and words[at - 1].low in _MISSES:
        return  # what somebody does not go to: she cannot miss work
    if cue.upper and title and MEDICAL_END.search(following.folded) and not following.flags & LOWER_NAME:
        return  # MR arthrogram
    if (
        gap not in {" ", "  ", ": ", ":"}
        and not (title and (gap in {". ", "."} or (gap == " . " and cue.low in _SHORTENED)))
        and not (cue.low in _KIN and gap in {", ", " ("})
    ):
        return
    if title and following.low in {"o", "d"} and text[spans[at + 1][1] : spans[at + 1][1] + 1] in {"'", "’"}:
        if at + 2 < len(words) and not words[at + 2].flags & CAPITAL and len(words[at + 2].low) > 2:
            yield Finding(spans[at + 1][0], spans[at + 2][1], Category.NAME, "name", "name.lower", 0.7)
        return
    if title and following.flags & PARTICLE:
        last = at + 1
        while last + 1 < len(words) and last - at < 4 and words[last].flags & PARTICLE:
            if text[spans[last][1] : spans[last + 1][0]] != " ":
                break
            last += 1
        family = words[last]
        if (
            last > at + 1
            and not family.flags & (CAPITAL | PARTICLE)
            and len(family.low) > 3
            and family.low not in SMALL
        ):
            yield Finding(spans[at + 1][0], spans[last][1], Category.NAME, "name", "name.lower", 0.7)
            return
    called_so = cue.low == "is" and at > 0 and words[at - 1].low in {"this", "name"}
    person = title or called_so or cue.low in PERSON or bool(cue.flags & WANTED)
    plain = bool(following.flags & LOWER_WORD)
    if plain and cue.low in {"w", "per", "told", "paged"} and following.low in _WORDS and _spoken_with(found, at):
        yield Finding(*spans[at + 1], Category.NAME, "name", "name.lower", 0.6)
        return
    called = plain and (person or cue.low in _KIN or cue.low in _STAFF) and _called(found, at + 1)
    if (
        plain
        and not title
        and not called
        and not (person and _roomed(found, at + 1))
        and not (person and following.folded in lexicon().given and following.low not in SMALL)
    ):
        return  # A word of everyday is only taken behind a title, or for a given name before a family name.
    listed = bool(following.flags & LOWER_NAME)
    if cue.low == "mr" and not listed and kind_of(following.low.capitalize()) in "WM":
        return  # mr arthrogram
    start, end = spans[at + 1]
    size = len(following.low)
    pair = at + 2 < len(words) and text[end : spans[at + 2][0]] in {" ", "-", "'"} and is_family(found, at + 2)
    if title:
        good = (
            (size > 2 or listed)
            and (
                not plain
                or (
                    listed
                    and size > 2
                    and (_stands(found, at + 1) or _doctored(cue, following) or _addressed(found, at, gap))
                )
            )
            and not (plain and (following.low in SMALL or following.flags & (VERB | DONE)))
            and not (plain and cue.low == "ms" and not _addressed(found, at, gap))
            and not (plain and cue.low == "mr" and "." not in gap and following.low in _SCANNED)
        )
    elif person:
        good = size > 2 and (
            (not plain and (listed or likeness(following.folded) > 1.5))
            or (pair and plain and following.folded in lexicon().given and following.low not in SMALL)
        )
        if (
            not plain
            and listed
            and not pair
            and not is_a_given(following.folded)
            and following.folded not in lexicon().frequent
        ):
            good = good and likeness(following.folded) > 0.0
    elif cue.low in _KIN and not plain and not listed:
        good = likeness(following.folded) > -1.5 and (
            size > 3 or (size > 2 and _ENDS.match(text, end) is not None and following.folded not in lexicon().medical)
        )
    elif plain or size < 3 or not listed:
        good = False
    else:
        given = following.folded in lexicon().given or following.folded in lexicon().international
        close = (
            bool(cue.flags & (BARE | PLURAL))
            or cue.low in _ASKED
            or pair
            or told(found, at + 1)
            or acts(found, at + 1, end)
            or described(text, end)
        )
        good = close and (given or following.folded in lexicon().frequent)
    further = at + 2 < len(words) and unknown(words[at + 2]) and text[end : spans[at + 2][0]] == " "
    if not good and not plain and size > 2 and following.folded not in lexicon().medical:
        if called_so:
            good = likeness(following.folded) > -1.5 or further
        elif further and (cue.low in _KIN or cue.low in _ASKED or told(found, at + 1)):
            good = True
    if called or (plain and person and _roomed(found, at + 1)):
        good = True
    if (
        not good
        and not plain
        and size > 3
        and following.folded not in lexicon().medical
        and (cue.low in _ASKED or told(found, at + 1))
    ):
        good = likeness(following.folded) > (0.0 if following.low.isascii() else -3.0)
    if not good and (title or person) and found.english:
        strange = not plain and size > 3 and not following.low.isascii()
        behind = following.flags & PARTICLE and at + 2 < len(words) and not words[at + 2].flags & (LOWER_WORD | CAPITAL)
        good = strange or (
            bool(behind) and title and text[end : spans[at + 2][0]] == " " and len(words[at + 2].low) > 3
        )
    if not good:
        return
    last = at + 1
    while last + 1 < len(words) and last - at < 4:
        between = text[spans[last][1] : spans[last + 1][0]]
        after = words[last + 1]
        if between not in {" ", "-", "'", "’"} and not (between == ". " and len(words[last].low) == 1):
            break
        if between in {"'", "’"} and after.low in {"s", "d", "ll"}:
            break
        if (
            not is_family(found, last + 1)
            and not ((title or person) and between == " " and unknown(after))
            and not (len(after.low) == 1 and last + 2 < len(words) and is_family(found, last + 2))
            and not (after.flags & PARTICLE and last + 2 < len(words) and is_family(found, last + 2))
        ):
            break
        last += 1
    yield Finding(start, spans[last][1], Category.NAME, "name", "name.lower", 0.7)


#: Before "miss" where it is a verb.
_MISSES = frozenset(["to", "not", "t", "will", "would", "did", "does", "do", "may", "might", "can", "could", "should", "never", "you", "they", "we", "i", "often", "rarely", "and", "or", "must", "cannot", "had", "sometimes"])  # fmt: skip


def unknown(word: Word) -> bool:
    """Say whether a word in small letters is in no list of words or terms: behind a given name it is a family name."""
    return not word.flags & (CAPITAL | LOWER_WORD) and len(word.low) > 3 and word.folded not in lexicon().medical


#: Words before "doctor" behind which a name follows.
_SEEN_BY = frozenset(
    ["saw", "see", "sees", "seen", "by", "with", "w", "to", "from", "is", "told", "called", "thank", "and"]
)


def _spoken_with(found: Spots, at: int) -> bool:
    """Say whether somebody is spoken with whose name is a word: d/w white on rounds."""
    words, start = found.words, found.spans[at][0]
    if words[at].low == "w" and not (
        found.text[start - 1 : start] == "/"
        or (at and words[at - 1].low in {"staffed", "discussed", "spoke", "seen", "reviewed"})
    ):
        return False
    return _GOES_ON.match(found.text, found.spans[at + 1][1]) is not None


#: What goes on behind somebody who was spoken with.
_GOES_ON = re.compile(
    r"\s*(?:[.,;)\n]|$)| (?:on rounds|re\b|who\b|and\b|agrees?\b|agreed\b|about\b|ok\b|aware\b|in \w+ ?(?:clinic|or)?\b|at (?:bedside|\d))"
)
_WORDS = frozenset(tables()["surnames"].split()) - frozenset(tables()["never_small"].split())
#: Staff whose name stands behind in small letters though it is a word.
_STAFF = frozenset(["rn", "tech", "sw", "cna", "lpn", "aide", "sitter", "nurse", "charge", "clerk", "pct"])


def _doctored(cue: Word, following: Word) -> bool:
    """Say whether a word behind a doctor's title is a family name that is usual, and nothing that a doctor does."""
    if cue.low not in {"dr", "doctor"} or following.low in SMALL or following.flags & (VERB | DONE | NOUN | THING):
        return False
    return following.folded in lexicon().frequent and following.folded not in lexicon().medical


#: Where in a house somebody lies, or how old somebody is, behind a family name in small letters: pt smith in room 4.
_ROOM = re.compile(r",? (?:in )?(?:room|rm|bed|bay)\b ?#?\d|,? \d{2}[ ]?(?:yo\b|y/o|[mf]\b)| mrn\b| dob\b")


def _roomed(found: Spots, at: int) -> bool:
    """Say whether a usual family name that is a word stands before a room, an age or a record's number."""
    word = found.words[at]
    if not word.flags & FAMILY or word.low in SMALL or word.folded in lexicon().medical:
        return False
    return word.folded in lexicon().frequent and _ROOM.match(found.text, found.spans[at][1]) is not None


#: What is looked at by magnetic resonance, behind mr without its full stop: mr brain.
_SCANNED = frozenset(["ankle", "arm", "body", "bowel", "brain", "breast", "chest", "elbow", "face", "foot", "hand", "head", "heart", "hip", "knee", "leg", "liver", "neck", "orbit", "pelvis", "shoulder", "spine", "thigh", "wrist"])  # fmt: skip


#: What goes on behind somebody who is spoken to or of, besides what ends a name.
_SPEAKS = re.compile(
    r"\s*[.,;:?!]|\s*$|['’]s\b| (?:today|tomorrow|yesterday|again|now|there|how|what|nice|good|thanks|thank|please|you|your|i|it|this|that|we|my|if|when|so|is|was|has|had|who|and|for|here|in|at|to|on|with|about|will|does|did|would)\b"
)
#: Before a title for which ms stands: the head of a sentence, a greeting, who sees or is told of.
_LED = re.compile(
    r"(?:^|[\n\].,!?:;]|\b(?:hi|hey|hello|morning|afternoon|evening|thanks|you|so|okay|alright|well|yes|no|and|see|sees|seeing|saw|seen|met|meet|meeting|by|for|to|about|told|tell|is|was|that|here|welcome|sorry|bye|goodbye|with)) ?$"
)


#: Titles that are whole words, and the family names that are words behind them.
_WHOLE = frozenset(["doctor", "mister", "missus"])
_FAMILIES = frozenset(tables()["family_plain"].split()) | frozenset(["banks", "field", "fields", "ward", "wood"])


def _addressed(found: Spots, at: int, gap: str) -> bool:
    """Say whether a usual family name that is a word stands behind a title with its stop: good morning , ms. banks . have a seat."""
    word = found.words[at + 1]
    cue = found.words[at].low
    if "." not in gap and cue != "mrs" and not (cue in _WHOLE and word.low in _FAMILIES):
        return False
    if not word.flags & FAMILY or word.folded not in lexicon().frequent or word.folded in lexicon().medical:
        return False
    start = found.spans[at][0]
    return (
        _SPEAKS.match(found.text, found.spans[at + 1][1]) is not None
        and _LED.search(found.text, max(0, start - 12), start) is not None
    )


def _called(found: Spots, at: int) -> bool:
    """Say whether a word of everyday behind a relation is somebody's given name: mom holly called, dad john and."""
    word, end = found.words[at], found.spans[at][1]
    if word.low in SMALL or word.folded not in usual():
        return False
    return _ENDS.match(found.text, end) is not None or acts(found, at, end)


@cache
def usual() -> frozenset[str]:
    """Return the given names that are frequent enough to be taken for one though they are words."""
    return frozenset(words_of("given.txt")[:USUAL]) - _VERBS


#: So many given names are usual ones.
USUAL = 900
#: Usual given names that are what relations do.
_VERBS = frozenset(["will", "drew", "may", "can", "pat", "sue", "chase", "rob", "wade", "don", "bob"])


def _stands(found: Spots, at: int) -> bool:
    """Say whether a small word behind a title stands as a name does: at an end, or before what a person does."""
    end = found.spans[at][1]
    if acts(found, at, end) or _ENDS.match(found.text, end):
        return True
    return at + 1 < len(found.words) and bool(found.words[at + 1].flags & LOWER_NAME)
