"""Asking for the packages of the extra ``stats`` when they are needed, and saying how to get them.

Neither numpy nor scipy is in the default install. Nothing may be measured in another way when they are absent.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from curator.core.errors import UsageError


def require_numpy() -> None:
    """Make sure that numpy can be imported.

    Raises
    ------
    UsageError
        AGR-020 when it is not installed.
    """
    try:
        import_module("numpy")
    except ImportError:
        raise UsageError("AGR-020") from None


def scipy_part(name: str) -> Any:
    """Import a module of scipy, such as ``spatial``.

    Raises
    ------
    UsageError
        AGR-021 when scipy is not installed.
    """
    try:
        return import_module(f"scipy.{name}")
    except ImportError:
        raise UsageError("AGR-021") from None
