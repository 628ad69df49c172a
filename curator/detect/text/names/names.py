# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Names of people: by title, role, relation, signature and letter form, by lexicon, and by being named elsewhere in the text.

Capital letters make a candidate, points for and against decide. An eponym before its disease or its device, a section's
header, a drug or a word is no name until its surroundings say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count
from operator import attrgetter

from curator.detect.text.lists.lexicon import fold
from curator.detect.text.names.alike import alike
from curator.detect.text.names.around import BESIDE
from curator.detect.text.names.census import census
from curator.detect.text.names.formal import formal
from curator.detect.text.names.frames import frames
from curator.detect.text.names.greeted import greeted
from curator.detect.text.names.handed import handed
from curator.detect.text.names.initialed import initialed
from curator.detect.text.names.judges import judge
from curator.detect.text.names.loud import loud
from curator.detect.text.names.lowered import lowered
from curator.detect.text.names.pieces import Piece
from curator.detect.text.names.placed import placed as by_place
from curator.detect.text.names.posts import posts
from curator.detect.text.names.related import related
from curator.detect.text.names.scans import scanned
from curator.detect.text.names.scripts import scripts
from curator.detect.text.names.signers import signers
from curator.detect.text.names.smallaged import aged
from curator.detect.text.names.speakers import ends, lines
from curator.detect.text.names.tabled import tabled
from curator.detect.text.names.titles import take_titled
from curator.detect.text.words.bearing import term
from curator.detect.text.words.cells import ROWS, carets, cells
from curator.detect.text.words.contexts import acts, bearers, begins, eponym, stay_starts, stays, told, wanted
from curator.detect.text.words.runs import DOTTED, GLUE, JOINTS, begins_joined, run_at
from curator.detect.text.words.speech import said
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.things import small_thing, thing, thing_at
from curator.detect.text.words.vocabulary import (
    ANCHOR,
    BARE,
    CAPITAL,
    COLON,
    DEGREE,
    FACILITY,
    LOWER_WORD,
    MONTH,
    PARTICLE,
    PHRASE,
    ROLE,
    THING,
    TITLE,
    VERB,
    WANTED,
)  # fmt: skip
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A name with so many points is looked for again in the rest of the text.
CERTAIN = 2.2


#: Rules that only weigh words: what they find may be a term by its place. Pieces are asked once, others as they come.
_WEIGHED = frozenset(["name.lexicon", "name.cue", "name.acts"])
#: What stands before who begins to speak, and before a sentence.
_OPENS = frozenset([": ", "] ", ". ", "! ", "? "])
_BESIDES = frozenset(["name.loud", "name.initials", "name.scanned", "name.slashed", "name.item", "name.told", "name.together", "name.task"])  # fmt: skip


def names(text: str, spotted: Spots) -> Iterator[Finding]:
    """Yield names of people that are no terms by where they stand.

    Parameters
    ----------
    text
        The text.
    spotted
        Its words.
    """
    for spot in _all(text, spotted):
        if spot.rule in _BESIDES and (term(spotted, spot.start, spot.end) or thing_at(spotted, spot.start, spot.end)):
            continue
        if spot.rule.startswith("name.lower") and small_thing(spotted, spot.start):
            continue
        yield spot


def _all(text: str, spotted: Spots) -> Iterator[Finding]:
    """Yield names of people.

    Parameters
    ----------
    text
        The text.
    spotted
        Its words.
    """
    certain: set[str] = set()
    pieces: list[Piece] = []
    words, done, pairs, starts = spotted.words, 0, stays(), stay_starts()
    size = len(words)
    for at in spotted.people:
        if at < done:
            continue
        word = words[at]
        flags = word.flags
        if (
            word.folded in starts
            and at + 1 < size
            and (word.folded, words[at + 1].folded) in pairs
            and text[spotted.spans[at][1]] != "-"
        ):
            done = at + 2
            continue
        if at and words[at - 1].flags & PARTICLE and (words[at - 1].low, word.folded) in pairs:
            done = at + 1
            continue
        named = _borne(spotted, at)
        if named:
            done = named
            continue
        if flags & TITLE:
            done = take_titled(spotted, at, pieces)
        if at >= done and flags & ANCHOR and not (word.kind in _DOUBTFUL and at and _idle(spotted, at)):
            given = at > done and words[at - 1].flags & CAPITAL and _given_word(spotted, at)
            run = run_at(spotted, at - 1 if given else at, done)
            done = run[-1].last + 1
            judge(spotted, run, pieces, certain)
    for at in spotted.wanted:
        if (at + 1 < size and not words[at + 1].flags & ANCHOR and words[at + 1].flags & CAPITAL) and wanted(
            spotted, at + 1
        ):
            judge(spotted, run_at(spotted, at + 1, at + 1), pieces, certain)
    pieces = [piece for piece in pieces if piece.rule not in _WEIGHED or not _means_itself(spotted, piece)]
    pieces = [
        piece
        for piece in pieces
        if text[max(0, piece.start - 2) : piece.start] not in _OPENS
        or not said(text, piece.start, spotted.turns(), surely=piece.rule in _WEIGHED)
    ]
    for piece in pieces:
        if piece.score >= CERTAIN:
            certain.update(
                [
                    token.word.folded
                    for token in piece.tokens
                    if token.end - token.start > 2 and token.kind not in "IA" and token.word.low != "doctor"
                ]
            )
        start = piece.start
        if text[start - 1 : start] == "-" and _SYLLABLE.search(text, max(0, start - 3), start):
            start -= 2
        elif (
            (len(piece.tokens) > 1 or text[start - 7 : start - 3].lower() in {" by ", "ith "})
            and text[start - 3 : start] in _SYLLABLES
            and not text[start - 4 : start - 3].isalpha()
        ):
            start -= 3
        yield Finding(start, piece.end, Category.NAME, "name", piece.rule, min(0.97, 0.5 + 0.1 * piece.score))
    if "/" in text:
        yield from _slashed(spotted, pieces)
    for start, end, first, last, rule in posts(spotted):
        if term(spotted, start, end) or thing(spotted, first, last):
            continue
        placed = words[first : last + 1]
        certain.update(word.folded for word in placed if len(word.low) > 2 and word.kind not in "MWA")
        yield Finding(start, end, Category.NAME, "name", rule, 0.7)
    small = [spot for spot in lowered(spotted) if not small_thing(spotted, spot.start)]
    yield from loud(spotted)
    yield from census(spotted)
    yield from alike(spotted)
    yield from handed(spotted)
    yield from frames(spotted)
    yield from aged(spotted)
    yield from initialed(spotted)
    yield from by_place(spotted)
    yield from small
    yield from greeted(spotted)
    certain.update(
        fold(part)
        for finding in small
        if finding.rule in {"name.lower-pair", "name.lower"}
        for part in text[finding.start : finding.end].split()
        if len(part) > 3
    )
    if certain:
        yield from _again(spotted, certain, pieces)
    if "^" in text:
        yield from carets(text)
    if "\t" in text or ROWS.search(text):
        yield from cells(text)
    yield from tabled(text, spotted)
    yield from scripts(text)
    yield from related(text, spotted.flags)
    yield from ends(text, spotted)
    yield from signers(text, spotted)
    yield from formal(text)
    yield from lines(text)
    if spotted.numbers:
        yield from scanned(text, spotted)


def _means_itself(found: Spots, piece: Piece) -> bool:
    """Say whether what looks like a name is a term or a thing by what stands around it."""
    last = piece.tokens[-1]
    return term(found, piece.start, last.end) or thing(found, piece.tokens[0].first, last.last)


def _borne(found: Spots, at: int) -> int:
    """Return the place behind a name that a structure or a tool bears, 0 where there is none: circle of Willis.

    ``at`` is the place of the structure or of the name.
    """
    words = found.words
    last = at + 2 if at + 2 < len(words) and words[at + 1].low == "of" else at
    if last < 2 or words[last - 1].low != "of" or words[last - 2].low not in bearers():
        return 0
    (start, end), (_, of) = found.spans[last], found.spans[last - 1]
    behind = found.text[end : end + 2]
    return 0 if start != of + 1 or (behind[:1] in {" ", "-"} and behind[1:].isupper()) else last + 1


#: A vowel as the first syllable of a given name of two: I-Ta, A-Young.
_SYLLABLE = re.compile(r"(?<![\w-])[AEIOUY]-$")
#: Given names of two letters that are terms elsewhere: Pa Houa Xiong.
_SYLLABLES = frozenset(["Pa ", "Ma ", "An ", "Do ", "So ", "Ho ", "Su ", "Mo ", "Jo ", "Bo ", "Le ", "Tu "])
_DOUBTFUL = frozenset("rsMWA")
_FOLDED = attrgetter("folded")
#: Marks over which a run of capitalized words does not go on from a medical word.
_STOPS = frozenset(["", "\n", ":", ";", "/", "\t", "|", "]", "*", "=", "%", "?", "!"])
#: What before a doubtful word or behind it may tell a name.
_TELLS = BARE | COLON | PHRASE | WANTED | DEGREE | TITLE | CAPITAL | PARTICLE | ROLE
_GOES = CAPITAL | VERB | DEGREE | PARTICLE | THING
_NO_IDLE = frozenset(
    ["is", "who", "whose", "aged", "age", "c", "s", "h", "and", "or", "y", "und", "et", "d", "l", "by", "a", "o"]
)


def _given_word(found: Spots, at: int) -> bool:
    """Say whether a word of everyday before a name may be its given name: a line or a field begins with it."""
    before, start = found.words[at - 1], found.spans[at - 1][0]
    if not before.flags & CAPITAL or before.flags & (ANCHOR | COLON | TITLE | ROLE | BARE) or before.kind not in "WM":
        return False
    lead = found.text[max(0, start - 2) : start]
    return found.text[found.spans[at - 1][1] : found.spans[at][0]] == " " and (
        lead in {"", ": ", ". "} or lead[-1] == "\n"
    )


def _idle(found: Spots, at: int) -> bool:
    """Say whether nothing around a doubtful word tells a name: it need not be weighed."""
    words, (_, end), after = found.words, found.spans[at], at + 1
    word, before = words[at], words[at - 1]
    following = words[after] if after < len(words) else None
    mark = found.text[end : end + 1]
    if following is not None and mark == " " and found.spans[after][0] == end + 1:
        told_by = before.flags & _TELLS or following.flags & _GOES
        if not (told_by or before.low in _NO_IDLE or following.low in _NO_IDLE or before.low in BESIDE):
            return True
    # A medical word or an abbreviation with which no name goes on is none unless what stands before it tells.
    if word.kind not in "MA" or word.flags & (TITLE | PARTICLE) or word.low in GLUE or begins_joined(before):
        return False
    if mark not in _STOPS and (mark != "." or word.low in DOTTED):
        goes_on = following is None or following.flags & (CAPITAL | PARTICLE) or following.low in {"d", "l"}
        if goes_on or mark in JOINTS:
            return False
    return not (_given_word(found, at) or wanted(found, at) or told(found, at))


def _slashed(found: Spots, pieces: list[Piece]) -> Iterator[Finding]:
    """Yield who stands beside somebody in a list that slashes part: Team: Heras/Little/Klara."""
    text, words, spans = found.text, found.words, found.spans
    for piece in pieces:
        if text[piece.end : piece.end + 1] != "/" and text[piece.start - 1 : piece.start] != "/":
            continue
        for step in (1, -1):
            at = piece.tokens[-1].last + 1 if step > 0 else piece.tokens[0].first - 1
            edge = piece.end if step > 0 else piece.start
            while 0 <= at < len(words):
                gap = text[edge : spans[at][0]] if step > 0 else text[spans[at][1] : edge]
                word = words[at]
                if gap != "/" or word.upper or not word.flags & CAPITAL or word.kind not in "GSRgsrnu":
                    break
                mark = text[spans[at][1] : spans[at][1] + 1] if step > 0 else text[spans[at][0] - 1 : spans[at][0]]
                if mark == "-" or word.flags & (TITLE | ROLE):
                    break
                yield Finding(*spans[at], Category.NAME, "name", "name.slashed", 0.6)
                edge, at = (spans[at][1], at + 1) if step > 0 else (spans[at][0], at - 1)


#: What stands before a month, never before somebody who is named again.
_TIMES = frozenset(["in", "last", "this", "next", "until", "till", "since", "early", "late", "mid", "during"])


def _again(found: Spots, certain: set[str], pieces: list[Piece]) -> Iterator[Finding]:
    """Yield further mentions of who is surely named in the same text."""
    covered = {at for piece in pieces for token in piece.tokens for at in range(token.first, token.last + 1)}
    spans, words, done = found.spans, found.words, -1
    for at in compress(count(), map(certain.__contains__, map(_FOLDED, words))):
        if at in covered or at <= done:
            continue
        word = words[at]
        if not word.flags & CAPITAL and (word.flags & LOWER_WORD or len(word.low) < 4):
            continue
        start, end = spans[at]
        if word.flags & MONTH and at and found.words[at - 1].low in _TIMES:
            continue
        if word.kind == "M" and at and found.words[at - 1].low in {"s", "a", "the", "with", "new", "his", "her"}:
            continue
        if word.flags & FACILITY and word.kind in "MWgsr":
            continue
        if word.flags & CAPITAL and thing(found, at, last := _joined_last(found, at)):
            done = last
            continue
        if word.kind in "MWgsrn" and (
            eponym(found, at, end) or (begins(found, at) and word.kind in "MWgsrn" and _goes_on(found, at))
        ):
            continue
        yield Finding(start, end, Category.NAME, "name", "name.again", 0.8)


def _joined_last(found: Spots, at: int) -> int:
    """Return the last of the words that hyphens join to a word: Bard-Parker."""
    spans, text = found.spans, found.text
    while at + 1 < len(spans) and spans[at + 1][0] == spans[at][1] + 1 and text[spans[at][1]] == "-":
        at += 1
    return at


def _goes_on(found: Spots, at: int) -> bool:
    """Say whether a small letter's word that is no verb of a person follows: the word means itself."""
    after = at + 1
    if after >= len(found.words) or acts(found, at, found.spans[at][1]):
        return False
    return found.text[found.spans[at][1] : found.spans[after][0]] == " " and not found.words[after].flags & CAPITAL
