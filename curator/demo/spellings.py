"""How an identifier may be spelled, and finding dates in whatever spelling: the demo's own, shared with no other room.

Years alone may stay in an output, so a date counts as found only with its month and day.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from curator.demo.plants import Plant

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_BY_NAME = {name[:size]: number for number, name in enumerate(MONTHS, 1) for size in range(3, len(name) + 1)}
_NAME = rb"(?P<n>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_GAP = rb"[ ,./_-]{0,3}"
_ORDINAL = rb"(?:st|nd|rd|th)?(?: of)?"
_YEAR = rb"(?P<y>(?:19|20)\d\d|'?\d\d(?!\d))"
_BEHIND = rb"(?P<%s>\d?)(?P<s>[-./_ ]|\. )(?P<%s>\d\d?)(?P=s)(?P<y>(?:19|20)\d\d)"
_SHORT = rb"(?P<%s>\d?)(?P<s>[-/])(?P<%s>\d\d?)(?P=s)(?P<y>\d\d)(?![\w/-])"
_FULL = rb"(?P<y>(?:(?<=1)9|(?<=2)0)\d\d)"
_FRONT = _FULL + rb"(?P<s>[-./_ ]|, ?)(?P<%s>\d\d?)(?P=s)(?P<%s>\d\d?)(?!\d)"
#: Each form of a date, in lower case. Looked for at every place, since one may begin within another: the first mark
#: alone is taken (a search for a plain set is several times as fast as one that looks ahead at each place), the group
#: named first holds what stands behind it.
_FORMS = tuple(
    (group, re.compile(rb"(?P<first>" + mark + rb")(?=" + form + rb")"))
    for group, mark, form in (
        ("y", rb"[12]", _FULL + rb"(?P<m>[01]\d)(?P<d>[0-3]\d)"),
        ("d", rb"[0-3]", rb"(?P<d>\d)(?P<m>[01]\d)(?P<y>(?:19|20)\d\d)(?!\d)"),
        ("m", rb"[01]", rb"(?P<m>\d)(?P<d>[0-3]\d)(?P<y>(?:19|20)\d\d)(?!\d)"),
        ("y", rb"[12]", _FRONT % (b"m", b"d")),
        ("y", rb"[12]", _FRONT % (b"d", b"m")),
        ("d", rb"[0-9]", rb"(?<!\d\d)" + _BEHIND % (b"d", b"m")),
        ("m", rb"[0-9]", rb"(?<!\d\d)" + _BEHIND % (b"m", b"d")),
        ("m", rb"[0-9]", rb"(?<![\w/-]\d)" + _SHORT % (b"m", b"d")),
        ("d", rb"[0-9]", rb"(?<![\w/-]\d)" + _SHORT % (b"d", b"m")),
        (
            "n",
            rb"[jfmasond]",
            rb"(?<![a-z][a-z])(?P<n>(?<=j)(?:an|un|ul)|(?<=f)eb|(?<=m)a[ry]|(?<=a)(?:pr|ug)|(?<=s)ep|(?<=o)ct|(?<=n)ov"
            rb"|(?<=d)ec)[a-z]{0,6}" + _GAP + rb"(?P<d>\d\d?)" + _ORDINAL + _GAP + _YEAR,
        ),
        ("d", rb"[0-9]", rb"(?<!\d\d)(?P<d>\d?)" + _ORDINAL + _GAP + _NAME + _GAP + _YEAR),
        ("y", rb"[12]", _FULL + _GAP + _NAME + _GAP + rb"(?P<d>\d\d?)(?!\d)"),
    )
)


def dates_in(heap: bytes) -> Iterator[str]:
    """Yield every date that stands in bytes of lower case, as YYYYMMDD; for two digits of a year both centuries."""
    for group, form in _FORMS:
        for match in form.finditer(heap):
            found = match.groupdict()
            found[group] = found["first"] + found[group]
            month = _BY_NAME[found["n"].decode()] if "n" in found else int(found["m"])
            year, day = found["y"].decode().lstrip("'"), int(found["d"])
            for century in ("",) if len(year) == 4 else ("19", "20"):
                yield f"{century}{year}{month:02d}{day:02d}"


def spellings(plant: Plant) -> set[str]:
    """Return the ways in which a plant may be spelled."""
    token = plant.token
    match plant.kind:
        case "date":
            return _date_spellings(token)
        case "ssn":
            return {token, token.replace("-", ""), token.replace("-", " "), token.replace("-", ".")}
        case "phone" if token.startswith("("):
            area, first, last = token[1:4], token[6:9], token[10:]
            marks = {f"{area}{mark}{first}{mark}{last}" for mark in ("", "-", ".", " ", "/")}
            return {token, token.replace(" ", ""), f"{area}/{first}-{last}", *marks}
        case "age":
            years = token.partition("-")[0]
            return {token, *(f"{years}{mark}" for mark in ("-year", " year", "-yr", " yr", " yo ", "-yo", " y.o"))}
        case "zip":
            return {token, token.replace("-", ""), token.replace("-", " ")}
    forms = {token, unicodedata.normalize("NFD", token), _plain(token)}
    return {spelled for form in forms for spelled in (form, form.lower(), form.upper(), json.dumps(form)[1:-1])}


def _plain(token: str) -> str:
    """Return a word without its accents."""
    return "".join(mark for mark in unicodedata.normalize("NFD", token) if not unicodedata.combining(mark))


def _date_spellings(token: str) -> set[str]:
    year, month, day = token[:4], token[4:6], token[6:8]
    name, short, one = MONTHS[int(month) - 1].capitalize(), str(int(month)), str(int(day))
    orders = [(year, month, day), (day, month, year), (month, day, year), (one, short, year), (short, one, year)]
    made = {token, *(mark.join(order) for mark in "-./" for order in orders)}
    made |= {
        f"{short}/{one}/{year[2:]}",
        f"{month}/{day}/{year[2:]}",
        f"{day}-{month}-{year[2:]}",
        f"{day}{month}{year}",
    }
    for called in {name, name[:3], name[:4]}:
        for number in {one, day}:
            made |= {f"{called} {number}, {year}", f"{called} {number} {year}", f"{called}. {number}, {year}"}
            made |= {f"{number} {called} {year}", f"{number}-{called}-{year}", f"{number}{called}{year}"}
            made |= {
                f"{number}-{called.upper()}-{year[2:]}",
                f"{called} {number}th, {year}",
                f"{number}. {called} {year}",
            }
    return made


@cache
def needles(plant: Plant) -> tuple[bytes, ...]:
    """Return the byte strings to look for, ASCII letters in lower case; none for a date, which :func:`dates_in` finds.

    What is ASCII needs no other encoding: the search narrows wide characters before it looks.
    """
    if plant.kind == "date":
        return ()
    made: set[bytes] = set()
    for text in spellings(plant):
        for encoding in ("utf-8",) if text.isascii() else ("utf-8", "latin-1", "cp1250", "utf-16-le", "utf-16-be"):
            try:
                made.add(text.encode(encoding).lower())
            except UnicodeEncodeError:
                continue
    return tuple(sorted(made))


def short_form(plant: Plant) -> re.Pattern[bytes] | None:
    """Return the pattern of a ZIP code's first five digits where they stand alone; None for other plants."""
    if plant.kind != "zip":
        return None
    return re.compile(rb"(?<![0-9a-z.,-])" + plant.token[:5].encode() + rb"(?![0-9a-z.])")
