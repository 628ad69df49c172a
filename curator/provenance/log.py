"""The ledger as a log: who signed what, when, with what meaning and why (21 CFR 11.10(b), 11.10(e), 11.50(b)).

Reads only a ledger that was verified, and proves while it reads that it is still that one. Loads no detector and no
reader of images.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.provenance import records
from curator.provenance.dsse import Envelope, parse_envelope
from curator.provenance.ledger import Ledger
from curator.provenance.merkle import Frontier
from curator.provenance.state import Record, State
from curator.provenance.verify import LedgerReport, verify_ledger
from curator.provenance.view import KINDS, local_time, printed_name

#: Ends of predicate types whose records end the life of the labels that they name.
_WITHDRAWN = "label-withdrawn:v1"
_PASSES = 4


@dataclass(frozen=True)
class Row:
    """One record of a log: the record, its envelope, and how its label ended (empty while it stands)."""

    record: Record
    envelope: Envelope
    fate: str

    @property
    def kind(self) -> str:
        """The kind in one word, as :func:`slugs` lists it."""
        return slug(self.record.kind)

    @property
    def payload(self) -> str:
        """What was signed, as the very text."""
        return self.envelope.payload.decode()


def slug(kind: str) -> str:
    """Return a predicate type's kind in one word, such as ``sample-replaced``."""
    return KINDS[kind].replace(" ", "-")


def slugs() -> list[str]:
    """Return every kind of record in one word."""
    return [slug(kind) for kind in records.SCHEMAS]


@dataclass(frozen=True)
class Wanted:
    """Which records a log is to show; what is None or empty asks for nothing.

    Parameters
    ----------
    by
        Id of the signer, or of the author of a label.
    kinds
        Words of :func:`slugs`.
    since, until
        First and last moment of signing, RFC 3339 in UTC.
    label
        Id of a label: its own record and those about it.
    sample
        A sample: SHA-256 (maybe with ``sha256:`` before it), path under clean/, or new SOP Instance UID.
    """

    by: str | None = None
    kinds: frozenset[str] = frozenset()
    since: str | None = None
    until: str | None = None
    label: str | None = None
    sample: str | None = None

    @property
    def everything(self) -> bool:
        """True if no record is left out."""
        return self == Wanted()


def moment(text: str, *, end: bool = False) -> str:
    """Read a day (UTC) or an RFC 3339 time as a moment in UTC; a day's last second with ``end``.

    Raises
    ------
    UsageError
        LED-086.
    """
    try:
        if len(text) == 10:
            datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a day only
            return f"{text}T{'23:59:59' if end else '00:00:00'}Z"
        read = datetime.fromisoformat(text)
        shift = read.utcoffset()
        if shift is None:
            raise ValueError
        return (read - shift).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        raise UsageError("LED-086") from None


#: Fields that name what a record decided or for whom, and the word before them.
_DECIDED = {"result": "result", "kept": "kept", "accessor": "by", "recipient": "to", "effectiveOn": "from"}
#: Kinds that count what they are about.
_COUNTED = {records.ACCESS: "samples", records.RECALL: "samples", records.EVENTS: "events"}


def what(record: Record) -> str:
    """Say in a few words what a record is about."""
    said = record.predicate
    if "labelId" in said:
        return str(said["labelId"])
    names = [one["name"] for one in record.subject if "name" in one]
    shown = ", ".join(names[:3]) or f"{len(record.subject):,} digests"
    if record.kind == records.TRAINING:
        return f"{shown} in {said['course']} until {said['until']}"
    return f"{shown} and {len(names) - 3:,} more" if len(names) > 3 else shown


def why(record: Record) -> str:
    """Return the reason that a record states, or an empty text."""
    said = record.predicate
    found = [said.get(name) for name in ("reason", "purpose", "restart", "reasonCode")]
    found.append((said.get("supersedes") or {}).get("reason") if isinstance(said.get("supersedes"), dict) else None)
    return " · ".join(text for text in found if isinstance(text, str))


@dataclass
class Log:
    """A verified ledger, ready to be read as a log.

    Parameters
    ----------
    ledger
        The ledger.
    report
        Its verification, without an error.
    fates
        Label id to how it ended.
    """

    ledger: Ledger
    report: LedgerReport
    fates: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, ledger: Ledger) -> Log:
        """Verify a ledger (errors as :func:`curator.provenance.verify.verify_ledger`, raised)."""
        fates: dict[str, str] = {}

        def visit(record: Record) -> None:
            earlier = record.predicate.get("supersedes")
            if earlier is not None:
                fates[earlier["labelId"]] = f"superseded by record {record.index}"
            if record.kind.endswith(_WITHDRAWN):
                for one in record.subject:
                    fates[one.get("name", "").removeprefix("labels/")] = f"withdrawn by record {record.index}"

        report = verify_ledger(ledger.folder, visit=visit).require()
        return cls(ledger, report, fates)

    @property
    def state(self) -> State:
        """The state of the ledger."""
        return self.report.state

    def rows(self, wanted: Wanted | None = None) -> Iterator[Row]:
        """Yield the records that are wanted, in order.

        Raises
        ------
        IntegrityError
            LED-087, at the end, when the records read are not those that were verified.
        UsageError
            LED-019 when no record speaks of the sample or label asked for; LED-088 for an unknown kind.
        """
        wanted = wanted or Wanted()
        if not wanted.kinds <= set(slugs()):
            raise UsageError("LED-088", kinds=", ".join(slugs()))
        names = self._sample_names(wanted.sample) if wanted.sample is not None else None
        found = False
        for row in self._all():
            if _fits(row.record, wanted) and (names is None or names & _names(row.record)):
                found = True
                yield row
        if not found and (wanted.sample, wanted.label) != (None, None):
            raise UsageError("LED-019")

    def _all(self) -> Iterator[Row]:
        tree = Frontier()
        for entry in self.ledger.entries():
            if entry.index >= self.report.size:
                break
            leaf = entry.own_leaf()
            tree.add(leaf)
            if entry.purged:
                continue
            envelope = parse_envelope(entry.envelope)
            document = strict_loads(envelope.payload)
            record = Record(entry.index, leaf, document["predicateType"], document["subject"], document["predicate"])
            yield Row(record, envelope, self.fates.get(record.predicate.get("labelId", ""), ""))
        if tree.root() != self.report.root:
            raise IntegrityError("LED-087")

    def _sample_names(self, sample: str) -> frozenset[str]:
        """Return everything by which records speak of a sample: paths, digests, UIDs, its labels and its patient."""
        names = {sample.removeprefix("sha256:").removeprefix("./")}
        for _ in range(_PASSES):
            before = len(names)
            for row in self._all():
                for subject in row.record.subject:
                    own = _own_names(subject)
                    # Equal content does not make two files one sample: it is looked for, not followed.
                    if names & {*own, subject["digest"].get("contentSha256", "")}:
                        names |= own
                        label = row.record.predicate.get("labelId")
                        names |= {f"labels/{label}"} if label is not None else set()
            if len(names) == before:
                break
        paths = (name.split("/") for name in names if name.startswith("clean/"))
        patients = {f"patients/{steps[1]}" for steps in paths if len(steps) > 2}
        return frozenset(names | patients)


def _own_names(subject: dict[str, Any]) -> set[str]:
    """Return what names one sample in a subject: only where the subject is a sample."""
    name = subject.get("name", "")
    if name and not name.startswith("clean/"):
        return set()
    uid = subject.get("annotations", {}).get("sopInstanceUid")
    digests = [value for kind, value in subject["digest"].items() if kind != "contentSha256"]
    return {text for text in (name, uid, *digests) if isinstance(text, str) and text}


def _names(record: Record) -> set[str]:
    found = {one["name"] for one in record.subject if "name" in one}
    for one in record.subject:
        found |= _own_names(one)
    found |= {one for one in record.predicate.get("samples", ()) if isinstance(one, str)}
    return found


def _fits(record: Record, wanted: Wanted) -> bool:
    said = record.predicate
    if wanted.by is not None and wanted.by not in {said["signer"], said.get("author")}:
        return False
    if wanted.kinds and slug(record.kind) not in wanted.kinds:
        return False
    if wanted.since is not None and said["signedAt"] < wanted.since:
        return False
    if wanted.until is not None and said["signedAt"] > wanted.until:
        return False
    if wanted.label is None:
        return True
    superseded = (said.get("supersedes") or {}).get("labelId")
    return wanted.label in {said.get("labelId"), superseded} or f"labels/{wanted.label}" in _names(record)


def _outcome(record: Record) -> str:
    """Say what a record decides, where that is not in its name, such as accepted or rejected."""
    said = record.predicate
    found = [said[name] for name in ("outcome", "action") if isinstance(said.get(name), str)]
    found += [f"{word} {said[name]}" for name, word in _DECIDED.items() if isinstance(said.get(name), str)]
    if record.kind == records.POLICY:
        found.append(f"in place of {said['replaces']['name']}")
    if record.kind in _COUNTED and type(said.get("count")) is int:
        found.append(f"{said['count']:,} {_COUNTED[record.kind]}")
    if said.get("asserted") is True:
        found.append("asserted: the program did not see it")
    return " · ".join(found)


def line(row: Row, state: State, *, names: bool = True) -> str:
    """Return a record in one line: when, kind, meaning, who, what, why."""
    said = row.record.predicate
    who = printed_name(state, said["signer"]) if names else said["signer"]
    at = f"{said['signedAt']} ({local_time(said)[11:16]} {said['utcOffset']})"
    parts = [f"{row.record.index:>8}  {at}  {row.kind:<17}  {said['meaning']:<18}  {who}  {what(row.record)}"]
    parts += [text for text in (_outcome(row.record), why(row.record), row.fate.upper()) if text]
    return " · ".join(parts)
