"""Years that stand alone are told from doses, counts, rooms and times of day."""

import pytest

from curator.detect.text.dates.lone import lone_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("MI in 2012, stroke since 2016 and stable.", ["2012", "2016"]),
        ("PE (2012), DVT (2012, 2015), appy [1998]", ["2012", "2012", "2015", "1998"]),
        ("in 2012-2015 treated; from 2012 to 2015", ["2012", "2015", "2012", "2015"]),
        ("Diagnosed 2012 with DM; Year of onset: 2012", ["2012", "2012"]),
        ("seit 2012 bekannt; im Jahr 2010; depuis 2012; desde 2011", ["2012", "2010", "2012", "2011"]),
        ("summer of 2012, Q3 2021.", ["2012", "2021"]),
        ("2012: appendectomy\n- 2013 - hernia", ["2012", "2013"]),
        ("0700: up to chair\nstroke in 2015, MI (1998)", ["2015", "1998"]),
    ],
)
def test_years_are_found_by_their_words_and_their_place(text, years):
    assert sorted(text[one.start : one.end] for one in lone_years(text)) == sorted(years)


@pytest.mark.parametrize(
    "text",
    [
        "in 2000 mL saline, given in 2000 cc, en 2000 ml",
        "WBC 2010, BNP 2012, room 2012, ext 2012",
        "NPO until 2000, pain from 2000 to 2015 hrs, at 2015",
        "in 2010 patients, (2000 units)",
        "in 03/2012, in 2012-03-04, (12.2012), 1:2000",
        "2000 mL bolus",
        "0700: up to chair\n1930: pt resting\n2015: meds given",
        "BP 120/80 (1930), HR 80 (0715)",
        "1145 - to CT\n2015 - back on the floor",
    ],
)
def test_other_numbers_are_no_years(text):
    assert list(lone_years(text)) == []
