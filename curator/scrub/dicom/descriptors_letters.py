"""Single letters that are no initials: sides (KNEE L), parts of the spine (C SPINE, T L SPINE), kinds of tubes, "with".

Works on the words of one text and takes such a letter for a term, so that it stays when the name beside it goes. A
letter with a point behind it is an initial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from curator.scrub.dicom.descriptors_terms import (
    LETTER,
    NUMBER,
    TERM,
    behind_it,
    cues,
    eponyms,
    leading,
    sides_behind,
    soft,
    tail,
)

if TYPE_CHECKING:
    from curator.scrub.dicom.descriptors_words import Words

#: Left, right, both and with: behind a part of the body, a projection or another such letter.
_SIDES = frozenset("lrbw")
_BEHIND = frozenset({" ", "_", "-", " - ", "(", " (", "[", " [", "/"})
_BETWEEN = frozenset({" ", "_", "-", "/", " / ", "&", " & ", ",", ", ", "+"})
#: Letters that a slash makes short forms of: W/O, W/C, A/P, C/A/P, R/L.
_SLASHED = frozenset("wocaplrtsn")
_AND = frozenset({"and", "und", "et", "y", "e"})


def letters_of(words: Words) -> None:
    """Take the single letters of a text for terms that stand where sides and levels do."""
    if LETTER not in words.kinds:
        return
    for at in range(len(words.kinds) - 2, -1, -1):
        if words.kinds[at] == LETTER and _before_head(words, at):
            words.kinds[at] = TERM
    for at in range(1, len(words.kinds)):
        if words.kinds[at] != LETTER:
            continue
        abroad = words.folded[at] in sides_behind().get(words.folded[at - 1], ())
        if (words.folded[at] in _SIDES or abroad) and _behind_part(words, at):
            words.kinds[at] = TERM
            words.sides.add(at)
        elif _is_signed(words, at):
            words.kinds[at] = TERM
    if "/" in words.text or "w_o" in words.text.lower():
        for at in range(len(words.kinds) - 1):
            if _is_slashed(words, at):
                words.kinds[at] = words.kinds[at + 1] = TERM


def _is_signed(words: Words, at: int) -> bool:
    """Say whether a letter is contrast by the sign behind it: C+, I-."""
    end = words.spans[at][1]
    signed = words.text[end : end + 1] in {"+", "-"} and not words.text[end + 1 : end + 2].strip()
    return signed and words.folded[at] in {"c", "i"}


def _is_slashed(words: Words, at: int) -> bool:
    """Say whether a letter and the next are one short form: W/O, A/P; W_O, too."""
    gap, pair = words.gap(at), (words.folded[at], words.folded[at + 1])
    if LETTER not in words.kinds[at : at + 2] or not _SLASHED.issuperset(pair):
        return False
    return gap == "/" or (gap == "_" and pair == ("w", "o"))


def _before_head(words: Words, at: int) -> bool:
    """Say whether a letter belongs to the word behind it: C SPINE; T L SPINE, T and L SPINE; J TUBE; Y VIEW."""
    ahead = at + 1
    heads = behind_it(words.folded[at])
    while ahead < len(words.kinds) and words.gap(ahead - 1) in _BETWEEN:
        low = words.folded[ahead]
        if low in heads:
            return True
        chained = words.kinds[ahead] == TERM and len(low) == 1 and bool(heads & behind_it(low))
        if not chained and low not in _AND:
            return False
        ahead += 1
    return False


def _behind_part(words: Words, at: int) -> bool:
    """Say whether a letter stands behind what has sides, and no point makes an initial of it."""
    before, end = at - 1, words.spans[at][1]
    if words.kinds[before] != TERM or words.gap(before) not in _BEHIND or words.text[end : end + 1] == ".":
        return False
    low = words.folded[before]
    if len(low) == 1:
        return before in words.sides or (before > 0 and words.kinds[before - 1] == NUMBER and words.joined(before - 1))
    return not (
        low in leading()
        or low in cues()["dangling"]
        or (low in cues()["modality"] and low != "mammo")
        or low in soft()
        or low in tail()
        or low in eponyms()
    )
