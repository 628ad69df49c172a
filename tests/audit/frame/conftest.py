"""Makes the support module importable, and hands each test its own copy of a sound project."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from audit_world import Template, World


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A sound project, made once."""
    return Template.make(tmp_path_factory.mktemp("audit-world"))


@pytest.fixture
def world(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A copy of the sound project that a test may spoil."""
    monkeypatch.setattr("curator.project.header.SCRYPT", {"n": 1 << 10, "r": 8, "p": 1})
    return template.copy(tmp_path)
