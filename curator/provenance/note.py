"""Signed notes and checkpoints as C2SP specifies them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

A checkpoint is a note of three lines: the ledger's origin, the number of records, the root of the tree in base64.
This module never decides which key may sign what: the caller brings the keys.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curator.core.errors import IntegrityError
from curator.provenance.curves import KEY_BYTES, P256, algorithm_of, from_spki, spki
from curator.provenance.keys import Signer, decode64, encode64, verify

#: Signature types (c2sp.org/signed-note, section "Signature types").
ED25519 = b"\x01"
ECDSA = b"\x02"
MAX_NOTE_BYTES = 1 << 16
MAX_SIGNATURES = 100
ID_BYTES = 4
ROOT_BYTES = 32
DASH = "\u2014 "
#: Control characters but newline, of which a note holds none.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: the key's name, the first 4 bytes of its hash, the signature's bytes."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A parsed note: the text that was signed (it ends in a newline) and its signatures, none of them verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says: origin of the ledger, number of records, root hash."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text."""
        return f"{self.origin}\n{self.size}\n{encode64(self.root)}\n"


def key_hash(name: str, public: bytes) -> bytes:
    """Return the 4-byte key ID of a raw public key under a name (c2sp.org/signed-note).

    For ECDSA it is the start of the SHA-256 of the DER SubjectPublicKeyInfo alone; the name plays no part in it.
    """
    if algorithm_of(public) == P256:
        return hashlib.sha256(spki(public)).digest()[:ID_BYTES]
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID_BYTES]


def vkey(name: str, public: bytes) -> str:
    """Write a verifier key: ``<name>+<key ID in hex>+<base64 of type and key>`` (for ECDSA, of its DER document)."""
    body = ECDSA + spki(public) if algorithm_of(public) == P256 else ED25519 + public
    return f"{name}+{key_hash(name, public).hex()}+{encode64(body)}"


def _usable_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(mark.isspace() for mark in name)


def parse_vkey(text: str) -> tuple[str, bytes]:
    """Read a verifier key.

    Returns
    -------
    tuple
        The key's name and its raw public key.

    Raises
    ------
    ValueError
        For a malformed key, or one whose hash does not match.
    """
    name, stated, body = text.split("+", 2)
    raw = decode64(body)
    if not _usable_name(name):
        raise ValueError("not a key name")
    if raw[:1] == ED25519 and len(raw) == KEY_BYTES + 1:
        public = raw[1:]
    elif raw[:1] == ECDSA:
        public = from_spki(raw[1:])
    else:
        raise ValueError("neither an Ed25519 nor a P-256 verifier key")
    if key_hash(name, public).hex() != stated:
        raise ValueError("the key does not match its hash")
    return name, public


def sign_note(text: str, signers: Sequence[tuple[str, Signer]]) -> bytes:
    """Sign a text with one or more named keys.

    Parameters
    ----------
    text
        Ends in a newline; no control character but newline.
    signers
        Pairs of key name and signer, in the order of the lines to write.

    Returns
    -------
    bytes
        The note: text, blank line, one line a signature.

    Raises
    ------
    ValueError
        For a text or a name that a note cannot hold.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise ValueError("a note's text ends in a newline and holds no control character")
    lines = []
    for name, signer in signers:
        if not _usable_name(name):
            raise ValueError("a key name holds no space and no plus sign")
        lines.append(f"{DASH}{name} {encode64(key_hash(name, signer.public) + signer.sign(text.encode()))}\n")
    return (text + "\n" + "".join(lines)).encode()


def parse_note(data: bytes) -> Note:
    """Take a note apart, without verifying any signature.

    Raises
    ------
    IntegrityError
        LED-011 for bytes that are not a well-formed note.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise IntegrityError("LED-011", reason="it is too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise IntegrityError("LED-011", reason="it is not UTF-8") from None
    if _CONTROL.search(whole):
        raise IntegrityError("LED-011", reason="it holds a control character")
    text, gap, block = whole.rpartition("\n\n")
    if not gap or not text or not block.endswith("\n"):
        raise IntegrityError("LED-011", reason="it has no signature block")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise IntegrityError("LED-011", reason="it has too many signatures")
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> NoteSignature:
    name, _, body = line.removeprefix(DASH).partition(" ")
    try:
        raw = decode64(body)
    except ValueError:
        raw = b""
    if not line.startswith(DASH) or not _usable_name(name) or len(raw) <= ID_BYTES:
        raise IntegrityError("LED-011", reason="a signature line is malformed")
    return NoteSignature(name, raw[:ID_BYTES], raw[ID_BYTES:])


def verified(note: Note, keys: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """Verify a note with known keys. Signatures by other keys are ignored, as c2sp.org/signed-note says.

    Parameters
    ----------
    note
        The parsed note.
    keys
        Pairs of key name and raw public key.

    Returns
    -------
    tuple
        The names whose signature verified, in the order of the lines.

    Raises
    ------
    IntegrityError
        LED-006 when a known key's signature is wrong, LED-012 when no known key signed.
    """
    known = {(name, key_hash(name, public)): public for name, public in keys}
    names: list[str] = []
    for entry in note.signatures:
        public = known.get((entry.name, entry.key_hash))
        if public is None or entry.name in names:
            continue
        if not verify(public, entry.signature, note.text.encode()):
            raise IntegrityError("LED-006")
        names.append(entry.name)
    if not names:
        raise IntegrityError("LED-012")
    return tuple(names)


def parse_checkpoint(note: Note) -> Checkpoint:
    """Read a note's text as a checkpoint; lines after the third (extensions) are kept in the note and ignored here.

    Raises
    ------
    IntegrityError
        LED-011 for a text that is no checkpoint.
    """
    lines = note.text.split("\n")
    try:
        origin, count, encoded = lines[:3]
        made = Checkpoint(origin, int(count), decode64(encoded))
        fine = (
            bool(origin)
            and str(made.size) == count
            and made.size >= 0
            and len(made.root) == hashlib.sha256().digest_size
        )
    except ValueError:
        fine = False
    if not fine:
        raise IntegrityError("LED-011", reason="its first three lines are not origin, size and root")
    return made
