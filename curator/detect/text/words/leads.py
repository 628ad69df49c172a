"""Whether the words before a place can make a rule of dates hold: a set is asked far faster than the rule.

Says yes for whatever is not plain, so that no rule is ever skipped that could have held.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache

from curator.detect.text.lists.lexicon import data_text, lexicon
from curator.detect.text.words.vocabulary import known, word_of

_NAME_BACK = re.compile(r"([^\W\d_][^\W\d_'’-]{2,20})[.,]? $")
#: Kinds of words that are names.
_NAMES = frozenset("GSRnu")
#: Tests by the names of those who made them: Jobe 4/5.
_TESTS = frozenset(["jobe", "apley", "lachman", "phalen", "tinel", "faber", "yergason", "speed", "ober", "finkelstein"])
_WORD = re.compile("[a-z]+")


@cache
def _leads() -> dict[str, frozenset[str]]:
    return {name: frozenset(listed.split()) for name, listed in tomllib.loads(data_text("leads.toml")).items()}


def words_back(text: str, start: int, size: int = 48) -> list[str] | None:
    """Return the words shortly before a place in lower case.

    Parameters
    ----------
    text, start
        Where to look.
    size
        How many code points before the place.

    Returns
    -------
    list of str or None
        The runs of letters, None when what stands there is not all in ASCII: case has more forms beyond.
    """
    head = text[max(0, start - size) : start]
    return _WORD.findall(head.lower()) if head.isascii() else None


def lead_words(rule: str) -> frozenset[str]:
    """Return the words in lower case behind which a rule may hold, by its name in leads.toml."""
    return _leads()[rule]


def may_lead(rule: str, words: Iterable[str] | None) -> bool:
    """Say whether a rule may hold behind words; it always may when they are not known.

    Parameters
    ----------
    rule
        The name of its words in leads.toml.
    words
        Words in lower case.
    """
    return words is None or not _leads()[rule].isdisjoint(words)


def named_before(text: str, start: int) -> int:
    """Say whether a person's name stands right before a place (1), or a drug or another term (-1), or neither (0)."""
    match = _NAME_BACK.search(text, max(0, start - 24), start)
    if match is None:
        return 0
    if not match[1][0].isupper():
        return 0
    low = match[1].lower()
    if low in lexicon().medical and low not in lexicon().words and not match[1].isupper():
        return -1
    if low in lexicon().eponyms or low in _TESTS:
        return 0
    return 1 if (known.get(match[1]) or word_of(match[1])).kind in _NAMES else 0
