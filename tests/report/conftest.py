"""Makes the document of the tests importable, and gives it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from curator.report.model import Document

sys.path.insert(0, str(Path(__file__).parent))
from report_document import png_of, whole_document


@pytest.fixture(scope="session")
def document() -> Document:
    return whole_document()


@pytest.fixture(scope="session")
def noted_png() -> bytes:
    return png_of(6, 4, b"DOE^JANE")
