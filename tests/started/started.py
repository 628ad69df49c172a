"""``run``: a command line of ``curator`` in a process that is forked from one which stands ready (see server.py).

For tests of what commands do. How the program starts, ends, is killed and is installed is tested on the installed one.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CURATOR = Path(sys.executable).with_name("curator")


class _Server:
    """One process for this test process, started when it is first needed; requests of threads take turns."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair()
        line = [sys.executable, str(Path(__file__).with_name("server.py")), str(theirs.fileno())]
        self.process = subprocess.Popen(line, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self.turn = threading.Lock()
        atexit.register(self.close)

    def close(self) -> None:
        self.control.close()
        self.process.wait()

    def ask(self, request: bytes, handles: list[int]) -> int:
        """Start a process and return its id."""
        socket.send_fds(self.control, [struct.pack("!I", len(request))], handles)
        self.control.sendall(request)
        return self.number()

    def number(self) -> int:
        data = self.control.recv(4, socket.MSG_WAITALL)
        if len(data) != 4:
            raise RuntimeError("the process that starts the program has ended")
        found: int = struct.unpack("!i", data)[0]
        return found


@functools.cache
def _server() -> _Server:
    return _Server()


def run(
    words: Sequence[object],
    *,
    cwd: str | Path = ".",
    env: Mapping[str, str] | None = None,
    given: bytes = b"",
    text: bool = False,
    timeout: float = 100,
) -> subprocess.CompletedProcess[Any]:
    """Run ``curator`` with some words and return what it said and its exit code, as :func:`subprocess.run` does.

    Parameters
    ----------
    words
        The arguments behind the program's name.
    cwd
        The folder it runs in.
    env
        Its whole environment; by default that of the tests.
    given
        Its standard input, at most 60 000 bytes.
    text
        Whether what it said is decoded.
    timeout
        Seconds after which it is killed.

    Raises
    ------
    subprocess.TimeoutExpired
        When it had to be killed.
    """
    assert len(given) <= 60_000  # a pipe takes so much without a reader
    line = [str(CURATOR), *map(str, words)]
    umask = os.umask(0o077)
    os.umask(umask)
    asked = {
        "line": line,
        "folder": os.path.abspath(cwd),
        "umask": umask,
        "environment": dict(os.environ if env is None else env),
    }
    server = _server()
    pipes = [os.pipe() for _ in range(3)]
    theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
    os.write(pipes[0][1], given)
    os.close(pipes[0][1])
    with server.turn:
        child = server.ask(json.dumps(asked).encode(), theirs)
        for handle in theirs:
            os.close(handle)
        said, late = _said([pipes[1][0], pipes[2][0]], child, timeout)
        code = server.number()
    if late:
        raise subprocess.TimeoutExpired(line, timeout, *said)
    told = [one.decode() for one in said] if text else said
    return subprocess.CompletedProcess(line, code, *told)


def _said(handles: list[int], child: int, timeout: float) -> tuple[list[bytes], bool]:
    """Read until all writers have closed, and kill the process when the time is up."""
    said: dict[int, bytearray] = {handle: bytearray() for handle in handles}
    until, late = time.monotonic() + timeout, False
    with selectors.DefaultSelector() as selector:
        for handle in handles:
            selector.register(handle, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(None if late else max(0.0, until - time.monotonic())):
                data = os.read(key.fd, 1 << 16)
                said[key.fd] += data
                if not data:
                    selector.unregister(key.fd)
                    os.close(key.fd)
            if not late and time.monotonic() >= until:
                late = True
                os.kill(child, signal.SIGKILL)
    return [bytes(one) for one in said.values()], late
