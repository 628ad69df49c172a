# ruff: noqa: E501 - a condition that is cut into lines hides what it matches
"""Towns and landscapes by the form of their name: Kestrel Springs, Port Hallam, Little Brannock, our Salem office.

No list needs to have the name. A form alone is trusted where medicine has no such words; else a word of place must stand
before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from curator.detect.text.places.streets import place
from curator.detect.text.words.contexts import begins, eponym, stays
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, LAND, TITLE, tables
from curator.identifiers.findings import Finding

_FIRST = frozenset(tables()["land_first"].split())
#: First words that are a title, a saint or a verb of medicine too, so that what follows must be a name.
_CUES = frozenset(
    [*tables()["land_before"].split(), "in", "from", "near", "to", "at", "of", "around", "outside", "through", "toward", "towards", "via", "off", "on", "by", "the", "rural", "downtown", "behind", "over", "across", "past", "around"]
)  # fmt: skip


def landmarks(text: str, found: Spots, *, houses: bool = True) -> Iterator[Finding]:
    """Yield towns and landscapes by the form of their name.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    houses
        Yield what a saint or a mountain lends its name to as well: it may be a house.
    """
    done = -1
    for at in found.lands:
        if at > done and at:
            hit = _ended(text, found, at)
            if hit:
                done = at
                yield place(found.spans[hit][0], found.spans[at][1], "city", "place.land", 0.65)
    for at in found.ports:
        if (
            at > done
            and at + 1 < len(found.words)
            and (houses or found.words[at].low not in {"mount", "mt", "saint", "st"})
        ):
            last = _led(text, found, at)
            if last:
                done = last
                yield place(found.spans[at][0], found.spans[last][1], "city", "place.land", 0.65)


#: On what a house stands: a cabin on Loon Lake.
_WATERS = frozenset(["lake", "river", "creek", "beach", "bay", "island", "pond"])


def _cued(text: str, found: Spots, first: int) -> bool:
    """Say whether a word of place, a comma or a bracket stands right before a word."""
    if not first:
        return False
    gap = text[found.spans[first - 1][1] : found.spans[first][0]]
    if gap == " ":
        return found.words[first - 1].low in _CUES
    return gap in {", ", " (", ": ", "\t", " - ", " – "} and not begins(found, first - 1)


def _ended(text: str, found: Spots, at: int) -> int | None:
    """Return the first word of a name that ends in a word of landscape."""
    words, spans = found.words, found.spans
    first = at
    while first and at - first < 3:
        gap, before = text[spans[first - 1][1] : spans[first][0]], words[first - 1]
        if (
            gap not in {" ", "-"}
            or not before.flags & CAPITAL
            or (before.flags & TITLE and before.low != "st")
            or before.kind == "A"
        ):
            break
        if before.low in _CUES or before.low in {"i", "he", "she", "they", "we", "patient", "pt"}:
            break
        first -= 1
    if first == at or (words[at].upper and any(word.kind in "WM" for word in words[first:at])):
        return None
    if all(word.kind == "M" and not word.listed for word in words[first:at]) or eponym(found, at, spans[at][1]):
        return None
    if text[spans[at][1] : spans[at][1] + 1] in {"'", "’", "-", "/"}:
        return None
    named = any(word.kind in "GSRUun" for word in words[first:at])
    cued = _cued(text, found, first)
    if named and (cued or not begins(found, first)):
        return first
    plain = all(word.kind in "Wgsr" for word in words[first:at])
    return (
        first
        if cued
        and plain
        and text[spans[first - 1][1] : spans[first][0]] == " "
        and words[first - 1].low not in ({"of", "by"} if words[at].low in _WATERS else {"of", "on", "by"})
        else None
    )


def _led(text: str, found: Spots, at: int) -> int | None:
    """Return the last word of a name that begins as towns do: Port Hallam, San Tolomeo, Upper Tilbrook."""
    words, spans = found.words, found.spans
    after = at + 1
    gap, following = text[spans[at][1] : spans[after][0]], words[after]
    if gap not in {" ", ". "} or (gap == ". " and words[at].low not in {"st", "mt", "ft"}):
        return None
    if (
        not following.flags & CAPITAL
        or following.kind in "MAI"
        or following.flags & LAND
        or following.upper != words[at].upper
    ):
        return None
    if (
        (words[at].folded, following.folded) in stays()
        or eponym(found, after, spans[after][1])
        or text[spans[after][1] : spans[after][1] + 1] in {"'", "’"}
    ):
        return None
    named = following.kind in "GSRUunsgr"
    cued = _cued(text, found, at)
    if words[at].upper:
        return after if cued and named and words[at].low in _FIRST else None
    if words[at].low in _FIRST:
        return after if named and (cued or (following.kind in "SRUuG" and not begins(found, at))) else None
    return after if cued and following.kind in "GSRUun" else None
