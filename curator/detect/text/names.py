# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Names of people: by title, role, relation, signature and letter form, by lexicon, and by being named elsewhere in the text.

Capital letters make a candidate, points for and against decide. An eponym before its disease or its device, a section's
header, a drug or a word is no name until its surroundings say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from curator.detect.text.cells import ROWS, carets, cells
from curator.detect.text.contexts import acts, begins, eponym, stays, wanted
from curator.detect.text.judges import judge
from curator.detect.text.lexicon import fold
from curator.detect.text.lowered import lowered
from curator.detect.text.pieces import Piece
from curator.detect.text.runs import run_at
from curator.detect.text.scripts import scripts
from curator.detect.text.speakers import ends, lines, scanned
from curator.detect.text.spots import Spots
from curator.detect.text.titles import take_titled
from curator.detect.text.vocabulary import (
    ANCHOR,
    BARE,
    CAPITAL,
    COLON,
    DEGREE,
    LOWER_WORD,
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


def names(text: str, spotted: Spots) -> Iterator[Finding]:
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
    words, done, pairs = spotted.words, 0, stays()
    for at in spotted.people:
        flags = words[at].flags
        if at >= done:
            if (
                at + 1 < len(words)
                and (words[at].folded, words[at + 1].folded) in pairs
                and text[spotted.spans[at][1]] != "-"
            ):
                done = at + 2
                continue
            if flags & TITLE:
                done = take_titled(spotted, at, pieces)
            if at >= done and flags & ANCHOR and not (words[at].kind in _DOUBTFUL and at and _idle(spotted, at)):
                run = run_at(spotted, at - 1 if at > done and _given_word(spotted, at) else at, done)
                done = run[-1].last + 1
                judge(spotted, run, pieces, certain)
    for at in spotted.wanted:
        if (at + 1 < len(words) and not words[at + 1].flags & ANCHOR and words[at + 1].flags & CAPITAL) and wanted(
            spotted, at + 1
        ):
            judge(spotted, run_at(spotted, at + 1, at + 1), pieces, certain)
    for piece in pieces:
        if piece.score >= CERTAIN:
            certain.update(_sure(piece))
        yield Finding(piece.start, piece.end, Category.NAME, "name", piece.rule, min(0.97, 0.5 + 0.1 * piece.score))
    small = list(lowered(spotted))
    yield from small
    certain.update(
        fold(part)
        for finding in small
        if finding.rule in {"name.lower-pair", "name.lower"} and " " in text[finding.start : finding.end]
        for part in text[finding.start : finding.end].split()
        if len(part) > 3
    )
    if certain:
        yield from _again(spotted, certain, pieces)
    if "^" in text:
        yield from carets(text)
    if "\t" in text or ROWS.search(text):
        yield from cells(text)
    yield from scripts(text)
    yield from ends(text)
    yield from lines(text)
    if spotted.numbers:
        yield from scanned(text, spotted.numbers)


_DOUBTFUL = frozenset("rsMWA")
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
    words, spans, text = found.words, found.spans, found.text
    after = at + 1
    if after >= len(words) or text[spans[at][1] : spans[after][0]] != " ":
        return False
    before, following = words[at - 1], words[after]
    return not (before.flags & _TELLS or following.flags & _GOES or before.low in _NO_IDLE or following.low in _NO_IDLE)


def _sure(piece: Piece) -> Iterator[str]:
    for token in piece.tokens:
        if token.end - token.start > 2 and token.kind not in "IA":
            yield token.word.folded


def _again(found: Spots, certain: set[str], pieces: list[Piece]) -> Iterator[Finding]:
    """Yield further mentions of who is surely named in the same text."""
    covered = {at for piece in pieces for token in piece.tokens for at in range(token.first, token.last + 1)}
    spans = found.spans
    for at, word in enumerate(found.words):
        if word.folded not in certain or at in covered:
            continue
        if not word.flags & CAPITAL and (word.flags & LOWER_WORD or len(word.low) < 4):
            continue
        start, end = spans[at]
        if word.kind == "M" and at and found.words[at - 1].low in {"s", "a", "the", "with", "new", "his", "her"}:
            continue
        if word.kind in "MWgsrn" and (
            eponym(found, at, end) or (begins(found, at) and word.kind in "MWgsrn" and _goes_on(found, at))
        ):
            continue
        yield Finding(start, end, Category.NAME, "name", "name.again", 0.8)


def _goes_on(found: Spots, at: int) -> bool:
    """Say whether a small letter's word that is no verb of a person follows: the word means itself."""
    after = at + 1
    if after >= len(found.words) or acts(found, at, found.spans[at][1]):
        return False
    return found.text[found.spans[at][1] : found.spans[after][0]] == " " and not found.words[after].flags & CAPITAL
