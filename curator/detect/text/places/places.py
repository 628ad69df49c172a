# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Places smaller than a state: counties, neighborhoods and fields of forms; towns, streets and houses by their rooms.

States and countries stay (164.514(b)(2)(i)(B) speaks of subdivisions smaller than a state).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.letters import UPPER
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.abroad import abroad
from curator.detect.text.places.addressed import addressed
from curator.detect.text.places.chained import chained, kinds
from curator.detect.text.places.corners import corners
from curator.detect.text.places.grids import grids
from curator.detect.text.places.houses.again import again
from curator.detect.text.places.houses.bodies import no_house
from curator.detect.text.places.houses.employers import employers
from curator.detect.text.places.houses.ended import ended
from curator.detect.text.places.houses.facilities import LENT, facilities
from curator.detect.text.places.houses.grown import grown, rows
from curator.detect.text.places.houses.housed import housed, shorts
from curator.detect.text.places.houses.letters import lettered
from curator.detect.text.places.houses.pairs import pairs
from curator.detect.text.places.houses.shorthouses import shorthouses
from curator.detect.text.places.houses.sited import sited
from curator.detect.text.places.houses.smallsites import smallsites
from curator.detect.text.places.houses.tailed import tailed
from curator.detect.text.places.landmarks import landmarks
from curator.detect.text.places.lots import lots
from curator.detect.text.places.named import named
from curator.detect.text.places.numbered import numbered
from curator.detect.text.places.parted import apart
from curator.detect.text.places.smallplaces import smallplaces
from curator.detect.text.places.streets import CAP, place, streets
from curator.detect.text.places.towns import SMALL_WORDS, before_state, behind, cities_of
from curator.detect.text.places.villages import villages
from curator.detect.text.words.bearing import term
from curator.detect.text.words.cells import senders
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.lands import lands
from curator.detect.text.words.speech import SPOKEN
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, TITLE, tables, word_of
from curator.identifiers.findings import Finding

_CITY_LABELS = frozenset(["city", "town", "hometown", "birthplace", "place of birth", "village", "city of birth", "residence", "suburb", "township"])  # fmt: skip

_COUNTY_LABELS = frozenset(["county", "parish", "county of residence"])

#: What a county runs, before its name alone: CPS Hennepin, probation in Ramsey.
_RUN_BY = re.compile(
    rf"\b(?:CPS|APS|DHS|DCFS|DFS|CYS|DSS|WIC|CPS worker,?|[Pp]robation|[Pp]arole|[Ss]heriff|[Cc]orrections|[Dd]etention)(?: in| with| through| via| of|:| -|,)? ({CAP}(?: {CAP})?)(?=[.,;:)\n]|$| [a-z(])"
)
_RUNS = Marks(
    "CPS", "APS", "DHS", "DCFS", "DFS", "CYS", "DSS", "WIC", "robation", "arole ", "heriff", "orrections", "etention"
)

_NOTHING = frozenset(tables()["nothing"].split())
#: Words that say nothing of which house it is: Clinic: New Patient.
_GENERIC = frozenset(tables()["house_generic"].split()) | {
    "visit",
    "seen",
    "follow",
    "up",
    "established",
    "initial",
    "virtual",
}

#: Labels that speak in a chat: Clinic: Thank you!
_SPEAKS = frozenset(["clinic", "pharmacy", "hospital", "agency", "school", "practice", "facility", "company"])

#: A label with a colon and what stands behind it, up to the next field.
_FIELD = re.compile(
    rf"\b((?i:city of birth|city|town|hometown|birthplace|place of birth|village|residence|county of residence|county|parish|employer|school|facility|hospital|clinic|pharmacy|agency|institution|company|church|neighborhood|suburb|township|tribe|band|reservation|nation|barangay|mandal|taluka?|tehsil|hamlet|borough|ward of residence"
    rf"|home|preschool|day ?care|funeral home|mortuary|nursing home|group home|assisted living|snf|alf|pcp office|home health agency|home health|shelter|loc|osh|location|site|place of work|workplace|works at|practice|referring facility|transferred from|transfer from))\"?[ ]?(?:name[ ]?)?(?::[ ]*\"?|[ ]?\|[ ]?|\t|=\"?)({CAP}(?:(?:[ ]|-|[ ](?:of|the|and|&|at|for|de|la|du|del|or)[ ]|[ ]&[ ]){CAP}){{0,6}})"
)

#: A field of a form in capitals without a colon: CITY PINE RIDGE  COUNTY.
_LOUD_FIELD = re.compile(rf"[ ]({CAP}(?:[ ]{CAP}){{0,2}})(?=[ ]{{2}}|[ ]?\||\n|$)")

_AREA = re.compile(
    rf"\b((?:{CAP}[ ]){{1,3}})(?:neighborhood|neighbourhood|district|suburb|borough|township|subdivision|housing project|projects|area|trailer park|mobile home park|reservation|Township|Heights|Reservation|Neighborhood)\b"
)

#: What stands in the midst of it: found sooner.
_AREA_MIDST = re.compile(
    rf"[{UPPER}](?:[^\W\d_]|[.'’\u0300-\u036f-])*[ ](?:neighborhood|neighbourhood|district|suburb|borough|township|subdivision|housing project|projects|area|trailer park|mobile home park|reservation|Township|Heights|Reservation|Neighborhood)\b"
)
_AREA_WORDS = Marks(
    "neighbo",
    "district",
    "suburb",
    "borough",
    "ownship",
    "subdivision",
    "project",
    "eservation",
    " park",
    "Heights",
    " area",
    "Neighborhood",
)


def places(text: str, found: Spots, *, facilities: bool = True) -> Iterator[Finding]:
    """Yield places; a state or a country of several words stays.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    facilities
        Yield houses by name as well.
    """
    for spot in _all(text, found, facilities=facilities):
        if text[spot.start : spot.start + 1] in _STATE_STARTS and fold(text[spot.start : spot.end]) in _whole():
            continue
        if spot.kind == "facility" and spot.rule in _BY_WORDS and no_house(text, spot.start, spot.end):
            continue
        if spot.rule not in _WEIGHED or not term(found, spot.start, spot.end):
            yield spot


#: Rules that take a house by its own words.
_BY_WORDS = frozenset(["place.facility", "place.sited", "place.formed", "place.unknown-pair", "place.housed", "place.university", "place.brand"])  # fmt: skip


#: Rules that only weigh words: what they find may be a term by its place.
_WEIGHED = frozenset(["place.city", "place.city-cue", "place.city-apart", "place.city-state", "place.city-small", "place.named", "place.facility", "place.brand", "place.unknown-pair", "place.formed", "place.sited", "place.saint", "place.land", "place.town", "place.store", "place.area", "place.at"])  # fmt: skip


#: With what the names of states and countries of several words begin.
_STATE_STARTS = frozenset("ABCDEINPRSTUVW")


@cache
def _whole() -> frozenset[str]:
    """Return the states and countries whose names are several words, and no town's."""
    listed = tables()
    names = [fold(name) for name in re.split(r"[|\n]", listed["states"])]
    names += [name.replace("_", " ") for name in listed["countries"].split()]
    names += _PROVINCES
    return frozenset(name for name in names if " " in name and name not in towns())


_PROVINCES = ["new south wales", "western australia", "south australia", "northern territory", "british columbia", "nova scotia", "new brunswick", "northern ireland"]  # fmt: skip


def _all(text: str, found: Spots, *, facilities: bool) -> Iterator[Finding]:
    roads = list(streets(text, found))
    if found.numbers:
        roads += lots(text, found)
        roads += grids(text, found)
        roads += kinds(text, found)
    roads += corners(text, found)
    yield from roads
    for road in roads:
        yield from behind(text, road)
    if found.numbers:
        yield from chained(text, roads)
    for at in found.states:
        if at and found.words[at - 1].flags & CAPITAL:
            yield from before_state(text, found, at)
    for at in found.counties:
        yield from _county(text, found, at)
    if found.flags & _RESIDENTS.bit:
        yield from _residents(text)
    known: list[Finding] = []
    if facilities:
        for house in _facilities(text, found):
            known.append(house)
            known += (town for town in behind(text, house) if text[town.start : town.end] not in _TURNS)
        known += housed(text, found)
        known += shorts(text, found)
        known += smallsites(text, found)
        known += shorthouses(text, found)
        known += numbered(text, found)
        for house in tailed(text, found):
            known.append(house)
            if house.rule in _TOWN_BEHIND:
                known += behind(text, house)
        if "MSH|" in text:
            yield from senders(text)
    known += _fields(text, found, houses=facilities)
    known += cities_of(text, found, houses=facilities)
    if found.named:
        known += named(text, found, houses=facilities)
    yield from known
    if facilities:
        yield from grown(text, found, known)
        yield from again(text, found, known)
        yield from lettered(text, found)
        yield from employers(text, found)
        yield from ended(text, found)
    yield from rows(text, found)
    yield from sited(text, found, known, houses=facilities)
    yield from apart(text, found, houses=facilities)
    if facilities:
        yield from pairs(text, found)
    yield from landmarks(text, found, houses=facilities)
    yield from smallplaces(text, found, houses=facilities)
    yield from villages(text, found)
    if found.addresses:
        yield from addressed(text, found)
    if found.numbers:
        away = list(abroad(text, found.flags))
        for road in away:
            yield road
            yield from behind(text, road)
        yield from chained(text, away)
    for match in _RUN_BY.finditer(text) if _RUNS.held(text, found.flags) else ():
        if fold(match[1]) in lexicon().counties:
            yield place(match.start(1), match.end(1), "county", "place.county-run", 0.6)
    if _AREA_WORDS.held(text, found.flags):
        for match in _AREA.finditer(text) if _AREA_MIDST.search(text) else ():
            yield from _area(match)


_facilities = facilities
#: Days on which a unit runs, no town: Bluestem Dialysis, MWF.
_TURNS = frozenset(["MWF", "TTS", "TTHS", "TTHSAT", "TTh"])
#: Houses behind which a town stands more often than another word.
_TOWN_BEHIND = frozenset(["place.formed", "place.learned", "place.traded", "place.quoted", "place.bracketed"])


def _fields(text: str, found: Spots, *, houses: bool) -> Iterator[Finding]:
    spans = found.spans
    size = len(text)
    for at in found.fields:
        end = spans[at][1]
        if end >= size or text[end] not in ':\t |"=':
            continue
        if text[end] == " " and text[end + 1 : end + 2] not in {":", "|", "n", "o"}:
            if found.words[at].upper and found.words[at].low in {"city", "town"}:
                loud = _LOUD_FIELD.match(text, end)
                if loud and fold(loud[1].split(" ")[0]) not in _NOTHING:
                    yield place(loud.start(1), loud.end(1), "city", "place.city-field", 0.7)
            continue
        start = spans[at][0]
        for back in (0, 1, 2):
            if back and (at - back < 0 or text[spans[at - back][1] : spans[at - back + 1][0]] != " "):
                break
            match = _FIELD.match(text, spans[at - back][0])
            if match and match.end(1) >= end:
                start = -1
                yield from _field(match, houses=houses)
                break
        if start >= 0:
            match = _FIELD.match(text, start)
            if match:
                yield from _field(match, houses=houses)


def _field(match: re.Match[str], *, houses: bool) -> Iterator[Finding]:
    value, label = match[2].rstrip(" .,;"), match[1].lower()
    kind = "city" if label in _CITY_LABELS else "county" if label in _COUNTY_LABELS else "facility"
    first = fold(value.split(" ")[0])
    if label == "home" and not (fold(value) in towns() and sure(fold(value))):
        if houses and word_of(value).kind in "Uu" and value.isalpha() and not value.isupper():
            yield place(match.start(2), match.start(2) + len(value), "facility", "place.home", 0.5)
        return
    kind = "city" if label == "home" else kind
    if (kind != "facility" or houses) and fold(value) not in _NOTHING and first not in _NOTHING:
        if (
            kind == "facility"
            and label in {"site", "location", "practice", "loc", "home health", "assisted living", "snf", "alf"}
            and (first in lexicon().medical or first in lexicon().words)
        ):
            return
        if value.isupper() and label in {"loc", "location", "site"} and _all_terms(value):
            return
        if kind == "facility" and first in SPOKEN and label in _SPEAKS and not value.isupper():
            return
        if kind == "facility" and _GENERIC.issuperset(fold(value).split(" ")):
            return
        yield place(match.start(2), match.start(2) + len(value), kind, f"place.{kind}-field", 0.8)


def _all_terms(value: str) -> bool:
    """Say whether a value in capitals holds words of medicine and short ones alone: DERM-OP, CARDS CLINIC."""
    known = lexicon()
    parts = fold(value).replace("-", " ").split()
    return any(part in known.medical for part in parts) and all(
        part in known.medical or len(part) < 3 for part in parts
    )


def _area(match: re.Match[str]) -> Iterator[Finding]:
    """Yield a neighborhood by name: the Frogtown neighborhood."""
    parts = match[1].strip().split(" ")
    if parts[-1].endswith(("'s", "’s")):
        return
    start = match.start(1)
    while parts and (
        fold(parts[0].rstrip(".")) in SMALL_WORDS
        or (fold(parts[0]) in lexicon().medical and fold(parts[0]) not in LENT)
    ):
        start += len(parts[0]) + 1
        parts.pop(0)
    word = match[0].rsplit(" ", 1)[-1].lower()
    if parts and (word not in {"area", "projects", "district"} or fold(parts[-1]) not in lexicon().words):
        yield place(start, start + len(" ".join(parts)), "city", "place.area", 0.7)


#: Where somebody is from, before the land: a Mazatlan, Mexico resident; a 69-year-old Fairmont, Salem native.
_RESIDENT = re.compile(
    rf"\b(?:an?|old|male|female|the)[ ](?P<town>{CAP}(?:[ ]{CAP})?),[ ](?P<land>{CAP}(?:[ ]{CAP})?)[ ](?:resident|native|citizen)\b"
)
_RESIDENTS = Words(["resident", "native", "citizen"])


def _residents(text: str) -> Iterator[Finding]:
    """Yield the town of who lives there, and what stands behind it if that is no state and no country."""
    for match in _RESIDENT.finditer(text):
        if all(word_of(part).kind in "MA" for part in match["town"].split(" ")):
            continue
        yield place(*match.span("town"), "city", "place.resident", 0.6)
        if match["land"].lower() not in lands() | {"mexico", "america"}:
            yield place(*match.span("land"), "city", "place.resident", 0.6)


def _county(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield Cass County, County of Cass."""
    words, spans, known = found.words, found.spans, lexicon()
    if not words[at].flags & CAPITAL or at + 1 > len(words):
        if (
            at + 1 < len(words)
            and words[at + 1].flags & CAPITAL
            and text[spans[at][1] : spans[at + 1][0]] == " "
            and words[at + 1].folded in known.counties
        ):
            yield place(spans[at + 1][0], spans[at + 1][1], "county", "place.county", 0.7)
        return
    if (
        at + 2 < len(words)
        and words[at + 1].low == "of"
        and words[at + 2].flags & CAPITAL
        and spans[at + 2][0] - spans[at][1] == 4
    ):
        last = at + 2
        if (
            at + 3 < len(words)
            and words[at + 3].flags & CAPITAL
            and text[spans[last][1] : spans[at + 3][0]] == " "
            and fold(text[spans[last][0] : spans[at + 3][1]]) in known.counties
        ):
            last = at + 3
        yield place(spans[at][0], spans[last][1], "county", "place.county", 0.85)
        return
    if (
        words[at].low == "county"
        and at
        and at + 1 < len(words)
        and words[at - 1].low in {"in", "from", "near"}
        and words[at + 1].kind in "GSRUu"
        and text[spans[at][1] : spans[at + 1][0]] == " "
        and not words[at + 1].upper
    ):
        yield place(spans[at][0], spans[at + 1][1], "county", "place.county", 0.7)
        return
    if (
        not at
        or not (words[at - 1].flags & CAPITAL or words[at - 1].low == "s")
        or text[spans[at - 1][1] : spans[at][0]] not in {" ", "\n"}
    ):
        return
    short = words[at].low in {"co", "cty"}
    if short and not (
        words[at - 1].folded in known.counties and (text[spans[at][1] : spans[at][1] + 1] in {".", ",", " ", ""})
    ):
        return
    if words[at - 1].low == "s" and at > 1 and text[spans[at - 2][1] : spans[at - 1][0]] in {"'", "’"}:
        first = (
            at - 3
            if at > 2
            and words[at - 3].flags & CAPITAL
            and text[spans[at - 3][1] : spans[at - 2][0]] == " "
            and words[at - 3].kind not in "WM"
            else at - 2
        )
        yield place(spans[first][0], spans[at][1], "county", "place.county", 0.85)
        return
    if (
        at + 1 < len(words)
        and words[at + 1].low in {"hospital", "medical", "general", "jail", "health"}
        and words[at + 1].flags & CAPITAL
    ):
        return
    first = at - 1
    while (
        first > 0
        and at - first < 3
        and words[first - 1].flags & CAPITAL
        and text[spans[first - 1][1] : spans[first][0]] in {" ", ". ", "-"}
    ):
        first -= 1
    while (
        first < at - 1
        and fold(text[spans[first][0] : spans[at - 1][1]]) not in known.counties
        and (words[first].kind in "WM" or words[first].flags & TITLE)
    ):
        first += 1
    name = fold(text[spans[first][0] : spans[at - 1][1]])
    if name in known.counties or words[at - 1].folded in known.counties or words[at - 1].kind not in "WM":
        yield place(spans[first][0], spans[at][1] if not short else spans[at - 1][1], "county", "place.county", 0.9)
