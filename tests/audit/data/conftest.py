"""The sound project of tests/audit/frame, also for the checks of data."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "frame"), str(HERE.parent)]

from audit_world import Template, World  # noqa: E402 - needs the line above


@pytest.fixture(scope="session")
def data_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A sound project, made once."""
    return Template.make(tmp_path_factory.mktemp("data-world"))


@pytest.fixture
def world(data_template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A copy of the sound project that a test may spoil."""
    monkeypatch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
    return data_template.copy(tmp_path)
