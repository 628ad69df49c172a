"""Which words of a short imaging text are names of facilities and towns, by the lists and by what stands around them.

A term of imaging never goes as part of one. Works on the words of one line of text.
"""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_terms import (
    DOUBLE,
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
    is_place,
)
from curator.scrub.dicom.descriptors_words import Words, words_joined

_SIDES = frozenset({"l", "r"})
_MOST_LEFT = 7


def mark_facilities(words: Words) -> None:
    """Mark names of facilities: what stands before and behind the word for one."""
    lists = cues()
    _mark_named(words)
    heads, pairs, parts = lists["facility"], lists["facility_pairs"], lists["facility_part"]
    at, count = 0, len(words.kinds)
    while at < count:
        low = words.folded[at]
        end = at
        if at + 2 < count and f"{low}_{words.folded[at + 1]}_{words.folded[at + 2]}" in pairs:
            end = at + 2
        elif at + 1 < count and f"{low}_{words.folded[at + 1]}" in pairs:
            end = at + 1
        elif low not in heads:
            at += 1
            continue
        first = at
        while first > 0 and at - first < _MOST_LEFT and _names_facility(words, first - 1, parts):
            first -= 1
        while first < at and words.folded[first] in _LEADING:
            first += 1
        last = end
        while last + 1 < count and last - end < _MOST_LEFT and _follows(words, last + 1, parts):
            last += 1
        while last > end and words.folded[last] in _LEADING:
            last -= 1
        if first < at or last > end or end > at:
            for place in range(first, last + 1):
                words.gone[place] = True
        at = last + 1


#: Most words of a facility's short name in the list of them, and what stands between them.
_MOST_NAMED = 4
_WITHIN = re.compile(r"[ _]|[ ]?[-.&][ ]?")


def _mark_named(words: Words) -> None:
    """Mark facilities that are called by everyday words, which no word for a facility tells: Texas Heart."""
    lists, count = cues(), len(words.kinds)
    tied = [_WITHIN.fullmatch(words.gap(at)) is not None for at in range(count - 1)]
    for at in range(count):
        for size in range(min(_MOST_NAMED, count - at), 0, -1):
            if all(tied[at : at + size - 1]) and "_".join(words.folded[at : at + size]) in lists["facility_named"]:
                words.gone[at : at + size] = [True] * size
                break
        low = words.folded[at]
        if not at or not tied[at - 1] or low not in lists["facility_tail"]:
            continue
        before = words.folded[at - 1]
        sited = is_place(before) and words.kinds[at - 1] != TERM and not (low == "heart" and is_frequent(before))
        if before in lists["state_name"] or sited:
            words.gone[at - 1] = words.gone[at] = True
        last = at + 1 == count or words.gone[at + 1]
        if low in lists["facility_rest"] and words.gone[at - 1] and last:
            words.gone[at] = True


_LEADING = frozenset(
    {"the", "of", "and", "at", "in", "de", "du", "di", "del", "med", "medical", "imaging", "radiology", "diagnostic"}
)
_OF = frozenset({"of", "de", "du", "di", "del", "da", "der", "at", "for", "saint", "st", "san", "la", "le", "am", "im"})


def _names_facility(words: Words, at: int, parts: frozenset[str]) -> bool:
    gap = words.gap(at)
    if not re.fullmatch(r"[ _]?[.'’&,-]?[ _]?", gap) or "," in gap:
        return False
    kind, low = words.kinds[at], words.folded[at]
    if low in cues()["at"] and low != "of":
        return False
    if low in parts or low in cues()["facility"]:
        return not (
            low in {"heart", "spine", "breast", "imaging", "diagnostic"}
            and at > 0
            and words.kinds[at - 1] == TERM
            and words.folded[at - 1] not in parts
        )
    if kind == TERM:
        return False
    return (
        kind in {NAME, LIKE, MAYBE, DOUBLE, SHORT, OTHER}
        or (low in cues()["particle"] and low not in _SIDES)
        or is_place(low)
    )


def _follows(words: Words, at: int, parts: frozenset[str]) -> bool:
    gap = words.gap(at - 1)
    if not re.fullmatch(r"[ _]?[.'’&-]?[ _]?", gap):
        return False
    low, kind = words.folded[at], words.kinds[at]
    behind = words.folded[at - 1]
    if low in _OF:
        return at + 1 < len(words.kinds) and (
            words.kinds[at + 1] in {NAME, LIKE, MAYBE, DOUBLE, WORD}
            or words.folded[at + 1] in _OF
            or is_place(words.folded[at + 1])
        )
    return (
        kind in {NAME, LIKE}
        or (behind in _OF and kind in {DOUBLE, MAYBE, SHORT, WORD, OTHER})
        or (behind in _OF and is_place(low))
        or (words.gone[at - 1] and low in parts and kind != TERM)
    )


#: What stands between the words of a town's name.
_JOINS = frozenset({" ", ". ", "-", "_"})


def mark_places(words: Words) -> None:
    """Mark towns: of several words, and such as stand behind a preposition or before a state."""
    cities, lists = lexicon().cities, cues()
    count = len(words.kinds)
    joins = [words.gap(at) in _JOINS for at in range(count - 1)]
    for at in range(count):
        for size in (3, 2):
            if at + size > count or not joins[at] or not joins[at + size - 2]:
                continue
            kinds = words.kinds[at : at + size]
            low = " ".join(words.folded[at : at + size])
            if low in cities and NUMBER not in kinds and not all(kind == TERM for kind in kinds):
                for place in range(at, at + size):
                    words.gone[place] = True
                _state(words, at + size)
                break
        low = words.folded[at]
        if words.kinds[at] in {DOUBLE, WORD, NAME, LIKE, MAYBE} and len(low) > 3 and is_place(low):
            stated = at + 1 < count and words.folded[at + 1] in lists["state"] and words.gap(at) in {", ", ",", " "}
            comma = stated and "," in words.gap(at)
            if comma or (
                at
                and words.folded[at - 1] in {"at", "from", "of", "near"}
                and words.kinds[at] != WORD
                and low not in lists["small"]
            ):
                words.gone[at] = True
            if words.gone[at] or words.kinds[at] == NAME:
                _state(words, at + 1)
                if (
                    at
                    and words.kinds[at - 1] == NUMBER
                    and len(words.folded[at - 1]) in {4, 5}
                    and words.gap(at - 1) == " "
                ):
                    words.gone[at - 1] = words.folded[at - 1].isdecimal()
        if (
            at
            and words.folded[at - 1] in {"at", "from"}
            and words.kinds[at] in {OTHER, MAYBE, LIKE}
            and 2 < len(low) < 7
            and words.text[words.spans[at][0] : words.spans[at][1]].isupper()
            and not words_joined(words, at)
        ):
            words.gone[at] = True  # an abbreviation of a facility: seen at UCSF
        if low in lists["behind_new"] and at and words.folded[at - 1] == "new" and joins[at - 1]:
            words.gone[at - 1] = words.gone[at] = True
    _lived(words)


#: Most words of the name of a place of work, a school or a sight.
_MOST_OF_A_PLACE = 4
_WITHIN_A_PLACE = frozenset({" ", "-", "'", "’", ". ", " & "})


def _lived(words: Words) -> None:
    """Mark what has capitals behind words of work, school and home: works at Walmart, lives near Lake Tahoe."""
    if words.text.isupper():
        return
    cued, count = cues()["lived"], len(words.kinds)
    for at in range(1, count - 1):
        if f"{words.folded[at - 1]}_{words.folded[at]}" not in cued or words.gap(at - 1) != " ":
            continue
        ahead = at + 1 + (words.folded[at + 1] == "the")
        last = min(count, ahead + _MOST_OF_A_PLACE)
        while ahead < last and words.gap(ahead - 1) in _WITHIN_A_PLACE and _named(words, ahead):
            words.gone[ahead] = True
            ahead += 1


def _named(words: Words, at: int) -> bool:
    """Say whether a word is written as a name is, and is no short form."""
    text = words.text[slice(*words.spans[at])]
    return text[:1].isupper() and not (text.isupper() and words.kinds[at] in {TERM, WORD})


#: Abbreviations of states that are far more often of imaging.
_NO_STATE = frozenset({"ct", "pa", "la", "mr"})


def _state(words: Words, at: int) -> None:
    """Mark the abbreviation of a state behind a town."""
    if (
        at < len(words.kinds)
        and words.folded[at] in cues()["state"]
        and words.folded[at] not in _NO_STATE
        and (words.gap(at - 1) in {", ", ","} or (words.gap(at - 1) == " " and at + 1 == len(words.kinds)))
        and words.text[slice(*words.spans[at])].isupper()
    ):
        words.gone[at] = True
