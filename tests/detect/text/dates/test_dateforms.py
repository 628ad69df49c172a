"""Moved dates keep the way they are written: weekdays and timestamps too."""

import pytest

from curator.detect.text.dates.dateforms import shifted


@pytest.mark.parametrize(
    ("text", "days", "moved"),
    [
        ("Tuesday, March 14, 2023", 1, "Wednesday, March 15, 2023"),
        ("Tue 3/14", -2, "Sun 3/12"),
        ("MON 03/14/2022", 7, "MON 03/21/2022"),
        ("2021-03-14T10:22:33Z", 10, "2021-03-24T10:22:33Z"),
        ("2021-03-14T10:22:33+01:00", -14, "2021-02-28T10:22:33+01:00"),
        ("the 14th of March, 2021", 1, "the 15th of March, 2021"),
        ("02.03.2021", 28, "30.03.2021"),
        ("2. 3. 21", 1, "3. 3. 21"),
        ("03.25.2021", 1, "03.26.2021"),
        ("02/03/2021", 28, "03/03/2021"),
        ("Jun 2 '20", 8, "Jun 10 '20"),
        ("Feb 21 '21", 8, "Mar 1 '21"),
        ("12-Jan-2021", -4, "08-Jan-2021"),
        ("12JAN2021", -4, "08JAN2021"),
        ("05-May-2021", 31, "05-Jun-2021"),
        ("2-Jan-2021", 1, "3-Jan-2021"),
        ("12 May 2021", -4, "8 May 2021"),
        ("12.03", 28, "09.04"),
        ("2021-11", 100, "2022-02"),
    ],
)
def test_weekdays_move_along_and_times_stay(text, days, moved):
    assert shifted(text, days) == moved


@pytest.mark.parametrize("text", ["14 mars 2021", "3/14-3/17", "lundi 14 mars 2021", "10.III.2017", "Easter 2020"])
def test_what_cannot_be_read_as_one_date_is_none(text):
    assert shifted(text, 5) is None
