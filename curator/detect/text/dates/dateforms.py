"""Moving a date without changing how it is written: no part is invented, none is dropped.

A date whose year is not written is moved as if in a fixed leap year; one without a day is moved as the middle of its
month. What cannot be read as one date is no date for this module, and the caller puts a tag there.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = (
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
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(r"(?P<name>[A-Za-z]{3,9})(?=\.?,?\s)")
#: The time of a timestamp that is written as one word with its date; it stays.
_POINTS = re.compile(r"\d\. ?\d{1,2}\. ?\d")
_CLOCK = re.compile(r"(?<=\d)T\d\d[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?$")
_PART = re.compile(r"\d+|[^\W\d_]+")
_LEAP = 2000
_MIDDLE = 15


def _month(word: str) -> int | None:
    low = word.lower()
    if len(low) < 3:
        return None
    for number, name in enumerate(_MONTHS, 1):
        if low == name or low == name[:3] or (low == "sept" and number == 9):
            return number
    return None


def _spelled(number: int, like: str) -> str:
    name = _MONTHS[number - 1]
    if like.lower() == "sept" or (len(like) == 3 and like.lower() != "may"):
        name = name[:3]
    return name.upper() if like.isupper() else name.capitalize() if like[0].isupper() else name


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def shifted(text: str, days: int, *, day_first: bool = False) -> str | None:
    """Move a written date by whole days.

    Parameters
    ----------
    text
        The date as found, such as ``3/14``, ``March 3rd, 2021`` or ``2021-03-14``.
    days
        How far, either way.
    day_first
        How to read 03/04/2021 when both readings are dates.

    Returns
    -------
    str or None
        The moved date in the same form, None when the text is no single date that can be read.
    """
    clock = _CLOCK.search(text)
    if clock:
        moved_date = shifted(text[: clock.start()], days, day_first=day_first)
        return None if moved_date is None else moved_date + clock[0]
    named = _WEEKDAY.match(text)
    weekday = _moved_weekday(named["name"], days) if named else None
    if named and weekday:
        rest = shifted(text[named.end() :], days, day_first=day_first)
        return None if rest is None else weekday + rest
    parts = list(_PART.finditer(text))
    roles = _roles([part[0] for part in parts], text, day_first=day_first)
    if roles is None:
        return None
    read = {role: part for role, part in zip(roles, parts, strict=True) if role}
    try:
        year = _year(read["year"][0]) if "year" in read else _LEAP
        month = _number(read["month"][0])
        moved = date(year, month, int(read["day"][0]) if "day" in read else _MIDDLE) + timedelta(days=days)
    except (ValueError, OverflowError, KeyError):
        return None
    small = [read[role][0] for role in ("month", "day") if role in read and read[role][0].isdecimal()]
    padded = any(word.startswith("0") for word in small) or (len(small) == 2 and all(len(word) == 2 for word in small))
    out, at = "", 0
    for role, part in zip(roles, parts, strict=True):
        out += text[at : part.start()] + _written(role, part[0], moved, padded=padded)
        at = part.end()
    return out + text[at:]


def _moved_weekday(word: str, days: int) -> str | None:
    """Return the name of the weekday so many days on, as long and as capital as it is written; None for no weekday."""
    low = word.lower()
    for number, name in enumerate(_WEEKDAYS):
        if low == name or (len(low) < 6 and low in {name[:3], name[:4], name[:5]}):
            new = _WEEKDAYS[(number + days) % 7]
            new = new if low == name else new[:3]
            return new.upper() if word.isupper() else new.capitalize() if word[0].isupper() else new
    return None


def _number(word: str) -> int:
    number = int(word) if word.isdecimal() else _month(word)
    if number is None:
        raise ValueError
    return number


def _year(word: str) -> int:
    number = int(word)
    return number if len(word) == 4 else 1900 + number if number > 50 else 2000 + number


def _written(role: str, old: str, moved: date, *, padded: bool) -> str:
    if role == "year":
        return f"{moved.year:04d}" if len(old) == 4 else f"{moved.year % 100:02d}"
    if role == "month":
        return str(moved.month).zfill(2 if padded else 1) if old.isdecimal() else _spelled(moved.month, old)
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
            long = len(words[at]) == 4 or f"'{words[at]}" in text or f"’{words[at]}" in text
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
    if len(words) == 2 and len(words[1]) == 4:
        return ["month", "year"]
    if len(words) not in {2, 3} or any(len(word) > 2 for word in words[:2]) or len(words[-1]) == 3:
        return None
    first, second = int(words[0]), int(words[1])
    swap = first > 12 or (day_first and second <= 12)
    return [*(["day", "month"] if swap else ["month", "day"]), "year"][: len(words)]
