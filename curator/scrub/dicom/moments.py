"""Which moments the dates and times of one object tell: on which day a time stands, and where a study's clock begins.

Both passes ask the same questions here, so that the time from which the second counts is the one that the first found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from curator.scrub.dicom.dates import DAY, read_date, read_moment, read_time
from curator.scrub.dicom.decide import effective_vr, keyword_of

#: VRs that tell a day, a time of day, or both.
CLOCK_VRS = frozenset({"DA", "TM", "DT"})
STUDY_TIME, SERIES_TIME, TIMEZONE = 0x00080030, 0x00080031, 0x00080201
#: Times that say when an object was made, by date and time or by both in one: what is first there is the object's own.
_OWN = (SERIES_TIME, 0x0008002A, 0x00080032, 0x00080033, STUDY_TIME)
#: How long before the study's first moment something may lie that its clock begins with, in microseconds: half a day,
#: so that as much is left for the study itself.
_BEFORE = DAY // 2
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)")
_MINUTE = 60_000_000


class Stamp(NamedTuple):
    """A date, a time, or both.

    Parameters
    ----------
    place
        The same number for the elements of one data set or item, and another for each other one.
    top
        Whether that is the data set's own level.
    tag, vr
        The attribute.
    parts
        Its values, without padding.
    """

    place: int
    top: bool
    tag: int
    vr: str
    parts: tuple[str, ...]


@cache
def _beside(tag: int, vr: str) -> tuple[int, ...]:
    """Return the attributes that tell the day of a time, or the time of a date: those of the same name (PS3.6)."""
    from pydicom.datadict import tag_for_keyword

    keyword = keyword_of(tag)
    new = (("Date", "TM", "Time"),) if vr == "DA" else (("Time", "DA", "Date"), ("Time", "DT", "DateTime"))
    found = []
    for old, wanted, name in new:
        other = tag_for_keyword(keyword.replace(old, name)) if old in keyword else None
        if other is not None and other != tag and effective_vr(other, None)[0] == wanted:
            found.append(int(other))
    return tuple(found)


def parts_of(text: str) -> tuple[str, ...]:
    """Return the values of a text, without padding."""
    return tuple(part.strip(" \0") for part in text.split("\\")) if "\\" in text else (text.strip(" \0"),)


def offset_of(text: str) -> int | None:
    """Return the microseconds that a local time is ahead of UTC, from ``+HHMM`` or ``-HHMM``; None when it is none."""
    found = _OFFSET.fullmatch(text.strip(" \0"))
    if found is None:
        return None
    return (-1 if found[1] == "-" else 1) * (int(found[2]) * 60 + int(found[3])) * _MINUTE


class Moments:
    """The moments of one object, in microseconds; those with a day since the calendar's first.

    Parameters
    ----------
    stamps
        Its dates and times.
    zone
        Its Timezone Offset From UTC, empty when it has none. Moments with an offset of their own are told in this one,
        or in the first that any of them has.
    """

    def __init__(self, stamps: Iterable[Stamp], zone: str = "") -> None:
        self._stamps = list(stamps)
        self._places: dict[int, dict[int, Stamp]] = {}
        self._top: dict[int, Stamp] = {}
        self._zone = offset_of(zone)
        offsets = []
        for stamp in self._stamps:
            place = self._places.setdefault(stamp.place, {})
            place.setdefault(stamp.tag, stamp)
            if stamp.top:
                self._top = place
            if stamp.vr == "DT" and self._zone is None:
                for part in stamp.parts:
                    read = read_moment(part)
                    if read is not None and read[2]:
                        offsets.append((not stamp.top, stamp.tag, offset_of(read[2])))
        if offsets:
            self._zone = min(offsets, key=lambda each: each[:2])[2]
        self._own = [self._top[tag] for tag in _OWN if tag in self._top]
        day = next((moment for stamp in self._own if (moment := self.dated(stamp, 0)) is not None), None)
        self._has_day = day is not None
        #: When the object was made: its series, or else its acquisition, content or study; without a day if none has.
        self.own: int | None = day
        if day is None:
            self.own = next((time for stamp in self._own if (time := _clock(stamp, 0)) is not None), None)

    def dated(self, stamp: Stamp, at: int) -> int | None:
        """Return the moment of a value whose day is told, by itself or by what stands beside it, else None."""
        if stamp.vr == "DT":
            return self._whole(stamp.parts[at])
        place, alone = self._places[stamp.place], stamp.vr == "DA"
        time, day = (None, read_date(stamp.parts[at])) if alone else (_clock(stamp, at), None)
        for tag in _beside(stamp.tag, stamp.vr):
            other = place.get(tag)
            if other is None or len(other.parts) != len(stamp.parts):
                continue
            if alone:
                time = _clock(other, at)
            elif other.vr == "DA":
                day = read_date(other.parts[at])
            elif (moment := self._whole(other.parts[at])) is not None:
                day = day_of(moment)
            if day is not None:
                break
        return None if day is None or time is None else day.toordinal() * DAY + time

    def _whole(self, text: str) -> int | None:
        """Return the moment of a DT value that has a day and a time."""
        read = read_moment(text)
        if read is None or not read[1]:
            return None
        day, time = read_date(read[0]), read_time(read[1])
        if day is None or time is None:
            return None
        moment = day.toordinal() * DAY + time[0]
        offset = offset_of(read[2]) if read[2] else None
        return moment if offset is None or self._zone is None else moment + self._zone - offset

    def moment(self, stamp: Stamp, at: int) -> int | None:
        """Return the moment of a value; a time without a day is taken to stand as near to the object's own as it can.

        None without a time, and for a time without a day in an object without times of its own.
        """
        found = self.dated(stamp, at)
        if found is not None and (self._has_day or self.own is None):
            return found
        time = found % DAY if found is not None else _clock(stamp, at) if stamp.vr == "TM" else None
        if time is None or self.own is None:
            return None
        return self.own + (time - self.own + DAY // 2) % DAY - DAY // 2

    def zero(self) -> tuple[str, int] | None:
        """Return the moment from which times are counted, as far as this object tells.

        Returns
        -------
        tuple or None
            YYYYMMDD, empty when no day is told, and microseconds since midnight. The earliest of the times of series,
            acquisition, content and study, and of all others in the half day before it, but for midnight, which mostly
            stands for a time that nobody knows.
        """
        own = (self.dated(stamp, 0) if self._has_day else _clock(stamp, 0) for stamp in self._own)
        first = min((moment for moment in own if moment is not None), default=None)
        if first is None:
            return None
        found = first
        for stamp in self._stamps:
            for at, part in enumerate(stamp.parts) if stamp.vr != "DA" else ():
                # Most times are none of the half day before, whatever their day; with an offset this cannot be said.
                time = _time(part, stamp.vr)
                if time is None or (not 0 < (first - time) % DAY <= _BEFORE and "+" not in part and "-" not in part):
                    continue
                moment = self.moment(stamp, at)
                if moment is not None and moment % DAY and first - _BEFORE <= moment < found:
                    found = moment
        day = day_of(found) if self._has_day else None
        return f"{day.year:04d}{day.month:02d}{day.day:02d}" if day else "", found % DAY


def _time(text: str, vr: str) -> int | None:
    """Return the time of day of a TM or DT value, without regard to an offset."""
    if vr == "DT":
        moment = read_moment(text)
        text = moment[1] if moment is not None else ""
    read = read_time(text)
    return read[0] if read is not None else None


def _clock(stamp: Stamp, at: int) -> int | None:
    """Return the time of day of a TM value; None of any other."""
    read = read_time(stamp.parts[at]) if stamp.vr == "TM" else None
    return read[0] if read is not None else None


def day_of(moment: int) -> date | None:
    """Return the day of a moment, None before the calendar's first."""
    return date.fromordinal(moment // DAY) if moment >= DAY else None
