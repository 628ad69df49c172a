"""Make proofs from a ledger on disk: every leaf is hashed once, each proof after that costs the logarithm of the size.

A signature of a record is not checked here, and need not be: the leaf hashes are taken anew from the envelopes, and a
proof is made only where they give the root that the operator signed. A proof over anything else is never made.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from itertools import islice

from curator.core.canonical import strict_loads
from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.provenance.dsse import parse_envelope
from curator.provenance.hashtree import HashTree
from curator.provenance.ledger import Entry, Ledger, origin_of
from curator.provenance.merkle import leaf_hash
from curator.provenance.note import Checkpoint, parse_checkpoint, parse_note
from curator.provenance.proofs import ConsistencyProof, LogProof, signed_checkpoint
from curator.provenance.records import LABEL
from curator.provenance.state import State
from curator.provenance.verify import take_entry

Advance = Callable[[int], None]


class Prover:
    """The hashes of a whole ledger, under a checkpoint that its operator signed.

    Parameters
    ----------
    ledger
        The ledger.
    checkpoint
        The checkpoint to prove under; None takes the newest of the operator's that the ledger stores.
    operator
        The operator's raw public key, held elsewhere; None takes it from the first record.
    label
        Find the record of the label with this id on the way.
    advance
        Called with the number of records hashed since the last call.

    Raises
    ------
    UsageError
        LED-001 when there is no ledger.
    IntegrityError
        LED-003, LED-004, LED-017 for a damaged ledger; LED-013 when its records are not those of the checkpoint;
        LED-014 when the checkpoint is over more; LED-015 for another ledger's, LED-016 for another operator's key.
    CheckError
        LED-053 when the operator signed no checkpoint yet.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        checkpoint: bytes | None = None,
        operator: bytes | None = None,
        label: str | None = None,
        advance: Advance = lambda _: None,
    ) -> None:
        self.ledger = ledger
        #: Index of the label that was looked for, if it was found.
        self.found: int | None = None
        self._label = label
        state = self._first()
        if operator is not None and operator != state.operator:
            raise IntegrityError("LED-016")
        self.operator = state.operator
        self.origin = origin_of(state.dataset, state.first)
        self.tree = HashTree(self._leaves(advance))
        self.checkpoint = self.newest() if checkpoint is None else checkpoint
        self.said = self.held(self.checkpoint)

    def _first(self) -> State:
        entry = next(iter(self.ledger.entries()), None) if self.ledger.exists() else None
        if entry is None:
            raise UsageError("LED-001")
        state = State()
        take_entry(state, entry.index, entry.envelope, entry.leaf)
        return state

    def _leaves(self, advance: Advance) -> Iterator[bytes]:
        label = self._label
        # Most records are told apart without being decoded.
        looked_for = () if label is None else _spellings(f'"labelId":{json.dumps(label)}'.encode())
        for entry in self.ledger.entries():
            envelope = entry.envelope
            made = entry.own_leaf()
            if made != entry.leaf:
                raise IntegrityError("LED-004", index=entry.index)
            if label is not None and self.found is None and any(text in envelope for text in looked_for):
                self.found = entry.index if _is_label(envelope, label) else None
            yield made
            advance(1)

    def newest(self) -> bytes:
        """Return the newest stored checkpoint that claims the operator's signature (CheckError LED-053 for none)."""
        for size, data in reversed(self.ledger.checkpoints()):
            note = parse_note(data)
            said = parse_checkpoint(note)
            if said.size == size and any(entry.name == said.origin for entry in note.signatures):
                return data
        raise CheckError("LED-053", index=0)

    def held(self, checkpoint: bytes) -> Checkpoint:
        """Hold a checkpoint against the records, and return what it says (errors as the class)."""
        said = signed_checkpoint(checkpoint, self.operator)
        if said.origin != self.origin:
            raise IntegrityError("LED-015")
        if said.size > self.tree.size:
            raise IntegrityError("LED-014", signed=said.size, size=self.tree.size)
        if said.root != self.tree.root(said.size):
            raise IntegrityError("LED-013", size=said.size)
        return said

    def envelope(self, index: int) -> bytes:
        """Return one record's bytes, which are those of its leaf (UsageError LED-019 when there is none)."""
        entry = self.ledger.entry(index)
        if index >= self.tree.size:
            raise UsageError("LED-019")
        if entry.purged:
            raise UsageError("LED-113", index=index)
        if leaf_hash(entry.envelope) != self.tree.leaf(index):
            raise IntegrityError("LED-004", index=index)
        return entry.envelope

    def entries(self) -> Iterator[Entry]:
        """Yield the records under the checkpoint, each of which is that of its leaf."""
        for entry in islice(self.ledger.entries(), self.said.size):
            if entry.own_leaf() != self.tree.leaf(entry.index):
                raise IntegrityError("LED-004", index=entry.index)
            yield entry

    def inclusion(self, index: int) -> LogProof:
        """Prove that a record stands under the checkpoint.

        Raises
        ------
        UsageError
            LED-019 when there is no such record.
        CheckError
            LED-053 when it stands behind the checkpoint.
        """
        if not 0 <= index < self.tree.size:
            raise UsageError("LED-019")
        if index >= self.said.size:
            raise CheckError("LED-053", index=index)
        return LogProof(index, tuple(self.tree.inclusion(index, self.said.size)), self.checkpoint)

    def consistency(self, old: bytes) -> ConsistencyProof:
        """Prove that the checkpoint extends an older one of the operator's.

        Raises
        ------
        IntegrityError
            LED-055 when the older one is over more records, and as the class.
        """
        older = self.held(old)
        if older.size > self.said.size:
            raise IntegrityError("LED-055", old=older.size, new=self.said.size)
        if not older.size:
            raise IntegrityError("LED-050", reason="the older checkpoint is over no record")
        return ConsistencyProof(older.size, tuple(self.tree.consistency(older.size, self.said.size)), self.checkpoint)


def _spellings(text: bytes) -> tuple[bytes, ...]:
    """Return what stands in base64 wherever a text stands in the payload, for each of its three alignments."""
    made = []
    for shift, lost in ((0, 0), (1, 2), (2, 3)):
        whole = (shift + len(text)) // 3 * 3
        made.append(base64.b64encode((bytes(shift) + text)[:whole])[lost:])
    return tuple(made)


def _is_label(envelope: bytes, label: str) -> bool:
    """Say whether a record is the label with an id, and not one that names it."""
    try:
        document = strict_loads(parse_envelope(envelope).payload)
        return bool(document["predicateType"] == LABEL and document["predicate"]["labelId"] == label)
    except (KeyError, TypeError):
        return False
