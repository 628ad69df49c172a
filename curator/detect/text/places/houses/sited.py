# ruff: noqa: E501 - a condition that is cut into lines hides what it asks
"""Houses by the words that their names are made of, behind words of place: from Wellspring Integrated Care, at The Evergreen.

Also what goes on a list of houses or towns: Bayview Dental, Summit Imaging and Ashby Detox. Never a department or a drug.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.places.houses.bodies import BORNE
from curator.detect.text.places.houses.facilities import LENT
from curator.detect.text.places.streets import place
from curator.detect.text.places.towns import abroad, longest
from curator.detect.text.words.contexts import eponym
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, FACILITY, MONTH, NOUN, TITLE, Word, tables
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
_SMALL = frozenset(tables()["house_small"].split())
#: Words of place behind which a house's name may stand.
_PLACED = frozenset(["at", "from", "to", "via", "by", "through", "near", "for", "with", "of", "in"])
#: Nouns behind which one may stand with or without a colon.
_NAMED = frozenset(tables()["site_nouns"].split())
#: Small words within a name.
_WITHIN = frozenset(["of", "the", "and", "at", "for", "on", "s"])
_GAPS = frozenset([" ", "-", "'", "’", " & ", "/"])
#: Days behind "on" when somebody was there.
_DAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "thanksgiving", "easter"])  # fmt: skip
#: What parts the houses or the towns of a list.
_LISTED = re.compile(
    r"[ ]?(?:,|;|/|[ ]&|[ ](?:and|or|to|vs\.?|then)(?=[ ])|,[ ](?:and|or|then|later|and later|and then|to)(?=[ ])|[ ](?:and later|and then)(?=[ ]))[ ]{1,2}(?:\d(?:st|nd|rd|th)[ ](?:choice[ ])?)?(?=[A-Z])"
)
_BRACKETED = re.compile(r"[ ]\((?=[A-Z])")


def run(text: str, found: Spots, at: int) -> int:
    """Return the last word of the capitalized run that begins at a word.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    at
        The index of the run's first word.
    """
    words, spans = found.words, found.spans
    last = step = at
    while step + 1 < len(words) and step - at < 8:
        gap = text[spans[step][1] : spans[step + 1][0]]
        word = words[step + 1]
        if (
            gap not in _GAPS
            and not (gap == ". " and words[step].low in {"st", "mt", "ft", "ste"})
            and not (gap in {"' ", "’ "} and words[step].low[-1] == "s")
        ):
            break
        step += 1
        if word.flags & CAPITAL:
            if word.flags & TITLE and word.low not in {"st", "sister", "sisters"}:
                break
            if (word.flags & MONTH or word.low in _DAYS) and words[step - 1].low in {
                "on",
                "in",
                "since",
                "until",
                "by",
            }:
                break  # Mercy Hospital on March 14, in March 2021
            last = step
        elif (word.low == "s" and gap in {"'", "’"}) or (word.low == "op" and gap == "-"):
            last = step
        elif word.low not in _WITHIN:
            break
    return last


def _telling(word: Word) -> bool:
    """Say whether a word is one that names of houses begin with."""
    if word.low in _GENERIC or word.low in _WARDS or word.flags & MONTH:
        return False
    plural = word.folded[-1:] == "s" and word.folded[:-1] in LENT
    return plural or word.folded in LENT or (word.kind in "GSRUun" and not word.upper) or sure(word.folded)


def house(text: str, found: Spots, at: int, *, firm: bool = False) -> int | None:
    """Return the last word of a house that begins at a word, if its words make one.

    Parameters
    ----------
    text, found
        The text and its words.
    at
        The index of the first word.
    firm
        Whether what stands before tells surely that a house is meant.
    """
    words, spans = found.words, found.spans
    first = words[at]
    if not first.flags & CAPITAL or first.flags & TITLE or (first.upper and len(first.low) > 2) or first.kind == "A":
        return None
    last = run(text, found, at)
    article = first.low == "the" and last > at
    head = at + 1 if article else at
    inner = [word for word in words[head : last + 1] if word.flags & CAPITAL]
    if not inner or eponym(found, last, spans[last][1]):
        return None
    if inner[0].folded not in LENT and any(word.flags & NOUN and not word.flags & FACILITY for word in inner[1:]):
        return None
    if not _telling(inner[0]) and not (
        inner[0].low in {"st", "mt", "mount", "saint", "fort", "camp", "our", "holy", "good"} and len(inner) > 1
    ):
        return None
    if inner[0].folded in lexicon().medical and inner[0].folded not in LENT:
        return None
    if all(word.upper for word in inner) and len(inner) > 1:
        return None
    ended = any(word.flags & FACILITY for word in inner[1:])
    if article:
        return last
    if len(inner) < 2:
        return last if firm and inner[0].kind != "G" else None
    if inner[0].folded in LENT or sure(inner[0].folded) or ended:
        return last if ended or inner[0].folded in LENT or firm else None
    return last if firm and inner[0].kind in "RUu" else None


#: Which house of several: on 42nd, #738, - Arthur.
_WHICH = re.compile(
    r"[ ]on[ ]\d{1,3}(?:st|nd|rd|th)\b(?:[ ](?:St|Ave)\b)?|[ ]?#[ ]?\d{2,6}\b|[ ]?-[ ]?[A-Z][a-z]{3,}(?=[,.;\n)]|$)"
)
#: What says where in a town, and what may be a house with no more than that.
_WHERE = frozenset(["north", "south", "east", "west", "northwest", "northeast", "southwest", "southeast", "first", "new", "valley", "metro", "central", "midwest"])  # fmt: skip
_ENDS = frozenset(
    ["memorial", "regional", "general", "methodist", "healthcare", "baptist", "lutheran", "hospital", "presbyterian"]
)


def _compass(text: str, found: Spots, at: int) -> int | None:
    """Return the last word of a house that is named by where it stands: to North Memorial."""
    words, spans = found.words, found.spans
    if at + 2 >= len(words) or words[at].low not in {"at", "to", "from", "via"} or words[at + 1].low not in _WHERE:
        return None
    second = words[at + 2]
    if (
        text[spans[at + 1][1] : spans[at + 2][0]] != " "
        or second.low not in _ENDS
        or not second.flags & CAPITAL
        or second.upper
    ):
        return None
    return at + 2


def sited(text: str, found: Spots, known: Iterable[Finding], *, houses: bool) -> Iterator[Finding]:
    """Yield houses behind words of place, and what goes on a list of houses and towns.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    known
        Houses and towns that were found before.
    houses
        Yield houses; else towns alone.
    """
    words, spans = found.words, found.spans
    begun: list[Finding] = [finding for finding in known if finding.kind in {"city", "facility"}]
    done = 0
    if houses:
        for at in (*found.toward, *found.sites):
            word = words[at]
            if at + 1 >= len(words):
                continue
            gap = text[spans[at][1] : spans[at + 1][0]]
            begun_by = False
            if word.low in _PLACED or (word.low == "the" and at and words[at - 1].low in _PLACED):
                fits = gap in {" ", "\n"}
            else:
                begun_by = bool(word.flags & CAPITAL) and gap == " "
                fits = word.low in _NAMED and (gap in {" ", ": ", ":  "} or (word.low == "w" and gap in {"/ ", "/"}))
            if not fits or spans[at + 1][0] < done:
                continue
            last = house(text, found, at + 1, firm=":" in gap) or _compass(text, found, at)
            if last is None or (begun_by and last == at + 1):
                continue
            if (
                last + 1 < len(words)
                and words[last + 1].low in _SMALL
                and text[spans[last][1] : spans[last + 1][0]] == " "
            ):
                last += 1
            done = spans[last][1]
            more = _WHICH.match(text, done)
            done = more.end() if more else done
            made = place(spans[at + 1][0], done, "facility", "place.sited", 0.55)
            yield made
            begun.append(made)
    yield from _towns(text, found)
    for finding in begun:
        yield from _listed(text, found, finding, houses=houses)


#: A province or a state of other countries behind a town: Surrey BC, Perth, WA 6000.
_PROVINCE = re.compile(
    r",? (?:BC|AB|QC|PQ|NS|NB|MB|SK|NL|PEI|ON(?=[.,;)\n]|$)|NSW|VIC|QLD|TAS|UK|U\.K\.)\b(?! (?:cm|mg|ml))"
)
#: What a town is joined to by a hyphen, or lends its name to.
_HYPHENED = re.compile(r"-(?:area|based|born|native|bound|raised)\b")
_OWNED = re.compile(
    r"[ ](?:PD|P\.D\.|FD|F\.D\.|FR\b|EMS\b|PS\b|SD\b|Police|police|Sheriff|[Ff]ire [Dd]ep|[Aa]nimal [Cc]ontrol|[Aa]mbulance\b|[Ss]chools\b|[Ll]ibrary\b|[Rr]escue\b|[Mm]all\b|[Aa]irport\b|[Cc]ourt(?:house)?\b|[Jj]ail\b|[Hh]igh\b|[Ee]lementary\b|[Hh]ospital\b|resident\b|native\b|clinic\b|office\b|campus\b|location\b|[Cc]ity limits|area\b|ED\b|ER\b)"
)
_BOROUGH = re.compile(r"\b(Bronx|Brooklyn|Manhattan|Harlem|Staten Island)\b(?! (?:[Cc]riteria|[Pp]rotocol|[Ss]cale))")
_BOROUGHS = Marks("Bronx", "Brooklyn", "Manhattan", "Harlem", "Staten")
_LOWER_STATE = re.compile(
    r",? (?:a[lkzr]|c[ao]|ct|de|fl|ga|id|il|ia|k[sy]|m[adinost]|n[cdehjmvy]|o[hkr]|pa|sc|sd|t[nx]|ut|v[at]|w[aivy])\b(?= ?(?:\d{5}|[,.;\n)]|$|and\b|with\b|who\b|for\b))"
)


#: Somewhere in small letters, before a comma and the town: the motel by the grain elevator, dunmore, rm over.
_SOMEWHERE = re.compile(
    r"\b(?:motel|hotel|house|apt|apartment|trailer|park|shelter|store|station|elevator|church|bridge|highway|hwy|exit|farm|ranch|lake|river|location|address|loc|lives|street|road|avenue|ave|st|rd|lane|dr|blvd|court|corner|parking lot|truck stop|rest stop|campground|gas station|mall|bar|tavern|school|clinic|nursing home|group home|jail|barn|cabin|duplex|condo)\b[^.;:\n,]{0,30}, $"
)


def _towns(text: str, found: Spots) -> Iterator[Finding]:
    """Yield towns that what is behind them tells: Duluth-area, Bismarck PD; fargo, nd."""
    words, spans = found.words, found.spans
    for at in found.cities:
        end = spans[at][1]
        mark = text[end : end + 1]
        if words[at].flags & CAPITAL:
            if mark not in {"-", " ", ","} or words[at].kind == "M":
                continue
            city = longest(text, found, at)
            if city is None or city[1] in abroad():
                continue
            stop = spans[city[0]][1]
            if _PROVINCE.match(text, stop) and (sure(city[1]) or " " in city[1]):
                yield place(spans[at][0], stop, "city", "place.city-province", 0.7)
            elif _HYPHENED.match(text, stop) or (
                (owned := _OWNED.match(text, stop))
                and (sure(city[1]) or " " in city[1])
                and not BORNE.match(text, owned.end())
            ):
                yield place(spans[at][0], stop, "city", "place.city-owned", 0.6)
        elif mark in {",", " "} and mark:
            city = longest(text, found, at)
            if city and _LOWER_STATE.match(text, spans[city[0]][1]) and (mark == "," or sure(city[1])):
                yield place(spans[at][0], spans[city[0]][1], "city", "place.city-small", 0.6)
            elif city and mark == "," and _SOMEWHERE.search(text, max(0, spans[at][0] - 60), spans[at][0]):
                yield place(spans[at][0], spans[city[0]][1], "city", "place.city-small", 0.5)
    for match in _BOROUGH.finditer(text) if _BOROUGHS.held(text, found.flags) else ():
        yield place(match.start(1), match.end(1), "city", "place.borough", 0.6)


def _listed(text: str, found: Spots, finding: Finding, *, houses: bool) -> Iterator[Finding]:
    """Yield the houses and towns that go on a list: Lubbock and Show Low."""
    end, steps = finding.end, 0
    while steps < 8:
        steps += 1
        gap = _LISTED.match(text, end) or (_BRACKETED.match(text, end) if finding.kind == "facility" else None)
        if gap is None:
            return
        at = bisect_left(found.spans, (gap.end(), 0))
        if at >= len(found.words) or found.spans[at][0] != gap.end() or found.words[at].flags & (TITLE | MONTH):
            return
        city = longest(text, found, at)
        if (
            city
            and city[1] not in abroad()
            and (sure(city[1]) or " " in city[1])
            and found.words[at].kind not in "MA"
            and not eponym(found, city[0], found.spans[city[0]][1])
        ):
            last = city[0]
            # A town's name may begin a house's.
            stop = house(text, found, at, firm=True) if houses else None
            last = max(last, stop or last)
            yield place(gap.end(), found.spans[last][1], "city", "place.listed", 0.6)
        elif houses and finding.kind == "facility":
            stop = house(text, found, at)
            if stop is None:
                return
            last = stop
            yield place(gap.end(), found.spans[last][1], "facility", "place.listed", 0.55)
        else:
            return
        end = found.spans[last][1]


__all__ = ["house", "run", "sited", "towns"]
