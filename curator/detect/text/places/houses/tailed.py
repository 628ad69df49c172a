# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses by what ends, owns or explains them: Sweetwater VFD, Cascade GI, NORTHERN PATHOLOGISTS, P.C., ward Osler 4.

Also in quotes or brackets behind their kind, and in small letters behind whom one calls. Never a department of medicine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.letters import UPPER
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.corners import sure_way
from curator.detect.text.places.houses.facilities import LENT
from curator.detect.text.places.houses.sentto import (
    behind_capital,
    citizen,
    homely,
    near,
    out,
    sent,
    small,
    small_labeled,
)
from curator.detect.text.places.houses.shorthouses import tells
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, MONTH, TITLE, Word, tables, word_of
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
_LEAD = frozenset(tables()["house_lead"].split())
_OVER = r"(?=[\"”'’.,;:)\n/]|$|[ ]{2}|[ ][-–—(a-z&])"
#: Who comes, holds or answers, behind a town's or a landscape's name.
_SERVED = re.compile(
    rf"(?<![\w'’-])({CAP}(?:[ -]{CAP}){{0,2}}(?:[ ]Co\.?)?)[ ](?:VFD|VFC|VFC|FD|PD|SO|EMS|VAS|VRS|ARFF|911|lock-?up|[Jj]ail|holding|juvie|dispatch|Dispatch|[Ff]ire [Rr]escue)(?![\w-])"
)
#: A practice by its trade, shortened.
_TRADED = re.compile(
    rf"(?<![\w'’-])({CAP}(?:[ -]{CAP})?)[ ](?:GI|Ortho|Peds|Endo|ENT|Derm|Onc|Heme(?:-?Onc)?|Uro|Neuro|Rheum|Pulm|Nephro|Renal|Cards|OB(?:/?GYN)?|Imaging|Docs|Dental|Vision|Eye|Retina|Spine|Pain|Psych|Allergy|Foot|Podiatry|Vascular|Fertility|IVF|Kidney|Rehab|PT)(?:/[A-Z][A-Za-z]+)?{_OVER}"
)
#: Words before a trade that say how or where in the body, not whose.
_HOW = frozenset(["upper", "lower", "left", "right", "acute", "chronic", "new", "old", "good", "general", "adult", "no", "per", "see", "call", "back", "neck", "low", "head", "east", "west", "north", "south", "central", "main", "regional", "community", "family", "private", "local", "outpatient", "inpatient", "home", "day", "night", "weekend", "fellow", "attending", "consult", "staff", "senior", "junior", "chief", "team", "outside", "next", "last", "same", "all", "any", "both", "other"])  # fmt: skip
#: The form of a firm behind its name.
_FORM = r"(?:P\.[ ]?C|P\.[ ]?A|P\.[ ]?L\.?L\.?C|L\.L\.C|L\.L\.P|PLLC|LLC|LLP|LTD|Ltd|INC|Inc|CORP|Corp|GmbH|GMBH|S\.A|B\.V|Pty|PTY|PC|PSC|P\.S\.C)"
_FORMED = re.compile(
    rf"(?<![\w'’-])((?:(?:[{UPPER}][\w'’.-]*|&|AND|and|of|OF|the|THE)[ ]){{0,6}}[{UPPER}][\w'’-]+),?[ ](?<!\d[ ]){_FORM}\.?(?![\w-])"
)
#: A ward that is called after somebody.
_WARD = re.compile(
    rf"\b(?:[Ww]ard|WARD|[Uu]nit|[Pp]avilion|[Tt]ower|[Ff]loor)(?:[ ]?[:=-][ ]?|[ ])({CAP}(?:[ ]\d{{1,2}}[A-Z]?)?)(?![\w-])|(?<![\w'’-])({CAP})[ ](?:[Ww]ard|WARD|[Uu]nit|[Pp]avilion|[Ww]ing|[Tt]ower)(?:[ ]\d{{1,2}}[A-Z]?)?(?!\w)"
)
#: Behind the kind of a house: its name in quotes, in brackets, or as what it is called.
_QUOTED = re.compile(
    rf"(?:[ ](?:called|named|by the name of|known as))?,?[ ]\(?(?:called[ ])?[\"“”'‘]({CAP}(?:[ ](?:of |the |at |on |& )?{CAP}){{0,3}})[\"”’']"
)
#: The same where only the quote opens at once: ("Rapid Docs" on Route 9).
_BRACKETED = re.compile(
    rf"(?:[ ]\(|, |: |[ ]?=[ ]?)(?:the )?({CAP}(?:[ ](?:of |the )?{CAP}){{0,2}})(?=\)|, [a-z]|[.;]|\n|$)"
)
_NAMED = re.compile(rf"[ ](called|named|by the name of|known as)[ ](?:the )?({CAP}(?:[ ](?:of |the )?{CAP}){{0,3}})")
_ARTICLE = re.compile(r"\ban? (?:[a-z-]+ ){0,3}[a-z]*$")
#: Kinds that are none alone, and the words before them.
_PAIRED = {"care": frozenset(["urgent", "day", "walk", "health"]), "living": frozenset(["sober", "assisted", "senior"]), "day": frozenset(["program"]), "house": frozenset(["sober", "halfway", "group", "boarding", "safe", "recovery", "public"])}  # fmt: skip
#: A university of a place, a school by its kind.
_LEARNED = re.compile(
    rf"\bUniversity of (?:the )?{CAP}(?:[ ]{CAP})?|(?<![\w'’-])({CAP}(?:[ ]{CAP}){{0,2}})[ ](?:Middle|High|Elementary|Primary|Junior High|Senior High|Grammar|Grade|Prep(?:aratory)?|Charter|Magnet|Nursery|Secondary|Infant|Junior|Community|Technical|Vocational)[ ](?:School|College|Academy)\b"
)
#: How far and which way from a town.
_FAR = re.compile(
    rf"\b\d{{1,3}}(?:\.\d)?[ ]?(?:(?:mi|miles?|km|kms)\.?(?:[ ](?:due |just )?(?:[NSEW]|[NS][EW]|north|south|east|west|(?:north|south)(?:east|west)|out|up|down|away))?[ ](?:of|from|outside|past)|(?:min|mins|minutes?|hrs?|hours?|h)\.?[ ](?:(?:due |just )?(?:[NSEW]|[NS][EW]|north|south|east|west|(?:north|south)(?:east|west))[ ](?:of|from)|outside|(?:drive|away|out|up|down) from))[ ]({CAP}(?:[ ]{CAP}){{0,2}})"
)
#: Age, side and sex, and where somebody is from, as a line has it: 27 RH M, Flint.
_SEXED = re.compile(
    rf"\b\d{{1,3}}[ ]?(?:y/?o)?[ ]?(?:[RL]H[ ])?[MFmf](?:ale|emale)?,[ ](?:from )?({CAP}(?:[ ]{CAP})?)(?=[ ]*(?:\n|$|;))"
)

_LABEL = re.compile(
    rf"(?:^|(?<=\n)|(?<=[ ]{{2}}))(?:Hosp|Hospital|HOSP|Facility|Fac|Clinic|Site|Centre|Center|Practice|Surgery|School|Pharmacy|Pharm|DME)[ ]?:[ ]{{0,4}}({CAP}(?:['’]s)?(?:[ ]{CAP}(?:['’]s)?){{0,3}})(?![\w'’-])"
)
#: The same in a sentence: her DME is Apex Sleep.
_IN_SENTENCE = re.compile(
    rf" is ({CAP}(?:['’]s)?(?:[ ]{CAP}(?:['’]s)?){{1,3}})(?=[ ]*(?:[.,;)\n]|$|and\b|but\b|who\b|fax\b|ph\b|\())"
)
#: A townland, a town and a county behind commas: Cloonagh Upper, Drumkeeran, Co. Leitrim.
_COUNTRY = re.compile(
    rf"(?<![\w'’-])(?:({CAP}(?:[ ]{CAP}){{0,2}}),[ ])?({CAP}(?:[ ]{CAP}){{0,2}}),[ ]((?:Co\.?|County)[ ]{CAP}(?:[ ]{CAP})?)(?=[,.;)\n]|$|[ ]{{2}}|[ ][A-Z]\d)"
)
#: A suite on a road of no number.
_SUITE = re.compile(
    rf"(?<![\w'’-])({CAP}(?:[ ]{CAP}){{0,2}}),?[ ](?:ste|suite|STE|Ste|Suite|SUITE)\.?[ ]?#?\d{{1,4}}[A-Z]?(?![\w-])"
)
#: A town behind a comma, with the post's number in two groups of three: Hubli 580 020.
_PIN = re.compile(rf",[ ]({CAP})[ ]?[-–]?[ ]?(\d{{3}}[ ]\d{{3}}|\d{{6}})(?![\w/%-]|[.,]\d|[ ]\d)")


def _irish(match: re.Match[str]) -> Iterator[Finding]:
    for group in (1, 2):
        if not match[group]:
            continue
        start, parts = match.start(group), match[group].split(" ")
        while len(parts) > 1 and (word_of(parts[0]).low in _ADDRESS or word_of(parts[0]).flags & TITLE):
            start += len(parts[0]) + 1
            parts.pop(0)
        if not any(word_of(part).flags & TITLE or word_of(part).upper for part in parts if part.isalpha()):
            yield place(start, match.end(group), "city", "place.county-behind", 0.6)
    yield place(match.start(3), match.end(3), "county", "place.county-behind", 0.7)


_ADDRESS = frozenset(["address", "addr", "residence", "home", "lives", "at", "of"])


def tailed(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such houses.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    words, spans, rules = found.words, found.spans, _rules()
    for at in found.tails:
        for rule in rules.get(words[at].low, ()):
            yield from rule(text, found, at, *spans[at])
    if " 911" in text:
        for match in _SERVED.finditer(text):
            yield from _service(match)
    if "P.C" in text or "P.A" in text or "L.L" in text or ", S.A" in text:
        for match in _FORMED.finditer(text):
            yield from _firm(match)
    if found.numbers:
        yield from _towns(text, found.numbers)


def _served(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    word = found.words[at]
    if behind_capital(found, at) and (word.upper or len(word.low) > 3):
        match = near(_SERVED, text, start, end)
        if match:
            yield from _service(match)


def _service(match: re.Match[str]) -> Iterator[Finding]:
    start = _bare(match, 1)
    name = match[1][start - match.start(1) :]
    if (
        name
        and _serves(name, match[0].rsplit(" ", 1)[-1])
        and (tells(name.removesuffix(" Co.").removesuffix(" Co"), firm=True) or fold(name) in towns())
    ):
        yield place(start, match.end(), "facility", "place.served", 0.65)


def _traded(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    match = near(_TRADED, text, start, end) if behind_capital(found, at) and found.words[at].flags & CAPITAL else None
    if match:
        start = _bare(match, 1)
        name = match[1][start - match.start(1) :]
        if (_lends(name) and not (" " not in name and name.lower() in _COLORS)) or (
            _AT.search(text, max(0, start - 6), start) and _plain(name, match[0])
        ):
            yield place(start, match.end(), "facility", "place.traded", 0.6)


def _formed(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    match = near(_FORMED, text, start, end) if at and found.words[at].flags & CAPITAL else None
    if match:
        yield from _firm(match)


def _firm(match: re.Match[str]) -> Iterator[Finding]:
    start = _bare(match, 1)
    if start < match.end(1) and match.end() - start > 8:
        yield place(start, match.end(), "facility", "place.formed", 0.7)


def _ward(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    words = found.words
    if behind_capital(found, at) or (at + 1 < len(words) and words[at + 1].flags & CAPITAL):
        match = near(_WARD, text, start, end)
        if match:
            yield from _warded(match)


def _kind(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    words = found.words
    word = words[at]
    if word.flags & CAPITAL or text[end : end + 1] not in _OPENS:
        return
    pair = _PAIRED.get(word.low)
    if pair is not None and not (at and words[at - 1].low in pair):
        return
    match = _QUOTED.match(text, end)
    if match:
        if not word_of(match[1].split(" ")[0]).flags & TITLE:
            yield place(match.start(1), match.end(1), "facility", "place.quoted", 0.6)
        return
    match = _NAMED.match(text, end)
    if match:
        told = match[1] != "called" or _ARTICLE.search(text, max(0, start - 40), end)
        if told and len(match[2]) > 2 and not word_of(match[2].split(" ")[0]).flags & TITLE:
            yield place(match.start(2), match.end(2), "facility", "place.called", 0.6)
        return
    match = _BRACKETED.match(text, end)
    if match:
        parts = [word_of(part) for part in match[1].split(" ")]
        if parts[0].flags & TITLE or any(part.upper or part.low in _WARDS for part in parts):
            return
        if any(
            part.folded in LENT or part.kind in "Uu" or (part.kind != "W" and sure(part.folded)) for part in parts
        ) or (len(parts) > 1 and tells(match[1], firm=True) and not any(part.kind in "MA" for part in parts)):
            yield place(match.start(1), match.end(1), "facility", "place.bracketed", 0.5)


_OPENS = frozenset(" ,:=")


def _learned(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    if not found.words[at].flags & CAPITAL:
        return
    match = near(_LEARNED, text, start, end)
    if match:
        start = _bare(match, 1) if match[1] else match.start()
        last = word_of(re.split(r"[ -]", match[1])[-1]) if match[1] else None
        if last is None or (start < match.end(1) and (last.low not in _GENERIC or last.listed)):
            yield place(start, match.end(), "facility", "place.learned", 0.7)


def _labeled(text: str, _found: Spots, _at: int, start: int, end: int) -> Iterator[Finding]:
    if text[end : end + 4] == " is ":
        match = _IN_SENTENCE.match(text, end)
    else:
        match = _LABEL.match(text, start) if text[end : end + 2].lstrip()[:1] == ":" else None
    if match and (match[1].endswith(("'s", "’s")) or (" " in match[1] and tells(match[1], firm=True))):
        yield place(match.start(1), match.end(1), "facility", "place.labeled", 0.6)


def _county(text: str, _found: Spots, _at: int, start: int, end: int) -> Iterator[Finding]:
    match = near(_COUNTRY, text, start, end) if text[start - 2 : start] == ", " else None
    if match:
        yield from _irish(match)


def _suite(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    match = near(_SUITE, text, start, end) if behind_capital(found, at) else None
    if match:
        first = word_of(re.split(r"[ -]", match[1])[0])
        if first.kind not in "MA" or first.folded in LENT or "kwy" in match[1]:
            yield place(match.start(), match.end(), "street", "place.suite", 0.6)


def _crossed(text: str, found: Spots, at: int, start: int, end: int) -> Iterator[Finding]:
    """Yield a crossing of two streets by their names behind a word of place: at Sixth and Main."""
    words, spans = found.words, found.spans
    if at < 2 or at + 1 >= len(words) or not words[at - 1].flags & CAPITAL or not words[at + 1].flags & CAPITAL:
        return
    if words[at - 2].low not in _AT_CROSS or text[end : spans[at + 1][0]] != " ":
        return
    if text[spans[at - 2][1] : spans[at - 1][0]] != " " or text[spans[at - 1][1] : start] != " ":
        return
    first, second = words[at - 1], words[at + 1]
    if any(
        word.flags & (TITLE | MONTH)
        or word.upper
        or word.kind == "G"
        or (not sure_way(word.folded) and (word.low in _GENERIC or word.low in _WARDS))
        for word in (first, second)
    ):
        return
    ways = [sure_way(first.folded), sure_way(second.folded)]
    known = lexicon()
    if any(word.folded in known.medical and not way for word, way in zip((first, second), ways, strict=True)):
        return
    stop = spans[at + 1][1]
    if any(ways) and not (text.startswith(" ", stop) and text[stop + 1 : stop + 2].isupper()):
        yield place(spans[at - 1][0], spans[at + 1][1], "street", "place.crossed", 0.55)


_AT_CROSS = frozenset(["at", "near", "off", "of", "by", "under", "behind", "outside", "on"])


_SIZES = frozenset([3, 6])


def _far(text: str, _found: Spots, _at: int, start: int, end: int) -> Iterator[Finding]:
    match = near(_FAR, text, start, end) if any(map(str.isdecimal, text[max(0, start - 2) : start])) else None
    if match and _town(match[1], listed=False):
        yield place(match.start(1), match.end(1), "city", "place.far", 0.6)


def _towns(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield towns before the post's number in two groups, and behind an age and a sex."""
    for start, end in runs:
        size = end - start
        if (
            size not in _SIZES
            or (size == 3 and not text[end + 1 : end + 4].isdecimal())
            or text[start - 1] not in " -–"
        ):
            continue
        match = _PIN.search(text, max(0, start - 40), end + 6)
        if match is None or match.start(2) != start:
            continue
        word = word_of(match[1])
        if (word.kind in "RUu" and len(word.low) > 4) or (word.folded in towns() and word.kind not in "MA"):
            yield place(match.start(1), match.end(1), "city", "place.pin", 0.6)
            yield place(match.start(2), match.end(2), "zip", "place.pin", 0.6)
    if "M, " in text or "F, " in text or "ale, " in text:
        for match in _SEXED.finditer(text):
            if _town(match[1], listed=True):
                yield place(match.start(1), match.end(1), "city", "place.sexed", 0.6)


#: Colors and the like, which eyes and sights are told by.
_COLORS = frozenset(["red", "pink", "black", "white", "blue", "dry", "lazy", "double", "tunnel", "bright", "clear", "flat", "bamboo", "weak", "water"])  # fmt: skip


def _serves(name: str, service: str) -> bool:
    """Say whether a single word before letters that mean something else too is a town: Elko PD, not Nightly PD."""
    if " " in name or "-" in name or service not in {"PD", "SO", "FD", "EMS", "911", "VAS", "VRS", "holding"}:
        return True
    word = word_of(name)
    return word.folded in towns() or word.folded in lexicon().counties or word.kind in "RUu"


def _bare(match: re.Match[str], group: int) -> int:
    """Return where a name begins behind words that are none of it."""
    start = match.start(group)
    parts = match[group].split(" ")
    while parts and (
        (parts[0].lower().strip(".,") in _LEAD and len(parts) > 1 and parts[0].lower() != "the")
        or word_of(re.sub(r"\W", "", parts[0]) or "x").flags & TITLE
        or parts[0] in {"and", "of", "&"}
    ):
        start += len(parts[0]) + 1
        parts.pop(0)
    return min(start, match.end(group))


def _lends(name: str) -> bool:
    """Say whether a practice may be called so: a town, a landscape or a word that no list has, and nobody's name."""
    if not name:
        return False
    parts = [word_of(part) for part in re.split(r"[ -]", name) if part]
    if any(part.upper or part.low in _HOW or part.low in _WARDS or part.flags & TITLE for part in parts[:1]):
        return False
    if any(part.kind in "MA" and part.folded not in LENT for part in parts):
        return False
    return any(part.folded in LENT or sure(part.folded) or part.kind in "Uu" for part in parts) or fold(name) in towns()


#: Words of place right before a practice, and trades that are no service of the same house behind them.
_AT = re.compile(r"(?:\b(?:at|from|to|via|by)|@) $")
_OUTSIDE = re.compile(r" (?:Imaging|Ortho|Peds|Dental|Vision|Eye|Docs|Retina|Spine|Kidney|Podiatry)$")


def _plain(name: str, whole: str) -> bool:
    """Say whether words of everyday are a practice's name behind a word of place: at Tower Imaging."""
    parts = [word_of(part) for part in re.split(r"[ -]", name) if part]
    return (
        bool(parts)
        and _OUTSIDE.search(whole) is not None
        and not any(
            part.upper or part.kind in "MA" or part.low in _HOW or part.low in _GENERIC or part.low in _WARDS
            for part in parts
        )
    )


def _warded(match: re.Match[str]) -> Iterator[Finding]:
    group = 1 if match[1] else 2
    word = word_of(re.split(r"[ .'’-]", match[group])[0])
    known = lexicon()
    if group == 2 and word.kind == "G" and "Ward" in match[0]:
        return  # the family name: Emily Ward
    if word.upper or word.flags & TITLE or word.low in _GENERIC or word.low in _WARDS:
        return
    named = _named_ward(match[0] if group == 1 else "ward", word)
    if not named and word.folded in known.medical and word.folded not in known.eponyms:
        return
    if named or word.kind in "SRGUun" or word.folded in known.eponyms:
        yield place(match.start(group), match.end(group), "facility", "place.ward", 0.5)


def _named_ward(seen: str, word: Word) -> bool:
    """Say whether a word behind "ward" or "unit:" is a family name, though it be a term or a word: ward Nightingale."""
    known = lexicon()
    if not word.listed or word.folded not in known.surnames or (word.kind in "MA" and word.folded in known.words):
        return False
    if word.kind in "sgr" and word.folded not in known.frequent:
        return False
    return seen[:4].lower() == "ward" or ":" in seen or seen[-1].isdigit()


_Rule = Callable[[str, Spots, int, int, int], Iterator[Finding]]


@cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    """Return the rules of each word around which they look."""
    named = {
        "served": _served, "traded": _traded, "formed": _formed, "ward": _ward, "kinds": _kind, "schools": _learned, "small": small, "labeled": small_labeled,
        "label": _labeled, "far": _far, "county": _county, "suite": _suite, "sent": sent, "homely": homely, "out": out, "citizen": citizen, "crossed": _crossed,
    }  # fmt: skip
    made: dict[str, tuple[_Rule, ...]] = {}
    for name, rule in named.items():
        for word in tables()[f"tail_{name}"].split():
            made[word] = (*made.get(word, ()), rule)
    return made


def _town(name: str, *, listed: bool) -> bool:
    parts = [word_of(part) for part in re.split(r"[ -]", name) if part]
    if not parts or parts[0].flags & TITLE or (parts[0].low in _GENERIC and len(parts) < 2):
        return False
    if listed or fold(name) in towns():
        return fold(name) in towns()
    return not any(part.kind in "MA" and part.folded not in towns() for part in parts)


__all__ = ["tailed"]
