"""Dates, times and ages as the policies write them (VRs DA, TM, DT, AS of PS3.5 section 6.2).

A value that cannot be read whole gives None, and the caller lets it go: what is not understood never passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from curator.scrub.policy.model import Ages, Dates, Policy

DAY = 86_400_000_000
#: 45 CFR 164.514(b)(2)(i)(C): ages over 89 become one class.
OLDEST = 89
_DA = re.compile(r"(\d{4})(?:(\d\d)(\d\d)|\.(\d\d)\.(\d\d)|-(\d\d)-(\d\d))")
_TM = re.compile(r"(\d\d)(?:(:?)(\d\d)(?:\2(\d\d)(?:\.(\d{1,6}))?)?)?")
_DT = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d)(\d\d(?:\d\d(?:\d\d(?:\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?")
_AS = re.compile(r"(\d{1,3})([DWMY]?)", re.ASCII)
#: No value that can be read is longer, and how many are remembered: the objects of a series repeat each other.
_LONGEST, _MOST_READ = 32, 4096
_PER_YEAR = {"D": 365.25, "W": 52.1775, "M": 12.0, "Y": 1.0, "": 1.0}


@dataclass(frozen=True)
class Timing:
    """What the date rules need to know of policy, person and study."""

    policy: Policy
    shift_days: int = field(repr=False)
    first_time: int | None = field(repr=False)


def read_date(text: str) -> date | None:
    """Read a DA value: YYYYMMDD, or the older YYYY.MM.DD and YYYY-MM-DD. None when it is no date."""
    return _read_date(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=_MOST_READ)
def _read_date(text: str) -> date | None:
    found = _DA.fullmatch(text)
    if found is None:
        return None
    year, *rest = (part for part in found.groups() if part is not None)
    try:
        return date(int(year), int(rest[0]), int(rest[1]))
    except ValueError:
        return None


def read_time(text: str) -> tuple[int, int] | None:
    """Read a TM value (also with colons): microseconds since midnight and count of digits given (2, 4, 6, 7 to 12)."""
    return _read_time(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=_MOST_READ)
def _read_time(text: str) -> tuple[int, int] | None:
    found = _TM.fullmatch(text)
    if found is None:
        return None
    hour, _, minute, second, fraction = found.groups()
    if int(hour) > 23 or int(minute or 0) > 59 or int(second or 0) > 60:
        return None
    micros = ((int(hour) * 60 + int(minute or 0)) * 60 + int(second or 0)) * 1_000_000
    micros += int((fraction or "").ljust(6, "0"))
    return micros % DAY, 2 + 2 * (minute is not None) + 2 * (second is not None) + len(fraction or "")


def read_moment(text: str) -> tuple[str, str, str] | None:
    """Read a DT value: its date digits (4, 6 or 8), time digits with fraction, and offset. None when it is none."""
    return _read_moment(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=_MOST_READ)
def _read_moment(text: str) -> tuple[str, str, str] | None:
    found = _DT.fullmatch(text)
    if found is None:
        return None
    year, month, day, time, offset = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if time and read_time(time) is None:
        return None
    return year + (month or "") + (day or ""), time or "", offset or ""


def age_years(text: str) -> float | None:
    """Return the age that an AS value says, in years, or None when it is none; a number alone counts as years."""
    found = _AS.fullmatch(text)
    return int(found[1]) / _PER_YEAR[found[2]] if found else None


def write_time(micros: int, digits: int) -> str:
    """Write a TM value with the precision that was found."""
    seconds, fraction = divmod(micros, 1_000_000)
    text = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"
    return text[: min(digits, 6)] + (f".{fraction:06d}"[: digits - 5] if digits > 6 else "")


def write_moment(micros: int, digits: int) -> str | None:
    """Write a DT value with the year of a moment, the year's first day, and the time with the precision that was found.

    Parameters
    ----------
    micros
        Since the calendar's first day, from the study's first time on.
    digits
        As of :func:`read_time`.

    Returns
    -------
    str or None
        None before the calendar's first day.
    """
    if micros < DAY:
        return None
    return f"{date.fromordinal(micros // DAY).year:04d}0101" + write_time(micros % DAY, digits)


def convert(vr: str, text: str, timing: Timing) -> str | None:
    """Write one value (DA, TM, DT or AS, without padding, not empty) as the policy wants it.

    Returns
    -------
    str or None
        The new value; None when the old one cannot be read, or cannot be moved within the calendar.
    """
    if vr == "AS":
        return _age(text, timing.policy.ages)
    mode = timing.policy.dates
    if vr == "DA":
        return _day(text, mode, timing.shift_days)
    if vr == "TM":
        return _time(text, mode, timing.first_time)
    return _moment(text, mode, timing.shift_days, timing.first_time)


def year_of(vr: str, text: str) -> int | None:
    """Return the year that a DA or DT value says, or None."""
    if vr == "DA":
        day = read_date(text)
        return day.year if day else None
    moment = read_moment(text)
    return int(moment[0][:4]) if moment else None


def _age(text: str, ages: Ages) -> str | None:
    years = age_years(text)
    if years is None:
        return None
    if text.isdecimal():  # in no unit 89 is no age over 89; what more is meant nobody knows
        return text if ages is not Ages.CAP or years <= OLDEST else None
    if ages is Ages.CAP and years >= OLDEST + 1:
        return "090Y"
    return text[:-1].zfill(3) + text[-1]


def _moved(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _day(text: str, mode: Dates, days: int) -> str | None:
    day = read_date(text)
    if day is None or mode is Dates.REMOVE:
        return None
    if mode is Dates.YEAR:
        return f"{day.year:04d}0101"
    if mode is Dates.SHIFT:
        day = _moved(day, days)
    return None if day is None else f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _time(text: str, mode: Dates, first: int | None) -> str | None:
    read = read_time(text)
    if read is None or mode is Dates.REMOVE:
        return None
    micros, digits = read
    if mode is Dates.YEAR:
        if first is None:
            return "000000"
        micros = (micros - first) % DAY
    return write_time(micros, digits)


def _moment(text: str, mode: Dates, days: int, first: int | None) -> str | None:
    read = read_moment(text)
    if read is None or mode is Dates.REMOVE:
        return None
    day, time, offset = read
    if mode is Dates.YEAR:
        clock = read_time(time) if time else None
        if clock is None or first is None:
            return day[:4]
        start = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
        return write_moment(start.toordinal() * DAY + clock[0] - first, clock[1])
    if mode is Dates.SHIFT:
        # A year or a month alone is moved from its middle, which is nearest to the days that it may mean.
        start = date(int(day[:4]), int(day[4:6] or 7), int(day[6:8] or (16 if len(day) > 4 else 2)))
        moved = _moved(start, days)
        if moved is None:
            return None
        day = f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"[: len(day)]
    return day + time + offset
