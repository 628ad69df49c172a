"""Known names that are so short that they are codes elsewhere (Ng, Le), and known values that one mark breaks (Smi-th).

Two letters are a name behind a title or another word for somebody, beside the initial of the person, and beside another
part of the name; NG tube and LE venous duplex stay. It must never say which value was found.
"""

from __future__ import annotations

import re

from curator.scrub.dicom.descriptors_terms import LETTER, NUMBER, OTHER, SHORT, TERM, cues, leading
from curator.scrub.dicom.descriptors_words import Words
from curator.scrub.dicom.matcher import Matcher

_LED = re.compile(r"[ ]?[.:_=^-]{0,2}[ ]?")
_SIZE = 2
_BREAKS = frozenset({"-", " ", "_"})
_LEAST_HYPHENED, _LEAST_PARTED = 4, 5
#: What a piece of a broken name looks like: no list has it, or only one of short names.
_PIECE = frozenset({OTHER, SHORT})
#: Modalities and the like that are titles elsewhere, as one of them begins a description.
_MODALITIES = frozenset({"mr", "dr", "pt", "sr", "ms", "md"})
_TUBES = frozenset({"tube", "tubes", "placement", "feeding", "gt", "sonde", "sonda"})


def loose_parts(words: Words, matcher: Matcher) -> list[int]:
    """Return the places of words that are short names of the person, or the pieces of a known value."""
    found: list[int] = []
    kinds, last, hyphened = words.kinds, len(words.folded) - 1, "-" in words.text
    for at, low in enumerate(words.folded):
        if len(low) == _SIZE and low in matcher.short:
            found += _short(words, at, matcher)
        if at < last and (hyphened or kinds[at] in _PIECE or kinds[at + 1] in _PIECE) and _broken(words, at, matcher):
            found += (at, at + 1)
    return found


def _broken(words: Words, at: int, matcher: Matcher) -> bool:
    """Say whether a word and the next are a known value with a hyphen or a blank in it."""
    gap, kinds = words.gap(at), (words.kinds[at], words.kinds[at + 1])
    if gap not in _BREAKS:
        return False
    joined = words.folded[at] + words.folded[at + 1]
    if gap == "-":
        fits = len(joined) >= _LEAST_HYPHENED and kinds != (NUMBER, NUMBER)
    else:
        coded = NUMBER in kinds and len(joined) >= _LEAST_HYPHENED
        fits = (coded or len(joined) >= _LEAST_PARTED) and not _PIECE.isdisjoint(kinds)
    return fits and joined in matcher.weak


def _short(words: Words, at: int, matcher: Matcher) -> list[int]:
    """Return a name of two letters with the title before it and the initial beside it; nothing where it is a code."""
    found: list[int] = []
    if at and _leads(words, at):
        found.append(at)
        if words.folded[at - 1] in cues()["title"] | cues()["doubtful"]:
            found.append(at - 1)
    for beside in (at - 1, at + 1):
        if not 0 <= beside < len(words.folded) or not words.close(min(at, beside)):
            continue
        low = words.folded[beside]
        if len(low) == 1:
            own = f".{low}{words.folded[at][0]}" in matcher.initials
        else:
            own = words.kinds[beside] not in {TERM, NUMBER, LETTER} and matcher.hits(low)
        if own:
            found += (at, beside)
    return found


def _leads(words: Words, at: int) -> bool:
    """Say whether the word before a short name leads to it."""
    lead = words.folded[at - 1]
    if lead not in leading() or not _LED.fullmatch(words.gap(at - 1)):
        return False
    if at + 1 >= len(words.folded) or words.kinds[at + 1] != TERM or not words.close(at):
        return True
    # Before a term it may be a code: for NG tube, MR LE W/O. Written as a name amid small letters it is none.
    if words.folded[at + 1] in _TUBES:
        return False
    name, ahead = (words.text[slice(*words.spans[place])] for place in (at, at + 1))
    if name.istitle() and ahead.islower():
        return True
    if not (lead in cues()["title"] or lead in cues()["doubtful"]):
        return False
    text = words.text[slice(*words.spans[at - 1])]
    return not (lead in _MODALITIES and at == 1 and text.isupper() and words.gap(0) == " ")
