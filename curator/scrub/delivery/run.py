"""A scrub from end to end: choose the delivery, harvest, freeze, rewrite, count.

Holds the project's lock all the while. Every step may be killed; the next run goes on where it was.
"""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from curator import __version__
from curator.core.canonical import canonical_bytes
from curator.core.clock import Clock, utc_text
from curator.core.errors import UsageError
from curator.core.files import make_folder, sweep_temps, write_whole
from curator.core.hashing import keyed
from curator.core.types import Shard
from curator.intake.read import MOST_BYTES
from curator.intake.shards import cut
from curator.intake.walk import source_folder
from curator.project import journal
from curator.project.lock import held
from curator.project.paths import Project, inside
from curator.project.vault import Vault
from curator.scrub.delivery import met
from curator.scrub.delivery.acquired import NAME as ACQUIRED
from curator.scrub.delivery.acquired import published
from curator.scrub.delivery.choose import (
    REFUSED,
    Settings,
    check_settings,
    choose,
    clear_abandoned,
    complete,
    plan_names,
    policy_of,
)
from curator.scrub.delivery.freeze import freeze
from curator.scrub.delivery.given import stored
from curator.scrub.delivery.harvest_pass import Entry, HarvestTask
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.link import IdRules
from curator.scrub.delivery.linkage import stored_linkage
from curator.scrub.delivery.lost import lost
from curator.scrub.delivery.moved import moved_of
from curator.scrub.delivery.next_round import earlier_than, everybody_of, next_round
from curator.scrub.delivery.people import People
from curator.scrub.delivery.planned import planned_shards
from curator.scrub.delivery.recheck import recheck
from curator.scrub.delivery.referred import referred_of
from curator.scrub.delivery.replacing import take_away_replaced
from curator.scrub.delivery.report import Report, count
from curator.scrub.delivery.rewrite_pass import RewriteTask
from curator.scrub.delivery.state import Shelf, packed, path_bytes
from curator.scrub.delivery.survey import Scope
from curator.scrub.treatment import Treatment

if TYPE_CHECKING:
    from curator.engine.protocol import Engine
    from curator.provenance.known import Replaced
    from curator.scrub.policy import Policy


class Progress(Protocol):
    """What the run tells a watcher."""

    def advance(self, count: int) -> None:
        """Take note that items are done."""
        ...

    def within(self, done: int, size: int) -> None:
        """Take note of the bytes done of those of the large files that are being worked on; 0 of 0 for none."""
        ...


Watch = Callable[[int, str], AbstractContextManager[Progress]]


@dataclass(frozen=True)
class Job:
    """Everything that a scrub is given.

    Parameters
    ----------
    project, vault
        Where to; the vault is open.
    source
        Where from.
    policy
        The rules.
    engine
        Runs tasks over shards.
    clock
        For ``runs/`` only.
    watch
        Opens a progress display: (total, label) to a context manager.
    accepted
        Keyed content digest to the leaf of the verified record that clears its pixels.
    replaced
        Keyed content digest of a corrected object to what a verified record says it replaces.
    restart
        Give up an unfinished delivery of this source.
    most
        The largest file in bytes that is read.
    added
        Names of installed text detectors that are asked besides the program's own.
    """

    project: Project
    vault: Vault
    source: Path
    policy: Policy
    engine: Engine
    clock: Clock
    watch: Watch
    accepted: dict[str, str]
    replaced: Mapping[str, Replaced] = field(default_factory=dict)
    restart: bool = False
    most: int = MOST_BYTES
    added: tuple[str, ...] = ()

    def keys(self) -> SourceKeys:
        """Return the subkeys that name sources, persons and UIDs under the job's policy."""
        return SourceKeys.of(self.vault, retain_uids=self.policy.applies("retain_uids"))


def check_apart(source: Path, project: Project) -> None:
    """Refuse a source and a project that lie inside each other.

    Raises
    ------
    UsageError
        SRC-003.
    """
    for place in (project.root, project.vault):
        if inside(place, source) or inside(source, place):
            raise UsageError("SRC-003")


def scrub(job: Job) -> Report:
    """Scrub a source folder into a project.

    Returns
    -------
    Report
        The numbers of the delivery.

    Raises
    ------
    UsageError, CheckError, IntegrityError
        As the steps say; what was committed before stays, and a rerun goes on.
    """
    source = source_folder(job.source)
    check_apart(source, job.project)
    with held(job.project, "scrub"):
        started = job.clock.now()
        for folder in (job.project.clean, job.project.journal, job.vault.folder / "deliveries"):
            make_folder(folder, 0o700 if folder.parent == job.vault.folder else 0o777)
            sweep_temps(folder)
        day = job.project.config.project_date.strftime("%Y%m%d")
        settings = Settings(
            job.policy,
            job.project.config.site,
            day,
            job.policy.applies("retain_uids"),
            stored(job.vault).lineage(),
        )
        check_settings(job.vault, settings)
        clear_abandoned(job.project, job.vault)
        shelf, inventory = choose(job.project, job.vault, source, settings, restart=job.restart)
        if shelf.get("frozen") is None:
            _harvest(job, source, shelf, inventory)
            try:
                _freeze(job, shelf, settings, inventory)
            except UsageError:
                shelf.put(REFUSED, {"format": 1})
                raise
        _publish(job, shelf, inventory)
        recheck(job, shelf)
        resumed = _committed(job.project, shelf)
        stats, remade = _rewrite(job, source, shelf, day, again=resumed > 0)
        take_away_replaced(job.project)
        others = set(journal.deliveries(job.project)) - {shelf.number}
        report = replace(count(job.project, shelf.number, resumed), remade=remade, lost=len(lost(job.project, others)))
        _note_run(job, started, report, stats)
    return report


def treatment_of(job: Job, keys: SourceKeys) -> Treatment:
    """Return what becomes of the values of records, by the job's policy and the vault's keys."""
    day = job.project.config.project_date.strftime("%Y%m%d")
    return Treatment(job.policy, keys.text, keys.uid, day, job.added, uids=keys.uids)


def rules_of(job: Job, keys: SourceKeys) -> IdRules:
    """Return how IDs of records become persons in the job's project."""
    return IdRules(keys.person, job.project.config.site, job.project.config.issuers)


def _harvest(job: Job, source: Path, shelf: Shelf, inventory: list[list[Any]]) -> None:
    entries = [Entry(path_bytes(line[0]), *line[1:]) for line in inventory]
    done = set(shelf.numbers("harvest"))
    shards = list(cut(entries, (entry.size for entry in entries)))
    left = [shard for shard in shards if shard.number not in done]
    keys = job.keys()
    task = HarvestTask(source, keys, shelf, job.most, treatment_of(job, keys))
    with job.watch(len(entries), "reading") as progress:
        progress.advance(len(entries) - sum(len(shard.items) for shard in left))
        largest = max(entry.size for entry in entries)
        job.engine.run(
            task,
            left,
            commit=lambda _shard, _receipt: None,
            advance=progress.advance,
            largest=min(largest, job.most),
            within=progress.within,
        )


def _freeze(job: Job, shelf: Shelf, settings: Settings, inventory: list[list[Any]]) -> None:
    before = People.load(job.vault, but=shelf.number)
    people = People.load(job.vault, but=shelf.number)
    scope = Scope(
        shelf=shelf,
        keys=job.keys(),
        rules=rules_of(job, job.keys()),
        project_date=settings.project_date,
        accepted=job.accepted,
        earlier=earlier_than(job.project, shelf.number),
        linkage=[*stored_linkage(job.vault), *people.given.linkage()],
        loose=people.given.loose(),
        replaced=job.replaced,
    )
    told = freeze(scope, before, people)
    if told.replaces:
        journal.put_document(job.project, shelf.number, journal.REPLACING, {"format": 1})
    digest = keyed(job.vault.subkey("source"), "inventory", packed(inventory)).hex()
    shelf.put(ACQUIRED, told.acquired)
    shelf.put("frozen", {"format": 1, "items": told.items, "shards": shelf.numbers("plan"), "inventory": digest})


def _publish(job: Job, shelf: Shelf, inventory: list[list[Any]]) -> None:
    """State in the journal what the delivery is, without naming the source."""
    frozen = shelf.need("frozen")
    about = shelf.need("about")
    doc = {
        "format": 1,
        "delivery": shelf.number,
        "inventory": frozen["inventory"],
        "items": len(inventory),
        "shards": len(frozen["shards"]),
        "known": shelf.need("strengths"),
        "listed": shelf.get("listed") or 0,
        **({"alike": alike} if (alike := shelf.get("alike")) else {}),
        **({"given": about["given"]} if about.get("given") else {}),
        "policy": policy_of(about),
    }
    period = shelf.get(ACQUIRED)  # a delivery frozen by an earlier version has none
    if period is not None:
        journal.put_document(job.project, shelf.number, ACQUIRED, published(period))
    journal.put_document(job.project, shelf.number, "delivery", doc)


def _committed(project: Project, shelf: Shelf) -> int:
    return sum(
        int(commit.doc["rows"])
        for number in range(len(plan_names(shelf)))
        for commit in journal.round_log(project, shelf.number, number).commits()
    )


def _rewrite(job: Job, source: Path, shelf: Shelf, day: str, *, again: bool) -> tuple[list[Any], int]:
    """Do what is left of each round, and return the engine's numbers and how many clean files were made again.

    ``again`` says that some were there before this run: they may have been lost since.
    """
    stats: list[Any] = []
    remade = 0
    while True:
        for number, (name, shards) in enumerate(plan_names(shelf)):
            log = journal.round_log(job.project, shelf.number, number)
            done = set(log.numbers())
            left = [shard for shard in shards if shard not in done]
            if left:
                stats.append(_round(job, source, shelf, name, number, left, day))
        if not complete(job.project, shelf):
            return stats, remade
        met.forget(shelf)
        gone = {missing for _, missing in lost(job.project, {shelf.number})} if again else set()
        remade, again = remade + len(gone), False
        if not next_round(job, shelf, gone):
            return stats, remade


def _round(job: Job, source: Path, shelf: Shelf, name: str, number: int, left: list[int], day: str) -> Any:
    keys = job.keys()
    log = journal.round_log(job.project, shelf.number, number)
    task = RewriteTask(
        source,
        job.project.root,
        log.folder,
        job.policy,
        keys,
        job.most,
        treatment_of(job, keys),
        rules_of(job, keys),
        shelf,
        everybody_of(number),
        moved_of(number),
        referred_of(number),
    )
    people = People.load(job.vault)
    total = shelf.need("frozen")["items"] if number == 0 else 0

    def commit(shard: Shard, part: str) -> None:
        log.commit(shard.number, [part], rows=len(shard.items))

    with job.watch(total, "scrubbing") as progress:
        progress.advance(sum(int(entry.doc["rows"]) for entry in log.commits()))
        shards = planned_shards(shelf, name, left, people, job.vault, day)
        largest = min(max(line[1] for line in shelf.need("inventory")), job.most)
        return job.engine.run(
            task, shards, commit=commit, advance=progress.advance, largest=largest, within=progress.within
        )


def _note_run(job: Job, started: Any, report: Report, stats: list[Any]) -> None:
    document = {
        "format": 1,
        "program": __version__,
        "started": utc_text(started),
        "ended": utc_text(job.clock.now()),
        "host": platform.node() or "unknown",
        "process": os.getpid(),
        "delivery": report.delivery,
        "found": report.found,
        "resumed": report.resumed,
        "engine": [str(one) for one in stats],
    }
    name = f"{started.strftime('%Y%m%dT%H%M%S')}-{secrets.token_hex(4)}.json"
    write_whole(job.project.runs / name, canonical_bytes(document))
