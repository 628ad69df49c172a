"""``scrub --dry-run``: decide every file as a scrub would, keep only counts, write nothing anywhere.

Whose a file is and what is a duplicate is found by the scrub's own survey over what all files tell, which is held in
memory, compressed, and dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from curator.core.errors import ItemError, UsageError
from curator.core.types import Outcome, Shard
from curator.identifiers.persons import normal_id
from curator.intake.read import opened_source
from curator.intake.shards import cut
from curator.intake.walk import expanded, source_folder
from curator.scrub.delivery.freeze import decide
from curator.scrub.delivery.harvest_pass import Entry, guarded, look, unread
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.linkage import stored_linkage
from curator.scrub.delivery.next_round import earlier_than
from curator.scrub.delivery.people import People
from curator.scrub.delivery.run import Job, check_apart, rules_of, treatment_of
from curator.scrub.delivery.state import last_number, packed, path_text, shelves, unpacked
from curator.scrub.delivery.survey import Scope, reveals_over_89, rows, surveyed
from curator.scrub.medium import Person
from curator.scrub.route import medium_of

if TYPE_CHECKING:
    from pathlib import Path

    from curator.scrub.delivery.state import Shelf
    from curator.scrub.dicom import Subject
    from curator.scrub.policy import Policy
    from curator.scrub.treatment import Treatment


@dataclass(frozen=True)
class DryReport:
    """What a scrub would do now.

    Parameters
    ----------
    found, scrubbed, duplicate, quarantined
        Files; the numbers close.
    by_code
        Reason code to count.
    actions
        (attribute path, action) to number of elements.
    """

    found: int
    scrubbed: int
    duplicate: int
    quarantined: int
    by_code: dict[str, int]
    actions: dict[tuple[str, str], int]


#: Days by which a dry run moves dates: over a year, so that a month and a year alone count as moved too.
_DAYS = 397


@dataclass(frozen=True)
class Alone:
    """Stand-ins for whom a file names, for a dry run: counts depend on nothing of a person but whether they are old."""

    own: Person
    old: frozenset[tuple[str, str]] = field(repr=False)

    @classmethod
    def of(cls, told: Iterable[dict[str, Any]], project_date: str) -> Alone:
        """Return the stand-ins for those of whom a harvest tells.

        Parameters
        ----------
        told
            The people of a harvest.
        project_date
            YYYYMMDD.
        """
        told = list(told)
        known = sorted({(category, value) for person in told for category, value in person["known"]})
        old = [person for person in told if reveals_over_89(person, project_date)]
        over = bool(old) and (len(told) == 1 or any(not person["ids"] for person in old))
        own = Person("P" + "A" * 16, _DAYS, over, bytes(32), tuple(known))
        return cls(own, frozenset(_plain(one) for person in old for one in person["ids"]))

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        """Return the stand-in for whom IDs name."""
        if not self.own.over_89 and any(_plain(one) in self.old for one in ids):
            return replace(self.own, over_89=True)
        return self.own


def _plain(one: Sequence[str]) -> tuple[str, str]:
    kind, _, value = one
    return kind, normal_id(value)


def lone_subject(dicom: dict[str, Any], project_date: str) -> Subject:
    """Return the person of one DICOM file, of whom nothing is known but what that file says.

    Parameters
    ----------
    dicom
        The harvest's fields.
    project_date
        YYYYMMDD.
    """
    from curator.scrub.dicom import Subject

    first = dicom["zero"]
    return Subject(
        patient="P" + "A" * 16,
        over_89=reveals_over_89(dicom, project_date),
        shift_days=_DAYS,
        first_time=first[1] if first else None,
        known=tuple((category, value) for category, value in dicom["known"]),
        project_date=project_date,
        fallback_uid="2.25.1",
    )


@dataclass(frozen=True)
class DryTask:
    """The engine's task of a dry run: both passes on one file at a time, with that file's own identifiers only."""

    source: Path
    policy: Policy
    keys: SourceKeys
    accepted: dict[str, str]
    project_date: str
    most: int
    treatment: Treatment
    number: int

    def open(self) -> None:
        """Load what the items need."""
        from curator.scrub.dicom.warm import warm

        warm(self.policy)

    def item(self, item: Entry) -> dict[str, Any]:
        """Decide one file."""
        from curator.scrub.dicom.rewrite import rewrite
        from curator.scrub.dicom.source import opened_object

        found = look(self.source, item, self.keys, self.most, self.treatment)
        dicom = found["dicom"]
        row: dict[str, Any] = {"code": found["code"], "actions": (), "told": self._told(item, found)}
        if found["record"] is not None:
            return self._record(item, found, row)
        if dicom is None:
            return row
        if not dicom["sop_instance_uid"]:
            return {**row, "code": "SRC-012"}
        subject = lone_subject(dicom, self.project_date)
        try:
            accepted = found["content_key"] in self.accepted
            with opened_object(
                self.source, item.relative, size=item.size, modified=item.modified, most=self.most
            ) as data:
                row["actions"] = rewrite(data, subject, self.policy, self.keys.coder(), accepted=accepted).actions
        except ItemError as error:
            row["code"] = error.code
        return row

    def _record(self, item: Entry, found: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        record = found["record"]
        alone = Alone.of(record["people"], self.project_date)
        try:
            with opened_source(
                self.source, item.relative, size=item.size, modified=item.modified, most=self.most
            ) as stream:
                door = medium_of(record["medium"])
                made = guarded(lambda: door.rewrite(stream, BytesIO(), alone, self.treatment))
                row["actions"] = made.actions
        except ItemError as error:
            row["code"] = error.code
        return row

    def failed(self, item: Entry, code: str) -> dict[str, Any]:
        """Return the row of a file that no worker survives."""
        return {"code": code, "actions": (), "told": self._told(item, unread(code))}

    def _told(self, item: Entry, found: dict[str, Any]) -> dict[str, Any]:
        """Return the row that the first pass of a scrub would put down."""
        about = {"relative": path_text(item.relative), "size": item.size, "modified": item.modified}
        return {**about, "source": self.keys.source_id(self.number, item.relative), **found}

    def store(
        self, shard: Shard, rows: list[dict[str, Any]]
    ) -> tuple[list[str | None], bytes, Counter[tuple[str, str]]]:
        """Reduce a shard to a code per file, what the files tell, compressed, and counts of actions."""
        del shard
        actions: Counter[tuple[str, str]] = Counter()
        for row in rows:
            for path, action, number in row["actions"]:
                actions[path, action] += number
        return [row["code"] for row in rows], packed([row["told"] for row in rows]), actions


@dataclass(frozen=True)
class Held:
    """What a survey asks of a delivery's shelf, out of memory."""

    parts: dict[int, bytes] = field(repr=False)

    def numbers(self, name: str) -> list[int]:
        """Return the numbers of the shards of the harvest."""
        return sorted(self.parts) if name == "harvest" else []

    def need(self, name: str) -> Any:
        """Return the rows of a shard."""
        return unpacked(self.parts[int(name.rpartition("/")[2])])


def dry_run(job: Job) -> DryReport:
    """Say what :func:`curator.scrub.delivery.run.scrub` would do with a source, as if it were a new delivery.

    Raises
    ------
    UsageError
        As a scrub would.
    """
    source = source_folder(job.source)
    check_apart(source, job.project)
    entries = [Entry(found.relative, found.size, found.modified, found.code) for found in expanded(source)]
    if not entries:
        raise UsageError("SRC-002")
    day = job.project.config.project_date.strftime("%Y%m%d")
    keys = job.keys()
    number = own_number(job, source)
    task = DryTask(source, job.policy, keys, job.accepted, day, job.most, treatment_of(job, keys), number)
    kept: dict[int, list[str | None]] = {}
    parts: dict[int, bytes] = {}
    actions: Counter[tuple[str, str]] = Counter()

    def commit(shard: Shard, receipt: Any) -> None:
        kept[shard.number] = receipt[0]
        parts[shard.number] = receipt[1]
        actions.update(receipt[2])

    with job.watch(len(entries), "planning") as progress:
        job.engine.run(
            task,
            cut(entries, (e.size for e in entries)),
            commit=commit,
            advance=progress.advance,
            largest=min(max(e.size for e in entries), job.most),
            within=progress.within,
        )
    codes = [code for at in sorted(kept) for code in kept[at]]
    return _closed(codes, _decided(job, keys, day, number, Held(parts)), actions)


def own_number(job: Job, source: Path) -> int:
    """Return the number of the delivery that a scrub of this source goes on with, else the next one's."""
    here = path_text(str(source).encode("utf-8", "surrogateescape"))
    mine = [shelf.number for shelf in shelves(job.vault) if shelf.need("about")["source"] == here]
    return mine[-1] if mine else last_number(job.vault) + 1


def _decided(job: Job, keys: SourceKeys, day: str, number: int, held: Held) -> Iterator[dict[str, Any]]:
    """Yield what a scrub would plan for each file, in order; nothing of it is put down."""
    people = People.load(job.vault, but=number)
    scope = Scope(
        shelf=cast("Shelf", held),
        keys=keys,
        rules=rules_of(job, keys),
        project_date=day,
        accepted=job.accepted,
        earlier=earlier_than(job.project, number),
        linkage=[*stored_linkage(job.vault), *people.given.linkage()],
        loose=people.given.loose(),
        replaced=job.replaced,
    )
    out = frozenset(people.numbers)
    survey = surveyed(scope, people)
    people.check_given(out)
    for _, row in rows(scope.shelf):
        yield decide(row, scope, people, survey)


def _closed(codes: list[str | None], plans: Iterable[dict[str, Any]], actions: Counter[tuple[str, str]]) -> DryReport:
    reasons: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for code, plan in zip(codes, plans, strict=True):
        held = plan["code"] if plan["do"] == "quarantine" else code
        if plan["do"] == "duplicate":
            outcomes[Outcome.DUPLICATE] += 1
        elif held is not None:
            reasons[held] += 1
            outcomes[Outcome.QUARANTINED] += 1
        else:
            outcomes[Outcome.SCRUBBED] += 1
    return DryReport(
        found=len(codes),
        scrubbed=outcomes[Outcome.SCRUBBED],
        duplicate=outcomes[Outcome.DUPLICATE],
        quarantined=outcomes[Outcome.QUARANTINED],
        by_code=dict(sorted(reasons.items())),
        actions=dict(sorted(actions.items())),
    )
