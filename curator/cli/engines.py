"""Which engine runs a command's work: local processes, one a core unless told otherwise."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curator.engine.protocol import Engine


def local_engine(workers: int | None) -> Engine:
    """Return the local process pool.

    Parameters
    ----------
    workers
        Number of processes, or None for one a core that this process may use.
    """
    from curator.engine.local import LocalEngine

    return LocalEngine(workers=usable_cores() if workers is None else workers)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
