"""Loads the helpers of one medium's tests, which stand in its own folder."""

import importlib.util
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def support(medium: str):
    """Return the module of helpers of a medium's tests."""
    sys.path.insert(0, str(HERE / medium))
    found = importlib.util.spec_from_file_location(f"{medium}_support", HERE / medium / f"{medium}_support.py")
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made
