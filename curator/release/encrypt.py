"""Encrypting a package for its way to others: one tar stream, encrypted to recipients by age (age-encryption.org/v1).

The tar is made while it is encrypted: nothing in clear touches the disk, and memory stays flat. Only a whole package
that agrees with itself is taken, so that no link and no path that leads out goes along. A submission folder is never
encrypted, since whoever receives it there cannot open it. age says who can read, not who has sent: the package's own
signature does that.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tarfile
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from curator.core.errors import CheckError, CuratorError, UsageError
from curator.core.files import TEMP_PREFIX, sync_folder, translated
from curator.core.hashing import CHUNK
from curator.release.tree import files, open_file

MOST_RECIPIENTS = 1000
_MOST_FILE = 1 << 20
#: Folders of an eCopy begin so (FDA, eCopy Program for Medical Device Submissions).
_VOLUME = "VOL_"
_BLOCK = tarfile.BLOCKSIZE


def _pyrage() -> Any:
    try:
        return import_module("pyrage")
    except ImportError:
        raise UsageError("REL-070") from None


def read_recipients(texts: Iterable[str], path: Path | None) -> list[Any]:
    """Return the recipients of an encryption.

    Parameters
    ----------
    texts
        Public keys such as ``age1...``.
    path
        A file with one public key a line; lines that begin with ``#`` are remarks.

    Raises
    ------
    UsageError
        REL-069 for none, or one that is no public key of age; REL-070 when the extra ``age`` is not installed.
    """
    age = _pyrage()
    lines = list(texts)
    if path is not None:
        try:
            with path.open("rb") as stream:
                data = stream.read(_MOST_FILE + 1)
            lines += data.decode("ascii").splitlines() if len(data) <= _MOST_FILE else ["too long"]
        except (OSError, UnicodeDecodeError):
            raise UsageError("REL-069", why="the file of recipients cannot be read") from None
    wanted = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not 0 < len(wanted) <= MOST_RECIPIENTS:
        raise UsageError("REL-069", why="there is none, or there are more than a thousand")
    try:
        return [age.x25519.Recipient.from_str(line) for line in dict.fromkeys(wanted)]
    except (age.RecipientError, ValueError):
        raise UsageError("REL-069", why="one is no public key of age (age1...)") from None


def check_package(folder: Path) -> None:
    """Refuse what is no whole package, and a submission folder first of all.

    Raises
    ------
    UsageError
        REL-033 when there is no such folder, REL-068 for a submission folder, or a folder inside of a package.
    IntegrityError
        As :func:`curator.release.verify.verify_package`: REL-026 for a link or an unsafe name.
    """
    from curator.release.verify import verify_package

    if not folder.is_dir():
        raise UsageError("REL-033")
    place = folder.resolve()
    above = any((one / "bagit.txt").is_file() for one in place.parents)
    with translated():
        volumes = any(name.upper().startswith(_VOLUME) for name in os.listdir(place))
    if above or volumes or place.name.upper().startswith(_VOLUME):
        raise UsageError("REL-068")
    verify_package(folder)


def encrypt_package(
    folder: Path, recipients: list[Any], output: Path, advance: Callable[[int], None] = lambda _: None
) -> int:
    """Encrypt a package into one file, whole or not at all.

    Parameters
    ----------
    folder
        A package that :func:`check_package` has passed.
    recipients
        Of :func:`read_recipients`.
    output
        The file to make; does not exist.
    advance
        Called with the number of files done.

    Returns
    -------
    int
        Bytes of the encrypted file.

    Raises
    ------
    UsageError
        REL-071 when something stands at the output, or it lies inside the package.
    CheckError
        SYS-001, SYS-002; REL-072 when a file changed meanwhile.
    """
    age = _pyrage()
    place = output.parent.resolve() / output.name
    if os.path.lexists(place) or place.is_relative_to(folder.resolve()) or not place.parent.is_dir():
        raise UsageError("REL-071")
    temp = place.parent / f"{TEMP_PREFIX}{secrets.token_hex(8)}"
    stream = TarStream(folder, f"{folder.resolve().name}", advance)
    try:
        with translated(), temp.open("xb") as out:
            try:
                age.encrypt_io(stream, out, recipients)
            except Exception:  # noqa: BLE001 - what the reader raised comes back in another shape
                if stream.error is not None:
                    raise stream.error from None
                raise CheckError("SYS-002", reason="EIO") from None
            if stream.error is not None or not stream.done:
                raise CheckError("REL-072")
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        with translated():
            os.link(temp, place)
            sync_folder(place.parent)
    finally:
        with contextlib.suppress(OSError):
            temp.unlink()
    return size


class TarStream:
    """A package as a tar archive that is made while it is read: names in order, no clock, no owner, no host.

    Parameters
    ----------
    folder
        The package.
    name
        The folder's name in the archive.
    advance
        Called with the number of files done.
    """

    def __init__(self, folder: Path, name: str, advance: Callable[[int], None] = lambda _: None) -> None:
        self._pieces = self._made(folder, name, advance)
        self._waiting = b""
        self.error: CuratorError | None = None
        self.done = False

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, all that is left for a negative one; nothing at the end or after an error."""
        if self.error is not None:
            return b""
        try:
            while not self._waiting if size >= 0 else not self.done:
                piece = next(self._pieces, None)
                if piece is None:
                    self.done = True
                    break
                self._waiting += piece
        except CuratorError as error:
            self.error = error
            return b""
        cut = len(self._waiting) if size < 0 else size
        made, self._waiting = self._waiting[:cut], self._waiting[cut:]
        return made

    @staticmethod
    def _made(folder: Path, name: str, advance: Callable[[int], None]) -> Iterator[bytes]:
        for path in files(folder):
            handle = open_file(folder / path)
            if handle is None:
                raise CheckError("REL-072")
            with os.fdopen(handle, "rb", buffering=0) as stream:
                size = os.fstat(stream.fileno()).st_size
                head = tarfile.TarInfo(f"{name}/{path}")
                head.size, head.mode = size, 0o644
                yield head.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")
                left = size
                while left and (chunk := stream.read(min(CHUNK, left))):
                    left -= len(chunk)
                    yield chunk
                if left or stream.read(1):
                    raise CheckError("REL-072")
                yield bytes(-size % _BLOCK)
            advance(1)
        yield bytes(2 * _BLOCK)
