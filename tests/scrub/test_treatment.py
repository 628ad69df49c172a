"""What becomes of single values under each policy. All values are made up."""

from collections import OrderedDict
from dataclasses import replace

import pytest

from curator.scrub import prose
from curator.scrub.answers import aged
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.policy.model import Dates, Texts
from curator.scrub.questions import Age
from curator.scrub.treatment import Treatment, age_in_years

WHO = Person("PAAA", 10, False, b"p" * 32, (("name", "Okonkwo^Ngozi"), ("id", "MR-00417")))
OLD = Person("PBBB", 10, True, b"q" * 32)


def under(policy: str) -> Treatment:
    return Treatment(load_policy(policy), b"k" * 32, b"u" * 32, "20260101")


def test_dates_follow_the_policy():
    assert under("safe-harbor").date("2021-03-14", WHO) == "2021"
    assert under("safe-harbor").date("2021-03-14", WHO, whole=True) == "2021-01-01"
    assert under("expert").date("2021-03-14T08:00:00Z", WHO) == "2021-03-24T08:00:00Z"
    assert under("limited-dataset").date("2021-03-14", WHO) == "2021-03-14"
    assert under("safe-harbor").date("Pi day", WHO) == ""


def test_a_date_that_tells_an_age_over_89_goes():
    for policy in ("safe-harbor", "expert"):
        assert under(policy).date("1930-05-01", WHO, birth=True) == ""
        assert under(policy).date("1950-05-01", OLD, birth=True) == ""
        assert under(policy).date("1930-05-01", WHO) == ""
    assert under("safe-harbor").date("1950-05-01", WHO, birth=True) == "1950"
    assert under("limited-dataset").date("1930-05-01", WHO, birth=True) == "1930-05-01"


@pytest.mark.parametrize(
    ("value", "made"),
    [("89", "89"), ("90", "90"), ("101", "90"), ("93 years", "90"), ("45 y", "45 y"), ("old", ""), ("", "")],
)
def test_ages_over_89_are_one_class(value, made):
    assert under("safe-harbor").age(value) == made


@pytest.mark.parametrize(
    ("value", "made"), [("48104", "481"), ("48104-1234", "481"), ("03601", "000"), ("K1A 0B1", ""), ("4810", "")]
)
def test_zip_codes_keep_three_digits_where_enough_people_live(value, made):
    assert under("safe-harbor").zip3(value) == made


def test_codes_are_the_same_for_the_same_value_and_nothing_of_it():
    treatment = under("safe-harbor")
    assert treatment.code("encounter", "E-1") == treatment.code("encounter", " E-1 ") != treatment.code("order", "E-1")
    assert treatment.code("encounter", "") == ""
    assert "E-1" not in treatment.code("encounter", "E-1")


def test_prose_takes_out_what_is_known_and_what_tells_itself():
    made = under("safe-harbor").prose("NGOZI OKONKWO (mr 00417), seen 03/14/2021 for chest pain.", WHO)
    assert made.text == "[NAME] ([RECORD NUMBER]), seen [DATE] for chest pain."


def test_prose_about_nobody_known_is_searched_all_the_same():
    made = under("safe-harbor").prose("Dr. Hartwell called (701) 555-0133 about chest pain.", None)
    assert "Hartwell" not in made.text
    assert "555" not in made.text
    assert made.text.endswith("about chest pain.")


def test_a_limited_data_set_keeps_dates_and_ages_in_prose():
    made = under("limited-dataset").prose("Ngozi Okonkwo, aged 93, seen 03/14/2021.", WHO)
    assert made.text == "[NAME], aged 93, seen 03/14/2021."


def test_a_year_alone_in_prose_goes_as_it_does_in_a_typed_field():
    policy = load_policy("expert")
    expert = under("expert")
    moving = replace(expert, policy=replace(policy, texts=Texts.SURROGATE))
    who = replace(WHO, shift_days=-1000)
    text = "Seen 03/14/2021. MI in 2012. CABG (2015)."
    assert moving.prose(text, who).text == "Seen 06/18/2018. MI in 2009. CABG (2012)."
    assert (moving.date("2012", who), moving.date("2015", who)) == ("2009", "2012")
    assert expert.prose(text, who).text == "Seen [DATE]. MI in [DATE]. CABG ([DATE])."
    gone = replace(moving, policy=replace(moving.policy, dates=Dates.REMOVE))
    assert gone.prose(text, who).text == "Seen [DATE]. MI in [DATE]. CABG ([DATE])."
    for name in ("safe-harbor", "limited-dataset"):
        assert under(name).prose("MI in 2012. CABG (2015).", who).text == "MI in 2012. CABG (2015)."


def test_matchers_at_hand_are_bounded_by_what_they_hold(monkeypatch):
    monkeypatch.setattr(prose, "_MOST_VALUES", 100)
    monkeypatch.setattr(prose, "_matchers", OrderedDict())
    monkeypatch.setattr(prose, "_values", 0)
    persons = [tuple(("id", f"{person}{number:07d}") for number in range(9)) for person in range(1, 31)]
    for known in persons:
        assert [one.start for one in prose.matcher_of(known).find(f"ID {known[3][1]}")] == [3]
    assert len(prose._matchers) == 10
    assert prose._values == 100
    assert prose.matcher_of(persons[25]) is prose.matcher_of(persons[25])
    many = tuple(("id", f"7{number:07d}") for number in range(500))
    assert prose.matcher_of(many) is prose.matcher_of(many)
    assert list(prose._matchers) == [many]


@pytest.mark.parametrize(
    "value", ["9" + " " * 4000 + "x", "9y" + " -" * 4000 + "x", " " * 4000 + "!", "9" + "-" * 70 + "x"]
)
def test_a_padded_age_is_read_at_once(value: str) -> None:
    assert age_in_years(value) is None
    assert aged(value, Age(), Treatment(load_policy("safe-harbor"), b"k" * 32, b"u" * 32, "20260101")) is None


def test_a_padded_age_is_read_as_a_bare_one() -> None:
    assert age_in_years("93" + " " * 500 + "years old") == 93
    assert age_in_years("93  -  years") == 93
