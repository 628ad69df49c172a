"""The files of a folder that nobody vouches for: what is there, read without ever following a link.

A package comes from outside. Names in it are shown escaped, so that none of them can move a terminal's cursor.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from curator.core.errors import IntegrityError
from curator.core.files import translated
from curator.core.hashing import CHUNK

#: What a path in a package may be made of: no space at an end, no control character, no percent sign, no backslash.
_COMPONENT = re.compile(r"[A-Za-z0-9_+=@,()-](?:[A-Za-z0-9 ._+=@,()-]*[A-Za-z0-9_+=@,()-])?", re.ASCII)
_FOLDER = re.compile(rf"(?:{_COMPONENT.pattern}/)*", re.ASCII)
LONGEST_PATH = 512
#: Marks what is neither a file nor a folder.
_ODD = "//"
_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
#: Names that the program gives to folders and files of its own; what a stranger is called may name a patient.
_OWN = re.compile(
    r"data|clean|shared|ledger|parts|commits|checkpoints|keys|documents|guidelines|labels|audit|sites|values|text|tabular"
    r"|fhir|hl7|cda|document|P[A-Z2-7]{16}|2\.25\.\d+(?:\.[a-z0-9]{1,8})?|[0-9a-f]{64}(?:\.[a-z]{2,8})?|\d{8}\.json",
    re.ASCII,
)


def shown(path: str) -> str:
    """Return a path fit for a terminal: ASCII, escaped, at most 160 characters."""
    text = path.encode("ascii", "backslashreplace").decode()
    text = "".join(mark if mark.isprintable() else f"\\x{ord(mark):02x}" for mark in text)
    return text if len(text) <= 160 else text[:157] + "..."


def stranger(path: str) -> str:
    """Return the path of a file that is not ours, with an ellipsis for each name that the program would not give."""
    return shown("/".join(name if _OWN.fullmatch(name) else "..." for name in path.split("/")))


def safe_path(path: str) -> bool:
    """Say whether a path of a manifest stays in its folder on any system: relative, no ``..``, plain ASCII names."""
    folder, slash, name = path.rpartition("/")
    return safe_name(path, name) and _safe_folder(folder + slash)


def safe_name(path: str, name: str) -> bool:
    """Say whether a path whose folder is safe is so as a whole, by its last name."""
    return len(path) <= LONGEST_PATH and _COMPONENT.fullmatch(name) is not None


@lru_cache(maxsize=256)
def _safe_folder(folder: str) -> bool:
    """Say so of a folder, with a slash at its end; of many files in it, it is asked once."""
    return _FOLDER.fullmatch(folder) is not None


def files(folder: Path, below: str = "") -> Iterator[str]:
    """Yield the paths of all files in a folder, relative and POSIX, sorted as texts.

    Raises
    ------
    IntegrityError
        REL-026 for anything that is neither a folder nor a regular file, such as a symbolic link.
    """
    # One loop instead of a generator in each folder: of 100,000 files half of the time went into handing names up.
    waiting = [_entries(folder, below)]
    while waiting:
        for path in waiting[-1]:
            if not path.endswith("/"):
                yield path
            elif path.endswith(_ODD):
                raise IntegrityError("REL-026", name=stranger(path.removesuffix(_ODD)))
            else:
                waiting.append(_entries(folder, path[:-1]))
                break
        else:
            waiting.pop()


def _entries(folder: Path, below: str) -> Iterator[str]:
    """Return the paths in a folder, sorted: of a folder with the slash that follows it in each path of its files."""
    with translated(), os.scandir(f"{folder}/{below}") as found:
        names = sorted(
            [
                entry.name
                if entry.is_file(follow_symlinks=False)
                else entry.name + ("/" if entry.is_dir(follow_symlinks=False) else _ODD)
                for entry in found
            ]
        )
    lead = f"{below}/" if below else ""
    return iter([lead + name for name in names] if lead else names)


def open_file(path: Path | str) -> int | None:
    """Open a regular file for reading without following a link at its end; None if there is none."""
    found = open_sized(path)
    return None if found is None else found[0]


def open_sized(path: Path | str) -> tuple[int, int] | None:
    """Open a file as :func:`open_file` does, and return its length in bytes too."""
    try:
        handle = os.open(path, _READING)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        if os.path.islink(path):
            return None
        with translated():
            raise
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        return None
    return handle, about.st_size


def pieces(handle: int) -> Iterator[bytes]:
    """Yield the bytes of an open file from where it stands on."""
    while chunk := os.read(handle, CHUNK):
        yield chunk


def beginning(handle: int, size: int) -> tuple[bytes, bool]:
    """Return the first piece of a file that was just opened, and whether that is all of it.

    Parameters
    ----------
    handle, size
        As :func:`open_sized` gave them. One byte more is asked for: a file that is as long as it was said to be needs
        no second call to find its end, and one that has grown since is read on.
    """
    data = os.read(handle, min(size + 1, CHUNK))
    return data, len(data) == size < CHUNK


def digest_of(path: Path | str) -> tuple[str, int] | None:
    """Return the SHA-256 in hex and the length in bytes of a regular file, or None if there is none."""
    found = open_sized(path)
    if found is None:
        return None
    handle, told = found
    try:
        with translated():
            data, whole = beginning(handle, told)
            digest, size = hashlib.sha256(data), len(data)
            for chunk in () if whole else pieces(handle):
                digest.update(chunk)
                size += len(chunk)
    finally:
        os.close(handle)
    return digest.hexdigest(), size


def new_file(path: Path | str) -> int:
    """Open a file for writing that is not there yet."""
    return os.open(path, _WRITING, 0o666)


def write_all(handle: int, data: bytes) -> None:
    """Write all of some bytes."""
    if (done := os.write(handle, data)) < len(data):
        view = memoryview(data)[done:]
        while view:
            view = view[os.write(handle, view) :]


def content_of(path: Path, limit: int) -> bytes | None:
    """Return the bytes of a small regular file, or None if there is none or it is larger than ``limit`` bytes."""
    handle = open_file(path)
    if handle is None:
        return None
    with translated(), os.fdopen(handle, "rb") as stream:
        data = stream.read(limit + 1)
    return data if len(data) <= limit else None
