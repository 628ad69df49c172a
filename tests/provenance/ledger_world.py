"""A ledger on disk for tests: an operator, people with fixed keys, a guideline, labels."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from curator.core.clock import FixedClock
from curator.provenance import records
from curator.provenance.append import Appender, sign_and_append
from curator.provenance.dsse import parse_envelope, sign_envelope
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request

MOMENT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SEED = b"o" * 32
GUIDE = hashlib.sha256(b"guide").hexdigest()


class World:
    """Everything a test needs to grow a ledger and to attack it."""

    def __init__(self, folder: Path, dataset: str = "trial") -> None:
        self.folder = folder
        self.clock = FixedClock(MOMENT)
        self.operator = SeedSigner(SEED)
        self.ledger = create(folder, dataset=dataset, operator_seed=SEED, clock=self.clock)

    @staticmethod
    def key(name: str, salt: str = "") -> PersonKey:
        return PersonKey(name, SeedSigner(hashlib.sha256((name + salt).encode()).digest()))

    def request(self, name: str, *roles: str, salt: str = "", printed: str | None = None) -> dict[str, Any]:
        return make_request(
            self.key(name, salt).signer,
            name=name,
            printed_name=printed or f"Dr {name.title()}",
            roles=roles or ("reader",),
            specialty="radiology",
            years=7,
            clock=self.clock,
        )

    def enroll(self, name: str, by: str, *roles: str, salt: str = "", printed: str | None = None) -> Any:
        asked = self.request(name, *roles, salt=salt, printed=printed)
        return enroll(self.ledger, asked, self.key(by), self.clock)

    def people(self) -> World:
        """Enroll a reader, a reviewer and another reader."""
        self.enroll("rita", "ada", "reviewer")
        self.enroll("ada", "rita", "reader")
        self.enroll("ben", "rita", "reader")
        return self

    def guide(self) -> World:
        draft = records.guideline("chest", "1.0", "chest-1.0.txt", GUIDE, 5)
        sign_and_append(self.ledger, [draft], self.key("rita"), self.clock)
        return self

    @staticmethod
    def sample(number: int) -> dict[str, str]:
        digest = hashlib.sha256(b"%d" % number).hexdigest()
        return {
            "path": f"clean/p/s/r/{number}.dcm",
            "sha256": digest,
            "content": digest[::-1],
            "uid": f"2.25.{number + 1}",
        }

    def label(self, number: int, author: str = "ada", **more: Any) -> records.Draft:
        body: dict[str, Any] = {
            "labelId": f"label-{number}",
            "kind": "finding",
            "value": {"text": "nodule", "box": [1, 2, {"$decimal": "3.5"}]},
            "author": author,
            "role": "reader",
            "labeledAt": "2026-05-01T08:00:00Z",
            "labeledOffset": "+02:00",
            "meaning": "authorship",
            "guideline": {"id": "chest", "version": "1.0", "sha256": GUIDE},
            "stage": "read",
            "confidence": "0.9",
            "tool": {"name": "viewer", "version": "2.1"},
        }
        body.update(more)
        return records.label(self.sample(number), {k: v for k, v in body.items() if v is not None})

    def sign(self, *drafts: records.Draft, by: str = "ada", operator: bool = False) -> list[Any]:
        seed = SEED if operator else None
        return sign_and_append(self.ledger, drafts, self.key(by), self.clock, operator_seed=seed)

    def filled(self) -> World:
        """Three people, a guideline and two commits of labels: records 0 to 12; the operator sealed 9."""
        self.people().guide()
        self.sign(*(self.label(n) for n in range(4)), operator=True)
        self.sign(*(self.label(n, author="ben") for n in range(4, 8)), by="ben")
        return self

    # -- attacks ------------------------------------------------------------------------------------------------------

    def envelopes(self) -> list[bytes]:
        return [entry.envelope for entry in Ledger(self.folder).entries()]

    def rewrite(self, envelopes: list[bytes], leaves: list[bytes] | None = None) -> None:
        """Put other records in place of all, with parts and commits as they ought to be."""
        import pyarrow as pa

        from curator.core.parts import PartLog

        for name in ("parts", "commits"):
            for path in (self.folder / name).iterdir():
                path.unlink()
        from curator.provenance.merkle import leaf_hash

        table = pa.table(
            {
                "index": pa.array(range(len(envelopes)), pa.int64()),
                "envelope": pa.array(envelopes, pa.binary()),
                "leaf": pa.array(leaves or [leaf_hash(one) for one in envelopes], pa.binary()),
            }
        )
        log = PartLog(self.folder)
        assert log.commit(0, [log.write_part(table)], first=0, count=len(envelopes))

    def forge(self, envelope: bytes, change: Any, signer: SeedSigner) -> bytes:
        """Change a record's statement and sign it with some key."""
        from curator.core.canonical import canonical_bytes, strict_loads

        document = strict_loads(parse_envelope(envelope).payload)
        change(document)
        return sign_envelope(canonical_bytes(document), [signer])

    def appender(self) -> Appender:
        return Appender(Ledger(self.folder), self.clock)
