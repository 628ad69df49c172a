"""Add records: replay what stands, sign for the next place, commit if nobody was faster, seal with a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from curator.core.canonical import canonical_bytes
from curator.core.clock import Clock, offset_text, utc_text
from curator.core.errors import CheckError, UsageError
from curator.provenance.dsse import IN_TOTO, pae, sign_envelope
from curator.provenance.facts import check_clock, check_expired
from curator.provenance.keys import PersonKey, Signer, key_id
from curator.provenance.ledger import Ledger, origin_of, person_name
from curator.provenance.merkle import leaf_hash
from curator.provenance.note import Checkpoint
from curator.provenance.records import OPERATOR, Draft, Place, genesis, statement
from curator.provenance.rows import build
from curator.provenance.state import Record, State, Usual
from curator.provenance.verify import LedgerReport, depth_for, take_entry, verify_ledger

#: Records a commit; a killed run loses at most one batch that it had not yet said was signed.
BATCH = 1000
TRIES = 64
_Item = TypeVar("_Item", str, tuple[str, str, str, str])


def first_record(dataset: str, operator: Signer, clock: Clock, policy: dict[str, str] | None = None) -> bytes:
    """Sign the first record of a ledger and return its envelope."""
    draft = genesis(dataset, operator.public, policy)
    payload = statement(draft, Place(dataset, 0, None), OPERATOR, clock.now())
    return sign_envelope(payload, [operator])


class Signed(NamedTuple):
    """A record that was just signed: envelope, leaf hash, and its parts for the rules."""

    envelope: bytes
    leaf: bytes
    usual: Usual


def sign_drafts(drafts: Sequence[Draft], key: PersonKey, state: State, moment: datetime) -> list[Signed]:
    """Sign drafts for the places that come next; each signs the leaf hash of the one before.

    Parameters
    ----------
    drafts
        What is stated, in order.
    key
        Whose signature it is.
    state
        What stands before them; not changed.
    moment
        The time of signing, aware.

    Returns
    -------
    list
        The signed records, not yet judged by any rule.
    """
    name, sign = key_id(key.signer.public), key.signer.sign
    digits = name.encode()
    dataset, at, signer, offset = (
        canonical_bytes(text) for text in (state.dataset, utc_text(moment), key.person, offset_text(moment))
    )
    before = b'"%b"' % state.previous.hex().encode() if state.previous else b"null"
    made = []
    for number, draft in enumerate(drafts, state.size):
        a, b, c, d, e, f, g = draft.frame
        payload = b"".join((a, dataset, b, before, c, b"%d" % number, d, at, e, signer, f, offset, g))
        signature = sign(pae(IN_TOTO, payload))
        envelope = build(payload, digits, signature)
        leaf = leaf_hash(envelope)
        before = b'"%b"' % leaf.hex().encode()
        made.append(Signed(envelope, leaf, Usual(payload, name, signature, True)))
    return made


class Appender:
    """Adds records to a ledger that it has verified whole first.

    Parameters
    ----------
    ledger
        The ledger.
    clock
        For the records' times.
    advance
        Called with the number of records verified.
    visit
        Called with each record that passed.

    Raises
    ------
    UsageError
        LED-001 when there is no ledger.
    IntegrityError
        Whatever :func:`curator.provenance.verify.verify_ledger` found: nothing is signed on top of a broken ledger.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        advance: Callable[[int], None] | None = None,
        visit: Callable[[Record], None] | None = None,
    ) -> None:
        self.ledger = ledger
        self.clock = clock
        self.report: LedgerReport = verify_ledger(
            ledger.folder, advance=advance, visit=visit, depth=depth_for(ledger)
        ).require()
        self.state: State = self.report.state
        self._next = sum(1 for _, first, _ in ledger.commits() if first < self.state.size)

    def _catch_up(self) -> None:
        """Take in, by the same rules, what others committed meanwhile."""
        start = self._next
        for _, first, count in self.ledger.commits(start):
            for entry in self.ledger.entries(max(first, self.state.size)):
                if entry.index >= first + count:
                    break
                if entry.purged:
                    self.state.pass_over(entry.leaf)
                else:
                    take_entry(self.state, entry.index, entry.envelope, entry.leaf)
            self._next += 1

    def append(self, drafts: Sequence[Draft], key: PersonKey) -> list[Record]:
        """Sign drafts in order and commit them together.

        Parameters
        ----------
        drafts
            At most :data:`BATCH`.
        key
            Whose signature it is.

        Returns
        -------
        list
            The records as they stand now; when this returns they are on the disk.

        Raises
        ------
        UsageError
            A rule forbids one of them (nothing was added), KEY-016 when the key is not the one enrolled, LED-078 when
            the clock was set back.
        CheckError
            LED-018 after many collisions with other writers.
        """
        if not 0 < len(drafts) <= BATCH:
            raise ValueError(f"a commit takes 1 to {BATCH} records")
        for _ in range(TRIES):
            trial = self.state.fork()
            self._check_key(trial, key)
            moment = self.clock.now()
            check_clock(trial, key.signer.public, moment)
            signed = sign_drafts(drafts, key, trial, moment)
            made = [trial.take(one.envelope, one.leaf, usual=one.usual) for one in signed]
            if self.ledger.add(self._next, self.state.size, [one.envelope for one in signed], self.state.previous):
                self.state.adopt(trial)
                self._next += 1
                return made
            self._catch_up()
        raise CheckError("LED-018")

    @staticmethod
    def _check_key(state: State, key: PersonKey) -> None:
        if key.person == OPERATOR and key.signer.public == state.operator:
            return
        if state.active() and state.enrolled(key.person).public != key.signer.public:
            raise UsageError("KEY-016")

    def seal(self, key: PersonKey | None = None, operator: Signer | None = None) -> bytes | None:
        """Sign a checkpoint over all records taken so far.

        Parameters
        ----------
        key
            A person's key: that person signs an interim checkpoint, once enrolled.
        operator
            The operator's signer, when the vault is open.

        Returns
        -------
        bytes or None
            The note; None when nobody here may sign one yet.

        Raises
        ------
        UsageError
            VLT-046 when the operator's key is not the one in force.
        """
        origin = origin_of(self.state.dataset, self.state.first)
        signers: list[tuple[str, Signer]] = []
        if operator is not None:
            if operator.public != self.state.operator:
                raise UsageError("VLT-046")
            signers.append((origin, operator))
        if key is not None and self.state.checkpoint_keys().get(key.person) == key.signer.public:
            check_expired(self.state, key.person, utc_text(self.clock.now()))
            signers.append((person_name(origin, key.person), key.signer))
        if not signers:
            return None
        return self.ledger.put_checkpoint(Checkpoint(origin, self.state.size, self.state.tree.root()), signers)


def sign_and_append(
    ledger: Ledger,
    drafts: Sequence[Draft],
    key: PersonKey,
    clock: Clock,
    *,
    operator_seed: bytes | None = None,
) -> list[Record]:
    """Verify a ledger, add a few records as one person, and seal it.

    Parameters
    ----------
    ledger
        The ledger.
    drafts
        What to sign, at most :data:`BATCH`.
    key
        Whose signature it is.
    clock
        For the records' times.
    operator_seed
        The operator's private key, when the vault is open: the operator then signs the checkpoint too.

    Returns
    -------
    list
        The records as they stand now (errors as :class:`Appender` and :meth:`Appender.append`).
    """
    from curator.provenance.keys import SeedSigner

    appender = Appender(ledger, clock)
    made = appender.append(drafts, key)
    appender.seal(key, None if operator_seed is None else SeedSigner(operator_seed))
    return made


def sign_in_parts(
    folder: Path,
    items: Iterable[_Item],
    most: int,
    stated: Callable[[list[_Item]], Draft],
    key: PersonKey,
    clock: Clock,
    *,
    operator_seed: bytes | None = None,
) -> list[Record]:
    """Sign one statement about so many items at the most each; as :func:`sign_and_append`, and nothing for no items.

    Parameters
    ----------
    folder
        The ledger's folder.
    items
        What the statements are about; each once, in order.
    most
        How many one record may hold.
    stated
        Makes the draft that states something of a list of items.
    key, clock, operator_seed
        As :func:`sign_and_append` takes them.
    """
    wanted = sorted(set(items))
    drafts = [stated(wanted[at : at + most]) for at in range(0, len(wanted), most)]
    return sign_and_append(Ledger(folder), drafts, key, clock, operator_seed=operator_seed) if drafts else []
