"""The true period of acquisition: days for the vault, years for the journal."""

from __future__ import annotations

from typing import Any

from curator.scrub.delivery.acquired import Period, published


def acquired(firsts: list[list[Any] | None], site: str, do: str = "scrub") -> dict[str, Any]:
    """Return the document of files that state these first moments, and of a note."""
    period = Period()
    for row in [*({"dicom": {"first": first}} for first in firsts), {"dicom": None}]:
        period.add(row, {"do": do})
    return period.document(site)


def test_the_first_and_last_day_of_cleaned_images_are_kept() -> None:
    told = acquired([["20190612", 5], ["20230101", 7], ["", 3], None], "site-1")
    assert told == {
        "format": 1, "site": "site-1", "first": "20190612", "last": "20230101", "dated": 2, "undated": 2,
    }  # fmt: skip


def test_only_years_are_published() -> None:
    told = published(acquired([["20190612", 5], ["20230101", 7]], "site-1"))
    assert told == {"format": 1, "sites": [{"site": "site-1", "from": 2019, "to": 2023, "files": 2, "undated": 0}]}
    assert "0612" not in repr(told)


def test_what_is_held_back_and_impossible_days_do_not_count() -> None:
    assert acquired([["20190612", 5]], "s", do="quarantine")["dated"] == 0
    told = acquired([["99990101", 0], ["18000101", 0]], "s")
    assert (told["first"], told["dated"], told["undated"]) == (None, 0, 2)
    assert published(told)["sites"][0]["from"] is None
