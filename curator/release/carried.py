"""Outside anchors that a package carries: cosigned checkpoints, time-stamps over checkpoints, as the ledger has them.

They stand in the package as in a ledger (``data/ledger/checkpoints/``, ``data/ledger/timestamps/``), so that the same
program, and ``openssl ts -verify``, reads them there. Each checkpoint must be one over the package's own leaf hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curator.core.errors import CuratorError, IntegrityError
from curator.provenance import cosign
from curator.provenance.kinds_witness import cosignatures_of
from curator.provenance.ledger import origin_of
from curator.provenance.note import parse_checkpoint, parse_note
from curator.provenance.state import Record, State
from curator.provenance.timestamps import notes, stamps, stored

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

CHECKPOINTS, TIMESTAMPS = "checkpoints", "timestamps"


@dataclass(frozen=True)
class Outside:
    """What the verifier brings: certificates that may vouch for time-stampers, names and keys of witnesses."""

    roots: Sequence[Certificate] = ()
    witnesses: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True)
class Carried:
    """What a package's anchors are worth.

    Parameters
    ----------
    stamps, trusted
        Number of sound time-stamps, and of those that lead to a given root.
    cosigned, known
        Number of sound cosignatures, and of those by a given witness.
    size
        Records under the newest anchor that counts.
    error
        The first time-stamp that could not be judged, if any.
    """

    stamps: int = 0
    trusted: int = 0
    cosigned: int = 0
    known: int = 0
    size: int = 0
    error: CuratorError | None = None


def anchors_of(ledger: Path, size: int) -> list[tuple[str, str]]:
    """Return the files to carry, over at most so many records: path below the ledger's folder, and SHA-256 in hex."""
    known = {name: (at, data) for name, (at, data) in notes(ledger).items() if at <= size}
    files = [(name, ending, data) for name, ending, data in stored(ledger) if name in known]
    wanted = {name for name, ending, _ in files if ending == "tsr"}
    wanted |= {
        name
        for name, (_, data) in known.items()
        if any(len(one.signature) == cosign.BYTES for one in parse_note(data).signatures)
    }
    made = [(f"{CHECKPOINTS}/{name}.note", hashlib.sha256(known[name][1]).hexdigest()) for name in wanted]
    for name, ending, data in files:
        digest = hashlib.sha256(data).hexdigest()
        if name in wanted:
            made.append((f"{TIMESTAMPS}/{name}-{digest[:16]}.{ending}", digest))
    return sorted(made)


def sizes_in(ledger: Path) -> set[int]:
    """Return the sizes of the checkpoints that a package carries."""
    return {size for size, _ in notes(ledger).values()}


def check_carried(
    ledger: Path, state: State, roots_at: Mapping[int, bytes], witnessed: Sequence[Record], outside: Outside
) -> Carried:
    """Check what a package carries.

    Parameters
    ----------
    ledger
        ``data/ledger`` of the package.
    state
        The sum of its records.
    roots_at
        Root of the package's leaf hashes at the size of each checkpoint that it carries.
    witnessed
        The records that name cosignatures.
    outside
        What the verifier brings.

    Raises
    ------
    IntegrityError
        REL-028 for a checkpoint over other records, LED-040, LED-041 for a bad time-stamp, LED-047 for a cosignature.
    """
    origin = origin_of(state.dataset, state.first)
    known = {(one.name, one.public) for record in witnessed for one in cosignatures_of(record, origin)}
    given, seen, size = set(outside.witnesses), set(), 0
    for at, data in notes(ledger).values():
        note = parse_note(data)
        said = parse_checkpoint(note)
        if (said.origin, said.size, said.root) != (origin, at, roots_at.get(at)):
            raise IntegrityError("REL-028", what="a checkpoint that it carries is over other records")
        for one in cosign.cosignatures(note, known | given):
            seen.add((one.name, one.raw, (one.name, one.public) in given))
            size = max(size, at if (one.name, one.public) in given else 0)
    sound, error = stamps(ledger, outside.roots)
    if error is not None and error.kind != "check":
        raise error
    trusted = [one for one in sound if one.trusted]
    return Carried(
        len(sound),
        len(trusted),
        len(seen),
        sum(counts for _, _, counts in seen),
        max([size, *(one.size for one in trusted)]),
        error,
    )
