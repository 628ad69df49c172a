# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""States, countries, continents and coasts, which are no identifiers, where they were taken for a town, a house or somebody.

A country that is spelled like a town or a given name is one where travel leads to it: a trip to Kenya, back from Peru.
"""

from __future__ import annotations

import re
from functools import cache

from curator.detect.text.lists.lexicon import fold, is_given, lexicon
from curator.detect.text.words.vocabulary import tables

#: Of the list of countries, what is a direction or a people.
_NO_COUNTRIES = frozenset(["american", "united", "us", "uk", "usa", "saudi", "central", "latin", "dominican", "south", "north", "east", "west", "eastern", "western", "southern", "northern", "midwest", "southeast", "southwest", "northeast", "northwest", "middle", "pacific", "atlantic", "gulf", "arctic", "mediterranean"])  # fmt: skip
_MORE = frozenset(
    ["west coast", "east coast", "gulf coast", "midwest", "mid west", "deep south", "new england", "pacific northwest", "middle east", "far east", "near east", "southeast asia", "south asia", "east asia", "central asia", "central america", "south america", "north america", "latin america", "eastern europe", "western europe", "northern europe", "southern europe", "central europe", "west africa", "east africa", "north africa", "southern africa", "central africa", "sub-saharan africa", "hong kong", "dominican republic", "czech republic", "united kingdom", "united states", "united states of america", "united arab emirates", "great britain", "soviet union", "former soviet union", "south pacific", "republic of congo", "democratic republic of congo", "trinidad and tobago", "puerto rico", "guam", "samoa", "american samoa", "virgin islands", "scandinavia", "balkans", "central african republic", "north korea", "south korea", "new zealand", "papua new guinea", "australia", "antigua", "bermuda", "aruba", "curacao", "barbuda", "st lucia", "st. lucia", "timor", "tibet", "bosnia and herzegovina", "burkina faso", "cape verde", "sao tome", "solomon islands", "equatorial guinea", "ivory coast", "saudi arabia", "sierra leone", "sri lanka", "costa rica", "el salvador"]
)  # fmt: skip
#: What stands with one, before and behind.
_FRONT = re.compile(
    r"(?:(?:the|The)[ ])?(?:(?:State|state|Commonwealth|Republic|Kingdom|nation|country)[ ]of[ ])?(?:the[ ])?"
)
_BACK = re.compile(
    r"[ ](?:\d+|a|one|two|three|four|five|six|several|few)[ ](?:hours?|days?|weeks?|months?|years?|yrs?)(?:[ ](?:ago|later|earlier|before|prior))?$|[ ](?:ago|and|but|in|where|about|with)$"
)
#: What is with a country and is no place: United States Marine officer.
_SERVICE = re.compile(
    r"United States (?:Marines?|Army|Navy|Air Force|Coast Guard|military|citizen|Postal Service)(?: [a-z]+)?"
)
_TRAVEL = r"trips?|travel\w*|tour\w*|returned|returning|return|immigra\w+|emigra\w+|migra\w+|refugees?|deploy\w+|flew|went|flight|cruise|safari|missions?|missionary|expatriate|embassy"
_LED = re.compile(
    rf"\b(?:{_TRAVEL})\b[^.;\n]{{0,40}}?\b(?:to|from|in|of|through|across|around|throughout|for)[ ](?:the[ ])?(?:(?:rural|northern|southern|eastern|western|central)[ ])?$",
    re.IGNORECASE,
)
_LED_HOME = re.compile(
    r"\b(?:native|vacation\w*|born|raised|grew up|hik\w+|backpack\w*|camp\w*|woods|mountains|volunteer\w*|moved|relocated|liv(?:es|ed|ing)|resid\w+|studied|originally|adopted|stationed|parts|state|came|visiting)\b[^.;\n]{0,24}?\b(?:to|from|in|of|through|across|around|throughout)[ ](?:the[ ])?(?:(?:rural|northern|southern|eastern|western|central|upstate)[ ])?$",
    re.IGNORECASE,
)
_STATE_OF = re.compile(r"(?:State|state|Commonwealth|Republic) $")
#: Countries that are seldom one of the small towns that are spelled like them.
_MOSTLY = frozenset(["angola", "armenia", "brazil", "djibouti", "greece", "grenada", "jamaica", "macedonia", "mexico", "poland", "singapore", "california", "nevada", "oregon"])  # fmt: skip
#: Words with a capital beside a part of a name, and one more behind all of it: South Dakota Medical Center.
_BEFORE = re.compile(r"(?:[A-Z][a-z]+[ ]){1,2}$")
_BEHIND = re.compile(r"(?:[ ][A-Z][a-z]+){1,2}")
_ON = re.compile(r"[ ][A-Z]|,[ ][A-Z]|['’-]")
_FAR = 80


@cache
def _regions() -> frozenset[str]:
    """Return the names of states, countries and larger parts of the earth, folded."""
    listed = tables()
    names = {fold(name) for name in re.split(r"[|\n]", listed["states"])}
    names.update(name.replace("_", " ") for name in listed["countries"].split() if name not in _NO_COUNTRIES)
    return _MORE | names


@cache
def _members() -> frozenset[str]:
    """Return the words of these names."""
    return frozenset(word for name in _regions() for word in name.split())


def region(text: str, start: int, end: int, *, place: bool) -> bool:
    """Say whether what was found is a state, a country or a larger part of the earth.

    Parameters
    ----------
    text
        The text.
    start, end
        Where it was found.
    place
        Whether it was found as a place; what was found as a name is asked for more.
    """
    value = text[start:end]
    if _members().isdisjoint(value.lower().split()) and _members().isdisjoint(fold(value).strip(" .,").split()):
        return False
    if value.startswith("of ") and _STATE_OF.search(text, max(0, start - 14), start):
        value, start = value[3:], start + 3
        return fold(value) in _regions()
    if not text[start].isupper() and not text.startswith(("the ", "state "), start):
        return False
    if place and _SERVICE.fullmatch(value):
        return True
    front = _FRONT.match(value)
    told = front is not None and "of " in front[0]
    name = fold(_BACK.sub("", value[front.end() :] if front else value)).strip(" .,")
    if name not in _regions():
        return _part(text, start, end)
    words = lexicon()
    if name == "new york" or (name in words.counties and text[end : end + 7].lower() == " county"):
        return told
    if told or (place and " " in name):
        return True
    before = text[max(0, start - _FAR) : start]
    if place and (name in _MOSTLY or not (name in words.cities or name in words.frequent or is_given(name))):
        return True
    if _LED.search(before):
        return True
    return name not in words.cities and _LED_HOME.search(before) is not None


def _part(text: str, start: int, end: int) -> bool:
    """Say whether what was found is a part of such a name of several words: North Carolina, El Salvador."""
    behind = _BEHIND.match(text, end)
    before = _BEFORE.search(text, max(0, start - 28), start)
    after = behind[0].split() if behind else []
    lead = before[0].split() if before else []
    found = fold(text[start:end])
    for front in range(len(lead) + 1):
        for back in range(len(after) + 1):
            if not front + back:
                continue
            words = [*(fold(word) for word in lead[len(lead) - front :]), found, *(fold(word) for word in after[:back])]
            name = " ".join(words)
            stop = end + sum(len(word) + 1 for word in after[:back])
            if name in _regions() and name != "new york" and not _ON.match(text, stop):
                return True
    return False
