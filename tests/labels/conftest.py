"""A ledger with people and samples with files, for the tests of this folder."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from curator.project.journal import Sample

sys.path.insert(0, str(Path(__file__).parent.parent / "provenance"))

from ledger_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """People, a guideline, and five samples under clean/."""
    made = World(tmp_path / "ledger").people().guide()
    made.root = tmp_path
    made.samples = []
    for number in range(5):
        data = b"pixels %d" % number
        path = tmp_path / f"clean/p/s/r/{number}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        made.samples.append(
            Sample(
                path=f"clean/p/s/r/{number}.dcm",
                sha256=hashlib.sha256(data).hexdigest(),
                uid=f"2.25.{number + 1}",
                content=hashlib.sha256(b"content" + data).hexdigest(),
                kind="dicom",
            )
        )
    return made
