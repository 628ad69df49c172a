"""All hashes of a Merkle tree in memory, so that each further proof costs only the logarithm of its size.

A ledger of 1,000,000 records takes 64 MB here. Proofs are RFC 9162's (section 2.1), for a tree over any number of the
first leaves. Level 8 L of this tree is level L of C2SP's tiles. Knows nothing of records, files or signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from curator.provenance.merkle import EMPTY_ROOT, HASH_BYTES, node_hash


class HashTree:
    """Leaf hashes, and above them the root of each perfect subtree.

    Parameters
    ----------
    leaves
        Leaf hashes, 32 bytes each, in order.
    """

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [bytearray().join(leaves)]
        if len(self._levels[0]) % HASH_BYTES:
            raise ValueError("a leaf hash has 32 bytes")
        while len(self._levels[-1]) >= 2 * HASH_BYTES:
            self._levels.append(_above(self._levels[-1]))

    @property
    def size(self) -> int:
        """Number of leaves."""
        return len(self._levels[0]) // HASH_BYTES

    def node(self, level: int, index: int) -> bytes:
        """Return the root of a perfect subtree of 2**level leaves, the index-th from the left.

        Raises
        ------
        ValueError
            When the tree does not hold it whole.
        """
        stored = self._levels[level] if 0 <= level < len(self._levels) else b""
        at = index * HASH_BYTES
        if index < 0 or at + HASH_BYTES > len(stored):
            raise ValueError("the subtree is not whole")
        return bytes(stored[at : at + HASH_BYTES])

    def row(self, level: int, first: int, count: int) -> bytes:
        """Return the roots of neighboring perfect subtrees, one after the other (errors as :meth:`node`)."""
        if count < 1 or first < 0:
            raise ValueError("a row has at least one hash")
        self.node(level, first + count - 1)
        return bytes(self._levels[level][first * HASH_BYTES : (first + count) * HASH_BYTES])

    def leaf(self, index: int) -> bytes:
        """Return one leaf hash (errors as :meth:`node`)."""
        return self.node(0, index)

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first leaves, or over all (RFC 9162, section 2.1.1).

        Raises
        ------
        ValueError
            For more leaves than there are.
        """
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError("the tree has fewer leaves")
        return self._range(0, size) if size else EMPTY_ROOT

    def _range(self, first: int, end: int) -> bytes:
        """Return the root over some leaves; ``first`` is a multiple of the largest power of two below the count."""
        count = end - first
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self.node(level, first >> level)
        half = _split(count)
        return node_hash(self._range(first, first + half), self._range(first + half, end))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the path from a leaf to the root over the first ``size`` leaves (RFC 9162, section 2.1.3.1).

        Raises
        ------
        ValueError
            For an index outside that tree, or a tree larger than this one.
        """
        size = self.size if size is None else size
        if not 0 <= index < size <= self.size:
            raise ValueError("the index is outside the tree")
        first, end, path = 0, size, []
        while end - first > 1:
            middle = first + _split(end - first)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(first, middle))
                first = middle
        return path[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Prove that the tree over ``size`` leaves extends the one over the first ``old`` (RFC 9162, section 2.1.4.1).

        Raises
        ------
        ValueError
            For sizes outside this tree, or in the wrong order.
        """
        size = self.size if size is None else size
        if not 0 < old <= size <= self.size:
            raise ValueError("the older tree must be inside the newer one")
        first, end, path = 0, size, []
        while end != old:
            middle = first + _split(end - first)
            if old <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(first, middle))
                first = middle
        if first:
            path.append(self._range(first, end))
        return path[::-1]


def _above(row: bytearray) -> bytearray:
    digest = hashlib.sha256
    step = 2 * HASH_BYTES
    view = memoryview(row)
    return bytearray().join(
        digest(b"\x01" + view[at : at + step]).digest() for at in range(0, len(row) - step + 1, step)
    )


def _split(count: int) -> int:
    """Return the largest power of two below a count of at least 2."""
    return 1 << (count - 1).bit_length() - 1
