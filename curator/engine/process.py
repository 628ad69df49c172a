"""The parent's handle on one worker process: a private pipe each, so that a killed worker can hold up no other."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing import get_context, resource_tracker
from typing import Any

from curator.engine import worker

_CLOSED = (EOFError, OSError)


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back SIGINT in this thread (and in processes started meanwhile, until they ignore it themselves)."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class WorkerHandle:
    """A started worker.

    Parameters
    ----------
    first
        The pickled task with its limits, sent as the first message.
    """

    def __init__(self, first: bytes) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=worker.main, args=(theirs, os.getpid()), daemon=True)
        resource_tracker.ensure_running()  # it unblocks SIGINT when it starts, so it must not start below
        with interrupts_held():
            self._process.start()
        theirs.close()
        self.ready = False
        self.overdue = False
        self.steps = 0
        self._deadline: float | None = None
        with contextlib.suppress(OSError):
            self.pipe.send_bytes(first)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid or 0

    def send(self, message: tuple[Any, ...], limit: float | None) -> None:
        """Send a message; a dead worker shows when the answer is awaited.

        Parameters
        ----------
        message
            See :mod:`curator.engine.worker`.
        limit
            Seconds without a sign of life after which the worker is overdue, or None.
        """
        self.steps += 1
        self.watch(limit)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(message)

    def receive(self) -> tuple[Any, ...] | None:
        """Return the next message, or None when the worker is dead or its message is cut off."""
        try:
            message: tuple[Any, ...] = self.pipe.recv()
        except _CLOSED:
            return None
        return message

    def watch(self, limit: float | None) -> None:
        """Start to wait for a sign of life; None to wait for as long as it takes."""
        self._deadline = None if limit is None else time.monotonic() + limit

    def left(self) -> float | None:
        """Seconds until the worker is overdue, or None."""
        return None if self._deadline is None else self._deadline - time.monotonic()

    def kill(self) -> None:
        """Kill the worker at once."""
        self._process.kill()

    def ask_to_stop(self) -> None:
        """Let the worker remove its temporary files and end."""
        self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for the worker's end and return whether it came."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def close(self) -> None:
        """Kill the worker if need be, reap it and release the pipe."""
        self.pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()
