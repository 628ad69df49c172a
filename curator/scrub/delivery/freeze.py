"""Between the passes: who is who, what collides, and what is to be done with each file. One process, one order.

The plan is sealed in the vault, shard by shard; after that nothing that another file says can move a decision, and a
rerun follows the same plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curator.identifiers.known import strengths
from curator.scrub.delivery.acquired import Period
from curator.scrub.delivery.people import People
from curator.scrub.delivery.replacing import replaced_source
from curator.scrub.delivery.survey import CONFLICT, Scope, Survey, rows, study_of, surveyed

#: Dates and institutions are many people's; they are searched for the person alone.
_OF_EVERYBODY = frozenset(
    {"name", "id", "accession", "phone", "fax", "email", "address", "ssn", "health_plan", "account", "license"}
    | {"institution_address", "vehicle", "device", "url", "ip", "biometric", "photograph"}
)
#: Digits from which on a value of no known kind counts as a number of somebody.
_LEAST_DIGITS = 5


def decide(row: dict[str, Any], scope: Scope, people: People, survey: Survey) -> dict[str, Any]:
    """Return the plan's row for one file: ``do`` is ``scrub``, ``duplicate`` or ``quarantine``."""
    plan = {name: row[name] for name in ("relative", "size", "modified", "source", "kind", "content_key")}
    if row["code"] is not None:
        return {**plan, "do": "quarantine", "code": row["code"]}
    if row["dicom"] is None:
        return _decide_record(row, plan, scope, survey)
    dicom = row["dicom"]
    if not dicom["sop_instance_uid"]:
        return {**plan, "do": "quarantine", "code": "SRC-012"}
    coder = scope.keys.coder()
    uid = coder(dicom["sop_instance_uid"])
    content, first = survey.uids[uid]
    before = scope.earlier.get(uid)
    study = study_of(row, coder)
    plan = {
        **plan,
        "medium": None,
        "person": survey.own[row["source"]],
        "study": study,
        "uid": uid,
        "first_time": people.first_times.get(study),
        "record": scope.accepted.get(row["content_key"]),
        "old": [dicom["study_uid"], dicom["series_uid"], dicom["sop_instance_uid"]],
    }
    if content == CONFLICT or (before is not None and before[0] != row["content_key"]):
        replaces = None if content == CONFLICT else replaced_source(plan, scope.earlier, scope.replaced)
        held = {"do": "quarantine", "code": "SRC-011"}
        return {**plan, **({"do": "scrub", "replaces": replaces} if replaces else held)}
    if before is not None:
        return {**plan, "do": "duplicate", "of": before[1]}
    if first != row["source"]:
        return {**plan, "do": "duplicate", "of": first}
    return {**plan, "do": "scrub"}


def _decide_record(row: dict[str, Any], plan: dict[str, Any], scope: Scope, survey: Survey) -> dict[str, Any]:
    """Decide a file that is no DICOM object. The same bytes about the same person are a duplicate."""
    person, nodes = survey.own[row["source"]], survey.nodes[row["source"]]
    many = len(set(nodes.values())) > 1
    uid = scope.keys.record_uid(row["content_key"], "" if many else person)
    before = scope.earlier.get(uid)
    if before is not None:
        return {**plan, "do": "duplicate", "of": before[1]}
    _, first = survey.uids.setdefault(uid, (row["content_key"], row["source"]))
    if first != row["source"]:
        return {**plan, "do": "duplicate", "of": first}
    return {
        **plan,
        "do": "scrub",
        "medium": row["record"]["medium"],
        "suffix": row["record"]["suffix"],
        "person": person,
        "many": many,
        "nodes": nodes,
        "uid": uid,
        "record": None,
    }


def everybody(people: People) -> list[tuple[str, str]]:
    """Return the names and codes of everybody, for texts that name somebody else than whom they are about."""
    return sorted({pair for known in people.known.values() for pair in known if is_of_everybody(*pair)})


def is_of_everybody(category: str, value: str) -> bool:
    """Say whether a known value is searched in texts about others too."""
    if category in _OF_EVERYBODY:
        return True
    return category == "other" and sum(mark.isdecimal() for mark in value) >= _LEAST_DIGITS


def _whose(plan: dict[str, Any], people: People) -> set[str]:
    """Return the persons of a file that is to be scrubbed; a row of a table that names nobody is none."""
    if not plan.get("many"):
        return {plan["person"]}
    return {key for key in plan["nodes"].values() if people.ids[key][0] != "row"}


@dataclass(frozen=True)
class Frozen:
    """What a freeze tells of the plan that it sealed.

    Parameters
    ----------
    items
        How many files the delivery holds.
    replaces
        Whether a file takes the place of a clean one.
    acquired
        The vault's document of the period of acquisition.
    """

    items: int
    replaces: bool
    acquired: dict[str, Any]


def freeze(scope: Scope, before: People, people: People) -> Frozen:
    """Decide every file of a harvested delivery and seal the plan.

    Parameters
    ----------
    scope
        What the freeze is given.
    before, people
        The persons known from other deliveries, twice: ``people`` is filled with what this delivery tells.
    """
    survey = surveyed(scope, people)
    people.check_given(before.numbers.keys())
    scope.shelf.put("people", people.told_since(before))
    scope.shelf.put("alike", people.alike(before))
    scope.shelf.put("everybody", everybody(people))
    scope.shelf.put("strengths", strengths(pair for known in people.known.values() for pair in known))
    items, replaces, period = 0, False, Period()
    alone, listed = set[str](), set[str]()
    shard, held = -1, list[dict[str, Any]]()
    for number, row in rows(scope.shelf):
        if number != shard and held:
            scope.shelf.put(f"plan/{shard:08d}", held)
            held = []
        shard = number
        plan = decide(row, scope, people, survey)
        period.add(row, plan)
        replaces = replaces or bool(plan.get("replaces"))
        if plan["do"] == "scrub":
            (listed if plan.get("many") else alone).update(_whose(plan, people))
        held.append(plan)
        items += 1
    if held:
        scope.shelf.put(f"plan/{shard:08d}", held)
    # Who has no file of their own stands in no path of the clean files: the report counts them from here.
    scope.shelf.put("listed", len(listed - alone))
    return Frozen(items, replaces, period.document(scope.rules.site))
