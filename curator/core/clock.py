"""Time, injected. No room reads the wall clock by itself, so that journals and packages hold no accident of time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """Return the present moment as an aware datetime in the local time zone's offset."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, with the machine's own UTC offset, to the second."""
        return datetime.now(UTC).astimezone().replace(microsecond=0)


class FixedClock:
    """A clock that stands still, for tests and for rebuilding a dated document."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment given at the start."""
        return self.moment


def utc_text(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, to the second, such as ``2026-11-20T09:14:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def offset_text(moment: datetime) -> str:
    """Write the UTC offset of a moment, such as ``+01:00``."""
    return moment.isoformat(timespec="seconds")[-6:] if moment.utcoffset() else "+00:00"
