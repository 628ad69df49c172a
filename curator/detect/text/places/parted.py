"""Known towns that marks part from the rest, or that own something: (Key West), Street, Plano, our Salem office."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.gazetteer import doubtful
from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.places.streets import place
from curator.detect.text.places.towns import abroad, longest
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, tables
from curator.identifiers.findings import Finding

_OWNED = frozenset(tables()["land_owned"].split())


def apart(text: str, found: Spots, *, houses: bool = True) -> Iterator[Finding]:
    """Yield known cities that marks part from the rest: (Key West), | CITY Ocala |, Street, Plano."""
    words, spans, known = found.words, found.spans, lexicon()
    done = 0
    size = len(text)
    for at in found.cities:
        start = spans[at][0]
        if start < done or start < 2 or not words[at].flags & CAPITAL:
            continue
        before = text[start - 1]
        owned = before == " " and at and words[at - 1].low in _OWNERS
        if not (owned or before in "(\t^" or (before == " " and text[start - 2] in ",|;/ ")):
            continue
        city = longest(text, found, at)
        if city is None:
            continue
        last, name = city
        end = spans[last][1]
        if name in abroad() or doubtful(name):
            continue
        after = words[last + 1].low if last + 1 < len(words) and text[end : spans[last + 1][0]] == " " else ""
        if owned or after in {"pd", "ems", "fd"}:
            if after in {"pd", "ems", "fd"} and (last > at or words[at].kind not in "MA"):
                done = spans[last + 1][1] if houses else end
                yield place(start, done, "facility" if houses else "city", "place.city-owns", 0.6)
            elif after in _OWNED and (last > at or words[at].kind not in "MA"):
                done = end
                yield place(start, end, "city", "place.city-owns", 0.6)
            continue
        if end < size and text[end] not in ".,;)\t^|\n" and text[end : end + 2] not in {" |", "  "}:
            continue
        closed = before == "(" and text[end : end + 1] == ")"
        if last == at and (
            words[at].kind not in ("SRUuGsr" if closed else "SRUu")
            or (not closed and (name in known.words or name in known.given))
            or name in known.eponyms
            or (words[at].upper and before != "|" and text[start - 2] != "|")
        ):
            continue
        if last > at and all(words[part].folded in known.medical for part in range(at, last + 1)):
            continue
        done = end
        yield place(start, end, "city", "place.city-apart", 0.6)
    if ", " in text:
        for match in _SMALL_STATE.finditer(text):
            lead = _SMALL_TOWN.search(text, max(0, match.start() - 48), match.start())
            if lead:
                yield place(lead.start(1), lead.end(1), "city", "place.city-small", 0.6)


_OWNERS = frozenset(["our", "my", "the", "your", "their", "a", "by", "for"])
#: A state's code in small letters, and the town before it.
_SMALL_STATE = re.compile(
    r", (?:a[kzr]|ca|fl|ga|il|k[sy]|mn|n[cdehjmvy]|oh|ri|s[cd]|t[nx]|ut|v[ta]|w[aivy])(?=[.,;\n]|$| \d)"
)
_SMALL_TOWN = re.compile(r"\b(?:in|from|near|at|to|of|outside) ([a-z]{3,}(?:[ -][a-z]{3,}){0,2})$")
