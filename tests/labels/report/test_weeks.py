from __future__ import annotations

from curator.labels.report.material import Kind, score_of
from curator.labels.report.weeks import WEEKS, drift, week_of, weeks_between


def test_weeks_run_without_gaps_over_the_turn_of_the_year() -> None:
    assert week_of("2026-01-01T00:00:00Z") == "2026-W01"
    assert week_of("2027-01-01T00:00:00Z") == "2026-W53"
    assert weeks_between("2026-W52", "2027-W02") == ("2026-W52", "2026-W53", "2027-W01", "2027-W02")
    long = weeks_between("1990-W01", "2026-W10")
    assert (len(long), long[-1]) == (WEEKS, "2026-W10")


def test_a_week_without_a_comparison_is_a_gap() -> None:
    kind = Kind("class", [])
    kind.scores = [("ada", "2026-01-01", 1.0), ("ada", "2026-01-02", 0.0), ("ada", "2026-01-20", 1.0)]
    found = drift(kind, weeks_between("2026-W01", "2026-W04"))
    assert found is not None
    assert found.series == (("ada", (0.5, None, None, 1.0)),)
    assert drift(Kind("class", []), ()) is None


def test_scores_run_from_nothing_in_common_to_everything() -> None:
    assert score_of("box", (2, 0, 0, 2.0)) == 1
    assert score_of("box", (0, 1, 1, 0.0)) == 0
    assert score_of("box", (1, 0, 1, 0.8)) == 2 * 0.8 / 3
    assert score_of("mask", (1, 1, 0.7, *(0,) * 7)) == 0.7
    assert score_of("mask", (0,) * 10) is None
    assert score_of("keypoints", (1, 0, 1, 1, 0.9)) == 2 * 0.9 / 3
