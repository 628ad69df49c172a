"""Moving a date without changing how it is written: no part is invented, none is dropped.

A date whose year is not written is moved as the one of its days that lies nearest to a day that the caller knows; one
without a day is moved as the middle of its month, a year alone as the middle of the year. What cannot be read as one
date is no date for this module, and the caller puts a tag there.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from curator.detect.text.dates.weekdays import NAMES
from curator.detect.text.lists.lexicon import fold
from curator.identifiers.spelling import MONTHS

_WEEKDAY = re.compile(r"(?P<name>[^\W\d_]{3,10}(?:-feira)?)(?=\.?,?\s|\Z)")
#: A weekday at the end of a date, in brackets or behind a mark or a blank.
_LAST_WEEKDAY = re.compile(
    r"(?<=\w)(?P<gap>[ \t]?[(\[][ ]?|[ ]?[,;:/–—-]?[ \t]{0,2})(?P<name>[^\W\d_]{2,10}(?:-feira)?)"
    r"(?P<end>\.?[ ]?[)\]]?)$"
)
#: The time of a timestamp that is written as one word with its date; it stays.
_POINTS = re.compile(r"\d\. ?\d{1,2}(?:\. ?\d|$)")
_CLOCK = re.compile(r"(?<=\d)T\d\d[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?$")
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=(?:T[\d:.,Z+-]*|(?:\d\d){2,3})?$)")
_PART = re.compile(r"\d+|[^\W\d_]+")
#: A day of two figures that a hyphen or nothing joins to the name of its month, as systems write it: 05-MAY-2021.
_JOINED = re.compile(r"\d\d-?([^\W\d_]{3})(?:-?\d|$)")
_LONE_YEAR = re.compile(r"(?:19|20)\d\d")
#: The day of a year alone, as of one in a typed field.
_MIDDLE_DAY = (7, 2)
_LEAP = 2000
_MIDDLE = 15


def _month(word: str) -> int | None:
    low = word.lower()
    if len(low) < 3:
        return None
    for number, name in enumerate(MONTHS, 1):
        if low == name or low == name[:3] or (low == "sept" and number == 9):
            return number
    return None


def _spelled(number: int, like: str, *, short: bool) -> str:
    name = MONTHS[number - 1]
    if like.lower() == "sept" or (len(like) == 3 and (short or like.lower() != "may")):
        name = name[:3]
    return name.upper() if like.isupper() else name.capitalize() if like[0].isupper() else name


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def shifted(text: str, days: int, *, day_first: bool = False, near: date | None = None) -> str | None:
    """Move a written date by whole days.

    Parameters
    ----------
    text
        The date as found, such as ``3/14``, ``March 3rd, 2021``, ``2021-03-14``, ``3/14/2021 (Sun)`` or ``Sunday``.
    days
        How far, either way.
    day_first
        How to read 03/04/2021 when both readings are dates.
    near
        The day that a date without a year lies nearest to; None for a day of a fixed leap year.

    Returns
    -------
    str or None
        The moved date in the same form, None when the text is no single date that can be read.
    """
    if _LONE_YEAR.fullmatch(text):
        moved = _moved(date(int(text), *_MIDDLE_DAY), days)
        return None if moved is None else f"{moved:%Y}"
    compact = _COMPACT.match(text)
    if compact:
        moved = _moved(_real(int(compact[1]), int(compact[2]), int(compact[3])), days)
        return None if moved is None else f"{moved:%Y%m%d}" + text[8:]
    clock = _CLOCK.search(text)
    if clock:
        moved_date = shifted(text[: clock.start()], days, day_first=day_first, near=near)
        return None if moved_date is None else moved_date + clock[0]
    named = _WEEKDAY.match(text)
    weekday = _moved_weekday(named["name"], days) if named else None
    if named and weekday:
        if named.end() == len(text):
            return weekday
        rest = shifted(text[named.end() :], days, day_first=day_first, near=near)
        return None if rest is None else weekday + rest
    last = _LAST_WEEKDAY.search(text)
    weekday = _moved_weekday(last["name"], days) if last else None
    if last and weekday and last.start():
        rest = shifted(text[: last.start()], days, day_first=day_first, near=near)
        return None if rest is None else rest + last["gap"] + weekday + last["end"]
    parts = list(_PART.finditer(text))
    roles = _roles([part[0] for part in parts], text, day_first=day_first)
    if roles is None:
        return None
    read = {role: part for role, part in zip(roles, parts, strict=True) if role}
    moved = _moved(_day({role: part[0] for role, part in read.items()}, near), days)
    if moved is None:
        return None
    small = [read[role][0] for role in ("month", "day") if role in read and read[role][0].isdecimal()]
    padded = any(word.startswith("0") for word in small) or (len(small) == 2 and all(len(word) == 2 for word in small))
    short = _JOINED.match(text) is not None
    padded = padded or short or (roles[0] == "year" and all(len(word) == 2 for word in small))
    out, at = "", 0
    for role, part in zip(roles, parts, strict=True):
        out += text[at : part.start()] + _written(role, part[0], moved, padded=padded, short=short)
        at = part.end()
    return out + text[at:]


def dated(text: str, *, day_first: bool = False) -> tuple[date, bool] | None:
    """Return the day that a written date with a year tells, and whether its day is written; None without a year.

    Without a day it is the middle of the month.

    Parameters
    ----------
    text
        The date as found.
    day_first
        As for :func:`shifted`.
    """
    compact = _COMPACT.match(text)
    if compact:
        day = _real(int(compact[1]), int(compact[2]), int(compact[3]))
        return (day, True) if day else None
    clock = _CLOCK.search(text)
    plain = text[: clock.start()] if clock else text
    named = _WEEKDAY.match(plain)
    if named and _moved_weekday(named["name"], 0):
        plain = plain[named.end() :]
    last = _LAST_WEEKDAY.search(plain)
    if last and last.start() and _moved_weekday(last["name"], 0):
        plain = plain[: last.start()]
    words = _PART.findall(plain)
    roles = _roles(words, plain, day_first=day_first)
    if roles is None or "year" not in roles:
        return None
    read = _day(dict(zip(roles, words, strict=True)), None)
    return (read, "day" in roles) if read else None


def _day(read: dict[str, str], near: date | None) -> date | None:
    """Return the day of words by their roles; without a year the one nearest to a day."""
    try:
        month = _number(read["month"])
        day = int(read["day"]) if "day" in read else _MIDDLE
    except (ValueError, KeyError):
        return None
    if "year" in read:
        return _real(_year(read["year"]), month, day)
    if near is None:
        return _real(_LEAP, month, day)
    # The 29th of February is up to eight years away.
    for reach in (1, 8):
        years = range(near.year - reach, near.year + reach + 1)
        found = [one for one in (_real(year, month, day) for year in years) if one]
        if found:
            return min(found, key=lambda one: (abs((one - near).days), one))
    return None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moved(day: date | None, days: int) -> date | None:
    try:
        return None if day is None else day + timedelta(days=days)
    except OverflowError:
        return None


def _moved_weekday(word: str, days: int) -> str | None:
    """Return the name of the weekday so many days on, as long and as capital as it is written; None for no weekday."""
    low = word.lower()
    for names in NAMES:
        plain = [fold(name) for name in names]
        if fold(word) in plain:
            new = names[(plain.index(fold(word)) + days) % 7]
            return new.upper() if word.isupper() else new.capitalize() if word[0].isupper() else new
    for number, name in enumerate(NAMES[0]):
        if (len(low) < 6 and low in {name[:3], name[:4], name[:5]}) or (low == "weds" and number == 2):
            new = NAMES[0][(number + days) % 7][:3]
            return new.upper() if word.isupper() else new.capitalize() if word[0].isupper() else new
    for number, name in enumerate(NAMES[1]):
        if word == name[:2].capitalize():
            return NAMES[1][(number + days) % 7][:2].capitalize()
    return None


def _number(word: str) -> int:
    number = int(word) if word.isdecimal() else _month(word)
    if number is None:
        raise ValueError
    return number


def _year(word: str) -> int:
    number = int(word)
    return number if len(word) == 4 else 1900 + number if number > 50 else 2000 + number


def _written(role: str, old: str, moved: date, *, padded: bool, short: bool) -> str:
    if role == "year":
        return f"{moved.year:04d}" if len(old) == 4 else f"{moved.year % 100:02d}"
    if role == "month":
        return (
            str(moved.month).zfill(2 if padded else 1) if old.isdecimal() else _spelled(moved.month, old, short=short)
        )
    if role == "day":
        return str(moved.day).zfill(2 if padded else 1)
    if role == "ordinal":
        return _ordinal(moved.day)
    return old


def _roles(words: list[str], text: str, *, day_first: bool) -> list[str] | None:
    """Say which word of a date is what, None when that is not plain."""
    if len(words) == 1:
        return None
    named = [at for at, word in enumerate(words) if not word.isdecimal() and _month(word)]
    roles = [""] * len(words)
    numbers = [at for at, word in enumerate(words) if word.isdecimal()]
    for at, word in enumerate(words):
        if not word.isdecimal() and at not in named:
            if word.lower() in {"st", "nd", "rd", "th"}:
                roles[at] = "ordinal"
            elif word.lower() not in {"of", "the"}:
                return None
    if len(named) == 1:
        roles[named[0]] = "month"
        for at in numbers:
            last = words[at] not in words[at + 1 :]  # Feb 21 '21
            long = len(words[at]) == 4 or (last and re.search(rf"['’]{words[at]}(?!\d)", text) is not None)
            role = "year" if long or "day" in roles else "day"
            if role in roles:
                return None
            roles[at] = role
        return roles
    if named or len(numbers) != len(words):
        return None
    # Every language that writes dates with points has the day first (CLDR).
    return _numeric(words, day_first=day_first or _POINTS.search(text) is not None)


def _numeric(words: list[str], *, day_first: bool) -> list[str] | None:
    if len(words) == 3 and len(words[0]) == 4:
        return ["year", "month", "day"]
    if len(words) == 2 and 4 in {len(words[0]), len(words[1])}:
        return ["month", "year"] if len(words[1]) == 4 else ["year", "month"]
    if len(words) not in {2, 3} or any(len(word) > 2 for word in words[:2]) or len(words[-1]) == 3:
        return None
    first, second = int(words[0]), int(words[1])
    swap = first > 12 or (day_first and second <= 12)
    return [*(["day", "month"] if swap else ["month", "day"]), "year"][: len(words)]
