"""Names of people that are terms of medicine by what stands around them: views, diseases, grades, operations, filters.

Works on the words of one text. A name is a term here only beside the word, the grade or the short form that makes it
one; alone it stays what the lists of names say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_terms import NUMBER, TERM, amid, behind, called, is_listed_name, led

if TYPE_CHECKING:
    from curator.scrub.dicom.descriptors_words import Words

#: What stands between two words that are one term, and between two names of one.
_JOINED = frozenset({" ", "-", "/", " / ", " - ", "--", " & ", " and "})
_TIED = frozenset({"-", "/", "--"})
_AND = frozenset({"and", "und", "et", "y", "e", "en"})
_OF_GRADES = frozenset(
    {"type", "grade", "class", "stage", "zone", "group", "category", "classification", "grading", "score", "level"}
    | {"typ", "grad", "stadium", "stade", "grado", "estadio", "estadificacion", "stadio", "graad", "evre"}
)
_ROMAN = re.compile("(?:i{1,3}|iv|vi{0,3})[a-e]?")
_FIGURES = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
#: So many names of filters in one text are none of persons.
_MANY_NAMES = 2
#: Letters of the word that makes a phrase of a name.
_LEAST = 3
_POSSESSIVE = frozenset({"'s ", "’s "})
#: What stands within a phrase; any other mark may end a name: Baker, cyst.
_PHRASED = frozenset({" ", "-", "_"}) | _POSSESSIVE


def eponyms_of(words: Words) -> None:
    """Take a name for a term beside the view, sign, disease, grade or operation that is called by it."""
    names, heads = led()
    lists = called()
    bases = [low.removesuffix("'s") for low in words.folded]
    count = len(bases)
    for at, base in enumerate(bases):
        ahead = bases[at + 1] if at + 1 < count else ""
        after = at > 0 and f"{bases[at - 1]}:{base}" in behind()
        if base in amid() and not amid()[base].isdisjoint(bases):
            words.kinds[at] = TERM
        if not after and base not in lists["names"] and f"{base}:{ahead}" not in lists["before"]:
            continue
        if after:
            words.kinds[at] = TERM  # a view of a part, which a given name or an initial behind it makes somebody's
        if (
            (base in names and ahead in heads)
            or (base in names and at > 1 and bases[at - 1] == "of" and bases[at - 2] == "circle")
            or f"{base}:{ahead}" in lists["before"]
            or (ahead in lists["heads"] and _beside(words, at))
            or (ahead in lists["weak"] and base not in lexicon().frequent and _beside(words, at))
            or (base in lists["graded"] and _graded(words, at))
            or (base in lists["scales"] and _scaled(words, at))
            or _after_cue(words, at, bases)
        ):
            _name(words, at)
            if len(ahead) >= _LEAST and f"{base}:{ahead}" in lists["before"] and words.gap(at) in _PHRASED:
                words.phrased.add(at)
    _joint(words, bases)
    for at in range(count - 2, -1, -1):
        # Two that a disease is called by: Budd-Chiari syndrome.
        if (
            words.gap(at) in _TIED
            and bases[at] in lists["names"]
            and words.kinds[at + 1] == TERM
            and bases[at + 1] in lists["names"]
        ):
            _name(words, at)
    _of_things(words, bases)


def _name(words: Words, *places: int) -> None:
    """Take words for terms that something is called by here."""
    for at in places:
        words.kinds[at] = TERM
        words.called.add(at)


def _joint(words: Words, bases: list[str]) -> None:
    """Take two names that are one term together, with a hyphen, a blank or an "and" between them: Hunt and Hess."""
    joint, staged = called()["joint"], called()["staged"]
    for at in range(len(bases) - 1):
        pair = f"{bases[at]}-{bases[at + 1]}"
        if words.gap(at) in _JOINED and (pair in joint or (pair in staged and _graded(words, at + 1))):
            _name(words, at, at + 1)
            words.phrased.update((at, at + 1))
        elif (
            at + 2 < len(bases)
            and bases[at + 1] in _AND
            and words.gap(at) == words.gap(at + 1) == " "
            and f"{bases[at]}-{bases[at + 2]}" in joint
        ):
            _name(words, at, at + 1, at + 2)
            words.phrased.update((at, at + 2))


def _after_cue(words: Words, at: int, bases: list[str]) -> bool:
    """Say whether a name stands behind what only a disease or an operation follows: s/p Ross, h/o Graves."""
    cued = called()["cued"]
    behind_cue = at > 0 and (bases[at - 1] in cued or (at > 1 and f"{bases[at - 2]}_{bases[at - 1]}" in cued))
    if not behind_cue or words.gap(at - 1).strip(" .:"):
        return False
    ahead = at + 1
    if ahead >= len(bases) or words.gap(at) not in {" ", "-", ", "}:
        return True
    # Not where a person follows: h/o Graves, Robert; s/p Ross Miller.
    return words.kinds[ahead] == TERM or not is_listed_name(bases[ahead])


def _of_things(words: Words, bases: list[str]) -> None:
    """Take the name of a filter, a kernel or a maker for a term in a text that has other words of the kind.

    What many people are called is one only right before such a word: Kaiser window.
    """
    lists = called()
    if lists["things"].isdisjoint(bases):
        return
    for kind in ("technique", "maker"):
        names, common = lists[f"{kind}s"], lists[f"common_{kind}s"]
        named = [at for at, base in enumerate(bases) if base in names or base in common]
        if not named:
            continue
        rare = [at for at in named if bases[at] in names]
        told = len(rare) > _MANY_NAMES or not lists[f"{kind}_cues"].isdisjoint(bases)
        for at in named:
            ahead = bases[at + 1] if at + 1 < len(bases) and _beside(words, at) else ""
            given = at and bases[at - 1] in lexicon().given and bases[at - 1] not in names
            if not given and (ahead in lists[f"{kind}_heads"] or (told and at in rare)):
                _name(words, at)


def _beside(words: Words, at: int) -> bool:
    """Say whether a word and the next stand beside each other with a blank or a hyphen."""
    return words.gap(at) in _JOINED or words.gap(at) in _POSSESSIVE


def _scaled(words: Words, at: int) -> bool:
    """Say whether a figure or a Roman numeral stands behind what nobody but a scale is called by: Gleason 4+3=7."""
    after = at + 1
    if after < len(words.folded) and words.folded[after] in _OF_GRADES and _beside(words, at):
        at, after = after, after + 1
    if after >= len(words.folded) or words.gap(at) not in {" ", "-", ": ", " = ", "="}:
        return False
    low = words.folded[after]
    if words.kinds[after] != NUMBER:
        return low != "i" and _ROMAN.fullmatch(low) is not None
    return _FIGURES.fullmatch(low) is not None


def _graded(words: Words, at: int) -> bool:
    """Say whether a grade stands behind a name: Schatzker VI, Garden type 3, Weber B in a rare name's case."""
    after = at + 1
    if after < len(words.folded) and words.folded[after] in _OF_GRADES and _beside(words, at):
        at, after, firm = after, after + 1, True
    else:
        firm = words.folded[at] not in lexicon().frequent
    if after >= len(words.folded) or not _beside(words, at):
        return False
    low = words.folded[after]
    if _ROMAN.fullmatch(low):
        return firm or low != "i"
    glued = after + 1 < len(words.folded) and words.joined(after) and len(words.folded[after + 1]) == 1
    if len(low) == 1 and (low in "123456789" or low in "abcd"):
        return firm or (low.isdecimal() and glued)
    return False
