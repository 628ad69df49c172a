"""Dates of typed fields: reading one in any of the usual forms, and writing another day in the same form.

Forms: ISO 8601 (YYYY, YYYY-MM, YYYY-MM-DD, with a time and a zone), HL7 v2 DTM and CDA TS (YYYY[MM[DD[HH[MM[SS[.S]]]]]]
[+-ZZZZ]), and what spreadsheets export (M/D/YYYY and D.M.YYYY with or without a time, D-MON-YYYY). Components are never
invented: what the source leaves out stays out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from curator.identifiers.spelling import MONTHS

_TIME = r"(?P<time>[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp]\.?[Mm]\.?)?\s?(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_FORMS = (
    re.compile(rf"(?P<year>\d{{4}})(?P<s1>[-/.])(?P<month>\d{{1,2}})(?:(?P<s2>[-/.])(?P<day>\d{{1,2}}){_TIME})?"),
    re.compile(
        r"(?P<year>\d{4})(?:(?P<month>\d{2})(?:(?P<day>\d{2})"
        r"(?P<time>(?:\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,9})?)?)?)?(?:[+-]\d{4})?)?)?)?"
    ),
    re.compile(rf"(?P<month>\d{{1,2}})(?P<s1>[/-])(?P<day>\d{{1,2}})(?P<s2>[/-])(?P<year>\d{{4}}|\d{{2}}){_TIME}"),
    re.compile(rf"(?P<day>\d{{1,2}})(?P<s1>[./-])(?P<month>\d{{1,2}})(?P<s2>[./-])(?P<year>\d{{4}}|\d{{2}}){_TIME}"),
    re.compile(rf"(?P<day>\d{{1,2}})(?P<s1>[-/ ])(?P<name>[A-Za-z]{{3}})(?P<s2>[-/ ])(?P<year>\d{{4}}|\d{{2}}){_TIME}"),
)
#: Months that are spelled out, in front of the day or behind it: March 14, 2021 and 14 March 2021.
_SPELLED = (
    re.compile(rf"(?P<name>[A-Za-z]{{3,9}})\.?(?P<s1> +)(?P<day>\d{{1,2}})(?P<s2>,? +)(?P<year>\d{{4}}){_TIME}"),
    re.compile(
        rf"(?P<day>\d{{1,2}})\.?(?P<s1>[- ]+)(?P<name>[A-Za-z]{{4,9}})\.?(?P<s2>,?[- ]+)(?P<year>\d{{4}}){_TIME}"
    ),
)
_PIVOT = 50
_MOST_MONTHS = 12


@dataclass(frozen=True)
class TypedDate:
    """A date that was read.

    Parameters
    ----------
    text
        As it was written, without blanks around it.
    year, month, day
        Numbers; month and day are None where the source leaves them out.
    spans
        Name of each component to its place in the text.
    """

    text: str = field(repr=False)
    year: int = field(repr=False)
    month: int | None = field(repr=False)
    day: int | None = field(repr=False)
    spans: tuple[tuple[str, int, int], ...] = field(repr=False)

    @property
    def year_text(self) -> str:
        """The year in four digits."""
        return f"{self.year:04d}"

    @property
    def compact(self) -> str | None:
        """YYYYMMDD, or None where month or day are left out."""
        if self.month is None or self.day is None:
            return None
        return f"{self.year:04d}{self.month:02d}{self.day:02d}"

    def first_of_year(self) -> str:
        """Return the first day of the year in the same form, its time of day set to zero."""
        made = self._written(date(self.year, 1, 1))
        for name, start, end in self.spans:
            if name == "time":
                zone = re.search(r"(?:Z|UTC|[+-]\d{2}:?\d{2})\s*$", self.text[start:end])
                cut = start + zone.start() if zone else end
                zeroed = re.sub(r"[AaPp](?=\.?[Mm])", "a", re.sub(r"\d", "0", self.text[start:cut]))
                made = made[: len(made) - (len(self.text) - start)] + zeroed + self.text[cut:]
        return made

    def shifted(self, days: int) -> str | None:
        """Return the date moved by whole days in the same form, None where the calendar ends.

        A year alone is moved as its middle day, a month as its fifteenth.
        """
        try:
            moved = date(self.year, self.month or 7, self.day or (15 if self.month else 2)) + timedelta(days=days)
        except (ValueError, OverflowError):
            return None
        return self._written(moved)

    def _written(self, moved: date) -> str:
        out, at = "", 0
        padded = all(end - start > 1 for name, start, end in self.spans if name in {"month", "day"})
        for name, start, end in sorted(self.spans, key=lambda span: span[1]):
            if name == "time":
                continue
            out += self.text[at:start] + self._component(name, self.text[start:end], moved, padded=padded)
            at = end
        return out + self.text[at:]

    @staticmethod
    def _component(name: str, old: str, moved: date, *, padded: bool) -> str:
        if name == "year":
            return f"{moved.year:04d}" if len(old) == 4 else f"{moved.year % 100:02d}"
        if name == "name":
            new = MONTHS[moved.month - 1] if len(old) > 3 else MONTHS[moved.month - 1][:3]
            return new.upper() if old.isupper() else new.capitalize() if old[0].isupper() else new
        number = moved.month if name == "month" else moved.day
        return f"{number:02d}" if padded else str(number)


#: The same, the day before the month where both are numbers.
_DAY_FIRST = (*_FORMS[:2], _FORMS[3], _FORMS[2], _FORMS[4])
_ORDERED = re.compile(r"\s*(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})(?!\d)")


def order_of(value: str) -> str:
    """Say which of its first two numbers a date has first, ``day`` or ``month``; empty when it does not tell."""
    match = _ORDERED.match(value)
    if match is None:
        return ""
    first, second = int(match[1]), int(match[2])
    if first > _MOST_MONTHS >= second:
        return "day"
    return "month" if second > _MOST_MONTHS >= first else ""


def read_typed(value: str, *, day_first: bool = False) -> TypedDate | None:
    """Read a typed date; None when the text is none, or no day of the calendar.

    Years of two digits up to 49 lie in this century.

    Parameters
    ----------
    value
        ``13/04/2021`` and every date with points is read as a day first.
    day_first
        True to read ``03/04/2021`` as the third of April, else it is March 4th.
    """
    text = value.strip()
    if not 4 <= len(text) <= 48 or not text.isascii():
        return None
    for form in (*(_DAY_FIRST if day_first else _FORMS), *_SPELLED):
        match = form.fullmatch(text)
        if match is None:
            continue
        read = _checked(match, text)
        if read is not None:
            return read
    return None


def _checked(match: re.Match[str], text: str) -> TypedDate | None:
    groups = match.groupdict()
    year = int(groups["year"])
    if len(groups["year"]) == 2:
        year += 2000 if year < _PIVOT else 1900
    month = None if not groups.get("month") else int(groups["month"])
    if groups.get("name"):
        name = groups["name"].lower()
        month = next((number for number, full in enumerate(MONTHS, 1) if name in {full, full[:3]}), None)
        if month is None and name != "sept":
            return None
        month = month or 9
    day = int(groups["day"]) if groups.get("day") else None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not 1800 <= year <= 2200:
        return None
    names = ("year", "month", "name", "day", "time")
    spans = tuple((name, *match.span(name)) for name in names if groups.get(name))
    return TypedDate(text, year, month, day, spans)
