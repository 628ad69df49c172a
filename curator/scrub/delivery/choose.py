"""Which delivery a run goes on with: a new one, an interrupted one, or one that is complete.

Refuses what would mix two truths: a policy, a site or a source that changed in mid-run.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator import __version__
from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.core.types import Outcome
from curator.intake.walk import expanded
from curator.project import journal
from curator.project.paths import Project
from curator.project.restore import check_complete
from curator.project.vault import Vault
from curator.scrub.delivery import met
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.planned import Planned, planned_shards
from curator.scrub.delivery.rewrite_pass import outputs
from curator.scrub.delivery.state import Shelf, last_number, path_text, shelf_of, shelves
from curator.scrub.policy.model import Policy
from curator.scrub.policy.since import Since, since, stated

#: Says that what the user gave, a table or the linkage, did not fit what a delivery read: nothing was decided.
REFUSED = "refused"


@dataclass(frozen=True)
class Settings:
    """What every delivery of a project has in common."""

    policy: Policy
    site: str
    project_date: str
    retain_uids: bool = False
    given: list[dict[str, Any]] = field(default_factory=list)


def listing(source: Path) -> list[list[Any]]:
    """Return the inventory of a source folder: [path, size, modified, code] in the order of the path's bytes."""
    return [[path_text(found.relative), found.size, found.modified, found.code] for found in expanded(source)]


def plan_names(shelf: Shelf) -> list[tuple[str, list[int]]]:
    """Return the plans of a frozen delivery, one a round: the plan's folder and its shards."""
    frozen = shelf.get("frozen")
    if frozen is None:
        return []
    plans = [("plan", list(frozen["shards"]))]
    while (later := shelf.get(f"round-{len(plans):02d}")) is not None:
        plans.append((f"plan-{len(plans):02d}", list(later["shards"])))
    return plans


def complete(project: Project, shelf: Shelf) -> bool:
    """Say whether every shard of every round of a delivery is committed."""
    plans = plan_names(shelf)
    return bool(plans) and all(
        set(shards) <= set(journal.round_log(project, shelf.number, number).numbers())
        for number, (_, shards) in enumerate(plans)
    )


def check_settings(vault: Vault, settings: Settings) -> None:
    """Refuse settings that differ from those of an earlier delivery.

    Raises
    ------
    UsageError
        PRJ-006 for the policy, PRJ-013 for the program's rules, PRJ-009 for site and project date.
    """
    for shelf in shelves(vault):
        about = shelf.need("about")
        if shelf.get("frozen") is None:
            continue  # nothing was decided yet
        then = policy_of(about)
        changed = since(then, settings.policy)
        if changed is Since.RULES:
            raise UsageError("PRJ-013", name=then["name"], then=then["program"], now=__version__)
        if changed is Since.POLICY:
            raise UsageError("PRJ-006", then=then["digest"][:8], now=settings.policy.digest[:8])
        for name in ("site", "project_date"):
            if about[name] != getattr(settings, name):
                raise UsageError("PRJ-009", what=name)


def policy_of(about: Mapping[str, Any]) -> dict[str, str]:
    """Return what a delivery notes of the policy that it was scrubbed by, as the journal states it."""
    later = {name: about[f"policy_{name}"] for name in ("decisions", "program") if f"policy_{name}" in about}
    return {"name": about["policy_name"], "digest": about["policy_digest"], **later}


def abandon(project: Project, vault: Vault, shelf: Shelf) -> None:
    """Give a delivery up: hide its rows, then take away what it wrote. May be killed and done again.

    Raises
    ------
    UsageError
        PRJ-012 when it has begun to replace clean files of earlier deliveries, which nothing could bring back.
    """
    if journal.document(project, shelf.number, journal.REPLACING) is not None:
        raise UsageError("PRJ-012")
    shelf.put("abandoned", {"format": 1})
    clear_abandoned(project, vault)


def clear_abandoned(project: Project, vault: Vault) -> None:
    """Finish what :func:`abandon` began."""
    for number in range(1, last_number(vault) + 1):
        shelf = shelf_of(vault, number)
        if shelf.get("abandoned") is None or shelf.get("cleared") is not None:
            continue
        if journal.document(project, number, "delivery") is not None:
            journal.put_document(project, number, "abandoned", {"format": 1})
        kept = {
            row["path"] for row in journal.all_rows(project, ["outcome", "path"]) if row["outcome"] == Outcome.SCRUBBED
        }
        _remove_outputs(project, vault, shelf, kept)
        shelf.put("cleared", {"format": 1})


def _remove_outputs(project: Project, vault: Vault, shelf: Shelf, kept: set[str]) -> None:
    from curator.scrub.delivery.people import People

    people = People.load(vault)
    keys = SourceKeys.of(vault, retain_uids=shelf.need("about").get("retain_uids", False))
    for name, numbers in plan_names(shelf):
        for shard in planned_shards(shelf, name, numbers, people, vault, "19000101"):
            for item in shard.items:
                _remove(project, item, keys, kept)


def _remove(project: Project, item: Planned, keys: SourceKeys, kept: set[str]) -> None:
    for path in outputs(project.root, item, keys):
        if path.relative_to(project.root).as_posix() in kept:
            continue
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        for folder in list(path.parents)[:3]:
            with contextlib.suppress(OSError):
                folder.rmdir()


def choose(
    project: Project, vault: Vault, source: Path, settings: Settings, *, restart: bool
) -> tuple[Shelf, list[list[Any]]]:
    """Return the delivery to work on, with its inventory.

    Parameters
    ----------
    project, vault
        Where.
    source
        The source folder's real path.
    settings
        What every delivery of the project has in common.
    restart
        Give up an unfinished delivery of this source and take a new inventory.

    Raises
    ------
    UsageError
        SRC-002 when the folder is empty, PRJ-008 when another source's delivery is unfinished, VLT-045 when the vault
        took the place of a lost one.
    CheckError
        SRC-006 when the source changed since the delivery was frozen.
    IntegrityError
        VLT-003 when the vault has lost what the journal says was frozen, VLT-047 when it was restored from an older
        backup.
    """
    check_complete(project, vault)
    for any_ in shelves(vault):
        if any_.get("frozen") is None and journal.document(project, any_.number, "delivery") is not None:
            raise IntegrityError("VLT-003", name=f"deliveries/{any_.number:04d}/frozen")
    here = path_text(str(source).encode("utf-8", "surrogateescape"))
    found = listing(source)
    mine = [shelf for shelf in shelves(vault) if shelf.need("about")["source"] == here]
    shelf = mine[-1] if mine else None
    if shelf is not None and restart and not complete(project, shelf):
        abandon(project, vault, shelf)
        shelf = None
    for other in shelves(vault):
        if other.need("about")["source"] == here or complete(project, other):
            continue
        if other.get("frozen") is not None or other.get(REFUSED) is None:
            raise UsageError("PRJ-008", delivery=other.number)
        abandon(project, vault, other)  # else a folder that is refused would keep all others out
    if not found:
        raise UsageError("SRC-002")
    if shelf is not None and shelf.get("frozen") is None:
        if shelf.get("inventory") != found:
            _begin_again(shelf)
            shelf.put("inventory", found)
        shelf.put("about", _about(here, settings))
        return shelf, found
    if shelf is not None:
        then = shelf.need("inventory")
        if then == found:
            return shelf, found
        if not complete(project, shelf):
            now, before = {tuple(line) for line in found}, {tuple(line) for line in then}
            raise CheckError("SRC-006", count=len({line[0] for line in now ^ before}))
    return _new(vault, here, settings, found), found


def _about(here: str, settings: Settings) -> dict[str, Any]:
    return {
        "format": 1,
        "source": here,
        **{f"policy_{name}": said for name, said in stated(settings.policy).items()},
        "site": settings.site,
        "project_date": settings.project_date,
        "retain_uids": settings.retain_uids,
        "given": settings.given,
    }


def _new(vault: Vault, here: str, settings: Settings, found: list[list[Any]]) -> Shelf:
    shelf = shelf_of(vault, last_number(vault) + 1)
    shelf.put("inventory", found)
    shelf.put("about", _about(here, settings))  # from here on the delivery exists
    return shelf


def _begin_again(shelf: Shelf) -> None:
    for name in ("harvest", met.FOLDER):
        folder = shelf.path(name).with_suffix("")
        if folder.is_dir():
            shutil.rmtree(folder)
