# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Dates around the name of a month, in English and the languages whose months stand in cues.toml.

A month, a day beside it and a year beside both are one date. A month alone is a date's element too (164.514(b)(2)(i)(C)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from curator.detect.text.fields.values import unit_behind
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_DAY = r"(?:[0O]?[1-9]|[12lI][0-9OlI]|3[01OlI])"
_ENDING = r"(?:\s?(?:st|nd|rd|th|er|º|ª|\.º|o)(?![^\W\d_])|\.)?"
_ORDINAL = (
    r"(?:(?:twenty|thirty)[- ]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    r"|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_LONG_YEAR = r"(?:(?:1[89]|2[0Oo])[0-9OolI]{2})"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wednes|wed|thu(?:rs?)?|fri|satur|sat|sun)(?:day)?|(?-i:T[hu])|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|montag|dienstag|mittwoch"
    r"|donnerstag|freitag|samstag|sonntag|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)"
)
_BEFORE_DAY = re.compile(
    rf"(?:(?<![\w./-])|(?<=\d{{4}}-))(?:{_DAY}{_ENDING}\s?(?:-|–|to|and|or|&|bis|al|au|y|et|e|und)\s?(?:the\s)?)?(?P<day>{_DAY}{_ENDING}|\b(?:the )?{_ORDINAL})"
    r"(?P<joint>\s?[-/.]\s?|\s(?:day\s)?(?:of|de|di|van)\s(?:the month of\s)?|\s{0,2}|\sd['’])$",
    re.IGNORECASE,
)
_BEFORE_YEAR = re.compile(rf"(?<![\w./-]){_LONG_YEAR}[-/ .]{{0,2}}$")
_MONTH_BEFORE = re.compile(
    r"(?<![^\W_])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s$", re.IGNORECASE
)
_DATED_BEFORE = re.compile(
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?|\d[-/]|\d\d?(?:st|nd|rd|th)?,) ?$",
    re.IGNORECASE,
)
_WEEKDAY_BEFORE = re.compile(rf"(?<![^\W_]){_WEEKDAY}\.?,?\s{{1,2}}(?:the\s|den\s|dem\s|,\s)?$", re.IGNORECASE)
_YEAR_BEHIND = re.compile(
    rf"\.?[ \t]{{0,2}}(?:[-/.,]|of|de|del|in the year)?[ \t]{{0,2}}(?:{_LONG_YEAR}(?![\w]|\.\d)|['’]\d\d(?!\d))",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(
    r"\.?(?:[-/.,]|[ ]|,[ ])?(?:\d\d|(?<=[-/])[lI]\d|(?<=[-/])\d[lOI])(?![\w%/-]|:\d|\.\d|[ ]?(?:hrs?|h\b|am\b|pm\b))"
)
_DAY_BEHIND = re.compile(
    rf"\.?[ \t]{{0,3}}[-/.,]?[ \t]{{0,3}}(?:the[ \t])?(?:{_DAY}(?:\s?(?:st|nd|rd|th)(?![^\W\d_]))?(?![\w%]|:\d|\.\d)|(?<=[ \t-]){_ORDINAL}\b)"
    rf"(?:[ \t]?(?:-|–|—|to|and|or|&|through|thru)[ \t]?{_DAY}(?:st|nd|rd|th)?(?![\w:%]))?(?:,? (?:and )?{_DAY}(?:st|nd|rd|th)(?![\w])){{0,4}}",
    re.IGNORECASE,
)  # fmt: skip
_ONE_DAY = re.compile(rf"\.?[ \t]{{1,3}}{_DAY}(?:st|nd|rd|th)?(?=,?[ ])", re.IGNORECASE)
#: A day and a year that stand on the next line: March
#: 4, 1988.
_WRAPPED = re.compile(
    rf"[ \t]?\r?\n[ \t]{{0,12}}{_DAY}(?:st|nd|rd|th)?,[ ]{{0,2}}{_LONG_YEAR}(?![\w]|\.\d)", re.IGNORECASE
)
_GLUED = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:(?:19|20)\d\d)?(?!\d)")
#: A score behind the name of who made it: UC flare, Mayo 3.
_SCORE = re.compile(r" (?:\d|1[0-2])")
_LONE = re.compile(
    r"(?:January|February|April|June|July|September|October|November|December)\b|(?:JANUARY|FEBRUARY|APRIL|JUNE|JULY|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)\b|(?:january|february|june|july|september|october|november|december)\b"
)
#: Months in small letters that are words too, and the words behind which they are nothing else.
_SMALL_TOLD = frozenset(["may", "march", "april", "august"])
_TELLS_SMALL = re.compile(r"\b(?:month of|in|since|until|till|early|late|mid|end of|by early|by late|by mid)[ -]$")
#: Words of time before a month that is nothing else then: april and august, less so march and may, which also are verbs.
_TELLS_NAMED = re.compile(
    r"\b(?:last|next|this|past|about|around|by|before|after|during|through|thru|from|to|every|each|or|like|maybe|was|is|probably|of|back|approximately|between|coming|started|began|stopped|ended|happened|fell)[ -]$"
)
_TELLS_VERB = re.compile(
    r"\b(?:last|next|past|about|around|since|before|during|through|thru|from|until|was|is|it's|it’s|like|maybe|probably|by|coming|between|month of|(?:since|until|in) (?:like|maybe|probably|uh|um)?,?)[ -]$"
)
#: What goes on behind march and may when they are months: last march , / last may when i fell; not next may be.
_NO_VERB = re.compile(
    r"[ ]?(?:[.,;:?!)\n]|$)| (?:of|or|and|when|because|but|so|after|before|until|through|to|he|she|they|we|it)\b(?! be\b)"
)
#: A month that goes on to the next: april or may, march to june.
_MONTH_AFTER = re.compile(
    r" (?:or|and|to|through|until|till) (?:maybe |early |late |mid )?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_MONTH_OR = re.compile(
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december) (?:or|and|to|through|until|till) (?:maybe |early |late |mid )?$"
)
#: The year by which the month before is one whatever stands before it.
_OF_YEAR = re.compile(r" (?:of )?(?:this|last|next|that|the same|the previous|the following) year\b")
_LONE_TOLD = re.compile(r"(?:March|May|August|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Jun|Jul)\b")
_YEAR_OF_MONTH = re.compile(r"[-/]\d\d(?![\w:%/-]|\.\d)")
_MONTH_RANGE = re.compile(
    r"\.?\s?[-–/]\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?![^\W\d_])", re.IGNORECASE
)
#: The month from which a span of months goes on: Jan-Mar.
_RANGE_BACK = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[-–/]$", re.IGNORECASE)
_TELLS_MONTH = re.compile(
    r"\b(?:in|since|last|until|till|this|early|late|mid|next|by|during|from|through|of|end of|to|late|before|after|rtc|return|done|due|given|start(?:ed|s|ing)?|stopp?(?:ed|s)|ended|eval|labs?|around|about|last|tetanus|flu|rhogam|again|back|f/u|appt|[-–]|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? (?:and|or|through|thru|until))[\s-]$",
    re.IGNORECASE,
)
_TELLS_DAY = re.compile(
    r"\b(?:on|since|in|by|last|until|till|of|from|to|through|dated?|before|after|due|for|seen|next|this|born|dob)[\s:]{1,2}$",
    re.IGNORECASE,
)
#: Months in lower case that are everyday words: only beside words that tell a day, or with a year.
_WORDS = frozenset(
    {"may", "march", "mar", "sep", "dec", "mai", "mars", "mei", "dic", "ago", "abr", "ene", "marzo", "juin", "noel"}
)


#: What ends a day, or the word between it and its month, where a letter stands last.
_LEADS = re.compile(
    rf"\d|^(?:of|de|di|van|st|nd|rd|th|er|o)$|[li][oli](?:st|nd|rd|th|er|o)?$|{_ORDINAL}$", re.IGNORECASE
)


def _may_lead(text: str, start: int) -> bool:
    """Say whether a day may end before a month's name; what is not plain may."""
    tail = text[max(0, start - 44) : start].rstrip()
    last = tail[-1:]
    if not last.isascii() or last in "0123456789.-/'":
        return bool(last)
    return last in "olitdhrfenOLITDHRFEN" and _leads(tail.rsplit(None, 1)[-1])


@lru_cache(maxsize=4096)
def _leads(word: str) -> bool:
    """Say whether a word ends as a day or the word between it and its month does."""
    return _LEADS.search(word) is not None


_RUN = re.compile(r"[A-Za-z]+")
#: Words and ends of words that a day before its month is made of, without the letters that a scan puts for digits.
_OF_DAYS = ("to", "and", "or", "bis", "al", "au", "y", "et", "e", "und", "the", "day", "of", "de", "di", "van", "month", "d", "st", "nd", "rd", "th", "er", "o", "twenty", "thirty")  # fmt: skip
_DAY_WORDS = frozenset(word.strip("oil") for word in _OF_DAYS)
_PARTS = (*_OF_DAYS, "i", "l")


def _day_start(text: str, start: int) -> int:
    """Return where a day before a month's name may begin at the earliest: behind the last word that is no part of one."""
    head = max(0, start - 44)
    window = text[head:start]
    if not window.isascii():
        return head
    begin = 0
    for run in _RUN.finditer(window):
        word = run[0].lower()
        if word.strip("oil") not in _DAY_WORDS and not _of_a_day(word):
            begin = run.end()
    return head + begin


_ORDINALS = re.compile(_ORDINAL)


@lru_cache(maxsize=4096)
def _of_a_day(word: str) -> bool:
    """Say whether a word is an ordinal, or words of a day written as one: the "tothe" of "1tothe 30 May"."""
    ends = {0}
    for at in range(len(word)):
        if at in ends:
            ends.update(at + len(part) for part in _PARTS if word.startswith(part, at))
    return len(word) in ends or _ORDINALS.fullmatch(word) is not None


def around(text: str, start: int, end: int) -> Iterator[Finding]:
    """Yield the date that a month's name is part of.

    Parameters
    ----------
    text
        The text.
    start, end
        Where the name stands.
    """
    before = _BEFORE_DAY.search(text, _day_start(text, start), start) if _may_lead(text, start) else None
    if before and before.start() and text[before.start() - 1] == "#":
        before = None
    if before:
        month = _MONTH_BEFORE.search(text, max(0, before.start() - 12), before.start())
        if month and before["joint"].strip() in {"-", "–"} and before.start("day") == before.start():  # Dec 18-Feb 8
            yield from _month_first(text, start, end)
            return
        dated = _DAY_BEHIND.match(text, end)
        if dated and _YEAR_BEHIND.match(text, dated.end()):  # 24. Aug 13 2018
            yield from _month_first(text, start, end)
            return
        if (before["joint"] == "" and text[end : end + 1].isalpha()) or (
            start - before.start() > 14 and "\n" in before[0]
        ):
            before = None
        else:
            yield from _day_first(text, start, end, before)
            return
    digit = text[max(0, start - 3) : start].rstrip("-/ .\n")[-1:]
    year = _BEFORE_YEAR.search(text, max(0, start - 7), start) if digit.isalnum() else None
    if year and not _DATED_BEFORE.search(text, max(0, year.start() - 16), year.start()):
        behind = _DAY_BEHIND.match(text, end)
        yield _made(
            text,
            year.start(),
            behind.end() if behind else end,
            "date" if behind else "month",
            "date.year-month-name",
            0.93,
        )
        return
    if start and (text[start - 1].isdigit() or text[start - 1] == "_"):
        return
    yield from _month_first(text, start, end)


def _day_first(text: str, start: int, end: int, before: re.Match[str]) -> Iterator[Finding]:
    year = _YEAR_BEHIND.match(text, end)
    joint = before["joint"]
    if year is None and (joint.strip() or not joint or not before["day"].endswith("h") or text[end : end + 1] in "-/"):
        short = _SHORT_YEAR.match(text, end)
        if (
            short
            and ((joint.strip() in {"-", "/", "."} or not joint) or text[end : end + 1] in " '-/")
            and not unit_behind(text, short.end())
        ):
            year = short
    word = text[start:end].lower()
    if (
        year is None
        and word in _WORDS
        and word == text[start:end]
        and not _TELLS_DAY.search(text, max(0, before.start() - 12), before.start())
        and word in {"may", "march", "mar", "sep", "dec", "ago"}
    ):
        return
    begin = before.start()
    if text[max(0, begin - 4) : begin].lower() == "the " and "of" in joint:
        begin -= 4
    yield _made(text, begin, year.end() if year else end, "date", "date.day-month", 0.95)


def _month_first(text: str, start: int, end: int) -> Iterator[Finding]:
    word = text[start:end]
    wrapped = _WRAPPED.match(text, end)
    if wrapped:
        yield _made(text, start, wrapped.end(), "date", "date.month-name", 0.9)
        return
    day = _DAY_BEHIND.match(text, end) or _GLUED.match(text, end)
    if day:
        year = _YEAR_BEHIND.match(text, day.end()) or (
            _SHORT_YEAR.match(text, day.end()) if text[day.end() : day.end() + 1] in "-/,." else None
        )
        if year and len(re.findall(r"\d", year[0])) < 4 and unit_behind(text, year.end()):  # March 3, 12 mg
            year = None
        if year is None and unit_behind(text, day.end()):  # March 3 and 12 hours later
            day = _ONE_DAY.match(text, end) or day
        stands = (
            year is not None
            or word[0].isupper()
            or word not in _WORDS
            or word == "march"
            or text[day.end() - 2 : day.end()] in {"st", "nd", "rd", "th"}
            or _TELLS_DAY.search(text, max(0, start - 12), start)
        )
        if (
            stands
            and (year or not unit_behind(text, day.end()))
            and not (year is None and word.lower() in {"ene", "dic", "ago", "marco", "mei"})
            and not (year is None and word == "Mayo" and _SCORE.fullmatch(text, end, day.end()))
        ):
            yield _made(text, start, year.end() if year else day.end(), "date", "date.month-name", 0.95)
            return
    year = _YEAR_BEHIND.match(text, end)
    if year:
        yield _made(text, start, year.end(), "month", "date.month-name-year", 0.93)
        return
    short = _YEAR_OF_MONTH.match(text, end)
    if short and word[0].isupper():
        yield _made(text, start, short.end(), "month", "date.month-name-year", 0.9)
        return
    if _MONTH_RANGE.match(text, end):
        yield _made(text, start, end, "month", "date.month-range", 0.8)
        return
    if text[start - 1 : start] in {"-", "–", "/"} and _RANGE_BACK.search(text, max(0, start - 12), start):
        yield _made(text, start, end, "month", "date.month-range", 0.8)
        return
    if (
        _LONE.match(text, start)
        or (word in _SMALL_TOLD and _small_month(text, start, end))
        or (word[0].isupper() and _OF_YEAR.match(text, end))
        or (_LONE_TOLD.match(text, start) and _TELLS_MONTH.search(text, max(0, start - 20), start))
    ):
        yield _made(text, start, end, "month", "date.month", 0.7)


def _small_month(text: str, start: int, end: int) -> bool:
    """Say whether a month in small letters that is a word or a name as well is the month."""
    if _TELLS_SMALL.search(text, max(0, start - 12), start) or _OF_YEAR.match(text, end):
        return True
    after = _MONTH_AFTER.match(text, end)
    if (after and not after[0].endswith(text[start:end])) or (  # may or may not
        _MONTH_OR.search(text, max(0, start - 28), start) and _NO_VERB.match(text, end)
    ):
        return True
    word, head = text[start:end], max(0, start - 16)
    if text[max(0, start - 8) : start] == "at last ":
        return False
    if word in {"april", "august"}:
        return _TELLS_NAMED.search(text, head, start) is not None
    return _TELLS_VERB.search(text, head, start) is not None and _NO_VERB.match(text, end) is not None


def _made(text: str, start: int, end: int, kind: str, rule: str, trust: float) -> Finding:
    while end > start and text[end - 1] in " ,.-\t\n":
        end -= 1
    if kind == "date":
        start = with_weekday(text, start)
        if text[start].isalpha():
            if text[start - 1 : start] in {"-", "/", "."}:
                day = _DAY_JOINED.search(text, max(0, start - 4), start)
                if day and _RANGE_BEFORE.search(text, max(0, start - 16), day.start()):
                    day = None
                start = day.start() if day else start
        elif text[start - 1 : start] == " " and text[max(0, start - 4) : start - 1].lstrip().lower() in _ARTICLES:
            article = (
                _ARTICLE.search(text, max(0, start - 5), start) if _FOREIGN_MONTH.search(text, start, end) else None
            )
            start = article.start() if article else start
    return Finding(start, end, Category.DATE, kind, rule, trust)


#: A day that a hyphen joins to its month, and the article of another language before a day.
_DAY_JOINED = re.compile(r"(?<![\w./-])(?:0?[1-9]|[12]\d|3[01])[-/.]$")
#: The month of a range that goes on behind its day: Dec 18-Feb 8.
_RANGE_BEFORE = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? $", re.IGNORECASE)
_ARTICLES = frozenset(["le", "el", "il"])
_ARTICLE = re.compile(r"(?<!\w)(?:le|el|il)[ ]$", re.IGNORECASE)
_FOREIGN_MONTH = re.compile(
    r"janv|f[ée]v|mars|avril|mai|juin|juil|ao[uû]t|septembre|octobre|novembre|d[ée]c|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|genn|febb|aprile|magg|giugno|luglio|settembre|ottobre|dicembre|januar|februar|märz|juni|juli|oktober|dezember|maj|augusti|desember",
    re.IGNORECASE,
)


#: Figures, signs and letters with which no weekday ends, nor an article behind it.
_NO_WEEKDAY = frozenset("0123456789:;()[]/=-|abcfjklpqvwxzABCFJKLPQVWXZ")


def with_weekday(text: str, start: int) -> int:
    """Return where the name of the weekday before a date begins, the date's own start when there is none."""
    if start < 4 or not (text[start - 1].isspace()):
        return start
    if text[start - 6 if start > 6 else 0 : start].rstrip(" ,.\n\t")[-1:] in _NO_WEEKDAY:
        return start
    match = _WEEKDAY_BEFORE.search(text, max(0, start - 18), start)
    return match.start() if match else start
