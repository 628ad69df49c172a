"""A ledger on disk for tests: an operator, people with fixed keys, a guideline, labels."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from curator.core.clock import FixedClock
from curator.provenance import kinds_life, records
from curator.provenance.append import Appender, sign_and_append
from curator.provenance.dsse import parse_envelope, sign_envelope
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner
from curator.provenance.kinds_answers import answer
from curator.provenance.kinds_gate import audit_report, audit_waiver
from curator.provenance.kinds_life import Named
from curator.provenance.kinds_operator import operator_change, proof_input
from curator.provenance.kinds_people import rotation, rotation_request, sealed_events
from curator.provenance.kinds_release import purge, release_sent
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request
from curator.provenance.recording import Recorder

MOMENT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SEED = b"o" * 32
DIGESTS = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(3)]
PSEUDONYMS = ["PAAAAAAAAAAAAAAAA", "PBBBBBBBBBBBBBBBB"]
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

    def witnessed(self) -> records.Draft:
        """Draft the record of a cosignature and a time-stamp over the newest checkpoint."""
        from curator.provenance import cosign
        from curator.provenance.kinds_witness import Named, witnessed
        from curator.provenance.note import parse_note

        note, signer = self.ledger.latest_checkpoint() or b"", self.key("witness").signer
        cosigned = note + cosign.cosign(parse_note(note).text, "w.example/1", signer, self.clock.now()).encode()
        found = cosign.cosignatures(parse_note(cosigned), [("w.example/1", signer.public)])
        return witnessed(cosigned, found, [Named("0" * 64, self.clock.now())])

    def other_operator(self, seed: bytes = b"n" * 32) -> World:
        """Let Rita and Olga, who is enrolled for it, sign for a new operator's key."""
        self.enroll("olga", "rita", "operator")
        state, new = self.appender().state, SeedSigner(seed)
        proof = new.sign(proof_input(state.dataset, state.first, new.public))
        (asked,) = self.sign(operator_change(new.public, proof, "vault-lost"), by="rita")
        self.sign(operator_change(new.public, proof, "vault-lost", asked.leaf), by="olga")

    def named(self, *labels: str) -> list[Named]:
        """Return labels of the ledger by id and leaf hash."""
        from curator.provenance.verify import verify_ledger

        state = verify_ledger(self.folder).require().state
        found = [state.labels.get(label) for label in labels]
        return [
            Named(label, self.ledger.entry(known.place).leaf.hex() if known else "0" * 64)
            for label, known in zip(labels, found, strict=True)
        ]

    def lives(self) -> World:
        """Sign three labels of one sample and one of another, and one record of each kind about them."""
        self.enroll("zoe", "rita", "adjudicator")
        names = [f"life-{one}" for one in "abcd"]
        self.sign(*(self.label(70 + (one == "life-d"), labelId=one) for one in names))
        self.sign(kinds_life.reviewed(self.named(*names[:2], "life-d"), "accepted", None, bool), by="rita")
        reason = "the box is cut off"
        self.sign(kinds_life.reviewed(self.named("life-c"), "rejected", reason, bool), by="rita")
        (result,) = self.named("life-a")
        self.sign(kinds_life.adjudicated(self.named(*names[:3]), result, "clearer box", bool), by="zoe")
        self.sign(kinds_life.approved(self.named("life-a")), by="rita")
        self.sign(kinds_life.withdrawn(self.named("life-d"), "wrong side", bool))
        return self

    def filled(self) -> World:
        """Three people, a guideline and two commits of labels: records 0 to 12; the operator sealed 9."""
        self.people().guide()
        self.sign(*(self.label(n) for n in range(4)), operator=True)
        self.sign(*(self.label(n, author="ben") for n in range(4, 8)), by="ben")
        return self

    def recorder(self, by: str = "rita") -> Recorder:
        """Something that records as one person, with a guard that refuses the word PATIENT."""
        return Recorder(self.folder, self.key(by), self.clock, guard=lambda text: "PATIENT" not in text)

    def rotate(self, name: str, salt: str = "next", before: str = "", **more: Any) -> list[Any]:
        """Give a person a next key."""
        old, new = self.key(name, before), self.key(name, salt)
        request, proof = rotation_request(name, old.signer.public, new.signer, self.clock, more.get("expires"))
        return sign_and_append(self.ledger, [rotation(request, proof, "yearly", lambda _: True)], old, self.clock)

    def people_records(self) -> World:
        """One record of each kind about people, patients, policies, splits and logs."""
        made = self.recorder()
        made.record_training("ada", "gcp@2", "2027-01-31", "a" * 64)
        made.record_policy_change(("safe-harbor", "1" * 64), ("expert", "2" * 64), "the sponsor asked for times")
        split = made.record_split("test", [DIGESTS[0], DIGESTS[1]], "one site held out")
        made.record_access("vendor-1", "performance test", split=("test", split.subject[0]["digest"]["sha256"]))
        made.record_patients("merged", PSEUDONYMS, PSEUDONYMS[0], "two numbers of one person")
        made.record_consent_withdrawal(PSEUDONYMS[1], "2026-05-04", "withdrawn-by-patient")
        made.record_recall("1.0.0", DIGESTS, "side was wrong")
        draft = sealed_events("vault", "c" * 64, (1, 2), "d" * 64, {"vault-opened": 2}, {})
        sign_and_append(self.ledger, [draft], PersonKey("operator", self.operator), self.clock)
        self.rotate("ben", expires="2027-05-04")
        return self

    def release_records(self) -> World:
        """One record of each kind about releases that left."""
        self.sign(release_sent("1.0.0", "e" * 64, "sponsor", "agreement 7", bool), by="rita")
        self.sign(answer("DM-04", "It was made for this use.", bool), by="rita")
        self.sign(purge([DIGESTS[2]], [], "a name was found", bool), by="rita")
        self.sign(audit_waiver("quality/overlap", "one reader only", "2026-06-01", bool), by="rita")
        state = self.appender().state
        over = (state.size, state.tree.root().hex())
        self.sign(
            audit_report("a" * 64, "PASS", "b" * 64, over, {"PASS": 3}, ("quality/overlap",), "curator"), by="rita"
        )
        return self

    def sites(self) -> World:
        """Join a site's package, and the next version of it."""
        from joined_records import joined_site

        self.sign(joined_site(), by="rita")
        one = self.appender().state.facts.joined["north"]
        before = {"version": one.version, "tagManifest": one.tag, "leaf": one.leaf}
        self.sign(joined_site(version="1.1.0", size=20, replaces=before, reason="a patient withdrew"), by="rita")
        return self

    def joint_splits(self) -> World:
        """Put the joined site's patients into splits; then the site leaves. A sample of pixels is looked at, too."""
        from joined_records import CHANGES

        from curator.provenance.kinds_pixels import pixels_sampled
        from curator.provenance.kinds_sites import site_left
        from curator.provenance.kinds_splits import splits_assigned

        one = self.appender().state.facts.joined["north"]
        halves = (("train", 50), ("test", 50))
        put = splits_assigned("7" * 64, "patient", halves, ("sex",), {"train": 2, "test": 1}, 0, {"north": one.tag})
        self.sign(put, by="rita")
        looked = pixels_sampled(DIGESTS[:2], 9, "8" * 64, (5, "9" * 64), 0, 1, "every frame", bool)
        self.sign(looked, by="rita")
        self.sign(site_left(one, CHANGES, "the site withdrew", bool), by="rita")
        return self

    def audits(self) -> World:
        """Close a lot of one label, find that label wrong, decide, and seal control items; one record of each kind."""
        from curator.provenance import kinds_audit

        self.sign(self.label(80, labelId="audited"))
        (label,) = self.named("audited")
        row = {"name": "ada", "count": 1, "sha256": DIGESTS[0], "sample": 1, "accept": 0, "reject": 1}
        body = {
            "count": 1,
            "filter": {"listed": False, "author": "ada"},
            "plan": {"scheme": "zero-failure", "aql": "0.01", "ltpd": "0.05", "producer": "0.05", "consumer": "0.05"},
            "seedFrom": {"kind": "witness", "name": "w.example/1"},
            "strataBy": "reader",
            "strata": [row],
        }
        self.sign(kinds_audit.lot("week-1", DIGESTS[0], body, "weekly", bool), by="rita")
        found = [kinds_audit.Found(label, "wrong", "mass")]
        self.sign(*kinds_audit.results("week-1", DIGESTS[0], found, bool), by="rita")
        judged = {
            "seed": DIGESTS[1],
            "seedFrom": {"kind": "witness", "name": "w.example/1", "records": 9},
            "results": DIGESTS[2],
            "level": "0.95",
            "changed": 0,
            "outcome": "reject",
            "strata": [
                {
                    "name": "ada",
                    "looked": 1,
                    "wrong": 1,
                    "unclear": 0,
                    "outcome": "reject",
                    "shareLow": "0.025",
                    "shareHigh": "1",
                    "wrongLow": 1,
                    "wrongHigh": 1,
                    "producer": "0",
                    "consumer": "0",
                }
            ],
        }
        self.sign(kinds_audit.verdict("week-1", DIGESTS[0], judged), by="rita")
        self.sign(kinds_audit.controls("set-1", DIGESTS[2], 40, "quarterly", bool), by="rita")
        return self

    def gate(self) -> World:
        """Sign an audit report that fails, and a waiver: one record of each kind of the gate."""
        from curator.provenance import kinds_gate
        from curator.provenance.verify import verify_ledger

        self.sign(kinds_gate.audit_waiver("labels/drift", "known and harmless", "2027-01-31", bool), by="rita")
        tree = verify_ledger(self.folder).require().state.tree
        here = (tree.size, tree.root().hex())
        counts = {"PASS": 3, "FAIL": 1}
        report = kinds_gate.audit_report(DIGESTS[0], "FAIL", DIGESTS[1], here, counts, ["labels/drift"], "curator 0.1")
        self.sign(report, by="rita")
        return self

    # -- attacks ------------------------------------------------------------------------------------------------------

    def envelopes(self) -> list[bytes]:
        return [entry.envelope for entry in Ledger(self.folder).entries()]

    def rewrite(self, envelopes: list[bytes]) -> None:
        """Put other records in place of all, with parts and commits as they ought to be."""
        from curator.core.parts import PartLog
        from curator.provenance.rows import table

        for name in ("parts", "commits"):
            for path in (self.folder / name).iterdir():
                path.unlink()
        log = PartLog(self.folder)
        part = log.write_part(table(envelopes, None)[0])
        assert log.commit(0, [part], first=0, count=len(envelopes), before=None)

    def forge(self, envelope: bytes, change: Any, signer: SeedSigner) -> bytes:
        """Change a record's statement and sign it with some key."""
        from curator.core.canonical import canonical_bytes, strict_loads

        document = strict_loads(parse_envelope(envelope).payload)
        change(document)
        return sign_envelope(canonical_bytes(document), [signer])

    def appender(self) -> Appender:
        return Appender(Ledger(self.folder), self.clock)
