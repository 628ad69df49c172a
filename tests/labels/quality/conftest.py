"""Loads the study maker of the fault simulation."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def studies() -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / "soak" / "label_faults.py"
    spec = importlib.util.spec_from_file_location("label_faults", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["label_faults"] = made
    spec.loader.exec_module(made)
    return made
