"""An append that is killed, torn or out of disk: nothing acknowledged is lost, no false alarm, the next one goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from interrupting import interrupted
from ledger_world import World
from tampering import copy_of


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("interrupt") / "ledger").filled()


def test_an_append_in_peace_acknowledges_all_of_its_records(start: World, tmp_path: Path) -> None:
    wrong, calls, acknowledged = interrupted(copy_of(start, tmp_path / "copy"), 0, "kill")
    assert (wrong, acknowledged) == (None, 9)
    assert calls > 30


@pytest.mark.parametrize("way", ["kill", "torn", "full"])
def test_nothing_acknowledged_is_lost_wherever_an_append_ends(start: World, tmp_path: Path, way: str) -> None:
    """21 CFR 11.10(c): no acknowledged record is lost wherever a writer is stopped."""
    _, calls, _ = interrupted(copy_of(start, tmp_path / "copy"), 0, way)
    seen = set()
    for at in range(1, calls + 1, 5):
        wrong, _, acknowledged = interrupted(copy_of(start, tmp_path / "copy"), at, way)
        assert wrong is None, (way, at)
        seen.add(acknowledged)
    assert {0, 3, 6} <= seen
