"""Where the person's known identifiers stand in a text, and the terms of imaging that are parts of the name.

A term that is a part of the name goes where it stands beside another part or behind a word that leads to a name. Else
it is a term. It must never say which value was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.identifiers.spelling import fold
from curator.scrub.dicom.descriptors_terms import LETTER, NUMBER, TERM, cues, terms
from curator.scrub.dicom.descriptors_words import Words
from curator.scrub.dicom.matcher import Matcher

#: Stands for a term in what is searched: a word that no name is and that keeps those beside it apart.
_MASK = "qzxq"
_MOST_HITS = 100
_LEAST = 3
#: What is written with points without being initials: views, routes, modalities.
_POINTED_TERMS = frozenset({"ap", "pa", "ct", "mr", "us", "iv", "im", "po", "sc", "lr", "rl", "rao", "lao", "ob"})
_POINTED = re.compile(r"(?<![\w.])[^\W\d_](?:\. ?[^\W\d_]){1,3}\.?(?![\w.])")
_MOST_SHORT = 16
_OWNED = frozenset({"film", "films", "prior", "priors", "chart", "records"})


def _terms(words: Words, matcher: Matcher) -> set[int]:
    """Return the places of terms of imaging that equal an identifier as words, and stand as terms."""
    found = {
        at
        for at, kind in enumerate(words.kinds)
        if kind == TERM
        and len(words.folded[at]) >= _LEAST
        # no two parts of a name that are written together
        and (words.folded[at] in terms() or at in words.phrased)
        and not words.gone[at]
        and matcher.hits(words.folded[at])
    }
    if not found:
        return found
    leads = cues()["title"] | cues()["doubtful"] | cues()["label"] | cues()["cue"]
    away: set[int] = set()
    for at in found:
        before, after = _beside(words, at, -1), _beside(words, at, 1)
        if (at and words.folded[at - 1] in leads) or _owns(words, at):
            away.add(at)
        for place, login in ((at - 1, "{other}{own}"), (at + 1, "{own}{other}")):
            beside = words.folded[place] if 0 <= place < len(words.kinds) and _is_letter(words, place) else ""
            # An initial of the person right before or behind it: J HEAD.
            if beside and login.format(own=words.folded[at], other=beside) in matcher.weak:
                away.add(at)
        for other in (before, after):
            if other is None or words.folded[other] == words.folded[at]:
                continue
            low = words.folded[other]
            if other in found or (words.kinds[other] != TERM and (matcher.hits(low) or low in matcher.whole)):
                away.add(at)
    return found - away


def _owns(words: Words, at: int) -> bool:
    """Say whether a term in the plural is somebody's, by what stands behind it: STONES FILMS."""
    return words.folded[at].endswith("s") and at + 1 < len(words.folded) and words.folded[at + 1] in _OWNED


def _is_letter(words: Words, at: int) -> bool:
    """Say whether a word is a single letter, a side or not: of a known person it may be an initial all the same."""
    return words.kinds[at] == LETTER or at in words.sides


def _beside(words: Words, at: int, step: int) -> int | None:
    """Return the next word in a direction that is more than a letter, within reach."""
    place = at + step
    while 0 <= place < len(words.kinds) and _is_letter(words, place) and abs(place - at) < _LEAST:
        place += step
    if not 0 <= place < len(words.kinds) or words.kinds[place] == NUMBER:
        return None
    gap = words.text[words.spans[min(at, place)][1] : words.spans[max(at, place)][0]]
    return None if any(mark in gap for mark in "\n;|()") else place


def masked(words: Words, matcher: Matcher) -> str:
    """Return a text with terms that stand as terms made unrecognizable, to be searched for the rest."""
    if not matcher.hits(words.text):
        return words.text
    stay = _terms(words, matcher)
    out: list[str] = []
    at = 0
    for place, (start, end) in enumerate(words.spans):
        if place in stay:
            out += (words.text[at:start], _MASK)
            at = end
    return "".join([*out, words.text[at:]])


def initials(text: str, matcher: Matcher) -> list[tuple[int, int]]:
    """Return where initials of the person stand, parted by points (W.B., W. B.), unless imaging calls something so."""
    if "." not in text:
        return []
    found = ((match.span(), match[0]) for match in _POINTED.finditer(text) if match[0].isupper())
    return [
        span
        for span, pointed in found
        if f".{fold(pointed)}" in matcher.initials and fold(pointed) not in _POINTED_TERMS
    ]


def known_parts(words: Words, matcher: Matcher) -> bool:
    """Mark every word that an identifier of the person touches.

    Returns
    -------
    bool
        False when the search came to no end: then nothing may stay.
    """
    stay = _terms(words, matcher)
    spans = words.spans
    _hidden(words, matcher)
    whole = bool(spans) and not spans[0][0] and spans[-1][1] == len(words.text)
    if whole and not stay and True not in words.gone and not matcher.hits(words.text):
        return True  # what the loop would search first is the text itself
    for _ in range(_MOST_HITS):
        gone = {at for at, is_gone in enumerate(words.gone) if is_gone}
        pieces = [
            (_MASK if at in stay else "" if at in gone else words.text[start:end])
            for at, (start, end) in enumerate(spans)
        ]
        gaps = [words.gap(at) if at + 1 < len(spans) else "" for at in range(len(spans))]

        def joined(first: int, last: int, pieces: list[str] = pieces, gaps: list[str] = gaps) -> str:
            return "".join(piece + gap for piece, gap in zip(pieces[first:last], gaps[first:last], strict=True))

        count = len(spans)
        if not matcher.hits(joined(0, count)):
            return True
        low, high = 1, count  # the shortest beginning that hits
        while low < high:
            middle = (low + high) // 2
            if matcher.hits(joined(0, middle)):
                high = middle
            else:
                low = middle + 1
        last = low
        first, high = 0, last - 1  # the shortest end of it that hits
        while first < high:
            middle = (first + high + 1) // 2
            if matcher.hits(joined(middle, last)):
                first = middle
            else:
                high = middle - 1
        if not matcher.hits(joined(first, last)):
            return False
        before = sum(words.gone)
        for at in range(first, last):
            if at not in stay:
                words.gone[at] = True
        _whole_code(words, first, last)
        if sum(words.gone) == before:
            return False
    return False


def _cuts(size: int, matcher: Matcher) -> Iterator[int]:
    """Yield where a word of so many letters can be parted so that one half is no longer than a weak identifier."""
    longest = matcher.longest_weak()
    if size <= 2 * longest:
        yield from range(2, size - _LEAST)
    else:
        yield from range(2, longest + 1)
        yield from range(size - longest, size - _LEAST)


def _hidden(words: Words, matcher: Matcher) -> None:
    """Mark names that are glued to a term (CTSMITH), or spelled out beside other short words (CT S M I T H)."""
    for at, low in enumerate(words.folded):
        if words.kinds[at] not in {TERM, NUMBER, LETTER} and len(low) > _LEAST + 2:
            for cut in _cuts(len(low), matcher):
                head, tail = low[:cut], low[cut:]
                if (head in terms() and tail in matcher.weak) or (tail in terms() and head in matcher.weak):
                    words.gone[at] = True
    run: list[int] = []
    for at in range(len(words.folded) + 1):
        if at < len(words.folded) and len(words.folded[at]) <= 2 and words.kinds[at] != NUMBER:
            run.append(at)
            continue
        for first in range(len(run)):
            joined = words.folded[run[first]]
            for last in range(first + 1, min(len(run), first + _MOST_SHORT)):
                joined += words.folded[run[last]]
                if len(joined) >= _LEAST + 1 and (joined in matcher.weak or joined in matcher.strong):
                    for place in run[first : last + 1]:
                        words.gone[place] = True
        run = []


def _whole_code(words: Words, first: int, last: int) -> None:
    """Take digits and single letters that are glued to what went with it: the 2 of SMITH2."""

    def small(at: int) -> bool:
        return words.kinds[at] == NUMBER or (words.folded[at].isascii() and len(words.folded[at]) < _LEAST)

    while first > 0 and words.joined(first - 1) and small(first - 1):
        first -= 1
        words.gone[first] = True
    while last < len(words.kinds) and words.joined(last - 1) and small(last):
        words.gone[last] = True
        last += 1
