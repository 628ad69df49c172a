"""Days on which keys and trainings end. Compares days of the calendar in UTC; knows nothing of records."""

from __future__ import annotations

from datetime import date

from curator.core.errors import UsageError


def day_of(text: str) -> date:
    """Read the day of ``YYYY-MM-DD`` or of an RFC 3339 time in UTC (KEY-032 when it is no day of the calendar)."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise UsageError("KEY-032") from None


def check_expiry(expires: str, now: str) -> None:
    """Refuse a last day that is no day of the calendar, or that is past (KEY-032).

    Parameters
    ----------
    expires
        ``YYYY-MM-DD``.
    now
        RFC 3339 in UTC.
    """
    last = day_of(expires)
    if last.isoformat() != expires or last < day_of(now):
        raise UsageError("KEY-032")


def past(last: str, now: str) -> bool:
    """Say whether a last day is over at a time in UTC."""
    return now[:10] > last
