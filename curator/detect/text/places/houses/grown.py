# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses of which only a part was found, short forms of their kinds, houses in small letters behind a label, and lists of towns.

RIDGELINE RETINA & GLAUCOMA ASSOC.; Oakes County Mem.; Wal-Creek draw stn; home infusion: briarwood infusion; offices in
Normal, Pell's Ferry and Arroyo Verde.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from curator.detect.text.lists.gazetteer import towns
from curator.detect.text.lists.lexicon import fold, lexicon, word_list
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots, beginning
from curator.identifiers.findings import Finding

_ENDS = r"(?:ASSOC(?:IATES?|\.)?|Assoc(?:iates?|\.)?|GROUP|Group|TEAM|Team|CLINICS?|Clinics?|CENT(?:ER|RE)S?|Cent(?:er|re)s?|LLP|LLC|L\.L\.C\.|PLLC|P\.?L\.?L\.?C\.?|INC|Inc|P\.C\.|PC|LTD|Ltd|LP|CORP|Corp|g?GmbH|e\.V\.|AG|KG|S\.A\.|SpA|S\.p\.A\.|S\.r\.l\.|Srl|AB|A/S|ApS|BV|B\.V\.|N\.V\.|Oy|Pty|PLC|plc|HOSPITALS?|Hospitals?|PRACTICE|Practice|PARTNERS|Partners|TRUST|Trust|FOUNDATION|Foundation|SERVICES|Services|INSTITUTE|Institute|SPECIALISTS|Specialists|PHYSICIANS|Physicians|SURGEONS|Surgeons|NETWORK|Network|HEALTHCARE|Healthcare|PHARMACY|Pharmacy)"
_RIGHT = re.compile(
    rf"(?:[ ](?:&|and|und|y|et|e|of|for)[ ](?:{CAP}[ ]){{0,4}}|[ ](?:{CAP}[ ]){{0,2}}|,[ ](?:{CAP},?[ ]){{0,2}}(?:&[ ]{CAP}[ ])?){_ENDS}(?![\w-])\.?"
)
_LEFT = re.compile(
    r"(?:(?:THE|The)[ ])?(?:LAW|Law)[ ](?:OFFICES?|Offices?|FIRM|Firm)[ ](?:OF[ ]|of[ ])?$|(?:OFFICES?|Offices?|CLINIC|Clinic|PRACTICE|Practice|UNIVERSITY|University|COLLEGE|College|CHILDREN['’]S|HOSPITAL|Hospital|DIOCESE|Diocese|CITY|TOWN)[ ](?:OF|of)[ ]$|(?:LAW|Law)[ ](?:OFFICES?|Offices?|FIRM|Firm)[ ]$",
)
_LAW = re.compile(r"(?:LAW|Law)[ ](?:OFFICES?|Offices?|FIRM|Firm)[ ]$")
#: Short forms of the ends of hospitals.
_SHORT = re.compile(
    rf"(?<![\w'’-])({CAP}(?:[ ]{CAP}){{0,2}}[ ](?:(?:Reg|Regl|Comm|Cty|Co|Univ|Gen|Mem|Meml|Med)\.?[ ]){{0,2}}(?:Mem|Meml|Genl|Hosp|Hosps|Regl|Med[ ]Ctr|Med[ ]Cen|Medctr|CAH))(?![\w-])\.?"
)
_SHORTS = Words(["mem", "meml", "genl", "hosp", "regl", "ctr", "cen", "medctr", "cah"])
_STATION = re.compile(
    rf"(?<![\w'’-])({CAP}(?:[ ]{CAP}){{0,2}})[ ](?:draw|collection|infusion|dialysis|blood|lab|vaccine|vax|imaging|transfusion)[ ](?:stn|station|site|depot|point|hub|ctr)\b\.?"
)
_STATIONS = Words(["stn", "station", "depot", "hub", "site", "ctr"])
#: Labels behind which a house stands in small letters as well.
_SMALLS = (
    "home infusion", "infusion co", "infusion company", "dme", "dme co", "snf", "ltc", "hospice", "home health", "agency", "home care", "dialysis unit", "hd unit", "pharmacy", "alf", "rehab facility", "acute rehab", "vna", "ambulance", "o2 vendor",
    "o2 co", "vendor", "supplier", "funeral home", "mortuary", "employer", "school", "daycare", "day care", "preschool", "shelter", "sober house", "group home", "draw site", "imaging center", "infusion center", "wound clinic", "church", "gym",
)  # fmt: skip
_SMALL = re.compile(
    r"[ ]?([a-z][\w'’&-]{2,20}(?:[ ](?:of|at|the|&|and|[a-z][\w'’-]{1,20})){0,4})(?=[ ]*(?:,|\n|;|\.|\(|$|/)|[ ]{2})"
)
_LABELED = re.compile(
    rf"\b(?:[Pp]lace of [Ss]ervice|[Ss]ite of [Ss]ervice|[Ss]ervice [Ll]ocation|[Tt]reating [Ff]acility|[Rr]endering [Ff]acility|[Pp]erforming (?:[Ll]ab|[Ff]acility|[Ss]ite)|[Aa]dmitting [Ff]acility|[Oo]utside [Hh]ospital|OSH|[Bb]irth [Hh]ospital|[Pp]rior [Hh]ospital)[ ]?:[ ]{{1,3}}({CAP}(?:[ -](?:(?:of|the|and|&|at|for)[ ])?{CAP}){{0,5}})"
)
_LABELS = Words(["service", "treating", "rendering", "performing", "admitting", "outside", "osh", "birth", "prior"])
_HEADS = _LABELS | {"place", "site"}
#: Towns in a row behind what has its houses there.
_ROW = re.compile(
    rf"\b(?:[Oo]ffices|[Cc]linics|[Ll]ocations|[Bb]ranches|[Cc]ampuses|[Ss]ites|[Ss]tores|[Ss]tudios|[Cc]onvenient(?:ly)? located|[Ss]erving|[Pp]ractices|[Ss]urgeries)(?:[ ](?:are|located|also))?[ ]?(?:in|at|:)?[ ]((?:{CAP}(?:[ -](?:(?:of|upon|on|sur|de|la|del)[ ])?{CAP}){{0,2}}(?:,[ ]?(?:and[ ]|&[ ])?|[ ](?:and|&|\||·|•)[ ])){{1,6}}{CAP}(?:[ ]{CAP}){{0,2}})"
)
_ROWS = Words(["offices", "clinics", "locations", "branches", "campuses", "serving", "stores", "studios", "surgeries"])
_NEAR = re.compile(rf"\bnr\.?[ ]({CAP}(?:[ ]{CAP})?)")
#: Who is in a town that is a word: she is in Normal.
_THERE = re.compile(
    rf"\b(?:she|he|they|we|who|family|mom|dad|son|daughter|sister|brother|parents|wife|husband|aunt|uncle|[A-Z][a-z]+)(?:['’](?:s|re)|[ ](?:is|are|was|were|lives?|lived|moved|grew[ ]up|stays?|stayed|retired|resides?))[ ](?:up[ ]|down[ ]|over[ ]|out[ ]|back[ ]|now[ ]|still[ ]|home[ ]|living[ ]|staying[ ]){{0,2}}in[ ]({CAP}(?:[ ]{CAP})?)(?=[.,;)\n]|[ ](?:so|now|and|but|with|for|until|since)\b|$)"
)


def grown(text: str, found: Spots, known: Iterable[Finding]) -> Iterator[Finding]:
    """Yield whole houses around parts of them, and the other forms.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    known
        Houses found in it.
    """
    for house in known:
        if house.kind not in {"facility", "employer"}:
            continue
        right = _RIGHT.match(text, house.end) if text[house.end : house.end + 1] in {" ", ","} else None
        start = house.start
        if text[start - 1 : start] == " " and text[start - 2 : start - 1].isalpha():
            left = _LEFT.search(text, max(0, start - 28), start)
            start = left.start() if left else start
        elif text[start : start + 3] in {"OF ", "of "}:
            left = _LAW.search(text, max(0, start - 20), start)
            start = left.start() if left else start
        if text[start : start + 3] == "OF " and text[start - 1 : start] == " ":
            left = _LAW.search(text, max(0, start - 20), start)
            start = left.start() if left else start
        if right or start < house.start:
            yield place(start, right.end() if right else house.end, "facility", "place.grown", 0.7)
    if found.flags & _SHORTS.bit:
        for match in _SHORT.finditer(text):
            first = fold(match[1].split(" ")[0])
            if first not in lexicon().medical and first not in _PLAIN:
                yield place(match.start(), match.end(), "facility", "place.short-end", 0.6)
    if found.flags & _STATIONS.bit:
        for match in _STATION.finditer(text):
            if fold(match[1].split(" ")[0]) not in lexicon().medical and fold(match[1].split(" ")[0]) not in _PLAIN:
                yield place(match.start(), match.end(), "facility", "place.station", 0.6)
    at = text.find(":")
    while at > 0:
        if text[at + 1 : at + 3].lstrip()[:1].islower() and text[max(0, at - 18) : at].lower().endswith(_SMALLS):
            yield from _small(text, at + 1)
        at = text.find(":", at + 1)
    if found.flags & _LABELS.bit:
        for match in beginning(found, _LABELED, _HEADS):
            if " " in match[1] and not all(fold(word) in _PLAIN for word in match[1].split(" ")):
                yield place(*match.span(1), "facility", "place.labeled", 0.6)


def _small(text: str, at: int) -> Iterator[Finding]:
    match = _SMALL.match(text, at)
    known = lexicon()
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", match[1])] if match else []
    if match and any(len(word) > 3 and word not in known.words and word not in known.medical for word in words):
        yield place(*match.span(1), "facility", "place.small-label", 0.6)


def rows(text: str, found: Spots) -> Iterator[Finding]:
    """Yield towns in rows, near others, and where somebody is.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    if found.flags & _ROWS.bit:
        for match in _ROW.finditer(text):
            parts = list(re.finditer(rf"{CAP}(?:[ -](?:(?:of|upon|on|sur|de|la|del)[ ])?{CAP}){{0,2}}", match[1]))
            if any(fold(part[0]) in towns() for part in parts):
                for part in parts:
                    yield place(match.start(1) + part.start(), match.start(1) + part.end(), "city", "place.row", 0.6)
    if "nr" in found.lows:
        for match in _NEAR.finditer(text):
            name = next((part for part in (match[1], match[1].split(" ")[0]) if fold(part) in towns()), None)
            if name:
                yield place(match.start(1), match.start(1) + len(name), "city", "place.near", 0.6)
    if " in " in text and found.toward:
        for at in found.toward:
            if found.words[at].low != "in":
                continue
            start = found.spans[at][0]
            for match in _THERE.finditer(text, max(0, start - 40), min(len(text), start + 40)):
                if (
                    match.start(1) == found.spans[at + 1][0]
                    and fold(match[1]) in towns()
                    and fold(match[1]) not in lexicon().medical
                ):
                    yield place(*match.span(1), "city", "place.there", 0.6)


_PLAIN = word_list("grown_plain")
