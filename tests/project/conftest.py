"""Helpers that several tests of this folder share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let scrypt do little work."""
    monkeypatch.setattr("curator.project.header.SCRYPT", {"n": 1 << 4, "r": 1, "p": 1})
