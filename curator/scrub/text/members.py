"""What a member of a JSON record is: the policy's word first, then the table of columns, then what tools write.

The table of columns is the one of :mod:`curator.scrub.tabular`, so that a record's member and a table's column of one
name are treated alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from curator.detect.text.words.seen import view
from curator.scrub.answers import answer
from curator.scrub.medium import Person
from curator.scrub.policy.load import folded_column
from curator.scrub.questions import asks, is_answer
from curator.scrub.tabular.asking import is_redcap_record
from curator.scrub.tabular.cells import RowCleaner
from curator.scrub.tabular.likely import is_of_medicine, is_thing
from curator.scrub.tabular.plan import Plan, Planned, is_beside_things, is_of_person
from curator.scrub.tabular.roles import Role, Spec, spec_of, written
from curator.scrub.tabular.values import is_name, plain_text
from curator.scrub.text.moves import placed
from curator.scrub.text.view import applied, changes
from curator.scrub.text.woven import Tally

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

#: Names within an object of a person that are the person's number.
_OWN_NUMBER = frozenset(("id", "identifier", "number", "no"))
LABEL = Spec(Role.KEEP, place="label")
_RECORD = Planned(0, "record", Spec(Role.PSEUDONYM, place="record", domain="study", weak=True), "name")


@dataclass(frozen=True)
class _Table:
    containers: frozenset[str]
    woven: frozenset[str]
    persons: frozenset[str]
    things: frozenset[str]
    texts: tuple[str, ...]
    spans: tuple[str, ...]
    roles: dict[str, dict[str, str]]


@cache
def _table() -> _Table:
    loaded: dict[str, Any] = tomllib.loads(
        resources.files("curator.scrub.text").joinpath("data", "members.toml").read_text(encoding="utf-8")
    )
    roles = {
        kind: {name: role for role, names in listed.items() for name in names.split()}
        for kind, listed in loaded.items()
        if isinstance(listed, dict)
    }
    return _Table(
        frozenset(loaded["containers"].split()),
        frozenset(loaded["woven"].split()),
        frozenset(loaded["persons"].split()),
        frozenset(loaded["things"].split()),
        tuple(loaded["texts"].split()),
        tuple(loaded["spans"].split()),
        roles,
    )


def role_in(kind: str, name: str) -> str:
    """Return the role of a member within a tool's own object, empty when it is none of theirs."""
    return _table().roles[kind].get(name if name.startswith("_") else name.lower(), "")


def is_container(name: str) -> bool:
    """Say whether an object or array under a name is looked into."""
    return folded_column(name) in _table().containers


def is_woven(name: str) -> bool:
    """Say whether the texts of a list's elements are read as one."""
    return folded_column(name) in _table().woven


def is_person(name: str) -> bool:
    """Say whether an object under a name is a person."""
    return folded_column(name) in _table().persons


def text_members() -> tuple[str, ...]:
    """Return the names under which the text of a labeled record stands."""
    return _table().texts


def span_members() -> tuple[str, ...]:
    """Return the names under which lists of labeled ranges stand."""
    return _table().spans


def planned(name: str, parent: str, treatment: Treatment, beside: Mapping[str, Any] | None = None) -> Planned | None:
    """Say what becomes of a member, None when nobody knows it.

    Parameters
    ----------
    name
        The member's name.
    parent
        The name of the object that holds it, empty for none.
    treatment
        Its policy's word comes first.
    beside
        The object that holds it, for a name that may be a person's or a thing's.
    """
    plan = _planned(name, is_person(parent), treatment.policy.columns)
    if plan is not None and plan.spec.loose and plan.role is Role.NAME and plan.why == "name":
        return _told(plan, name, parent, {} if beside is None else beside)
    if plan is None and beside is not None and is_redcap_record(name, tuple(beside)):
        return _RECORD
    return plan


def _told(plan: Planned, name: str, parent: str, beside: Mapping[str, Any]) -> Planned:
    """Decide whether a name is a person's, by the object that holds it, by what stands beside it and by its words."""
    if is_person(parent):
        return replace(plan, spec=replace(plan.spec, loose=False))
    thing = replace(plan, spec=Spec(Role.KEEP, place=plan.spec.place))
    if folded_column(parent) in _table().things:
        return thing
    others = [one for key in beside if key != name and (one := _planned(key, False, ())) is not None]
    if any(map(is_of_person, others)):
        return replace(plan, spec=replace(plan.spec, loose=False))
    value = beside.get(name)
    if not isinstance(value, str) or not is_thing(value):
        return plan
    return thing if is_of_medicine(value) or is_beside_things(one.spec.place for one in others) else plan


@lru_cache(maxsize=8192)
def _planned(name: str, of_person: bool, columns: tuple[tuple[str, str], ...]) -> Planned | None:
    role = dict(columns).get(folded_column(name)) if name else None
    spec = spec_of(name)
    if role is not None:
        base = spec if spec is not None else Spec(Role.DROP)
        base = replace(base, role=Role(role), domain=base.domain or folded_column(name), weak=False)
        return Planned(0, written(name, base), base, "policy")
    if of_person and folded_column(name) in _OWN_NUMBER:
        return Planned(0, name, Spec(Role.PSEUDONYM, place=folded_column(name)), "name")
    if spec is None:
        return None
    return Planned(0, written(name, spec), spec, "name")


class _Only:
    """One person who is asked for."""

    def __init__(self, person: Person) -> None:
        self.own = person

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:  # noqa: ARG002 - there is one
        return self.own


class Values:
    """Cleans single values by role, as the cells of a table are cleaned.

    Attributes
    ----------
    asked
        The question whose answer stands beside it, or empty.
    """

    def __init__(self, person: Person, treatment: Treatment, tally: Tally) -> None:
        self.person = person
        self.treatment = treatment
        self.tally = tally
        self.asked = ""
        self._cleaners: dict[Spec, RowCleaner] = {}
        self._only = _Only(person)

    def of(self, person: Person) -> None:
        """Clean what follows as another person's."""
        self.person = self._only.own = person

    def cell(self, value: str, spec: Spec) -> str:
        """Return what becomes of a value under a role."""
        if self.asked and spec.role in {Role.KEEP, Role.TEXT} and is_answer(spec.place):
            told = self._headed(value)
            if told is not None:
                if told != value:
                    self.tally.add(spec.place, "replaced" if told else "emptied")
                return told
        if spec.role is Role.TEXT or (spec.role is Role.KEEP and not spec.closed and view(value) is not None):
            return self.text(value, spec.place)
        cleaner = self._cleaners.get(spec)
        if cleaner is None:
            cleaner = RowCleaner(Plan((Planned(0, spec.place, spec, "name"),)), self._only, self.treatment)
            self._cleaners[spec] = cleaner
        made = cleaner.row([value], 1)
        for (place, action), count in cleaner.actions.items():
            self.tally.add(place, action, count)
        cleaner.actions.clear()
        return (made[0] if made else "") or ""

    def _headed(self, value: str) -> str | None:
        """Clean an answer as a member that its question names; None where that is no such member."""
        asked = asks(self.asked)
        cleaner = self._cleaners.get(LABEL)
        if cleaner is None:
            cleaner = RowCleaner(Plan((Planned(0, LABEL.place, LABEL, "name"),)), self._only, self.treatment)
            self._cleaners[LABEL] = cleaner
        return cleaner.headed(value, asked, self.person) if asked.settles or asked.number else None

    def text(self, value: str, place: str) -> str:
        """Return a free text without identifiers; empty when it holds what cannot be searched."""
        plain = plain_text(value)
        if plain is None:
            self.tally.add(place, "emptied")
            return ""
        if is_name(plain):
            self.tally.add(place, "replaced")
            return self.treatment.name(plain, self.person)
        if (
            self.asked
            and is_answer(place)
            and (told := answer(plain, self.asked, self.treatment, self.person)) != plain
        ):
            self.tally.add(place, "replaced")
            return told
        found = changes(plain, self.person, self.treatment)
        self.tally.changes(place, found)
        done = applied(plain, found)
        # Places are known of a text that was searched as it stands.
        return placed(value, done) if plain == value else done.text

    def label(self, value: str) -> str:
        """Return a word of the labels' scheme, cleaned if it holds more than one."""
        return self.cell(value, LABEL)

    def code(self, domain: str, value: str) -> str:
        """Return what stands for somebody who labeled, or for the name of a part."""
        self.tally.add(domain, "replaced")
        return self.treatment.code(domain, value)
