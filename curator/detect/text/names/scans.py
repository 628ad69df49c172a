"""Names in which a scan put a digit for a letter: G1oria, B1rnbaum, D0v Perlmutter, R0BERT0.

A list, a cue, a title, a degree or a name beside tells one. Never a code, a gene or a vitamin.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import is_name, lexicon
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.contexts import degree, described, told, wanted
from curator.detect.text.words.misread import COUNTED, readings
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import TITLE, kind_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A word with a digit or two that stand for letters.
_SCANNED = re.compile(r"(?:[^\W\d_]|[0158](?=[^\W\d_]{2}))(?:[^\W\d_]|[0158](?!\d{2})|['’-](?=[^\W_]))*")
#: A word with a capital right behind, or right before.
_MORE = re.compile(r"[ ]{1,2}((?:[^\W\d_]\.[ ])?[^\W\d_a-z](?:[^\W_]|['’-](?=[^\W_])){1,24})")
_LESS = re.compile(r"(?<![\w.'’-])([^\W\d_a-z](?:[^\W_]|['’-](?=[^\W_])){1,24})(?:[ ][^\W\d_]\.)?[ ]{1,2}$")
_COMMA = re.compile(r",[ ]?([^\W\d_a-z](?:[^\W_]|['’-](?=[^\W_])){2,24})")


def _beside(word: str) -> bool:
    """Say whether a word beside may be the other part of a name."""
    if any(mark.isdecimal() for mark in word):
        return any(is_name(reading) for reading in readings(word))
    return kind_of(word) in "GSRnus" and not (word.isupper() and len(word) < 4)


def scanned(text: str, found: Spots) -> Iterator[Finding]:
    """Yield names with a digit for a letter.

    Parameters
    ----------
    text
        The text.
    found
        Its words and its runs of digits.
    """
    done = -1
    for start, end in found.numbers:
        if end - start > 1 or start < done or text[start] not in "0158":
            continue
        if not (text[end : end + 1].isalpha() or text[start - 1 : start].isalpha()):
            continue
        while start and (
            text[start - 1].isalpha() or (text[start - 1] in "'’-0158" and start > 1 and text[start - 2].isalpha())
        ):
            start -= 1
        if start and (text[start - 1].isalnum() or text[start - 1] in "._/@#-"):
            continue
        match = _SCANNED.match(text, start)
        if (
            match is None
            or text[match.end() : match.end() + 1].isalnum()
            or text[match.end() : match.end() + 1] in {"_", "@", "/"}
        ):
            continue
        done = match.end()
        yield from _named(text, found, match[0], start, done)


def _named(text: str, found: Spots, word: str, start: int, end: int) -> Iterator[Finding]:
    letters = [mark for mark in word if mark.isalpha()]
    digits = sum(map(str.isdecimal, word))
    if len(letters) < 2 or digits > 2 or not digits or not (word[0].isupper() or word[0].isdecimal()):
        return
    upper = all(mark.isupper() for mark in letters)
    if (upper and len(letters) < 4) or (not upper and sum(map(str.islower, letters)) < len(letters) - 2):
        return
    known = lexicon()
    if word.lower() in known.medical or COUNTED.match(word):
        return
    more, less = _MORE.match(text, end), _LESS.search(text, max(0, start - 32), start)
    comma = _COMMA.match(text, end) if less is None and more is None else None
    at = bisect_left(found.spans, (start, 0))
    cued = at < len(found.spans) and (
        told(found, at)
        or wanted(found, at)
        or bool(at and found.words[at - 1].flags & TITLE and start - found.spans[at - 1][1] < 3)
    )
    beside = bool((more and _beside(more[1])) or (less and _beside(less[1])) or (comma and _beside(comma[1])))
    stop = more.end(1) if more and beside else end
    cued = cued or degree(text, stop) or described(text, stop)
    for reading in readings(word):
        plain = reading.replace("-", "").replace("'", "").replace("’", "")
        if not plain.isalpha():
            continue
        term = plain in known.words or plain in known.medical
        named = is_name(plain) or any(is_name(part) for part in reading.split("-") if len(part) > 2)
        sure = named and not term
        if (
            not (sure and len(plain) > 3)
            and not (cued and (named or not term))
            and not (beside and not term and (named or likeness(plain) > -1.5))
        ):
            continue
        yield _finding(start, end)
        if more and kind_of(more[1]) not in "MA" and not (kind_of(more[1]) == "W" and not cued):
            yield _finding(*more.span(1))
        if comma and kind_of(comma[1]) not in "MWA":
            yield _finding(*comma.span(1))
        if less and kind_of(less[1]) not in "MAW":
            yield _finding(*less.span(1))
        return


def _finding(start: int, end: int) -> Finding:
    return Finding(start, end, Category.NAME, "name", "name.scanned", 0.6)
