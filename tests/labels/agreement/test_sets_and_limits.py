"""Sets of codes, relations, and limits of agreement: published definitions by hand and against a library's way."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from curator.labels.agreement import limits, relations, sets
from curator.labels.agreement.limits import Measured
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.sets import Given, masi

A, B, AB, BC, NO = frozenset("a"), frozenset("b"), frozenset("ab"), frozenset("bc"), frozenset("")


def test_masi_has_the_four_weights_of_the_paper() -> None:
    assert masi(AB, AB) == 1
    assert masi(A, AB) == pytest.approx(2 / 3 * 1 / 2)
    assert masi(AB, BC) == pytest.approx(1 / 3 * 1 / 3)
    assert (masi(A, B), masi(NO, A), masi(NO, NO)) == (0, 0, 1)
    every = [A, B, AB, BC, NO]
    tables = sets._tables(every)
    assert tables["masi"] == pytest.approx(np.array([[masi(a, b) for b in every] for a in every]))
    assert tables["jaccard"] == pytest.approx(np.array([[sets.jaccard(a, b) for b in every] for a in every]))


def plainly(units: list[list[frozenset[str]]]) -> float:
    """Compute alpha with MASI straight from its definition: mean difference within units over that among all."""
    several = [held for held in units if len(held) > 1]
    total = sum(map(len, several))
    seen = sum(sum(1 - masi(a, b) for a, b in permutations(held, 2)) / (len(held) - 1) for held in several) / total
    every = [one for held in several for one in held]
    chance = sum(1 - masi(a, b) for a, b in permutations(every, 2)) / (total * (total - 1))
    return 1 - seen / chance


def test_alpha_with_masi_is_what_its_definition_gives_with_missing_readers() -> None:
    rng = np.random.default_rng(9)
    units = [
        [frozenset(np.array(list("abcd"))[rng.random(4) < 0.4].tolist()) for _ in range(rng.integers(1, 5))]
        for _ in range(40)
    ]
    given = [
        Given(unit, f"r{reader}", f"p{unit // 2}", held)
        for unit, readers in enumerate(units)
        for reader, held in enumerate(readers)
    ]
    made = sets.measures(given, Sampling(200), "sets")
    assert made["masi_alpha"].value == pytest.approx(plainly(units), abs=1e-12)
    assert (made["masi_alpha"].low or 9) < (made["masi_alpha"].value or 0) < (made["masi_alpha"].high or 0)
    assert sets.measures(list(reversed(given)), Sampling(200), "sets") == made


def test_readers_who_give_the_same_sets_agree_in_everything_and_one_alone_has_no_figure() -> None:
    given = [Given(unit, reader, "p", held) for unit, held in enumerate((A, AB, NO)) for reader in ("ada", "ben")]
    made = sets.measures(given, Sampling(0), "sets")
    assert {name: one.value for name, one in made.items()} == dict.fromkeys(made, 1.0)
    alone = sets.measures(given[::2], Sampling(10), "sets")
    assert {one.value for one in alone.values()} == {None}


def pairs(first: list[float], second: list[float], what: str = "diameter") -> list[Measured]:
    return [
        Measured(f"u{at}", f"p{at}", who, what, "mm", amount)
        for who, side in (("ada", first), ("ben", second))
        for at, amount in enumerate(side)
    ]


def test_limits_of_agreement_are_those_of_the_paper_s_peak_flow_data() -> None:
    # Bland and Altman 1986, table 1: first readings with the Wright meter and the mini meter, 17 subjects.
    wright = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
    mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
    (made,) = limits.limits(pairs([*map(float, wright)], [*map(float, mini)]), Sampling(0))
    assert f"{made['bias']['value']:.1f}" == "-2.1"
    assert f"{made['deviation']['value']:.1f}" == "38.8"
    # The paper takes 2 deviations and prints -79.7 and 75.5; of 1.96 it is a little less.
    assert made["bias"]["value"] - 2 * made["deviation"]["value"] == pytest.approx(-79.7, abs=0.1)
    assert made["upper"]["value"] == pytest.approx(-2.118 + 1.96 * 38.765, abs=0.01)


def test_limits_cover_a_known_offset_and_scatter() -> None:
    rng = np.random.default_rng(1)
    true = rng.uniform(5, 50, 400)
    first, second = (true + shift + rng.normal(0, 1, 400) for shift in (0.5, 0))
    (made,) = limits.limits(pairs(first.tolist(), second.tolist()), Sampling(300))
    assert made["bias"]["low"] < 0.5 < made["bias"]["high"]
    assert made["deviation"]["low"] < 2**0.5 < made["deviation"]["high"]
    assert made["slope"]["low"] < 0 < made["slope"]["high"]
    growing = limits.limits(pairs((true * 1.2).tolist(), true.tolist()), Sampling(300))[0]
    assert growing["slope"]["low"] > 0.15


def test_only_the_same_thing_in_the_same_unit_is_put_together() -> None:
    both = [*pairs([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), *pairs([40.0, 50.0], [41.0, 51.0], "ejection")]
    made = limits.limits(both, Sampling(0))
    assert [(one["what"], one["units"], one["bias"]["value"]) for one in made] == [
        ("diameter", 3, 0.0),
        ("ejection", 2, -1.0),
    ]
    assert limits.limits(both[:1] + both[3:4], Sampling(0)) == []


def relation(first: tuple[int, int], second: tuple[int, int], name: str = "dose of") -> dict[str, Any]:
    ends = [{"type": kind, "start": a, "end": b} for kind, (a, b) in (("drug", first), ("dose", second))]
    return {"type": name, "from": ends[0], "to": ends[1]}


def test_relations_are_the_same_by_their_ends() -> None:
    pytest.importorskip("scipy")
    first = [relation((0, 5), (6, 9)), relation((20, 25), (30, 33)), relation((40, 45), (50, 53))]
    second = [relation((0, 5), (6, 9)), relation((20, 25), (31, 35)), relation((50, 53), (40, 45))]
    found = relations.agreement(first, second)
    assert {name: (one.both, one.first, one.second) for name, one in found.items()} == {
        "exact": (1, 2, 2),
        "overlap": (2, 1, 1),
    }
    twice = relations.agreement(first[:1] * 2, second[:1])
    assert (twice["exact"].both, twice["exact"].first) == (1, 1)
    assert relations.agreement([], [])["exact"].f1 is None
