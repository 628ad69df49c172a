"""The Merkle tree of RFC 6962 and RFC 9162, section 2.1, over leaf hashes.

Knows nothing of records, files or signatures. Everything here is a pure function of hashes, but for
:class:`Frontier`, which grows a tree leaf by leaf in memory that is logarithmic in its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

_sha256 = hashlib.sha256
#: What every hash of two children begins with (RFC 9162, section 2.1.1), hashed once.
_PARENT = hashlib.sha256(b"\x01")
HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash the bytes of one leaf: SHA-256 of 0x00 and the data (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children: SHA-256 of 0x01, left and right (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree that keeps only the roots of its perfect subtrees.

    Parameters
    ----------
    size
        Number of leaves taken so far.
    peaks
        Roots of the perfect subtrees, the largest (leftmost) first; one for each bit set in ``size``.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError("a frontier has one peak for each bit of its size")

    def add(self, leaf: bytes) -> None:
        """Take the next leaf hash."""
        at, peaks = self.size, self.peaks
        while at & 1:
            leaf = _sha256(b"\x01" + peaks.pop() + leaf).digest()
            at >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Take many leaf hashes, in order: the same tree as :meth:`add` gives, a level at a time."""
        nodes, level, spare = list(leaves), 0, []
        while nodes:
            if self.size >> level & 1:
                nodes.insert(0, self.peaks.pop())
            if len(nodes) & 1:
                spare.append(nodes.pop())
            nodes = _parents(nodes)
            level += 1
        self.peaks.extend(reversed(spare))
        self.size += len(leaves)

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self.peaks:
            return EMPTY_ROOT
        *rest, made = self.peaks
        for peak in reversed(rest):
            made = node_hash(peak, made)
        return made

    def copy(self) -> Frontier:
        """Return an independent copy."""
        return Frontier(self.size, self.peaks)


def _parents(nodes: list[bytes]) -> list[bytes]:
    """Return the hashes of an even number of nodes, two by two."""
    begin, made = _PARENT.copy, []
    each = iter(nodes)
    for left, right in zip(each, each, strict=True):
        parent = begin()
        parent.update(left)
        parent.update(right)
        made.append(parent.digest())
    return made


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes in order; for none, the hash of nothing (RFC 9162, section 2.1.1)."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def _split(size: int) -> int:
    """Return the largest power of two below ``size`` (which is at least 2)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the path from one leaf to the root (RFC 9162, section 2.1.3.1).

    Parameters
    ----------
    leaves
        All leaf hashes of the tree.
    index
        Position of the leaf, from 0.

    Raises
    ------
    ValueError
        For an index outside the tree.
    """
    if not 0 <= index < len(leaves):
        raise ValueError("the index is outside the tree")
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*inclusion_proof(leaves[:half], index), root(leaves[half:])]
    return [*inclusion_proof(leaves[half:], index - half), root(leaves[:half])]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Say whether a path proves that a leaf stands at an index of a tree (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, made = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = node_hash(step, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = node_hash(made, step)
        at, last = at >> 1, last >> 1
    return last == 0 and made == expected


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """Prove that the tree over all leaves extends the tree over the first ones (RFC 9162, section 2.1.4.1).

    Parameters
    ----------
    leaves
        All leaf hashes of the newer tree.
    first
        Size of the older tree, at least 1.

    Raises
    ------
    ValueError
        For a size outside the tree.
    """
    if not 0 < first <= len(leaves):
        raise ValueError("the older tree must be inside the newer one")
    return _subproof(leaves, first, whole=True)


def _subproof(leaves: Sequence[bytes], first: int, *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    half = _split(len(leaves))
    if first <= half:
        return [*_subproof(leaves[:half], first, whole=whole), root(leaves[half:])]
    return [*_subproof(leaves[half:], first - half, whole=False), root(leaves[:half])]


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that the newer tree only adds to the older (RFC 9162, section 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    steps = list(proof)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    if not steps:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        at, last = at >> 1, last >> 1
    return last == 0 and older == first_root and newer == second_root
