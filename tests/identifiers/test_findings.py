"""Findings are joined so that nothing overlaps and nothing found is left uncovered, in whatever order they come."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge

FINDINGS = st.builds(
    lambda start, length, category, rule, trust: Finding(start, start + length, category, "kind", rule, trust),
    st.integers(0, 30),
    st.integers(1, 8),
    st.sampled_from([Category.NAME, Category.DATE, Category.PHONE]),
    st.sampled_from(["a", "b"]),
    st.sampled_from([0.2, 0.5, 0.9]),
)


def covered(findings):
    return {at for finding in findings for at in range(finding.start, finding.end)}


@given(st.lists(FINDINGS, max_size=12), st.randoms())
def test_what_any_detector_found_stays_covered_once_in_whatever_order_it_came(found, order):
    merged = merge(found)
    assert covered(merged) == covered(found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(merged))
    shuffled = list(found)
    order.shuffle(shuffled)
    assert merge(shuffled) == merged


def test_the_surest_names_the_kind_of_a_union():
    name = Finding(0, 10, Category.NAME, "name", "n", 0.6)
    date = Finding(8, 14, Category.DATE, "date", "d", 0.9)
    assert merge([name, date]) == (Finding(0, 14, Category.DATE, "date", "d", 0.9),)


def test_findings_that_touch_stay_apart():
    one, two = (Finding(at, at + 3, Category.NAME, "name", "n", 0.5) for at in (0, 3))
    assert merge([two, one]) == (one, two)


@pytest.mark.parametrize(("start", "end", "trust"), [(3, 3, 0.5), (-1, 2, 0.5), (0, 1, 1.5)])
def test_an_impossible_finding_is_refused(start, end, trust):
    with pytest.raises(ValueError, match=r"a finding needs|a confidence lies"):
        Finding(start, end, Category.NAME, "name", "n", trust)
