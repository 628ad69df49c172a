"""Time-stamps beside a ledger's checkpoints: ask for one, take one in, read those that are stored.

A time-stamp is over the whole file of a checkpoint, so that ``openssl ts -verify -data NOTE -in TSR -CAfile ROOTS``
checks it. ``timestamps/`` holds the responses (``.tsr``) and the requests that they answer (``.tsq``), one file each,
named by the checkpoint's file and their own hash, never changed. Nothing here trusts a stored file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent, translated
from curator.provenance.ledger import Ledger
from curator.provenance.tsp import MAX_RESPONSE, Request, Token, make_request, parse_request, parse_response
from curator.provenance.tsp_verify import check_answer, check_chain, check_token

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

FOLDER = "timestamps"
TIMEOUT = 30
_NAME = re.compile(r"(\d{12}-[0-9a-f]{16})-([0-9a-f]{16})\.(tsq|tsr)")


@dataclass(frozen=True)
class Stamp:
    """A time-stamp that was checked.

    Parameters
    ----------
    size
        Number of records under its checkpoint.
    note
        Name of the checkpoint's file, without its ending.
    token
        The token.
    sha256
        SHA-256 of the response, hex.
    signer
        SHA-256 of the time-stamper's certificate, hex.
    trusted
        True if its certificate leads to one of the given roots.
    """

    size: int
    note: str
    token: Token
    sha256: str
    signer: str
    trusted: bool


def note_stem(size: int, data: bytes) -> str:
    """Return the name of a checkpoint's file, without its ending."""
    return f"{size:012d}-{hashlib.sha256(data).hexdigest()[:16]}"


def notes(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return the stored checkpoints: name of the file without its ending, to size and bytes."""
    return {note_stem(size, data): (size, data) for size, data in Ledger(folder).checkpoints()}


def ask(folder: Path, policy: str | None = None) -> tuple[str, bytes]:
    """Make a request over the newest checkpoint.

    Parameters
    ----------
    folder
        The ledger's folder, verified by the caller.
    policy
        OID of a policy that the time-stamper is to follow.

    Returns
    -------
    tuple
        The checkpoint's name, and the request's DER bytes.

    Raises
    ------
    UsageError
        LED-044 without a checkpoint, with records behind the newest one, or for a policy that is no OID.
    """
    ledger = Ledger(folder)
    data = ledger.latest_checkpoint()
    stored = ledger.checkpoints()
    if data is None:
        raise UsageError("LED-044", reason="no checkpoint is stored: run 'curator ledger checkpoint' first")
    size = stored[-1][0]
    if size != ledger.size():
        raise UsageError(
            "LED-044", reason="records stand behind the newest checkpoint: run 'curator ledger checkpoint' first"
        )
    try:
        return note_stem(size, data), make_request(data, policy)
    except ValueError:
        raise UsageError("LED-044", reason="the policy is not an object identifier") from None


def _put(folder: Path, note: str, data: bytes, ending: str) -> None:
    make_folder(folder / FOLDER)
    put_if_absent(folder / FOLDER / f"{note}-{hashlib.sha256(data).hexdigest()[:16]}.{ending}", data)


def keep_request(folder: Path, note: str, request: bytes) -> None:
    """Store a request, so that the answer to it is known when it comes."""
    _put(folder, note, request, "tsq")


def fetch(url: str, request: bytes, timeout: float = TIMEOUT) -> bytes:
    """Send a request to a time-stamper (RFC 3161, section 3.4).

    Parameters
    ----------
    url
        With ``http`` or ``https``; no user name. Redirections are not followed.
    request
        DER.
    timeout
        Seconds without an answer.

    Returns
    -------
    bytes
        The response, not looked into.

    Raises
    ------
    UsageError
        LED-044 for another kind of URL.
    CheckError
        LED-043 when there is no answer.
    IntegrityError
        LED-040 for one that is too long.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import (
        HTTPDefaultErrorHandler,
        HTTPErrorProcessor,
        HTTPHandler,
        HTTPSHandler,
        OpenerDirector,
        ProxyHandler,
    )
    from urllib.request import Request as WebRequest

    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        fine = False
    if not fine:
        raise UsageError("LED-044", reason="the time-stamper's address must be an http or https URL without user name")
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
        opener.add_handler(handler)
    asked = WebRequest(url, data=request, method="POST")  # noqa: S310 - the scheme was checked
    asked.add_header("Content-Type", "application/timestamp-query")
    asked.add_header("Accept", "application/timestamp-reply")
    try:
        with opener.open(asked, timeout=timeout) as answer:
            data: bytes = answer.read(MAX_RESPONSE + 1)
    except HTTPError as error:
        error.close()
        raise CheckError("LED-043", reason=f"its server answered with status {error.code}") from None
    except (URLError, HTTPException, OSError, ValueError):
        raise CheckError("LED-043", reason="its server could not be reached or broke off") from None
    if len(data) > MAX_RESPONSE:
        raise IntegrityError("LED-040", reason="the response is too long")
    if not data.startswith(b"\x30"):  # a sequence in DER; a page of some gateway is no altered time-stamp
        raise CheckError("LED-043", reason="its server answered with something that is no time-stamp")
    return data


def take(folder: Path, response: bytes, request: bytes | None = None, roots: Sequence[Certificate] = ()) -> Stamp:
    """Take a response in: check it, find the checkpoint and the request that it answers, store it beside them.

    Parameters
    ----------
    folder
        The ledger's folder.
    response
        DER, as the time-stamper gave it.
    request
        The request, DER; None to find it among those stored.
    roots
        Certificates to trust; without any, the time-stamper's own certificate is not judged.

    Returns
    -------
    Stamp
        As stored.

    Raises
    ------
    IntegrityError
        LED-040, LED-041; then nothing is stored.
    CheckError
        LED-042, LED-043; then nothing is stored.
    """
    token = parse_response(response)
    known = notes(folder)
    fitting = [name for name, (_, data) in known.items() if _imprint_of(token, data)]
    if not fitting:
        raise IntegrityError("LED-041", reason="it stamps no checkpoint that is stored here")
    note = fitting[0]
    if request is None:
        _answered(token, [data for name, ending, data in stored(folder) if (name, ending) == (note, "tsq")])
    else:
        check_answer(token, parse_request(request))
    made = _stamp(note, *known[note], response, token, roots)
    if roots and not made.trusted:
        signer = check_token(token, known[note][1], roots)
        check_chain(token, signer, roots)
    if request is not None:
        keep_request(folder, note, request)
    _put(folder, note, response, "tsr")
    return made


def _imprint_of(token: Token, data: bytes) -> bool:
    return hashlib.new(token.algorithm, data).digest() == token.imprint


def _answered(token: Token, requests: Sequence[bytes]) -> Request:
    """Return the request that a token answers (LED-041 when it is none of these)."""
    for data in requests:
        asked = parse_request(data)
        try:
            check_answer(token, asked)
        except IntegrityError:
            continue
        return asked
    raise IntegrityError("LED-041", reason="it answers no request that is stored beside it")


def _stamp(note: str, size: int, data: bytes, response: bytes, token: Token, roots: Sequence[Certificate]) -> Stamp:
    from cryptography.hazmat.primitives.serialization import Encoding

    signer = check_token(token, data, roots)
    trusted = False
    if roots:
        try:
            check_chain(token, signer, roots)
            trusted = True
        except CheckError:
            trusted = False
    named = hashlib.sha256(signer.public_bytes(Encoding.DER)).hexdigest()
    return Stamp(size, note, token, hashlib.sha256(response).hexdigest(), named, trusted)


def stored(folder: Path) -> list[tuple[str, str, bytes]]:
    """Return the files of ``timestamps/``: the checkpoint's name, the ending, the bytes.

    Raises
    ------
    IntegrityError
        LED-040 for a file that does not belong there or is not named by its content.
    """
    where = folder / FOLDER
    if not where.is_dir():
        return []
    found = []
    for name in sorted(os.listdir(where)):
        if name.startswith("."):
            continue
        match = _NAME.fullmatch(name)
        data = b""
        # Only a regular file: to open a named pipe would wait for ever.
        if match is not None and (where / name).is_file():
            with translated(), (where / name).open("rb") as stream:
                data = stream.read(MAX_RESPONSE + 1)
        if match is None or hashlib.sha256(data).hexdigest()[:16] != match[2]:
            raise IntegrityError("LED-040", reason="its file is not named by its content")
        found.append((match[1], match[3], data))
    return found


def stamps(folder: Path, roots: Sequence[Certificate] = ()) -> tuple[list[Stamp], CuratorError | None]:
    """Check every stored time-stamp against its checkpoint and its request.

    Parameters
    ----------
    folder
        The ledger's folder; the caller has verified its checkpoints.
    roots
        Certificates to trust.

    Returns
    -------
    tuple
        Those that are sound, by size; and the first error, if any is not, or leads to none of the given roots.
    """
    made: list[Stamp] = []
    first: CuratorError | None = None
    try:
        known, files = notes(folder), stored(folder)
    except CuratorError as error:
        return [], error
    for note, ending, data in files:
        if ending == "tsq":
            continue
        try:
            if note not in known:
                raise IntegrityError("LED-041", reason="the checkpoint that it stamps is not stored")
            token = parse_response(data)
            one = _stamp(note, *known[note], data, token, roots)
            _answered(token, [asked for name, kind, asked in files if (name, kind) == (note, "tsq")])
            made.append(one)
            if roots and not one.trusted:
                reason = "its certificate leads to none of the trusted ones by a chain that was valid at that time"
                raise CheckError("LED-042", reason=reason)
        except CuratorError as error:
            if first is None or (first.kind, error.kind) == ("check", "integrity"):
                first = error
    return sorted(made, key=lambda one: (one.size, one.token.at)), first
