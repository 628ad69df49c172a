"""How far a name goes on from its first word in a short imaging text, by what each word is and how it is written."""

from __future__ import annotations

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_terms import (
    DOUBLE,
    LETTER,
    LIKE,
    MAYBE,
    NAME,
    NUMBER,
    OTHER,
    SHORT,
    TERM,
    WORD,
    cues,
    is_frequent,
    tail,
)
from curator.scrub.dicom.descriptors_words import Words

PARTS = frozenset({NAME, LIKE, MAYBE, DOUBLE, SHORT, LETTER})
ANY_PART = PARTS | {OTHER}
FIRM_PART = ANY_PART | {WORD}
#: Letters of sides.
SIDES = frozenset({"l", "r"})
_MOST_PARTS = 4


def take(words: Words, at: int, kinds: frozenset[str], most: int = _MOST_PARTS) -> bool:
    """Mark up to so many words from a place on that may be parts of a name; say whether there was any."""
    taken = 0
    particles = cues()["particle"]
    while at < len(words.kinds) and taken < most:
        kind, low = words.kinds[at], words.folded[at]
        fits = (
            kind in kinds or (kind == OTHER and taken and len(low) > 2) or (low in particles and name_ahead(words, at))
        )
        if taken and (not words.close(at - 1) or other_case(words, at, at - 1)):
            break
        if kind == LETTER and low in SIDES and is_side(words, at):
            break
        if kind == DOUBLE and is_grammar(words, at):
            fits = False
        if words.is_small(at) and low not in particles and (kind not in {NAME, LIKE, LETTER} or words.is_foreign()):
            fits = False
        if not fits:
            break
        words.gone[at] = True
        taken += 1
        at += 1
    return taken > 0


def other_case(words: Words, at: int, beside: int) -> bool:
    """Say whether a word that no list of names has is written otherwise than a name beside it: Roe moved."""
    name = words.text[slice(*words.spans[beside])]
    capital = name[:1].isupper() and name[1:2].islower()
    if not (capital or (name.isupper() and len(name) > 2)) or words.kinds[at] in {NAME, LETTER, NUMBER}:
        return False
    if words.folded[at] in cues()["particle"]:
        return False
    text = words.text[slice(*words.spans[at])]
    if text.islower():
        return not is_frequent(words.folded[at]) or words.kinds[at] in {WORD, TERM}
    return capital and text.isupper() and len(text) < 5 and words.kinds[at] in {WORD, TERM, OTHER, MAYBE}


def is_grammar(words: Words, at: int) -> bool:
    """Say whether a word is one of grammar here: no frequent surname, no given name before a surname (Mark Young)."""
    low = words.folded[at]
    if low not in cues()["small"] or low in cues()["alone"]:
        return False
    if low not in lexicon().given or at + 1 >= len(words.kinds) or not words.close(at):
        return True
    ahead = words.folded[at + 1]
    written = all(words.text[words.spans[place][0]].isupper() for place in (at, at + 1))
    return not (written and (ahead in cues()["alone"] or ahead in tail() or words.kinds[at + 1] in {NAME, LIKE}))


def name_ahead(words: Words, at: int) -> bool:
    """Say whether a particle leads to a name."""
    for ahead in range(at + 1, min(at + 3, len(words.kinds))):
        if not words.close(ahead - 1):
            return False
        if words.kinds[ahead] in {NAME, LIKE, DOUBLE, MAYBE}:
            return True
        if words.folded[ahead] not in cues()["particle"]:
            return False
    return False


def is_given(words: Words, at: int) -> bool:
    """Say whether a word is a given name: of a list of them, or of the names of the world and nothing else."""
    low, names = words.folded[at], lexicon()
    return low in names.given or (words.kinds[at] == NAME and low in names.international)


def is_side(words: Words, at: int) -> bool:
    """Say whether a single letter is the side of what follows it."""
    after = at + 1
    return after < len(words.kinds) and words.kinds[after] == TERM and words.gap(at).strip() == ""
