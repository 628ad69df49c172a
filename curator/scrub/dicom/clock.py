"""The dates and times of one object as its study's clock tells them, where a policy leaves of a date the year alone.

Every moment is told as much earlier as the study's first moment is behind midnight; then the year of its day stays, and
the time. What day it was within the year is lost, so that no two times of an object may stand on different days: the
days are those of the study's clock, the object's own is that of most of its times, and a time that is known to stand on
another day goes. An interval between two times of an object is therefore never told wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from curator.scrub.dicom.dates import DAY, read_moment, read_time, write_moment
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.moments import SERIES_TIME, STUDY_TIME, Moments, Stamp, day_of
from curator.scrub.dicom.tree import Node


class Clocked(NamedTuple):
    """A date or time that was written as if it stood alone.

    Parameters
    ----------
    stamp
        What the source says.
    node
        What was written.
    made
        The clean elements among which it stands.
    path
        Of the sequence in which it stands.
    fallback
        What is done when the time may not stay.
    """

    stamp: Stamp
    node: Node
    made: list[Node]
    path: str
    fallback: Act


def set_clock(clocked: Iterable[Clocked], zone: str, first: int) -> list[Clocked]:
    """Write dates and moments by the study's clock.

    Parameters
    ----------
    clocked
        All of one object; their nodes are written anew where they change.
    zone
        The source's Timezone Offset From UTC.
    first
        Microseconds since midnight of the study's first moment.

    Returns
    -------
    list
        The times that must go.
    """
    clocked = list(clocked)
    told = Moments((each.stamp for each in clocked), zone)
    days = [_days(each.stamp, told, first) for each in clocked]
    today = _today(clocked, days, None if told.own is None else (told.own - first) // DAY)
    gone = []
    for each, on in zip(clocked, days, strict=True):
        stamp = each.stamp
        if stamp.vr == "TM":
            # The study's time is one for all of its objects, also for those of its later days.
            if stamp.tag != STUDY_TIME and not {today, None}.issuperset(on):
                gone.append(each)
            continue
        new = []
        for at, part in enumerate(stamp.parts):
            moment = told.dated(stamp, at)
            if moment is None:
                new.append("")
            elif stamp.vr == "DA":
                day = day_of(moment - first)
                new.append(f"{day.year:04d}0101" if day else "")
            else:
                new.append(_written(part, moment - first, on[at] == today))
        _put(each.node, new)
    return gone


def _days(stamp: Stamp, told: Moments, first: int) -> tuple[int | None, ...]:
    """Return on which days of the study's clock the times of an attribute stand."""
    if stamp.vr == "DA":
        return ()
    moments = (told.moment(stamp, at) for at in range(len(stamp.parts)))
    return tuple(None if moment is None else (moment - first) // DAY for moment in moments)


def _today(clocked: list[Clocked], days: list[tuple[int | None, ...]], own: int | None) -> int | None:
    """Return the day of an object: that of its series where its time is demanded, else that of most of its times.

    Of two that are told equally often it is ``own``, or else the earlier.
    """
    counts: dict[int, int] = {}
    for each, on in zip(clocked, days, strict=True):
        if each.stamp.tag == SERIES_TIME and each.stamp.top and each.fallback is Act.DUMMY and on[0] is not None:
            return on[0]
        for day in on:
            if day is not None:
                counts[day] = counts.get(day, 0) + 1
    return max(counts, key=lambda day: (counts[day], day == own, -day), default=own)


def _written(text: str, moment: int, today: bool) -> str:
    """Return a DT value of the study's clock: the year alone when it is of another day than the object."""
    read, day = read_moment(text), day_of(moment)
    time = read_time(read[1]) if read is not None else None
    if not today or time is None:
        return f"{day.year:04d}" if day else ""
    return write_moment(moment, time[1]) or ""


def _put(node: Node, parts: list[str]) -> None:
    """Write the parts of a value that are not empty in the place of those that stand there."""
    old = bytes(node.value).decode("ascii").split("\\")
    new = "\\".join(part or before for part, before in zip(parts, old, strict=True)).encode("ascii")
    if new != node.value:
        node.value = new
