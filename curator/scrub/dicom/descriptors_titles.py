"""What titles, labels and other words for somebody lead to in a short imaging text: Mr. Ng, patient: Virchow, by Li.

A title is also a modality (DR, MR) or the short form of a disease, and a name is also a code (NG, LE) or what a disease
is called by (Crohn): how both are written and what stands around them tells which. Works on the words of one text.
"""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.scrub.dicom.descriptors_pairs import COMMA
from curator.scrub.dicom.descriptors_parts import ANY_PART, FIRM_PART, PARTS, is_grammar, take
from curator.scrub.dicom.descriptors_terms import (
    DOUBLE,
    LETTER,
    LIKE,
    MAYBE,
    NAME,
    OTHER,
    SHORT,
    TERM,
    WORD,
    bearers,
    called,
    cues,
    eponyms,
    is_frequent,
    is_listed_name,
    ordinary,
    soft,
)
from curator.scrub.dicom.descriptors_words import Words

_LABEL = re.compile(r"\s*[:=]\s*")
_AFTER_TITLE = re.compile(r"[ ]?[.:_^-]{0,2}[ ]?")
_AFTER_CUE = re.compile(r"[ ]?[.:_-]{0,1}[ ]?(?:the )?")
_DONE = frozenset(
    ["read", "reported", "dictated", "ordered", "performed", "perf", "requested", "req", "referred", "ref", "refd"]
    + ["refer", "signed", "approved", "verified", "done"]
)
#: Before a title these say that it is one.
_TO_SOMEBODY = frozenset({"by", "ref", "referred", "per", "for", "attn", "cc", "to", "referring", "with"})
#: Titles that are modalities and the like when they are written in capitals.
_TITLED = frozenset({"mr", "ms", "dr", "mx"})
_VIEWS = frozenset({"view", "views", "method", "position", "projection", "tube", "tubes"})
#: Behind these stand people, and what is looked for.
_FOR = frozenset({"for", "from", "re", "requested", "via"})
_SHORT = 2
#: Frequent surnames that are what is imaged, too: Mr Kidney.
_SHAPES = frozenset({"bravo", "card", "chambers", "kidney", "newborn", "ima", "rima", "lima", "page"})


def titled(words: Words) -> None:
    """Mark what titles, labels and cues lead to."""
    lists = cues()
    for at in range(len(words.kinds) - 1):
        low, gap = words.folded[at], words.gap(at)
        if low in lists["label"] and _LABEL.fullmatch(gap):
            if _labeled(words, at + 1):
                words.gone[at] = True
        elif (low in lists["title"] or low in lists["doubtful"]) and _AFTER_TITLE.fullmatch(gap):
            _title(words, at)
        elif low in lists["cue"] and _AFTER_CUE.fullmatch(gap):
            _cue(words, at)


def _title(words: Words, at: int) -> None:
    """Mark a title and the name behind it."""
    count = len(words.kinds)
    spoken = _is_spoken(words, at)
    kind = words.kinds[at + 1]
    if (spoken and _named_term(words, at + 1)) or (_is_written(words, at) and _is_bearer(words, at + 1)):
        words.gone[at] = words.gone[at + 1] = True
        take(words, at + 2, PARTS, 2)
    elif kind == LETTER and not (at + 2 < count and words.kinds[at + 2] in {*PARTS, OTHER, TERM}):
        words.gone[at] = words.gone[at] or spoken
        words.gone[at + 1] = words.gone[at + 1] or spoken
    elif (not is_grammar(words, at + 1) and take(words, at + 1, FIRM_PART if spoken else ANY_PART, 3)) or (
        spoken and _as_name(words, at + 1)
    ):
        words.gone[at] = words.gone[at + 1] = True
        last = max(place for place in range(at, min(at + 4, count)) if words.gone[place])
        if words.kinds[last] == LETTER and last + 1 < count and _named_term(words, last + 1):
            words.gone[last + 1] = True


def _is_spoken(words: Words, at: int) -> bool:
    """Say whether a title is nothing else, by itself, by its point or by the word before it."""
    pointed = words.gap(at)[:1] == "." and words.text[words.spans[at][0]].isupper()
    return words.folded[at] in cues()["title"] or pointed or (at > 0 and words.folded[at - 1] in _TO_SOMEBODY)


def _is_written(words: Words, at: int) -> bool:
    """Say whether what may be a modality is written as a title: Mr, or MR behind another modality and a part."""
    if words.folded[at] not in _TITLED:
        return False
    text = words.text[slice(*words.spans[at])]
    if text.istitle():
        return True
    modality = cues()["modality"]
    return (
        text.isupper()
        and at > 1
        and words.folded[at - 1] not in modality
        and not modality.isdisjoint(words.folded[: at - 1])
    )


def _is_bearer(words: Words, at: int) -> bool:
    """Say whether a word behind what may be a title is a name, though it is a term elsewhere: Mr Charcot, DR NG."""
    low = words.folded[at]
    if words.kinds[at] not in {TERM, WORD, DOUBLE} or at in words.called or not _named_case(words, at):
        return False
    if _goes_on(words, at):
        return False
    if len(low) == _SHORT:
        return low in cues()["short_names"]
    surname = low in soft() and low in lexicon().frequent and low not in _SHAPES
    return (
        (low in bearers() and low not in ordinary()) or surname or (words.kinds[at] == DOUBLE and _as_name(words, at))
    )


def _goes_on(words: Words, at: int) -> bool:
    """Say whether a term behind a word belongs to it; one written small goes on with a sentence, but in Mr Ng tube."""
    ahead = at + 1
    if ahead >= len(words.kinds) or not words.close(at) or words.kinds[ahead] not in {TERM, LETTER}:
        return False
    return not words.text[slice(*words.spans[ahead])].islower() or words.folded[ahead] in _VIEWS


def _named_case(words: Words, at: int) -> bool:
    return words.text[words.spans[at][0]].isupper()


def _as_name(words: Words, at: int) -> bool:
    """Say whether a word of grammar is written as a name that people have: Mr. May, Mrs So."""
    text, low = words.text[slice(*words.spans[at])], words.folded[at]
    return text.istitle() and (low in cues()["short_names"] or (len(low) > _SHORT and is_frequent(low)))


def _named_term(words: Words, at: int) -> bool:
    """Say whether a term is a listed name as well, and no view that is called by one."""
    low = words.folded[at]
    if words.kinds[at] != TERM or at in words.called:
        return False
    if len(low) <= _SHORT:
        fits = low in cues()["short_names"] and _named_case(words, at)
    else:
        fits = is_listed_name(low) or low in eponyms()
    return fits and not (at + 1 < len(words.kinds) and words.folded[at + 1] in _VIEWS)


def _cue(words: Words, at: int) -> None:
    """Mark the name behind a word that names often stand behind."""
    count = len(words.kinds)
    low = words.folded[at]
    first = at + 1 + (words.folded[at + 1] == "the")
    if first >= count:
        return
    done = low == "by" and at > 0 and words.folded[at - 1] in _DONE
    kind, ahead = words.kinds[first], first + 1
    if kind == LETTER and words.folded[first] not in "abl":
        if ahead < count and words.close(first) and (words.kinds[ahead] in PARTS or _named_term(words, ahead)):
            words.gone[first] = words.gone[ahead] = True
    elif words.folded[first] in soft() and (ahead >= count or words.kinds[ahead] in {DOUBLE, NAME, LIKE}):
        words.gone[first] = True
        take(words, ahead, PARTS)
    elif _is_of_somebody(words, low, first):
        words.gone[first] = True
    elif (kind in {NAME, LIKE, MAYBE, DOUBLE, SHORT} or (done and kind in {WORD, OTHER})) and not is_grammar(
        words, first
    ):
        take(words, first, FIRM_PART if done else PARTS)


def _is_of_somebody(words: Words, cue: str, at: int) -> bool:
    """Say whether the last word of a text is a name behind a cue, and no disease that is looked for: for Virchow."""
    low = words.folded[at]
    if at + 1 < len(words.kinds) or words.kinds[at] not in {TERM, WORD} or at in words.called or len(low) <= _SHORT:
        return False
    named = low in bearers() and low not in ordinary() and _named_case(words, at)
    return named and not (cue in _FOR and low in called()["sought"])


def _labeled(words: Words, at: int) -> bool:
    """Mark the value behind a person's label."""
    count, low = len(words.kinds), words.folded[at]
    comma = at + 1 < count and bool(COMMA.fullmatch(words.gap(at)) or "^" in words.gap(at))
    alone = at + 1 >= count
    if words.kinds[at] in {TERM, WORD}:
        ends = comma or alone or words.kinds[at + 1] in PARTS
        if not ends or at in words.called or not (is_listed_name(low) or low in bearers()):
            return False
        words.gone[at] = True
        if comma and (words.kinds[at + 1] in PARTS or is_listed_name(words.folded[at + 1])):
            words.gone[at + 1] = True
        take(words, at + 1, ANY_PART, 3)
        return True
    if alone and words.kinds[at] == DOUBLE and _as_name(words, at):
        words.gone[at] = True
        return True
    return take(words, at, ANY_PART)
