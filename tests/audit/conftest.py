"""Makes the support modules importable without a package around the tests, and scrubs a small hospital once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def scrubbed(tmp_path_factory: pytest.TempPathFactory):
    """A small hospital, scrubbed; to be read only."""
    from scrubbed_site import make

    site = make(tmp_path_factory.mktemp("scrubbed"))
    yield site
    site.vault.close()
