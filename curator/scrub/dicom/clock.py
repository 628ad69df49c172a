"""The dates and times of one object as its study's clock tells them, where a policy leaves of a date the year alone.

Every moment is told as much earlier as the study's first moment is behind midnight; then the year of its day stays, and
the time. What day it was within the year is lost, so that no two times of an object may stand on different days: the
days are those of the study's clock, the object's own is that of its series, and a time that is known to stand on
another day goes. An interval between two times of an object is therefore never told wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from curator.scrub.dicom.dates import DAY, read_moment, read_time, write_moment
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.moments import STUDY_TIME, Moments, Stamp, day_of
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
    own = told.own
    if own is None:
        found = (told.dated(each.stamp, at) for each in clocked for at in range(len(each.stamp.parts)))
        own = next((moment for moment in found if moment is not None), None)
    if own is None:
        return []
    today, gone = (own - first) // DAY, []
    for each in clocked:
        stamp = each.stamp
        if stamp.vr == "TM":
            # The study's time is one for all of its objects, also for those of its later days.
            moments = (told.moment(stamp, at) for at in range(len(stamp.parts)))
            away = any(moment is not None and (moment - first) // DAY != today for moment in moments)
            if away and stamp.tag != STUDY_TIME:
                gone.append(each)
            continue
        new = []
        for at, part in enumerate(stamp.parts):
            dated = told.dated(stamp, at)
            if dated is None:
                new.append("")
            elif stamp.vr == "DA":
                day = day_of(dated - first)
                new.append(f"{day.year:04d}0101" if day else "")
            else:
                moment = told.moment(stamp, at)
                new.append(_written(part, dated - first, moment is not None and (moment - first) // DAY == today))
        _put(each.node, new)
    return gone


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
