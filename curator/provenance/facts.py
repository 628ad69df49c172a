"""What records about people, splits and logs add up to, beside :class:`curator.provenance.state.State`'s own sums.

Holds also what every record is asked, whatever its kind: whether its signer's key is past its last day, and, for the
records of labels, whether its signer's training is. Times are those that the records state, not the reader's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from curator.core.clock import utc_text
from curator.core.errors import UsageError
from curator.provenance import records
from curator.provenance.expiry import check_expiry, day_of, past
from curator.provenance.keys import key_id

if TYPE_CHECKING:
    from curator.provenance.state import Record, State

#: How far a writer's clock may lie behind the times that stand in the ledger.
TOLERANCE = timedelta(minutes=5)
#: Predicate types of labels and of whatever is said of labels begin so.
OF_LABELS = "urn:curator:predicate:label"
#: Records of other kinds after which an audit has to look again.
OF_CONTENT = frozenset({records.GUIDELINE, records.JOINED, records.LEFT, records.ASSIGNED})


class Training(NamedTuple):
    """A person's newest training in one course: course, last day, index and leaf hash of its record."""

    course: str
    until: str
    place: int
    leaf: str


class Split(NamedTuple):
    """A sealed split: digest of its samples, their number, index of its record."""

    sha256: str
    samples: int
    place: int


class Answer(NamedTuple):
    """The newest answer to a requirement: text, who signed it, index and leaf hash of its record."""

    text: str
    signer: str
    place: int
    leaf: str


class Audited(NamedTuple):
    """A signed audit report: its digest, outcome, the payload's digest, index and leaf hash of its record, signer."""

    report: str
    outcome: str
    payload: str
    place: int
    leaf: str
    signer: str


class Waived(NamedTuple):
    """A signed waiver of a check: its reason, last day, signer, time of signing, leaf hash of its record."""

    check: str
    reason: str
    until: str
    signer: str
    at: str
    leaf: str


class Joined(NamedTuple):
    """A joined site: id, version, tag manifest, operator's raw key, its ledger's origin and size, split, record.

    ``place`` and ``leaf`` are index and leaf hash (hex) of the record, ``said`` is its predicate.
    """

    site: str
    version: str
    tag: str
    key: bytes
    origin: str
    size: int
    split: str | None
    place: int
    leaf: str
    said: dict[str, Any]


class Departed(NamedTuple):
    """A site that left: the package that was joined last, index, leaf hash (hex) and predicate of the record."""

    joined: Joined
    place: int
    leaf: str
    said: dict[str, Any]


class Assigned(NamedTuple):
    """An assignment of joined sites' patients to splits: digest of its list, index, leaf hash (hex), predicate."""

    sha256: str
    place: int
    leaf: str
    said: dict[str, Any]


class Lot(NamedTuple):
    """A lot of labels that was closed for an audit: digest, number, index of its record, what was decided of it."""

    sha256: str
    labels: int
    place: int
    outcome: str | None = None


@dataclass
class Facts:
    """Sums over the records taken so far.

    Parameters
    ----------
    trained
        Person to the newest training in each course.
    newest
        Key ID to the latest time under which it signed.
    enrolled
        Key ID to the time of the record that enrolled it.
    lifetime
        Key ID to the days that it was given, for keys with a last day.
    policy
        Name and SHA-256 of the scrub policy, as far as records say.
    policy_place
        Index of the record that put it in force.
    sealed
        (log, chain) to number and digest of the last event sealed.
    qualified
        (person, test without its version) to the newest verdict and the leaf hash of its record.
    splits, withdrawn
        Name to the sealed split; pseudonym to the index of the record that withdrew it.
    recalls
        (version, index) of every recall.
    answers
        Requirement to its newest answer.
    recalled, unlisted
        SHA-256 of each recalled file to the index of its record; number of recalls that list no files.
    purged, purged_files
        Index of a label's record, and SHA-256 of a file, that an order removes for good, to the order's record.
    audits, waivers
        Every signed audit report, the newest last; check to its newest waiver.
    last_label
        Index of the newest record of a label, of a label's life, of a guideline, a joined site or joint splits, -1
        without one: an audit report that stands before it has not seen it. Unknown where labels were left out.
    lots, controls
        Name to the closed lot; name of sealed control items to digest of their list and index of the record.
    joined, departed, departures
        Site to its newest joined package; site that left, and did not come back, to how it left; times that one left.
    assigned
        Every assignment of joined sites' patients to splits, oldest first.
    accesses
        Number of accesses to samples on record, and leaf hash (hex) of the newest.
    require_training
        Set by a writer whose project asks for it: then nobody signs labels without any training.
    """

    trained: dict[str, tuple[Training, ...]] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    enrolled: dict[str, str] = field(default_factory=dict)
    lifetime: dict[str, int] = field(default_factory=dict)
    policy: tuple[str, str] | None = None
    policy_place: int = 0
    sealed: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    qualified: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    splits: dict[str, Split] = field(default_factory=dict)
    withdrawn: dict[str, int] = field(default_factory=dict)
    recalls: tuple[tuple[str, int], ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    recalled: dict[str, int] = field(default_factory=dict)
    unlisted: int = 0
    purged: dict[int, int] = field(default_factory=dict)
    purged_files: dict[str, int] = field(default_factory=dict)
    audits: tuple[Audited, ...] = ()
    waivers: dict[str, Waived] = field(default_factory=dict)
    last_label: int = -1
    lots: dict[str, Lot] = field(default_factory=dict)
    controls: dict[str, tuple[str, int]] = field(default_factory=dict)
    joined: dict[str, Joined] = field(default_factory=dict)
    departed: dict[str, Departed] = field(default_factory=dict)
    departures: int = 0
    assigned: tuple[Assigned, ...] = ()
    accesses: tuple[int, str] = (0, "")
    require_training: bool = False

    def copy(self) -> Facts:
        """Return a copy to try records on."""
        made = {name: dict(value) for name, value in vars(self).items() if isinstance(value, dict)}
        return replace(self, **made)  # type: ignore[arg-type]

    def reached(self) -> str:
        """Return the time that at least two keys have signed under or after, or an empty text.

        One machine whose clock ran ahead does not move it.
        """
        return max(sorted(self.newest.values())[-2:-1], default="")

    def note(self, state: State, record: Record, key: str) -> None:
        """Take note of a record that kept every rule."""
        at = record.predicate["signedAt"]
        if at > self.newest.get(key, ""):
            self.newest[key] = at
        if record.kind.startswith(OF_LABELS) or record.kind in OF_CONTENT:
            self.last_label = record.index
            return
        if record.kind == records.GENESIS and "policy" in record.predicate:
            stated = record.predicate["policy"]
            self.policy = (stated["name"], stated["sha256"])
        if record.kind in {records.ENROLLMENT, records.ROTATION}:
            for name, person in state.keys.items():
                if name not in self.enrolled:
                    self.enrolled[name] = at
                    if person.expires is not None:
                        self.lifetime[name] = (day_of(person.expires) - day_of(at)).days


def check_signer(state: State, record: Record) -> None:
    """Refuse a record whose signer's key is past its last day, or, if it is about labels, whose training is.

    Raises
    ------
    UsageError
        KEY-031, KEY-034, KEY-035; KEY-032 for an enrollment with a last day that is past.
    """
    predicate = record.predicate
    if record.kind == records.ENROLLMENT and "expires" in predicate["request"]:
        check_expiry(predicate["request"]["expires"], predicate["signedAt"])
    if record.kind == records.LABEL:
        return  # check_label_signer looks at these, also before they are signed
    check_expired(state, predicate["signer"], predicate["signedAt"])
    if record.kind.startswith(OF_LABELS):
        check_training(state, predicate["signer"], predicate["signedAt"])


def check_label_signer(state: State, predicate: dict[str, Any]) -> None:
    """Refuse the signer of a label that is planned, as :func:`check_signer` would refuse its record."""
    check_expired(state, predicate["signer"], predicate["signedAt"])
    check_training(state, predicate["signer"], predicate["signedAt"])


def check_expired(state: State, person: str, now: str) -> None:
    """Refuse a person whose key is past its last day (KEY-031); 21 CFR 11.300(b).

    A time that lies behind what two keys have reached does not make the key younger.
    """
    known = state.people.get(person)
    if known is not None and known.expires is not None and past(known.expires, max(now, state.facts.reached())):
        raise UsageError("KEY-031")


def check_training(state: State, person: str, now: str) -> None:
    """Refuse a person whose training has lapsed in any course (KEY-034), or who lacks one asked for (KEY-035)."""
    trained = state.facts.trained.get(person, ())
    if trained and any(past(one.until, max(now, state.facts.reached())) for one in trained):
        raise UsageError("KEY-034")
    if not trained and state.facts.require_training:
        raise UsageError("KEY-035")


def check_clock(state: State, public: bytes, moment: datetime) -> None:
    """Refuse to sign with a clock that was set back.

    The clock is held against the latest time under which this key signed, and against the second latest of all keys'
    latest times: one machine whose clock ran ahead can stop its own signer only.

    Parameters
    ----------
    state
        The ledger's.
    public
        Raw public key that is about to sign.
    moment
        What the clock says.

    Raises
    ------
    UsageError
        LED-078.
    """
    reached = max(state.facts.newest.get(key_id(public), ""), state.facts.reached())
    if reached and utc_text(moment + TOLERANCE) < reached:
        raise UsageError("LED-078", minutes=int(TOLERANCE.total_seconds() // 60))
