"""Verify a ledger from its stored bytes alone, and name the first bad record.

Needs the folder, and better also a checkpoint and the operator's public key that were held elsewhere. Never opens the
vault, never loads a DICOM reader or a detector.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.provenance.keys import key_id
from curator.provenance.ledger import Entry, Ledger, origin_of, person_name
from curator.provenance.note import Checkpoint, Note, parse_checkpoint, parse_note, verified
from curator.provenance.records import LABEL
from curator.provenance.state import Record, State


@dataclass(frozen=True)
class Seal:
    """A checkpoint that verified: its size, its root, and who signed (``""`` for the operator)."""

    size: int
    root: bytes
    by: tuple[str, ...]


@dataclass
class LedgerReport:
    """What the verification of a ledger found.

    Parameters
    ----------
    state
        The sum of the records up to the first bad one.
    seals
        Stored checkpoints that verified, by size.
    held
        The checkpoint given as held elsewhere, if it verified.
    operator_given
        True if the operator's key came from outside the ledger.
    error
        The first thing that is broken, or None.
    record
        Index of the first bad record, where one can be named.
    """

    state: State
    seals: list[Seal] = field(default_factory=list)
    held: Seal | None = None
    operator_given: bool = False
    error: CuratorError | None = None
    record: int | None = None

    @property
    def ok(self) -> bool:
        """True if nothing is broken and everything could be checked."""
        return self.error is None

    @property
    def size(self) -> int:
        """Number of records that were verified."""
        return self.state.size

    @property
    def root(self) -> bytes:
        """Root of the tree over the verified records."""
        return self.state.tree.root()

    @property
    def origin(self) -> str:
        """Origin line of the ledger's checkpoints."""
        return origin_of(self.state.dataset, self.state.first)

    def sealed(self, *, operator: bool) -> int:
        """Return the size of the newest checkpoint, by the operator or by anybody."""
        return max((seal.size for seal in self.seals if not operator or "" in seal.by), default=0)

    def require(self) -> LedgerReport:
        """Return this report if all is well, and raise its error otherwise."""
        if self.error is not None:
            raise self.error
        return self


def verify_ledger(
    folder: Path,
    *,
    against: bytes | None = None,
    operator_key: bytes | None = None,
    advance: Callable[[int], None] | None = None,
    visit: Callable[[Record], None] | None = None,
) -> LedgerReport:
    """Recompute a ledger: parts, commits, leaf hashes, places, signatures, roles, tree, checkpoints.

    Parameters
    ----------
    folder
        The ledger's folder.
    against
        A checkpoint (signed note) that was held elsewhere: the ledger must extend it.
    operator_key
        The operator's raw public key, held elsewhere.
    advance
        Called with the number of records verified since the last call.
    visit
        Called with each record that passed.

    Returns
    -------
    LedgerReport
        With its ``error`` set to the first thing that is broken; the caller decides on :meth:`LedgerReport.require`.

    Raises
    ------
    UsageError
        LED-001 when there is no ledger at all.
    """
    ledger = Ledger(folder)
    report = LedgerReport(State(), operator_given=operator_key is not None)
    try:
        held = None if against is None else _parsed(against)
        marks = _marks(ledger)
        if not ledger.exists():
            signed = max([*marks, held[1].size if held else 0])
            if signed:
                report.record = 0
                raise IntegrityError("LED-014", signed=signed, size=0)
            raise UsageError("LED-001")
        _replay(ledger, report, marks, held, operator_key, advance, visit)
    except CuratorError as error:
        if error.kind == "usage" and error.code == "LED-001":
            raise
        report.error = error
    return report


def _parsed(data: bytes) -> tuple[Note, Checkpoint]:
    note = parse_note(data)
    return note, parse_checkpoint(note)


def _marks(ledger: Ledger) -> dict[int, list[tuple[Note, Checkpoint]]]:
    marks: dict[int, list[tuple[Note, Checkpoint]]] = {}
    for size, data in ledger.checkpoints():
        note, checkpoint = _parsed(data)
        if checkpoint.size != size or not size:
            raise IntegrityError("LED-011", reason="its file is named for another size")
        marks.setdefault(size, []).append((note, checkpoint))
    return marks


def _replay(
    ledger: Ledger,
    report: LedgerReport,
    marks: dict[int, list[tuple[Note, Checkpoint]]],
    held: tuple[Note, Checkpoint] | None,
    operator_key: bytes | None,
    advance: Callable[[int], None] | None,
    visit: Callable[[Record], None] | None,
) -> None:
    state = report.state
    try:
        for entry in ledger.entries():
            record = take_entry(state, entry)
            if visit is not None:
                visit(record)
            if state.size == 1 and operator_key is not None and state.operator != operator_key:
                report.record = 0
                raise IntegrityError("LED-016")
            report.seals += [check_seal(state, note, said) for note, said in marks.pop(state.size, ())]
            if held is not None and held[1].size == state.size:
                report.held = check_seal(state, *held)
            if advance is not None:
                advance(1)
    except IntegrityError as error:
        report.record = error.facts.get("index", report.record)
        if error.code == "LED-003":
            _name_changed(ledger, report)
        raise
    except CheckError:
        report.record = state.size
        raise
    sizes = [*marks, *([held[1].size] if held else [])]
    if max(sizes, default=0) > state.size:
        report.record = state.size
        raise IntegrityError("LED-014", signed=max(sizes), size=state.size)
    if held is not None and report.held is None:
        raise IntegrityError("LED-015")


def take_entry(state: State, entry: Entry) -> Record:
    """Take a stored record into a state.

    Raises
    ------
    IntegrityError
        LED-003, LED-004 or LED-010, with the record's index.
    CheckError
        LED-021 for a kind of record that this version does not know.
    """
    index = state.size
    if entry.index != index:
        raise IntegrityError("LED-003", index=index)
    try:
        return state.take(entry.envelope, entry.leaf)
    except (IntegrityError, UsageError) as error:
        if error.code == "LED-004":
            raise
        raise IntegrityError("LED-010", index=index, rule=error.code, why=error.sentence) from None


def _name_changed(ledger: Ledger, report: LedgerReport) -> None:
    """Look into a damaged part for the record that changed; if none can be named, its first one stands.

    Raises
    ------
    IntegrityError
        The bad record's own error.
    """
    for entry in ledger.salvage(report.state.size):
        try:
            take_entry(report.state, entry)
        except IntegrityError as error:
            report.record = error.facts["index"]
            raise


def check_seal(state: State, note: Note, said: Checkpoint) -> Seal:
    """Check a checkpoint of the state's own size: origin, root, and a signature by the operator or an enrolled person.

    Raises
    ------
    IntegrityError
        LED-015 for another ledger's, LED-013 when the root differs, LED-006 and LED-012 for its signatures.
    """
    origin = origin_of(state.dataset, state.first)
    if said.origin != origin:
        raise IntegrityError("LED-015")
    names = {person_name(origin, name) if name else origin: name for name in state.checkpoint_keys()}
    keys = state.checkpoint_keys()
    by = verified(note, [(name, keys[person]) for name, person in names.items()])
    if said.size != state.size or said.root != state.tree.root():
        raise IntegrityError("LED-013", size=said.size)
    return Seal(said.size, said.root, tuple(names[name] for name in by))


@dataclass(frozen=True)
class Line:
    """One line of a report: PASS, FAIL or NOTE, and a sentence."""

    mark: str
    text: str


def short(digest: str) -> str:
    """Shorten a hex digest for people's eyes."""
    return f"{digest[:4]}…{digest[-2:]}"


def heading(report: LedgerReport) -> str:
    """Say in one line what was verified."""
    newest = max(report.seals, key=lambda seal: (seal.size, "" in seal.by), default=None)
    if newest is None:
        by = "no checkpoint"
    elif "" in newest.by:
        by = f"checkpoint signed by operator {short(key_id(report.state.operator))}"
    else:
        by = f"checkpoint signed by {newest.by[0]} (interim)"
    return f"{report.size:,} records · tree {short(report.root.hex())} · {by}"


def lines(report: LedgerReport) -> list[Line]:
    """Say in a few lines what was found, with figures and without adjectives."""
    state, size = report.state, report.size
    if report.error is not None:
        at = "" if report.record is None else f"first bad record: {report.record} · "
        return [Line("FAIL", f"{at}{report.error.code} {report.error.sentence}")]
    unaltered = "every record unaltered and in place"
    if report.held is not None:
        unaltered += f"; extends the held checkpoint ({report.held.size:,}) without rewriting it"
    people = len(state.signers - {key_id(state.operator)})
    signed = f"{size:,} signatures by {people} enrolled people and the operator, each key valid when it signed"
    own = state.counts.get(LABEL, 0) - state.attested
    counted = f"{own:,} labels signed by their authors · {state.attested:,} import attestations, counted apart"
    return [Line("PASS", text) for text in (unaltered, signed, counted)] + [
        Line("NOTE", text) for text in _notes(report)
    ]


def _notes(report: LedgerReport) -> list[str]:
    made = []
    size = report.size
    by_operator, by_anybody = report.sealed(operator=True), report.sealed(operator=False)
    if not report.operator_given:
        made.append("the operator's key was taken from the ledger itself: give --operator-key to compare it")
    if by_anybody < size:
        made.append(f"{size - by_anybody:,} records after the newest checkpoint: run 'curator ledger checkpoint'")
    if not by_operator:
        made.append("no checkpoint by the operator is stored: a cut of the newest records could not be seen")
    elif by_operator < by_anybody:
        made.append(f"after record {by_operator - 1:,} only enrolled people signed checkpoints, not the operator")
    if report.state.backwards is not None:
        first, count = report.state.backwards
        made.append(f"{count:,} records bear an earlier time than one before them, the first is record {first:,}")
    outside = report.held.size if report.held is not None else 0
    since = f"since the held checkpoint ({outside:,})" if outside else "no checkpoint held elsewhere was given:"
    made.append(f"{since} a holder of all keys could have rewritten {size - outside:,} records unseen")
    return made
