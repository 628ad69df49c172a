"""What the records of a ledger add up to, and the rules that each record must keep.

One :class:`State` takes records in order, from the bytes alone. Writers and verifiers run the same rules: a writer
before a record is committed, a verifier over everything that stands. State is small: per label some 160 bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.core.schema import violation
from curator.provenance import quick, records
from curator.provenance.dsse import IN_TOTO, Envelope, check_signatures, pae, parse_envelope
from curator.provenance.facts import Facts, check_signer
from curator.provenance.keys import algorithm_of, decode64, key_id, require_fit, verify
from curator.provenance.known import Guideline, Labels, Operator, Replaced
from curator.provenance.merkle import Frontier, leaf_hash
from curator.provenance.people import Person
from curator.provenance.shape import shape_of

LABEL = records.SCHEMAS[records.LABEL]
#: Stands in the payload of every label, and in no other record's but inside of a text or a nested object.
LABEL_MARK = b'"predicateType":"' + records.LABEL.encode() + b'"'


class Usual(NamedTuple):
    """A record in its usual form: one signature.

    ``check`` is False where the caller sees to a label's signature, ``value`` where nobody will ask for a label's free
    value: :data:`curator.provenance.quick.UNREAD` may then stand in the record for it.
    """

    payload: bytes
    key: str
    signature: bytes
    check: bool
    value: bool = True


class Record(NamedTuple):
    """One record that passed every rule."""

    index: int  # type: ignore[assignment]  # the tuple's own method of this name is not used
    leaf: bytes
    kind: str
    subject: list[dict[str, Any]]
    predicate: dict[str, Any]
    #: SHA-256 (hex) of a label's value, where it was computed while reading.
    value_digest: str | None = None


#: Fields of a state that a fork gets a copy of.
_COPIED = (
    "people",
    "keys",
    "pending",
    "guidelines",
    "accepted",
    "replaced",
    "counts",
    "operator_asked",
    "qualifies",
)


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
        #: Indices of records that are here no more but for their leaf hashes, since an order removed them.
        self.gone: set[int] = set()
        self.tree = Frontier()
        self.previous: bytes | None = None
        self.first: bytes = b""
        self.dataset = ""
        self.operator = b""
        #: Every operator's key so far, the present one last.
        self.operators: tuple[Operator, ...] = ()
        #: Leaf hash (hex) to signer and key of a first signature for a new operator's key, until one is in force.
        self.operator_asked: dict[str, tuple[str, bytes]] = {}
        self.people: dict[str, Person] = {}
        self.keys: dict[str, Person] = {}
        #: While nobody is enrolled: (who enrolls, who is enrolled) to the first one's key and the second one.
        self.pending: dict[tuple[str, str], tuple[bytes, Person]] = {}
        self.guidelines: dict[tuple[str, str], Guideline] = {}
        self.accepted: dict[str, str] = {}
        #: Keyed content digest of a corrected source object to what it replaces.
        self.replaced: dict[str, Replaced] = {}
        self.labels = Labels()
        #: Person to the leaf hashes (hex) of the records that qualify this person, the newest last.
        self.qualifies: dict[str, tuple[str, ...]] = {}
        self.counts: dict[str, int] = {}
        self.attested = 0
        self.signers: set[str] = set()
        self.newest_time = ""
        #: Parts that people took in labels, and their guideline, which no time changes; none after another record.
        self.agreed: set[tuple[str | bool, ...]] = set()
        self._numbers: dict[str, int] = {}
        self.backwards: tuple[int, int] | None = None
        self.facts = Facts()

    @property
    def size(self) -> int:
        """Number of records taken."""
        return self.tree.size

    def fork(self) -> State:
        """Return a copy to try records on; the labels it adds stay apart until :meth:`adopt`."""
        made = State(partial=self.partial)
        made.__dict__.update(self.__dict__)
        made.tree = self.tree.copy()
        for name in _COPIED:
            setattr(made, name, dict(getattr(self, name)))
        made.signers = set(self.signers)
        made.agreed = set()
        made.facts = self.facts.copy()
        made.labels = self.labels.fork()
        return made

    def adopt(self, fork: State) -> None:
        """Become what a fork of this state became."""
        self.__dict__.update(fork.__dict__)
        self.labels.settle()

    def take(
        self, envelope: bytes | Callable[[], bytes], leaf: bytes | None = None, *, usual: Usual | None = None
    ) -> Record:
        """Take the next record, whole or not at all.

        Parameters
        ----------
        envelope
            Its bytes, or with ``usual`` and ``leaf`` what gives them if they are needed.
        leaf
            The leaf hash that it must have, if one is known; computed here where ``usual`` is not given.
        usual
            Its parts, if the caller built these bytes from them and hashed them; says too whether a label's signature
            is left to the caller.

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
        if leaf is None or usual is None:
            envelope = envelope if isinstance(envelope, bytes) else envelope()
            made = leaf_hash(envelope)
        else:
            made = leaf
        if leaf is not None and made != leaf:
            raise IntegrityError("LED-004", index=self.size)
        record = self.judge(envelope, made, self.size, self.previous, usual=usual)
        self.tree.add(made)
        self.previous = made
        self.first = self.first or made
        return record

    def skip(self, *leaves: bytes) -> None:
        """Pass over records of which only the leaf hash counts (partial states)."""
        if leaves:
            self.tree.extend(leaves)
            self.previous = leaves[-1]
            self.first = self.first or leaves[0]

    def pass_over(self, leaf: bytes) -> None:
        """Pass over a record that was removed: what named it is taken as in a partial state from here on."""
        self.gone.add(self.size)
        self.partial = True
        self.skip(leaf)

    def judge(
        self,
        envelope: bytes | Callable[[], bytes],
        leaf: bytes,
        index: int,
        previous: bytes | None,
        *,
        usual: Usual | None = None,
    ) -> Record:
        """Check one record for a place and take what it says into the state (errors as :meth:`take`)."""
        found = None if usual is None else quick.document(LABEL, usual.payload, value=usual.value)
        if found is None or usual is None:
            return self._judge_any(envelope if isinstance(envelope, bytes) else envelope(), leaf, index, previous)
        document, digest = found
        predicate = document["predicate"]
        self._check_place(predicate, records.LABEL, index, previous)
        public = self.enrolled(predicate["signer"]).public
        name = key_id(public)
        if usual.key != name:
            raise IntegrityError("LED-023")
        if usual.check and not verify(public, usual.signature, pae(IN_TOTO, usual.payload)):
            raise IntegrityError("LED-006")
        record = Record(index, leaf, records.LABEL, document["subject"], predicate, digest)
        self._accept(record, name)
        return record

    def _judge_any(self, envelope: bytes, leaf: bytes, index: int, previous: bytes | None) -> Record:
        """Do what :meth:`judge` does, for whatever the bytes may be."""
        parsed = parse_envelope(envelope)
        document = _payload(parsed)
        kind = _kind(document)
        predicate = document["predicate"]
        self._check_place(predicate, kind, index, previous)
        record = Record(index, leaf, kind, document["subject"], predicate)
        public = self._signing_key(record)
        name = key_id(public)
        if [one for one, _ in parsed.signatures] != [name]:
            raise IntegrityError("LED-023")
        check_signatures(parsed, {name: public})
        check_signer(self, record)
        self._accept(record, name)
        return record

    def _check_place(self, predicate: dict[str, Any], kind: str, index: int, previous: bytes | None) -> None:
        if predicate["sequence"] != index:
            raise IntegrityError("LED-007", stated=predicate["sequence"], index=index)
        if predicate["previous"] != (previous.hex() if previous else None):
            raise IntegrityError("LED-008")
        if (kind == records.GENESIS) != (index == 0):
            raise IntegrityError("LED-007", stated=0, index=index)
        if index and predicate["dataset"] != self.dataset:
            raise IntegrityError("LED-009")

    def _accept(self, record: Record, name: str) -> None:
        """Run the rule of a record's kind, then count it."""
        _rules()[record.kind](self, record)
        if record.kind != records.LABEL:
            self.agreed.clear()
        self._count(record, name)
        self.facts.note(self, record, name)

    def _signing_key(self, record: Record) -> bytes:
        if record.kind == records.GENESIS:
            return raw_key(record.predicate["operatorKey"])
        if record.kind == records.ENROLLMENT and not self.active():
            if "bootstrapKey" not in record.predicate:
                raise UsageError("KEY-018")
            return raw_key(record.predicate["bootstrapKey"])
        if record.kind == records.EVENTS and record.predicate["signer"] == records.OPERATOR:
            return self.operator
        return self.enrolled(record.predicate["signer"]).public

    def _count(self, record: Record, name: str) -> None:
        self.counts[record.kind] = self.counts.get(record.kind, 0) + 1
        self.signers.add(name)
        at = record.predicate["signedAt"]
        if at > self.newest_time:
            self.newest_time = at
        elif at < self.newest_time:
            first, count = self.backwards or (record.index, 0)
            self.backwards = (first, count + 1)

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
        if name not in self._numbers:
            # A new table, never the old one changed: a fork that is dropped may have had other people.
            self._numbers = {one: at for at, one in enumerate(self.people)}
        return self._numbers[name]

    def operator_keys(self) -> frozenset[bytes]:
        """Return every key that the operator has or had."""
        return frozenset(one.public for one in self.operators)

    def operator_at(self, size: int) -> bytes:
        """Return the operator's key over the first so many records (at least one)."""
        return next(one.public for one in reversed(self.operators) if one.since < size)

    def checkpoint_keys(self) -> dict[str, bytes]:
        """Return who may sign a checkpoint over the records so far: id to raw key, the operator under ``""``."""
        return {"": self.operator} | {person.id: person.public for person in self.active()}


@cache
def _rules() -> dict[str, Callable[[State, Record], None]]:
    from curator.provenance.rules import RULES  # it needs this module

    return RULES


def _kind(document: Any) -> str:
    """Return the kind of a statement that follows its schema."""
    kind = document.get("predicateType") if isinstance(document, dict) else None
    if not isinstance(kind, str):
        raise IntegrityError("LED-005", reason="it holds no in-toto statement")
    if kind not in records.SCHEMAS:
        raise CheckError("LED-021")
    schema = records.SCHEMAS[kind]
    place = None if shape_of(schema)(document) else violation(schema, document)
    if place is not None:
        raise IntegrityError("LED-020", schema=schema, place=place)
    return kind


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


def kind_of(envelope: bytes) -> str | None:
    """Return the predicate type of an envelope's statement, None where it cannot be told."""
    try:
        kind = _payload(parse_envelope(envelope))["predicateType"]
    except (IntegrityError, KeyError, TypeError):
        return None
    return kind if isinstance(kind, str) else None


def raw_key(text: str) -> bytes:
    """Decode a raw public key of a record (LED-023 when it is none, KEY-050 when it is unfit)."""
    try:
        raw = decode64(text)
        algorithm_of(raw)
    except ValueError:
        raise IntegrityError("LED-023") from None
    require_fit(raw)
    return raw
