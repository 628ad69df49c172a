# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""Words in which a scan put figures for letters: what they may have been, and which of them are words of everyday."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon

_READ = ({"0": "o", "1": "l", "5": "s", "8": "b"}, {"0": "o", "1": "i", "5": "s", "8": "b"})
#: An ordinal, and the nodes of a tumor's stage: 1st-degree, N1b.
COUNTED = re.compile(r"\d(?:st|nd|rd|th)(?![^\W_])|[pcyr]?[TNM][0-4][a-d]$")
#: Figures and letters that scans put for others, and short words that they do it in.
_FIGURE = re.compile(r"[01589]|(?<=[A-Z])l(?=[A-Z])")
_WORDLIKE = re.compile(r"(?:[^\W\d_]|[0158]|['’-](?=[^\W\d_])){2,24}")
_SHORT = frozenset(["dob", "to", "on", "no", "of", "or", "for", "so", "do", "co", "po", "is", "in", "it", "if", "all", "will", "old", "lab", "ro", "go", "too", "who", "you", "not", "now", "also"])  # fmt: skip
_ENOUGH = 4


def readings(word: str) -> Iterator[str]:
    """Yield what a word may have been before the scan, folded."""
    for table in _READ:
        yield fold("".join(table.get(mark, mark) for mark in word))


def misread_word(word: str) -> bool:
    """Say whether a word is one of everyday or of medicine in which a scan put figures for letters: Rep1y, PH0NE.

    Parameters
    ----------
    word
        As written.
    """
    if not _FIGURE.search(word) or not _WORDLIKE.fullmatch(word) or word[:2].isdecimal() or COUNTED.match(word):
        return False
    if not any(map(str.isalpha, word)):
        return False
    known = lexicon()
    plain = {word, word.replace("l", "I") if word.upper() != word and word[:1].isupper() else word}
    read = {reading for one in plain for reading in readings(one)}
    if any(reading in known.frequent or reading in known.given for reading in read):
        return False
    return any(
        reading in _SHORT or (len(reading) >= _ENOUGH and (reading in known.words or reading in known.medical))
        for reading in read
    )
