"""Moments are aware, to the second, and written in one way."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from curator.core.clock import FixedClock, SystemClock, offset_text, utc_text

ROME = timezone(timedelta(hours=1))
MOMENT = datetime(2026, 11, 20, 10, 14, 5, 999999, ROME)


def test_a_moment_is_written_in_utc_to_the_second():
    assert utc_text(MOMENT) == "2026-11-20T09:14:05Z"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (ROME, "+01:00"),
        (UTC, "+00:00"),
        (timezone(timedelta(hours=-9, minutes=-30)), "-09:30"),
        (timezone(timedelta(hours=5, minutes=45)), "+05:45"),
    ],
)
def test_an_offset_is_written_in_hours_and_minutes(zone, text):
    assert offset_text(datetime(2026, 1, 1, tzinfo=zone)) == text


def test_the_machine_clock_is_aware_and_whole_seconds():
    now = SystemClock().now()
    assert now.utcoffset() is not None
    assert now.microsecond == 0
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_fixed_clock_stands_still_and_needs_a_zone():
    clock = FixedClock(MOMENT)
    assert clock.now() is clock.now() is MOMENT
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 1, 1))
