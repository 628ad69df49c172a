"""A further round of a complete delivery: what a signed record has let in, what was told since, what was lost."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from curator.core.types import Outcome
from curator.intake.shards import cut
from curator.project import journal
from curator.project.paths import Project
from curator.scrub.delivery.choose import plan_names
from curator.scrub.delivery.freeze import everybody
from curator.scrub.delivery.lost import planned_again
from curator.scrub.delivery.people import People
from curator.scrub.delivery.replacing import corrected_sources, replaced_source
from curator.scrub.delivery.state import Shelf

if TYPE_CHECKING:
    from curator.scrub.delivery.run import Job

#: Reason codes that a signed record of a person who looked lifts: burned-in text, a face, a document.
REOPEN_CODES = frozenset({"DCM-041", "DCM-042", "DCM-043"})


def earlier_than(project: Project, but: int) -> dict[str, tuple[str, str, str]]:
    """Return what deliveries but one have scrubbed, as :class:`curator.scrub.delivery.survey.Scope` has it."""
    columns = ["outcome", "uid", "content_key", "sha256"]
    return {
        row["uid"]: (row["content_key"], row["source"], row["sha256"])
        for row in journal.all_rows(project, columns)
        if row["outcome"] == Outcome.SCRUBBED and row["delivery"] != but
    }


def everybody_of(number: int) -> str:
    """Return which document has the names and numbers of everybody as a round knows them."""
    return f"everybody-{number:02d}" if number else "everybody"


def next_round(job: Job, shelf: Shelf, gone: Collection[str]) -> bool:
    """Plan a further round for files that a signed record has cleared, or that hold what a later delivery told.

    Parameters
    ----------
    job, shelf
        What is done.
    gone
        Sources whose clean file was lost: they are scrubbed once more as they were.

    Returns
    -------
    bool
        Whether there are any.
    """
    cleared = set()
    if job.accepted:
        columns = ["outcome", "code", "content_key"]
        cleared = {
            row["source"]
            for row in journal.delivery_rows(job.project, shelf.number, columns)
            if row["outcome"] == Outcome.QUARANTINED and row["code"] in REOPEN_CODES
            if row["content_key"] in job.accepted
        }
    plans = plan_names(shelf)
    known = {
        row["source"] for name, numbers in plans[1:] for number in numbers for row in shelf.need(f"{name}/{number:08d}")
    }
    earlier = earlier_than(job.project, 0) if cleared or job.replaced else {}
    corrected = corrected_sources(job.project, shelf, earlier, job.replaced) - known
    cleared -= known
    tried = {tuple(one) for at in range(1, len(plans)) for one in shelf.need(f"round-{at:02d}").get("again", [])}
    again = {hit for hit in journal.stale(job.project) if hit[0] == shelf.number and hit[1:] not in tried}
    stale = {source for _, source, _ in again}
    if not cleared and not stale and not corrected and not gone:
        return False
    rows = [
        {**row, "record": job.accepted.get(row["content_key"], row["record"])}
        for row in planned_again(shelf, set(gone) - cleared - corrected - stale)
    ]
    for number in plans[0][1]:
        for row in shelf.need(f"plan/{number:08d}"):
            if row["source"] in cleared:
                there = earlier.get(row["uid"])
                twice = {"do": "duplicate", "of": there[1]} if there else {}
                rows.append({**row, "record": job.accepted[row["content_key"]], **twice})
            elif row["source"] in corrected:
                replaces = replaced_source(row, earlier, job.replaced)
                rows.append(
                    {**row, "do": "scrub", "replaces": replaces, "record": job.accepted.get(row["content_key"])}
                )
            elif row["source"] in stale:
                rows.append({**row, "record": job.accepted.get(row["content_key"], row["record"])})
    if corrected:
        journal.put_document(job.project, shelf.number, journal.REPLACING, {"format": 1})
    number = len(plans)
    shelf.wipe(f"plan-{number:02d}")
    shards = list(cut(rows, (row["size"] for row in rows)))
    for shard in shards:
        shelf.put(f"plan-{number:02d}/{shard.number:08d}", list(shard.items))
    shelf.put(everybody_of(number), everybody(People.load(job.vault)))
    done = {"format": 1, "shards": [shard.number for shard in shards], "again": sorted(list(hit[1:]) for hit in again)}
    shelf.put(f"round-{number:02d}", done)
    return True
