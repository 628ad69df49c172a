# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Employers behind weak words: was a Pepsi driver, still with Alaska Airlines, clerk at IBM, works for the Social Security Administration.

Never a ward, a benefit or what somebody has: nurse at ICU, lives on Social Security, still with chest pain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress

from curator.detect.text.lists.lexicon import lexicon, toml_of
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import FACILITY, TITLE, Word, tables, word_of
from curator.identifiers.findings import Finding

_LISTED = toml_of("houses.toml")
_LETTER_FIRMS = frozenset(_LISTED["letter_firms"].split())
_NEVER = frozenset(_LISTED["letter_never"].split()) | frozenset(tables()["house_wards"].split())
_GENERIC = frozenset(tables()["house_generic"].split())
_DRIVER_FIRMS = frozenset(_LISTED["driver_firms"].split())
_FIRMS = frozenset([*tables()["firms"].split(), *tables()["brands"].split(), *_DRIVER_FIRMS])
#: Who works, or the verb of it, right before the word of place.
_WHO = Words([*_LISTED["workers"].split(), *tables()["trades"].split(), "work", "works", "worked", "working", "employed", "job", "position"])  # fmt: skip
_BY_LETTERS = re.compile(
    r"[ ](?:at|for|by|from)[ ](?:the[ ])?([A-Z]{2,6}|AT&T|[A-Z]&[A-Z])(?![\w'’&/%-])(?![ ][A-Z0-9])"
)
#: An agency behind a word of work: works for the Social Security Administration, computer at the agency that she works at.
_TAIL = rf"(?i:{'|'.join(_LISTED['agency_ends'].split())})"
_AGENCY = re.compile(
    rf"[ ](?:[a-z-]+[ ]){{0,3}}?(?:at|for|by|with)[ ](?:the[ ])?((?:(?:U\.S\.|U[ ]S)[ ])?(?:Department[ ]of[ ]{CAP}(?:[ ](?:and[ ])?{CAP}){{0,3}}|Bureau[ ]of[ ]{CAP}(?:[ ]{CAP}){{0,3}}|{CAP}(?:[ ](?:(?:and|of)[ ])?{CAP}){{0,4}}?[ ]{_TAIL}\b(?:(?<=department)[ ]of[ ](?:[a-z]{{4,}}[ ]and[ ])?[a-z]{{4,}})?))"
)
_OWN = re.compile(
    rf"\b(?:at|for|in)[ ]the[ ]({CAP}(?:[ ](?:and[ ])?{CAP}){{0,3}}[ ]{_TAIL})[ ](?:that|where|which)[ ](?:he|she|they|I|i|we)[ ]works?(?:ed)?\b"
)
#: Somebody who is with an agency: she's with the Department of Corrections.
_IS_WITH = re.compile(
    rf"(?:\b(?:is|was|am|are|been|I)|['’](?:s|m|re|ve[ ]been))[ ](?:now[ ]|still[ ])?with[ ]the[ ]((?:Department|Bureau)[ ]of[ ]{CAP}(?:[ ](?:and[ ])?{CAP}){{0,3}})"
)
_BODIES = Words(["department", "bureau"])
_OWNS = frozenset(["at", "for", "in"])
_ENDS = Words(_LISTED["agency_ends"].split())
_POST = re.compile(r"\b(?:(?:U\.S\.|US|U[ ]S|United[ ]States)[ ][Pp]ostal[ ][Ss]ervice)\b")
_POST_WORK = re.compile(r"[ ](?:[a-z-]+[ ]){0,3}?(?:for|at|by|with|from|in)[ ]the[ ]([Pp]ostal[ ][Ss]ervice)\b")
_POSTAL = Words(["postal"])
#: Words of agencies that every place has one of.
_ANY = frozenset(["school", "police", "fire", "sheriff", "sheriffs", "health", "personnel", "post", "emergency", "human", "home", "front", "main", "patient", "state", "county", "city", "local", "federal", "doctor", "doctors", "law", "legal", "credit", "labor", "customer", "social", "secret", "catering", "medical", "environmental", "food", "nutrition", "nursing", "radiology", "surgery", "transportation"])  # fmt: skip
#: Somebody still or now with a firm.
_WITH = re.compile(
    rf"\b(?:(?:drives?|drove|driving|delivers?|delivered|delivering|fly|flies|hauls?|hauled|stocks?)[ ]for|(?:still|now|currently|presently|been|job|position|career|mechanic|attendant|pilot|agent|work|worked|working|works|years)[ ]with)[ ](?:the[ ])?({CAP}(?:[ ]{CAP}){{0,2}})(?=[.,;)\n]|$|[ ](?:but|and|for|as|since|in|at|now|until|who|where|because|so|too|then)\b)"
)
_WITHS = frozenset(["drive", "drives", "drove", "driving", "deliver", "delivers", "delivered", "delivering", "fly", "flies", "haul", "hauls", "hauled", "stock", "stocks", "still", "now", "currently", "presently", "been", "job", "position", "career", "mechanic", "attendant", "pilot", "agent", "work", "worked", "working", "works", "years"])  # fmt: skip
_TOLD = Words(_FIRMS | _LETTER_FIRMS)
#: Airlines, but not how somebody came.
_AIR = re.compile(
    r"(?:[Ww]ith|[Ff]or|[Aa]t|[Bb]y|[Oo]f|[Aa]|[Aa]n|[Tt]he)[ ]((?:[A-Z][a-zA-Z]+[ ]){1,2}(?:Airlines?|Airways|Air[ ]Lines))\b(?<!Commercial Airlines)"
)
_AIRS = Marks("Airlin", "Airways", "Air Lines")
_FLYING = re.compile(r"\b(?:fl(?:y|ew|own|ies|ying|ight|ights)|ticket|travel\w*)\b[^.\n]{0,16}$", re.IGNORECASE)
#: Who drives or sells for a firm: was a Pepsi Cola truck driver.
_DRIVER = re.compile(
    rf"\b(?:an?|the|as|former|ex|retired|being[ ]an?)[ ]({CAP}(?:[ -]{CAP}){{0,2}})[ ](?:[a-z]+[ ]){{0,2}}?(?:driver|drivers|salesman|saleswoman|salesperson|mechanic|pilot|technician|cashier|trucker|dispatcher|employee|worker|clerk|manager|rep|representative|merchandiser|courier|barista|agent|greeter|guy|machinist|engineer|stocker)\b"
)
_DRIVERS = Words(["driver", "drivers", "salesman", "saleswoman", "salesperson", "mechanic", "pilot", "technician", "cashier", "trucker", "dispatcher", "employee", "worker", "clerk", "manager", "rep", "representative", "merchandiser", "courier", "barista", "agent", "greeter", "guy", "machinist", "engineer", "stocker"])  # fmt: skip
_BEFORE_DRIVER = frozenset(["a", "an", "the", "as", "former", "ex", "retired", "being"])
_MOBILE = re.compile(
    r"\b(?:[Ff]or|[Aa]t|[Ww]ith|[Bb]y|[Ff]rom)[ ]((?:T[ -][Mm]obile|K[ -][Mm]art)(?:[ ][Cc]ustomer[ ][Ss]ervice)?)\b"
)
_MOBILES = Words(["mobile", "mart"])
#: A business with an article, behind a word of work: work in a Happy Dentals.
_ARTICLE = re.compile(
    rf"\b(?:[Ww]ork(?:s|ed|ing)?|employed|job)[ ](?:[a-z]+[ ]){{0,2}}?(?:in|at|for)[ ]an?[ ]({CAP}(?:[ ]{CAP}){{1,3}})"
)
_WORKS = frozenset(["work", "works", "worked", "working", "employed", "job"])
#: Whom everybody deals with, and who pays for care.
_PAYERS = frozenset(["medicare", "medicaid", "tricare", "aetna", "cigna", "humana"])


def employers(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such employers.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    flags = found.flags
    if flags & _WHO.bit:
        for _, end in compress(found.spans, map(_WHO.__contains__, found.order)):
            if text[end : end + 1] == " ":
                yield from _worked(text, end)
        for match in beginning(found, _ARTICLE, _WORKS):
            yield from _with_article(match)
        if flags & _ENDS.bit:
            for match in beginning(found, _OWN, _OWNS):
                if _agency(match[1]):
                    yield place(match.start(1), match.end(1), "facility", "place.agency", 0.6)
    if flags & _BODIES.bit and " with the " in text:
        for match in _IS_WITH.finditer(text):
            if _agency(match[1]):
                yield place(match.start(1), match.end(1), "facility", "place.agency", 0.6)
    if flags & _POSTAL.bit:
        for match in _POST.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.post", 0.7)
    if flags & _TOLD.bit:
        for match in beginning(found, _WITH, _WITHS):
            first = word_of(re.split(r"[ .'’&-]", match[1])[0])
            if first.low in _FIRMS and first.low not in _PAYERS and not first.flags & TITLE:
                yield place(match.start(1), match.end(1), "facility", "place.with", 0.6)
    if _AIRS.held(text, flags):
        for match in _AIR.finditer(text):
            if not _FLYING.search(text, max(0, match.start() - 30), match.start()):
                yield place(match.start(1), match.end(1), "facility", "place.airline", 0.7)
    if flags & _TOLD.bit and flags & _DRIVERS.bit:
        for match in beginning(found, _DRIVER, _BEFORE_DRIVER):
            if _drives(match[1]):
                yield place(match.start(1), match.end(1), "facility", "place.driver", 0.6)
    if flags & _MOBILES.bit:
        for match in _MOBILE.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.mobile", 0.7)


def _worked(text: str, end: int) -> Iterator[Finding]:
    """Yield what stands behind somebody's work: letters of a firm, an agency, the postal service."""
    match = _BY_LETTERS.match(text, end)
    if match:
        low = match[1].lower().replace("&", "")
        if low in _LETTER_FIRMS or "&" in match[1] or (len(low) > 2 and _unknown(low)):
            yield place(match.start(1), match.end(1), "facility", "place.firm-letters", 0.6)
        return
    match = _POST_WORK.match(text, end)
    if match:
        yield place(match.start(1), match.end(1), "facility", "place.post", 0.6)
        return
    match = _AGENCY.match(text, end)
    if match and _agency(match[1]):
        yield place(match.start(1), match.end(1), "facility", "place.agency", 0.6)


def _agency(name: str) -> bool:
    """Say whether an agency has a name that not every town's has."""
    words = [word_of(part) for part in re.findall(r"[^\W\d_]+", name)]
    telling = [word for word in words[:-1] if word.low not in {"of", "and", "the", "department", "bureau", "u", "s"}]
    if words[0].low in {"department", "bureau"}:
        telling = words[2:]
        return bool(telling) and not _clinical(telling)
    if words[0].low == "social" and len(words) > 1 and words[1].low == "security":
        return True
    return bool(telling) and telling[0].low not in _ANY and not _clinical(telling)


def _clinical(words: list[Word]) -> bool:
    """Say whether all words are those of a ward or a trade of medicine: the Department of Surgery."""
    known = lexicon()
    return all(
        word.low in _GENERIC or word.low in _NEVER or (word.folded in known.medical and not word.listed)
        for word in words
    )


def _drives(name: str) -> bool:
    """Say whether what stands before a driver is a firm."""
    words = [word_of(part) for part in re.findall(r"[^\W\d_]+", name)]
    first = words[0]
    if first.low in _DRIVER_FIRMS or (first.low in _FIRMS and not first.upper):
        return True
    return len(words) == 1 and first.upper and first.low in _LETTER_FIRMS


def _with_article(match: re.Match[str]) -> Iterator[Finding]:
    """Yield a business with an article: its last word is a kind of house, its first one none."""
    words = [word_of(part) for part in re.findall(r"[^\W\d_]+", match[1])]
    first, last = words[0], words[-1]
    kind = last.flags & FACILITY or (
        last.low[-1:] == "s" and word_of(match[1].rsplit(" ", 1)[-1][:-1]).flags & FACILITY
    )
    if kind and first.low not in _GENERIC and first.low not in _NEVER and not (first.kind in "MA" and not first.listed):
        yield place(match.start(1), match.end(1), "facility", "place.business", 0.55)


def _unknown(low: str) -> bool:
    known = lexicon()
    return low not in known.medical and low not in known.words and low not in _NEVER and not low.endswith("icu")


__all__ = ["employers"]
