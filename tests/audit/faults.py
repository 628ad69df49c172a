"""Planted faults, one at least a check: what is planted, and the subject that a check has to fail.

Each ``faults_*.py`` below this folder has a list ``FAULTS``; ``scripts/soak/audit_faults`` runs the same list.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    Parameters
    ----------
    check
        Id of the check that has to find it.
    planted
        What is wrong, in a few words.
    plant
        Spoils the sound project that it is given (``audit_world.World``) and returns the subject to audit; None stands
        for the project itself, without its vault.
    evidence
        A part of what one finding must say; empty where the check's summary is all.
    """

    check: str
    planted: str
    plant: Callable[[Any], Any]
    evidence: str = ""


def all_faults() -> list[Fault]:
    """Return every planted fault, by check."""
    found: list[Fault] = []
    for path in sorted(HERE.rglob("faults_*.py")):
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        name = f"audit_fault_list_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        found += module.FAULTS
    return found
