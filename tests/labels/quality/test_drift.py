"""Drift, charts and effect sizes against published figures; faults against studies that have them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from curator.core.errors import CheckError, CuratorError, UsageError
from curator.labels.agreement.model import Coded
from curator.labels.quality import drift, faults, shuffles
from curator.labels.quality.bias import fisher, measure, rereads
from curator.labels.quality.controls import items_for, power
from curator.labels.quality.cusum import arl, chart, limit_for
from curator.labels.quality.reads import Columns, Reads, names_coded, read_table


@pytest.mark.parametrize(
    ("shift", "four", "five"),
    # Montgomery, Introduction to Statistical Quality Control, table 9.3: two-sided chart, k 0.5, h 4 and h 5.
    [(0, 168, 465), (0.25, 74.2, 139), (0.5, 26.6, 38.0), (0.75, 13.3, 17.0), (1, 8.38, 10.4), (1.5, 4.75, 5.75)],
)
def test_run_lengths_of_the_chart_are_the_published_ones(shift: float, four: float, five: float) -> None:
    assert arl(0.5, 4, shift) == pytest.approx(four, rel=0.005)
    assert arl(0.5, 5, shift) == pytest.approx(five, rel=0.005)


def test_the_limit_gives_the_run_length_that_is_asked_for() -> None:
    # Montgomery, table 9.4: h 4.77 for 370 at k 0.5.
    assert limit_for(370) == pytest.approx(4.77, abs=0.015)


def test_a_chart_signals_after_a_jump_and_says_when_it_began() -> None:
    rng = np.random.default_rng(3)
    block = np.repeat(np.arange(20), 100)
    signal = (rng.random(2000) < np.where(block < 14, 0.3, 0.5)).astype(float)
    found = chart(block, signal, 20, limit_for(200))
    assert found.signal in {14, 15}
    assert found.began in {13, 14}
    assert chart(block, np.ones(2000), 20, 4).signal is None


def test_adjusted_p_values_reject_what_the_paper_rejects() -> None:
    # Benjamini and Hochberg, JRSS B 57, 1995, section 4: four at 0.05, Holm and Bonferroni three.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    p += [0.6528, 0.7590, 1.0]
    assert sum(one <= 0.05 for one in drift.adjust(p, drift.BH)) == 4
    assert sum(one <= 0.05 for one in drift.adjust(p, drift.HOLM)) == 3
    assert drift.adjust([0.04, 0.01], drift.HOLM) == pytest.approx([0.04, 0.02])


def test_effect_sizes_are_those_of_their_definitions() -> None:
    # Cohen 1988, table 6.2.2: phi of .50 is 1.571, of .25 is 1.047; the difference is h.
    assert drift.cohens_h(0.5, 0.25) == pytest.approx(1.571 - 1.047, abs=0.001)
    assert drift.cohens_h(1, 0) == pytest.approx(math.pi)
    level, value = np.array([0, 0, 1, 1] * 30), np.array([0, 0, 1, 1] * 30)
    assert drift.test(level, value, 1, "x")["cramers_v"] == pytest.approx(1)
    assert drift.stability_index(np.array([30.0, 70]), np.array([60.0, 140])) == pytest.approx(0)


def test_the_chi_square_test_is_that_of_the_published_table() -> None:
    # Snedecor and Cochran, Statistical Methods, 8th edition, section 11.6: 2 x 2, 32 and 18 of 50 against 20 and 30.
    level = np.repeat([0, 1], 50)
    value = np.array([0] * 32 + [1] * 18 + [0] * 20 + [1] * 30)
    made = drift.test(level, value, 1, "x")
    assert (made["how"], made["statistic"]) == (
        "chi-square",
        pytest.approx(100 * (32 * 30 - 18 * 20) ** 2 / (52 * 48 * 50 * 50)),
    )
    few = drift.test(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 0, 1, 1, 1]), 1, "x")
    assert few["how"] == "permutation"
    # Two of the twenty ways to deal three and three are as extreme.
    assert few["p"] == pytest.approx(0.1, abs=0.02)


def test_fishers_exact_test_is_that_of_the_lady_tasting_tea() -> None:
    assert fisher(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert fisher(4, 4, 0, 4) == pytest.approx(1 / 70)


def test_the_power_of_control_items_is_counted_and_the_plan_reaches_it() -> None:
    items = items_for(0.9, 0.7, 0.8)
    assert items is not None
    assert power(items, 0.9, 0.7, 0.95) >= 0.8 > power(items - 1, 0.9, 0.7, 0.95)
    assert power(5, 0.9, 0.89, 0.95) < 0.05
    assert items_for(0.9, 0.899, 0.99) is None


def test_automation_bias_is_measured_against_blind_reads() -> None:
    rows = [
        {"unit": f"u{n}", "reader": "ada", "value": "a" if n % 10 else "b", "proposal": "a", "arm": "shown"}
        for n in range(100)
    ]
    rows += [{**row, "value": "a" if n % 2 else "b", "arm": "blind", "seconds": "40"} for n, row in enumerate(rows)]
    made = measure(rows)
    assert (made["all"]["unchanged"], made["all"]["blindSame"]) == (90, 50)
    assert made["all"]["p"] < 1e-8
    assert made["all"]["seconds"] == {"kept": None, "changed": None, "blind": [40.0] * 5}
    pairs = rereads(
        rows + [{"unit": "u3", "reader": "ben"}, {"unit": "v", "reader": "ben"}], 0.2, "s", same_reader=False
    )
    assert len(pairs) == 20
    assert all(who == "ben" for unit, who in pairs if unit not in {"u3", "v"})
    more = [{"unit": "u3", "reader": "ben"}, {"unit": "v", "reader": "ben"}]
    assert pairs == rereads([*reversed(rows), *more], 0.2, "s", same_reader=False)


def test_a_small_p_value_is_no_remainder_of_one_and_points_are_nearest_ranks() -> None:
    # scipy.stats.fisher_exact([[382, 18], [129, 271]], alternative="greater") of scipy 1.17.
    assert fisher(382, 400, 129, 400) == pytest.approx(9.725758037810987e-88, rel=1e-9)
    assert fisher(0, 5, 5, 5) == 1
    rows = [
        {"unit": f"u{n}", "reader": "ada", "value": "a", "proposal": "a", "arm": "shown", "seconds": str(n)}
        for n in range(1, 5)
    ]
    assert measure(rows)["all"]["seconds"]["kept"] == [1.0, 1.0, 2.0, 3.0, 4.0]
    with pytest.raises(UsageError, match="QUA-059"):
        measure([*rows, rows[0]])


# -- reads of one unit ------------------------------------------------------------------------------------------------


def reads_of(per_unit: int, *, units: int = 120, seed: int = 5, slip: float = 0.0, site: float = 0.0) -> Reads:
    """Return reads of units at two sites; readers say what the unit is, but for slips and a share more at a site."""
    rng = np.random.default_rng(seed)
    rows, drawn = [], rng.random(units)
    for n in range(units):
        where = n % 2
        what = int(drawn[n] < 0.5 + site * where)
        for k in range(per_unit):
            said = what if rng.random() >= slip else 1 - what
            rows.append((n, f"r{k}", "ab"[said], "ns"[where], 105_000 + n // 10))
    unit, who, said, where, week = zip(*rows, strict=True)
    numbers = np.array(week)
    groups = {"site": names_coded(where)}
    return Reads(np.array(unit), names_coded(who), names_coded(said), numbers, 7 * numbers, groups=groups)


def site_p(reads: Reads) -> float:
    (found,) = drift.report(reads, ["site"], weekly=False)["factors"]
    return float(found["p"])


def test_readers_who_say_the_same_of_a_unit_make_nothing_more_certain() -> None:
    # Readers who say the same are one: Pearson's statistic is so many times as great, the p-value the same.
    for seed in range(4):
        two, four = reads_of(2, seed=seed), reads_of(4, seed=seed)
        assert site_p(four) == pytest.approx(site_p(two), abs=0.05)
        assert site_p(four) >= site_p(reads_of(1, seed=seed))
    assert site_p(reads_of(4, seed=1, site=0.45)) < 0.01


def test_without_drift_few_studies_with_several_readers_a_unit_seem_to_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shuffles, "DRAWS", 199)
    found = [drift.report(reads_of(3, seed=seed, slip=0.1), ["reader", "site"], weekly=True) for seed in range(20)]
    low = [[one["p"] < 0.05 for one in (*each["factors"], each["weeks"])] for each in found]
    # 60 tests at 0.05: 11 or more have a chance below 0.001.
    assert sum(map(sum, low)) < 11


def test_a_reader_who_differs_on_the_same_units_is_found() -> None:
    reads = reads_of(3, slip=0.02)
    codes = reads.value.codes.copy()
    third = (reads.reader.codes == 2) & (np.arange(len(codes)) % 9 == 2)
    codes[third] = 1
    (found,) = drift.report(replace(reads, value=Coded(codes, ("a", "b"))), ["reader"], weekly=False)["factors"]
    assert (found["drifts"], "r2" in [one["level"] for one in found["levels"] if one["drifts"]]) == (True, True)
    assert max(found["levels"], key=lambda one: abs(one["cohens_h"]))["level"] == "r2"


def test_large_tables_scale_the_distribution_by_a_few_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = reads_of(4, seed=2, slip=0.05)
    exact = site_p(reads)
    monkeypatch.setattr(shuffles, "MOST", 10)
    (found,) = drift.report(reads, ["site"], weekly=False)["factors"]
    assert (found["how"], found["p"]) == ("scaled chi-square", pytest.approx(exact, abs=0.1))


# -- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_each_fault_is_found_and_its_readers_are_named(studies: ModuleType, fault: str) -> None:
    reads = studies.study(studies.Study(), fault, 7_000_001)
    found = {one.fault: one for one in faults.look_for_faults(reads)}
    assert found[fault].found
    if fault in {faults.SWAP, faults.COPY}:
        assert len(set(found[fault].readers)) == 2
    if fault in {faults.DRIFT, faults.RUBBER}:
        assert len(found[fault].readers) == 1


def test_a_study_without_a_fault_raises_no_alarm_and_the_same_seed_says_the_same(studies: ModuleType) -> None:
    reads = studies.study(studies.Study(), None, 7_000_002)
    first = [one.document() for one in faults.look_for_faults(reads)]
    assert [one["found"] for one in first] == [False] * 5
    assert first == [one.document() for one in faults.look_for_faults(reads)]


@pytest.mark.parametrize(("many", "found"), [(8, True), (4, None)])
def test_a_pair_that_copies_is_looked_for_among_all_who_read_a_unit(many: int, found: bool | None) -> None:
    rng = np.random.default_rng(10)
    rows = []
    for n in range(800):
        truth = int(rng.integers(3))
        said = [truth if rng.random() < 0.75 else int(rng.integers(3)) for _ in range(many)]
        said[-1] = said[-2] if rng.random() < 0.8 else said[-1]
        rows += [(n, f"r{k}", "abc"[one]) for k, one in enumerate(said)]
    unit, who, given = zip(*rows, strict=True)
    reads = Reads(np.array(unit), names_coded(who), names_coded(given))
    made = {one.fault: one for one in faults.look_for_faults(reads, seed=2)}[faults.COPY]
    assert (made.found, made.readers) == (found, ("r6", "r7") if found else ())


def test_what_lacks_columns_is_not_ruled_out(studies: ModuleType) -> None:
    from dataclasses import replace

    reads = replace(studies.study(studies.Study(units=200), None, 1), week=None, changed=None)
    found = {one.fault: one for one in faults.look_for_faults(reads)}
    assert {name for name, one in found.items() if one.found is None} == {
        faults.RUBBER,
        faults.GUIDE,
        faults.DRIFT,
        faults.SWAP,
    }
    assert all(one.what for one in found.values())


# -- tables -----------------------------------------------------------------------------------------------------------


def table(path: Path, rows: list[str], header: str = "unit,reader,value,time,took,kept,site") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_a_table_is_read_with_times_proposals_and_groups(tmp_path: Path) -> None:
    rows = ["u1,ada,a,2026-01-05,10,a,north", "u1,ben,b,2026-01-12T08:00:00Z,20.5,a,north", "u2,ada,,2026-01-05,,,"]
    reads = read_table(table(tmp_path / "t.csv", rows), Columns(seconds="took", proposal="kept", by=("site",)))
    assert (len(reads), reads.value.names) == (2, ("a", "b"))
    assert reads.week is not None
    assert reads.changed is not None
    assert reads.seconds is not None
    assert reads.week[1] - reads.week[0] == 1
    assert (list(reads.changed), list(reads.seconds)) == ([0, 1], [10, 20.5])
    assert reads.groups["site"].names[-1] == "north"


@pytest.mark.parametrize(
    ("rows", "columns", "code"),
    [
        (["u1,Quillfeather Jane,a,2026-01-05,1,a,n"], {}, "AGR-004"),
        (["u1,ada,1950-03-04,2026-01-05,1,a,n"], {}, "AGR-005"),
        (["u1,ada,a,05.01.2026,1,a,n"], {}, "AGR-011"),
        (["u1,ada,a,2026-01-05,fast,a,n"], {"seconds": "took"}, "QUA-032"),
        (["u1,ada,a,2026-01-05,-3,a,n"], {"seconds": "took"}, "QUA-032"),
        (["u1,ada,a,2026-01-05,1,perhaps,n"], {"changed": "kept"}, "QUA-032"),
        ([",ada,a,2026-01-05,1,a,n"], {}, "AGR-007"),
        (["u1,ada,,2026-01-05,1,a,n"], {}, "AGR-006"),
        (["u1,ada,a,2026-01-05,1,a,n"], {"seconds": "unit"}, "AGR-022"),
        (["u1,ada,a,2026-01-05,1,a,mail@example.org"], {"by": ("site",)}, "AGR-005"),
    ],
)
def test_a_table_that_cannot_be_taken_whole_is_refused(
    tmp_path: Path, rows: list[str], columns: dict[str, Any], code: str
) -> None:
    with pytest.raises(CuratorError) as caught:
        read_table(table(tmp_path / "t.csv", rows), Columns(**columns))
    assert caught.value.code == code
    said = str(caught.value) + caught.value.hint
    assert not any(one in said for one in ("Quill", "1950", "perhaps", "fast", "mail@"))


def test_nothing_to_compare_is_said() -> None:
    from curator.labels.quality.reads import Reads

    ones = names_coded(["a"] * 4)
    reads = Reads(np.arange(4), names_coded(["ada", "ben"] * 2), ones)
    with pytest.raises(CheckError) as caught:
        drift.report(reads, ["reader"], weekly=False)
    assert caught.value.code == "QUA-033"


def test_several_charts_say_how_often_any_of_them_alarms() -> None:
    from curator.cli.labels_drift import _together

    assert _together({"run_length": 202.0, "charts": [{}]}) == ""
    assert _together({"run_length": 202.0, "charts": [{}] * 4}) == ", 50 or more of all 4 together"
