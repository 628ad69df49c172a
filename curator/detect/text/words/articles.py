# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""An: the article of a sentence, or somebody's name."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.undergone import PLACED, THINGS
from curator.detect.text.words.vocabulary import CAPITAL, NOUN, VERB

#: Numbers that are spoken with a vowel: An 8-year-old, An 11-week course; not: An 34F.
_VOWEL_NUMBER = re.compile(r"[ ](?:8\d{0,2}|11|18)(?!\d)")
#: What a sentence that begins with an article comes to: An alert and oriented male.
_PEOPLE = re.compile(
    r"[ ][^.;:!?\n]{0,72}?\b(?:fe)?(?:male|man|woman|boy|girl|gentleman|lady|child|infant|patient|individual|person|adult|adolescent|teenager|newborn|neonate|youth|year[ -]old|y\.?/?o)\b"
)
_VOWELS = frozenset("aeiou")
#: Letters whose names begin with a vowel.
_SPOKEN = frozenset("aefhilmnorsx")
_LOWER_NOUN = re.compile(r" [a-z]{4,}")


def article(found: Spots, first: int, last: int) -> bool:
    """Say whether An is an article: An 11-year-old, An alert male, An Allis clamp; not An Nguyen, An was seen."""
    text, words = found.text, found.words
    if (
        first
        and text[found.spans[first - 1][1] : found.spans[first][0]] == " "
        and not words[first - 1].flags & CAPITAL
    ):
        return False  # an article has no capital amid a sentence
    if last > first:
        behind = words[first + 1]
        if text[found.spans[first][1]] != " ":
            return False
        end, after = found.spans[last][1], last + 1
        if (
            last == first + 1
            and behind.low[0] in _SPOKEN
            and behind.upper
            and (len(behind.low) > 1 or text[end : end + 1] == "-")
        ):
            return not behind.listed or text[end : end + 1] == "-"  # An L-shaped cut, An MRI
        if behind.low[0] not in _VOWELS:
            return False
        if (
            last == first + 1
            and not behind.listed
            and behind.kind in "MWU"
            and text[end : end + 1] == " "
            and _LOWER_NOUN.match(text, end)
        ):
            return after < len(words) and not words[after].flags & VERB  # An Otolaryngologic evaluation
        if THINGS.match(text, end) or (PLACED.match(text, end) and behind.folded in lexicon().eponyms):
            return True
        noun = after < len(words) and words[after].flags & NOUN and text[end] in " -"
        return bool(noun) or (after < len(words) and text[end] == " " and words[after].low == "ink")
    end, after = found.spans[first][1], first + 1
    if _VOWEL_NUMBER.match(text, end):
        return True
    if after >= len(words) or text[end : found.spans[after][0]] != " ":
        return False
    following = words[after]
    if following.upper and following.low[0] in _SPOKEN and not following.listed:
        return len(following.low) > 1 or text[found.spans[after][1] : found.spans[after][1] + 1] == "-"
    if following.flags & CAPITAL or following.low[0] not in _VOWELS:
        return False
    if following.flags & VERB or following.low in _PREDICATES:
        return following.low in _ADJECTIVES | _STATES and _PEOPLE.match(text, end) is not None
    return True


#: How somebody is, which stands before a noun as well: An anxious woman, An asleep.
_STATES = frozenset(["asleep", "awake", "anxious", "upset", "angry", "ill", "alone", "unwell", "unhappy", "uncomfortable", "agitated", "oriented", "ambulatory", "independent", "afebrile", "apneic", "unresponsive", "intubated", "extubated", "irritable", "emotional", "elderly", "obese", "otherwise", "overweight", "uncooperative", "appropriate", "active", "interactive", "agreeable", "eager"])  # fmt: skip
#: With these and others nothing begins that an article stands before.
_PREDICATES = _STATES | {"and", "or", "is", "in", "at", "on", "of", "as", "if", "also", "are", "ok", "okay", "able", "aware", "away", "out", "off", "up", "over", "again", "already", "always", "often", "usually", "improved", "improving", "eating", "asking", "only", "all"}  # fmt: skip
#: Verbs of what somebody does that stand before a noun as well: An updated list.
_ADJECTIVES = frozenset(["alert", "awake", "updated", "informed", "increased", "expressed", "advised", "educated", "activated", "ambulating"])  # fmt: skip
