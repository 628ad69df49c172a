"""The seed of a draw: an outside value that nobody knew when the lot was closed, and the order that follows from it.

The seed is SHA-256 of a line and of bytes that only an outside key can make: of a time-stamp (RFC 3161) its TSTInfo and
its signature, of a witness (c2sp.org/tlog-cosignature) its 72 bytes. Of an ECDSA signature only r counts, since anyone
can turn s into another valid one. The earliest fitting anchor is taken, so that a later one cannot be chosen for its
draw. The order of a stratum is that of HMAC-SHA256(seed, leaf hash).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.clock import utc_text
from curator.core.errors import UsageError
from curator.labels.quality.collect import Signed
from curator.provenance import cosign
from curator.provenance.kinds_audit import ASSERTED, TIMESTAMP, WITNESS
from curator.provenance.note import parse_checkpoint, parse_note
from curator.provenance.records import plain_text
from curator.provenance.state import Record
from curator.provenance.timestamps import notes, stamps

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_LINE = b"curator audit seed v1\n"
#: An asserted seed is typed text of at most so many characters.
MAX_ASSERTED = 200


@dataclass(frozen=True)
class Seed:
    """A seed and where it is from.

    Parameters
    ----------
    value
        32 bytes.
    kind
        timestamp, witness or asserted.
    name
        The witness's name, the asserting person's id, or None.
    sha256
        SHA-256 (hex) of the anchor: of the time-stamp's response, of the cosignature's bytes.
    at
        When the anchor was made.
    records
        Records under the anchored checkpoint.
    others
        How many later anchors would have fitted too.
    """

    value: bytes
    kind: str
    name: str | None = None
    sha256: str | None = None
    at: datetime | None = None
    records: int | None = None
    others: int = 0

    def document(self) -> dict[str, Any]:
        """Return where it is from, as the record of a verdict has it."""
        made = {
            "kind": self.kind,
            "name": self.name,
            "sha256": self.sha256,
            "at": None if self.at is None else utc_text(self.at),
            "records": self.records,
        }
        return {name: value for name, value in made.items() if value is not None}


def seed_of(material: bytes) -> bytes:
    """Return the seed that follows from an outside value's bytes."""
    return hashlib.sha256(_LINE + material).digest()


def asserted(text: str, person: str) -> Seed:
    """Make a seed from what a person typed; it proves nothing and is shown as such (UsageError QUA-021)."""
    if not plain_text(text, MAX_ASSERTED) or "\n" in text:
        raise UsageError("QUA-021")
    return Seed(seed_of(text.encode()), ASSERTED, person)


def outside(
    folder: Path, lot: Record, roots: Sequence[Certificate] = (), witnesses: Sequence[tuple[str, bytes]] = ()
) -> Seed:
    """Return the seed from the earliest anchor over a checkpoint that holds the lot's record.

    Parameters
    ----------
    folder
        The ledger's folder, verified by the caller.
    lot
        The record that closed the lot; it says which kind of anchor counts.
    roots
        Certificates trusted to vouch for time-stampers.
    witnesses
        Names and raw keys of witnesses.

    Raises
    ------
    UsageError
        QUA-020 when the lot's kind of anchor cannot be judged with what is given; QUA-022 for a lot that was closed
        for an asserted seed.
    CheckError
        QUA-023 when there is no such anchor yet.
    IntegrityError
        LED-040, LED-041, LED-047 for anchors that are broken.
    """
    from curator.core.errors import CheckError

    wanted = lot.predicate["seedFrom"]
    if wanted["kind"] == ASSERTED:
        raise UsageError("QUA-022")
    if wanted["kind"] == TIMESTAMP:
        if not roots:
            raise UsageError("QUA-020", what="--tsa-ca")
        found = _stamped(folder, lot.index, roots)
    else:
        known = [one for one in witnesses if one[0] == wanted.get("name", one[0])]
        if not known:
            raise UsageError("QUA-020", what="--witness-key")
        found = _cosigned(folder, lot.index, known)
    if not found:
        raise CheckError("QUA-023")
    _, material, seed = min(found, key=lambda one: one[:2])
    return Seed(seed_of(material), seed.kind, seed.name, seed.sha256, seed.at, seed.records, len(found) - 1)


def _stamped(folder: Path, place: int, roots: Sequence[Certificate]) -> list[tuple[float, bytes, Seed]]:
    good, error = stamps(folder, roots)
    if error is not None and error.kind == "integrity":
        raise error
    return [
        (
            one.token.at.timestamp(),
            one.token.content + _fixed(one.token.signature),
            Seed(b"", TIMESTAMP, None, one.sha256, one.token.at, one.size),
        )
        for one in good
        if one.trusted and one.size > place
    ]


def _fixed(signature: bytes) -> bytes:
    """Return the part of a signature that cannot be changed without the key: all of it, or r of an ECDSA one."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    try:
        first, _ = decode_dss_signature(signature)
    except ValueError:
        return signature
    return first.to_bytes((first.bit_length() + 7) // 8, "big")


def _cosigned(folder: Path, place: int, known: Sequence[tuple[str, bytes]]) -> list[tuple[float, bytes, Seed]]:
    made: dict[bytes, tuple[float, bytes, Seed]] = {}
    for size, data in notes(folder).values():
        if size <= place:
            continue
        note = parse_note(data)
        for one in cosign.cosignatures(note, known):
            records = parse_checkpoint(note).size
            seed = Seed(b"", WITNESS, one.name, hashlib.sha256(one.raw).hexdigest(), one.at, records)
            made[one.raw] = (one.at.timestamp(), one.raw, seed)
    return list(made.values())


def order(seed: bytes, labels: Iterable[Signed]) -> list[Signed]:
    """Return labels in the order of the draw."""
    return sorted(labels, key=lambda one: hmac.digest(seed, bytes.fromhex(one.leaf), "sha256"))
