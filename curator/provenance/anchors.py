"""What lies outside a ledger and holds its history: checkpoints held elsewhere, cosignatures, time-stamps.

Somebody with every key could rewrite a ledger from its first record. What that person cannot rewrite is said here: up
to which record, since when, by whose word. Only what was judged by keys or roots from outside counts; a witness's key
or a time-stamper's certificate that came with the ledger is somebody's who could have made both.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.clock import utc_text
from curator.core.errors import CuratorError, IntegrityError
from curator.provenance import cosign
from curator.provenance.kinds_witness import TIMESTAMP, cosignatures_of
from curator.provenance.note import parse_checkpoint, parse_note
from curator.provenance.records import WITNESSED
from curator.provenance.state import Record
from curator.provenance.timestamps import Stamp, notes, stamps
from curator.provenance.verdict import Line
from curator.provenance.verify import LedgerReport

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

HELD, WITNESS, STAMP = "checkpoint", "witness", "time-stamp"
#: How far a signer's clock may be off before a signing time is said to lie outside its window.
TOLERANCE = timedelta(minutes=5)
_WORDS = {
    HELD: "the held checkpoint",
    WITNESS: "the last cosignature of a witness",
    STAMP: "the last outside time-stamp",
}


@dataclass(frozen=True)
class Options:
    """What the verifier brings from outside.

    Parameters
    ----------
    roots
        Certificates that may vouch for time-stampers.
    witnesses
        Names and raw keys of witnesses.
    held
        The checkpoint held elsewhere, as bytes.
    now
        The present moment, to say how long ago an anchor was made.
    """

    roots: Sequence[Certificate] = ()
    witnesses: Sequence[tuple[str, bytes]] = ()
    held: bytes | None = None
    now: datetime | None = None


@dataclass(frozen=True)
class Anchor:
    """One thing that holds the first ``size`` records: its kind, when it was made, and whether it counts."""

    kind: str
    size: int
    at: datetime | None
    outside: bool
    slack: timedelta = timedelta()


@dataclass(frozen=True)
class Window:
    """When a record can have been signed; None where nothing outside says so."""

    not_before: datetime | None
    not_after: datetime | None


class Times:
    """Collects, while a ledger is verified, what anchors need: signing times, and records that name anchors."""

    def __init__(self) -> None:
        self.places = array("q")
        self.moments = array("q")
        #: Records whose signing time is no day of any calendar.
        self.never: list[int] = []
        self.witnessed: list[Record] = []

    def visit(self, record: Record) -> None:
        """Take the next record, as the ``visit`` of :func:`curator.provenance.verify.verify_ledger`."""
        try:
            moment = int(datetime.fromisoformat(record.predicate["signedAt"]).timestamp())
        except ValueError:
            self.never.append(record.index)
        else:
            self.places.append(record.index)
            self.moments.append(moment)
        if record.kind == WITNESSED:
            self.witnessed.append(record)


@dataclass
class Anchors:
    """What holds a ledger from outside.

    Parameters
    ----------
    size
        Number of records.
    found
        Every anchor that is sound, by size.
    stamps
        The time-stamps that are sound, trusted or not.
    lower
        (index, time): a record of this index names an anchor made then, so that what follows was signed later.
    astray
        Number of records whose signing time lies outside their window, and the first of them.
    unseen
        Number of records whose signing time was not looked at, where there are windows.
    unread
        Anchors named by records that are not here, or cannot be judged.
    error
        The first that is bad (integrity), else the first that could not be checked.
    now
        The present moment.
    """

    size: int
    found: list[Anchor] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)
    lower: list[tuple[int, datetime, timedelta]] = field(default_factory=list)
    astray: tuple[int, int] = (0, 0)
    unseen: int = 0
    unread: int = 0
    error: CuratorError | None = None
    now: datetime | None = None
    options: Options = field(default_factory=Options)

    @property
    def newest(self) -> Anchor | None:
        """The anchor from outside over the most records; among equals the earliest, for it holds them longest."""
        outside = [one for one in self.found if one.outside]
        late = datetime.max.replace(tzinfo=UTC)
        return max(outside, key=lambda one: (one.size, -((one.at or late).timestamp())), default=None)

    @property
    def open(self) -> int:
        """Number of records that a holder of all keys could have rewritten unseen."""
        return self.size - (self.newest.size if self.newest else 0)

    def window_of(self, index: int) -> Window:
        """Return when a record can have been signed, by its place between anchors.

        Parameters
        ----------
        index
            Index of the record, from 0.

        Returns
        -------
        Window
            ``not_after``: it stood under a checkpoint that was stamped or cosigned then. ``not_before``: a record
            before it names an anchor made then. That a checkpoint made then did not hold it proves nothing: it could
            have been signed earlier and held back, or the checkpoint been stamped late.
        """
        after = [one.at for one in self.found if one.outside and one.at is not None and one.size > index]
        before = [at for place, at, _ in self.lower if place < index]
        return Window(max(before, default=None), min(after, default=None))

    def rewritable(self) -> str | None:
        """Say since what, and how many records, a holder of all keys could have rewritten; None without an anchor."""
        one = self.newest
        if one is None:
            return None
        facts = f"{one.size:,}" if one.at is None else f"{_minute(one.at)}, {one.size:,} records{self._ago(one.at)}"
        return (
            f"since {_WORDS[one.kind]} ({facts}) a holder of all keys could have rewritten {self.open:,} records unseen"
        )

    def _ago(self, at: datetime) -> str:
        days = (self.now - at).days if self.now is not None else -1
        if days < 0:
            return ""
        return ", today" if days == 0 else f", {days:,} day{'s' if days > 1 else ''} ago"

    def lines(self) -> list[Line]:
        """Say in a few lines what was found; what was not checked is said too."""
        made = []
        if self.error is not None:
            made.append(Line("FAIL", f"{self.error.code} {self.error.sentence}"))
        trusted = [one for one in self.stamps if one.trusted]
        if trusted:
            last = trusted[-1]
            text = f"{len(trusted):,} time-stamps lead to the given roots, the newest of {_minute(last.token.at)}"
            made.append(Line("PASS", f"{text} over {last.size:,} records"))
        cosigned = [one for one in self.found if one.kind == WITNESS]
        known = [one for one in cosigned if one.outside]
        if known:
            text = f"{len(known):,} cosignatures by the given witnesses, the newest of {_minute(known[-1].at)}"
            made.append(Line("PASS", f"{text} over {known[-1].size:,} records"))
        return made + [Line("NOTE", text) for text in self._notes(len(trusted), len(known), len(cosigned))]

    def _notes(self, trusted: int, known: int, cosigned: int) -> list[str]:
        made = []
        if unjudged := len(self.stamps) - trusted:
            roots = "its root is not among those given" if self.options.roots else "give its root"
            made.append(
                f"COULD NOT CHECK the time-stamper's certificate of {unjudged:,} time-stamps: {roots} with "
                "--tsa-ca (what is stamped and the signature are right)"
            )
        if self.options.roots and not self.stamps and self.error is None:
            made.append("no time-stamp is stored")
        if self.options.witnesses and not known:
            made.append("no cosignature by a given witness is here")
        if cosigned > known:
            made.append(
                f"{cosigned - known:,} cosignatures by witnesses whose keys came with the ledger: give them with "
                "--witness-key to count them"
            )
        if self.unread:
            made.append(f"COULD NOT CHECK {self.unread:,} anchors that records name: their files are not here")
        if self.astray[0]:
            count, first = self.astray
            made.append(f"{count:,} records bear a signing time outside their window, the first is record {first:,}")
        if self.unseen:
            made.append(f"COULD NOT CHECK the signing times of {self.unseen:,} records, which this run did not read")
        if self.now is not None and any(one.at is not None and one.at > self.now + TOLERANCE for one in self.found):
            made.append("an anchor bears a time that this machine's clock has not reached")
        return made

    def document(self) -> dict[str, Any]:
        """Return all this for ``--json``."""
        newest = self.newest
        return {
            "anchors": [
                {
                    "kind": one.kind,
                    "size": one.size,
                    "at": None if one.at is None else utc_text(one.at),
                    "outside": one.outside,
                }
                for one in self.found
            ],
            "newest": None if newest is None else {"kind": newest.kind, "size": newest.size},
            "open": self.open,
            "outsideWindow": self.astray[0],
            "firstOutsideWindow": self.astray[1] if self.astray[0] else None,
            "timesNotRead": self.unseen,
            "notHere": self.unread,
        }


def _minute(at: datetime | None) -> str:
    return "no time" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def find_anchors(report: LedgerReport, folder: Path, options: Options, times: Times | None = None) -> Anchors:
    """Find and check what holds a verified ledger from outside.

    Parameters
    ----------
    report
        The ledger's verification, without an error.
    folder
        The ledger's folder.
    options
        What the verifier brings.
    times
        What was collected while the ledger was verified; without it no windows and no records of witnesses.

    Returns
    -------
    Anchors
        With its ``error`` set when something is bad or could not be checked.
    """
    made = Anchors(report.size, now=options.now, options=options)
    try:
        made.stamps, made.error = stamps(folder, options.roots)
        made.found += [Anchor(STAMP, one.size, one.token.at, one.trusted, one.token.accuracy) for one in made.stamps]
        if report.held is not None:
            made.found.append(Anchor(HELD, report.held.size, None, outside=True))
        _cosigned(made, report, folder, options, times)
        _named(made, report, folder, options, times)
    except CuratorError as error:
        if made.error is None or made.error.kind == "check":
            made.error = error
    made.found.sort(key=lambda one: (one.size, one.at or datetime.min.replace(tzinfo=UTC)))
    if times is not None:
        _judge_times(made, times)
    return made


def _cosigned(made: Anchors, report: LedgerReport, folder: Path, options: Options, times: Times | None) -> None:
    """Take in the cosignatures under stored checkpoints and the held one, each of them once."""
    given = set(options.witnesses)
    known = given | {
        (one.name, one.public) for record in _witnessed(times) for one in cosignatures_of(record, report.origin)
    }
    seen = set()
    for data in [*(data for _, data in notes(folder).values()), *([options.held] if options.held else [])]:
        note = parse_note(data)
        for one in cosign.cosignatures(note, known):
            if (one.name, one.raw) not in seen:
                seen.add((one.name, one.raw))
                outside = (one.name, one.public) in given
                made.found.append(Anchor(WITNESS, parse_checkpoint(note).size, one.at, outside))


def _witnessed(times: Times | None) -> list[Record]:
    return [] if times is None else times.witnessed


def _named(made: Anchors, report: LedgerReport, folder: Path, options: Options, times: Times | None) -> None:
    """Hold what records say of anchors against the anchors themselves."""
    here = {one.sha256: one for one in made.stamps}
    stored = set(notes(folder))
    roots = {seal.size: seal.root.hex() for seal in report.seals}
    for record in _witnessed(times):
        stated = record.predicate["checkpoint"]
        if roots.get(stated["size"], stated["root"]) != stated["root"]:
            raise IntegrityError("LED-013", size=stated["size"])
        name = record.subject[0]["name"].removeprefix("checkpoints/").removesuffix(".note")
        made.unread += name not in stored
        for one in cosignatures_of(record, report.origin):
            if (one.name, one.public) in options.witnesses:
                made.lower.append((record.index, one.at, timedelta()))
        for anchor in record.predicate["anchors"]:
            if anchor["kind"] != TIMESTAMP:
                continue
            stamp = here.get(anchor["token"])
            if stamp is None:
                made.unread += 1
                continue
            if utc_text(stamp.token.at) != anchor["at"] or stamp.note != name:
                raise IntegrityError("LED-041", reason="a record names it with another time or another checkpoint")
            if stamp.trusted:
                made.lower.append((record.index, stamp.token.at, stamp.token.accuracy))


def _judge_times(made: Anchors, times: Times) -> None:
    """Count the records whose signing time lies outside their window by more than the tolerance."""
    grace = TOLERANCE.total_seconds()
    upper = sorted(
        (one.size, one.at.timestamp() + one.slack.total_seconds() + grace)
        for one in made.found
        if one.outside and one.at is not None
    )
    for at in range(len(upper) - 2, -1, -1):
        upper[at] = (upper[at][0], min(upper[at][1], upper[at + 1][1]))
    lower = sorted((place, at.timestamp() - slack.total_seconds() - grace) for place, at, slack in made.lower)
    for at in range(1, len(lower)):
        lower[at] = (lower[at][0], max(lower[at][1], lower[at - 1][1]))
    count, first = len(times.never), min(times.never, default=made.size)
    if not upper and not lower:
        made.astray = (count, first)
        return
    sizes, places = [size for size, _ in upper], [place for place, _ in lower]
    made.unseen = made.size - len(times.places) - len(times.never)
    for index, moment in zip(times.places, times.moments, strict=True):
        high = bisect_right(sizes, index)
        low = bisect_right(places, index - 1)
        if (high < len(upper) and moment > upper[high][1]) or (low and moment < lower[low - 1][1]):
            first = min(first, index)
            count += 1
    made.astray = (count, first)
