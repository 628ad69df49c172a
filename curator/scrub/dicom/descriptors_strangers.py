"""Words that nothing knows: no list of imaging, medicine, everyday language or names has them.

What is not known does not pass. A name that stands in no list and that no word around it tells looks like this, and so
does the jargon of one site, which is the price. Short pieces stay: they tell nobody. So do small words amid sentences,
where names have capitals, but for one behind a title, a label or a name.
"""

from __future__ import annotations

from curator.scrub.dicom.descriptors_scripts import is_eastern
from curator.scrub.dicom.descriptors_terms import LIKE, MAYBE, NUMBER, OTHER, cues
from curator.scrub.dicom.descriptors_words import Words

#: Letters from which on an unknown word goes.
LEAST = 5
#: Figures from which on a number glued to unknown letters is the code of something.
FIGURES = 4
_PARTED = frozenset({"", ".", "_", "-", ":"})
#: Labels of entities whose value is a word of the study's own (BIDS 1.10, appendix "Entities").
_ENTITIES = frozenset({"task", "acq"})
_UNKNOWN = frozenset({LIKE, MAYBE, OTHER})


def _leads(words: Words, at: int) -> bool:
    """Say whether a word is one that a name stands behind, or goes itself."""
    low = words.folded[at]
    return words.gone[at] or low == "by" or low in cues()["title"] or low in cues()["label"]


def _is_label(words: Words, at: int) -> bool:
    """Say whether a word is the value of an entity: task-maze."""
    return at > 0 and words.gap(at - 1) == "-" and words.folded[at - 1] in _ENTITIES


def mark_strangers(words: Words, *, technical: bool) -> None:
    """Mark the unknown words of a text; in one about a machine a word before a number is a part of it: coreload.81."""
    for at, kind in enumerate(words.kinds):
        if kind not in _UNKNOWN or is_eastern(words.text[slice(*words.spans[at])]):
            continue
        ahead = at + 1
        if technical and ahead < len(words.kinds) and words.kinds[ahead] == NUMBER and words.gap(at) in _PARTED:
            continue
        if words.kinds[at] == OTHER and _is_label(words, at):
            continue
        if words.is_small(at) and not (at and _leads(words, at - 1)):
            continue  # amid sentences a name has a capital
        words.gone[at] = words.gone[at] or len(words.folded[at]) >= LEAST
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(words.kinds) and words.kinds[beside] == NUMBER and words.joined(min(at, beside)):
                coded = len(words.folded[at]) > 1 and len(words.folded[beside]) >= FIGURES
                if coded or (words.gone[at] and len(words.folded[at]) >= LEAST):
                    words.gone[at] = words.gone[beside] = True
