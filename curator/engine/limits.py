"""Limits around one item in a worker: time by a signal, memory by the address space, and life bound to the parent's.

Linux and macOS. Must be called from the worker's main thread, since signals arrive there.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

#: Elsewhere libraries of the system start threads of their own, which a fork does not survive.
FORKS = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_POLL = 0.5
#: After the first alarm a second one follows each second, in case a finalizer swallowed the first.
_AGAIN = 1.0


class TimeUpError(BaseException):
    """The item's time is over. Not an Exception, so that a task's own handlers do not swallow it."""


class TerminatedError(BaseException):
    """The parent asked this worker to stop; raised so that temporary files are removed on the way out."""


class ItemTimer:
    """Raises :class:`TimeUpError` in the main thread when an item takes longer than its limit.

    Parameters
    ----------
    seconds
        Elapsed time for one item.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._armed = False
        signal.signal(signal.SIGALRM, self._alarm)

    def _alarm(self, _signal: int, _frame: FrameType | None) -> None:
        if self._armed:
            raise TimeUpError

    def start(self) -> None:
        """Arm the timer for one item."""
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, self._seconds, _AGAIN)

    def stop(self) -> None:
        """Disarm the timer."""
        self._armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)


def address_space() -> int:
    """Return the bytes of address space that this process has, or 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as stream:
            return int(stream.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


@contextlib.contextmanager
def memory_limit(ceiling: int | None) -> Iterator[None]:
    """Hold the address space of this process under a ceiling, and give it back afterwards.

    Parameters
    ----------
    ceiling
        Bytes of address space in all, or None for no limit. Where the hard limit is lower, it stands.
    """
    if ceiling is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    lower = [limit for limit in (ceiling, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(lower), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def die_with_parent(parent: int) -> None:
    """Make sure that this process ends when its parent does, however the parent ends.

    Parameters
    ----------
    parent
        The parent's process id.
    """
    bound = False
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            bound = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0
    if not bound:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL)
    os._exit(1)


def stop_on_term() -> None:
    """Raise :class:`TerminatedError` on SIGTERM, and leave SIGINT to the parent."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise TerminatedError

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
