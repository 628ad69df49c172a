"""Envelopes as rows of a part: stored without what can be told again, given back byte for byte.

A row keeps the signed payload and the signature, not base64 of them, and leaves out the hash of the record before where
that is the one in the ledger. What is not of the usual form is stored whole. Nothing here is trusted: the envelope that
a row gives is hashed and verified like one that came from anywhere.
"""

from __future__ import annotations

import binascii
import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pybase64 import b64decode, b64encode

from curator.core.errors import IntegrityError
from curator.provenance.dsse import IN_TOTO

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("head", "tail", "key", "signature", "whole")
#: Columns in which one value stands in many rows.
REPEATING = ("key",)
#: The column of leaf hashes of removed records; only parts with such records have it.
GONE = "leaf"
_LEAF = 32
#: Rows that are turned into envelopes at a time.
CHUNK = 512
_HEAD = b'{"payload":"'
_MIDDLE = b'","payloadType":"' + IN_TOTO.encode() + b'","signatures":[{"keyid":"'
_SIG = b'","sig":"'
_END = b'"}]}'
_PREVIOUS = b'"previous":"'
_KEY_DIGITS = 64
#: The octet before the bytes of a leaf (RFC 9162, section 2.1.1), and how an envelope begins.
_FIRST = b"\x00" + _HEAD
_BEGUN = hashlib.sha256(_FIRST)
#: A usual signature, what makes groups of three bytes of it, and how many characters of base64 stand for it alone.
_SIGNED, _FILL, _DIGITS = 64, b"\0\0", 86
#: What the last characters of its base64 would be, and how the envelope ends behind it.
_PADDED_END = b"==" + _END


@dataclass(frozen=True)
class Chunk:
    """Consecutive records: their leaf hashes at once, all else on demand.

    Parameters
    ----------
    first
        Index of the first one.
    before
        Hex digits of the leaf hash of the record before the first one; empty for the first of a ledger.
    leaves
        Their leaf hashes, computed from the envelopes that the rows give.
    heads, tails, keys, signatures, wholes
        The columns.
    """

    first: int
    before: bytes
    leaves: list[bytes]
    heads: list[bytes | None]
    tails: list[bytes | None]
    keys: list[str | None]
    signatures: list[bytes | None]
    wholes: list[bytes | None]
    #: Positions of records that were removed: only their leaf hashes are here.
    purged: frozenset[int] = frozenset()

    def parts(self, at: int) -> tuple[bytes, str, bytes] | None:
        """Return payload, key ID and signature of the record at a position; None for one that is stored whole."""
        head, tail, key, signature = self.heads[at], self.tails[at], self.keys[at], self.signatures[at]
        if self.wholes[at] is not None or head is None or tail is None or key is None or signature is None:
            return None
        before = self.leaves[at - 1].hex().encode() if at else self.before
        return b"%b%b%b" % (head, before, tail), key, signature

    def envelope(self, at: int) -> bytes:
        """Return the envelope of the record at a position; nothing for one that was removed."""
        parts = self.parts(at)
        return self.wholes[at] or b"" if parts is None else build(parts[0], parts[1].encode(), parts[2])


def build(payload: bytes, key: bytes, signature: bytes) -> bytes:
    """Return the canonical envelope of one signature (the bytes that ``dsse.sign_envelope`` gives).

    Parameters
    ----------
    payload
        The signed payload.
    key
        The key ID, 64 hex digits.
    signature
        The signature's bytes.
    """
    return b"".join((_HEAD, b64encode(payload), _MIDDLE, key, _SIG, b64encode(signature), _END))


def _parted(envelope: bytes, previous: bytes) -> tuple[bytes, bytes, bytes, bytes] | None:
    """Take an envelope apart as head, tail, key and signature; None when it is not of the usual form."""
    at = envelope.find(_MIDDLE)
    key = envelope[at + len(_MIDDLE) : at + len(_MIDDLE) + _KEY_DIGITS]
    if at < 0 or not envelope.startswith(_HEAD) or not envelope.endswith(_END):
        return None
    try:
        payload = b64decode(envelope[len(_HEAD) : at], validate=True)
        signature = b64decode(envelope[at + len(_MIDDLE) + _KEY_DIGITS + len(_SIG) : -len(_END)], validate=True)
    except ValueError:
        return None
    hole = payload.find(_PREVIOUS + previous)
    if hole < 0:
        return None
    cut = hole + len(_PREVIOUS)
    if build(payload, key, signature) != envelope:
        return None
    return payload[:cut], payload[cut + len(previous) :], key, signature


def table(envelopes: Sequence[bytes], previous: bytes | None) -> tuple[pa.Table, list[bytes]]:
    """Make the rows of consecutive records.

    Parameters
    ----------
    envelopes
        Their bytes, in order.
    previous
        Leaf hash of the record before the first one; None for the first of a ledger.

    Returns
    -------
    tuple
        The table, and the leaf hashes.
    """
    import pyarrow as pa

    leaves: list[bytes] = []
    rows: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    before = previous.hex().encode() if previous else b""
    for envelope in envelopes:
        parts = _parted(envelope, before) if before else None
        if parts is None:
            values: tuple[Any, ...] = (None, None, None, None, envelope)
        else:
            values = (parts[0], parts[1], parts[2].decode("ascii"), parts[3], None)
        for name, value in zip(COLUMNS, values, strict=True):
            rows[name].append(value)
        leaves.append(hashlib.sha256(b"\x00" + envelope).digest())
        before = leaves[-1].hex().encode()
    kinds = {"key": pa.string()}
    return pa.table({name: pa.array(rows[name], kinds.get(name, pa.binary())) for name in COLUMNS}), leaves


def without(rows: pa.Table, leaves: dict[int, bytes]) -> pa.Table:
    """Return a part's table without what some of its records said.

    Parameters
    ----------
    rows
        The table.
    leaves
        Position to leaf hash of each record that is to be removed.
    """
    import pyarrow as pa

    columns = {name: rows.column(name).to_pylist() for name in COLUMNS}
    gone = rows.column(GONE).to_pylist() if GONE in rows.column_names else [None] * rows.num_rows
    for at, leaf in leaves.items():
        gone[at] = leaf
        for values in columns.values():
            values[at] = None
    kinds = {"key": pa.string()}
    made = {name: pa.array(values, kinds.get(name, pa.binary())) for name, values in columns.items()}
    return pa.table({**made, GONE: pa.array(gone, pa.binary())})


def chunks(
    rows: pa.Table,
    first: int,
    previous: bytes | None,
    most: int = CHUNK,
    known: Sequence[bytes] | None = None,
) -> Iterator[Chunk]:
    """Give back the records of a part, in order.

    Parameters
    ----------
    rows
        The part's table.
    first
        Index of its first record.
    previous
        Leaf hash of the record before it.
    most
        Records a chunk.
    known
        Leaf hashes of all its records, from a caller who computed them of this very part; computed here otherwise.

    Raises
    ------
    IntegrityError
        LED-003 for rows that this module did not write.
    """
    before = previous.hex().encode() if previous else b""
    names = [*COLUMNS, *([GONE] if GONE in rows.column_names else [])]
    done = 0
    for batch in rows.select(names).to_batches(max_chunksize=most):
        leaves: list[bytes] = []
        try:
            gone = _values(batch.column(GONE)) if GONE in names else [None] * batch.num_rows
            purged = frozenset(at for at, leaf in enumerate(gone) if leaf is not None)
            heads, tails, keys, signatures, wholes = (_values(batch.column(name)) for name in COLUMNS)
            made = Chunk(first, before, leaves, heads, tails, keys, signatures, wholes, purged)
            if known is not None:
                leaves += known[done : done + batch.num_rows]
            elif purged or not _all_usual(batch) or not _hash_usual(made):
                _hash_rows(made, gone)
        except (TypeError, AttributeError, ValueError, KeyError):
            raise IntegrityError("LED-003", index=first + len(leaves)) from None
        yield made
        before = leaves[-1].hex().encode()
        first += len(leaves)
        done += len(leaves)


def _values(column: pa.Array) -> list[Any]:
    """Return a column as a list; one object for all rows where all hold the same text or nothing."""
    count = len(column)
    if column.null_count == count:
        return [None] * count
    if count > 1 and not column.null_count and str(column.type) == "string":
        # One signer's records follow each other: 64 digits that need not be made for each of them.
        _, ends, data = column.buffers()
        cuts = memoryview(ends).cast("i")[column.offset : column.offset + count + 1]
        at, size = cuts[0], cuts[1] - cuts[0]
        if size and cuts[-1] - at == size * count and cuts.tobytes() == _even(at, size, count):
            whole = bytes(memoryview(data)[at : at + size * count])
            if whole == whole[:size] * count:
                return [whole[:size].decode()] * count
    made: list[Any] = column.to_pylist()
    return made


@lru_cache(maxsize=32)
def _even(at: int, size: int, count: int) -> bytes:
    """Return the ends of so many texts of one size, of which the first begins at a place."""
    return array("i", range(at, at + size * count + 1, size)).tobytes()


def _all_usual(batch: pa.RecordBatch) -> bool:
    """Say whether every row has all of the usual form and nothing else."""
    *usual, whole = (batch.column(name).null_count for name in COLUMNS)
    return not any(usual) and whole == batch.num_rows


def _hash_usual(made: Chunk) -> bool:
    """Do what :func:`_hash_rows` does for usual rows by one signer; False, and nothing, where it cannot.

    The signatures are encoded together, and what all envelopes begin with is hashed once. An envelope is hashed piece
    by piece, never put together.
    """
    columns: tuple[list[Any], ...] = (made.heads, made.tails, made.signatures, made.keys)
    heads, tails, signatures, keys = columns
    digits, encode, join, begin = binascii.hexlify, b64encode, b"".join, _BEGUN.copy
    take, before = made.leaves.append, made.before
    try:
        (key,) = set(keys)
        if set(map(len, signatures)) != {_SIGNED}:
            return False
        middle = _MIDDLE + key.encode() + _SIG
        signs = encode(_FILL.join([*signatures, b""]))
        step = len(signs) // len(signatures)
        for head, tail, at in zip(heads, tails, range(0, len(signs), step), strict=True):
            envelope = begin()
            envelope.update(encode(join((head, before, tail))))
            envelope.update(middle)
            envelope.update(signs[at : at + _DIGITS])
            envelope.update(_PADDED_END)
            leaf = envelope.digest()
            before = digits(leaf)
            take(leaf)
    except (TypeError, AttributeError, ValueError):
        made.leaves.clear()
        return False
    return True


def _hash_rows(made: Chunk, gone: Sequence[bytes | None]) -> None:
    sha256, digits, take, before = hashlib.sha256, binascii.hexlify, made.leaves.append, made.before
    middles = {key: _MIDDLE + key.encode() + _SIG for key in set(made.keys) if key is not None}
    columns = zip(made.heads, made.tails, made.keys, made.signatures, made.wholes, gone, strict=True)
    for head, tail, key, signature, whole, lost in columns:
        if lost is not None:
            if (head, tail, key, signature, whole) != (None,) * len(COLUMNS) or len(lost) != _LEAF:
                raise ValueError
            leaf = lost
        elif whole is None:
            payload = b64encode(b"".join((head, before, tail)))
            parts = (_FIRST, payload, middles[key], b64encode(signature), _END)
            leaf = sha256(b"".join(parts)).digest()
        else:
            leaf = sha256(b"\x00" + whole).digest()
        before = digits(leaf)
        take(leaf)
