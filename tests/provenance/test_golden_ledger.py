"""21 CFR 11.10(c): a ledger that was written once is read for ever; golden/ledger-1 was frozen in November 2026."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ledger_world import MOMENT, SEED, World

from curator.core.clock import FixedClock
from curator.provenance.append import Appender
from curator.provenance.keys import SeedSigner
from curator.provenance.ledger import Ledger
from curator.provenance.verify import CONTENT, FULL, RULES, verify_ledger
from curator.provenance.view import KINDS

FROZEN = Path(__file__).parent / "golden" / "ledger-1"
ROOT = "0a1e77f45ff1a370d1b1fc41627e79d100d69e668a8042eb60262fe3b6354a3d"
RECORDS = 28
FILES = 56


@pytest.mark.parametrize("depth", [CONTENT, RULES, FULL])
def test_the_frozen_ledger_verifies_at_every_depth_to_its_root(depth: str) -> None:
    report = verify_ledger(FROZEN, depth=depth).require()
    assert (report.root.hex(), report.size) == (ROOT, RECORDS)
    assert SeedSigner(SEED).public in report.state.operator_keys()


def test_the_frozen_ledger_holds_the_kinds_of_its_day() -> None:
    kinds = {KINDS[kind] for kind in verify_ledger(FROZEN).require().state.counts}
    assert {"label", "label reviewed", "label withdrawn", "checkpoint witnessed", "operator changed"} <= kinds
    assert sum(1 for path in FROZEN.rglob("*") if path.is_file()) == FILES


def test_the_frozen_ledger_can_be_added_to(tmp_path: Path) -> None:
    shutil.copytree(FROZEN, tmp_path / "ledger")
    world = World.__new__(World)
    world.folder, world.clock = tmp_path / "ledger", FixedClock(MOMENT)
    appender = Appender(Ledger(world.folder), world.clock)
    appender.append([world.label(500)], World.key("ada"))
    assert verify_ledger(world.folder).require().size == RECORDS + 1
