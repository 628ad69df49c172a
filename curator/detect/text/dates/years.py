"""The year of a date that is written without one: that of the nearest dates with a year in the same text.

Whether a day lies before or behind the 29th of February changes where a number of days leads. A date without a year
must move as the dates around it do, or the same day would become two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from curator.detect.text.dates.dateforms import dated
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: What tells a birth date, which says nothing of the year of a note.
_BIRTH = re.compile(
    r"(?<![^\W_])(?:d\.?o\.?b|born|birth\w*|b-?day|geb(?:oren)?|n[ée]e?|nacid[oa]|nat[oa]|nascid[oa]|geboortedatum)\b"
    r"[^\n\d]{0,24}$",
    re.IGNORECASE,
)
_BACK = 40
#: A date in numbers whose first two tell their order, where one of them is no month.
_ORDERED = re.compile(r"(\d{1,2}) ?([-/]) ?(\d{1,2}) ?\2 ?['’]?(?:\d{4}|\d{2})(?!\d)")
_MOST_MONTHS = 12


def days_first(text: str, findings: Iterable[Finding]) -> bool:
    """Say whether the dates of a text that tell their order have the day first, and none has it second.

    Parameters
    ----------
    text
        The text.
    findings
        What was found in it.
    """
    told = False
    for one in findings:
        match = _ORDERED.match(text, one.start, one.end) if one.category is Category.DATE else None
        if match is None:
            continue
        if int(match[3]) > _MOST_MONTHS:
            return False
        told = told or int(match[1]) > _MOST_MONTHS
    return told


class Years:
    """The dates with a year in a text.

    Parameters
    ----------
    text
        The text.
    findings
        What was found in it, in order.
    day_first
        How to read 03/04/2021.
    near
        A day that is known otherwise, for a text without any such date.
    """

    def __init__(
        self, text: str, findings: Iterable[Finding], *, day_first: bool = False, near: date | None = None
    ) -> None:
        whole: list[tuple[int, date]] = []
        months: list[tuple[int, date]] = []
        for one in findings:
            if one.category is not Category.DATE or one.kind in {"age", "birth-year"}:
                continue
            read = dated(text[one.start : one.end], day_first=day_first)
            if read and not _BIRTH.search(text, max(0, one.start - _BACK), one.start):
                (whole if read[1] else months).append((one.start, read[0]))
        self._read = whole or months
        self._near = near

    def near(self, at: int) -> date | None:
        """Return the day that stands nearest to an offset; of two as near, the one before it."""
        if not self._read:
            return self._near
        behind = bisect_left(self._read, at, key=lambda one: one[0])
        around = self._read[max(0, behind - 1) : behind + 1]
        return min(around, key=lambda one: abs(one[0] - at))[1]
