# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Codes and calls that a sentence tells: quoting SNC/40718; consultant no. 96474-14; C.I. n. CA48217FD; that's 764 1357.

A reference is told by the act of quoting it, a number by "no." before it, a call by who is to be reached. Never a dose,
a catalog's number or a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.values import unit_behind
from curator.detect.text.lists.lexicon import fold, lexicon, word_list
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots, beginning
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_CODE = r"(?=[\w/.-]{0,12}\d)[A-Za-z0-9]{1,12}(?:[/.-][A-Za-z0-9.]{1,12}){0,5}(?<![.])"
#: What one quotes, cites or mentions.
_QUOTED = re.compile(
    rf"\b(?:quot(?:e|ing|ed)|cit(?:e|ing)|mention(?:ing)?|referenc(?:e|ing)|refer(?:ring)? to|under)(?:[ ](?:our|your|the|this|my|ref(?:erence)?|file|case|claim|policy|number|no\.?|code|always|please)){{0,4}}[: ]{{1,2}}({_CODE})(?![\w%])",
    re.IGNORECASE,
)
_QUOTES = Words(
    [
        "quote",
        "quotes",
        "quoting",
        "quoted",
        "cite",
        "citing",
        "mention",
        "mentioning",
        "reference",
        "referencing",
        "referring",
        "refer",
        "under",
    ]
)
#: The reference of a letter, with the initials of who dictated and who typed it: Our ref: KMF/X.G./RM0417.
_REFERENCE = re.compile(
    r"\b(?:(?:our|your|my|file|dictation|letter)[ ]?)?(?:ref(?:erence)?s?|réf(?:érence)?|az|zeichen|unser zeichen|ihr zeichen|n[/.]?réf|v[/.]?réf)\.?[ ]?(?:no\.?|n[°º])?[ ]?[:#][ ]{0,4}([^\W_][\w.]{0,14}(?:[ ]?/[ ]?[^\W_][\w.-]{0,14}){1,5})",
    re.IGNORECASE,
)
_REFERENCES = Words(["ref", "refs", "réf", "reference", "zeichen", "az"])
#: A number word and a code of five figures or more, whatever is numbered.
_NUMBER_LEAD = re.compile(
    r"(?P<lead>\b(?P<what>[^\W\d_]{2,20}\.?[ ])?(?:no\.|No\.|nr\.?|Nr\.?|num\.|n[°º]\.?|N[°º]\.?|n\.|№|No:|no:|núm\.|numéro)[ ]?[:#]?[ ]?)(?:[A-Z]{1,4}[ -]?)?$"
)
_NUMBER_CODE = re.compile(
    r"(?:[A-Z]{1,4}[ -]?\d(?:\d|[./-](?=\d)){3,18}|\d(?:\d|[./-](?=\d)){4,18})[A-Z]{0,2}(?![\w/]|\.\d)"
)
_NOT_OF = word_list("no_number_of")
#: Papers that a state gives a person, in short, with letters around the figures.
_PAPER = re.compile(
    r"(?:\bC\.?I\.?E?\.?|\bCNI|\bC\.?N\.?I\.?|\bD\.?N\.?I\.?|\bN\.?I\.?E\.?|\bB\.?I\.?|\bC\.?C\.?|\bI\.?D\.?|\b[Cc]arta (?:d['’]identit[àa]|identit[àa])|\b[Dd]oc(?:ument[oa]?)?\.?|\b[Cc]arte (?:nationale )?d['’]identité|\b[Pp]ersonalausweis|\b[Pp]ass(?:port|aporto|eport|nummer)?|\b[Rr]eisepass|\b[Dd]owód(?: osobisty)?|\b[Cc]édula|\b[Cc]artão de [Cc]idadão|\bID[- ]?kaart|\b[Rr]ijbewijs(?:nummer)?|\b[Pp]atente|\b[Pp]ermis|\b[Ll]icencia|\b[Ff]ührerschein|\bPAN|\bVoter ID|\bEPIC)(?![A-Za-z])(?:[ ](?:card|no|nr|n|num|number|nº|n°))?[ .:#]{0,3}(?:n\.|n[°º]\.?|no\.?|nr\.?|num\.?|number|#)?[ ]?[:#]?[ ]?(?P<code>(?=[A-Z0-9 ]{7,})[A-Z]{1,3}[ ]?\d{4,9}[ ]?[A-Z]{0,3}|[A-Z]\d{2}[A-Z]\d{2}[A-Z]\d{2}|\d{4,8}-?[A-Z]{1,2}|[A-Z]{5}\d{4}[A-Z])(?![\w/-])"
)
#: Seven figures of a telephone, parted by a blank, behind words that tell of a call, or at the end of a line.
_SEVEN = re.compile(r"(?<![\d.,/#$€£-])(?<!\d[ ])([2-9]\d\d[ ]\d{4})(?![\d/%-]|[.,]\d|[ ]\d)")
_CALLED = re.compile(
    r"\b(?:that['’]?s|number(?:['’]s| is)?|numbers|phone|telephone|tel|ph|cell|mobile|mob|landline|home|house|work|office|call|calls|called|calling|ring|dial|reach(?:ed|able)?|text|fax|pager|beeper|contact|whatsapp|viber|line|back|desk|adj|adjuster|direct|extension|after hours|on|at|w|c|h|p|m)[ .:#'’]{1,3}(?:(?:is|on|at|him|her|me|us|them|it['’]?s|number|no|back|the|a|his|my|her|their|ring|call)[ .:]{1,2}){0,4}$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[ ]*(?:$|\n|[.;)](?:\s|$)|[ ]{2})")
#: Whom one paged, and the number in brackets.
_PAGED = re.compile(
    r"\b(?:paged?|pgd|beeped|notif(?:ied|y)?|called|contacted|texted|reached|pager|bpr|beeper|cb|callback)\b[^()\n.;]{0,28}\(#?(\d{3}-\d{4}|\d-\d{4}|\d{4,5})\)",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d$")
#: The letters of a version behind a card's number of Ontario, and the place of a person behind one of Australia.
_VERSION = re.compile(r"\b\d{4}[- ]\d{3}[- ]\d{3}([ -]?[A-Z]{2})?(?![\w-])")
_SHARED = re.compile(r"(?<![\d-])[2-6]\d{3}[ ]\d{5}[ ]\d(?:[ ]?[/-][ ]?\d)?(?![\d/-])")


def quoted(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such codes and calls.

    Parameters
    ----------
    text
        The text; it has figures.
    found
        Its words.
    """
    if found.flags & _QUOTES.bit:
        for match in beginning(found, _QUOTED, _QUOTES):
            plain = match[1].isdecimal() and len(match[1]) < 6 and match[0][:5].lower() == "under"
            if _is_code(match[1]) and not plain and not unit_behind(text, match.end(1)):
                yield _told(match, 1, "quoted")
    if found.flags & _REFERENCES.bit and "/" in text:
        for match in _REFERENCE.finditer(text):
            if any(mark.isdecimal() for mark in match[1]) and not _NO_REFERENCE.fullmatch(match[1]):
                yield _told(match, 1, "reference")
    if "confirmed" in found.lows:
        for match in _PAID.finditer(text):
            yield Finding(*match.span(), Category.OTHER, "code", "form.payment", 0.7)
    runs = found.numbers
    for at, (start, end) in enumerate(runs):
        size, behind = end - start, text[end : end + 1]
        if size > 4 and text[start - 2 : start - 1] in {"s", ":"} and behind not in {"%", "/"}:
            yield from _number_is(text, start, end)
        if size < 3 and behind not in _GOES_ON:
            continue
        if size > 3:
            before = text[start - 1 : start]
            if before.isupper() or behind.isupper() or (before in {" ", "-"} and text[start - 2 : start - 1].isupper()):
                yield from _paper(text, start, end)
            if before in {" ", "-"}:
                before = text[start - 2 : start - 1]
            if (
                before in _NUMBERING
                and (before != ":" or text[max(0, start - 3) : start].lower().strip(" :").endswith("o"))
            ) or before.isupper():
                yield from _numbered(text, start)
        elif (
            size > 1
            and behind in {"-", ".", "/"}
            and (text[start - 1] if text[start - 1] != " " else text[start - 2 : start - 1]) in _NUMBERING
        ):
            yield from _numbered(text, start)
        if behind in _JOINTS and at + 1 < len(runs) and runs[at + 1][0] == end + 1:
            following = runs[at + 1][1] - end - 1
            if size == 3 and following == 4 and behind == " ":
                yield from _seven(text, start)
            elif size == 4 and following in {3, 5}:
                yield from _card(text, start)
        if size in {1, 3, 4, 5} and text[start - 1 : start] in {"(", "#"}:
            yield from _paged(text, start)


_NO_REFERENCE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")
_JOINTS = frozenset(" -")
_NUMBERING = frozenset(".:#°º№r")
_GOES_ON = frozenset("-./")


def _number_is(text: str, start: int, end: int) -> Iterator[Finding]:
    if _is_card(text, start, end):
        match = _VERSIONED.match(text, start)
        yield Finding(start, match.end() if match else end, Category.HEALTH_PLAN, "plan", "form.card", 0.7)
    elif _NUMBER_IS.search(text, max(0, start - 52), start) and not unit_behind(text, end):
        yield Finding(start, end, Category.OTHER, "code", "cue.number-is", 0.6)


def _is_card(text: str, start: int, end: int) -> bool:
    """Say whether ten figures stand behind the word for a health card."""
    return end - start == 10 and _CARD.search(text, max(0, start - 30), start) is not None


def _paper(text: str, start: int, end: int) -> Iterator[Finding]:
    for match in _PAPER.finditer(text, max(0, start - 40), min(len(text), end + 8)):
        first, last = match.span("code")
        whole = first <= start < last and not text[last : last + 1].isalnum() and not unit_behind(text, last)
        if whole and sum(mark.isdecimal() for mark in match["code"]) > 3:
            yield Finding(*match.span("code"), Category.LICENSE, "license", "cue.paper", 0.75)


#: How the words for a number are written there.
_SIGNS = ("no.", "No.", "nr", "Nr", "um.", "n°", "nº", "N°", "Nº", "n.", "№", "No:", "no:", "úm.", "uméro")


def _has_sign(near: str) -> bool:
    for sign in _SIGNS:  # noqa: SIM110 - a generator costs more than the search
        if sign in near:
            return True
    return False


def _numbered(text: str, start: int) -> Iterator[Finding]:
    near = text[max(0, start - 14) : start]
    lead = _NUMBER_LEAD.search(text, max(0, start - 34), start) if _has_sign(near) else None
    if lead is None or fold((lead["what"] or "").strip(" .").rpartition(" ")[2]) in _NOT_OF:
        return
    begin = lead.end("lead")
    code = _NUMBER_CODE.match(text, begin)
    if code and _is_code(code[0]) and not unit_behind(text, code.end()):
        yield Finding(*code.span(), Category.OTHER, "code", "cue.numbered", 0.6)


def _seven(text: str, start: int) -> Iterator[Finding]:
    match = _SEVEN.match(text, start)
    if match is None or unit_behind(text, match.end()):
        return
    lead = text[max(0, start - 44) : start]
    year = match[1][4:].startswith(("19", "20"))
    if (_CALLED.search(lead) and not year) or (_ENDS.match(text, match.end()) and _person_lead(lead)):
        yield Finding(*match.span(1), Category.PHONE, "phone", "cue.call", 0.6)


def _card(text: str, start: int) -> Iterator[Finding]:
    match = _VERSION.match(text, start)
    if match and (match[1] or _CARD.search(text, max(0, start - 24), start)):
        yield Finding(*match.span(), Category.HEALTH_PLAN, "plan", "form.card", 0.6)
    match = _SHARED.match(text, start)
    if match:
        yield Finding(*match.span(), Category.HEALTH_PLAN, "plan", "form.card", 0.55)


def _paged(text: str, start: int) -> Iterator[Finding]:
    for match in _PAGED.finditer(text, max(0, start - 48), min(len(text), start + 10)):
        if match.start(1) == start and not _TIME.match(match[1]):
            yield Finding(*match.span(1), Category.PHONE, "pager", "cue.paged", 0.6)


_CARD = re.compile(r"\b(?:HCN|HC|OHIP|health card)(?:[ ]?(?:no|number|num|#))?[ #:.]{0,3}(?:is[ ])?$", re.IGNORECASE)
_VERSIONED = re.compile(r"\d{10}[ -]?[A-Z]{2}(?!\w)")
#: The number on something, told in a sentence.
_NUMBER_IS = re.compile(r"\bnumber\b(?! of\b)[^.\n]{0,34}\b(?:is|was|reads)[: ]{1,2}$", re.IGNORECASE)
#: A payment by telephone, told by its code.
_PAID = re.compile(r"(?<![\w-])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{10}(?=[ ][Cc]onfirmed\b)")
#: Who is to be called, right before the number.
_ROLE = re.compile(r"\b(?:adj|adjuster|pharm|pharmacy|mom|mother|dad|father|wife|husband|son|dtr|daughter|sister|brother|neighbor|caregiver|caretaker|aunt|uncle|niece|nephew|friend|school|office|clinic|lab|rep|attorney|atty|lawyer|cm|sw|pcp|hha|rn|nok|poa|hcp|guardian|partner|fiancée?|landlord|answering service|nurse line|on[- ]call)\.?(?:[ ][A-Z][^\W\d_]+){0,2}[ :,]{1,3}(?:at[ ])?$", re.IGNORECASE)  # fmt: skip


def _person_lead(lead: str) -> bool:
    return _ROLE.search(lead) is not None


def _is_code(value: str) -> bool:
    """Say whether a code has three figures or more, and is no day, year, score or dose."""
    digits = sum(mark.isdecimal() for mark in value)
    if digits < 3 or re.fullmatch(
        r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,3}[./]\d{1,3}|\d{1,4}[a-z]{1,4}|(?:19|20)\d\d[/-](?:\d\d|(?:19|20)\d\d)|\d{1,3}",
        value,
    ):
        return False
    return not (value.isalnum() and value.lower() in lexicon().medical)


def _told(match: re.Match[str], group: int, rule: str) -> Finding:
    return Finding(*match.span(group), Category.OTHER, "code", f"cue.{rule}", 0.7)
