# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Numbers of persons as other countries group them, that their form tells without any label.

M 482 117 093, 2 69 05 49 588 157 80, 120457-228J, A122817(3), GARC 1 560412 003, 80840 8949170266. Sources: the
countries' own descriptions of their numbers; the card issuer prefix 80840 is ISO/IEC 7812 for health in the US.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_END = r"(?![\w%/]|[.,:]\d|-\w)"
#: By the marks that a text must have around a run of digits: a form, how far before the run it may begin, its category.
_FORMS = (
    # A letter and groups of three: cards of insured persons, licenses to drive.
    (re.compile(rf"(?<![\w/-])[A-Z][ -](?:\d{{3}}[ -]){{2,3}}\d{{2,3}}(?:[ -]\d)?{_END}"), Category.HEALTH_PLAN, "plan"),
    # Letters of a name and groups: CIP, RAMQ.
    (re.compile(rf"(?<![\w/-])[A-Z]{{4}}[ ](?:\d[ ]\d{{6}}[ ]\d{{3}}|\d{{4}}[ ]\d{{4}}){_END}"), Category.HEALTH_PLAN, "plan"),
    (re.compile(rf"(?<![\w/.-])[12][ ]\d\d[ ](?:0[1-9]|1[0-2])[ ]\d[\dAB][ ]\d{{3}}[ ]\d{{3}}(?:[ ]\d\d)?{_END}"), Category.SSN, "ssn"),
    (re.compile(rf"(?<![\w/.-])\d{{6}}[-+A]\d{{3}}[0-9A-FHJ-NPR-Y]{_END}"), Category.SSN, "ssn"),
    (re.compile(r"(?<![\w/.-])[A-Z]{1,2}\d{6}\([0-9A]\)(?!\w)"), Category.OTHER, "code"),
    (re.compile(rf"(?<![\w/.-])80840[ -]?\d{{10}}{_END}"), Category.HEALTH_PLAN, "plan"),
)  # fmt: skip


def nations(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield such numbers.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end.
    """
    last = len(text)
    for start, end in runs:
        size = end - start
        if end >= last or text[end] not in _BEHIND:
            continue
        before = text[start - 2 : start] if start > 1 else ""
        if size == 3 and before[1:] in _GAPS and before[:1].isupper():
            yield from _at(_FORMS[0], text, start - 2)
        elif size in {1, 4} and before[1:] == " " and before[:1].isupper() and start > 4:
            yield from _at(_FORMS[1], text, start - 5)
        if size == 1 and text[end] == " " and text[start] in "12":
            yield from _at(_FORMS[2], text, start)
        elif size == 6 and text[end] in "-+A":
            yield from _at(_FORMS[3], text, start)
        elif size == 6 and text[end] == "(" and before[1:].isupper():
            yield from _at(_FORMS[4], text, start - 1 - before[:1].isupper())
        elif size == 5 and text.startswith("80840", start):
            yield from _at(_FORMS[5], text, start)


def _at(form: tuple[re.Pattern[str], Category, str], text: str, start: int) -> Iterator[Finding]:
    match = form[0].match(text, start)
    if match and not (form is _FORMS[0] and _ROUND.match(match[0])):
        yield Finding(start, match.end(), form[1], form[2], "form.national", 0.8)


#: Cases, files and runs by what they are called: file RM 1107/24, Docket 19 CR 2281, CAD 0417, "EXP-0093-S".
_CASE = re.compile(
    r"\b(?:[Cc]ase|CASE|[Ff]ile|FILE|[Rr]isk|[Mm]atter|[Dd]ocket|DOCKET|[Rr]ef(?:erence)?|REF|[Rr]eport|[Cc]laim|[Cc]omplaint|[Pp]etition|[Cc]ause|[Ww]arrant|[Ii]ncident|[Cc]rime|[Pp]olice|[Cc]ustody|[Aa]sylum|Office)(?: (?:[Nn]o|[Nn]umber|NO|[Rr]ef))?[.:#]{0,2}[ ]#?([A-Z]{1,4}[ /-]?\d{1,7}[/-]\d{1,5}|\d{2,4}[ -][A-Z]{2}[ -]\d{3,6}|(?<=[Ff]ile )\d{2,4}/\d{2,5})(?![\w/-])"
)
_RUN = re.compile(r"\b(?:CAD|[Rr]un|RUN|ePCR)[ ]#?(0\d{3}|\d{5,10}|\d{2}-\d{4,7})(?![\w/-]|\.\d)")
_QUOTED = re.compile(r"[\"“]((?!ATCC|SARS|HLA|COVID|NCTC|DSMZ)[A-Z]{2,5}-\d{3,6}(?:-[A-Z0-9]{1,3})?)[\"”]")
_ENDING = re.compile(
    r"\b(?:[Cc]onf(?:irmation)?|[Rr]ef(?:erence)?|[Cc]ode|PIN|[Pp]in|[Cc]ard|[Aa]cc(?:oun)?t|[Tt]icket|[Vv]oucher|[Tt]racking|[Ss]erial|[Cc]laim|[Pp]hone|[Nn]umber|MRN|mrn|SSN|ssn|[Cc]ell|[Mm]obile|[Mm]ob|[Ff]ob)\b[^.;\n]{0,14}? end(?:s|ing)?(?: in| with)?[ ][\"“]?((?=[-A-Z]{0,5}\d)-?[A-Z0-9]{2,6})(?![\w/%]|\.\d)"
)

_FLIGHT = re.compile(r"\b(?:[Ff]light|flt)[ ]#?([A-Z]{2}[ ]?\d{2,4})(?![\w-])")
#: Extensions in two groups: ext 44-817, bleep 4-481; two figures behind an x.
_DIALED = re.compile(
    r"\b(?:[Ee]xtn?|EXT|[Bb]leep(?:er)?|[Pp]ager|[Pp]gr|[Dd]ect|DECT|[Vv]ocera|[Aa]scom)\.?[ :#]{1,2}(\d{1,3}-\d{2,4})(?![\d/-]|\.\d)|(?<=[^\W\d_] )x(\d{3})(?=[.,;)\n]|$)"
)
#: Codes of doors and alarms: door 4417#, key under mat, code 4417.
_LOCK = re.compile(
    r"\b(?:[Dd]oor|[Gg]ate|[Aa]larm|[Kk]eypad|[Ll]ock|[Ll]ock-?box|[Gg]arage|[Ee]ntry|[Bb]uzzer|[Ff]ob|[Ll]obby|[Ee]levator|[Kk]ey ?safe|[Kk]ey)(?:[ ]?[:=#]?[ ]?([#*]?\d{3,6}[#*]|(?<=[Aa]larm )0\d{3})|[^.;\n]{0,30}?\bcode[ ]?[:=#]?[ ](?:is )?([#*]?\d{3,6}[#*]?))(?![\w/%-]|\.\d)"
)


def cases(text: str, found: Spots) -> Iterator[Finding]:
    """Yield numbers of cases, runs, flights and doors, codes in quotes, and the ends of numbers that are told.

    Parameters
    ----------
    text, found
        The text, which has digits, and its words.
    """
    words, spans, rules = found.words, found.spans, _rules()
    for at in found.tails:
        for name, form in rules.get(words[at].low, ()):
            start = spans[at][0]
            match = form.search(text, max(0, start - 40), start + 40) if name == "ending" else form.match(text, start)
            if match:
                group = 1 if match[1] else 2
                category = Category.PHONE if name == "dialed" else Category.OTHER
                yield Finding(match.start(group), match.end(group), category, "case", f"form.{name}", 0.6)
    for match in _QUOTED.finditer(text) if '"' in text or "“" in text else ():
        yield Finding(match.start(1), match.end(1), Category.OTHER, "code", "form.quoted", 0.6)


@cache
def _rules() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """Return the rules of each word around which they look."""
    forms = {"case": _CASE, "run": _RUN, "ending": _ENDING, "flight": _FLIGHT, "dialed": _DIALED, "lock": _LOCK}
    made: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}
    for name, form in forms.items():
        for word in tables()[f"tail_{name}"].split():
            made[word] = (*made.get(word, ()), (name, form))
    return made


#: A letter and round figures, which are measured: A 120 130 140.
_ROUND = re.compile(r"[A-Z](?:[ -]\d\d[05])+$")
_BEHIND = frozenset(" -+A(")
_GAPS = frozenset(" -")
