"""The process behind a signing session: it holds one person's opened key and signs for whoever shows a component.

21 CFR 11.200(a)(1)(i): the session is opened with all components, each signing in it needs one that only the person can
give, and it ends by itself when it is not used or has lasted long enough. docs/adr/0038-keys-and-sessions.md says what
it guards against. It writes no log; what it is asked and what it signs are kept nowhere. Killed, it loses nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, NoReturn

from curator.core.clock import Clock, SystemClock
from curator.core.errors import CheckError, CuratorError, UsageError
from curator.core.files import write_whole
from curator.provenance import channel
from curator.provenance.channel import BAD, GOOD, LENGTH
from curator.provenance.keys import decode64, encode64
from curator.provenance.keystore import unlock
from curator.provenance.security import record_failure
from curator.provenance.session_rules import Session, boot_tick

#: Seconds after which the time is looked at again, whatever happens (a suspended machine wakes into one such wait).
WAIT = 5.0
CONNECTIONS = 16
#: What the first frame of its starter may hold.
MAX_TERMS = 1 << 16


class _Speaker:
    """One connection: what came so far, and whether it has shown a component."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.buffer = bytearray()
        self.trusted = False

    def send(self, kind: bytes, body: bytes) -> bool:
        """Send a short answer; False when the other end does not read."""
        try:
            self.connection.sendall(channel.frame(kind, body))
        except OSError:
            return False
        return True


class _StoppedError(Exception):
    """A signal asks the agent to end."""


def serve(
    listener: socket.socket,
    session: Session,
    extra: dict[str, Any],
    leave: Callable[[str], None],
    leader: int | None = None,
    wait: float = WAIT,
) -> None:
    """Answer until the session ends.

    Parameters
    ----------
    listener
        The listening socket.
    session
        The session.
    extra
        More for its status.
    leave
        Called with the reason when the session has ended by itself, before anybody is told so.
    leader
        A handle that becomes readable when the log-in session of the starter ends (pidfd_open(2)).
    wait
        Seconds between looks at the clock.
    """
    selector = selectors.DefaultSelector()
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    if leader is not None:
        selector.register(leader, selectors.EVENT_READ)
    speakers: dict[int, _Speaker] = {}
    while True:
        ready = {key.fd for key, _ in selector.select(wait)}
        why = "logout" if leader in ready else session.ended()
        if why:
            leave(why)
            for number in ready & speakers.keys():
                speakers[number].send(BAD, f"KEY-062 {why}".encode())
            return
        for number in ready & speakers.keys():
            said = _hear(speakers[number], session, extra)
            if said == "stop":
                return
            if not said:
                gone = speakers.pop(number)
                selector.unregister(gone.connection)
                gone.connection.close()
        if listener.fileno() in ready:
            # Behind the others, so that those who left have made room.
            _accept(listener, selector, speakers)
        if session.left <= 0:
            leave("refused")
            return


def _accept(listener: socket.socket, selector: selectors.BaseSelector, speakers: dict[int, _Speaker]) -> None:
    try:
        connection, _ = listener.accept()
    except OSError:
        return
    if channel.peer_uid(connection) != os.getuid() or len(speakers) >= CONNECTIONS:
        connection.close()
        return
    connection.setblocking(False)
    speakers[connection.fileno()] = _Speaker(connection)
    selector.register(connection, selectors.EVENT_READ)


def _hear(speaker: _Speaker, session: Session, extra: dict[str, Any]) -> bool | str:
    """Read what came and answer it; False ends the connection, "stop" the session."""
    try:
        data = speaker.connection.recv(1 << 18)
    except BlockingIOError:
        return True
    except OSError:
        return False
    if not data:
        return False
    speaker.buffer += data
    while True:
        try:
            found = channel.take_frame(speaker.buffer, channel.MAX_BODY if speaker.trusted else channel.MAX_STRANGER)
        except ValueError:
            return False
        if found is None:
            return True
        kind, body = found
        if kind == channel.STOP:
            speaker.send(GOOD, b"")
            return "stop"
        if not _answer(speaker, session, kind, body, extra):
            return False


def _answer(speaker: _Speaker, session: Session, kind: bytes, body: bytes, extra: dict[str, Any]) -> bool:
    if session.ended():
        return False
    if kind == channel.STATUS:
        return speaker.send(GOOD, json.dumps({**session.status(), **extra}).encode())
    try:
        if kind == channel.AUTHORIZE:
            if not session.authorize(body):
                speaker.send(BAD, f"KEY-069 {session.left}".encode())
                return False
            speaker.trusted = True
            return speaker.send(GOOD, session.key.signer.public)
        if kind == channel.SIGN and speaker.trusted:
            return speaker.send(GOOD, session.sign(body))
    except CuratorError as error:
        speaker.send(BAD, error.code.encode())
    return False


# -- the process ------------------------------------------------------------------------------------------------------


def harden() -> None:
    """Keep this process's secrets out of core dumps, logs and the reach of a debugger of the same user."""
    from curator.core import quiet

    quiet.install()
    os.umask(0o077)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            # PR_SET_DUMPABLE 0: no core, no ptrace, no /proc/PID/mem for anybody but root (prctl(2)).
            ctypes.CDLL(None).prctl(4, *(ctypes.c_ulong(0) for _ in range(4)))


def lock_memory() -> bool:
    """Ask the system not to write this process's memory to the disk, and say whether it agreed (mlockall(2))."""
    try:
        return bool(ctypes.CDLL(None).mlockall(1) == 0)  # MCL_CURRENT
    except (OSError, AttributeError):
        return False


def _terms(stream: BinaryIO) -> dict[str, Any]:
    (length,) = LENGTH.unpack(stream.read(LENGTH.size))
    if length > MAX_TERMS:
        raise ValueError
    terms: dict[str, Any] = json.loads(stream.read(length))
    return terms


def _held_lock(folder: Path, name: str) -> int:
    """Take the lock that one agent of this name holds as long as it lives (KEY-065 when another one does)."""
    handle = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise UsageError("KEY-065") from None
    return handle


def _listener(name: str) -> socket.socket:
    """Bind in the working directory, which is the sessions' folder: a path of any length then fits."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{name}.sock")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(f"{name}.sock")
    os.chmod(f"{name}.sock", 0o600)
    listener.listen(CONNECTIONS)
    return listener


def _leader(process: int | None) -> int | None:
    if process is None or not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(process)
    except ProcessLookupError:
        raise CheckError("KEY-068") from None
    except OSError:
        return None


def run(
    terms: dict[str, Any], tick: Callable[[], float], clock: Clock, ready: Callable[[dict[str, Any]], None]
) -> None:
    """Open a key, serve its session, and leave word of how it ended.

    Parameters
    ----------
    terms
        ``store``, ``person``, ``idle``, ``limit``, ``leader``; ``secret`` and ``code`` in base64.
    tick, clock
        The session's clock, and the one for records of failed tries.
    ready
        Called with the status once the session can be used.

    Raises
    ------
    CuratorError
        When the key does not open, or a session of this person lives already (KEY-065).
    """
    store, person = Path(terms["store"]), terms["person"]
    folder = channel.made_folder(store)
    name = channel.session_name(store, person)
    lock = _held_lock(folder, name)
    components = [decode64(terms["secret"]), *([decode64(terms["code"])] if terms["code"] else [])]
    key = unlock(store, person, components[0], clock)
    leader = _leader(terms["leader"])
    session = Session(
        key,
        components,
        idle=terms["idle"],
        limit=terms["limit"],
        tick=tick,
        refused=lambda: record_failure(store, person, clock),
    )
    terms.clear()
    os.chdir(folder)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{name}.ended")
    listener = _listener(name)
    extra = {"code": len(components) > 1, "endsWithLogin": leader is not None, "memoryLocked": lock_memory()}
    del components

    def leave(why: str) -> None:
        with contextlib.suppress(OSError):
            os.unlink(f"{name}.sock")
        with contextlib.suppress(CuratorError):
            write_whole(Path(f"{name}.ended"), why.encode(), 0o600)

    try:
        ready({**session.status(), **extra})
        serve(listener, session, extra, leave, leader)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(f"{name}.sock")
        listener.close()
        os.close(lock)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _StoppedError


def main(tick: Callable[[], float] = boot_tick) -> NoReturn:
    """Be the agent: terms from standard input, one line of JSON to standard output, then silence.

    The process that was started ends at once; its child, which nobody waits for, is the agent.
    """
    from curator.core import quiet

    harden()
    if os.fork():
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)

    def answer(document: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(document) + "\n")
        sys.stdout.flush()
        quiet.mute_streams()

    with contextlib.suppress(_StoppedError):
        try:
            run(_terms(sys.stdin.buffer), tick, SystemClock(), lambda status: answer({"status": status}))
        except CuratorError as error:
            answer({"kind": error.kind, "code": error.code, "facts": error.facts})
        except Exception:  # noqa: BLE001 - whatever it is, its text may quote a secret
            answer({"kind": "check", "code": "KEY-068", "facts": {}})
    os._exit(0)


def terms_frame(terms: dict[str, Any], secret: bytes, code: bytes | None) -> bytes:
    """Return what a starter writes to the agent's standard input."""
    whole = {**terms, "secret": encode64(secret), "code": encode64(code) if code else ""}
    body = json.dumps(whole).encode()
    return LENGTH.pack(len(body)) + body


if __name__ == "__main__":
    main()
