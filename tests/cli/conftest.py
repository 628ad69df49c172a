"""Helpers that several tests of commands share."""

import sys
from pathlib import Path
from typing import Any

import pytest
from derived import remember

sys.path.insert(0, str(Path(__file__).parent))

remember()


@pytest.fixture(scope="session")
def hospitals(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two hospitals with a final package each; a test module that changes one says which."""
    from sites_world import cheap, make_hospitals

    pytest.importorskip("reportlab")
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        return make_hospitals(tmp_path_factory.mktemp("hospitals"))
