"""Checkpoints, proofs, records, time-stamps that a user gives: one that is none is a wrong file, and nothing broken."""

from __future__ import annotations


def need_checkpoint(data: bytes) -> str:
    """Refuse bytes that are no checkpoint, and return the origin line of one that is.

    Whether its signature holds, and whether the ledger extends it, is for who verifies.

    Raises
    ------
    UsageError
        LED-117.
    """
    from curator.core.errors import IntegrityError, UsageError
    from curator.provenance.note import parse_checkpoint, parse_note

    try:
        return parse_checkpoint(parse_note(data)).origin
    except IntegrityError:
        what = "it is a proof" if data.startswith((b"c2sp.org/tlog-proof", b"old ")) else "it is no signed checkpoint"
        raise UsageError("LED-117", why=what) from None


def need_proof(data: bytes, first: str) -> None:
    """Refuse bytes that do not begin as a proof does, ``first`` (LED-118)."""
    from curator.core.errors import UsageError

    if not data.startswith(first.encode("ascii")):
        raise UsageError("LED-118", first=first.strip())


def need_record(data: bytes) -> None:
    """Refuse bytes that do not begin as a record of the ledger does (LED-120)."""
    from curator.core.errors import UsageError

    if not data.startswith(b'{"payload"'):
        raise UsageError("LED-120")


def need_request(data: bytes) -> None:
    """Refuse bytes that are neither a request to a witness, by their beginning, nor a checkpoint (LED-117)."""
    if not data.startswith(b"old "):
        need_checkpoint(data)


def need_der(data: bytes, what: str) -> None:
    """Refuse bytes that do not begin as DER of some length does; ``what`` they should be (LED-121)."""
    from curator.core.errors import UsageError

    if not data.startswith(b"\x30") or len(data) < 2 or (data[1] < 0x80 and data[1] != len(data) - 2):
        raise UsageError("LED-121", what=what)


def dataset_in(origin: str) -> str:
    """Return the dataset that an origin line of this program names, an empty text for another line."""
    parts = origin.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "curator" else ""
