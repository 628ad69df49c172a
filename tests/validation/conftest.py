"""Cheap key derivation for the checks of this folder: what is tested here is their judgment, not scrypt."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

_scrypt = hashlib.scrypt


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    def cheap(*args: Any, n: int, **more: Any) -> bytes:
        return _scrypt(*args, n=min(n, 1 << 10), **more)

    monkeypatch.setattr("hashlib.scrypt", cheap)
