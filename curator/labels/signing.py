"""Sign a file of labels: check every line first, then sign in batches. A killed run goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from curator.core.clock import Clock, utc_text
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.labels.batch import Batch, draft_bytes
from curator.labels.checks import Guard, allow_all, check
from curator.labels.fits import Fits
from curator.labels.model import Label, same_label
from curator.labels.reading import load, read, reader_of
from curator.labels.samples import Samples
from curator.labels.whole import read_whole
from curator.project.journal import Sample
from curator.provenance import records, roles
from curator.provenance.append import BATCH, Appender
from curator.provenance.dsse import parse_envelope
from curator.provenance.keys import PersonKey, Signer
from curator.provenance.records import Draft
from curator.provenance.rules import check_label

#: Issues kept to be shown; all are counted.
SHOWN = 1000


@dataclass(frozen=True)
class Wishes:
    """How labels are to be signed.

    Parameters
    ----------
    person
        Id of the person who signs.
    attest
        Sign other people's labels too, as import attestations.
    meaning
        Meaning of the signature under one's own labels.
    guideline, tool
        For labels that name none: id and version, name and version.
    stated
        Fields of :data:`curator.labels.model.STATED` for labels that do not have them; ``confidenceScale`` for labels
        with a confidence only.
    """

    person: str
    attest: bool = False
    meaning: str = roles.AUTHORSHIP
    guideline: tuple[str, str] | None = None
    tool: tuple[str, str] | None = None
    stated: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Issue:
    """Why one line cannot be signed: the line from 1, and an error with a code."""

    line: int
    error: CuratorError


@dataclass
class Plan:
    """What a label file comes to, before anything is signed."""

    total: int = 0
    new: int = 0
    attested: int = 0
    already: int = 0
    bad: int = 0
    #: Labels to sign whose kind is the user's own, and those whose sample says no size to compare with.
    own: int = 0
    open: int = 0
    issues: list[Issue] = field(default_factory=list)
    batch: Batch = field(default_factory=Batch)

    def refuse(self, line: int, error: CuratorError) -> None:
        """Take note of a line that cannot be signed."""
        self.bad += 1
        if len(self.issues) < SHOWN:
            self.issues.append(Issue(line, error))

    def require(self) -> Plan:
        """Return this plan if every label can be signed.

        Raises
        ------
        IntegrityError
            LBL-018 when a sample's file is not the one that was scrubbed.
        UsageError
            LBL-021 for an empty file, LBL-001 otherwise.
        """
        for issue in self.issues:
            if isinstance(issue.error, IntegrityError):
                raise IntegrityError("LBL-018")
        if self.bad:
            forbidden = any(issue.error.code.startswith("KEY-") for issue in self.issues)
            raise UsageError("LBL-001", count=self.bad, total=self.total, forbidden=forbidden)
        if not self.total:
            raise UsageError("LBL-021")
        return self


class LabelFile:
    """A label file read once, checked against a ledger and a project's samples.

    Parameters
    ----------
    path
        The file (LBL-002 when it cannot be read).
    wishes
        How to sign it.
    appender
        The ledger, verified.
    clock
        The present moment.
    guard
        Refuses texts that may hold an identifier.
    """

    def __init__(self, path: Path, wishes: Wishes, appender: Appender, clock: Clock, guard: Guard = allow_all) -> None:
        self._form = reader_of(path)
        self._data = load(path)
        self._digest = hashlib.sha256(self._data).hexdigest()
        self._wishes = wishes
        self._appender = appender
        self._now = clock.now()
        self._guard = guard
        self._samples: Samples | None = None
        self._signer = appender.state.enrolled(wishes.person)
        self._batch = Batch()

    @property
    def lines(self) -> int:
        """How many lines the file has: at least as many as labels."""
        return self._data.count(b"\n") + 1

    def plan(self, root: Path, samples: Iterable[Sample], advance: Callable[[int], None] | None = None) -> Plan:
        """Check every line. Nothing is signed.

        Parameters
        ----------
        root
            The project's root.
        samples
            Every sample scrubbed.
        advance
            Called with the number of labels checked.
        """
        plan = Plan()
        fits = Fits(root)
        named = {raw.fields.get("sample") for raw in read(self._data, self._form) if raw.fields is not None}
        self._samples = Samples(root, samples, {name for name in named if isinstance(name, str)})
        seen: set[str] = set()
        replaced: set[str] = set()
        for raw in read(self._data, self._form):
            plan.total += 1
            try:
                if raw.error is not None or raw.fields is None:
                    raise raw.error or UsageError("LBL-003", reason="it holds nothing")
                label = self._check(raw.line, raw.fields, self._guard)
                inner = read_whole(root, raw.fields["value"])
                if inner is not None:
                    # What leaves with a package is guarded, wherever it stands.
                    self._check(raw.line, {**raw.fields, "value": inner}, self._guard)
                if label.label_id in seen:
                    raise UsageError("LBL-010")
                seen.add(label.label_id)
                if label.supersedes in replaced:
                    raise UsageError("LBL-013")
                if label.supersedes is not None:
                    replaced.add(label.supersedes)
                draft = self._draft(label)
                if draft is not None:
                    value = raw.fields["value"] if inner is None else inner
                    fit = fits.check(label.kind, value, raw.fields.get("location"), self._samples.found(label.sample))
                    plan.batch.add(draft, BATCH)
                    plan.own += fit == "own"
                    plan.open += fit == "open"
            except CuratorError as error:
                plan.refuse(raw.line, error)
            else:
                plan.already += draft is None
                plan.new += draft is not None
                plan.attested += draft is not None and label.author != self._wishes.person
            if advance is not None:
                advance(1)
        self._batch = plan.batch
        return plan

    def _check(self, line: int, fields: dict[str, Any], guard: Guard) -> Label:
        added = {
            name: value
            for name, value in self._wishes.stated.items()
            if name not in fields and (name != "confidenceScale" or "confidence" in fields)
        }
        return check(line, {**fields, **added}, now=self._now, guard=guard)

    def sign(self, key: PersonKey, operator: Signer | None = None, advance: Callable[[int], None] | None = None) -> int:
        """Sign every label that is not signed yet, and seal; call :meth:`plan` first.

        Parameters
        ----------
        key
            The signing person's key.
        operator
            The operator's signer, when the vault is open.
        advance
            Called with the number of labels whose records are on the disk.

        Returns
        -------
        int
            How many records were added.

        Raises
        ------
        IntegrityError
            LBL-032 when the labels are no longer those of the plan; batches signed before that stay.
        """
        done = 0
        for batch in self._batches():
            done += len(self._appender.append(batch, key))
            self._appender.seal(key, operator)
            if advance is not None:
                advance(len(batch))
        if not done:
            self._appender.seal(key, operator)
        return done

    def _batches(self) -> Iterator[list[Draft]]:
        batch: list[Draft] = []
        stated = {"count": self._batch.count, "sha256": self._batch.sha256}
        seen, marks = hashlib.sha256(), iter([*self._batch.marks, bytes.fromhex(self._batch.sha256)])
        for raw in read(self._data, self._form):
            if raw.fields is None:
                raise UsageError("LBL-001", count=1, total=1)
            # The guard has seen these very bytes when the plan was made.
            draft = self._draft(self._check(raw.line, raw.fields, allow_all))
            if draft is not None:
                seen.update(draft_bytes(draft) + b"\n")
                batch.append(replace(draft, predicate={**draft.predicate, "batch": stated}))
            if len(batch) == BATCH:
                _same(seen.digest(), next(marks))
                yield batch
                batch = []
        _same(seen.digest(), bytes.fromhex(self._batch.sha256))
        if batch:
            yield batch

    def _draft(self, label: Label) -> Draft | None:
        """Return what to sign, or None if it is signed already; raises for what may not be signed."""
        if self._samples is None:
            raise ValueError("plan() comes first")
        state, wishes = self._appender.state, self._wishes
        state.person(label.author)
        sample = self._samples.get(label.sample)
        body = label.body()
        body["importSource"] = self._digest
        body["guideline"] = self._guideline(label)
        if label.tool is None and wishes.tool is not None:
            body["tool"] = {"name": wishes.tool[0], "version": wishes.tool[1]}
        if label.supersedes is not None:
            body["supersedes"] = {"labelId": label.supersedes, "leaf": "", "reason": label.reason}
        before = self._before(label.label_id)
        if before is not None:
            draft = records.label(sample, body)
            if before["subject"] == list(draft.subject) and same_label(before["predicate"], body):
                return None
            raise UsageError("LBL-011")
        if label.author != self._signer.id and not wishes.attest:
            raise UsageError("LBL-016")
        body["meaning"] = wishes.meaning if label.author == self._signer.id else roles.ATTESTATION
        body["role"] = roles.acting_role(self._signer.roles, body["meaning"])
        if state.qualifies.get(self._signer.id):
            body["qualification"] = state.qualifies[self._signer.id][-1]
        if label.supersedes is not None:
            known = state.labels.get(label.supersedes)
            if known is None:
                raise UsageError("LBL-012")
            body["supersedes"]["leaf"] = self._appender.ledger.entry(known.place).leaf.hex()
        judged = {**body, "signer": self._signer.id, "signedAt": utc_text(self._now)}
        check_label(state, judged, sample["uid"])
        return records.label(sample, body)

    def _guideline(self, label: Label) -> dict[str, str]:
        wanted = label.guideline or self._wishes.guideline
        registered = None if wanted is None else self._appender.state.guidelines.get(wanted)
        if registered is None:
            raise UsageError("LBL-006")
        return {"id": registered.id, "version": registered.version, "sha256": registered.sha256}

    def _before(self, label_id: str) -> dict[str, Any] | None:
        known = self._appender.state.labels.get(label_id)
        if known is None:
            return None
        from curator.core.canonical import strict_loads

        document: dict[str, Any] = strict_loads(
            parse_envelope(self._appender.ledger.entry(known.place).envelope).payload
        )
        return document


def _same(found: bytes, shown: bytes) -> None:
    if found != shown:
        raise IntegrityError("LBL-032")
