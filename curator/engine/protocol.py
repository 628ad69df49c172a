"""What a task and an engine are, so that other engines can stand behind the same door later.

A task must be deterministic: rows may hold no clock, process id, host or count of attempts. Those go to
:class:`RunStats` alone, which belongs in a project's ``runs/`` and never in its journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from curator.core.types import Shard

Row = dict[str, Any]


#: Takes the bytes done and the bytes in all of the large items that are being done; 0 and 0 when there is none.
Within = Callable[[int, int], None]


def unheard(_done: int, _size: int) -> None:
    """Take note of nothing."""


class Task(Protocol):
    """What is done with each item. Picklable; sent once to each worker over a pipe, never in argv or environment."""

    def open(self) -> None:
        """Prepare a worker, once, before its first item: heavy imports, opening of tables."""
        ...

    def item(self, item: Any) -> Row:
        """Do one item and return its row. Deterministic; the item's own ``ItemError`` is caught in here."""
        ...

    def failed(self, item: Any, code: str) -> Row:
        """Return the row of an item that could not be done.

        Parameters
        ----------
        item
            The item.
        code
            ENG-001 (killed its worker three times alone), ENG-002 (time limit), ENG-003 (out of memory), ENG-004
            (unexpected exception), or the code of an ``ItemError`` that escaped :meth:`item`.
        """
        ...

    def store(self, shard: Shard, rows: list[Row]) -> Any:
        """Write a shard's immutable part or parts and return a small picklable receipt. Runs in the worker.

        Must be repeatable: it may run again after a kill, and then writes the same bytes.
        """
        ...


@dataclass(frozen=True)
class Incident:
    """Something that went wrong with one item or shard in a worker, for ``runs/``.

    Parameters
    ----------
    shard
        The shard's number.
    index
        The item's position in the shard, or -1 for the shard as a whole.
    what
        ``died``, ``time``, ``memory``, ``exception`` or a verdict's code.
    where
        A place inside this package and the type of the exception, such as ``curator/x.py:12 ValueError``, or empty.
    """

    shard: int
    index: int
    what: str
    where: str


@dataclass(frozen=True)
class RunStats:
    """How a run went. Differs from run to run, so it is outside every promise of identical bytes.

    Parameters
    ----------
    shards, items
        How many were committed.
    seconds
        Elapsed time by the monotonic clock.
    started, died
        Worker processes started, and ended other than by request.
    isolated
        Shards that were done again item by item.
    incidents
        The first thousand incidents, in order of time.
    """

    shards: int
    items: int
    seconds: float
    started: int
    died: int
    isolated: int
    incidents: tuple[Incident, ...]


class Engine(Protocol):
    """Something that runs a task over shards."""

    def run(
        self,
        task: Task,
        shards: Iterable[Shard],
        *,
        commit: Callable[[Shard, Any], None],
        advance: Callable[[int], None],
        largest: int = 0,
        within: Within = unheard,
    ) -> RunStats:
        """Run a task.

        Parameters
        ----------
        task
            What to do.
        shards
            The shards that no earlier run committed; taken one by one, only as far ahead as the engine's window.
        commit
            Called in the parent with each shard and its receipt, once per shard, in any order.
        advance
            Called in the parent with the number of items done since the last call.
        largest
            Bytes of the largest item: a file of gigabytes may take longer than the usual limit of an item.
        within
            Called in the parent while large items are being done, twice a second at the most for each.

        Raises
        ------
        CuratorError
            Any usage, check or integrity error that escaped the task: the run stops, nothing is half-committed.
        KeyboardInterrupt
            After the workers have been stopped.
        """
        ...
