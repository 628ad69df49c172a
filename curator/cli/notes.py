"""Checkpoints and proofs that a user gives by a file: one that is none is a wrong file, never a broken ledger."""

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


def dataset_in(origin: str) -> str:
    """Return the dataset that an origin line of this program names, an empty text for another line."""
    parts = origin.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "curator" else ""
