"""Whom a JSON record is about: one person, or several objects in it with a person each.

The same for both passes. Numbers that stand in one object are one person's; objects that share a number are about the
same person. A record without a number is about whom its text names by exactly one record number, else about nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from curator.detect.text.words.seen import view
from curator.identifiers.categories import LIKELY_NAME
from curator.scrub.answers import question
from curator.scrub.questions import asks, is_answer
from curator.scrub.tabular.cells import ids_of
from curator.scrub.tabular.gather import told_as
from curator.scrub.tabular.likely import name_words
from curator.scrub.tabular.plan import Plan, Planned, is_gone
from curator.scrub.tabular.roles import Role, Spec
from curator.scrub.text.gather import Gathered, labels, record_number, squeezed
from curator.scrub.text.members import planned, text_members

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

_LIKELY = Planned(0, "", Spec(Role.DROP, place="member", known=LIKELY_NAME), "unknown name")
Ids = tuple[tuple[str, str, str], ...]


@dataclass
class Leaf:
    """A single value: its plan, its text, the object that holds it, and whether it is free text."""

    plan: Planned | None
    text: str
    holder: int
    free: bool


@dataclass
class Scopes:
    """Who is who in one record.

    Parameters
    ----------
    root
        The IDs of whom the record as a whole is about; a ``row`` when it does not say.
    own
        By ``id()`` of an object: the IDs of whom that object is about, where they differ.
    above
        By ``id()`` of each object: the object whose person it belongs to, itself or one above it; 0 for the root.
    leaves
        All single values.
    """

    root: Ids
    own: dict[int, Ids]
    above: dict[int, int]
    leaves: list[Leaf]


def scopes(record: Any, number: int, treatment: Treatment) -> Scopes:
    """Find out whom a record is about.

    Parameters
    ----------
    record
        The record, as it was read; it must stay alive as long as the result.
    number
        Of the record in its file, from 1.
    treatment
        The policy.
    """
    leaves = list(_leaves(record, "", "", {}, treatment))
    strong = any(_is_id(one) and one.plan is not None and not one.plan.spec.weak for one in leaves)
    if strong:
        for one in leaves:
            if one.plan is not None and one.plan.role is Role.PSEUDONYM and one.plan.spec.weak:
                one.plan = replace(one.plan, spec=replace(one.plan.spec, role=Role.CODE))
    holders: dict[int, list[Leaf]] = {}
    for one in leaves:
        if _is_id(one) or (one.plan is not None and one.plan.spec.part == "issuer"):
            holders.setdefault(one.holder, []).append(one)
    ids = {holder: _ids(listed, number) for holder, listed in holders.items()}
    ids = {holder: found for holder, found in ids.items() if found[0][0] != "row"}
    found = Scopes((("row", "", str(number)),), {}, {}, leaves)
    if ids:
        sets = [set(given) for given in ids.values()]
        joined = set(sets[0])
        for _ in sets:
            for given in sets:
                if joined & given:
                    joined |= given
        if all(joined & given for given in sets):
            found.root = tuple(dict.fromkeys(one for listed in ids.values() for one in listed))
        else:
            found.own = ids
    else:
        told = _told([one.text for one in leaves if one.free])
        if told is not None:
            found.root = (("mrn", "", told),)
    _above(record, 0, found)
    return found


def _is_id(one: Leaf) -> bool:
    return one.plan is not None and one.plan.role is Role.PSEUDONYM


def _ids(listed: list[Leaf], number: int) -> Ids:
    columns = [replace(one.plan, at=at) for at, one in enumerate(listed) if one.plan is not None]
    return ids_of(Plan(tuple(columns)), [one.text for one in listed], number)


def _told(texts: list[str]) -> str | None:
    """Return the one record number that texts name behind a label, None when there are none or several."""
    found: dict[str, str] = {}
    for text in texts:
        seen = view(text)
        plain = text if seen is None else seen.plain
        for label in labels(plain):
            if label.kind == "id" and (value := record_number(plain[label.start : label.end])):
                found.setdefault(squeezed(value), value)
    return next(iter(found.values())) if len(found) == 1 else None


def _leaves(value: Any, name: str, parent: str, beside: dict[str, Any], treatment: Treatment) -> Iterator[Leaf]:
    holder = id(beside) if beside else 0
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key, name, value, treatment)
    elif isinstance(value, list):
        if len(value) >= 2 and isinstance(value[0], str) and isinstance(value[1], dict):
            yield Leaf(None, str(value[0]), holder, free=True)
        for inner in value:
            # An object in a list is held by the list's name; a single value by the object above.
            yield from _leaves(inner, name, parent, beside, treatment)
    elif isinstance(value, str) and value.strip():
        plan = planned(name, parent, treatment, beside)
        if plan is not None and plan.role in {Role.KEEP, Role.TEXT} and is_answer(plan.spec.place):
            told = told_as(value, asks(question(beside)))
            plan = plan if told is None else replace(plan, spec=told)
        free = (plan is not None and plan.role is Role.TEXT) or (name in text_members() and len(value) > 3)
        if not free and (plan is None or is_gone(plan)):
            # What nobody knows goes, and what looks like a name in it is searched for in the rest.
            plan = _LIKELY if name_words(value) else plan
        if plan is not None or free:
            yield Leaf(plan, str(value), holder, free=free)


def _above(value: Any, scope: int, found: Scopes) -> None:
    if isinstance(value, dict):
        scope = id(value) if id(value) in found.own else scope
        found.above[id(value)] = scope
        for inner in value.values():
            _above(inner, scope, found)
    elif isinstance(value, list):
        for inner in value:
            _above(inner, scope, found)


def told_by(found: Scopes, treatment: Treatment) -> Iterator[tuple[Plan, list[str | None], set[str]]]:
    """Yield for each person of a record a row as a table has it: what the members say and what the texts tell.

    Yields
    ------
    tuple
        The columns, the row, and the categories found in texts.
    """
    by_scope: dict[int, list[Leaf]] = {0: []}
    for one in found.leaves:
        by_scope.setdefault(found.above.get(one.holder, 0), []).append(one)
    for scope, listed in by_scope.items():
        columns: list[Planned] = []
        row: list[str | None] = []

        def add(spec: Spec, value: str, columns: list[Planned] = columns, row: list[str | None] = row) -> None:
            columns.append(Planned(len(row), "", spec, "name"))
            row.append(value)

        gathered = Gathered()
        ids = found.own.get(scope, found.root) if scope else found.root
        for kind, issuer, value in ids:
            if kind != "row":
                add(Spec(Role.PSEUDONYM, place="text", kind=kind, known="id"), value)
                if issuer:
                    add(Spec(Role.DROP, part="issuer"), issuer)
        for one in listed:
            if one.plan is not None and one.plan.role is not Role.PSEUDONYM and one.plan.spec.part != "issuer":
                add(one.plan.spec, one.text)
            if one.free:
                gathered.read(one.text, treatment)
        for kind, value in gathered.known:
            if kind != "birth_date":
                add(Spec(Role.DROP, place="text", known=kind), value)
        for day in sorted(gathered.birth_dates):
            add(Spec(Role.DROP, place="text", known="birth_date"), day)
        if gathered.last_date:
            add(Spec(Role.DATE, place="text"), gathered.last_date)
        if gathered.over_89:
            add(Spec(Role.AGE, place="text"), "90")
        if row:
            yield Plan(tuple(columns)), row, gathered.categories
