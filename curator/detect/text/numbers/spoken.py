# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Numbers and dates that are dictated word by word: "six five one, five five five, oh one seven two", "four four forty nine"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_DIGIT = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_TEEN = "(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_TENS = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_PAIR = rf"(?:{_TENS}(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|{_TEEN}|(?:oh|zero)[ -](?:one|two|three|four|five|six|seven|eight|nine))"
_GAP = "(?:,? |, ?|-| dash | hyphen |, dash, |[.]{3} ?|,? (?:double|triple) )"
#: Four digits or more in a row; a letter said with its word may lead.
_RUN = re.compile(
    rf"\b(?:[a-z] as in [a-z]{{2,12}},? |[a-z] for [a-z]{{2,12}},? )?(?:double |triple )?{_DIGIT}(?:{_GAP}(?:{_DIGIT}|{_PAIR})){{3,24}}\b(?!['-])",
    re.IGNORECASE,
)
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_NTH = "(?:(?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|nine?th)|first|second|third|fourth|fifth|sixth|seventh|eighth|nine?th|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
_ORDINAL = rf"(?:{_NTH}|(?:{_PAIR}|{_DIGIT})(?! thousand))"
_YEAR = rf"(?:nineteen[ -](?:hundred(?: and)?(?: {_PAIR}| {_DIGIT})?|{_PAIR})|twenty[ -]{_PAIR}|two thousand(?: and)?(?: (?:{_PAIR}|{_DIGIT}))?)"
#: A year of two digits: O four, of ninety three.
_SHORT = rf"(?:(?:oh|o|zero|aught) {_DIGIT}|(?:of |in )?(?:seventy|eighty|ninety)(?:[ -]{_DIGIT})?)"
_DATE = re.compile(
    rf"\b(?:{_MONTH},? (?:of |in )?{_YEAR}|{_MONTH},? (?:the )?{_ORDINAL}(?:,? (?:of |in )?(?:{_YEAR}|{_SHORT}))?|{_MONTH},? (?:of |in )?{_SHORT}|(?:the )?{_NTH} (?:of )?{_MONTH}(?:,? (?:of |in )?(?:{_YEAR}|{_SHORT}))?|(?:{_PAIR}|{_DIGIT}) (?:of )?{_MONTH},? (?:of |in )?{_YEAR})\b",
    re.IGNORECASE,
)
#: So far a day and a year reach from their month.
_BEFORE, _AFTER = 26, 60
#: Days to which one goes on: May sixth until the twelfth; and days that a sentence ends with: on the twelfth.
_ON_TO = re.compile(
    rf" (?:to|until|till|through|and) (?P<day>the {_NTH})(?![ -](?:of|time|one|day|week|rib|toe|finger|floor|grade|degree))\b|(?: (?:to|until|till|through|and) (?P<far>the {_NTH}))(?= of (?:last|this|the|next) (?:year|month))",
    re.IGNORECASE,
)
#: A month, a day and a year of two digits in words, behind words of birth or visit.
_BORN = re.compile(
    rf"\b(?:birth|birthday|birthdate|born|dob|d o b|date of \w{{3,10}})[ ,:]{{1,2}}(?:is |was |on )?(?P<date>(?:{_DIGIT}|{_TEEN})[ ,/-]{{1,2}}(?:{_PAIR}|{_DIGIT})[ ,/-]{{1,2}}(?:{_YEAR}|{_PAIR}))\b",
    re.IGNORECASE,
)
_NINETY = rf"(?:ninety(?:[- ]{_DIGIT})?|(?:a |one )?hundred(?: and)? {_DIGIT}|a hundred(?= (?:years?|now)\b|[.!?,]))"
#: An age over 89 that somebody tells of themselves, or as an answer: I am ninety three; How old is he? Ninety one.
_AGE = re.compile(
    rf"\b(?:how old\b|(?:your|his|her) age\b)[^\n?]{{0,40}}\?\s{{1,3}}(?:[^\W\d_][\w ]{{1,20}}: |\[\w+\] )?(?:(?:um|uh|well|oh|he is|he['’]s|she is|she['’]s|i am|i['’]m|they are),? ){{0,2}}(?P<asked>{_NINETY})(?![- ](?:percent|degrees|pounds|over))\b"
    rf"|\b(?:i am|i['’]m)(?: now| almost| nearly)? (?P<said>{_NINETY})(?=[.!]| (?:years?|now|and (?:a half|still|i))\b)",
    re.IGNORECASE,
)
_NTHS = Words(re.findall("[a-z]+", _NTH.replace("nine?th", "ninth|nineth").replace("?:", "")))
#: A verb and a count, unless something leads to a day: may one, march eight.
_VERBED = re.compile(rf"(?:may|march) (?:{_PAIR}|{_DIGIT})", re.IGNORECASE)
_LED = re.compile(r"\b(?:on|since|until|till|from|by|is|was|around|about|for|dated|last|this|next)[ ]$", re.IGNORECASE)
_AGED = Words(["ninety", "hundred"])
#: Words without one of which nothing but a year is dictated; in ASCII, as case has more forms beyond.
_UNITS = Words(re.findall("[a-z]+", _DIGIT + _TEEN))
#: What a dictated number is made of.
_SAID = frozenset(re.findall("[a-z]+", _PAIR + _DIGIT + _GAP))
_MARKS = ("zero", " oh ", " one", " two", "three", "four", "five", "six", "seven", "eight", "nine")
_YEARS = ("nineteen", "two thousand", "twenty")
_COUNTED = re.compile(
    r"(?:,? (?:times|days|weeks|months|years|hours|milligrams|units|percent|degrees|children|kids)\b)", re.IGNORECASE
)
_TEN = re.compile(rf"\b(?:{_DIGIT}|{_PAIR})\b", re.IGNORECASE)
_FAX = re.compile(r"\bfax\b[^.]{0,24}$", re.IGNORECASE)


def _in_row(words: list[str]) -> bool:
    """Say whether four words in a row may be those of a number."""
    return "1111" in "".join(["1" if word in _SAID else "0" for word in words])


def spoken(text: str, found: Spots) -> Iterator[Finding]:
    """Yield numbers of four digits or more, and dates, that are written as they are spoken.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    sure = text.isascii()
    counted = not sure or bool(found.flags & _UNITS.bit)
    if not counted and not found.months:
        return
    low = text.lower()
    counts = [low.count(mark) for mark in _MARKS] if counted and (not sure or _in_row(found.order)) else []
    if sum(counts) > 3 and sum(map(bool, counts)) > 2:
        for match in _RUN.finditer(text):
            if _COUNTED.match(text, match.end()):
                continue
            size = len(_TEN.findall(match[0]))
            plain = match[0].lower()
            if size < 5 and not (" as in " in plain or "oh" in plain or "zero" in plain):
                continue
            if size in {7, 10, 11}:
                category = (
                    Category.FAX if _FAX.search(text, max(0, match.start() - 30), match.start()) else Category.PHONE
                )
                yield Finding(match.start(), match.end(), category, category.name.lower(), "form.spoken", 0.8)
            else:
                yield Finding(match.start(), match.end(), Category.OTHER, "number", "form.spoken", 0.6)
    if counted and ("birth" in low or "born " in low or "dob " in low or "date of " in low):
        for match in _BORN.finditer(text):
            yield Finding(*match.span("date"), Category.DATE, "date", "date.spoken", 0.9)
    if found.months and (counted or found.flags & _NTHS.bit or any(year in low for year in _YEARS)):
        yield from _days(text, found)
    if counted and (_AGED.bit & found.flags):
        for match in _AGE.finditer(text):
            group = "said" if match["said"] else "asked"
            yield Finding(*match.span(group), Category.DATE, "age", "age.spoken", 0.7)


def _days(text: str, found: Spots) -> Iterator[Finding]:
    """Yield days and years in words around the names of months."""
    done = 0
    for at in found.months:
        for match in _DATE.finditer(text, max(done, at - _BEFORE), at + _AFTER):
            if not match.start() <= at < match.end() or " " not in match[0]:
                continue
            if _VERBED.fullmatch(match[0]) and not _LED.search(text, max(0, match.start() - 10), match.start()):
                continue
            done = match.end()
            yield Finding(match.start(), done, Category.DATE, "date", "date.spoken", 0.8)
            more = _ON_TO.match(text, done)
            if more:
                group = "day" if more["day"] else "far"
                yield Finding(*more.span(group), Category.DATE, "date", "date.spoken", 0.7)
            break
