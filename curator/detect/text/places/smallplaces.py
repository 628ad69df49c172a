# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Places that are words elsewhere: in the Woodlands; and in small letters: on fifth street, around mount baker, tilbury regional hospital.

Never a kind of place alone or a verb: down on a main street, to mount a response, at the regional hospital.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.gazetteer import sure
from curator.detect.text.lists.lexicon import lexicon, toml_of
from curator.detect.text.places.houses.facilities import LENT
from curator.detect.text.places.streets import place
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.findings import Finding

_LISTED = toml_of("houses.toml")
_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
_ARTICLES = Words(_LISTED["with_article"].split())
_MOUNTS = frozenset(_LISTED["mounts"].split())
_LAKES = frozenset(_LISTED["lakes"].split())
_RANGES = Words(_LISTED["ranges"].split())
_RANGE_NAMES = frozenset(_LISTED["range_names"].split())
#: A town or a quarter with its article.
_IN_THE = re.compile(
    r"\b(?:in|to|from|near|around|of|at|outside|through)[ ][Tt]he[ ]([A-Z][a-z]+)(?=[.,;:)?!\n]|$|[ ](?:for|with|and|but|since|where|when|who|by|to|area|last|this|over|until|now|after|before|on|as|or|to|near|because|at|so|that|is|was|has|neighborhood)\b)"
)
_PREPOSITIONS = frozenset(["in", "to", "from", "near", "around", "of", "at", "outside", "through"])
_NTH = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
#: A street by its number in words: on fifth street.
_STREET = re.compile(
    rf"\b(?:on|off|off[ ]of|down|along|near|at|from|to|by|and|across|up|over)[ ]((?:(?:north|south|east|west)[ ])?(?:{_NTH})[ ](?:street|avenue|ave)\b)(?![ ](?:of|drug|drugs|name)\b)"
)
_STREETS = frozenset(
    ["on", "off", "of", "down", "along", "near", "at", "from", "to", "by", "and", "across", "up", "over"]
)
#: A street by a name that most towns have, and a corner: over on elm street, corner of fifth and main.
_COMMON = re.compile(
    rf"\b(?:on|off|off[ ]of|down|along|near|at|from|up|over)[ ]((?:(?:north|south|east|west)[ ])?(?:{'|'.join(_LISTED['street_names'].split())})[ ](?:street|avenue|ave|road|boulevard|lane)\b)"
)
_CORNER = re.compile(
    rf"\bcorner[ ]of[ ]((?:{_NTH}|\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_LISTED['street_names'].split())})[ ](?:street[ ]|avenue[ ])?and[ ](?:{_NTH}|\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_LISTED['street_names'].split())})\b(?:[ ](?:street|avenue)\b)?)"
)
_CROSSING = re.compile(
    rf"\b(?:at|on|off|near)[ ]((?:{_NTH})[ ]and[ ](?:main|elm|oak|maple|pine|cedar|chestnut|walnut|washington|lincoln|madison|jefferson|broad|market|union)\b)"
)
_CORNERS = Words(["corner"])
_AND = Words(["main", "elm", "oak", "maple", "pine", "cedar", "chestnut", "walnut", "washington", "lincoln", "madison", "jefferson", "broad", "market", "union"])  # fmt: skip
_ROADS = Words(["street", "avenue", "ave", "road", "boulevard", "lane"])
#: A park or a trail by its name in small letters.
_PARK = re.compile(r"\b([a-z]{4,14})[ ](?:national[ ](?:parks?|forest|monument)|state[ ]park)\b")
_PARKS = Words(["park", "forest", "monument"])
_PARK_NAMES = frozenset(_LISTED["parks"].split())
_STREET_WORDS = Words(["street", "avenue", "ave"])
#: A mountain or a lake by its name in small letters.
_MOUNT = re.compile(r"(?:mount|mt\.?)[ ]([a-z]{4,14})\b")
_LAKE = re.compile(r"lake[ ]([a-z]{4,14})\b")
_PEAKS = Words(["mount", "mt", "lake"])
_QUARTERS = frozenset(["northern", "southern", "eastern", "western", "central", "north", "south", "high"])
_LEADS = frozenset(
    [
        "the",
        "in",
        "to",
        "at",
        "on",
        "near",
        "around",
        "through",
        "across",
        "up",
        "of",
        "from",
        "over",
        "hiked",
        "hike",
        "climb",
        "climbed",
        "ski",
        "skied",
        "by",
    ]
)
_MOUNTAINS = Words(["mountains"])
#: A hospital in small letters whose own word no list has.
_HOSPITAL = re.compile(
    r"\b([a-z]{4,14}(?:['’]s)?)[ ](?:(?:county|community|memorial|regional|general|medical|university|children['’]?s)[ ]){0,2}(?:regional|community|memorial|general|university|county|methodist|baptist|children['’]?s)[ ](?:(?:medical|health)[ ])?(?:hospital|center|medical[ ]center)\b"
)
_HOSPITALS = Marks("regional", "community hospital", "memorial", "general hospital", "university hospital", "county hospital", "methodist", "baptist")  # fmt: skip
_AT_REGIONAL = re.compile(
    r"\b(?:at|to|from)[ ](?:uh[ ,]+|um[ ,]+)?([a-z]{4,14}[ ](?:regional|memorial|methodist))(?=[ ]?[.,;?!\n]|$|[ ](?:for|in|on|next|this|last|and|or|tomorrow|today)\b)"
)
#: Chains in small letters whose names are two words: try rite aid.
_CHAIN = re.compile(
    rf"\b(?:at|to|from|try|tried|the|in|for|by|via|use|using|a)[ ]((?:{'|'.join(_LISTED['chains'].split('; '))}))(?![\w-])"
)
_CHAINS = Words({chain.split(" ")[0] for chain in _LISTED["chains"].split("; ")})
_CHAIN_LEADS = frozenset(["at", "to", "from", "try", "tried", "the", "in", "for", "by", "via", "use", "using", "a"])
#: A programme of a town or a house that pays or cares: her Project Bridge insurance, on Project Bridge.
_PROJECT = re.compile(
    r"\bProject[ ](?!Manager|Coordinator|Director|Leader?|Number|Title|Assistant|Engineer|Officer|Plan|Team|Management|Description|Name|Status)([A-Z][a-z]{2,}(?:[ ][A-Z][a-z]{2,})?)(?=[ ](?:insurance|program|card|coverage|clinic|is|was|has|will|for|to|and|through|since|last|this)\b|[.,;)\n]|$)"
)
_PROJECTS = Words(["project"])
#: A floor by a house's name, its number and a side: to Main-5 North.
_FLOOR = re.compile(r"\b(?:to|on|from|in|at)[ ]([A-Z][a-z]{2,}-\d{1,2}[ ](?:North|South|East|West))\b")
_FLOORS = frozenset(["to", "on", "from", "in", "at"])
_SIDES = Words(["north", "south", "east", "west"])
#: A practice that the county is called by, and the county for short.
_COUNTY = re.compile(
    r"\bcounty[ ](?:surgical|heart|orthopedics?|ortho|cardiology|eye|dental|urology|kidney|cancer|spine|imaging|vascular|pediatrics?|gastroenterology|dermatology|neurology|oncology|radiology|pain|sleep|women['’]?s)[ ](?:services|associates|specialists|partners|clinic|group|center|care|physicians|consultants|surgery)\b"
)
_COUNTIES = Words(["county"])
_FOR_COUNTY = re.compile(
    r"\b(?:at|to|for|from)[ ](county)(?=[ ]?[.,;?!\n]|$|[ ](?:for|and|they|is|will|on|in|next|or)\b)"
)


def smallplaces(text: str, found: Spots, *, houses: bool) -> Iterator[Finding]:
    """Yield such places.

    Parameters
    ----------
    text, found
        The text and its words.
    houses
        Yield hospitals and practices as well.
    """
    flags = found.flags
    if flags & _ARTICLES.bit:
        for match in beginning(found, _IN_THE, _PREPOSITIONS):
            if match[1].lower() in _ARTICLES:
                yield place(match.start(1), match.end(1), "city", "place.with-article", 0.55)
    if flags & _STREET_WORDS.bit:
        for match in beginning(found, _STREET, _STREETS):
            yield place(match.start(1), match.end(1), "street", "place.small-nth", 0.6)
    if flags & _ROADS.bit:
        for match in beginning(found, _COMMON, _STREETS):
            yield place(match.start(1), match.end(1), "street", "place.small-nth", 0.55)
    if flags & _CORNERS.bit:
        for match in _CORNER.finditer(text):
            yield place(match.start(1), match.end(1), "street", "place.small-nth", 0.6)
    if flags & _AND.bit:
        for match in beginning(found, _CROSSING, _STREETS):
            yield place(match.start(1), match.end(1), "street", "place.small-nth", 0.55)
    if flags & _PARKS.bit:
        for match in _PARK.finditer(text):
            if match[1] in _PARK_NAMES or (match[1] not in lexicon().words and match[1] not in lexicon().medical):
                yield place(match.start(), match.end(), "city", "place.small-land", 0.6)
    if flags & (_PEAKS.bit | _RANGES.bit | _MOUNTAINS.bit):
        yield from _land(text, found)
    if houses and _HOSPITALS.held(text, flags):
        for match in _HOSPITAL.finditer(text):
            if _unknown(match[1]):
                yield place(match.start(), match.end(), "facility", "place.small-hospital", 0.6)
        for match in _AT_REGIONAL.finditer(text):
            if _unknown(match[1].split(" ")[0]):
                yield place(match.start(1), match.end(1), "facility", "place.small-hospital", 0.55)
    if houses and flags & _CHAINS.bit:
        for match in beginning(found, _CHAIN, _CHAIN_LEADS):
            yield place(match.start(1), match.end(1), "facility", "place.small-chain", 0.6)
    if houses and flags & _PROJECTS.bit:
        for match in _PROJECT.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.program", 0.55)
    if houses and found.numbers and flags & _SIDES.bit:
        for match in beginning(found, _FLOOR, _FLOORS):
            yield place(match.start(1), match.end(1), "facility", "place.floor", 0.6)
    if houses and flags & _COUNTIES.bit:
        first = True
        for match in _COUNTY.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.county-house", 0.55)
            if first:
                for short in _FOR_COUNTY.finditer(text):
                    yield place(short.start(1), short.end(1), "facility", "place.county-house", 0.5)
            first = False


def _land(text: str, found: Spots) -> Iterator[Finding]:
    """Yield mountains, lakes and ranges in small letters."""
    words, spans, order = found.words, found.spans, found.order
    for at, low in enumerate(order):
        start, end = spans[at]
        if text[start] != low[0]:
            continue
        if low in _PEAKS:
            match = (_LAKE if low == "lake" else _MOUNT).match(text, start)
            if match and _peak(match[1], _LAKES if low == "lake" else _MOUNTS, at, found):
                yield place(start, match.end(), "city", "place.small-land", 0.55)
        elif low in _RANGES or (low == "mountains" and at and order[at - 1] in _RANGE_NAMES):
            first = at - (low == "mountains")
            if first and order[first - 1] in _QUARTERS and text[spans[first - 1][1] : spans[first][0]] == " ":
                first -= 1
            lead = bool(first) and order[first - 1] in _LEADS and not words[first].upper
            if lead and not text.startswith(" of ", end):
                yield place(spans[first][0], end, "city", "place.small-land", 0.55)


def _peak(name: str, listed: frozenset[str], at: int, found: Spots) -> bool:
    """Say whether a word behind "mount" or "lake" is its name."""
    if not at or found.order[at - 1] not in _LEADS:
        return False
    if name in listed:
        return True
    known = lexicon()
    return name not in known.words and name not in known.medical


def _unknown(word: str) -> bool:
    """Say whether a word in small letters is what a hospital may be called."""
    known = lexicon()
    word = word.removesuffix("'s").removesuffix("’s")
    if word in _GENERIC or word in _WARDS or word in known.medical:
        return False
    return word in LENT or sure(word) or word not in known.words


__all__ = ["smallplaces"]
