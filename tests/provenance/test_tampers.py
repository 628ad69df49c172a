"""21 CFR 11.10(a): some hundred of the tampers that scripts/soak/tampers makes by the ten thousand; none passes."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from ledger_world import World
from tampering import Tamper, copy_of, every, judged

SHARE = 30


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("tamper") / "ledger").filled()


def test_no_tamper_of_any_family_passes_and_the_first_bad_record_is_named(world: World, tmp_path: Path) -> None:
    held = world.ledger.latest_checkpoint()
    assert held is not None
    choose = random.Random(11)
    tried: Counter[str] = Counter()
    wrong = []
    for tamper in every(world):
        family = tamper.family
        if tried[family] >= SHARE or (tried[family] and choose.random() < 0.6):
            continue
        tried[family] += 1
        copy = copy_of(world, tmp_path / "copy")
        tamper.apply(copy)
        found = judged(copy, tamper, held)
        if found is not None:
            wrong.append(f"{family}: {tamper.what}: {found}")
    assert wrong == []
    assert len(tried) >= 18
    assert sum(tried.values()) >= 250


def test_a_judge_that_is_shown_an_untouched_ledger_says_so(world: World, tmp_path: Path) -> None:
    tamper = next(iter(every(world)))
    copy = copy_of(world, tmp_path / "copy")
    assert judged(copy, tamper, world.ledger.latest_checkpoint()) == "passed"


def test_no_changed_bit_of_a_commit_passes(world: World, tmp_path: Path) -> None:
    copy = copy_of(world, tmp_path / "copy")
    path = copy.folder / "commits" / "00000002.json"
    good = path.read_bytes()
    any_of_it = Tamper("a bit of a commit", "", lambda _: None)
    for at in range(8 * len(good)):
        if at % 5:
            continue
        bad = bytearray(good)
        bad[at // 8] ^= 1 << at % 8
        path.write_bytes(bytes(bad))
        assert judged(copy, any_of_it, None) is None, at
