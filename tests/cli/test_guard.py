"""The guard of texts that go into the ledger: what it lets pass, and what it does not."""

from __future__ import annotations

import pytest

from curator.cli.guard import text_guard


@pytest.mark.parametrize("text", ["grade3", "label1", "keypoint_label1", "stage2", "nodule1", "vertebra_L3", "LM12"])
def test_classes_with_a_running_number_are_no_logins(text: str) -> None:
    assert text_guard()(text)


@pytest.mark.parametrize(
    "text", ["tkozlow2", "dabel1", "scott1", "doe_jane", "asked Mary Kowalski", "label1 Mary Kowalski"]
)
def test_logins_and_names_are_refused(text: str) -> None:
    assert not text_guard()(text)


@pytest.mark.parametrize("text", ["case-1500", "big-1000", "case_0001", "study1-case0001", "Sample.99999", "img00012"])
def test_ids_of_things_that_are_counted_pass(text: str) -> None:
    assert text_guard()(text)


@pytest.mark.parametrize(
    "text", ["case-482913", "mrn-48291", "subject-4471", "acc-1500", "jane-doe-case-12", "Jane_case1", "case 1500-44-9"]
)
def test_numbers_of_people_and_of_laboratories_are_refused_in_ids(text: str) -> None:
    assert not text_guard()(text)
