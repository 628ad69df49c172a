"""``scrub --dry-run``: decide every file as a scrub would, keep only counts, write nothing anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError, UsageError
from curator.core.types import Outcome, Shard
from curator.intake.read import opened_source
from curator.intake.shards import cut
from curator.intake.walk import expanded, source_folder
from curator.scrub.delivery.harvest_pass import Entry, guarded, look
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.run import Job, check_apart, treatment_of
from curator.scrub.delivery.survey import reveals_over_89
from curator.scrub.medium import Person
from curator.scrub.route import medium_of

if TYPE_CHECKING:
    from pathlib import Path

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


@dataclass(frozen=True)
class Alone:
    """One stand-in for everybody whom a file names, for a dry run: counts do not depend on who is who."""

    own: Person

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:  # noqa: ARG002 - the door's shape
        """Return the stand-in."""
        return self.own


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

    first = dicom["first"]
    return Subject(
        patient="P" + "A" * 16,
        over_89=reveals_over_89(dicom, project_date),
        shift_days=1,
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
        row: dict[str, Any] = {"code": found["code"], "uid": None, "content": found["content_key"], "actions": ()}
        if found["record"] is not None:
            return self._record(item, found, row)
        if dicom is None:
            return row
        if not dicom["sop_instance_uid"]:
            return {**row, "code": "SRC-012"}
        row["uid"] = self.keys.coder()(dicom["sop_instance_uid"])
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
        row["uid"] = self.keys.record_uid(found["content_key"], "")
        known = sorted({(category, value) for person in record["people"] for category, value in person["known"]})
        over = any(reveals_over_89(person, self.project_date) for person in record["people"])
        alone = Alone(Person("P" + "A" * 16, 1, over, bytes(32), tuple(known)))
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

    def failed(self, item: Entry, code: str) -> dict[str, Any]:  # noqa: ARG002 - the door\'s shape
        """Return the row of a file that no worker survives."""
        return {"code": code, "uid": None, "content": None, "actions": ()}

    def store(self, shard: Shard, rows: list[dict[str, Any]]) -> tuple[list[tuple[Any, ...]], Counter[tuple[str, str]]]:
        """Reduce a shard to (number, code, uid, content) per file and counts of actions."""
        actions: Counter[tuple[str, str]] = Counter()
        for row in rows:
            for path, action, number in row["actions"]:
                actions[path, action] += number
        return [(shard.number, row["code"], row["uid"], row["content"]) for row in rows], actions


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
    task = DryTask(source, job.policy, keys, job.accepted, day, job.most, treatment_of(job, keys))
    kept: dict[int, list[tuple[Any, ...]]] = {}
    actions: Counter[tuple[str, str]] = Counter()

    def commit(shard: Shard, receipt: Any) -> None:
        kept[shard.number] = receipt[0]
        actions.update(receipt[1])

    with job.watch(len(entries), "planning") as progress:
        job.engine.run(
            task,
            cut(entries, (e.size for e in entries)),
            commit=commit,
            advance=progress.advance,
            largest=min(max(e.size for e in entries), job.most),
        )
    return _closed([row for number in sorted(kept) for row in kept[number]], actions)


def _closed(rows: list[tuple[Any, ...]], actions: Counter[tuple[str, str]]) -> DryReport:
    contents: dict[str, set[str]] = {}
    for _, _, uid, content in rows:
        if uid:
            contents.setdefault(uid, set()).add(content)
    codes: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    seen: set[str] = set()
    for _, code, uid, _ in rows:
        conflict = uid and len(contents[uid]) > 1
        if uid and not conflict and uid in seen:
            outcomes[Outcome.DUPLICATE] += 1
        elif conflict or code is not None:
            codes["SRC-011" if conflict else code] += 1
            outcomes[Outcome.QUARANTINED] += 1
        else:
            outcomes[Outcome.SCRUBBED] += 1
        seen.add(uid or "")
    return DryReport(
        found=len(rows),
        scrubbed=outcomes[Outcome.SCRUBBED],
        duplicate=outcomes[Outcome.DUPLICATE],
        quarantined=outcomes[Outcome.QUARANTINED],
        by_code=dict(sorted(codes.items())),
        actions=dict(sorted(actions.items())),
    )
