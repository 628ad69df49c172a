"""A record's own date gives the year of dates in its texts. All values are made up."""

from dataclasses import replace
from datetime import date

from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.policy.model import Texts
from curator.scrub.times import at_time, time_of, told_by_resource
from curator.scrub.treatment import Treatment

WHO = Person("PAAA", -290, False, b"p" * 32)


def under(policy: str) -> Treatment:
    return Treatment(load_policy(policy), b"k" * 32, b"u" * 32, "20260101")


def test_the_first_full_date_of_a_record_is_its_time():
    expert = under("expert")
    assert at_time(WHO, ["", "2020", "2020-03-01T08:00:00Z", "2021-03-01"], expert).near == date(2020, 3, 1)
    assert at_time(WHO, ["soon"], expert) is WHO
    assert at_time(WHO, ["2020-03-01"], under("safe-harbor")) is WHO


def test_a_note_moves_in_its_records_year():
    expert = under("expert")
    expert = replace(expert, policy=replace(expert.policy, texts=Texts.SURROGATE))
    assert expert.prose("Labs 3/14 fine", at_time(WHO, ["2021-03-01"], expert)).text == "Labs 5/28 fine"
    assert expert.prose("Labs 3/14 fine", at_time(WHO, ["20200301"], expert)).text == "Labs 5/29 fine"


def test_without_a_record_the_persons_latest_date_counts_and_then_the_projects():
    expert = under("expert")
    assert time_of(WHO, expert) == date(2026, 1, 1)
    assert time_of(replace(WHO, known=(("date", "20190301"), ("date", "20200301"))), expert) == date(2020, 3, 1)


def test_a_resource_tells_its_time():
    assert told_by_resource({"issued": "2021-03-15", "effectivePeriod": {"start": "2021-03-14"}}) == [
        "2021-03-14",
        "2021-03-15",
    ]
