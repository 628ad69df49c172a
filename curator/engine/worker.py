"""What runs in a worker process: take a message, do it, answer. Says nothing on any stream, whatever happens.

The task is opened before the process becomes a worker (:mod:`curator.engine.nursery`).

Messages in, over the pipe: ``("shard", shard)`` for a whole shard, or, for a shard done in isolation,
``("item", item)``, ``("failed", item, code)`` and ``("store", shard, rows)``. While one of these is being done,
``("hands", number)`` says how many processes it may have besides itself, and has no answer.

Messages out: ``("ready",)``, ``("beat", done)`` with the number of items done, ``("stride", done, size)`` with the
bytes of one large item that are done and that it has, ``("storing",)``, then one of ``("receipt", receipt)``,
``("row", row)``, ``("fault", what, where, index)``, ``("stop", error)``. An error's text never crosses, except for the
errors of curator.core.errors, which hold no identifier.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import time
from multiprocessing.connection import Connection
from typing import Any

from curator.core import quiet, strides
from curator.core.errors import CuratorError, ItemError
from curator.core.types import Shard
from curator.engine import hands
from curator.engine.limits import (
    ItemTimer,
    TerminatedError,
    TimeUpError,
    address_space,
    die_with_parent,
    memory_limit,
    stop_on_term,
)
from curator.engine.protocol import Row, Task

#: Least seconds between two beats, and between two strides.
BEAT = 0.5


def sendable(error: CuratorError) -> CuratorError:
    """Return the error, without its facts if they cannot be pickled."""
    try:
        pickle.dumps(error)
    except Exception:  # noqa: BLE001 - the code alone says what happened
        return type(error)(error.code)
    return error


class _ItemFaultError(Exception):
    """An item could not be done here: what happened (time, memory, exception), and where."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where


class Worker:
    """The worker's side of the pipe.

    Parameters
    ----------
    pipe
        To the parent.
    task
        Opened.
    item_seconds
        Time limit of an item; of one that says how far it has come, from one stride to the next.
    memory_bytes
        Address space that an item may take beyond what the opened task has, or None.
    """

    def __init__(self, pipe: Connection, task: Task, item_seconds: float, memory_bytes: int | None) -> None:
        self._pipe = pipe
        self._task = task
        self._timer = ItemTimer(item_seconds)
        self._ceiling = None if memory_bytes is None else address_space() + memory_bytes
        self._last = 0.0
        self._more = 0

    def free(self) -> int:
        """Return how many processes the present item may have besides this one."""
        with contextlib.suppress(EOFError, OSError):
            while self._pipe.poll():
                self.lent(self._pipe.recv()[1])
        return self._more

    def lent(self, number: int) -> None:
        """Take in how many processes an item may have."""
        self._more = number

    def stride(self, done: int, size: int) -> None:
        """Tell how far the present item has come: it is not stuck, so that its time begins anew."""
        now = time.monotonic()
        if now - self._last >= BEAT:
            self._last = now
            self._timer.start()
            self._pipe.send(("stride", done, size))

    def _one(self, item: Any) -> Row:
        try:
            with memory_limit(self._ceiling):
                try:
                    self._timer.start()
                    return self._task.item(item)
                finally:
                    self._timer.stop()
        except ItemError as error:
            return self._task.failed(item, error.code)
        except (CuratorError, KeyboardInterrupt):
            raise
        except TimeUpError as error:
            self._timer.stop()
            raise _ItemFaultError("time", quiet.place(error)) from None
        except MemoryError as error:
            raise _ItemFaultError("memory", quiet.place(error)) from None
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this item's fault until shown otherwise
            raise _ItemFaultError("exception", quiet.place(error)) from None

    def _shard(self, shard: Shard) -> Any:
        rows: list[Row] = []
        last = time.monotonic()
        for item in shard.items:
            now = time.monotonic()
            if now - last >= BEAT:
                last = now
                self._pipe.send(("beat", len(rows)))
            try:
                rows.append(self._one(item))
            except _ItemFaultError as fault:
                return ("fault", fault.what, fault.where, len(rows))
        self._pipe.send(("storing",))
        return ("receipt", self._task.store(shard, rows))

    def answer(self, message: tuple[Any, ...]) -> tuple[Any, ...]:
        """Do what a message asks and return the answer."""
        try:
            match message:
                case ("shard", shard):
                    done: tuple[Any, ...] = self._shard(shard)
                    return done
                case ("item", item):
                    return ("row", self._one(item))
                case ("failed", item, code):
                    return ("row", self._task.failed(item, code))
                case ("store", shard, rows):
                    return ("receipt", self._task.store(shard, rows))
        except _ItemFaultError as fault:
            return ("fault", fault.what, fault.where, -1)
        except ItemError as error:
            return ("fault", "exception", quiet.place(error), -1)
        except CuratorError as error:
            return ("stop", sendable(error))
        except MemoryError as error:
            return ("fault", "memory", quiet.place(error), -1)
        except Exception as error:  # noqa: BLE001 - told to the parent, which stops the run
            return ("fault", "exception", quiet.place(error), -1)
        raise AssertionError


def main(pipe: Connection, parent: int, task: Task, item_seconds: float, memory_bytes: int | None) -> None:
    """Run a worker until the pipe closes. The process ends here and never returns.

    Parameters
    ----------
    pipe
        This worker's end.
    parent
        Process id of the process that it ends with.
    task, item_seconds, memory_bytes
        As :class:`Worker`.
    """
    code = 1
    try:
        stop_on_term()
        die_with_parent(parent)
        worker = Worker(pipe, task, item_seconds, memory_bytes)
        strides.listen(worker.stride)
        hands.lend(worker.free)
        pipe.send(("ready",))
        while True:
            message = pipe.recv()
            if message[0] == "hands":  # it came when the item was done
                continue
            worker.lent(0)
            pipe.send(worker.answer(message))
    except (EOFError, BrokenPipeError, ConnectionResetError, TerminatedError):
        code = 0
    finally:
        os._exit(code)
