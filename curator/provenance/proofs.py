"""Proofs that stand alone: a record is in the ledger, a ledger only added to what it was. Written and checked here.

An inclusion proof is a ``.tlog-proof`` file (c2sp.org/tlog-proof). A consistency proof has the form in which a witness
takes it (c2sp.org/tlog-witness, add-checkpoint): ``old N``, hashes, an empty line, the newer checkpoint. Checking
needs no ledger and no network, only a key that was held elsewhere. Nothing here calls a proof good on the word of a
key that came with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.provenance.dsse import IN_TOTO, check_signatures, parse_envelope
from curator.provenance.keys import decode64, encode64, key_id
from curator.provenance.merkle import HASH_BYTES, leaf_hash, verify_consistency, verify_inclusion
from curator.provenance.note import MAX_NOTE_BYTES, Checkpoint, parse_checkpoint, parse_note, verified

HEADER = "c2sp.org/tlog-proof@v1"
#: The most hashes a proof may have (c2sp.org/tlog-witness; 2**63 leaves need no more).
MAX_HASHES = 63
#: The longest proof that is read: a checkpoint, 63 lines of 45 bytes, and extra data.
MAX_PROOF_BYTES = 2 * MAX_NOTE_BYTES
MAX_INDEX = 2**63 - 1


@dataclass(frozen=True)
class LogProof:
    """That a record is in a tree: its index from 0, the path of hashes, and the checkpoint's bytes."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """Write it as a ``.tlog-proof`` file, without extra data."""
        return _join([HEADER, f"index {self.index}"], self.path, self.checkpoint)


@dataclass(frozen=True)
class ConsistencyProof:
    """That a tree extends an older one: the older size, the hashes, and the newer checkpoint's bytes."""

    old: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """Write it in the form of a witness's add-checkpoint request."""
        return _join([f"old {self.old}"], self.path, self.checkpoint)


@dataclass(frozen=True)
class Proven:
    """What a good inclusion proof shows.

    Parameters
    ----------
    checkpoint
        What the operator signed.
    index
        Place of the record, from 0.
    statement
        The record's statement.
    signers
        Key IDs of those signatures of the record itself that verified; empty when no key was given.
    """

    checkpoint: Checkpoint
    index: int
    statement: dict[str, Any]
    signers: tuple[str, ...]


def _join(head: list[str], path: Sequence[bytes], checkpoint: bytes) -> bytes:
    lines = [*head, *(encode64(step) for step in path), "", ""]
    return "\n".join(lines).encode() + checkpoint


def _take_apart(data: bytes) -> tuple[list[str], bytes]:
    """Split a proof into its lines before the first empty line, and the checkpoint."""
    if len(data) > MAX_PROOF_BYTES:
        raise IntegrityError("LED-050", reason="it is too long")
    head, gap, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        lines = []
    if not gap or not lines:
        raise IntegrityError("LED-050", reason="it has no checkpoint behind an empty line")
    return lines, checkpoint


def _number(line: str, word: str) -> int:
    name, _, digits = line.partition(" ")
    if name != word or not digits.isascii() or not digits.isdigit() or len(digits) > 19 or str(int(digits)) != digits:
        raise IntegrityError("LED-050", reason=f"its line '{word}' is missing or malformed")
    if int(digits) > MAX_INDEX:
        raise IntegrityError("LED-050", reason=f"its line '{word}' is missing or malformed")
    return int(digits)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > MAX_HASHES:
        raise IntegrityError("LED-050", reason="it has too many hashes")
    try:
        path = tuple(decode64(line) for line in lines)
    except ValueError:
        path = (b"",)
    if any(len(step) != HASH_BYTES for step in path):
        raise IntegrityError("LED-050", reason="a line is not the base64 of a SHA-256 hash")
    return path


def parse_log_proof(data: bytes) -> LogProof:
    """Read a ``.tlog-proof`` file; extra data are passed over, for nothing vouches for them.

    Raises
    ------
    IntegrityError
        LED-050 for bytes that are no such file.
    """
    lines, checkpoint = _take_apart(data)
    if lines[0] != HEADER:
        raise IntegrityError("LED-050", reason="its first line is not that of a tlog-proof")
    rest = lines[1:]
    if rest and rest[0].startswith("extra "):
        try:
            decode64(rest[0].removeprefix("extra "))
        except ValueError:
            raise IntegrityError("LED-050", reason="its extra data are not base64") from None
        rest = rest[1:]
    index = _number(rest[0] if rest else "", "index")
    return LogProof(index, _hashes(rest[1:]), checkpoint)


def parse_consistency(data: bytes) -> ConsistencyProof:
    """Read a consistency proof (errors as :func:`parse_log_proof`)."""
    lines, checkpoint = _take_apart(data)
    return ConsistencyProof(_number(lines[0], "old"), _hashes(lines[1:]), checkpoint)


def signed_checkpoint(data: bytes, operator: bytes) -> Checkpoint:
    """Read a checkpoint that the operator signed under the ledger's own name.

    Raises
    ------
    IntegrityError
        LED-011 for bytes that are none, LED-006 for a wrong signature, LED-012 when another key signed.
    """
    note = parse_note(data)
    said = parse_checkpoint(note)
    verified(note, [(said.origin, operator)])
    return said


def check_log_proof(
    proof: LogProof, envelope: bytes, operator: bytes, signer_keys: Iterable[bytes] | None = None
) -> Proven:
    """Check that a record stands in the ledger whose checkpoint the operator signed.

    Parameters
    ----------
    proof
        The proof.
    envelope
        The record's bytes.
    operator
        The operator's raw public key, held elsewhere.
    signer_keys
        Raw public keys of the people who may have signed the record. None leaves its own signature unchecked.

    Raises
    ------
    IntegrityError
        LED-051 when the path does not lead to the signed root; LED-006, LED-011, LED-012 for the checkpoint or the
        record's signature; LED-005, LED-007, LED-009 for a record that was not signed for this place and dataset.
    """
    said = signed_checkpoint(proof.checkpoint, operator)
    if not verify_inclusion(leaf_hash(envelope), proof.index, said.size, proof.path, said.root):
        raise IntegrityError("LED-051", index=proof.index, size=said.size)
    parsed = parse_envelope(envelope)
    try:
        if parsed.payload_type != IN_TOTO:
            raise ValueError
        statement = strict_loads(parsed.payload)
        stated, dataset = statement["predicate"]["sequence"], statement["predicate"]["dataset"]
    except (UsageError, ValueError, KeyError, TypeError):
        raise IntegrityError("LED-005", reason="it holds no record of a ledger") from None
    if type(stated) is not int or stated != proof.index:
        number = stated if type(stated) is int else -1
        raise IntegrityError("LED-007", stated=number, index=proof.index)
    if said.origin.split("/")[:2] != ["curator", dataset]:
        raise IntegrityError("LED-009")
    signers: tuple[str, ...] = ()
    if signer_keys is not None:
        signers = check_signatures(parsed, {key_id(public): public for public in signer_keys})
    return Proven(said, proof.index, statement, signers)


def check_consistency(proof: ConsistencyProof, old: bytes, operator: bytes) -> tuple[Checkpoint, Checkpoint]:
    """Check that the records under a newer checkpoint only add to those under an older one.

    Parameters
    ----------
    proof
        The proof, which holds the newer checkpoint.
    old
        The older checkpoint's bytes, as they were held.
    operator
        The operator's raw public key, held elsewhere.

    Returns
    -------
    tuple
        The older and the newer checkpoint.

    Raises
    ------
    IntegrityError
        LED-052 when the hashes do not show it, LED-055 when the newer has fewer records, LED-015 when the two are of
        different ledgers; LED-006, LED-011, LED-012 for a checkpoint.
    """
    older, newer = signed_checkpoint(old, operator), signed_checkpoint(proof.checkpoint, operator)
    if older.origin != newer.origin:
        raise IntegrityError("LED-015")
    if newer.size < older.size:
        raise IntegrityError("LED-055", old=older.size, new=newer.size)
    good = proof.old == older.size and verify_consistency(older.size, newer.size, older.root, newer.root, proof.path)
    if not good:
        raise IntegrityError("LED-052", old=older.size, new=newer.size)
    return older, newer
