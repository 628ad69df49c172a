"""The signed labels of a project, for whatever is made of them: exports, interpolation, worklists.

The ledger is verified while it is read, by the same rules as everywhere; a label of a ledger that does not verify is
never handed out. What is left out is counted by its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.labels.item import KINDS
from curator.labels.origin import NOT_STATED
from curator.labels.reading import Digits
from curator.labels.values import check_value
from curator.labels.whole import signed_value
from curator.project.journal import Sample
from curator.project.series import Series, with_series
from curator.provenance.ledger import Ledger
from curator.provenance.records import LABEL, PATIENTS, RECALL
from curator.provenance.state import Record
from curator.provenance.status import ENDED, SUPERSEDED, WITHDRAWN, word
from curator.provenance.verify import depth_for, verify_ledger

_GUIDELINE = re.compile(r"([a-z0-9][a-z0-9-]{0,63})(?:@([A-Za-z0-9][A-Za-z0-9._-]{0,31}))?")


@dataclass(frozen=True)
class Choice:
    """Which signed labels are asked for; empty means all.

    Parameters
    ----------
    readers, stages, kinds, labels
        Ids of authors, stages, kinds, label ids.
    guideline
        ``id`` or ``id@version``.
    ended
        Also labels that were withdrawn, superseded, or not chosen by an adjudication.
    """

    readers: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    guideline: str | None = None
    ended: bool = False

    def check(self) -> None:
        """Refuse a guideline of another form than ``id`` or ``id@version`` (EXP-016)."""
        if self.guideline is not None and not _GUIDELINE.fullmatch(self.guideline):
            raise UsageError("EXP-016")

    def passes_over(self, said: Mapping[str, Any]) -> str | None:
        """Return the name of the first wish that a label's predicate does not meet, None when it meets all."""
        if self.labels and said["labelId"] not in self.labels:
            return "label"
        if self.readers and said["author"] not in self.readers:
            return "reader"
        if self.stages and said["stage"] not in self.stages:
            return "stage"
        if self.kinds and said["kind"] not in self.kinds:
            return "kind"
        if self.guideline is not None:
            name, _, version = self.guideline.partition("@")
            stated = said["guideline"]
            if stated["id"] != name or (version and stated["version"] != version):
                return "guideline"
        return None


@dataclass(frozen=True)
class Signed:
    """One signed label.

    Parameters
    ----------
    index, leaf
        Of its record: place in the ledger and leaf hash (hex).
    said
        The record's predicate.
    path, sha256, uid
        Of its sample, as the record names it.
    sample
        The project's sample, an image series as one too; None when it is no longer there in that form.
    state
        What became of the label, in a word of :mod:`curator.provenance.status`.
    """

    index: int
    leaf: str
    said: Mapping[str, Any] = field(repr=False)
    path: str
    sha256: str
    uid: str
    sample: Sample | Series | None = field(repr=False)
    state: str = "signed"

    @property
    def label_id(self) -> str:
        """The label's id."""
        return str(self.said["labelId"])

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.said["kind"])

    @property
    def author(self) -> str:
        """Id of the reader whose opinion it is."""
        return str(self.said["author"])

    @property
    def origin(self) -> str:
        """Its origin, ``unknown`` when it states none."""
        return str(self.said.get("origin", NOT_STATED))

    @property
    def labeled_at(self) -> str:
        """When it was made, RFC 3339 in UTC."""
        return str(self.said["labeledAt"])

    @property
    def part(self) -> dict[str, Any] | None:
        """Its frames or slice, None for all of the sample."""
        made: dict[str, Any] | None = self.said.get("location")
        return made

    @property
    def guideline(self) -> str:
        """``id@version`` of the guideline that it follows."""
        return f"{self.said['guideline']['id']}@{self.said['guideline']['version']}"

    def value(self, root: Path) -> Any:
        """Return the value, numbers as int or Decimal.

        Raises
        ------
        ItemError
            EXP-017 for a kind or a value of a form that is the user's own.
        UsageError
            LBL-043 when the file of a large value is not there as signed.
        """
        if self.kind not in KINDS:
            raise ItemError("EXP-017")
        read = signed_value(root, self.said["value"])
        try:
            check_value(self.kind, read)
        except ItemError:
            raise ItemError("EXP-017") from None
        return numbered(read)


def numbered(value: Any) -> Any:
    """Return a value with its digits as :class:`~decimal.Decimal`."""
    if isinstance(value, Digits):
        return Decimal(value)
    if isinstance(value, dict):
        return {name: numbered(inner) for name, inner in value.items()}
    return [numbered(inner) for inner in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Barred:
    """What may be handed out no more: pseudonyms whose consent was withdrawn, SHA-256 (hex) of recalled clean files."""

    patients: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def why(self, path: str, sha256: str) -> str | None:
        """Return ``consent`` or ``recalled`` for a sample that may be handed out no more, None for any other."""
        # A clean file stands in the folder of its person's pseudonym.
        if path.split("/")[1:2] and path.split("/")[1] in self.patients:
            return "consent"
        return "recalled" if sha256 in self.files else None

    def why_not(self, sample: Sample | Series) -> str | None:
        """Return the same for a sample of the project; a series is barred by any of its images."""
        parts = sample.members if isinstance(sample, Series) else (sample,)
        return next((why for one in parts if (why := self.why(one.path, one.sha256)) is not None), None)


class _Acts:
    """Collects, while records go by, what bars samples."""

    def __init__(self) -> None:
        self._merged: list[set[str]] = []
        self._files: set[str] = set()

    def see(self, record: Record) -> None:
        if record.kind == RECALL:
            self._files.update(record.predicate.get("samples", ()))
        elif record.kind == PATIENTS:
            self._merged.append({one["name"].removeprefix("patients/") for one in record.subject})

    def barred(self, withdrawn: Iterable[str]) -> Barred:
        """Return what is barred; pseudonyms that were ever linked are taken as one person's, to be safe."""
        found = set(withdrawn)
        while more := [one for one in self._merged if found & one and not one <= found]:
            for one in more:
                found |= one
        return Barred(frozenset(found), frozenset(self._files))


@dataclass(frozen=True)
class Gathered:
    """The labels asked for, by sample and then in the ledger's order, and how many others there are, by reason."""

    labels: tuple[Signed, ...]
    others: Counter[str]
    total: int
    barred: Barred


def gather(
    ledger: Path, samples: Iterable[Sample], choice: Choice, advance: Callable[[int], None] | None = None
) -> Gathered:
    """Verify a ledger and return the labels asked for.

    Parameters
    ----------
    ledger
        The ledger's folder.
    samples
        Every sample of the project, sorted by path.
    choice
        Which labels.
    advance
        Called with the number of records verified since the last call.

    Raises
    ------
    UsageError
        EXP-016; LED-001 when there is no ledger; LED-060 for labels asked for by an id that the ledger does not have.
    IntegrityError, CheckError
        LED codes when the ledger does not verify.
    """
    choice.check()
    by_path = {one.path: one for one in with_series(samples)}
    found: list[Signed] = []
    others: Counter[str] = Counter()

    acts = _Acts()

    def visit(record: Record) -> None:
        if record.kind != LABEL:
            acts.see(record)
            return
        over = choice.passes_over(record.predicate)
        if over is not None:
            others[over] += 1
            return
        subject = record.subject[0]
        sha256, uid = subject["digest"]["sha256"], subject["annotations"]["sopInstanceUid"]
        sample = by_path.get(subject["name"])
        if sample is not None and (sample.sha256, sample.uid) != (sha256, uid):
            sample = None
        found.append(Signed(record.index, record.leaf.hex(), record.predicate, subject["name"], sha256, uid, sample))

    report = verify_ledger(ledger, depth=depth_for(Ledger(ledger)), visit=visit, advance=advance).require()
    lacking = sum(report.state.labels.get(name) is None for name in choice.labels)
    if lacking:
        raise UsageError("LED-060", count=lacking)
    made = []
    barred = acts.barred(report.state.facts.withdrawn)
    for one in found:
        why = barred.why(one.path, one.sha256) or (None if one.sample is None else barred.why_not(one.sample))
        if why is not None:
            others[why] += 1
            continue
        known = report.state.labels.get(one.label_id)
        marks = 0 if known is None else known.status
        if marks & ENDED and not choice.ended:
            others["withdrawn" if marks & WITHDRAWN else "superseded" if marks & SUPERSEDED else "resolved"] += 1
        else:
            made.append(Signed(**{**one.__dict__, "state": word(marks)}))
    made.sort(key=lambda one: (one.path, one.index))
    return Gathered(tuple(made), others, len(found) + sum(others[name] for name in _WISHES), barred)


_WISHES = ("label", "reader", "stage", "kind", "guideline")


def problem(error: CuratorError) -> ItemError:
    """Return an error about one label as one that refuses it alone; anything else is raised again."""
    if isinstance(error, ItemError):
        return error
    if error.code == "LBL-043":
        return ItemError("EXP-018")
    raise error
