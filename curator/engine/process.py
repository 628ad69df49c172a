"""The parent's handles: on the process that forks the workers, and on each worker.

Each worker has a private pipe, so that a killed one can hold up no other.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing import get_context, reduction, resource_tracker
from typing import Any

from curator.core.errors import CuratorError
from curator.engine import nursery
from curator.engine.limits import FORKS

_CLOSED = (EOFError, OSError)


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back SIGINT in this thread (and in processes started meanwhile, until they ignore it themselves)."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class LostError(Exception):
    """The process that starts the workers has ended."""


class Nursery:
    """A started process that opens one task after the other and starts their workers."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._control, theirs = context.Pipe()
        self._process = context.Process(target=nursery.main, args=(theirs, os.getpid()), daemon=True)
        resource_tracker.ensure_running()  # it unblocks SIGINT when it starts, so it must not start below
        with interrupts_held():
            self._process.start()
        theirs.close()

    def open(self, packed: bytes) -> None:
        """Let it open a task; no worker of an earlier one may be left.

        Parameters
        ----------
        packed
            The pickled task with its limits.

        Raises
        ------
        CuratorError
            What the task said when it was opened, ENG-005 for an exception of another kind.
        LostError
            When the process ends before the task is open.
        """
        try:
            self._control.send(("open", packed))
        except OSError:
            raise LostError from None
        answer = self._answer()
        if answer[0] == "stop":
            error: CuratorError = answer[1]
            raise error

    def _answer(self) -> Any:
        try:
            return self._control.recv()
        except _CLOSED:
            raise LostError from None

    def _ask(self, *message: Any) -> Any:
        """Ask for something and wait for the answer; no interrupt may part the two."""
        with interrupts_held():
            try:
                self._control.send(message)
            except OSError:
                raise LostError from None
            return self._answer()

    def start(self, handle: int) -> int:
        """Start a worker.

        Parameters
        ----------
        handle
            The worker's end of its pipe.

        Returns
        -------
        int
            Its process id.
        """
        with interrupts_held():
            try:
                self._control.send(("fork",) if FORKS else ("become",))
                reduction.send_handle(self._control, handle, self._process.pid)
            except (OSError, RuntimeError):
                raise LostError from None
            pid: int = self._answer()
        return pid

    def signal(self, how: str, pid: int) -> None:
        """Send a worker a signal, ``kill`` or ``term``; a killed one is reaped. One that has ended gets none."""
        if not FORKS:
            (self._process.kill if how == "kill" else self._process.terminate)()
            return
        with contextlib.suppress(LostError):
            self._ask(how, pid)

    def close(self) -> None:
        """End this process, and its workers with it."""
        self._control.close()
        self._process.kill()
        self._process.join()
        self._process.close()


class WorkerHandle:
    """A started worker.

    Parameters
    ----------
    home
        Where it is started; where the system forks badly, a process for it alone.

    Raises
    ------
    LostError
        When the nursery has ended.
    """

    def __init__(self, home: Nursery) -> None:
        self._home = home
        self.pipe, theirs = get_context("spawn").Pipe()
        try:
            self.pid = home.start(theirs.fileno())
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()
        self.ready = False
        self.overdue = False
        self.steps = 0
        self.lent = 0
        self._deadline: float | None = None

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
        self.lent = 0
        self.watch(limit)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(message)

    def lend(self, number: int) -> None:
        """Tell a worker that is busy how many processes its item may have besides it."""
        if number != self.lent:
            self.lent = number
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.pipe.send(("hands", number))

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
        self._home.signal("kill", self.pid)

    def ask_to_stop(self) -> None:
        """Let the worker remove its temporary files and end."""
        self._home.signal("term", self.pid)

    def wait(self, seconds: float) -> bool:
        """Wait for the worker's end and return whether it came."""
        until = time.monotonic() + seconds
        while self.pipe.poll(max(0.0, until - time.monotonic())):
            if self.receive() is None:
                return True
        return False

    def close(self) -> None:
        """Kill the worker if need be and release the pipe."""
        self.kill()
        self.pipe.close()
        if not FORKS:
            self._home.close()
