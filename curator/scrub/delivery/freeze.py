"""Between the passes: who is who, what collides, and what is to be done with each file. One process, one order.

The plan is sealed in the vault, shard by shard; after that nothing that another file says can move a decision, and a
rerun follows the same plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from curator.identifiers.persons import person_of
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.people import People
from curator.scrub.delivery.state import Shelf

#: Marks a SOP Instance UID that stands for different bytes in one delivery.
CONFLICT = ""


@dataclass(frozen=True)
class Scope:
    """What a freeze is given.

    Parameters
    ----------
    shelf
        The delivery's documents.
    keys
        Subkeys that name persons and UIDs.
    site
        Stands for the issuer of patient IDs that name none.
    project_date
        YYYYMMDD; ages are judged at this day as well.
    accepted
        Keyed content digest to the leaf of the signed record that clears its pixels.
    earlier
        New SOP Instance UID to (keyed content digest, source) of what earlier deliveries scrubbed.
    """

    shelf: Shelf
    keys: SourceKeys
    site: str
    project_date: str
    accepted: dict[str, str]
    earlier: dict[str, tuple[str, str]]


def _rows(shelf: Shelf) -> Iterator[tuple[int, dict[str, Any]]]:
    for number in shelf.numbers("harvest"):
        for row in shelf.need(f"harvest/{number:08d}"):
            yield number, row


def _study_of(row: dict[str, Any], coder: Callable[[str], str]) -> str:
    """Return the name under which a study's first time is kept: its new UID, or the file itself when it names none."""
    uid = row["dicom"]["study_uid"]
    return coder(uid) if uid else str(row["source"])


def reveals_over_89(dicom: dict[str, Any], project_date: str) -> bool:
    """Say whether a file tells an age over 89, at its latest date or at the project's day (164.514(b)(2)(i)(C)).

    Parameters
    ----------
    dicom
        A harvest's fields: ``over_89`` (an age says so), ``birth_dates`` and ``last_date`` as YYYYMMDD.
    project_date
        YYYYMMDD.
    """
    if dicom["over_89"]:
        return True
    latest = max(dicom["last_date"] or "", project_date)
    return any(_years(birth, latest) > 89 for birth in dicom["birth_dates"])


def _years(birth: str, day: str) -> int:
    return int(day[:4]) - int(birth[:4]) - (day[4:8] < birth[4:8])


def _survey(scope: Scope, people: People, uids: dict[str, tuple[str, str]]) -> None:
    """Fill in the persons and the UIDs of a delivery."""
    coder = scope.keys.coder()
    for _, row in _rows(scope.shelf):
        dicom = row["dicom"]
        if dicom is None or row["code"] is not None:
            continue
        key = person_key(row, scope, people)
        pairs = people.known.setdefault(key, set())
        pairs.update((category, value) for category, value in dicom["known"])
        if reveals_over_89(dicom, scope.project_date):
            people.over_89.add(key)
        if dicom["sop_instance_uid"]:
            uid = coder(dicom["sop_instance_uid"])
            content, source = uids.setdefault(uid, (row["content_key"], row["source"]))
            if content != row["content_key"]:
                uids[uid] = (CONFLICT, source)


def _first_times(scope: Scope, people: People) -> dict[str, int]:
    """Return each study's first time: the time of day of its earliest moment, in microseconds."""
    coder = scope.keys.coder()
    earliest: dict[str, tuple[str, int]] = {}
    for _, row in _rows(scope.shelf):
        if row["dicom"] is None or row["dicom"]["first"] is None:
            continue
        date, micros = row["dicom"]["first"]
        study = _study_of(row, coder)
        if study not in earliest or (date, micros) < earliest[study]:
            earliest[study] = (date, micros)
    return {study: micros for study, (_, micros) in earliest.items() if study not in people.first_times}


def person_key(row: dict[str, Any], scope: Scope, people: People) -> str:
    """Return the key of the person that a harvested file is about."""
    dicom = row["dicom"]
    person = person_of(
        issuer=dicom["issuer"],
        patient_id=dicom["patient_id"],
        placeholder=dicom["placeholder"],
        site=scope.site,
        study_uid=dicom["study_uid"],
        source=row["source"],
    )
    return people.enroll(person, scope.keys.person)


def decide(row: dict[str, Any], scope: Scope, people: People, uids: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return the plan's row for one file: ``do`` is ``scrub``, ``duplicate`` or ``quarantine``."""
    plan = {name: row[name] for name in ("relative", "size", "modified", "source", "kind", "content_key")}
    if row["code"] is not None:
        return {**plan, "do": "quarantine", "code": row["code"]}
    dicom = row["dicom"]
    if not dicom["sop_instance_uid"]:
        return {**plan, "do": "quarantine", "code": "SRC-012"}
    coder = scope.keys.coder()
    uid = coder(dicom["sop_instance_uid"])
    content, first = uids[uid]
    before = scope.earlier.get(uid)
    if content == CONFLICT or (before is not None and before[0] != row["content_key"]):
        return {**plan, "do": "quarantine", "code": "SRC-011"}
    if before is not None:
        return {**plan, "do": "duplicate", "of": before[1]}
    if first != row["source"]:
        return {**plan, "do": "duplicate", "of": first}
    key = person_key(row, scope, people)
    study = _study_of(row, coder)
    return {
        **plan,
        "do": "scrub",
        "person": key,
        "study": study,
        "uid": uid,
        "first_time": people.first_times.get(study),
        "record": scope.accepted.get(row["content_key"]),
        "old": [dicom["study_uid"], dicom["series_uid"], dicom["sop_instance_uid"]],
    }


def freeze(scope: Scope, before: People, people: People) -> int:
    """Decide every file of a harvested delivery and seal the plan.

    Parameters
    ----------
    scope
        What the freeze is given.
    before, people
        The persons known from other deliveries, twice: ``people`` is filled with what this delivery tells.

    Returns
    -------
    int
        How many files the delivery holds.
    """
    uids: dict[str, tuple[str, str]] = {}
    _survey(scope, people, uids)
    people.first_times.update(_first_times(scope, people))
    scope.shelf.put("people", people.told_since(before))
    items = 0
    shard, held = -1, list[dict[str, Any]]()
    for number, row in _rows(scope.shelf):
        if number != shard and held:
            scope.shelf.put(f"plan/{shard:08d}", held)
            held = []
        shard = number
        held.append(decide(row, scope, people, uids))
        items += 1
    if held:
        scope.shelf.put(f"plan/{shard:08d}", held)
    return items
