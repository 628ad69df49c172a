# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Whether a person's name leads to a number: "Delgado, Marisa (5501882)", "Pt Kuznetsova/00343080"."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.vocabulary import known, word_of

#: An age, a sex or a day between a name and its number.
_BETWEEN = re.compile(
    r"(?<![\w.])(?:\d{1,3}[ ]?(?:y/?o|yrs?|y)?[ ]?[MFmf]?|[MF]|\d{1,4}[-./]\d{1,2}[-./]\d{2,4}|\d{1,2}[- ]?[A-Za-z]{3,9}\.?[- ]?\d{4})[ ,;|]{1,3}$"
)
#: What stands between a name and its number.
_MARKS = " \t,;|(#/:=[–-"
#: A sentence that ends before the name; an initial's or a title's period ends none.
_SENTENCE = re.compile(r"(?<=[a-z]{4})\. |(?<=[A-Z]{3})\. ")
_TITLE = frozenset(
    [
        "mr", "mrs", "ms", "miss", "mx", "pt", "patient", "pat", "pts", "re", "for", "client", "resident", "sr", "sra", "srta", "herr", "frau", "mme", "m", "name", "nom", "nombre", "baby", "dear", "veteran", "member",
    ]
)  # fmt: skip
_RANKS = {
    "G": 2,
    "S": 2,
    "R": 2,
    "n": 2,
    "g": 1,
    "s": 1,
    "r": 1,
    "u": 2,
    "U": 1,
    "I": 0,
    "W": -1,
    "M": -2,
    "A": 0,
    "": -1,
}


def person_before(lead: str, *, sure: bool) -> bool:
    """Say whether a line up to a number ends with a person's name.

    Parameters
    ----------
    lead
        The line up to the number, or its end.
    sure
        Whether the number is one that no result is written in.
    """
    bare = lead.rstrip(_MARKS)
    last = bare[-1:]
    if last.isdecimal() or last in "MFmfyors":
        between = _BETWEEN.search(lead, max(0, len(lead) - 24)) if len(bare) < len(lead) else None
        if between:
            bare = lead[: between.start()].rstrip(_MARKS)
            last = bare[-1:]
    if not (last.isalpha() or last in {".", "^"}):
        return False
    tail = bare[-56:]
    for cut in ("  ", "\t", "|", ": ", "; "):
        at = tail.rfind(cut)
        tail = tail[at + len(cut) :] if at >= 0 else tail
    end = _SENTENCE.search(tail)
    tail = tail[end.end() :] if end else tail
    words = tail.replace("^", " , ").replace(",", " , ").split()[-6:]
    words.reverse()
    word = words[0] if words else ""
    if not word[:1].isupper():
        return len(words) > 1 and words[1].lower().rstrip(".") in _TITLE and _name(word) > 1
    ranks: list[int] = []
    joined = titled = False
    for at, word in enumerate(words):
        if word == ",":
            joined = joined or bool(ranks)
        elif at and word.lower().rstrip(".") in _TITLE:
            titled = at < 4
            break
        elif not word[0].isupper() or any(mark.isdecimal() for mark in word):
            break
        else:
            ranks.append(_name(word))
    if titled and ranks and max(ranks) > 0:
        return True
    parted = lead[len(bare) :].strip() != "" or len(lead) - len(bare) > 1
    if sure and parted and len(ranks) > 1 and ranks[0] == -1 and ranks[1] == 2:
        return True
    if joined and sure and len(ranks) > 1 and max(ranks[:2]) == 2:
        return True
    if len(ranks) < 2 or min(ranks[:2]) < 0:
        return False
    if joined:
        return sum(ranks[:3]) > 1
    if sure and sum(ranks[:2]) > 1:
        return parted or len(ranks) == len(words) or sum(ranks[:2]) > 2
    return sum(ranks[:2]) > 2


def _name(word: str) -> int:
    """Return how much a word is a name, below zero when it is another word."""
    if word.lower() in lexicon().medical:
        return -2
    word = word.rstrip(".")
    entry = known.get(word) or word_of(word) if word and word[0].isalpha() else None
    if entry is None:
        return -1
    if not entry.kind:
        return 2 if entry.listed and word.lower() not in lexicon().words else -1
    return _RANKS.get(entry.kind, -1)
