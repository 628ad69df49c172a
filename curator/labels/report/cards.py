"""Scorecards of readers, and what stands on which version of a guideline. Counts, and where each comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from curator.labels.opinions import Opinion, Opinions
from curator.labels.report.material import Kind
from curator.provenance import records
from curator.provenance.log import Log


@dataclass
class Card:
    """One reader.

    Parameters
    ----------
    readings, samples
        Readings, and samples that they are about.
    attested
        Readings that somebody else attested on import.
    reviewed, accepted, rejected
        Labels of this reader that were reviewed, and with what outcome.
    corrected, withdrawn
        Labels that the reader superseded, or that were withdrawn.
    outdated
        Readings by a version of a guideline that a later one follows.
    agreement
        Kind to mean score over comparisons with other readers, and their number.
    """

    reader: str
    readings: int = 0
    samples: int = 0
    attested: int = 0
    reviewed: int = 0
    accepted: int = 0
    rejected: int = 0
    corrected: int = 0
    withdrawn: int = 0
    outdated: int = 0
    first: str = ""
    last: str = ""
    agreement: dict[str, tuple[float, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """A version of a guideline: readings on it, readers, and whether a later version is registered."""

    name: str
    readings: int
    readers: int
    first: str
    last: str
    followed: bool


def cards(found: Opinions, kinds: Sequence[Kind]) -> list[Card]:
    """Return the scorecard of every reader, by id."""
    outdated = {version.name for version in versions(found) if version.followed}
    made: dict[str, Card] = {}
    samples: dict[str, set[str]] = defaultdict(set)
    for one in found.used:
        card = made.setdefault(one.author, Card(one.author, first=one.at[:10], last=one.at[:10]))
        card.readings += 1
        card.attested += one.attested
        card.outdated += one.guideline in outdated
        card.first, card.last = min(card.first, one.at[:10]), max(card.last, one.at[:10])
        samples[one.author].add(one.sample)
    for reader, held in samples.items():
        made[reader].samples = len(held)
    _ends(found.log, made)
    for kind in kinds:
        scores: dict[str, list[float]] = defaultdict(list)
        for reader, _, score in kind.scores:
            scores[reader].append(score)
        for reader, each in scores.items():
            made[reader].agreement[kind.kind] = (sum(each) / len(each), len(each))
    return [made[reader] for reader in sorted(made)]


def _ends(log: Log, made: dict[str, Card]) -> None:
    """Count reviews, corrections and withdrawals of each reader's labels, of every kind."""
    authors: dict[str, str] = {}
    for row in log.rows():
        said, kind = row.record.predicate, row.record.kind
        if kind == records.LABEL:
            authors[said["labelId"]] = said["author"]
            earlier = (said.get("supersedes") or {}).get("labelId")
            if earlier is not None and authors.get(earlier) == said["author"] and said["author"] in made:
                made[said["author"]].corrected += 1
        elif kind in {records.REVIEWED, records.WITHDRAWN}:
            for subject in row.record.subject:
                card = made.get(authors.get(subject["name"].removeprefix("labels/"), ""))
                if card is None:
                    continue
                if kind == records.WITHDRAWN:
                    card.withdrawn += 1
                else:
                    card.reviewed += 1
                    card.accepted += said["outcome"] == "accepted"
                    card.rejected += said["outcome"] == "rejected"


def versions(found: Opinions) -> list[Version]:
    """Return every registered version of a guideline with what stands on it, in the order of registration."""
    held: dict[str, list[Opinion]] = defaultdict(list)
    for one in found.used:
        held[one.guideline].append(one)
    known = sorted(found.log.state.guidelines.values(), key=lambda g: g.index)
    newest = {guideline.id: guideline.version for guideline in known}
    made = []
    for guideline in known:
        name = f"{guideline.id}@{guideline.version}"
        days = [o.at[:10] for o in held[name]]
        readers = len({o.author for o in held[name]})
        first, last = (min(days), max(days)) if days else ("", "")
        made.append(Version(name, len(days), readers, first, last, newest[guideline.id] != guideline.version))
    return made
