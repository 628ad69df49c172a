"""Nothing but curated text may leave a process: no warning, log record, traceback or core dump with a value in it.

Libraries quote the values that they choke on (pydicom's warnings do). :func:`install` is called first thing in the
command-line program and in each worker. It must stay cheap and must never import a library that reads data.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import resource
import sys
import threading
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

_PACKAGE = str(Path(__file__).resolve().parent.parent) + os.sep
#: On Linux a limit of 0 bytes still feeds a core to a program named in core_pattern; 1 byte stops both (core(5)).
CORE_LIMIT = 1 if sys.platform == "linux" else 0


def place(error: BaseException | None, trace: TracebackType | None = None) -> str:
    """Say where an exception came from, without its text.

    Parameters
    ----------
    error
        The exception.
    trace
        Its traceback; the exception's own when None.

    Returns
    -------
    str
        The innermost place inside this package and the exception's type, such as ``curator/core/files.py:52
        ValueError``; the type alone when no frame lies inside the package.
    """
    at = trace if trace is not None or error is None else error.__traceback__
    found = ""
    while at is not None:
        name = at.tb_frame.f_code.co_filename
        if name.startswith(_PACKAGE):
            found = f"curator/{name[len(_PACKAGE) :]}:{at.tb_lineno} "
        at = at.tb_next
    return found + (type(error).__name__ if error is not None else "exception")


def _print(text: str) -> None:
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return


def _excepthook(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _print(f"stopped by {place(error, trace)}")


def _threadhook(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit:
        _print(f"a thread was stopped by {place(args.exc_value, args.exc_traceback)}")


def _unraisable(args: Any) -> None:
    _print(f"ignored {place(args.exc_value, args.exc_traceback)}")


def _drop(*_: Any, **__: Any) -> None:
    """Take a warning and let it go."""


def _mute_logging() -> None:
    logging.raiseExceptions = False
    logging.lastResort = None
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(logging.NullHandler())
    pydicom = logging.getLogger("pydicom")
    pydicom.propagate = False
    pydicom.setLevel(logging.CRITICAL + 1)
    logging.disable(sys.maxsize)


def install() -> None:
    """Sanitize warnings, logging, uncaught exceptions, fault dumps and core dumps of this process. Idempotent.

    Warnings are dropped and not even registered: a registry of texts would keep values and grow with every file.
    """
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    warnings.showwarning = _drop
    _mute_logging()
    sys.excepthook = _excepthook
    threading.excepthook = _threadhook
    sys.unraisablehook = _unraisable
    faulthandler.disable()
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    limit = CORE_LIMIT if hard == resource.RLIM_INFINITY else min(CORE_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def mute_streams() -> None:
    """Send standard output and error of this process to nowhere, below Python too: for workers, which never speak."""
    null = os.open(os.devnull, os.O_RDWR)
    try:
        for handle in (0, 1, 2):
            os.dup2(null, handle)
    finally:
        if null > 2:
            os.close(null)
