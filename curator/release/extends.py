"""Hold two packages' ledgers against each other: the later one must only add to the earlier one.

Reads leaf hashes, checkpoint and signed statement of each package, and no sample. Both must be the same operator's, by
a key that the caller holds. Where they fork, the first record that differs is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import IntegrityError, UsageError
from curator.provenance.hashtree import HashTree
from curator.provenance.keys import parse_public
from curator.provenance.note import MAX_NOTE_BYTES, Checkpoint
from curator.provenance.proofs import ConsistencyProof, signed_checkpoint
from curator.release import layout
from curator.release.statement import MAX_BYTES, read_statement
from curator.release.tree import content_of

_LINE = 65
_DIGITS = frozenset(b"0123456789abcdef")


@dataclass(frozen=True)
class PackageLedger:
    """A package's leaf hashes, its checkpoint as stored, and what that says."""

    tree: HashTree
    checkpoint: bytes
    said: Checkpoint
    version: str


def checkpoint_of(folder: Path) -> bytes:
    """Return a package's checkpoint as stored (REL-033 for no folder, REL-020 for no checkpoint)."""
    if not folder.is_dir():
        raise UsageError("REL-033")
    return _need(folder, layout.CHECKPOINT, MAX_NOTE_BYTES)


def _need(folder: Path, name: str, limit: int) -> bytes:
    data = content_of(folder / name, limit)
    if data is None:
        raise IntegrityError("REL-020", name=name)
    return data


def _inside(folder: Path) -> bytes:
    try:
        return parse_public(_need(folder, layout.OPERATOR_PEM, MAX_BYTES))
    except UsageError:
        raise IntegrityError("REL-029", name=layout.OPERATOR_PEM, why="it is no public key") from None


def _leaves(folder: Path, size: int) -> HashTree:
    """Read the leaf hashes, exactly as many as the checkpoint is over."""
    data = _need(folder, layout.LEAVES, _LINE * size)
    rows = [data[at : at + _LINE] for at in range(0, len(data), _LINE)]
    for number, row in enumerate(rows):
        if len(row) != _LINE or row[-1:] != b"\n" or not _DIGITS.issuperset(row[:-1]):
            raise IntegrityError("REL-027", index=number, why="its leaf hash is malformed")
    if len(rows) != size:
        raise IntegrityError("REL-028", what="the leaf hashes do not give the root that the checkpoint signs")
    return HashTree(bytes.fromhex(row[:-1].decode("ascii")) for row in rows)


def package_ledger(folder: Path, operator: bytes) -> PackageLedger:
    """Read a package's ledger: checkpoint, leaf hashes under it, and the signed statement that names their root.

    Parameters
    ----------
    folder
        The package.
    operator
        The operator's raw public key.

    Raises
    ------
    UsageError
        REL-033 when there is no such folder.
    IntegrityError
        REL-020, REL-025 to REL-029 for a broken package, REL-031 for another operator's, LED-006 to LED-012 for its
        checkpoint.
    """
    checkpoint = checkpoint_of(folder)
    if _inside(folder) != operator:
        raise IntegrityError("REL-031")
    said = signed_checkpoint(checkpoint, operator)
    tree = _leaves(folder, said.size)
    if tree.root() != said.root:
        raise IntegrityError("REL-028", what="the leaf hashes do not give the root that the checkpoint signs")
    stated = read_statement(_need(folder, layout.SIGNATURE, MAX_BYTES), operator).predicate
    if stated.get("ledger") != {"size": said.size, "root": said.root.hex()}:
        raise IntegrityError("REL-028", what="the signed statement names another state of the ledger")
    return PackageLedger(tree, checkpoint, said, str(stated["version"]))


def extend(old: PackageLedger, new: PackageLedger) -> ConsistencyProof:
    """Prove that one package's ledger extends the other's.

    Raises
    ------
    IntegrityError
        LED-054 with the first record that differs, LED-055 when the newer one has fewer records but no other, LED-015
        for ledgers of different datasets.
    """
    shared = range(min(old.tree.size, new.tree.size))
    fork = next((at for at in shared if old.tree.leaf(at) != new.tree.leaf(at)), None)
    if old.said.origin.rpartition("/")[0] != new.said.origin.rpartition("/")[0]:
        raise IntegrityError("LED-015")
    if fork is not None:
        raise IntegrityError("LED-054", index=fork)
    if new.tree.size < old.tree.size:
        raise IntegrityError("LED-055", old=old.tree.size, new=new.tree.size)
    return ConsistencyProof(old.tree.size, tuple(new.tree.consistency(old.tree.size)), new.checkpoint)


def package_proof(old: Path, new: Path, operator: bytes) -> ConsistencyProof:
    """Prove that the package ``new`` extends a package or a checkpoint's file (errors as the functions above).

    Raises
    ------
    IntegrityError
        LED-013 when the records are not those of a checkpoint that was given as a file.
    UsageError
        LED-059 when that file cannot be read.
    """
    later = package_ledger(new, operator)
    if old.is_dir():
        return extend(package_ledger(old, operator), later)
    try:
        with old.open("rb") as stream:
            held = signed_checkpoint(stream.read(MAX_NOTE_BYTES + 1), operator)
    except OSError:
        raise UsageError("LED-059") from None
    if held.origin != later.said.origin:
        raise IntegrityError("LED-015")
    if held.size > later.tree.size:
        raise IntegrityError("LED-055", old=held.size, new=later.tree.size)
    if held.size == 0 or later.tree.root(held.size) != held.root:
        raise IntegrityError("LED-013", size=held.size)
    return ConsistencyProof(held.size, tuple(later.tree.consistency(held.size)), later.checkpoint)


@dataclass(frozen=True)
class Extended:
    """That a package extends another: the earlier one's version, its number of records, how many were added."""

    version: str
    records: int
    added: int

    @property
    def line(self) -> str:
        """The line of a report."""
        return (
            f"PASS  extends {self.version}: its {self.records:,} records stand first and unchanged, "
            f"{self.added:,} were added (samples of {self.version} were not read)"
        )


def extending(new: Path, old: Path, operator: bytes | None) -> Extended:
    """Hold a verified package against an earlier one of the same operator.

    Parameters
    ----------
    new
        The package, which was verified.
    old
        The earlier package.
    operator
        The operator's raw public key, held by the caller; None takes the one inside ``new``.

    Raises
    ------
    IntegrityError
        As :func:`package_ledger` and :func:`extend`.
    """
    key = operator if operator is not None else _inside(new)
    earlier, later = package_ledger(old, key), package_ledger(new, key)
    proof = extend(earlier, later)
    return Extended(earlier.version, proof.old, later.tree.size - proof.old)
