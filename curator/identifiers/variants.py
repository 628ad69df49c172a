"""Usual shorter and disguised spellings of known identifiers, and where such a one may stand.

What is found by them is found between the ends of words alone, and in a form that people write: they are short. Pure
functions; they must never say which value was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from curator.identifiers.categories import Category
from curator.identifiers.spelling import MONTHS, fold, misread, weight, word_list

#: Kinds of streets, each with what it is shortened to.
_KINDS = (
    ("street", "st", "str"),
    ("avenue", "ave", "av"),
    ("road", "rd"),
    ("lane", "ln"),
    ("drive", "dr"),
    ("court", "ct"),
    ("circle", "cir"),
    ("place", "pl"),
    ("boulevard", "blvd"),
    ("terrace", "ter", "terr"),
    ("trail", "trl"),
    ("parkway", "pkwy"),
    ("highway", "hwy"),
    ("square", "sq"),
    ("way",),
    ("crescent", "cres"),
    ("close",),
    ("loop",),
    ("run",),
    ("path",),
    ("row",),
    ("alley", "aly"),
    ("pike",),
    ("turnpike", "tpke"),
    ("crossing", "xing"),
)
_KIND_OF = {word: kinds for kinds in _KINDS for word in kinds}
_SIDES = r"(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.?\s+)?"
_STREET = re.compile(
    rf"\s*(?P<number>\d{{1,6}}(?:-\d{{1,5}})?[A-Za-z]?)\s+{_SIDES}(?P<name>[^\W\d_][^\d,;#]*?)"
    rf"(?:\s+(?P<kind>{'|'.join(sorted(_KIND_OF, key=len, reverse=True))})\b\.?.*|\s*)",
    re.IGNORECASE,
)
#: The same as much of Europe writes it: Lärchenweg 12.
_NUMBER_LAST = re.compile(r"\s*(?P<name>[^\W\d_][^\d,;#]{3,40}?)\s+(?P<number>\d{1,4}\s?[A-Za-z]?)\s*")
_SPLIT = re.compile(r"[\n\r,;^=]")
_NAME_WORD = re.compile(r"[^\W\d_]+")
_LEAST_WORD = 6
_LEAST_STREET = 7
#: What a date is written like that is no more than six figures.
_SIX = re.compile(r"\d\d([-/._ ]?)\d\d\1\d\d")
_MONTH_YEAR = re.compile(r"[^\W\d_]{3,9}\.?[ ]?(?:of )?[-/,'’ ]{0,3}\d\d")
#: A telephone number without its area.
_LOCAL = re.compile(r"\d{3}[-.  ]{0,3}\d{4}")
_NATIONAL = 10
_LOCAL_SIZE = 7
_MIXED = re.compile(r"(?<![^\W_])(?=[^\W\d_]*\d)(?=\d*[^\W\d_])[A-Za-z0-9]{5,40}(?![^\W_])")


@cache
def _common() -> frozenset[str]:
    return frozenset(word_list("street_words"))


def of_birth(day: str) -> set[str]:
    """Return short spellings of a birth date: 580422, 042258, 220458, apr58.

    The month and the day alone say nothing of whose they are; the detector of dates finds them where they are a date.

    Parameters
    ----------
    day
        YYYYMMDD of a real month.
    """
    year, month, date = day[2:4], day[4:6], day[6:8]
    name = MONTHS[int(month) - 1]
    return {
        f"{year}{month}{date}",
        f"{month}{date}{year}",
        f"{date}{month}{year}",
        f"{name}{year}",
        f"{name[:3]}{year}",
    }


def of_phone(plain: str) -> set[str]:
    """Return the digits of a telephone number without its area: the last seven of ten and of eleven with a one."""
    figures = "".join(mark for mark in plain if mark.isdecimal())
    national = len(figures) == _NATIONAL or (len(figures) == _NATIONAL + 1 and figures[0] == "1")
    return {figures[-_LOCAL_SIZE:]} if national else set()


def of_street(value: str, is_word: Callable[[str], bool]) -> tuple[set[str], set[str]]:
    """Return short spellings of an address, and the words of its street that are not everybody's.

    Such a word of everyday language is for its caller to find where it is written like a name alone.

    Parameters
    ----------
    value
        As it is known: ``4417 Thistledown Ln Apt 9``.
    is_word
        Says whether a folded word is one of everyday language.
    """
    whole: set[str] = set()
    rare: set[str] = set()
    for part in _SPLIT.split(value):
        match = _STREET.fullmatch(part) or _NUMBER_LAST.fullmatch(part)
        if match is None:
            continue
        name, number = fold(match["name"]), fold(match["number"])
        kind = (match.groupdict().get("kind") or "").lower()
        spelled = [f"{name}{one}" for one in _KIND_OF.get(kind, ())]
        common = name in _common()
        known = common or is_word(name)
        whole.update(f"{number}{one}" for one in spelled)
        whole.update(f"{one}{number}" for one in spelled)
        if not known or len(number) > 2:
            whole.update((f"{number}{name}", f"{name}{number}"))
        if not common:
            whole.update(one for one in spelled if not is_word(one))
        rare.update(
            word
            for word in map(fold, _NAME_WORD.findall(match["name"]))
            if weight(word) >= _LEAST_WORD and word not in _common()
        )
    return {one for one in whole if len(one) >= _LEAST_STREET}, rare


def fits(category: Category, written: str) -> bool:
    """Say whether a short spelling stands in a form in which people write it."""
    if category is Category.DATE:
        return (_SIX if written[0].isdecimal() else _MONTH_YEAR).fullmatch(written) is not None
    if category is Category.PHONE:
        return _LOCAL.fullmatch(written) is not None
    return "\n" not in written or len(written) < 40


def disguised(text: str) -> Iterator[tuple[int, int, set[str]]]:
    """Yield words in which figures may stand for letters (SM1TH), and what they read as then, folded."""
    for match in _MIXED.finditer(text):
        read = misread(match[0])
        if read:
            yield match.start(), match.end(), read
