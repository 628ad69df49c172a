"""Write a protocol whole or not at all, sign it, and verify one.

``protocol.json`` and ``protocol.html`` stand for reading; ``protocol.dsse.json`` is a DSSE envelope of an in-toto
Statement that names both by SHA-256 and says who signed, when, and with what meaning. ``protocol.pae``,
``protocol.sig`` and ``signer.pem`` let openssl check the signature alone.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated, write_whole
from curator.core.schema import violation
from curator.provenance.records import STATEMENT
from curator.validation.page import page
from curator.validation.protocol import SCHEMA, consistent

if TYPE_CHECKING:
    from curator.provenance.keys import Signer

PREDICATE = "urn:curator:predicate:validation-protocol:v1"
READABLE, TWIN, ENVELOPE = "protocol.json", "protocol.html", "protocol.dsse.json"
SIGNED_BYTES, SIGNATURE, PUBLIC = "protocol.pae", "protocol.sig", "signer.pem"
MOST = 1 << 22


@dataclass(frozen=True)
class Checked:
    """A protocol that was verified: its document, the id of the key that signed it, and whether that key was given."""

    document: dict[str, Any]
    key_id: str
    held: bool


def check_target(folder: Path) -> None:
    """Refuse a folder that a protocol cannot become, before any check is run.

    Raises
    ------
    UsageError
        VAL-004 when it is there and not empty, or no folder can be made there.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UsageError("VAL-004")
    if not folder.absolute().parent.is_dir():
        raise UsageError("VAL-004")


def write_protocol(folder: Path, document: dict[str, Any], signer: Signer | None) -> None:
    """Write a protocol into a new or empty folder, all files or none.

    Parameters
    ----------
    folder
        Where; its parent must exist.
    document
        From :func:`curator.validation.protocol.document`.
    signer
        Whose key signs; None leaves it unsigned, as the document then says itself.

    Raises
    ------
    UsageError
        VAL-004 as :func:`check_target`.
    CheckError
        SYS-001, SYS-002 when it cannot be written.
    """
    check_target(folder)
    place = violation(SCHEMA, document)
    if place is not None or (document["signature"] is None) != (signer is None):
        raise ValueError("a protocol follows its schema and says whether it is signed")
    folder = folder.absolute()
    temp = folder.parent / f"{TEMP_PREFIX}{secrets.token_hex(8)}"
    try:
        make_folder(temp)
        for name, data in _files(document, signer).items():
            write_whole(temp / name, data, flush_folder=False)
        with translated():
            sync_folder(temp)
            # A rename over an empty folder takes its place in one step; anything in it is refused by the system.
            os.rename(temp, folder)
            sync_folder(folder.parent)
    finally:
        shutil.rmtree(temp, ignore_errors=True)


def _files(document: dict[str, Any], signer: Signer | None) -> dict[str, bytes]:
    made = {READABLE: canonical_bytes(document), TWIN: page(document)}
    if signer is None:
        return made
    from curator.provenance.dsse import pae, parse_envelope, sign_envelope
    from curator.provenance.keys import public_pem

    envelope = sign_envelope(canonical_bytes(_statement(document, made)), [signer])
    parsed = parse_envelope(envelope)
    return made | {
        ENVELOPE: envelope,
        SIGNED_BYTES: pae(parsed.payload_type, parsed.payload),
        SIGNATURE: parsed.signatures[0][1],
        PUBLIC: public_pem(signer.public),
    }


def _statement(document: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    subject = [
        {"name": name, "digest": {"sha256": hashlib.sha256(files[name]).hexdigest()}} for name in (READABLE, TWIN)
    ]
    predicate = {"format": 1, "result": document["result"], "complete": document["complete"], **document["signature"]}
    return {"_type": STATEMENT, "subject": subject, "predicateType": PREDICATE, "predicate": predicate}


def read_protocol(folder: Path, key: bytes | None = None) -> Checked:
    """Verify a protocol: every file is the one that was signed, by the key that it names.

    Parameters
    ----------
    folder
        The protocol's folder.
    key
        The signer's raw public key, held elsewhere; without it the key is taken from the folder, which shows a change
        of the files but not an exchange of all of them.

    Returns
    -------
    Checked
        The protocol, verified.

    Raises
    ------
    UsageError
        VAL-005 when there is no protocol, SYS-007 for one of a later format.
    CheckError
        VAL-012 for an unsigned one, of which nothing can be verified.
    IntegrityError
        VAL-020 when a file is not the one that was signed, VAL-021 for another signer than the key that was given,
        LED-006, LED-012 for a bad signature.
    """
    if not (folder / READABLE).is_file():
        raise UsageError("VAL-005")
    files = {name: _read(folder / name) for name in (READABLE, TWIN)}
    document = _document(files[READABLE])
    if document["signature"] is None:
        if any((folder / name).exists() for name in (ENVELOPE, SIGNED_BYTES, SIGNATURE, PUBLIC)):
            raise IntegrityError("VAL-020")
        raise CheckError("VAL-012")
    from curator.provenance.dsse import open_envelope, pae, parse_envelope
    from curator.provenance.keys import key_id, parse_public, public_pem

    envelope = _read(folder / ENVELOPE)
    try:
        public = parse_public(_read(folder / PUBLIC)) if key is None else key
    except UsageError:
        raise IntegrityError("VAL-020") from None
    if document["signature"]["keyId"] != key_id(public):
        raise IntegrityError("VAL-021")
    opened = open_envelope(envelope, {key_id(public): public})
    parsed = parse_envelope(envelope)
    sides = {
        SIGNED_BYTES: pae(parsed.payload_type, parsed.payload),
        SIGNATURE: parsed.signatures[0][1],
        PUBLIC: public_pem(public),
    }
    same = opened.payload == canonical_bytes(_statement(document, files)) and len(parsed.signatures) == 1
    if not same or any(_read(folder / name) != data for name, data in sides.items()):
        raise IntegrityError("VAL-020")
    return Checked(document, key_id(public), held=key is not None)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
    except OSError:
        raise IntegrityError("VAL-020") from None
    if len(data) > MOST:
        raise IntegrityError("VAL-020")
    return data


def _document(data: bytes) -> dict[str, Any]:
    try:
        made: Any = strict_loads(data)
        fine = isinstance(made, dict) and canonical_bytes(made) == data
    except CuratorError:
        fine = False
    if not fine:
        raise IntegrityError("VAL-020")
    stated = made.get("format")
    if type(stated) is int and stated > 1:
        raise UsageError("SYS-007", found=stated, known=1)
    if violation(SCHEMA, made) is not None or not consistent(made):
        raise IntegrityError("VAL-020")
    document: dict[str, Any] = made
    return document
