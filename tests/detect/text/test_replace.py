"""Laws of replacement: nothing found is left, all else is, offsets and labels go along. All values are made up."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.detect.text import detectors, find_all
from curator.detect.text.dates.dateforms import shifted
from curator.detect.text.replace import Mode, Rules, replace
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge

KEY = bytes(range(32))
SURROGATE = Rules(Mode.SURROGATE, KEY, shift_days=40)
ALL = [Rules(), SURROGATE, Rules(Mode.REMOVE)]


@st.composite
def cases(draw):
    text = draw(st.text(min_size=1, max_size=80))
    findings = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        category = draw(st.sampled_from(list(Category)))
        findings.append(Finding(start, end, category, draw(st.sampled_from(["name", "date", "zip", "age"])), "r", 0.5))
    return text, findings


@given(cases(), st.sampled_from(ALL))
def test_all_that_was_not_found_stays_in_order(case, rules):
    text, findings = case
    done = replace(text, findings, rules)
    at = new = 0
    for edit in done.edits:
        assert done.text[new : edit.new_start] == text[at : edit.start]
        at, new = edit.end, edit.new_end
    assert done.text[new:] == text[at:]


@given(cases(), st.sampled_from(ALL), st.data())
def test_positions_keep_their_order_and_unchanged_text_keeps_its_label(case, rules, data):
    text, findings = case
    done = replace(text, findings, rules)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = done.span(start, end)
    assert 0 <= first <= last <= len(done.text)
    if all(end <= f.start or f.end <= start for f in findings):
        assert done.text[first:last] == text[start:end]


@given(cases())
def test_merging_covers_the_same_places_once_and_in_any_order(case):
    _, findings = case
    merged = merge(findings)
    covered = [at for f in merged for at in range(f.start, f.end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {at for f in findings for at in range(f.start, f.end)}
    assert merge(reversed(findings)) == merged
    assert merge(merged) == merged


@given(st.dates(date(1950, 1, 1), date(2048, 12, 31)), st.integers(-1826, 1826))
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y", "%B %d, %Y", "%d %B %Y", "%d%b%Y"])
def test_a_date_is_moved_in_the_form_it_has(form, day, days):
    moved = day + timedelta(days=days)
    if not 1951 <= moved.year <= 2050 or not 1951 <= day.year <= 2050:
        return
    forms = {
        form,
        form.replace("%b", "%B") if day.month == 5 else form,
        form.replace("%B", "%b") if day.month == 5 else form,
    }
    wanted = {moved.strftime(one) for one in forms}
    wanted |= {moved.strftime(one.replace("%d", str(moved.day))) for one in forms if day.day > 9 and "%m" not in one}
    assert shifted(day.strftime(form), days) in wanted


@pytest.mark.parametrize(
    ("old", "days", "new"),
    [
        ("3/14", 20, "4/3"),
        ("March 3rd", 18, "March 21st"),
        ("03/2021", 60, "05/2021"),
        ("the 3rd of March, 2021", 1, "the 4th of March, 2021"),
        ("Sept 30, 2020", 1, "Oct 1, 2020"),
    ],
)
def test_a_date_with_parts_missing_gets_none_invented(old, days, new):
    assert shifted(old, days) == new


@pytest.mark.parametrize("text", ["Christmas", "3/14/2021-3/16/2021", "31/31/2020", ""])
def test_what_is_no_single_date_is_not_moved(text):
    assert shifted(text, 10) is None


def test_the_same_name_has_the_same_stand_in_in_every_spelling_and_another_under_another_key():
    def one(text, rules=SURROGATE):
        return replace(text, [Finding(0, len(text), Category.NAME, "name", "r", 0.9)], rules).text

    assert one("Jane Okonkwo").lower() == one("JANE OKONKWO").lower() == one("jane okonkwo")
    assert one("Okonkwo, Jane").split(", ")[::-1] == one("Jane Okonkwo").split(" ")
    others = {one("Jane Okonkwo", Rules(Mode.SURROGATE, bytes([n]) * 32)) for n in range(8)}
    assert len(others) > 4


@given(st.text(alphabet="ABCabc0123456789-", min_size=1, max_size=40).filter(lambda t: any(c.isalnum() for c in t)))
def test_a_code_never_stands_in_for_itself(value):
    finding = Finding(0, len(value), Category.RECORD_NUMBER, "mrn", "r", 0.9)
    assert replace(value, [finding], SURROGATE).text != value


@pytest.mark.parametrize(
    ("value", "kind", "new"),
    [
        ("58102", "zip", "581"),
        ("03601", "zip", "000"),
        ("58102-1234", "zip", "581"),
        ("SW1A 1AA", "zip", "[GEOGRAPHY]"),
    ],
)
def test_zip_codes_keep_three_digits_where_enough_people_live(value, kind, new):
    finding = Finding(0, len(value), Category.GEOGRAPHY, kind, "r", 0.9)
    assert replace(value, [finding], SURROGATE).text == new


def test_ages_over_89_become_one_class_and_a_year_may_stay_without_a_shift():
    age = Finding(0, 2, Category.DATE, "age", "r", 0.9)
    assert replace("93", [age], Rules()).text == "90 or older"
    day = Finding(0, 10, Category.DATE, "date", "r", 0.9)
    assert replace("03/14/2021", [day], Rules(Mode.SURROGATE, KEY)).text == "2021"


def test_surrogates_without_a_secret_are_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Rules(Mode.SURROGATE, b"short")


def test_a_note_reads_on_after_each_mode():
    text = "Mrs. Okonkwo (MRN 00482913) was seen on 03/14/2021 by Dr. Page; call 701-555-0133."
    found = find_all(text, detectors())
    for rules in ALL:
        done = replace(text, found, rules).text
        for value in ("Okonkwo", "00482913", "03/14/2021", "Page", "701-555-0133"):
            assert value not in done
    assert re.sub(r"\[\w+ ?\w*\]", "_", replace(text, found, Rules()).text) == (
        "Mrs. _ (MRN _) was seen on _ by Dr. _; call _."
    )
