"""Make the ledger that foreign verifiers judge: three people, a guideline, labels, the operator's checkpoints.

One of the people has a P-256 key, as tokens hold them.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from curator.core.clock import FixedClock
from curator.provenance import records
from curator.provenance.append import sign_and_append
from curator.provenance.curves import settled
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner
from curator.provenance.ledger import create
from curator.provenance.people import make_request

CLOCK = FixedClock(datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
SEED = hashlib.sha256(b"operator").digest()
GUIDE = hashlib.sha256(b"guide").hexdigest()
#: Records under each of the operator's checkpoints; 300 make one full tile and one that is not.
SIZES = (12, 64, 100, 256, 257, 300)


class P256Signer:
    """Signs with a P-256 key in memory, made from a name; the product keeps such keys on tokens only."""

    def __init__(self, name: str) -> None:
        self._key = ec.derive_private_key(int.from_bytes(hashlib.sha256(name.encode()).digest()) >> 1, ec.SECP256R1())

    @property
    def public(self) -> bytes:
        """The 65 bytes of the uncompressed point."""
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, data: bytes) -> bytes:
        """Return the signature in its one spelling."""
        return settled(self._key.sign(data, ec.ECDSA(SHA256())))


def label(number: int, author: str) -> records.Draft:
    """Draft one label."""
    digest = hashlib.sha256(b"%d" % number).hexdigest()
    sample = {"path": f"clean/p/s/r/{number}.dcm", "sha256": digest, "content": digest, "uid": f"2.25.{number + 1}"}
    body = {
        "labelId": f"label-{number}",
        "kind": "box",
        "value": {"class": "nodule", "box": [101, 212, {"$decimal": "33.5"}, 40], "note": "größer"},
        "author": author,
        "role": "reader",
        "labeledAt": "2026-05-01T08:00:00Z",
        "labeledOffset": "+02:00",
        "meaning": "authorship",
        "guideline": {"id": "g", "version": "1", "sha256": GUIDE},
        "stage": "read",
    }
    return records.label(sample, body)


def make(folder: Path, sizes: tuple[int, ...] = SIZES) -> None:
    """Make the ledger in a folder, with the operator's checkpoints over so many records."""
    ledger = create(folder, dataset="foreign", operator_seed=SEED, clock=CLOCK)
    people = {name: PersonKey(name, SeedSigner(hashlib.sha256(name.encode()).digest())) for name in ("ada", "rita")}
    people["pia"] = PersonKey("pia", P256Signer("pia"))
    for name, by in (("rita", "ada"), ("ada", "rita"), ("pia", "rita")):
        asked = make_request(
            people[name].signer,
            name=name,
            printed_name=f"Made Up {name.title()}",
            roles=["reader", "reviewer"],
            specialty=None,
            years=None,
            clock=CLOCK,
        )
        enroll(ledger, asked, people[by], CLOCK)
    sign_and_append(ledger, [records.guideline("g", "1", "g-1.txt", GUIDE, 5)], people["rita"], CLOCK)
    for number, size in enumerate(sizes):
        author = ("ada", "pia", "rita")[number % 3]
        drafts = [label(index, author) for index in range(ledger.size(), size)]
        sign_and_append(ledger, drafts, people[author], CLOCK, operator_seed=SEED)
