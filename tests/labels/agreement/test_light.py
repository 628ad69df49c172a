"""The interval of the mean of Cohen's kappas: each sample is the table that these units would have made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from curator.labels.agreement import light
from curator.labels.agreement.model import Ratings, from_lists
from curator.labels.agreement.pairs import cohen_kappa, pairs
from curator.labels.agreement.resample import Sampling

CLASSES = [1, 2, 3]
PLAIN, SQUARED = np.eye(3), 1 - np.subtract.outer(np.arange(3), np.arange(3)) ** 2 / 4


def cells_of(units: int = 30, readers: int = 4) -> dict[int, list[int | None]]:
    rng = np.random.default_rng(11)
    truth = rng.integers(1, 4, units)
    return {
        unit: [None if rng.random() < 0.2 else int(said if rng.random() < 0.7 else rng.integers(1, 4))
               for _ in range(readers)]
        for unit, said in enumerate(truth.tolist())
    }  # fmt: skip


def ratings_of(cells: dict[int, list[int | None]], picked: list[int]) -> Ratings:
    """Make a table in which each unit stands as often as it was picked, every time as a unit of its own."""
    rows = [(at, reader, said) for at, unit in enumerate(picked) for reader, said in enumerate(cells[unit])]
    return from_lists([x[0] for x in rows], [x[1] for x in rows], [x[2] for x in rows], CLASSES)


def mean(ratings: Ratings, agreement: Any) -> float:
    found = pairs(ratings) or []
    return float(np.mean([cohen_kappa(one, one.frequency.astype(float)[None, :], agreement)[0] for one in found]))


@pytest.mark.parametrize("wide", [False, True])
def test_a_sample_of_units_gives_the_mean_of_the_table_of_these_units(
    monkeypatch: pytest.MonkeyPatch, wide: bool
) -> None:
    if wide:
        monkeypatch.setattr(light, "_INT64", 1)  # as with more readers than fit into one number
    cells = cells_of()
    picked = np.random.default_rng(5).integers(0, 30, (6, 30))
    seen: list[Any] = []
    monkeypatch.setattr(light, "grouped", lambda _, units, kind: seen.append((units, kind)))

    def drawn(frequency: Any, *_: Any) -> Iterator[Any]:
        _, kind = seen[0]
        yield np.stack([np.bincount(kind[one], minlength=len(frequency)) for one in picked]).astype(float)

    monkeypatch.setattr(light, "draws", drawn)
    ratings = ratings_of(cells, list(range(30)))
    found = light.sampled_means(ratings, pairs(ratings) or [], {"plain": PLAIN, "squared": SQUARED}, Sampling(6), "x")
    assert found is not None
    for name, agreement in (("plain", PLAIN), ("squared", SQUARED)):
        asked = [mean(ratings_of(cells, one), agreement) for one in picked.tolist()]
        assert found[name] == pytest.approx(asked)


def test_the_mean_lies_in_its_interval_and_the_seed_gives_the_same_again() -> None:
    ratings = ratings_of(cells_of(200), list(range(200)))
    found = pairs(ratings) or []
    one, two = (light.sampled_means(ratings, found, {"plain": PLAIN}, Sampling(500), "x") for _ in range(2))
    assert one is not None
    assert two is not None
    assert np.array_equal(one["plain"], two["plain"])
    low, high = np.quantile(one["plain"], [0.025, 0.975])
    assert low < mean(ratings, PLAIN) < high
    assert high - low < 0.25


def test_without_samples_or_with_too_much_to_compute_there_is_no_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = ratings_of(cells_of(), list(range(30)))
    found = pairs(ratings) or []
    assert light.sampled_means(ratings, found, {"plain": PLAIN}, Sampling(0), "x") is None
    monkeypatch.setattr(light, "MAX_STEPS", 100)
    assert light.sampled_means(ratings, found, {"plain": PLAIN}, Sampling(50), "x") is None
