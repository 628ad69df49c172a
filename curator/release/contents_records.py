"""The ledger extract of a package, held against its lists: records, leaves, proofs, the checkpoint, the roster."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.spill import Rows
from curator.provenance.dsse import MAX_ENVELOPE_BYTES
from curator.provenance.keys import key_id
from curator.provenance.ledger import origin_of
from curator.provenance.note import MAX_NOTE_BYTES, parse_checkpoint, parse_note, verified
from curator.provenance.records import LABEL, WITNESSED
from curator.provenance.state import Record, State
from curator.provenance.status import word
from curator.release import layout
from curator.release.carried import sizes_in
from curator.release.contents_read import MAX_LINE, lines, read, stated
from curator.release.lists import SampleSet, label_stem, leaves, split_state, value_file
from curator.release.purge import Purged, mark
from curator.release.roster import Roster
from curator.release.summary import Summary

LEDGER = "data/ledger"


class Records:
    """The ledger's part of a package."""

    def __init__(
        self,
        folder: Path,
        operator: bytes,
        held: SampleSet,
        manifest: dict[str, Any],
        summary: Summary,
        purged: Purged,
    ) -> None:
        self.purged = purged
        #: Labels in the list, with those of purged records.
        self.listed = 0
        self.folder = folder
        self.operator = operator
        self.held = held
        self.manifest = manifest
        self.roster = Roster()
        self.labels = 0
        self.released = 0
        #: Names of the files that hold large values of labels.
        self.values: set[str] = set()
        self.summary = summary
        #: Root of the leaf hashes at the size of each checkpoint that the package carries.
        self.roots_at: dict[int, bytes] = {}
        self.witnessed: list[Record] = []
        #: Of each label released, in order: its id, and the hash of its line without the state.
        self._stems: Rows[tuple[str, bytes]] = Rows()
        #: Index to leaf hash of each record that is here no more.
        self._lost: dict[int, str] = {}

    def check(self) -> State:
        """Replay the records released between the leaf hashes, then the checkpoint over all."""
        state = State(partial=True)
        envelopes = lines(self.folder, layout.RECORDS, MAX_ENVELOPE_BYTES)
        waiting = next(envelopes, None)
        sizes = sizes_in(self.folder / LEDGER)
        for raw in lines(self.folder, layout.LEAVES, 64):
            leaf = self._leaf(raw, state.size)
            if waiting is not None and self._place(waiting, state.size) == state.size:
                self._take(state, waiting, leaf)
                waiting = next(envelopes, None)
            elif state.size == 0:
                raise IntegrityError("REL-027", index=0, why="the first record is not in the package")
            else:
                if state.size in self.purged.records:
                    self._lost[state.size] = leaf.hex()
                state.skip(leaf)
            if state.size in sizes:
                self.roots_at[state.size] = state.tree.root()
        if waiting is not None:
            raise IntegrityError("REL-027", index=state.size, why="a record stands behind the last leaf hash")
        if state.operator != self.operator:
            raise IntegrityError("REL-031")
        self._checkpoint(state)
        digest = self._list(state)
        rewritten = self.purged.rewritten.get(layout.LABELS)
        if rewritten is not None and digest == rewritten[2]:
            digest = rewritten[0]
        stated(self.manifest["labels"], digest, self.listed, layout.LABELS)
        return state

    def _list(self, state: State) -> str:
        """Hold the list of labels against the records, what became of each label and the rule; return its digest."""
        digest, rule = hashlib.sha256(), self.manifest["labelsRule"]["rule"]
        stems = iter(self._stems)
        lost = {mark(at, leaf)[:-1] for at, leaf in self._lost.items()}
        for raw in lines(self.folder, layout.LABELS, MAX_LINE):
            self.listed += 1
            if raw in lost:
                digest.update(raw + b"\n")
                continue
            label, wanted = next(stems, ("", b""))
            stem, stated = split_state(raw)
            known = state.labels.get(label)
            marks = known.status if known is not None else 0
            if hashlib.sha256(stem).digest()[:16] != wanted or stated != word(marks):
                raise IntegrityError("REL-028", what=f"{layout.LABELS} is not the list of the labels released")
            if not leaves(rule, marks):
                raise IntegrityError("REL-028", what=f"a label in it is {stated}, and only '{rule}' ones leave")
            digest.update(raw + b"\n")
        if next(stems, None) is not None:
            raise IntegrityError("REL-028", what=f"{layout.LABELS} is not the list of the labels released")
        return digest.hexdigest()

    @staticmethod
    def _leaf(raw: bytes, index: int) -> bytes:
        text = raw.decode("ascii", "replace")
        if len(text) != 64 or set(text) - set("0123456789abcdef"):
            raise IntegrityError("REL-027", index=index, why="its leaf hash is malformed")
        return bytes.fromhex(text)

    @staticmethod
    def _place(envelope: bytes, index: int) -> int:
        """Return where a record says that it stands."""
        from curator.provenance.dsse import parse_envelope

        try:
            place = strict_loads(parse_envelope(envelope).payload)["predicate"]["sequence"]
        except (CuratorError, KeyError, TypeError):
            place = None
        if not isinstance(place, int) or place < index:
            raise IntegrityError("REL-027", index=index, why="the next record cannot be read or is out of order")
        return place

    def _take(self, state: State, envelope: bytes, leaf: bytes) -> None:
        index = state.size
        if index in self.purged.records:
            raise IntegrityError("REL-062", name=layout.RECORDS)
        try:
            record = state.take(envelope, leaf)
        except (IntegrityError, UsageError) as error:
            raise IntegrityError("REL-027", index=index, why=f"{error.code} {error.sentence}") from None
        self.roster.see(record)
        if record.kind == WITNESSED:
            self.witnessed.append(record)
        self.released += 1
        if record.kind == LABEL:
            self._label(record)

    def _label(self, record: Record) -> None:
        if not self.held.holds(record):
            raise IntegrityError("REL-027", index=record.index, why="its sample is not in the package with this digest")
        upto = self.manifest["labelsRule"]["upto"]
        if upto is not None and record.index >= upto:
            raise IntegrityError(
                "REL-028", what=f"label record {record.index} stands behind those that were taken over"
            )
        self._stems.append((record.predicate["labelId"], hashlib.sha256(label_stem(record)).digest()[:16]))
        self.summary.label(record)
        self.labels += 1
        digest = value_file(record)
        if digest is not None:
            self.values.add(f"{digest}.json")

    def _checkpoint(self, state: State) -> None:
        data = read(self.folder, layout.CHECKPOINT, MAX_NOTE_BYTES)
        note = parse_note(data)
        said = parse_checkpoint(note)
        origin = origin_of(state.dataset, state.first)
        try:
            verified(note, [(origin, self.operator)])
        except IntegrityError as error:
            raise IntegrityError("REL-028", what=f"the checkpoint does not hold ({error.code})") from None
        if (said.origin, said.size, said.root) != (origin, state.size, state.tree.root()):
            raise IntegrityError("REL-028", what="the leaf hashes do not give the root that the checkpoint signs")
        stated = {
            "origin": origin,
            "size": state.size,
            "root": state.tree.root().hex(),
            "operatorKeyId": key_id(state.operator),
            "checkpoint": data.decode(),
        }
        if self.manifest["ledger"] != stated or self.manifest["dataset"] != state.dataset:
            raise IntegrityError("REL-028", what="the manifest names another ledger")
