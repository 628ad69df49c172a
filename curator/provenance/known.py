"""What is kept of records that passed: a hundred bytes of each label; guidelines, replacements, operators in rows.

Holds values only. What may be kept, the rules decide; whose sum it is, :mod:`curator.provenance.state` says.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from curator.provenance.status import SUPERSEDED

_PACKED = struct.Struct(">16s8sQIB")


class Known(NamedTuple):
    """What is kept of a signed label: start of its leaf hash and of its sample's hash, index, author, marks."""

    leaf: bytes
    sample: bytes
    place: int
    author: int
    status: int = 0

    @property
    def superseded(self) -> bool:
        """True once another label took its place."""
        return bool(self.status & SUPERSEDED)


@dataclass(frozen=True)
class Guideline:
    """A registered guideline version."""

    id: str
    version: str
    name: str
    sha256: str
    index: int


@dataclass(frozen=True)
class Replaced:
    """What a replacement states of one object: new SOP Instance UID, SHA-256 of the file it replaces, leaf hash."""

    uid: str
    sha256: str
    leaf: str


@dataclass(frozen=True)
class Operator:
    """An operator's key: raw public key, index of the record that brought it in, ids of the people who did."""

    public: bytes
    since: int
    by: tuple[str, ...]


def short_hash(text: str, size: int) -> bytes:
    """Return the start of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).digest()[:size]


class Labels:
    """Label ids to packed facts, in two layers, so that a writer can try records and drop them.

    Parameters
    ----------
    base
        What stood before; changed by :meth:`settle` alone.
    """

    def __init__(self, base: dict[bytes, bytes] | None = None) -> None:
        self.base: dict[bytes, bytes] = {} if base is None else base
        self.fresh: dict[bytes, bytes] = {}
        #: The label asked for last and its short hash: a new one is asked for, then put.
        self._last: tuple[str, bytes] = ("", b"")

    def fork(self) -> Labels:
        """Return a copy to try records on, over the same base."""
        made = Labels(self.base)
        made.fresh = dict(self.fresh)
        return made

    def _name(self, label: str) -> bytes:
        if self._last[0] != label:
            self._last = (label, short_hash(label, 16))
        return self._last[1]

    def get(self, label: str) -> Known | None:
        """Return what is kept of a label; None where none was signed."""
        name = self._name(label)
        packed = self.fresh.get(name) or self.base.get(name)
        return None if packed is None else Known(*_PACKED.unpack(packed))

    def put(self, label: str, known: Known) -> None:
        """Keep what is known of a label."""
        self.fresh[self._name(label)] = _PACKED.pack(*known)

    def put_new(self, label: str, leaf: bytes, uid: str, place: int, author: int) -> None:
        """Keep what is known of a label whose record was just taken.

        Parameters
        ----------
        label
            Its id.
        leaf
            Leaf hash of its record.
        uid
            New SOP Instance UID of its sample.
        place
            Index of its record.
        author
            Running number of its author.
        """
        self.fresh[self._name(label)] = _PACKED.pack(leaf[:16], short_hash(uid, 8), place, author, 0)

    def marks(self) -> Iterator[int]:
        """Yield the marks of every label, as :mod:`curator.provenance.status` has them."""
        for name, packed in self.base.items():
            if name not in self.fresh:
                yield Known(*_PACKED.unpack(packed)).status
        for packed in self.fresh.values():
            yield Known(*_PACKED.unpack(packed)).status

    def places(self) -> set[int]:
        """Return the indices of all labels' records."""
        return {Known(*_PACKED.unpack(packed)).place for packed in (*self.base.values(), *self.fresh.values())}

    def settle(self) -> None:
        """Take the records that were tried for good."""
        self.base.update(self.fresh)
        self.fresh = {}
