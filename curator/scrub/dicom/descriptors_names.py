"""Which words of a short imaging text are parts of names, by the lists and by what stands around them.

A term of imaging only goes where it is written as part of a name. Works on the words of one line of text.
"""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_pairs import COMMA, carets, pairs, particles
from curator.scrub.dicom.descriptors_places import mark_facilities, mark_places
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
    eponyms,
    is_frequent,
    is_listed_name,
    soft,
    tail,
)
from curator.scrub.dicom.descriptors_words import Words, words_joined

_COLON = re.compile(r"[ ]?(?:[:=]|[-_][ ]?(?=$))[ ]?")
_LABEL = re.compile(r"\s*[:=]\s*")
_AFTER_TITLE = re.compile(r"[ ]?[.:_^-]{0,2}[ ]?")
_AFTER_CUE = re.compile(r"[ ]?[.:_-]{0,1}[ ]?(?:the )?")
_PARTS = frozenset({NAME, LIKE, MAYBE, DOUBLE, SHORT, LETTER})
_SIDES = frozenset({"l", "r"})
_MOST_PARTS = 4
#: Passes over a text after which no name grows further to its left.
_MOST_PASSES = 8


def mark_names(words: Words, *, facilities: bool) -> None:
    """Mark the words that are parts of names of people, and of places and facilities."""
    if facilities:
        mark_facilities(words)
    mark_places(words)
    _standing(words)
    _led(words)
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


def _take(words: Words, at: int, kinds: frozenset[str], most: int = _MOST_PARTS) -> bool:
    """Mark up to so many words from a place on that may be parts of a name; say whether there was any."""
    taken = 0
    particles = cues()["particle"]
    while at < len(words.kinds) and taken < most:
        kind, low = words.kinds[at], words.folded[at]
        fits = (
            kind in kinds or (kind == OTHER and taken and len(low) > 2) or (low in particles and _name_ahead(words, at))
        )
        if taken and (not words.close(at - 1) or _other_case(words, at, at - 1)):
            break
        if kind == LETTER and low in _SIDES and _side(words, at):
            break
        if kind == DOUBLE and _small(words, at):
            fits = False
        if words.is_small(at) and low not in particles and (kind not in {NAME, LIKE, LETTER} or words.is_foreign()):
            fits = False
        if not fits:
            break
        words.gone[at] = True
        taken += 1
        at += 1
    return taken > 0


def _other_case(words: Words, at: int, beside: int) -> bool:
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


def _small(words: Words, at: int) -> bool:
    """Say whether a word is one of grammar here: no frequent surname, no given name before a surname (Mark Young)."""
    low = words.folded[at]
    if low not in cues()["small"] or low in cues()["alone"]:
        return False
    if low not in lexicon().given or at + 1 >= len(words.kinds) or not words.close(at):
        return True
    ahead = words.folded[at + 1]
    written = all(words.text[words.spans[place][0]].isupper() for place in (at, at + 1))
    return not (written and (ahead in cues()["alone"] or ahead in tail() or words.kinds[at + 1] in {NAME, LIKE}))


def _name_ahead(words: Words, at: int) -> bool:
    """Say whether a particle leads to a name."""
    for ahead in range(at + 1, min(at + 3, len(words.kinds))):
        if not words.close(ahead - 1):
            return False
        if words.kinds[ahead] in {NAME, LIKE, DOUBLE, MAYBE}:
            return True
        if words.folded[ahead] not in cues()["particle"]:
            return False
    return False


def _side(words: Words, at: int) -> bool:
    """Say whether a single letter is the side of what follows it."""
    after = at + 1
    return after < len(words.kinds) and words.kinds[after] == TERM and words.gap(at).strip() == ""


_ANY_PART = frozenset({NAME, LIKE, MAYBE, DOUBLE, SHORT, LETTER, OTHER})
_FIRM_PART = frozenset({NAME, LIKE, MAYBE, DOUBLE, SHORT, LETTER, OTHER, WORD})


def _led(words: Words) -> None:
    """Mark what titles, labels and cues lead to."""
    lists = cues()
    count = len(words.kinds)
    for at in range(count - 1):
        low = words.folded[at]
        gap = words.gap(at)
        if low in lists["label"] and _LABEL.fullmatch(gap):
            if _labeled(words, at + 1):
                words.gone[at] = True
            continue
        firm = low in lists["title"]
        if (firm or low in lists["doubtful"]) and _AFTER_TITLE.fullmatch(gap):
            spoken = firm or (gap[:1] == "." and words.text[words.spans[at][0]].isupper()) or _by_before(words, at)
            kind = words.kinds[at + 1]
            if kind == TERM and spoken and _named_term(words, at + 1):
                words.gone[at] = words.gone[at + 1] = True
                _take(words, at + 2, _PARTS, 2)
            elif kind == LETTER and not (at + 2 < count and words.kinds[at + 2] in {*_PARTS, OTHER, TERM}):
                words.gone[at] = words.gone[at] or spoken
                words.gone[at + 1] = words.gone[at + 1] or spoken
            elif not _small(words, at + 1) and _take(words, at + 1, _FIRM_PART if spoken else _ANY_PART, 3):
                words.gone[at] = True
                last = max(place for place in range(at, min(at + 4, count)) if words.gone[place])
                if words.kinds[last] == LETTER and last + 1 < count and _named_term(words, last + 1):
                    words.gone[last + 1] = True
        elif low in lists["cue"] and _AFTER_CUE.fullmatch(gap):
            first = at + 1 + (words.folded[at + 1] == "the")
            done = low == "by" and at > 0 and words.folded[at - 1] in _DONE
            if first < count and words.kinds[first] == LETTER and words.folded[first] not in "abl":
                ahead = first + 1
                if ahead < count and words.close(first) and (words.kinds[ahead] in _PARTS or _named_term(words, ahead)):
                    words.gone[first] = words.gone[ahead] = True
            elif (
                first < count
                and words.folded[first] in soft()
                and (first + 1 >= count or words.kinds[first + 1] in {DOUBLE, NAME, LIKE})
            ):
                words.gone[first] = True
                _take(words, first + 1, _PARTS)
            elif (
                first < count
                and (
                    words.kinds[first] in {NAME, LIKE, MAYBE, DOUBLE, SHORT}
                    or (done and words.kinds[first] in {WORD, OTHER})
                )
                and not _small(words, first)
            ):
                _take(words, first, _FIRM_PART if done else _PARTS)


_DONE = frozenset(
    [
        "read",
        "reported",
        "dictated",
        "ordered",
        "performed",
        "perf",
        "requested",
        "req",
        "referred",
        "ref",
        "refd",
        "refer",
        "signed",
        "approved",
        "verified",
        "done",
    ]
)


def _by_before(words: Words, at: int) -> bool:
    return at > 0 and words.folded[at - 1] in {
        "by",
        "ref",
        "referred",
        "per",
        "for",
        "attn",
        "cc",
        "to",
        "referring",
        "with",
    }


def _named_term(words: Words, at: int) -> bool:
    """Say whether a term is a listed name as well, and no view that is called by one."""
    low = words.folded[at]
    if words.kinds[at] != TERM or len(low) < 3 or not (is_listed_name(low) or low in eponyms()):
        return False
    return not (
        at + 1 < len(words.kinds) and words.folded[at + 1] in {"view", "views", "method", "position", "projection"}
    )


def _labeled(words: Words, at: int) -> bool:
    """Mark the value behind a person's label."""
    count = len(words.kinds)
    comma = at + 1 < count and bool(COMMA.fullmatch(words.gap(at)) or "^" in words.gap(at))
    alone = at + 1 >= count
    if words.kinds[at] in {TERM, WORD}:
        if not (comma or alone or (at + 1 < count and words.kinds[at + 1] in _PARTS)) or not is_listed_name(
            words.folded[at]
        ):
            return False
        words.gone[at] = True
        if comma and at + 1 < count and (words.kinds[at + 1] in _PARTS or is_listed_name(words.folded[at + 1])):
            words.gone[at + 1] = True
        _take(words, at + 1, _ANY_PART, 3)
        return True
    return _take(words, at, _ANY_PART)


def _alone(words: Words) -> None:
    """Mark a frequent surname that is a word as well, alone before or behind nothing but terms."""
    if any(words.gone) or not words.kinds:
        return
    if (
        len(words.kinds) > 1
        and words.kinds[0] == DOUBLE
        and words.folded[0] in lexicon().frequent
        and not _small(words, 0)
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
        if _other_case(words, at, beside) or (words.is_small(at) and words.is_foreign() and low not in particles):
            return False
        gap = words.gap(min(at, beside))
        if kind == NUMBER or (kind in {WORD, TERM} and low not in particles and low not in soft()):
            if (
                kind == TERM
                and low in tail()
                and at == count - 1 > beside
                and gap == " "
                and words.folded[beside] in lexicon().given
            ):
                return True
            return (
                kind == TERM
                and "," in gap
                and at < beside
                and (at == 0 or words.kinds[at - 1] != TERM)
                and is_frequent(low)
            )
        if kind == LETTER:
            return not (low in _SIDES and (_side(words, at) or gap.strip() == "")) and not words_joined(words, at)
        if kind == DOUBLE:
            return low not in small
        if kind == OTHER:
            return (len(low) > 3 or "," in gap) and not words_joined(words, at) and at > beside
        if low in particles:
            return at < beside or _name_ahead(words, at)
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
            while place >= 0 and words.kinds[place] in _ANY_PART and not _small(words, place) and at - place < 4:
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
