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
