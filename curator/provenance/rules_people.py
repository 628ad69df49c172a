"""The rules of records about people, patients, policies, splits and logs. Each raises before it changes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.expiry import check_expiry, day_of, past
from curator.provenance.facts import Answer, Split, Training
from curator.provenance.keys import key_id
from curator.provenance.kinds_answers import MAX_ANSWER, digest_of_answer
from curator.provenance.kinds_data import patient_subject
from curator.provenance.kinds_people import EVENTS, check_rotation
from curator.provenance.records import MAX_REASON, plain_text
from curator.provenance.typed import day, digest_of

if TYPE_CHECKING:
    from curator.provenance.state import Record, State

__all__ = ["PEOPLE_RULES"]


def _signs(state: State, record: Record, action: str) -> None:
    roles.acting_role(state.enrolled(record.predicate["signer"]).roles, action)
    for name in ("reason", "purpose", "restart"):
        text = record.predicate.get(name)
        if text is not None and (not plain_text(text, MAX_REASON) or "\n" in text):
            raise UsageError("LED-024")


def _trained(state: State, record: Record) -> None:
    said = record.predicate
    person = state.enrolled(said["person"])
    if person.id == said["signer"]:
        raise UsageError("KEY-030")
    _signs(state, record, "train")
    if record.subject[0]["name"] != f"people/{person.id}":
        raise UsageError("KEY-009")
    day(said["until"])
    if past(said["until"], said["signedAt"]):
        raise UsageError("KEY-036")
    course = said["course"].partition("@")[0]
    others = [one for one in state.facts.trained.get(person.id, ()) if one.course.partition("@")[0] != course]
    made = Training(said["course"], said["until"], record.index, record.leaf.hex())
    state.facts.trained[person.id] = (*others, made)


def _qualified(state: State, record: Record) -> None:
    said = record.predicate
    person = state.person(said["person"])
    if person.id == said["signer"]:
        raise UsageError("KEY-030")
    _signs(state, record, "qualify")
    if record.subject[0]["name"] != f"people/{person.id}" or said["correct"] > said["cases"]:
        raise UsageError("CON-048")
    test = said["test"].partition("@")[0]
    state.facts.qualified[person.id, test] = (said["verdict"], record.leaf.hex())


def _rotated(state: State, record: Record) -> None:
    said = record.predicate
    _signs(state, record, "rotate")
    person, request = state.enrolled(said["signer"]), said["request"]
    public = check_rotation(request, said["proof"])
    named = [(one["name"], one["digest"]["sha256"]) for one in record.subject]
    if (
        {said["person"], request["id"]} != {person.id}
        or request["previousKeyId"] != key_id(person.public)
        or named != [(f"people/{person.id}", key_id(public))]
    ):
        raise UsageError("KEY-037")
    if key_id(public) in state.keys or public in state.operator_keys():
        raise UsageError("KEY-008")
    expires = request.get("expires")
    if expires is not None:
        check_expiry(expires, said["signedAt"])
    given = state.facts.lifetime.get(key_id(person.public))
    # Nobody lengthens by own hand the life that a second person agreed to.
    if given is not None and (expires is None or (day_of(expires) - day_of(said["signedAt"])).days > given):
        raise UsageError("KEY-038", days=given)
    state.keys[key_id(person.public)] = replace(person, rotated=record.index)
    made = replace(person, public=public, since=record.index, expires=expires)
    state.people[person.id] = made
    state.keys[key_id(public)] = made


def _policy(state: State, record: Record) -> None:
    _signs(state, record, "policy-changed")
    subject, replaced = record.subject[0], record.predicate["replaces"]
    new = (subject["name"].removeprefix("policies/"), subject["digest"]["sha256"])
    old = (replaced["name"], replaced["sha256"])
    if new[1] == old[1] or (state.facts.policy is not None and state.facts.policy != old):
        raise UsageError("LED-079")
    state.facts.policy, state.facts.policy_place = new, record.index


def _events(state: State, record: Record) -> None:
    said, head = record.predicate, record.subject[0]["digest"]["sha256"]
    if said["signer"] != records.OPERATOR:
        _signs(state, record, "events-restarted" if "restart" in said else "events-sealed")
    elif "restart" in said:
        raise UsageError("LED-080")
    if record.subject[0]["name"] != f"events/{said['log']}":
        raise UsageError("LED-080")
    last, before = state.facts.sealed.get((said["log"], said["chain"]), (0, None))
    if "restart" in said:
        last, before = 0, None
    tried = [one["count"] for one in said["people"]]
    fits = (
        said["first"] == last + 1
        and said.get("previousHead") == before
        and said["count"] == said["last"] - said["first"] + 1
        and set(said["kinds"]) <= set(EVENTS)
        and sum(said["kinds"].values()) == said["count"] == sum(tried) + said["others"]
        and (said["first"] > 1 or said["last"] > 1 or head == said["chain"])
    )
    if not fits:
        raise UsageError("LED-080")
    for one in said["people"]:
        state.person(one["person"])
    state.facts.sealed[said["log"], said["chain"]] = (said["last"], head)


def _access(state: State, record: Record) -> None:
    _signs(state, record, "sample-accessed")
    names = [one["name"] for one in record.subject if "name" in one]
    if names and len(record.subject) != 1:
        raise UsageError("LED-081")
    if names:
        known = state.facts.splits.get(names[0].removeprefix("splits/"))
        if known is None or known.sha256 != record.subject[0]["digest"]["sha256"]:
            raise UsageError("LED-081")
    state.facts.accesses = (state.facts.accesses[0] + 1, record.leaf.hex())


def _split(state: State, record: Record) -> None:
    _signs(state, record, "split-sealed")
    subject = record.subject[0]
    name = subject["name"].removeprefix("splits/")
    if name in state.facts.splits:
        raise UsageError("LED-082")
    state.facts.splits[name] = Split(subject["digest"]["sha256"], record.predicate["count"], record.index)


def _pseudonyms(record: Record) -> list[str]:
    names = [one["name"].removeprefix("patients/") for one in record.subject]
    if record.subject != [patient_subject(name) for name in names] or names != sorted(set(names)):
        raise UsageError("LED-075")
    return names


def _patients(state: State, record: Record) -> None:
    _signs(state, record, "patients-linked")
    if record.predicate["kept"] not in _pseudonyms(record):
        raise UsageError("LED-075")


def _consent(state: State, record: Record) -> None:
    _signs(state, record, "consent-withdrawn")
    day(record.predicate["effectiveOn"])
    (name,) = _pseudonyms(record)
    if name in state.facts.withdrawn:
        raise UsageError("LED-083")
    state.facts.withdrawn[name] = record.index


def _recall(state: State, record: Record) -> None:
    _signs(state, record, "recall")
    said, subject = record.predicate, record.subject[0]
    listed = said.get("samples")
    whole = listed is None or (len(set(listed)), digest_of(listed)) == (said["count"], subject["digest"]["sha256"])
    if subject["name"] != f"releases/{said['version']}" or not whole:
        raise UsageError("LED-084")
    state.facts.recalls = (*state.facts.recalls, (said["version"], record.index))
    state.facts.recalled.update(dict.fromkeys(listed or (), record.index))
    state.facts.unlisted += listed is None


def _answer(state: State, record: Record) -> None:
    _signs(state, record, "requirement-answered")
    text, subject = record.predicate["text"], record.subject[0]
    if not plain_text(text, MAX_ANSWER) or subject["digest"]["sha256"] != digest_of_answer(text):
        raise UsageError("SUB-010", most=MAX_ANSWER)
    name = subject["name"].removeprefix("requirements/")
    state.facts.answers[name] = Answer(text, record.predicate["signer"], record.index, record.leaf.hex())


PEOPLE_RULES: dict[str, Callable[[State, Record], None]] = {
    records.TRAINING: _trained,
    records.QUALIFIED: _qualified,
    records.ROTATION: _rotated,
    records.POLICY: _policy,
    records.EVENTS: _events,
    records.ACCESS: _access,
    records.SPLIT: _split,
    records.PATIENTS: _patients,
    records.CONSENT: _consent,
    records.RECALL: _recall,
    records.ANSWERED: _answer,
}
