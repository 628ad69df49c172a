# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Bodies, churches, rooms and firms that words at their end or before "of" tell: Pine Barrens Visiting Nurse Assn., Hospice of the Upper Valley.

Never a kind of such a house alone: the conference room, Visiting Nurse, Social Services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.streets import place
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.identifiers.findings import Finding

_CAP = r"(?:St\.|(?!(?:WILL|IS|WAS|HAS|ARE|TO|FOR|ON|AT|WHO|HER|HIS|AND)\b)[^\W\d_a-z][\w'’-]*)"
_BEFORE = rf"(?<![\w'’.-])(?P<name>(?:(?:\d{{1,2}}(?:st|nd|rd|th)|{_CAP})[ ])(?:(?:{_CAP}|of|the|and|&)[ ]){{0,4}}"
_END = re.compile(
    _BEFORE
    + r"(?:Visiting Nurses?(?:['’]s?)?(?: (?:Assn\.|Assn|Assoc\.|Association|Service))?|VISITING NURSES?(?: ASS(?:N\.?|OCIATION))?|Tabernacle|Congregational|Cong['’]l|Drainage Board|Housing (?:Association|Authority|Trust)|Legal (?:Services|Aid)|Social Services?|(?:Seminar|Conference|Lecture|Meeting|Board) (?:Room|Hall|Theatre|Theater)|Bldg\.?|(?:Assessment|Admissions?|Decision|Day Surgery) Unit|TAFE|RFC|AFC|GAA|Bakery|Bakeries|Tires|Tyres|Diagnostics?|[Aa]irport|plc|PLC))(?![\w'’-])"
)
_OF = re.compile(
    rf"(?<![\w'’-])(?P<name>(?:Visiting Nurses?(?: (?:Association|Service))?|VISITING NURSES?|Hospice|HOSPICE|VNA|Home Care|HOME CARE|Planned Parenthood|Meals on Wheels|Habitat for Humanity|United Way|Legal Aid|Girl Scouts|Boy Scouts|Big Brothers|Sisters|Daughters|Congregation|Diocese|Archdiocese) (?:of|OF) (?:the |THE )?{_CAP}(?:(?:[ ]| (?:and|&|of) ){_CAP}){{0,3}})"
)
_FRONT = re.compile(
    rf"(?<![\w'’-])(?P<name>(?:Klinik|KLINIK|Poliklinik|POLIKLINIK|Physio|Praxis|Apotheke|Farmacia|Pharmacie|Escuela|Colegio|Iglesia|Igreja|Gereja|Masjid|Gurdwara|Wat|Sekolah)[ ](?:(?:am|an|der|de|del|la|las|los|do|da|dos)[ ])?{_CAP}(?:[ ](?:de |del |da |do )?{_CAP}){{0,3}})"
)
_INSTITUTE = re.compile(
    r"(?<![\w'’-])(?P<name>(?:[A-Z]{3,}[ ]){1,4}(?:INSTITUTE|COLLEGE|SCHOOL) OF (?:[A-Z]{3,})(?:[ ](?:AND |& )?[A-Z]{3,}){0,3}|(?:[A-Z][a-z]{2,}[ ]){1,4}(?:Institute|College|School) of (?:Medical|Health|Allied|Dental|Nursing|Technology|Medicine)(?:[ ](?:and |& )?[A-Z][a-z]{2,}){0,3})"
)
_ENDINGS = Words(
    ["visiting", "tabernacle", "congregational", "cong'l", "cong’l", "drainage", "housing", "legal", "social", "seminar", "conference", "lecture", "meeting", "board", "bldg", "assessment", "admission", "admissions", "decision", "surgery", "tafe", "rfc", "afc", "gaa", "bakery", "bakeries", "tires", "tyres", "diagnostic", "diagnostics", "airport", "plc"]
)  # fmt: skip
_HEADS = Words(["visiting", "hospice", "vna", "home", "planned", "meals", "habitat", "united", "legal", "scouts", "brothers", "sisters", "daughters", "congregation", "diocese", "archdiocese"])  # fmt: skip
_FRONTS = Words(["klinik", "poliklinik", "physio", "praxis", "apotheke", "farmacia", "pharmacie", "escuela", "colegio", "iglesia", "igreja", "gereja", "masjid", "gurdwara", "wat", "sekolah"])  # fmt: skip
_INSTITUTES = Words(["institute", "college", "school"])
#: Words that are no part of such a name, and those that do not make one.
_LEADS = frozenset(["the", "our", "your", "her", "his", "their", "at", "in", "to", "from", "by", "with", "and", "for", "per", "via", "see", "call", "re", "dear", "via", "of", "a", "an", "this", "that", "new", "location", "loc", "where", "dept", "hx", "then", "today", "also"])  # fmt: skip
_KINDS = frozenset(["emergency", "acute", "medical", "surgical", "clinical", "adult", "pediatric", "paediatric", "early", "pregnancy", "elderly", "frailty", "ambulatory", "rapid", "geriatric", "hospital", "county", "city", "state", "local", "national", "regional", "district", "community", "family", "home", "health", "mental", "public", "general", "main", "large", "small", "family", "big", "international", "domestic", "private", "patient", "department", "dept", "adult", "child", "children", "childrens", "youth", "senior", "veterans", "tumor", "tumour", "board", "case", "multidisciplinary", "mdt", "team", "weekly", "daily", "morning", "noon", "grand", "rounds", "staff", "nursing", "molecular", "advanced", "vascular", "cardiac", "imaging", "laboratory", "lab", "point", "care", "rapid", "genetic", "companion", "visiting", "nurse", "nurses", "social", "worker", "work", "services", "legal", "aid", "first", "second", "last", "next", "winter", "summer", "snow", "spare", "flat", "new", "used", "goodyear", "michelin", "central", "admission", "admissions", "day"])  # fmt: skip


def ended(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such houses.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    flags = found.flags
    for form, told in ((_END, _ENDINGS), (_OF, _HEADS), (_FRONT, _FRONTS), (_INSTITUTE, _INSTITUTES)):
        for match in form.finditer(text) if flags & told.bit else ():
            start, end = match.span("name")
            start = _begin(text, start, end)
            if _tells(text[start:end], of=form is _OF or form is _FRONT):
                yield place(start, end, "facility", "place.ended", 0.65)


def _begin(text: str, start: int, end: int) -> int:
    """Return where a name begins without the words of a sentence before it."""
    while start < end:
        word = text[start:end].split(" ", 1)
        if len(word) == 1 or word[0].lower().rstrip(".,:") not in _LEADS:
            return start
        start += len(word[0]) + 1
    return start


def _tells(name: str, *, of: bool) -> bool:
    """Say whether a name has a word besides the kind of house, which is none of medicine."""
    words = [fold(word.strip(".'’")) for word in name.split()]
    own = words[:-1] if not of else words[1:]
    known = lexicon()
    return any(
        len(word) > 2
        and word not in _KINDS
        and word not in _LEADS
        and (word not in known.medical or word in known.surnames or word in known.cities)
        for word in own
    )
