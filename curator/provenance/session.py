"""The near end of a signing session: start one, find it, sign through it, stop it (21 CFR 11.200(a)(1)(i))."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.provenance import channel
from curator.provenance.channel import AUTHORIZE, GOOD, SIGN, STATUS, STOP
from curator.provenance.held import CheckedSigner
from curator.provenance.keys import PersonKey, algorithm_of

#: Seconds: least and most without a signing, most in all.
LEAST_IDLE, MOST_IDLE, MOST_LIMIT = 10, 3600, 24 * 3600
LEAST_CODE = 6
COMMAND = [sys.executable, "-P", "-m", "curator.provenance.agent"]
#: What ended a session, in words.
ENDINGS = {
    "idle": "it was not used for too long",
    "limit": "its time was over",
    "refused": "a wrong code was given too often",
    "logout": "the log-in that it was started in ended",
    "stopped": "it was stopped",
}
_KINDS = {"usage": UsageError, "check": CheckError, "integrity": IntegrityError}


class SessionSigner:
    """Signs through the agent, over one connection that has shown a component."""

    def __init__(self, connection: socket.socket, public: bytes) -> None:
        self._connection, self._public = connection, public
        weakref.finalize(self, connection.close)

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data.

        Raises
        ------
        UsageError
            KEY-062 when the session ended meanwhile.
        CheckError
            KEY-067 for bytes that a session does not sign.
        """
        return _good(channel.ask(self._connection, SIGN, data))


def _good(answer: tuple[bytes, bytes] | None) -> bytes:
    if answer is None:
        raise UsageError("KEY-062", why=ENDINGS["stopped"])
    kind, body = answer
    if kind == GOOD:
        return body
    code, _, fact = body.decode("ascii", "replace").partition(" ")
    if code == "KEY-069":
        raise UsageError("KEY-069", left=int(fact) if fact.isdigit() else 0)
    if code == "KEY-062":
        raise UsageError("KEY-062", why=ENDINGS.get(fact, ENDINGS["stopped"]))
    if code == "KEY-057":
        raise IntegrityError("KEY-057")
    raise CheckError("KEY-067" if code == "KEY-067" else "KEY-056")


def _socket(store: Path, person: str) -> socket.socket | None:
    return channel.connected(channel.session_folder(store), f"{channel.session_name(store, person)}.sock")


def find(store: Path, person: str) -> socket.socket | None:
    """Connect to a person's session, if one lives; None otherwise.

    Raises
    ------
    IntegrityError
        KEY-064 when its folder or its process is not this user's own.
    """
    connection = _socket(store, person)
    if connection is None:
        return None
    answer = channel.ask(connection, STATUS)
    if answer is None or answer[0] != GOOD:
        connection.close()
        return None
    return connection


def authorize(connection: socket.socket, person: str, component: bytes) -> PersonKey:
    """Show a component to a session and return the key behind it.

    Parameters
    ----------
    connection
        From :func:`find`.
    person
        The person's id.
    component
        The session code or the passphrase.

    Raises
    ------
    UsageError
        KEY-069 for a wrong one, KEY-062 when the session is over.
    """
    try:
        public = _good(channel.ask(connection, AUTHORIZE, component))
        algorithm_of(public)
    except ValueError:
        connection.close()
        raise CheckError("KEY-068") from None
    except CuratorError:
        connection.close()
        raise
    return PersonKey(person, CheckedSigner(SessionSigner(connection, public), public))


def why_ended(store: Path, person: str) -> str | None:
    """Return, in words, why a person's last session ended by itself, if nothing was signed since."""
    path = channel.session_folder(store) / f"{channel.session_name(store, person)}.ended"
    try:
        return ENDINGS.get(path.read_text("ascii")[:20], ENDINGS["stopped"])
    except (OSError, UnicodeDecodeError):
        return None


def forget_ending(store: Path, person: str) -> None:
    """Take away the word that a session's end left."""
    with contextlib.suppress(OSError):
        (channel.session_folder(store) / f"{channel.session_name(store, person)}.ended").unlink()


def check_terms(idle: int, limit: int, code: bytes | None, secret: bytes) -> None:
    """Refuse terms of a session that are too loose.

    Raises
    ------
    UsageError
        KEY-066.
    """
    if not LEAST_IDLE <= idle <= MOST_IDLE:
        raise UsageError("KEY-066", what="the idle time is 10 seconds to 1 hour")
    if not idle <= limit <= MOST_LIMIT:
        raise UsageError("KEY-066", what="the limit is at least the idle time and at most 24 hours")
    if code is not None and (len(code.decode("utf-8", "replace")) < LEAST_CODE or code == secret):
        raise UsageError("KEY-066", what=f"a session code has at least {LEAST_CODE} characters, not the passphrase's")


def start(store: Path, person: str, secret: bytes, code: bytes | None, *, idle: int, limit: int) -> dict[str, Any]:
    """Start a session with all components: the agent opens the key itself and then stays behind.

    Parameters
    ----------
    store
        The key store.
    person
        The person's id.
    secret
        The key's passphrase, or the token's PIN.
    code
        A code for this session only, or None: each signing then takes the passphrase.
    idle, limit
        Seconds.

    Returns
    -------
    dict
        The session's status.

    Raises
    ------
    UsageError
        KEY-065 when one lives already, KEY-066 for the terms, and what opening the key raises.
    CheckError
        KEY-068 when the agent cannot be started.
    """
    check_terms(idle, limit, code, secret)
    if (connection := find(store, person)) is not None:
        connection.close()
        raise UsageError("KEY-065")
    from curator.provenance.agent import terms_frame

    leader: int | None = os.getsid(0)
    if leader in {0, os.getpid()}:
        leader = None
    terms = {"store": str(store.resolve()), "person": person, "idle": idle, "limit": limit, "leader": leader}
    try:
        done = subprocess.run(
            COMMAND,
            input=terms_frame(terms, secret, code),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
        )
        answer = json.loads(done.stdout)
        if "status" in answer:
            status: dict[str, Any] = answer["status"]
            return status
        error: CuratorError = _KINDS[answer["kind"]](answer["code"], **answer["facts"])
    except (OSError, ValueError, KeyError, TypeError):
        raise CheckError("KEY-068") from None
    raise error


def status(store: Path, person: str) -> dict[str, Any] | None:
    """Return the status of a person's session, None when there is none."""
    connection = _socket(store, person)
    if connection is None:
        return None
    with connection:
        answer = channel.ask(connection, STATUS)
    if answer is None or answer[0] != GOOD:
        return None
    made: dict[str, Any] = json.loads(answer[1])
    return made


def stop(store: Path, person: str) -> bool:
    """End a person's session; False when there is none. Needs no component: less access is always allowed."""
    connection = _socket(store, person)
    if connection is None:
        return False
    with connection:
        return channel.ask(connection, STOP) is not None
