"""The process that opens a task once and forks the workers, so that each has all tables without reading them again.

It is started afresh, not forked, and so holds nothing of the parent but its tasks: one after the other, so that the
second finds the modules and tables of the first. It runs no item and starts no thread, says nothing on any stream, and
ends with the parent. Its children end with it.

Messages in: ``("open", task)`` with the pickled task and its limits, when no worker of an earlier one is left; then
``("fork",)`` and the handle of the worker's end of a pipe, ``("kill", pid)``, ``("term", pid)``; where the system forks
badly ``("become",)`` with a handle turns this process itself into the worker.

Messages out: ``("open",)`` or ``("stop", error)`` for each task, the process id of each worker, True for each signal.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from curator.core import quiet
from curator.core.collector import settled
from curator.core.errors import CheckError, CuratorError
from curator.engine import worker
from curator.engine.limits import die_with_parent
from curator.engine.protocol import Task


def main(control: Connection, parent: int) -> None:
    """Open tasks and start workers until the pipe closes. The process ends here and never returns.

    Parameters
    ----------
    control
        This process's end of the pipe to the parent.
    parent
        Process id of the parent.
    """
    try:
        quiet.install()
        quiet.mute_streams()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        die_with_parent(parent)
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process with threads forks badly
        _serve(control)
    except (EOFError, OSError):
        os._exit(0)
    finally:
        os._exit(1)


def _opened(control: Connection, packed: bytes) -> tuple[Task, float, int | None] | None:
    try:
        with settled():
            task, item_seconds, memory_bytes = pickle.loads(packed)  # noqa: S301 - from the parent, over a private pipe
            task.open()
    except CuratorError as error:
        control.send(("stop", worker.sendable(error)))
        return None
    except Exception as error:  # noqa: BLE001 - told to the parent, which stops the run
        control.send(("stop", CheckError("ENG-005", where=quiet.place(error))))
        return None
    control.send(("open",))
    return task, item_seconds, memory_bytes


def _serve(control: Connection) -> None:
    mine = os.getpid()
    children: set[int] = set()
    opened: tuple[Task, float, int | None] | None = None
    while True:
        message: tuple[Any, ...] = control.recv()
        _reap(children)
        match message:
            case ("open", packed):
                opened = None
                opened = _opened(control, packed)
            case ("fork",) if opened is not None:
                handle = reduction.recv_handle(control)
                pid = os.fork()
                if not pid:
                    control.close()
                    _work(handle, mine, *opened)
                os.close(handle)
                children.add(pid)
                control.send(pid)
            case ("become",) if opened is not None:
                handle = reduction.recv_handle(control)
                control.send(mine)
                _work(handle, os.getppid(), *opened)
            case (("kill" | "term") as how, pid):
                if pid in children:  # one that was not reaped still has its number to itself
                    os.kill(pid, signal.SIGKILL if how == "kill" else signal.SIGTERM)
                    if how == "kill":
                        os.waitpid(pid, 0)
                        children.discard(pid)
                control.send(True)


def _reap(children: set[int]) -> None:
    for pid in list(children):
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                continue
        children.discard(pid)


def _work(handle: int, parent: int, task: Task, item_seconds: float, memory_bytes: int | None) -> NoReturn:
    """Be a worker until the end of this process."""
    try:
        worker.main(Connection(handle), parent, task, item_seconds, memory_bytes)
    finally:
        os._exit(1)
