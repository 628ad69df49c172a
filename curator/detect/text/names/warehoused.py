# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Headers of notes as warehouses hold them, marks of dictation, lists of family and given names in small letters, nicknames that are told.

402917735 | ABC | 18827704 |; [MD Number 1351]; ET/MEDQ; dictated not read  ghw; -pulido, asdrubal / icd; calls me Sparky;
night float → Sully.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.words.hints import Words, at_lines
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: The number of a record, the letters of a house and the number of a stay, at the head of a line or in lines of their own.
_EXPORTED = re.compile(
    r"(?:\A|(?<=\n))[ ]{0,4}\d{6,10}(?:[ ]*\|[ ]*|[ ]*\n[ ]{0,4})(?P<house>[A-Z]{2,6})(?:[ ]*\|[ ]*|[ ]*\n[ ]{0,4})\d{5,10}(?=[ ]*(?:\||\n))"
)
_DOCTOR = re.compile(r"\[(?:MD|Doctor|Provider|Dictator) (?:Number|No\.?|#)[ ]?:?[ ](?P<number>\d{2,8})\]")
#: Who dictated, before the firm that typed: ET/MEDQ, KRM/MODL.
_TYPED_BY = re.compile(
    r"(?:\A|(?<=\n)|(?<=[ ]{2}))(?P<name>[A-Z]{2,3})/(?=(?:MEDQ|MODL|NTS|MMODAL|SPHERIS|CBAY)\d{0,4}\b)"
)
_NOT_READ = re.compile(
    r"\b(?:dictated|signed|DICTATED|Dictated)[ ,]{1,2}(?:but |BUT )?(?:not|NOT) (?:read|reviewed|proofread|READ|REVIEWED)[ .,;:–-]{1,4}(?P<name>[a-z]{2,4}|[A-Z]{2,4})(?=[ ]*(?:\n|\Z))"
)
#: Who typed, between the day of typing and the number of the document: dt 3/10/00 bjw doc 288140.
_BEFORE_JOB = re.compile(
    r"\b(?:dt|DT|t|T)[ :]{1,3}\d{1,2}[-/]\d{1,2}[-/]\d{2,4}(?:[ ]\d{1,2}:\d\d)?[ ]{1,2}(?P<name>[a-z]{2,4}|[A-Z]{2,4})(?=[ ]{1,2}(?:doc|job|dj|DOC|JOB|DJ)\b[ #:]{0,3}\d)"
)
#: The items of a list by family and given name in small letters.
_LISTED = at_lines(
    r"[ ]{0,4}[-*•·][ ]?(?P<name>[^\W\d_A-Z]{2,}(?:[-'’ ][^\W\d_A-Z]{2,}){0,2},[ ][^\W\d_A-Z]{2,}\.?)(?=[ ]?/[ ]?\w)"
)
#: Firms that type, behind a slash; words of which a text must have one for a job's number.
_FIRMS = re.compile(r"/(?:MEDQ|MODL|NTS|MMODAL|SPHERIS|CBAY)")
_JOBS = Words(["doc", "job", "dj"])
_NICK = re.compile(
    r"\b(?:call(?:s|ed)?|nicknamed) (?:me|him|her) [\"“‘']?(?P<name>[A-Z][a-z]{2,14})(?=[\"”’']?(?:[.,;!?)]|$|\n| (?:since|because|at|for|instead|but|and)\b))"
)
#: Whom an arrow hands a service to.
_HANDED = re.compile(
    r"\b(?:float|intern|resident|fellow|covering|coverage|cross-?cover|xcover|handoff|sign-?out|night team|day team|on call|backup|call)[ ]?(?:→|->|=>)[ ]?(?P<name>[A-Z][a-z]{2,14})(?=[ ]*(?:\n|\Z|[,;(]))"
)
_NEVER = frozenset(tables()["initial_never"].split())
#: Heads of sections that stand alone in a line, as the letters of a house do.
_NO_HOUSE = frozenset(
    ["DIS", "ADM", "RE", "DOB", "MRN", "SEX", "AGE", "DOS", "DOA", "DOD", "NAME", "PCP", "UNIT", "ID", "NO"]
)


def warehoused(text: str, found: Spots) -> Iterator[Finding]:
    """Yield what such forms tell.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    for match in _EXPORTED.finditer(text) if text[:12].lstrip()[:1].isdigit() else ():
        if match["house"] not in _NO_HOUSE:
            yield Finding(*match.span("house"), Category.GEOGRAPHY, "facility", "place.exported", 0.8)
    if " N" in text and "[" in text:
        for match in _DOCTOR.finditer(text):
            yield Finding(*match.span("number"), Category.LICENSE, "license", "cue.doctor-number", 0.85)
    if "/" in text:
        for match in _TYPED_BY.finditer(text) if _FIRMS.search(text) else ():
            yield _initials(match)
        for match in _LISTED(text):
            family, _, given = match["name"].partition(", ")
            words = [fold(word) for word in re.findall(r"[^\W\d_]+", family)]
            if is_name(words[-1]) or is_name(fold(given.rstrip("."))):
                yield Finding(*match.span("name"), Category.NAME, "name", "name.listed-small", 0.75)
        for match in _BEFORE_JOB.finditer(text) if found.flags & _JOBS.bit else ():
            if match["name"].lower() not in _NEVER:
                yield _initials(match)
    if "not " in text or "NOT " in text:
        for match in _NOT_READ.finditer(text):
            if match["name"].lower() not in _NEVER:
                yield _initials(match)
    if " me " in text or " him " in text or " her " in text:
        for match in _NICK.finditer(text):
            if fold(match["name"]) not in lexicon().medical:
                yield Finding(*match.span("name"), Category.NAME, "name", "name.nick", 0.7)
    if "→" in text or "->" in text or "=>" in text:
        for match in _HANDED.finditer(text):
            if fold(match["name"]) not in lexicon().medical:
                yield Finding(*match.span("name"), Category.NAME, "name", "name.handed", 0.7)


def _initials(match: re.Match[str]) -> Finding:
    return Finding(*match.span("name"), Category.NAME, "initials", "name.typist", 0.7)
