"""Names that their form tells, though each word is a term: HAND, ELTON; Rosenberg^Ethel; D. Hodgkin; GUPTA J.

A term before a comma and a given name, a name that something is called by beside an initial, and one with small letters
behind nothing but capitals are somebody's. What follows a term as a side, a grade or a view is no initial. Works on the
words of one text.
"""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_terms import (
    DOUBLE,
    LETTER,
    LIKE,
    NAME,
    NUMBER,
    OTHER,
    SHORT,
    TERM,
    WORD,
    bearers,
    called,
    cues,
    is_frequent,
    is_listed_name,
    ordinary,
    soft,
    tail,
)
from curator.scrub.dicom.descriptors_words import Words

_COMMA = re.compile(r"[ ]?,[ ]?|\^")
_BEFORE_INITIAL = re.compile(r"[ ]|[ ]?,[ ]?|[_^]")
_POINT = re.compile(r"\.[ ]?")
#: Letters that are initials behind a name: no side, grade, stage, sex, "with", or the end of a possessive.
_INITIALS = frozenset("deghjknopquyz")
_AFTER_COMMA = _INITIALS | frozenset("abcfmstw")
#: Letters that short forms of Latin and German words have before an eponym: V. Galeni, M. Crohn.
_ANATOMICAL = frozenset("vanm")
_BEFORE = _INITIALS - {"n"}
_SIDED = frozenset({"left", "right", "lt", "rt", "both", "bilat", "bilateral", "and", "l", "r"})
_LEAST = 3


def clear_names(words: Words) -> list[int]:
    """Return the places of terms that are parts of a name by how they are written."""
    found: list[int] = []
    last = len(words.kinds) - 1
    marked = "," in words.text or "^" in words.text
    for at in range(last if marked or LETTER in words.kinds else 0):
        if _COMMA.fullmatch(words.gap(at)) and _before_given(words, at):
            found.append(at)
        elif _before_initial(words, at) or _behind_initial(words, at):
            found += (at, at + 1)
    if last > 0 and _before_capitals(words, last - 1):
        found += (last - 1, last)
    elif last > 0 and _amid_capitals(words, last):
        found.append(last)
    return found


def _written(words: Words, at: int) -> str:
    return words.text[slice(*words.spans[at])]


def _starts_large(words: Words, at: int) -> bool:
    return words.text[words.spans[at][0]].isupper()


def _before_given(words: Words, at: int) -> bool:
    """Say whether a term stands before a comma and a given name that is alone or at the end: HAND, ELTON."""
    given, low = at + 1, words.folded[at]
    if words.kinds[at] not in {TERM, WORD, DOUBLE} or at in words.called:
        return False
    if len(low) < _LEAST and low not in cues()["short_names"]:
        return False
    if not (_starts_large(words, at) and _starts_large(words, given)) or not _is_given(words, given):
        return False
    ahead = given + 1
    ends = ahead >= len(words.kinds) or (words.kinds[ahead] == LETTER and ahead + 1 >= len(words.kinds))
    if not (ends or at == 0 or not words.close(given)):
        return False
    if low in bearers() or low in soft() or low in tail():
        return True
    if not is_listed_name(low) or low in cues()["small"] - lexicon().frequent:
        return False
    # What follows a modality or a side is what was examined: XR HAND, JOHN.
    before = words.folded[at - 1] if at else ""
    examined = words.kinds[at] == TERM and (before in cues()["modality"] or before in _SIDED)
    return is_frequent(low) and not examined


def _is_given(words: Words, at: int) -> bool:
    low, kind, names = words.folded[at], words.kinds[at], lexicon()
    if len(low) < _LEAST or not (low in names.given or (kind == NAME and low in names.international)):
        return False
    return kind in {NAME, LIKE} or (kind == DOUBLE and low not in cues()["small"]) or (kind == TERM and low in soft())


def _bears(words: Words, at: int) -> bool:
    """Say whether a word that is no name by itself is what people are called, and what nothing is called by here."""
    low, kind = words.folded[at], words.kinds[at]
    if at in words.called or len(low) < 2 or not _starts_large(words, at):
        return False
    if low in called()["capitals"]:
        return True
    if kind == TERM:
        return low in bearers() and len(low) >= _LEAST and low not in ordinary()
    if kind == DOUBLE:
        everyday = low in cues()["small"] or low in cues()["ordinary"]
        return not everyday and (low in lexicon().frequent or low in lexicon().given)
    return (kind == WORD and low in bearers()) or (kind == SHORT and is_frequent(low))


def _before_initial(words: Words, at: int) -> bool:
    """Say whether an initial ends a text behind a name: HODGKIN D, Waters, J, GUPTA J."""
    if words.kinds[at + 1] != LETTER or not _BEFORE_INITIAL.fullmatch(words.gap(at)) or not _ends(words, at + 1):
        return False
    low, letter = words.folded[at], words.folded[at + 1]
    comma = "," in words.gap(at) or "^" in words.gap(at)
    graded = low in called()["graded"] or low in called()["scales"]
    if letter not in (_AFTER_COMMA if comma else _INITIALS) or (graded and letter < "g" and not comma):
        return False
    return _starts_large(words, at + 1) and _bears(words, at)


def _ends(words: Words, at: int) -> bool:
    """Say whether nothing but single letters stands behind a place."""
    return all(kind == LETTER for kind in words.kinds[at + 1 : at + 3]) and at + 3 >= len(words.kinds)


def _behind_initial(words: Words, at: int) -> bool:
    """Say whether a name ends a text, or a sentence goes on behind it, with an initial before it: D. Hodgkin."""
    low, letter, named, gap = words.folded[at + 1], words.folded[at], at + 1, words.gap(at)
    if words.kinds[at] != LETTER or words.kinds[named] != TERM or not (gap == " " or _POINT.fullmatch(gap)):
        return False
    if not _starts_large(words, at) or not _bears(words, named):
        return False
    ahead = named + 1
    if ahead < len(words.kinds) and words.kinds[ahead] in {TERM, NUMBER, LETTER} and words.close(named):
        return False
    if gap == " ":
        return letter in _BEFORE and (not at or words.kinds[at - 1] != LETTER)
    return letter not in _ANATOMICAL or low in lexicon().frequent


def _before_capitals(words: Words, at: int) -> bool:
    """Say whether two capitals that mean nothing end a text behind a name: Waters JL."""
    text = _written(words, at + 1)
    fits = words.kinds[at + 1] == OTHER and len(text) == 2 and text.isupper() and at + 2 >= len(words.kinds)
    return (
        fits
        and words.gap(at) == " "
        and words.kinds[at] == TERM
        and words.folded[at] in bearers()
        and _bears(words, at)
    )


def _amid_capitals(words: Words, at: int) -> bool:
    """Say whether a word with small letters behind nothing but capitals is a name: CT ABD Rao."""
    low = words.folded[at]
    if not words.text[words.spans[at][1] - 1].islower() or not _written(words, at).istitle() or len(low) < 2:
        return False
    if not (words.kinds[at] in {DOUBLE, SHORT} or low in called()["capitals"]):
        return False
    before = words.text[: words.spans[at][0]]
    if not before.isupper() or sum(kind != NUMBER for kind in words.kinds[:at]) < 2 or words.joined(at - 1):
        return False
    return _bears(words, at)
