# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Streets by nothing but their name: the bus depot on Canal, the store off Ninth, Main & 4th, x-st Old Cannery Rd.

What stands on them tells: a house before "on", a crossing, a label. Never a weekday, a drug or a service.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from curator.detect.text.fields.values import unit_behind
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.contexts import begins
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import ORDINAL, Spots
from curator.detect.text.words.vocabulary import HOLIDAY, MONTH, TITLE, tables, word_of
from curator.identifiers.findings import Finding

_NTH = r"\d{1,3}(?:st|nd|rd|th)"
#: Where a street's name may stand behind what is on it.
_ON = re.compile(r" (?:on|off(?: of)?|over on|down on|up on|out on) (?=[A-Z])")
_NAME = re.compile(rf"(?:(?:[NSEW]|North|South|East|West)\.? )?{CAP}(?: {CAP})?")
#: What ends such a name: a mark, or small words of a sentence.
_OVER = re.compile(
    r"[.,;:)\"”/]|$|[ ]?\n| [-–—(&]|[ ]{2}|[ ](?:in|and|or|near|by|at|to|from|has|had|have|is|was|were|are|for|with|w/|where|when|because|since|who|that|which|after|before|last|this|yesterday|today|tonight|but|if|until|till|then|every|each|just|across|behind|again|during|while|he|she|they|we|pt|per|around|about|as|so|past|off|on|she's|he's|opens?|serves|closes?|sells|called|said|gave|says|does|will|got|let|wants?|over|twice|once|daily)\b"
)
_NOUN = re.compile(r"(?<![\w'’-])([a-z][a-z-]{2,14})(?:['’]s)?(?: \([^()\n]{1,20}\))?$")
_TWO_NOUNS = re.compile(r"(?<![\w'’-])([a-z]{2,10}[ -][a-z]{2,10})$")
_CROSS_BEFORE = re.compile(rf"(?<![\w/.&-])({CAP}(?: {CAP})?)(?: St\.?| Ave\.?)? ?(?:&|and|/|@|x) ?$")
_CROSS_BEHIND = re.compile(rf"(?: St\.?| Ave\.?)? ?(?:&|and|/|@|x) ?({CAP})(?![\w-])")
_KIND = re.compile(r" (?:St|Ave|Street|Avenue)\b\.?")
#: With what a joint ends that leads to a street's number, and with what one begins behind it.
_JOINT_ENDS = frozenset("&d/@x")
_ENDINGS = frozenset(["st", "nd", "rd", "th"])
#: Roads by their number, behind the word right before it; the second kind means something else without a word of place.
_ROAD_SURE = re.compile(
    r"\b((?:CSAH|Csah|C\.S\.A\.H\.|(?:[Cc]ounty|Co\.?|Cnty|Cty|[Tt]ownship|Twp\.?|[Ss]tate|[Ff]orest|[Rr]anch|[Ff]arm)[ ](?:[Rr]oad|Rd\.?|[Hh]ighway|Hwy\.?|[Rr]oute|Rte\.?|Rt\.?|[Tt]runk)|(?:Farm|Ranch)[- ]to[- ]Market(?: R(?:oa)?d)?|[Mm]ile ?[Mm]arker|[Mm]ile ?[Pp]ost)[ ]?#?)$"
)
_ROAD_TOLD = re.compile(
    r"(?:\b(?:on|off|off of|near|along|down|via|take|past|@|at|by|from|of|and|&|to|I-\d{1,3}|Hwy \d{1,3})[ ]|, |\n|\( ?|^)((?:County|Co|CR|CO|FM|RM|SR|US|U\.S\.|Rt\.?|Rte\.?|RT|RTE|[Ee]xit|[Mm][Pp]|TH|M|US-|State)[ -]?)$"
)
_AT_ROAD = re.compile(r"\b(?:on|off|off of|along|down|via|take|past) (?:the )?\S+[ -]?$")
_ROAD_TAIL = re.compile(
    r"[A-Z]?(?:[ ]?(?:[NSEW]|[NS][EW]|[NSEW]B|North|South|East|West|east|west|north|south)\b)?(?![\w%/-]|\.\d)"
)
#: Words with which the name of a road ends before its number.
_ROAD_WORDS = frozenset(["csah", "road", "rd", "highway", "hwy", "route", "rte", "rt", "trunk", "market", "marker", "post", "county", "co", "cr", "fm", "rm", "sr", "us", "u.s", "exit", "mp", "state", "th", "milepost"])  # fmt: skip
#: How they end, with the blank behind.
_ROAD_ENDS = frozenset(f"{end} " for end in ["AH", "ah", "ad", "AD", "Rd", "rd", "RD", "d.", "ay", "AY", "wy", "WY", "y.", "te", "TE", "e.", "Rt", "rt", "RT", "t.", "nk", "et", "er", "st", "ty", "TY", "Co", "CO", "o.", "CR", "FM", "RM", "SR", "US", "S.", "it", "MP", "mp", "TH"])  # fmt: skip
#: What a figure with its ending counts when it is no street.
_NO_CROSS = re.compile(
    r" ?(?:toe|digit|finger|ray|rib|metatars|metacarp|web|MT|MC|PIP|DIP|MTP|MCP|nerve|floor|grade|line|dose|cycle|week|day|visit|attempt|percentile|%|trimester|cranial|intercostal|degree|stage|post|ICS|interspace|ventricle|month|hour|year|admission|round|time|set)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"\b[Bb]etween ({_NTH}|{CAP}) (?:and|&) ({_NTH}|{CAP})(?: (?:St|Ave|Street|Avenue|Sts|Aves)\b\.?)?(?:,? on ((?:{CAP}|{_NTH})(?: {CAP})?))?"
)
_CROSS_LABEL = re.compile(
    rf"\b(?:[Xx][- ]?[Ss]t(?:reet|s)?|[Cc]ross[- ]?[Ss]t(?:reets?|s)?|XST|CROSS ST(?:REETS?)?)\.?(?: is|:|/)? ?:? ?((?:[NSEW]\.? )?(?:{CAP}|{_NTH})(?: (?:{CAP}|{_NTH})){{0,3}}(?: ?(?:&|and|/) ?(?:{CAP}|{_NTH})(?: {CAP}){{0,2}})?\.?)"
)
_CROSS_MARKS = Marks(
    "x-st",
    "x st",
    "xst",
    "X-St",
    "X St",
    "XSt",
    "X-ST",
    "X ST",
    "XST",
    "ross st",
    "ross-st",
    "ross St",
    "ross-St",
    "ROSS ST",
)


@cache
def _nouns() -> frozenset[str]:
    """Return what stands on a street."""
    return frozenset(tables()["street_nouns"].split())


@cache
def _weak() -> frozenset[str]:
    """Return what stands on a street, and has or does other things on as well: a clinic on Monday."""
    return frozenset(tables()["street_weak"].split())


@cache
def _lent() -> frozenset[str]:
    """Return words of everyday that streets are called by, and those that no street is."""
    return frozenset([*tables()["street_words"].split(), *tables()["lent"].split()])


@cache
def _not() -> frozenset[str]:
    return frozenset(tables()["street_not"].split())


def corners(text: str, found: Spots) -> Iterator[Finding]:
    """Yield streets that nothing tells but what stands on or at them.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    for match in _ON.finditer(text) if "on" in found.lows or "off" in found.lows else ():
        yield from _on(text, match.start(), match.end())
    for begin, stop in found.numbers:
        if text[begin - 3 : begin] in _ROAD_ENDS and stop - begin < 5:
            yield from _numbered(text, begin, stop)
    for begin, stop in found.numbers if found.flags & ORDINAL else ():
        if stop - begin < 4 and text[stop : stop + 2] in _ENDINGS and not text[stop + 2 : stop + 3].isalnum():
            yield from _crossing(text, found, begin, stop + 2)
    if found.numbers and "etween " in text:
        for match in _BETWEEN.finditer(text):
            yield from _spanned(text, match)
    if _CROSS_MARKS.held(text, found.flags):
        for match in _CROSS_LABEL.finditer(text):
            yield place(match.start(1), match.end(1), "street", "place.cross-street", 0.75)


def _on(text: str, start: int, at: int) -> Iterator[Finding]:
    """Yield the street behind "on" or "off" when a house or the like stands before."""
    noun = _NOUN.search(text, max(0, start - 40), start)
    if noun is None:
        return
    low = noun[1].rsplit("-", 1)[-1] if noun[1] not in _nouns() else noun[1]
    two = _TWO_NOUNS.search(text, max(0, start - 24), start)
    strong = low in _nouns() or bool(two and two[1].replace(" ", "-") in _nouns())
    if not strong and low not in _weak():
        return
    name = _NAME.match(text, at)
    if name is None:
        return
    end = name.end()
    words = name[0].split(" ")
    if len(words) > 1 and not _OVER.match(text, end):
        words.pop()
        end = at + len(" ".join(words))
    if not _OVER.match(text, end) or end - at < 3:
        return
    first = word_of(words[0])
    if first.flags & (MONTH | HOLIDAY | TITLE) or first.low in _not() or (first.upper and len(words[0]) < 5):
        return
    lent = first.folded in _lent()
    known = lexicon()
    if not lent and (first.kind in "MA" or first.folded in known.medical):
        return
    plain = first.kind == "W" and not lent
    if (plain and not strong) or (first.kind in "GSgs" and not strong and not lent and len(words) < 2):
        return
    if strong or lent or first.kind in "RUu" or len(words) > 1:
        yield place(at, end, "street", "place.on", 0.6)


def _numbered(text: str, begin: int, stop: int) -> Iterator[Finding]:
    """Yield a road by its number: CSAH 14, off County 12, at Exit 343."""
    word = text[max(0, begin - 12) : begin].rstrip(" #").rpartition(" ")[2].rstrip(".").lower()
    if word not in _ROAD_WORDS:
        return
    tail = _ROAD_TAIL.match(text, stop)
    if tail is None or unit_behind(text, stop):
        return
    lead = _ROAD_SURE.search(text, max(0, begin - 32), begin)
    if lead is None:
        lead = _ROAD_TOLD.search(text, max(0, begin - 24), begin)
        placed = lead and (
            _AT_ROAD.search(text, max(0, begin - 24), begin)
            or tail[0].strip()
            or _PLACED.match(text, tail.end())
            or (word in {"exit", "mp"} and lead.start(1) > lead.start())
        )
        lead = lead if placed else None
    if lead:
        yield place(lead.start(1), tail.end(), "street", "place.road-number", 0.65)


#: What goes on behind a road.
_PLACED = re.compile(
    r",? (?:in|near|at|just|past|and|&|by|outside|south|north|east|west|[NSEW]) (?:of )?(?:the )?(?:[A-Z]|Hwy|exit|light|church|river|creek|town|intersection|corner|line|county)"
)


def _crossing(text: str, found: Spots, begin: int, stop: int) -> Iterator[Finding]:
    """Yield a crossing of a named and a numbered street: Main & 4th."""
    joint = text[max(0, begin - 2) : begin].rstrip(" ")[-1:]
    match = _CROSS_BEFORE.search(text, max(0, begin - 40), begin) if joint in _JOINT_ENDS else None
    behind = None if match else _CROSS_BEHIND.match(text, stop)
    found_name = match or behind
    if found_name is None:
        return
    at, (start, end) = found_name.start(1), (match.start(1), stop) if match else (begin, found_name.end())
    kind = _KIND.match(text, end)
    end = kind.end() if kind else end
    first = found_name[1].split(" ")[0]
    word = word_of(first)
    if _NO_CROSS.match(text, end) or word.flags & (MONTH | HOLIDAY | TITLE) or len(first) < 3:
        return
    if word.low in _not() or (word.kind in "MA" and word.folded not in _lent()) or not _OVER.match(text, end):
        return
    index = bisect_left(found.spans, (at, 0))
    if match and word.kind == "W" and word.folded not in _lent() and begins(found, index):
        return
    if word.folded in _lent() or word.kind in "GSRUugsrn":
        yield place(start, end, "street", "place.crossing", 0.65)


def sure_way(folded: str) -> bool:
    """Say whether a word is one that streets are called by: Main, Grand, Division."""
    return folded in _lent()


def _spanned(text: str, match: re.Match[str]) -> Iterator[Finding]:
    """Yield the streets between which something lies: between 7th and 8th on Oak."""
    both = match[1][0].isdigit() and match[2][0].isdigit()
    if not both or _NO_CROSS.match(text, match.end(2)) or not (match[3] or _OVER.match(text, match.end())):
        return
    if match[3] is None and not re.search(
        r"\b(?:on|at|off|street|block|lives|walk\w*|found|house|store)\b",
        text[max(0, match.start() - 40) : match.start()],
    ):
        return
    for part in (1, 2, 3):
        if match[part] and fold(match[part].split(" ")[0]) not in _not():
            yield place(match.start(part), match.end(part), "street", "place.between", 0.6)
