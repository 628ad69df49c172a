"""Ledgers for the tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
#: The evidence for foreign verifiers, and how Python packages are asked.
sys.path.insert(0, str(Path(__file__).parents[2] / "scripts" / "interop"))

from ledger_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "ledger")
