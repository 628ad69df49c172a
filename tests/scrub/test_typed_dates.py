"""Typed dates keep their form, their precision and, when shifted, their intervals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.scrub.typed_dates import read_typed

FORMS = ["%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d-%b-%Y", "%Y/%m/%d", "%Y-%m-%dT%H:%M:%SZ", "%Y%m%d%H%M%S", "%Y%m%d%H%M"]


@pytest.mark.parametrize(
    ("text", "shifted", "first", "year"),
    [
        ("2021-03-14", "2021-03-24", "2021-01-01", "2021"),
        ("20210314", "20210324", "20210101", "2021"),
        ("20210314123000.512-0500", "20210324123000.512-0500", "20210101000000.000-0500", "2021"),
        ("2021-03-14T10:11:12.5+02:00", "2021-03-24T10:11:12.5+02:00", "2021-01-01T00:00:00.0+02:00", "2021"),
        ("2021-03-14 10:11", "2021-03-24 10:11", "2021-01-01 00:00", "2021"),
        ("3/24/2021", "4/3/2021", "1/1/2021", "2021"),
        ("03/24/21", "04/03/21", "01/01/21", "2021"),
        ("24.03.2021", "03.04.2021", "01.01.2021", "2021"),
        ("24-MAR-2021", "03-APR-2021", "01-JAN-2021", "2021"),
        ("2021-03", "2021-03", "2021-01", "2021"),
        ("202103", "202103", "202101", "2021"),
        ("2021", "2021", "2021", "2021"),
    ],
)
def test_a_date_is_written_in_the_form_it_was_read_in(text, shifted, first, year):
    read = read_typed(f" {text} ")
    assert read is not None
    assert (read.shifted(10), read.first_of_year(), read.year_text) == (shifted, first, year)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2021-13-01",
        "2021-02-30",
        "99/99/2021",
        "12:30",
        "1234567",
        "20211345",
        "٢٠٢١-٠٣-١٤",
        "2" * 60,
        "0000-01-01",
    ],
)
def test_what_is_no_date_is_none(text):
    assert read_typed(text) is None


@given(
    st.dates(date(1900, 1, 1), date(2090, 1, 1)),
    st.dates(date(1900, 1, 1), date(2090, 1, 1)),
    st.integers(-1826, 1826),
    st.sampled_from(FORMS),
)
def test_intervals_stay_when_dates_are_shifted(one, other, days, form):
    moved = []
    for day in (one, other):
        read = read_typed(day.strftime(form))
        assert read is not None
        new = read_typed(read.shifted(days) or "")
        assert new is not None
        assert new.compact is not None
        moved.append(date.fromisoformat(new.compact))
        assert moved[-1] == day + timedelta(days=days)
    assert moved[1] - moved[0] == other - one


@given(st.text(max_size=40))
def test_any_text_is_read_or_is_none_and_never_raises(text):
    read = read_typed(text)
    assert read is None or (read.first_of_year() and len(read.year_text) == 4)
