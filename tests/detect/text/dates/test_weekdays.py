"""The day of the week beside a date goes where its date goes; a date without a year moves as the dates around it."""

import re
from datetime import date, timedelta

import pytest

from curator.detect.text import detectors
from curator.detect.text.dates.dateforms import shifted
from curator.detect.text.protocol import find_all
from curator.detect.text.replace import Mode, Rules, replace


def cleaned(text, days=None, near=None):
    rules = Rules(mode=Mode.SURROGATE, key=bytes(32), shift_days=days, near=near) if days else Rules()
    return replace(text, find_all(text, detectors()), rules).text


@pytest.mark.parametrize(
    ("text", "tagged", "moved"),
    [
        ("Drawn 3/14/2021, Sunday.", "Drawn [DATE].", "Drawn 3/15/2021, Monday."),
        ("Seen 3/14/2021 (Sun).", "Seen [DATE].", "Seen 3/15/2021 (Mon)."),
        ("Seen 3/14/2021 Sun at 8.", "Seen [DATE] at 8.", "Seen 3/15/2021 Mon at 8."),
        ("On Sunday 3/14/2021 stable.", "On [DATE] stable.", "On Monday 3/15/2021 stable."),
        ("On Sunday (3/14/2021) stable.", "On [DATE] ([DATE]) stable.", "On Monday (3/15/2021) stable."),
        ("Seen March 14, 2021 - SUNDAY", "Seen [DATE]", "Seen March 15, 2021 - MONDAY"),
        ("3/14/2021 08:30 Sunday seen", "[DATE] 08:30 [DATE] seen", "3/15/2021 08:30 Monday seen"),
        ("3/14/2021 | Sunday | 5", "[DATE] | [DATE] | 5", "3/15/2021 | Monday | 5"),
        ("am 14.03.2021 (So)", "am [DATE]", "am 15.03.2021 (Mo)"),
        ("seen 14.03.2021, dimanche", "seen [DATE]", "seen 15.03.2021, lundi"),
        ("Seen 3/14/2021 (a Sunday).", "Seen [DATE] (a [DATE]).", "Seen 3/15/2021 (a Monday)."),
        ("Seen 3/14/2021, a Sunday.", "Seen [DATE], a [DATE].", "Seen 3/15/2021, a Monday."),
        ("Seen 3/14/2021 on a Sunday.", "Seen [DATE] on a [DATE].", "Seen 3/15/2021 on a Monday."),
    ],
)
def test_a_weekday_goes_with_its_date(text, tagged, moved):
    assert cleaned(text) == tagged
    assert cleaned(text, 1) == moved


@pytest.mark.parametrize(
    "text", ["3/14/2021 sat up in bed", "3/14/2021 Sat 98% RA", "Born 3/14/2021 (F)", "3/14/2021. Monday he felt well."]
)
def test_what_is_no_weekday_of_a_date_stays(text):
    assert cleaned(text) == text.replace("3/14/2021", "[DATE]")


def test_the_next_dates_weekday_is_the_next_dates():
    assert cleaned("3/14/2021, Monday 3/15/2021", 1) == "3/15/2021, Tuesday 3/16/2021"


@pytest.mark.parametrize("days", [-1571, -290, -15, 30, 400, 1171])
def test_a_date_without_a_year_moves_as_the_same_date_with_one(days):
    text = "DOB 4/22/1956. Admitted 3/14/2021. Labs 3/14 and 3/15. Since Feb 2020 worse. Sunday 2/28, Feb 27 and Mar 1."
    moved = cleaned(text, days)
    day = date(2021, 3, 14) + timedelta(days=days)
    assert f"Admitted {day.month}/{day.day}/{day.year}. Labs {day.month}/{day.day} and" in moved
    other = date(2021, 2, 28) + timedelta(days=days)
    assert f"{other:%A} {other.month}/{other.day}, " in moved
    named = [date(2021, *one) + timedelta(days=days) for one in ((2, 27), (3, 1))]
    assert moved.endswith(f"{named[0]:%b} {named[0].day} and {named[1]:%b} {named[1].day}.")


def test_a_turn_of_the_year_and_a_leap_day_are_the_nearest():
    assert shifted("12/28", 10, near=date(2021, 1, 3)) == "01/07"
    assert shifted("12/28", 65, near=date(2020, 1, 3)) == "03/02"
    assert shifted("2/29", 1, near=date(2021, 3, 1)) == "3/1"


def test_a_text_without_a_year_takes_the_day_that_is_told():
    assert cleaned("Labs 3/14 fine", -290, date(2021, 3, 1)) == "Labs 5/28 fine"
    assert cleaned("Labs 3/14 fine", -290, date(2020, 3, 1)) == "Labs 5/29 fine"


def test_stamps_keep_their_form():
    assert shifted("20210314", 1) == "20210315"
    assert shifted("202103142350", 1) == "202103152350"
    assert re.fullmatch(r"\d{8}T0830Z", shifted("20210314T0830Z", 400))


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("Seen 13/04/2021 and 05/04/2021.", "Seen 14/04/2021 and 06/04/2021."),
        ("Seen 05/04/2021, then 13/04/2021.", "Seen 06/04/2021, then 14/04/2021."),
        ("Seen 04/30/2021 and 05/30/2021.", "Seen 05/01/2021 and 05/31/2021."),
        ("Seen 30/04/2021, 04/30/2021 and 05/06/2021.", "Seen 01/05/2021, 05/01/2021 and 05/07/2021."),
    ],
)
def test_dates_that_do_not_tell_their_order_have_that_of_those_that_do(text, moved):
    assert cleaned(text, 1) == moved
