# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses that somebody is sent to, called for or cared in, and who is of a town: xfer from Lutheran, Fernlea staff, dme: lincare.

Never a department, a drug or what a house does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.gazetteer import sure
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.houses.facilities import LENT
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, LOWER_WORD, TITLE, tables, word_of
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
#: Ends of homes' names that mean little else.
_ENDS = frozenset(["pines", "oaks", "manor", "meadows", "springs", "terrace", "gardens", "crossing", "landing", "village", "acres", "hills", "grove", "woods", "lakes", "pointe", "ridge", "glen", "trace", "commons"])  # fmt: skip
#: In small letters: whom one calls, what they are.
_SMALL = re.compile(
    r"\b(?:called|call|calls|via|thru|through|per|from|by|w/|with|at|to|using|contacted|faxed|w|dme:?|o2:?|hh:?|pharm(?:acy)?:|hospice:)[ ]((?:(?!from\b|with\b|the\b|for\b|and\b)[a-z]{3,14}[ -]){1,3}?)(medical supply|medical|home health(?: care)?|home care|homecare|hospice|pharmacy|drugs?|dental|oxygen|ambulance|surgical supply|ortho|eye ?care|vision|transport|dialysis|imaging|labs?|pediatrics|peds|nursing|rehab|manor|health)(?=[.,;)\n]|$|[ ](?:for|to|re|about|and|will|who|on|in|they|today|tomorrow|at|said|says|is|has|had)\b)"
)
_LABELED = re.compile(
    r"(?<![\w-])(?:dme|hh|hha|vna|pharmacy|pharm|hospice|snf|alf|employer|dialysis|o2 co|supplier|vendor)[ ]?[:=][ ]?([a-z]{4,14}(?:[ ][a-z]{4,14})?)(?=[.,;)\n]|$|[ ](?:on|in|at)\b)"
)
#: Where somebody is sent to or comes from, or which house it is: xfer from Lutheran, OSH = Banner, chemist = Lloyds.
_SENT = re.compile(
    rf"\b(?:(?:xfer(?:red|ed)?|tx['’]?d?|transfer(?:red)?|trans|referred|flown(?: in)?|airlifted|life-?flighted|medevaced|ambulanced|sent(?: over| in)?|brought over|bounced back|loan|resettled|rehomed|placed|repatriated) (?:from|to|by|at|with|out of)|accepted (?:by|at)|OSH(?:[ ]?[:=(]| at| from)[ ]?|(?:PHC|CHC|CLSC|CSSS|UBS|UMF|CESFAM|Puskesmas|RSUD)(?=[ ])|(?:chemist|pharmacy|dme|DME|hospice|snf|SNF|optician|dentist|dialysis|HD unit|lab|employer|school|LTAC|rehab|ALF|NH)[ ]?=)[ ]?({CAP}(?:[ ]{CAP}){{0,2}})(?=[.,;:)\n]|$|[ ](?:for|on|in|with|w/|via|by|after|this|last|today|yesterday|and|where|who|because|due|s/p|re|per|overnight|pt|[-–])\b)"
)
#: A home by how homes are called, before who is in it: Fernlea staff.
_HOMELY = re.compile(
    rf"(?<![\w'’-])({CAP})(?:['’]s)?[ ](?:staff|carers?|matron|manager|residents?|nurses?|NH|CH|EMI|RH|team|says|rang|called|reports)\b"
)
_HOMES = re.compile(
    r"(?:lea|leigh|dene|holme|croft|haven|bank|rise|side|view|mead|wood|brook|garth|mount|lands|hurst|bourne|court|lodge|fields|gate|acre|cliffe|grange|more|vale|brae|ways)$"
)
_ANSWERS = frozenset(["accepted", "accepts", "declined", "declines"])
_OUT_OF = re.compile(rf"\b[Oo]ut of ({CAP}(?:[ ]{CAP})?)")
#: Who is of a town: a Bostonian.
_CITIZEN = re.compile(
    rf"\b(?:[Aa]|[Nn]ative|[Ll]ifelong|[Pp]roud|[Bb]orn|[Ff]ormer|[Ee]x-?)[ ]((?:New |San )?{CAP})(?![\w-])"
)


def near(form: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """Return what a form finds around a word, a line at most."""
    stop = text.find("\n", end)
    stop = min(len(text) if stop < 0 else stop + 1, end + 120)
    for match in form.finditer(text, max(0, start - 80), stop):
        if match.start() <= start and match.end() >= end:
            return match
        if match.start() > start:
            return None
    return None


def behind_capital(found: Spots, at: int) -> bool:
    """Say whether a word stands right behind a capitalized one."""
    return at > 0 and bool(found.words[at - 1].flags & CAPITAL) and found.spans[at][0] - found.spans[at - 1][1] < 4


def sent(text: str, _found: Spots, _at: int, start: int, _end: int) -> Iterator[Finding]:
    """Yield where somebody is sent to or comes from."""
    known = lexicon()
    match = _SENT.match(text, start)
    if match is None:
        return
    parts = [word_of(part) for part in re.split(r"[ -]", match[1]) if part]
    first = parts[0]
    if first.upper or first.flags & TITLE or first.low in _WARDS or first.low in _GENERIC:
        return
    if not any(part.folded in known.medical and part.kind in "MA" for part in parts):
        yield place(match.start(1), match.end(1), "facility", "place.sent", 0.5)


def homely(text: str, found: Spots, at: int, _start: int, _end: int) -> Iterator[Finding]:
    """Yield a home by how homes are called, before who is in it."""
    if not at:
        return
    word = found.words[at - 1]
    if not word.flags & CAPITAL:
        if (
            not word.flags & LOWER_WORD
            and len(word.low) > 6
            and _HOMES.search(word.folded)
            and text[found.spans[at - 1][1] : found.spans[at][0]] == " "
            and word.folded not in lexicon().medical
        ):
            yield place(*found.spans[at - 1], "facility", "place.homely", 0.5)
        return
    if not behind_capital(found, at):
        return
    if found.words[at].low in _ANSWERS:
        if (
            (word.kind in "Uu" or sure(word.folded))
            and not word.upper
            and text[found.spans[at - 1][1] : found.spans[at][0]] == " "
        ):
            yield place(*found.spans[at - 1], "facility", "place.answers", 0.5)
        return
    if word.kind in "RUu" and len(word.low) > 5 and _HOMES.search(word.folded):
        match = _HOMELY.match(text, found.spans[at - 1][0])
        if match:
            yield place(match.start(1), match.end(1), "facility", "place.homely", 0.5)


def out(text: str, _found: Spots, _at: int, start: int, end: int) -> Iterator[Finding]:
    """Yield the town out of which somebody is."""
    match = _OUT_OF.match(text, start) if text.startswith(" of ", end) else None
    if match:
        name = next((part for part in (match[1], match[1].split(" ")[0]) if sure(fold(part))), None)
        if name:
            yield place(match.start(1), match.start(1) + len(name), "city", "place.out-of", 0.55)


def citizen(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    """Yield who is of a town."""
    match = near(_CITIZEN, text, start, end) if found.words[at].flags & CAPITAL else None
    if match:
        yield place(match.start(1), match.end(1), "city", "place.citizen", 0.6)


def small(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    """Yield houses in small letters behind whom one calls."""
    words = found.words
    if words[at].flags & CAPITAL or not at or words[at - 1].flags & CAPITAL:
        return
    match = near(_SMALL, text, start, end)
    if match:
        parts = match[1].replace("-", " ").split()
        if any(_telling(part) for part in parts) and not any(part in _WARDS or part in _STOPS for part in parts):
            yield place(match.start(1), match.end(2), "facility", "place.small-called", 0.5)


def small_labeled(text: str, _found: Spots, _at: int, start: int, end: int) -> Iterator[Finding]:
    """Yield houses in small letters behind their label."""
    match = _LABELED.match(text, start) if text[end : end + 2].strip()[:1] in {":", "="} else None
    if match:
        first, known = match[1].split(" ")[0], lexicon()
        if first in known.medical or first in _STOPS:
            return
        last = match[1].rsplit(" ", 1)[-1]
        if first not in known.words or (" " in match[1] and (first in LENT or last in LENT or last in _ENDS)):
            yield place(match.start(1), match.end(1), "facility", "place.small-labeled", 0.5)


_STOPS = frozenset(["the", "and", "for", "his", "her", "our", "their", "your", "any", "all", "new", "old", "same", "other", "some", "more", "most", "prior", "recent", "current", "pending", "none", "local", "own", "with", "from", "unknown", "needs", "declined", "meds", "patient", "family", "history", "past"])  # fmt: skip


def _telling(part: str) -> bool:
    known = lexicon()
    if part in {"tri", "northside", "southside", "eastside", "westside", "midtown", "uptown", "downtown"}:
        return True
    if part in _GENERIC or part in known.medical:
        return False
    return part in LENT or sure(part) or (part not in known.words and len(part) > 3)
