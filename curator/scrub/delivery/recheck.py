"""What a later delivery newly tells of a person is searched in the clean files that earlier ones made.

Hits are listed in the journal, by source and count, never by value. Such a file is stale: its source is scrubbed again
when that source is given again, and no package is built before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CheckError
from curator.core.types import Outcome, Shard
from curator.identifiers.known import KnownMatcher
from curator.intake.shards import cut
from curator.project import journal
from curator.scrub.delivery.freeze import is_of_everybody
from curator.scrub.delivery.people import People
from curator.scrub.delivery.rewrite_pass import SHARED
from curator.scrub.delivery.state import Shelf, shelf_of
from curator.scrub.policy.model import Texts
from curator.scrub.prose import everybody, matcher_of
from curator.scrub.readable import readable_texts

if TYPE_CHECKING:
    from curator.scrub.delivery.run import Job

#: Dates go by rule wherever they stand; what was reduced to its year would look like the first of January.
_BY_RULE = frozenset({"date", "birth_date", "more"})


@dataclass(frozen=True)
class Earlier:
    """A clean file of an earlier delivery and what it is searched for."""

    delivery: int
    source: str
    path: str
    kind: str
    sha256: str
    size: int
    known: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True)
class RecheckTask:
    """The engine's task of searching earlier output.

    Parameters
    ----------
    root
        The project's folder.
    others
        What is newly known of everybody, searched in records about others too.
    surrogates
        Whether the clean texts hold stand-ins for names, which may be somebody's.
    """

    root: Path
    others: tuple[tuple[str, str], ...] = field(repr=False, default=())
    surrogates: bool = False
    matcher: KnownMatcher | None = field(init=False, repr=False, default=None)

    def open(self) -> None:
        """Load what the items need."""
        object.__setattr__(self, "matcher", everybody(self.others, stand_ins=self.surrogates))
        import pydicom  # noqa: F401

    def item(self, item: Earlier) -> dict[str, Any]:
        """Search one clean file."""
        from curator.scrub.dicom.matcher import matcher_of as dicom_matcher

        try:
            with (self.root / item.path).open("rb") as stream:
                if item.kind == "dicom":
                    matcher = dicom_matcher(item.known)
                    count = sum(matcher.hits(text) for text in readable_texts(item.kind, stream))
                else:
                    if self.matcher is None:
                        raise ValueError("the task was not opened")
                    known = [matcher_of(item.known), self.matcher]
                    count = sum(
                        1 for text in readable_texts(item.kind, stream) for one in known for _ in one.find(text)
                    )
        except OSError:
            return {"lost": True, "hits": 0}
        return {"lost": False, "hits": count}

    def failed(self, item: Earlier, code: str) -> dict[str, Any]:  # noqa: ARG002 - the door's shape
        """Count a file that cannot be searched as a hit: what was not searched is not clean."""
        return {"lost": False, "hits": 1}

    def store(self, shard: Shard, rows: list[dict[str, Any]]) -> list[tuple[Earlier, int]]:
        """Return the files with hits.

        Raises
        ------
        CheckError
            PRJ-010 when a clean file is not there any more.
        """
        lost = sum(row["lost"] for row in rows)
        if lost:
            raise CheckError("PRJ-010", count=lost)
        return [(item, row["hits"]) for item, row in zip(shard.items, rows, strict=True) if row["hits"]]


def recheck(job: Job, shelf: Shelf) -> None:
    """Search what earlier deliveries made for what a frozen one newly tells, once, and note it in the journal."""
    if journal.document(job.project, shelf.number, "recheck") is not None:
        return
    items, others = _affected(job, shelf)
    hits: list[tuple[Earlier, int]] = []
    if items:
        with job.watch(len(items), "searching earlier output") as progress:
            job.engine.run(
                RecheckTask(job.project.root, others, job.policy.texts is Texts.SURROGATE),
                cut(items, (item.size for item in items)),
                commit=lambda _shard, receipt: hits.extend(receipt),
                advance=progress.advance,
                largest=max(item.size for item in items),
            )
    listed = sorted(
        (
            {"delivery": item.delivery, "source": item.source, "sha256": item.sha256, "hits": count}
            for item, count in hits
        ),
        key=lambda hit: (hit["delivery"], hit["source"]),
    )
    journal.put_document(job.project, shelf.number, "recheck", {"format": 1, "searched": len(items), "hits": listed})


def _affected(job: Job, shelf: Shelf) -> tuple[list[Earlier], tuple[tuple[str, str], ...]]:
    """Return the clean files of earlier deliveries that have to be searched, and what is newly known of everybody.

    A file about a person of whom this delivery tells something new is searched for all of it; a record is searched for
    the new names and numbers of everybody as well, as it was when it was made.
    """
    told: dict[str, list[list[str]]] = shelf.need("people")["known"]
    people = People.load(job.vault)
    new: dict[str, tuple[tuple[str, str], ...]] = {}
    for key, pairs in told.items():
        kept = tuple((category, value) for category, value in pairs if category not in _BY_RULE)
        if kept and key in people.numbers:
            new[people.pseudonym(job.vault, key)] = kept
    others = tuple(sorted({pair for pairs in new.values() for pair in pairs if is_of_everybody(*pair)}))
    named = _Named(job, people)
    found: list[Earlier] = []
    columns = ["outcome", "path", "kind", "sha256", "bytes"]
    for row in journal.all_rows(job.project, columns):
        if row["delivery"] >= shelf.number or row["outcome"] != Outcome.SCRUBBED:
            continue
        folder = row["path"].split("/")[1]
        if folder == SHARED:
            persons = named.persons(row["delivery"], row["source"])
            known = tuple(sorted({pair for one in persons for pair in new.get(one, ())}))
        else:
            known = new.get(folder, ())
        if known or (others and row["kind"] != "dicom"):
            found.append(
                Earlier(row["delivery"], row["source"], row["path"], row["kind"], row["sha256"], row["bytes"], known)
            )
    return found, others


class _Named:
    """Says whom a record about many names, by pseudonym, from the plans of its delivery."""

    def __init__(self, job: Job, people: People) -> None:
        self._job = job
        self._people = people
        self._plans: dict[int, dict[str, list[str]]] = {}

    def persons(self, delivery: int, source: str) -> list[str]:
        """Return the pseudonyms of everybody whom a record names."""
        if delivery not in self._plans:
            shelf = shelf_of(self._job.vault, delivery)
            self._plans[delivery] = {
                row["source"]: sorted(set(row["nodes"].values()))
                for number in shelf.numbers("plan")
                for row in shelf.need(f"plan/{number:08d}")
                if row["do"] == "scrub" and row.get("many")
            }
        named = self._plans[delivery].get(source, [])
        return [self._people.pseudonym(self._job.vault, key) for key in named]
