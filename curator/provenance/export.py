"""Write records so that tools that are not ours can verify them: one file an envelope, and what openssl needs.

For record 17, ``00000017.dsse.json`` is the envelope, ``.payload.json`` the statement, ``.pae`` the very bytes that
were signed and ``.sig`` the 64 bytes of the signature. ``keys/`` holds the public keys as PEM, ``checkpoint.note`` the
newest checkpoint, ``checkpoint.txt`` its signed text and one ``checkpoint.<n>.sig`` a signature.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from curator.core.errors import UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated, write_whole
from curator.provenance.dsse import pae, parse_envelope
from curator.provenance.keys import key_id, public_pem
from curator.provenance.ledger import Ledger, person_name
from curator.provenance.note import key_hash, parse_note, vkey
from curator.provenance.verify import LedgerReport

README = """\
Records of a curator ledger, for other tools.

One record, with OpenSSL 3:
  openssl pkeyutl -verify -pubin -inkey keys/KEYID.pem -rawin -in records/00000000.pae -sigfile records/00000000.sig
  (KEYID is the keyid in records/00000000.dsse.json; keys/names.txt says whose it is.)

The newest checkpoint (a C2SP signed note), with OpenSSL 3:
  openssl pkeyutl -verify -pubin -inkey checkpoint.1.pem -rawin -in checkpoint.txt -sigfile checkpoint.1.sig

KEYID again from a key:
  openssl pkey -pubin -in keys/KEYID.pem -outform DER | sha256sum

leaves.txt holds the leaf hash of every record, hex, in order: SHA-256 of 0x00 and the bytes of the envelope. The root
in checkpoint.txt is the Merkle tree hash of RFC 9162 over them.
"""


def export_dsse(ledger: Ledger, report: LedgerReport, folder: Path, advance: Callable[[int], None]) -> int:
    """Write all records, keys and the newest checkpoint of a verified ledger into a new or empty folder, whole or not.

    A new folder gets its name in one step, when all is written. Into one that stands there, such as the root of a
    medium, all is moved from within; README.txt comes last. When the disk is full nothing is left.

    Parameters
    ----------
    ledger
        The ledger.
    report
        Its verification, without an error.
    folder
        Where to write.
    advance
        Called with the number of records written.

    Returns
    -------
    int
        How many records were written.

    Raises
    ------
    UsageError
        LED-025 when the folder is not empty, or no folder.
    CheckError
        SYS-001, SYS-002 when it cannot be written.
    """
    with translated():
        there = os.path.lexists(folder)
        if there and (not folder.is_dir() or any(not one.startswith(TEMP_PREFIX) for one in os.listdir(folder))):
            raise UsageError("LED-025")
    temp = (folder if there else folder.absolute().parent) / f"{TEMP_PREFIX}{secrets.token_hex(8)}"
    try:
        count = _write(ledger, report, temp, advance)
        with translated():
            for part in (temp / "records", temp / "keys", temp):
                sync_folder(part)
            if there:
                _move(temp, folder)
            else:
                os.rename(temp, folder)
            sync_folder(temp.parent)
    finally:
        shutil.rmtree(temp, ignore_errors=True)
    return count


def _move(temp: Path, folder: Path) -> None:
    """Move what was written into the folder above it, the file that is to be read first last."""
    for name in sorted(os.listdir(temp), key=lambda name: (name == "README.txt", name)):
        os.rename(temp / name, folder / name)


def _write(ledger: Ledger, report: LedgerReport, folder: Path, advance: Callable[[int], None]) -> int:
    for part in (folder / "records", folder / "keys"):
        make_folder(part)
    leaves = []
    for entry in ledger.entries():
        if entry.index >= report.size:
            break
        if entry.purged:
            leaves.append(entry.leaf.hex() + "\n")
            continue
        envelope = parse_envelope(entry.envelope)
        base = folder / "records" / f"{entry.index:08d}"
        _put(base, ".dsse.json", entry.envelope)
        _put(base, ".payload.json", envelope.payload)
        _put(base, ".pae", pae(envelope.payload_type, envelope.payload))
        _put(base, ".sig", envelope.signatures[0][1])
        leaves.append(entry.leaf.hex() + "\n")
        advance(1)
    write_whole(folder / "leaves.txt", "".join(leaves).encode())
    _keys(report, folder)
    _checkpoint(ledger, report, folder)
    write_whole(folder / "README.txt", README.encode())
    return len(leaves)


def _put(base: Path, ending: str, data: bytes) -> None:
    write_whole(base.with_name(base.name + ending), data, flush_folder=False)


def _keys(report: LedgerReport, folder: Path) -> None:
    state = report.state
    names = {key_id(one.public): ("operator", one.public) for one in state.operators}
    for name, person in state.keys.items():
        names[name] = (person.id, person.public)
    for name, (_, public) in names.items():
        write_whole(folder / "keys" / f"{name}.pem", public_pem(public))
    listed = "".join(f"{name} {whose}\n" for name, (whose, _) in names.items())
    write_whole(folder / "keys" / "names.txt", listed.encode())


def _checkpoint(ledger: Ledger, report: LedgerReport, folder: Path) -> None:
    data = ledger.latest_checkpoint()
    if data is None:
        return
    note = parse_note(data)
    known = [(report.origin, one) for one in sorted(report.state.operator_keys())]
    known += [(person_name(report.origin, one.id), one.public) for one in report.state.keys.values()]
    public_of = {(name, key_hash(name, public)): public for name, public in known}
    write_whole(folder / "checkpoint.note", data)
    write_whole(folder / "checkpoint.txt", note.text.encode())
    verifiers = []
    for number, signature in enumerate(note.signatures, 1):
        public = public_of.get((signature.name, signature.key_hash))
        if public is not None:
            write_whole(folder / f"checkpoint.{number}.sig", signature.signature)
            write_whole(folder / f"checkpoint.{number}.pem", public_pem(public))
            verifiers.append(vkey(signature.name, public) + "\n")
    write_whole(folder / "checkpoint.vkeys", "".join(verifiers).encode())
