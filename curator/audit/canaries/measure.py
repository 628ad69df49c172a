"""Scrubbing planted copies by the code that scrubbed the data, and counting what is still there afterwards.

Nothing is written but the count. A copy, its clean twin and every made-up value stay in this process's memory.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from curator.audit.canaries.interval import exact_interval
from curator.audit.canaries.made import WRITTEN, Canary, make
from curator.audit.canaries.plant import KINDS, MOST, planted
from curator.audit.closed.forms import Known, sheet_of
from curator.audit.closed.search import Search
from curator.audit.closed.views import views
from curator.core.errors import CheckError, ItemError, UsageError
from curator.core.hashing import keyed
from curator.core.types import Outcome
from curator.identifiers.categories import Category
from curator.project import journal

if TYPE_CHECKING:
    from curator.scrub.delivery.planned import Planned
    from curator.scrub.delivery.run import Job
    from curator.scrub.delivery.state import Shelf

FORMAT = 1
LEVEL = 0.95
#: Canaries in one copy: one of each category.
EACH = len(WRITTEN)


@dataclass
class Measured:
    """What was measured.

    Attributes
    ----------
    planted, kept
        Category's letter to how many canaries were planted, and how many were still there.
    by_kind
        Kind of file to (planted, still there).
    copies, held_back
        How many files were copied; how many of the copies the scrub held back, which are in no other number.
    unfit
        Files into which nothing could be planted.
    other_kinds
        Kind to the number of clean files of kinds into which nothing is planted.
    """

    planted: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    copies: int = 0
    held_back: int = 0
    unfit: int = 0
    other_kinds: Counter[str] = field(default_factory=Counter)

    def document(self, wanted: int, policy: str) -> dict[str, Any]:
        """Return the numbers as the journal keeps them."""
        rows = []
        for one in WRITTEN:
            count, kept = self.planted[one.value], self.kept[one.value]
            if count:
                low, high = exact_interval(count - kept, count, LEVEL)
                rows.append(
                    {
                        "category": one.value,
                        "planted": count,
                        "removed": count - kept,
                        "interval": [_text(low), _text(high)],
                    }
                )
        total, left = sum(self.planted.values()), sum(self.kept.values())
        low, high = exact_interval(total - left, total, LEVEL)
        return {
            "format": FORMAT,
            "wanted": wanted,
            "policy": policy,
            "level": _text(LEVEL),
            "planted": total,
            "removed": total - left,
            "interval": [_text(low), _text(high)],
            "categories": rows,
            "kinds": [
                {"kind": kind, "planted": one[0], "removed": one[0] - one[1]}
                for kind, one in sorted(self.by_kind.items())
            ],
            "copies": self.copies,
            "held_back": self.held_back,
            "unfit": self.unfit,
            "not_planted": [{"kind": kind, "files": count} for kind, count in sorted(self.other_kinds.items())],
        }


def _text(share: float) -> str:
    return f"{share:.6f}"


def measure(job: Job, wanted: int) -> dict[str, Any]:
    """Plant, scrub and count.

    Parameters
    ----------
    job
        The scrub that was just finished.
    wanted
        How many canaries.

    Returns
    -------
    dict
        The document.

    Raises
    ------
    UsageError
        AUP-004 when the last delivery has no file into which canaries can be planted.
    """
    from curator.scrub.delivery.state import shelves

    found = Measured()
    key = job.vault.subkey("canaries")
    shelf = max(shelves(job.vault), key=lambda one: one.number)
    items = _chosen(job, shelf, -(-wanted // EACH), key, found)
    if not items:
        raise UsageError("AUP-004")
    path = _Path(job, shelf)
    number = 0
    # With more canaries than files that take one of each, files take further ones.
    while number < wanted:
        before = number
        for kind, item in items:
            some = [make(key, at) for at in range(number, min(wanted, number + EACH))]
            if not some:
                break
            some = [one for one in some if _counts(job, one)]
            if _one(path, kind, item, some, found):
                number += EACH
        if number == before:
            raise UsageError("AUP-004")
    return found.document(wanted, job.policy.digest)


def _counts(job: Job, one: Canary) -> bool:
    """Say whether the policy takes such a value out."""
    return one.category is not Category.DATE or str(job.policy.dates) != "keep"


def _chosen(job: Job, shelf: Shelf, copies: int, key: bytes, found: Measured) -> list[tuple[str, Planned]]:
    """Return the files that are copied, drawn by key among those that were scrubbed, kinds in turn."""
    from curator.scrub.delivery.choose import plan_names
    from curator.scrub.delivery.people import People
    from curator.scrub.delivery.planned import planned_shards

    scrubbed: dict[str, str] = {}
    for row in journal.delivery_rows(job.project, shelf.number, ["outcome", "kind", "bytes"]):
        if row["outcome"] != Outcome.SCRUBBED:
            continue
        if row["kind"] in KINDS and row["bytes"] <= MOST:
            scrubbed[row["source"]] = row["kind"]
        else:
            found.other_kinds[row["kind"]] += 1
    drawn: dict[str, list[str]] = {kind: [] for kind in sorted(KINDS)}
    for source in sorted(scrubbed, key=lambda one: keyed(key, "canary-file", one.encode())):
        drawn[scrubbed[source]].append(source)
    ordered: list[str] = []
    while any(drawn.values()) and len(ordered) < 2 * copies:
        ordered += [some.pop(0) for some in drawn.values() if some]
    wanted = set(ordered)
    people, day = People.load(job.vault), job.project.config.project_date.strftime("%Y%m%d")
    there: dict[str, Planned] = {}
    for name, numbers in plan_names(shelf):
        for shard in planned_shards(shelf, name, numbers, people, job.vault, day):
            there.update(
                (one.row["source"], one)
                for one in shard.items
                if one.row["source"] in wanted and one.row["do"] == "scrub"
            )
    return [(scrubbed[source], there[source]) for source in ordered if source in there]


class _Path:
    """The scrub's own path for one file, from bytes to bytes."""

    def __init__(self, job: Job, shelf: Shelf) -> None:
        from curator.scrub.delivery.choose import plan_names
        from curator.scrub.delivery.next_round import everybody_of
        from curator.scrub.delivery.run import rules_of, treatment_of
        from curator.scrub.prose import everybody

        self.job = job
        self.keys = job.keys()
        self.rules = rules_of(job, self.keys)
        name = everybody_of(len(plan_names(shelf)) - 1)
        self.everybody = [(one[0], one[1]) for one in shelf.need(name)]
        self.treatment = replace(treatment_of(job, self.keys), everybody=everybody(tuple(self.everybody)))

    def read(self, item: Planned) -> bytes:
        """Return a source's bytes, proven to be those that were scrubbed."""
        from curator.intake.read import opened_source
        from curator.scrub.delivery.state import path_bytes

        row = item.row
        with opened_source(
            self.job.source, path_bytes(row["relative"]), size=row["size"], modified=row["modified"]
        ) as stream:
            data = stream.read()
        same = self.keys.content_id(data) if row["medium"] is None else self.keys.content_of(io.BytesIO(data))
        if same != row["content_key"]:
            raise CheckError("SRC-006", count=1)
        return data

    def clean(self, item: Planned, data: bytes) -> bytes:
        """Scrub a copy. Raises ItemError when it would be held back."""
        return self._object(item, data) if item.subject is not None else self._record(item, data)

    def _object(self, item: Planned, data: bytes) -> bytes:
        from curator.scrub.dicom.harvest import harvest
        from curator.scrub.dicom.rewrite import rewrite

        assert item.subject is not None  # the caller looked
        told = tuple(sorted({*item.subject.known, *harvest(data).known}))
        subject = replace(item.subject, known=told)
        return rewrite(data, subject, self.job.policy, self.keys.coder(), accepted=item.row["record"] is not None).data

    def _record(self, item: Planned, data: bytes) -> bytes:
        from curator.scrub.delivery.harvest_pass import guarded
        from curator.scrub.delivery.rewrite_pass import Company
        from curator.scrub.route import medium_of

        if item.own is None:
            raise ItemError("SRC-009")
        door = medium_of(item.row["medium"])
        found = guarded(lambda: door.harvest(io.BytesIO(data), len(data), self.treatment))
        told = {pair for one in found.people for pair in one.known}
        own = replace(item.own, known=tuple(sorted({*item.own.known, *told})))
        company = Company(own, item.persons, item.row["nodes"], self.rules, item.row["source"])
        out = io.BytesIO()
        guarded(lambda: door.rewrite(io.BytesIO(data), out, company, self.treatment))
        return out.getvalue()


def _one(path: _Path, kind: str, item: Planned, canaries: list[Canary], found: Measured) -> bool:
    """Measure one copy. Returns False when nothing was planted in it."""
    try:
        data = planted(kind, path.read(item), canaries, path.treatment)
        there = set(_seen(data, canaries))
    except ItemError:
        found.unfit += 1
        return False
    # What the search does not see in the copy itself says nothing when it is not seen in the clean twin.
    canaries = [one for at, one in enumerate(canaries) if at in there]
    found.copies += 1
    try:
        made = path.clean(item, data)
        left = set(_seen(made, canaries))
    except ItemError:
        found.held_back += 1
        return True
    row = found.by_kind.setdefault(kind, [0, 0])
    for at, one in enumerate(canaries):
        found.planted[one.category.value] += 1
        found.kept[one.category.value] += at in left
        row[0] += 1
        row[1] += at in left
    return True


def _seen(data: bytes, canaries: list[Canary]) -> Iterator[int]:
    """Yield the places in the list of the canaries that stand in some bytes, by the closed-loop search."""
    read = list(views(io.BytesIO(data), len(data)))
    for at, one in enumerate(canaries):
        search = Search(sheet_of([Known(1, (one.searched,))]), fast=False)
        if any(search.count(view.plain, (1,), prose=view.prose) for view in read):
            yield at
