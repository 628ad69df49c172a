"""Doing a suspect shard again, item by item: which step is next, and which item is to blame.

A state machine that knows no process. The shard's rows are held here, and only here, in the parent.
"""

from __future__ import annotations

from typing import Any

from curator.core.errors import CheckError
from curator.core.types import Shard
from curator.engine.protocol import Row

#: An item that killed its worker this often, alone, is poison.
DEATHS = 3


class Isolation:
    """One shard in isolation.

    Parameters
    ----------
    shard
        The shard.
    """

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self._rows: list[Row] = []
        self._deaths = 0
        self._verdict: str | None = None

    @property
    def index(self) -> int:
        """Position of the item that is being done; the number of items when all are."""
        return len(self._rows)

    @property
    def on_item(self) -> bool:
        """Whether the next step runs the task's code on an item, so that limits hold."""
        return self.index < len(self.shard.items) and self._verdict is None

    def step(self) -> tuple[Any, ...]:
        """Return the message for the worker that does the next step."""
        if self.index == len(self.shard.items):
            return ("store", self.shard, self._rows)
        item = self.shard.items[self.index]
        return ("item", item) if self._verdict is None else ("failed", item, self._verdict)

    def row(self, row: Row) -> None:
        """Take the row of the present item and go on to the next one."""
        self._rows.append(row)
        self._deaths = 0
        self._verdict = None

    def died(self, *, overdue: bool) -> str | None:
        """Take the news that the worker died in the present step.

        Parameters
        ----------
        overdue
            The parent killed it, because an item took longer than it may.

        Returns
        -------
        str or None
            The verdict on the present item, if this was its last chance.

        Raises
        ------
        CheckError
            ENG-006 when it was no item's fault and happened too often.
        """
        self._deaths += 1
        if not self.on_item:
            if self._deaths >= DEATHS:
                raise CheckError("ENG-006", where="the worker was killed")
            return None
        if overdue:
            return self._condemn("ENG-002")
        return self._condemn("ENG-001") if self._deaths >= DEATHS else None

    def fault(self, what: str, where: str, *, fresh: bool) -> str | None:
        """Take the news that the present step failed without killing the worker.

        Parameters
        ----------
        what
            ``time``, ``memory`` or ``exception``.
        where
            The place.
        fresh
            The worker had done nothing else before, so that the memory was this item's alone.

        Returns
        -------
        str or None
            The verdict on the present item, or None when it gets another chance.

        Raises
        ------
        CheckError
            ENG-006 when storing failed, or the task could not even write the row of a failed item.
        """
        if not self.on_item:
            raise CheckError("ENG-006", where=where)
        if what == "memory" and not fresh:
            return None
        return self._condemn({"time": "ENG-002", "memory": "ENG-003"}.get(what, "ENG-004"))

    def _condemn(self, code: str) -> str:
        self._verdict = code
        self._deaths = 0
        return code
