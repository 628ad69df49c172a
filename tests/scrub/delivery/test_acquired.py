"""The true period of acquisition: days for the vault, years for the journal."""

from __future__ import annotations

from typing import Any

from curator.scrub.delivery.acquired import acquired, published


class Shelf:
    """What a shelf answers, from memory."""

    def __init__(self, firsts: list[list[Any] | None], do: str = "scrub") -> None:
        rows = [{"source": str(at), "dicom": {"first": first}} for at, first in enumerate(firsts)]
        rows.append({"source": "note", "dicom": None})
        self.documents = {
            "harvest/00000000": rows,
            "plan/00000000": [{"source": row["source"], "do": do} for row in rows],
        }

    def numbers(self, name: str) -> list[int]:
        return [0] if name == "plan" else []

    def need(self, name: str) -> Any:
        return self.documents[name]


def test_the_first_and_last_day_of_cleaned_images_are_kept() -> None:
    told = acquired(Shelf([["20190612", 5], ["20230101", 7], ["", 3], None]), "site-1")  # type: ignore[arg-type]
    assert told == {
        "format": 1, "site": "site-1", "first": "20190612", "last": "20230101", "dated": 2, "undated": 2,
    }  # fmt: skip


def test_only_years_are_published() -> None:
    told = published(acquired(Shelf([["20190612", 5], ["20230101", 7]]), "site-1"))  # type: ignore[arg-type]
    assert told == {"format": 1, "sites": [{"site": "site-1", "from": 2019, "to": 2023, "files": 2, "undated": 0}]}
    assert "0612" not in repr(told)


def test_what_is_held_back_and_impossible_days_do_not_count() -> None:
    assert acquired(Shelf([["20190612", 5]], do="quarantine"), "s")["dated"] == 0  # type: ignore[arg-type]
    told = acquired(Shelf([["99990101", 0], ["18000101", 0]]), "s")  # type: ignore[arg-type]
    assert (told["first"], told["dated"], told["undated"]) == (None, 0, 2)
    assert published(told)["sites"][0]["from"] is None
