"""``run``: a command line of ``curator`` in a process that is forked from one which stands ready (see server.py).

For tests of what commands do. How the program starts, ends, is killed and is installed is tested on the installed one.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import functools
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

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


@contextlib.contextmanager
def door(claims: Path) -> Iterator[dict[str, str]]:
    """Let a shell find the program that stands ready as ``curator``.

    Parameters
    ----------
    claims
        Shared by all test processes: which commands have been started as installed.

    Yields
    ------
    dict
        What the shell's environment needs, ``PATH`` among it.
    """
    if not (claims / "commands.json").exists():
        kept = claims / f"commands.{os.getpid()}"
        kept.write_text(json.dumps(_commands()), encoding="utf-8")
        kept.rename(claims / "commands.json")
    with tempfile.TemporaryDirectory(prefix="door", dir=_short()) as short, socket.socket(socket.AF_UNIX) as listening:
        at = os.path.join(short, "door")
        listening.bind(at)
        listening.listen()
        threading.Thread(target=_answer_all, args=(listening,), daemon=True).start()
        try:
            yield {
                "PATH": os.pathsep.join([str(Path(__file__).parent), str(CURATOR.parent), os.environ["PATH"]]),
                "STARTED_DOOR": at,
                "STARTED_CLAIMS": str(claims),
                "STARTED_INSTALLED": str(CURATOR),
            }
        finally:
            listening.shutdown(socket.SHUT_RDWR)  # ends the thread


def _short() -> str | None:
    """Return a folder for temporary files whose name leaves room in a socket's name, which may have about 100 bytes."""
    return None if len(tempfile.gettempdir()) < 60 else "/tmp"


def _answer_all(listening: socket.socket) -> None:
    """Hand the command lines of a shell on, one after the other."""
    server = _server()
    while True:
        try:
            control, _ = listening.accept()
        except OSError:
            return
        with control:
            head, handles, _, _ = socket.recv_fds(control, 4, 3)
            request = b""
            while len(request) < struct.unpack("!I", head)[0]:
                request += control.recv(1 << 16)
            with server.turn:
                server.ask(request, handles)
                for handle in handles:
                    os.close(handle)
                code = server.number()
            with contextlib.suppress(OSError):
                control.sendall(struct.pack("!i", code))


def _commands() -> list[list[str]]:
    """Return the words of every command of the program."""
    import click

    from curator.cli.main import cli

    found: list[list[str]] = []

    def walk(group: click.Group, words: list[str]) -> None:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            found.append([*words, name])
            if isinstance(command, click.Group):
                walk(command, [*words, name])

    walk(cli, [])
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


def installed(
    words: Sequence[object], *, cwd: str | Path = ".", text: bool = False, timeout: float = 100
) -> subprocess.CompletedProcess[Any]:
    """Run the installed program itself, for commands that no page of the docs shows."""
    line = [str(CURATOR), *map(str, words)]
    given = subprocess.DEVNULL
    return subprocess.run(line, capture_output=True, cwd=cwd, text=text, timeout=timeout, check=False, stdin=given)


def demo(factory: pytest.TempPathFactory, worker: str) -> Path:
    """Return a folder with ``demo``, made once by the installed program for all test processes.

    Beside it lies ``demo.json``: exit code and what was said, by the name of the stream.
    """
    base = factory.getbasetemp() if worker == "master" else factory.getbasetemp().parent
    with (base / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "demo.json").exists():
            done = installed(["demo", base / "demo", "--json"], text=True, timeout=280)
            ended = {"code": done.returncode, "out": done.stdout, "err": done.stderr}
            (base / "demo.json").write_text(json.dumps(ended))
    return base


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
