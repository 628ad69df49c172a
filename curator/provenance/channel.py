"""What the two ends of a signing session share: where the socket is, who may speak there, and frames.

A frame is four bytes of length, one byte that says what it is, and a body of bounded length. An answer begins with
``+``, or with ``-`` and a code and its facts. No body is ever written to a log or into an error.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import stat
import struct
import sys
from pathlib import Path

from curator.core.errors import CheckError, IntegrityError
from curator.core.files import make_folder
from curator.provenance.dsse import MAX_ENVELOPE_BYTES
from curator.provenance.keys import check_id

_PLATFORM: str = sys.platform
AUTHORIZE, SIGN, STATUS, STOP = b"A", b"S", b"Q", b"X"
GOOD, BAD = b"+", b"-"
#: A body before the speaker has shown a component, and after.
MAX_STRANGER, MAX_BODY = 8192, MAX_ENVELOPE_BYTES
SESSIONS = "sessions"
LENGTH = struct.Struct(">I")
_NAME = re.compile(r"(?P<person>[a-z0-9][a-z0-9._-]{0,63})-[0-9a-f]{12}\.sock")


def session_folder(store: Path) -> Path:
    """Return where sockets stand: in ``XDG_RUNTIME_DIR`` if it is this user's own, else in the key store."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    if named and os.path.isabs(named) and _private(Path(named)):
        return Path(named) / "curator"
    return store / SESSIONS


def session_name(store: Path, person: str) -> str:
    """Return the name of a person's session, without an ending; it is another one for another key store."""
    check_id(person)
    return f"{person}-{_store_mark(store)}"


def people_with_sockets(store: Path) -> list[str]:
    """Return the ids of the people of a key store that have a socket, living or left over."""
    folder = session_folder(store)
    names = os.listdir(folder) if folder.is_dir() else []
    found = [match["person"] for name in names if (match := _NAME.fullmatch(name))]
    return sorted({person for person in found if f"{session_name(store, person)}.sock" in names})


def _store_mark(store: Path) -> str:
    return hashlib.sha256(os.fsencode(store.resolve())).hexdigest()[:12]


def _private(folder: Path) -> bool:
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and not facts.st_mode & 0o077


def require_private(folder: Path) -> None:
    """Make sure that a folder is this user's own and nobody else may look into it.

    Raises
    ------
    IntegrityError
        KEY-064.
    """
    if not _private(folder):
        raise IntegrityError("KEY-064")


def made_folder(store: Path) -> Path:
    """Make the folder of the sockets, private, and return it (KEY-064 when it is not)."""
    folder = session_folder(store)
    make_folder(folder, 0o700)
    require_private(folder)
    return folder


def peer_uid(connection: socket.socket) -> int:
    """Return the user id of the process at the other end, as the system knows it; -1 where it cannot say."""
    if _PLATFORM == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", credentials)[1])
    try:
        # LOCAL_PEERCRED at level SOL_LOCAL gives struct xucred: version, uid, groups (sys/ucred.h of Darwin and BSD).
        version, uid = struct.unpack_from("=II", connection.getsockopt(0, 1, 76))
    except (OSError, struct.error):
        return -1
    return int(uid) if version == 0 else -1


def connected(folder: Path, name: str) -> socket.socket | None:
    """Connect to a socket in a private folder; None when nobody listens there.

    Raises
    ------
    IntegrityError
        KEY-064 when the folder, or who listens, is not this user's own.
    CheckError
        KEY-068 when it cannot be reached.
    """
    if not (folder / name).exists():
        return None
    require_private(folder)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # A socket's path may have some hundred bytes only; by way of the open folder it is short.
        short = f"/proc/self/fd/{handle}/{name}" if _PLATFORM == "linux" else str(folder / name)
        connection.connect(short)
    except (ConnectionRefusedError, FileNotFoundError):
        connection.close()
        return None
    except OSError:
        connection.close()
        raise CheckError("KEY-068") from None
    finally:
        os.close(handle)
    if peer_uid(connection) != os.getuid():
        connection.close()
        raise IntegrityError("KEY-064")
    return connection


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """Return a frame."""
    return LENGTH.pack(len(body)) + kind + body


def take_frame(buffer: bytearray, most: int) -> tuple[bytes, bytes] | None:
    """Take the first whole frame out of a buffer; None when there is none yet.

    Raises
    ------
    ValueError
        When it says that it is longer than allowed.
    """
    if len(buffer) < LENGTH.size + 1:
        return None
    (length,) = LENGTH.unpack_from(buffer)
    if length > most:
        raise ValueError("too long")
    end = LENGTH.size + 1 + length
    if len(buffer) < end:
        return None
    kind, body = bytes(buffer[LENGTH.size : LENGTH.size + 1]), bytes(buffer[LENGTH.size + 1 : end])
    del buffer[:end]
    return kind, body


def ask(connection: socket.socket, kind: bytes, body: bytes = b"") -> tuple[bytes, bytes] | None:
    """Send a frame and return the answer; None when the other end went away."""
    buffer = bytearray()
    try:
        connection.sendall(frame(kind, body))
        while (found := take_frame(buffer, MAX_STRANGER)) is None:
            data = connection.recv(65536)
            if not data:
                return None
            buffer += data
    except (OSError, ValueError):
        return None
    return found
