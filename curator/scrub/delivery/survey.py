"""Who is who in a delivery, and what collides: all rows of the harvest read in one order, in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from curator.core.errors import UsageError
from curator.identifiers.persons import PersonId, normal_id, person_of
from curator.provenance.known import Replaced
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.link import IdRules, Links
from curator.scrub.delivery.people import People, pairs_of
from curator.scrub.delivery.state import Shelf
from curator.scrub.delivery.whose import Whose

_INSTANCE = "sop_instance_uid"
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
    rules
        How IDs of records become persons.
    project_date
        YYYYMMDD; ages are judged at this day as well.
    accepted
        Keyed content digest to the leaf of the signed record that clears its pixels.
    earlier
        New UID to (keyed content digest, source, SHA-256 of the clean file) of what earlier deliveries scrubbed.
    linkage
        Rows of the linkage table: ``ids`` and ``known``.
    loose
        Numbers that the user's tables give without an issuer: they hold whatever issuer a header names.
    replaced
        Keyed content digest of a corrected object to what a signed record says it replaces.
    """

    shelf: Shelf
    keys: SourceKeys
    rules: IdRules
    project_date: str
    accepted: dict[str, str]
    earlier: dict[str, tuple[str, str, str]]
    linkage: list[dict[str, Any]] = field(default_factory=list, repr=False)
    loose: frozenset[str] = field(default_factory=frozenset, repr=False)
    replaced: Mapping[str, Replaced] = field(default_factory=dict, repr=False)


@dataclass
class Survey:
    """What a delivery as a whole tells.

    Attributes
    ----------
    uids
        New SOP Instance UID to (keyed content digest, source) of the file that has it first.
    own
        Source to the person whom the file as a whole is about.
    nodes
        Source to the person of each keyed ID that the file names.
    """

    uids: dict[str, tuple[str, str]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)


def rows(shelf: Shelf) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the harvest's rows with the number of their shard, in order."""
    for number in shelf.numbers("harvest"):
        for row in shelf.need(f"harvest/{number:08d}"):
            yield number, row


def _is_usable(row: dict[str, Any]) -> bool:
    return row["code"] is None and (row["dicom"] is not None or row["record"] is not None)


def _usable(shelf: Shelf) -> Iterator[dict[str, Any]]:
    return (row for _, row in rows(shelf) if _is_usable(row))


def study_of(row: dict[str, Any], coder: Callable[[str], str]) -> str:
    """Return the name under which a study's first time is kept: its new UID, or the file itself when it names none."""
    uid = row["dicom"]["study_uid"]
    return coder(uid) if uid else str(row["source"])


class _Times:
    """The time of day of the moment with which each study's clock begins, in microseconds."""

    def __init__(self, coder: Callable[[str], str]) -> None:
        self._coder = coder
        self._earliest: dict[str, tuple[bool, str, int]] = {}

    def add(self, row: dict[str, Any]) -> None:
        """Take what a file tells."""
        dicom = row["dicom"]
        zero = dicom.get("zero", dicom["first"]) if dicom is not None else None  # rows of earlier versions have none
        if zero is None:
            return
        study = study_of(row, self._coder)
        moment = (not zero[0], *zero)  # a time with a day tells more than one without
        if study not in self._earliest or moment < self._earliest[study]:
            self._earliest[study] = moment

    def first(self) -> dict[str, int]:
        """Return each study's time."""
        return {study: micros for study, (_, _, micros) in self._earliest.items()}


def reveals_over_89(told: dict[str, Any], project_date: str) -> bool:
    """Say whether a file tells an age over 89, at its latest date or at the project's day (164.514(b)(2)(i)(C)).

    Parameters
    ----------
    told
        A harvest's fields: ``over_89`` (an age says so), ``birth_dates`` and ``last_date`` as YYYYMMDD.
    project_date
        YYYYMMDD.
    """
    if told["over_89"]:
        return True
    latest = max(told["last_date"] or "", project_date)
    return any(_years(birth, latest) > 89 for birth in told["birth_dates"])


def _years(birth: str, day: str) -> int:
    return int(day[:4]) - int(birth[:4]) - (day[4:8] < birth[4:8])


def _dicom_person(row: dict[str, Any], scope: Scope) -> PersonId:
    dicom = row["dicom"]
    return person_of(
        issuer=dicom["issuer"],
        patient_id=dicom["patient_id"],
        placeholder=dicom["placeholder"],
        site=scope.rules.site,
        study_uid=dicom["study_uid"],
        source=row["source"],
    )


def _id(scope: Scope, one: list[str], source: str) -> PersonId:
    kind, issuer, value = one
    return scope.rules.person(kind, issuer, value, source)


def _join_stated(scope: Scope, links: Links) -> None:
    """Join what the linkage states: the IDs of a row, a number with an issuer as DICOM headers and as records have it.

    Records have the site for an issuer that the project does not list. A number that several persons have of several
    issuers is none of theirs in that form: it would make them one.
    """
    secret = scope.keys.person
    claims: dict[PersonId, set[str]] = {}
    for row in scope.linkage:
        keys = []
        for one in row["ids"]:
            ruled, own = _id(scope, one, "linkage"), _own(one)
            if own is None:
                keys.append(links.add(ruled, secret))
                if row.get("given"):
                    claims.setdefault(ruled, set()).add(keys[-1])
                continue
            keys.append(links.add(own, secret))
            if ruled.issuer == scope.rules.site:
                claims.setdefault(ruled, set()).add(keys[-1])
            else:
                keys.append(links.add(ruled, secret))
        links.join(keys)
    for ruled, claimants in claims.items():
        if len({links.root(key) for key in claimants}) == 1:
            links.join([*claimants, links.add(ruled, secret)])


class _Plain:
    """Numbers that the linkage table gives without an issuer, and who has them.

    Such a number holds for one issuer, whichever it is, as in a given table: for the site if it has the number, else
    for the only issuer of the headers that has it. One that several have is nobody's of theirs.
    """

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope = scope
        self._owners: dict[str, set[str]] = {
            normal_id(value): set()
            for row in scope.linkage
            if not row.get("given")
            for kind, issuer, value in row["ids"]
            if kind == "mrn" and not normal_id(issuer)
        }
        for key, (kind, issuer, value) in people.ids.items() if self._owners else ():
            if key in people.numbers:
                self.met(PersonId(kind, issuer, value))

    def met(self, person: PersonId) -> None:
        """Take down who has a number."""
        if person.kind == "id" and person.value in self._owners:
            self._owners[person.value].add(person.issuer)

    def join(self, links: Links) -> None:
        """Join the numbers with those of the one issuer that has them."""
        site, secret = self._scope.rules.site, self._scope.keys.person
        for value, owners in self._owners.items():
            if len(owners) == 1 and site not in owners:
                ids = (PersonId("id", owner, value) for owner in (site, *owners))
                links.join([links.add(one, secret) for one in ids])


def _own(one: list[str]) -> PersonId | None:
    """Return a number with an issuer as DICOM headers have it; None for another ID."""
    kind, issuer, value = one
    named = normal_id(issuer)
    return PersonId("id", named, normal_id(value)) if kind == "mrn" and named else None


def _linked(scope: Scope, people: People) -> tuple[Links, dict[str, int]]:
    """Return every ID of the delivery and of the linkage table, joined where one says so, and studies' first times.

    Raises
    ------
    UsageError
        XWK-019 when a number that a table gives without an issuer is of several issuers, XWK-017 when a table gives a
        UID of the delivery as a new one.
    """
    links, times, secret = Links(), _Times(scope.keys.coder()), scope.keys.person
    issuers: dict[str, set[str]] = {}
    for kind, issuer, value in people.ids.values() if scope.loose else ():
        if kind == "id" and value in scope.loose and issuer != scope.rules.site:
            issuers.setdefault(value, set()).add(issuer)
    news = frozenset(scope.keys.uids.values())
    _join_stated(scope, links)
    plain = _Plain(scope, people)
    for _, row in rows(scope.shelf):
        times.add(row)
        if not _is_usable(row):
            continue
        if row["dicom"] is not None:
            if news and not news.isdisjoint(row["dicom"][name] for name in ("study_uid", "series_uid", _INSTANCE)):
                raise UsageError("XWK-017", kind="uids")
            person = _dicom_person(row, scope)
            key = links.add(person, secret)
            plain.met(person)
            if person.kind == "id" and person.value in scope.loose:
                if person.issuer != scope.rules.site:
                    issuers.setdefault(person.value, set()).add(person.issuer)
                links.join([key, links.add(PersonId("id", scope.rules.site, person.value), secret)])
            continue
        for named in row["record"]["people"]:
            ids = [_id(scope, one, row["source"]) for one in named["ids"]]
            for one in ids:
                plain.met(one)
            links.join([links.add(one, secret) for one in ids])
    plain.join(links)
    several = sum(1 for named in issuers.values() if len(named) > 1)
    if several:
        raise UsageError("XWK-019", count=several)
    return links, times.first()


def surveyed(scope: Scope, people: People) -> Survey:
    """Fill in the persons, the UIDs, the studies' first times and what is known of whom."""
    links, times = _linked(scope, people)
    people.first_times.update((study, time) for study, time in times.items() if study not in people.first_times)
    groups = links.groups()
    survey = Survey()
    for row in scope.linkage:
        first = _own(row["ids"][0]) or _id(scope, row["ids"][0], "linkage")
        _know(people, groups[first.key(scope.keys.person)], row["known"])
    for row in _usable(scope.shelf):
        if row["dicom"] is not None:
            _survey_dicom(row, scope, people, survey, groups, links)
        else:
            _survey_record(row, scope, people, survey, groups, links)
    _spread(people, groups)
    if survey.nodes.keys() - survey.own.keys():
        _survey_unnamed(scope, people, survey, groups)
        _spread(people, groups)
    return survey


def _know(people: People, group: list[str], known: list[list[str]]) -> None:
    """Keep what is known of a person under the first of their keys, until all persons are settled."""
    people.known.setdefault(group[0], set()).update(pairs_of(known))


def _spread(people: People, groups: dict[str, list[str]]) -> None:
    """Give what is known under any key of a group to every person of the group, and keep it under persons only."""
    for group in {group[0]: group for group in groups.values()}.values():
        if len(group) == 1 and group[0] in people.numbers:
            continue
        persons = {people.aliases.get(key, key) for key in group} & people.numbers.keys()
        known = set[tuple[str, str]]().union(*(people.known.get(key, set()) for key in (*group, *persons)))
        over = any(key in people.over_89 for key in (*group, *persons))
        for key in group:
            if key not in persons:
                people.known.pop(key, None)
                people.over_89.discard(key)
        for person in persons:
            people.known.setdefault(person, set()).update(known)
            if over:
                people.over_89.add(person)


def _survey_dicom(
    row: dict[str, Any],
    scope: Scope,
    people: People,
    survey: Survey,
    groups: dict[str, list[str]],
    links: Links,
) -> None:
    dicom = row["dicom"]
    key = _dicom_person(row, scope).key(scope.keys.person)
    person = people.settle(key, groups[key], links.ids)
    survey.own[row["source"]] = person
    people.known.setdefault(person, set()).update(pairs_of(dicom["known"]))
    if reveals_over_89(dicom, scope.project_date):
        people.over_89.add(person)
    if dicom["sop_instance_uid"]:
        uid = scope.keys.coder()(dicom["sop_instance_uid"])
        content, source = survey.uids.setdefault(uid, (row["content_key"], row["source"]))
        if content != row["content_key"]:
            survey.uids[uid] = (CONFLICT, source)


def _survey_record(
    row: dict[str, Any],
    scope: Scope,
    people: People,
    survey: Survey,
    groups: dict[str, list[str]],
    links: Links,
) -> None:
    nodes: dict[str, str] = {}
    for told in row["record"]["people"]:
        keys = [_id(scope, one, row["source"]).key(scope.keys.person) for one in told["ids"]]
        if not keys:
            continue
        person = people.settle(keys[0], groups[keys[0]], links.ids)
        nodes.update((key, people.aliases.get(key, key)) for key in keys)
        _tell(people, person, told, scope)
    survey.nodes[row["source"]] = nodes
    if len(set(nodes.values())) == 1:
        survey.own[row["source"]] = next(iter(nodes.values()))


def _tell(people: People, person: str, told: dict[str, Any], scope: Scope) -> None:
    people.known.setdefault(person, set()).update(pairs_of(told["known"]))
    if reveals_over_89(told, scope.project_date):
        people.over_89.add(person)


def _survey_unnamed(scope: Scope, people: People, survey: Survey, groups: dict[str, list[str]]) -> None:
    """Find out whose the files are that do not say so plainly; a file that nothing tells of is a person of its own."""
    # Everybody's names are put in order for it: only when a file names nobody, and before such files tell of more.
    naming = any(not nodes for source, nodes in survey.nodes.items() if source not in survey.own)
    whose = Whose.of(people, scope.rules, groups) if naming else None
    for row in _usable(scope.shelf):
        if row["dicom"] is not None or row["source"] in survey.own:
            continue
        person = None
        if whose is not None and not survey.nodes[row["source"]]:
            person = whose.person(row["record"]["mentions"], row["relative"])
        if person is None:
            person = people.enroll(PersonId("source", "", row["source"]), scope.keys.person)
        survey.own[row["source"]] = person
        for told in row["record"]["people"]:
            if not told["ids"]:
                _tell(people, person, told, scope)
