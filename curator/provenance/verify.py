"""Verify a ledger from its stored bytes alone, and name the first bad record.

Needs the folder, and better also a checkpoint and the operator's public key that were held elsewhere. Never opens the
vault, never loads a DICOM reader or a detector.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.project.config import CONFIG_NAME, read_config
from curator.provenance.ledger import Ledger, origin_of, person_name
from curator.provenance.note import Checkpoint, Note, parse_checkpoint, parse_note, verified
from curator.provenance.records import LABEL, PURGE
from curator.provenance.rows import Chunk
from curator.provenance.rules import ROSTER
from curator.provenance.signatures import Checks, signature_checks
from curator.provenance.state import LABEL_MARK, Record, State, Usual, kind_of

FULL, RULES, CONTENT = "full", "rules", "content"
#: Below so many records one process checks all signatures sooner than others have started.
FEW = 20_000
#: Records that a verifier which looks only at content takes too: they say what may be lacking.
_ORDERS = frozenset({PURGE})
#: From the mark of a label to the last bracket of its payload, which opens the subject.
_TO_SUBJECT = len(LABEL_MARK + b',"subject":')


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
    depth
        How deep was looked: :data:`FULL`, :data:`RULES` or :data:`CONTENT`.
    pending
        Parts that no commit names.
    purged
        Records that are here no more but for their leaf hashes, each by a signed order.
    """

    state: State
    seals: list[Seal] = field(default_factory=list)
    held: Seal | None = None
    operator_given: bool = False
    error: CuratorError | None = None
    record: int | None = None
    depth: str = FULL
    pending: int = 0
    purged: int = 0

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
    depth: str = FULL,
    workers: int = 1,
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
        Called with each record that passed; not with labels at the depth of content.
    depth
        :data:`FULL` checks every record by every rule, with its signature. :data:`RULES` leaves out the signatures of
        labels under the newest checkpoint, whose signer checked them. :data:`CONTENT` leaves out what these labels say,
        too: it hashes every record and compares the tree with every checkpoint. Whatever is found at these depths is
        looked for again at full depth, so that the first bad record has its name.
    workers
        Processes that check signatures of labels at full depth; 1 checks them here.

    Returns
    -------
    LedgerReport
        With its ``error`` set to the first thing that is broken; the caller decides on :meth:`LedgerReport.require`.

    Raises
    ------
    UsageError
        LED-001 when there is no ledger at all (in a project's folder the report says LED-116), LED-032 when it is made
        of symbolic links.
    """
    ledger = Ledger(folder)
    if workers > 1 and ledger_size(ledger) < FEW:
        workers = 1
    report = LedgerReport(
        State(partial=depth == CONTENT), operator_given=operator_key is not None, depth=depth, pending=0
    )
    try:
        ledger.check_links()
        held = None if against is None else _parsed(against)
        marks = _marks(ledger)
        if not ledger.exists():
            signed = max([*marks, held[1].size if held else 0])
            if signed:
                report.record = 0
                raise IntegrityError("LED-014", signed=signed, size=0)
            if _settings(folder) is not None:
                report.record = 0
                raise IntegrityError("LED-116")
            raise UsageError("LED-001")
        with signature_checks(ledger, workers if depth == FULL else 1) as checks:
            _replay(_Given(ledger, report, marks, held, operator_key, advance, visit, checks))
        _at_home(folder, report)
        report.pending = ledger.pending()
    except CuratorError as error:
        if error.code in {"LED-001", "LED-032"}:
            raise
        report.error = error
    if report.error is not None and (depth != FULL or workers > 1):
        exact = verify_ledger(folder, against=against, operator_key=operator_key)
        return exact if exact.error is not None else report
    return report


def depth_for(ledger: Ledger) -> str:
    """Say how deep to look before going on: all signatures of a small ledger, else those under no checkpoint."""
    return FULL if ledger_size(ledger) < FEW else RULES


def present_state(folder: Path) -> State:
    """Verify a ledger as deep as :func:`depth_for` says and return what its records add up to.

    Raises
    ------
    CuratorError
        Whatever :func:`verify_ledger` found.
    """
    return verify_ledger(folder, depth=depth_for(Ledger(folder))).require().state


def ledger_size(ledger: Ledger) -> int:
    """Return the number of records by the last commit alone, 0 where it cannot be read."""
    try:
        return ledger.size()
    except CuratorError:
        return 0


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


@dataclass
class _Given:
    """What a replay needs; ``marks`` are checkpoints by size, taken out as they are checked."""

    ledger: Ledger
    report: LedgerReport
    marks: dict[int, list[tuple[Note, Checkpoint]]]
    held: tuple[Note, Checkpoint] | None
    operator_key: bytes | None
    advance: Callable[[int], None] | None
    visit: Callable[[Record], None] | None
    checks: Checks | None

    def __post_init__(self) -> None:
        #: Records below this stand under a stored checkpoint, which is checked when they are read.
        self.sealed = max(self.marks, default=0)
        self.stored = frozenset(self.marks)
        #: Sizes at which something is to be checked, in order.
        self.stops = sorted(self.stored | ({self.held[1].size} if self.held is not None else set()))

    def passed(self, count: int) -> None:
        """Check what is due at the present size; ``count`` records were just taken."""
        report = self.report
        state = report.state
        if (size := state.tree.size) in self.marks:
            report.seals += [check_seal(state, note, said) for note, said in self.marks.pop(size)]
        if self.held is not None and self.held[1].size == size:
            report.held = check_seal(state, *self.held)
        if self.advance is not None:
            self.advance(count)


def _replay(given: _Given) -> None:
    report, held = given.report, given.held
    state = report.state
    try:
        for chunk in given.ledger.chunks():
            if report.depth == CONTENT:
                _content(given, chunk)
            else:
                _rules(given, chunk)
            if given.checks is not None:
                given.checks.seen(chunk, state)
        if given.checks is not None:
            given.checks.finish()
    except IntegrityError as error:
        report.record = error.facts.get("index", report.record)
        if error.code == "LED-015" and report.held is None and state.size in given.stored:
            report.record = 0  # the name of a ledger is taken from its first record
        if error.code == "LED-003":
            _name_changed(given.ledger, report)
        raise
    except CheckError:
        report.record = state.size
        raise
    _orders(report)
    if given.operator_key is not None and given.operator_key not in state.operator_keys():
        report.record = 0
        raise IntegrityError("LED-016")
    if held is not None and held[1].origin != report.origin:
        raise IntegrityError("LED-015")
    sizes = [*given.marks, *([held[1].size] if held else [])]
    if max(sizes, default=0) > state.size:
        report.record = state.size
        raise IntegrityError("LED-014", signed=max(sizes), size=state.size)
    if held is not None and report.held is None:
        raise IntegrityError("LED-015")


def _settings(folder: Path) -> Path | None:
    """Return the settings of the project in which a ledger's folder stands, or None if it stands in none."""
    settings = folder.parent / CONFIG_NAME
    return settings if folder.name == "ledger" and settings.is_file() else None


def _at_home(folder: Path, report: LedgerReport) -> None:
    """Hold the ledger's dataset against that of the project in which the folder stands, if it stands in one."""
    settings = _settings(folder)
    if settings is None:
        return
    try:
        dataset = read_config(settings).dataset
    except UsageError:  # a command of the project says so itself; the ledger is judged by its own bytes
        return
    if dataset != report.state.dataset:
        report.record = 0
        raise IntegrityError("LED-115")


def _orders(report: LedgerReport) -> None:
    """Hold every record that is here no more against the signed orders."""
    gone, ordered = report.state.gone, report.state.facts.purged
    report.purged = len(gone)
    if not gone <= ordered.keys():
        report.record = min(gone - ordered.keys())
        raise IntegrityError("LED-112", index=report.record)


def _take(given: _Given, chunk: Chunk, at: int, *, label: bool = True) -> None:
    """Take one record by every rule; ``label`` is False where it is known to be none, and no label's form is tried."""
    index, report = chunk.first + at, given.report
    if at in chunk.purged:
        report.state.pass_over(chunk.leaves[at])
        return
    elsewhere = given.checks is not None or (report.depth != FULL and index < given.sealed)
    parts = chunk.parts(at) if label else None
    usual = None if parts is None else Usual(*parts, check=not elsewhere, value=given.visit is not None)
    record = take_entry(report.state, index, partial(chunk.envelope, at), chunk.leaves[at], usual)
    if given.visit is not None:
        given.visit(record)


def _rules(given: _Given, chunk: Chunk) -> None:
    """Take a chunk's records by every rule, and say after each run of them up to a checkpoint how many there were."""
    count = len(chunk.leaves)
    stops = given.stops[bisect_right(given.stops, chunk.first) : bisect_right(given.stops, chunk.first + count)]
    at = 0
    for end in sorted({*(stop - chunk.first for stop in stops), count}):
        for place in range(at, end):
            _take(given, chunk, place)
        given.passed(end - at)
        at = end


def _content(given: _Given, chunk: Chunk) -> None:
    """Take a chunk's leaves; look only into records that say whose keys are good, and those under no checkpoint."""
    state, count = given.report.state, len(chunk.leaves)
    stops = given.stops[bisect_right(given.stops, chunk.first) : bisect_right(given.stops, chunk.first + count)]
    due = {one - chunk.first for one in stops} | {count}
    # Looked for first where it usually stands, before the last bracket.
    odd = {
        at
        for at, tail in enumerate(chunk.tails)
        if tail is None or not (tail.startswith(LABEL_MARK, tail.rfind(b"[") - _TO_SUBJECT) or LABEL_MARK in tail)
    }
    odd.update(range(max(0, given.sealed - chunk.first), count))
    odd |= chunk.purged
    at = 0
    for end in sorted(due | odd | {one + 1 for one in odd}):
        if end <= at:
            continue
        if at not in odd:
            state.skip(*chunk.leaves[at:end])
            state.counts[LABEL] = state.counts.get(LABEL, 0) + end - at
        elif at in chunk.purged or chunk.first + at >= given.sealed:
            _take(given, chunk, at)
        elif kind_of(chunk.envelope(at)) in ROSTER | _ORDERS:
            _take(given, chunk, at, label=False)
        else:
            state.skip(chunk.leaves[at])
        given.passed(end - at)
        at = end


def take_entry(
    state: State, index: int, envelope: bytes | Callable[[], bytes], leaf: bytes, usual: Usual | None = None
) -> Record:
    """Take a stored record into a state; the rest as for :meth:`State.take`.

    Raises
    ------
    IntegrityError
        LED-003 or LED-010, with the record's index.
    CheckError
        LED-021 for a kind of record that this version does not know.
    """
    if index != state.size:
        raise IntegrityError("LED-003", index=state.size)
    try:
        return state.take(envelope, leaf, usual=usual)
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
            take_entry(report.state, entry.index, entry.envelope, entry.leaf)
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
