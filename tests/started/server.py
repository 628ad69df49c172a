"""The program, held ready: forks a process for each command line, with everything imported that earlier ones needed.

A start of the installed program costs half a second of imports, a scrub three times that, and a suite has hundreds.
What runs here is ``curator.cli.main.main`` in a process of its own: its own streams, folder, environment, signals and
exit code. Three things differ from the installed program, and the tests that start that one hold them: modules and
tables are there already, the engine's nursery is forked and not started afresh, and a key that was derived from the
same passphrase and salt before is remembered.

Runs with a socket as its one argument. A request is JSON with three handles (standard input, output and error); the
answers are the process id and then the exit code, negative for a signal.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import multiprocessing
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import types
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import derived

_exit = os._exit


def told(news: socket.socket, modules: set[str], keys: set[str]) -> None:
    """Tell the server what this process had to import and to derive."""
    fresh = [name for name in list(sys.modules) if name not in modules and not name.startswith("__")]
    made = {name: key.hex() for name, key in derived.keys.items() if name not in keys}
    with contextlib.suppress(OSError):
        news.send(json.dumps([fresh, made]).encode())


def be_the_program(asked: dict[str, Any], handles: list[int], news: socket.socket) -> NoReturn:
    """Become a fresh process of the program, as far as a command can tell."""
    modules, keys = set(sys.modules), set(derived.keys)

    def leave(code: int) -> NoReturn:
        told(news, modules, keys)
        _exit(code)

    os._exit = leave
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = sys.__stdin__ = _stream(0, "strict", lines=False)
    sys.stdout = sys.__stdout__ = _stream(1, "strict", lines=False)
    sys.stderr = sys.__stderr__ = _stream(2, "backslashreplace", lines=True)
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.umask(asked["umask"])
    os.chdir(asked["folder"])
    sys.argv = asked["line"]

    from curator.cli.main import main
    from curator.engine import process

    if asked["line"][1:2] == ["demo"]:
        _fork_the_demos_commands()
    process.get_context = lambda _how: multiprocessing.get_context("fork")  # type: ignore[attr-defined]
    main()


def _fork_the_demos_commands() -> None:
    """Let the demo's own command lines be forked too, from a process of the demo's."""
    import started

    from curator.demo import stage

    def run(command: list[str], *, cwd: str, env: dict[str, str], timeout: float, **_: object) -> Any:
        start = command.index("curator.cli.main")
        return started.run(command[start + 1 :], cwd=cwd, env=env, timeout=timeout)

    made = types.SimpleNamespace(run=run, DEVNULL=subprocess.DEVNULL, TimeoutExpired=subprocess.TimeoutExpired)
    stage.subprocess = made  # type: ignore[attr-defined]


def _stream(handle: int, errors: str, *, lines: bool) -> io.TextIOWrapper:
    mode = "wb" if handle else "rb"
    return io.TextIOWrapper(open(handle, mode, closefd=False), "utf-8", errors, line_buffering=lines)


def take_in(news: socket.socket) -> None:
    """Import and remember what ended processes needed, so that the next ones find it."""
    while True:
        try:
            modules, keys = json.loads(news.recv(1 << 20, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return
        derived.keys.update({name: bytes.fromhex(key) for name, key in keys.items()})
        for name in modules:
            if name not in sys.modules:
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
        gc.freeze()  # the pages of what is there now stay shared


def tables() -> None:
    """Read the tables of each policy, as the engine's nursery does before it forks."""
    from curator.scrub.dicom.warm import warm
    from curator.scrub.policy import load_policy

    for name in ("safe-harbor", "expert", "limited-dataset"):
        warm(load_policy(name))


def serve(control: socket.socket, prepare: Callable[[], None] = tables) -> None:
    """Answer requests, one after the other, until the socket closes."""
    derived.remember()
    prepare()
    gc.freeze()
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    while True:
        head, handles, _, _ = socket.recv_fds(control, 4, 3)
        if not head:
            return
        (size,) = struct.unpack("!I", head)
        asked = json.loads(_whole(control, size))
        child = os.fork()
        if not child:
            control.close()
            mine.close()
            try:
                be_the_program(asked, handles, theirs)
            finally:
                _exit(97)
        for handle in handles:
            os.close(handle)
        control.sendall(struct.pack("!i", child))
        _, status = os.waitpid(child, 0)
        control.sendall(struct.pack("!i", os.waitstatus_to_exitcode(status)))
        take_in(mine)


def _whole(control: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = control.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads forks badly
    serve(socket.socket(fileno=int(sys.argv[1])))
