# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses, firms, quarters and regions that a list has by name, wherever they stand: Trader Joe's, Harborview, Bed-Stuy.

The list holds what hardly means anything else. A disease's or a device's noun behind a name takes it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import data_text, fold
from curator.detect.text.places.streets import place
from curator.detect.text.words.contexts import eponym
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL
from curator.identifiers.findings import Finding

#: What may lie between the words of a name.
_GAPS = frozenset([" ", "-", "'", "’", " & ", ". ", ".", "+", "&", "\n"])
_WORDS = re.compile(r"[^\W\d_]+")
#: Words of a name that may be small.
_SMALL = frozenset(["of", "and", "the", "in", "s", "n", "u", "t", "us"])
#: Which house of a chain: Motel 6, #4417, on Main, of Wexford.
_WHICH = re.compile(
    r",?[ ](?:\d{1,3}(?:st|nd|rd|th)|[A-Z][a-z]+)(?:[ ](?:St|Ave|Rd|Blvd)\b\.?)?[ ](?:and|&)[ ](?:\d{1,3}(?:st|nd|rd|th)\b|[A-Z][a-z]+)|[ ]?#[ ]?\d{2,6}\b|[ ]\d\b(?=[,.;)\n ]|$)(?<=(?:tel|per) \d)|[ ](?:on|in|at|off|near)[ ](?:[NSEW]\.?[ ])?(?:\d{1,3}(?:st|nd|rd|th)\b|[A-Z][a-z]+)(?:[ ](?:and|&)[ ](?:\d{1,3}(?:st|nd|rd|th)\b|[A-Z][a-z]+)|(?:[ ][A-Z][a-z]+){0,2})"
)
#: Kinds of houses that may go on a name, and what else stands there in capitals.
_TAIL = re.compile(
    r"[ ](?:Hospital|Medical Center|Med Center|Clinic|Pharmacy|Health|Healthcare|ED|ER|Dialysis|Rehab|Hospice|Cancer Center|Children['’]?s(?: Hospital)?|Supercenter|warehouse|Warehouse|plant|pharmacy|hospital|clinic)\b"
)


#: Who makes machines as well, and what stands behind the maker's name: Fresenius 2008T.
_MADE = frozenset(["fresenius", "baxter", "prisma"])
_MODEL = re.compile(r"[ ](?:\d{4}[A-Z]?\b|machines?\b|dialy[sz]ers?\b|system\b|optiflux\b|Optiflux\b|F\d{3}\b|K2?\b)")
#: Who brings parcels: loaners come by FedEx.
_CARRIERS = frozenset(["fedex", "ups", "usps", "dhl"])


@cache
def _table() -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
    """Return the names by their first word, longest first: the words behind it, the kind, whether in capitals alone."""
    table: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for line in data_text("named.txt").split("\n"):
        if not line or line.startswith("#"):
            continue
        label, _, names = line.partition(": ")
        kind, _, loud = label.partition(" ")
        for name in names.split("; "):
            first, *rest = _WORDS.findall(fold(name))
            table.setdefault(first, []).append((tuple(rest), kind, bool(loud)))
    for listed in table.values():
        listed.sort(key=lambda entry: -len(entry[0]))
    return table


def named(text: str, found: Spots, *, houses: bool = True) -> Iterator[Finding]:
    """Yield what the list has by name.

    Parameters
    ----------
    text, found
        The text and its words.
    houses
        Yield houses and firms as well; else quarters and regions alone.
    """
    words, spans = found.words, found.spans
    done = -1
    for at in found.named:
        if at <= done:
            continue
        for rest, kind, loud in _table()[words[at].folded]:
            last = at + len(rest)
            if not _fits(text, found, at, rest, loud=loud) or (kind == "facility" and not houses):
                continue
            end = spans[last][1]
            if (words[at].folded in _MADE and _MODEL.match(text, end)) or (
                words[at].folded in _CARRIERS and at and words[at - 1].low in {"by", "via", "per"}
            ):
                break
            if eponym(found, last, end) or text[spans[at][0] - 1 : spans[at][0]] in {"@", "-"}:
                break
            done = last
            more = (_TAIL.match(text, end) or _WHICH.match(text, end)) if kind == "facility" else None
            yield place(spans[at][0], more.end() if more else end, kind, "place.named", 0.7)
            break


def _fits(text: str, found: Spots, at: int, rest: tuple[str, ...], *, loud: bool) -> bool:
    """Say whether the words of a name stand at a place, as names are written."""
    words, spans = found.words, found.spans
    if at + len(rest) >= len(words) or (loud and not words[at].upper):
        return False
    if not words[at].flags & CAPITAL and (rest or (at and words[at - 1].low in {"a", "any", "another"})):
        return False
    for step, low in enumerate(rest, at + 1):
        if words[step].folded != low or text[spans[step - 1][1] : spans[step][0]] not in _GAPS:
            return False
        if not words[step].flags & CAPITAL and low not in _SMALL:
            return False
    return True
