"""Names in descriptors that two words tell: pairs of a list, names with particles, spoken ones."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_terms import (
    DOUBLE,
    LETTER,
    LIKE,
    MAYBE,
    NAME,
    OTHER,
    SHORT,
    WORD,
    cues,
    led,
    soft,
    tail,
)
from curator.scrub.dicom.descriptors_words import Words

COMMA = re.compile(r"[ ]?,[ ]?")


def carets(words: Words) -> None:
    """Mark what stands at a caret and may be part of a name: PA^JONES, Doe^J."""
    if "^" not in words.text:
        return
    for at in range(len(words.kinds) - 1):
        if "^" not in words.gap(at):
            continue
        for place in (at, at + 1):
            low = words.folded[place]
            if words.kinds[place] in {DOUBLE, SHORT, LIKE, NAME} and low not in cues()["small"]:
                words.gone[place] = True


def pairs(words: Words) -> None:
    """Mark two words side by side that are a given name and a frequent surname, whatever else they are."""
    names, small = lexicon(), cues()["small"]
    for at in range(len(words.kinds) - 1):
        one, other = words.folded[at], words.folded[at + 1]
        if COMMA.fullmatch(words.gap(at)) and _listed_pair(words, at):
            words.gone[at] = words.gone[at + 1] = True
            continue
        if _spoken_pair(words, at):
            words.gone[at] = words.gone[at + 1] = True
            continue
        if words.kinds[at] != DOUBLE or not words.close(at) or words.gone[at] or one in small or other in small:
            continue
        comma = "," in words.gap(at) or "^" in words.gap(at)
        second = words.kinds[at + 1]
        if (
            (
                second == DOUBLE
                and (
                    (one in names.given and other in names.frequent) or (other in names.given and one in names.frequent)
                )
            )
            or (comma and second == LETTER and at + 2 >= len(words.kinds))
            or (comma and second in {SHORT, MAYBE, LIKE})
            or (comma and second == OTHER and at + 2 >= len(words.kinds) and len(other) > 4)
        ):
            words.gone[at] = words.gone[at + 1] = True


def _spoken_pair(words: Words, at: int) -> bool:
    """Say whether a given name and a surname, both words too, stand at an end of a text: MARK YOUNG."""
    one, other = words.folded[at], words.folded[at + 1]
    if at and at + 2 < len(words.kinds):
        return False
    if words.kinds[at] != DOUBLE or one not in lexicon().given or not (other in cues()["alone"] or other in tail()):
        return False
    return words.gap(at) in {" ", "_", "^", "-"} and all(
        words.text[words.spans[place][0]].isupper() for place in (at, at + 1)
    )


def _listed_pair(words: Words, at: int) -> bool:
    """Say whether two words with a comma between them are written as surname and given name: LITTLE, RICH."""
    one, other = words.folded[at], words.folded[at + 1]
    if not all(words.text[words.spans[place][0]].isupper() for place in (at, at + 1)):
        return False
    if other not in lexicon().given or not (words.kinds[at + 1] in {DOUBLE, SHORT} or other in soft()):
        return False
    return words.kinds[at] in {DOUBLE, WORD, MAYBE, LIKE, NAME} or one in soft() or one in tail() or one in led()[0]


#: Behind these an unknown word is a surname.
_MOST_PARTICLES = 6
_STRONG_PARTICLES = frozenset({"van", "von", "bin", "ibn", "abu", "mac", "mc", "ter", "zu"})


def particles(words: Words) -> None:
    """Mark an unknown word behind a particle that only names have, with the particles: van der Meulen."""
    lists = cues()["particle"]
    for at, low in enumerate(words.folded):
        if low not in _STRONG_PARTICLES:
            continue
        ahead = at + 1
        most = min(len(words.kinds), at + _MOST_PARTICLES)
        while ahead < most and words.folded[ahead] in lists and words.close(ahead - 1):
            ahead += 1
        if (
            ahead < len(words.kinds)
            and words.close(ahead - 1)
            and words.kinds[ahead] in {NAME, LIKE, MAYBE, DOUBLE, OTHER}
            and len(words.folded[ahead]) > 3
        ):
            for place in range(at, ahead + 1):
                words.gone[place] = True
