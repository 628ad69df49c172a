"""Dates, times and ages: intervals stay, what is not understood goes, ages over 89 become one class."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrub_support import made, policy, read, scrub, write

from curator.scrub.dicom.dates import DAY, Timing, age_years, convert, read_date, read_time, write_time

TIMES = st.integers(0, DAY - 1)


def timing(name: str = "safe-harbor", days: int = 17, first: int | None = 0) -> Timing:
    return Timing(policy(name), days, first)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_safe_harbor_keeps_the_year_of_a_date_alone(day: date) -> None:
    assert convert("DA", f"{day:%Y%m%d}", timing()) == f"{day.year}0101"
    assert convert("DT", f"{day:%Y%m%d}101112.5+0100", timing()) == f"{day.year}0101101112.5"
    assert convert("DT", f"{day:%Y%m%d}101112.5+0100", timing(first=None)) == str(day.year)
    assert convert("DT", f"{day:%Y%m%d}", timing()) == str(day.year)


@given(TIMES, TIMES, TIMES)
def test_intervals_between_times_of_a_study_stay(first: int, one: int, two: int) -> None:
    written = [convert("TM", write_time(moment, 12), timing(first=first)) for moment in (one, two)]
    read = [read_time(text or "") for text in written]
    assert read[0] is not None
    assert read[1] is not None
    assert (read[1][0] - read[0][0]) % DAY == (two - one) % DAY


@given(TIMES, st.sampled_from([2, 4, 6, 7, 9, 12]))
def test_a_time_keeps_the_precision_it_had(moment: int, digits: int) -> None:
    text = write_time(moment, digits)
    found = convert("TM", text, timing(first=3_600_000_000))
    assert found is not None
    assert len(found) == len(text)


def test_the_first_time_of_the_study_is_midnight() -> None:
    first = read_time("101112.5")
    assert first is not None
    assert convert("TM", "101112.5", timing(first=first[0])) == "000000.0"
    assert convert("TM", "101113.5", timing(first=first[0])) == "000001.0"
    assert convert("TM", "10:11:13", timing(first=first[0])) == "000000"
    assert convert("TM", "101112.5", timing(first=None)) == "000000"


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(-1826, 1826))
def test_expert_moves_every_date_by_the_same_days(day: date, days: int) -> None:
    moved = day + timedelta(days=days)
    assert convert("DA", f"{day:%Y%m%d}", timing("expert", days)) == f"{moved:%Y%m%d}"
    text = convert("DT", f"{day:%Y%m%d}2359-0500", timing("expert", days))
    assert text == f"{moved:%Y%m%d}2359-0500"
    assert convert("TM", "235959.25", timing("expert", days)) == "235959.25"


def test_expert_moves_a_year_and_a_month_from_their_middle() -> None:
    assert convert("DT", "2020", timing("expert", -365)) == "2019"
    assert convert("DT", "2020", timing("expert", 182)) == "2020"
    assert convert("DT", "2020", timing("expert", 183)) == "2021"
    assert convert("DT", "202002", timing("expert", -20)) == "202001"
    assert convert("DT", "202002+0100", timing("expert", 10)) == "202002+0100"
    assert convert("DT", "9999", timing("expert", 400)) is None


def test_a_limited_data_set_keeps_dates_as_they_are() -> None:
    for vr, text in (("DA", "20190417"), ("TM", "101112"), ("DT", "20190417101112+0100"), ("AS", "095Y")):
        assert convert(vr, text, timing("limited-dataset")) == text


@pytest.mark.parametrize(
    ("vr", "text"),
    [
        ("DA", "***"), ("DA", "20191317"), ("DA", "20190417-20190418"), ("DA", "Jan 5"), ("DA", "00000000"),
        ("DA", "2019"),
        ("TM", "25"), ("TM", "10112"), ("TM", "noon"), ("TM", "1011-1213"), ("DT", "x"), ("DT", "20190230"),
        ("DT", "201904171011129"), ("AS", "old"), ("AS", "4.5"), ("AS", "1234Y"), ("AS", "045y"),
    ],
)  # fmt: skip
def test_what_is_no_date_time_or_age_gives_nothing(vr: str, text: str) -> None:
    for name in ("safe-harbor", "expert", "limited-dataset"):
        assert convert(vr, text, timing(name)) is None


def test_a_shift_out_of_the_calendar_gives_nothing() -> None:
    assert convert("DA", "99991231", timing("expert", 20)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("089Y", "089Y"), ("090Y", "090Y"), ("104Y", "090Y"), ("45Y", "045Y"), ("012M", "012M"), ("003W", "003W")],
)
def test_ages_over_89_become_one_class(text: str, expected: str) -> None:
    assert convert("AS", text, timing()) == expected


def test_a_number_alone_stays_where_no_unit_makes_it_an_age_over_89() -> None:
    for text, expected in (("42", "42"), ("042", "042"), ("89", "89"), ("90", None), ("104", None)):
        assert convert("AS", text, timing()) == expected
        assert convert("AS", text, timing("limited-dataset")) == text
    assert age_years("92") == 92


def test_ages_in_days_weeks_and_months_are_years_too() -> None:
    assert age_years("365D") == pytest.approx(1, abs=0.01)
    assert age_years("052W") == pytest.approx(1, abs=0.01)
    assert age_years("024M") == 2
    assert age_years("24 M") is None


@given(st.text(max_size=30))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    for vr in ("DA", "TM", "DT", "AS"):
        for name in ("safe-harbor", "expert", "limited-dataset"):
            found = convert(vr, text, timing(name))
            assert found is None or found.isascii()
    assert read_date(text) is None or len(text) >= 8


def test_days_of_the_headers_stay_in_texts_where_dates_are_kept_but_no_birth_date() -> None:
    known = (("date", "20210314"), ("birth_date", "19580217"))
    data = write(made(StudyDescription="CT COMPARED TO 2021-03-14", SeriesDescription="CHEST 02/17/1958"))
    kept = read(scrub(data, name="limited-dataset", known=known).data)
    assert (kept.StudyDescription, kept.SeriesDescription) == ("CT COMPARED TO 2021-03-14", "CHEST")
    moved = read(scrub(data, name="expert", known=known).data)
    assert (moved.StudyDescription, moved.SeriesDescription) == ("CT", "CHEST")
