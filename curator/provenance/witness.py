"""The witness's side, after c2sp.org/tlog-witness: remember the largest tree seen, refuse any that does not extend it.

Works on files: a request (or a checkpoint and the ledger's folder) comes in, a cosigned checkpoint goes out. The state
is the witness's own file and is written before the cosignature is given away. A witness never vouches for what the
records say, only that none that it saw was changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import translated, write_whole
from curator.provenance.checkpoints import signed_by_operator
from curator.provenance.cosign import check_name, cosign
from curator.provenance.keys import KEY_BYTES, Signer, decode64, encode64
from curator.provenance.ledger import Ledger
from curator.provenance.merkle import HASH_BYTES, Frontier, consistency_proof, verify_consistency
from curator.provenance.note import MAX_NOTE_BYTES, Checkpoint, Note, parse_checkpoint, parse_note, verified

STATE_FORMAT = 1
#: Most lines of a consistency proof (c2sp.org/tlog-witness).
MAX_PROOF = 63
MAX_REQUEST = MAX_NOTE_BYTES + 8192
MAX_STATE = 4096


@dataclass(frozen=True)
class Asked:
    """What a witness is asked: the size that the proof starts from, the proof, the checkpoint's bytes."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes


@dataclass(frozen=True)
class Seen:
    """What a witness remembers of one ledger: origin, size, root, and the operator's raw key."""

    origin: str
    size: int
    root: bytes
    operator: bytes


def make_request(folder: Path, old: int) -> bytes:
    """Write the body of an ``add-checkpoint`` call for the newest checkpoint that the operator signed.

    Parameters
    ----------
    folder
        The ledger's folder, verified by the caller.
    old
        Size that the witness saw last; 0 for none.

    Raises
    ------
    UsageError
        LED-049 when there is no such checkpoint, or the witness saw more.
    """
    ledger = Ledger(folder)
    mine = [(size, data) for size, data in ledger.checkpoints() if signed_by_operator(data)]
    if not mine:
        raise UsageError("LED-049", reason="no checkpoint by the operator is stored: run 'curator ledger checkpoint'")
    size, data = mine[-1]
    if not 0 <= old <= size:
        raise UsageError("LED-049", reason="the witness saw more records than the newest checkpoint holds")
    proof: list[bytes] = []
    if 0 < old < size:
        leaves = []
        for entry in ledger.entries():
            leaves.append(entry.own_leaf())
            if len(leaves) == size:
                break
        proof = consistency_proof(leaves, old)
    lines = [f"old {old}\n", *(encode64(one) + "\n" for one in proof), "\n"]
    return "".join(lines).encode() + data


def parse_request(data: bytes) -> Asked:
    """Read the body of an ``add-checkpoint`` call, or a bare checkpoint (then the proof is empty).

    Raises
    ------
    IntegrityError
        LED-048, LED-011.
    """
    if len(data) > MAX_REQUEST:
        raise IntegrityError("LED-048", reason="it is too long")
    if not data.startswith(b"old "):
        parse_note(data)
        return Asked(0, (), data)
    head, gap, note = data.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        old = int(first.removeprefix("old "))
        proof = tuple(decode64(line) for line in lines)
        fine = first == f"old {old}" and old >= 0 and len(proof) <= MAX_PROOF
        fine = fine and all(len(one) == HASH_BYTES for one in proof) and bool(gap)
    except ValueError:
        fine = False
    if not fine:
        raise IntegrityError("LED-048", reason="it is not the body of an add-checkpoint call")
    parse_note(note)
    return Asked(old, proof, note)


def read_state(path: Path) -> Seen | None:
    """Read what a witness saw last; None when there is no file.

    Raises
    ------
    IntegrityError
        LED-048 for a file that is damaged: then nothing is signed.
    """
    if not path.exists():
        return None
    with translated(), path.open("rb") as stream:
        data = stream.read(MAX_STATE + 1)
    try:
        said = strict_loads(data)
        origin, size = said["origin"], said["size"]
        made = Seen(origin, size, decode64(said["root"]), decode64(said["operatorKey"]))
        fine = said["format"] == STATE_FORMAT and type(size) is int and size > 0 and isinstance(origin, str)
        fine = fine and len(made.root) == HASH_BYTES and len(made.operator) >= KEY_BYTES
    except (UsageError, ValueError, KeyError, TypeError, AttributeError):
        fine = False
    if not fine:
        raise IntegrityError("LED-048", reason="the witness's own file is damaged")
    return made


def _state_bytes(seen: Seen) -> bytes:
    return canonical_bytes(
        {
            "format": STATE_FORMAT,
            "origin": seen.origin,
            "size": seen.size,
            "root": encode64(seen.root),
            "operatorKey": encode64(seen.operator),
        }
    )


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Keep other processes out between the reading and the writing of the state."""
    with translated():
        handle = os.open(state.parent / f".{state.name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with translated():
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def witness(
    asked: Asked,
    state: Path,
    name: str,
    signer: Signer,
    clock: Clock,
    *,
    operator: bytes | None = None,
    folder: Path | None = None,
) -> bytes:
    """Cosign a checkpoint that extends what was seen last, and remember it.

    Parameters
    ----------
    asked
        The request.
    state
        The witness's own file, made the first time.
    name, signer
        The witness's name and key.
    clock
        For the cosignature's time.
    operator
        The operator's raw public key, got by a way that the witness trusts: needed the first time, compared later.
    folder
        The ledger's folder: consistency is then computed from the records themselves, and no proof is needed.

    Returns
    -------
    bytes
        The checkpoint with one more line.

    Raises
    ------
    UsageError
        LED-049 when the operator's key or a proof from the right size is missing.
    IntegrityError
        LED-045 for a history that was rewritten or forked, LED-046 for one that was set back, LED-015 for another
        ledger's, LED-016 for another operator's key, LED-006, LED-012 for its signature.
    """
    check_name(name)
    if len(signer.public) != KEY_BYTES:
        raise UsageError("LED-049", reason="a witness signs with an Ed25519 key")
    note = parse_note(asked.note)
    said = parse_checkpoint(note)
    with _alone(state):
        seen = read_state(state)
        trusted = operator if seen is None else seen.operator
        if trusted is None:
            raise UsageError("LED-049", reason="the first time, the operator's key must be given with --operator-key")
        if operator is not None and trusted != operator:
            raise IntegrityError("LED-016")
        if seen is not None and said.origin != seen.origin:
            raise IntegrityError("LED-015")
        verified(note, [(said.origin, trusted)])
        _check_extends(asked, note, said, seen, folder)
        write_whole(state, _state_bytes(Seen(said.origin, said.size, said.root, trusted)), 0o600)
    return asked.note + cosign(note.text, name, signer, clock.now()).encode()


def _check_extends(asked: Asked, note: Note, said: Checkpoint, seen: Seen | None, folder: Path | None) -> None:
    # Only three lines: a witness says nothing of extensions, so it signs none (c2sp.org/tlog-cosignature).
    if note.text != said.text or said.size == 0:
        raise IntegrityError("LED-048", reason="the checkpoint has more lines than origin, size and root, or no record")
    if seen is not None and said.size < seen.size:
        raise IntegrityError("LED-046", size=said.size, seen=seen.size)
    if folder is not None:
        _check_records(folder, said, seen)
    elif seen is None or said.size == seen.size:
        if seen is not None and said.root != seen.root:
            raise IntegrityError("LED-045", size=said.size, seen=seen.size)
    elif asked.old != seen.size:
        raise UsageError("LED-049", reason=f"a proof from {seen.size} records on is needed, or the ledger's folder")
    elif not verify_consistency(seen.size, said.size, seen.root, said.root, asked.proof):
        raise IntegrityError("LED-045", size=said.size, seen=seen.size)


def _check_records(folder: Path, said: Checkpoint, seen: Seen | None) -> None:
    """Compute both roots from the envelopes in a folder."""
    tree, before = Frontier(), b""
    for entry in Ledger(folder).entries():
        tree.add(entry.own_leaf())
        if seen is not None and tree.size == seen.size:
            before = tree.root()
        if tree.size == said.size:
            break
    if tree.size != said.size:
        raise IntegrityError("LED-014", signed=said.size, size=tree.size)
    if tree.root() != said.root:
        raise IntegrityError("LED-013", size=said.size)
    if seen is not None and before != seen.root:
        raise IntegrityError("LED-045", size=said.size, seen=seen.size)
