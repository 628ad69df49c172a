"""What must hold for every table of ratings, whatever it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worked import scheme_of, summed

from curator.labels.agreement import coefficients as c
from curator.labels.agreement import icc
from curator.labels.agreement.block import Plan, block, pair_blocks
from curator.labels.agreement.consensus import TIE, dawid_skene, majority
from curator.labels.agreement.measured import alpha_measured
from curator.labels.agreement.model import Coded, Ratings, from_lists
from curator.labels.agreement.pairs import cohen_kappa, pairs
from curator.labels.agreement.patterns import patterns
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.scales import SCALES

CLASSES = [1, 2, 4, 8]


@st.composite
def tables(draw: st.DrawFn, most_missing: int = 3) -> Ratings:
    """Some readers, some units, ratings that may be missing; at least one unit is rated by all."""
    readers, units = draw(st.integers(2, 5)), draw(st.integers(2, 12))
    cell = st.one_of(st.sampled_from(CLASSES), st.none()) if most_missing else st.sampled_from(CLASSES)
    rows = [[draw(cell) if unit else draw(st.sampled_from(CLASSES)) for unit in range(units)] for _ in range(readers)]
    cells = [(unit, reader, rows[reader][unit]) for reader in range(readers) for unit in range(units)]
    return from_lists([x[0] for x in cells], [x[1] for x in cells], [x[2] for x in cells], CLASSES)


def everything(ratings: Ratings, scale: str) -> dict[str, Any]:
    plan = Plan(scheme_of(scale, ratings.numbers), scale, Sampling(50))
    return block(ratings, plan, "law")


def same(one: Any, two: Any) -> bool:
    if isinstance(one, dict):
        return set(one) == set(two) and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, float) and isinstance(two, float):
        return bool(np.isclose(one, two, atol=1e-9))
    return bool(one == two)


def shuffled(ratings: Ratings, seed: int) -> Ratings:
    order = np.random.default_rng(seed).permutation(len(ratings))
    return replace(
        ratings,
        unit=ratings.unit[order],
        reader=Coded(ratings.reader.codes[order], ratings.reader.names),
        value=Coded(ratings.value.codes[order], ratings.value.names),
    )


def renamed(column: Any, count: int, seed: int) -> Any:
    return np.random.default_rng(seed).permutation(count)[column]


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from(SCALES), st.integers(0, 99))
def test_nothing_depends_on_the_order_of_rows_or_the_names_of_units(ratings: Ratings, scale: str, seed: int) -> None:
    other = shuffled(ratings, seed)
    other = replace(other, unit=renamed(other.unit, int(ratings.unit.max()) + 1, seed))
    assert same(everything(ratings, scale), everything(other, scale))


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from(SCALES), st.integers(0, 99))
def test_no_measure_between_all_readers_depends_on_who_is_who(ratings: Ratings, scale: str, seed: int) -> None:
    readers = len(ratings.reader.names)
    other = replace(ratings, reader=Coded(renamed(ratings.reader.codes, readers, seed), ratings.reader.names))
    one, two = everything(ratings, scale)["measures"], everything(other, scale)["measures"]
    assert same({k: v["value"] for k, v in one.items()}, {k: v["value"] for k, v in two.items()})
    whole = [name for name in one if not name.endswith("cohen_kappa") and not name.startswith("ICC")]
    assert same({name: one[name] for name in whole}, {name: two[name] for name in whole})


@settings(max_examples=40, deadline=None)
@given(tables(), st.integers(0, 99))
def test_nominal_measures_do_not_depend_on_what_the_classes_are_called(ratings: Ratings, seed: int) -> None:
    names = len(ratings.value.names)
    other = replace(ratings, value=Coded(renamed(ratings.value.codes, names, seed), ratings.value.names))
    one, two = everything(ratings, "nominal")["measures"], everything(other, "nominal")["measures"]
    assert same({k: v["value"] for k, v in one.items()}, {k: v["value"] for k, v in two.items()})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(CLASSES), min_size=2, max_size=20), st.integers(2, 5), st.sampled_from(SCALES))
def test_readers_who_always_agree_get_1_and_who_know_one_class_alone_get_no_kappa(
    truth: list[int], readers: int, scale: str
) -> None:
    unit = [number for _ in range(readers) for number in range(len(truth))]
    reader = [number for number in range(readers) for _ in truth]
    ratings = from_lists(unit, reader, truth * readers, CLASSES)
    found = everything(ratings, scale)
    varied = len(set(truth)) > 1
    assert found["all_equal"] is not varied
    for name, one in found["measures"].items():
        chance_free = name in {"percent_agreement", "weighted_agreement", "gwet_ac1", "gwet_ac2", "brennan_prediger"}
        wanted = 1.0 if varied or chance_free else None
        assert one["value"] == (wanted if wanted is None else pytest.approx(wanted)), name


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(SCALES))
def test_alpha_is_that_of_its_definition(ratings: Ratings, scale: str) -> None:
    """Krippendorff 2011: observed over expected disagreement, pair by pair, as plain loops."""
    values = [float(ratings.numbers[code]) for code in ratings.value.codes]
    units: dict[int, list[float]] = {}
    for unit, value in zip(ratings.unit.tolist(), values, strict=True):
        units.setdefault(unit, []).append(value)
    several = [one for one in units.values() if len(one) > 1]
    pool = [value for one in several for value in one]
    n = {value: pool.count(value) for value in CLASSES}

    def cost(a: float, b: float) -> float:
        if scale == "nominal":
            return float(a != b)
        if scale == "interval":
            return (a - b) ** 2
        if scale == "ratio":
            return ((a - b) / (a + b)) ** 2
        low, high = sorted((a, b))
        return (sum(n[x] for x in CLASSES if low <= x <= high) - (n[a] + n[b]) / 2) ** 2

    observed = sum(cost(a, b) / (len(one) - 1) for one in several for a in one for b in one) / len(pool)
    expected = sum(cost(a, b) for a in pool for b in pool) / (len(pool) * (len(pool) - 1))
    scheme = scheme_of(scale, ratings.numbers)
    found = c.alpha(summed(ratings, scheme), scheme)[0]
    if expected == 0:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(1 - observed / expected)
    if scale in {"interval", "ratio"}:
        measured = alpha_measured(ratings, scale, Sampling(0))[0][0]
        assert (np.isnan(measured) and np.isnan(found)) or measured == pytest.approx(found)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_patterns_count_every_unit_once_as_plain_loops_do(ratings: Ratings) -> None:
    loops: dict[tuple[int, ...], int] = {}
    for unit in set(ratings.unit.tolist()):
        given_ = ratings.value.codes[ratings.unit == unit].tolist()
        key = tuple(given_.count(code) for code in range(len(CLASSES)))
        loops[key] = loops.get(key, 0) + 1
    for spread in (1, 1_000_003):  # near and far numbers of units are counted in two ways
        found = patterns(ratings.unit * spread, ratings.value.codes, len(CLASSES))
        assert dict(zip(map(tuple, found.counts.tolist()), found.frequency.tolist(), strict=True)) == loops


def test_patterns_of_many_readers_and_many_classes_are_told_apart() -> None:
    """Long lists of values do not fit one number; two units that differ in the last rating alone stay apart."""
    classes, long = 90, [*range(88)]
    value = np.array([*long, 88, *long, 89, *long, 88])
    unit = np.repeat(np.arange(3), 89)
    for spread in (1, 1_000_003):
        found = patterns(unit * spread, value, classes)
        assert sorted(found.frequency.tolist()) == [1, 2]


@settings(max_examples=40, deadline=None)
@given(tables())
def test_cohen_of_each_pair_is_that_of_its_definition(ratings: Ratings) -> None:
    rated: dict[int, dict[int, int]] = {}
    for unit, reader, value in zip(ratings.unit, ratings.reader.codes, ratings.value.codes, strict=True):
        rated.setdefault(int(reader), {})[int(unit)] = int(value)
    for pair in pairs(ratings) or []:
        one, two = rated[pair.first], rated[pair.second]
        both = sorted(set(one) & set(two))
        assert pair.units == len(both)
        agreed = sum(one[u] == two[u] for u in both) / len(both)
        chance = (
            sum(sum(one[u] == k for u in both) * sum(two[u] == k for u in both) for k in range(len(CLASSES)))
            / len(both) ** 2
        )
        found = cohen_kappa(pair, pair.frequency.astype(float)[None, :], np.eye(len(CLASSES)))[0]
        assert np.isnan(found) if chance == 1 else found == pytest.approx((agreed - chance) / (1 - chance))


@settings(max_examples=30, deadline=None)
@given(tables(most_missing=0), st.floats(-50, 50), st.floats(0.5, 9))
def test_the_icc_does_not_depend_on_the_zero_or_the_unit_of_the_measure(
    ratings: Ratings, shift: float, factor: float
) -> None:
    table, units = icc.full_table(ratings)
    assert sorted(units.tolist()) == sorted(set(ratings.unit.tolist()))
    one, two = (icc.six_forms(icc.mean_squares(x)) for x in (table, table * factor + shift))
    for form in icc.FORMS:
        assert np.allclose(one[form], two[form], atol=1e-6, equal_nan=True)


def _rated_twice(ratings: Ratings) -> int:
    return int((np.bincount(ratings.unit) > 1).sum())


@settings(max_examples=30, deadline=None)
@given(tables(), st.sampled_from([1e-60, 1e-9, 3.7, 1e9, 1e60]), st.sampled_from([0.0, 100.0]))
def test_alpha_and_weighted_measures_do_not_depend_on_the_unit_of_the_measure(
    ratings: Ratings, factor: float, shift: float
) -> None:
    moved = replace(ratings, numbers=(ratings.numbers + shift) * factor)
    one, two = everything(ratings, "interval")["measures"], everything(moved, "interval")["measures"]
    assert same({k: v["value"] for k, v in one.items()}, {k: v["value"] for k, v in two.items()})
    for scale, other in (("interval", moved), ("ratio", replace(ratings, numbers=ratings.numbers * factor))):
        found = [alpha_measured(each, scale, Sampling(20), "x") for each in (ratings, other)]
        assert np.allclose(found[0][0], found[1][0], equal_nan=True)
        first, second = found[0][1], found[1][1]
        if first is None or second is None:
            assert first is second  # one unit alone has no samples
            assert _rated_twice(ratings) < 2
        else:
            assert np.allclose(first, second, equal_nan=True)


def test_samples_of_one_unit_that_all_agree_on_have_no_icc_rather_than_noise() -> None:
    table = np.array([[0.1, 0.1, 0.1], [0.7, 0.7, 0.7], [1.3, 1.3, 1.3]])
    drawn = np.array([[3.0, 0, 0], [0, 3, 0], [0, 0, 3], [1, 1, 1]])
    for form, values in icc.six_forms(icc.mean_squares(table, drawn)).items():
        assert np.isnan(values[:3]).all(), form
        assert values[3] == 1


@pytest.mark.parametrize("scale", SCALES)
def test_an_interval_holds_its_estimate_narrows_with_units_and_repeats_with_its_seed(scale: str) -> None:
    widths = []
    for units in (100, 1600):
        rng = np.random.default_rng(units)
        truth = rng.integers(0, 4, units)
        given_ = [np.where(rng.random(units) < 0.7, truth, rng.integers(0, 4, units)) for _ in range(3)]
        value = [CLASSES[code] for row in given_ for code in row]
        ratings = from_lists([*range(units)] * 3, [r for r in range(3) for _ in range(units)], value, CLASSES)
        scheme = scheme_of(scale, ratings.numbers)
        found, again, other = (
            block(ratings, Plan(scheme, scale, Sampling(400, seed)), "x")["measures"] for seed in (5, 5, 6)
        )
        assert found == again
        assert found["krippendorff_alpha"]["low"] != other["krippendorff_alpha"]["low"]
        for name, one in found.items():
            if one["low"] is not None:
                assert one["low"] < one["value"] < one["high"], name
        alpha = found["krippendorff_alpha"]
        widths.append(alpha["high"] - alpha["low"])
    assert widths[1] < widths[0] / 2.5


@pytest.mark.parametrize("scale", SCALES)
def test_units_that_hang_together_make_intervals_wider_and_clusters_of_one_do_not(scale: str) -> None:
    """Each of 60 patients has eight units, and readers disagree on a patient's units together."""
    rng = np.random.default_rng(9)
    patient = np.repeat(np.arange(60), 8)
    truth = rng.integers(0, 4, 60)
    hard = rng.random(60) < 0.4
    one = truth[patient]
    two = np.where(hard, (truth + 1) % 4, truth)[patient]
    units = [*range(480)] * 2
    value = [CLASSES[code] for code in [*one, *two]]
    alone = from_lists(units, [0] * 480 + [1] * 480, value, CLASSES)
    scheme = scheme_of(scale, alone.numbers)
    plan = Plan(scheme, scale, Sampling(400))
    widths = []
    for cluster in (None, np.arange(480), patient):
        both = None if cluster is None else np.concatenate([cluster, cluster])
        ratings = replace(alone, cluster=both)
        found = block(ratings, plan, "x")["measures"]
        found["pair"] = pair_blocks(ratings, plan)[0]["measures"]["cohen_kappa"]  # type: ignore[index]
        if scale in {"interval", "ratio"}:
            point, samples = alpha_measured(ratings, scale, Sampling(400), "x")
            assert samples is not None
            assert point[0] == pytest.approx(found["krippendorff_alpha"]["value"])
            low, high = np.quantile(samples, [0.025, 0.975])
            found["measured"] = {"low": low, "high": high}
        widths.append({name: x["high"] - x["low"] for name, x in found.items()})
    for name, width in widths[0].items():
        assert 0.75 < widths[1][name] / width < 1.33, name
        assert widths[2][name] > 1.8 * width, name


def test_the_interval_has_about_the_coverage_that_it_claims() -> None:
    """200 samples of 150 units from a made-up population: the 95 % interval of AC1 holds its value about as often."""
    rng = np.random.default_rng(11)
    draw: Callable[[int], Any] = lambda n: np.where(  # noqa: E731
        rng.random((n, 3)) < 0.8, rng.integers(0, 3, (n, 1)), rng.integers(0, 3, (n, 3))
    )

    def rated(table: Any) -> Ratings:
        units, readers = table.shape
        return from_lists(
            np.repeat(np.arange(units), readers).tolist(), [*range(readers)] * units, table.ravel().tolist(), [0, 1, 2]
        )

    scheme = scheme_of("nominal", range(3))
    truth = c.ac1(summed(rated(draw(40_000)), scheme))[0]
    held = 0
    for seed in range(200):
        one = block(rated(draw(150)), Plan(scheme, "nominal", Sampling(200, seed)), "x")["measures"]["gwet_ac1"]
        held += one["low"] <= truth <= one["high"]
    assert 178 <= held <= 199


@settings(max_examples=40, deadline=None)
@given(tables())
def test_a_majority_is_a_majority_and_a_tie_is_never_broken(ratings: Ratings) -> None:
    found = majority(ratings)
    for unit, value, share in zip(found.unit, found.value, found.share, strict=True):
        votes = np.bincount(ratings.value.codes[ratings.unit == unit], minlength=len(CLASSES))
        winners = np.flatnonzero(votes == votes.max())
        assert value == (winners[0] if len(winners) == 1 else TIE)
        assert share == pytest.approx(votes.max() / votes.sum())


def test_weighted_votes_and_ties_of_weights() -> None:
    ratings = from_lists([1, 1, 1], ["a", "b", "c"], ["x", "x", "y"])
    assert majority(ratings).value.tolist() == [0]
    assert majority(ratings, np.array([0.1, 0.1, 0.3])).value.tolist() == [1]
    assert majority(ratings, np.array([0.1, 0.2, 0.1 + 0.2])).ties.tolist() == [True]
    assert majority(ratings, np.zeros(3)).ties.tolist() == [True]


def test_the_latent_model_finds_the_reader_who_errs() -> None:
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 3, 600)
    skill = [0.95, 0.9, 0.5, 0.9]
    given_ = [np.where(rng.random(600) < one, truth, (truth + 1) % 3) for one in skill]
    ratings = from_lists(
        [*range(600)] * 4, [r for r in range(4) for _ in range(600)], [int(x) for row in given_ for x in row]
    )
    found = dawid_skene(ratings)
    assert found.converged
    right = [float(np.mean(np.diag(found.errors[reader]))) for reader in range(4)]
    assert np.argmin(right) == 2
    assert np.allclose(right, skill, atol=0.06)
    assert (found.posterior.argmax(axis=1) == truth).mean() > 0.95
    assert (found.posterior.argmax(axis=1) == truth).mean() >= (majority(ratings).value == truth).mean()
    stopped = dawid_skene(ratings, most_steps=1)
    assert not stopped.converged
    assert stopped.log_likelihood <= found.log_likelihood


def test_an_empty_latent_model_is_empty_and_not_converged() -> None:
    empty = from_lists([], [], [])
    assert not dawid_skene(empty).converged
    assert len(majority(empty).unit) == 0
