# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Cities and towns: before a state, behind a street or words that tell of a place, and parted by marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.gazetteer import doubtful, sure, town_starts, towns
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.streets import CAP, place, states
from curator.detect.text.words.contexts import eponym
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, TITLE, TOWNISH, tables
from curator.identifiers.findings import Finding

SMALL_WORDS = frozenset(tables()["small_words"].split())

_NOT_AFTER = re.compile(
    r"[ ]?(?:score|scale|criteria|disease|syndrome|virus|protocol|classification|study|trial|catheter|sign|coma|hospital)",
    re.IGNORECASE,
)

_DEGREES_TOO = re.compile(r",?\s(?:M\.D\.?|D\.O\.?|P\.A\.?|MD|DO|PA|RN|MA|MS|ND|OD|CT|OR|ID|IN|ME|OK|HI)$")

_FOR_DEGREE = re.compile(r"\s(?:M\.D\.?|D\.O\.?|P\.A\.?|MD|PA|MA|MS|ND|DO)$")

#: Words that mean, a few words before "in" or "at", that a place stands behind, whatever it is called.
_STRONG = frozenset(tables()["land_strong"].split())


#: A year or a day between the words: born in 1923 in Fertile.
_DATED = re.compile(r",?[ ]\d{1,4},?[ ]")


def _told(text: str, found: Spots, at: int) -> bool:
    """Say whether one of the few words before a word of place tells that a town stands behind it."""
    words, spans = found.words, found.spans
    for back in range(at, max(-1, at - 5), -1):
        if back < at and words[back].low in _STRONG:
            return True
        gap = text[spans[back - 1][1] : spans[back][0]] if back else "."
        if gap not in {" ", "-", "\n", "/", "'"} and not _DATED.fullmatch(gap):
            return False
    return False


#: Words behind which somebody's home stands, though it is a term as well: lives in Tacoma, is from Bethesda.
_HOMES = frozenset(["live", "lives", "lived", "living", "reside", "resides", "resided", "residing", "born", "raised", "grew", "native", "moved", "moving", "home", "house", "apartment", "is", "was", "are", "originally", "transferred", "traveled", "travelled", "trip", "drove", "flew", "visiting", "visit", "family", "farmer", "relatives", "stationed", "hails", "vacation", "hospital", "clinic", "condo", "work", "works", "job"])  # fmt: skip


#: Those who come from a town, whatever it is called: the lady from Normal, a farmer near Fertile.
_PEOPLE = frozenset(tables()["people_from"].split())


def _comes(found: Spots, at: int) -> bool:
    """Say whether somebody stands right before "from", "near" or "of", and no word of a sentence that says what goes on."""
    return (
        at > 0
        and found.words[at].low in {"from", "near", "outside"}
        and found.words[at - 1].low in _PEOPLE
        and found.spans[at][0] - found.spans[at - 1][1] == 1
    )


def _home(found: Spots, at: int) -> bool:
    """Say whether a word of home or travel stands right before a word of place, or before what leads to it: drove in from."""
    if _comes(found, at):
        return True
    if not at or found.words[at].low not in {"in", "from", "to", "near", "outside", "around"}:
        return False
    before = found.words[at - 1].low
    if before in {"up", "in", "back", "down", "out", "over"} and at > 1:
        before = found.words[at - 2].low
    return before in _HOMES and not (before in {"is", "was", "are"} and found.words[at].low != "from")


_BEFORE = frozenset(
    [
        "in",
        "from",
        "near",
        "to",
        "around",
        "outside",
        "downtown",
        "through",
        "via",
        "toward",
        "towards",
        "rural",
        "en",
        "à",
        "bei",
        "aus",
        *tables()["land_before"].split(),
    ]
)
_IN = frozenset(["in", "from", "near", "outside", "around", "past", "downtown", "rural"])
#: Behind these a capitalized word is a town whatever it is.
_SURE = frozenset(tables()["land_before"].split()) - {
    "county",
    "between",
    "past",
    "leaving",
    "natural",
    "living",
    "visiting",
    "village",
    "town",
    "aus",
}

#: What stands between a street or a postal code and its town.
_TOWN = re.compile(
    rf"(?:,?[ ]|,?[ ]?\n[ ]*|,|[ ]{{2,16}})((?:{CAP}|[A-Z][a-z]+-[A-Z][a-z]+)(?:[ -](?:(?:de|la|of|upon|or|am|an der|sur|sous|del|le|les)[ ])?{CAP}){{0,3}})(?=[ ]?[,.;)\n(]|[ ]{{3}}|[ ]+\d{{4,5}}|[ ]\d{{1,2}}\b|[ ]\d{{3}}[ ]\d{{2,3}}\b|[ ][A-Z]{{1,2}}-\d{{4}}|[ ](?:NSW|VIC|QLD|TAS|ACT|SA|WA|NT)[ ]\d{{4}}|[ ]+[A-Z]{{1,2}}\d|[ ](?:[A-Z]{{2}}|[A-Z]\.[ ]?[A-Z]\.)[ ,]+\d{{5}}|$)"
)

#: A town behind a house and a comma, in the midst of a sentence.
_TOWN_APART = re.compile(rf"(?:,|[ ]-)[ ]({CAP}(?:[ ]{CAP})?)(?=[ .;,][a-z]|[.;,])")
_TOWN_BEHIND = re.compile(rf"[ ]({CAP}(?:[ -](?:am |an der |sur |de )?{CAP})?)")

_CODE_BEHIND = re.compile(
    r"[ ,\n]{1,3}(\d{5}(?:-\d{4})?|\d{3}[ ]\d{2,3}|[A-Z]{1,2}-\d{4,5}|\d{4}[ ][A-Z]{2}(?![A-Za-z])|\d{4}(?=[ ][A-Z][a-z]))(?![\d-])(?![ ](?:mg|units|steps|cells))"
)


def behind(text: str, road: Finding) -> Iterator[Finding]:
    """Yield the town that stands behind a street, a box or a postal code."""
    match = _TOWN.match(text, road.end)
    code = _CODE_BEHIND.match(text, match.end() if match else road.end)
    if code and road.kind in {"street", "city"}:
        yield place(code.start(1), code.end(1), "zip", "place.zip-behind", 0.8)
        town = _TOWN_BEHIND.match(text, code.end()) if road.rule == "place.street-foreign" else None
        if town:
            yield place(town.start(1), town.end(1), "city", "place.town", 0.75)
    if match is None and road.kind in {"facility", "street"}:
        apart = _TOWN_APART.match(text, road.end)
        name = next((part for part in (apart[1], apart[1].split(" ")[0]) if sure(fold(part))), None) if apart else None
        if apart and name:
            yield place(apart.start(1), apart.start(1) + len(name), "city", "place.town", 0.7)
    if match is None or road.rule in {"place.corner", "place.zip", "place.road"}:
        return
    if road.rule == "place.street-name" and fold(match[1]) not in towns():
        return
    comma = text[road.end] in ",\n"
    if road.kind == "facility" and (
        not comma or match[0][0] != "," or (_FIGURE.match(text, match.end()) and _is_word(fold(match[1])))
    ):
        return
    name = match[1]
    parts = name.split(" ")
    while (
        len(parts) > 1
        and fold(" ".join(parts)) not in towns()
        and ((parts[-1].isupper() and len(parts[-1]) == 2) or parts[-1] in _STATE_NAMES)
    ):
        parts.pop()
    name = " ".join(parts)
    folded = fold(name)
    if (folded in towns() and not (road.kind == "facility" and doubtful(folded))) or (
        (comma or road.kind == "zip")
        and folded not in abroad()
        and not any(
            (fold(part.rstrip(".")) in lexicon().medical and not (at + 1 < len(parts) and fold(part) in _CITY_HEADS))
            or len(part) < 3
            for at, part in enumerate(parts)
        )
    ):
        if road.rule == "place.unit" and folded not in towns():
            return
        if "\n" in match[0][:3] and folded not in towns() and any(_is_word(fold(part)) for part in parts):
            return
        if (
            name.rstrip(".").lower()
            in {
                "phone",
                "tel",
                "fax",
                "she",
                "he",
                "dob",
                "patient",
                "home",
                "brgy",
                "bgy",
                "barangay",
                "purok",
                "sitio",
            }
            or fold(parts[0]) in SMALL_WORDS
        ):
            return
        yield place(match.start(1), match.start(1) + len(name.rstrip(".")), "city", "place.town", 0.75)


#: A number, behind what it is of: Quill County Court, Indictment 1127/2021.
_FIGURE = re.compile(r"[ ](?:[Nn]o\.?[ ]|#)?\d{1,4}(?!\d)")
#: A postal code in the next column.
_CODE_AFTER = re.compile(r"\.?[ ]{1,12}\d{5}(?!\d)")
_STATE_NAMES = frozenset(name for name in re.split(r"[|\n]", tables()["states"]))


@cache
def _city_state() -> re.Pattern[str]:
    #: An abbreviation that is also a degree or a word needs a ZIP code, or a city that is known.
    return re.compile(
        rf"((?:{CAP}[ ]){{0,3}}{CAP})(?:,?\s+|,)(?:{states()})(?=[\s,.;)]|$)\.?(?:,?\s+(\d{{5}}(?:-\d{{4}})?)\b)?"
    )


def before_state(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield the town before a state: Fargo, ND."""
    words, spans = found.words, found.spans
    gap = text[spans[at - 1][1] : spans[at][0]]
    if gap == "^":
        if len(words[at - 1].low) < 4 or text[spans[at][1] : spans[at][1] + 1] != "^":
            return
        yield place(spans[at - 1][0], spans[at - 1][1], "city", "place.city-state", 0.8)
        return
    if gap not in {" ", ", ", ",", "\n", ",\n"} and not (gap.isspace() and _CODE_AFTER.match(text, spans[at][1])):
        return
    if words[at].upper and gap == " " and text[spans[at][1] : spans[at][1] + 1].isalnum():
        return
    first = at - 1
    while (
        first > 0
        and at - first < 4
        and words[first - 1].flags & CAPITAL
        and text[spans[first - 1][1] : spans[first][0]] in {" ", "-", "'", ". "}
    ):
        if text[spans[first - 1][1] : spans[first][0]] == ". " and words[first - 1].low not in {
            "st",
            "mt",
            "ft",
            "ste",
            "pt",
        }:
            break
        first -= 1
    match = _city_state().match(text, spans[first][0])
    if match is None or match.end() <= spans[at][0]:
        return
    if not match[2] and gap.isspace() and words[at].low in _PREPOSITIONS and _LOUDLY.match(text, match.end()):
        return
    if not match[2] and _GOES_ON.match(text, match.end()) and not words[at].upper:
        return
    lead, known = match[1], lexicon()
    parts = lead.split(" ")
    listed = next((skip for skip in range(len(parts)) if fold(" ".join(parts[skip:])) in towns()), None)
    if (
        listed is not None
        and not match[2]
        and doubtful(fold(" ".join(parts[listed:])))
        and ("," not in match[0] or _DEGREES_TOO.search(match[0]))
    ):
        listed = None
    if listed is None:
        if (not match[2] or (words[at].low == "id" and "," not in match[0])) and _is_word(fold(parts[-1])):
            return
        if "," not in match[0] and words[at - 1].kind in "MA":
            return
        listed = max(0, len(parts) - 2)
        while (
            listed < len(parts) - 1
            and _is_word(fold(parts[listed].rstrip(".")))
            and fold(parts[listed].rstrip(".")) not in _CITY_HEADS
        ):
            listed += 1
        if not match[2] and (
            "," not in match[0] or (parts[-1].isupper() and len(parts[-1]) < 4) or _DEGREES_TOO.search(match[0])
        ):
            return
    elif (
        not match[2]
        and _FOR_DEGREE.search(match[0])
        and (fold(parts[-1]) in known.frequent and words[at - 1].kind in "SGgs")
    ):
        return
    start = match.start(1) + sum(len(part) + 1 for part in parts[:listed])
    yield place(start, match.end(1), "city", "place.city-state", 0.9)


#: Codes of states that a sentence in capitals has as words: THE HEART IS NORMAL IN SIZE.
_PREPOSITIONS = frozenset(["in", "or", "me", "ok", "hi", "oh"])
_LOUDLY = re.compile(r"[ ]{1,2}[A-Z]{2}")
#: A state's name that begins something else: California Verbal Learning.
_GOES_ON = re.compile(r" [A-Z][a-z]+ (?![a-z])")
_CITY_HEADS = frozenset(tables()["city_heads"].split())


def cities_of(text: str, found: Spots, *, houses: bool = True) -> Iterator[Finding]:
    """Yield cities behind words that tell of a place, and unknown places behind those that tell surely."""
    words, spans = found.words, found.spans
    done = 0
    for at in found.toward:
        word = words[at]
        low = word.low
        if low not in _BEFORE and low not in {"of", "at"}:
            continue
        following = words[at + 1]
        start = spans[at + 1][0]
        gap = text[spans[at][1] : start]
        if start < done or (gap not in {" ", " the ", "\n", " ("} and not (low in _SURE and gap in {": ", "  "})):
            continue
        city = longest(text, found, at + 1)
        if city and doubtful(city[1]) and low not in _SURE and not _told(text, found, at) and not _comes(found, at):
            city = None
        if not following.flags & CAPITAL:
            if city and low in {"in", "from", "near", "to"} and gap == " ":
                done = spans[city[0]][1]
                yield place(start, done, "city", "place.city-small", 0.6)
            continue
        if city is None:
            last = _unlisted(text, found, at) if houses or low != "at" else None
            if last:
                done = spans[last][1]
                yield place(start, done, "city", "place.city-cue", 0.7)
            continue
        last, name = city
        end = spans[last][1]
        if (
            low in {"of", "at", "via", "through"}
            and not (low == "at" and (" " in name or following.kind in "RUuG"))
            and not _told(text, found, at)
        ):
            continue
        if _NOT_AFTER.match(text, end) or eponym(found, last, end) or name in abroad():
            continue
        if " " not in name and (
            (
                following.kind == "M"
                and (not following.listed or low not in {"in", "from", "near"})
                and low not in _SURE
                and not (name in lexicon().cities and not following.upper and _home(found, at))
            )
            or (following.upper and (following.kind in "Wgsr" or following.low in {"osh", "ica"}))
        ):
            continue
        done = end
        yield place(start, done, "city", "place.city", 0.75)


_NOT_TOWN = frozenset(tables()["not_town"].split())


def _unlisted(text: str, found: Spots, at: int) -> int | None:
    """Return the last word of a place that no list has, behind a word of place."""
    words, spans = found.words, found.spans
    word, following = words[at], words[at + 1]
    end = spans[at + 1][1]
    if following.kind in "MAI" or (following.upper and (len(following.low) < 5 or following.kind == "W")):
        return None
    if (
        following.low in _NOT_TOWN
        or following.low in abroad()
        or following.folded in abroad()
        or following.flags & TITLE
    ):
        return None
    likely = following.kind in "uRU" and (following.points >= 0.2 or following.flags & TOWNISH) and not following.upper
    good = bool(
        (likely and word.low in _IN)
        or (following.flags & TOWNISH and word.low in {"to", "of", "at"})
        or (word.low in _SURE and following.kind in "GSRUugsrn")
    )
    if eponym(found, at + 1, end) or _NOT_AFTER.match(text, end):
        return None
    if not good:
        if not _told(text, found, at):
            return None
        more = at + 2 < len(words) and words[at + 2].flags & CAPITAL and text[end : spans[at + 2][0]] == " "
        if _is_word(following.folded) and not following.listed and not more:
            return None
    last = at + 1
    while (
        last + 1 < len(words)
        and last - at < 4
        and words[last + 1].flags & CAPITAL
        and text[spans[last][1] : spans[last + 1][0]] in {" ", "-"}
        and words[last + 1].kind not in "MA"
        and words[last + 1].folded not in abroad()
    ):
        last += 1
    return last


@cache
def abroad() -> frozenset[str]:
    """Return states and countries, which stay."""
    listed = {fold(name) for name in re.split(r"[|\n]", tables()["states"])} - {"new york", "washington"}
    return frozenset(listed | {name.replace("_", " ") for name in tables()["countries"].split()})


#: Small words within the names of towns: Croton-on-Hudson, Fond du Lac, Coeur d'Alene.
_INNER = frozenset(
    [
        "de",
        "la",
        "of",
        "upon",
        "del",
        "or",
        "on",
        "by",
        "the",
        "in",
        "du",
        "le",
        "les",
        "sur",
        "d",
        "am",
        "an",
        "der",
        "aux",
    ]
)


def longest(text: str, found: Spots, at: int) -> tuple[int, str] | None:
    """Return the last word of the longest city's name that begins at a word, and the name."""
    words, spans, listed = found.words, found.spans, towns()
    if words[at].folded not in town_starts():
        return None
    last, small = at, not words[at].flags & CAPITAL
    while (
        last + 1 < len(words)
        and last - at < 4
        and text[spans[last][1] : spans[last + 1][0]] in {" ", ". ", "-", "'", "’"}
        and (words[last + 1].flags & CAPITAL or small or words[last + 1].low in _INNER)
    ):
        last += 1
    while last >= at:
        name = fold(text[spans[at][0] : spans[last][1]])
        if name in listed:
            return last, name
        last -= 1
    return None


def _is_word(folded: str) -> bool:
    known = lexicon()
    return folded in known.words or folded in known.medical
