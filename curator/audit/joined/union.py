"""The records of all sites as one: names joined, in the order of signing; the sites' own records stay as they are.

Made for checks that speak of all sites together. It is a view, never written anywhere.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from curator.audit.package_subject import PackageSubject
from curator.provenance.known import Known
from curator.provenance.people import Person
from curator.provenance.state import Record
from curator.release.sites.names import apart, joint, joint_path

#: Fields of a predicate that name a person or a label of the site.
_PEOPLE = ("author", "signer", "person", "accessor")


class SiteRecord(Record):
    """A record with its names joined, and the site that it is of."""

    site: str


def joined_record(site: str, record: Record, place: int) -> SiteRecord:
    """Return a site's record as it stands among those of all sites.

    Parameters
    ----------
    site
        The site's id.
    record
        Its record.
    place
        What it counts as among all records: unique, rising within the site.
    """
    said = dict(record.predicate)
    for name in _PEOPLE:
        if isinstance(said.get(name), str):
            said[name] = joint(site, said[name])
    if isinstance(said.get("labelId"), str):
        said["labelId"] = joint(site, said["labelId"])
    superseded = said.get("supersedes")
    if isinstance(superseded, dict) and isinstance(superseded.get("labelId"), str):
        said["supersedes"] = {**superseded, "labelId": joint(site, superseded["labelId"])}
    subject = [_subject(site, one) for one in record.subject]
    made = SiteRecord(place, record.leaf, record.kind, subject, said, record.value_digest)
    made.site = site
    return made


def _subject(site: str, one: dict[str, Any]) -> dict[str, Any]:
    name = one.get("name")
    if not isinstance(name, str):
        return one
    if name.startswith("clean/"):
        return {**one, "name": joint_path(site, name)}
    for head in ("patients/", "people/"):
        if name.startswith(head):
            return {**one, "name": head + joint(site, name.removeprefix(head))}
    return one


class _Labels:
    """What became of the labels of all sites, by joint id."""

    def __init__(self, parts: dict[str, PackageSubject]) -> None:
        self._parts = parts

    def get(self, label: str) -> Known | None:
        """Return what is kept of a label, None for one that no site has."""
        site, own = apart(label)
        part = self._parts.get(site)
        return None if part is None else part.state().labels.get(own)


def union_state(parts: dict[str, PackageSubject]) -> Any:
    """Return what checks ask of a state, over all sites: people by joint id, labels, the newest time."""
    people: dict[str, Person] = {
        joint(site, name): replace(person, id=joint(site, name))
        for site, part in parts.items()
        for name, person in part.state().people.items()
    }
    return SimpleNamespace(
        people=people,
        labels=_Labels(parts),
        newest_time=max(part.state().newest_time for part in parts.values()),
    )


def union_records(parts: dict[str, PackageSubject]) -> Iterator[Record]:
    """Yield the records of all sites in the order of the times that were reached when they were signed."""
    timed = (_timed(number, site, part) for number, (site, part) in enumerate(parts.items()))
    for place, (_, _, site, record) in enumerate(heapq.merge(*timed)):
        yield joined_record(site, record, place)


def _timed(number: int, site: str, part: PackageSubject) -> Iterator[tuple[str, tuple[int, int], str, Record]]:
    reached = ""
    for at, record in enumerate(part.records()):
        # A clock that ran backwards at a site changes no order there.
        reached = max(reached, record.predicate["signedAt"])
        yield reached, (number, at), site, record
