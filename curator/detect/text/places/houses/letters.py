# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses by their letters, written together or spelled: the urology clinic at MCG, transferred to the U C S F.

Never a ward, a kind of house or of visit, nor a measure: to the ICU, at OSH, seen at PCP, clinic at NPV.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import lexicon, toml_of
from curator.detect.text.places.streets import place
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.findings import Finding

_LISTED = toml_of("houses.toml")
_HOUSES = frozenset(_LISTED["letters"].split())
_NEVER = frozenset(_LISTED["letter_never"].split()) | frozenset(tables()["house_wards"].split())
#: Who and what is of a house: the clinic at, a resident at.
_NOUNS = Words(_LISTED["letter_nouns"].split())
#: What is done with somebody at a house, or on the way to it.
_SENT = Words(["admitted", "airlifted", "evaluated", "flown", "followed", "hospitalized", "referred", "seen", "sent", "taken", "transferred", "transported", "treated", "worked"])  # fmt: skip
_DONE = Words(["done", "performed", "obtained", "completed", "born", "delivered", "up", "care", "treatment", "was", "is", "were"])  # fmt: skip
_LETTERS = re.compile(
    r"[ ](?:the[ ])?([A-Z]{3,6})(?![\w'’&/%-])(?![ ](?:\d|joints?\b|levels?\b|line\b|class\b|stage\b|rate\b))"
)
#: Single letters with blanks: U C S F.
_SPELLED = re.compile(
    r"[ ]((?:[A-Z][ ]){2,5}[A-Z])(?![\w'’&/%-])(?![ ](?:[A-Z]\b|\d))(?:[ ](?:[Mm]edical[ ][Cc]enter|[Hh]ospitals?|[Hh]ealth|[Cc]linic)\b)?"
)
#: Four letters and more, wherever they stand.
_WHOLE = re.compile(r"(?<![\w'’.-])(?<![A-Z][ ])[A-Z][ ](?:[A-Z][ ]){2,4}[A-Z](?![\w'’.-]\w)(?![ ][A-Z]\b)")
#: Ends and beginnings that letters of hospitals and universities have.
_SHAPE = re.compile(r"^(?:.+MC|.*[A-Z]GH|.*[A-Z]MH|.+HC|.+CH|[A-Z]H|U[A-Z]{2,3}|MC[A-Z]|[A-Z]SU)$")
_PLACED = frozenset(["at", "from", "to", "by"])
#: Behind these only a house that is known by its letters.
_WITHIN = frozenset(["of", "in", "near", "with", "through"])
#: Before "to CVS": the pharmacy, not the heart and its vessels.
_GONE = frozenset(["go", "goes", "going", "went", "sent", "called", "faxed", "prescription", "prescriptions", "script", "scripts", "refill", "refills", "walked", "drove", "run", "ran"])  # fmt: skip
_MOVED = re.compile(
    r"\b(?:transfer\w*|transport\w*|brought|sent|taken|took|went|go|going|admitted|referred|flown|flew|airlifted|came|come|moved|drove|rushed)\b[^.?!\n]{0,24}$"
)


def lettered(text: str, found: Spots) -> Iterator[Finding]:
    """Yield houses by their letters.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    words, count = found.words, len(found.words)
    told = found.flags & (_NOUNS.bit | _SENT.bit | _DONE.bit)
    for at in found.toward:
        if not words[at + 1].upper:
            continue
        if at + 3 < count and len(words[at + 1].low) == 1 and len(words[at + 3].low) == 1:
            yield from _apart(text, found, at)
        elif told or words[at + 1].low in _HOUSES or words[at + 1].low == "cvs":
            yield from _together(text, found, at)

    if " U " in text or " M " in text:
        for match in _WHOLE.finditer(text):
            if match[0].replace(" ", "").lower() in _HOUSES:
                yield place(match.start(), match.end(), "facility", "place.spelled", 0.6)


def _apart(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield a house by single letters behind a word of place."""
    words, spans = found.words, found.spans
    match = _SPELLED.match(text, spans[at][1])
    at -= words[at].low == "the"
    if match is None or at < 0 or not (words[at].low in _PLACED or words[at].low in _WITHIN):
        return
    low = match[1].replace(" ", "").lower()
    start = spans[at][0]
    moved = words[at].low == "at" or _MOVED.search(text, max(0, start - 60), start)
    if low in _HOUSES or (moved and words[at].low in _PLACED and _unknown(low)):
        yield place(match.start(1), match.end(), "facility", "place.spelled", 0.6)


def _together(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield a house by its letters behind a word of place, where what stands before that tells of a house."""
    words, spans = found.words, found.spans
    low = words[at].low
    if low == "the" and at:
        at -= 1
        low = words[at].low
    if not at or low not in _PLACED:
        return
    match = _LETTERS.match(text, spans[at][1])
    if match is None or text[spans[at - 1][1] : spans[at][0]] != " ":
        return
    before, name = words[at - 1].low, match[1].lower()
    if before in {"back", "over", "here", "there", "again", "yesterday", "today"} and at > 1:
        before = words[at - 2].low
    if name == "cvs" and (low in {"at", "from"} or before in _GONE):
        yield place(match.start(1), match.end(1), "facility", "place.letters", 0.55)
        return
    listed = name in _HOUSES
    noun = before in _NOUNS and low in {"at", "from"}
    fits = (
        noun
        or (before in _SENT and (low != "by" or _unknown(name)))
        or (listed and low == "at" and (before in _DONE or _unknown(name)))
    )
    if fits and (listed or (_unknown(name) and (noun or _SHAPE.match(match[1])))):
        yield place(match.start(1), match.end(1), "facility", "place.letters", 0.6)


def _unknown(low: str) -> bool:
    """Say whether letters are neither a term nor a kind of house, visit or ward."""
    known = lexicon()
    return low not in known.medical and low not in known.words and low not in _NEVER and not _WARD.search(low)


#: Ends of wards' letters: a care unit, a step-down unit.
_WARD = re.compile(r"(?:[icbdt]u|icu|ed)$")
__all__ = ["lettered"]
