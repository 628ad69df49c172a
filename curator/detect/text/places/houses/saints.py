# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses of saints and mountains, and stores of chains by where they stand: St. Mary's, at Mount Sinai, CVS on Main."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.gazetteer import sure
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, tables
from curator.identifiers.findings import Finding

_SAINT_AFTER = re.compile(
    r"(?:['’]s)?[ ](?:[Ww]ort|[Jj]ude|Medical|pacemaker|valve|ICD|device|lead|leads|generator|mechanical|bioprosthetic|criteria|score|classification|fever|staging)\b"
)
_STORE = re.compile(
    rf"\b((?:Walgreens|CVS|Rite Aid|Walmart|Kroger|Costco|Safeway|Publix|Target(?![ ]\d{3}\b)|Meijer|Hy-Vee|Duane Reade|Sam['’]s Club|Boots|McDonald['’]?s|Burger King|Taco Bell|Starbucks|Subway|Denny['’]?s|Applebee['’]?s|Olive Garden|Waffle House|Dollar General|Dollar Tree|Family Dollar|Home Depot|Circle K|Aldi|Goodwill|Wendy['’]?s|Albertsons|Wegmans|H-E-B|HEB|Rexall)(?: [Pp]harmacy(?=[ ]\d{{3,5}}\b))?(?: [Pp]harmacy)?[ ](?:(?:#[ ]?)?(?=\d{{3,5}}\b)|(?={CAP} (?:St|Ave|Avenue|Rd|Road|Blvd|Street|Hwy|Pkwy|Dr|Drive|Lane|Ln)\b)|(?:on|at|in|off|near)[ ])(?:the corner of )?(?:\d{{1,5}}(?:st|nd|rd|th)?|{CAP})(?:[ ](?:and|&|{CAP})){{0,3}})"
)
#: Churches and houses by what is holy.
_HOLY = re.compile(
    r"\b(?:Our Lady(?:[ ](?:of|the|[A-Z][\w'’]+)){1,5}(?<=\w)|(?:Holy|Sacred|Immaculate|Most Blessed|Blessed) (?:Cross|Family|Trinity|Name|Spirit|Redeemer|Hearts?|Conception|Sacrament|Rosary|Innocents|Angels|Ghost|Savior|Comforter|Apostles)(?: of (?:Jesus|Mary))?|Christ the King|Good Shepherd(?= (?!position))|Church of (?:Christ|God|the [A-Z]\w+|the Latter)\b|St\.? [A-Z]\w+ the (?:Apostle|Baptist|Evangelist|Martyr))"
)
_HOLIES = Marks("Our Lady", "Holy ", "Sacred ", "Immaculate ", "Blessed ", "Christ the", "Good Shepherd", "Church of", "St. ")  # fmt: skip
_SMALL_SAINT = re.compile(
    r"\b(?:at|from|to|in) (st\.? (?!elev|depr|seg|changes?|wave|jude valve|patrick|patricks|louis)[a-z]{4,14}(?:['’]?s)?)(?=[ .,;?\n]|$)"
)
_STORE_WORDS = frozenset(tables()["stores"].split())


def saints(text: str, found: Spots) -> Iterator[Finding]:
    """Yield St. Mary's, Mount Sinai and the like, where a form or the words before tell.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    words, spans = found.words, found.spans
    if _HOLIES.held(text, found.flags):
        for holy in _HOLY.finditer(text):
            yield place(holy.start(), holy.end(), "facility", "place.holy", 0.7)
    if " st " in text or " st. " in text:
        for small in _SMALL_SAINT.finditer(text):
            yield place(small.start(1), small.end(1), "facility", "place.small-saint", 0.6)
    for at in found.facilities:
        if words[at].low in _STORE_WORDS:
            match = _STORE.match(text, spans[at][0])
            if match:
                yield place(match.start(), match.end(), "facility", "place.store", 0.8)
            elif (
                words[at].flags & CAPITAL
                and at + 1 < len(words)
                and words[at + 1].flags & CAPITAL
                and not words[at + 1].upper
                and text[spans[at][1] : spans[at + 1][0]] == " "
                and sure(words[at + 1].folded)
            ):
                yield place(spans[at][0], spans[at + 1][1], "facility", "place.store", 0.6)
            continue
        if words[at].low not in _SAINTS or not words[at].flags & CAPITAL or at + 1 >= len(words):
            continue
        gap = text[spans[at][1] : spans[at + 1][0]]
        name = words[at + 1]
        if gap not in {" ", ". "} or not name.flags & CAPITAL or (name.kind in "MA" and not name.listed):
            continue
        start, end = spans[at][0], spans[at + 1][1]
        if text[end : end + 2] in {"'s", "’s"}:
            if _SAINT_AFTER.match(text, end):
                continue
            yield place(start, end + 2, "facility", "place.saint", 0.8)
        elif (
            not _SAINT_AFTER.match(text, end)
            and at
            and words[at - 1].low in _PREPOSITIONS
            and start - spans[at - 1][1] <= 5
        ):
            yield place(start, end, "facility", "place.saint", 0.7)


_SAINTS = frozenset(["st", "saint", "mount", "mt", "ste"])
_PREPOSITIONS = frozenset(tables()["prepositions"].split())
