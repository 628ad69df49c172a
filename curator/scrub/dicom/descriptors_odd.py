"""Names that are written oddly: with figures for letters, letter by letter, as two syllables behind a surname.

Works on the words of one text. A word is only read so where a list knows the name that comes out.
"""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.identifiers.spelling import misread
from curator.scrub.dicom.descriptors_terms import (
    LETTER,
    LIKE,
    MAYBE,
    NAME,
    NUMBER,
    OTHER,
    SHORT,
    TERM,
    cues,
    is_frequent,
    kind_of,
)
from curator.scrub.dicom.descriptors_words import Words

_LEAST_SPELLED = 4
_LEAST_CODE, _LONGEST_CODE = 5, 40
_TITLES = ("dr", "prof", "mrs")
_MOST_SYLLABLE = 5
_COMMA = re.compile(r"[ ]?,[ ]?")
_HYPHENS = frozenset({"-", " -", "- "})
_GAPS = frozenset({".", ". ", "-", "_"})


def mark_odd(words: Words) -> None:
    """Mark names that are written with figures, letter by letter, or as two syllables."""
    _with_figures(words)
    _spelled(words)
    _syllables(words)
    _before_given(words)
    _initials(words)


def is_named(code: str) -> bool:
    """Say whether a code of letters alone has a listed name in it, or is a given name and a surname run together."""
    if len(code) < _LEAST_CODE or any(map(str.isdigit, code)):
        return False
    names = lexicon()
    for word in Words(code).folded:
        if _is_name(word) or (kind_of(word) == NAME and word.startswith(_TITLES)):
            return True
        for cut in range(3, min(len(word), _LONGEST_CODE) - 2) if kind_of(word) != TERM else ():
            one, other = word[:cut], word[cut:]
            if (one in names.given and other in names.frequent) or (one in names.frequent and other in names.given):
                return True
    return False


def reads_as_name(text: str) -> bool:
    """Say whether a word of letters and figures reads as a listed name."""
    return any(_is_name(read) for read in misread(text))


def _is_name(read: str) -> bool:
    return kind_of(read) == NAME and is_frequent(read)


def _with_figures(words: Words) -> None:
    """Mark letters and figures without a gap that read as a listed name: SM1TH, J0HN."""
    count = len(words.kinds)
    at = 0
    while at < count:
        last = at
        while last + 1 < count and words.joined(last):
            last += 1
        if last > at and NUMBER in words.kinds[at : last + 1] and words.kinds[at] != NUMBER:
            text = words.text[words.spans[at][0] : words.spans[last][1]]
            if reads_as_name(text):
                for place in range(at, last + 1):
                    words.gone[place] = True
        at = last + 1


def _spelled(words: Words) -> None:
    """Mark single letters with the same mark between them that spell a listed name: S.M.I.T.H."""
    count = len(words.kinds)
    at = 0
    while at < count:
        last = at
        while (
            last + 1 < count
            and len(words.folded[last]) == 1 == len(words.folded[last + 1])
            and words.gap(last) in _GAPS
        ):
            last += 1
        if last - at + 1 >= _LEAST_SPELLED:
            name = "".join(words.folded[at : last + 1])
            if name.isalpha() and kind_of(name) == NAME:
                for place in range(at, last + 1):
                    words.gone[place] = True
        at = last + 1


def _syllables(words: Words) -> None:
    """Mark two short words with a hyphen behind a surname and a comma: LEE, MIN-JUN."""
    for at in range(2, len(words.kinds) - 1):
        if words.gap(at) not in _HYPHENS or not _COMMA.fullmatch(words.gap(at - 1)):
            continue
        named = words.gone[at - 1] and words.kinds[at - 1] not in {TERM, NUMBER}
        short = all(
            words.folded[place].isalpha() and 1 < len(words.folded[place]) <= _MOST_SYLLABLE for place in (at, at + 1)
        )
        if named and short and not words.kinds[at] == words.kinds[at + 1] == TERM:
            words.gone[at] = words.gone[at + 1] = True


#: Who made or read a series, by the initials at its end: 3mm recon JSM, Reformatted BKM/TLS.
_DONE_BY = re.compile(
    r"(?i:\b(?:recon(?:s|structed|struction)?|reformat(?:s|ted)?|reform|(?:post-?)?processed|scanned|typed|dictated))"
    r"[ :]{1,2}(?:by )?(?P<who>[A-Z]{3}(?:/[A-Z]{2,3})?|[A-Z]{2,3}/[A-Z]{2,3})$"
)
_UNKNOWN = frozenset({OTHER, SHORT, NAME, MAYBE, LIKE})


def ends_in_initials(text: str) -> bool:
    """Say whether capitals that may be initials end a text behind a word for work on a series."""
    return _DONE_BY.search(text) is not None


def _initials(words: Words) -> None:
    """Mark initials behind a word for work on a series, at the end of a text."""
    match = _DONE_BY.search(words.text)
    if match is not None:
        places = words.within(*match.span("who"))
        kinds = {words.kinds[at] for at in places}
        if TERM not in kinds and not _UNKNOWN.isdisjoint(kinds):
            for at in places:
                words.gone[at] = True


def _before_given(words: Words) -> None:
    """Mark a term that is a frequent surname, first in a text and right before a given name: LONG HANNAH."""
    if len(words.kinds) < 2 or words.kinds[0] != TERM or not words.gone[1] or words.gap(0) not in {" ", "_", ", ", ","}:
        return
    low, given = words.folded[0], words.folded[1]
    alone = len(words.kinds) == 2 or words.kinds[2] in {TERM, NUMBER, LETTER}
    names = lexicon()
    if alone and low in names.frequent and given in names.given and words.kinds[1] == NAME:
        words.gone[0] = words.gone[0] or low in cues()["alone"] or len(low) > 2
