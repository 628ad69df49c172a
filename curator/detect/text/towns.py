# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Cities and towns: before a state, behind a street or words that tell of a place, and parted by marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.contexts import eponym
from curator.detect.text.gazetteer import doubtful, town_starts, towns
from curator.detect.text.lexicon import fold, lexicon
from curator.detect.text.spots import Spots
from curator.detect.text.streets import CAP, place, states
from curator.detect.text.vocabulary import CAPITAL, TITLE, TOWNISH, tables
from curator.identifiers.findings import Finding

SMALL_WORDS = frozenset(tables()["small_words"].split())

_NOT_AFTER = re.compile(
    r"[ ]?(?:score|scale|criteria|disease|syndrome|virus|protocol|classification|study|trial|catheter|sign|coma|hospital)",
    re.IGNORECASE,
)

_DEGREES_TOO = re.compile(r",?\s(?:MD|DO|PA|RN|MA|MS|ND|OD|CT|OR|ID|IN|ME|OK|HI)$")

_FOR_DEGREE = re.compile(r"\s(?:MD|PA|MA|MS|ND|DO)$")

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
    "past",
    "leaving",
    "natural",
    "living",
    "visiting",
    "village",
    "town",
    "aus",
}
_OWNED = frozenset(tables()["land_owned"].split())

#: What stands between a street or a postal code and its town.
_TOWN = re.compile(
    rf"(?:,?[ ]|,?[ ]?\n[ ]*|,)((?:{CAP}|[A-Z][a-z]+-[A-Z][a-z]+)(?:[ -](?:(?:de|la|of|upon|or|am|an der|sur|sous|del|le|les)[ ])?{CAP}){{0,3}})(?=[ ]?[,.;)\n]|[ ]+\d{{4,5}}|[ ]+[A-Z]{{1,2}}\d|[ ](?:[A-Z]{{2}}|[A-Z]\.[ ]?[A-Z]\.)[ ,]+\d{{5}}|$)"
)

_TOWN_BEHIND = re.compile(rf"[ ]({CAP}(?:[ -](?:am |an der |sur |de )?{CAP})?)")

_CODE_BEHIND = re.compile(
    r"[ ,\n]{1,3}(\d{5}(?:-\d{4})?|\d{3}[ ]\d{2}|\d{4}[ ][A-Z]{2}(?![A-Za-z])|\d{4}(?=[ ][A-Z][a-z]))(?![\d-])(?![ ](?:mg|units|steps|cells))"
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
    if match is None or road.rule in {"place.corner", "place.zip", "place.road"}:
        return
    if road.rule == "place.street-name" and fold(match[1]) not in towns():
        return
    comma = text[road.end] in ",\n"
    if road.kind == "facility" and (not comma or match[0][0] != ","):
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
    if folded in towns() or (
        (comma or road.kind == "zip")
        and folded not in _abroad()
        and not any(fold(part.rstrip(".")) in lexicon().medical or len(part) < 3 for part in parts)
    ):
        if road.rule == "place.unit" and folded not in towns():
            return
        if "\n" in match[0][:3] and folded not in towns() and any(_is_word(fold(part)) for part in parts):
            return
        if (
            name.rstrip(".").lower() in {"phone", "tel", "fax", "she", "he", "dob", "patient", "home"}
            or fold(parts[0]) in SMALL_WORDS
        ):
            return
        yield place(match.start(1), match.start(1) + len(name.rstrip(".")), "city", "place.town", 0.75)


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
    if gap not in {" ", ", ", ",", "\n", ",\n"}:
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
    if not match[2] and _GOES_ON.match(text, match.end()) and not words[at].upper:
        return
    lead, known = match[1], lexicon()
    parts = lead.split(" ")
    listed = next((skip for skip in range(len(parts)) if fold(" ".join(parts[skip:])) in towns()), None)
    if listed is not None and not match[2] and doubtful(fold(" ".join(parts[listed:]))):
        if "," not in match[0] or _DEGREES_TOO.search(match[0]):
            listed = None
    if listed is None:
        if not match[2] and _is_word(fold(parts[-1])):
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
        city = _longest(text, found, at + 1)
        if city and doubtful(city[1]) and low not in _SURE and not _told(text, found, at):
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
        if _NOT_AFTER.match(text, end) or eponym(found, last, end) or name in _abroad():
            continue
        if " " not in name and (
            (following.kind == "M" and (not following.listed or low not in {"in", "from", "near"}) and low not in _SURE)
            or (following.upper and following.kind in "Wgsr")
        ):
            continue
        done = end
        yield place(start, done, "city", "place.city", 0.75)


def _unlisted(text: str, found: Spots, at: int) -> int | None:
    """Return the last word of a place that no list has, behind a word of place."""
    words, spans = found.words, found.spans
    word, following = words[at], words[at + 1]
    end = spans[at + 1][1]
    if following.kind in "MAI" or (following.upper and (len(following.low) < 5 or following.kind == "W")):
        return None
    if following.low in _abroad() or following.folded in _abroad() or following.flags & TITLE:
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
        and words[last + 1].folded not in _abroad()
    ):
        last += 1
    return last


def apart(text: str, found: Spots) -> Iterator[Finding]:
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
        city = _longest(text, found, at)
        if city is None:
            continue
        last, name = city
        end = spans[last][1]
        if name in _abroad() or doubtful(name):
            continue
        after = words[last + 1].low if last + 1 < len(words) and text[end : spans[last + 1][0]] == " " else ""
        if owned or after in {"pd", "ems"}:
            if after in _OWNED and (last > at or words[at].kind not in "MA"):
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


@cache
def _abroad() -> frozenset[str]:
    """Return states and countries, which stay."""
    listed = {fold(name) for name in re.split(r"[|\n]", tables()["states"])} - {"new york", "washington"}
    return frozenset(listed | {name.replace("_", " ") for name in tables()["countries"].split()})


def _longest(text: str, found: Spots, at: int) -> tuple[int, str] | None:
    """Return the last word of the longest city's name that begins at a word, and the name."""
    words, spans, listed = found.words, found.spans, towns()
    if words[at].folded not in town_starts():
        return None
    last = at
    while (
        last + 1 < len(words)
        and last - at < 4
        and text[spans[last][1] : spans[last + 1][0]] in {" ", ". ", "-", "'", "’"}
        and (words[last + 1].flags & CAPITAL or words[last + 1].low in {"de", "la", "of", "upon", "del", "or"})
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
