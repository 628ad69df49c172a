# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Dates in every form that notes use, ages of 90 and more, and what only looks like a date.

Safe Harbor lets the year stay (164.514(b)(2)(i)(C)): a year alone is no finding, unless it is the year of birth of
somebody who must be 90 or older. Scores, ratios, vital signs and doses are not dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.spots import AGE, HOLIDAY, ORDINAL, Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?"
    r"|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_FOREIGN = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|januar|februar|m[äa]rz"
    r"|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?:(?:1[89]|20)\d\d|['’]\d\d)"

#: Year, month, day with the separators that machines write; also without any, when the numbers are a real day.
_YMD = re.compile(
    r"(?<![\d.])(?:1[89]|20)\d\d([-/. ]?)(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?=[T_ ]?\d\d:|(?!\d|\.\d))"
)
_NUMERIC = re.compile(
    r"(?<![\d/.])(?<!\d-)(\d{1,2})( ?[-/.] ?)(\d{1,2})\2((?:1[89]|20)\d\d|\d\d)(?![\d/])(?!-\d)(?!\.\d)(?!\s?%)"
)
_SPACED = re.compile(r"(?<![\d.])(\d\d) (\d\d) ((?:19|20)\d\d)(?!\d)")
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(?:0?[1-9]|1[0-2])[/-](?:19|20)\d\d(?![\d/-])")
_MONTH_DAY = re.compile(r"(?<![\w/.\-+])(0?[1-9]|1[0-2])([/-])(0?[1-9]|[12]\d|3[01])(?![\d/%\-]|\.\d)(?!\s?[-/]\s?\d)")
_NAMED_DAY_FIRST = re.compile(
    rf"(?<![\w.])(?:{_DAY}\s?(?:-|–|to|and|&)\s?)?{_DAY}(?:(?:\s+of\s+|\s?[-/,]?\s?|\.){_MONTH}|(?:\.?\s?|\s)(?:de )?{_FOREIGN})(?![a-z])"
    rf"(?:\s?(?:[-/.,]|of|de)?\s?{_YEAR}(?!\d)|-\d\d(?!\d))?",
    re.IGNORECASE,
)
_NAMED_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}[ \t]*[-/.,]?[ \t]*{_DAY}(?!\d|:\d|%|\.\d)(?:[ \t]?(?:-|–|to|and|&)[ \t]?{_DAY}(?!\d|:\d))?"
    rf"(?:[ \t]*[-/.,]?[ \t]*{_YEAR}(?!\d))?",
    re.IGNORECASE,
)
_NAMED_MONTH_YEAR = re.compile(rf"\b{_MONTH}[ \t]*(?:[-/.,]|of)?[ \t]*{_YEAR}(?!\d)", re.IGNORECASE)
_NAMED_YEAR_FIRST = re.compile(rf"(?<!\d)(?:19|20)\d\d[-/ ,]+{_MONTH}(?![a-z])(?:[-/ .]?{_DAY}(?!\d))?", re.IGNORECASE)
_COMPACT = re.compile(
    r"(?<![\w.])(?:0?[1-9]|[12]\d|3[01])(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:(?:19|20)?\d\d)?(?![A-Z\d])"
)
_LONE_MONTH = re.compile(
    r"\b(?:January|February|April|June|July|September|October|November|December|(?:(?<=\b[Ii]n )|(?<=[Ss]ince )|(?<=\b[Ll]ast )"
    r"|(?<=\b[Uu]ntil )|(?<=\b[Tt]his )|(?<=\b[Ee]arly )|(?<=\b[Ll]ate )|(?<=\b[Mm]id-)|(?<=\b[Nn]ext )|(?<=\b[Bb]y ))(?:March|May|August|Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec))\b"
)
_WORDED = re.compile(
    rf"\b(?:the )?(?:twenty[- ]|thirty[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    rf"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth) of {_MONTH}\b"
    rf"(?:,? {_YEAR})?|\b{_MONTH} (?:twenty[- ]|thirty[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    rf"|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)\b(?:,? {_YEAR})?",
    re.IGNORECASE,
)
_HOLIDAY = re.compile(
    r"\b(?:Christmas(?: Eve| Day)?|Thanksgiving(?: Day)?|New Year['’]?s(?: Eve| Day)?|Easter(?: Sunday| Monday)?|Halloween|Independence Day"
    r"|Labor Day|Memorial Day|Valentine['’]s Day|Mother['’]s Day|Father['’]s Day|Veterans Day|Columbus Day|Juneteenth|Hanukkah|Ramadan"
    r"|Diwali|Yom Kippur|Rosh Hashanah|Passover|Eid(?: al-\w+)?)(?: of)?(?: (?:19|20)\d\d)?\b"
)
_SCORE_AFTER = re.compile(
    r"\s*(?:strength|murmur|systolic|diastolic|pain|scale|score|in\b|bilat|through|power|motor|reflex|pulses?|intensity|edema|visual|correct"
    r"|points?|items|criteria|lobes|positive|neg|nodes|views|recall|of\b|on (?:the )?(?:right|left|pain|vas|nrs)|cores?|doses?|tabs?|bottles|sets|weeks?"
    r"|words|objects|days|hours|mg|ml|mcg|units?|cm|mm\b|kg|lb|l\b|fr\b|tbsp|inch|in\.)", re.IGNORECASE)  # fmt: skip
_DATE_BEFORE = re.compile(
    r"(?:\b(?:on|since|from|until|till|through|dated?|by|of|dob|born|seen|d/c(?:['’]?d)?|admit(?:ted)?|discharged?|last|begun|started|starting|ending|before|after|due"
    r"|thru|between|and|to|the|visit|labs?|ct|mri|cxr|echo|ekg|surgery|appt|appointment|scheduled|f/u|follow[- ]?up|week of|for|repeat|redo|fall|call(?:ed)?"
    r"|mon|tues?|wed|thurs?|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|tomorrow)|[:@(\n]|^)[\s,:.(]*$", re.IGNORECASE)  # fmt: skip
_SCORE_BEFORE = re.compile(
    r"\b(?:strength|pain|murmur|scale|score|grade|gcs|apgars?|muscle|power|reflex(?:es)?|pulses?|vision|va|ratio|rated|mmse|moca|motor|a&o|dtrs?|edema"
    r"|stage|level|at a|nyha|bp|phq-?\d?|nrs|vas|intensity|[IV]+)[\s:=]*(?:(?:is|of|was|at|a|an|to|about|currently|down|up|from|and|/)\s+)*$", re.IGNORECASE)  # fmt: skip

_AGE = re.compile(
    r"(?<![\w./-])(?:9\d|1[01]\d|12[0-5])(?=\s?-?\s?(?:years?|yrs?|y)\b\.?[\s-]*(?:-?\s*old|of age|o\b)|\s?(?:y/o|yo\b|y\.o|y\.\s?o|yr\b|y\.?/o|yof\b|yom\b|yow\b)"
    r"|\s?-?(?:year|yr)s?[- ]old|\s?[MF]\b(?!\w|\.)|\s?(?:jahre|ans\b|a[ñn]os))", re.IGNORECASE)  # fmt: skip
_AGE_CUE = re.compile(
    r"\b(?:aged?|age\s*(?:is|was|of|at death|at diagnosis)?|lived to(?: be)?|died at(?: age)?|turn(?:ed|ing|s)|she is|he is|now|until)\s*[:=]?\s*"
    r"(9\d|1[01]\d|12[0-5])(?![\d/%.]|\.\d|\s?(?:%|mg|kg|lb|cm|mm|bpm|beats|ml|degrees|days|weeks|months|hours|min|on room))", re.IGNORECASE)  # fmt: skip
_AGE_WORDS = re.compile(
    r"\b(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a |one )?hundred(?:(?: and)?[- ](?:one|two|three|four|five|six|seven|eight|nine|ten))?)"
    r"(?=[- ]?(?:years?|yrs?)?[- ]?(?:old|of age)|[- ]years?[- ]old|[- ]y/?o)|\b(?:nonagenarian|centenarian|supercentenarian)s?\b"
    r"|\b(?:early |mid[- ]?|late )?(?:90|100)['’]?s(?=\s+(?:year|yr)|[,.]?\s|$)(?<=\d)|\b(?:her|his|their) (?:early |mid[- ]?|late )?nineties\b",
    re.IGNORECASE,
)
_AGE_DECADE = re.compile(r"\b(?:in (?:her|his|their)|early|mid|late|the)[- ](?:early |mid[- ]?|late )?$", re.IGNORECASE)
_AGE_WORD_CUE = re.compile(
    r"\b(?:aged?|turn(?:ed|ing)) (ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a |one )?hundred)\b",
    re.IGNORECASE,
)
#: Somebody born up to this year is 90 or will be before the data is used.
_BIRTH_YEAR = re.compile(
    r"\b(?:born|birth ?year|yob|year of birth|b\.)\s*(?:in|was|is|:|=)?\s*((?:18\d\d|19[0-2]\d|193[0-6]))(?![\d/-])",
    re.IGNORECASE,
)


def _finding(start: int, end: int, kind: str, rule: str, confidence: float) -> Finding:
    return Finding(start, end, Category.DATE, kind, rule, confidence)


def _real(first: str, second: str) -> bool:
    a, b = int(first), int(second)
    return (1 <= a <= 12 and 1 <= b <= 31) or (1 <= a <= 31 and 1 <= b <= 12)


def numeric_dates(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield dates that begin with a number.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end.
    """
    for start, end in runs:
        size, after = end - start, text[end : end + 1]
        if size <= 2:
            if after and after in "/-. ":
                yield from _small(text, start)
            if after and (after.isalpha() or after in " -/.,–&"):
                yield from _named(_NAMED_DAY_FIRST, text, start, "date.day-month", 0.95)
                yield from _named(_COMPACT, text, start, "date.compact-name", 0.95)
        elif size in {4, 8} and text[start] in "12":
            match = _YMD.match(text, start)
            if match:
                rule, trust = ("date.iso", 0.97) if match[1] else ("date.compact", 0.8)
                yield _finding(start, match.end(), "date", rule, trust)
            if size == 4:
                yield from _named(_NAMED_YEAR_FIRST, text, start, "date.year-month-name", 0.93)


def _small(text: str, start: int) -> Iterator[Finding]:
    match = _NUMERIC.match(text, start)
    if match and _real(match[1], match[3]):
        if not ("." in match[2] and len(match[4]) == 2 and not (len(match[1]) == 2 and len(match[3]) == 2)):
            yield _finding(start, match.end(), "date", "date.numeric", 0.95)
        return
    match = _SPACED.match(text, start)
    if match and _real(match[1], match[2]):
        yield _finding(start, match.end(), "date", "date.spaced", 0.8)
    match = _MONTH_YEAR.match(text, start)
    if match:
        yield _finding(start, match.end(), "month", "date.month-year", 0.9)
    match = _MONTH_DAY.match(text, start)
    if match and _is_month_day(text, match):
        yield _finding(start, match.end(), "date", "date.month-day", 0.75)


def _named(form: re.Pattern[str], text: str, start: int, rule: str, trust: float) -> Iterator[Finding]:
    match = form.match(text, start)
    if match:
        yield _finding(start, start + len(match[0].rstrip(" ,.-")), "date", rule, trust)


_ON = re.compile(r"\b(?:on|since|dated|until|seen|discharged|admitted|visit|through)\s+$", re.IGNORECASE)


def _is_month_day(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 40) : match.start()]
    if _SCORE_AFTER.match(text, match.end()) or _SCORE_BEFORE.search(before):
        return False
    if match[2] == "-":  # 3-4 is a range far more often than a day
        return len(match[1]) == 2 and len(match[3]) == 2 and _DATE_BEFORE.search(before) is not None
    if _ON.search(before):
        return True
    if int(match[3]) == int(match[1]) and int(match[1]) <= 5:  # 5/5 is a grade
        return False
    if int(match[3]) in {5, 6, 10} and len(match[3]) == len(str(int(match[3]))) and len(match[1]) == 1:
        return False
    return len(match[1]) + len(match[3]) > 2 or _DATE_BEFORE.search(before) is not None


def worded_dates(text: str, found: Spots) -> Iterator[Finding]:
    """Yield dates that begin with a word, and holidays."""
    for at in found.months:
        for form, kind, rule, trust in _WORDED_FORMS:
            match = form.match(text, at)
            if match:
                yield _finding(at, at + len(match[0].rstrip(" ,.-")), kind, rule, trust)
                break
    if found.months and found.flags & ORDINAL:
        for match in _WORDED.finditer(text):
            yield _finding(match.start(), match.end(), "date", "date.words", 0.9)
    if found.flags & HOLIDAY:
        for match in _HOLIDAY.finditer(text):
            yield _finding(match.start(), match.end(), "holiday", "date.holiday", 0.7)


_WORDED_FORMS = (
    (_NAMED_MONTH_FIRST, "date", "date.month-name", 0.95),
    (_NAMED_MONTH_YEAR, "month", "date.month-name-year", 0.93),
    (_LONE_MONTH, "month", "date.month", 0.7),
)


def ages(text: str, found: Spots) -> Iterator[Finding]:
    """Yield ages of 90 and more, and years of birth that tell one."""
    for start, end in found.numbers:
        size = end - start
        if (size == 2 and text[start] == "9") or (size == 3 and text[start] == "1"):
            if _AGE.match(text, start):
                yield _finding(start, end, "age", "age.unit", 0.97)
            elif (cue := _AGE_CUE.search(text, max(0, start - 24), end + 12)) and cue.start(1) == start:
                yield _finding(start, end, "age", "age.cue", 0.9)
        elif size == 4 and text[start] == "1":
            cue = _BIRTH_YEAR.search(text, max(0, start - 24), end + 1)
            if cue and cue.start(1) == start:
                yield _finding(start, end, "birth-year", "age.birth-year", 0.9)
    if found.flags & AGE or "90" in text or "100" in text:
        yield from _worded_ages(text)


def _worded_ages(text: str) -> Iterator[Finding]:
    for match in _AGE_WORD_CUE.finditer(text):
        yield _finding(match.start(1), match.end(1), "age", "age.words", 0.9)
    for match in _AGE_WORDS.finditer(text):
        decade = (match[0][-1] == "s" and match[0][-2].isdigit()) or match[0][-2:] in {"'s", "’s"}
        if decade and not _AGE_DECADE.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        if decade and _NO_DECADE.match(text, match.end()):
            continue
        yield _finding(match.start(), match.end(), "age", "age.words", 0.95)


_NO_DECADE = re.compile(r"\s*(?:/|over|on|systolic|%|bpm|music|percent)")
