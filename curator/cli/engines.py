"""Which engine runs a command's work: local processes, one a core unless told otherwise."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curator.engine.protocol import Engine


def local_engine(workers: int | None) -> Engine:
    """Return the local process pool, which ends with the command that runs.

    Parameters
    ----------
    workers
        Number of processes, or None for one a core that this process may use.
    """
    import click

    from curator.engine.local import LocalEngine

    engine = LocalEngine(workers=usable_cores() if workers is None else workers)
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(engine.close)
    return engine


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
