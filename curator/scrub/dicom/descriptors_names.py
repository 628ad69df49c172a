"""Which words of a short imaging text are parts of names, by the lists and by what stands around them.

A term of imaging only goes where it is written as part of a name. Works on the words of one line of text.
"""

from __future__ import annotations

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_pairs import carets, pairs, particles
from curator.scrub.dicom.descriptors_parts import ANY_PART, SIDES, is_given, is_grammar, is_side, name_ahead, other_case
from curator.scrub.dicom.descriptors_places import mark_facilities, mark_places
from curator.scrub.dicom.descriptors_terms import (
    DOUBLE,
    LETTER,
    LIKE,
    NAME,
    NUMBER,
    OTHER,
    TERM,
    WORD,
    cues,
    is_frequent,
    is_listed_name,
    soft,
    tail,
)
from curator.scrub.dicom.descriptors_titles import titled
from curator.scrub.dicom.descriptors_words import Words, words_joined

#: Passes over a text after which no name grows further to its left.
_MOST_PASSES = 8


def mark_names(words: Words, *, facilities: bool) -> None:
    """Mark the words that are parts of names of people, and of places and facilities."""
    if facilities:
        mark_facilities(words)
    mark_places(words)
    _standing(words)
    titled(words)
    carets(words)
    pairs(words)
    particles(words)
    spread(words)
    _alone(words)
    _degrees(words)


def _standing(words: Words) -> None:
    kinds, folded = words.kinds, words.folded
    for at, kind in enumerate(kinds):
        if kind in {NAME, LIKE} and words.is_small(at) and words.is_foreign():
            continue
        if kind in {NAME, LIKE} and not words.gone[at]:
            words.gone[at] = not _eponym(words, at) and not _unit(words, at)
        elif kind == DOUBLE and folded[at].endswith("'s") and is_frequent(folded[at][:-2]):
            words.gone[at] = not _eponym(words, at)


def _eponym(words: Words, at: int) -> bool:
    """Say whether a name that medicine uses stands before what is called by it."""
    low = words.folded[at].removesuffix("'s")
    return low in lexicon().eponyms and at + 1 < len(words.kinds) and words.folded[at + 1] in _HEADS


_HEADS = frozenset(
    [
        "view",
        "views",
        "method",
        "position",
        "projection",
        "disease",
        "syndrome",
        "fracture",
        "lesion",
        "cyst",
        "sign",
        "deformity",
        "criteria",
        "score",
        "tumor",
        "sarcoma",
    ]
)


def _unit(words: Words, at: int) -> bool:
    """Say whether a short piece is glued to digits on both sides, as the parts of codes are."""
    start, end = words.spans[at]
    text = words.text
    return end - start < 4 and text[max(0, start - 1) : start].isdigit() and text[end : end + 1].isdigit()


def _alone(words: Words) -> None:
    """Mark a frequent surname that is a word as well, alone before or behind nothing but terms."""
    if any(words.gone) or not words.kinds:
        return
    if (
        len(words.kinds) > 1
        and words.kinds[0] == DOUBLE
        and words.folded[0] in lexicon().frequent
        and not is_grammar(words, 0)
        and (words.folded[1] in cues()["modality"] or _amid_capitals(words))
        and words.gap(0) in {" ", "_", "-", ", ", ","}
    ):
        words.gone[0] = True
        return
    strange = [at for at, kind in enumerate(words.kinds) if kind not in {TERM, NUMBER, LETTER, OTHER}]
    if len(strange) != 1 or strange[0] not in {0, len(words.kinds) - 1}:
        return
    at = strange[0]
    if words.folded[at] in cues()["alone"] and not words_joined(words, at):
        words.gone[at] = True


def _amid_capitals(words: Words) -> bool:
    """Say whether only the first word has small letters: Burns L BREAST."""
    first, rest = words.text[slice(*words.spans[0])], words.text[words.spans[0][1] :]
    return first.istitle() and rest.isupper() and len(words.kinds) > 2


def spread(words: Words) -> None:
    """Carry what is gone on to the words beside it that are parts of the same name."""
    particles, small = cues()["particle"], cues()["small"]
    count = len(words.kinds)

    def fits(at: int, beside: int) -> bool:
        kind, low = words.kinds[at], words.folded[at]
        if at in words.called:
            return False
        if other_case(words, at, beside) or (words.is_small(at) and words.is_foreign() and low not in particles):
            return False
        gap = words.gap(min(at, beside))
        if kind == NUMBER or (kind in {WORD, TERM} and low not in particles and low not in soft()):
            if kind == TERM and low in tail() and at == count - 1 > beside and gap == " " and is_given(words, beside):
                return True
            return (
                kind == TERM
                and "," in gap
                and at < beside
                and (at == 0 or words.kinds[at - 1] != TERM)
                and is_frequent(low)
            )
        if kind == LETTER:
            return not (low in SIDES and (is_side(words, at) or gap.strip() == "")) and not words_joined(words, at)
        if kind == DOUBLE:
            return low not in small
        if kind == OTHER:
            return (len(low) > 3 or "," in gap) and not words_joined(words, at) and at > beside
        if low in particles:
            return at < beside or name_ahead(words, at)
        if kind == TERM:  # one that is a frequent name as well
            return not (0 < at < count - 1 and words.kinds[at - 1] == TERM and words.kinds[at + 1] == TERM)
        return True

    changed, left = True, _MOST_PASSES
    while changed and left:
        changed, left = False, left - 1
        for at in range(count):
            if not words.gone[at] or words.kinds[at] == NUMBER or at in words.figures:
                continue
            for beside in (at - 1, at + 1):
                if 0 <= beside < count and not words.gone[beside] and words.close(min(at, beside)) and fits(beside, at):
                    words.gone[beside] = changed = True


def _degrees(words: Words) -> None:
    """Mark doubtful words before a degree, and the degree behind what is gone."""
    for at in range(1, len(words.kinds)):
        low = words.folded[at]
        if low in {"md", "rn", "mbbs", "frcr", "phd"} and words.close(at - 1):
            place = at - 1
            while place >= 0 and words.kinds[place] in ANY_PART and not is_grammar(words, place) and at - place < 4:
                words.gone[place] = True
                place -= 1
                if place >= 0 and not words.close(place):
                    break
            if (
                place >= 0
                and place == at - 1
                and words.kinds[place] == TERM
                and is_listed_name(words.folded[place])
                and low in {"md", "mbbs", "frcr"}
            ):
                words.gone[place] = True
            words.gone[at] = words.gone[at] or words.gone[at - 1]
