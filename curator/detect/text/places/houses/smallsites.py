# ruff: noqa: E501 - a condition that is cut into lines hides what it asks
"""Houses and firms in small letters behind words of place: at lakeview nursing home, from boeing; and behind a sign: RN @ Lakeland.

Never a department, nor a house that only its kind is told of: at the eye clinic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.gazetteer import sure
from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.places.houses.facilities import LENT
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, FAMILY, LOWER_WORD, Word, tables, word_of
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
#: Words that end a house's name in small letters, and those that need the word before.
_ENDS = frozenset(tables()["small_ends"].split())
_AFTER = {
    "home": frozenset(["nursing", "retirement", "group", "funeral"]),
    "living": frozenset(["assisted", "senior"]),
    "care": frozenset(["memory", "urgent", "home", "dental", "day", "child"]),
    "medicine": frozenset(["family", "internal"]),
    "general": frozenset(["county", "city"]),
}
_FIRMS = frozenset([*tables()["firms"].split(), *tables()["brands"].split(), *tables()["stores"].split()])
_LEADS = frozenset(["at", "from", "to", "via", "by", "for"])
#: Words behind which only a firm of the list is one.
_CALLED = frozenset(["called", "calling", "call", "per", "thru", "through", "with", "w", "dme", "pharmacy", "using", "contacted", "faxed", "fill", "refill", "meds", "try", "tried"])  # fmt: skip
#: Words of everyday that say how a house is rather than what it is called.
_HOW = frozenset(["old", "new", "big", "little", "summer", "winter", "spring", "village", "west", "east", "north", "south", "strong", "sweet", "premier", "vital", "quiet", "great", "green", "river", "city", "town", "port", "gate", "stone", "hope"])  # fmt: skip
_SIGN = re.compile(rf"(?<= )@[ ]?({CAP}(?:[ ]{CAP}){{0,3}})")


def _telling(word: Word) -> bool:
    """Say whether a word in small letters may be what a house is called."""
    if word.low in _GENERIC or word.low in _WARDS or word.low in _HOW or len(word.low) < 3:
        return word.low == "st"
    if word.folded in LENT or sure(word.folded):
        return True
    if word.folded in lexicon().medical:
        return False
    return not word.flags & LOWER_WORD or bool(
        word.flags & FAMILY and word.folded in lexicon().frequent and word.listed
    )


def smallsites(text: str, found: Spots) -> Iterator[Finding]:
    """Yield houses and firms in small letters, and houses behind the sign @.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    words, spans = found.words, found.spans
    for at in found.facilities:
        word = words[at]
        if word.flags & CAPITAL or not at:
            continue
        if word.low in _FIRMS:
            before = words[at - 1]
            if (
                word.low not in lexicon().words
                and (before.low in _LEADS or before.low in _CALLED)
                and text[spans[at - 1][1] : spans[at][0]] in {" ", ": "}
            ) or (word.low not in lexicon().words and text[spans[at][0] - 2 : spans[at][0]] == "@ "):
                yield place(*spans[at], "facility", "place.small-firm", 0.5)
            continue
        if (
            word.low in _ENDS
            or (word.low in _AFTER and words[at - 1].low in _AFTER[word.low])
            or word.low in {"center", "school", "health"}
        ):
            first = _first(text, found, at)
            if first is not None:
                yield place(spans[first][0], spans[at][1], "facility", "place.small-house", 0.5)
    if "@ " in text:
        for match in _SIGN.finditer(text):
            first_word = word_of(re.split(r"[ .'’-]", match[1])[0])
            if first_word.kind not in "MA" and first_word.low not in _GENERIC and first_word.low not in _WARDS:
                yield place(match.start(1), match.end(1), "facility", "place.at-sign", 0.5)


#: Words that no house in small letters goes through.
_NEVER = frozenset(
    [
        "and",
        "doctor",
        "land",
        "air",
        "ground",
        "road",
        "water",
        "private",
        "poor",
        "severe",
        "lack",
        "loss",
        "cost",
        "way",
    ]
)


def _first(text: str, found: Spots, at: int) -> int | None:
    """Return the first word of a house that ends at a word, behind a word of place."""
    words, spans = found.words, found.spans
    first, telling = at, False
    while first and at - first < 5:
        before, gap = words[first - 1], text[spans[first - 1][1] : spans[first][0]]
        if before.low in _LEADS or (before.low == "the" and first > 1 and words[first - 2].low in _LEADS):
            return first if telling and gap == " " and first < at else None
        if (
            before.low in _NEVER
            or (before.low == "the" and first == at)
            or before.flags & CAPITAL
            or not (gap in {" ", "-", "'", "’"} or (gap == ". " and before.low in {"st", "mt"}) or before.low == "s")
        ):
            return None
        if before.low not in _GENERIC and before.low != "s" and not _telling(before) and before.low not in _HOW:
            return None
        telling = telling or (before.low != "s" and _telling(before))
        first -= 1
    return None
