"""What the records of a ledger add up to, and the rules that each record must keep.

One :class:`State` takes records in order, from the bytes alone. Writers and verifiers run the same rules: a writer
before a record is committed, a verifier over everything that stands. State is small: per label some 160 bytes.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Any, NamedTuple

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.core.schema import violation
from curator.provenance import records
from curator.provenance.dsse import IN_TOTO, Envelope, check_signatures, parse_envelope
from curator.provenance.keys import decode64, key_id
from curator.provenance.merkle import Frontier, leaf_hash
from curator.provenance.people import Person
from curator.provenance.shape import shape_of

_PACKED = struct.Struct(">16s8sQI?")


class Known(NamedTuple):
    """What is kept of a signed label: start of its leaf hash and of its sample's hash, index, author, fate."""

    leaf: bytes
    sample: bytes
    place: int
    author: int
    superseded: bool


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
class Record:
    """One record that passed every rule."""

    index: int
    leaf: bytes
    kind: str
    subject: list[dict[str, Any]]
    predicate: dict[str, Any]


def short_hash(text: str, size: int) -> bytes:
    """Return the start of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).digest()[:size]


class _Labels:
    """Label ids to packed facts, in two layers, so that a writer can try records and drop them."""

    def __init__(self, base: dict[bytes, bytes] | None = None) -> None:
        self.base: dict[bytes, bytes] = {} if base is None else base
        self.fresh: dict[bytes, bytes] = {}

    def get(self, label: str) -> Known | None:
        name = short_hash(label, 16)
        packed = self.fresh.get(name) or self.base.get(name)
        return None if packed is None else Known(*_PACKED.unpack(packed))

    def put(self, label: str, known: Known) -> None:
        self.fresh[short_hash(label, 16)] = _PACKED.pack(*known)

    def settle(self) -> None:
        self.base.update(self.fresh)
        self.fresh = {}


class State:
    """The sum of the records taken so far.

    Parameters
    ----------
    partial
        True where some labels were left out (a release holds only some, but all leaf hashes): a superseded label then
        need not have been seen.
    """

    def __init__(self, *, partial: bool = False) -> None:
        self.partial = partial
        self.tree = Frontier()
        self.previous: bytes | None = None
        self.first: bytes = b""
        self.dataset = ""
        self.operator = b""
        self.people: dict[str, Person] = {}
        self.keys: dict[str, Person] = {}
        #: While nobody is enrolled: (who enrolls, who is enrolled) to the first one's key and the second one.
        self.pending: dict[tuple[str, str], tuple[bytes, Person]] = {}
        self.guidelines: dict[tuple[str, str], Guideline] = {}
        self.accepted: dict[str, str] = {}
        #: Keyed content digest of a corrected source object to what it replaces.
        self.replaced: dict[str, Replaced] = {}
        self.labels = _Labels()
        self.counts: dict[str, int] = {}
        self.attested = 0
        self.signers: set[str] = set()
        self.newest_time = ""
        self.backwards: tuple[int, int] | None = None

    @property
    def size(self) -> int:
        """Number of records taken."""
        return self.tree.size

    def fork(self) -> State:
        """Return a copy to try records on; the labels it adds stay apart until :meth:`adopt`."""
        made = State(partial=self.partial)
        made.__dict__.update(self.__dict__)
        made.tree = self.tree.copy()
        for name in ("people", "keys", "pending", "guidelines", "accepted", "replaced", "counts"):
            setattr(made, name, dict(getattr(self, name)))
        made.signers = set(self.signers)
        made.labels = _Labels(self.labels.base)
        made.labels.fresh = dict(self.labels.fresh)
        return made

    def adopt(self, fork: State) -> None:
        """Become what a fork of this state became."""
        self.__dict__.update(fork.__dict__)
        self.labels.settle()

    def take(self, envelope: bytes, leaf: bytes | None = None) -> Record:
        """Take the next record, whole or not at all.

        Parameters
        ----------
        envelope
            Its bytes.
        leaf
            The leaf hash stored beside it, if any: it must be the envelope's.

        Returns
        -------
        Record
            The record, which passed every rule.

        Raises
        ------
        IntegrityError
            LED-004 to LED-009, LED-012, LED-020, LED-023: the bytes are not those of a sound record for this place.
        UsageError
            KEY-, GDL- and LBL- codes: the record breaks a rule.
        CheckError
            LED-021: a kind of record that this version does not know.
        """
        made = leaf_hash(envelope)
        if leaf is not None and made != leaf:
            raise IntegrityError("LED-004", index=self.size)
        record = self.judge(envelope, made, self.size, self.previous)
        self.tree.add(made)
        self.previous = made
        self.first = self.first or made
        return record

    def skip(self, leaf: bytes) -> None:
        """Pass over a record of which only the leaf hash is here (partial states)."""
        self.tree.add(leaf)
        self.previous = leaf
        self.first = self.first or leaf

    def judge(self, envelope: bytes, leaf: bytes, index: int, previous: bytes | None) -> Record:
        """Check one record for a place and take what it says into the state (errors as :meth:`take`)."""
        from curator.provenance.rules import RULES

        parsed = parse_envelope(envelope)
        document = _payload(parsed)
        kind = document.get("predicateType") if isinstance(document, dict) else None
        if not isinstance(kind, str):
            raise IntegrityError("LED-005", reason="it holds no in-toto statement")
        if kind not in records.SCHEMAS:
            raise CheckError("LED-021")
        schema = records.SCHEMAS[kind]
        place = None if shape_of(schema)(document) else violation(schema, document)
        if place is not None:
            raise IntegrityError("LED-020", schema=schema, place=place)
        predicate = document["predicate"]
        if predicate["sequence"] != index:
            raise IntegrityError("LED-007", stated=predicate["sequence"], index=index)
        if predicate["previous"] != (previous.hex() if previous else None):
            raise IntegrityError("LED-008")
        if (kind == records.GENESIS) != (index == 0):
            raise IntegrityError("LED-007", stated=0, index=index)
        if index and predicate["dataset"] != self.dataset:
            raise IntegrityError("LED-009")
        record = Record(index, leaf, kind, document["subject"], predicate)
        public = self._signing_key(record)
        if [name for name, _ in parsed.signatures] != [key_id(public)]:
            raise IntegrityError("LED-023")
        check_signatures(parsed, {key_id(public): public})
        RULES[kind](self, record)
        self._count(record, key_id(public))
        return record

    def _signing_key(self, record: Record) -> bytes:
        if record.kind == records.GENESIS:
            return raw_key(record.predicate["operatorKey"])
        if record.kind == records.ENROLLMENT and not self.active():
            if "bootstrapKey" not in record.predicate:
                raise UsageError("KEY-018")
            return raw_key(record.predicate["bootstrapKey"])
        return self.enrolled(record.predicate["signer"]).public

    def _count(self, record: Record, name: str) -> None:
        self.counts[record.kind] = self.counts.get(record.kind, 0) + 1
        self.signers.add(name)
        at = record.predicate["signedAt"]
        if at < self.newest_time:
            first, count = self.backwards or (record.index, 0)
            self.backwards = (first, count + 1)
        self.newest_time = max(at, self.newest_time)

    def active(self) -> list[Person]:
        """Return the people whose keys are valid now, by id."""
        return [self.people[name] for name in sorted(self.people) if self.people[name].revoked is None]

    def roster(self) -> list[Person]:
        """Return every key that was ever enrolled, in the order of enrollment, with its revocation if there was one."""
        return list(self.keys.values())

    def person(self, name: str) -> Person:
        """Return a person who is or was enrolled.

        Raises
        ------
        UsageError
            KEY-018 when nobody is enrolled yet, KEY-009 when this person never was.
        """
        if not self.people:
            raise UsageError("KEY-018")
        if name not in self.people:
            raise UsageError("KEY-009")
        return self.people[name]

    def enrolled(self, name: str) -> Person:
        """Return a person whose key is valid now.

        Raises
        ------
        UsageError
            As :meth:`person`, and KEY-010 for a revoked key.
        """
        person = self.person(name)
        if person.revoked is not None:
            raise UsageError("KEY-010")
        return person

    def number(self, name: str) -> int:
        """Return the running number of a person who is or was enrolled."""
        return list(self.people).index(name)

    def checkpoint_keys(self) -> dict[str, bytes]:
        """Return who may sign a checkpoint over the records so far: id to raw key, the operator under ``""``."""
        return {"": self.operator} | {person.id: person.public for person in self.active()}


def _payload(envelope: Envelope) -> Any:
    if envelope.payload_type != IN_TOTO:
        raise IntegrityError("LED-005", reason="its payload is of another type")
    try:
        document = strict_loads(envelope.payload)
        fine = canonical_bytes(document) == envelope.payload
    except UsageError:
        fine = False
    if not fine:
        raise IntegrityError("LED-005", reason="its payload is not canonical JSON")
    return document


def raw_key(text: str) -> bytes:
    """Decode a raw public key of a record (LED-023 when it is none)."""
    try:
        raw = decode64(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise IntegrityError("LED-023")
    return raw
